#include "nlp/suggest_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"

static size_t power_of_two(size_t n)
{
    size_t size = 1024;

    while (size < n)
        size *= 2;
    return size;
}

void mud_tally_make(struct mud_tally *tally, size_t slots)
{
    *tally = (struct mud_tally){.size = power_of_two(slots)};
    tally->cells = mud_calloc(tally->size, sizeof *tally->cells);
}

void mud_tally_free(struct mud_tally *tally)
{
    free(tally->cells);
    *tally = (struct mud_tally){0};
}

static size_t place_of(const struct mud_tally *tally, uint64_t key)
{
    size_t at = (size_t)mud_mix64(key) & (tally->size - 1);

    while (tally->cells[at].key && tally->cells[at].key != key)
        at = (at + 1) & (tally->size - 1);
    return at;
}

/* Drop what is no more frequent than `most`. */
static void drop(struct mud_tally *tally, uint32_t most)
{
    struct mud_tally fresh = {.size = tally->size, .floor = tally->floor};

    fresh.cells = mud_calloc(fresh.size, sizeof *fresh.cells);
    for (size_t i = 0; i < tally->size; i++) {
        if (!tally->cells[i].key || tally->cells[i].count <= most)
            continue;
        fresh.cells[place_of(&fresh, tally->cells[i].key)] = tally->cells[i];
        fresh.used++;
    }
    if (fresh.floor < most)
        fresh.floor = most;
    free(tally->cells);
    *tally = fresh;
}

/* Drop the rarest until half is free again (lossy counting: Manku and Motwani
 * 2002): as few as do, or a term that comes late could never grow. */
static void prune(struct mud_tally *tally)
{
    for (uint32_t most = 1; tally->used > tally->size / 2; most *= 2)
        drop(tally, most);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void add_one(struct mud_tally *tally, uint64_t key, bool deals)
{
    struct mud_tally_cell *cell;

    key = key ? key : 1;
    cell = &tally->cells[place_of(tally, key)];
    if (cell->key) {
        cell->count++;
        cell->deals += deals;
        return;
    }
    *cell = (struct mud_tally_cell){key, 1, deals};
    if (++tally->used > tally->size / 4 * 3)
        prune(tally);
}

void mud_tally_add(struct mud_tally *tally, uint64_t *keys, size_t n,
                   bool deals)
{
    if (n)
        qsort(keys, n, sizeof *keys, by_key);
    for (size_t i = 0; i < n; i++)
        if (!i || keys[i] != keys[i - 1])
            add_one(tally, keys[i], deals);
}

struct mud_tally_cell *mud_tally_get(const struct mud_tally *tally,
                                     uint64_t key)
{
    struct mud_tally_cell *cell = &tally->cells[place_of(tally, key ? key : 1)];

    return cell->key ? cell : NULL;
}

void mud_pairs_make(struct mud_pairs *pairs, size_t slots)
{
    *pairs = (struct mud_pairs){.size = power_of_two(slots)};
    pairs->cells = mud_calloc(pairs->size, sizeof *pairs->cells);
}

void mud_pairs_free(struct mud_pairs *pairs)
{
    free(pairs->cells);
    *pairs = (struct mud_pairs){0};
}

void mud_pairs_add(struct mud_pairs *pairs, uint32_t who, uint32_t what)
{
    uint64_t key = (uint64_t)(who + 1) << 32 | what;
    size_t at = (size_t)mud_mix64(key) & (pairs->size - 1);
    struct mud_pair_cell *cell = &pairs->cells[at];

    while (cell->who && (cell->who != who + 1 || cell->what != what)) {
        at = (at + 1) & (pairs->size - 1);
        cell = &pairs->cells[at];
    }
    if (!cell->who) {
        if (pairs->used >= pairs->size / 8 * 7) {
            pairs->full = true;
            return;
        }
        pairs->used++;
        *cell = (struct mud_pair_cell){who + 1, what, 0};
    }
    cell->count++;
}

static int by_who(const void *a, const void *b)
{
    const struct mud_pair_cell *x = a, *y = b;

    if (x->who != y->who)
        return x->who < y->who ? -1 : 1;
    return (x->what > y->what) - (x->what < y->what);
}

void mud_pairs_sort(struct mud_pairs *pairs)
{
    size_t n = 0;

    for (size_t i = 0; i < pairs->size; i++)
        if (pairs->cells[i].who)
            pairs->cells[n++] = pairs->cells[i];
    if (n)
        qsort(pairs->cells, n, sizeof *pairs->cells, by_who);
    pairs->used = n;
}

void mud_sieve_make(struct mud_sieve *sieve)
{
    *sieve = (struct mud_sieve){.size = 4096};
    sieve->slots = mud_calloc(sieve->size, sizeof *sieve->slots);
}

void mud_sieve_free(struct mud_sieve *sieve)
{
    free(sieve->slots);
    *sieve = (struct mud_sieve){0};
}

/* Where number is, or the free slot for it: there is always one. */
static uint64_t *slot_of(const struct mud_sieve *sieve, uint64_t number)
{
    size_t at = mud_mix64(number) & (sieve->size - 1);

    while (sieve->slots[at] && sieve->slots[at] != number)
        at = (at + 1) & (sieve->size - 1);
    return &sieve->slots[at];
}

static void widen(struct mud_sieve *sieve)
{
    struct mud_sieve wide = {.size = 2 * sieve->size, .n = sieve->n};

    wide.slots = mud_calloc(wide.size, sizeof *wide.slots);
    for (size_t i = 0; i < sieve->size; i++)
        if (sieve->slots[i])
            *slot_of(&wide, sieve->slots[i]) = sieve->slots[i];
    free(sieve->slots);
    *sieve = wide;
}

bool mud_sieve_seen(struct mud_sieve *sieve, uint64_t number)
{
    uint64_t *slot = slot_of(sieve, number);

    if (*slot)
        return true;
    if (sieve->n >= MUD_SIEVE_MAX)
        return false;
    *slot = number;
    if (++sieve->n * 2 > sieve->size)
        widen(sieve);
    return false;
}
