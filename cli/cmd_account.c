/* `mudlark account add|list|resume|remove`: with whom a forum is read. */
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/source_accounts.h"
#include "cli/table.h"

#include <stdio.h>

/* The source that the first operand names. */
static bool load(struct mud_source *source, struct mud_session *session,
                 const struct mud_args *args, struct mud_error *err)
{
    return mud_session_open(session, args, err) &&
           mud_source_load(source,
                           session->pg,
                           mud_str_z(mud_args_operand(args, 0)),
                           session->arena,
                           err);
}

static int done(struct mud_session *session, const struct mud_args *args,
                const char *said, bool good, struct mud_error *err)
{
    if (good && !mud_args_has(args, "quiet"))
        fprintf(stderr,
                "%s %s: %s\n",
                mud_args_operand(args, 0),
                mud_args_operand(args, 1),
                said);
    mud_session_close(session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_account_add(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    struct mud_account account = {
        .name = mud_str_z(mud_args_operand(args, 1)),
        .proxy = mud_str_z(mud_args_get(args, "proxy")),
        .hours = mud_str_z(mud_args_get(args, "hours")),
    };
    bool good = load(&source, &session, args, err) &&
                mud_account_add(
                    session.pg, &source, &account, mud_str_z(session.who), err);

    return done(&session,
                args,
                mud_t("added; its user and password go into the file "
                      "secrets/ACCOUNT of MUDLARK_HOME (mode 600)",
                      "已添加；用户名与密码请写入 MUDLARK_HOME 下的 "
                      "secrets/账号 文件（权限 600）"),
                good,
                err);
}

int mud_cmd_account_resume(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    bool good = load(&source, &session, args, err) &&
                mud_account_resume(session.pg,
                                   &source,
                                   mud_str_z(mud_args_operand(args, 1)),
                                   mud_str_z(session.who),
                                   err);

    return done(&session, args, mud_t("active", "已恢复"), good, err);
}

int mud_cmd_account_remove(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source source;
    bool good = load(&source, &session, args, err) &&
                mud_account_remove(session.pg,
                                   &source,
                                   mud_str_z(mud_args_operand(args, 1)),
                                   mud_str_z(session.who),
                                   err);

    return done(&session, args, mud_t("removed", "已删除"), good, err);
}

static void heading(struct mud_table *table)
{
    const char *const words[] = {mud_t("source", "来源"),
                                 mud_t("account", "账号"),
                                 mud_t("state", "状态"),
                                 mud_t("let in", "登录"),
                                 mud_t("used", "使用"),
                                 mud_t("hours", "时段"),
                                 mud_t("proxy", "代理"),
                                 ""};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        mud_table_cell(table, mud_str_z(words[i]), MUD_INK_DIM);
    mud_table_line(table);
}

static void put(struct mud_out *out, struct mud_table *table,
                const struct mud_source *source, const struct mud_account *a)
{
    struct mud_buf text = {0};
    struct mud_json json = {.buf = &text};
    char in[MUD_LOCAL_TEXT], used[MUD_LOCAL_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "type", "account");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "source", source->name);
    mud_account_members(&json, a);
    mud_json_object_end(&json);
    mud_out_record(out, mud_buf_view(&text), MUD_STR(""));
    mud_buf_free(&text);
    mud_local_text(in, a->logged_in);
    mud_local_text(used, a->used);
    mud_table_cell(table, source->name, MUD_INK_BOLD);
    mud_table_cell(table, a->name, MUD_INK_OFF);
    mud_table_cell(table,
                   mud_str_z(a->locked ? mud_t("locked", "已锁定")
                                       : mud_t("active", "正常")),
                   a->locked ? MUD_INK_RED : MUD_INK_OFF);
    mud_table_cell(table, mud_str_sub(mud_str_z(in), 0, 16), MUD_INK_OFF);
    mud_table_cell(table, mud_str_sub(mud_str_z(used), 0, 16), MUD_INK_OFF);
    mud_table_cell(table, a->hours.n ? a->hours : MUD_STR("-"), MUD_INK_OFF);
    mud_table_cell(table, a->proxy.n ? a->proxy : MUD_STR("-"), MUD_INK_OFF);
    mud_table_cell(table, a->note, MUD_INK_OFF);
}

/* The source that is named, or all. */
static bool sources_of(struct mud_source **out, size_t *n,
                       struct mud_session *session, const struct mud_args *args,
                       struct mud_error *err)
{
    const char *name = mud_args_operand(args, 0);

    if (!name)
        return mud_source_list(out, n, session->pg, session->arena, err);
    *n = 1;
    *out = mud_arena_array(session->arena, 1, sizeof **out);
    return mud_source_load(
        *out, session->pg, mud_str_z(name), session->arena, err);
}

int mud_cmd_account_list(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_source *sources;
    struct mud_table table = {0};
    struct mud_buf text = {0};
    struct mud_out out;
    size_t n = 0;
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_open(&session, args, err) &&
                sources_of(&sources, &n, &session, args, err);

    heading(&table);
    for (size_t i = 0; good && i < n; i++) {
        struct mud_source_accounts accounts = {0};
        good = mud_source_accounts_load(
            &accounts, session.pg, &sources[i], session.arena, err);
        for (size_t k = 0; good && k < accounts.n; k++)
            put(&out, &table, &sources[i], &accounts.all[k]);
    }
    if (good && out.records) {
        mud_table_put(&text, &table, 0, out.colour);
        mud_out_text(&out, "%.*s", MUD_FMT(mud_buf_view(&text)));
    } else if (good) {
        mud_out_text(&out,
                     "%s",
                     mud_t("no accounts: forums are read as a stranger\n",
                           "尚无账号：论坛以游客身份读取\n"));
    }
    good = good && mud_out_end(&out, err);
    mud_table_free(&table);
    mud_buf_free(&text);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
