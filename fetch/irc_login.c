/* How the connection comes in: capabilities, SASL PLAIN, nicks, NickServ. */
#include "fetch/irc_inside.h"

#include <stdio.h>

enum {
    NICKS_MAX = 8,    /* tried beside those named */
    IDENTIFY_WAIT = 5 /* s: before rooms that want a log-in are entered */
};

static const struct mud_str nothing = {0};

static const struct {
    const char *name;
    unsigned bit; /* 0: only asked for */
} wanted[] = {
    {"server-time", MUD_CAP_SERVER_TIME},
    {"message-tags", MUD_CAP_TAGS},
    {"batch", MUD_CAP_BATCH},
    {"draft/chathistory", MUD_CAP_HISTORY},
    {"sasl", MUD_CAP_SASL},
    {"account-tag", 0},
    {"account-notify", 0},
    {"extended-join", 0},
    {"away-notify", 0},
    {"chghost", 0},
    {"multi-prefix", 0},
};

#define WANTED (sizeof wanted / sizeof *wanted)

void mud_irc_log_in(struct mud_irc *irc)
{
    const struct mud_irc_options *o = &irc->o;
    struct mud_str user = o->user.n ? o->user : o->nick;

    irc->capping = true;
    mud_irc_say(irc, nothing, "CAP LS 302");
    if (o->server_password.n)
        mud_irc_say(
            irc, o->server_password, "PASS %.*s", MUD_FMT(o->server_password));
    snprintf(irc->nick, sizeof irc->nick, "%.*s", MUD_FMT(o->nick));
    mud_irc_say(irc, nothing, "NICK %s", irc->nick);
    mud_irc_say(irc,
                nothing,
                "USER %.*s 0 * :%.*s",
                MUD_FMT(user),
                MUD_FMT(o->real.n ? o->real : user));
}

static void end_caps(struct mud_irc *irc)
{
    if (irc->capping)
        mud_irc_say(irc, nothing, "CAP END");
    irc->capping = false;
}

/* "sasl=PLAIN,EXTERNAL server-time": which of ours are among them. */
static unsigned offered(struct mud_str list)
{
    unsigned bits = 0;
    struct mud_str name, value;

    while (list.n && mud_str_cut(&list, ' ', &value)) {
        if (!mud_str_cut(&value, '=', &name))
            continue;
        for (size_t i = 0; i < WANTED; i++) {
            if (!mud_str_eqz(name, wanted[i].name))
                continue;
            bool sasl = wanted[i].bit == MUD_CAP_SASL;
            if (!sasl || !value.n ||
                mud_str_ifind(value, MUD_STR("PLAIN")) != MUD_NPOS)
                bits |= 1U << i;
        }
    }
    return bits;
}

static void request(struct mud_irc *irc)
{
    struct mud_buf names = {.max = 400};

    for (size_t i = 0; i < WANTED; i++) {
        bool sasl = wanted[i].bit == MUD_CAP_SASL;

        if (!(irc->cap_offered >> i & 1) || (sasl && !irc->o.sasl_password.n))
            continue;
        mud_buf_z(&names, names.n ? " " : "");
        mud_buf_z(&names, wanted[i].name);
    }
    if (names.n)
        mud_irc_say(
            irc, nothing, "CAP REQ :%.*s", MUD_FMT(mud_buf_view(&names)));
    mud_buf_free(&names);
}

static void granted(struct mud_irc *irc, struct mud_str list, bool given)
{
    unsigned bits = offered(list);

    for (size_t i = 0; i < WANTED; i++) {
        if (!(bits >> i & 1))
            continue;
        irc->caps =
            given ? irc->caps | wanted[i].bit : irc->caps & ~wanted[i].bit;
    }
}

static void on_cap(struct mud_irc *irc, const struct mud_irc_message *m)
{
    struct mud_str what = mud_irc_param(m, 1);

    if (mud_str_ieq(what, MUD_STR("LS"))) {
        irc->cap_offered |= offered(mud_irc_last(m));
        if (m->n > 3 && mud_str_eqz(mud_irc_param(m, 2), "*"))
            return; /* there is more */
        if (irc->cap_offered && irc->capping)
            request(irc);
        else
            end_caps(irc);
    } else if (mud_str_ieq(what, MUD_STR("ACK"))) {
        granted(irc, mud_irc_last(m), true);
        if (irc->capping && irc->caps & MUD_CAP_SASL)
            mud_irc_say(irc, nothing, "AUTHENTICATE PLAIN");
        else
            end_caps(irc);
    } else if (mud_str_ieq(what, MUD_STR("DEL"))) {
        granted(irc, mud_irc_last(m), false);
    } else if (mud_str_ieq(what, MUD_STR("NAK"))) {
        end_caps(irc);
    }
}

static size_t base64(char *out, const char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t k = 0;

    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)(unsigned char)bytes[i] << 16;
        if (i + 1 < n)
            v |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
        if (i + 2 < n)
            v |= (unsigned char)bytes[i + 2];
        out[k++] = digits[v >> 18];
        out[k++] = digits[v >> 12 & 63];
        out[k++] = digits[v >> 6 & 63];
        out[k++] = digits[v & 63];
    }
    if (n % 3)
        out[k - 1] = '=';
    if (n % 3 == 1)
        out[k - 2] = '=';
    return k;
}

/* RFC 4616: authorization (empty), name, password; by 400 bytes of base64. */
static void authenticate(struct mud_irc *irc)
{
    const struct mud_irc_options *o = &irc->o;
    struct mud_str user = o->sasl_user.n ? o->sasl_user : o->nick;
    char plain[512], coded[700];
    size_t n, at = 0;
    int length = snprintf(plain,
                          sizeof plain,
                          "%c%.*s%c%.*s",
                          '\0',
                          MUD_FMT(mud_str_sub(user, 0, 200)),
                          '\0',
                          MUD_FMT(mud_str_sub(o->sasl_password, 0, 300)));

    n = base64(coded, plain, length < 0 ? 0 : (size_t)length);
    for (; at < n; at += 400) {
        struct mud_str piece =
            mud_str_of(coded + at, n - at < 400 ? n - at : 400);

        mud_irc_say(irc, piece, "AUTHENTICATE %.*s", MUD_FMT(piece));
    }
    if (n % 400 == 0) /* or the server waits for more */
        mud_irc_say(irc, nothing, "AUTHENTICATE +");
    explicit_bzero(plain, sizeof plain);
    explicit_bzero(coded, sizeof coded);
}

/* The next nick of those named, then ours with a number behind it. */
static bool next_nick(struct mud_irc *irc, struct mud_error *err)
{
    const struct mud_irc_options *o = &irc->o;

    if (irc->tried < o->n_others)
        snprintf(irc->nick,
                 sizeof irc->nick,
                 "%.*s",
                 MUD_FMT(o->others[irc->tried]));
    else
        snprintf(irc->nick,
                 sizeof irc->nick,
                 "%.*s%u",
                 MUD_FMT(mud_str_sub(o->nick, 0, 12)),
                 (unsigned)(irc->began / 7 % 900) + 100 + (unsigned)irc->tried);
    if (irc->tried++ >= o->n_others + NICKS_MAX)
        return mud_fail(err, MUD_ENET, "no nick is free");
    mud_irc_say(irc, nothing, "NICK %s", irc->nick);
    return true;
}

static bool refused_login(struct mud_error *err, const char *what,
                          const struct mud_irc_message *m)
{
    return mud_fail(err,
                    MUD_EDENIED,
                    "%s is refused: %.*s",
                    what,
                    MUD_FMT(mud_str_sub(mud_irc_last(m), 0, 200)));
}

static bool any_of(const struct mud_irc_message *m, const char *const *codes,
                   size_t n)
{
    return mud_str_among(m->command, codes, n);
}

bool mud_irc_login_line(bool *taken, struct mud_irc *irc,
                        const struct mud_irc_message *m, struct mud_error *err)
{
    static const char *const in_use[] = {"432", "433", "436", "437"};
    static const char *const no_sasl[] = {"902", "904", "905", "906"};

    *taken = true;
    if (mud_irc_is(m, "CAP")) {
        on_cap(irc, m);
    } else if (mud_irc_is(m, "AUTHENTICATE")) {
        if (mud_str_eqz(mud_irc_param(m, 0), "+") && irc->capping &&
            irc->caps & MUD_CAP_SASL)
            authenticate(irc);
    } else if (mud_irc_is(m, "903")) {
        irc->logged_in = true;
        end_caps(irc);
    } else if (any_of(m, no_sasl, 4)) {
        return refused_login(err, "the account's password", m);
    } else if (mud_irc_is(m, "464")) {
        return refused_login(err, "the server's password", m);
    } else if (any_of(m, in_use, 4) && !irc->welcomed) {
        return next_nick(irc, err);
    } else if (mud_irc_is(m, "421") && !irc->welcomed) {
        irc->capping = false; /* it knows no CAP */
    } else {
        *taken = false;
    }
    return true;
}

void mud_irc_identify(struct mud_irc *irc, int64_t now)
{
    struct mud_str password = irc->o.nickserv_password;

    if (irc->o.sasl_password.n && !irc->logged_in)
        mud_irc_tell(
            irc,
            MUD_IRC_ODD,
            nothing,
            MUD_STR("the network offers no SASL PLAIN: not logged in"));
    if (!password.n || irc->logged_in)
        return;
    bool ours = mud_irc_same(mud_str_z(irc->nick), irc->o.nick);
    irc->quiet = now + IDENTIFY_WAIT * MUD_SECOND;
    if (ours) {
        mud_irc_say(irc,
                    password,
                    "PRIVMSG NickServ :IDENTIFY %.*s",
                    MUD_FMT(password));
        return;
    }
    /* A connection of ours that the server still believes in has the nick. */
    mud_irc_say(irc,
                password,
                "PRIVMSG NickServ :GHOST %.*s %.*s",
                MUD_FMT(irc->o.nick),
                MUD_FMT(password));
    irc->want_nick = true;
}
