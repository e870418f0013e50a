/*
 * Dated rates of exchange into CNY, from a file that people keep
 * (MUDLARK_HOME/rates.tsv): a line a rate, "DATE<TAB>CURRENCY<TAB>CNY<TAB>
 * SOURCE", CNY being what one unit of the currency was worth on that day; lines
 * that begin with # are passed over. A price is converted by the newest rate
 * that is not after its day and at most MUD_RATE_DAYS older; without one it is
 * left out and counted. CNY is 1.
 */
#ifndef MUD_GRAPH_RATES_H
#define MUD_GRAPH_RATES_H

#include "base/str.h"

#define MUD_RATE_DAYS 31
#define MUD_RATES_MAX 200000

struct mud_rate {
    int32_t day; /* since 1970 */
    char currency[12];
    double cny;
    struct mud_str source;
};

struct mud_rates {
    struct mud_rate *at; /* by currency and day; in the arena */
    size_t n;
    char digest[17]; /* of the file, so that a figure names what it used */
};

/* No file: no rates. MUD_EINPUT names the file and line. */
MUD_MUST bool mud_rates_load(struct mud_rates *out, const char *path,
                             struct mud_arena *arena, struct mud_error *err);
MUD_MUST bool mud_rates_read(struct mud_rates *out, const char *name,
                             struct mud_str text, struct mud_arena *arena,
                             struct mud_error *err);

/* What one unit was worth; false when no rate tells. */
bool mud_rate_of(const struct mud_rates *rates, struct mud_str currency,
                 int32_t day, double *cny);

/* "2026-03-05" as a day since 1970; false when it is none. */
bool mud_day_of(struct mud_str text, int32_t *day);

#endif
