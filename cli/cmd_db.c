#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "store/backup.h"
#include "store/check.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/server.h"

#include <stdio.h>
#include <stdlib.h>

/* The private server's commands make no sense for an outside one. */
static bool private_only(struct mud_error *err)
{
    const char *dsn = getenv("MUDLARK_DSN");

    if (dsn && *dsn)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "MUDLARK_DSN names an outside Postgres, which is not "
                        "ours to start or stop");
    return true;
}

static void put_server(struct mud_out *out, const struct mud_server *server)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    const char *state = server->running ? mud_t("running", "运行中")
                        : server->busy
                            ? mud_t("starting or stopping", "启动或停止中")
                        : server->made ? mud_t("stopped", "已停止")
                                       : mud_t("not made yet", "尚未创建");

    mud_json_object(&json);
    mud_json_kz(&json, "type", "server");
    mud_json_kint(&json, "schema", 1);
    mud_json_kbool(&json, "made", server->made);
    mud_json_kbool(&json, "running", server->running);
    mud_json_kbool(&json, "busy", server->busy);
    mud_json_kint(&json, "pid", server->pid);
    mud_json_kz(&json, "version", server->version);
    mud_json_kz(&json, "socket", server->place.socket);
    mud_json_kz(&json, "data", server->place.data);
    mud_json_kint(&json, "bytes", server->size);
    mud_json_object_end(&json);
    mud_buf_printf(&text, "postgres %s: %s", server->version, state);
    if (server->pid)
        mud_buf_printf(
            &text, mud_t(", process %ld", "，进程 %ld"), (long)server->pid);
    mud_buf_printf(&text,
                   mud_t("\n  data    %s (%lld MiB)\n  socket  %s\n",
                         "\n  数据    %s（%lld MiB）\n  套接字  %s\n"),
                   server->place.data,
                   (long long)(server->size >> 20),
                   server->place.socket);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_db_start(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_server server;
    struct mud_out out;

    bool good = mud_out_begin(&out, args, err) && private_only(err) &&
                mud_session_home(&session, args, err) &&
                mud_server_start(NULL, session.home, err) &&
                mud_db_open(&session.pg, session.home, err) &&
                mud_server_status(&server, session.home, err);
    if (good) {
        put_server(&out, &server);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_db_stop(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    bool was = false;

    bool good = private_only(err) && mud_session_home(&session, args, err) &&
                mud_server_stop(session.home, &was, err);
    if (good && !mud_args_has(args, "quiet"))
        fputs(was ? mud_t("stopped\n", "已停止\n")
                  : mud_t("was not running\n", "本未运行\n"),
              stderr);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

/* An outside server answers or does not. */
static int outside_status(const struct mud_args *args, struct mud_error *err)
{
    struct mud_pg *pg;

    if (!mud_pg_open(&pg, getenv("MUDLARK_DSN"), err))
        return MUD_EXIT_FAILED;
    mud_pg_close(pg);
    if (!mud_args_has(args, "quiet"))
        fputs(mud_t("the Postgres of MUDLARK_DSN answers\n",
                    "MUDLARK_DSN 所指的 Postgres 可连接\n"),
              stderr);
    return MUD_EXIT_DONE;
}

int mud_cmd_db_status(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct mud_server server = {0};
    struct mud_out out;
    const char *dsn = getenv("MUDLARK_DSN");

    if (dsn && *dsn)
        return outside_status(args, err);
    bool good = mud_out_begin(&out, args, err) &&
                mud_session_home(&session, args, err) &&
                mud_server_status(&server, session.home, err);
    if (good) {
        put_server(&out, &server);
        good = mud_out_end(&out, err);
    }
    mud_session_close(&session);
    return !good            ? mud_exit_of(err)
           : server.running ? MUD_EXIT_DONE
                            : MUD_EXIT_FAILED;
}

static int print_roles(struct mud_error *err)
{
    struct mud_str sql = mud_roles_text();

    if (fwrite(sql.s, 1, sql.n, stdout) == sql.n && fflush(stdout) == 0)
        return MUD_EXIT_DONE;
    mud_fail(err, MUD_EIO, "standard output could not be written");
    return MUD_EXIT_FAILED;
}

int mud_cmd_db_migrate(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    bool current = false, roles = false;

    if (mud_args_has(args, "roles"))
        return print_roles(err);
    bool good = mud_session_open(&session, args, err) &&
                mud_migrate_check(session.pg, &current, err) &&
                mud_roles_applied(&roles, session.pg, err);
    if (good && !mud_args_has(args, "quiet"))
        fputs(current
                  ? mud_t("the schema is up to date\n", "表结构为最新\n")
                  : mud_t("the schema is not up to date\n", "表结构不是最新\n"),
              stderr);
    if (good && !roles && !mud_args_has(args, "quiet"))
        fputs(
            mud_t("the roles of Postgres are not set up, so that the program "
                  "alone holds who may do what: mudlark db migrate --roles "
                  "prints what the server's administrator has to run\n",
                  "Postgres 角色尚未设置，权限仅由程序执行：mudlark db migrate "
                  "--roles 输出服务器管理员需执行的语句\n"),
            stderr);
    mud_session_close(&session);
    return !good ? mud_exit_of(err) : current ? MUD_EXIT_DONE : MUD_EXIT_FAILED;
}

struct checking {
    struct mud_out out;
};

static void put_finding(const struct mud_check_finding *finding, void *payload)
{
    static const char *const names[] = {[MUD_CHECK_GOOD] = "good",
                                        [MUD_CHECK_BAD] = "bad",
                                        [MUD_CHECK_SKIPPED] = "skipped"};
    struct checking *checking = payload;
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "finding");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "verdict", names[finding->kind]);
    mud_json_kstr(&json, "what", finding->what);
    mud_json_kstr(&json, "text", finding->text);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "%-8s %.*s: %.*s\n",
                   names[finding->kind],
                   MUD_FMT(finding->what),
                   MUD_FMT(finding->text));
    mud_out_record(
        &checking->out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

int mud_cmd_db_check(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    struct checking checking = {0};
    size_t bad = 0;

    bool good = mud_out_begin(&checking.out, args, err) &&
                mud_session_open(&session, args, err) &&
                mud_db_check(&bad, session.pg, put_finding, &checking, err) &&
                mud_out_end(&checking.out, err);
    mud_session_close(&session);
    return !good ? mud_exit_of(err) : bad ? MUD_EXIT_FAILED : MUD_EXIT_DONE;
}

/* What a backup or restore handled, in one record. */
static bool put_backup(struct mud_out *out, const struct mud_backup *backup,
                       const char *type, const char *said, const char *file,
                       struct mud_error *err)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    char hex[MUD_HEX256];

    mud_json_object(&json);
    mud_json_kz(&json, "type", type);
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "file", file);
    mud_json_kint(&json, "bytes", backup->size);
    mud_json_khex(&json, "sha256", backup->sha256, MUD_SHA256);
    mud_json_kint(&json, "tables", backup->tables);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("%s: %s (%lld bytes, %lld tables)\n  sha256 %s\n",
                         "%s：%s（%lld 字节，%lld 张表）\n  sha256 %s\n"),
                   said,
                   file,
                   (long long)backup->size,
                   (long long)backup->tables,
                   mud_hex(hex, backup->sha256, MUD_SHA256));
    if (strcmp(type, "backup") == 0)
        mud_buf_z(&text,
                  mud_t("  not in it: the vault and the machine key (mudlark "
                        "keys export)\n",
                        "  不含：证据库与机器密钥（mudlark keys export）\n"));
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
    return mud_out_end(out, err);
}

int mud_cmd_db_backup(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    const char *file = mud_args_operand(args, 0);
    struct mud_backup backup;
    struct mud_out out;

    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_guard(&session, args, err) &&
        mud_db_backup(&backup, session.home, file, err) &&
        put_backup(
            &out, &backup, "backup", mud_t("written", "已备份"), file, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_db_restore(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    const char *file = mud_args_operand(args, 0);
    struct mud_backup backup;
    struct mud_out out;

    bool good =
        mud_out_begin(&out, args, err) &&
        mud_session_guard(&session, args, err) &&
        mud_db_restore(
            &backup, session.home, file, mud_args_has(args, "force"), err) &&
        mud_session_record_again(&session, args, err) &&
        put_backup(
            &out, &backup, "restore", mud_t("restored", "已恢复"), file, err);
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
