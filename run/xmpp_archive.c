#include "run/xmpp_inside.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGE = 100,      /* messages asked for */
    PAGES_MAX = 200, /* of a room, in a round that ends */
    LEARN = 50,      /* messages before the cursor, to learn from */
    FLUSH_PAGES = 10,
    ANSWER_S = 60
};

#define OVERLAP (600 * MUD_SECOND)

static struct mud_str none;

/* ---- one question ---- */

static bool id_good(struct mud_str id)
{
    for (size_t i = 0; i < id.n; i++)
        if ((unsigned char)id.s[i] < 0x20)
            return false;
    return id.n > 0 && id.n <= MUD_XMPP_ID_MAX;
}

static struct mud_str condition(const struct mud_xmpp_in *in)
{
    const struct mud_xml *error =
        mud_stanza_child(in->stanza, in->top, "error", NULL);
    const struct mud_xml *what = error && error->end > 1 ? error + 1 : NULL;

    return what && what < in->stanza->nodes + error->end ? what->name
                                                         : MUD_STR("refused");
}

static bool is_missing(const char *condition)
{
    static const char *const words[] = {
        "item-not-found", "remote-server-not-found", "gone"};

    return mud_str_among(
        mud_str_z(condition), words, sizeof words / sizeof *words);
}

static void keep_fin(const struct mud_xmpp_watch *w,
                     const struct mud_xmpp_in *in)
{
    struct mud_xmpp_room *room = w->asking.room;
    struct mud_arena *arena = mud_arena_new();

    mud_buf_clear(&room->fin);
    if (mud_str_starts(in->raw, MUD_STR("<iq")))
        mud_buf_str(&room->fin, mud_xmpp_line_of(in->raw, in->at, "", arena));
    mud_arena_free(arena);
}

bool mud_xmpp_answered(struct mud_xmpp_watch *w, const struct mud_xmpp_in *in)
{
    struct mud_xmpp_asking *a = &w->asking;
    struct mud_str from = mud_xml_attr(in->top, "from");

    if (!mud_str_eqz(mud_xml_attr(in->top, "id"), a->id) || !a->id[0] ||
        (a->room && !mud_str_ieq(from, a->room->jid)))
        return true;
    a->done = true;
    if (mud_str_eqz(mud_xml_attr(in->top, "type"), "error")) {
        snprintf(a->error, sizeof a->error, "%.*s", MUD_FMT(condition(in)));
        return true;
    }
    const struct mud_xml *fin =
        mud_stanza_child(in->stanza, in->top, "fin", "urn:xmpp:mam:");
    const struct mud_xml *last =
        mud_stanza_child(in->stanza,
                         mud_stanza_child(in->stanza, fin, "set", NULL),
                         "last",
                         NULL);
    a->complete = mud_str_eqz(mud_xml_attr(fin, "complete"), "true") ||
                  mud_str_eqz(mud_xml_attr(fin, "complete"), "1");
    if (last && id_good(last->text))
        snprintf(a->last, sizeof a->last, "%.*s", MUD_FMT(last->text));
    if (fin && a->room && a->keep)
        keep_fin(w, in);
    return true;
}

static int64_t stamp_of(const struct mud_xmpp_in *in,
                        const struct mud_xml *forwarded)
{
    const struct mud_xml *delay =
        mud_stanza_child(in->stanza, forwarded, "delay", "urn:xmpp:delay");
    int64_t at;

    return delay && mud_time_parse(mud_xml_attr(delay, "stamp"), &at) &&
                   at > 0 && at <= in->at
               ? at
               : in->at;
}

bool mud_xmpp_result(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                     const struct mud_xmpp_in *in, const struct mud_xml *result)
{
    struct mud_xmpp_asking *a = &w->asking;
    const struct mud_xml *forwarded =
        mud_stanza_child(in->stanza, result, "forwarded", "urn:xmpp:forward:");
    const struct mud_xml *message =
        mud_stanza_child(in->stanza, forwarded, "message", NULL);

    if (a->room != room || !a->id[0] || a->done ||
        (message && !mud_str_ieq(mud_jid_bare(mud_xml_attr(message, "from")),
                                 room->jid)) ||
        !mud_str_eqz(mud_xml_attr(result, "queryid"), a->id)) {
        mud_xmpp_room_skip(w, room, "not-asked-for");
        return true;
    }
    if (++a->n > 4 * PAGE || !message)
        return true;
    a->last_at = stamp_of(in, forwarded);
    if (!a->first_at)
        a->first_at = a->last_at;
    return mud_xmpp_keep(
        w, room, in, message, mud_xml_attr(result, "id"), a->keep);
}

static bool await(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    struct mud_xmpp_asking *a = &w->asking;
    int64_t end = mud_monotonic() + ANSWER_S * MUD_SECOND;

    while (!a->done && mud_monotonic() < end && !mud_xmpp_enough(w))
        if (!mud_xmpp_pump(w, MUD_SECOND, true))
            return false;
    a->id[0] = '\0';
    return a->done || mud_xmpp_enough(w) ||
           mud_fail(
               w->err, MUD_ENET, "%.*s does not answer", MUD_FMT(room->jid));
}

static const char *begin_asking(struct mud_xmpp_watch *w,
                                struct mud_xmpp_room *room, bool keep)
{
    struct mud_xmpp_asking *a = &w->asking;

    *a = (struct mud_xmpp_asking){.room = room, .keep = keep};
    snprintf(a->id, sizeof a->id, "a%llu", (unsigned long long)++w->asked);
    return a->id;
}

/* Asked and answered, or asking.done is false: told to stop. */
static bool ask(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                const struct mud_xmpp_page *page, bool keep)
{
    return mud_xmpp_ask_archive(
               w->xmpp, begin_asking(w, room, keep), room->jid, page, w->err) &&
           await(w, room);
}

bool mud_xmpp_is_there(struct mud_xmpp_watch *w, bool *there,
                       struct mud_xmpp_room *room)
{
    if (!mud_xmpp_ask_info(
            w->xmpp, begin_asking(w, room, false), room->jid, w->err) ||
        !await(w, room))
        return false;
    *there = w->asking.done && !is_missing(w->asking.error);
    return true;
}

/* ---- a page ---- */

/* The archive says no: is it shut, or is there no such room? */
static void refused(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    room->archive = MUD_ARCHIVE_SHUT;
    if (is_missing(w->asking.error))
        mud_xmpp_room_absent(w, room);
}

/* Is it a page, or does it lead nowhere? */
static bool sane(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    const struct mud_xmpp_asking *a = &w->asking;
    const char *why = NULL;

    if (a->n > 4 * PAGE)
        why = "archive-floods";
    else if (!a->complete && (!a->last[0] || !a->n))
        why = "archive-has-no-end";
    else if (!a->complete && strcmp(a->last, room->cursor) == 0)
        why = "archive-goes-round";
    if (!why)
        return true;
    room->given_up = true;
    mud_xmpp_room_skip(w, room, why);
    return false;
}

/* What it covers: from where we were to its last message, or to now. */
static bool take(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                 bool anew, int64_t asked_at)
{
    const struct mud_xmpp_asking *a = &w->asking;
    int64_t to = a->complete ? asked_at : a->last_at;
    int64_t from = room->covered && !anew ? room->covered : a->first_at;

    if (!from && a->complete) /* an empty room: since we know it */
        from = asked_at - 1;
    if (!mud_xmpp_covered(w, room, from, to < asked_at ? to : asked_at))
        return false;
    if (a->last[0] && a->n) {
        snprintf(room->cursor, sizeof room->cursor, "%s", a->last);
        room->changed = true;
    }
    return true;
}

/* From the cursor on; *more: there is. A cursor that the archive has forgotten
 * is gone on from by time, with an overlap that comes to nothing new. */
static bool read_page(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                      bool *more)
{
    char time[MUD_TIME_TEXT];
    struct mud_xmpp_page page = {.after = mud_str_z(room->cursor), .max = PAGE};
    int64_t asked_at = mud_now();
    bool anew = false;

    *more = false;
    if (!room->cursor[0] && room->covered)
        page.start =
            mud_str_z(mud_time_text(time, room->covered - OVERLAP, false));
    if (!ask(w, room, &page, true))
        return false;
    if (strcmp(w->asking.error, "item-not-found") == 0 && room->cursor[0]) {
        mud_xmpp_room_skip(w, room, "cursor-forgotten");
        page.after = none;
        page.start =
            mud_str_z(mud_time_text(time, room->covered - OVERLAP, false));
        anew = true;
        if (!ask(w, room, &page, true))
            return false;
    }
    if (!w->asking.done)
        return true;
    if (w->asking.error[0]) {
        refused(w, room);
        return true;
    }
    w->pages++;
    room->archive = MUD_ARCHIVE_OPEN;
    room->absences = 0;
    if (!sane(w, room))
        return true;
    *more = !w->asking.complete;
    room->caught_up = !*more;
    return take(w, room, anew, asked_at);
}

/* Later stanzas may speak of what came just before: up to the cursor's message,
 * which "before" leaves out, and which comes after the last of those. */
static bool learn(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    struct mud_xmpp_page page = {
        .last = true, .before = mud_str_z(room->cursor), .max = LEARN};
    char last[MUD_XMPP_ID_MAX + 1];

    if (!room->cursor[0] || room->memory.n)
        return true;
    if (!ask(w, room, &page, false))
        return false;
    if (!w->asking.done || w->asking.error[0])
        return true; /* the next question will tell why */
    snprintf(last, sizeof last, "%s", w->asking.last);
    page = (struct mud_xmpp_page){.after = mud_str_z(last), .max = 1};
    return ask(w, room, &page, false);
}

/* ---- all rooms ---- */

static bool one_room(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                     bool *more)
{
    if (room->archive == MUD_ARCHIVE_UNKNOWN && !learn(w, room))
        return false;
    if (!mud_xmpp_enough(w) && !read_page(w, room, more))
        return false;
    if (mud_spool_due(w->spool) || w->pages % FLUSH_PAGES == 0)
        return mud_xmpp_flush(w, false);
    return true;
}

static bool is_asked(const struct mud_xmpp_room *room)
{
    return !room->given_up && room->archive != MUD_ARCHIVE_SHUT &&
           !(room->place == MUD_ROOM_INSIDE && room->caught_up);
}

/* A page of each in turn: a large room does not keep the others waiting. */
bool mud_xmpp_catch_up(struct mud_xmpp_watch *w)
{
    bool *more = mud_arena_array(w->arena, w->n_rooms, sizeof *more);
    bool any = true;

    for (size_t i = 0; i < w->n_rooms; i++)
        more[i] = is_asked(&w->rooms[i]);
    for (int turn = 0; any && !mud_xmpp_enough(w); turn++) {
        any = false;
        for (size_t i = 0; i < w->n_rooms && !mud_xmpp_enough(w); i++) {
            if (!more[i])
                continue;
            if (!w->options->live && turn >= PAGES_MAX) {
                w->report->left++; /* goes on in the next round */
                more[i] = false;
                continue;
            }
            if (!one_room(w, &w->rooms[i], &more[i]))
                return false;
            any |= more[i];
            if (more[i] && w->source->delay_ms &&
                !mud_xmpp_pump(w, w->source->delay_ms * 1000, false))
                return false;
        }
    }
    return true;
}
