#include "graph/trends.h"

#include "graph/pages.h"
#include "nlp/reading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {"offers", "sellers", "prices"};
static const char *const queries[] = {"trend_offers",
                                      "trend_sellers",
                                      "trend_prices"};

struct asked {         /* one price */
    double value, cny; /* of one unit; cny NAN: no rate */
    struct mud_str currency;
};

struct work {
    struct mud_pg *pg;
    const struct mud_trends *trends;
    struct mud_arena *arena;
    char since[MUD_TIME_TEXT], until[MUD_TIME_TEXT], as_of[MUD_TIME_TEXT];
    char category[24];
    struct mud_str args[7], query;
    char id[17];
    mud_record_fn *record;
    void *payload;
    /* prices of one product, unit and period */
    struct mud_str product, per, period;
    MUD_ROWS(asked) asked;
    double first; /* median in CNY of the product's first period; 0: none */
};

/* What was asked, so that it can be asked again. */
static void name_query(struct work *work)
{
    const struct mud_trends *t = work->trends;
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    work->query = mud_str_printf(
        work->arena,
        "trends %s --by %s --since %s --until %s --as-of %s zone %s%s%.*s%s%.*s",
        names[t->what],
        t->month ? "month" : "week",
        work->since,
        work->until,
        work->as_of,
        t->zone,
        t->category.n ? " --category " : "",
        MUD_FMT(t->category),
        t->product.n ? " --product " : "",
        MUD_FMT(t->product));
    mud_sha256_of(work->query, digest);
    snprintf(
        work->id, sizeof(work->id), "%.16s", mud_hex(hex, digest, MUD_SHA256));
}

static bool prepare(struct work *work, struct mud_error *err)
{
    const struct mud_trends *t = work->trends;
    enum mud_category category = MUD_CAT_BENIGN;

    if (t->category.n && !mud_category_of(t->category, &category))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "there is no category %.*s",
                        (int)(t->category.n < 60 ? t->category.n : 60),
                        t->category.s);
    snprintf(work->category, sizeof(work->category), "%d", (int)category);
    work->args[0] = mud_str_z(mud_time_text(work->since, t->since, true));
    work->args[1] = mud_str_z(mud_time_text(work->until, t->until, true));
    work->args[2] = mud_str_z(mud_time_text(work->as_of, t->as_of, true));
    work->args[3] = mud_str_z(t->month ? "month" : "week");
    work->args[4] = mud_str_z(t->zone);
    work->args[5] = t->category.n ? mud_str_z(work->category) : MUD_SQL_NULL;
    work->args[6] = t->product.n ? t->product : MUD_SQL_NULL;
    name_query(work);
    return true;
}

static void head(struct mud_json *json, const struct work *work,
                 struct mud_str period, int64_t n)
{
    mud_json_object(json);
    mud_json_kz(json, "type", "trend");
    mud_json_kint(json, "schema", 1);
    mud_json_kz(json, "what", names[work->trends->what]);
    mud_json_kstr(json, "query", work->query);
    mud_json_kz(json, "query_id", work->id);
    mud_json_ktime(json, "as_of", work->trends->as_of);
    mud_json_kz(json, "by", work->trends->month ? "month" : "week");
    mud_json_kstr(json, "period", period);
    mud_json_kint(json, "n", n);
    mud_json_kbool(json, "small", n < MUD_TREND_SMALL);
}

static bool tail(struct mud_json *json, struct work *work,
                 struct mud_error *err)
{
    bool go = false;

    mud_json_object_end(json);
    go = work->record(mud_buf_view(json->buf), work->payload, err);
    mud_buf_free(json->buf);
    return go;
}

static bool take_count(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct work *work = payload;
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    int64_t n = mud_rows_int(one, 0, 2);

    head(&json, work, mud_rows_get(one, 0, 0), n);
    mud_json_kz(&json,
                "category",
                mud_category_name((enum mud_category)mud_rows_int(one, 0, 1)));
    if (work->trends->what == MUD_TREND_OFFERS) {
        mud_json_kint(&json, "posts", n);
        mud_json_kint(&json, "sellers", mud_rows_int(one, 0, 3));
    } else {
        mud_json_kint(&json, "new_sellers", n);
    }
    return tail(&json, work, err);
}

/* ---- prices ---- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The value a share of the way through n sorted ones, between two if need be. */
static double quantile(const double *values, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t i = (size_t)at;

    return i + 1 < n
               ? values[i] + (at - (double)i) * (values[i + 1] - values[i])
               : values[n - 1];
}

static void write_spread(struct mud_json *json, const struct work *work,
                         double *values, size_t n)
{
    qsort(values, n, sizeof(*values), by_value);
    mud_json_kstr(json, "product", work->product);
    mud_json_kstr(json, "per", work->per);
    mud_json_kdouble(json, "median", quantile(values, n, 0.5));
    mud_json_kdouble(json, "low", quantile(values, n, 0.25));
    mud_json_kdouble(json, "high", quantile(values, n, 0.75));
}

static bool give_currency(struct work *work, struct mud_str currency,
                          double *values, size_t n, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    head(&json, work, work->period, (int64_t)n);
    mud_json_kstr(&json, "currency", currency);
    write_spread(&json, work, values, n);
    return tail(&json, work, err);
}

static bool give_index(struct work *work, double *values, size_t n,
                       struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    head(&json, work, work->period, (int64_t)n);
    mud_json_kz(&json, "currency", "CNY");
    mud_json_kbool(&json, "index", true);
    if (n) {
        write_spread(&json, work, values, n);
        if (work->first <= 0)
            work->first = quantile(values, n, 0.5);
        mud_json_kdouble(
            &json, "index_value", 100 * quantile(values, n, 0.5) / work->first);
    } else {
        mud_json_kstr(&json, "product", work->product);
        mud_json_kstr(&json, "per", work->per);
        mud_json_knull(&json, "index_value");
    }
    mud_json_kint(&json, "left_out", (int64_t)(work->asked.n - n));
    mud_json_kz(&json, "rates", work->trends->rates->digest);
    return tail(&json, work, err);
}

static int by_currency(const void *a, const void *b)
{
    return mud_str_cmp(((const struct asked *)a)->currency,
                       ((const struct asked *)b)->currency);
}

/* All prices of one product, unit and period are there. */
static bool end_period(struct work *work, struct mud_error *err)
{
    size_t n = work->asked.n, used = 0;
    double *values = mud_calloc(n + 1, sizeof(*values));
    bool go = true;

    if (n)
        qsort(work->asked.at, n, sizeof(*work->asked.at), by_currency);
    for (size_t i = 0, k = 0; go && i < n; i += k) {
        struct mud_str currency = work->asked.at[i].currency;

        for (k = 0;
             i + k < n && mud_str_eq(work->asked.at[i + k].currency, currency);
             k++)
            values[k] = work->asked.at[i + k].value;
        go = give_currency(work, currency, values, k, err);
    }
    for (size_t i = 0; i < n; i++)
        if (!isnan(work->asked.at[i].cny))
            values[used++] = work->asked.at[i].cny;
    go = go && (!n || give_index(work, values, used, err));
    free(values);
    work->asked.n = 0;
    return go;
}

static bool take_price(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct work *work = payload;
    struct mud_str product = mud_rows_get(one, 0, 0);
    struct mud_str per = mud_rows_get(one, 0, 1);
    struct mud_str period = mud_rows_get(one, 0, 2);
    bool same =
        mud_str_eq(product, work->product) && mud_str_eq(per, work->per);
    double low = mud_rows_double(one, 0, mud_rows_null(one, 0, 4) ? 5 : 4);
    double high = mud_rows_double(one, 0, mud_rows_null(one, 0, 5) ? 4 : 5);
    double per_qty = mud_rows_null(one, 0, 6) ? 1 : mud_rows_double(one, 0, 6);
    double rate = NAN;
    int32_t day = 0;
    struct asked *asked = NULL;

    if (!same || !mud_str_eq(period, work->period)) {
        if (!end_period(work, err))
            return false;
        work->first = same ? work->first : 0;
        work->product = mud_str_dup(product, work->arena);
        work->per = mud_str_dup(per, work->arena);
        work->period = mud_str_dup(period, work->arena);
    }
    asked = MUD_ADD(&work->asked);
    asked->value = (low + high) / 2 / (per_qty > 0 ? per_qty : 1);
    asked->currency = mud_str_dup(mud_rows_get(one, 0, 3), work->arena);
    if (!mud_day_of(mud_rows_get(one, 0, 7), &day) ||
        !mud_rate_of(work->trends->rates, asked->currency, day, &rate))
        rate = NAN;
    asked->cny = asked->value * rate;
    return true;
}

bool mud_trends(struct mud_pg *pg, const struct mud_trends *trends,
                mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct work work = {.pg = pg,
                        .trends = trends,
                        .arena = mud_arena_new(),
                        .record = record,
                        .payload = payload};
    bool prices = trends->what == MUD_TREND_PRICES;
    bool good =
        prepare(&work, err) && mud_pg_each(pg,
                                           mud_sql(queries[trends->what]),
                                           work.args,
                                           prices ? 7 : 6,
                                           prices ? take_price : take_count,
                                           &work,
                                           err);

    good = good && (!prices || end_period(&work, err));
    free(work.asked.at);
    mud_arena_free(work.arena);
    return good;
}
