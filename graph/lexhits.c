#include "graph/lexhits.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "graph/batch.h"
#include "graph/idlist.h"
#include "graph/pages.h"
#include "graph/search_docs.h"
#include "nlp/termfind.h"

#define BATCH   256 /* texts fetched at once */
#define SHOWN   240 /* bytes of an example */
#define SOURCES 4096
#define MONTHS  1200
#define EXAMPLE 100 /* most examples */

struct example {
    struct mud_id content;
    struct mud_str text, field, category;
    struct mud_span *marks; /* of text */
    size_t n_marks;
    bool is_offer;
};

struct month {
    char name[8];
    int64_t posts;
};

struct work {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_lexhits *hits;
    struct mud_termfind *find;
    struct mud_id_set *posts; /* counted */
    struct mud_arena *arena;  /* of the whole */
    struct mud_arena *text;   /* of one batch */
    struct example *examples;
    size_t n_examples;
    bool whole; /* only examples are wanted, and of those all of the text */
    int64_t texts, occurrences, adverts;
    int64_t by_category[MUD_CATEGORIES];
    int64_t *by_source; /* [SOURCES] */
    struct month *by_month;
    size_t n_months;
};

struct some { /* texts of one batch, and those of them that hold the term */
    struct mud_id ids[BATCH], held[BATCH];
    size_t n, n_held;
};

/* A stretch of the text around its first mark. */
static void keep_example(struct work *w, struct mud_id id,
                         const struct mud_rows *rows, size_t row,
                         const struct mud_span *marks, size_t n)
{
    struct mud_str body = mud_rows_get(rows, row, 5);
    struct example *e = &w->examples[w->n_examples];
    size_t shown = w->whole ? body.n : SHOWN;
    size_t from = marks[0].start > shown / 3 ? marks[0].start - shown / 3 : 0;
    size_t to;

    from = w->whole ? 0 : from;
    to = from + shown < body.n ? from + shown : body.n;

    from = mud_utf8_cut(body, from);
    to = mud_utf8_cut(body, to);
    *e = (struct example){
        .content = id,
        .text = mud_str_dup(mud_str_sub(body, from, to), w->arena),
        .field = mud_rows_int(rows, row, 1) == MUD_IN_TITLE ? MUD_STR("title")
                                                            : MUD_STR("text"),
        .category = mud_str_z(
            mud_category_name((enum mud_category)mud_rows_int(rows, row, 3))),
        .is_offer = mud_rows_bool(rows, row, 4),
        .marks = mud_arena_array(w->arena, n, sizeof *marks)};
    for (size_t i = 0; i < n && marks[i].end <= to; i++)
        e->marks[e->n_marks++] = (struct mud_span){
            marks[i].start - (uint32_t)from, marks[i].end - (uint32_t)from};
    w->n_examples++;
}

static size_t row_of(const struct mud_rows *rows, struct mud_id id)
{
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        if (mud_id_eq(mud_rows_id(rows, i, 0), id))
            return i;
    return MUD_NPOS;
}

static void filter_args(struct mud_str args[2], const struct work *w,
                        char source[24], char since[MUD_TIME_TEXT])
{
    (void)snprintf(source, 24, "%d", w->hits->source);
    args[0] = w->hits->source ? mud_str_z(source) : MUD_SQL_NULL;
    args[1] = w->hits->since
                  ? mud_str_z(mud_time_text(since, w->hits->since, true))
                  : MUD_SQL_NULL;
}

/* Drop texts that were not seen at that source or since. */
static bool filter(struct work *w, struct some *some, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_buf list = {0};
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[3];
    size_t kept = 0;

    if (!w->hits->source && !w->hits->since)
        return true;
    mud_idlist(&list, some->ids, some->n);
    args[0] = mud_buf_view(&list);
    filter_args(args + 1, w, source, since);
    bool good =
        mud_pg_query(&rows, w->pg, mud_sql("search_times"), args, 3, err);
    for (size_t i = 0; good && i < some->n; i++)
        if (row_of(rows, some->ids[i]) != MUD_NPOS)
            some->ids[kept++] = some->ids[i];
    some->n = kept;
    mud_rows_free(rows);
    mud_buf_free(&list);
    return good;
}

/* Check the texts of a batch in their order, which is newest first. */
static bool check_texts(struct work *w, struct some *some,
                        struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    struct mud_buf list = {0};
    struct mud_str arg;
    bool good;

    mud_idlist(&list, some->ids, some->n);
    arg = mud_buf_view(&list);
    good = mud_pg_query(&rows, w->pg, mud_sql("search_bodies"), &arg, 1, err);
    for (size_t i = 0; good && i < some->n; i++) {
        size_t row = row_of(rows, some->ids[i]);
        struct mud_span *marks;
        size_t n;

        if (row == MUD_NPOS || mud_rows_int(rows, row, 1) == MUD_IN_SIGNATURE)
            continue;
        n = mud_termfind_in(
            &marks, w->find, mud_rows_get(rows, row, 5), w->text);
        if (!n)
            continue;
        some->held[some->n_held++] = some->ids[i];
        w->occurrences += (int64_t)n;
        if (w->n_examples < w->hits->examples)
            keep_example(w, some->ids[i], rows, row, marks, n);
    }
    mud_arena_reset(w->text);
    mud_rows_free(rows);
    mud_buf_free(&list);
    return good;
}

static void count_month(struct work *w, struct mud_str name)
{
    size_t i = 0;

    while (i < w->n_months && !mud_str_eqz(name, w->by_month[i].name))
        i++;
    if (i == MONTHS)
        return;
    if (i == w->n_months) {
        (void)snprintf(w->by_month[i].name,
                       sizeof w->by_month[i].name,
                       "%.*s",
                       MUD_FMT(name));
        w->n_months++;
    }
    w->by_month[i].posts++;
}

static void count_post(struct work *w, const struct mud_rows *rows, size_t i)
{
    int64_t source = mud_rows_int(rows, i, 1);
    int64_t category = mud_rows_int(rows, i, 4);
    bool known = false;

    mud_id_set_put(w->posts, mud_rows_id(rows, i, 0), 0, &known);
    if (known)
        return;
    w->adverts += mud_rows_bool(rows, i, 3);
    if (category >= 0 && category < MUD_CATEGORIES)
        w->by_category[category]++;
    if (source >= 0 && source < SOURCES)
        w->by_source[source]++;
    count_month(w, mud_rows_get(rows, i, 2));
}

/* The posts of the texts that hold the term, by content or by title. */
static bool count_posts(struct work *w, const struct some *some,
                        struct mud_error *err)
{
    struct mud_rows *parts = NULL, *rows = NULL;
    struct mud_buf texts = {0}, posts = {0};
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[4];
    bool good;

    if (!some->n_held)
        return true;
    mud_idlist(&texts, some->held, some->n_held);
    args[0] = mud_buf_view(&texts);
    good =
        mud_pg_query(&parts, w->pg, mud_sql("lexicon_hit_parts"), args, 1, err);
    if (good) {
        size_t n = mud_rows_count(parts);
        struct mud_id *ids = mud_arena_array(w->text, n, sizeof *ids);

        for (size_t i = 0; i < n; i++)
            ids[i] = mud_rows_id(parts, i, 0);
        mud_idlist(&posts, ids, n);
        args[1] = mud_buf_view(&posts);
        filter_args(args + 2, w, source, since);
        good = mud_pg_query(
            &rows, w->pg, mud_sql("lexicon_hit_posts"), args, 4, err);
    }
    for (size_t i = 0; good && i < mud_rows_count(rows); i++)
        count_post(w, rows, i);
    w->texts += (int64_t)some->n_held;
    mud_rows_free(parts);
    mud_rows_free(rows);
    mud_buf_free(&texts);
    mud_buf_free(&posts);
    mud_arena_reset(w->text);
    return good;
}

static bool take_batch(struct work *w, struct some *some, struct mud_error *err)
{
    bool good = filter(w, some, err) && check_texts(w, some, err) &&
                (w->whole || count_posts(w, some, err));

    some->n = some->n_held = 0;
    return good;
}

static bool enough(const struct work *w)
{
    return w->whole && w->n_examples == w->hits->examples;
}

/* What the index offers. */
static bool by_index(struct work *w, const struct mud_query *query,
                     struct mud_error *err)
{
    struct mud_search_docs *docs = NULL;
    struct some *some = mud_calloc(1, sizeof *some);
    int64_t done = 0;
    bool end = false;
    bool good = mud_search_docs_open(&docs,
                                     w->pg,
                                     w->reader,
                                     query,
                                     (struct mud_search_order){.once = true},
                                     err);

    while (good && !end && !enough(w)) {
        struct mud_search_doc doc;

        good = mud_search_docs_next(docs, &doc, &end, err);
        if (good && !end)
            some->ids[some->n++] = doc.content;
        if (!good || (some->n < BATCH && !end))
            continue;
        done += (int64_t)some->n;
        good = take_batch(w, some, err);
        if (w->hits->progress)
            w->hits->progress(
                done, mud_search_docs_count(docs), w->hits->progress_payload);
    }
    mud_search_docs_close(docs);
    free(some);
    return good;
}

struct all {
    struct mud_id *ids;
    size_t n, cap;
};

static bool take_id(const struct mud_rows *one, void *payload,
                    struct mud_error *err)
{
    struct all *all = payload;

    (void)err;
    all->ids = mud_grow(all->ids, &all->cap, all->n, sizeof *all->ids);
    all->ids[all->n++] = mud_rows_id(one, 0, 0);
    return true;
}

/* All texts: for terms that the index has no words for. */
static bool by_scan(struct work *w, struct mud_error *err)
{
    struct all all = {0};
    struct some *some = mud_calloc(1, sizeof *some);
    bool good = mud_pg_each(
        w->pg, mud_sql("lexicon_hit_scan"), NULL, 0, take_id, &all, err);

    for (size_t i = 0; good && i < all.n && !enough(w); i++) {
        some->ids[some->n++] = all.ids[i];
        if (some->n < BATCH && i + 1 < all.n)
            continue;
        good = take_batch(w, some, err);
        if (w->hits->progress)
            w->hits->progress(
                (int64_t)i + 1, (int64_t)all.n, w->hits->progress_payload);
    }
    free(all.ids);
    free(some);
    return good;
}

/* The term as a query for a phrase; false: the index cannot be asked. */
static bool as_query(struct mud_query *out, const struct work *w)
{
    struct mud_error none = {0};
    struct mud_str quoted =
        mud_str_printf(w->arena, "\"%.*s\"", MUD_FMT(w->hits->term));
    struct mud_str rest = w->hits->flags, flag;

    while (rest.n && mud_str_cut(&rest, ',', &flag))
        if (mud_str_eqz(mud_str_trim(flag), "inside"))
            return false;
    return mud_str_chr(w->hits->term, '"') == MUD_NPOS &&
           mud_query_read(out, w->reader, quoted, NULL, w->arena, &none);
}

static bool gather(struct work *w, struct mud_error *err)
{
    struct mud_query *query = mud_calloc(1, sizeof *query);
    bool good =
        mud_pg_exec(
            w->pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err) &&
        (as_query(query, w) ? by_index(w, query, err) : by_scan(w, err));

    mud_pg_rollback(w->pg);
    free(query);
    return good;
}

static bool open_work(struct work *w, struct mud_pg *pg,
                      const struct mud_reader *reader,
                      const struct mud_lexhits *hits, struct mud_error *err)
{
    *w = (struct work){.pg = pg, .reader = reader, .hits = hits};
    w->arena = mud_arena_new();
    w->text = mud_arena_new();
    w->posts = mud_id_set_new();
    w->by_source = mud_arena_array(w->arena, SOURCES, sizeof *w->by_source);
    w->by_month = mud_arena_array(w->arena, MONTHS, sizeof *w->by_month);
    w->examples =
        mud_arena_array(w->arena, hits->examples + 1, sizeof *w->examples);
    return mud_termfind_new(&w->find, reader, hits->term, hits->flags, err);
}

static void close_work(struct work *w)
{
    mud_termfind_free(w->find);
    mud_id_set_free(w->posts);
    mud_arena_free(w->text);
    mud_arena_free(w->arena);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct month *)a)->name,
                  ((const struct month *)b)->name);
}

static bool write_counts(struct mud_json *json, struct work *w,
                         struct mud_error *err)
{
    struct mud_rows *sources = NULL;

    if (!mud_sources_load(&sources, w->pg, err))
        return false;
    mud_json_key(json, "by_source");
    mud_json_object(json);
    for (int64_t i = 0; i < SOURCES; i++)
        if (w->by_source[i]) {
            char *name = mud_str_cstr(mud_source_name(sources, i), w->arena);

            mud_json_kint(json, name, w->by_source[i]);
        }
    mud_json_object_end(json);
    mud_rows_free(sources);
    qsort(w->by_month, w->n_months, sizeof *w->by_month, by_name);
    mud_json_key(json, "by_month");
    mud_json_object(json);
    for (size_t i = 0; i < w->n_months; i++)
        mud_json_kint(json, w->by_month[i].name, w->by_month[i].posts);
    mud_json_object_end(json);
    mud_json_key(json, "by_category");
    mud_json_object(json);
    for (unsigned i = 0; i < MUD_CATEGORIES; i++)
        if (w->by_category[i])
            mud_json_kint(json,
                          mud_category_name((enum mud_category)i),
                          w->by_category[i]);
    mud_json_object_end(json);
    return true;
}

static void write_example(struct mud_json *json, const struct example *e,
                          const struct mud_rows *sightings)
{
    struct mud_utf8_pos pos = {.text = e->text};

    mud_json_object(json);
    mud_json_kid(json, "content", e->content);
    mud_json_kstr(json, "field", e->field);
    mud_json_kbool(json, "is_offer", e->is_offer);
    mud_json_kstr(json, "category", e->category);
    mud_json_kstr(json, "text", e->text);
    mud_json_key(json, "marks");
    mud_json_array(json);
    for (size_t i = 0; i < e->n_marks; i++) {
        mud_json_array(json);
        mud_json_int(json, (int64_t)mud_utf8_point(&pos, e->marks[i].start));
        mud_json_int(json, (int64_t)mud_utf8_point(&pos, e->marks[i].end));
        mud_json_array_end(json);
    }
    mud_json_array_end(json);
    mud_json_key(json, "posts");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(sightings); i++)
        if (mud_id_eq(mud_rows_id(sightings, i, 0), e->content))
            mud_json_str(json, mud_rows_get(sightings, i, 1));
    mud_json_array_end(json);
    mud_json_object_end(json);
}

static bool write_examples(struct mud_json *json, struct work *w,
                           struct mud_error *err)
{
    struct mud_id ids[EXAMPLE];
    struct mud_buf list = {0};
    struct mud_rows *sightings = NULL;
    struct mud_str args[2] = {{0}, MUD_SQL_NULL};
    bool good;

    for (size_t i = 0; i < w->n_examples; i++)
        ids[i] = w->examples[i].content;
    mud_idlist(&list, ids, w->n_examples);
    args[0] = mud_buf_view(&list);
    good = mud_pg_query(
        &sightings, w->pg, mud_sql("search_sightings"), args, 2, err);
    mud_json_key(json, "examples");
    mud_json_array(json);
    for (size_t i = 0; good && i < w->n_examples; i++)
        write_example(json, &w->examples[i], sightings);
    mud_json_array_end(json);
    mud_rows_free(sightings);
    mud_buf_free(&list);
    return good;
}

bool mud_lexhits(struct mud_pg *pg, const struct mud_reader *reader,
                 const struct mud_lexhits *hits, mud_record_fn *record,
                 void *payload, struct mud_error *err)
{
    struct mud_lexhits asked = *hits;
    struct work w;
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    asked.examples = hits->examples < EXAMPLE ? hits->examples : EXAMPLE;
    bool good = open_work(&w, pg, reader, &asked, err) && gather(&w, err);

    mud_json_object(&json);
    mud_json_kz(&json, "type", "lexicon_hits");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "term", hits->term);
    mud_json_kint(&json, "texts", w.texts);
    mud_json_kint(&json, "occurrences", w.occurrences);
    mud_json_kint(&json, "posts", (int64_t)mud_id_set_count(w.posts));
    mud_json_kint(&json, "adverts", w.adverts);
    good =
        good && write_counts(&json, &w, err) && write_examples(&json, &w, err);
    mud_json_object_end(&json);
    good = good && (record(mud_buf_view(&buf), payload, err) || !err ||
                    err->code == MUD_OK);
    mud_buf_free(&buf);
    close_work(&w);
    return good;
}

bool mud_lexhits_texts(struct mud_str **out, size_t *n, struct mud_pg *pg,
                       const struct mud_reader *reader, struct mud_str term,
                       size_t most, struct mud_arena *arena,
                       struct mud_error *err)
{
    struct mud_lexhits hits = {.term = term, .examples = most};
    struct work w;
    bool good = open_work(&w, pg, reader, &hits, err);

    w.whole = true;
    good = good && gather(&w, err);
    *n = w.n_examples;
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        (*out)[i] = mud_str_dup(w.examples[i].text, arena);
    close_work(&w);
    return good;
}
