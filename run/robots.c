#include "run/robots.h"

#include "base/utf8.h"
#include "fetch/http.h"
#include "fetch/robots.h"
#include "run/proxy.h"

#include <stdlib.h>

#define AGENT "mudlark"

enum {
    SITES = 16,      /* hosts of one source; past them nothing is asked */
    KEPT = 64 << 10, /* bytes of a robots.txt that are kept */
    DAY = 86400
};

struct site {
    struct mud_str origin;
    struct mud_robots robots;
};

struct mud_site_robots {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_report *report;
    struct mud_arena *arena;
    struct site sites[SITES];
    size_t n;
};

void mud_site_robots_new(struct mud_site_robots **out,
                         struct mud_worker *worker,
                         const struct mud_source *source,
                         struct mud_report *report)
{
    *out = mud_calloc(1, sizeof **out);
    (*out)->worker = worker;
    (*out)->source = source;
    (*out)->report = report;
    (*out)->arena = mud_arena_new();
}

void mud_site_robots_free(struct mud_site_robots *robots)
{
    if (!robots)
        return;
    mud_arena_free(robots->arena);
    free(robots);
}

/* "200 text/plain\nUser-agent: ..." as it is kept with the cursors. */
static void read_kept(struct mud_robots *out, struct mud_str kept,
                      struct mud_arena *arena)
{
    struct mud_str head, status;
    int64_t code = 0;

    if (!mud_str_cut(&kept, '\n', &head) || !mud_str_cut(&head, ' ', &status) ||
        !mud_str_i64(status, &code))
        code = 0;
    mud_robots_read(out, kept, (int)code, head, AGENT, arena);
}

/* Up to the last whole line: half a rule would forbid what the whole does not. */
static struct mud_str whole_lines(struct mud_str text)
{
    size_t end;

    if (text.n <= KEPT)
        return text;
    end = mud_str_rchr(mud_str_of(text.s, KEPT), '\n');
    return mud_str_of(text.s, end == MUD_NPOS ? 0 : end);
}

/* The answer, sealed; status 0 when none came. *lasts: it says something for a
 * day; a site that is down is asked again in the next round. */
static bool fetch(struct mud_str *kept, bool *lasts, struct mud_site_robots *r,
                  struct mud_str origin, struct mud_error *err)
{
    struct mud_policy policy;
    struct mud_secret *secret;
    struct mud_error why = {0};
    const struct mud_exchange *exchanges = NULL;
    struct mud_capture capture;
    struct mud_str body = {0};
    size_t n = 0;
    bool whole;
    int64_t spent;

    if (!mud_source_spent(&spent, r->worker->pg, r->source, err))
        return false;
    policy = mud_source_policy(r->source, spent);
    policy.retries = 1;
    policy.n_paths = 0; /* it lies above them, and speaks of them */
    if (!mud_proxy_login(&policy, &secret, r->worker->home, r->source, err))
        return false;
    struct mud_str url =
        mud_str_printf(r->arena, "%.*s/robots.txt", MUD_FMT(origin));
    bool came =
        mud_fetch_one(&exchanges, &n, &policy, url, r->arena, &why) && n;
    mud_secret_free(secret);
    for (size_t i = 0; i < n; i++) {
        if (mud_seal_check(&exchanges[i], &why) &&
            !mud_seal_exchange(&capture,
                               r->worker->vault,
                               r->worker->pg,
                               r->source->id,
                               &exchanges[i],
                               r->arena,
                               err))
            return false;
    }
    r->report->captures += (int64_t)n;
    if (came &&
        !mud_exchange_decode(
            &body, &whole, &exchanges[n - 1], MUD_ROBOTS_MAX, r->arena, &why))
        body.n = 0;
    body = whole_lines(body);
    *lasts = came && exchanges[n - 1].status < 500;
    struct mud_str type =
        came ? mud_exchange_header(&exchanges[n - 1], "Content-Type")
             : MUD_STR("");
    *kept = mud_utf8_clean(mud_str_printf(r->arena,
                                          "%d %.*s\n%.*s",
                                          came ? exchanges[n - 1].status : 0,
                                          MUD_FMT(type),
                                          MUD_FMT(body)),
                           r->arena,
                           NULL);
    return true;
}

static bool load(struct site *site, struct mud_site_robots *r,
                 struct mud_error *err)
{
    struct mud_str place = mud_str_printf(
                       r->arena, "robots %.*s", MUD_FMT(site->origin)),
                   kept;
    int64_t age;
    bool lasts;

    if (!mud_cursor_age(
            &kept, &age, r->worker->pg, r->source, place, r->arena, err))
        return false;
    if (age < 0 || age > (int64_t)DAY * MUD_SECOND) {
        if (!fetch(&kept, &lasts, r, site->origin, err) ||
            (lasts &&
             !mud_cursor_put(r->worker->pg, r->source, place, kept, err)))
            return false;
    }
    read_kept(&site->robots, kept, r->arena);
    return true;
}

bool mud_site_robots_ask(bool *may, struct mud_site_robots *r,
                         struct mud_str address, struct mud_error *err)
{
    bool obey = mud_str_eqz(r->source->robots, "obey");
    struct mud_arena *arena;
    struct mud_url url;
    struct site *site = NULL;
    bool good = true;

    *may = true;
    if (!obey && !mud_str_eqz(r->source->robots, "note"))
        return true;
    arena = mud_arena_new();
    if (mud_url_parse(&url, address, arena, NULL)) {
        struct mud_str origin = mud_url_origin(&url);

        for (size_t i = 0; i < r->n; i++) {
            if (mud_str_eq(r->sites[i].origin, origin))
                site = &r->sites[i];
        }
        if (!site && r->n < SITES) {
            site = &r->sites[r->n++];
            site->origin = mud_str_dup(origin, r->arena);
            good = load(site, r, err);
        }
        struct mud_str path =
            mud_str_sub(url.text, origin.n, url.text.n); /* with its query */
        if (good && site && !mud_robots_allows(&site->robots, path, NULL)) {
            *may = !obey;
            if (!obey)
                mud_report_skip(r->report, "robots-noted", address);
        }
    }
    mud_arena_free(arena);
    return good;
}
