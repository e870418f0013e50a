#include "fetch/irc_message.h"

/* The first word of *rest; *rest goes on behind the spaces after it. */
static struct mud_str take_word(struct mud_str *rest)
{
    size_t at = mud_str_chr(*rest, ' ');
    struct mud_str word = mud_str_sub(*rest, 0, at);

    *rest = mud_str_sub(*rest, word.n, rest->n);
    while (rest->n && rest->s[0] == ' ')
        *rest = mud_str_sub(*rest, 1, rest->n);
    return word;
}

static void take_source(struct mud_irc_message *out, struct mud_str source)
{
    size_t bang = mud_str_chr(source, '!');
    size_t at = mud_str_chr(source, '@');

    out->source = source;
    if (at != MUD_NPOS && (bang == MUD_NPOS || bang < at))
        out->host = mud_str_sub(source, at + 1, source.n);
    else
        at = source.n;
    if (bang != MUD_NPOS && bang < at)
        out->user = mud_str_sub(source, bang + 1, at);
    out->nick = mud_str_sub(source, 0, bang < at ? bang : at);
}

bool mud_irc_read(struct mud_irc_message *out, struct mud_str line)
{
    struct mud_str rest = line;

    *out = (struct mud_irc_message){0};
    if (rest.n && rest.s[0] == '@') {
        struct mud_str tags = take_word(&rest);
        out->tags = mud_str_sub(tags, 1, tags.n);
    }
    if (rest.n && rest.s[0] == ':') {
        struct mud_str source = take_word(&rest);
        take_source(out, mud_str_sub(source, 1, source.n));
    }
    out->command = take_word(&rest);
    while (rest.n && out->n < MUD_IRC_PARAMS) {
        bool last = rest.s[0] == ':' || out->n == MUD_IRC_PARAMS - 1;

        if (rest.s[0] == ':')
            rest = mud_str_sub(rest, 1, rest.n);
        out->params[out->n++] = last ? rest : take_word(&rest);
        if (last)
            break;
    }
    for (size_t i = 0; i < out->command.n; i++) {
        char c = out->command.s[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
              (c >= '0' && c <= '9')))
            return false;
    }
    return out->command.n > 0 && out->command.n <= 32;
}

struct mud_str mud_irc_param(const struct mud_irc_message *message, size_t i)
{
    return i < message->n ? message->params[i] : MUD_STR("");
}

struct mud_str mud_irc_last(const struct mud_irc_message *message)
{
    return message->n ? message->params[message->n - 1] : MUD_STR("");
}

bool mud_irc_is(const struct mud_irc_message *message, const char *command)
{
    return mud_str_ieq(message->command, mud_str_z(command));
}

/* "\:" is ";", "\s" a space, "\r", "\n"; a lone "\" is nothing. */
static struct mud_str unescaped(struct mud_str s, struct mud_arena *arena)
{
    char *out;
    size_t n = 0;

    if (mud_str_chr(s, '\\') == MUD_NPOS)
        return s;
    out = mud_arena_alloc(arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];

        if (c == '\\') {
            if (++i == s.n)
                break;
            c = s.s[i];
            c = c == ':'   ? ';'
                : c == 's' ? ' '
                : c == 'r' ? '\r'
                : c == 'n' ? '\n'
                           : c;
        }
        out[n++] = c;
    }
    return mud_str_of(out, n);
}

bool mud_irc_tag(const struct mud_irc_message *message, const char *name,
                 struct mud_str *value, struct mud_arena *arena)
{
    struct mud_str rest = message->tags, tag;

    *value = MUD_STR("");
    while (rest.n && mud_str_cut(&rest, ';', &tag)) {
        size_t at = mud_str_chr(tag, '=');

        if (!mud_str_eqz(mud_str_sub(tag, 0, at), name))
            continue;
        if (at != MUD_NPOS)
            *value = unescaped(mud_str_sub(tag, at + 1, tag.n), arena);
        return true;
    }
    return false;
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + 32);
    switch (c) { /* RFC 1459 2.2: the Scandinavian ones */
    case '[':
        return '{';
    case ']':
        return '}';
    case '\\':
        return '|';
    case '~':
        return '^';
    default:
        return c;
    }
}

bool mud_irc_same(struct mud_str a, struct mud_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (folded(a.s[i]) != folded(b.s[i]))
            return false;
    return true;
}

bool mud_irc_is_channel(struct mud_str name)
{
    return name.n > 1 && strchr("#&+!", name.s[0]) != NULL;
}

bool mud_irc_word(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c <= ' ' || c == 0x7f || c == ',')
            return false;
    }
    return s.n > 0 && s.n <= 400 && s.s[0] != ':';
}
