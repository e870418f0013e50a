#include "run/collect_xmpp.h"
#include "run/xmpp_inside.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PAGES = 50,
    HOSTS = 16,
    ANSWER_S = 30,
    ROOMS_MAX = 10000
};

#define ITEMS "http://jabber.org/protocol/disco#items"
#define INFO  "http://jabber.org/protocol/disco#info"

struct asked {
    struct mud_xmpp_watch *w;
    struct mud_str hosts[HOSTS]; /* that hold rooms */
    size_t n_hosts;
    char id[32];
    int64_t said; /* rooms */
    mud_xmpp_room_fn *each;
    void *payload;
};

/* The answer to what was just asked; in->stanza NULL when it is an error. */
static bool answer(struct mud_xmpp_in *in, struct asked *a)
{
    int64_t end = mud_monotonic() + ANSWER_S * MUD_SECOND;

    *in = (struct mud_xmpp_in){0};
    while (mud_monotonic() < end && !mud_xmpp_enough(a->w)) {
        if (!mud_xmpp_next(in, a->w->xmpp, 500, a->w->err))
            return false;
        if (!in->stanza || !mud_str_eqz(in->top->name, "iq") ||
            !mud_str_eqz(mud_xml_attr(in->top, "id"), a->id))
            continue;
        if (!mud_str_eqz(mud_xml_attr(in->top, "type"), "result"))
            in->stanza = NULL;
        return true;
    }
    return mud_fail(a->w->err, MUD_ENET, "the server does not answer");
}

static const char *next_id(struct asked *a)
{
    snprintf(a->id, sizeof a->id, "d%llu", (unsigned long long)++a->w->asked);
    return a->id;
}

static bool add_host(struct asked *a, struct mud_str host)
{
    for (size_t i = 0; i < a->n_hosts; i++)
        if (mud_str_ieq(a->hosts[i], host))
            return true;
    if (host.n && a->n_hosts < HOSTS)
        a->hosts[a->n_hosts++] = mud_str_dup(host, a->w->arena);
    return a->n_hosts < HOSTS;
}

/* A server of group chat says so (XEP-0045, 6.1). */
static bool look_at(struct asked *a, struct mud_str host)
{
    struct mud_xmpp_in in = {0};

    if (!mud_xmpp_ask_info(a->w->xmpp, next_id(a), host, a->w->err) ||
        !answer(&in, a))
        return false;
    for (uint32_t i = 0; in.stanza && i < in.stanza->n; i++)
        if (mud_str_eqz(in.stanza->nodes[i].name, "identity") &&
            mud_str_eqz(mud_xml_attr(&in.stanza->nodes[i], "category"),
                        "conference"))
            add_host(a, host);
    return true;
}

/* Of the server's own parts, those that hold rooms. */
static bool find_hosts(struct asked *a)
{
    struct mud_str parts[HOSTS];
    struct mud_xmpp_in in = {0};
    size_t n = 0;

    for (size_t i = 0; i < a->w->source->n_rooms; i++)
        add_host(a, mud_jid_host(a->w->source->rooms[i]));
    if (a->n_hosts)
        return true;
    if (!mud_xmpp_ask_items(a->w->xmpp,
                            next_id(a),
                            mud_jid_host(mud_xmpp_self(a->w->xmpp)),
                            MUD_STR(""),
                            a->w->err) ||
        !answer(&in, a))
        return false;
    for (uint32_t i = 0; in.stanza && i < in.stanza->n && n < HOSTS; i++)
        if (mud_str_eqz(in.stanza->nodes[i].name, "item"))
            parts[n++] = mud_str_dup(mud_xml_attr(&in.stanza->nodes[i], "jid"),
                                     a->w->arena);
    for (size_t i = 0; i < n; i++)
        if (!look_at(a, parts[i]))
            return false;
    return true;
}

static bool tell(struct asked *a, const struct mud_xml *item)
{
    struct mud_str jid = mud_xml_attr(item, "jid");
    bool watched = false;

    if (!jid.n || !mud_jid_local(jid).n || a->said >= ROOMS_MAX)
        return true;
    a->said++;
    for (size_t i = 0; i < a->w->source->n_rooms; i++)
        watched |= mud_str_ieq(a->w->source->rooms[i], jid);
    return a->each(
        jid, mud_xml_attr(item, "name"), watched, a->payload, a->w->err);
}

/* All rooms of a host that it shows, page by page where it makes pages. */
static bool list(struct asked *a, struct mud_str host)
{
    struct mud_str after = {0};

    for (int page = 0; page < PAGES && !mud_xmpp_enough(a->w); page++) {
        struct mud_xmpp_in in = {0};
        struct mud_str last = {0};
        bool any = false;

        if (!mud_xmpp_ask_items(
                a->w->xmpp, next_id(a), host, after, a->w->err) ||
            !answer(&in, a))
            return false;
        for (uint32_t i = 0; in.stanza && i < in.stanza->n; i++) {
            const struct mud_xml *node = &in.stanza->nodes[i];

            if (mud_str_eqz(node->name, "last"))
                last = node->text;
            if (!mud_str_eqz(node->name, "item"))
                continue;
            any = true;
            if (!tell(a, node))
                return false;
        }
        if (!any || !last.n || mud_str_eq(last, after))
            break;
        after = mud_str_dup(last, a->w->arena);
    }
    return true;
}

static bool list_all(struct asked *a)
{
    bool refused;

    if (!mud_xmpp_open(&a->w->xmpp, &a->w->to, &refused, a->w->err)) {
        a->w->xmpp = NULL;
        return false;
    }
    if (!find_hosts(a))
        return false;
    if (!a->n_hosts)
        return mud_fail(
            a->w->err, MUD_EMISSING, "the server names none that holds rooms");
    for (size_t i = 0; i < a->n_hosts; i++)
        if (!list(a, a->hosts[i]))
            return false;
    return true;
}

bool mud_xmpp_rooms(struct mud_pg *pg, const char *home,
                    const struct mud_source *source, mud_xmpp_room_fn *each,
                    void *payload, struct mud_error *err)
{
    struct mud_worker worker = {.home = home, .pg = pg}; /* all that it takes */
    const struct mud_crawl_options options = {0};
    struct mud_secret *secret = NULL, *way = NULL;
    struct mud_xmpp_watch w = {.worker = &worker,
                               .source = source,
                               .options = &options,
                               .arena = mud_arena_new(),
                               .err = err};
    struct asked a = {.w = &w, .each = each, .payload = payload};
    bool good;

    if (!mud_str_eqz(source->kind, "xmpp"))
        good = mud_fail(err,
                        MUD_EUSAGE,
                        "source %.*s is of kind %.*s: only xmpp has rooms to "
                        "be asked for",
                        MUD_FMT(source->name),
                        MUD_FMT(source->kind));
    else
        good = mud_source_allowed(source, mud_now(), err) &&
               mud_xmpp_prepare(&w, &secret, &way) && list_all(&a);
    mud_xmpp_close(w.xmpp);
    mud_arena_free(w.arena);
    mud_secret_free(way);
    mud_secret_free(secret);
    return good;
}
