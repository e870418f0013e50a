#include "base/json.h"
#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/text.h"
#include "graph/alert.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct alerting {
    struct mud_session session;
    struct mud_out out;
    const char *spool; /* folder, or NULL */
};

static bool put(struct mud_str json, void *payload, struct mud_error *err)
{
    struct alerting *alerting = payload;

    mud_text_put(&alerting->out, json);
    return !alerting->out.failed ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static bool begin(struct alerting *alerting, const struct mud_args *args,
                  struct mud_error *err)
{
    return mud_out_begin(&alerting->out, args, err) &&
           mud_session_open(&alerting->session, args, err);
}

static int end(struct alerting *alerting, bool good, struct mud_error *err)
{
    good = good && mud_out_end(&alerting->out, err);
    mud_session_close(&alerting->session);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

int mud_cmd_alert_add(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    struct mud_reader *reader = NULL;
    struct mud_buf words = {0};
    bool good = begin(&alerting, args, err) &&
                mud_reader_new(&reader, mud_lexicon_file(), err);

    for (size_t i = 1; i < mud_args_count(args); i++)
        mud_buf_printf(
            &words, "%s%s", i > 1 ? " " : "", mud_args_operand(args, i));
    good = good &&
           mud_alert_add(alerting.session.pg,
                         reader,
                         mud_str_z(mud_args_operand(args, 0)),
                         mud_buf_view(&words),
                         mud_session_zone_name(),
                         mud_str_z(alerting.session.who),
                         err) &&
           mud_alert_list(alerting.session.pg,
                          mud_str_z(mud_args_operand(args, 0)),
                          put,
                          &alerting,
                          err);
    mud_reader_free(reader);
    mud_buf_free(&words);
    return end(&alerting, good, err);
}

int mud_cmd_alert_list(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    bool good =
        begin(&alerting, args, err) &&
        mud_alert_list(alerting.session.pg, MUD_STR(""), put, &alerting, err);

    if (good && !alerting.out.records)
        mud_out_text(&alerting.out, "%s", mud_t("nothing\n", "无\n"));
    return end(&alerting, good, err);
}

int mud_cmd_alert_show(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    const char *state = mud_args_get(args, "state");
    struct mud_alert_asked asked = {.name =
                                        mud_str_z(mud_args_operand(args, 0)),
                                    .state = mud_str_z(state)};
    int64_t limit = 0;
    bool good =
        mud_args_number(&limit, args, "limit", 1, INT64_C(1) << 40, 100, err) &&
        mud_args_number(&asked.after, args, "after", 0, INT64_MAX, 0, err) &&
        begin(&alerting, args, err);

    asked.limit = (size_t)limit;
    good =
        good &&
        mud_alert_list(alerting.session.pg, asked.name, put, &alerting, err) &&
        mud_alert_hits(alerting.session.pg, &asked, put, &alerting, err);
    return end(&alerting, good, err);
}

/* HIT.json, whole or not at all; the same again is the same file. */
static bool spool(const struct alerting *alerting, struct mud_str json,
                  struct mud_error *err)
{
    json_t *hit = mud_json_read(json, err);
    char path[4300], name[4200];
    FILE *file = NULL;
    bool good = false;

    if (!hit)
        return false;
    snprintf(name,
             sizeof(name),
             "%s/%lld.json",
             alerting->spool,
             (long long)mud_json_get_int(hit, "hit", 0));
    json_decref(hit);
    snprintf(path, sizeof(path), "%s.part", name);
    file = fopen(path, "we");
    if (!file)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    good = fwrite(json.s, 1, json.n, file) == json.n &&
           fputc('\n', file) >= 0 && fflush(file) == 0 &&
           fsync(fileno(file)) == 0;
    good = fclose(file) == 0 && good && rename(path, name) == 0;
    return good || mud_fail_errno(err, MUD_EIO, "%s", name);
}

static bool put_hit(struct mud_str json, void *payload, struct mud_error *err)
{
    struct alerting *alerting = payload;

    if (alerting->spool && !spool(alerting, json, err))
        return false;
    if (!put(json, payload, err))
        return false;
    /* Handed out is what has left this process. */
    return fflush(stdout) == 0 ||
           mud_fail(err, MUD_EIO, "standard output could not be written");
}

static volatile sig_atomic_t stopped;

static void stop(int number)
{
    (void)number;
    stopped = 1;
}

static bool follow(struct alerting *alerting,
                   const struct mud_alert_asked *asked, struct mud_error *err)
{
    struct sigaction action = {.sa_handler = stop};
    bool good = true;

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    while (good && !stopped) {
        sleep(2);
        if (!stopped)
            good = mud_alert_hits(
                alerting->session.pg, asked, put_hit, alerting, err);
    }
    return good;
}

static bool folder(const char *path, struct mud_error *err)
{
    struct stat st;

    if (!path || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
        return true;
    return mud_fail(
        err, MUD_EUSAGE, "--spool: %s is no folder: make it first", path);
}

static bool pass(struct mud_str json, void *payload, struct mud_error *err)
{
    (void)json;
    (void)payload;
    (void)err;
    return true;
}

int mud_cmd_alert_run(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {.spool = mud_args_get(args, "spool")};
    struct mud_alert_asked asked = {.after = -1, .hand_out = true};
    bool good = folder(alerting.spool, err) && begin(&alerting, args, err);

    if (mud_args_count(args))
        asked.name = mud_str_z(mud_args_operand(args, 0));
    /* Is there one of that name? Its record is not what was asked for. */
    good = good &&
           (!asked.name.n ||
            mud_alert_list(alerting.session.pg, asked.name, pass, NULL, err));
    good = good &&
           mud_alert_hits(alerting.session.pg, &asked, put_hit, &alerting, err);
    if (good && mud_args_has(args, "follow"))
        good = follow(&alerting, &asked, err);
    return end(&alerting, good, err);
}

int mud_cmd_alert_mark(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    const char *state = mud_args_get(args, "state");
    bool good = (state || mud_fail(err,
                                   MUD_EUSAGE,
                                   "--state is missing: seen, kept, rejected "
                                   "or new")) &&
                begin(&alerting, args, err);

    for (size_t i = 0; good && i < mud_args_count(args); i++) {
        int64_t hit = 0;

        good = (mud_str_i64(mud_str_z(mud_args_operand(args, i)), &hit) ||
                mud_fail(err,
                         MUD_EUSAGE,
                         "%s is no number of a hit",
                         mud_args_operand(args, i))) &&
               mud_alert_mark(alerting.session.pg,
                              hit,
                              mud_str_z(state),
                              mud_str_z(alerting.session.who),
                              mud_args_get(args, "note"),
                              err);
    }
    return end(&alerting, good, err);
}

int mud_cmd_alert_remove(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    bool good = begin(&alerting, args, err) &&
                mud_alert_remove(alerting.session.pg,
                                 mud_str_z(mud_args_operand(args, 0)),
                                 err);

    return end(&alerting, good, err);
}

int mud_cmd_alert_mute(const struct mud_args *args, struct mud_error *err)
{
    struct alerting alerting = {0};
    bool good = begin(&alerting, args, err) &&
                mud_alert_mute(alerting.session.pg,
                               mud_str_z(mud_args_operand(args, 0)),
                               !mud_args_has(args, "off"),
                               err);

    return end(&alerting, good, err);
}
