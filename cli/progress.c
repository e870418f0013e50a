#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#define BAR 30

struct mud_progress mud_progress_begin(const char *what, bool quiet)
{
    return (struct mud_progress){.what = what,
                                 .quiet = quiet,
                                 .terminal = isatty(STDERR_FILENO),
                                 .begun = mud_monotonic()};
}

static void bar(const struct mud_progress *progress, int64_t done,
                int64_t total, const char *unit)
{
    char cells[BAR + 1];
    int full = total > 0 ? (int)(done * BAR / total) : 0;

    if (full > BAR)
        full = BAR;
    for (int i = 0; i < BAR; i++)
        cells[i] = i < full ? '#' : '.';
    cells[BAR] = 0;
    if (total > 0)
        fprintf(stderr,
                "\r\033[K%s [%s] %lld/%lld %s",
                progress->what,
                cells,
                (long long)done,
                (long long)total,
                unit);
    else
        fprintf(stderr,
                "\r\033[K%s %lld %s",
                progress->what,
                (long long)done,
                unit);
}

void mud_progress_step(struct mud_progress *progress, int64_t done,
                       int64_t total, const char *unit)
{
    int64_t now = mud_monotonic();
    int64_t every = progress->terminal ? MUD_SECOND / 10 : 5 * MUD_SECOND;

    if (progress->quiet || progress->shared ||
        now - progress->begun < MUD_SECOND ||
        (progress->shown && now - progress->last < every) ||
        (!progress->terminal && done == progress->done))
        return;
    progress->shown = true;
    progress->done = done;
    progress->last = now;
    if (progress->terminal)
        bar(progress, done, total, unit);
    else if (total > 0)
        fprintf(stderr,
                "%s: %lld/%lld %s\n",
                progress->what,
                (long long)done,
                (long long)total,
                unit);
    else
        fprintf(stderr, "%s: %lld %s\n", progress->what, (long long)done, unit);
}

void mud_progress_end(struct mud_progress *progress)
{
    if (progress->terminal &&
        (progress->shown || (progress->shared && !progress->quiet)))
        fputs("\r\033[K", stderr);
    /* a line of a log stays: the next one is due when it is due */
    progress->shown = progress->shown && !progress->terminal;
}
