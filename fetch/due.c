#include "fetch/fetcher.h"

/* A binary heap of the hosts that have something to do, by the time from which
 * they may: thousands of hosts that wait are not looked at in between. */

static void set(struct mud_loop *loop, size_t place, struct mud_host *host)
{
    loop->due[place] = host;
    host->place = place;
}

static void rise(struct mud_loop *loop, size_t place, struct mud_host *host)
{
    while (place > 1 && loop->due[place / 2]->ready > host->ready) {
        set(loop, place, loop->due[place / 2]);
        place /= 2;
    }
    set(loop, place, host);
}

static void sink(struct mud_loop *loop, size_t place, struct mud_host *host)
{
    for (size_t kid; (kid = 2 * place) <= loop->n_due; place = kid) {
        if (kid < loop->n_due &&
            loop->due[kid + 1]->ready < loop->due[kid]->ready)
            kid++;
        if (loop->due[kid]->ready >= host->ready)
            break;
        set(loop, place, loop->due[kid]);
    }
    set(loop, place, host);
}

void mud_due_put(struct mud_loop *loop, struct mud_host *host)
{
    size_t place = host->place;

    if (!place) {
        place = ++loop->n_due;
        loop->due = mud_grow(
            loop->due, &loop->cap_due, place, sizeof(struct mud_host *));
    }
    rise(loop, place, host);
    sink(loop, host->place, host);
}

void mud_due_drop(struct mud_loop *loop, struct mud_host *host)
{
    size_t place = host->place;
    struct mud_host *last;

    if (!place)
        return;
    host->place = 0;
    last = loop->due[loop->n_due--];
    if (last == host)
        return;
    rise(loop, place, last);
    sink(loop, last->place, last);
}

struct mud_host *mud_due_first(const struct mud_loop *loop)
{
    return loop->n_due ? loop->due[1] : NULL;
}
