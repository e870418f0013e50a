#include "fetch/fetcher.h"

#define WALL_MAX     ((size_t)4 << 10) /* such pages have about 900 bytes */
#define RELOAD_WAIT  (1200 * INT64_C(1000)) /* us; scripts wait 1001 ms */
#define REFRESH_MOST 15                     /* s; more is no wall */

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

/* Is a page that assigns its own address to itself, or says reload? */
static bool loads_itself(struct mud_str text)
{
    static const char *const ways[] = {
        "location.reload(",
        "location.href=location.href",
        "location.href = location.href",
        "location.href=window.location.href",
        "location.href = window.location.href",
        "location.replace(location.href",
        "location.replace(window.location.href",
    };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (mud_str_find(text, mud_str_z(ways[i])) != MUD_NPOS)
            return true;
    }
    return false;
}

static struct mud_str behind(struct mud_str text, struct mud_str what)
{
    size_t at = mud_str_ifind(text, what);

    return at == MUD_NPOS ? (struct mud_str){0}
                          : mud_str_sub(text, at + what.n, text.n);
}

static bool is_cookie_part(struct mud_str part, size_t most, const char *never)
{
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.s[i];
        if (c <= ' ' || c >= 0x7f || strchr(never, c))
            return false;
    }
    return part.n <= most;
}

/*
 * document.cookie = "name=value; ..." where that is one string and not put
 * together: what the script does can be seen without running it.
 */
static void literal_cookie(struct mud_reload *out, struct mud_str text)
{
    struct mud_str rest =
        mud_str_trim(behind(text, MUD_STR("document.cookie")));
    struct mud_str set, name;
    char quote;

    if (!mud_str_starts(rest, MUD_STR("=")))
        return;
    rest = mud_str_trim(mud_str_sub(rest, 1, rest.n));
    if (!rest.n || (rest.s[0] != '"' && rest.s[0] != '\''))
        return;
    quote = rest.s[0];
    rest = mud_str_sub(rest, 1, rest.n);
    if (mud_str_chr(rest, quote) == MUD_NPOS ||
        !mud_str_cut(&rest, quote, &set))
        return;
    rest = mud_str_trim(rest);
    if (rest.n && !strchr(";)}<,", rest.s[0]))
        return;
    /* The rest of it says how long. */
    set = mud_str_sub(set, 0, mud_str_chr(set, ';'));
    if (mud_str_chr(set, '=') == MUD_NPOS || !mud_str_cut(&set, '=', &name))
        return;
    name = mud_str_trim(name);
    set = mud_str_trim(set);
    if (name.n && is_cookie_part(name, 128, "=;,\\\"'()<>") &&
        is_cookie_part(set, 2048, ";,\\\"'<>")) {
        out->name = name;
        out->value = set;
    }
}

/* <meta http-equiv=refresh content="5"> of a page that sets a cookie, without
 * an address, or with its own. */
static bool refreshes(struct mud_reload *out, struct mud_str text,
                      const struct mud_url *url, struct mud_arena *arena)
{
    struct mud_str rest = behind(text, MUD_STR("http-equiv")), seconds;
    struct mud_url to;
    size_t end = mud_str_chr(rest, '>');
    int64_t n;

    rest = mud_str_sub(rest, 0, end);
    if (mud_str_ifind(mud_str_sub(rest, 0, 12), MUD_STR("refresh")) == MUD_NPOS)
        return false;
    rest = behind(rest, MUD_STR("content"));
    while (rest.n && strchr("= \"'", rest.s[0]))
        rest = mud_str_sub(rest, 1, rest.n);
    for (end = 0; end < rest.n && rest.s[end] >= '0' && rest.s[end] <= '9';)
        end++;
    seconds = mud_str_sub(rest, 0, end);
    if (!mud_str_i64(seconds, &n) || n > REFRESH_MOST)
        return false;
    rest = behind(rest, MUD_STR("url="));
    while (rest.n && strchr("\"'", rest.s[0]))
        rest = mud_str_sub(rest, 1, rest.n);
    for (end = 0; end < rest.n && !strchr("\"'> ", rest.s[end]);)
        end++;
    rest = mud_str_sub(rest, 0, end);
    if (rest.n && (!url || !mud_url_resolve(&to, url, rest, arena, NULL) ||
                   !mud_str_eq(to.text, url->text)))
        return false;
    out->wait = n * MUD_SECOND + MUD_SECOND / 5;
    return true;
}

static bool sets_any(struct mud_str head)
{
    struct mud_str value;
    size_t at = 0;

    return mud_head_value(head, "Set-Cookie", &at, &value);
}

/*
 * Discuz! X with $_config['security']['attackevasive'] answers a stranger with
 * a page that sets the cookie PREFIX_lastrequest and reloads itself after 1001
 * ms (status 200), or with a "System Error" (503, "Retry-After: 3600") that
 * sets it too and is gone a second later. Other walls of the kind reload by the
 * same words, by a refresh, or set their cookie in a script.
 */
bool mud_reload_wall(struct mud_reload *out,
                     const struct mud_transfer *transfer,
                     const struct mud_url *url, struct mud_arena *arena)
{
    struct mud_exchange exchange = {
        .response_head = mud_buf_view(&transfer->response),
        .body = mud_buf_view(&transfer->body),
        .status = transfer->status,
        .cut = transfer->cut,
    };
    struct mud_str text;
    bool whole;

    *out = (struct mud_reload){.wait = RELOAD_WAIT};
    if (exchange.status == 503 &&
        sets_cookie(exchange.response_head, MUD_STR("_lastrequest")))
        return true;
    if ((exchange.status != 200 && exchange.status != 521 &&
         exchange.status != 503 && exchange.status != 403) ||
        exchange.body.n > WALL_MAX ||
        !mud_exchange_decode(&text, &whole, &exchange, WALL_MAX, arena, NULL))
        return false;
    literal_cookie(out, text);
    if (loads_itself(text))
        return out->name.n ||
               (exchange.status == 200 &&
                mud_str_find(text, MUD_STR("setTimeout(")) != MUD_NPOS);
    return (out->name.n || sets_any(exchange.response_head)) &&
           refreshes(out, text, url, arena);
}
