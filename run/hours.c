#include "run/hours.h"

#define DAY_MINUTES 1440

/* "08:00"; 24:00 is the end of the day. */
static bool read_minute(uint16_t *out, struct mud_str text)
{
    struct mud_str hour;
    uint64_t h, m;

    text = mud_str_trim(text);
    if (!mud_str_cut(&text, ':', &hour) || hour.n < 1 || hour.n > 2 ||
        text.n != 2 || !mud_str_u64(hour, &h) || !mud_str_u64(text, &m) ||
        m > 59 || h * 60 + m > DAY_MINUTES)
        return false;
    *out = (uint16_t)(h * 60 + m);
    return true;
}

static bool read_range(struct mud_hours *out, struct mud_str text)
{
    struct mud_str from;
    uint16_t a, b;

    if (mud_str_chr(text, '-') == MUD_NPOS || !mud_str_cut(&text, '-', &from) ||
        !read_minute(&a, from) || !read_minute(&b, text) || a == b ||
        a == DAY_MINUTES)
        return false;
    out->range[out->n].from = a;
    out->range[out->n++].to = b;
    return true;
}

bool mud_hours_parse(struct mud_hours *out, struct mud_str text,
                     struct mud_error *err)
{
    struct mud_str rest = mud_str_trim(text), part;

    *out = (struct mud_hours){0};
    while (rest.n && mud_str_cut(&rest, ',', &part)) {
        if (out->n == MUD_HOURS_MAX)
            return mud_fail(
                err, MUD_EUSAGE, "more than %d ranges of hours", MUD_HOURS_MAX);
        if (!read_range(out, part))
            return mud_fail(err,
                            MUD_EUSAGE,
                            "hours are HH:MM-HH:MM, several parted by commas, "
                            "not %.*s",
                            MUD_FMT(mud_str_sub(part, 0, 32)));
    }
    return true;
}

static bool is_open(const struct mud_hours *hours, int minute)
{
    for (size_t i = 0; i < hours->n; i++) {
        int from = hours->range[i].from, to = hours->range[i].to;
        if (from < to ? minute >= from && minute < to
                      : minute >= from || minute < to)
            return true;
    }
    return hours->n == 0;
}

/* The first beginning of a range after now, in seconds: today, tomorrow, or the
 * day after where a change of the clock swallows one. */
static int64_t next_beginning(const struct mud_hours *hours,
                              const struct mud_zone *zone,
                              struct mud_civil today, int64_t now)
{
    struct mud_civil noon = {today.year, today.month, today.day, 12, 0, 0};
    int64_t first = INT64_MAX;

    for (int day = 0; day < 3; day++) {
        struct mud_civil c =
            mud_civil_of_unix(mud_civil_to_unix(&noon) + (int64_t)day * 86400);
        c.minute = 0;
        for (size_t i = 0; i < hours->n; i++) {
            c.hour = hours->range[i].from / 60;
            c.minute = hours->range[i].from % 60;
            int64_t at = mud_zone_to_unix(zone, &c);
            if (at > now && at < first)
                first = at;
        }
    }
    return first;
}

int64_t mud_hours_next(const struct mud_hours *hours, struct mud_str name,
                       int64_t now)
{
    struct mud_zone *zone;
    int64_t seconds = now / MUD_SECOND;

    if (!hours->n)
        return now;
    if ((!name.n || !mud_zone_new(&zone, name, NULL)) &&
        !mud_zone_new(&zone, MUD_STR("Asia/Shanghai"), NULL) &&
        !mud_zone_new(&zone, MUD_STR("+08:00"), NULL))
        return now; /* a fixed offset is always known */
    struct mud_civil local = mud_zone_local(zone, seconds);
    int64_t next =
        is_open(hours, local.hour * 60 + local.minute)
            ? now
            : next_beginning(hours, zone, local, seconds) * MUD_SECOND;
    mud_zone_free(zone);
    return next;
}
