/* Which raw bytes folded text came from, and the other way. */
#include "nlp/fold.h"

/* Number of the run that holds a folded byte; at must be below text.n. */
static uint32_t find_run(const struct mud_fold *fold, uint32_t at)
{
    uint32_t lo = 0, hi = fold->n_runs;

    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (fold->runs[mid].at <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* The same from a run before it on: it is most often the same or the next. */
static uint32_t find_run_from(const struct mud_fold *fold, uint32_t run,
                              uint32_t at)
{
    for (uint32_t i = run + 1; i < run + 4; i++) {
        if (i >= fold->n_runs || fold->runs[i].at > at)
            return i - 1;
    }
    return find_run(fold, at);
}

struct mud_span mud_fold_raw(const struct mud_fold *fold,
                             struct mud_span folded)
{
    const struct mud_fold_run *run, *first;
    struct mud_span raw;

    if (folded.end > fold->text.n)
        folded.end = (uint32_t)fold->text.n;
    if (folded.start >= fold->text.n || !fold->n_runs) {
        uint32_t end = fold->n_runs ? fold->runs[fold->n_runs - 1].end : 0;

        return (struct mud_span){end, end};
    }
    first = run = &fold->runs[find_run(fold, folded.start)];
    raw.start = run->even ? run->start + (folded.start - run->at) : run->start;
    raw.end = raw.start;
    if (folded.end <= folded.start)
        return raw;

    run = &fold->runs[find_run_from(
        fold, (uint32_t)(first - fold->runs), folded.end - 1)];
    raw.end = run->even ? run->start + (folded.end - run->at) : run->end;
    if (raw.end > raw.start)
        return raw;
    /* text that was turned round: its runs go backwards */
    for (; first <= run; first++) {
        if (first->start < raw.start)
            raw.start = first->start;
        if (first->end > raw.end)
            raw.end = first->end;
    }
    return raw;
}

uint32_t mud_fold_at(const struct mud_fold *fold, uint32_t raw)
{
    uint32_t lo = 0, hi = fold->n_runs;
    const struct mud_fold_run *run;

    if (raw >= fold->raw.n)
        return (uint32_t)fold->text.n;
    while (lo < hi) { /* first run that ends behind raw */
        uint32_t mid = lo + (hi - lo) / 2;

        if (fold->runs[mid].end > raw)
            hi = mid;
        else
            lo = mid + 1;
    }
    if (lo == fold->n_runs)
        return (uint32_t)fold->text.n;
    run = &fold->runs[lo];
    if (raw <= run->start || !run->even)
        return run->at;
    return run->at + (raw - run->start);
}

const struct mud_fold_run *mud_fold_run_at(const struct mud_fold *fold,
                                           uint32_t at)
{
    if (at >= fold->text.n || !fold->n_runs)
        return NULL;
    return &fold->runs[find_run(fold, at)];
}

unsigned mud_fold_surely(const struct mud_fold *fold, struct mud_span folded)
{
    unsigned sure = 1000;

    if (folded.start >= folded.end || folded.start >= fold->text.n ||
        !fold->n_runs)
        return sure;
    for (uint32_t i = find_run(fold, folded.start);
         i < fold->n_runs && fold->runs[i].at < folded.end;
         i++)
        if (fold->runs[i].sure < sure)
            sure = fold->runs[i].sure;
    return sure;
}
