#include "parse/irc_line.h"

#define NICK_MAX 64

static bool take(struct mud_str *s, const char *what)
{
    struct mud_str w = mud_str_z(what);
    if (!mud_str_starts(*s, w))
        return false;
    *s = mud_str_sub(*s, w.n, s->n);
    return true;
}

static bool number(struct mud_str *s, size_t digits, int *out)
{
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i >= s->n || s->s[i] < '0' || s->s[i] > '9')
            return false;
        *out = *out * 10 + (s->s[i] - '0');
    }
    *s = mud_str_sub(*s, digits, s->n);
    return true;
}

/* "00:52:34" or "00:52" */
static bool clock_time(struct mud_str *s, struct mud_irc_line *out)
{
    struct mud_civil *t = &out->time;
    struct mud_str rest;
    if (!number(s, 2, &t->hour) || !take(s, ":") || !number(s, 2, &t->minute) ||
        t->hour > 23 || t->minute > 59)
        return false;
    rest = *s;
    t->second = 0;
    out->seconds = take(&rest, ":") && number(&rest, 2, &t->second);
    if (!out->seconds)
        return true;
    *s = rest;
    return t->second < 61;
}

/* "2026-11-22" */
static bool day(struct mud_str *s, struct mud_civil *t)
{
    return number(s, 4, &t->year) && take(s, "-") && number(s, 2, &t->month) &&
           take(s, "-") && number(s, 2, &t->day) && t->year > 1987 &&
           mud_civil_valid(t);
}

/* The part before the first `sign`; *rest what is behind it. */
static bool upto(struct mud_str s, const char *sign, struct mud_str *part,
                 struct mud_str *rest)
{
    struct mud_str mark = mud_str_z(sign);
    size_t at = mud_str_find(s, mark);
    if (at == MUD_NPOS)
        return false;
    *part = mud_str_sub(s, 0, at);
    *rest = mud_str_sub(s, at + mark.n, s.n);
    return true;
}

/* A name with its sign of rank before it. */
static bool nick(struct mud_irc_line *out, struct mud_str s)
{
    s = mud_str_trim(s);
    if (s.n > 1 && strchr("@%+&~", s.s[0])) {
        out->rank = s.s[0];
        s = mud_str_sub(s, 1, s.n);
    }
    out->nick = s;
    return s.n > 0 && s.n <= NICK_MAX && mud_str_chr(s, ' ') == MUD_NPOS;
}

/* The first word of s, when it can be a name. */
static struct mud_str word(struct mud_str s)
{
    size_t at = mud_str_chr(s, ' ');
    s = mud_str_sub(s, 0, at == MUD_NPOS ? s.n : at);
    return s.n <= NICK_MAX ? s : (struct mud_str){0};
}

static struct mud_str channel_in(struct mud_str s)
{
    size_t at = mud_str_chr(s, '#');
    struct mud_str name;
    if (at == MUD_NPOS || (at > 0 && s.s[at - 1] != ' ' && s.s[at - 1] != '/' &&
                           s.s[at - 1] != '['))
        return (struct mud_str){0};
    name = word(mud_str_sub(s, at, s.n));
    while (name.n && strchr(":]),", name.s[name.n - 1]))
        name.n--;
    return name.n > 1 ? name : (struct mud_str){0};
}

/* Inside quotation marks at both ends, of either kind. */
static struct mud_str unquoted(struct mud_str s)
{
    s = mud_str_trim(s);
    if (s.n > 1 && (s.s[0] == '"' || s.s[0] == '\'') && s.s[s.n - 1] == s.s[0])
        return mud_str_sub(s, 1, s.n - 1);
    return s;
}

static bool topic(struct mud_irc_line *out, struct mud_str who,
                  struct mud_str text)
{
    out->service = "topic";
    out->nick = who;
    out->text = unquoted(text);
    return true;
}

/* Words of a line that reports a change of topic. */
static bool is_topic(struct mud_irc_line *out, struct mud_str s)
{
    struct mud_str who = {0}, rest, before;
    if (mud_str_starts(s, MUD_STR("Topic for ")) &&
        (upto(s, ": ", &before, &rest) || upto(s, " is ", &before, &rest)))
        return topic(out, who, rest);
    if (upto(s, " changed the topic of ", &who, &rest) &&
        upto(rest, " to: ", &before, &rest))
        return topic(out, who, rest);
    if (upto(s, " has changed topic for ", &who, &rest) &&
        (upto(rest, "\" to \"", &before, &rest) ||
         upto(rest, " to \"", &before, &rest)) &&
        rest.n)
        return topic(out, who, mud_str_sub(rest, 0, rest.n - 1));
    return upto(s, " changes topic to ", &who, &rest) && who.n <= NICK_MAX &&
           topic(out, who, rest);
}

/* What the server told: joins, names, topics... Never fails: "system". */
static void happened(struct mud_irc_line *out, struct mud_str s)
{
    static const struct {
        const char *mark, *service;
    } rows[] = {
        {" has joined ", "join"},
        {" has left ", "leave"},
        {" has quit ", "quit"},
        {" is now known as ", "nick"},
        {" sets mode: ", "mode"},
    };
    struct mud_str rest, who;

    s = mud_str_trim(s);
    out->channel = channel_in(s);
    out->text = s;
    out->service = "system";
    if (is_topic(out, s))
        return;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!upto(s, rows[i].mark, &who, &rest))
            continue;
        out->service = rows[i].service;
        out->nick = word(who);
        if (!strcmp(out->service, "nick"))
            out->whom = word(rest);
        return;
    }
    if ((upto(s, " was kicked from ", &who, &rest) &&
         upto(rest, " by ", &(struct mud_str){0}, &rest)) ||
        upto(s, " was kicked by ", &who, &rest)) {
        out->service = "kick";
        out->whom = word(who);
        out->nick = word(rest);
    } else if (upto(s, " has kicked ", &who, &rest)) {
        out->service = "kick";
        out->whom = word(rest);
        out->nick = word(who);
    } else if ((mud_str_starts(s, MUD_STR("mode/")) ||
                mud_str_starts(s, MUD_STR("Mode "))) &&
               upto(s, "] by ", &who, &rest)) {
        out->service = "mode";
        out->nick = word(rest);
    }
}

/* ---- irssi ---- */

/* "Sun Nov 22 00:52:29 2026" or "Mon Nov 23 2026" */
static bool long_date(struct mud_str s, struct mud_civil *t)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct mud_str part[5];
    struct mud_irc_line clock = {0};
    size_t n = 0;
    uint64_t value;
    while (n < 5 && s.n && mud_str_cut(&s, ' ', &part[n]))
        n += part[n].n > 0;
    if (n < 4 || part[1].n != 3)
        return false;
    size_t at = mud_str_find(mud_str_z(months), part[1]);
    if (at == MUD_NPOS || at % 3 || !mud_str_u64(part[2], &value) || value > 31)
        return false;
    *t = (struct mud_civil){.month = (int)at / 3 + 1, .day = (int)value};
    if (n == 5) {
        if (!clock_time(&part[3], &clock))
            return false;
        t->hour = clock.time.hour;
        t->minute = clock.time.minute;
        t->second = clock.time.second;
    }
    if (!mud_str_u64(part[n - 1], &value) || value < 1988 || value > 9999)
        return false;
    t->year = (int)value;
    return mud_civil_valid(t);
}

static bool irssi(struct mud_str s, struct mud_irc_line *out)
{
    struct mud_str who;
    if (take(&s, "--- ")) {
        out->day = true;
        return (take(&s, "Log opened ") || take(&s, "Day changed ") ||
                take(&s, "Log closed ")) &&
               long_date(s, &out->time);
    }
    if (!clock_time(&s, out) || !take(&s, " "))
        return false;
    if (take(&s, "<"))
        return upto(s, "> ", &who, &out->text) && nick(out, who);
    if (take(&s, " * ") || take(&s, "* "))
        return upto(s, " ", &who, &out->text) && nick(out, who);
    if (take(&s, "-!- ")) {
        happened(out, s);
        return true;
    }
    if (take(&s, "-")) /* "-seller:#heichan- text" */
        return upto(s, "- ", &who, &out->text) &&
               nick(out,
                    mud_str_sub(who,
                                0,
                                mud_str_chr(who, ':') == MUD_NPOS
                                    ? who.n
                                    : mud_str_chr(who, ':')));
    happened(out, s); /* "[Users #heichan]" */
    return s.n > 0 && s.s[0] == '[';
}

/* ---- weechat ---- */

static bool weechat(struct mud_str s, struct mud_irc_line *out)
{
    struct mud_str prefix, who;
    if (!day(&s, &out->time) || !take(&s, " ") || !clock_time(&s, out) ||
        !take(&s, "\t") || !upto(s, "\t", &prefix, &s))
        return false;
    out->dated = true;
    prefix = mud_str_trim(prefix);
    out->text = s;
    if (mud_str_eqz(prefix, "*"))
        return upto(s, " ", &who, &out->text) && nick(out, who);
    if (mud_str_eqz(prefix, "--") && take(&s, "Notice(") &&
        upto(s, "): ", &who, &out->text))
        return nick(out, who);
    if (mud_str_eqz(prefix, "--") || mud_str_eqz(prefix, "-->") ||
        mud_str_eqz(prefix, "<--") || !nick(out, prefix)) {
        out->nick = (struct mud_str){0};
        out->rank = 0;
        happened(out, s);
    }
    return true;
}

/* ---- znc ---- */

static bool znc(struct mud_str s, struct mud_irc_line *out)
{
    static const struct {
        const char *mark, *service;
    } rows[] = {{"Joins: ", "join"}, {"Parts: ", "leave"}, {"Quits: ", "quit"}};
    struct mud_str who;

    if (!take(&s, "[") || !clock_time(&s, out) || !take(&s, "] "))
        return false;
    if (take(&s, "<"))
        return upto(s, "> ", &who, &out->text) && nick(out, who);
    if (take(&s, "*** ")) {
        happened(out, s);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            if (take(&s, rows[i].mark)) {
                out->service = rows[i].service;
                out->nick = word(s);
            }
        if (!strcmp(out->service, "mode") && mud_str_eqz(out->nick, "Server"))
            out->nick = (struct mud_str){0};
        return true;
    }
    if (take(&s, "* "))
        return upto(s, " ", &who, &out->text) && nick(out, who);
    return take(&s, "-") && upto(s, "- ", &who, &out->text) && nick(out, who);
}

/* ---- events ---- */

/* "[a] [b c] [d]": the last one may hold brackets. */
static size_t arguments(struct mud_str s, struct mud_str out[8])
{
    size_t n = 0;
    if (!take(&s, "[") || !s.n || s.s[s.n - 1] != ']')
        return 0;
    s.n--;
    while (n < 7 && upto(s, "] [", &out[n], &s))
        n++;
    out[n++] = s;
    return n;
}

static bool events(struct mud_str s, struct mud_irc_line *out)
{
    static const struct {
        const char *event, *service;
    } rows[] = {
        {"CHANNEL", NULL},
        {"ACTION", NULL},
        {"NOTICE", NULL},
        {"JOIN", "join"},
        {"PART", "leave"},
        {"QUIT", "quit"},
        {"NICK", "nick"},
        {"TOPIC", "topic"},
        {"KICK", "kick"},
        {"MODE", "mode"},
        {"332", "topic"},
    };
    struct mud_str event, from, arg[8];
    size_t bang;

    if (!day(&s, &out->time) || !take(&s, "T") || !clock_time(&s, out) ||
        !take(&s, "Z ") || !upto(s, " from=", &event, &s) ||
        !upto(s, " ", &from, &s))
        return false;
    out->dated = out->utc = true;
    bang = mud_str_chr(from, '!');
    size_t n = arguments(s, arg);
    if (bang != MUD_NPOS)
        out->nick = mud_str_sub(from, 0, bang);
    out->service = "system";
    out->text = n ? arg[n - 1] : s;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(event, rows[i].event))
            out->service = rows[i].service;
    for (size_t i = 0; i < n && !out->channel.n; i++)
        if (arg[i].n > 1 && strchr("#&", arg[i].s[0]) &&
            mud_str_chr(arg[i], ' ') == MUD_NPOS)
            out->channel = arg[i];
    if (n && out->service && !strcmp(out->service, "nick"))
        out->whom = arg[0];
    if (n > 1 && out->service && !strcmp(out->service, "kick"))
        out->whom = arg[1];
    return true;
}

bool mud_irc_line(struct mud_str line, enum mud_irc_writer writer,
                  struct mud_irc_line *out)
{
    *out = (struct mud_irc_line){0};
    switch (writer) {
    case MUD_IRC_IRSSI:
        return irssi(line, out);
    case MUD_IRC_WEECHAT:
        return weechat(line, out);
    case MUD_IRC_ZNC:
        return znc(line, out);
    case MUD_IRC_EVENTS:
        return events(line, out);
    case MUD_IRC_NONE:
        break;
    }
    return false;
}
