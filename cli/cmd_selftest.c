#include "base/conf.h"
#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "evidence/facts.h"
#include "evidence/verify.h"
#include "nlp/reading.h"
#include "parse/parse.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOM_WANTED (INT64_C(1) << 30) /* bytes free under MUDLARK_HOME */

struct testing {
    struct mud_session *session;
    struct mud_out out;
    bool bad;
};

enum verdict {
    GOOD,
    NOTE,
    BAD
};

/* One check: what was found, and, unless it is good, what to do. */
static void say(struct testing *testing, const char *check,
                enum verdict verdict, const char *found, const char *todo)
{
    static const char *const name[] = {"good", "note", "bad"};
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    const char *shown = verdict == GOOD   ? mud_t("good", "正常")
                        : verdict == NOTE ? mud_t("note", "注意")
                                          : mud_t("BAD", "异常");

    mud_json_object(&json);
    mud_json_kz(&json, "type", "check");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "check", check);
    mud_json_kz(&json, "verdict", name[verdict]);
    mud_json_kz(&json, "found", found);
    mud_json_kz(&json, "todo", verdict == GOOD ? NULL : todo);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "%-9s %s%s%s  %s\n",
                   check,
                   mud_ink(testing->out.colour,
                           verdict == GOOD   ? MUD_INK_GREEN
                           : verdict == NOTE ? MUD_INK_YELLOW
                                             : MUD_INK_RED),
                   shown,
                   mud_ink(testing->out.colour, MUD_INK_OFF),
                   found);
    if (verdict != GOOD)
        mud_buf_printf(&text, "%-9s -> %s\n", "", todo);
    mud_out_record(
        &testing->out, mud_buf_view(&json_text), mud_buf_view(&text));
    testing->bad |= verdict == BAD;
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static void test_clock(struct testing *testing)
{
    struct mud_clock clock = mud_clock_read();
    double seconds = (double)clock.max_error / (double)MUD_SECOND;
    char found[160];

    if (!clock.known)
        snprintf(found,
                 sizeof found,
                 "%s",
                 mud_t("the kernel does not tell", "内核未提供信息"));
    else if (clock.synced)
        snprintf(found,
                 sizeof found,
                 mud_t("kept by a time service, at most %.6f s off",
                       "由时间服务校准，误差不超过 %.6f 秒"),
                 seconds);
    else
        snprintf(found,
                 sizeof found,
                 "%s",
                 mud_t("no time service keeps it, how far it is off is not "
                       "known",
                       "没有时间服务校准，误差未知"));
    say(testing,
        "clock",
        clock.known && clock.synced ? GOOD : NOTE,
        found,
        mud_t(
            "start a time service (chrony, systemd-timesyncd): captures "
            "record how far the clock could be trusted",
            "请启动时间同步服务（chrony、systemd-timesyncd）：存证会记录时钟可信度"));
}

/* The programs of Postgres: with a server of somebody else's, backups alone
 * need them. */
static void test_tools(struct testing *testing)
{
    const char *dsn = getenv("MUDLARK_DSN");
    struct mud_error err = {0};
    char dir[MUD_PATH], found[MUD_PATH + 80];
    int major = 0;
    bool good = mud_program_find(dir, &major, 0, &err);

    if (good)
        snprintf(found,
                 sizeof found,
                 mud_t("programs of PostgreSQL %d in %s",
                       "PostgreSQL %d 程序位于 %s"),
                 major,
                 dir);
    say(testing,
        "tools",
        good          ? GOOD
        : dsn && *dsn ? NOTE
                      : BAD,
        good ? found : err.text,
        mud_t("apt install postgresql, or set MUDLARK_PG_BINDIR",
              "请执行 apt install postgresql，或设置 MUDLARK_PG_BINDIR"));
}

static void test_disk(struct testing *testing)
{
    struct statvfs fs;
    char found[160];
    struct mud_error err = {0};

    if (!mud_mkdirs(testing->session->home, &err)) {
        say(testing,
            "disk",
            BAD,
            err.text,
            mud_t("set MUDLARK_HOME to a folder that can be written",
                  "请将 MUDLARK_HOME 设为可写目录"));
        return;
    }
    if (statvfs(testing->session->home, &fs) != 0) {
        say(testing,
            "disk",
            BAD,
            testing->session->home,
            mud_t("the folder cannot be examined", "无法检查该目录"));
        return;
    }
    int64_t room = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    snprintf(found,
             sizeof found,
             mud_t("%lld MiB free at %.80s", "可用 %lld MiB，位于 %.80s"),
             (long long)(room >> 20),
             testing->session->home);
    say(testing,
        "disk",
        room >= ROOM_WANTED ? GOOD : NOTE,
        found,
        mud_t("less than 1 GiB is free: make room, or move MUDLARK_HOME",
              "剩余空间不足 1 GiB：请清理或迁移 MUDLARK_HOME"));
}

static bool test_postgres(struct testing *testing)
{
    struct mud_error err = {0};
    struct mud_rows *rows = NULL;
    char found[200];
    bool current = false;

    if (!mud_db_open(&testing->session->pg, testing->session->home, &err) ||
        !mud_migrate_check(testing->session->pg, &current, &err) ||
        !mud_pg_query(&rows,
                      testing->session->pg,
                      "SHOW server_version",
                      NULL,
                      0,
                      &err)) {
        say(testing,
            "postgres",
            BAD,
            err.text,
            mud_t(
                "mudlark db status tells more; the private server's log is "
                "MUDLARK_HOME/pg.log",
                "详见 mudlark db status；私有服务器日志在 MUDLARK_HOME/pg.log"));
        return false;
    }
    snprintf(found,
             sizeof found,
             "PostgreSQL %.*s",
             MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    say(testing,
        "postgres",
        current ? GOOD : BAD,
        found,
        mud_t("the schema is not up to date: mudlark db migrate",
              "表结构不是最新：请运行 mudlark db migrate"));
    return true;
}

static void test_vault(struct testing *testing)
{
    struct mud_error err = {0};
    struct mud_vault *vault = NULL;
    struct mud_verify verify = {0};
    char found[200];

    bool good =
        mud_vault_open(&vault, testing->session->home, &err) &&
        mud_verify_ledger(
            &verify, testing->session->home, testing->session->pg, &err);
    mud_vault_close(vault);
    if (!good) {
        say(testing,
            "vault",
            BAD,
            err.text,
            mud_t("see whether MUDLARK_HOME/vault and ledger can be written",
                  "请检查 MUDLARK_HOME 下 vault 与 ledger 是否可写"));
        return;
    }
    snprintf(found,
             sizeof found,
             mud_t("%lld ledger lines, %lld bad", "账本 %lld 行，%lld 处不符"),
             (long long)verify.items,
             (long long)verify.bad);
    say(testing,
        "vault",
        verify.bad ? BAD : GOOD,
        found,
        mud_t("mudlark ledger verify names each line",
              "运行 mudlark ledger "
              "verify 查看每一行"));
}

/* A page through a real worker process, a message through the real reader. */
static void test_reading(struct testing *testing)
{
    struct mud_error err = {0};
    struct mud_reader *reader = NULL;
    struct mud_message message = {.id = MUD_STR("selftest"),
                                  .text = MUD_STR("出售肉鸡 QQ：9812345670")};
    struct mud_reading reading = {0};
    struct mud_page_in page = {.bytes = MUD_STR("<html><p>x</p></html>"),
                               .url = MUD_STR("http://selftest.invalid/")};
    struct mud_parsed parsed = {0};
    struct mud_parser *parser = mud_parser_new();

    bool good =
        mud_parser_page(
            parser, &parsed, &page, testing->session->arena, &err) &&
        mud_reader_new(&reader, NULL, &err) &&
        mud_read(
            &reading, reader, &message, NULL, testing->session->arena, &err);
    if (good && !reading.is_offer)
        good = mud_fail(&err, MUD_EBUG, "the reader does not know an offer");
    say(testing,
        "reading",
        good ? GOOD : BAD,
        good ? mud_reader_version(reader) : err.text,
        mud_t("build again; if that does not help, report this",
              "请重新编译；如仍失败请报告"));
    mud_parser_free(parser);
    mud_reader_free(reader);
}

int mud_cmd_selftest(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct testing testing = {.session = &session};

    if (!mud_out_begin(&testing.out, args, err) ||
        !mud_session_home(&session, args, err))
        return mud_exit_of(err);
    test_clock(&testing);
    test_disk(&testing);
    test_tools(&testing);
    if (test_postgres(&testing))
        test_vault(&testing);
    test_reading(&testing);
    bool good = mud_out_end(&testing.out, err);
    mud_session_close(&session);
    return good && !testing.bad ? MUD_EXIT_DONE : MUD_EXIT_FAILED;
}
