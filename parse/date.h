/*
 * Dates as forums print them: absolute in Chinese, English and Russian forms,
 * relative to the time of the fetch ("3 小时前", "Yesterday, 08:25 AM"), with
 * the precision that the text itself has. Forms: reference engines listed in
 * parse/README.md; a form with a zone in it needs no zone from outside.
 */
#ifndef MUD_PARSE_DATE_H
#define MUD_PARSE_DATE_H

#include "base/time.h"

enum mud_date_order { /* of 10-06-2026, 10/06/26 and 06.10.2026 */
    MUD_DATE_MDY = 0,
    MUD_DATE_DMY
};

struct mud_date_rules {
    const struct mud_zone *zone; /* NULL: UTC */
    int64_t now;                 /* us, time of the fetch; 0: no relative */
    enum mud_date_order order;   /* dots are always day first */
};

/*
 * The first date in text, which may stand among other words. False when there
 * is none. A day without a time has MUD_TO_DAY and is taken at local midnight.
 * Looks at the first 512 bytes.
 */
MUD_MUST bool mud_date_find(int64_t *us, enum mud_precision *precision,
                            struct mud_str text,
                            const struct mud_date_rules *rules);

/* Is it reckoned back from the clock: "3 小时前", "2 hours ago", "刚刚"? */
bool mud_date_relative(struct mud_str text);

/*
 * Does text hold a date of three numbers of which one is above 12, so that
 * the order of day and month shows? Dates with dots tell nothing.
 */
bool mud_date_order_of(struct mud_str text, enum mud_date_order *order);

#endif
