/* Counts over the hits of a search: graph/search.h. */
#include "graph/search_walk.h"

#include <stdio.h>
#include <stdlib.h>

#define SHOWN    20
#define DAYS_MAX 62 /* up to here the histogram is by days, else by months */

struct count {
    struct mud_str value; /* in the arena */
    int64_t texts, posts;
    int64_t last; /* number of the text that was counted last */
};

struct counts {
    struct count *at;
    size_t n, cap;
    struct mud_id_set *index; /* by a digest of the value */
};

enum {
    CATEGORY,
    SIDE,
    SOURCE,
    LANG,
    AUTHOR,
    FIELD,
    LISTS
};

static const char *const list_names[LISTS] =
    {"category", "side", "source", "lang", "author", "field"};

struct counting {
    struct counts lists[LISTS];
    struct counts days, months;
    struct mud_rows *sources;
    struct mud_arena *arena;
    int64_t texts, posts;
    const struct mud_zone *zone;
};

static void add(struct counting *counting, struct counts *counts,
                struct mud_str value)
{
    bool known = false;
    size_t i = 0;

    if (!counts->index)
        counts->index = mud_id_set_new();
    i = mud_id_set_put(
        counts->index, mud_id_of("facet", value), counts->n, &known);
    if (!known) {
        counts->at = mud_arena_grow(counting->arena,
                                    counts->at,
                                    &counts->cap,
                                    counts->n,
                                    sizeof(*counts->at));
        counts->at[counts->n++].value = mud_str_dup(value, counting->arena);
    }
    counts->at[i].posts++;
    counts->at[i].texts += counts->at[i].last != counting->texts;
    counts->at[i].last = counting->texts;
}

static void add_time(struct counting *counting, int64_t at)
{
    int64_t seconds = at / MUD_SECOND;
    struct mud_civil c = counting->zone
                             ? mud_zone_local(counting->zone, seconds)
                             : mud_civil_of_unix(seconds);
    char day[40];
    int n =
        snprintf(day, sizeof(day), "%04d-%02d-%02d", c.year, c.month, c.day);

    add(counting, &counting->days, mud_str_of(day, (size_t)n));
    add(counting, &counting->months, mud_str_of(day, (size_t)n - 3));
}

static bool count_hit(struct mud_search_walk *walk,
                      const struct mud_match *match, struct mud_error *err)
{
    struct counting *counting = walk->payload;
    const struct mud_facts_of *facts = &match->of->facts;

    (void)err;
    counting->texts++;
    for (size_t i = 0; i < match->n; i++) {
        const struct mud_seen *seen = match->posts[i];

        counting->posts++;
        add(counting,
            &counting->lists[CATEGORY],
            mud_str_z(mud_category_name((enum mud_category)seen->category)));
        add(counting,
            &counting->lists[SIDE],
            mud_str_z(mud_direction_name((enum mud_direction)seen->direction)));
        add(counting,
            &counting->lists[SOURCE],
            mud_source_name(counting->sources, seen->source));
        add(counting, &counting->lists[LANG], facts->lang);
        if (seen->name.n)
            add(counting, &counting->lists[AUTHOR], seen->name);
        add(counting,
            &counting->lists[FIELD],
            mud_str_z(mud_hit_field(facts->field)));
        add_time(counting, seen->at);
    }
    return true;
}

static int by_posts(const void *a, const void *b)
{
    const struct count *x = a, *y = b;

    if (x->posts != y->posts)
        return x->posts > y->posts ? -1 : 1;
    return mud_str_cmp(x->value, y->value);
}

static int by_value(const void *a, const void *b)
{
    return mud_str_cmp(((const struct count *)a)->value,
                       ((const struct count *)b)->value);
}

static void write_counts(struct mud_json *json, const char *key,
                         struct counts *counts)
{
    if (counts->n)
        qsort(counts->at, counts->n, sizeof(*counts->at), by_posts);
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = 0; i < counts->n && i < SHOWN; i++) {
        mud_json_object(json);
        mud_json_kstr(json, "value", counts->at[i].value);
        mud_json_kint(json, "texts", counts->at[i].texts);
        mud_json_kint(json, "posts", counts->at[i].posts);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void write_times(struct mud_json *json, struct counting *counting)
{
    bool days = counting->days.n <= DAYS_MAX;
    struct counts *counts = days ? &counting->days : &counting->months;

    if (counts->n)
        qsort(counts->at, counts->n, sizeof(*counts->at), by_value);
    mud_json_key(json, "times");
    mud_json_object(json);
    mud_json_kz(json, "by", days ? "day" : "month");
    mud_json_key(json, "counts");
    mud_json_array(json);
    for (size_t i = 0; i < counts->n; i++) {
        mud_json_object(json);
        mud_json_kstr(json, "from", counts->at[i].value);
        mud_json_kint(json, "posts", counts->at[i].posts);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_json_object_end(json);
}

static bool give(struct counting *counting, const struct mud_search_walk *walk,
                 mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    bool go = false;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "facets");
    mud_json_kint(&json, "schema", 1);
    mud_json_kint(&json, "texts", counting->texts);
    mud_json_kint(&json, "posts", counting->posts);
    mud_json_kint(&json, "offered", mud_search_docs_count(walk->docs));
    mud_json_kbool(&json, "complete", !walk->cut);
    for (int i = 0; i < LISTS; i++)
        write_counts(&json, list_names[i], &counting->lists[i]);
    write_times(&json, counting);
    mud_json_object_end(&json);
    go = record(mud_buf_view(&buf), payload, err);
    mud_buf_free(&buf);
    return go || !err || err->code == MUD_OK;
}

bool mud_search_facets(struct mud_pg *pg, const struct mud_reader *reader,
                       const struct mud_search *search, mud_record_fn *record,
                       void *payload, struct mud_error *err)
{
    struct counting counting = {.arena = mud_arena_new(), .zone = search->zone};
    struct mud_search_walk *walk = mud_calloc(1, sizeof(*walk));
    bool good = false;

    walk->pg = pg;
    walk->reader = reader;
    walk->search = search;
    walk->hit = count_hit;
    walk->payload = &counting;
    good = mud_sources_load(&counting.sources, pg, err) &&
           mud_search_walk(walk, err) &&
           give(&counting, walk, record, payload, err);
    for (int i = 0; i < LISTS; i++)
        mud_id_set_free(counting.lists[i].index);
    mud_id_set_free(counting.days.index);
    mud_id_set_free(counting.months.index);
    mud_rows_free(counting.sources);
    mud_arena_free(counting.arena);
    mud_search_walk_free(walk);
    free(walk);
    return good;
}
