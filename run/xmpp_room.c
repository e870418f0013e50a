#include "run/xmpp_inside.h"

#include <stdio.h>
#include <string.h>

#define MUC_USER "http://jabber.org/protocol/muc#user"

enum {
    NICKS = 4,
    ENTER_S = 30,
    HISTORY = 50
};

void mud_xmpp_room_skip(struct mud_xmpp_watch *w,
                        const struct mud_xmpp_room *room, const char *why)
{
    mud_report_skip(w->report, why, room->jid);
}

/* It is looked for again after a while. */
static void later(struct mud_xmpp_room *room)
{
    room->absent = mud_monotonic();
    room->absences++;
}

void mud_xmpp_room_absent(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    room->given_up = true;
    later(room);
    mud_xmpp_room_skip(w, room, "no-such-room");
}

static const struct mud_xml *child(const struct mud_xmpp_in *in,
                                   const struct mud_xml *of, const char *name,
                                   const char *xmlns)
{
    return mud_stanza_child(in->stanza, of, name, xmlns);
}

/* ---- messages ---- */

/* Typing, markers and receipts are not. */
static bool says_something(const struct mud_xmpp_in *in,
                           const struct mud_xml *message)
{
    static const char *const names[] = {"body",
                                        "subject",
                                        "apply-to",
                                        "retract",
                                        "retracted",
                                        "moderated",
                                        "forwarded",
                                        "reactions",
                                        "x"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (child(in, message, names[i], NULL))
            return true;
    return false;
}

/* Who wrote it, as the reader tells authors apart. */
static struct mud_str author_of(const struct mud_xmpp_in *in,
                                const struct mud_xml *message)
{
    struct mud_str id = mud_xml_attr(
        child(in, message, "occupant-id", "urn:xmpp:occupant-id:"), "id");

    return id.n ? id : mud_jid_resource(mud_xml_attr(message, "from"));
}

/* What it changes is put before it, so that one file tells it all. */
static bool write_target(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                         const struct mud_xmpp_in *in,
                         const struct mud_xml *message)
{
    static const char *const by[][2] = {
        {"replace", "urn:xmpp:message-correct:"},
        {"apply-to", "urn:xmpp:fasten:"},
        {"retract", "urn:xmpp:message-retract:"},
    };
    struct mud_str author = author_of(in, message), none = {0};

    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        struct mud_str id =
            mud_xml_attr(child(in, message, by[i][0], by[i][1]), "id");

        if (!id.n)
            continue;
        if (!mud_xmpp_write_again(
                w, room, mud_xmpp_lines_get(&room->memory, "id", id, none)) ||
            !mud_xmpp_write_again(
                w, room, mud_xmpp_lines_get(&room->memory, "sent", author, id)))
            return false;
    }
    return true;
}

bool mud_xmpp_keep(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                   const struct mud_xmpp_in *in, const struct mud_xml *message,
                   struct mud_str id, bool write)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str line = mud_xmpp_line_of(in->raw, in->at, "", arena);
    struct mud_str client = mud_xml_attr(message, "id"), none = {0};
    int64_t file = write ? w->file : -1;
    bool good = !write || (write_target(w, room, in, message) &&
                           mud_xmpp_write(w, room, in->raw, in->at, ""));

    if (id.n)
        mud_xmpp_lines_put(&room->memory, "id", id, none, line, file);
    if (client.n && !child(in, message, "replace", NULL))
        mud_xmpp_lines_put(
            &room->memory, "sent", author_of(in, message), client, line, file);
    mud_arena_free(arena);
    return good;
}

/* The id that the room itself gave it. */
static struct mud_str stanza_id(const struct mud_xmpp_in *in,
                                const struct mud_xmpp_room *room)
{
    const struct mud_xml *nodes = in->stanza->nodes;

    for (uint32_t i = 1; i < in->stanza->n; i++)
        if (nodes[i].parent == 1 && mud_str_eqz(nodes[i].name, "stanza-id") &&
            mud_str_ieq(mud_xml_attr(&nodes[i], "by"), room->jid))
            return mud_xml_attr(&nodes[i], "id");
    return (struct mud_str){0};
}

/* The subject ends what a room tells who comes in. */
static bool subject(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                    const struct mud_xmpp_in *in)
{
    room->settled = true;
    return mud_xmpp_write(w, room, in->raw, in->at, "present");
}

static bool on_said(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                    const struct mud_xmpp_in *in)
{
    struct mud_str nick = mud_jid_resource(mud_xml_attr(in->top, "from"));
    struct mud_str id = stanza_id(in, room), none = {0};
    bool is_subject = child(in, in->top, "subject", NULL) &&
                      !child(in, in->top, "body", NULL);

    if (is_subject && !room->settled)
        return subject(w, room, in);
    if (!says_something(in, in->top))
        return true;
    struct mud_xmpp_line *there =
        mud_xmpp_lines_get(&room->memory, "there", nick, none);
    if (there &&
        mud_str_find(mud_str_of(there->text, there->n), MUD_STR(" jid=")) !=
            MUD_NPOS &&
        !mud_xmpp_write_again(w, room, there))
        return false;
    if (!mud_xmpp_keep(w, room, in, in->top, id, true))
        return false;
    if (room->caught_up && id.n && id.n <= MUD_XMPP_ID_MAX &&
        mud_str_chr(id, '\n') == MUD_NPOS) {
        snprintf(room->cursor, sizeof room->cursor, "%.*s", MUD_FMT(id));
        room->changed = true;
    }
    return true;
}

static bool on_message(struct mud_xmpp_watch *w, const struct mud_xmpp_in *in)
{
    struct mud_str from = mud_jid_bare(mud_xml_attr(in->top, "from"));
    struct mud_str type = mud_xml_attr(in->top, "type");
    struct mud_xmpp_room *room = mud_xmpp_room_of(w, from);
    /* Results are the room's own; who is in it may put one into his words. */
    const struct mud_xml *result =
        mud_jid_resource(mud_xml_attr(in->top, "from")).n
            ? NULL
            : child(in, in->top, "result", "urn:xmpp:mam:");

    if (mud_str_eqz(type, "error"))
        return true;
    if (!room || (!result && !mud_str_eqz(type, "groupchat"))) {
        mud_report_skip(
            w->report, room ? "private-message" : "outside-rooms", from);
        return true;
    }
    if (result)
        return mud_xmpp_result(w, room, in, result);
    if (room->place != MUD_ROOM_INSIDE) {
        mud_xmpp_room_skip(w, room, "not-asked-for");
        return true;
    }
    return on_said(w, room, in);
}

/* ---- who is there ---- */

static bool has_status(const struct mud_xmpp_in *in, const char *code)
{
    for (uint32_t i = 0; i < in->stanza->n; i++)
        if (mud_str_eqz(in->stanza->nodes[i].name, "status") &&
            mud_str_eqz(mud_xml_attr(&in->stanza->nodes[i], "code"), code))
            return true;
    return false;
}

static bool thrown_out(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                       const struct mud_xmpp_in *in)
{
    static const char *const codes[][2] = {
        {"301", "banned"},
        {"307", "thrown-out"},
        {"321", "members-only"},
        {"322", "members-only"},
        {"332", "server-shuts-down"},
    };
    const struct mud_xml *x = child(in, in->top, "x", MUC_USER);
    const char *why = child(in, x, "destroy", NULL) ? "room-destroyed" : "left";

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (has_status(in, codes[i][0]))
            why = codes[i][1];
    bool again =
        has_status(in, "332") || (has_status(in, "307") && w->source->rejoin);
    room->place = again ? MUD_ROOM_OUTSIDE : MUD_ROOM_LOST;
    room->caught_up = false; /* the archive is asked from now on */
    mud_xmpp_room_skip(w, room, why);
    /* Shown the door: we stay out, in later rounds, too. */
    if (again || !(has_status(in, "301") || has_status(in, "307")))
        return true;
    room->out = why;
    return mud_xmpp_stay_out(w);
}

/* Ourselves: we are in, have another nick, or are out. */
static bool on_self(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                    const struct mud_xmpp_in *in, struct mud_str nick)
{
    struct mud_str type = mud_xml_attr(in->top, "type");
    const struct mud_xml *item =
        child(in, child(in, in->top, "x", MUC_USER), "item", NULL);
    bool good = true;

    if (!type.n) {
        if (room->place == MUD_ROOM_ENTERING) {
            room->place = MUD_ROOM_INSIDE;
            room->live = in->at;
            room->absences = 0;
        }
        snprintf(room->nick, sizeof room->nick, "%.*s", MUD_FMT(nick));
        if (!has_status(in, "201"))
            return mud_xmpp_write(w, room, in->raw, in->at, "present");
        /* It was not there: we have made it. Leave, and it is gone. */
        room->place = MUD_ROOM_LOST;
        mud_xmpp_room_absent(w, room);
        return mud_xmpp_leave(w->xmpp, room->jid, nick, w->err);
    }
    if (has_status(in, "303")) {
        snprintf(room->nick,
                 sizeof room->nick,
                 "%.*s",
                 MUD_FMT(mud_xml_attr(item, "nick")));
    } else if (room->place == MUD_ROOM_INSIDE) {
        good = mud_xmpp_covered(w, room, room->live, in->at) &&
               thrown_out(w, room, in);
    }
    return good && mud_xmpp_write(w, room, in->raw, in->at, "");
}

static struct mud_str rank_of(const struct mud_xmpp_in *in,
                              struct mud_arena *arena)
{
    const struct mud_xml *item =
        child(in, child(in, in->top, "x", MUC_USER), "item", NULL);

    return mud_str_printf(arena,
                          "%.*s/%.*s/%.*s",
                          MUD_FMT(mud_xml_attr(item, "affiliation")),
                          MUD_FMT(mud_xml_attr(item, "role")),
                          MUD_FMT(mud_xml_attr(item, "jid")));
}

/* What is new is written, behind how it was before. That somebody is away, or
 * back at his desk, is not kept. */
static bool on_other(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                     const struct mud_xmpp_in *in, struct mud_str nick)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_xmpp_lines *memory = &room->memory;
    struct mud_str none = {0}, rank = rank_of(in, arena);
    bool away = mud_xml_attr(in->top, "type").n > 0, good = true;
    bool before = room->place == MUD_ROOM_ENTERING;
    const char *word = before ? "present" : "";
    struct mud_xmpp_line *had = mud_xmpp_lines_get(memory, "rank", nick, none);

    if (away || before || !had ||
        !mud_str_eq(mud_str_of(had->text, had->n), rank)) {
        good =
            (before ||
             mud_xmpp_write_again(
                 w, room, mud_xmpp_lines_get(memory, "there", nick, none))) &&
            mud_xmpp_write(w, room, in->raw, in->at, word);
        mud_xmpp_lines_put(
            memory, "rank", nick, none, away ? none : rank, w->file);
        mud_xmpp_lines_put(
            memory,
            "there",
            nick,
            none,
            away ? none : mud_xmpp_line_of(in->raw, in->at, "present", arena),
            w->file);
    }
    mud_arena_free(arena);
    return good;
}

/* ---- going in ---- */

static bool enter(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    char since[MUD_TIME_TEXT] = "";
    unsigned history = room->archive == MUD_ARCHIVE_OPEN ? 0 : HISTORY;

    if (room->covered)
        mud_time_text(since, room->covered, false);
    room->place = MUD_ROOM_ENTERING;
    room->settled = false;
    return mud_xmpp_enter(w->xmpp,
                          room->jid,
                          mud_str_z(room->nick),
                          history,
                          mud_str_z(since),
                          w->err);
}

static bool on_refused(struct mud_xmpp_watch *w, struct mud_xmpp_room *room,
                       const struct mud_xmpp_in *in)
{
    static const char *const conditions[][2] = {
        {"registration-required", "members-only"},
        {"not-authorized", "room-needs-password"},
        {"forbidden", "banned"},
        {"item-not-found", "no-such-room"},
        {"not-allowed", "no-such-room"},
        {"remote-server-not-found", "no-such-room"},
        {"service-unavailable", "room-full"},
        {"conflict", "nick-taken"},
    };
    const struct mud_xml *error = child(in, in->top, "error", NULL);
    struct mud_str what = error && error->end > (uint32_t)(error - in->top) + 1
                              ? error[1].name
                              : MUD_STR("");
    const char *why = "join-refused";
    size_t n = strlen(room->nick);

    if (room->place != MUD_ROOM_ENTERING)
        return true;
    if (mud_str_eqz(what, "conflict") && ++room->tries < NICKS &&
        n + 1 < sizeof room->nick) {
        memcpy(room->nick + n, "_", 2);
        return enter(w, room);
    }
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (mud_str_eqz(what, conditions[i][0]))
            why = conditions[i][1];
    room->place = MUD_ROOM_LOST;
    if (mud_str_eqz(what, "service-unavailable"))
        later(room); /* full: later, perhaps */
    mud_xmpp_room_skip(w, room, why);
    return true;
}

static bool on_presence(struct mud_xmpp_watch *w, const struct mud_xmpp_in *in)
{
    struct mud_str from = mud_xml_attr(in->top, "from");
    struct mud_str type = mud_xml_attr(in->top, "type");
    struct mud_str nick = mud_jid_resource(from);
    struct mud_xmpp_room *room = mud_xmpp_room_of(w, mud_jid_bare(from));

    if (!room || !nick.n || room->place == MUD_ROOM_OUTSIDE ||
        room->place == MUD_ROOM_LOST)
        return true; /* of no room that we are in */
    if (mud_str_eqz(type, "error"))
        return on_refused(w, room, in);
    if (type.n && !mud_str_eqz(type, "unavailable"))
        return true;
    if (has_status(in, "110") || (type.n && mud_str_eqz(nick, room->nick)))
        return on_self(w, room, in, nick);
    return on_other(w, room, in, nick);
}

bool mud_xmpp_go_in(struct mud_xmpp_watch *w, struct mud_xmpp_room *room)
{
    int64_t end = mud_monotonic() + ENTER_S * MUD_SECOND;
    bool there;

    if (!mud_xmpp_is_there(w, &there, room))
        return false;
    if (!there) {
        mud_xmpp_room_absent(w, room);
        return true;
    }
    room->tries = 0;
    snprintf(room->nick, sizeof room->nick, "%.*s", MUD_FMT(w->nick));
    if (!enter(w, room))
        return false;
    while (room->place == MUD_ROOM_ENTERING && mud_monotonic() < end &&
           !mud_xmpp_enough(w))
        if (!mud_xmpp_pump(w, MUD_SECOND / 5, false))
            return false;
    if (room->place == MUD_ROOM_ENTERING) {
        room->place = MUD_ROOM_LOST;
        later(room);
        mud_xmpp_room_skip(w, room, "join-unanswered");
    }
    return true;
}

/* ---- all that comes ---- */

bool mud_xmpp_stanza(struct mud_xmpp_watch *w, const struct mud_xmpp_in *in)
{
    if (!in->stanza) { /* whose it is cannot be told */
        mud_report_skip(w->report,
                        in->too_large ? "message-too-large" : "bad-message",
                        w->source->url);
        return true;
    }
    if (mud_str_eqz(in->top->name, "iq"))
        return mud_xmpp_answered(w, in);
    if (mud_str_eqz(in->top->name, "message"))
        return on_message(w, in);
    if (mud_str_eqz(in->top->name, "presence"))
        return on_presence(w, in);
    return true;
}
