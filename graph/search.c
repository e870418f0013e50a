#include "graph/search.h"

#include "base/json.h"
#include "base/utf8.h"
#include "graph/idlist.h"
#include "graph/postings.h"
#include "graph/search_index.h"
#include "graph/search_query.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT    20
#define DOCS     524288 /* of a segment, graph/search_index.h */
#define PART     8192   /* ids in one statement */
#define CHECK    64     /* texts fetched at once to be checked */
#define SHOW_MAX 4000   /* bytes of a text in a hit */

struct found { /* a content that may match, or (sure) does */
    struct mud_id id;
    int64_t at;
    bool sure;
};

struct segment { /* documents that hold all terms so far */
    int32_t number;
    size_t terms; /* how many terms of the query were met */
    uint64_t *docs, *next;
};

struct work {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_search *search;
    struct mud_query query;
    struct mud_arena *arena; /* of the query */
    struct mud_arena *text;  /* of one text */
    struct segment *segments;
    size_t n_segments, cap_segments;
    struct found *found;
    size_t n_found, cap_found;
    uint8_t *bytes;
    size_t cap_bytes;
    mud_record_fn *record;
    void *payload;
    size_t hits;
    bool stopped;
};

/* ---- from the index ---- */

static struct segment *segment_of(struct work *work, int64_t number)
{
    struct segment *segment = NULL;

    for (size_t i = 0; i < work->n_segments; i++)
        if (work->segments[i].number == number)
            return &work->segments[i];
    work->segments = mud_grow(work->segments,
                              &work->cap_segments,
                              work->n_segments,
                              sizeof(*work->segments));
    segment = &work->segments[work->n_segments++];
    *segment = (struct segment){.number = (int32_t)number};
    segment->docs = mud_calloc(DOCS / 64, sizeof(uint64_t));
    segment->next = mud_calloc(DOCS / 64, sizeof(uint64_t));
    return segment;
}

static bool take_list(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct work *work = payload;
    struct segment *segment = segment_of(work, mud_rows_int(one, 0, 1));
    struct mud_str hex = mud_rows_get(one, 0, 2), list = {0};
    uint32_t doc = UINT32_MAX;
    size_t at = 0, n = hex.n < 2 ? 0 : (hex.n - 2) / 2;

    if (n > work->cap_bytes) {
        work->cap_bytes = 2 * n;
        work->bytes = mud_realloc(work->bytes, work->cap_bytes);
    }
    list = mud_str_of((const char *)work->bytes, n);
    if (n && !mud_unhex(mud_str_sub(hex, 2, hex.n), work->bytes, n))
        return mud_fail(err, MUD_ECORRUPT, "search: a posting list is broken");
    while (mud_postings_next(list, &at, &doc))
        if (doc < DOCS)
            segment->next[doc / 64] |= UINT64_C(1) << doc % 64;
    if (at != list.n)
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "search: a posting list of segment %d is broken: run "
                        "mudlark rebuild",
                        segment->number);
    return true;
}

/* Documents of this term too: AND what was gathered in next. */
static void narrow(struct work *work, size_t terms)
{
    for (size_t i = 0; i < work->n_segments; i++) {
        struct segment *segment = &work->segments[i];

        if (segment->terms != terms)
            continue; /* fell out at an earlier term */
        for (size_t j = 0; j < DOCS / 64; j++)
            segment->docs[j] =
                terms ? segment->docs[j] & segment->next[j] : segment->next[j];
        memset(segment->next, 0, DOCS / 8);
        segment->terms++;
    }
}

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

static bool term_lists(struct work *work, const struct mud_query_term *term,
                       struct mud_error *err)
{
    struct mud_str args[2] = {term->text, {0}};
    struct mud_buf buf = {0};
    char next[4];
    size_t at = 0;
    bool done = false;

    if (term->prefix) {
        uint32_t c = mud_utf8_next(term->text, &at);

        args[1] = mud_str_of(next, mud_utf8_put(c + 1, next));
        return mud_pg_each(work->pg,
                           mud_sql("search_lists_from"),
                           args,
                           2,
                           take_list,
                           work,
                           err);
    }
    quote_array(&buf, term->text);
    args[0] = mud_buf_view(&buf);
    done = mud_pg_each(
        work->pg, mud_sql("search_lists"), args, 1, take_list, work, err);
    mud_buf_free(&buf);
    return done;
}

static void add_found(struct work *work, struct mud_id id, bool sure)
{
    work->found = mud_grow(
        work->found, &work->cap_found, work->n_found, sizeof(*work->found));
    work->found[work->n_found++] = (struct found){.id = id, .sure = sure};
}

struct chunk_work {
    struct work *work;
    const struct segment *segment;
};

static bool take_chunk(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct chunk_work *chunk = payload;
    int64_t number = mud_rows_int(one, 0, 0);
    struct mud_str hex = mud_rows_get(one, 0, 1);

    if (number < 0 || number >= DOCS / 64)
        return true;
    for (size_t i = 0; i < MUD_SEARCH_CHUNK; i++) {
        struct mud_id id = {0};
        struct mud_str part = mud_str_sub(hex, 2 + i * 32, 2 + i * 32 + 32);

        if (!(chunk->segment->docs[number] >> i & 1))
            continue;
        if (part.n != 32 || !mud_unhex(part, id.b, sizeof(id.b)))
            return mud_fail(err,
                            MUD_ECORRUPT,
                            "search: ids of segment %d are broken: run "
                            "mudlark rebuild",
                            chunk->segment->number);
        add_found(chunk->work, id, false);
    }
    return true;
}

/* Content ids of a segment's documents. A chunk is a word of the bit set. */
static bool segment_ids(struct work *work, const struct segment *segment,
                        struct mud_error *err)
{
    struct chunk_work chunk = {work, segment};
    struct mud_buf list = {0};
    char number[24];
    struct mud_str args[2] = {{0}, {0}};
    bool done = true;

    snprintf(number, sizeof(number), "%d", segment->number);
    args[0] = mud_str_z(number);
    for (size_t i = 0; i < DOCS / 64; i++)
        if (segment->docs[i])
            mud_buf_printf(&list, "%s%zu", list.n ? "," : "{", i);
    if (list.n) {
        mud_buf_c(&list, '}');
        args[1] = mud_buf_view(&list);
        done = mud_pg_each(
            work->pg, mud_sql("search_ids"), args, 2, take_chunk, &chunk, err);
    }
    mud_buf_free(&list);
    return done;
}

static bool from_index(struct work *work, struct mud_error *err)
{
    for (size_t i = 0; i < work->query.n_terms; i++) {
        if (!term_lists(work, &work->query.terms[i], err))
            return false;
        narrow(work, i);
    }
    for (size_t i = 0; i < work->n_segments; i++)
        if (work->segments[i].terms == work->query.n_terms &&
            !segment_ids(work, &work->segments[i], err))
            return false;
    return true;
}

/* ---- from the open segment ---- */

static bool scan_content(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct work *work = payload;
    struct mud_units units = {0};

    (void)err;
    mud_arena_reset(work->text);
    mud_units_of(&units, work->reader, mud_rows_get(one, 0, 1), work->text);
    if (mud_query_match(&work->query, &units, NULL, NULL, work->text))
        add_found(work, mud_rows_id(one, 0, 0), true);
    return true;
}

/* ---- in order of time ---- */

static int by_id(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    return mud_id_cmp(x->id, y->id);
}

static int by_time(const void *a, const void *b)
{
    const struct found *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return mud_id_cmp(x->id, y->id);
}

static bool take_time(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct work *work = payload;
    struct found key = {.id = mud_rows_id(one, 0, 0)}, *found = NULL;

    (void)err;
    found = bsearch(&key, work->found, work->n_found, sizeof(key), by_id);
    if (found)
        found->at = mud_rows_time(one, 0, 1);
    return true;
}

static void filter_args(const struct work *work, struct mud_str args[2],
                        char source[24], char since[MUD_TIME_TEXT])
{
    args[0] = args[1] = MUD_SQL_NULL;
    snprintf(source, 24, "%d", work->search->source);
    if (work->search->source)
        args[0] = mud_str_z(source);
    if (work->search->since)
        args[1] = mud_str_z(mud_time_text(since, work->search->since, true));
}

static bool find_times(struct work *work, struct mud_error *err)
{
    struct mud_buf list = {0};
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[3] = {0};
    size_t kept = 0;
    bool done = true;

    filter_args(work, args + 1, source, since);
    if (work->n_found)
        qsort(work->found, work->n_found, sizeof(*work->found), by_id);
    for (size_t i = 0; done && i < work->n_found; i += PART) {
        size_t n = work->n_found - i < PART ? work->n_found - i : PART;

        mud_buf_clear(&list);
        for (size_t j = 0; j < n; j++) {
            char id[MUD_ID_TEXT];

            mud_buf_printf(&list,
                           "%s%s",
                           j ? "," : "{",
                           mud_id_text(id, work->found[i + j].id));
        }
        mud_buf_c(&list, '}');
        args[0] = mud_buf_view(&list);
        done = mud_pg_each(
            work->pg, mud_sql("search_times"), args, 3, take_time, work, err);
    }
    mud_buf_free(&list);
    for (size_t i = 0; i < work->n_found; i++)
        if (work->found[i].at)
            work->found[kept++] = work->found[i];
    work->n_found = kept;
    if (kept)
        qsort(work->found, kept, sizeof(*work->found), by_time);
    return done;
}

/* ---- hits ---- */

struct hit {
    const struct found *found;
    struct mud_str field, lang, category, body;
    bool is_offer, there;
};

/* The part of a long text that is shown: from a little before the mark. */
static struct mud_span window(struct mud_str body, struct mud_span mark)
{
    size_t start = 0, end = body.n;

    if (body.n > SHOW_MAX) {
        start = mark.start > SHOW_MAX / 4 ? mark.start - SHOW_MAX / 4 : 0;
        start = mud_utf8_cut(body, start);
        end = start + SHOW_MAX < body.n ? start + SHOW_MAX : body.n;
        end = mud_utf8_cut(body, end);
    }
    return (struct mud_span){(uint32_t)start, (uint32_t)end};
}

static void write_marks(struct mud_json *json, struct mud_str text,
                        uint32_t base, const struct mud_span *marks, size_t n)
{
    struct mud_utf8_pos pos = {.text = text};

    mud_json_key(json, "marks");
    mud_json_array(json);
    for (size_t i = 0; i < n; i++) {
        if (marks[i].start < base || marks[i].end > base + text.n)
            continue;
        mud_json_array(json);
        mud_json_int(json,
                     (int64_t)mud_utf8_point(&pos, marks[i].start - base));
        mud_json_int(json, (int64_t)mud_utf8_point(&pos, marks[i].end - base));
        mud_json_array_end(json);
    }
    mud_json_array_end(json);
}

static void write_sightings(struct mud_json *json, const struct mud_rows *rows,
                            struct mud_id id)
{
    int64_t sightings = 0;

    mud_json_key(json, "posts");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        if (!mud_id_eq(mud_rows_id(rows, i, 0), id))
            continue;
        mud_json_str(json, mud_rows_get(rows, i, 1));
        sightings = mud_rows_int(rows, i, 2);
    }
    mud_json_array_end(json);
    mud_json_kint(json, "sightings", sightings);
}

static bool give_hit(struct work *work, const struct hit *hit,
                     const struct mud_rows *sightings, struct mud_error *err)
{
    struct mud_units units = {0};
    struct mud_span *marks = NULL, shown = {0};
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str text = {0};
    size_t n = 0;
    bool go = true;

    mud_arena_reset(work->text);
    mud_units_of(&units, work->reader, hit->body, work->text);
    if (!mud_query_match(&work->query, &units, &marks, &n, work->text))
        return true;
    shown = window(hit->body, n ? marks[0] : (struct mud_span){0});
    text = mud_str_sub(hit->body, shown.start, shown.end);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "hit");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "content", hit->found->id);
    mud_json_kstr(&json, "field", hit->field);
    mud_json_kstr(&json, "lang", hit->lang);
    mud_json_kstr(&json, "category", hit->category);
    mud_json_kbool(&json, "is_offer", hit->is_offer);
    mud_json_ktime(&json, "at", hit->found->at);
    mud_json_kstr(&json, "text", text);
    write_marks(&json, text, shown.start, marks, n);
    write_sightings(&json, sightings, hit->found->id);
    mud_json_object_end(&json);
    work->hits++;
    go = work->record(mud_buf_view(&buf), work->payload, err);
    work->stopped = !go;
    mud_buf_free(&buf);
    return go;
}

static const char *field_name(int64_t field)
{
    return field == MUD_IN_TITLE       ? "title"
           : field == MUD_IN_SIGNATURE ? "signature"
                                       : "text";
}

static bool check_some(struct work *work, size_t from, size_t n, size_t limit,
                       struct mud_error *err)
{
    struct mud_id ids[CHECK];
    struct mud_buf list = {0};
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[3] = {0};
    struct mud_rows *bodies = NULL, *sightings = NULL;
    bool go = false;

    for (size_t i = 0; i < n; i++)
        ids[i] = work->found[from + i].id;
    mud_idlist(&list, ids, n);
    args[0] = mud_buf_view(&list);
    filter_args(work, args + 1, source, since);
    go = mud_pg_query(
             &bodies, work->pg, mud_sql("search_bodies"), args, 1, err) &&
         mud_pg_query(
             &sightings, work->pg, mud_sql("search_sightings"), args, 2, err);
    for (size_t i = 0; go && i < n && work->hits < limit; i++)
        for (size_t j = 0; j < mud_rows_count(bodies); j++) {
            struct hit hit = {.found = &work->found[from + i]};

            if (!mud_id_eq(mud_rows_id(bodies, j, 0), ids[i]))
                continue;
            hit.field = mud_str_z(field_name(mud_rows_int(bodies, j, 1)));
            hit.lang = mud_rows_get(bodies, j, 2);
            hit.category = mud_str_z(mud_category_name(
                (enum mud_category)mud_rows_int(bodies, j, 3)));
            hit.is_offer = mud_rows_bool(bodies, j, 4);
            hit.body = mud_rows_get(bodies, j, 5);
            go = give_hit(work, &hit, sightings, err);
            break;
        }
    mud_rows_free(bodies);
    mud_rows_free(sightings);
    mud_buf_free(&list);
    return go;
}

static bool give_hits(struct work *work, struct mud_error *err)
{
    size_t limit = work->search->limit ? work->search->limit : LIMIT;

    for (size_t i = 0; i < work->n_found && work->hits < limit; i += CHECK) {
        size_t n = work->n_found - i < CHECK ? work->n_found - i : CHECK;

        if (!check_some(work, i, n, limit, err))
            return false;
    }
    return true;
}

static void work_free(struct work *work)
{
    for (size_t i = 0; i < work->n_segments; i++) {
        free(work->segments[i].docs);
        free(work->segments[i].next);
    }
    free(work->segments);
    free(work->found);
    free(work->bytes);
    mud_arena_free(work->arena);
    mud_arena_free(work->text);
    free(work);
}

/* NOLINTNEXTLINE(readability-function-size): the contract of the header */
bool mud_search(int64_t *found, struct mud_pg *pg,
                const struct mud_reader *reader,
                const struct mud_search *search, mud_record_fn *record,
                void *payload, struct mud_error *err)
{
    struct work *work = mud_calloc(1, sizeof(*work));
    bool done = false;

    work->pg = pg;
    work->reader = reader;
    work->search = search;
    work->record = record;
    work->payload = payload;
    work->arena = mud_arena_new();
    work->text = mud_arena_new();
    /* One snapshot: a content is either waiting or in a segment. */
    done =
        mud_query_read(&work->query, reader, search->query, work->arena, err) &&
        mud_pg_exec(
            pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err);
    if (done) {
        done =
            from_index(work, err) &&
            mud_pg_each(
                pg, mud_sql("search_open"), NULL, 0, scan_content, work, err) &&
            find_times(work, err) && give_hits(work, err);
        mud_pg_rollback(pg);
    }
    if (found)
        *found = (int64_t)work->n_found;
    if (work->stopped && (!err || err->code == MUD_OK))
        done = true; /* the caller has enough */
    work_free(work);
    return done;
}
