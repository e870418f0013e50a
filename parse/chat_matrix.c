/*
 * Matrix events, in any wrapping: an array or lines of them, an answer to
 * /messages ("chunk"), /context or /sync ("rooms"), or Element's export
 * ("messages"). Ids, senders and times (of the sender's server) are in each;
 * display names are a matter of member events, so a name is the one last seen
 * before the message. Edits (m.replace) and redactions become revisions of
 * what they change when that was seen, else stand as what they are. Facts:
 * Matrix client-server API 1.x and matrix-spec's examples; the samples follow
 * these.
 */
#include "parse/chat_matrix.h"

#include "parse/chat_kit.h"
#include "parse/json_items.h"
#include "parse/matrix_event.h"

#include <stdlib.h>

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one event */
    struct mud_chat_map map;
    uint64_t notes;
    bool sealed_said;

    struct mud_bytes_in bytes; /* of the export */
    char *head;                /* its beginning, read twice */
    size_t from, to;
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
    return r->sink->post(&post, r->sink->payload, err);
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

static bool on_item(const char *list, struct mud_str json, struct mud_range at,
                    void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_error bad = {0};
    (void)list;
    mud_arena_reset(r->arena);
    json_t *event = mud_json_read(json, &bad);
    bool ok = json_is_object(event)
                  ? one_event(r, event, (struct mud_str){0}, at, err)
                  : say(r, "bad-message", at.start, err);
    mud_error_clear(&bad);
    json_decref(event);
    return ok;
}

static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_error bad = {0};
    bool ok = true;
    if (strcmp(key, "event") == 0)
        return on_item("", json, at, payload, err);
    if (strcmp(key, "rooms") != 0)
        return true;
    mud_arena_reset(r->arena);
    json_t *value = mud_json_read(json, &bad);
    ok =
        value ? rooms(r, value, at, err) : say(r, "bad-message", at.start, err);
    mud_error_clear(&bad);
    json_decref(value);
    return ok;
}

static bool on_fault(const char *code, struct mud_range at, void *payload,
                     struct mud_error *err)
{
    return say(payload, code, at.start, err);
}

/* ---- which wrapping ---- */

static bool again(void *payload, void *out, size_t size, size_t *n,
                  struct mud_error *err)
{
    struct reader *r = payload;
    if (r->from == r->to)
        return r->bytes.read(r->bytes.payload, out, size, n, err);
    *n = r->to - r->from < size ? r->to - r->from : size;
    memcpy(out, r->head + r->from, *n);
    r->from += *n;
    return true;
}

static bool look(struct reader *r, struct mud_error *err)
{
    size_t n = 1;
    r->head = mud_malloc(MUD_CHAT_HEAD);
    while (n && r->to < MUD_CHAT_HEAD) {
        if (!r->bytes.read(r->bytes.payload,
                           r->head + r->to,
                           MUD_CHAT_HEAD - r->to,
                           &n,
                           err))
            return false;
        r->to += n;
    }
    return true;
}

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
    struct reader r = {.sink = sink, .bytes = in->bytes};
    const struct mud_bytes_in bytes = {again, &r};
    struct mud_json_items items = {
        .lists = lists,
        .item = on_item,
        .member = on_member,
        .fault = on_fault,
        .payload = &r,
    };
    r.arena = mud_arena_new();
    bool ok = mud_chat_unverified(sink, err) && look(&r, err);
    items.lines = ok && is_lines(mud_str_of(r.head, r.to));
    ok = ok && mud_json_items_read(&items, &bytes, err);
    if (ok && r.map.full)
        ok = say(&r, "memory-full", 0, err);
    mud_chat_map_free(&r.map);
    mud_arena_free(r.arena);
    free(r.head);
    return ok;
}

const struct mud_chat_format mud_chat_matrix = {"matrix", is, read};
