#include "graph/postings.h"

#include "base/hash.h"

#include <stdlib.h>

struct mud_postings {
    struct mud_arena *arena; /* of the terms */
    struct mud_posting *terms;
    size_t n, cap;
    uint32_t *slots; /* index of a term plus one; 0: free */
    size_t n_slots;  /* a power of two, at most half used */
    size_t bytes;
    const struct mud_posting **sorted;
};

struct mud_postings *mud_postings_new(void)
{
    struct mud_postings *postings = mud_calloc(1, sizeof(*postings));

    postings->arena = mud_arena_new();
    postings->n_slots = 4096;
    postings->slots = mud_calloc(postings->n_slots, sizeof(uint32_t));
    return postings;
}

void mud_postings_free(struct mud_postings *postings)
{
    if (!postings)
        return;
    for (size_t i = 0; i < postings->n; i++)
        free(postings->terms[i].bytes);
    free(postings->terms);
    free(postings->slots);
    free(postings->sorted);
    mud_arena_free(postings->arena);
    free(postings);
}

static uint32_t *find(struct mud_postings *postings, struct mud_str term)
{
    size_t mask = postings->n_slots - 1;
    size_t i = (size_t)mud_hash64(term.s, term.n) & mask;

    while (postings->slots[i] &&
           !mud_str_eq(postings->terms[postings->slots[i] - 1].term, term))
        i = (i + 1) & mask;
    return &postings->slots[i];
}

static void widen(struct mud_postings *postings)
{
    free(postings->slots);
    postings->n_slots *= 2;
    postings->slots = mud_calloc(postings->n_slots, sizeof(uint32_t));
    for (size_t i = 0; i < postings->n; i++)
        *find(postings, postings->terms[i].term) = (uint32_t)i + 1;
}

static struct mud_posting *posting_of(struct mud_postings *postings,
                                      struct mud_str term)
{
    uint32_t *slot = find(postings, term);
    struct mud_posting *posting = NULL;

    if (*slot)
        return &postings->terms[*slot - 1];
    if (2 * (postings->n + 1) > postings->n_slots) {
        widen(postings);
        slot = find(postings, term);
    }
    postings->terms = mud_grow(
        postings->terms, &postings->cap, postings->n, sizeof(*postings->terms));
    posting = &postings->terms[postings->n++];
    *posting = (struct mud_posting){.term = mud_str_dup(term, postings->arena)};
    *slot = (uint32_t)postings->n;
    postings->bytes += term.n + sizeof(*posting);
    return posting;
}

static void put(struct mud_postings *postings, struct mud_posting *posting,
                uint32_t doc)
{
    uint32_t step = doc + 1 - posting->next;

    if (posting->n + 5 > posting->cap) {
        posting->cap = posting->cap ? 2 * posting->cap : 8;
        posting->bytes = mud_realloc(posting->bytes, posting->cap);
    }
    while (step >= 0x80) {
        posting->bytes[posting->n++] = (uint8_t)(step | 0x80);
        step >>= 7;
        postings->bytes++;
    }
    posting->bytes[posting->n++] = (uint8_t)step;
    posting->next = doc + 1;
    postings->bytes++;
}

void mud_postings_add(struct mud_postings *postings, struct mud_str term,
                      uint32_t doc)
{
    struct mud_posting *posting = posting_of(postings, term);

    if (posting->next <= doc)
        put(postings, posting, doc);
}

static int by_term(const void *a, const void *b)
{
    const struct mud_posting *const *x = a, *const *y = b;

    return mud_str_cmp((*x)->term, (*y)->term);
}

const struct mud_posting *const *mud_postings_sorted(
    struct mud_postings *postings, size_t *n)
{
    free(postings->sorted);
    postings->sorted =
        mud_calloc(postings->n + 1, sizeof(struct mud_posting *));
    for (size_t i = 0; i < postings->n; i++)
        postings->sorted[i] = &postings->terms[i];
    qsort(postings->sorted, postings->n, sizeof(struct mud_posting *), by_term);
    *n = postings->n;
    return postings->sorted;
}

size_t mud_postings_bytes(const struct mud_postings *postings)
{
    return postings->bytes;
}

bool mud_postings_next(struct mud_str list, size_t *at, uint32_t *doc)
{
    uint64_t step = 0;
    size_t i = *at;

    for (unsigned shift = 0; i < list.n && shift < 35; shift += 7) {
        uint8_t byte = (uint8_t)list.s[i++];

        step |= (uint64_t)(byte & 0x7F) << shift;
        if (byte & 0x80)
            continue;
        if (!step)
            return false;
        step += (uint32_t)(*doc + 1); /* UINT32_MAX: 0, from the start */
        if (step > UINT32_MAX)
            return false;
        *doc = (uint32_t)(step - 1);
        *at = i;
        return true;
    }
    return false;
}
