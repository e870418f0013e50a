#include "parse/chat_xmpp.h"
#include "run/xmpp_inside.h"

#include <stdio.h>
#include <string.h>

#define HOUR (3600 * MUD_SECOND)

struct mud_str mud_xmpp_line_of(struct mud_str raw, int64_t at,
                                const char *word, struct mud_arena *arena)
{
    char time[MUD_TIME_TEXT];

    return mud_str_printf(arena,
                          "%s %s%s%.*s\n",
                          mud_time_text(time, at, true),
                          word,
                          *word ? " " : "",
                          MUD_FMT(raw));
}

/* A file begins with what it is and over what connection it came. */
static bool begin(struct mud_xmpp_watch *w)
{
    struct mud_buf head = {0};

    if (mud_spool_size(w->spool) > 0)
        return true;
    mud_buf_z(&head, MUD_XMPP_LOG "\n");
    if (w->xmpp) {
        mud_buf_z(&head, "# connection ");
        mud_xmpp_describe(&head, w->xmpp);
        mud_buf_c(&head, '\n');
    }
    bool good = mud_spool_add(w->spool, mud_buf_view(&head), w->err);
    mud_buf_free(&head);
    return good;
}

static bool add(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                struct mud_str line)
{
    room->lines++;
    return begin(w) && mud_spool_add(w->spool, line, w->err);
}

bool mud_xmpp_write(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                    struct mud_str raw, int64_t at, const char *word)
{
    struct mud_arena *arena = mud_arena_new();
    bool good = add(w, room, mud_xmpp_line_of(raw, at, word, arena));

    mud_arena_free(arena);
    return good;
}

bool mud_xmpp_write_again(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                          struct mud_xmpp_line *line)
{
    if (!line || line->file == w->file)
        return true;
    line->file = w->file;
    return add(w, room, mud_str_of(line->text, line->n));
}

/* ---- time covered ---- */

/* "TO heard FROM ROOM", with the archive's word on it where there is one. */
static bool tell(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    char from[MUD_TIME_TEXT], to[MUD_TIME_TEXT];
    struct mud_buf line = {0};

    if (room->from >= room->to)
        return true;
    mud_buf_str(&line, mud_buf_view(&room->fin));
    mud_buf_printf(&line,
                   "%s heard %s %.*s\n",
                   mud_time_text(to, room->to, true),
                   mud_time_text(from, room->from, true),
                   MUD_FMT(room->jid));
    bool good = add(w, room, mud_buf_view(&line));
    mud_buf_free(&line);
    mud_buf_clear(&room->fin);
    room->from = room->to;
    return good;
}

bool mud_xmpp_covered(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                      int64_t from, int64_t to)
{
    if (to <= from)
        return true;
    if (!room->to || from > room->to) { /* a gap lies between */
        if (!tell(w, room))
            return false;
        room->from = from;
        room->to = to;
    } else if (to > room->to) {
        room->to = to;
    }
    if (to > room->covered) {
        room->covered = to;
        room->changed = true;
    }
    return true;
}

/* ---- cursors ---- */

static struct mud_str place_of(const struct mud_xmpp_watch *w,
                               const struct mud_xmpp_room *room)
{
    return mud_str_printf(w->arena, "room %.*s", MUD_FMT(room->jid));
}

static struct mud_str out_of(const struct mud_xmpp_watch *w,
                             const struct mud_xmpp_room *room)
{
    return mud_str_printf(w->arena, "out of %.*s", MUD_FMT(room->jid));
}

static bool put_outs(struct mud_xmpp_watch *w)
{
    for (size_t i = 0; i < w->n_rooms; i++) {
        struct mud_xmpp_room *room = &w->rooms[i];

        if (!room->out)
            continue;
        if (!mud_cursor_put(w->worker->pg,
                            w->source,
                            out_of(w, room),
                            mud_str_z(room->out),
                            w->err))
            return false;
        room->out = NULL;
    }
    return true;
}

static bool outlasts(struct mud_xmpp_watch *w)
{
    return mud_outlast(&w->db, w->source, w->options, w->err);
}

bool mud_xmpp_stay_out(struct mud_xmpp_watch *w)
{
    return w->db.away || put_outs(w) || outlasts(w);
}

static bool was_shown_out(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    struct mud_str why;

    if (!mud_cursor_get(
            &why, w->worker->pg, w->source, out_of(w, room), w->arena, w->err))
        return false;
    if (why.n && !w->source->rejoin) {
        room->place = MUD_ROOM_LOST;
        mud_xmpp_room_skip(w, room, "stays-out");
    }
    return true;
}

/* "TIME ID": covered until, last id (may be empty). */
bool mud_xmpp_cursor_load(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    struct mud_str value, time;

    if (!mud_cursor_get(&value,
                        w->worker->pg,
                        w->source,
                        place_of(w, room),
                        w->arena,
                        w->err) ||
        (w->source->join.n && !was_shown_out(w, room)))
        return false;
    room->covered = 0;
    room->cursor[0] = '\0';
    room->changed = false;
    if (!value.n || !mud_str_cut(&value, ' ', &time) ||
        !mud_time_parse(time, &room->covered))
        return true;
    snprintf(room->cursor, sizeof room->cursor, "%.*s", MUD_FMT(value));
    return true;
}

static bool cursor_put(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    struct mud_arena *arena = mud_arena_new();
    char time[MUD_TIME_TEXT];

    struct mud_str value = mud_str_printf(
        arena, "%s %s", mud_time_text(time, room->covered, true), room->cursor);
    bool good = mud_cursor_put(
        w->worker->pg, w->source, place_of(w, room), value, w->err);
    mud_arena_free(arena);
    room->changed = room->changed && !good;
    return good;
}

/* ---- seal ---- */

/* What was heard of each room is said in the spool. */
static bool tell_all(struct mud_xmpp_watch *w, bool all)
{
    for (size_t i = 0; i < w->n_rooms; i++) {
        struct mud_xmpp_room *room = &w->rooms[i];
        int64_t heard = w->xmpp ? mud_xmpp_heard(w->xmpp) : 0;

        if (room->place == MUD_ROOM_INSIDE && heard > room->live) {
            if (!mud_xmpp_covered(w, room, room->live, heard))
                return false;
            room->live = heard;
        }
        if ((all || room->lines) && !tell(w, room))
            return false;
    }
    return true;
}

static bool put_cursors(struct mud_xmpp_watch *w)
{
    for (size_t i = 0; i < w->n_rooms; i++)
        if (w->rooms[i].changed && !cursor_put(w, &w->rooms[i]))
            return false;
    return put_outs(w);
}

bool mud_xmpp_flush(struct mud_xmpp_watch *w, bool all)
{
    int64_t now = mud_now();

    if (w->db.away)
        return true; /* it waits in the spool */
    all |= now - w->said >= HOUR;
    if (!tell_all(w, all))
        return false;
    if (all)
        w->said = now;
    bool good = mud_spool_seal(w->spool, w->err);
    w->file++; /* the next one tells all it needs by itself, whatever became */
    for (size_t i = 0; i < w->n_rooms; i++)
        w->rooms[i].lines = 0;
    return (good && put_cursors(w)) || outlasts(w);
}
