#include "fetch/fetcher.h"

#define SLOW_LEAST (MUD_SECOND / 2)
#define SLOW_MOST  (60 * MUD_SECOND)
#define SLOW_NONE  (50 * INT64_C(1000)) /* less than that is let go */

void mud_host_slower(struct mud_fetcher *fetcher, struct mud_host *host)
{
    int64_t now = mud_monotonic();
    int64_t least = INT64_C(1000) * fetcher->policy.delay_ms;

    if (least < SLOW_LEAST)
        least = SLOW_LEAST;
    /* Requests that were under way together are told so once. */
    if (host->slowed && now - host->slowed < host->slow)
        return;
    host->slow = host->slow * 2 > least ? host->slow * 2 : least;
    if (host->slow > SLOW_MOST)
        host->slow = SLOW_MOST;
    host->slowed = now;
    fetcher->stats.slowed++;
}

void mud_host_faster(struct mud_host *host)
{
    host->slow -= host->slow / 16;
    if (host->slow < SLOW_NONE)
        host->slow = 0;
}

static struct mud_host *host_at(struct mud_fetcher *fetcher, struct mud_str url)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_url parts;
    struct mud_lane *lane = mud_url_parse(&parts, url, arena, NULL)
                                ? mud_lane_of(fetcher, &parts, NULL)
                                : NULL;

    mud_arena_free(arena);
    return lane ? lane->host : NULL;
}

void mud_fetcher_slow(struct mud_fetcher *fetcher, struct mud_str url,
                      int64_t wait)
{
    struct mud_host *host = host_at(fetcher, url);

    if (!host)
        return;
    mud_host_slower(fetcher, host);
    mud_host_wait(fetcher, host, mud_monotonic() + wait);
}

void mud_fetcher_least(struct mud_fetcher *fetcher, struct mud_str url,
                       int64_t us)
{
    struct mud_host *host = host_at(fetcher, url);

    if (!host)
        return;
    host->least = us;
    mud_host_wait(fetcher, host, mud_monotonic() + us);
}
