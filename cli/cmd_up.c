#include "base/lang.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/notify.h"
#include "cli/serve.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "cli/up.h"
#include "cli/up_lock.h"
#include "run/unread.h"

#include <stdio.h>

enum {
    MORE_SECONDS = 5
}; /* between looks for sources to listen to */

static const struct mud_health *health_of(const struct mud_health *all,
                                          size_t n, int32_t source)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].source == source)
            return &all[i];
    }
    return NULL;
}

/* A source that had its round a short while ago waits for the next one, one whose
 * hours are closed for these. */
static bool is_due(struct mud_round *round, const struct mud_source *source,
                   const struct mud_health *health)
{
    char last[MUD_LOCAL_TEXT], then[MUD_LOCAL_TEXT];
    int64_t now = mud_now(), next = health ? health->next : now;

    next = mud_source_opens(source, next > now ? next : now);
    if (next <= now)
        return true;
    if (!health || !health->began)
        mud_out_text(&round->out,
                     mud_t("%.*s: first round at %s, in its hours (%.*s)\n",
                           "%.*s：第一轮 %s，采集时段内（%.*s）\n"),
                     MUD_FMT(source->name),
                     mud_local_text(then, next),
                     MUD_FMT(source->hours));
    else
        mud_out_text(&round->out,
                     mud_t("%.*s: fetched at %s, next round at %s (mudlark "
                           "fetch %.*s does not wait)\n",
                           "%.*s：%s 已抓取，下一轮 %s（mudlark fetch %.*s "
                           "可立即抓取）\n"),
                     MUD_FMT(source->name),
                     mud_local_text(last, health->began),
                     mud_local_text(then, next),
                     MUD_FMT(source->name));
    return false;
}

bool mud_up_is_its_own(enum mud_code code)
{
    return code == MUD_EDENIED || code == MUD_EUSAGE || code == MUD_EMISSING ||
           code == MUD_EINPUT || code == MUD_ENET || code == MUD_ELIMIT;
}

void mud_up_say(struct mud_round *round, const struct mud_error *error)
{
    mud_progress_end(&round->progress);
    if (mud_log_is_json())
        mud_log(MUD_LOG_WARN, NULL, "not fetched: %s", error->text);
    else
        fprintf(
            stderr, mud_t("not fetched: %s\n", "未抓取：%s\n"), error->text);
    round->partly = true;
}

/* Fetch one source, if it is due and may be; forums are all fetched at once
 * afterwards. */
static bool fetch_due(struct mud_round *round, const struct mud_source *source,
                      const struct mud_health *health, struct mud_error *err)
{
    struct mud_error why = {0};

    if (!mud_collector_of(source->kind))
        return true;
    if (!mud_source_allowed(source, mud_now(), &why)) {
        mud_up_say(round, &why);
        return true;
    }
    if (!is_due(round, source, health) || mud_str_eqz(source->kind, "forum") ||
        mud_round_fetch(round, source, 0, false, err))
        return true;
    if (!mud_up_is_its_own(err->code))
        return false;
    mud_up_say(round, err);
    mud_error_clear(err);
    return true;
}

/* Every active source that is due. */
static bool fetch_all(struct mud_round *round, struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_health *all;
    struct mud_arena *arena = mud_arena_new();
    struct mud_pg *pg = round->worker.pg;
    size_t n, n_all;
    bool good = mud_source_list(&sources, &n, pg, arena, err) &&
                mud_health_list(&all, &n_all, pg, 0, arena, err);

    for (size_t i = 0; good && i < n && !mud_round_stop; i++)
        good = fetch_due(
            round, &sources[i], health_of(all, n_all, sources[i].id), err);
    mud_arena_free(arena);
    return good && mud_up_forums(round, true, err);
}

static bool one_round(struct mud_round *round, bool summary,
                      struct mud_error *err)
{
    struct mud_unread unread = {0};
    struct mud_report left = {0};

    mud_round_anchor(round);
    return fetch_all(round, err) &&
           mud_read_unread(&left, &round->worker, &unread, err) &&
           mud_round_link(round, err) && (!summary || mud_summary(round, err));
}

/* One round of all, in this process. */
static int run_once(struct mud_up *up, struct mud_error *err)
{
    struct mud_round round;

    if (!mud_up_open(&round, up, NULL, err))
        return mud_exit_of(err);
    bool good = mud_health_pace(round.worker.pg, up->every, err) &&
                one_round(&round, up->summary, err);
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}

/* Whatever stands in the way is said here, before there are children. */
static bool try_once(struct mud_up *up, struct mud_error *err)
{
    struct mud_round round;
    bool good;

    if (!mud_up_open(&round, up, NULL, err))
        return false;
    good = mud_health_pace(round.worker.pg, up->every, err);
    mud_round_close(&round);
    return good;
}

/* Each part in a process of its own, until stopped. */
static int run_crew(struct mud_up *up, struct mud_error *err)
{
    static const struct mud_crew_part parts[] = {
        {"forums", mud_up_part_forums},
        {"rounds", mud_up_part_rounds},
        {"links", mud_up_part_links},
    };
    struct mud_crew crew = {.parts = parts,
                            .n_parts = sizeof parts / sizeof *parts,
                            .more = mud_up_more,
                            .more_seconds = mud_status_wanted(up->args)
                                                ? MUD_STATUS_SECONDS
                                                : MORE_SECONDS,
                            .payload = up,
                            .stop = &mud_round_stop};

    if (!try_once(up, err))
        return mud_exit_of(err);
    mud_notify("READY=1");
    bool good = mud_crew_run(&crew, err);
    return good ? MUD_EXIT_DONE : mud_exit_of(err);
}

static int run(const struct mud_args *args, bool summary, struct mud_error *err)
{
    struct mud_up up = {
        .args = args,
        .summary = summary && !mud_args_has(args, "later"),
    };

    if (!mud_args_number(&up.every, args, "every", 1, 86400, 900, err))
        return MUD_EXIT_USAGE;
    mud_round_catch();
    return mud_args_has(args, "once") ? run_once(&up, err) : run_crew(&up, err);
}

/* One at a time on one MUDLARK_HOME: two would read the same sources and want the
 * same port. */
static int up_alone(const struct mud_args *args, struct mud_error *err)
{
    pid_t web = 0;
    int lock = -1;

    if (!mud_up_lock(&lock, args, err) || !mud_serve_begin(&web, args, err)) {
        mud_up_unlock(lock);
        return mud_exit_of(err);
    }
    int code = run(args, true, err);
    mud_serve_end(web);
    mud_up_unlock(lock);
    return code;
}

int mud_cmd_up(const struct mud_args *args, struct mud_error *err)
{
    return mud_args_has(args, "once") ? run(args, true, err)
                                      : up_alone(args, err);
}

int mud_cmd_work(const struct mud_args *args, struct mud_error *err)
{
    return run(args, false, err);
}
