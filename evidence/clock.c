#include "evidence/facts.h"

#include <sys/timex.h>

/*
 * adjtimex(2) with no mode set only reads. What the kernel knows is what the
 * time service told it: whether the clock is held to another one (TIME_ERROR
 * and STA_UNSYNC: it is not), the offset still being worked off, and the
 * estimated and largest error, all in microseconds.
 */
struct mud_str mud_clock_json(struct mud_arena *arena)
{
    struct timex t = {0};
    int state = adjtimex(&t);
    bool synced = state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
    long offset = (t.status & STA_NANO) ? t.offset / 1000 : t.offset;

    if (state < 0)
        return MUD_STR("{\"source\":\"adjtimex\",\"synced\":null}");
    return mud_str_printf(arena,
                          "{\"error_us\":%ld,\"max_error_us\":%ld,"
                          "\"offset_us\":%ld,\"source\":\"adjtimex\","
                          "\"synced\":%s}",
                          t.esterror,
                          t.maxerror,
                          offset,
                          synced ? "true" : "false");
}
