#include "parse/chat_telegram.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"
#include "parse/chat_repair.h"
#include "parse/chat_telegram_parts.h"
#include "parse/slicer.h"

#include <stdlib.h>

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one message */
    const struct mud_slice_chat *chat;
    struct mud_slice_chat known; /* the chat of id and name below */
    char id[64], name[1024];     /* its texts, NUL-ended */
    struct mud_zone *zone;       /* of wall times; NULL until it is needed */
};

/* A number or a string as text: ids come as both. */
static struct mud_str id(struct reader *r, const json_t *object,
                         const char *key)
{
    return mud_chat_id(object, key, r->arena);
}

static bool note(struct reader *r, const char *severity, const char *code,
                 uint64_t byte, struct mud_str what, struct mud_error *err)
{
    return mud_chat_note(r->sink, severity, code, byte, what, err);
}

/* Seconds in a string; older exports have wall times without a zone only. */
static bool when(struct reader *r, int64_t *us, const json_t *message,
                 const char *unix_key, const char *local_key,
                 struct mud_error *err)
{
    struct mud_str wall = mud_json_get_str(message, local_key);
    *us = mud_chat_epoch(message, unix_key);
    if (*us || !wall.n || mud_time_parse(wall, us))
        return true;
    if (!r->zone && !mud_chat_zone(&r->zone, r->in, r->sink, err))
        return false;
    *us = mud_chat_wall_time(r->zone, wall);
    return true;
}

/* A JSON string or number as the slicer kept it. */
static void chat_text(struct reader *r, char *out, size_t size, const char *raw)
{
    struct mud_error err = {0};
    struct mud_str json =
        mud_str_printf(r->arena, "[\"%s\"]", raw); /* no quotes in raw */
    json_t *list = mud_json_read(json, &err);
    const json_t *item = json_array_get(list, 0);
    struct mud_str s = {0};
    if (json_is_string(item))
        s = mud_utf8_clean(mud_str_of(json_string_value(item),
                                      json_string_length(item)),
                           r->arena,
                           NULL);
    mud_chat_keep(out, size, s);
    json_decref(list);
    mud_error_clear(&err);
}

/* The chat stays the same for many messages. */
static void know_chat(struct reader *r)
{
    if (!strcmp(r->known.id, r->chat->id) &&
        !strcmp(r->known.name, r->chat->name))
        return;
    r->known = *r->chat;
    chat_text(r, r->id, sizeof(r->id), r->chat->id);
    chat_text(r, r->name, sizeof(r->name), r->chat->name);
}

/* "unsupported": a kind of message that the exporter did not know. */
static bool unsupported(struct reader *r, const json_t *message, uint64_t start,
                        struct mud_error *err)
{
    if (!mud_str_eqz(mud_json_get_str(message, "type"), "unsupported"))
        return true;
    return note(r,
                "info",
                "unsupported",
                start,
                MUD_STR("the exporter did not know this kind of message"),
                err);
}

/* An answer to a message of another chat has no place in this one. */
static bool answers_here(struct reader *r, const json_t *message)
{
    struct mud_str peer = id(r, message, "reply_to_peer_id");
    size_t n = peer.n;
    while (n && peer.s[n - 1] >= '0' && peer.s[n - 1] <= '9')
        n--;
    return !peer.n || mud_str_eqz(mud_str_sub(peer, n, peer.n), r->id);
}

static bool emit(struct reader *r, const json_t *message, uint64_t start,
                 uint64_t end, struct mud_error *err)
{
    struct mud_post post = {.engine = MUD_STR("telegram")};
    bool service = mud_str_eqz(mud_json_get_str(message, "type"), "service");
    know_chat(r);
    post.site = post.thread = mud_str_z(r->id);
    post.thread_title = mud_str_z(r->name);
    post.post = id(r, message, "id");
    post.author = mud_chat_text(message, service ? "actor" : "from", r->arena);
    post.author_id = id(r, message, service ? "actor_id" : "from_id");
    if (!when(r, &post.posted, message, "date_unixtime", "date", err) ||
        !when(r, &post.edited, message, "edited_unixtime", "edited", err))
        return false;
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    if (answers_here(r, message))
        post.reply_to = id(r, message, "reply_to_message_id");
    post.where = (struct mud_range){start, end};
    mud_chat_telegram_message(&post, message, service, r->arena);
    if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    if (!post.post.n)
        return mud_chat_no_id(r->sink, start, err);
    if (!unsupported(r, message, start, err))
        return false;
    return r->sink->post(&post, r->sink->payload, err);
}

/* As it stands, else repaired; NULL when neither parses. */
static json_t *read_message(struct reader *r, struct mud_str json,
                            struct mud_error *bad)
{
    json_t *message = mud_json_read(json, bad);
    if (json_is_object(message))
        return message;
    json_decref(message);
    struct mud_buf fixed = {.max = MUD_SLICE_MAX * 3};
    struct mud_error again = {0};
    mud_chat_repair(&fixed, json, r->arena);
    message = fixed.over ? NULL : mud_json_read(mud_buf_view(&fixed), &again);
    mud_buf_free(&fixed);
    if (json_is_object(message))
        return message;
    json_decref(message);
    return NULL;
}

/* The first object in s as far as it is whole, else s without its tail. */
static struct mud_str one_object(struct mud_str s)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']') && --depth == 0)
            return mud_str_sub(s, 0, i + 1);
        if (depth == 0)
            break;
    }
    while (s.n && strchr(" \t\r\n,", s.s[s.n - 1]))
        s.n--;
    return s;
}

static bool set_aside(struct reader *r, struct mud_str piece, uint64_t start,
                      bool whole, const struct mud_error *bad,
                      struct mud_error *err)
{
    struct mud_str what = mud_str_printf(
        r->arena,
        "%s: %zu bytes at byte %llu are set aside: %s",
        whole ? "a message does not parse" : "a message is cut off",
        piece.n,
        (unsigned long long)start,
        bad->text);
    return note(
        r, "warning", whole ? "broken-message" : "truncated", start, what, err);
}

/*
 * A slice that does not parse may have swallowed the messages behind it: it
 * is taken apart where a message seems to begin, each part tried once.
 */
static bool take_apart(struct reader *r, const struct mud_slice *slice,
                       struct mud_error *err)
{
    size_t from = 0;
    while (from < slice->text.n) {
        size_t next = mud_chat_next_message(slice->text, from + 1);
        size_t to = next == MUD_NPOS ? slice->text.n : next;
        struct mud_str piece = one_object(mud_str_sub(slice->text, from, to));
        struct mud_error bad = {0};
        json_t *message = read_message(r, piece, &bad);
        bool ok = message ? emit(r,
                                 message,
                                 slice->start + from,
                                 slice->start + from + piece.n,
                                 err)
                          : set_aside(r,
                                      piece,
                                      slice->start + from,
                                      slice->whole || next != MUD_NPOS,
                                      &bad,
                                      err);
        json_decref(message);
        if (!ok)
            return false;
        mud_arena_reset(r->arena);
        from = to;
    }
    return true;
}

static bool on_message(const struct mud_slice *slice, void *payload,
                       struct mud_error *err)
{
    struct reader *r = payload;
    r->chat = slice->chat;
    mud_arena_reset(r->arena);
    if (!slice->text.n) {
        struct mud_str what =
            mud_str_printf(r->arena,
                           "a message of %llu bytes is larger than %zu MiB",
                           (unsigned long long)(slice->end - slice->start),
                           MUD_SLICE_MAX >> 20);
        return note(r, "error", "message-too-large", slice->start, what, err);
    }
    struct mud_error bad = {0};
    json_t *message = mud_json_read(slice->text, &bad);
    if (!json_is_object(message)) {
        json_decref(message);
        return take_apart(r, slice, err);
    }
    bool ok = emit(r, message, slice->start, slice->end, err);
    json_decref(message);
    return ok;
}

static bool on_junk(uint64_t start, uint64_t end, void *payload,
                    struct mud_error *err)
{
    struct reader *r = payload;
    mud_arena_reset(r->arena);
    struct mud_str what =
        mud_str_printf(r->arena,
                       "%llu bytes between messages are no message",
                       (unsigned long long)(end - start));
    return note(r, "warning", "junk", start, what, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    head = mud_str_trim(head);
    if (mud_str_starts(head, MUD_STR("\xEF\xBB\xBF")))
        head = mud_str_trim(mud_str_sub(head, 3, head.n));
    if (!head.n || head.s[0] != '{')
        return false;
    bool messages = mud_str_find(head, MUD_STR("\"messages\"")) != MUD_NPOS;
    bool chats =
        mud_str_find(head, MUD_STR("\"chats\"")) != MUD_NPOS ||
        mud_str_find(head, MUD_STR("\"personal_information\"")) != MUD_NPOS;
    bool type = mud_str_find(head, MUD_STR("\"type\"")) != MUD_NPOS;
    return (messages && type) || chats;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    enum {
        CHUNK = 65536
    };
    struct reader r = {.in = in, .sink = sink, .arena = mud_arena_new()};
    struct mud_slicer *slicer = mud_calloc(1, sizeof(*slicer));
    slicer->message = on_message;
    slicer->junk = on_junk;
    slicer->payload = &r;
    mud_slicer_init(slicer);
    char *chunk = mud_malloc(CHUNK);
    size_t n = 1;
    bool ok = true;
    while (ok && n) {
        ok = in->bytes.read(in->bytes.payload, chunk, CHUNK, &n, err) &&
             mud_slicer_feed(slicer, chunk, n, err);
    }
    if (ok)
        ok = mud_slicer_end(slicer, err);
    else
        mud_buf_free(&slicer->text);
    free(chunk);
    free(slicer);
    mud_zone_free(r.zone);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_telegram = {"telegram", is, read};
