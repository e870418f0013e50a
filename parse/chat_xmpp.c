/*
 * XMPP multi-user chat (XEP-0045): live stanzas, results of the archive
 * (XEP-0313) and presences, as a stream or as a log with words before each. A
 * message has the id that the room gave it (XEP-0359), which is the archive's
 * as well, so live and archive stay one; time is that of a delay stamp, else
 * of an RFC 3339 time at the beginning of the line, else unknown. Accounts are
 * known by occupant id (XEP-0421), names and real addresses by presence.
 * Corrections (0308) and retractions (0424, 0425) are revisions of what they
 * change when that was seen. Verified against logs of prosody 0.12.3.
 *
 * What mudlark listened to itself is such a log too: "TIME <stanza>" a line, in
 * UTC. "TIME present <stanza>" tells how things stood: who was there, or of what
 * rank, is learnt and no event; a subject is one fact. "TIME heard FROM ROOM": from then until that time all that was
 * said in the room is here.
 */
#include "parse/chat_xmpp.h"

#include "base/utf8.h"
#include "fetch/stanza.h"
#include "parse/chat_kit.h"
#include "parse/chat_map.h"

#include <stdlib.h>

#define CHUNK ((size_t)64 << 10)

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one stanza */
    struct mud_chat_map map;
    struct mud_chat_ids ids;
    uint64_t notes;
    bool ours; /* what mudlark itself listened to */
};

/* A message on its way: its own frame, or what the archive gave. */
struct making {
    struct reader *r;
    const struct mud_stanza *stanza;
    const struct mud_xml *message;
    struct mud_str key;    /* of its author: occupant id, else nick */
    struct mud_str client; /* the id that its sender chose */
    struct mud_post post;
};

static const struct mud_str none = {0};

static bool say(struct reader *r, const char *code, uint64_t byte,
                struct mud_error *err)
{
    if (r->notes++ >= 1000)
        return true;
    return mud_chat_note(
        r->sink, "warning", code, byte, MUD_STR("a stanza is set aside"), err);
}

static const struct mud_xml *child(const struct making *m,
                                   const struct mud_xml *of, const char *name,
                                   const char *xmlns)
{
    return mud_stanza_child(m->stanza, of, name, xmlns);
}

static struct mud_str bare(struct mud_str jid)
{
    size_t slash = mud_str_chr(jid, '/');
    return mud_str_sub(jid, 0, slash == MUD_NPOS ? jid.n : slash);
}

static struct mud_str resource(struct mud_str jid)
{
    size_t slash = mud_str_chr(jid, '/');
    return slash == MUD_NPOS ? none : mud_str_sub(jid, slash + 1, jid.n);
}

static int64_t stamp(const struct mud_xml *node)
{
    int64_t us = 0;
    struct mud_str text = mud_xml_attr(node, "stamp");
    return text.n && mud_time_parse(text, &us) ? us : 0;
}

/* ---- who ---- */

static void who(struct making *m)
{
    const struct mud_xml *occupant =
        child(m, m->message, "occupant-id", "urn:xmpp:occupant-id:");
    const struct mud_xml *item =
        child(m,
              child(m, m->message, "x", "http://jabber.org/protocol/muc#user"),
              "item",
              NULL);
    struct mud_post *post = &m->post;
    struct mud_str jid = bare(mud_xml_attr(item, "jid"));
    struct mud_str rank = mud_xml_attr(item, "affiliation");
    post->author = resource(mud_xml_attr(m->message, "from"));
    post->author_id = mud_xml_attr(occupant, "id");
    m->key = post->author_id.n ? post->author_id : post->author;
    if (!jid.n)
        jid = mud_chat_map_get(&m->r->map, "jid", post->site, m->key);
    else
        mud_chat_map_put(&m->r->map, "jid", post->site, m->key, jid);
    post->author_handle = jid;
    if (!post->author_id.n)
        post->author_id = jid;
    if (mud_str_eqz(rank, "none") || mud_str_eqz(rank, "member") || !rank.n)
        rank = mud_str_eqz(mud_xml_attr(item, "role"), "moderator")
                   ? MUD_STR("moderator")
                   : none;
    post->author_role = rank;
}

/* ---- what was seen before ---- */

static void remember(struct making *m)
{
    const struct mud_post *post = &m->post;
    struct mud_arena *arena = m->r->arena;
    struct mud_str author = mud_str_printf(arena,
                                           "%lld\n%.*s\n%.*s\n%.*s",
                                           (long long)post->posted,
                                           MUD_FMT(m->key),
                                           MUD_FMT(post->author_id),
                                           MUD_FMT(post->author));
    mud_chat_map_put(&m->r->map, "id", post->site, post->post, author);
    if (!m->client.n)
        return;
    mud_chat_map_put(&m->r->map, "sent", post->site, m->client, post->post);
    mud_chat_map_put(
        &m->r->map,
        "own",
        mud_str_printf(
            arena, "%.*s %.*s", MUD_FMT(post->site), MUD_FMT(m->key)),
        m->client,
        post->post);
}

static struct mud_str own_id(const struct making *m, struct mud_str client)
{
    return mud_chat_map_get(
        &m->r->map,
        "own",
        mud_str_printf(
            m->r->arena, "%.*s %.*s", MUD_FMT(m->post.site), MUD_FMT(m->key)),
        client);
}

/* Turns the post into the next revision of one that was seen. */
static bool revise(struct making *m, struct mud_str target, bool anyones)
{
    struct mud_str seen =
        mud_chat_map_get(&m->r->map, "id", m->post.site, target);
    struct mud_str time, key, id;
    int64_t posted;
    if (!seen.n || !mud_str_cut(&seen, '\n', &time) ||
        !mud_str_i64(time, &posted) || !mud_str_cut(&seen, '\n', &key) ||
        !mud_str_cut(&seen, '\n', &id) ||
        (!anyones && !mud_str_eq(key, m->key)))
        return false;
    m->post.edited = m->post.posted;
    m->post.posted = posted;
    m->post.posted_precision = posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    m->post.post = target;
    m->post.author_id = id;
    m->post.author = seen;
    m->post.revision = 1;
    if (anyones)
        m->post.author_handle =
            mud_chat_map_get(&m->r->map, "jid", m->post.site, key);
    return true;
}

/* ---- parts of a message ---- */

/* What somebody takes back, or the room itself does (then anyone's). */
static bool retraction(struct making *m)
{
    const struct mud_xml *apply =
        child(m, m->message, "apply-to", "urn:xmpp:fasten:");
    const struct mud_xml *plain =
        child(m, m->message, "retract", "urn:xmpp:message-retract:");
    const struct mud_xml *moderated = child(
        m, apply ? apply : plain, "moderated", "urn:xmpp:message-moderate:");
    struct mud_str target = mud_xml_attr(apply ? apply : plain, "id"), id;
    if (apply && !moderated &&
        !child(m, apply, "retract", "urn:xmpp:message-retract:"))
        return false;
    if (!apply && !plain)
        return false;
    bool room = moderated && !m->post.author.n;
    id = own_id(m, target);
    if (!revise(m, target, room) && !(id.n && revise(m, id, false))) {
        m->post.service = MUD_STR("retract");
        m->post.reply_to = target;
        m->post.body = none;
        return true;
    }
    m->post.state = MUD_POST_DELETED;
    m->post.body = none;
    return true;
}

/* The room has left only the frame of it. */
static bool tombstone(struct making *m)
{
    const struct mud_xml *moderated =
        child(m, m->message, "moderated", "urn:xmpp:message-moderate:");
    const struct mud_xml *retracted = child(m,
                                            moderated ? moderated : m->message,
                                            "retracted",
                                            "urn:xmpp:message-retract:");
    if (!retracted)
        return false;
    m->post.state = MUD_POST_DELETED;
    m->post.edited = stamp(retracted);
    return true;
}

/* The part of the body that only repeats what is answered. */
static void reply(struct making *m)
{
    const struct mud_xml *to = child(m, m->message, "reply", "urn:xmpp:reply:");
    const struct mud_xml *fallback =
        child(m, m->message, "fallback", "urn:xmpp:fallback:");
    const struct mud_xml *part = child(m, fallback, "body", NULL);
    struct mud_str id = mud_xml_attr(to, "id"), known;
    uint64_t start = 0, end = 0;
    if (!to)
        return;
    known = mud_chat_map_get(&m->r->map, "id", m->post.site, id);
    if (!known.n)
        known = mud_chat_map_get(&m->r->map, "sent", m->post.site, id);
    else
        known = id;
    m->post.reply_to = known.n ? known : id;
    if (!mud_str_u64(mud_xml_attr(part, "start"), &start) || start != 0 ||
        !mud_str_u64(mud_xml_attr(part, "end"), &end) || end > m->post.body.n)
        return;
    struct mud_utf8_pos pos = {.text = m->post.body};
    size_t cut = mud_utf8_byte(&pos, (size_t)end);
    struct mud_quote *quote = mud_arena_array(m->r->arena, 1, sizeof(*quote));
    quote->author = resource(mud_xml_attr(to, "to"));
    quote->post = m->post.reply_to;
    quote->text = mud_str_trim(mud_str_sub(m->post.body, 0, cut));
    m->post.quotes = quote;
    m->post.n_quotes = 1;
    m->post.body = mud_str_sub(m->post.body, cut, m->post.body.n);
}

static void media(struct making *m)
{
    struct mud_chat_list links = {0}, images = {0};
    const struct mud_xml *oob = child(m, m->message, "x", "jabber:x:oob");
    const struct mud_xml *url = child(m, oob, "url", NULL);
    struct mud_arena *arena = m->r->arena;
    mud_chat_links(&links, m->post.body, arena);
    if (url) {
        mud_chat_links(&links, url->text, arena);
        if (mud_chat_is_image(url->text))
            mud_chat_list_add(&images, url->text, arena);
    }
    m->post.links = links.items;
    m->post.n_links = links.n;
    m->post.images = images.items;
    m->post.n_images = images.n;
}

/* A message that somebody passed on within his own (XEP-0297). */
static void passed_on(struct making *m)
{
    const struct mud_xml *forward =
        child(m, m->message, "forwarded", "urn:xmpp:forward:");
    const struct mud_xml *inner = child(m, forward, "message", NULL);
    const struct mud_xml *body = child(m, inner, "body", NULL);
    if (!inner || !body)
        return;
    m->post.forwarded = true;
    m->post.forward.from = mud_xml_attr(inner, "from");
    m->post.forward.chat = bare(mud_xml_attr(inner, "from"));
    m->post.forward.date = stamp(child(m, forward, "delay", "urn:xmpp:delay"));
    if (!m->post.body.n)
        m->post.body = body->text;
}

/* What it says; false when it says nothing (typing, markers, receipts). */
static bool content(struct making *m)
{
    const struct mud_xml *body = child(m, m->message, "body", NULL);
    const struct mud_xml *subject = child(m, m->message, "subject", NULL);
    const struct mud_xml *replace =
        child(m, m->message, "replace", "urn:xmpp:message-correct:");
    if (body)
        m->post.body = body->text;
    if (tombstone(m) || retraction(m))
        return true;
    passed_on(m);
    if (!m->post.body.n && subject && subject->text.n) {
        m->post.service = MUD_STR("topic");
        m->post.body = subject->text;
    }
    if (!m->post.body.n)
        return false;
    reply(m);
    media(m);
    if (replace) {
        struct mud_str id = own_id(m, mud_xml_attr(replace, "id"));
        if (id.n && revise(m, id, false))
            m->client = none; /* the first one keeps the name */
    }
    return true;
}

/* ---- stanzas ---- */

/* The id by the room; on an archive's result it is the result's. */
static struct mud_str room_id(const struct making *m)
{
    const struct mud_xml *top = m->message;
    const struct mud_xml *nodes = m->stanza->nodes;
    for (const struct mud_xml *at = top + 1; at < nodes + top->end; at++)
        if (at->parent == (uint32_t)(top - nodes) + 1 &&
            mud_str_eqz(at->name, "stanza-id") &&
            mud_str_eq(mud_xml_attr(at, "by"), m->post.site))
            return mud_xml_attr(at, "id");
    return none;
}

/* A room that keeps no archive gives no ids: author, the sender's id and the
 * words are what comes again when it is replayed. */
static struct mud_str derived_id(const struct making *m)
{
    char text[MUD_ID_TEXT];
    struct mud_str parts[] = {m->post.site, m->key, m->client, m->post.body};

    if (!m->r->ours || !m->client.n)
        return mud_chat_ids_next(&m->r->ids, &m->post, m->r->arena);
    mud_id_text(text, mud_id_of_parts("xmpp", parts, 4));
    return mud_str_dup(mud_str_z(text), m->r->arena);
}

/* A subject is told anew to all who come in: it is one fact, whenever that is. */
static void one_subject(struct making *m)
{
    char text[MUD_ID_TEXT];
    struct mud_str parts[] = {
        m->post.site, MUD_STR("topic"), m->post.author, m->post.body};

    mud_id_text(text, mud_id_of_parts("xmpp", parts, 4));
    m->post.post = mud_str_dup(mud_str_z(text), m->r->arena);
}

static bool message(struct reader *r, const struct mud_stanza *stanza,
                    int64_t arrived, struct mud_range at, struct mud_error *err)
{
    struct making m = {.r = r, .stanza = stanza, .message = stanza->nodes};
    /* An archive's results are its own: somebody in a room who puts one into his
     * words forges nobody else's. */
    struct mud_str giver = mud_xml_attr(m.message, "from");
    const struct mud_xml *result =
        mud_str_eqz(mud_xml_attr(m.message, "type"), "groupchat") &&
                resource(giver).n
            ? NULL
            : mud_stanza_child(stanza, m.message, "result", "urn:xmpp:mam:");
    const struct mud_xml *forward =
        mud_stanza_child(stanza, result, "forwarded", "urn:xmpp:forward:");
    const struct mud_xml *inner =
        mud_stanza_child(stanza, forward, "message", NULL);
    const struct mud_xml *delay = mud_stanza_child(
        stanza, inner ? forward : m.message, "delay", "urn:xmpp:delay");
    if (result && !inner)
        return say(r, "bad-message", at.start, err);
    m.message = inner ? inner : m.message;
    struct mud_str from = mud_xml_attr(m.message, "from");
    if (mud_str_eqz(mud_xml_attr(m.message, "type"), "error") || !from.n)
        return true;
    m.post = (struct mud_post){
        .engine = MUD_STR("xmpp"),
        .site = bare(from),
        .thread = bare(from),
        .thread_title = bare(from),
        .posted = delay ? stamp(delay) : arrived,
        .where = at,
    };
    m.post.posted_precision = m.post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    m.client = mud_xml_attr(m.message, "id");
    m.post.post = inner ? mud_xml_attr(result, "id") : room_id(&m);
    who(&m);
    struct mud_str own = m.post.post;
    if (!content(&m))
        return true;
    if (r->ours && !m.post.post.n && mud_str_eqz(m.post.service, "topic"))
        one_subject(&m);
    if (!m.post.post.n)
        m.post.post = derived_id(&m);
    if (mud_str_eq(own, m.post.post) || !own.n)
        remember(&m);
    if (m.post.state == MUD_POST_SHOWN && !m.post.body.n)
        m.post.state = MUD_POST_EMPTY;
    return r->sink->post(&m.post, r->sink->payload, err);
}

static bool has_status(const struct mud_stanza *stanza, const char *code)
{
    for (uint32_t i = 0; i < stanza->n; i++)
        if (mud_str_eqz(stanza->nodes[i].name, "status") &&
            mud_str_eqz(mud_xml_attr(&stanza->nodes[i], "code"), code))
            return true;
    return false;
}

/* What the presence tells that was not so before; "" for nothing. */
static const char *change(struct making *m, const struct mud_xml *item,
                          struct mud_str type, struct mud_str *fresh)
{
    struct mud_chat_map *map = &m->r->map;
    struct mud_str room = m->post.site, nick = m->post.author;
    struct mud_str had = mud_chat_map_get(map, "here", room, nick);
    struct mud_str rank =
        mud_str_printf(m->r->arena,
                       "%.*s/%.*s",
                       MUD_FMT(mud_xml_attr(item, "affiliation")),
                       MUD_FMT(mud_xml_attr(item, "role")));

    *fresh = mud_xml_attr(item, "nick");
    mud_chat_map_put(map, "here", room, nick, type.n ? none : rank);
    if (type.n && fresh->n && has_status(m->stanza, "303")) {
        mud_chat_map_put(map, "here", room, *fresh, MUD_STR("?"));
        return "nick";
    }
    *fresh = none;
    if (type.n)
        return has_status(m->stanza, "301")   ? "ban"
               : has_status(m->stanza, "307") ? "kick"
                                              : "leave";
    if (!had.n)
        return "join";
    return mud_str_eq(had, rank) || mud_str_eqz(had, "?") ? "" : "role";
}

/* Who comes, goes, takes another name or gets another rank. A change of status
 * says nothing. */
static bool presence(struct reader *r, const struct mud_stanza *stanza,
                     int64_t arrived, bool stood, struct mud_range at,
                     struct mud_error *err)
{
    struct making m = {.r = r, .stanza = stanza, .message = stanza->nodes};
    const struct mud_xml *x = mud_stanza_child(
        stanza, m.message, "x", "http://jabber.org/protocol/muc#user");
    const struct mud_xml *item = mud_stanza_child(stanza, x, "item", NULL);
    struct mud_str from = mud_xml_attr(m.message, "from");
    struct mud_str type = mud_xml_attr(m.message, "type"), member;
    if (!x || !resource(from).n ||
        (type.n && !mud_str_eqz(type, "unavailable")))
        return true;
    m.post = (struct mud_post){
        .engine = MUD_STR("xmpp"),
        .site = bare(from),
        .thread = bare(from),
        .thread_title = bare(from),
        .posted = arrived,
        .posted_precision = arrived ? MUD_TO_SECOND : MUD_UNKNOWN_TIME,
        .state = MUD_POST_EMPTY,
        .where = at,
    };
    who(&m);
    m.post.service = mud_str_z(change(&m, item, type, &member));
    if (stood || !m.post.service.n)
        return true;
    if (member.n) {
        m.post.members = &member;
        m.post.n_members = 1;
    }
    m.post.post = mud_chat_ids_next(&r->ids, &m.post, r->arena);
    return r->sink->post(&m.post, r->sink->payload, err);
}

/* "TIME heard FROM ROOM" */
static bool on_line(struct mud_str line, void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_str rest = mud_str_trim(line), time, word, from;
    int64_t until, since;
    r->ours |= mud_str_eqz(rest, MUD_XMPP_LOG);
    if (!r->sink->heard || !mud_str_cut(&rest, ' ', &time) ||
        !mud_str_cut(&rest, ' ', &word) || !mud_str_eqz(word, "heard") ||
        !mud_str_cut(&rest, ' ', &from) || !mud_time_parse(time, &until) ||
        !mud_time_parse(from, &since))
        return true;
    return r->sink->heard(
        mud_str_trim(rest), since, until, r->sink->payload, err);
}

static bool on_stanza(struct mud_str text, struct mud_str before,
                      uint64_t start, uint64_t end, void *payload,
                      struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_range at = {start, end};
    struct mud_error bad = {0};
    struct mud_stanza stanza;
    struct mud_str words = mud_str_trim(before), time;
    int64_t arrived = 0;
    mud_arena_reset(r->arena);
    if (!text.n)
        return say(r, "message-too-large", at.start, err);
    if (!mud_stanza_read(&stanza, text, r->arena, &bad)) {
        mud_error_clear(&bad);
        return say(r, "bad-message", at.start, err);
    }
    if (!mud_str_cut(&words, ' ', &time) || !mud_time_parse(time, &arrived))
        arrived = 0;
    bool stood = mud_str_eqz(mud_str_trim(words), "present");
    if (mud_str_eqz(stanza.nodes[0].name, "message"))
        return message(r, &stanza, arrived, at, err);
    if (mud_str_eqz(stanza.nodes[0].name, "presence"))
        return presence(r, &stanza, arrived, stood, at, err);
    return true;
}

static bool is(struct mud_str head, struct mud_str name)
{
    static const char *const marks[] = {"type=\"groupchat\"",
                                        "type='groupchat'",
                                        "urn:xmpp:mam:",
                                        "http://jabber.org/protocol/muc",
                                        "jabber:client"};
    (void)name;
    if (mud_str_starts(head, MUD_STR(MUD_XMPP_LOG)))
        return true;
    if (mud_str_find(head, MUD_STR("<message")) == MUD_NPOS &&
        mud_str_find(head, MUD_STR("<presence")) == MUD_NPOS)
        return false;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (mud_str_find(head, mud_str_z(marks[i])) != MUD_NPOS)
            return mud_str_ifind(head, MUD_STR("<html")) == MUD_NPOS;
    return false;
}

static bool read_all(struct reader *r, struct mud_stanza_scan *scan,
                     const struct mud_bytes_in *bytes, struct mud_error *err)
{
    char *chunk = mud_malloc(CHUNK);
    uint64_t start;
    size_t n = 1;
    bool ok = true;
    while (ok && n)
        ok = bytes->read(bytes->payload, chunk, CHUNK, &n, err) &&
             mud_stanza_scan_feed(scan, mud_str_of(chunk, n), err);
    free(chunk);
    return ok && (!mud_stanza_scan_open(scan, &start) ||
                  say(r, "truncated", start, err));
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    struct reader r = {.sink = sink};
    const struct mud_stanzas to = {on_stanza, on_line, &r, false};
    struct mud_stanza_scan *scan = mud_stanza_scan_new(&to);
    r.arena = mud_arena_new();
    bool ok = read_all(&r, scan, &in->bytes, err);
    if (ok && r.map.full)
        ok = say(&r, "memory-full", 0, err);
    mud_stanza_scan_free(scan);
    mud_chat_map_free(&r.map);
    mud_chat_ids_free(&r.ids);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_xmpp = {"xmpp", is, read};
