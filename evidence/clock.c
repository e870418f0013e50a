#include "evidence/facts.h"

#include <sys/timex.h>

/*
 * adjtimex(2) with no mode set only reads. What the kernel knows is what the
 * time service told it: whether the clock is held to another one (TIME_ERROR
 * and STA_UNSYNC: it is not), the offset still being worked off, and the
 * estimated and largest error, all in microseconds.
 */
struct mud_clock mud_clock_read(void)
{
    struct timex t = {0};
    struct mud_clock clock = {0};
    int state = adjtimex(&t);

    if (state < 0)
        return clock;
    clock.known = true;
    clock.synced = state != TIME_ERROR && !(t.status & STA_UNSYNC);
    clock.offset = (t.status & STA_NANO) ? t.offset / 1000 : t.offset;
    clock.error = t.esterror;
    clock.max_error = t.maxerror;
    return clock;
}

struct mud_str mud_clock_json(struct mud_arena *arena)
{
    struct mud_clock clock = mud_clock_read();

    if (!clock.known)
        return MUD_STR("{\"source\":\"adjtimex\",\"synced\":null}");
    return mud_str_printf(arena,
                          "{\"error_us\":%lld,\"max_error_us\":%lld,"
                          "\"offset_us\":%lld,\"source\":\"adjtimex\","
                          "\"synced\":%s}",
                          (long long)clock.error,
                          (long long)clock.max_error,
                          (long long)clock.offset,
                          clock.synced ? "true" : "false");
}
