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

enum {
    FAILING_MAX = 256 /* sources remembered */
};

/* Sources that failed by themselves: tried again after their interval. */
struct failing {
    int32_t id[FAILING_MAX];
    int64_t until[FAILING_MAX]; /* us */
    size_t n;
};

struct turn {
    int64_t every;     /* us between the rounds of a source */
    int64_t max_pages; /* of one source; 0: to its end */
    bool summary;
    bool tell;       /* which sources wait */
    int64_t soonest; /* us: when the next source is due; 0: none is known */
    struct failing *failing;
};

static int64_t *failing_of(struct failing *failing, int32_t id)
{
    for (size_t i = 0; i < failing->n; i++) {
        if (failing->id[i] == id)
            return &failing->until[i];
    }
    return NULL;
}

static void note_failing(struct failing *failing, int32_t id, int64_t until)
{
    int64_t *known = failing_of(failing, id);

    if (known) {
        *known = until;
    } else if (failing->n < FAILING_MAX) {
        failing->id[failing->n] = id;
        failing->until[failing->n++] = until;
    }
}

static int64_t interval(const struct mud_source *source,
                        const struct turn *turn)
{
    return source->every_s ? source->every_s * MUD_SECOND : turn->every;
}

static void note_next(struct turn *turn, int64_t next)
{
    if (!turn->soonest || next < turn->soonest)
        turn->soonest = next;
}

/* A source that had its round a short while ago waits for the next one. */
static bool is_due(bool *due, struct mud_round *round,
                   const struct mud_source *source, struct turn *turn,
                   struct mud_error *err)
{
    int64_t began, next, now = mud_now();
    const int64_t *until = failing_of(turn->failing, source->id);
    char last[MUD_LOCAL_TEXT], then[MUD_LOCAL_TEXT];

    if (!mud_collect_last(&began, round->worker.pg, source, err))
        return false;
    next = began ? began + interval(source, turn) : now;
    next = mud_source_opens(source, next > now ? next : now);
    *due = next <= now;
    if (until && now < *until) {
        note_next(turn, *until);
        *due = false;
        return true;
    }
    note_next(turn, *due ? now + interval(source, turn) : next);
    if (!*due && turn->tell && !began)
        mud_out_text(&round->out,
                     mud_t("%.*s: first round at %s, in its hours (%.*s)\n",
                           "%.*s：第一轮 %s，采集时段内（%.*s）\n"),
                     MUD_FMT(source->name),
                     mud_local_text(then, next),
                     MUD_FMT(source->hours));
    else if (!*due && turn->tell)
        mud_out_text(&round->out,
                     mud_t("%.*s: fetched at %s, next round at %s (mudlark "
                           "fetch %.*s does not wait)\n",
                           "%.*s：%s 已抓取，下一轮 %s（mudlark fetch %.*s "
                           "可立即抓取）\n"),
                     MUD_FMT(source->name),
                     mud_local_text(last, began),
                     mud_local_text(then, next),
                     MUD_FMT(source->name));
    return true;
}

/* What is wrong with one source, and no reason to leave the others. */
static bool is_its_own(enum mud_code code)
{
    return code == MUD_EDENIED || code == MUD_EUSAGE || code == MUD_EMISSING ||
           code == MUD_EINPUT || code == MUD_ENET || code == MUD_ELIMIT;
}

/* Every active source that is due; one that is out of its terms or cannot be
 * fetched is said so, and the next one has its turn. */
static bool fetch_all(struct mud_round *round, struct turn *turn,
                      struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_arena *arena = mud_arena_new();
    size_t n;
    bool due = false;
    bool good = mud_source_list(&sources, &n, round->worker.pg, arena, err);

    for (size_t i = 0; good && i < n && !mud_round_stop; i++) {
        if (!mud_collector_of(sources[i].kind))
            continue;
        good = is_due(&due, round, &sources[i], turn, err);
        if (!good || !due ||
            mud_round_fetch(round, &sources[i], turn->max_pages, false, err))
            continue;
        good = is_its_own(err->code);
        note_failing(turn->failing,
                     sources[i].id,
                     mud_now() + interval(&sources[i], turn));
        if (good) {
            fprintf(
                stderr, mud_t("not fetched: %s\n", "未抓取：%s\n"), err->text);
            mud_error_clear(err);
            round->partly = true;
        }
    }
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

static void wait_for_next(int64_t seconds)
{
    for (int64_t i = 0; i < seconds * 10 && !mud_round_stop; i++)
        usleep(100000);
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
    struct failing failing = {.n = 0};
    int64_t every;
    bool once = mud_args_has(args, "once"), good = true;
    bool later = mud_args_has(args, "later");

    if (!mud_args_number(&every, args, "every", 1, 86400, 900, err))
        return MUD_EXIT_USAGE;
    mud_round_catch();
    if (!mud_round_open(
            &round, args, mud_t("fetch", "抓取"), mud_t("pages", "页"), err))
        return mud_exit_of(err);
    if (later)
        wait_for_next(every);
    for (bool first = !later; good && !mud_round_stop; first = false) {
        struct turn turn = {.every = every * MUD_SECOND,
                            .max_pages = once ? 0 : TURN_PAGES,
                            .summary = first && summary,
                            .tell = first || once,
                            .failing = &failing};
        good = one_round(&round, &turn, err);
        fflush(stdout);
        if (once)
            break;
        if (good && !round.unfinished)
            wait_for_next(pause_of(&turn, every));
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
