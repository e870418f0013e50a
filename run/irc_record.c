#include "run/irc_record.h"

#include "parse/chat_irc_wire.h"

#include <stdarg.h>
#include <stdio.h>

/* A clock that is put back a little must not mix up the order of lines: each has
 * a time of its own. */
#define STEADY (5 * MUD_SECOND)

static int64_t next_time(struct mud_irc_record *record)
{
    int64_t now = mud_now();

    if (now <= record->last && record->last - now < STEADY)
        now = record->last + 1;
    record->last = now;
    return now;
}

static void put(struct mud_irc_record *record, int64_t at, char sign,
                struct mud_str text)
{
    struct mud_buf line = {.max = 2 * MUD_IRC_LINE_MAX};
    char time[MUD_TIME_TEXT];
    struct mud_error err = {0};

    mud_buf_printf(&line, "%s %c ", mud_time_text(time, at, true), sign);
    mud_buf_str(&line, text);
    mud_buf_c(&line, '\n');
    if (!record->failed &&
        !mud_spool_add(record->spool, mud_buf_view(&line), &err)) {
        record->failed = true;
        record->err = err;
    }
    mud_buf_free(&line);
}

static void putf(struct mud_irc_record *record, int64_t at, const char *fmt,
                 ...) MUD_PRINTF(3, 4);

static void putf(struct mud_irc_record *record, int64_t at, const char *fmt,
                 ...)
{
    char text[1024];
    va_list list;

    va_start(list, fmt);
    int n = vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    put(record,
        at,
        '=',
        mud_str_of(text, n < 0 ? 0 : strnlen(text, sizeof text)));
}

static void begin_file(struct mud_irc_record *record, int64_t at)
{
    char since[MUD_TIME_TEXT];

    if (mud_spool_size(record->spool))
        return;
    putf(record, at, MUD_IRC_WIRE "%.*s", MUD_FMT(record->server));
    if (record->charset.n)
        putf(record, at, "charset %.*s", MUD_FMT(record->charset));
    if (record->network[0])
        putf(record, at, "network %s", record->network);
    if (record->nick[0])
        putf(record, at, "nick %s", record->nick);
    for (size_t i = 0; i < record->n_rooms; i++)
        if (record->rooms[i].in) /* it goes on where the last file ended */
            putf(record,
                 at,
                 "in %.*s %s",
                 MUD_FMT(record->rooms[i].name),
                 mud_time_text(since, record->heard, true));
}

/* Text with each secret in it blanked; in arena where one was. */
static struct mud_str blanked(const struct mud_irc_record *record,
                              struct mud_str text, struct mud_arena *arena)
{
    for (size_t i = 0; i < record->n_secrets; i++) {
        struct mud_str secret = record->secrets[i];
        size_t at = secret.n ? mud_str_find(text, secret) : MUD_NPOS;

        for (int k = 0; at != MUD_NPOS && k < 100; k++) {
            struct mud_str rest = mud_str_sub(text, at + secret.n, text.n);
            text = mud_str_printf(arena,
                                  "%.*s[withheld]%.*s",
                                  MUD_FMT(mud_str_sub(text, 0, at)),
                                  MUD_FMT(rest));
            at = mud_str_find(text, secret);
        }
    }
    return text;
}

int64_t mud_irc_record_line(struct mud_irc_record *record, char sign,
                            struct mud_str text)
{
    struct mud_arena *arena = mud_arena_new();
    int64_t at = next_time(record);

    begin_file(record, at);
    put(record, at, sign, blanked(record, text, arena));
    if (sign == '<') {
        struct mud_irc_message m;

        record->heard = at;
        record->worth = record->worth || !mud_irc_read(&m, text) ||
                        !(mud_irc_is(&m, "PING") || mud_irc_is(&m, "PONG"));
    }
    mud_arena_free(arena);
    return at;
}

void mud_irc_record_note(struct mud_irc_record *record, const char *fmt, ...)
{
    char text[1024];
    va_list list;

    va_start(list, fmt);
    int n = vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    for (int i = 0; i < n && (size_t)i < sizeof text && text[i]; i++)
        if (text[i] == '\n' || text[i] == '\r')
            text[i] = ' ';
    mud_irc_record_line(
        record, '=', mud_str_of(text, n < 0 ? 0 : strnlen(text, sizeof text)));
}

static struct mud_irc_room_heard *room_of(struct mud_irc_record *record,
                                          struct mud_str name)
{
    for (size_t i = 0; i < record->n_rooms; i++)
        if (mud_irc_same(record->rooms[i].name, name))
            return &record->rooms[i];
    return NULL;
}

void mud_irc_record_in(struct mud_irc_record *record, struct mud_str room)
{
    struct mud_irc_room_heard *heard = room_of(record, room);
    char since[MUD_TIME_TEXT];

    if (!heard)
        return;
    mud_irc_record_note(record,
                        "in %.*s %s",
                        MUD_FMT(heard->name),
                        mud_time_text(since, record->heard, true));
    heard->in = true;
}

void mud_irc_record_out(struct mud_irc_record *record, struct mud_str room,
                        struct mud_str why)
{
    struct mud_irc_room_heard *heard = room_of(record, room);

    if (!heard || !heard->in)
        return;
    mud_irc_record_note(
        record, "out %.*s %.*s", MUD_FMT(heard->name), MUD_FMT(why));
    heard->until =
        mud_irc_record_until(record, (size_t)(heard - record->rooms));
    heard->in = false;
}

void mud_irc_record_filled(struct mud_irc_record *record, struct mud_str room,
                           int64_t from, int64_t until)
{
    char begin[MUD_TIME_TEXT], end[MUD_TIME_TEXT];

    mud_irc_record_note(record,
                        "filled %.*s %s %s",
                        MUD_FMT(room),
                        mud_time_text(begin, from, true),
                        mud_time_text(end, until, true));
}

void mud_irc_record_gone(struct mud_irc_record *record, struct mud_str why)
{
    mud_irc_record_note(record, "gone %.*s", MUD_FMT(why));
    for (size_t i = 0; i < record->n_rooms; i++) {
        record->rooms[i].until = mud_irc_record_until(record, i);
        record->rooms[i].in = record->rooms[i].waits = false;
    }
}

int64_t mud_irc_record_until(const struct mud_irc_record *record, size_t room)
{
    const struct mud_irc_room_heard *heard = &record->rooms[room];

    return heard->in && !heard->waits ? record->heard : heard->until;
}
