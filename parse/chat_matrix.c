/*
 * Matrix events, in any wrapping: an array or lines of them, an answer to
 * /messages ("chunk"), /context or /sync ("rooms"), or Element's export
 * ("messages"). Ids, senders and times (of the sender's server) are in each;
 * display names are a matter of member events, so a name is the one last seen
 * before the message. A /messages answer whose newest event comes first (dir=b)
 * is read from its end. Edits (m.replace) and redactions become revisions of
 * what they change when that was seen, else stand as what they are. Facts:
 * Matrix client-server API 1.x and matrix-spec's examples; the samples follow
 * these.
 */
#include "parse/chat_matrix.h"

#include "fetch/url.h"
#include "parse/chat_json.h"
#include "parse/matrix_event.h"

#include <stdlib.h>

#define BACK_MAX ((size_t)32 << 20) /* bytes of events kept */

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one event */
    struct mud_chat_map map;
    uint64_t notes;
    bool sealed_said;

    struct mud_chat_json *json;

    bool back; /* the newest comes first */
    struct mud_str
        room; /* that was asked for: events of /messages may name none */

    struct mud_buf kept; /* texts of events, to be read from the last */

    struct kept {
        size_t end; /* in kept */
        struct mud_range at;
    } * events;

    size_t n_events, cap;
};

static bool say(struct reader *r, const char *code, uint64_t byte,
                struct mud_error *err)
{
    if (r->notes++ >= 1000)
        return true;
    return mud_chat_note(r->sink,
                         "warning",
                         code,
                         byte,
                         MUD_STR("a part of the export is set aside"),
                         err);
}

/* What was taken back stood in an earlier answer: it has a revision without
 * words, whoever wrote it. Who took it back, and why, is a message of its own. */
static bool taken_back(struct reader *r, const struct mud_post *redaction,
                       struct mud_error *err)
{
    const struct mud_post gone = {.engine = redaction->engine,
                                  .site = redaction->site,
                                  .thread = redaction->thread,
                                  .thread_title = redaction->thread_title,
                                  .post = redaction->reply_to,
                                  .state = MUD_POST_DELETED,
                                  .edited = redaction->posted,
                                  .revision = 1,
                                  .where = redaction->where};

    return r->sink->post(&gone, r->sink->payload, err);
}

static bool one_event(struct reader *r, const json_t *event,
                      struct mud_str room, struct mud_range at,
                      struct mud_error *err)
{
    struct mud_post post;
    const char *code;
    mud_matrix_learn(&r->map, event, room, r->arena);
    bool made = mud_matrix_post(&post, &code, event, room, &r->map, r->arena);
    post.where = at;
    if (!made)
        return say(r, code, at.start, err);
    if (code && strcmp(code, "encrypted") == 0) {
        if (!r->sealed_said &&
            !mud_chat_note(r->sink,
                           "warning",
                           code,
                           at.start,
                           MUD_STR("messages are encrypted, and the keys are "
                                   "not in the export"),
                           err))
            return false;
        r->sealed_said = true;
    } else if (code && !say(r, code, at.start, err)) {
        return false;
    }
    return r->sink->post(&post, r->sink->payload, err) &&
           (!mud_str_eqz(post.service, "redact") || !post.reply_to.n ||
            taken_back(r, &post, err));
}

/* An edit that stands before what it changes is kept until that has been read.
 * Answers to /messages are pages of at most some hundred events. */
static bool keep(struct reader *r, const json_t *event, struct mud_range at)
{
    char *text = json_dumps(event, JSON_COMPACT);
    if (!text)
        return true;
    mud_buf_z(&r->kept, text);
    free(text);
    r->events =
        mud_grow(r->events, &r->cap, r->n_events + 1, sizeof(*r->events));
    r->events[r->n_events++] = (struct kept){r->kept.n, at};
    return true;
}

/* What was kept, the oldest first. */
static bool from_the_last(struct reader *r, struct mud_error *err)
{
    struct mud_str all = mud_buf_view(&r->kept);
    bool ok = true;
    for (size_t i = r->n_events; ok && i--;) {
        size_t from = i ? r->events[i - 1].end : 0;
        mud_arena_reset(r->arena);
        json_t *event =
            mud_chat_json_value(mud_str_sub(all, from, r->events[i].end));
        ok = !event || one_event(r, event, r->room, r->events[i].at, err);
        json_decref(event);
    }
    return ok;
}

static bool events(struct reader *r, const json_t *list, struct mud_str room,
                   struct mud_range at, struct mud_error *err)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!one_event(r, json_array_get(list, i), room, at, err))
            return false;
    return true;
}

/* "rooms" of /sync: {"join": {ROOM: {"state", "timeline"}}, "leave"...} */
static bool rooms(struct reader *r, json_t *value, struct mud_range at,
                  struct mud_error *err)
{
    static const char *const kinds[] = {"join", "leave"};
    static const char *const parts[] = {"state", "timeline"};
    const char *room;
    json_t *one;
    for (size_t k = 0; k < 2; k++) {
        json_t *joined = json_object_get(value, kinds[k]);
        json_object_foreach(joined, room, one)
        {
            for (size_t p = 0; p < 2; p++) {
                const json_t *part = json_object_get(one, parts[p]);
                if (!events(r,
                            json_object_get(part, "events"),
                            mud_str_z(room),
                            at,
                            err))
                    return false;
            }
        }
    }
    return true;
}

static bool on_event(json_t *event, struct mud_range at, void *payload,
                     struct mud_error *err)
{
    struct reader *r = payload;
    if (r->back && r->kept.n < BACK_MAX)
        return keep(r, event, at);
    return one_event(r, event, r->room, at, err);
}

static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    if (strcmp(key, "event") == 0)
        return mud_chat_json_one(r->json, json, at, err);
    if (strcmp(key, "rooms") != 0 && strcmp(key, "room_name") != 0)
        return true;
    mud_arena_reset(r->arena);
    json_t *value =
        mud_chat_json_value(mud_str_printf(r->arena, "[%.*s]", MUD_FMT(json)));
    json_t *one = json_array_get(value, 0);
    bool ok = true;
    if (json_is_string(one))
        mud_chat_map_put(&r->map,
                         "room",
                         (struct mud_str){0},
                         (struct mud_str){0},
                         mud_str_of(json_string_value(one),
                                    json_string_length(one)));
    else if (one)
        ok = rooms(r, one, at, err);
    else
        ok = say(r, "broken-message", at.start, err);
    json_decref(value);
    return ok;
}

/* ---- which wrapping ---- */

/* Does the outer object itself look like an event (so lines of them)? */
static bool is_lines(struct mud_str head)
{
    struct mud_str line;
    head = mud_str_trim(head);
    return mud_str_starts(head, MUD_STR("{")) && mud_str_line(&head, &line) &&
           mud_str_find(line, MUD_STR("\"event_id\"")) != MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"chunk\"")) == MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"messages\"")) == MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"rooms\"")) == MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"events_")) == MUD_NPOS;
}

/* Do the times of the events run backwards (dir=b of /messages)? */
static bool is_back(struct mud_str head)
{
    static const char mark[] = "\"origin_server_ts\"";
    int64_t before = 0, n;
    size_t at, steps = 0, down = 0;
    if (mud_str_find(head, MUD_STR("\"chunk\"")) == MUD_NPOS)
        return false;
    while ((at = mud_str_find(head, mud_str_z(mark))) != MUD_NPOS) {
        head = mud_str_sub(head, at + sizeof(mark) - 1, head.n);
        size_t from = 0, to;
        while (from < head.n && (head.s[from] == ' ' || head.s[from] == ':'))
            from++;
        for (to = from; to < head.n && head.s[to] >= '0' && head.s[to] <= '9';)
            to++;
        if (!mud_str_i64(mud_str_sub(head, from, to), &n))
            continue;
        steps += before && n != before;
        down += before && n < before;
        before = n;
    }
    return down * 2 > steps;
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    head = mud_str_trim(head);
    if (mud_str_starts(head, MUD_STR("\xEF\xBB\xBF")))
        head = mud_str_trim(mud_str_sub(head, 3, head.n));
    return head.n && (head.s[0] == '{' || head.s[0] == '[') &&
           mud_str_find(head, MUD_STR("\"origin_server_ts\"")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("\"sender\"")) != MUD_NPOS;
}

/* ".../rooms/ROOM/messages?..." */
static struct mud_str room_of(struct mud_str url, struct mud_arena *arena)
{
    struct mud_str part = MUD_STR("/rooms/");
    size_t at = mud_str_find(url, part), end;
    struct mud_str rest = mud_str_sub(url, at + part.n, url.n);

    if (at == MUD_NPOS || (end = mud_str_chr(rest, '/')) == MUD_NPOS)
        return (struct mud_str){0};
    return mud_url_decode(mud_str_sub(rest, 0, end), false, arena);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"",
                                        "chunk",
                                        "messages",
                                        "state",
                                        "events_before",
                                        "events_after",
                                        NULL};
    struct mud_arena *life = mud_arena_new();
    struct reader r = {
        .sink = sink, .arena = mud_arena_new(), .room = room_of(in->url, life)};
    struct mud_chat_head head = {0};
    struct mud_chat_json json = {
        .sink = sink,
        .arena = r.arena,
        .lists = lists,
        .message = on_event,
        .member = on_member,
        .payload = &r,
    };
    r.json = &json;
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_head_read(&head, &in->bytes, err);
    if (ok) {
        const struct mud_bytes_in bytes = mud_chat_head_again(&head);
        struct mud_str text = mud_str_of(head.text, head.n);
        json.lines = is_lines(text);
        r.back = is_back(text);
        ok = mud_chat_json_read(&json, &bytes, err) && from_the_last(&r, err);
    }
    if (ok && r.map.full)
        ok = say(&r, "memory-full", 0, err);
    mud_chat_head_free(&head);
    mud_chat_map_free(&r.map);
    mud_buf_free(&r.kept);
    free(r.events);
    mud_arena_free(life);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_matrix = {"matrix", is, read};
