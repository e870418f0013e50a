#include "graph/search_docs.h"

#include "graph/batch.h"
#include "graph/bytes.h"
#include "graph/search_index.h"
#include "graph/search_sets.h"

#include <stdio.h>
#include <stdlib.h>

#define CHUNK MUD_SEARCH_CHUNK
#define AHEAD 32 /* chunks that are fetched at once, at most */

struct walk { /* through one segment */
    const struct mud_segment *segment;
    int64_t at;                   /* number of the next document to be queued */
    struct mud_search_doc *queue; /* in the order of the walk */
    size_t n, cap, next;
    size_t ahead; /* chunks to fetch; doubles */
};

struct mud_search_docs {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_query *query;
    bool oldest;
    struct mud_search_sets sets;
    struct walk *walks;            /* one a segment */
    MUD_ROWS(mud_search_doc) open; /* of the open segment, in order */
    size_t at;                     /* the one of open whose turn it is */
    struct mud_search_doc last;    /* given */
    bool any;
    struct mud_id_set *given; /* NULL: places, not texts */
    struct mud_arena *arena;  /* of one text */
    struct mud_bytes bytes;
};

static bool scan_content(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct mud_search_docs *docs = payload;
    struct mud_units units = {0};
    struct mud_search_doc *doc = NULL;

    (void)err;
    if (docs->query->n_texts) {
        mud_arena_reset(docs->arena);
        mud_units_of(
            &units, docs->reader, mud_rows_get(one, 0, 1), docs->arena);
        if (!mud_query_match(docs->query, &units, NULL, NULL, docs->arena))
            return true;
    }
    doc = MUD_ADD(&docs->open);
    doc->content = mud_rows_id(one, 0, 0);
    doc->at = mud_rows_time(one, 0, 2);
    return true;
}

/* The one seen last first, as segments have them. */
static int by_time(const void *a, const void *b)
{
    const struct mud_search_doc *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return mud_id_cmp(x->content, y->content);
}

/* Negative: a comes before b on this walk. */
static int before(const struct mud_search_docs *docs,
                  const struct mud_search_doc *a,
                  const struct mud_search_doc *b)
{
    int order = by_time(a, b);

    return docs->oldest ? -order : order;
}

static bool has(const struct mud_search_docs *docs, const struct walk *walk,
                int64_t doc)
{
    size_t bit = walk->segment->base + (size_t)doc;

    return docs->sets.bits[bit / 64] >> bit % 64 & 1;
}

/* The first document of the set at or behind `at`, in the walk's direction;
 * -1 or the number of documents when there is none. */
static int64_t next_doc(const struct mud_search_docs *docs,
                        const struct walk *walk, int64_t at)
{
    const uint64_t *words = docs->sets.bits + walk->segment->base / 64;
    int64_t n = walk->segment->docs;

    while (!docs->oldest && at < n) {
        uint64_t word = words[at / 64] >> at % 64;

        if (word)
            return at + __builtin_ctzll(word) < n ? at + __builtin_ctzll(word)
                                                  : n;
        at = (at / 64 + 1) * 64;
    }
    while (docs->oldest && at >= 0) {
        uint64_t word = words[at / 64] << (63 - at % 64);

        if (word)
            return at - __builtin_clzll(word);
        at = at / 64 * 64 - 1;
    }
    return docs->oldest ? -1 : n;
}

static bool ended(const struct mud_search_docs *docs, const struct walk *walk)
{
    return docs->oldest ? walk->at < 0 : walk->at >= walk->segment->docs;
}

static bool broken(const struct walk *walk, struct mud_error *err)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "search: segment %d is broken: run mudlark rebuild",
                    walk->segment->number);
}

struct chunk {
    int64_t number;
    size_t n;
    struct mud_search_doc docs[CHUNK];
};

/* Chunks in the order of numbers[], which are all there. */
static bool fetch(struct mud_search_docs *docs, const struct walk *walk,
                  struct chunk *chunks, size_t n, struct mud_error *err)
{
    struct mud_buf list = {0};
    char number[24];
    struct mud_str args[2] = {{0}};
    struct mud_rows *rows = NULL;
    bool good = false;

    snprintf(number, sizeof(number), "%d", walk->segment->number);
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(
            &list, "%s%lld", i ? "," : "{", (long long)chunks[i].number);
    mud_buf_c(&list, '}');
    args[0] = mud_str_z(number);
    args[1] = mud_buf_view(&list);
    good = mud_pg_query(&rows, docs->pg, mud_sql("search_ids"), args, 2, err);
    mud_buf_free(&list);
    if (!good)
        return false;
    good = mud_rows_count(rows) == n;
    for (size_t i = 0; good && i < n; i++) {
        struct chunk *chunk = chunks;
        struct mud_str bytes = {0};

        while (chunk < chunks + n && chunk->number != mud_rows_int(rows, i, 0))
            chunk++;
        good = chunk < chunks + n &&
               mud_bytes_of(&docs->bytes, &bytes, mud_rows_get(rows, i, 1)) &&
               bytes.n % 16 == 0 && bytes.n / 16 <= CHUNK;
        chunk->n = good ? bytes.n / 16 : 0;
        for (size_t k = 0; good && k < chunk->n; k++)
            memcpy(chunk->docs[k].content.b, bytes.s + 16 * k, 16);
        good = good &&
               mud_bytes_of(&docs->bytes, &bytes, mud_rows_get(rows, i, 2)) &&
               bytes.n == 8 * chunk->n;
        for (size_t k = 0; good && k < chunk->n; k++)
            chunk->docs[k].at = mud_bytes_i64(bytes.s + 8 * k);
    }
    mud_rows_free(rows);
    return good || broken(walk, err);
}

/* Queue what the next few chunks have of the set. */
static bool fill(struct mud_search_docs *docs, struct walk *walk,
                 struct mud_error *err)
{
    int64_t direction = docs->oldest ? -1 : 1, at = walk->at;
    struct chunk *chunks = NULL;
    size_t n = 0;
    bool good = false;

    walk->n = walk->next = 0;
    if (ended(docs, walk))
        return true;
    chunks = mud_calloc(walk->ahead, sizeof(*chunks));
    while (n < walk->ahead && at >= 0 && at < walk->segment->docs) {
        chunks[n++].number = at / CHUNK;
        at = docs->oldest ? at / CHUNK * CHUNK - 1 : (at / CHUNK + 1) * CHUNK;
        at = next_doc(docs, walk, at);
    }
    good = fetch(docs, walk, chunks, n, err);
    for (size_t i = 0; good && i < n; i++) {
        const struct chunk *chunk = &chunks[i];

        for (; !ended(docs, walk) && walk->at / CHUNK == chunk->number;
             walk->at += direction) {
            if (!has(docs, walk, walk->at))
                continue;
            if ((size_t)(walk->at % CHUNK) >= chunk->n) {
                good = broken(walk, err);
                break;
            }
            walk->queue = mud_grow(
                walk->queue, &walk->cap, walk->n, sizeof(*walk->queue));
            walk->queue[walk->n++] = chunk->docs[walk->at % CHUNK];
        }
        walk->at = next_doc(docs, walk, walk->at);
    }
    walk->ahead = walk->ahead * 2 < AHEAD ? walk->ahead * 2 : AHEAD;
    free(chunks);
    return good;
}

/*
 * The number of documents of the segment that come before `after` in its own
 * order, or are it: all chunks are sorted, so that a few tell.
 */
static bool seek(struct mud_search_docs *docs, const struct walk *walk,
                 const struct mud_search_doc *after, int64_t *out,
                 struct mud_error *err)
{
    int64_t low = 0, high = (walk->segment->docs - 1) / CHUNK;
    struct chunk *chunk = mud_calloc(1, sizeof(*chunk));
    bool good = true;
    size_t k = 0;

    /* The last chunk whose first document is not behind it. */
    while (good && low < high) {
        int64_t middle = (low + high + 1) / 2;

        chunk->number = middle;
        good = fetch(docs, walk, chunk, 1, err);
        if (good && chunk->n && by_time(&chunk->docs[0], after) <= 0)
            low = middle;
        else
            high = middle - 1;
    }
    chunk->number = low;
    good = good && fetch(docs, walk, chunk, 1, err);
    while (k < chunk->n && by_time(&chunk->docs[k], after) <= 0)
        k++;
    *out = low * CHUNK + (int64_t)k;
    free(chunk);
    return good;
}

static bool begin_walk(struct mud_search_docs *docs, struct walk *walk,
                       const struct mud_search_doc *after,
                       struct mud_error *err)
{
    int64_t n = walk->segment->docs, passed = 0;

    walk->ahead = 1;
    walk->at = docs->oldest ? n - 1 : 0;
    if (after && n) {
        if (!seek(docs, walk, after, &passed, err))
            return false;
        /* The one itself may be the last passed; next() leaves it out. */
        walk->at = docs->oldest ? passed - 1 : passed;
    }
    walk->at = next_doc(docs, walk, walk->at);
    return fill(docs, walk, err);
}

static void begin_open(struct mud_search_docs *docs,
                       const struct mud_search_doc *after)
{
    size_t n = docs->open.n;

    if (n)
        qsort(docs->open.at, n, sizeof(*docs->open.at), by_time);
    for (size_t i = 0; docs->oldest && i < n / 2; i++) {
        struct mud_search_doc swap = docs->open.at[i];

        docs->open.at[i] = docs->open.at[n - 1 - i];
        docs->open.at[n - 1 - i] = swap;
    }
    while (after && docs->at < n &&
           before(docs, &docs->open.at[docs->at], after) <= 0)
        docs->at++;
}

bool mud_search_docs_open(struct mud_search_docs **out, struct mud_pg *pg,
                          const struct mud_reader *reader,
                          const struct mud_query *query,
                          struct mud_search_order order, struct mud_error *err)
{
    struct mud_search_docs *docs = mud_calloc(1, sizeof(*docs));
    /* What was seen last before the query's times can't match. */
    struct mud_search_doc early = {{{0}}, query->lo};
    const struct mud_search_doc *after = order.after;

    if (!after && order.oldest && query->lo > INT64_MIN) {
        early.at--;
        after = &early;
    }
    docs->pg = pg;
    docs->reader = reader;
    docs->query = query;
    docs->oldest = order.oldest;
    if (order.once)
        docs->given = mud_id_set_new();
    docs->arena = mud_arena_new();
    *out = docs;
    if (!mud_search_sets_open(&docs->sets, pg, query, err) ||
        !mud_pg_each(
            pg, mud_sql("search_open"), NULL, 0, scan_content, docs, err))
        return false;
    begin_open(docs, after);
    if (order.after) {
        docs->last = *after;
        docs->any = true;
    }
    docs->walks = mud_calloc(docs->sets.n + 1, sizeof(*docs->walks));
    for (size_t i = 0; i < docs->sets.n; i++) {
        docs->walks[i].segment = &docs->sets.segments[i];
        if (!begin_walk(docs, &docs->walks[i], after, err))
            return false;
    }
    return true;
}

void mud_search_docs_close(struct mud_search_docs *docs)
{
    if (!docs)
        return;
    for (size_t i = 0; docs->walks && i < docs->sets.n; i++)
        free(docs->walks[i].queue);
    free(docs->walks);
    mud_search_sets_close(&docs->sets);
    free(docs->open.at);
    mud_id_set_free(docs->given);
    mud_arena_free(docs->arena);
    mud_bytes_free(&docs->bytes);
    free(docs);
}

int64_t mud_search_docs_count(const struct mud_search_docs *docs)
{
    return docs->sets.count + (int64_t)docs->open.n;
}

int64_t mud_search_docs_all(const struct mud_search_docs *docs)
{
    return docs->sets.docs;
}

int64_t mud_search_docs_having(const struct mud_search_docs *docs, size_t i)
{
    return docs->sets.df[i];
}

/* The next of those whose turn it is; *end when there are none. */
static bool take(struct mud_search_docs *docs, struct mud_search_doc *out,
                 bool *end, struct mud_error *err)
{
    struct walk *from = NULL;

    *end = docs->at == docs->open.n;
    if (!*end)
        *out = docs->open.at[docs->at];
    for (size_t i = 0; i < docs->sets.n; i++) {
        struct walk *walk = &docs->walks[i];

        if (walk->next == walk->n)
            continue;
        if (!*end && before(docs, out, &walk->queue[walk->next]) <= 0)
            continue;
        *out = walk->queue[walk->next];
        *end = false;
        from = walk;
    }
    if (!from) {
        docs->at += !*end;
        return true;
    }
    return ++from->next < from->n || fill(docs, from, err);
}

bool mud_search_docs_next(struct mud_search_docs *docs,
                          struct mud_search_doc *out, bool *end,
                          struct mud_error *err)
{
    bool again = true;

    /* A text seen again with an older post has two equal places. */
    while (again) {
        if (!take(docs, out, end, err))
            return false;
        again = !*end && docs->any && by_time(out, &docs->last) == 0;
        if (!again && !*end && docs->given)
            mud_id_set_put(docs->given, out->content, 0, &again);
    }
    if (!*end) {
        docs->last = *out;
        docs->any = true;
    }
    return true;
}
