#include "run/look.h"

#include "fetch/http.h"
#include "run/proxy.h"
#include "run/step.h"

/* The page's own host, and no other. */
static bool own_scope(struct mud_policy *policy, struct mud_str *host,
                      const struct mud_look_options *options,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_url url;

    *policy = mud_policy_defaults();
    if (!mud_url_parse(&url, options->url, arena, err))
        return false;
    *host = url.host;
    policy->hosts = host;
    policy->n_hosts = 1;
    policy->proxy = options->proxy;
    policy->allow_private = options->allow_private;
    return true;
}

static bool scope(struct mud_policy *policy, struct mud_str *host,
                  const struct mud_look_options *options,
                  struct mud_arena *arena, struct mud_error *err)
{
    if (!options->source)
        return own_scope(policy, host, options, arena, err);
    *policy = mud_source_policy(options->source, options->spent);
    return mud_source_allowed(options->source, mud_now(), err);
}

static const char *cut_by(const struct mud_exchange *answer, bool whole)
{
    if (answer->cut)
        return mud_cut_name(answer->cut);
    return whole ? NULL : "coding";
}

static bool read_answer(struct mud_look *out,
                        const struct mud_look_options *options,
                        const struct mud_exchange *answer,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str zone = options->zone, body;
    bool whole = true;

    if (!zone.n && options->source)
        zone = options->source->zone;
    if (!mud_exchange_decode(&body, &whole, answer, MUD_PAGE_MAX, arena, err))
        return false;
    out->broken = cut_by(answer, whole);
    struct mud_page_in in = {
        .bytes = body,
        .url = answer->url,
        .content_type = mud_exchange_header(answer, "content-type"),
        .head = answer->response_head,
        .status = answer->status,
        .fetched_at = answer->ended,
        .zone = zone,
        .engine = options->engine,
    };
    struct mud_parser *parser = mud_parser_new();
    bool good = mud_parser_page(parser, &out->page, &in, arena, err);
    mud_parser_free(parser);
    return good;
}

bool mud_look(struct mud_look *out, const struct mud_look_options *options,
              struct mud_arena *arena, struct mud_error *err)
{
    const struct mud_exchange *hops;
    struct mud_policy policy;
    struct mud_secret *secret = NULL;
    struct mud_str host;
    size_t n = 0;

    *out = (struct mud_look){0};
    bool came = scope(&policy, &host, options, arena, err) &&
                (!options->source ||
                 mud_proxy_login(
                     &policy, &secret, options->home, options->source, err)) &&
                mud_fetch_one(&hops, &n, &policy, options->url, arena, err);
    mud_secret_free(secret);
    if (!came)
        return false;
    const struct mud_exchange *answer = &hops[n - 1];
    out->url = answer->url;
    out->hops = n - 1;
    out->status = answer->status;
    out->bytes = answer->body.n;
    out->peer_ip = answer->peer_ip;
    return read_answer(out, options, answer, arena, err);
}
