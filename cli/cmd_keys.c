/* The keys of the vault: made, shown, rotated, taken elsewhere. */
#include "base/conf.h"
#include "base/json.h"
#include "base/lang.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "evidence/keys.h"
#include "evidence/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PHRASE_MOST 4096

struct keyed {
    struct mud_session session;
    struct mud_out out;
    struct mud_keys *keys;
    bool good;
};

static bool begin(struct keyed *k, const struct mud_args *args,
                  struct mud_error *err)
{
    char root[4200];

    if (!mud_out_begin(&k->out, args, err) ||
        !mud_session_open(&k->session, args, err))
        return false;
    snprintf(root, sizeof root, "%s/vault", k->session.home);
    return mud_keys_open(&k->keys, k->session.home, root, err) &&
           mud_keys_look(k->keys, err);
}

static int end(struct keyed *k, bool good, struct mud_error *err)
{
    good = good && mud_out_end(&k->out, err);
    mud_keys_free(k->keys);
    mud_session_close(&k->session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* "machine key ID at PATH", and what was done. */
static void put_machine(struct keyed *k, const char *done_en,
                        const char *done_zh, int64_t opens)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char id[MUD_ID_TEXT];
    bool have = mud_keys_have(k->keys);

    mud_json_object(&json);
    mud_json_kz(&json, "type", "machine_key");
    mud_json_kint(&json, "schema", 1);
    if (have)
        mud_json_kid(&json, "id", mud_keys_machine(k->keys));
    else
        mud_json_knull(&json, "id");
    mud_json_kz(&json, "path", mud_keys_path(k->keys));
    if (opens >= 0)
        mud_json_kint(&json, "opens", opens);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("machine key %s\n  at   %s\n",
                         "机器密钥 %s\n  位置  %s\n"),
                   have ? mud_id_text(id, mud_keys_machine(k->keys))
                        : mud_t("(none)", "（无）"),
                   mud_keys_path(k->keys));
    if (done_en)
        mud_buf_printf(&text, "  %s\n", mud_t(done_en, done_zh));
    mud_out_record(&k->out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static bool note(struct keyed *k, const char *op, struct mud_error *err)
{
    char id[MUD_ID_TEXT];
    struct mud_ledger_entry entry = {
        .op = op,
        .object = mud_str_z(mud_id_text(id, mud_keys_machine(k->keys))),
        .actor = mud_str_z(k->session.who)};

    return mud_ledger_note(k->session.pg, k->session.home, &entry, err);
}

/* A vault that is sealed and lost its key must not get another one: that would
 * hide the loss. */
static bool may_make(struct keyed *k, struct mud_error *err)
{
    struct mud_rows *rows;
    int64_t known;

    if (mud_keys_have(k->keys))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "there is a machine key at %s already: mudlark keys "
                        "rotate makes a new one of it",
                        mud_keys_path(k->keys));
    if (!mud_pg_query(
            &rows, k->session.pg, mud_sql("seal_begun"), NULL, 0, err))
        return false;
    known = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return !known || mud_fail(err,
                              MUD_EDENIED,
                              "the vault is sealed with a machine key that is "
                              "not at %s: get that one back (mudlark keys "
                              "import), a new one opens nothing",
                              mud_keys_path(k->keys));
}

int mud_cmd_keys_new(const struct mud_args *args, struct mud_error *err)
{
    struct keyed k = {.good = false};
    bool good = begin(&k, args, err) && may_make(&k, err) &&
                mud_keys_make(k.keys, err) && note(&k, "key", err);

    if (good)
        put_machine(&k,
                    "what is sealed from now on needs it: keep a copy "
                    "(mudlark keys export)",
                    "此后的封存均需此密钥：请另存副本（mudlark keys export）",
                    -1);
    return end(&k, good, err);
}

static void put_row(struct keyed *k, const struct mud_rows *rows, size_t r)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char id[MUD_ID_TEXT], at[MUD_LOCAL_TEXT];
    bool gone = !mud_rows_null(rows, r, 5);

    mud_json_object(&json);
    mud_json_kz(&json, "type", "data_key");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "id", mud_rows_id(rows, r, 0));
    mud_json_kstr(&json, "month", mud_rows_get(rows, r, 1));
    mud_json_kstr(&json, "class", mud_rows_get(rows, r, 2));
    mud_json_kid(&json, "machine", mud_rows_id(rows, r, 3));
    mud_json_ktime(&json, "made", mud_rows_time(rows, r, 4));
    if (gone) {
        mud_json_ktime(&json, "purged", mud_rows_time(rows, r, 5));
        mud_json_kstr(&json, "purged_by", mud_rows_get(rows, r, 6));
        mud_json_kstr(&json, "purged_why", mud_rows_get(rows, r, 7));
    }
    mud_json_kint(&json, "captures", mud_rows_int(rows, r, 8));
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "  %s  %.*s  %-3.*s  %6lld",
                   mud_id_text(id, mud_rows_id(rows, r, 0)),
                   MUD_FMT(mud_rows_get(rows, r, 1)),
                   MUD_FMT(mud_rows_get(rows, r, 2)),
                   (long long)mud_rows_int(rows, r, 8));
    if (gone)
        mud_buf_printf(&text,
                       mud_t("  purged %.10s", "  已于 %.10s 清除"),
                       mud_local_text(at, mud_rows_time(rows, r, 5)));
    mud_buf_c(&text, '\n');
    mud_out_record(&k->out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_keys_list(const struct mud_args *args, struct mud_error *err)
{
    struct keyed k = {.good = false};
    struct mud_rows *rows = NULL;
    bool good =
        begin(&k, args, err) &&
        mud_pg_query(
            &rows, k.session.pg, mud_sql("seal_key_list"), NULL, 0, err);

    if (good) {
        put_machine(&k,
                    "data keys: id, month, class, captures",
                    "数据密钥：编号、月份、保存期、存证数",
                    -1);
        for (size_t r = 0; r < mud_rows_count(rows); r++)
            put_row(&k, rows, r);
    }
    mud_rows_free(rows);
    return end(&k, good, err);
}

int mud_cmd_keys_rotate(const struct mud_args *args, struct mud_error *err)
{
    struct keyed k = {.good = false};
    int64_t opens = 0;
    bool good = begin(&k, args, err) &&
                mud_keys_rotate(&opens, k.keys, k.session.pg, err) &&
                note(&k, "rotate", err);

    if (good)
        put_machine(&k,
                    "the old one is destroyed; copies and exports of it open "
                    "nothing any more",
                    "旧密钥已销毁，其副本与导出件不再能打开任何内容",
                    opens);
    return end(&k, good, err);
}

/* From --passphrase-file, or MUDLARK_PASSPHRASE; never from the arguments,
 * which everybody on the machine sees. */
static bool passphrase(struct mud_str *out, struct keyed *k,
                       const struct mud_args *args, struct mud_error *err)
{
    const char *file = mud_args_get(args, "passphrase-file");
    const char *given = getenv("MUDLARK_PASSPHRASE");
    size_t n;

    if (!file && !(given && *given))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "the passphrase comes from --passphrase-file FILE or "
                        "from MUDLARK_PASSPHRASE");
    *out = mud_str_z(given ? given : "");
    if (file && !mud_file_read(out, file, PHRASE_MOST, k->session.arena, err))
        return false;
    n = mud_str_chr(*out, '\n');
    *out = mud_str_sub(*out, 0, n);
    return true;
}

static bool write_out(const char *path, struct mud_str text,
                      struct mud_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && mud_write_all(fd, text) && fsync(fd) == 0;

    if (!good)
        mud_fail_errno(err, MUD_EIO, "write %s", path);
    if (fd >= 0)
        close(fd);
    return good;
}

int mud_cmd_keys_export(const struct mud_args *args, struct mud_error *err)
{
    struct keyed k = {.good = false};
    struct mud_buf text = {0};
    struct mud_str phrase = {0};
    bool good =
        begin(&k, args, err) && passphrase(&phrase, &k, args, err) &&
        mud_keys_export(&text, k.keys, phrase, err) &&
        write_out(mud_args_operand(args, 0), mud_buf_view(&text), err) &&
        note(&k, "key-export", err);

    if (good)
        put_machine(
            &k, "exported, closed with the passphrase", "已用口令加密导出", -1);
    mud_buf_free(&text);
    return end(&k, good, err);
}

int mud_cmd_keys_import(const struct mud_args *args, struct mud_error *err)
{
    struct keyed k = {.good = false};
    const char *file = mud_args_operand(args, 0);
    struct mud_str phrase = {0}, text = {0};
    bool good = begin(&k, args, err) && passphrase(&phrase, &k, args, err) &&
                mud_file_read(&text, file, PHRASE_MOST, k.session.arena, err) &&
                (mud_keys_import(k.keys, text, phrase, err) ||
                 mud_fail_in(err, "%s", file));

    if (good)
        put_machine(&k, "is in its place again", "已恢复到位", -1);
    return end(&k, good, err);
}
