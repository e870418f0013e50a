#include "graph/search_index.h"

#include "graph/batch.h"
#include "graph/bytes.h"
#include "graph/postings.h"
#include "graph/search_terms.h"
#include "graph/units.h"
#include "store/copy.h"

#include <stdio.h>
#include <stdlib.h>

#define DOCS_MAX 16384               /* of a new segment */
#define MERGE    8                   /* segments of one size that are merged */
#define TEXT_MAX ((size_t)256 << 20) /* bytes of text of a new segment */

struct doc {
    struct mud_id content;
    int64_t at; /* us: seen last */
};

struct mud_search_segment { /* being made */
    const struct mud_reader *reader;
    struct mud_postings *postings;
    struct mud_arena *arena; /* of one document */
    MUD_ROWS(doc) docs;
    size_t text; /* bytes read */
};

static struct mud_search_segment segment_new(const struct mud_reader *reader)
{
    return (struct mud_search_segment){.reader = reader,
                                       .postings = mud_postings_new(),
                                       .arena = mud_arena_new()};
}

static void segment_free(struct mud_search_segment *segment)
{
    mud_postings_free(segment->postings);
    mud_arena_free(segment->arena);
    free(segment->docs.at);
}

static void add_doc(struct mud_search_segment *segment, struct mud_id content,
                    int64_t at)
{
    *MUD_ADD(&segment->docs) = (struct doc){content, at};
}

/* The next document, none of those before was seen earlier. */
static void add_text(struct mud_search_segment *segment, struct mud_id content,
                     struct mud_str body, int64_t at)
{
    struct mud_units units = {0};
    char buf[2 * MUD_UNIT_MAX];

    segment->text += body.n;
    mud_arena_reset(segment->arena);
    mud_units_of(&units, segment->reader, body, segment->arena);
    for (size_t i = 0; i < units.n; i++) {
        struct mud_str term = mud_units_term(&units, i, buf);

        if (term.n)
            mud_postings_add(
                segment->postings, term, (uint32_t)segment->docs.n);
    }
    add_doc(segment, content, at);
}

static bool take_content(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct mud_search_segment *segment = payload;

    (void)err;
    /* The rest waits for the next segment; stopping would end the
     * transaction. */
    if (segment->text <= TEXT_MAX)
        add_text(segment,
                 mud_rows_id(one, 0, 0),
                 mud_rows_get(one, 0, 1),
                 mud_rows_time(one, 0, 2));
    return true;
}

/* The documents' contents, to be freed; one longer than there are. */
static struct mud_id *ids_of(const struct mud_search_segment *segment)
{
    size_t n = segment->docs.n;
    struct mud_id *ids = mud_calloc(n + 1, sizeof(*ids));

    for (size_t i = 0; i < n; i++)
        ids[i] = segment->docs.at[i].content;
    return ids;
}

static bool take_facets(struct mud_search_segment *segment, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_id *ids = ids_of(segment);
    bool good = mud_search_terms_load(
        segment->postings, pg, (struct mud_ids){ids, segment->docs.n}, err);

    free(ids);
    return good;
}

static bool store_docs(struct mud_pg *pg,
                       const struct mud_search_segment *segment, int32_t number,
                       struct mud_error *err)
{
    struct mud_copy *copy = NULL;
    char ids[16 * MUD_SEARCH_CHUNK], times[8 * MUD_SEARCH_CHUNK];

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY search_ids (segment, chunk, ids, times) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < segment->docs.n; i += MUD_SEARCH_CHUNK) {
        size_t n = 0;

        for (; n < MUD_SEARCH_CHUNK && i + n < segment->docs.n; n++) {
            memcpy(ids + 16 * n, segment->docs.at[i + n].content.b, 16);
            mud_bytes_put_i64(times + 8 * n, segment->docs.at[i + n].at);
        }
        mud_copy_row(copy, 4);
        mud_copy_i32(copy, number);
        mud_copy_i32(copy, (int32_t)(i / MUD_SEARCH_CHUNK));
        mud_copy_text(copy, mud_str_of(ids, 16 * n));
        mud_copy_text(copy, mud_str_of(times, 8 * n));
    }
    return mud_copy_end(copy, NULL, err);
}

static bool store_lists(struct mud_pg *pg,
                        const struct mud_search_segment *segment,
                        int32_t number, struct mud_error *err)
{
    struct mud_copy *copy = NULL;
    size_t n = 0;
    const struct mud_posting *const *lists =
        mud_postings_sorted(segment->postings, &n);

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY search_posting (term, segment, postings) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < n; i++) {
        mud_copy_row(copy, 3);
        mud_copy_text(copy, lists[i]->term);
        mud_copy_i32(copy, number);
        mud_copy_text(copy,
                      mud_str_of((const char *)lists[i]->bytes, lists[i]->n));
    }
    return mud_copy_end(copy, NULL, err);
}

static bool store(struct mud_pg *pg, const struct mud_search_segment *segment,
                  struct mud_error *err)
{
    char docs[24];
    struct mud_str arg = {0};
    struct mud_rows *rows = NULL;
    int32_t number = 0;

    snprintf(docs, sizeof(docs), "%zu", segment->docs.n);
    arg = mud_str_z(docs);
    if (!mud_pg_query(&rows, pg, mud_sql("search_segment_new"), &arg, 1, err))
        return false;
    number = (int32_t)mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return store_docs(pg, segment, number, err) &&
           store_lists(pg, segment, number, err);
}

static bool taken(struct mud_pg *pg, const struct mud_search_segment *segment,
                  struct mud_error *err)
{
    struct mud_id *ids = ids_of(segment);
    bool done = mud_query_ids(NULL,
                              pg,
                              "search_taken",
                              (struct mud_ids){ids, segment->docs.n},
                              NULL,
                              err);

    free(ids);
    return done;
}

static bool tell_alerts(struct mud_pg *pg,
                        const struct mud_search_segment *segment,
                        struct mud_error *err)
{
    struct mud_id *ids = ids_of(segment);
    bool good =
        mud_search_tell_alerts(pg, (struct mud_ids){ids, segment->docs.n}, err);

    free(ids);
    return good;
}

static bool locked(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("search_index_lock"), NULL, 0, err))
        return false;
    *out = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* ---- of texts at hand ---- */

static int newest_first(const void *a, const void *b)
{
    const struct mud_search_text *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return mud_id_cmp(x->content, y->content);
}

struct mud_search_segment *mud_search_segment_new(
    const struct mud_reader *reader, struct mud_search_text *docs, size_t n)
{
    struct mud_search_segment *segment = mud_calloc(1, sizeof(*segment));

    *segment = segment_new(reader);
    if (n)
        qsort(docs, n, sizeof(*docs), newest_first);
    for (size_t i = 0; i < n; i++) {
        add_text(segment, docs[i].content, docs[i].body, docs[i].at);
        mud_search_terms_add(segment->postings, docs[i].facets, (uint32_t)i);
    }
    return segment;
}

bool mud_search_segment_store(bool *stored, struct mud_pg *pg,
                              const struct mud_search_segment *segment,
                              struct mud_error *err)
{
    return locked(stored, pg, err) &&
           (!*stored ||
            (store(pg, segment, err) && tell_alerts(pg, segment, err)));
}

void mud_search_segment_free(struct mud_search_segment *segment)
{
    if (!segment)
        return;
    segment_free(segment);
    free(segment);
}

/* ---- of what waits ---- */

/* One new segment in one transaction. */
static bool index_some(struct mud_search_indexed *out, bool *more,
                       struct mud_pg *pg, const struct mud_reader *reader,
                       struct mud_error *err)
{
    struct mud_search_segment segment = segment_new(reader);
    char limit[24];
    struct mud_str arg = {0};
    bool lock = false, done = false;

    snprintf(limit, sizeof(limit), "%d", DOCS_MAX);
    arg = mud_str_z(limit);
    *more = false;
    done = mud_pg_begin(pg, err) && locked(&lock, pg, err);
    out->busy = done && !lock;
    if (done && lock)
        done = mud_pg_each(
            pg, mud_sql("search_take"), &arg, 1, take_content, &segment, err);
    if (done && lock && segment.docs.n)
        done = take_facets(&segment, pg, err) && store(pg, &segment, err) &&
               taken(pg, &segment, err) && tell_alerts(pg, &segment, err);
    if (done)
        done = mud_pg_commit(pg, err);
    else
        mud_pg_rollback(pg);
    if (done && segment.docs.n) {
        out->contents += (int64_t)segment.docs.n;
        out->segments++;
        *more = true;
    }
    segment_free(&segment);
    return done;
}

/* ---- merging ---- */

struct old { /* a document on its way into the merged segment */
    struct doc doc;
    uint32_t from; /* its place in the segments one after another */
};

struct merge {
    struct mud_search_segment into;
    struct mud_str list; /* "{3,5}" */
    int32_t numbers[MERGE];
    uint32_t base[MERGE]; /* place of the first document of each */
    size_t n, docs;
    MUD_ROWS(old) olds;
    uint32_t *places; /* old place to new number */
    char *term;       /* whose documents are being gathered */
    size_t term_n, term_cap;

    struct number {
        uint32_t doc;
    } * gathered;

    size_t n_gathered, cap_gathered;
    struct mud_bytes bytes;
};

static uint32_t base_of(const struct merge *merge, int64_t segment)
{
    for (size_t i = 0; i < merge->n; i++)
        if (merge->numbers[i] == segment)
            return merge->base[i];
    return 0;
}

static bool broken(int64_t segment, struct mud_error *err)
{
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "search: segment %lld is broken: run mudlark rebuild",
                    (long long)segment);
}

static bool merge_docs(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct merge *merge = payload;
    int64_t segment = mud_rows_int(one, 0, 0);
    uint32_t place = base_of(merge, segment) +
                     (uint32_t)mud_rows_int(one, 0, 1) * MUD_SEARCH_CHUNK;
    struct mud_str bytes = {0};
    size_t first = merge->olds.n, n = 0;

    if (!mud_bytes_of(&merge->bytes, &bytes, mud_rows_get(one, 0, 2)) ||
        bytes.n % 16 || bytes.n / 16 > MUD_SEARCH_CHUNK)
        return broken(segment, err);
    n = bytes.n / 16;
    for (size_t i = 0; i < n; i++) {
        struct old *old = MUD_ADD(&merge->olds);

        memcpy(old->doc.content.b, bytes.s + 16 * i, 16);
        old->from = place + (uint32_t)i;
        if (old->from >= merge->docs)
            return broken(segment, err);
    }
    if (!mud_bytes_of(&merge->bytes, &bytes, mud_rows_get(one, 0, 3)) ||
        bytes.n != 8 * n)
        return broken(segment, err);
    for (size_t i = 0; i < n; i++)
        merge->olds.at[first + i].doc.at = mud_bytes_i64(bytes.s + 8 * i);
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct old *x = a, *y = b;

    if (x->doc.at != y->doc.at)
        return x->doc.at < y->doc.at ? 1 : -1;
    return mud_id_cmp(x->doc.content, y->doc.content);
}

/* The one seen last gets number 0. Of a content that is there twice the newer
 * place stays; the older one is led to it. */
static void number_docs(struct merge *merge)
{
    struct mud_id_set *set = mud_id_set_new();

    if (merge->olds.n)
        qsort(merge->olds.at, merge->olds.n, sizeof(struct old), by_time);
    merge->places = mud_calloc(merge->docs + 1, sizeof(uint32_t));
    for (size_t i = 0; i < merge->olds.n; i++) {
        const struct old *old = &merge->olds.at[i];
        bool known = false;
        size_t number =
            mud_id_set_put(set, old->doc.content, merge->into.docs.n, &known);

        if (!known)
            add_doc(&merge->into, old->doc.content, old->doc.at);
        merge->places[old->from] = (uint32_t)number;
    }
    mud_id_set_free(set);
}

static int by_number(const void *a, const void *b)
{
    const struct number *x = a, *y = b;

    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

/* Write what was gathered of one term. */
static void end_term(struct merge *merge)
{
    struct mud_str term = mud_str_of(merge->term, merge->term_n);

    if (merge->n_gathered)
        qsort(merge->gathered,
              merge->n_gathered,
              sizeof(struct number),
              by_number);
    for (size_t i = 0; i < merge->n_gathered; i++)
        mud_postings_add(merge->into.postings, term, merge->gathered[i].doc);
    merge->n_gathered = 0;
}

static void begin_term(struct merge *merge, struct mud_str term)
{
    if (term.n > merge->term_cap) {
        merge->term_cap = 2 * term.n;
        merge->term = mud_realloc(merge->term, merge->term_cap);
    }
    if (term.n)
        memcpy(merge->term, term.s, term.n);
    merge->term_n = term.n;
}

static bool merge_list(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct merge *merge = payload;
    struct mud_str list = {0}, term = mud_rows_get(one, 0, 0);
    int64_t segment = mud_rows_int(one, 0, 1);
    uint32_t doc = UINT32_MAX, base = base_of(merge, segment);
    size_t at = 0;

    if (!mud_str_eq(term, mud_str_of(merge->term, merge->term_n))) {
        end_term(merge);
        begin_term(merge, term);
    }
    if (!mud_bytes_of(&merge->bytes, &list, mud_rows_get(one, 0, 2)))
        return broken(segment, err);
    while (mud_postings_next(list, &at, &doc)) {
        if (doc >= merge->docs - base)
            return broken(segment, err);
        merge->gathered = mud_grow(merge->gathered,
                                   &merge->cap_gathered,
                                   merge->n_gathered,
                                   sizeof(struct number));
        merge->gathered[merge->n_gathered++].doc = merge->places[base + doc];
    }
    return at == list.n || broken(segment, err);
}

static bool merge_run(struct merge *merge, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_str arg = merge->list;

    if (!mud_pg_each(
            pg, mud_sql("search_merge_ids"), &arg, 1, merge_docs, merge, err))
        return false;
    number_docs(merge);
    if (!mud_pg_each(
            pg, mud_sql("search_merge_terms"), &arg, 1, merge_list, merge, err))
        return false;
    end_term(merge);
    return mud_pg_query(
               NULL, pg, mud_sql("search_drop_posting"), &arg, 1, err) &&
           mud_pg_query(NULL, pg, mud_sql("search_drop_ids"), &arg, 1, err) &&
           mud_pg_query(
               NULL, pg, mud_sql("search_drop_segment"), &arg, 1, err) &&
           store(pg, &merge->into, err);
}

static void merge_free(struct merge *merge)
{
    free(merge->olds.at);
    free(merge->places);
    free(merge->term);
    free(merge->gathered);
    mud_bytes_free(&merge->bytes);
    segment_free(&merge->into);
}

static unsigned size_class(int64_t docs)
{
    unsigned class = 0;

    for (; docs >= 1024; docs /= MERGE)
        class ++;
    return class;
}

/* The first MERGE segments of one size class that may be merged. */
static bool choose(struct merge *merge, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    int64_t docs = 0;

    if (!mud_pg_query(&rows, pg, mud_sql("search_segments"), NULL, 0, err))
        return false;
    for (size_t i = 0; i < mud_rows_count(rows) && merge->n < MERGE; i++) {
        int64_t size = mud_rows_int(rows, i, 1);

        if (merge->n &&
            size_class(size) != size_class(mud_rows_int(rows, i - 1, 1))) {
            merge->n = 0;
            docs = 0;
        }
        if (docs + size > MUD_SEARCH_DOCS_MAX)
            break;
        merge->numbers[merge->n] = (int32_t)mud_rows_int(rows, i, 0);
        merge->base[merge->n++] = (uint32_t)docs;
        docs += size;
    }
    mud_rows_free(rows);
    if (merge->n < MERGE)
        merge->n = 0;
    merge->docs = (size_t)docs;
    return true;
}

static bool merge_some(struct mud_search_indexed *out, bool *more,
                       struct mud_pg *pg, const struct mud_reader *reader,
                       struct mud_error *err)
{
    struct merge merge = {.into = segment_new(reader)};
    struct mud_buf list = {0};
    bool lock = false, done = false;

    *more = false;
    done = mud_pg_begin(pg, err) && locked(&lock, pg, err) &&
           (!lock || choose(&merge, pg, err));
    for (size_t i = 0; i < merge.n; i++)
        mud_buf_printf(&list, "%s%d", i ? "," : "{", merge.numbers[i]);
    mud_buf_c(&list, '}');
    merge.list = mud_buf_view(&list);
    if (done && merge.n)
        done = merge_run(&merge, pg, err);
    if (done)
        done = mud_pg_commit(pg, err);
    else
        mud_pg_rollback(pg);
    if (done && merge.n) {
        out->segments++;
        *more = true;
    }
    mud_buf_free(&list);
    merge_free(&merge);
    return done;
}

static bool waiting(int64_t *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("search_waiting"), NULL, 0, err))
        return false;
    *out = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

bool mud_search_index(struct mud_search_indexed *out, struct mud_pg *pg,
                      const struct mud_reader *reader,
                      bool (*progress)(int64_t done, int64_t waiting,
                                       void *payload),
                      void *payload, struct mud_error *err)
{
    struct mud_search_indexed done = {0};
    int64_t left = 0;
    bool more = true;

    if (!mud_pg_query(NULL, pg, mud_sql("search_lost"), NULL, 0, err) ||
        !waiting(&left, pg, err))
        return false;
    while (more) {
        if (progress && !progress(done.contents, left, payload))
            break;
        if (!index_some(&done, &more, pg, reader, err))
            return false;
        if (more && !waiting(&left, pg, err))
            return false;
    }
    more = !done.busy;
    while (more)
        if (!merge_some(&done, &more, pg, reader, err))
            return false;
    if (out)
        *out = done;
    return true;
}
