/*
 * The loop that the fetchers of many sources share: one thread, one set of
 * sockets, one table of hosts. Two sources on one host share its pace: from
 * the start of a request to the start of the next, whosesoever it is, the
 * delay of the first's policy passes. Connections, cookies and DNS answers are
 * each fetcher's own; no request of one goes over a connection of another.
 *
 * Hosts go in the order in which their time came; the fetchers of a host take
 * turns at it. What waits costs nothing until its time comes.
 *
 *     mud_loop_fetcher(&a, loop, &policy, err); mud_fetcher_add(a, ...); ...
 *     while (mud_loop_step(loop, 100))
 *         mud_fetcher_deliver(a, done, payload); ... each fetcher
 */
#ifndef MUD_FETCH_LOOP_H
#define MUD_FETCH_LOOP_H

#include "fetch/http.h"

#define MUD_LOOP_PARALLEL_MAX 1024

struct mud_loop;

/* parallel: requests at once in all; nothing new is begun while as many answers
 * wait to be delivered, so that memory is bounded. MUD_EUSAGE when that is 0 or above
 * MUD_LOOP_PARALLEL_MAX; MUD_EIO. */
MUD_MUST bool mud_loop_new(struct mud_loop **out, unsigned parallel,
                           struct mud_error *err);
/* After its fetchers. */
void mud_loop_free(struct mud_loop *loop);

/* As mud_fetcher_new, in loop; ended by mud_fetcher_free. */
MUD_MUST bool mud_loop_fetcher(struct mud_fetcher **out, struct mud_loop *loop,
                               const struct mud_policy *policy,
                               struct mud_error *err);

/*
 * Start what may start, wait at most ms for something to happen, take what
 * ended. Does not wait while something that ended was not delivered. True
 * while anything is left; when nothing is, it does not wait either.
 */
bool mud_loop_step(struct mud_loop *loop, unsigned ms);

/* Requests under way now; addresses that wait for their turn. */
size_t mud_loop_running(const struct mud_loop *loop);
size_t mud_loop_queued(const struct mud_loop *loop);

/* Give what of this fetcher ended to done. False when that said stop. */
bool mud_fetcher_deliver(struct mud_fetcher *fetcher, mud_fetch_done *done,
                         void *payload);

#endif
