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

/* Every active forum; one that is out of its terms or cannot be fetched is
 * said so, and the next one has its turn. max_pages 0: each to its end. */
static bool fetch_all(struct mud_round *round, int64_t max_pages,
                      struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_arena *arena = mud_arena_new();
    size_t n;
    bool good = mud_source_list(&sources, &n, round->worker.pg, arena, err);

    for (size_t i = 0; good && i < n && !mud_round_stop; i++) {
        if (!mud_str_eqz(sources[i].kind, "forum") ||
            mud_round_fetch(round, &sources[i], max_pages, err))
            continue;
        good = err->code == MUD_EDENIED || err->code == MUD_EUSAGE;
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
static bool one_round(struct mud_round *round, bool summary, int64_t max_pages,
                      struct mud_error *err)
{
    struct mud_unread unread = {0};
    struct mud_report left = {0};
    char now[MUD_LOCAL_TEXT];

    if (!summary)
        mud_out_text(&round->out, "\n%s\n", mud_local_text(now, mud_now()));
    round->unfinished = false;
    return fetch_all(round, max_pages, err) &&
           mud_read_unread(&left, &round->worker, &unread, err) &&
           mud_round_link(round, err) && (!summary || mud_summary(round, err));
}

static void wait_for_next(int64_t seconds)
{
    for (int64_t i = 0; i < seconds * 10 && !mud_round_stop; i++)
        usleep(100000);
}

int mud_cmd_up(const struct mud_args *args, struct mud_error *err)
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
    if (later)
        wait_for_next(every);
    for (bool first = !later; good && !mud_round_stop; first = false) {
        good = one_round(&round, first, once ? 0 : TURN_PAGES, err);
        fflush(stdout);
        if (once)
            break;
        if (good && !round.unfinished)
            wait_for_next(every);
    }
    int code = good ? mud_round_end(&round, err) : mud_exit_of(err);
    mud_round_close(&round);
    return code;
}
