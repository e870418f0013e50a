/* Offer, seller and stats records. */
#include "graph/pages.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* columns of offer_list */
    CONTENT,
    POST,
    OFFER,
    THREAD,
    SELLER,
    CAPTURE,
    SOURCE,
    KEY,
    AUTHOR,
    AUTHOR_KEY,
    POSTED,
    CATEGORY,
    DIRECTION,
    PRODUCT,
    LOW,
    HIGH,
    UNIT,
    SURE,
    START,
    END,
    BODY,
    URL,
    AT,
    PRICES
};

#define TEXT_MAX 400 /* bytes of the advert shown with an offer */

/* A part of the text with the product in it. */
static struct mud_str excerpt(const struct mud_rows *rows, size_t i)
{
    struct mud_str body = mud_rows_get(rows, i, BODY);
    size_t start = 0, at = (size_t)mud_rows_int(rows, i, START);

    if (at > TEXT_MAX / 2 && body.n > TEXT_MAX)
        start = mud_utf8_cut(body, at - TEXT_MAX / 2);
    body = mud_str_sub(body, start, body.n);
    return mud_str_sub(body, 0, mud_utf8_cut(body, TEXT_MAX));
}

static void quantity(struct mud_json *json, const struct mud_rows *rows,
                     size_t i)
{
    if (!mud_rows_get(rows, i, UNIT).n) {
        mud_json_knull(json, "quantity");
        return;
    }
    mud_json_key(json, "quantity");
    mud_json_object(json);
    mud_json_amount(json, "min", rows, i, LOW);
    mud_json_amount(json, "max", rows, i, HIGH);
    mud_json_kstr(json, "unit", mud_rows_get(rows, i, UNIT));
    mud_json_object_end(json);
}

static void write_offer(struct mud_json *json, const struct mud_rows *rows,
                        size_t i, const struct mud_keyed *threads,
                        const struct mud_rows *sources)
{
    struct mud_id thread = mud_rows_id(rows, i, THREAD);
    struct mud_str prices = mud_rows_get(rows, i, PRICES);

    mud_json_object(json);
    mud_json_kz(json, "type", "offer");
    mud_json_kint(json, "schema", 1);
    mud_json_kstr(json, "post", mud_rows_get(rows, i, POST));
    mud_json_kint(json, "offer", mud_rows_int(rows, i, OFFER));
    mud_json_kstr(json, "content", mud_rows_get(rows, i, CONTENT));
    mud_json_text(json,
                  "source",
                  mud_source_name(sources, mud_rows_int(rows, i, SOURCE)));
    mud_json_text(json, "site", mud_keyed_get(threads, thread, 2));
    mud_json_text(json, "board", mud_keyed_get(threads, thread, 3));
    mud_json_text(json, "thread", mud_keyed_get(threads, thread, 4));
    mud_json_text(json, "thread_title", mud_keyed_get(threads, thread, 5));
    mud_json_text(json, "post_key", mud_rows_get(rows, i, KEY));
    mud_json_text(json, "author", mud_rows_get(rows, i, AUTHOR));
    mud_json_text(json, "author_id", mud_rows_get(rows, i, AUTHOR_KEY));
    mud_json_text(json, "seller", mud_rows_get(rows, i, SELLER));
    mud_json_timed(json, "posted_at", rows, i, POSTED);
    mud_json_kz(
        json,
        "category",
        mud_category_name((enum mud_category)mud_rows_int(rows, i, CATEGORY)));
    mud_json_kz(json,
                "direction",
                mud_direction_name(
                    (enum mud_direction)mud_rows_int(rows, i, DIRECTION)));
    mud_json_text(json, "product", mud_rows_get(rows, i, PRODUCT));
    quantity(json, rows, i);
    mud_json_key(json, "prices");
    mud_json_raw(json, prices.n ? prices : MUD_STR("[]"));
    mud_json_kdouble(json, "sure", (double)mud_rows_int(rows, i, SURE) / 1000);
    mud_json_kstr(json, "text", excerpt(rows, i));
    mud_json_text(json, "url", mud_rows_get(rows, i, URL));
    mud_json_kstr(json, "capture", mud_rows_get(rows, i, CAPTURE));
    mud_json_object_end(json);
}

static bool write_page(struct mud_giving *giving, const struct mud_rows *rows,
                       const struct mud_rows *sources, bool newest,
                       struct mud_error *err)
{
    size_t n = mud_rows_count(rows);
    struct mud_id *ids = mud_calloc(n + 1, sizeof(*ids));
    struct mud_keyed threads = {0};
    struct mud_buf line = {0};
    bool go = false;

    (void)newest; /* of posts alone */
    for (size_t i = 0; i < n; i++)
        ids[i] = mud_rows_id(rows, i, THREAD);
    go = mud_keyed_run(
        &threads, giving->pg, "post_threads", (struct mud_ids){ids, n}, err);
    for (size_t i = 0; go && giving->left && i < n; i++) {
        struct mud_json json = {.buf = &line};

        mud_buf_clear(&line);
        write_offer(&json, rows, i, &threads, sources);
        go = mud_give(giving, mud_buf_view(&line), err);
    }
    free(ids);
    mud_keyed_free(&threads);
    mud_buf_free(&line);
    return go;
}

bool mud_list_offers(struct mud_pg *pg, const struct mud_listing *listing,
                     mud_record_fn *record, void *payload,
                     struct mud_error *err)
{
    static const struct mud_paging paging = {
        "offer_list", AT, POST, CONTENT, OFFER, write_page};

    return mud_list_pages(&paging, pg, listing, record, payload, err);
}

bool mud_list_sellers(struct mud_pg *pg, const struct mud_listing *listing,
                      mud_record_fn *record, void *payload,
                      struct mud_error *err)
{
    char limit[24], since[MUD_TIME_TEXT];
    struct mud_str args[2] = {{0}};
    struct mud_rows *rows = NULL;
    bool go = true;

    /* LIMIT NULL is none. */
    snprintf(limit, sizeof(limit), "%zu", listing->limit);
    if (listing->limit)
        args[0] = mud_str_z(limit);
    if (listing->since)
        args[1] = mud_str_z(mud_time_text(since, listing->since, true));
    if (!mud_pg_query(&rows, pg, mud_sql("seller_list"), args, 2, err))
        return false;
    for (size_t i = 0; go && i < mud_rows_count(rows); i++)
        go = record(mud_rows_get(rows, i, 2), payload, err);
    mud_rows_free(rows);
    return go || !err || err->code == MUD_OK;
}

/* ---- stats ---- */

static bool one_row(struct mud_json *json, struct mud_pg *pg,
                    struct mud_error *err)
{
    static const char *const names[] = {"captures",
                                        "captures_read",
                                        "threads",
                                        "posts",
                                        "contents",
                                        "annotations",
                                        "adverts",
                                        "offers",
                                        "entities",
                                        "claims",
                                        "evidence",
                                        "search_waiting",
                                        "search_segments",
                                        "sellers",
                                        "readers"};
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("content_stats"), NULL, 0, err))
        return false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        mud_json_kint(json, names[i], mud_rows_int(rows, 0, i));
    mud_rows_free(rows);
    return true;
}

/* Texts that today's reader would read anew: rules or terms are others. */
static bool by_reader(struct mud_json *json, struct mud_pg *pg,
                      const char *version, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char number[24];
    struct mud_str arg;

    if (!version)
        return true;
    snprintf(number, sizeof number, "%d", mud_reader_number(version));
    arg = mud_str_z(number);
    if (!mud_pg_query(
            &rows, pg, mud_sql("content_stats_readers"), &arg, 1, err))
        return false;
    mud_json_kz(json, "reader", version);
    mud_json_kint(json, "contents_of_before", mud_rows_int(rows, 0, 0));
    mud_json_kint(json, "terms", mud_rows_int(rows, 0, 1));
    mud_rows_free(rows);
    return true;
}

static bool by_source(struct mud_json *json, struct mud_pg *pg,
                      struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(
            &rows, pg, mud_sql("content_stats_sources"), NULL, 0, err))
        return false;
    mud_json_key(json, "sources");
    mud_json_array(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        mud_json_object(json);
        mud_json_kstr(json, "source", mud_rows_get(rows, i, 1));
        mud_json_kint(json, "posts", mud_rows_int(rows, i, 2));
        mud_json_kint(json, "adverts", mud_rows_int(rows, i, 3));
        mud_json_timed(json, "first_post", rows, i, 4);
        mud_json_timed(json, "last_post", rows, i, 5);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    mud_rows_free(rows);
    return true;
}

static bool by_category(struct mud_json *json, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(
            &rows, pg, mud_sql("content_stats_categories"), NULL, 0, err))
        return false;
    mud_json_key(json, "categories");
    mud_json_object(json);
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        mud_json_kint(
            json,
            mud_category_name((enum mud_category)mud_rows_int(rows, i, 0)),
            mud_rows_int(rows, i, 1));
    mud_json_object_end(json);
    mud_rows_free(rows);
    return true;
}

bool mud_stats(struct mud_pg *pg, const char *version, mud_record_fn *record,
               void *payload, struct mud_error *err)
{
    struct mud_buf line = {0};
    struct mud_json json = {.buf = &line};
    bool go = false;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "stats");
    mud_json_kint(&json, "schema", 1);
    go = one_row(&json, pg, err) && by_reader(&json, pg, version, err) &&
         by_category(&json, pg, err) && by_source(&json, pg, err);
    mud_json_object_end(&json);
    if (go)
        go = record(mud_buf_view(&line), payload, err) || !err ||
             err->code == MUD_OK;
    mud_buf_free(&line);
    return go;
}
