/*
 * Matching texts with all saved searches: graph/alert.h. The terms of a batch
 * of texts are put into posting lists; each search asks for the few terms of
 * which a text of its must have one, and looks at those texts alone.
 */
#include "graph/alert.h"

#include "graph/idlist.h"
#include "graph/search_terms.h"
#include "graph/search_walk.h"

#include <stdio.h>
#include <stdlib.h>

#define BATCH 1024 /* texts of one transaction */

struct saved {
    int32_t id;
    int64_t since;
    struct mud_query *query; /* malloc'd; NULL: it is in trouble */
    struct mud_str *cover;
    size_t n;
    bool all; /* no cover: looks at every text */
};

struct found { /* a post of a text for a search */
    const struct saved *of;
    struct mud_id post, content, key; /* key: template, else content */
    int64_t at;
    struct mud_str json; /* in the batch's arena */
    bool known;          /* noted before */
};

struct work {
    struct mud_pg *pg;
    const struct mud_reader *reader;
    struct mud_arena *arena; /* of the searches */
    struct mud_arena *batch; /* of one batch */
    struct mud_arena *text;  /* of one match */
    MUD_ROWS(saved) saved;
    unsigned needs;
    struct mud_rows *sources;
    struct mud_check check;
    struct mud_postings *postings;
    uint32_t doc;
    MUD_ROWS(found) found;
    struct mud_alerted *out;
};

/* ---- the searches ---- */

static bool trouble(struct work *work, int32_t id, const char *why,
                    struct mud_error *err)
{
    char number[24];
    struct mud_str args[2] = {{0}, why ? mud_str_z(why) : MUD_SQL_NULL};

    snprintf(number, sizeof(number), "%d", id);
    args[0] = mud_str_z(number);
    return mud_pg_query(NULL, work->pg, mud_sql("alert_trouble"), args, 2, err);
}

/* One that is no longer understood (its source is gone) stops no other. */
static bool load_one(struct work *work, const struct mud_rows *rows, size_t i,
                     struct mud_error *err)
{
    struct saved *saved = MUD_ADD(&work->saved);
    struct mud_error why = {0};
    struct mud_zone *zone = NULL;
    bool good = false;

    saved->id = (int32_t)mud_rows_int(rows, i, 0);
    saved->since = mud_rows_time(rows, i, 3);
    saved->query = mud_calloc(1, sizeof(*saved->query));
    good = mud_zone_new(&zone, mud_rows_get(rows, i, 2), &why) &&
           mud_query_read(saved->query,
                          work->reader,
                          mud_str_dup(mud_rows_get(rows, i, 1), work->arena),
                          zone,
                          work->arena,
                          &why) &&
           mud_query_resolve(saved->query, work->pg, work->arena, &why);
    mud_zone_free(zone);
    if (!good) {
        free(saved->query);
        saved->query = NULL;
        work->saved.n--; /* its memory stays until the next is added */
        if (why.code != MUD_EUSAGE && why.code != MUD_ELIMIT &&
            why.code != MUD_EINPUT)
            return mud_fail(err, why.code, "%s", why.text);
        return trouble(work, saved->id, why.text, err);
    }
    saved->all =
        !mud_query_cover(&saved->cover, &saved->n, saved->query, work->arena);
    work->needs |= saved->query->needs;
    return mud_rows_null(rows, i, 4) || trouble(work, saved->id, NULL, err);
}

static bool load_saved(struct work *work, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good =
        mud_pg_query(&rows, work->pg, mud_sql("alert_rows"), NULL, 0, err);

    for (size_t i = 0; good && i < mud_rows_count(rows); i++)
        good = load_one(work, rows, i, err);
    mud_rows_free(rows);
    return good;
}

/* ---- the texts ---- */

static void add_text(struct work *work, struct mud_checked *of)
{
    struct mud_units *units =
        mud_arena_array(work->batch, 1, sizeof(struct mud_units));
    char buf[2 * MUD_UNIT_MAX];

    mud_units_of(units, work->reader, of->body, work->batch);
    of->units = units;
    for (size_t i = 0; i < units->n; i++) {
        struct mud_str term = mud_units_term(units, i, buf);

        if (term.n)
            mud_postings_add(work->postings, term, work->doc);
    }
    mud_search_terms_add(work->postings, of, work->doc);
}

static void take_match(struct work *work, const struct saved *saved,
                       const struct mud_match *match)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str text = {0};

    mud_json_object(&json);
    mud_hit_write(&json, saved->query, match, work->sources, false, work->text);
    mud_json_object_end(&json);
    text = mud_str_dup(mud_buf_view(&buf), work->batch);
    mud_buf_free(&buf);
    for (size_t i = match->n; i-- > 0;) {
        const struct mud_seen *seen = match->posts[i];

        if (seen->first < saved->since)
            continue;
        *MUD_ADD(&work->found) = (struct found){.of = saved,
                                                .post = seen->post,
                                                .content = match->of->id,
                                                .key = match->of->id,
                                                .at = seen->at,
                                                .json = text};
    }
}

static void ask(struct work *work, struct saved *saved, uint32_t doc)
{
    struct mud_match match;

    mud_arena_reset(work->text);
    if (mud_check_match(&match,
                        &work->check.at[doc],
                        saved->query,
                        work->reader,
                        work->text))
        take_match(work, saved, &match);
}

static int by_term(const void *key, const void *item)
{
    return mud_str_cmp(*(const struct mud_str *)key,
                       (*(const struct mud_posting *const *)item)->term);
}

/* Texts that have a term of its cover, each once. */
static void ask_covered(struct work *work, struct saved *saved,
                        const struct mud_posting *const *lists, size_t n_lists)
{
    uint64_t asked[BATCH / 64] = {0};

    for (size_t i = 0; i < saved->n; i++) {
        const struct mud_posting *const *list =
            bsearch(&saved->cover[i], lists, n_lists, sizeof(void *), by_term);
        uint32_t doc = UINT32_MAX;
        size_t at = 0;

        while (list && mud_postings_next(
                           mud_str_of((const char *)(*list)->bytes, (*list)->n),
                           &at,
                           &doc)) {
            if (asked[doc / 64] >> doc % 64 & 1)
                continue;
            asked[doc / 64] |= UINT64_C(1) << doc % 64;
            ask(work, saved, doc);
        }
    }
}

static void match_all(struct work *work)
{
    const struct mud_posting *const *lists = NULL;
    size_t n = 0;

    for (work->doc = 0; work->doc < work->check.n; work->doc++)
        if (work->check.at[work->doc].body.s)
            add_text(work, &work->check.at[work->doc]);
    lists = mud_postings_sorted(work->postings, &n);
    for (size_t i = 0; i < work->saved.n; i++) {
        struct saved *saved = &work->saved.at[i];

        if (!saved->all)
            ask_covered(work, saved, lists, n);
        for (uint32_t doc = 0; saved->all && doc < work->check.n; doc++)
            ask(work, saved, doc);
    }
}

/* ---- the hits ---- */

/* A key of a search and a thing. */
static struct mud_id pair_id(int32_t alert, struct mud_id id)
{
    struct mud_id out = id;

    for (int i = 0; i < 4; i++)
        out.b[i] ^= (uint8_t)((uint32_t)alert >> 8 * i);
    /* The first bytes are hashed on; alerts differ there. */
    return out;
}

static struct mud_id *column(const struct work *work, bool posts)
{
    struct mud_id *ids = mud_calloc(work->found.n + 1, sizeof(*ids));

    for (size_t i = 0; i < work->found.n; i++)
        ids[i] = posts ? work->found.at[i].post : work->found.at[i].content;
    return ids;
}

/* The searches that found something, as an array. */
static void alert_list(const struct work *work, struct mud_buf *out)
{
    const struct saved *last = NULL;

    mud_buf_c(out, '{');
    for (size_t i = 0; i < work->found.n; i++)
        if (work->found.at[i].of != last) {
            last = work->found.at[i].of;
            mud_buf_printf(out, "%s%d", out->n > 1 ? "," : "", last->id);
        }
    mud_buf_c(out, '}');
}

static bool query_pairs(struct mud_rows **rows, struct work *work,
                        const char *query, struct mud_ids ids,
                        struct mud_error *err)
{
    struct mud_buf alerts = {0}, list = {0};
    struct mud_str args[2];
    bool good = false;

    alert_list(work, &alerts);
    mud_idlist(&list, ids.at, ids.n);
    args[0] = mud_buf_view(&alerts);
    args[1] = mud_buf_view(&list);
    good = mud_pg_query(rows, work->pg, mud_sql(query), args, 2, err);
    mud_buf_free(&alerts);
    mud_buf_free(&list);
    return good;
}

static bool drop_known(struct work *work, struct mud_error *err)
{
    struct mud_id *posts = column(work, true);
    struct mud_rows *rows = NULL;
    struct mud_id_set *set = mud_id_set_new();
    bool good = query_pairs(&rows,
                            work,
                            "alert_posts_of",
                            (struct mud_ids){posts, work->found.n},
                            err);
    bool known = false;
    size_t value = 0;

    for (size_t i = 0; good && i < mud_rows_count(rows); i++)
        mud_id_set_put(set,
                       pair_id((int32_t)mud_rows_int(rows, i, 0),
                               mud_rows_id(rows, i, 1)),
                       0,
                       &known);
    for (size_t i = 0; good && i < work->found.n; i++)
        work->found.at[i].known = mud_id_set_get(
            set,
            pair_id(work->found.at[i].of->id, work->found.at[i].post),
            &value);
    mud_rows_free(rows);
    mud_id_set_free(set);
    free(posts);
    return good;
}

/* Texts that are forms of one advert have one key; all forms, so that hits of
 * before are found by theirs. */
static bool find_keys(struct work *work, struct mud_keyed *templates,
                      struct mud_rows **siblings, struct mud_error *err)
{
    struct mud_id *contents = column(work, false), *ids = NULL;
    bool good = mud_keyed_run(templates,
                              work->pg,
                              "alert_templates",
                              (struct mud_ids){contents, work->found.n},
                              err);

    for (size_t i = 0; good && i < work->found.n; i++) {
        size_t row = mud_keyed_row(templates, work->found.at[i].content);

        if (row != MUD_NPOS)
            work->found.at[i].key = mud_rows_id(templates->rows, row, 1);
    }
    if (good && templates->rows) {
        ids = mud_column_ids(templates->rows, 1);
        good = mud_query_ids(siblings,
                             work->pg,
                             "alert_siblings",
                             (struct mud_ids){ids,
                                              mud_rows_count(templates->rows)},
                             NULL,
                             err);
    }
    free(ids);
    free(contents);
    return good;
}

/* Hits of before by search and key. */
static bool find_hits(struct work *work, struct mud_id_set *hits,
                      struct mud_error *err)
{
    struct mud_keyed templates = {0};
    struct mud_rows *siblings = NULL, *rows = NULL;
    struct mud_id_set *keys = mud_id_set_new(); /* content to sibling row */
    struct mud_id *ids = NULL;
    size_t n = 0, row = 0;
    bool known = false, good = find_keys(work, &templates, &siblings, err);

    ids = mud_calloc(work->found.n + (siblings ? mud_rows_count(siblings) : 0) +
                         1,
                     sizeof(*ids));
    for (size_t i = 0; i < work->found.n; i++)
        ids[n++] = work->found.at[i].content;
    for (size_t i = 0; good && siblings && i < mud_rows_count(siblings); i++) {
        ids[n++] = mud_rows_id(siblings, i, 0);
        mud_id_set_put(keys, ids[n - 1], i, &known);
    }
    good = good &&
           query_pairs(
               &rows, work, "alert_hits_of", (struct mud_ids){ids, n}, err);
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        struct mud_id key = mud_rows_id(rows, i, 2);

        if (mud_id_set_get(keys, key, &row))
            key = mud_rows_id(siblings, row, 1);
        mud_id_set_put(hits,
                       pair_id((int32_t)mud_rows_int(rows, i, 1), key),
                       (size_t)mud_rows_int(rows, i, 0),
                       &known);
    }
    mud_rows_free(rows);
    mud_rows_free(siblings);
    mud_keyed_free(&templates);
    mud_id_set_free(keys);
    free(ids);
    return good;
}

/* What goes into one statement: a JSON array. */
struct list {
    struct mud_buf buf;
    struct mud_json json;
};

static void list_begin(struct list *list)
{
    mud_buf_clear(&list->buf);
    list->json = (struct mud_json){.buf = &list->buf};
    mud_json_array(&list->json);
}

static bool list_end(struct list *list, struct mud_rows **rows,
                     struct mud_pg *pg, const char *query, int64_t now,
                     struct mud_error *err)
{
    char text[MUD_TIME_TEXT];
    struct mud_str args[2];

    mud_json_array_end(&list->json);
    args[0] = mud_buf_view(&list->buf);
    args[1] = mud_str_z(mud_time_text(text, now, true));
    if (list->buf.n == 2)
        return true; /* nothing to do */
    if (list->buf.over)
        return mud_fail(err, MUD_ELIMIT, "hits of one batch: too much");
    return mud_pg_query(rows, pg, mud_sql(query), args, 2, err);
}

static void list_add(struct list *list, const struct found *found, int64_t hit)
{
    struct mud_json *json = &list->json;

    mud_json_object(json);
    mud_json_kint(json, "a", found->of->id);
    mud_json_kid(json, "p", found->post);
    mud_json_ktime(json, "t", found->at);
    if (hit) {
        mud_json_kint(json, "h", hit);
    } else {
        mud_json_kid(json, "c", found->content);
        mud_json_key(json, "f");
        mud_json_raw(json, found->json);
    }
    mud_json_object_end(json);
}

/* The first post of each advert that its search does not know yet; hits gets
 * the number of its row in found, and later that of the hit. */
static bool store_hits(struct work *work, struct mud_id_set *hits, int64_t now,
                       struct list *list, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    size_t *fresh = mud_calloc(work->found.n + 1, sizeof(*fresh)), n = 0;
    bool known = false, good = false;

    list_begin(list);
    for (size_t i = 0; i < work->found.n; i++) {
        const struct found *found = &work->found.at[i];

        if (found->known)
            continue;
        mud_id_set_put(hits, pair_id(found->of->id, found->key), 0, &known);
        if (known)
            continue;
        list_add(list, found, 0);
        fresh[n++] = i;
    }
    good = list_end(list, &rows, work->pg, "alert_hit_add", now, err);
    if (good && n && mud_rows_count(rows) != n)
        good = mud_fail(err, MUD_EBUG, "hits were not stored one by one");
    for (size_t i = 0; good && i < n; i++) {
        const struct found *found = &work->found.at[fresh[i]];

        if (mud_rows_int(rows, i, 1) != found->of->id ||
            !mud_id_eq(mud_rows_id(rows, i, 2), found->content))
            good = mud_fail(err, MUD_EBUG, "hits came back in another order");
        mud_id_set_change(hits,
                          pair_id(found->of->id, found->key),
                          (size_t)mud_rows_int(rows, i, 0));
    }
    work->out->hits += good ? (int64_t)n : 0;
    mud_rows_free(rows);
    free(fresh);
    return good;
}

static bool store(struct work *work, struct mud_error *err)
{
    struct mud_id_set *hits = mud_id_set_new();
    struct list list = {0};
    int64_t now = mud_now();
    bool good = !work->found.n ||
                (drop_known(work, err) && find_hits(work, hits, err) &&
                 store_hits(work, hits, now, &list, err));

    list_begin(&list);
    for (size_t i = 0; good && i < work->found.n; i++) {
        const struct found *found = &work->found.at[i];
        size_t hit = 0;

        if (found->known ||
            !mud_id_set_get(hits, pair_id(found->of->id, found->key), &hit))
            continue;
        list_add(&list, found, (int64_t)hit);
        work->out->posts++;
    }
    good = good && list_end(&list, NULL, work->pg, "alert_post_add", now, err);
    mud_buf_free(&list.buf);
    mud_id_set_free(hits);
    return good;
}

/* ---- one batch ---- */

static bool match_batch(struct work *work, struct mud_ids ids,
                        struct mud_error *err)
{
    const unsigned needs = work->needs | MUD_NEED_BOARD | MUD_NEED_CONTACT |
                           MUD_NEED_PRODUCT | MUD_NEED_PRICE;
    bool good = mud_check_load(
        &work->check, work->pg, ids, needs, INT64_MIN, INT64_MAX, err);

    work->found.n = 0;
    mud_arena_reset(work->batch);
    work->postings = mud_postings_new();
    if (good)
        match_all(work);
    good = good && store(work, err) &&
           mud_query_ids(NULL, work->pg, "alert_taken", ids, NULL, err);
    mud_postings_free(work->postings);
    mud_check_free(&work->check);
    work->out->texts += (int64_t)ids.n;
    return good;
}

static bool locked(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("alert_lock"), NULL, 0, err))
        return false;
    *out = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* *more: there may be more that waits. */
static bool run_some(struct work *work, bool *more, struct mud_error *err)
{
    char limit[24];
    struct mud_str arg = {0};
    struct mud_rows *rows = NULL;
    struct mud_id *ids = NULL;
    bool lock = false, good = mud_pg_begin(work->pg, err);

    snprintf(limit, sizeof(limit), "%d", BATCH);
    arg = mud_str_z(limit);
    *more = false;
    good = good && locked(&lock, work->pg, err);
    work->out->busy = good && !lock;
    good = good &&
           (!lock ||
            mud_pg_query(&rows, work->pg, mud_sql("alert_take"), &arg, 1, err));
    if (good && rows && mud_rows_count(rows)) {
        ids = mud_column_ids(rows, 0);
        *more = mud_rows_count(rows) == BATCH;
        good =
            match_batch(work, (struct mud_ids){ids, mud_rows_count(rows)}, err);
    }
    free(ids);
    mud_rows_free(rows);
    if (good)
        return mud_pg_commit(work->pg, err);
    mud_pg_rollback(work->pg);
    return false;
}

bool mud_alert_run(struct mud_alerted *out, struct mud_pg *pg,
                   const struct mud_reader *reader, struct mud_error *err)
{
    struct mud_alerted done = {0};
    struct work work = {.pg = pg,
                        .reader = reader,
                        .arena = mud_arena_new(),
                        .batch = mud_arena_new(),
                        .text = mud_arena_new(),
                        .out = &done};
    bool more = true;
    bool good =
        mud_sources_load(&work.sources, pg, err) && load_saved(&work, err);

    if (good && !work.saved.n)
        good =
            mud_pg_query(NULL, pg, mud_sql("alert_drop_waiting"), NULL, 0, err);
    while (good && work.saved.n && more)
        good = run_some(&work, &more, err);
    for (size_t i = 0; i < work.saved.n; i++)
        free(work.saved.at[i].query);
    free(work.saved.at);
    free(work.found.at);
    mud_rows_free(work.sources);
    mud_arena_free(work.arena);
    mud_arena_free(work.batch);
    mud_arena_free(work.text);
    if (out)
        *out = done;
    return good || mud_fail_in(err, "saved searches");
}
