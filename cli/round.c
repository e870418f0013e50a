#include "cli/round.h"

#include "base/lang.h"
#include "base/log.h"
#include "evidence/vouch.h"
#include "run/link.h"
#include "run/reason.h"
#include "run/unread.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define BEAT  (30 * MUD_SECOND)
#define TRIES 3 /* with a new connection, when the database went away */

volatile sig_atomic_t mud_round_stop;

static void on_signal(int signal)
{
    (void)signal;
    mud_round_stop = 1;
}

void mud_round_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal,
                               .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void mud_round_beat(struct mud_round *round)
{
    int64_t now = mud_monotonic();
    struct mud_error late = {0};

    if (!round->worker.pg || (round->beaten && now - round->beaten < BEAT))
        return;
    round->beaten = now;
    if (!mud_health_beat(
            round->worker.pg, round->worker.name, round->role, &late))
        mud_log(MUD_LOG_INFO, NULL, "%s", late.text);
}

bool mud_round_open(struct mud_round *round, const struct mud_args *args,
                    const char *what, const char *unit, struct mud_error *err)
{
    *round = (struct mud_round){.unit = unit,
                                .role = mud_args_command(args)->name,
                                .every_s = MUD_ROUND_EVERY};
    if (mud_out_begin(&round->out, args, err) &&
        mud_session_admit(&round->session, args, err) &&
        mud_worker_open(
            &round->worker, round->session.home, round->session.who, err)) {
        round->progress = mud_progress_begin(
            what, mud_args_has(args, "quiet") || mud_log_is_json());
        mud_round_beat(round);
        return true;
    }
    mud_round_close(round);
    return false;
}

void mud_round_close(struct mud_round *round)
{
    struct mud_error late = {0};

    mud_progress_end(&round->progress);
    if (round->worker.pg &&
        !mud_health_leave(round->worker.pg, round->worker.name, &late))
        mud_log(MUD_LOG_INFO, NULL, "%s", late.text);
    mud_worker_close(&round->worker);
    mud_session_close(&round->session);
}

void mud_round_progress(int64_t done, int64_t total, void *payload)
{
    struct mud_round *round = payload;

    mud_round_beat(round);
    mud_progress_step(&round->progress, done, total, round->unit);
}

/* A crawl knows what waits, not the total. */
static void crawl_progress(int64_t done, int64_t waiting, void *payload)
{
    mud_round_progress(done, done + waiting, payload);
}

/* The same as a line of the log. */
static void log_report(const struct mud_report *report, struct mud_str source)
{
    int64_t skipped = 0, failed = 0;
    struct mud_buf why = {0};

    for (size_t i = 0; i < report->n_skips; i++) {
        const struct mud_skip *skip = &report->skips[i];
        bool error = mud_health_is_error(skip->reason);
        failed += error ? skip->count : 0;
        skipped += error ? 0 : skip->count;
        mud_buf_printf(&why,
                       "%s%s %lld (%s)",
                       i ? "; " : "",
                       mud_reason_words(skip->reason),
                       (long long)skip->count,
                       skip->example);
    }
    const struct mud_log_count counts[] = {{"pages", report->pages},
                                           {"captures", report->captures},
                                           {"bytes", report->bytes},
                                           {"posts", report->posts},
                                           {"left", report->left},
                                           {"skipped", skipped},
                                           {"failed", failed}};
    mud_log_event(failed ? MUD_LOG_WARN : MUD_LOG_INFO,
                  source,
                  "round",
                  counts,
                  sizeof counts / sizeof *counts,
                  mud_buf_view(&why));
    mud_buf_free(&why);
}

void mud_round_report(struct mud_round *round, const struct mud_report *report,
                      struct mud_str source)
{
    struct mud_buf json = {0}, text = {0};

    mud_progress_end(&round->progress);
    mud_report_json(&json, report, source);
    mud_report_text(&text, report, source);
    mud_out_record(&round->out, mud_buf_view(&json), mud_buf_view(&text));
    if (mud_log_is_json())
        log_report(report, source);
    else if (report->n_skips && round->out.format != MUD_FORMAT_TEXT)
        fwrite(text.s, 1, text.n, stderr);
    round->partly |= report->n_skips > 0;
    mud_buf_free(&json);
    mud_buf_free(&text);
}

bool mud_round_link(struct mud_round *round, struct mud_error *err)
{
    struct mud_linked linked;

    if (!mud_link(&linked, &round->worker, err))
        return false;
    if (linked.alarms)
        mud_out_text(
            &round->out,
            mud_t("%s%lld alarms of drift stand%s: mudlark source "
                  "list\n",
                  "%s%lld 个解析漂移警报未消除%s：mudlark source list\n"),
            mud_ink(round->out.colour, MUD_INK_RED),
            (long long)linked.alarms,
            mud_ink(round->out.colour, MUD_INK_OFF));
    return true;
}

static void vouch(struct mud_round *round)
{
    struct mud_error late = {0};
    struct mud_vouched vouched;

    if (!mud_anchor_vouch(&vouched,
                          round->worker.pg,
                          round->session.home,
                          mud_str_z(round->session.who),
                          false,
                          &late))
        mud_log(MUD_LOG_WARN, NULL, "ledger: %s", late.text);
    else if (vouched.late.code)
        mud_log(MUD_LOG_WARN,
                NULL,
                "ledger: unstamped, to be tried again: %s",
                vouched.late.text);
    else if (vouched.signatures || vouched.stamps)
        mud_log(MUD_LOG_INFO,
                NULL,
                "ledger: %lld anchors signed, %lld stamped",
                (long long)vouched.signatures,
                (long long)vouched.stamps);
}

void mud_round_anchor(struct mud_round *round)
{
    struct mud_error late = {0};
    struct mud_anchored made;

    if (!mud_anchor_make(&made,
                         round->worker.pg,
                         round->session.home,
                         mud_str_z(round->session.who),
                         false,
                         &late))
        mud_log(MUD_LOG_WARN, NULL, "ledger: %s", late.text);
    else if (made.days)
        mud_log(MUD_LOG_INFO,
                NULL,
                "ledger: %lld days anchored, the last %s",
                (long long)made.days,
                made.last.day);
    /* Whatever became of that: older ones may wait for their stamp. */
    vouch(round);
}

int mud_round_end(struct mud_round *round, struct mud_error *err)
{
    if (!mud_out_end(&round->out, err))
        return MUD_EXIT_FAILED;
    return round->partly ? MUD_EXIT_PARTLY : MUD_EXIT_DONE;
}

/* First what an earlier worker sealed and did not read, then the crawl. */
static bool fetch_once(struct mud_round *round, const struct mud_source *source,
                       const struct mud_crawl_options *options,
                       struct mud_report *report, struct mud_error *err)
{
    struct mud_unread unread = {.source = source};
    struct mud_report left = {0};

    if (!mud_read_unread(&left, &round->worker, &unread, err))
        return false;
    if (left.pages)
        mud_log(MUD_LOG_INFO,
                NULL,
                "%.*s: read %lld captures left unread",
                MUD_FMT(source->name),
                (long long)left.pages);
    mud_report_add(report, &left);
    return mud_collect(report, &round->worker, source, options, err) &&
           mud_ingest_flush(round->worker.ingest, NULL, err);
}

/* Fetch, with a new connection when the database went away. */
static bool fetch_again(struct mud_round *round,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_report *report, struct mud_error *err)
{
    bool good = false, anew;

    for (int i = 0; i < TRIES && !good; i++) {
        good = mud_worker_refresh(&round->worker, &anew, err) &&
               fetch_once(round, source, options, report, err);
        if (good || err->code != MUD_EAGAIN || mud_round_stop)
            break;
        mud_log(MUD_LOG_WARN, NULL, "%s; connecting again", err->text);
        sleep(1u << i);
        mud_error_clear(err);
        if (!mud_worker_reopen(&round->worker, err))
            break;
    }
    return good;
}

/* Between two rounds of a source: as it says itself, or its kind, or the command. */
static int64_t every_of(const struct mud_round *round,
                        const struct mud_source *source)
{
    const struct mud_collector *by = mud_collector_of(source->kind);

    if (source->every_s)
        return source->every_s;
    return by && by->every_s && by->every_s < round->every_s ? by->every_s
                                                             : round->every_s;
}

/* How the round went. What the source is not allowed is no failure of its. */
static bool put_health(struct mud_round *round, const struct mud_source *source,
                       const struct mud_report *report, bool unfinished,
                       const struct mud_error *error, struct mud_error *err)
{
    bool stopped = false;
    struct mud_health_round end = {.worker = round->worker.name,
                                   .every_s = every_of(round, source),
                                   .unfinished = unfinished || report->growing,
                                   .not_before = report->again,
                                   .report = report,
                                   .error = error};

    if (!round->worker.pg)
        return true;
    if (!mud_health_end(&stopped, round->worker.pg, source, &end, err))
        return false;
    if (stopped) {
        mud_log_event(
            MUD_LOG_WARN,
            source->name,
            "stopped",
            NULL,
            0,
            MUD_STR("its error budget is used up (mudlark source show)"));
        round->partly = true;
    }
    return true;
}

/* Outside its hours it has no round and is none the worse for it: rounds without
 * end come back when they begin, a single one says so. */
static bool open_or_later(bool *open, struct mud_round *round,
                          const struct mud_source *source,
                          struct mud_error *err)
{
    int64_t now = mud_now(), opens = mud_source_opens(source, now);

    *open = opens <= now;
    if (*open)
        return true;
    return mud_health_defer(round->worker.pg, source, opens, err) &&
           (round->goes_on || mud_collect_is_open(source, err));
}

bool mud_round_fetch(struct mud_round *round, const struct mud_source *source,
                     int64_t max_pages, bool whole, struct mud_error *err)
{
    struct mud_crawl_options options = {.max_pages = max_pages,
                                        .whole = whole,
                                        .live = round->live,
                                        .progress = crawl_progress,
                                        .payload = round,
                                        .stop = &mud_round_stop};
    struct mud_report report = {0};
    struct mud_error late = {0};
    bool ours, open = true, shared = mud_str_eqz(source->kind, "forum");

    mud_round_beat(round);
    if (!mud_source_allowed(source, mud_now(), err) ||
        !open_or_later(&open, round, source, err))
        return false;
    if (!open)
        return true;
    if (!mud_health_bury(round->worker.pg, round->worker.name, err) ||
        !mud_health_begin(
            &ours, round->worker.pg, source, shared, round->worker.name, err))
        return false;
    if (!ours) {
        mud_log_event(MUD_LOG_INFO,
                      source->name,
                      "busy",
                      NULL,
                      0,
                      MUD_STR("another worker reads it now"));
        return true;
    }
    bool good = fetch_again(round, source, &options, &report, err);
    bool unfinished = report.left > 0 && (max_pages || mud_round_stop);
    if (!put_health(
            round, source, &report, unfinished, good ? NULL : err, &late)) {
        mud_log(MUD_LOG_WARN, NULL, "%s", late.text);
        good = good && mud_fail(err, late.code, "%s", late.text);
    }
    round->unfinished |= good && unfinished;
    if (!round->goes_on || !source->folder.n || !mud_report_is_idle(&report))
        mud_round_report(round, &report, source->name);
    return good;
}
