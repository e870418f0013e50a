#include "web/replay_mood.h"

#include "base/hash.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WINDOW (10 * MUD_SECOND)
#define PIECES 10 /* of a slow answer, a second */

enum way { /* in which an answer is broken */
    CUT,
    CUT_CHUNKS,
    HALF_GZIP,
    ERROR,
    NO_ANSWER,
    WAYS
};

/* An answer that is told piece by piece. */
struct telling {
    struct mud_replay_state *state;
    size_t n;
    bool cut; /* breaks off at the end */
    char bytes[];
};

static ssize_t tell_piece(void *payload, uint64_t at, char *out, size_t max)
{
    struct telling *telling = payload;
    unsigned slow = telling->state->mood.slow;
    size_t n = telling->n - (size_t)at;

    if (atomic_load(&telling->state->ending))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (!n)
        return telling->cut ? MHD_CONTENT_READER_END_WITH_ERROR
                            : MHD_CONTENT_READER_END_OF_STREAM;
    if (slow && at)
        usleep(1000000 / PIECES);
    if (slow && n > slow / PIECES + 1)
        n = slow / PIECES + 1;
    n = n < max ? n : max;
    memcpy(out, telling->bytes + at, n);
    return (ssize_t)n;
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status,
                             struct MHD_Response *response)
{
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result plain(struct MHD_Connection *connection, unsigned status,
                             const char *name, const char *value)
{
    static const char text[] = "not now\n";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        sizeof text - 1, (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);

    if (response)
        MHD_add_response_header(response, name, value);
    return queue(connection, status, response);
}

/* Seconds until the window ends, when it holds too many; else 0. */
static unsigned over_limit(struct mud_replay_state *state)
{
    long long now = mud_monotonic(), begin = atomic_load(&state->window);

    if (!state->mood.limit)
        return 0;
    if (!begin || now - begin >= WINDOW) {
        /* one of those that come at once begins it anew */
        if (atomic_compare_exchange_strong(&state->window, &begin, now))
            atomic_store(&state->asked, 0);
        begin = atomic_load(&state->window);
    }
    if (atomic_fetch_add(&state->asked, 1) < state->mood.limit)
        return 0;
    return (unsigned)((begin + WINDOW - now) / MUD_SECOND) + 1;
}

/* A circle of two addresses: the page's own, and it with one word more. */
static void circle(char *out, size_t size, struct mud_str target)
{
    struct mud_str word = MUD_STR("round=1");

    if (mud_str_ends(target, word))
        snprintf(out, size, "%.*s", (int)(target.n - word.n - 1), target.s);
    else
        snprintf(out,
                 size,
                 "%.*s%c%s",
                 MUD_FMT(target),
                 mud_str_chr(target, '?') == MUD_NPOS ? '?' : '&',
                 word.s);
}

static bool goes_round(const struct mud_replay_state *state,
                       struct mud_str target)
{
    size_t at = mud_str_find(target, MUD_STR("round=1"));
    struct mud_id id;

    if (!state->mood.loop || mud_str_eq(target, state->first))
        return false;
    if (at != MUD_NPOS && at)
        target = mud_str_sub(target, 0, at - 1);
    id = mud_id_of("page", target); /* the same ones on every machine */
    return (id.b[0] * 256u + id.b[1]) % state->mood.loop == 0;
}

bool mud_replay_refuse(enum MHD_Result *result, struct mud_replay_state *state,
                       struct MHD_Connection *connection, struct mud_str target)
{
    char text[4096];
    unsigned wait = over_limit(state);

    if (wait) {
        snprintf(text, sizeof text, "%u", wait);
        *result = plain(connection, 429, "Retry-After", text);
        return true;
    }
    if (target.n < sizeof text - 16 && goes_round(state, target)) {
        circle(text, sizeof text, target);
        *result = plain(connection, 302, "Location", text);
        return true;
    }
    return false;
}

static bool breaks(enum way *way, struct mud_replay_state *state)
{
    unsigned number = atomic_fetch_add(&state->requests, 1) + 1;

    if (!state->mood.broken || number % state->mood.broken)
        return false;
    *way = (enum way)(atomic_fetch_add(&state->breaks, 1) % WAYS);
    return true;
}

enum MHD_Result mud_replay_tell(struct mud_replay_state *state,
                                struct MHD_Connection *connection,
                                unsigned status, struct mud_str body,
                                const char *type, bool gzip)
{
    enum way way = WAYS;
    bool broken = breaks(&way, state);
    struct telling *telling;
    struct MHD_Response *response;
    uint64_t size = body.n;

    if (way == NO_ANSWER)
        return MHD_NO;
    if (way == ERROR)
        return plain(connection, 503, "Content-Type", "text/plain");
    if (way == HALF_GZIP && !gzip)
        way = CUT;
    if (way == CUT_CHUNKS)
        size = MHD_SIZE_UNKNOWN;
    if (broken)
        body.n /= 2;
    if (way == HALF_GZIP)
        size = body.n; /* the length is right, the stream ends early */
    telling = mud_malloc(sizeof *telling + body.n);
    telling->state = state;
    telling->n = body.n;
    telling->cut = broken && way != HALF_GZIP;
    if (body.n)
        memcpy(telling->bytes, body.s, body.n);
    response = MHD_create_response_from_callback(
        size, 65536, tell_piece, telling, free);
    if (!response) {
        free(telling);
        return MHD_NO;
    }
    MHD_add_response_header(response, "Content-Type", type);
    if (gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return queue(connection, status, response);
}
