#include "cli/up.h"

#include "base/lang.h"
#include "base/log.h"
#include "cli/notify.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "run/unread.h"
#include "run/watch.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of one source before another has its turn: a site without end (a trap, a
 * calendar) must not keep the others waiting. */
#define TURN_PAGES 1000

#define LISTEN     "listen "

enum {
    NAP_US = 200000,      /* a signal is seen so soon */
    LOOK_SECONDS = 30,    /* for what is due, unless told */
    LINK_SECONDS = 60,    /* between two rounds of linking, at least */
    LINK_SHARE = 10,      /* and so many times as long as one takes */
    UNREAD_SECONDS = 600, /* between looks for what was left unread */
    ANCHOR_SECONDS = 300, /* between looks whether a day is over */
    DUE_AT_ONCE = 4
};

bool mud_up_open(struct mud_round *round, const struct mud_up *up,
                 const char *part, struct mud_error *err)
{
    if (!mud_round_open(
            round, up->args, mud_t("fetch", "抓取"), mud_t("pages", "页"), err))
        return false;
    round->every_s = up->every;
    round->progress.shared = part != NULL && round->progress.terminal;
    round->goes_on = part != NULL;
    if (part)
        round->role = part;
    return true;
}

/* A part's work in a round of its own; the exit code of its process. */
static int in_round(const struct mud_crew_part *part, const struct mud_up *up,
                    bool (*work)(struct mud_round *round,
                                 const struct mud_crew_part *part,
                                 const struct mud_up *up,
                                 struct mud_error *err))
{
    struct mud_error err = {0};
    struct mud_round round;
    bool good = mud_up_open(&round, up, part->name, &err);

    if (good) {
        good = work(&round, part, up, &err);
        if (!mud_out_end(&round.out, good ? &err : NULL))
            good = false;
        mud_round_close(&round);
    }
    if (good || mud_round_stop)
        return MUD_EXIT_DONE;
    mud_log(MUD_LOG_ERROR, NULL, "%s: %s", part->name, err.text);
    return mud_exit_of(&err);
}

static void nap(struct mud_round *round)
{
    usleep(NAP_US);
    mud_round_beat(round);
}

static void forum_ended(const struct mud_source *source,
                        const struct mud_report *report,
                        const struct mud_error *error, void *payload)
{
    struct mud_round *round = payload;

    mud_round_report(round, report, source->name);
    if (error)
        mud_up_say(round, error);
    (void)fflush(stdout);
}

/* A crawl knows what waits, not the total. */
static void forums_progress(int64_t done, int64_t waiting, void *payload)
{
    mud_round_progress(done, done + waiting, payload);
}

bool mud_up_forums(struct mud_round *round, bool once, struct mud_error *err)
{
    const struct mud_watch_options options = {.turn_pages =
                                                  once ? 0 : TURN_PAGES,
                                              .every_s = round->every_s,
                                              .once = once,
                                              .ended = forum_ended,
                                              .progress = forums_progress,
                                              .payload = round,
                                              .stop = &mud_round_stop};

    return mud_watch(&round->worker, &options, err);
}

static bool watch_forums(struct mud_round *round,
                         const struct mud_crew_part *part,
                         const struct mud_up *up, struct mud_error *err)
{
    (void)part;
    (void)up;
    return mud_up_forums(round, false, err);
}

int mud_up_part_forums(const struct mud_crew_part *part, void *payload)
{
    return in_round(part, payload, watch_forums);
}

static bool fetch_named(struct mud_round *round, struct mud_str name,
                        int64_t max_pages, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_source source;
    bool good = mud_source_load(&source, round->worker.pg, name, arena, err) &&
                mud_round_fetch(round, &source, max_pages, false, err);

    mud_arena_free(arena);
    (void)fflush(stdout);
    if (good || !mud_up_is_its_own(err->code))
        return good;
    mud_up_say(round, err);
    mud_error_clear(err);
    return true;
}

/* Sources that are due now, in turn; *wait: us until there may be more. */
static bool fetch_due(int64_t *wait, struct mud_round *round,
                      struct mud_error *err)
{
    const char *kinds[MUD_COLLECTORS_MAX];
    struct mud_arena *arena = mud_arena_new();
    struct mud_due *due;
    struct mud_due_query query = {.kinds = kinds,
                                  .n_kinds = mud_collector_kinds(kinds, false),
                                  .worker = round->worker.name,
                                  .max = DUE_AT_ONCE};
    size_t n = 0;
    bool good =
        mud_health_bury(round->worker.pg, round->worker.name, err) &&
        mud_health_due(&due, &n, wait, round->worker.pg, &query, arena, err);

    for (size_t i = 0; good && i < n && !mud_round_stop; i++)
        good = fetch_named(round, due[i].name, TURN_PAGES, err);
    if (n)
        *wait = 0;
    mud_arena_free(arena);
    return good;
}

/* Until that time, a word of Postgres that sources changed, or told to stop. */
static bool rest(struct mud_round *round, int64_t us, struct mud_error *err)
{
    int64_t until = mud_monotonic() + us;
    bool got = false, good = true;

    while (good && !got && !mud_round_stop && mud_monotonic() < until) {
        good = mud_pg_wait(round->worker.pg, NAP_US / 1000, &got, err);
        mud_round_beat(round);
    }
    return good;
}

static bool fetch_rounds(struct mud_round *round,
                         const struct mud_crew_part *part,
                         const struct mud_up *up, struct mud_error *err)
{
    int64_t wait = 0, most = LOOK_SECONDS * MUD_SECOND;
    bool good = mud_pg_listen(round->worker.pg, "mud_source", err);

    (void)part;
    (void)up;
    while (good && !mud_round_stop) {
        good = fetch_due(&wait, round, err) &&
               rest(round, wait < 0 || wait > most ? most : wait, err);
    }
    return good;
}

int mud_up_part_rounds(const struct mud_crew_part *part, void *payload)
{
    return in_round(part, payload, fetch_rounds);
}

static bool refresh(struct mud_round *round, struct mud_error *err)
{
    bool anew;

    if (!mud_worker_refresh(&round->worker, &anew, err))
        return false;
    if (anew)
        mud_out_text(&round->out,
                     "%s",
                     mud_t("\nthe terms of the lexicon changed: texts are read "
                           "with them from now on\n",
                           "\n词表已变更：此后的文本按新词表解读\n"));
    return true;
}

/* The ledger has a line for all that comes in. */
static bool came_in(bool *any, int64_t *seen, struct mud_pg *pg,
                    struct mud_error *err)
{
    struct mud_rows *rows;
    int64_t head;

    if (!mud_pg_query(&rows, pg, mud_sql("ledger_last"), NULL, 0, err))
        return false;
    head = mud_rows_count(rows) ? mud_rows_int(rows, 0, 0) : 0;
    mud_rows_free(rows);
    *any = head != *seen;
    *seen = head;
    return true;
}

static bool link_again(struct mud_round *round, int64_t *looked,
                       struct mud_error *err)
{
    struct mud_unread unread = {0};
    struct mud_report left = {0};
    int64_t now = mud_monotonic();
    bool look = !*looked || now - *looked > UNREAD_SECONDS * MUD_SECOND;

    if (look)
        *looked = now;
    return (!look || mud_read_unread(&left, &round->worker, &unread, err)) &&
           mud_round_link(round, err);
}

/* Days of the ledger that are over. What fails is said and tried again: a disk
 * that is not there must not keep sellers from being linked. */
static void anchor(struct mud_round *round, int64_t *looked)
{
    int64_t now = mud_monotonic();

    if (*looked && now - *looked < ANCHOR_SECONDS * MUD_SECOND)
        return;
    *looked = now;
    mud_round_anchor(round);
}

static bool link_all(struct mud_round *round, const struct mud_crew_part *part,
                     const struct mud_up *up, struct mud_error *err)
{
    int64_t seen = -1, looked = 0, anchored = 0;
    bool any, good = true, told = !up->summary;

    (void)part;
    while (good && !mud_round_stop) {
        int64_t began = mud_monotonic(), took, pause;

        good = refresh(round, err) &&
               came_in(&any, &seen, round->worker.pg, err) &&
               (!any || link_again(round, &looked, err)) &&
               (told || mud_summary(round, err));
        told = true;
        if (good)
            anchor(round, &anchored);
        (void)fflush(stdout);
        took = mud_monotonic() - began;
        pause = LINK_SECONDS * MUD_SECOND;
        if (pause < LINK_SHARE * took)
            pause = LINK_SHARE * took;
        while (good && !mud_round_stop && mud_monotonic() < began + pause)
            nap(round);
    }
    return good;
}

int mud_up_part_links(const struct mud_crew_part *part, void *payload)
{
    return in_round(part, payload, link_all);
}

static bool listen_to(struct mud_round *round, const struct mud_crew_part *part,
                      const struct mud_up *up, struct mud_error *err)
{
    (void)up;
    round->live = true;
    return fetch_named(round, mud_str_z(part->name + strlen(LISTEN)), 0, err);
}

int mud_up_part_listen(const struct mud_crew_part *part, void *payload)
{
    return in_round(part, payload, listen_to);
}

static void quoted(struct mud_buf *out, const char *name)
{
    mud_buf_c(out, '"');
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            mud_buf_c(out, '\\');
        mud_buf_c(out, *name);
    }
    mud_buf_c(out, '"');
}

/* The names of sources to listen to, as parts. */
static bool live_parts(struct mud_crew_part *parts, size_t *n, size_t max,
                       struct mud_pg *pg, struct mud_error *err)
{
    const char *kinds[MUD_COLLECTORS_MAX];
    struct mud_buf of = {0}, here = {0};
    struct mud_rows *rows;
    size_t n_kinds = mud_collector_kinds(kinds, true);

    mud_buf_c(&of, '{');
    for (size_t i = 0; i < n_kinds; i++)
        mud_buf_printf(&of, "%s%s", i ? "," : "", kinds[i]);
    mud_buf_c(&of, '}');
    mud_buf_c(&here, '{');
    for (size_t i = 0; i < *n; i++) {
        mud_buf_z(&here, i ? "," : "");
        quoted(&here, parts[i].name + strlen(LISTEN));
    }
    mud_buf_c(&here, '}');
    struct mud_str args[] = {mud_buf_view(&of), mud_buf_view(&here)};
    bool good = mud_pg_query(&rows, pg, mud_sql("watch_live"), args, 2, err);
    mud_buf_free(&of);
    mud_buf_free(&here);
    if (!good)
        return false;
    *n = 0;
    for (size_t i = 0; i < mud_rows_count(rows) && *n < max; i++) {
        struct mud_crew_part *one = &parts[*n];
        *one = (struct mud_crew_part){.run = mud_up_part_listen};
        if (snprintf(one->name,
                     sizeof one->name,
                     LISTEN "%.*s",
                     MUD_FMT(mud_rows_get(rows, i, 0))) < (int)sizeof one->name)
            ++*n;
    }
    mud_rows_free(rows);
    return true;
}

bool mud_up_more(struct mud_crew_part *parts, size_t *n, size_t max,
                 void *payload)
{
    const struct mud_up *up = payload;
    const char *kinds[MUD_COLLECTORS_MAX];
    struct mud_session session = {.pg = NULL};
    struct mud_error err = {0};
    bool good;

    mud_notify("WATCHDOG=1"); /* the one that asks for more goes round */
    if (!mud_collector_kinds(kinds, true))
        return false;
    good = mud_session_home(&session, up->args, &err) &&
           mud_session_connect(&session.pg, &err) &&
           live_parts(parts, n, max, session.pg, &err);
    if (good && mud_status_wanted(up->args))
        mud_status_show(session.pg);
    mud_session_close(&session);
    if (!good)
        mud_log(MUD_LOG_WARN, NULL, "%s", err.text);
    return good;
}
