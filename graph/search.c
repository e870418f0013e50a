#include "graph/search.h"

#include "base/utf8.h"
#include "graph/search_walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT    20
#define SHOW_MAX 4000 /* bytes of a text in a hit */

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

static void write_text(struct mud_json *json, const struct mud_query *query,
                       const struct mud_match *match, struct mud_arena *arena)
{
    struct mud_span *marks = NULL, shown = {0};
    struct mud_str body = match->of->body, text = {0};
    size_t n = 0;

    if (!mud_query_match(query, &match->units, &marks, &n, arena))
        n = 0;
    shown = window(body, n ? marks[0] : (struct mud_span){0});
    text = mud_str_sub(body, shown.start, shown.end);
    mud_json_kstr(json, "text", text);
    write_marks(json, text, shown.start, marks, n);
}

const char *mud_hit_field(int field)
{
    return field == MUD_IN_ATTACHMENT ? "attachment" : mud_field_name(field);
}

void mud_hit_write(struct mud_json *json, const struct mud_query *query,
                   const struct mud_match *match,
                   const struct mud_rows *sources, bool text,
                   struct mud_arena *arena)
{
    const struct mud_checked *of = match->of;
    const struct mud_seen *newest = match->posts[0];

    mud_json_kid(json, "content", of->id);
    mud_json_kz(json, "field", mud_hit_field(of->facts.field));
    mud_json_kstr(json, "lang", of->facts.lang);
    mud_json_kz(json,
                "category",
                mud_category_name((enum mud_category)newest->category));
    mud_json_kz(json,
                "side",
                mud_direction_name((enum mud_direction)newest->direction));
    mud_json_kbool(json, "is_offer", newest->flags & MUD_IS_OFFER);
    mud_json_ktime(json, "at", newest->at);
    if (text)
        write_text(json, query, match, arena);
    mud_json_kstr(json, "author", newest->name);
    mud_json_kstr(json, "source", mud_source_name(sources, newest->source));
    mud_json_key(json, "posts");
    mud_json_array(json);
    for (size_t i = 0; i < match->n && i < 3; i++) {
        char id[MUD_ID_TEXT];

        mud_json_str(json, mud_str_z(mud_id_text(id, match->posts[i]->post)));
    }
    mud_json_array_end(json);
    mud_json_kint(json, "sightings", (int64_t)match->n);
    if (of->cut)
        mud_json_kbool(json, "more", true);
}

struct ranked {
    double score;
    char *line; /* malloc'd */
};

struct giving {
    struct mud_rows *sources;
    mud_record_fn *record;
    void *payload;
    size_t hits, limit;
    MUD_ROWS(ranked) ranked;
};

/* ---- sort:best ---- */

struct reason {
    const char *what;
    int64_t n;
    double points;
};

/*
 * BM25 (k1 1.2, b 0.75) of each word or phrase, with a text of usual length
 * being 40 units, 100 points for 1; df is what the index says.
 */
static struct reason text_points(const struct mud_search_walk *walk,
                                 const struct mud_match *match)
{
    const double k1 = 1.2, b = 0.75, usual = 40;
    struct reason reason = {"words", 0, 0};
    double all = (double)mud_search_docs_all(walk->docs) + 1;
    double length = (double)match->units.n / usual;
    uint32_t tf[MUD_PARTS_MAX];

    mud_query_count(&walk->query, &match->units, tf);
    for (size_t i = 0; i < walk->query.n_texts; i++) {
        double df = (double)mud_search_docs_having(walk->docs, i);
        double idf = log(1 + (all - fmin(df, all) + 0.5) / (df + 0.5));

        reason.n += tf[i];
        reason.points +=
            100 * idf * tf[i] * (k1 + 1) / (tf[i] + k1 * (1 - b + b * length));
    }
    return reason;
}

/* Why it is where it is, in the order of docs/search.md. */
static double write_rank(struct mud_json *json,
                         const struct mud_search_walk *walk,
                         const struct mud_match *match)
{
    const struct mud_seen *newest = match->posts[0];
    size_t contacts = match->of->facts.n_contacts;
    const struct reason reasons[] = {
        text_points(walk, match),
        {"offer", newest->flags & MUD_IS_OFFER, newest->flags & 1 ? 200 : 0},
        {"contacts", (int64_t)contacts, contacts ? 100 : 0},
        {"posts", (int64_t)match->n, 20 * log2((double)match->n)},
    };
    double score = 0;

    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        score += round(reasons[i].points);
    mud_json_key(json, "rank");
    mud_json_object(json);
    mud_json_kint(json, "score", (int64_t)score);
    mud_json_key(json, "reasons");
    mud_json_array(json);
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
        if (round(reasons[i].points) < 1)
            continue;
        mud_json_object(json);
        mud_json_kz(json, "what", reasons[i].what);
        mud_json_kint(json, "n", reasons[i].n);
        mud_json_kint(json, "points", (int64_t)round(reasons[i].points));
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_json_object_end(json);
    return score;
}

static int by_score(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->score;
    double y = ((const struct ranked *)b)->score;

    return x > y ? -1 : x < y;
}

/* The best of those found, in the order of their ranks; equal ones as found. */
static bool give_ranked(struct giving *giving, struct mud_error *err)
{
    size_t n = giving->ranked.n;
    bool go = true;

    /* Insertion from the front keeps equal ones in order. */
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k && by_score(&giving->ranked.at[k - 1],
                                         &giving->ranked.at[k]) > 0;
             k--) {
            struct ranked swap = giving->ranked.at[k];

            giving->ranked.at[k] = giving->ranked.at[k - 1];
            giving->ranked.at[k - 1] = swap;
        }
    for (size_t i = 0; go && i < n && i < giving->limit; i++)
        go = giving->record(
            mud_str_z(giving->ranked.at[i].line), giving->payload, err);
    return go || !err || err->code == MUD_OK;
}

/* ---- hits ---- */

static bool take_hit(struct mud_search_walk *walk,
                     const struct mud_match *match, struct mud_error *err)
{
    struct giving *giving = walk->payload;
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    double score = 0;
    bool go = true;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "hit");
    mud_json_kint(&json, "schema", 1);
    mud_hit_write(
        &json, &walk->query, match, giving->sources, true, walk->text);
    if (walk->query.sort == MUD_SORT_BEST)
        score = write_rank(&json, walk, match);
    mud_json_object_end(&json);
    if (walk->query.sort == MUD_SORT_BEST) {
        struct ranked *ranked = MUD_ADD(&giving->ranked);

        ranked->score = score;
        ranked->line = mud_strdup(mud_buf_cstr(&buf));
    } else {
        giving->hits++;
        go = giving->record(mud_buf_view(&buf), giving->payload, err) &&
             giving->hits < giving->limit;
    }
    mud_buf_free(&buf);
    return go;
}

static void sum_up(struct mud_searched *sum, const struct mud_search_walk *walk)
{
    char id[MUD_ID_TEXT];

    *sum = (struct mud_searched){.checked = walk->checked, .cut = walk->cut};
    sum->found = walk->docs ? mud_search_docs_count(walk->docs) : 0;
    if ((walk->cut || walk->stopped) && walk->query.sort != MUD_SORT_BEST)
        snprintf(sum->cursor,
                 sizeof(sum->cursor),
                 "%c.%lld.%s",
                 walk->query.sort == MUD_SORT_OLDEST ? 'o' : 'n',
                 (long long)walk->at.at,
                 mud_id_text(id, walk->at.content));
}

bool mud_search(struct mud_searched *sum, struct mud_pg *pg,
                const struct mud_reader *reader,
                const struct mud_search *search, mud_record_fn *record,
                void *payload, struct mud_error *err)
{
    struct giving giving = {.record = record,
                            .payload = payload,
                            .limit = search->limit ? search->limit : LIMIT};
    struct mud_search_walk *walk = mud_calloc(1, sizeof(*walk));
    bool good = false;

    walk->pg = pg;
    walk->reader = reader;
    walk->search = search;
    walk->hit = take_hit;
    walk->payload = &giving;
    good = mud_sources_load(&giving.sources, pg, err) &&
           mud_search_walk(walk, err) && give_ranked(&giving, err);
    if (sum && walk->arena)
        sum_up(sum, walk);
    for (size_t i = 0; i < giving.ranked.n; i++)
        free(giving.ranked.at[i].line);
    free(giving.ranked.at);
    mud_rows_free(giving.sources);
    mud_search_walk_free(walk);
    free(walk);
    return good;
}
