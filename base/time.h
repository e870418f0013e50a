/*
 * Time. Stored times are int64_t microseconds since 1970 UTC ("us") or, where
 * said, Unix seconds. 0 means "not known". Text form: RFC 3339 in UTC with Z.
 */
#ifndef MUD_BASE_TIME_H
#define MUD_BASE_TIME_H

#include "base/str.h"

#define MUD_SECOND INT64_C(1000000)

/* How exact a time is; what a page or an export really says. */
enum mud_precision {
    MUD_UNKNOWN_TIME = 0,
    MUD_TO_SECOND,
    MUD_TO_MINUTE,
    MUD_TO_HOUR,
    MUD_TO_DAY,
    MUD_TO_MONTH,
    MUD_TO_YEAR
};

const char *mud_precision_name(
    enum mud_precision precision); /* "second"..., "" */
enum mud_precision mud_precision_of(struct mud_str name);

int64_t mud_now(void);       /* wall clock, us */
int64_t mud_monotonic(void); /* for durations, us */

/* "2026-11-24T05:31:38Z"; with_us adds ".123456". Returns text in out. */
#define MUD_TIME_TEXT 40
const char *mud_time_text(char out[MUD_TIME_TEXT], int64_t us, bool with_us);

/* RFC 3339 with any offset, fraction to the microsecond; " " for "T" is taken. */
MUD_MUST bool mud_time_parse(struct mud_str text, int64_t *us);

/* RFC 7231 dates (Date, Last-Modified, Retry-After); false when malformed. */
MUD_MUST bool mud_time_http(struct mud_str text, int64_t *us);

struct mud_civil { /* proleptic Gregorian */
    int year, month, day, hour, minute, second;
};

/* False when a field is out of range (second 60 is taken as 59). */
MUD_MUST bool mud_civil_valid(const struct mud_civil *civil);
int64_t mud_civil_to_unix(const struct mud_civil *civil); /* as UTC, seconds */
struct mud_civil mud_civil_of_unix(int64_t seconds);

/*
 * A time zone: an IANA name ("Asia/Shanghai") or a fixed "+08:00". Rules come
 * from ICU. Thread-safe once made.
 */
struct mud_zone;
MUD_MUST bool mud_zone_new(struct mud_zone **out, struct mud_str name,
                           struct mud_error *err); /* MUD_EINPUT: unknown */
void mud_zone_free(struct mud_zone *zone);
/*
 * Local wall time to Unix seconds UTC. In a gap: as if the clock had not yet
 * been put forward, so 02:30 becomes 03:30; in an overlap: the earlier.
 */
int64_t mud_zone_to_unix(const struct mud_zone *zone,
                         const struct mud_civil *civil);
struct mud_civil mud_zone_local(const struct mud_zone *zone, int64_t unix_s);

#endif
