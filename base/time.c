#include "base/time.h"

#include <stdio.h>
#include <time.h>

#define DAY INT64_C(86400)

static const char *const precision_names[] = {[MUD_UNKNOWN_TIME] = "",
                                              [MUD_TO_SECOND] = "second",
                                              [MUD_TO_MINUTE] = "minute",
                                              [MUD_TO_HOUR] = "hour",
                                              [MUD_TO_DAY] = "day",
                                              [MUD_TO_MONTH] = "month",
                                              [MUD_TO_YEAR] = "year"};

const char *mud_precision_name(enum mud_precision precision)
{
    return precision_names[precision];
}

enum mud_precision mud_precision_of(struct mud_str name)
{
    for (unsigned i = 0; i <= MUD_TO_YEAR; i++)
        if (mud_str_eqz(name, precision_names[i]))
            return (enum mud_precision)i;
    return MUD_UNKNOWN_TIME;
}

static int64_t read_clock(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return ts.tv_sec * MUD_SECOND + ts.tv_nsec / 1000;
}

int64_t mud_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t mud_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t div_floor(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && leap(year));
}

/* Days since 1970-01-01. Years begin in March, so a leap day comes last. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t from_march = month > 2 ? month - 3 : month + 9;
    int64_t y = month > 2 ? year : year - 1;
    int64_t leaps = div_floor(y, 4) - div_floor(y, 100) + div_floor(y, 400);

    /* 719,468 days lie between 0000-03-01 and 1970-01-01. */
    return y * 365 + leaps + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

bool mud_civil_valid(const struct mud_civil *civil)
{
    return civil->year >= 0 && civil->year <= 9999 && civil->month >= 1 &&
           civil->month <= 12 && civil->day >= 1 &&
           civil->day <= month_days(civil->year, civil->month) &&
           civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 &&
           civil->minute <= 59 && civil->second >= 0 && civil->second <= 60;
}

int64_t mud_civil_to_unix(const struct mud_civil *civil)
{
    int second = civil->second == 60 ? 59 : civil->second;

    return days_of(civil->year, civil->month, civil->day) * DAY +
           civil->hour * INT64_C(3600) + civil->minute * INT64_C(60) + second;
}

struct mud_civil mud_civil_of_unix(int64_t seconds)
{
    int64_t day = div_floor(seconds, DAY);
    int rest = (int)(seconds - day * DAY);
    /* Days of an era of 400 years, counted from 1 March. */
    int64_t era = div_floor(day + 719468, 146097);
    int64_t in_era = day + 719468 - era * 146097;
    int64_t year =
        (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int in_year = (int)(in_era - (365 * year + year / 4 - year / 100));
    int from_march = (5 * in_year + 2) / 153;
    struct mud_civil civil = {.month = from_march < 10 ? from_march + 3
                                                       : from_march - 9,
                              .day = in_year - (153 * from_march + 2) / 5 + 1,
                              .hour = rest / 3600,
                              .minute = rest / 60 % 60,
                              .second = rest % 60};

    civil.year = (int)(year + era * 400 + (civil.month <= 2));
    return civil;
}

const char *mud_time_text(char out[MUD_TIME_TEXT], int64_t us, bool with_us)
{
    int64_t seconds = div_floor(us, MUD_SECOND);
    struct mud_civil c = mud_civil_of_unix(seconds);
    int n = snprintf(out,
                     MUD_TIME_TEXT,
                     "%04d-%02d-%02dT%02d:%02d:%02d",
                     c.year,
                     c.month,
                     c.day,
                     c.hour,
                     c.minute,
                     c.second);

    if (with_us)
        n += snprintf(out + n,
                      MUD_TIME_TEXT - (size_t)n,
                      ".%06d",
                      (int)(us - seconds * MUD_SECOND));
    snprintf(out + n, MUD_TIME_TEXT - (size_t)n, "Z");
    return out;
}

/* Exactly `digits` digits off the front of *s. */
static bool take_number(struct mud_str *s, size_t digits, int *out)
{
    uint64_t value;

    if (s->n < digits || !mud_str_u64(mud_str_sub(*s, 0, digits), &value))
        return false;
    *out = (int)value;
    *s = mud_str_sub(*s, digits, s->n);
    return true;
}

static bool take_one_of(struct mud_str *s, const char *set)
{
    if (!s->n || !s->s[0] || !strchr(set, s->s[0]))
        return false;
    *s = mud_str_sub(*s, 1, s->n);
    return true;
}

/* ".123456789" or nothing; what is finer than a microsecond is cut. */
static bool take_fraction(struct mud_str *s, int64_t *us)
{
    int64_t unit = MUD_SECOND / 10;
    size_t n = 0;

    *us = 0;
    if (!take_one_of(s, ".,"))
        return true;
    for (; n < s->n && s->s[n] >= '0' && s->s[n] <= '9'; n++) {
        *us += (s->s[n] - '0') * unit;
        unit /= 10;
    }
    *s = mud_str_sub(*s, n, s->n);
    return n > 0;
}

/* "+08:00" or "-03:30" in seconds. */
static bool take_offset(struct mud_str *s, int *seconds)
{
    bool west = s->n && s->s[0] == '-';
    int hour, minute;

    if (!take_one_of(s, "+-") || !take_number(s, 2, &hour) ||
        !take_one_of(s, ":") || !take_number(s, 2, &minute) || hour > 23 ||
        minute > 59)
        return false;
    *seconds = (hour * 60 + minute) * (west ? -60 : 60);
    return true;
}

bool mud_time_parse(struct mud_str text, int64_t *us)
{
    struct mud_civil c;
    int64_t fraction;
    int offset = 0;

    if (!take_number(&text, 4, &c.year) || !take_one_of(&text, "-") ||
        !take_number(&text, 2, &c.month) || !take_one_of(&text, "-") ||
        !take_number(&text, 2, &c.day) || !take_one_of(&text, "Tt ") ||
        !take_number(&text, 2, &c.hour) || !take_one_of(&text, ":") ||
        !take_number(&text, 2, &c.minute) || !take_one_of(&text, ":") ||
        !take_number(&text, 2, &c.second) || !take_fraction(&text, &fraction))
        return false;
    if (!take_one_of(&text, "Zz") && !take_offset(&text, &offset))
        return false;
    if (text.n || !mud_civil_valid(&c))
        return false;
    *us = (mud_civil_to_unix(&c) - offset) * MUD_SECOND + fraction;
    return true;
}

static bool month_named(struct mud_str name, int *month)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (int i = 0; i < 12; i++)
        if (mud_str_eq(name, mud_str_of(months + (ptrdiff_t)3 * i, 3))) {
            *month = i + 1;
            return true;
        }
    return false;
}

static bool take_clock(struct mud_str *s, struct mud_civil *c)
{
    return take_number(s, 2, &c->hour) && take_one_of(s, ":") &&
           take_number(s, 2, &c->minute) && take_one_of(s, ":") &&
           take_number(s, 2, &c->second);
}

static bool take_month(struct mud_str *s, int *month)
{
    bool ok = month_named(mud_str_sub(*s, 0, 3), month);

    *s = mud_str_sub(*s, 3, s->n);
    return ok;
}

/* "Nov  6 08:49:37 1994", behind the day's name: asctime. */
static bool http_asctime(struct mud_str s, struct mud_civil *c)
{
    if (!take_month(&s, &c->month) || !take_one_of(&s, " "))
        return false;
    if (take_one_of(&s, " ") ? !take_number(&s, 1, &c->day)
                             : !take_number(&s, 2, &c->day))
        return false;
    return take_one_of(&s, " ") && take_clock(&s, c) && take_one_of(&s, " ") &&
           take_number(&s, 4, &c->year) && !s.n;
}

/* "06 Nov 1994 08:49:37 GMT", or with "-" and two digits of year: RFC 850. */
static bool http_fixed(struct mud_str s, struct mud_civil *c)
{
    bool old;

    if (!take_number(&s, 2, &c->day) || !s.n)
        return false;
    old = s.s[0] == '-';
    if (!take_one_of(&s, " -") || !take_month(&s, &c->month) ||
        !take_one_of(&s, old ? "-" : " ") ||
        !take_number(&s, old ? 2 : 4, &c->year) || !take_one_of(&s, " ") ||
        !take_clock(&s, c) || !mud_str_eqz(s, " GMT"))
        return false;
    if (old) {
        /* RFC 7231, 7.1.1.1: over 50 years ahead means the last century. */
        int now = mud_civil_of_unix(mud_now() / MUD_SECOND).year;

        c->year += now - now % 100;
        if (c->year > now + 50)
            c->year -= 100;
    }
    return true;
}

bool mud_time_http(struct mud_str text, int64_t *us)
{
    struct mud_civil c;
    size_t comma;

    text = mud_str_trim(text);
    comma = mud_str_chr(text, ',');
    if (comma == MUD_NPOS) {
        if (text.n < 4 || text.s[3] != ' ' ||
            !http_asctime(mud_str_sub(text, 4, text.n), &c))
            return false;
    } else if (comma + 1 >= text.n || text.s[comma + 1] != ' ' ||
               !http_fixed(mud_str_sub(text, comma + 2, text.n), &c)) {
        return false;
    }
    if (!mud_civil_valid(&c))
        return false;
    *us = mud_civil_to_unix(&c) * MUD_SECOND;
    return true;
}
