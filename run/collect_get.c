#include "run/collect_get.h"

#include "fetch/http.h"
#include "run/coverage.h"
#include "run/proxy.h"
#include "run/wall.h"

#include <stdlib.h>

#define WAIT      "wait" /* the cursor that tells until when */
#define WAIT_MOST INT64_C(86400)

struct mud_getter {
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    struct mud_report *report;
    struct mud_fetcher *fetcher;
    struct mud_secret *way; /* of its proxy; outlives the fetcher */
    int64_t asked, before;  /* pages, and those of the day before this round */
    struct mud_arena *arena;
    struct mud_walls walls;
    bool walled; /* nothing more is asked for */
    struct mud_str secret;
};

/* Those of the collector beside the source's own. */
static void add_headers(struct mud_policy *policy,
                        const struct mud_str *headers, size_t n,
                        struct mud_arena *arena)
{
    struct mud_str *all =
        mud_arena_array(arena, policy->n_headers + n, sizeof *all);

    for (size_t i = 0; i < policy->n_headers; i++)
        all[i] = policy->headers[i];
    for (size_t i = 0; i < n; i++)
        all[policy->n_headers + i] = headers[i];
    policy->headers = all;
    policy->n_headers += n;
}

bool mud_getter_new(struct mud_getter **out, struct mud_worker *worker,
                    const struct mud_source *source,
                    const struct mud_crawl_options *options,
                    const struct mud_str *headers, size_t n_headers,
                    struct mud_report *report, struct mud_error *err)
{
    struct mud_getter *getter;
    struct mud_policy policy;
    int64_t spent, pages = 0;

    if (!mud_source_spent(&spent, worker->pg, source, err) ||
        (source->day_pages &&
         !mud_source_spent_pages(&pages, worker->pg, source, err)))
        return false;
    policy = mud_source_policy(source, spent);
    policy.retries = 1; /* who refuses is asked again in the next round */
    getter = mud_calloc(1, sizeof *getter);
    *getter = (struct mud_getter){.worker = worker,
                                  .source = source,
                                  .options = options,
                                  .report = report,
                                  .before = pages,
                                  .arena = mud_arena_new()};
    if (n_headers)
        add_headers(&policy, headers, n_headers, getter->arena);
    if (!mud_proxy_login(&policy, &getter->way, worker->home, source, err) ||
        !mud_fetcher_new(&getter->fetcher, &policy, err)) {
        mud_getter_free(getter);
        return false;
    }
    *out = getter;
    return true;
}

void mud_getter_free(struct mud_getter *getter)
{
    if (!getter)
        return;
    mud_fetcher_free(getter->fetcher);
    mud_secret_free(getter->way);
    mud_arena_free(getter->arena);
    free(getter);
}

bool mud_getter_wait(struct mud_getter *getter, const struct mud_got *got,
                     int64_t seconds, struct mud_error *err)
{
    char text[MUD_TIME_TEXT];
    int64_t now = mud_now(), until;
    struct mud_str told = MUD_STR("");

    if (!seconds && got->answer)
        told = mud_exchange_header(got->answer, "Retry-After");
    if (told.n && !mud_str_i64(told, &seconds) && mud_time_http(told, &until))
        seconds = (until - now) / MUD_SECOND;
    if (seconds <= 0)
        return true;
    seconds = seconds < WAIT_MOST ? seconds : WAIT_MOST;
    mud_time_text(text, now + seconds * MUD_SECOND, true);
    return mud_cursor_put(getter->worker->pg,
                          getter->source,
                          MUD_STR(WAIT),
                          mud_str_z(text),
                          err);
}

bool mud_getter_waits(bool *waits, struct mud_getter *getter,
                      struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str until;
    int64_t at, now = mud_now();
    bool good = mud_cursor_get(
        &until, getter->worker->pg, getter->source, MUD_STR(WAIT), arena, err);

    *waits = good && until.n && mud_time_parse(until, &at) && at > now &&
             at <= now + WAIT_MOST * MUD_SECOND;
    if (*waits)
        mud_report_skip(getter->report,
                        "rate-limit",
                        mud_str_printf(arena, "until %.*s", MUD_FMT(until)));
    mud_arena_free(arena);
    return good;
}

bool mud_getter_enough(const struct mud_getter *getter)
{
    const struct mud_crawl_options *o = getter->options;
    int64_t now = mud_now();

    return (o->stop && *o->stop) || getter->walled ||
           !mud_source_allowed(getter->source, now, NULL) ||
           mud_source_opens(getter->source, now) > now ||
           (o->max_pages && getter->asked >= o->max_pages) ||
           (getter->source->day_pages &&
            getter->before + getter->asked >= getter->source->day_pages);
}

void mud_getter_withhold(struct mud_getter *getter, struct mud_str secret)
{
    getter->secret = secret;
}

/* Text without the secret, in arena where it was in it. */
static struct mud_str without(const struct mud_getter *g, struct mud_str text,
                              struct mud_arena *arena)
{
    struct mud_buf out = {0};
    size_t at;

    if (!g->secret.n || mud_str_find(text, g->secret) == MUD_NPOS)
        return text;
    while ((at = mud_str_find(text, g->secret)) != MUD_NPOS) {
        mud_buf_str(&out, mud_str_sub(text, 0, at));
        mud_buf_z(&out, "[withheld]");
        text = mud_str_sub(text, at + g->secret.n, text.n);
    }
    mud_buf_str(&out, text);
    text = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return text;
}

/* The exchanges as they may be kept. */
static const struct mud_exchange **kept(const struct mud_getter *g,
                                        const struct mud_fetched *fetched)
{
    struct mud_arena *arena = fetched->arena;
    const struct mud_exchange **all =
        mud_arena_array(arena, fetched->n, sizeof(void *));

    for (size_t i = 0; i < fetched->n; i++) {
        struct mud_exchange *x = mud_arena_alloc(arena, sizeof *x);

        *x = fetched->exchanges[i];
        x->url = without(g, x->url, arena);
        x->request_head = without(g, x->request_head, arena);
        x->response_head = without(g, x->response_head, arena);
        x->location = without(g, x->location, arena);
        x->referrer = without(g, x->referrer, arena);
        all[i] = x;
    }
    return all;
}

static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    (void)fetcher;
    *(struct mud_fetched *)payload = *fetched;
    fetched->arena = NULL;
    return true;
}

/* Too fast, or walls in a row: the round is over. */
static void meet(struct mud_getter *g, const struct mud_got *got,
                 struct mud_id capture)
{
    switch (mud_walls_meet(&g->walls, &got->parsed, got->answer, capture)) {
    case MUD_WALLS_AGAIN:
    case MUD_WALLS_END:
        g->walled = true;
        break;
    case MUD_WALLS_NONE:
    case MUD_WALLS_PASS:
    case MUD_WALLS_HOLD:
        break;
    }
}

bool mud_getter_end(struct mud_getter *g, struct mud_error *err)
{
    return mud_walls_end(&g->walls,
                         g->walled || (g->walls.streak && !g->walls.passed),
                         g->worker->pg,
                         g->source,
                         g->report,
                         err);
}

static bool seal_and_read(struct mud_got *got, struct mud_getter *g,
                          const struct mud_fetched *fetched,
                          struct mud_error *err)
{
    struct mud_arena *arena = fetched->arena;
    const struct mud_exchange **all = kept(g, fetched);
    struct mud_capture *captures =
        mud_arena_array(arena, fetched->n, sizeof *captures);

    if (!mud_seal_exchanges(captures,
                            g->worker->vault,
                            g->worker->pg,
                            g->source->id,
                            all,
                            fetched->n,
                            arena,
                            err))
        return false;
    for (size_t i = 0; i < fetched->n; i++)
        g->report->bytes += captures[i].size;
    g->report->captures += (int64_t)fetched->n;
    if (fetched->error)
        return true;
    const struct mud_capture *last = &captures[fetched->n - 1];
    g->report->pages++;
    if (!mud_step_page(&got->parsed,
                       g->worker,
                       g->source,
                       last,
                       all[fetched->n - 1],
                       g->report,
                       arena,
                       err))
        return false;
    meet(g, got, last->id);
    return mud_coverage_page(
        g->worker, g->source, last, &got->parsed, -1, true, err);
}

/* Exchanges that no record can hold are none. */
static void leave_out_unsealable(struct mud_fetched *fetched)
{
    struct mud_error why = {0};

    for (size_t i = 0; i < fetched->n; i++) {
        if (!mud_seal_check(&fetched->exchanges[i], &why))
            fetched->n = i;
    }
}

/* Why there is no answer to read. */
static const char *why_none(const struct mud_fetched *fetched)
{
    if (!fetched->error)
        return "bad-answer"; /* one that cannot be sealed */
    if (fetched->error->code == MUD_EDENIED)
        return "out-of-scope";
    if (fetched->error->code == MUD_ELIMIT)
        return "budget";
    return fetched->fault ? fetched->fault : "network";
}

static bool take(struct mud_got *got, struct mud_getter *g,
                 struct mud_fetched *fetched, struct mud_str shown,
                 struct mud_error *err)
{
    bool whole, good = true;

    leave_out_unsealable(fetched);
    if (fetched->error || !fetched->n)
        mud_report_skip(g->report, why_none(fetched), shown);
    else
        got->answer = &fetched->exchanges[fetched->n - 1];
    if (fetched->exchanges && fetched->n &&
        !(got->answer && got->answer->status == 304))
        good = seal_and_read(got, g, fetched, err);
    if (good && got->answer &&
        !mud_exchange_decode(
            &got->body, &whole, got->answer, MUD_PAGE_MAX, got->arena, NULL))
        got->body = MUD_STR("");
    if (g->options->progress)
        g->options->progress(g->report->pages, 0, g->options->payload);
    return good;
}

bool mud_getter_page(struct mud_got *got, struct mud_getter *g,
                     struct mud_str url, struct mud_error *err)
{
    struct mud_fetched fetched = {0};
    struct mud_arena *arena = mud_arena_new();
    struct mud_str shown = without(g, url, arena);
    struct mud_error why = {0};
    bool good = true;

    *got = (struct mud_got){0};
    g->asked++;
    if (!mud_fetcher_add(g->fetcher, url, MUD_STR(""), NULL, &why)) {
        mud_report_skip(g->report, "out-of-scope", shown);
        mud_arena_free(arena);
        return true;
    }
    while (!fetched.arena &&
           mud_fetcher_step(g->fetcher, 100, keep, &fetched)) {
        if (g->options->stop && *g->options->stop)
            mud_fetcher_stop(g->fetcher);
    }
    got->arena = fetched.arena;
    if (fetched.arena) /* else told to stop */
        good = take(got, g, &fetched, shown, err);
    good = good || mud_fail_in(err, "%.*s", MUD_FMT(shown));
    mud_arena_free(arena);
    return good;
}

void mud_got_free(struct mud_got *got)
{
    mud_arena_free(got->arena);
    *got = (struct mud_got){0};
}
