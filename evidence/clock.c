#include "evidence/facts.h"

#include <sys/timex.h>
#include <unistd.h>

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

/* Which service holds the clock, by the files that it has while it runs. In a
 * container those of the host are not seen: then nothing is said. */
static const char *service(void)
{
    static const struct {
        const char *name, *file;
    } services[] = {
        {"chrony", "/run/chrony/chronyd.pid"},
        {"systemd-timesyncd", "/run/systemd/timesync/synchronized"},
        {"ntpsec", "/run/ntpd.pid"},
        {"openntpd", "/run/openntpd.sock"},
        {"ptp4l", "/run/ptp4l"},
    };

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (access(services[i].file, F_OK) == 0)
            return services[i].name;
    return "not seen";
}

struct mud_str mud_clock_json(struct mud_arena *arena)
{
    struct mud_clock clock = mud_clock_read();

    if (!clock.known)
        return mud_str_printf(
            arena,
            "{\"service\":\"%s\",\"source\":\"adjtimex\",\"synced\":null}",
            service());
    return mud_str_printf(arena,
                          "{\"error_us\":%lld,\"max_error_us\":%lld,"
                          "\"offset_us\":%lld,\"service\":\"%s\","
                          "\"source\":\"adjtimex\",\"synced\":%s}",
                          (long long)clock.error,
                          (long long)clock.max_error,
                          (long long)clock.offset,
                          service(),
                          clock.synced ? "true" : "false");
}
