#include "nlp/foldtab.h"

#include "nlp/fold.h"

static bool numbers_hold(const struct mud_fold_table *t,
                         const struct mud_fold_head *head)
{
    for (uint32_t i = 0; i < MUD_FOLD_STAGE; i++)
        if (t->stage[i] >= head->n_blocks)
            return false;
    for (uint32_t i = 0; i < head->n_blocks * MUD_FOLD_BLOCK; i++)
        if (t->block[i] >= head->n_actions)
            return false;
    for (uint32_t i = 0; i < head->n_actions; i++)
        if (t->actions[i].pool > head->n_pool ||
            t->actions[i].len > head->n_pool - t->actions[i].pool ||
            t->actions[i].what > MUD_FOLD_REGION ||
            t->actions[i].layer >= MUD_FOLD_LAYERS)
            return false;
    return true;
}

bool mud_fold_table_open(struct mud_fold_table *out, struct mud_str image,
                         struct mud_error *err)
{
    const struct mud_fold_head *head = (const void *)image.s;
    struct mud_fold_table t;
    size_t stage = MUD_FOLD_STAGE * sizeof *t.stage, block, actions;

    if (image.n < sizeof *head + stage || (uintptr_t)image.s % 4 ||
        memcmp(head->magic, MUD_FOLD_MAGIC, sizeof head->magic) != 0 ||
        head->n_blocks > MUD_FOLD_STAGE || head->n_actions > UINT16_MAX)
        return mud_fail(err, MUD_ECORRUPT, "fold table: not one");

    block = (size_t)head->n_blocks * MUD_FOLD_BLOCK * sizeof *t.block;
    actions = head->n_actions * sizeof *t.actions;
    if (image.n != sizeof *head + stage + block + actions + head->n_pool)
        return mud_fail(err, MUD_ECORRUPT, "fold table: %zu bytes", image.n);

    t.stage = (const void *)(image.s + sizeof *head);
    t.block = (const void *)(image.s + sizeof *head + stage);
    t.actions = (const void *)(image.s + sizeof *head + stage + block);
    t.pool = image.s + sizeof *head + stage + block + actions;
    t.n_actions = head->n_actions;
    if (!numbers_hold(&t, head))
        return mud_fail(err, MUD_ECORRUPT, "fold table: a number is off");

    *out = t;
    return true;
}
