#include "fetch/fetcher.h"

#define WALL_MAX ((size_t)4 << 10) /* such pages have about 900 bytes */

/* Does a header set a cookie whose name ends so? */
static bool sets_cookie(struct mud_str head, struct mud_str ending)
{
    struct mud_str value;
    size_t at = 0;

    while (mud_head_value(head, "Set-Cookie", &at, &value)) {
        size_t end = mud_str_chr(value, '=');
        if (end != MUD_NPOS && mud_str_ends(mud_str_sub(value, 0, end), ending))
            return true;
    }
    return false;
}

/*
 * Discuz! X with $_config['security']['attackevasive'] answers a stranger with
 * a page that sets the cookie PREFIX_lastrequest and reloads itself after 1001
 * ms (status 200), or with a "System Error" (503, "Retry-After: 3600") that
 * sets it too and is gone a second later. Other boards' walls of the same kind
 * reload by the same words.
 */
bool mud_reload_wall(const struct mud_transfer *transfer)
{
    struct mud_exchange exchange = {
        .response_head = mud_buf_view(&transfer->response),
        .body = mud_buf_view(&transfer->body),
        .status = transfer->status,
        .cut = transfer->cut,
    };
    struct mud_arena *scratch;
    struct mud_str text;
    bool whole, wall;

    if (exchange.status == 503)
        return sets_cookie(exchange.response_head, MUD_STR("_lastrequest"));
    if (exchange.status != 200 || exchange.body.n > WALL_MAX)
        return false;
    scratch = mud_arena_new();
    wall = mud_exchange_decode(
               &text, &whole, &exchange, WALL_MAX, scratch, NULL) &&
           mud_str_find(text, MUD_STR("location.reload(")) != MUD_NPOS &&
           mud_str_find(text, MUD_STR("setTimeout(")) != MUD_NPOS;
    mud_arena_free(scratch);
    return wall;
}
