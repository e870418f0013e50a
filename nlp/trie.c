#include "nlp/trie.h"

#include <stdlib.h>

#include "base/utf8.h"

#define NOBODY    UINT32_MAX
#define UNITS     65536u
#define KEY_UNITS 255u

enum { /* places looked at for the children of one node */
    FAST_TRIES = 2048,
    DENSE_TRIES = 16384
};

struct head { /* of an image */
    char magic[8];
    uint32_t n_nodes;
    uint32_t alphabet; /* codes are below it */
    uint32_t longest, spare;
};

static const char magic[8] = {'m', 'u', 'd', 't', 'r', 'i', 'e', '1'};

struct word { /* a key as units, then as codes */
    const uint16_t *s;
    uint32_t at, n, order;
    int32_t value;
};

struct range { /* keys lo..hi share the first `depth` codes, those of node */
    uint32_t node, lo, hi, depth;
};

struct build {
    struct word *words;
    uint32_t n_words;
    uint16_t *units;
    size_t n_units, units_cap;
    uint16_t code[UNITS];
    uint32_t alphabet, longest;

    struct mud_trie_node *nodes;
    uint32_t *next, *prev; /* circle of free nodes; node 0 is its head */
    size_t cap, next_cap, prev_cap;
    uint32_t n_nodes;
    uint32_t hint;  /* where to search from */
    uint32_t tries; /* how long */

    struct range *queue;
    size_t queue_cap, queue_n;
};

static bool word_units(struct build *b, struct word *word,
                       const struct mud_trie_key *key, size_t number,
                       struct mud_error *err)
{
    size_t at = 0, points = 0;

    if (!key->key.n || key->value == MUD_TRIE_NONE)
        return mud_fail(err, MUD_EINPUT, "trie key %zu: empty", number);
    if (mud_utf8_valid(key->key) != key->key.n)
        return mud_fail(err, MUD_EINPUT, "trie key %zu: not UTF-8", number);

    word->at = (uint32_t)b->n_units;
    while (at < key->key.n) {
        uint32_t c = mud_utf8_next(key->key, &at);

        b->units =
            mud_grow(b->units, &b->units_cap, b->n_units + 1, sizeof *b->units);
        points++;
        if (c >= 0x10000) {
            b->units[b->n_units++] = (uint16_t)(0xd7c0 + (c >> 10));
            c = 0xdc00 + (c & 0x3ff);
        }
        b->units[b->n_units++] = (uint16_t)c;
    }
    word->n = (uint32_t)b->n_units - word->at;
    if (word->n > KEY_UNITS)
        return mud_fail(err, MUD_EINPUT, "trie key %zu: too long", number);
    if (points > b->longest)
        b->longest = (uint32_t)points;
    return true;
}

static int by_codes(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    for (uint32_t i = 0; i < x->n && i < y->n; i++)
        if (x->s[i] != y->s[i])
            return x->s[i] < y->s[i] ? -1 : 1;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int by_count(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    if (x[0] != y[0])
        return x[0] > y[0] ? -1 : 1;
    return x[1] < y[1] ? -1 : 1;
}

/* The keys' units become codes, and the keys are sorted by them. */
static void spell(struct build *b)
{
    for (size_t i = 0; i < b->n_units; i++)
        b->units[i] = b->code[b->units[i]];
    for (uint32_t i = 0; i < b->n_words; i++)
        b->words[i].s = b->units + b->words[i].at;
    if (b->n_words)
        qsort(b->words, b->n_words, sizeof *b->words, by_codes);
}

static bool give_codes(struct build *b, struct mud_error *err)
{
    uint32_t(*count)[2] = mud_calloc(UNITS, sizeof *count);
    uint32_t used = 0;

    for (uint32_t i = 0; i < UNITS; i++)
        count[i][1] = i;
    for (size_t i = 0; i < b->n_units; i++)
        count[b->units[i]][0]++;
    qsort(count, UNITS, sizeof *count, by_count);
    while (used < UNITS - 1 && count[used][0]) {
        b->code[count[used][1]] = (uint16_t)(used + 1);
        used++;
    }
    b->alphabet = used + 1;
    used += count[used][0] ? 1 : 0;
    free(count);
    if (used >= UNITS)
        return mud_fail(err, MUD_ELIMIT, "trie: every character there is");
    spell(b);
    return true;
}

/* Have nodes up to number `need`, new ones free and in the circle. */
static void have(struct build *b, uint32_t need)
{
    b->nodes = mud_grow(b->nodes, &b->cap, need, sizeof *b->nodes);
    b->next = mud_grow(b->next, &b->next_cap, need, sizeof *b->next);
    b->prev = mud_grow(b->prev, &b->prev_cap, need, sizeof *b->prev);
    for (; b->n_nodes <= need; b->n_nodes++) {
        uint32_t i = b->n_nodes;

        b->nodes[i] = (struct mud_trie_node){0, NOBODY, MUD_TRIE_NONE};
        if (!i) {
            b->next[0] = b->prev[0] = 0;
            continue;
        }
        b->next[i] = 0;
        b->prev[i] = b->prev[0];
        b->next[b->prev[0]] = i;
        b->prev[0] = i;
    }
}

static bool is_used(const struct build *b, uint32_t i)
{
    return !i || (i < b->n_nodes && b->nodes[i].check != NOBODY);
}

/*
 * A base at which all n codes (the smallest first) hit free nodes. One child
 * takes the first free node it can. Several begin at the hint, which moves on
 * once a search was long, so that no full stretch is tried over and over.
 */
static uint32_t find_base(struct build *b, const uint16_t *codes, size_t n)
{
    uint32_t i = b->next[0];

    while (n > 1 && b->hint < b->n_nodes && is_used(b, b->hint))
        b->hint++;
    if (n > 1 && b->hint < b->n_nodes)
        i = b->hint;
    for (uint32_t tries = b->tries; i && tries; i = b->next[i], tries--) {
        size_t k = 0;

        if (i < codes[0])
            continue;
        while (k < n && !is_used(b, i - codes[0] + codes[k]))
            k++;
        if (k == n) {
            b->hint = n > 1 && tries < b->tries / 2 ? i : b->hint;
            return i - codes[0];
        }
    }
    if (n > 1)
        b->hint = i ? i : b->n_nodes;
    return b->n_nodes - codes[0];
}

static void take(struct build *b, uint32_t node, uint32_t parent)
{
    have(b, node);
    b->next[b->prev[node]] = b->next[node];
    b->prev[b->next[node]] = b->prev[node];
    b->nodes[node].check = parent;
}

/* Give the children of one node their places and put them in the queue. */
static void place(struct build *b, struct range r, uint16_t *codes)
{
    uint32_t lo = r.lo, base;
    size_t n = 0, first = b->queue_n;

    while (lo < r.hi && b->words[lo].n == r.depth) {
        if (b->nodes[r.node].value == MUD_TRIE_NONE)
            b->nodes[r.node].value = b->words[lo].value;
        lo++;
    }
    while (lo < r.hi) {
        uint16_t code = b->words[lo].s[r.depth];
        uint32_t hi = lo + 1;

        while (hi < r.hi && b->words[hi].s[r.depth] == code)
            hi++;
        b->queue =
            mud_grow(b->queue, &b->queue_cap, b->queue_n, sizeof *b->queue);
        b->queue[b->queue_n++] = (struct range){code, lo, hi, r.depth + 1};
        codes[n++] = code;
        lo = hi;
    }
    if (!n)
        return;

    for (size_t i = 1; i < n; i++)
        if (codes[i] < codes[0]) {
            uint16_t least = codes[i];

            codes[i] = codes[0];
            codes[0] = least;
        }
    base = find_base(b, codes, n);
    b->nodes[r.node].base = base;
    for (size_t i = first; i < b->queue_n; i++) {
        b->queue[i].node += base;
        take(b, b->queue[i].node, r.node);
    }
}

static void grow_tree(struct build *b)
{
    uint16_t *codes = mud_calloc(UNITS, sizeof *codes);

    have(b, b->alphabet);
    b->queue = mud_grow(b->queue, &b->queue_cap, 0, sizeof *b->queue);
    b->queue[b->queue_n++] = (struct range){0, 0, b->n_words, 0};
    for (size_t i = 0; i < b->queue_n; i++)
        place(b, b->queue[i], codes);
    /* Any code may be added to any base without leaving the array. */
    have(b, b->n_nodes + b->alphabet);
    free(codes);
}

static bool make_image(struct mud_trie *out, const struct build *b,
                       struct mud_error *err)
{
    struct head head = {
        .n_nodes = b->n_nodes, .alphabet = b->alphabet, .longest = b->longest};
    size_t nodes = (size_t)b->n_nodes * sizeof *b->nodes;
    size_t n = sizeof head + sizeof b->code + nodes;
    char *image = mud_malloc(n);

    memcpy(head.magic, magic, sizeof magic);
    memcpy(image, &head, sizeof head);
    memcpy(image + sizeof head, b->code, sizeof b->code);
    memcpy(image + sizeof head + sizeof b->code, b->nodes, nodes);
    if (!mud_trie_open(out, mud_str_of(image, n), err)) {
        free(image);
        return false;
    }
    out->own = image;
    return true;
}

static bool build(struct mud_trie *out, const struct mud_trie_key *keys,
                  size_t n, uint32_t tries, struct mud_error *err)
{
    struct build *b;
    bool ok = true;

    if (n > MUD_TRIE_KEYS_MAX)
        return mud_fail(
            err, MUD_ELIMIT, "trie: more than %u keys", MUD_TRIE_KEYS_MAX);

    b = mud_calloc(1, sizeof *b);
    b->tries = tries;
    b->n_words = (uint32_t)n;
    b->words = mud_calloc(n + 1, sizeof *b->words);
    for (size_t i = 0; ok && i < n; i++) {
        b->words[i].order = (uint32_t)i;
        b->words[i].value = keys[i].value;
        ok = word_units(b, &b->words[i], &keys[i], i, err);
    }
    if (ok) {
        ok = give_codes(b, err);
    }
    if (ok) {
        grow_tree(b);
        ok = make_image(out, b, err);
    }
    free(b->words);
    free(b->units);
    free(b->nodes);
    free(b->next);
    free(b->prev);
    free(b->queue);
    free(b);
    return ok;
}

bool mud_trie_build(struct mud_trie *out, const struct mud_trie_key *keys,
                    size_t n, struct mud_error *err)
{
    return build(out, keys, n, FAST_TRIES, err);
}

bool mud_trie_pack(struct mud_trie *out, const struct mud_trie_key *keys,
                   size_t n, struct mud_error *err)
{
    return build(out, keys, n, DENSE_TRIES, err);
}

bool mud_trie_open(struct mud_trie *out, struct mud_str image,
                   struct mud_error *err)
{
    const struct head *head = (const void *)image.s;
    const uint16_t *code;
    const struct mud_trie_node *nodes;

    if (image.n < sizeof *head + UNITS * sizeof *code ||
        (uintptr_t)image.s % 4 || memcmp(head->magic, magic, sizeof magic) != 0)
        return mud_fail(err, MUD_ECORRUPT, "trie: not an image of one");

    code = (const void *)(image.s + sizeof *head);
    nodes = (const void *)(image.s + sizeof *head + UNITS * sizeof *code);
    if (head->n_nodes <= head->alphabet || head->n_nodes > INT32_MAX ||
        image.n - sizeof *head - UNITS * sizeof *code !=
            (size_t)head->n_nodes * sizeof *nodes)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "trie: %zu bytes do not hold %u nodes",
                        image.n,
                        head->n_nodes);

    for (uint32_t i = 0; i < UNITS; i++)
        if (code[i] && code[i] >= head->alphabet)
            return mud_fail(err, MUD_ECORRUPT, "trie: code of unit %u", i);
    for (uint32_t i = 0; i < head->n_nodes; i++)
        if (nodes[i].base > head->n_nodes - head->alphabet)
            return mud_fail(err, MUD_ECORRUPT, "trie: base of node %u", i);

    *out = (struct mud_trie){.code = code,
                             .nodes = nodes,
                             .n_nodes = head->n_nodes,
                             .longest = head->longest,
                             .image = image};
    return true;
}

void mud_trie_free(struct mud_trie *trie)
{
    free(trie->own);
    *trie = (struct mud_trie){0};
}

int32_t mud_trie_get(const struct mud_trie *trie, struct mud_str key)
{
    uint32_t node = 0;
    size_t at = 0;

    if (!trie->nodes || !key.n)
        return MUD_TRIE_NONE;
    while (at < key.n)
        if (!mud_trie_step(trie, &node, mud_utf8_next(key, &at)))
            return MUD_TRIE_NONE;
    return mud_trie_value(trie, node);
}
