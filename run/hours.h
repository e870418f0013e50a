/*
 * Hours of the day in which something may be done: "08:00-23:30", several
 * parted by commas, over midnight too ("22:00-02:00"). They are wall time of a
 * zone; no hours at all mean always.
 */
#ifndef MUD_RUN_HOURS_H
#define MUD_RUN_HOURS_H

#include "base/time.h"

#define MUD_HOURS_MAX 12

struct mud_hours {
    struct {
        uint16_t from, to; /* minutes of the day; from inclusive, to not */
    } range[MUD_HOURS_MAX];

    size_t n;
};

/* MUD_EUSAGE names the range that is none. Empty text: always. */
MUD_MUST bool mud_hours_parse(struct mud_hours *out, struct mud_str text,
                              struct mud_error *err);

/*
 * When the hours are open next (us): now itself when they are open, else the
 * beginning of the next range. name: of the zone, or its offset; empty or
 * unknown: Asia/Shanghai.
 */
int64_t mud_hours_next(const struct mud_hours *hours, struct mud_str name,
                       int64_t now);

#endif
