#include "graph/search_docs.h"

#include "base/utf8.h"
#include "graph/batch.h"
#include "graph/bytes.h"
#include "graph/postings.h"
#include "graph/search_index.h"

#include <stdio.h>
#include <stdlib.h>

#define DOCS MUD_SEARCH_DOCS_MAX

struct segment {
    int32_t number;
    size_t terms;          /* how many terms of the query were met */
    uint64_t *docs, *next; /* bit sets; next: of the term being read */
    uint32_t at;           /* the document whose turn it is; DOCS: none */
    int64_t chunk;         /* loaded; -1: none */
    struct mud_search_doc loaded[MUD_SEARCH_CHUNK];
};

struct mud_search_docs {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_query *query;
    MUD_ROWS(segment) segments;
    MUD_ROWS(mud_search_doc) open; /* of the open segment, sorted */
    size_t at;                     /* the one of open whose turn it is */
    struct mud_id_set *given;
    struct mud_arena *arena; /* of one text */
    struct mud_bytes bytes;
    int64_t count;
};

static struct segment *segment_of(struct mud_search_docs *docs, int64_t number)
{
    struct segment *segment = NULL;

    for (size_t i = 0; i < docs->segments.n; i++)
        if (docs->segments.at[i].number == number)
            return &docs->segments.at[i];
    segment = MUD_ADD(&docs->segments);
    segment->number = (int32_t)number;
    segment->chunk = -1;
    segment->docs = mud_calloc(DOCS / 64, sizeof(uint64_t));
    segment->next = mud_calloc(DOCS / 64, sizeof(uint64_t));
    return segment;
}

static bool broken(const struct segment *segment, struct mud_error *err)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "search: segment %d is broken: run mudlark rebuild",
                    segment->number);
}

static bool take_list(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct mud_search_docs *docs = payload;
    struct segment *segment = segment_of(docs, mud_rows_int(one, 0, 1));
    struct mud_str list = {0};
    uint32_t doc = UINT32_MAX;
    size_t at = 0;

    if (!mud_bytes_of(&docs->bytes, &list, mud_rows_get(one, 0, 2)))
        return broken(segment, err);
    while (mud_postings_next(list, &at, &doc))
        if (doc < DOCS)
            segment->next[doc / 64] |= UINT64_C(1) << doc % 64;
    return at == list.n || broken(segment, err);
}

/* Documents of this term too: AND what was gathered in next. */
static void narrow(struct mud_search_docs *docs, size_t terms)
{
    for (size_t i = 0; i < docs->segments.n; i++) {
        struct segment *segment = &docs->segments.at[i];

        if (segment->terms != terms)
            continue; /* fell out at an earlier term */
        for (size_t j = 0; j < DOCS / 64; j++)
            segment->docs[j] =
                terms ? segment->docs[j] & segment->next[j] : segment->next[j];
        memset(segment->next, 0, DOCS / 8);
        segment->terms++;
    }
}

/* {"term"} */
static void quote_array(struct mud_buf *buf, struct mud_str term)
{
    mud_buf_z(buf, "{\"");
    for (size_t i = 0; i < term.n; i++) {
        if (term.s[i] == '"' || term.s[i] == '\\')
            mud_buf_c(buf, '\\');
        mud_buf_c(buf, term.s[i]);
    }
    mud_buf_z(buf, "\"}");
}

static bool term_lists(struct mud_search_docs *docs,
                       const struct mud_query_term *term, struct mud_error *err)
{
    struct mud_str args[2] = {term->text, {0}};
    struct mud_buf buf = {0};
    char next[4];
    size_t at = 0;
    bool done = false;

    if (term->prefix) {
        uint32_t c = mud_utf8_next(term->text, &at);

        args[1] = mud_str_of(next, mud_utf8_put(c + 1, next));
        return mud_pg_each(docs->pg,
                           mud_sql("search_lists_from"),
                           args,
                           2,
                           take_list,
                           docs,
                           err);
    }
    quote_array(&buf, term->text);
    args[0] = mud_buf_view(&buf);
    done = mud_pg_each(
        docs->pg, mud_sql("search_lists"), args, 1, take_list, docs, err);
    mud_buf_free(&buf);
    return done;
}

static bool scan_content(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct mud_search_docs *docs = payload;
    struct mud_units units = {0};
    struct mud_search_doc *doc = NULL;

    (void)err;
    mud_arena_reset(docs->arena);
    mud_units_of(&units, docs->reader, mud_rows_get(one, 0, 1), docs->arena);
    if (!mud_query_match(docs->query, &units, NULL, NULL, docs->arena))
        return true;
    doc = MUD_ADD(&docs->open);
    doc->content = mud_rows_id(one, 0, 0);
    doc->at = mud_rows_time(one, 0, 2);
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct mud_search_doc *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return mud_id_cmp(x->content, y->content);
}

/* The first document of the set from `at` on; DOCS when there is none. */
static uint32_t next_doc(const struct segment *segment, uint32_t at)
{
    while (at < DOCS) {
        uint64_t word = segment->docs[at / 64] >> at % 64;

        if (word)
            return at + (uint32_t)__builtin_ctzll(word);
        at = (at / 64 + 1) * 64;
    }
    return DOCS;
}

static void count(struct mud_search_docs *docs)
{
    docs->count = (int64_t)docs->open.n;
    for (size_t i = 0; i < docs->segments.n; i++) {
        struct segment *segment = &docs->segments.at[i];

        segment->at = DOCS;
        if (segment->terms != docs->query->n_terms)
            continue;
        for (size_t j = 0; j < DOCS / 64; j++)
            docs->count += __builtin_popcountll(segment->docs[j]);
        segment->at = next_doc(segment, 0);
    }
}

bool mud_search_docs_open(struct mud_search_docs **out, struct mud_pg *pg,
                          const struct mud_reader *reader,
                          const struct mud_query *query, struct mud_error *err)
{
    struct mud_search_docs *docs = mud_calloc(1, sizeof(*docs));
    bool done = true;

    docs->pg = pg;
    docs->reader = reader;
    docs->query = query;
    docs->given = mud_id_set_new();
    docs->arena = mud_arena_new();
    *out = docs;
    for (size_t i = 0; done && i < query->n_terms; i++) {
        done = term_lists(docs, &query->terms[i], err);
        if (done)
            narrow(docs, i);
    }
    done = done &&
           mud_pg_each(
               pg, mud_sql("search_open"), NULL, 0, scan_content, docs, err);
    if (done && docs->open.n)
        qsort(docs->open.at, docs->open.n, sizeof(*docs->open.at), by_time);
    if (done)
        count(docs);
    return done;
}

void mud_search_docs_close(struct mud_search_docs *docs)
{
    if (!docs)
        return;
    for (size_t i = 0; i < docs->segments.n; i++) {
        free(docs->segments.at[i].docs);
        free(docs->segments.at[i].next);
    }
    free(docs->segments.at);
    free(docs->open.at);
    mud_id_set_free(docs->given);
    mud_arena_free(docs->arena);
    mud_bytes_free(&docs->bytes);
    free(docs);
}

int64_t mud_search_docs_count(const struct mud_search_docs *docs)
{
    return docs->count;
}

/* Load the chunk of the document whose turn it is. */
static bool load(struct mud_search_docs *docs, struct segment *segment,
                 struct mud_error *err)
{
    int64_t chunk = segment->at / MUD_SEARCH_CHUNK;
    char number[24], which[24];
    struct mud_str args[2] = {{0}, {0}}, ids = {0};
    struct mud_rows *rows = NULL;
    bool good = false;

    if (segment->chunk == chunk)
        return true;
    snprintf(number, sizeof(number), "%d", segment->number);
    snprintf(which, sizeof(which), "%lld", (long long)chunk);
    args[0] = mud_str_z(number);
    args[1] = mud_str_z(which);
    if (!mud_pg_query(&rows, docs->pg, mud_sql("search_ids"), args, 2, err))
        return false;
    good = mud_rows_count(rows) == 1 &&
           mud_bytes_of(&docs->bytes, &ids, mud_rows_get(rows, 0, 0)) &&
           ids.n % 16 == 0 && ids.n / 16 <= MUD_SEARCH_CHUNK &&
           ids.n / 16 > segment->at % MUD_SEARCH_CHUNK;
    for (size_t i = 0; good && i < ids.n / 16; i++)
        memcpy(segment->loaded[i].content.b, ids.s + 16 * i, 16);
    good = good && mud_bytes_of(&docs->bytes, &ids, mud_rows_get(rows, 0, 1)) &&
           ids.n % 8 == 0 && ids.n / 8 <= MUD_SEARCH_CHUNK &&
           ids.n / 8 > segment->at % MUD_SEARCH_CHUNK;
    for (size_t i = 0; good && i < ids.n / 8; i++)
        segment->loaded[i].at = mud_bytes_i64(ids.s + 8 * i);
    mud_rows_free(rows);
    segment->chunk = chunk;
    return good || broken(segment, err);
}

/* The newest of those whose turn it is; *end when there are none. */
static bool take(struct mud_search_docs *docs, struct mud_search_doc *out,
                 bool *end, struct mud_error *err)
{
    struct segment *from = NULL;

    *end = docs->at == docs->open.n;
    if (!*end)
        *out = docs->open.at[docs->at];
    for (size_t i = 0; i < docs->segments.n; i++) {
        struct segment *segment = &docs->segments.at[i];
        const struct mud_search_doc *doc =
            &segment->loaded[segment->at % MUD_SEARCH_CHUNK];

        if (segment->at == DOCS)
            continue;
        if (!load(docs, segment, err))
            return false;
        if (!*end && by_time(out, doc) <= 0)
            continue;
        *out = *doc;
        *end = false;
        from = segment;
    }
    if (from)
        from->at = next_doc(from, from->at + 1);
    else if (!*end)
        docs->at++;
    return true;
}

bool mud_search_docs_next(struct mud_search_docs *docs,
                          struct mud_search_doc *out, bool *end,
                          struct mud_error *err)
{
    bool known = true;

    while (known) {
        if (!take(docs, out, end, err))
            return false;
        if (*end)
            return true;
        mud_id_set_put(docs->given, out->content, 0, &known);
    }
    return true;
}
