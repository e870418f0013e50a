/*
 * Messages have the id that the network gave them (tag msgid), else one of their
 * time, author and text; their time is the network's (tag time), else when they
 * were received. Who is logged in is known by the account (tag account), others
 * by their nick. Renamings and goodbyes belong to no channel: thread "*".
 */
#include "parse/chat_irc_wire.h"

#include "base/charset.h"
#include "base/utf8.h"
#include "parse/chat_irc_said.h"

#include <stdio.h>
#include <stdlib.h>

#define CHUNK    ((size_t)64 << 10)
#define LINE_MAX (MUD_IRC_LINE_MAX + 64)

enum {
    ROOMS_MAX = 1024,
    ROOM_BYTES = 200,
    NOTES_MAX = 1000
};

struct room {
    struct mud_str name;
    int64_t in; /* us: heard since; 0: not heard */
};

struct reader {
    const struct mud_chat_sink *sink;
    const struct mud_chat_in *in;
    struct mud_arena *arena, *all; /* of a line, of the file */
    struct mud_irc_said said;
    char host[160], network[80], charset[32], nick[80];
    struct room rooms[ROOMS_MAX];
    size_t n_rooms;
    int64_t heard; /* us: when the last line of the server came */
    uint64_t notes;
    /* bytes on their way */
    bool ended;
    uint64_t at; /* of the next byte in chunk */
    size_t from, to;
    char chunk[2 * CHUNK];
};

struct line {
    struct mud_str text; /* decoded */
    int64_t at;          /* us */
    char sign;
    struct mud_range where;
};

static bool note(struct reader *r, const char *code, uint64_t byte,
                 const char *text, struct mud_error *err)
{
    if (r->notes++ >= NOTES_MAX)
        return true;
    return mud_chat_note(r->sink, "warning", code, byte, mud_str_z(text), err);
}

/* ---- lines ---- */

static bool fill(struct reader *r, struct mud_error *err)
{
    memmove(r->chunk, r->chunk + r->from, r->to - r->from);
    r->to -= r->from;
    r->from = 0;
    while (!r->ended && r->to < sizeof r->chunk) {
        size_t n = 0;

        if (!r->in->bytes.read(r->in->bytes.payload,
                               r->chunk + r->to,
                               sizeof r->chunk - r->to,
                               &n,
                               err))
            return false;
        r->to += n;
        r->ended = n == 0;
    }
    return true;
}

/* The next bytes up to a line end; *over: it was longer than a line can be. */
static bool next_raw(struct reader *r, struct mud_str *raw, bool *any,
                     bool *over, struct mud_range *where, struct mud_error *err)
{
    const char *end = NULL;

    *over = false;
    where->start = r->at;
    for (;;) {
        size_t n = r->to - r->from;

        end = n ? memchr(r->chunk + r->from, '\n', n) : NULL;
        if (end || r->ended)
            break;
        if (n >= CHUNK) { /* no end in sight: set aside */
            *over = true;
            r->from += n;
            r->at += n;
        }
        if (!fill(r, err))
            return false;
    }
    *raw =
        mud_str_of(r->chunk + r->from,
                   end ? (size_t)(end - r->chunk) - r->from : r->to - r->from);
    *over = *over || raw->n > LINE_MAX;
    *any = end || raw->n || r->at > where->start;
    r->from += raw->n + (end != NULL);
    r->at += raw->n + (end != NULL);
    where->end = r->at;
    return true;
}

/* UTF-8 where it is, else what the source says, else what Chinese clients of
 * old send. */
static struct mud_str decoded(struct reader *r, struct mud_str raw)
{
    struct mud_charset how;
    struct mud_str text;

    if (mud_utf8_valid(raw) == raw.n ||
        !mud_charset_text(&text,
                          &how,
                          raw,
                          r->charset[0] ? mud_str_z(r->charset)
                                        : MUD_STR("gb18030"),
                          r->arena,
                          NULL))
        return mud_utf8_clean(raw, r->arena, NULL);
    return text;
}

/* "2026-11-24T15:00:00.123456Z < ..." */
static bool read_line(struct reader *r, struct line *out, struct mud_str raw)
{
    struct mud_str time = mud_str_sub(raw, 0, mud_str_chr(raw, ' '));

    if (raw.n < time.n + 3 || raw.s[time.n + 2] != ' ' ||
        !mud_time_parse(time, &out->at) || out->at <= 0)
        return false;
    out->sign = raw.s[time.n + 1];
    out->text = decoded(r, mud_str_sub(raw, time.n + 3, raw.n));
    return strchr("<>=", out->sign) != NULL && out->sign;
}

/* ---- what was heard ---- */

static struct room *room_of(struct reader *r, struct mud_str name, bool make)
{
    for (size_t i = 0; i < r->n_rooms; i++)
        if (mud_irc_same(r->rooms[i].name, name))
            return &r->rooms[i];
    if (!make || r->n_rooms == ROOMS_MAX || !mud_irc_is_channel(name) ||
        name.n > ROOM_BYTES)
        return NULL;
    r->rooms[r->n_rooms] = (struct room){.name = mud_str_dup(name, r->all)};
    return &r->rooms[r->n_rooms++];
}

static bool heard(struct reader *r, struct mud_str name, int64_t from,
                  int64_t until, struct mud_error *err)
{
    return from <= 0 || until < from || !r->sink->heard ||
           r->sink->heard(name, from, until, r->sink->payload, err);
}

static bool leave(struct reader *r, struct room *room, struct mud_error *err)
{
    bool good = !room->in || heard(r, room->name, room->in, r->heard, err);

    room->in = 0;
    return good;
}

static bool leave_all(struct reader *r, struct mud_error *err)
{
    bool good = true;

    for (size_t i = 0; good && i < r->n_rooms; i++)
        good = leave(r, &r->rooms[i], err);
    return good;
}

static bool know(struct reader *r, const struct line *line,
                 struct mud_error *err)
{
    struct mud_str rest = line->text, word, name, from_text;
    struct room *room;
    int64_t from = 0, until = 0;

    if (!mud_str_cut(&rest, ' ', &word))
        return true;
    if (mud_str_eqz(word, "charset"))
        mud_chat_keep(r->charset, sizeof r->charset, rest);
    else if (mud_str_eqz(word, "network") && rest.n)
        mud_chat_keep(r->network, sizeof r->network, rest);
    else if (mud_str_eqz(word, "nick"))
        mud_chat_keep(r->nick, sizeof r->nick, rest);
    else if (mud_str_eqz(word, "gone"))
        return leave_all(r, err);
    if (!rest.n || !mud_str_cut(&rest, ' ', &name))
        return true;
    if (mud_str_eqz(word, "irc") && rest.n)
        mud_chat_keep(r->host,
                      sizeof r->host,
                      mud_str_sub(rest, 0, mud_str_rchr(rest, ':')));
    if (mud_str_eqz(word, "in") && (room = room_of(r, name, true)) &&
        mud_time_parse(rest, &from))
        room->in = from;
    if (mud_str_eqz(word, "out") && (room = room_of(r, name, false)))
        return leave(r, room, err);
    if (mud_str_eqz(word, "filled") && (room = room_of(r, name, true)) &&
        mud_str_cut(&rest, ' ', &from_text) &&
        mud_time_parse(from_text, &from) && mud_time_parse(rest, &until))
        return heard(r, room->name, from, until, err);
    return true;
}

static struct mud_str called(struct mud_str name, void *payload)
{
    const struct room *room = room_of(payload, name, true);

    return room ? room->name : MUD_STR("");
}

static bool on_line(struct reader *r, const struct line *line,
                    struct mud_error *err)
{
    struct mud_irc_message m;
    bool split = false;

    r->heard = line->at > r->heard ? line->at : r->heard;
    if (!mud_irc_read(&m, line->text))
        return !line->text.n || note(r,
                                     "odd-line",
                                     line->where.start,
                                     "a line that is no message of IRC",
                                     err);
    if (m.nick.n && mud_irc_same(m.nick, mud_str_z(r->nick)))
        return true; /* we are nobody whom the rooms know */
    struct mud_irc_heard heard = {line->at, line->where, &m};
    r->said.site = mud_str_z(r->network[0] ? r->network : r->host);
    return mud_irc_said(&r->said, &heard, &split, err) &&
           (!split || note(r,
                           "netsplit",
                           line->where.start,
                           "the network fell apart: what is said on the other "
                           "side does not reach us until it is whole again",
                           err));
}

static bool read_all(struct reader *r, struct mud_error *err)
{
    bool any = true, over;

    for (;;) {
        struct line line = {0};
        struct mud_str raw;

        mud_arena_reset(r->arena);
        if (!next_raw(r, &raw, &any, &over, &line.where, err))
            return false;
        if (!any)
            return leave_all(r, err);
        bool good = !over && read_line(r, &line, raw);
        if (!good && raw.n)
            good = note(r,
                        "odd-line",
                        line.where.start,
                        "a line that the listener did not write",
                        err);
        else if (line.sign == '<')
            good = on_line(r, &line, err);
        else if (line.sign == '=')
            good = know(r, &line, err);
        else
            good = true;
        if (!good)
            return false;
    }
}

static bool is(struct mud_str head, struct mud_str name)
{
    struct mud_str line;
    int64_t at;

    (void)name;
    if (!mud_str_line(&head, &line))
        return false;
    size_t space = mud_str_chr(line, ' ');
    return space != MUD_NPOS &&
           mud_time_parse(mud_str_sub(line, 0, space), &at) &&
           mud_str_starts(mud_str_sub(line, space, line.n),
                          MUD_STR(" = " MUD_IRC_WIRE));
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader *r = mud_calloc(1, sizeof *r);

    r->sink = sink;
    r->in = in;
    r->arena = mud_arena_new();
    r->all = mud_arena_new();
    r->said = (struct mud_irc_said){
        .sink = sink, .arena = r->arena, .room = called, .payload = r};
    bool good = read_all(r, err);
    mud_arena_free(r->arena);
    mud_arena_free(r->all);
    mud_chat_ids_free(&r->said.ids);
    free(r);
    return good;
}

const struct mud_chat_format mud_chat_irc_wire = {"irc-wire", is, read};
