#include "graph/lexsuggest.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "graph/idlist.h"
#include "nlp/termfind.h"

#define SPANS_MAX  ((size_t)512)         /* of one text that are left out */
#define SHOWN      160                   /* bytes of an example */
#define WAIT       (INT64_C(600) * 1000) /* ms: sorting all texts */
#define WAIT_USUAL (INT64_C(60) * 1000)

struct work {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_lexsuggest *options;
    struct mud_suggest *suggest;
    struct mud_id *contents; /* by number of the text, from 0 */
    size_t n, cap;
    bool look;
    int64_t done, total;
    struct mud_arena *arena;
    mud_record_fn *record;
    void *payload;
};

/* "12 30 45 60" */
static size_t read_spans(struct mud_span *out, struct mud_str list)
{
    struct mud_str part;
    uint64_t number;
    size_t n = 0;

    while (n < SPANS_MAX * 2 && list.n && mud_str_cut(&list, ' ', &part)) {
        if (!mud_str_u64(part, &number) || number > UINT32_MAX)
            break;
        if (n % 2)
            out[n / 2].end = (uint32_t)number;
        else
            out[n / 2].start = (uint32_t)number;
        n++;
    }
    return n / 2;
}

static bool take_text(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct work *w = payload;
    struct mud_span spans[SPANS_MAX];
    struct mud_str author = mud_rows_get(one, 0, 5);
    struct mud_str template = mud_rows_get(one, 0, 4);
    struct mud_suggest_text text = {
        .text = mud_rows_get(one, 0, 1),
        .without = spans,
        .n_without = read_spans(spans, mud_rows_get(one, 0, 6)),
        .author = author.n ? mud_hash64(author.s, author.n) | 1 : 0,
        .same = template.n ? mud_hash64(template.s, template.n) | 1 : 0,
        .category = (uint8_t)mud_rows_int(one, 0, 2),
        .is_offer = mud_rows_bool(one, 0, 3)};

    (void)err;
    if (!w->look) {
        w->contents = mud_grow(w->contents, &w->cap, w->n, sizeof *w->contents);
        w->contents[w->n++] = mud_rows_id(one, 0, 0);
        text.id = w->n;
        mud_suggest_count(w->suggest, &text);
    } else {
        text.id = (uint64_t)++w->n;
        mud_suggest_look(w->suggest, &text);
    }
    if (w->options->progress)
        w->options->progress(++w->done, w->total, w->options->progress_payload);
    return true;
}

static bool pass(struct work *w, bool look, struct mud_error *err)
{
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[2] = {MUD_SQL_NULL, MUD_SQL_NULL};

    (void)snprintf(source, sizeof source, "%d", w->options->source);
    if (w->options->source)
        args[0] = mud_str_z(source);
    if (w->options->since)
        args[1] = mud_str_z(mud_time_text(since, w->options->since, true));
    w->look = look;
    w->n = 0;
    return mud_pg_each(
        w->pg, mud_sql("lexicon_suggest_texts"), args, 2, take_text, w, err);
}

static bool both_passes(struct work *w, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = mud_pg_query(
        &rows, w->pg, mud_sql("lexicon_suggest_count"), NULL, 0, err);

    if (good)
        w->total = mud_rows_int(rows, 0, 0) * 2;
    mud_rows_free(rows);
    good = good && pass(w, false, err);
    if (good)
        mud_suggest_turn(w->suggest);
    return good && pass(w, true, err);
}

static bool is_decided(const struct mud_rows *decided, struct mud_str term)
{
    size_t lo = 0, hi = mud_rows_count(decided);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        int d = mud_str_cmp(mud_rows_get(decided, mid, 0), term);

        if (!d)
            return true;
        if (d < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return false;
}

static void write_why(struct mud_json *json, const struct mud_suggestion *s)
{
    mud_json_key(json, "why");
    mud_json_object(json);
    mud_json_kdouble(json, "cohesion", s->cohesion);
    mud_json_kdouble(json, "freedom", s->freedom);
    mud_json_kdouble(json, "spread", s->spread);
    mud_json_kdouble(json, "contrast", s->contrast);
    mud_json_kdouble(json, "edges", s->edges);
    mud_json_kdouble(json, "likeness", s->likeness);
    mud_json_object_end(json);
    mud_json_key(json, "like");
    mud_json_array(json);
    for (size_t i = 0; i < s->n_like; i++) {
        mud_json_object(json);
        mud_json_kstr(json, "sense", s->like[i].sense);
        mud_json_kz(json, "category", mud_category_name(s->like[i].category));
        mud_json_kstr(json, "term", s->like[i].term);
        mud_json_kdouble(json, "cosine", s->like[i].cosine);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

/* The stretch of a body around the term. */
static struct mud_str stretch(const struct work *w, struct mud_str term,
                              struct mud_str body)
{
    struct mud_termfind *find = NULL;
    struct mud_error none = {0};
    struct mud_span *marks;
    size_t from = 0, to;

    if (mud_termfind_new(&find, w->reader, term, MUD_STR("inside"), &none) &&
        mud_termfind_in(&marks, find, body, w->arena) &&
        marks[0].start > SHOWN / 3)
        from = mud_utf8_cut(body, marks[0].start - SHOWN / 3);
    mud_termfind_free(find);
    to = from + SHOWN < body.n ? mud_utf8_cut(body, from + SHOWN) : body.n;
    return mud_str_sub(body, from, to);
}

static bool write_examples(struct mud_json *json, const struct work *w,
                           const struct mud_suggestion *s,
                           struct mud_error *err)
{
    struct mud_id ids[MUD_SUGGEST_EXAMPLES];
    struct mud_buf list = {0};
    struct mud_rows *bodies = NULL, *sightings = NULL;
    struct mud_str args[2] = {{0}, MUD_SQL_NULL};

    for (size_t i = 0; i < s->n_examples; i++)
        ids[i] = w->contents[s->examples[i] - 1];
    mud_idlist(&list, ids, s->n_examples);
    args[0] = mud_buf_view(&list);
    bool good =
        mud_pg_query(&bodies, w->pg, mud_sql("content_bodies"), args, 1, err) &&
        mud_pg_query(
            &sightings, w->pg, mud_sql("search_sightings"), args, 2, err);
    mud_json_key(json, "examples");
    mud_json_array(json);
    for (size_t i = 0; good && i < mud_rows_count(bodies); i++) {
        struct mud_id id = mud_rows_id(bodies, i, 0);

        mud_json_object(json);
        mud_json_kid(json, "content", id);
        mud_json_kstr(
            json, "text", stretch(w, s->term, mud_rows_get(bodies, i, 1)));
        mud_json_key(json, "posts");
        mud_json_array(json);
        for (size_t k = 0; k < mud_rows_count(sightings); k++)
            if (mud_id_eq(mud_rows_id(sightings, k, 0), id))
                mud_json_str(json, mud_rows_get(sightings, k, 1));
        mud_json_array_end(json);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_rows_free(bodies);
    mud_rows_free(sightings);
    mud_buf_free(&list);
    return good;
}

static bool give(const struct work *w, const struct mud_suggestion *s,
                 size_t rank, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    mud_json_object(&json);
    mud_json_kz(&json, "type", "suggestion");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "rank", (int64_t)rank);
    mud_json_kstr(&json, "term", s->term);
    mud_json_kdouble(&json, "score", s->score);
    mud_json_kint(&json, "texts", s->texts);
    mud_json_kint(&json, "dealing", s->dealing);
    mud_json_kint(&json, "authors", s->authors);
    write_why(&json, s);
    bool good = write_examples(&json, w, s, err);
    mud_json_object_end(&json);
    good = good && w->record(mud_buf_view(&buf), w->payload, err);
    mud_buf_free(&buf);
    return good;
}

static bool give_all(const struct work *w, struct mud_error *err)
{
    struct mud_rows *decided = NULL;
    struct mud_suggestion *list;
    size_t n, rank = 0;
    bool good =
        mud_pg_query(&decided, w->pg, mud_sql("lexicon_decided"), NULL, 0, err);

    n = good ? mud_suggest_rank(&list,
                                w->suggest,
                                w->options->limit + mud_rows_count(decided),
                                w->arena)
             : 0;
    for (size_t i = 0; good && i < n && rank < w->options->limit; i++)
        if (!is_decided(decided, list[i].term))
            good = give(w, &list[i], ++rank, err);
    mud_rows_free(decided);
    return good || !err || err->code == MUD_OK;
}

bool mud_lexsuggest(struct mud_suggest_sum *sum, struct mud_pg *pg,
                    const struct mud_reader *reader,
                    const struct mud_lexsuggest *options, mud_record_fn *record,
                    void *payload, struct mud_error *err)
{
    struct mud_suggest_options how = {.least = options->least};
    struct work w = {.pg = pg,
                     .reader = reader,
                     .options = options,
                     .record = record,
                     .payload = payload};
    bool good;

    w.suggest = mud_suggest_new(reader, &how);
    w.arena = mud_arena_new();
    /* Both passes see the same texts: one snapshot. */
    mud_pg_deadline(pg, WAIT);
    good = mud_pg_exec(
               pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err) &&
           both_passes(&w, err) && give_all(&w, err);
    mud_pg_rollback(pg);
    mud_pg_deadline(pg, WAIT_USUAL);
    if (sum)
        *sum = mud_suggest_sum(w.suggest);
    mud_suggest_free(w.suggest);
    free(w.contents);
    mud_arena_free(w.arena);
    return good;
}
