#include "graph/search.h"

#include "base/json.h"
#include "base/utf8.h"
#include "graph/idlist.h"
#include "graph/search_docs.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT    20
#define CHECK    64   /* texts fetched at once to be checked */
#define SHOW_MAX 4000 /* bytes of a text in a hit */

struct work {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    const struct mud_search *search;
    struct mud_query query;
    struct mud_search_docs *docs;
    struct mud_arena *arena; /* of the query */
    struct mud_arena *text;  /* of one text */
    mud_record_fn *record;
    void *payload;
    size_t hits;
    bool stopped;
};

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

struct hit {
    struct mud_id content;
    int64_t at; /* us: seen last, by the filters */
    struct mud_str field, lang, category, body;
    bool is_offer;
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
    mud_json_kid(&json, "content", hit->content);
    mud_json_kstr(&json, "field", hit->field);
    mud_json_kstr(&json, "lang", hit->lang);
    mud_json_kstr(&json, "category", hit->category);
    mud_json_kbool(&json, "is_offer", hit->is_offer);
    mud_json_ktime(&json, "at", hit->at);
    mud_json_kstr(&json, "text", text);
    write_marks(&json, text, shown.start, marks, n);
    write_sightings(&json, sightings, hit->content);
    mud_json_object_end(&json);
    work->hits++;
    go = work->record(mud_buf_view(&buf), work->payload, err);
    work->stopped = !go;
    mud_buf_free(&buf);
    return go;
}

static const char *field_name(int64_t field)
{
    return field == MUD_IN_TITLE        ? "title"
           : field == MUD_IN_SIGNATURE  ? "signature"
           : field == MUD_IN_ATTACHMENT ? "attachment"
                                        : "text";
}

struct some { /* texts to be checked, and what is known of them */
    struct mud_id ids[CHECK];
    size_t n;
    struct mud_rows *times, *bodies, *sightings;
};

static bool load(struct some *some, struct work *work, struct mud_error *err)
{
    struct mud_buf list = {0};
    char source[24], since[MUD_TIME_TEXT];
    struct mud_str args[3] = {0};
    bool done = false;

    mud_idlist(&list, some->ids, some->n);
    args[0] = mud_buf_view(&list);
    filter_args(work, args + 1, source, since);
    done =
        mud_pg_query(
            &some->times, work->pg, mud_sql("search_times"), args, 3, err) &&
        mud_pg_query(
            &some->bodies, work->pg, mud_sql("search_bodies"), args, 1, err) &&
        mud_pg_query(&some->sightings,
                     work->pg,
                     mud_sql("search_sightings"),
                     args,
                     2,
                     err);
    mud_buf_free(&list);
    return done;
}

/* The row that is of id; MUD_NPOS. */
static size_t row_of(const struct mud_rows *rows, struct mud_id id)
{
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        if (mud_id_eq(mud_rows_id(rows, i, 0), id))
            return i;
    return MUD_NPOS;
}

static bool check_one(struct work *work, const struct some *some,
                      struct mud_id id, struct mud_error *err)
{
    size_t time = row_of(some->times, id), row = row_of(some->bodies, id);
    const struct mud_rows *rows = some->bodies;
    struct hit hit = {.content = id};

    if (time == MUD_NPOS || row == MUD_NPOS)
        return true; /* filtered, or gone */
    hit.at = mud_rows_time(some->times, time, 1);
    hit.field = mud_str_z(field_name(mud_rows_int(rows, row, 1)));
    hit.lang = mud_rows_get(rows, row, 2);
    hit.category = mud_str_z(
        mud_category_name((enum mud_category)mud_rows_int(rows, row, 3)));
    hit.is_offer = mud_rows_bool(rows, row, 4);
    hit.body = mud_rows_get(rows, row, 5);
    return give_hit(work, &hit, some->sightings, err);
}

/* The next texts in order. */
static bool gather(struct some *some, struct work *work, size_t most,
                   struct mud_error *err)
{
    struct mud_search_doc doc;
    bool end = false;

    while (some->n < most && !end) {
        if (!mud_search_docs_next(work->docs, &doc, &end, err))
            return false;
        /* Newest first: what follows is older still. */
        if (!end && work->search->since && doc.at < work->search->since)
            end = true;
        if (!end)
            some->ids[some->n++] = doc.content;
    }
    return true;
}

static bool give_hits(struct work *work, struct mud_error *err)
{
    size_t limit = work->search->limit ? work->search->limit : LIMIT;
    bool go = true, more = true;

    while (go && more && work->hits < limit) {
        struct some some = {0};

        go = gather(&some, work, CHECK, err);
        more = go && some.n == CHECK;
        go = go && (!some.n || load(&some, work, err));
        for (size_t i = 0; go && i < some.n && work->hits < limit; i++)
            go = check_one(work, &some, some.ids[i], err);
        mud_rows_free(some.times);
        mud_rows_free(some.bodies);
        mud_rows_free(some.sightings);
    }
    return go;
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
            mud_search_docs_open(&work->docs, pg, reader, &work->query, err) &&
            give_hits(work, err);
        mud_pg_rollback(pg);
    }
    if (found)
        *found = work->docs ? mud_search_docs_count(work->docs) : 0;
    if (work->stopped && (!err || err->code == MUD_OK))
        done = true; /* the caller has enough */
    mud_search_docs_close(work->docs);
    mud_arena_free(work->arena);
    mud_arena_free(work->text);
    free(work);
    return done;
}
