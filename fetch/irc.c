#include "fetch/irc_inside.h"

#include <stdio.h>
#include <stdlib.h>

enum { /* seconds */
    WELCOME = 60,
    PING_AFTER = 90,
    GIVE_UP = 180,
    ANSWER = 120,
    PACE = 2, /* between what we ask for: servers punish haste */
    REJOIN_AFTER = 60,
    FULL_AFTER = 600,
};

enum {
    REJOINS = 3,
    UNASKED_MAX = 50,
    ROOM_BYTES = 200, /* of a channel's name; networks allow less */
    AT_ONCE = 8       /* rooms in one JOIN */
};

static const struct mud_str nothing = {0};

static bool is_nick(struct mud_str s)
{
    return mud_irc_word(s) && s.n < MUD_IRC_NICK - 8 &&
           !strchr("#&+@%~$0123456789-", s.s[0]) &&
           mud_str_chr(s, '!') == MUD_NPOS && mud_str_chr(s, '@') == MUD_NPOS;
}

bool mud_irc_new(struct mud_irc **out, const struct mud_irc_options *options,
                 struct mud_error *err)
{
    struct mud_irc *irc;

    if (!is_nick(options->nick))
        return mud_fail(
            err, MUD_EUSAGE, "\"%.*s\" is no nick", MUD_FMT(options->nick));
    for (size_t i = 0; i < options->n_others; i++)
        if (!is_nick(options->others[i]))
            return mud_fail(err,
                            MUD_EUSAGE,
                            "\"%.*s\" is no nick",
                            MUD_FMT(options->others[i]));
    for (size_t i = 0; i < options->n_rooms; i++)
        if (!mud_irc_is_channel(options->rooms[i].name) ||
            !mud_irc_word(options->rooms[i].name) ||
            options->rooms[i].name.n > ROOM_BYTES ||
            (options->rooms[i].key.n && !mud_irc_word(options->rooms[i].key)))
            return mud_fail(
                err,
                MUD_EUSAGE,
                "room \"%.*s\" is no channel (#name), or its key is "
                "none",
                MUD_FMT(options->rooms[i].name));
    if (!options->n_rooms || options->n_rooms > MUD_IRC_ROOMS)
        return mud_fail(
            err, MUD_EUSAGE, "1 to %d rooms (--room '#name')", MUD_IRC_ROOMS);
    irc = mud_calloc(1, sizeof *irc);
    irc->o = *options;
    irc->scratch = mud_arena_new();
    for (size_t i = 0; i < options->n_rooms; i++)
        irc->at[i].room = &irc->o.rooms[i];
    *out = irc;
    return true;
}

void mud_irc_free(struct mud_irc *irc)
{
    if (!irc)
        return;
    mud_arena_free(irc->scratch);
    free(irc);
}

void mud_irc_say(struct mud_irc *irc, struct mud_str secret, const char *fmt,
                 ...)
{
    char line[512], shown[512];
    struct mud_buf out = {0};
    va_list list;
    size_t at, n;

    va_start(list, fmt);
    int wanted = vsnprintf(line, sizeof line - 2, fmt, list);
    va_end(list);
    n = wanted < 0 ? 0 : (size_t)wanted;
    n = n > sizeof line - 3 ? sizeof line - 3 : n;
    for (size_t i = 0; i < n; i++) /* one line, whatever was put into it */
        if (line[i] == '\r' || line[i] == '\n' || line[i] == '\0')
            line[i] = ' ';
    struct mud_str said = mud_str_of(line, n);
    at = secret.n ? mud_str_find(said, secret) : MUD_NPOS;
    mud_buf_str(&out, mud_str_sub(said, 0, at));
    if (at != MUD_NPOS) {
        mud_buf_z(&out, "[withheld]");
        mud_buf_str(&out, mud_str_sub(said, at + secret.n, said.n));
    }
    n = out.n < sizeof shown ? out.n : sizeof shown;
    memcpy(shown, out.s, n);
    mud_buf_free(&out);
    line[said.n] = '\r';
    line[said.n + 1] = '\n';
    irc->o.say(
        mud_str_of(line, said.n + 2), mud_str_of(shown, n), irc->o.payload);
    explicit_bzero(line, sizeof line);
}

void mud_irc_tell(struct mud_irc *irc, enum mud_irc_happened what,
                  struct mud_str room, struct mud_str text)
{
    irc->o.event(
        &(struct mud_irc_event){.what = what, .room = room, .text = text},
        irc->o.payload);
}

void mud_irc_begin(struct mud_irc *irc, int64_t now)
{
    irc->began = irc->heard = now;
    mud_irc_log_in(irc);
}

void mud_irc_quit(struct mud_irc *irc)
{
    mud_irc_say(irc, nothing, "QUIT");
}

/* ---- rooms ---- */

static struct mud_irc_at *room_of(const struct mud_irc *irc,
                                  struct mud_str name)
{
    for (size_t i = 0; i < irc->o.n_rooms; i++)
        if (mud_irc_same(irc->o.rooms[i].name, name))
            return (struct mud_irc_at *)(uintptr_t)&irc->at[i];
    return NULL;
}

static bool is_us(const struct mud_irc *irc, struct mud_str nick)
{
    return mud_irc_same(nick, mud_str_z(irc->nick));
}

/* The room is closed to us, for a while (again) or on this connection. */
static void leave(struct mud_irc *irc, struct mud_irc_at *at,
                  struct mud_str why, int64_t again)
{
    bool was_in = at->place == MUD_PLACE_IN;

    mud_irc_past_drop(irc, at);
    at->place = again ? MUD_PLACE_LATER : MUD_PLACE_OVER;
    at->again = again;
    snprintf(irc->last,
             sizeof irc->last,
             "%.*s: %.*s",
             MUD_FMT(mud_str_sub(at->room->name, 0, 64)),
             MUD_FMT(mud_str_sub(why, 0, 120)));
    mud_irc_tell(
        irc, was_in ? MUD_IRC_OUT : MUD_IRC_REFUSED, at->room->name, why);
}

static void on_join(struct mud_irc *irc, const struct mud_irc_message *m,
                    int64_t now)
{
    struct mud_str name = mud_irc_param(m, 0);
    struct mud_irc_at *at = room_of(irc, name);

    if (!is_us(irc, m->nick))
        return;
    if (!at) { /* nobody approved it: out again, and nothing of it is kept */
        if (mud_irc_is_channel(name) && mud_irc_word(name)) {
            mud_irc_say(irc, nothing, "PART %.*s", MUD_FMT(name));
            mud_irc_tell(irc, MUD_IRC_UNASKED, nothing, name);
            irc->unasked++;
        }
        return;
    }
    if (at->place == MUD_PLACE_IN)
        return;
    unsigned all = MUD_CAP_HISTORY | MUD_CAP_BATCH | MUD_CAP_SERVER_TIME;
    at->place = MUD_PLACE_IN;
    at->entered = now;
    at->past = (irc->caps & all) == all ? MUD_PAST_WAITS : MUD_PAST_NONE;
    mud_irc_tell(irc, MUD_IRC_IN, at->room->name, nothing);
}

static void on_kick(struct mud_irc *irc, const struct mud_irc_message *m,
                    int64_t now)
{
    struct mud_irc_at *at = room_of(irc, mud_irc_param(m, 0));

    if (!at || !is_us(irc, mud_irc_param(m, 1)))
        return;
    struct mud_str why =
        mud_str_printf(irc->scratch,
                       "kicked by %.*s (%.*s)",
                       MUD_FMT(m->nick),
                       MUD_FMT(m->n > 2 ? mud_irc_last(m) : nothing));
    bool again = irc->o.rejoin && at->rejoins < REJOINS;
    at->rejoins++;
    leave(irc, at, why, again ? now + REJOIN_AFTER * MUD_SECOND : 0);
}

static void on_part(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_irc_at *at = room_of(irc, mud_irc_param(m, 0));

    if (at && is_us(irc, m->nick) && at->place == MUD_PLACE_IN)
        leave(irc, at, MUD_STR("the server took us out"), 0);
}

static void on_nick(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_str to = mud_irc_param(m, 0);

    if (!is_us(irc, m->nick) || !to.n || to.n >= sizeof irc->nick)
        return;
    memcpy(irc->nick, to.s, to.n);
    irc->nick[to.n] = '\0';
    mud_irc_tell(irc, MUD_IRC_NICK_NOW, nothing, to);
}

/* Numerics that answer a JOIN with no; later: it may be open in a while. */
static void on_refused(struct mud_irc *irc, const struct mud_irc_message *m,
                       int64_t now)
{
    static const struct {
        const char *code, *why;
        bool later;
    } rows[] = {
        {"403", "no such channel", false},
        {"405", "too many channels", false},
        {"437", "unavailable", true},
        {"470", "forwarded to another channel", false},
        {"471", "full", true},
        {"473", "by invitation only", false},
        {"474", "banned", false},
        {"475", "needs another key", false},
        {"476", "no name of a channel", false},
        {"477", "needs a registered nick", false},
        {"489", "needs TLS", false},
        {"520", "for operators only", false},
    };
    struct mud_irc_at *at = room_of(irc, mud_irc_param(m, 1));

    for (size_t i = 0; at && i < sizeof rows / sizeof *rows; i++) {
        if (mud_irc_is(m, rows[i].code) && at->place == MUD_PLACE_ASKED)
            leave(irc,
                  at,
                  mud_str_z(rows[i].why),
                  rows[i].later ? now + FULL_AFTER * MUD_SECOND : 0);
    }
}

static void on_isupport(struct mud_irc *irc, const struct mud_irc_message *m)
{
    for (size_t i = 1; i + 1 < m->n; i++) {
        struct mud_str value = m->params[i], name;
        uint64_t n;

        if (!mud_str_cut(&value, '=', &name) || !value.n)
            continue;
        if (mud_str_eqz(name, "NETWORK") && value.n <= 64)
            mud_irc_tell(irc, MUD_IRC_NETWORK, nothing, value);
        if ((mud_str_eqz(name, "CHATHISTORY") ||
             mud_str_eqz(name, "draft/CHATHISTORY")) &&
            mud_str_u64(value, &n))
            irc->history_limit = n < 1000 ? (long)n : 1000;
    }
}

/* The channel that a line is about, without "@" of those to its operators. */
static struct mud_str channel_of(const struct mud_irc_message *m)
{
    static const char *const verbs[] = {
        "PRIVMSG", "NOTICE", "JOIN", "PART", "KICK", "TOPIC", "MODE", "TAGMSG"};
    struct mud_str name = mud_irc_param(m, 0);
    bool verb = false;

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        verb = verb || mud_irc_is(m, verbs[i]);
    if (!verb &&
        (m->command.n != 3 || m->command.s[0] < '0' || m->command.s[0] > '9'))
        return nothing;
    if (!verb) { /* what a server tells begins with our nick */
        name = mud_irc_param(m, 1);
        if (!mud_irc_is_channel(name) && m->n > 3)
            name = mud_irc_param(m, 2); /* "= #c" */
    }
    while (name.n > 1 && strchr("@%~", name.s[0]))
        name = mud_str_sub(name, 1, name.n);
    return mud_irc_is_channel(name) ? name : nothing;
}

bool mud_irc_approved(const struct mud_irc *irc, struct mud_str line)
{
    struct mud_irc_message m;
    struct mud_str name;

    if (!mud_irc_read(&m, line) || mud_irc_is(&m, "005"))
        return true;
    name = channel_of(&m);
    return !name.n || room_of(irc, name);
}

/* ---- lines and time ---- */

/* What the server says when it throws us out: for good? */
static bool on_error(const struct mud_irc_message *m, struct mud_error *err)
{
    static const char *const bans[] = {"K-line",
                                       "G-line",
                                       "Z-line",
                                       "D-line",
                                       "klined",
                                       "glined",
                                       "zlined",
                                       "banned",
                                       "AKILL"};
    struct mud_str why = mud_str_sub(mud_irc_last(m), 0, 200);

    for (size_t i = 0; i < sizeof bans / sizeof *bans; i++)
        if (mud_str_ifind(why, mud_str_z(bans[i])) != MUD_NPOS)
            return mud_fail(err,
                            MUD_EDENIED,
                            "banned from the network: %.*s",
                            MUD_FMT(why));
    if (mud_str_ifind(why, MUD_STR("password")) != MUD_NPOS)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the server's password is refused: %.*s",
                        MUD_FMT(why));
    return mud_fail(err, MUD_ENET, "the server ended it: %.*s", MUD_FMT(why));
}

static void on_welcome(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_str nick = mud_irc_param(m, 0);

    if (irc->welcomed)
        return;
    irc->welcomed = true;
    if (nick.n && nick.n < sizeof irc->nick) { /* it may be cut */
        memcpy(irc->nick, nick.s, nick.n);
        irc->nick[nick.n] = '\0';
    }
    mud_irc_tell(irc, MUD_IRC_READY, nothing, mud_str_z(irc->nick));
}

static bool any_room(const struct mud_irc *irc, struct mud_error *err)
{
    for (size_t i = 0; i < irc->o.n_rooms; i++)
        if (irc->at[i].place != MUD_PLACE_OVER)
            return true;
    return mud_fail(
        err, MUD_EDENIED, "every room is closed to us (%s)", irc->last);
}

static void dispatch(struct mud_irc *irc, const struct mud_irc_message *m,
                     int64_t now)
{
    if (mud_irc_is(m, "PING"))
        mud_irc_say(irc,
                    nothing,
                    "PONG :%.*s",
                    MUD_FMT(mud_str_sub(mud_irc_last(m), 0, 400)));
    else if (mud_irc_is(m, "JOIN"))
        on_join(irc, m, now);
    else if (mud_irc_is(m, "PART"))
        on_part(irc, m);
    else if (mud_irc_is(m, "KICK"))
        on_kick(irc, m, now);
    else if (mud_irc_is(m, "NICK"))
        on_nick(irc, m);
    else if (mud_irc_is(m, "001"))
        on_welcome(irc, m);
    else if (mud_irc_is(m, "005"))
        on_isupport(irc, m);
    else if (m->command.n == 3 &&
             (m->command.s[0] == '4' || m->command.s[0] == '5'))
        on_refused(irc, m, now);
    if (irc->welcomed && !irc->ready &&
        (mud_irc_is(m, "376") || mud_irc_is(m, "422"))) {
        irc->ready = true;
        mud_irc_identify(irc, now);
    }
    mud_irc_past_line(irc, m);
}

/* What its history is asked by is the server's time, not ours. */
static void look_at_clock(struct mud_irc *irc, const struct mud_irc_message *m,
                          int64_t now)
{
    struct mud_str text;
    int64_t at;

    if (!mud_irc_tag(m, "batch", &text, irc->scratch) &&
        mud_irc_tag(m, "time", &text, irc->scratch) &&
        mud_time_parse(text, &at) && at > 0 && now - at > irc->behind)
        irc->behind = now - at;
}

bool mud_irc_hear(struct mud_irc *irc, struct mud_str line, int64_t now,
                  struct mud_error *err)
{
    struct mud_irc_message m;
    bool taken = false;

    mud_arena_reset(irc->scratch);
    irc->heard = now;
    irc->pinged = 0;
    if (!mud_irc_read(&m, line))
        return true;
    if (mud_irc_is(&m, "ERROR"))
        return on_error(&m, err);
    if (mud_irc_is(&m, "465"))
        return mud_fail(err,
                        MUD_EDENIED,
                        "banned from the network: %.*s",
                        MUD_FMT(mud_str_sub(mud_irc_last(&m), 0, 200)));
    if (!mud_irc_login_line(&taken, irc, &m, err))
        return false;
    look_at_clock(irc, &m, now);
    if (!taken)
        dispatch(irc, &m, now);
    if (irc->unasked > UNASKED_MAX)
        return mud_fail(err,
                        MUD_ENET,
                        "the server put us into %d channels that nobody asked "
                        "for",
                        UNASKED_MAX);
    return any_room(irc, err);
}

/* Some rooms at a time, a while between. */
static void enter_rooms(struct mud_irc *irc, int64_t now)
{
    struct mud_buf names = {.max = 300};
    size_t n = 0;

    for (size_t i = 0; i < irc->o.n_rooms && n < AT_ONCE; i++) {
        struct mud_irc_at *at = &irc->at[i];
        bool due = at->place == MUD_PLACE_WAITS ||
                   (at->place == MUD_PLACE_LATER && now >= at->again);

        if (!due || (n && (at->room->key.n ||
                           names.n + at->room->name.n + 1 > names.max)))
            continue;
        at->place = MUD_PLACE_ASKED;
        at->again = now + ANSWER * MUD_SECOND;
        if (at->room->key.n) { /* alone */
            mud_irc_say(irc,
                        at->room->key,
                        "JOIN %.*s %.*s",
                        MUD_FMT(at->room->name),
                        MUD_FMT(at->room->key));
            irc->quiet = now + PACE * MUD_SECOND;
            break;
        }
        mud_buf_z(&names, n++ ? "," : "");
        mud_buf_str(&names, at->room->name);
    }
    if (n) {
        mud_irc_say(irc, nothing, "JOIN %.*s", MUD_FMT(mud_buf_view(&names)));
        irc->quiet = now + PACE * MUD_SECOND;
    }
    mud_buf_free(&names);
}

bool mud_irc_tick(struct mud_irc *irc, int64_t now, struct mud_error *err)
{
    int64_t silent = now - irc->heard;

    mud_arena_reset(irc->scratch);
    if (!irc->welcomed && now - irc->began > WELCOME * MUD_SECOND)
        return mud_fail(err, MUD_ENET, "no welcome within %d seconds", WELCOME);
    if (silent > GIVE_UP * MUD_SECOND)
        return mud_fail(
            err, MUD_ENET, "the server was silent for %d seconds", GIVE_UP);
    if (silent > PING_AFTER * MUD_SECOND && !irc->pinged && irc->welcomed) {
        irc->pinged = now;
        mud_irc_say(irc, nothing, "PING :%lld", (long long)(now / MUD_SECOND));
    }
    for (size_t i = 0; i < irc->o.n_rooms; i++)
        if (irc->at[i].place == MUD_PLACE_ASKED && now >= irc->at[i].again)
            leave(irc, &irc->at[i], MUD_STR("no answer"), 0);
    if (!any_room(irc, err))
        return false;
    if (!irc->ready || now < irc->quiet)
        return true;
    if (irc->want_nick) {
        irc->want_nick = false;
        irc->quiet = now + PACE * MUD_SECOND;
        mud_irc_say(irc, nothing, "NICK %.*s", MUD_FMT(irc->o.nick));
        return true;
    }
    enter_rooms(irc, now);
    if (now >= irc->quiet)
        mud_irc_past_tick(irc, now);
    return true;
}

bool mud_irc_waits(const struct mud_irc *irc, size_t room)
{
    return room < irc->o.n_rooms && irc->at[room].past != MUD_PAST_NONE;
}

bool mud_irc_settled(const struct mud_irc *irc)
{
    for (size_t i = 0; i < irc->o.n_rooms; i++)
        if (irc->at[i].place == MUD_PLACE_WAITS ||
            irc->at[i].place == MUD_PLACE_ASKED || irc->at[i].past)
            return false;
    return irc->ready;
}
