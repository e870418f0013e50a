#include "run/cookies.h"

#include "fetch/cookie_file.h"
#include "fetch/url.h"
#include "run/account.h"
#include "run/wall.h"

#include <stdio.h>

/* Those that would be sent, in place. */
static void sift(struct mud_cookies_taken *out, struct mud_cookie *all,
                 size_t n, const struct mud_source *source)
{
    int64_t now = mud_now() / MUD_SECOND;

    for (size_t i = 0; i < n; i++) {
        struct mud_cookie *c = &all[i];
        if (!mud_cookie_for(c, source->hosts, source->n_hosts)) {
            out->outside++;
        } else if (c->expires && c->expires <= now) {
            out->expired++;
        } else {
            if (c->expires &&
                (!out->until || c->expires * MUD_SECOND < out->until))
                out->until = c->expires * MUD_SECOND;
            all[out->taken++] = *c;
        }
    }
}

static bool read_cookies(struct mud_cookies_taken *out, struct mud_cookie **all,
                         const struct mud_source *source,
                         const struct mud_cookies_given *given,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_url url;
    size_t n;

    if (!source->url.n || !mud_url_parse(&url, source->url, arena, NULL))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "source %.*s is not fetched by http: it has no cookies",
                        MUD_FMT(source->name));
    if (!mud_cookie_file_read(all, &n, given->text, url.host, arena, err))
        return false;
    sift(out, *all, n, source);
    if (out->taken)
        return true;
    return mud_fail(err,
                    MUD_EINPUT,
                    "no cookie for %.*s: %zu of other hosts, %zu that are over",
                    MUD_FMT(source->name),
                    out->outside,
                    out->expired);
}

/* On record: that cookies came and how many, and the browser's name. */
static bool tell(struct mud_cookies_taken *out, struct mud_source *source,
                 const struct mud_cookies_given *given, struct mud_pg *pg,
                 struct mud_arena *arena, struct mud_error *err)
{
    struct mud_wall_state wall;
    struct mud_str note =
        mud_str_printf(arena, "%zu cookies handed in", out->taken);
    size_t changes;

    if (given->user_agent.n) {
        source->user_agent = given->user_agent;
        if (!mud_source_set(&changes, source, given->who, note, pg, arena, err))
            return false;
    }
    if (!mud_wall_get(&wall, pg, source, arena, err))
        return false;
    out->resumed = wall.wall.kind && !mud_str_eqz(source->state, "paused");
    return !out->resumed ||
           mud_source_set_state(
               pg, source->name, MUD_STR("active"), note, given->who, err);
}

bool mud_cookies_give(struct mud_cookies_taken *out, struct mud_source *source,
                      const char *home, const struct mud_cookies_given *given,
                      struct mud_pg *pg, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_cookie *all = NULL;
    char jar[4096];

    *out = (struct mud_cookies_taken){0};
    return read_cookies(out, &all, source, given, arena, err) &&
           mud_jar_path(
               jar, sizeof jar, home, source->name, given->account, err) &&
           mud_cookies_put(jar, all, out->taken, err) &&
           tell(out, source, given, pg, arena, err);
}
