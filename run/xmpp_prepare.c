#include "run/proxy.h"
#include "run/xmpp_inside.h"

#include <string.h>

/* xmpp://HOST[:PORT], xmpps://HOST[:PORT] */
static bool read_url(struct mud_xmpp_watch *w)
{
    struct mud_str rest = w->source->url;
    bool direct = mud_str_starts(rest, MUD_STR("xmpps://"));
    uint64_t port = direct ? 5223 : 5222;

    rest = mud_str_sub(rest, direct ? 8 : 7, rest.n);
    for (size_t i = 0; i < rest.n; i++)
        if (strchr("/?#", rest.s[i]))
            rest.n = i;
    size_t colon = mud_str_rchr(rest, ':'), bracket = mud_str_chr(rest, ']');
    if (colon != MUD_NPOS && (bracket == MUD_NPOS || colon > bracket)) {
        if (!mud_str_u64(mud_str_sub(rest, colon + 1, rest.n), &port) ||
            !port || port > 65535)
            return mud_fail(w->err,
                            MUD_EUSAGE,
                            "%.*s: the port is none",
                            MUD_FMT(w->source->url));
        rest.n = colon;
    }
    if (bracket != MUD_NPOS)
        rest = mud_str_sub(rest, 1, bracket);
    w->to.wire.host = rest;
    w->to.wire.port = (unsigned)port;
    w->to.tls = direct             ? MUD_XMPP_DIRECT
                : w->source->plain ? MUD_XMPP_PLAIN
                                   : MUD_XMPP_STARTTLS;
    return true;
}

static bool read_secrets(struct mud_xmpp_watch *w,
                         const struct mud_secret *secret)
{
    struct mud_str account = w->source->account;

    w->to.jid = mud_secret_get(secret, "jid");
    if (!w->to.jid.n && mud_str_chr(account, '@') != MUD_NPOS)
        w->to.jid = account;
    if (!w->to.jid.n && !mud_secret_need(&w->to.jid, secret, "jid", w->err))
        return false;
    if (!mud_secret_need(&w->to.password, secret, "password", w->err))
        return false;
    w->nick = mud_secret_get(secret, "nick");
    if (!w->nick.n)
        w->nick = mud_jid_local(w->to.jid);
    return true;
}

bool mud_xmpp_prepare(struct mud_xmpp_watch *w, struct mud_secret **secret,
                      struct mud_secret **way)
{
    const struct mud_source *source = w->source;
    int64_t spent;

    if (!mud_source_spent(&spent, w->worker->pg, source, w->err))
        return false;
    w->left_bytes = source->day_bytes - spent;
    w->policy = mud_source_policy(source, spent);
    w->to.wire =
        (struct mud_wire_to){.policy = &w->policy, .stop = w->options->stop};
    return read_url(w) &&
           mud_secret_open(secret,
                           w->worker->home,
                           source->account.n ? source->account : source->name,
                           w->err) &&
           read_secrets(w, *secret) &&
           mud_proxy_login(&w->policy, way, w->worker->home, source, w->err);
}
