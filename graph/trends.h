/*
 * Figures over time, each with what it was made of: the query (and its id),
 * the window, n, and the time until which captures were looked at, so that it
 * can be made again.
 */
#ifndef MUD_GRAPH_TRENDS_H
#define MUD_GRAPH_TRENDS_H

#include "graph/rates.h"
#include "graph/records.h"

enum mud_trend {
    MUD_TREND_OFFERS,  /* posts with offers, and who made them */
    MUD_TREND_SELLERS, /* whose first offer of a category it is */
    MUD_TREND_PRICES   /* asked for products; and their index in CNY */
};

struct mud_trends {
    enum mud_trend what;
    bool month;                    /* else weeks, from Monday */
    const char *zone;              /* name of that of the periods */
    int64_t since, until;          /* us; until not included */
    int64_t as_of;                 /* us: captured until then */
    struct mud_str category;       /* empty: all */
    struct mud_str product;        /* prices: of one, or empty */
    const struct mud_rates *rates; /* prices */
};

#define MUD_TREND_SMALL 5 /* a figure of fewer says "small":true */

/*
 * Records in the order of time: {"type":"trend","schema":1,"what","query"
 * (what was asked, as text),"query_id" (of that),"as_of","by","period" (its
 * first day),"n","small"} and, by what:
 * offers: "category","posts" (n),"sellers"
 * sellers: "category","new_sellers" (n)
 * prices: "product","per","currency","median","low","high" (quartiles; of one
 *  unit), and once a period and product with "currency":"CNY","index":true:
 *  "median"... of all prices that a rate converts, "index_value" (100 in the
 *  first period), "left_out" (prices without a rate),"rates" (digest of the
 *  file). One text counts once a period.
 */
MUD_MUST bool mud_trends(struct mud_pg *pg, const struct mud_trends *trends,
                         mud_record_fn *record, void *payload,
                         struct mud_error *err);

#endif
