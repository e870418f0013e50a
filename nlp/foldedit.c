/* Changing a fold in places while it keeps its alignment: see folding.h. */
#include "base/utf8.h"
#include "nlp/folding.h"

void mud_fold_edit_add(struct mud_fold_edits *edits, struct mud_fold_edit edit)
{
    edits->v = mud_arena_grow(
        edits->arena, edits->v, &edits->cap, edits->n, sizeof *edits->v);
    edits->v[edits->n++] = edit;
}

void mud_fold_edit_char(struct mud_fold_edits *edits, size_t start, size_t end,
                        uint32_t c, enum mud_fold_layer layer)
{
    char utf8[4];
    size_t n = mud_utf8_put(c, utf8);

    mud_fold_edit_add(
        edits,
        (struct mud_fold_edit){
            .start = (uint32_t)start,
            .end = (uint32_t)end,
            .with = mud_str_of(mud_arena_dup(edits->arena, utf8, n), n),
            .layer = (uint8_t)layer});
}

/* Does a folded span begin and end where a run or a character does? */
static bool is_whole(const struct mud_fold *fold, uint32_t start, uint32_t end)
{
    const struct mud_fold_run *run = mud_fold_run_at(fold, start);
    const struct mud_fold_run *last = mud_fold_run_at(fold, end - 1);
    const struct mud_fold_run *stop = fold->runs + fold->n_runs;

    if (!run->even && run->at != start)
        return false;
    if (last->even)
        return true;
    return end == (last + 1 < stop ? last[1].at : fold->text.n);
}

struct copy { /* a fold being written anew */
    const struct mud_fold *from;
    struct mud_fold_runs runs;
    char *out;
    size_t n_out;
    uint32_t run; /* of from, the first not done */
};

static void copy_span(struct copy *c, uint32_t start, uint32_t end)
{
    const struct mud_fold *fold = c->from;

    while (c->run < fold->n_runs && start < end) {
        struct mud_fold_run run = fold->runs[c->run];
        uint32_t stop = c->run + 1 < fold->n_runs ? fold->runs[c->run + 1].at
                                                  : (uint32_t)fold->text.n;
        if (stop <= start) {
            c->run++;
            continue;
        }
        if (run.even) {
            run.start += start - run.at;
            run.end = run.start + ((stop < end ? stop : end) - start);
        }
        if (stop > end)
            stop = end;
        run.at = (uint32_t)c->n_out;
        mud_fold_put_run(&c->runs, run);
        memcpy(c->out + c->n_out, fold->text.s + start, stop - start);
        c->n_out += stop - start;
        start = stop;
    }
}

/* Edits are in order and apart; those that would cut a run are left out. */
void mud_fold_edit_apply(struct mud_fold *fold,
                         const struct mud_fold_edits *edits)
{
    struct copy c = {.from = fold, .runs = {.arena = edits->arena}};
    size_t cap = fold->text.n;
    uint32_t at = 0;

    if (!edits->n)
        return;
    for (size_t i = 0; i < edits->n; i++)
        cap += edits->v[i].with.n;
    c.out = mud_arena_alloc(edits->arena, cap);
    for (size_t i = 0; i < edits->n; i++) {
        const struct mud_fold_edit *e = &edits->v[i];
        struct mud_span raw;

        if (!is_whole(fold, e->start, e->end))
            continue;
        copy_span(&c, at, e->start);
        at = e->end;
        if (!e->with.n)
            continue;
        raw = mud_fold_raw(fold, (struct mud_span){e->start, e->end});
        mud_fold_put_run(&c.runs,
                         (struct mud_fold_run){.at = (uint32_t)c.n_out,
                                               .start = raw.start,
                                               .end = raw.end,
                                               .layer = e->layer});
        memcpy(c.out + c.n_out, e->with.s, e->with.n);
        c.n_out += e->with.n;
    }
    copy_span(&c, at, (uint32_t)fold->text.n);
    fold->text = mud_str_of(c.out, c.n_out);
    fold->runs = c.runs.v;
    fold->n_runs = (uint32_t)c.runs.n;
}
