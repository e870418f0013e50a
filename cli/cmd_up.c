#include "base/lang.h"
#include "cli/cmd.h"
#include "cli/round.h"
#include "cli/summary.h"
#include "run/unread.h"

#include <stdio.h>
#include <unistd.h>

/* Of one source before the next one has its turn: a site without end (a trap,
 * a calendar) must not keep the others waiting. */
#define TURN_PAGES 1000

struct turn {
    int64_t max_pages; /* of one source; 0: to its end */
    bool summary;
    bool tell;       /* which sources wait */
    int64_t soonest; /* us: when the next source is due; 0: none is known */
};

static const struct mud_health *health_of(const struct mud_health *all,
                                          size_t n, int32_t source)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i].source == source)
            return &all[i];
    }
    return NULL;
}

static void note_next(struct turn *turn, int64_t next)
{
    if (!turn->soonest || next < turn->soonest)
        turn->soonest = next;
}

/* A source that had its round a short while ago waits for the next one, one whose
 * hours are closed for these. */
static bool is_due(struct mud_round *round, const struct mud_source *source,
                   const struct mud_health *health, struct turn *turn)
{
    char last[MUD_LOCAL_TEXT], then[MUD_LOCAL_TEXT];
    int64_t now = mud_now(), next = health ? health->next : now;

    next = mud_source_opens(source, next > now ? next : now);
    note_next(turn, next > now ? next : now + round->every_s * MUD_SECOND);
    if (next <= now)
        return true;
    if (turn->tell && (!health || !health->began))
        mud_out_text(&round->out,
                     mud_t("%.*s: first round at %s, in its hours (%.*s)\n",
                           "%.*s：第一轮 %s，采集时段内（%.*s）\n"),
                     MUD_FMT(source->name),
                     mud_local_text(then, next),
                     MUD_FMT(source->hours));
    else if (turn->tell)
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

/* What is wrong with one source, and no reason to leave the others. */
static bool is_its_own(enum mud_code code)
{
    return code == MUD_EDENIED || code == MUD_EUSAGE || code == MUD_EMISSING ||
           code == MUD_EINPUT || code == MUD_ENET || code == MUD_ELIMIT;
}

/* One that is out of its terms or cannot be fetched is said so. */
static void say(struct mud_round *round, struct mud_error *err)
{
    fprintf(stderr, mud_t("not fetched: %s\n", "未抓取：%s\n"), err->text);
    mud_error_clear(err);
    round->partly = true;
}

/* Fetch one source, if it is due and may be. */
static bool fetch_due(struct mud_round *round, const struct mud_source *source,
                      const struct mud_health *health, struct turn *turn,
                      struct mud_error *err)
{
    struct mud_error why = {0};

    if (!mud_collector_of(source->kind))
        return true;
    if (!mud_source_allowed(source, mud_now(), &why)) {
        if (turn->tell)
            say(round, &why);
        return true;
    }
    if (!is_due(round, source, health, turn) ||
        mud_round_fetch(round, source, turn->max_pages, false, err))
        return true;
    if (!is_its_own(err->code))
        return false;
    say(round, err);
    return true;
}

/* Every active source that is due. */
static bool fetch_all(struct mud_round *round, struct turn *turn,
                      struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_health *all;
    struct mud_arena *arena = mud_arena_new();
    struct mud_pg *pg = round->worker.pg;
    size_t n, n_all;
    bool good = mud_source_list(&sources, &n, pg, arena, err) &&
                mud_health_list(&all, &n_all, pg, 0, arena, err);

    for (size_t i = 0; good && i < n && !mud_round_stop; i++)
        good = fetch_due(round,
                         &sources[i],
                         health_of(all, n_all, sources[i].id),
                         turn,
                         err);
    mud_arena_free(arena);
    return good;
}

/* The whole summary once; after that a round says when it was, and what it
 * read and skipped. */
static bool one_round(struct mud_round *round, struct turn *turn,
                      struct mud_error *err)
{
    struct mud_unread unread = {0};
    struct mud_report left = {0};
    char now[MUD_LOCAL_TEXT];
    bool anew;

    if (!mud_worker_refresh(&round->worker, &anew, err))
        return false;
    if (anew)
        mud_out_text(&round->out,
                     "%s",
                     mud_t("\nthe terms of the lexicon changed: texts are read "
                           "with them from now on\n",
                           "\n词表已变更：此后的文本按新词表解读\n"));
    if (!turn->summary)
        mud_out_text(&round->out, "\n%s\n", mud_local_text(now, mud_now()));
    round->unfinished = false;
    return fetch_all(round, turn, err) &&
           mud_read_unread(&left, &round->worker, &unread, err) &&
           mud_round_link(round, err) &&
           (!turn->summary || mud_summary(round, err));
}

static void wait_for_next(struct mud_round *round, int64_t seconds)
{
    for (int64_t i = 0; i < seconds * 10 && !mud_round_stop; i++) {
        usleep(100000);
        mud_round_beat(round);
    }
}

/* Seconds until a source is due, at least one and at most `every`. */
static int64_t pause_of(const struct turn *turn, int64_t every)
{
    int64_t left =
        turn->soonest ? (turn->soonest - mud_now()) / MUD_SECOND + 1 : every;

    return left < 1 ? 1 : left > every ? every : left;
}

/* Rounds until stopped; summary: the first one ends with all that is held. */
static int run(const struct mud_args *args, bool summary, struct mud_error *err)
{
    struct mud_round round;
    int64_t every;
    bool once = mud_args_has(args, "once"), good = true;
    bool later = mud_args_has(args, "later");

    if (!mud_args_number(&every, args, "every", 1, 86400, 900, err))
        return MUD_EXIT_USAGE;
    mud_round_catch();
    if (!mud_round_open(
            &round, args, mud_t("fetch", "抓取"), mud_t("pages", "页"), err))
        return mud_exit_of(err);
    round.every_s = every;
    good = mud_health_pace(round.worker.pg, every, err);
    if (later)
        wait_for_next(&round, every);
    for (bool first = !later; good && !mud_round_stop; first = false) {
        struct turn turn = {.max_pages = once ? 0 : TURN_PAGES,
                            .summary = first && summary,
                            .tell = first || once};
        good = one_round(&round, &turn, err);
        fflush(stdout);
        mud_round_beat(&round);
        if (once)
            break;
        if (good && !round.unfinished)
            wait_for_next(&round, pause_of(&turn, every));
    }
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}

int mud_cmd_up(const struct mud_args *args, struct mud_error *err)
{
    return run(args, true, err);
}

int mud_cmd_work(const struct mud_args *args, struct mud_error *err)
{
    return run(args, false, err);
}
