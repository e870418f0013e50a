#include "run/robots.h"

#include "base/utf8.h"
#include "fetch/robots.h"

#include <stdlib.h>

#define AGENT "mudlark"

enum {
    SITES = 16,       /* hosts of one source; past them nothing is asked */
    DELAY_MOST = 600, /* s, of Crawl-delay */
    KEPT = 64 << 10,  /* bytes of a robots.txt that are kept */
    DAY = 86400
};

struct site {
    struct mud_str origin;
    struct mud_robots robots;
    bool asked; /* and no answer is there yet */
};

struct mud_site_robots {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_report *report;
    struct mud_fetcher *fetcher;
    struct mud_fetched *came; /* not read yet */
    size_t n_came, cap_came;
    struct mud_arena *arena;
    struct site sites[SITES];
    size_t n;
};

bool mud_site_robots_new(struct mud_site_robots **out,
                         struct mud_worker *worker,
                         const struct mud_source *source,
                         struct mud_report *report, struct mud_loop *loop,
                         const struct mud_policy *policy, struct mud_error *err)
{
    struct mud_policy mine = *policy;

    mine.retries = 1;
    mine.n_paths = 0; /* it lies above them, and speaks of them */
    *out = mud_calloc(1, sizeof **out);
    (*out)->worker = worker;
    (*out)->source = source;
    (*out)->report = report;
    (*out)->arena = mud_arena_new();
    return mud_loop_fetcher(&(*out)->fetcher, loop, &mine, err);
}

void mud_site_robots_free(struct mud_site_robots *robots)
{
    if (!robots)
        return;
    mud_fetcher_free(robots->fetcher);
    for (size_t i = 0; i < robots->n_came; i++)
        mud_arena_free(robots->came[i].arena);
    free(robots->came);
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

/* Who obeys takes the pace that it asks for, too. */
static void take_pace(struct mud_site_robots *r, const struct site *site)
{
    int64_t delay = site->robots.delay_s;

    if (delay > DELAY_MOST)
        delay = DELAY_MOST;
    if (delay && mud_str_eqz(r->source->robots, "obey"))
        mud_fetcher_least(
            r->fetcher,
            mud_str_printf(r->arena, "%.*s/", MUD_FMT(site->origin)),
            delay * MUD_SECOND);
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

static bool seal(struct mud_site_robots *r, const struct mud_fetched *fetched,
                 struct mud_error *err)
{
    struct mud_error why = {0};
    struct mud_capture capture;

    for (size_t i = 0; i < fetched->n; i++) {
        if (mud_seal_check(&fetched->exchanges[i], &why) &&
            !mud_seal_exchange(&capture,
                               r->worker->vault,
                               r->worker->pg,
                               r->source->id,
                               &fetched->exchanges[i],
                               fetched->arena,
                               err))
            return false;
    }
    r->report->captures += (int64_t)fetched->n;
    return true;
}

/* What is kept of the answer; status 0 when none came. */
static struct mud_str kept_of(const struct mud_fetched *fetched,
                              struct mud_arena *arena)
{
    const struct mud_exchange *answer =
        fetched->error || !fetched->n ? NULL
                                      : &fetched->exchanges[fetched->n - 1];
    struct mud_str body = {0}, type = MUD_STR("");
    bool whole;

    if (answer) {
        type = mud_exchange_header(answer, "Content-Type");
        if (!mud_exchange_decode(
                &body, &whole, answer, MUD_ROBOTS_MAX, arena, NULL))
            body.n = 0;
    }
    body = whole_lines(body);
    return mud_utf8_clean(mud_str_printf(arena,
                                         "%d %.*s\n%.*s",
                                         answer ? answer->status : 0,
                                         MUD_FMT(type),
                                         MUD_FMT(body)),
                          arena,
                          NULL);
}

static struct mud_str place_of(const struct site *site, struct mud_arena *arena)
{
    return mud_str_printf(arena, "robots %.*s", MUD_FMT(site->origin));
}

/* It says something for a day; a site that is down is asked again in the next
 * round. */
static bool take(struct mud_site_robots *r, const struct mud_fetched *fetched,
                 struct mud_error *err)
{
    struct site *site = fetched->tag;
    struct mud_str kept = kept_of(fetched, fetched->arena);
    bool lasts = !fetched->error && fetched->n &&
                 fetched->exchanges[fetched->n - 1].status < 500;

    if (!seal(r, fetched, err) ||
        (lasts && !mud_cursor_put(r->worker->pg,
                                  r->source,
                                  place_of(site, fetched->arena),
                                  kept,
                                  err)))
        return false;
    read_kept(&site->robots, mud_str_dup(kept, r->arena), r->arena);
    site->asked = false;
    take_pace(r, site);
    return true;
}

static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct mud_site_robots *r = payload;

    (void)fetcher;
    r->came = mud_grow(r->came, &r->cap_came, r->n_came, sizeof *r->came);
    r->came[r->n_came++] = *fetched;
    fetched->arena = NULL;
    return true;
}

bool mud_site_robots_collect(struct mud_site_robots *r, struct mud_error *err)
{
    bool good = true;

    (void)mud_fetcher_deliver(r->fetcher, keep, r);
    for (size_t i = 0; i < r->n_came; i++) {
        good = good && take(r, &r->came[i], err);
        mud_arena_free(r->came[i].arena);
    }
    r->n_came = 0;
    return good;
}

/* What is known of the site from before, or begin to ask. */
static bool load(struct site *site, struct mud_site_robots *r,
                 struct mud_error *err)
{
    struct mud_str kept, url;
    struct mud_error why = {0};
    int64_t age;

    if (!mud_cursor_age(&kept,
                        &age,
                        r->worker->pg,
                        r->source,
                        place_of(site, r->arena),
                        r->arena,
                        err))
        return false;
    if (age < 0 || age > (int64_t)DAY * MUD_SECOND) {
        url =
            mud_str_printf(r->arena, "%.*s/robots.txt", MUD_FMT(site->origin));
        site->asked =
            mud_fetcher_add(r->fetcher, url, (struct mud_str){0}, site, &why);
        kept = MUD_STR("");
    }
    if (!site->asked) {
        read_kept(&site->robots, kept, r->arena);
        take_pace(r, site);
    }
    return true;
}

bool mud_site_robots_ask(enum mud_robots_answer *answer,
                         struct mud_site_robots *r, struct mud_str address,
                         struct mud_error *err)
{
    bool obey = mud_str_eqz(r->source->robots, "obey");
    struct mud_arena *arena;
    struct mud_url url;
    struct site *site = NULL;
    bool good = true;

    *answer = MUD_ROBOTS_MAY;
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
        if (good && site && site->asked) {
            *answer = MUD_ROBOTS_WAIT;
        } else if (good && site &&
                   !mud_robots_allows(&site->robots, path, NULL)) {
            if (obey)
                *answer = MUD_ROBOTS_MUST_NOT;
            else
                mud_report_skip(r->report, "robots-noted", address);
        }
    }
    mud_arena_free(arena);
    return good;
}
