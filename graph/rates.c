#include "graph/rates.h"

#include "base/conf.h"
#include "base/hash.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)32 << 20)

bool mud_day_of(struct mud_str text, int32_t *day)
{
    uint64_t y = 0, m = 0, d = 0;
    struct mud_civil civil;

    if (text.n != 10 || text.s[4] != '-' || text.s[7] != '-' ||
        !mud_str_u64(mud_str_sub(text, 0, 4), &y) ||
        !mud_str_u64(mud_str_sub(text, 5, 7), &m) ||
        !mud_str_u64(mud_str_sub(text, 8, 10), &d))
        return false;
    civil = (struct mud_civil){.year = (int)y, .month = (int)m, .day = (int)d};
    if (!mud_civil_valid(&civil))
        return false;
    *day = (int32_t)(mud_civil_to_unix(&civil) / 86400);
    return true;
}

static bool currency_of(struct mud_str text, char out[12])
{
    if (text.n < 2 || text.n > 11)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((text.s[i] < 'A' || text.s[i] > 'Z') &&
            (text.s[i] < '0' || text.s[i] > '9'))
            return false;
    memset(out, 0, 12);
    memcpy(out, text.s, text.n);
    return true;
}

static bool amount_of(struct mud_str text, double *out)
{
    char digits[40], *end = NULL;

    if (!text.n || text.n >= sizeof(digits))
        return false;
    for (size_t i = 0; i < text.n; i++)
        if ((text.s[i] < '0' || text.s[i] > '9') && text.s[i] != '.')
            return false;
    memcpy(digits, text.s, text.n);
    digits[text.n] = 0;
    *out = strtod(digits, &end);
    return !*end && isfinite(*out) && *out > 0;
}

static int by_day(const void *a, const void *b)
{
    const struct mud_rate *x = a, *y = b;
    int order = strcmp(x->currency, y->currency);

    return order ? order : (x->day > y->day) - (x->day < y->day);
}

static bool read_line(struct mud_rate *out, struct mud_str line,
                      const char **what)
{
    struct mud_str parts[4] = {{0}};
    size_t n = 0;

    while (n < 4 && mud_str_cut(&line, '\t', &parts[n]))
        n++;
    *what = n < 4 || line.s ? "four parts with tabs between: date, currency, "
                              "CNY, source"
            : !mud_day_of(parts[0], &out->day) ? "a date such as 2026-03-05"
            : !currency_of(parts[1], out->currency)
                ? "a currency such as USD or USDT"
            : !amount_of(parts[2], &out->cny)
                ? "what one unit is worth in CNY, such as 7.1"
            : !mud_str_trim(parts[3]).n ? "where the rate is from"
                                        : NULL;
    out->source = mud_str_trim(parts[3]);
    return !*what;
}

bool mud_rates_read(struct mud_rates *out, const char *name,
                    struct mud_str text, struct mud_arena *arena,
                    struct mud_error *err)
{
    struct mud_str line;
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];
    size_t cap = 0, number = 0;

    *out = (struct mud_rates){0};
    mud_sha256_of(text, digest);
    snprintf(out->digest,
             sizeof(out->digest),
             "%.16s",
             mud_hex(hex, digest, MUD_SHA256));
    while (mud_str_line(&text, &line)) {
        const char *what = NULL;

        number++;
        if (!mud_str_trim(line).n || line.s[0] == '#')
            continue;
        if (out->n == MUD_RATES_MAX)
            return mud_fail(
                err, MUD_ELIMIT, "%s: more than %d rates", name, MUD_RATES_MAX);
        out->at =
            mud_arena_grow(arena, out->at, &cap, out->n, sizeof(*out->at));
        if (!read_line(&out->at[out->n], line, &what))
            return mud_fail(
                err, MUD_EINPUT, "%s: line %zu: wants %s", name, number, what);
        out->n++;
    }
    if (out->n)
        qsort(out->at, out->n, sizeof(*out->at), by_day);
    for (size_t i = 1; i < out->n; i++)
        if (!by_day(&out->at[i - 1], &out->at[i]))
            return mud_fail(err,
                            MUD_EINPUT,
                            "%s: two rates of %s for one day",
                            name,
                            out->at[i].currency);
    return true;
}

bool mud_rates_load(struct mud_rates *out, const char *path,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str text = {0};

    if (access(path, F_OK) != 0)
        return mud_rates_read(out, path, MUD_STR(""), arena, err);
    return mud_file_read(&text, path, FILE_MAX, arena, err) &&
           mud_rates_read(out, path, text, arena, err);
}

bool mud_rate_of(const struct mud_rates *rates, struct mud_str currency,
                 int32_t day, double *cny)
{
    struct mud_rate key = {.day = day};
    size_t low = 0, high = rates->n;

    if (mud_str_eqz(currency, "CNY")) {
        *cny = 1;
        return true;
    }
    if (!currency_of(currency, key.currency))
        return false;
    while (low < high) { /* the first that is behind that day */
        size_t middle = (low + high) / 2;

        if (by_day(&rates->at[middle], &key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || strcmp(rates->at[low - 1].currency, key.currency) != 0 ||
        day - rates->at[low - 1].day > MUD_RATE_DAYS)
        return false;
    *cny = rates->at[low - 1].cny;
    return true;
}
