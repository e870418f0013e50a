#include "graph/search_index.h"

#include "graph/idlist.h"
#include "graph/postings.h"
#include "graph/units.h"
#include "store/copy.h"

#include <stdio.h>
#include <stdlib.h>

#define DOCS_MAX  16384               /* of a new segment */
#define MERGE_MAX 524288              /* documents of a merged one */
#define MERGE     8                   /* segments of one size that are merged */
#define TEXT_MAX  ((size_t)256 << 20) /* bytes of text of a new segment */

struct segment { /* being made */
    const struct mud_reader *reader;
    struct mud_postings *postings;
    struct mud_arena *arena; /* of one document */
    struct mud_id *ids;
    size_t n, cap, text;
};

static struct segment segment_new(const struct mud_reader *reader)
{
    return (struct segment){.reader = reader,
                            .postings = mud_postings_new(),
                            .arena = mud_arena_new()};
}

static void segment_free(struct segment *segment)
{
    mud_postings_free(segment->postings);
    mud_arena_free(segment->arena);
    free(segment->ids);
}

static void add_id(struct segment *segment, struct mud_id id)
{
    segment->ids = mud_grow(
        segment->ids, &segment->cap, segment->n, sizeof(*segment->ids));
    segment->ids[segment->n++] = id;
}

static bool take_content(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct segment *segment = payload;
    struct mud_str body = mud_rows_get(one, 0, 1);
    struct mud_units units = {0};
    char buf[2 * MUD_UNIT_MAX];

    (void)err;
    /* The rest waits for the next segment; stopping would end the
     * transaction. */
    if (segment->text > TEXT_MAX)
        return true;
    segment->text += body.n;
    mud_arena_reset(segment->arena);
    mud_units_of(&units, segment->reader, body, segment->arena);
    for (size_t i = 0; i < units.n; i++) {
        struct mud_str term = mud_units_term(&units, i, buf);

        if (term.n)
            mud_postings_add(segment->postings, term, (uint32_t)segment->n);
    }
    add_id(segment, mud_rows_id(one, 0, 0));
    return true;
}

static bool store_ids(struct mud_pg *pg, const struct segment *segment,
                      int32_t number, struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY search_ids (segment, chunk, ids) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < segment->n; i += MUD_SEARCH_CHUNK) {
        size_t n = segment->n - i < MUD_SEARCH_CHUNK ? segment->n - i
                                                     : MUD_SEARCH_CHUNK;

        mud_copy_row(copy, 3);
        mud_copy_i32(copy, number);
        mud_copy_i32(copy, (int32_t)(i / MUD_SEARCH_CHUNK));
        mud_copy_text(copy,
                      mud_str_of((const char *)segment->ids[i].b,
                                 n * sizeof(struct mud_id)));
    }
    return mud_copy_end(copy, NULL, err);
}

static bool store_lists(struct mud_pg *pg, const struct segment *segment,
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

static bool store(struct mud_pg *pg, const struct segment *segment,
                  struct mud_error *err)
{
    char docs[24];
    struct mud_str arg = {0};
    struct mud_rows *rows = NULL;
    int32_t number = 0;

    snprintf(docs, sizeof(docs), "%zu", segment->n);
    arg = mud_str_z(docs);
    if (!mud_pg_query(&rows, pg, mud_sql("search_segment_new"), &arg, 1, err))
        return false;
    number = (int32_t)mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return store_ids(pg, segment, number, err) &&
           store_lists(pg, segment, number, err);
}

static bool taken(struct mud_pg *pg, const struct segment *segment,
                  struct mud_error *err)
{
    struct mud_buf list = {0};
    struct mud_str arg = {0};
    bool done = false;

    mud_idlist(&list, segment->ids, segment->n);
    arg = mud_buf_view(&list);
    done = mud_pg_query(NULL, pg, mud_sql("search_taken"), &arg, 1, err);
    mud_buf_free(&list);
    return done;
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

/* One new segment in one transaction. */
static bool index_some(struct mud_search_indexed *out, bool *more,
                       struct mud_pg *pg, const struct mud_reader *reader,
                       struct mud_error *err)
{
    struct segment segment = segment_new(reader);
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
    if (done && lock && segment.n)
        done = store(pg, &segment, err) && taken(pg, &segment, err);
    if (done)
        done = mud_pg_commit(pg, err);
    else
        mud_pg_rollback(pg);
    if (done && segment.n) {
        out->contents += (int64_t)segment.n;
        out->segments++;
        *more = true;
    }
    segment_free(&segment);
    return done;
}

/* ---- merging ---- */

struct merge {
    struct segment into;
    struct mud_str list; /* "{3,5}" */
    int32_t numbers[MERGE];
    uint32_t base[MERGE]; /* number of the first document of each */
    size_t n;
    uint8_t *bytes; /* one posting list */
    size_t cap;
};

static uint32_t base_of(const struct merge *merge, int64_t segment)
{
    for (size_t i = 0; i < merge->n; i++)
        if (merge->numbers[i] == segment)
            return merge->base[i];
    return 0;
}

/* Bytes of a bytea in text form ("\x..."), in a buffer that grows. */
static bool bytes_of(struct mud_str *out, struct merge *merge,
                     struct mud_str hex)
{
    size_t n = hex.n < 2 ? 0 : (hex.n - 2) / 2;

    if (n > merge->cap) {
        merge->cap = 2 * n;
        merge->bytes = mud_realloc(merge->bytes, merge->cap);
    }
    *out = mud_str_of((const char *)merge->bytes, n);
    return !n || mud_unhex(mud_str_sub(hex, 2, hex.n), merge->bytes, n);
}

static bool merge_list(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct merge *merge = payload;
    struct mud_str list = {0}, term = mud_rows_get(one, 0, 0);

    if (!bytes_of(&list, merge, mud_rows_get(one, 0, 2)) ||
        !mud_postings_append(merge->into.postings,
                             term,
                             base_of(merge, mud_rows_int(one, 0, 1)),
                             list))
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "posting list of segment %lld is broken: "
                        "run mudlark rebuild",
                        (long long)mud_rows_int(one, 0, 1));
    return true;
}

static bool merge_ids(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct merge *merge = payload;
    struct mud_str ids = {0};

    if (!bytes_of(&ids, merge, mud_rows_get(one, 0, 2)) ||
        ids.n % sizeof(struct mud_id))
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "ids of segment %lld are broken: run mudlark rebuild",
                        (long long)mud_rows_int(one, 0, 0));
    for (size_t i = 0; i < ids.n; i += sizeof(struct mud_id)) {
        struct mud_id id = {0};

        memcpy(id.b, ids.s + i, sizeof(id.b));
        add_id(&merge->into, id);
    }
    return true;
}

static bool merge_run(struct merge *merge, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_str arg = merge->list;

    return mud_pg_each(pg,
                       mud_sql("search_merge_ids"),
                       &arg,
                       1,
                       merge_ids,
                       merge,
                       err) &&
           mud_pg_each(pg,
                       mud_sql("search_merge_terms"),
                       &arg,
                       1,
                       merge_list,
                       merge,
                       err) &&
           mud_pg_query(
               NULL, pg, mud_sql("search_drop_posting"), &arg, 1, err) &&
           mud_pg_query(NULL, pg, mud_sql("search_drop_ids"), &arg, 1, err) &&
           mud_pg_query(
               NULL, pg, mud_sql("search_drop_segment"), &arg, 1, err) &&
           store(pg, &merge->into, err);
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
            size_class(size) != size_class(mud_rows_int(rows, i - 1, 1)))
            merge->n = 0, docs = 0;
        if (docs + size > MERGE_MAX)
            break;
        merge->numbers[merge->n] = (int32_t)mud_rows_int(rows, i, 0);
        merge->base[merge->n++] = (uint32_t)docs;
        docs += size;
    }
    mud_rows_free(rows);
    if (merge->n < MERGE)
        merge->n = 0;
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
    free(merge.bytes);
    segment_free(&merge.into);
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
