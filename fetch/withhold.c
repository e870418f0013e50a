/* What is not kept of an exchange: whatever lets others act as the account. */
#include "fetch/transfer.h"

#include <ctype.h>

/* Would whoever holds the value of this request header act as the account? */
static bool secret(struct mud_str name)
{
    static const char *const parts[] = {
        "cookie",
        "authorization",
        "token",
        "secret",
        "password",
        "api-key",
        "apikey",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (mud_str_ifind(name, mud_str_z(parts[i])) != MUD_NPOS)
            return true;
    return false;
}

struct mud_str mud_withhold_request(struct mud_str head,
                                    struct mud_arena *arena)
{
    struct mud_buf buf = {.max = (size_t)128 << 10};
    struct mud_str rest = head, line, out;
    bool first = true;

    while (rest.n && mud_str_line(&rest, &line)) {
        size_t colon = first ? MUD_NPOS : mud_str_chr(line, ':');
        if (colon != MUD_NPOS && secret(mud_str_sub(line, 0, colon))) {
            mud_buf_str(&buf, mud_str_sub(line, 0, colon));
            mud_buf_z(&buf, ": [withheld]");
        } else {
            mud_buf_str(&buf, line);
        }
        mud_buf_z(&buf, "\r\n");
        first = false;
    }
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}

#define HEX_MAX 15 /* digits in a row that are no session: ids, times */

struct mud_str mud_withhold_hex(struct mud_str text, struct mud_arena *arena)
{
    struct mud_buf buf = {.max = MUD_HEADS_MAX};
    struct mud_str out;

    for (size_t at = 0; at < text.n;) {
        size_t end = at;
        while (end < text.n && isxdigit((unsigned char)text.s[end]))
            end++;
        if (end - at > HEX_MAX)
            mud_buf_z(&buf, "[withheld]");
        else
            mud_buf_str(&buf, mud_str_sub(text, at, end > at ? end : at + 1));
        at = end > at ? end : at + 1;
    }
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}

/* Where the secret of a Set-Cookie line begins and ends: NAME=[secret]; ... */
static void secret_of(struct mud_str line, size_t *from, size_t *to)
{
    *from = mud_str_chr(line, ':') + 1;
    for (*to = *from; *to < line.n && !strchr(";\r\n", line.s[*to]); ++*to)
        if (line.s[*to] == '=' && line.s[*from - 1] == ':')
            *from = *to + 1;
}

/* One line of a head of the far side, without what would let others act as the
 * account. Line ends stay as they came; a folded line is part of the one before. */
static void withhold_answer(struct mud_buf *buf, struct mud_str line,
                            bool *cookie, struct mud_arena *arena)
{
    struct mud_str name =
        mud_str_trim(mud_str_sub(line, 0, mud_str_chr(line, ':')));
    bool folded = line.n && (line.s[0] == ' ' || line.s[0] == '\t');
    size_t from, to;

    if (folded && *cookie) {
        mud_buf_z(buf, " [withheld]\r\n");
        return;
    }
    *cookie = mud_str_istarts(name, MUD_STR("set-cookie"));
    if (mud_str_ieq(name, MUD_STR("location")))
        line = mud_withhold_hex(line, arena);
    if (*cookie && mud_str_chr(line, ':') != MUD_NPOS) {
        secret_of(line, &from, &to);
        mud_buf_str(buf, mud_str_sub(line, 0, from));
        mud_buf_z(buf, "[withheld]");
        line = mud_str_sub(line, to, line.n);
    }
    mud_buf_str(buf, line);
}

struct mud_str mud_withhold_response(struct mud_str head,
                                     struct mud_arena *arena)
{
    struct mud_str rest = head, out;
    struct mud_buf buf = {.max = 2 * MUD_HEADS_MAX};
    bool cookie = false;

    while (rest.n) {
        size_t end = mud_str_chr(rest, '\n');
        end = end == MUD_NPOS ? rest.n : end + 1;
        withhold_answer(&buf, mud_str_sub(rest, 0, end), &cookie, arena);
        rest = mud_str_sub(rest, end, rest.n);
    }
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}

struct mud_str mud_withhold_form(struct mud_str body, struct mud_arena *arena)
{
    struct mud_buf buf = {.max = (size_t)64 << 10};
    struct mud_str field, out;

    while (body.n && mud_str_cut(&body, '&', &field))
        mud_buf_printf(&buf,
                       "%s%.*s=[withheld]",
                       buf.n ? "&" : "",
                       MUD_FMT(mud_str_sub(field, 0, mud_str_chr(field, '='))));
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}
