#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

/* ICU's calendar is not safe for two threads, so it has a lock. */
struct rules {
    UCalendar *calendar;
    pthread_mutex_t lock;
};

struct mud_zone {
    int fixed; /* seconds east, when there are no rules */
    struct rules *rules;
};

/* "+08:00", "-0330", "+8" */
static bool read_fixed(struct mud_str name, int *seconds)
{
    struct mud_str rest = mud_str_sub(name, 1, name.n);
    size_t colon = mud_str_chr(rest, ':');
    struct mud_str hours = rest, minutes = MUD_STR("0");
    uint64_t h, m;

    if (!name.n || (name.s[0] != '+' && name.s[0] != '-'))
        return false;
    if (colon != MUD_NPOS) {
        hours = mud_str_sub(rest, 0, colon);
        minutes = mud_str_sub(rest, colon + 1, rest.n);
        if (minutes.n != 2)
            return false;
    } else if (rest.n == 4) {
        hours = mud_str_sub(rest, 0, 2);
        minutes = mud_str_sub(rest, 2, 4);
    }
    if (hours.n > 2 || !mud_str_u64(hours, &h) || !mud_str_u64(minutes, &m) ||
        h > 18 || m > 59)
        return false;
    *seconds = (int)(h * 3600 + m * 60);
    if (name.s[0] == '-')
        *seconds = -*seconds;
    return true;
}

static UCalendar *open_calendar(struct mud_str name)
{
    UChar id[64], canonical[64];
    UBool is_system = false;
    UErrorCode status = U_ZERO_ERROR;
    int32_t n;

    if (!name.n || name.n >= sizeof(id) / sizeof(id[0]))
        return NULL;
    u_strFromUTF8(id, 64, &n, name.s, (int32_t)name.n, &status);
    /* ICU opens any name as GMT; only this call says what is unknown. */
    ucal_getCanonicalTimeZoneID(id, n, canonical, 64, &is_system, &status);
    if (U_FAILURE(status) || !is_system)
        return NULL;
    return ucal_open(id, n, "en_US", UCAL_GREGORIAN, &status);
}

bool mud_zone_new(struct mud_zone **out, struct mud_str name,
                  struct mud_error *err)
{
    struct mud_zone *zone = mud_calloc(1, sizeof(*zone));
    UCalendar *calendar;

    *out = NULL;
    if (!read_fixed(name, &zone->fixed)) {
        calendar = open_calendar(name);
        if (!calendar) {
            free(zone);
            return mud_fail(err,
                            MUD_EINPUT,
                            "unknown time zone %.*s",
                            MUD_FMT(mud_str_sub(name, 0, 64)));
        }
        zone->rules = mud_calloc(1, sizeof(*zone->rules));
        zone->rules->calendar = calendar;
        pthread_mutex_init(&zone->rules->lock, NULL);
    }
    *out = zone;
    return true;
}

void mud_zone_free(struct mud_zone *zone)
{
    if (!zone)
        return;
    if (zone->rules) {
        ucal_close(zone->rules->calendar);
        pthread_mutex_destroy(&zone->rules->lock);
        free(zone->rules);
    }
    free(zone);
}

/* Seconds east of UTC at a time that is local or UTC. */
static int64_t offset_at(const struct mud_zone *zone, int64_t seconds,
                         bool local)
{
    struct rules *rules = zone->rules;
    UErrorCode status = U_ZERO_ERROR;
    int32_t raw = 0, saving = 0;

    if (!rules)
        return zone->fixed;
    pthread_mutex_lock(&rules->lock);
    ucal_setMillis(rules->calendar, (double)seconds * 1000.0, &status);
    if (local) {
        /* The offset before the change: past a gap, first of an overlap. */
        ucal_getTimeZoneOffsetFromLocal(rules->calendar,
                                        UCAL_TZ_LOCAL_FORMER,
                                        UCAL_TZ_LOCAL_FORMER,
                                        &raw,
                                        &saving,
                                        &status);
    } else {
        raw = ucal_get(rules->calendar, UCAL_ZONE_OFFSET, &status);
        saving = ucal_get(rules->calendar, UCAL_DST_OFFSET, &status);
    }
    pthread_mutex_unlock(&rules->lock);
    return U_SUCCESS(status) ? (raw + saving) / 1000 : 0;
}

int64_t mud_zone_to_unix(const struct mud_zone *zone,
                         const struct mud_civil *civil)
{
    int64_t local = mud_civil_to_unix(civil);

    return local - offset_at(zone, local, true);
}

struct mud_civil mud_zone_local(const struct mud_zone *zone, int64_t unix_s)
{
    return mud_civil_of_unix(unix_s + offset_at(zone, unix_s, false));
}
