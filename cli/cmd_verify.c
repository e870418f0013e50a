#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "cli/text.h"
#include "evidence/verify.h"
#include "evidence/vouch.h"

#include <stdio.h>

struct printing {
    struct mud_out out;
    struct mud_progress progress;
    bool all;
};

static const char *verdict_name(enum mud_verdict verdict)
{
    static const char *const names[] = {
        [MUD_GOOD] = "good", [MUD_NOTE] = "note", [MUD_BAD] = "bad"};

    return names[verdict];
}

static const char *verdict_text(enum mud_verdict verdict)
{
    return verdict == MUD_GOOD   ? mud_t("good", "通过")
           : verdict == MUD_NOTE ? mud_t("note", "提示")
                                 : mud_t("BAD", "不符");
}

static enum mud_ink verdict_ink(enum mud_verdict verdict)
{
    return verdict == MUD_GOOD   ? MUD_INK_GREEN
           : verdict == MUD_NOTE ? MUD_INK_YELLOW
                                 : MUD_INK_RED;
}

static void print_finding(const struct mud_finding *finding, void *payload)
{
    struct printing *printing = payload;
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    bool colour = printing->out.colour;

    if (finding->verdict == MUD_GOOD && !printing->all)
        return;
    mud_json_object(&json);
    mud_json_kz(&json, "type", "finding");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(&json, "verdict", verdict_name(finding->verdict));
    mud_json_kz(&json, "what", finding->what);
    mud_json_kz(&json, "where", finding->where);
    mud_json_kz(&json, "text", finding->text);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   "%s%s%s  ",
                   mud_ink(colour, verdict_ink(finding->verdict)),
                   verdict_text(finding->verdict),
                   mud_ink(colour, MUD_INK_OFF));
    mud_text_plain(&text, mud_str_z(finding->where), 600);
    mud_buf_z(&text, ": ");
    mud_text_plain(&text, mud_str_z(finding->what), 100);
    mud_buf_z(&text, " (");
    mud_text_plain(&text, mud_str_z(finding->text), 600);
    mud_buf_z(&text, ")\n");
    mud_progress_end(&printing->progress);
    mud_out_record(
        &printing->out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static void show_progress(int64_t done, int64_t total, void *payload)
{
    struct printing *printing = payload;

    mud_progress_step(&printing->progress, done, total, "");
}

static bool verify_ledger(struct mud_verify *verify,
                          const struct mud_session *session,
                          struct mud_error *err)
{
    return mud_verify_ledger(verify, session->home, session->pg, err) &&
           mud_verify_anchors(verify, session->home, session->pg, err) &&
           mud_verify_vouchers(verify, session->home, session->pg, err);
}

static bool verify_vault(struct mud_verify *verify,
                         const struct mud_session *session,
                         struct mud_error *err)
{
    struct mud_vault *vault;

    if (!mud_vault_open(&vault, session->home, err))
        return false;
    bool good = mud_verify_vault(verify, vault, session->pg, err) &&
                verify_ledger(verify, session, err);
    mud_vault_close(vault);
    return good;
}

enum subject {
    ALL,
    LEDGER,
    PATH
};

static int verify_subject(const struct mud_args *args, enum subject subject,
                          struct mud_error *err)
{
    struct mud_session session = {0};
    struct printing printing = {.all = mud_args_has(args, "all")};
    struct mud_verify verify = {.finding = print_finding,
                                .progress = show_progress,
                                .payload = &printing};

    if (!mud_out_begin(&printing.out, args, err) ||
        (subject != PATH && !mud_session_open(&session, args, err)))
        return mud_exit_of(err);
    printing.progress = mud_progress_begin(mud_t("verify", "校验"),
                                           mud_args_has(args, "quiet"));
    bool good = subject == PATH
                    ? mud_verify_path(&verify, mud_args_operand(args, 0), err)
                : subject == LEDGER ? verify_ledger(&verify, &session, err)
                                    : verify_vault(&verify, &session, err);
    mud_progress_end(&printing.progress);
    mud_session_close(&session);
    if (good)
        mud_out_text(&printing.out,
                     mud_t("%lld items checked: %lld bad, %lld notes\n",
                           "已检查 %lld 项：%lld 处不符，%lld 处提示\n"),
                     (long long)verify.items,
                     (long long)verify.bad,
                     (long long)verify.notes);
    good = mud_out_end(&printing.out, err) && good;
    return !good        ? mud_exit_of(err)
           : verify.bad ? MUD_EXIT_FAILED
                        : MUD_EXIT_DONE;
}

int mud_cmd_verify(const struct mud_args *args, struct mud_error *err)
{
    return verify_subject(args, mud_args_count(args) ? PATH : ALL, err);
}

int mud_cmd_ledger_verify(const struct mud_args *args, struct mud_error *err)
{
    return verify_subject(args, LEDGER, err);
}

static bool put_line(const struct mud_rows *one, void *payload,
                     struct mud_error *err)
{
    struct mud_str line = mud_rows_get(one, 0, 1);

    (void)payload;
    if (fwrite(line.s, 1, line.n, stdout) == line.n && putchar('\n') != EOF)
        return true;
    return mud_fail(err, MUD_EIO, "standard output could not be written");
}

int mud_cmd_ledger_export(const struct mud_args *args, struct mud_error *err)
{
    struct mud_session session = {0};
    bool good =
        mud_session_open(&session, args, err) &&
        mud_pg_each(
            session.pg, mud_sql("ledger_all"), NULL, 0, put_line, NULL, err);

    if (good && fflush(stdout) != 0)
        good = mud_fail(err, MUD_EIO, "standard output could not be written");
    mud_session_close(&session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}
