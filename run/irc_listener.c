#include "run/irc_listener.h"

#include "run/collect.h"
#include "run/proxy.h"

#include <stdio.h>

#define CONTENT_TYPE "text/x-irc-wire"

static bool read_url(struct mud_irc_listener *l)
{
    struct mud_str url = l->source->url, rest, port;
    size_t end = 0;
    uint64_t number;

    l->tls = mud_str_starts(url, MUD_STR("ircs://"));
    rest = mud_str_sub(url, l->tls ? 7 : 6, url.n);
    while (end < rest.n && !strchr("/?#", rest.s[end]))
        end++;
    rest = mud_str_sub(rest, 0, end);
    size_t colon = mud_str_rchr(rest, ':');
    l->to = (struct mud_wire_to){.host = mud_str_sub(rest, 0, colon),
                                 .port = l->tls ? 6697 : 6667,
                                 .policy = &l->policy,
                                 .stop = l->options->stop};
    if (colon == MUD_NPOS)
        return true;
    port = mud_str_sub(rest, colon + 1, rest.n);
    if (!mud_str_u64(port, &number) || !number || number > 65535)
        return mud_fail(
            l->err, MUD_EUSAGE, "%.*s: no port", MUD_FMT(l->source->url));
    l->to.port = (unsigned)number;
    return true;
}

static void keep_secret(struct mud_irc_listener *l, struct mud_str secret)
{
    if (secret.n && l->record.n_secrets < MUD_IRC_SECRETS)
        l->record.secrets[l->record.n_secrets++] = secret;
}

static void read_nicks(struct mud_irc_listener *l, struct mud_str list)
{
    struct mud_irc_options *o = &l->irc_options;
    struct mud_str nick;

    while (list.n && o->n_others < MUD_IRC_NICKS &&
           mud_str_cut(&list, ' ', &nick))
        if (nick.n)
            l->nicks[o->n_others++] = nick;
    o->others = l->nicks;
}

static bool read_account(struct mud_irc_listener *l)
{
    struct mud_irc_options *o = &l->irc_options;
    const struct mud_source *s = l->source;

    if (!mud_secret_open(&l->secret,
                         l->worker->home,
                         s->account.n ? s->account : s->name,
                         l->err))
        return false;
    o->nick = mud_secret_get(l->secret, "nick");
    if (!o->nick.n)
        o->nick = s->account;
    if (!o->nick.n)
        return mud_fail(l->err,
                        MUD_EUSAGE,
                        "source %.*s needs a nick: --account NICK, or a line "
                        "\"nick = ...\" in the file secrets/%.*s of "
                        "MUDLARK_HOME",
                        MUD_FMT(s->name),
                        MUD_FMT(s->name));
    read_nicks(l, mud_secret_get(l->secret, "nicks"));
    o->user = mud_secret_get(l->secret, "user");
    o->real = mud_secret_get(l->secret, "realname");
    o->server_password = mud_secret_get(l->secret, "server_password");
    o->sasl_user = mud_secret_get(l->secret, "sasl_user");
    o->sasl_password = mud_secret_get(l->secret, "sasl_password");
    o->nickserv_password = mud_secret_get(l->secret, "nickserv_password");
    o->rejoin = s->rejoin;
    keep_secret(l, o->server_password);
    keep_secret(l, o->sasl_password);
    keep_secret(l, o->nickserv_password);
    return true;
}

struct mud_str mud_irc_place(struct mud_irc_listener *l, size_t room)
{
    return mud_str_printf(
        l->arena, "room %.*s", MUD_FMT(l->source->rooms[room]));
}

/* The rooms, their keys, and until when each was heard. */
static bool read_rooms(struct mud_irc_listener *l)
{
    const struct mud_source *s = l->source;

    if (!s->n_rooms || s->n_rooms > MUD_IRC_ROOMS)
        return mud_fail(l->err,
                        MUD_EUSAGE,
                        "source %.*s names no rooms: --room '#name'",
                        MUD_FMT(s->name));
    for (size_t i = 0; i < s->n_rooms; i++) {
        struct mud_str until;
        const char *key =
            mud_str_printf(l->arena, "key %.*s", MUD_FMT(s->rooms[i])).s;

        l->rooms[i] = (struct mud_irc_room){
            .name = s->rooms[i], .key = mud_secret_get(l->secret, key)};
        keep_secret(l, l->rooms[i].key);
        l->record.rooms[i].name = s->rooms[i];
        if (!mud_cursor_get(&until,
                            l->worker->pg,
                            s,
                            mud_irc_place(l, i),
                            l->arena,
                            l->err))
            return false;
        if (until.n && !mud_time_parse(until, &l->record.rooms[i].until))
            l->record.rooms[i].until = 0;
    }
    l->record.n_rooms = l->irc_options.n_rooms = s->n_rooms;
    l->irc_options.rooms = l->rooms;
    return true;
}

/* Nicks and rooms that are none are said before anything is connected. */
static bool check_names(struct mud_irc_listener *l)
{
    struct mud_irc *irc = NULL;
    bool good = mud_irc_new(&irc, &l->irc_options, l->err);

    mud_irc_free(irc);
    return good || mud_fail_in(l->err, "source %.*s", MUD_FMT(l->source->name));
}

bool mud_irc_prepare(struct mud_irc_listener *l)
{
    int64_t spent;

    if (!mud_source_spent(&spent, l->worker->pg, l->source, l->err))
        return false;
    l->policy = mud_source_policy(l->source, spent);
    l->spent = spent;
    l->record.charset = l->source->charset;
    l->looked = mud_now();
    if (!read_url(l) || !read_account(l) || !read_rooms(l) || !check_names(l) ||
        !mud_proxy_login(
            &l->policy, &l->way, l->worker->home, l->source, l->err) ||
        !mud_spool_open(
            &l->spool, l->worker, l->source, CONTENT_TYPE, l->report, l->err))
        return false;
    l->record.server =
        mud_str_printf(l->arena, "%.*s:%u", MUD_FMT(l->to.host), l->to.port);
    l->record.spool = l->spool;
    return true;
}
