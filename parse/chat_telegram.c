#include "parse/chat_telegram.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"
#include "parse/chat_repair.h"
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

static void add(struct reader *r, struct mud_chat_list *list, struct mud_str s)
{
    mud_chat_list_add(list, s, r->arena);
}

static struct mud_str own(struct reader *r, struct mud_str s)
{
    return mud_utf8_clean(mud_str_dup(s, r->arena), r->arena, NULL);
}

static struct mud_str text(struct reader *r, const json_t *object,
                           const char *key)
{
    return mud_chat_text(object, key, r->arena);
}

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

/* "text": a string, or an array of strings and {type, text, href}. */
static void join(struct reader *r, struct mud_buf *out,
                 struct mud_chat_list *links, const json_t *value)
{
    if (json_is_string(value)) {
        mud_buf_put(out, json_string_value(value), json_string_length(value));
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *part = json_array_get(value, i);
        if (json_is_string(part)) {
            mud_buf_put(out, json_string_value(part), json_string_length(part));
            continue;
        }
        struct mud_str said = mud_json_get_str(part, "text");
        struct mud_str type = mud_json_get_str(part, "type");
        mud_buf_str(out, said);
        if (mud_str_eqz(type, "link"))
            add(r, links, own(r, said));
        else if (mud_str_eqz(type, "text_link"))
            add(r, links, text(r, part, "href"));
        else if (mud_str_eqz(type, "mention_name"))
            add(r,
                links,
                mud_str_printf(r->arena,
                               "tg://user?id=%.*s",
                               MUD_FMT(id(r, part, "user_id"))));
    }
}

static void poll_text(struct mud_buf *out, const json_t *message)
{
    const json_t *poll = json_object_get(message, "poll");
    const json_t *answers = json_object_get(poll, "answers");
    struct mud_str question = mud_json_get_str(poll, "question");
    if (!question.n)
        return;
    if (out->n)
        mud_buf_c(out, '\n');
    mud_buf_str(out, question);
    for (size_t i = 0; i < json_array_size(answers); i++) {
        mud_buf_c(out, '\n');
        mud_buf_str(out, mud_json_get_str(json_array_get(answers, i), "text"));
    }
}

static void line(struct mud_buf *out, struct mud_str s)
{
    if (s.n && out->n)
        mud_buf_c(out, '\n');
    mud_buf_str(out, s);
}

/* Currencies without hundredths; "XTR" are Telegram's stars. */
static bool whole_units(struct mud_str currency)
{
    static const char *const rows[] = {
        "JPY", "KRW", "VND", "CLP", "UGX", "ISK", "PYG", "XTR"};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(currency, rows[i]))
            return true;
    return false;
}

/* Bills, games and places have words of their own. */
static void cards(struct reader *r, struct mud_buf *out,
                  struct mud_chat_list *links, const json_t *message)
{
    const json_t *bill = json_object_get(message, "invoice_information");
    struct mud_str currency = mud_json_get_str(bill, "currency");
    int64_t amount = mud_json_get_int(bill, "amount", 0);
    line(out, mud_json_get_str(bill, "title"));
    line(out, mud_json_get_str(bill, "description"));
    if (amount > 0 && currency.n && whole_units(currency))
        line(out,
             mud_str_printf(
                 r->arena, "%lld %.*s", (long long)amount, MUD_FMT(currency)));
    else if (amount > 0 && currency.n)
        line(out,
             mud_str_printf(r->arena,
                            "%lld.%02d %.*s",
                            (long long)(amount / 100),
                            (int)(amount % 100),
                            MUD_FMT(currency)));
    line(out, mud_json_get_str(message, "game_title"));
    line(out, mud_json_get_str(message, "game_description"));
    line(out, mud_json_get_str(message, "place_name"));
    line(out, mud_json_get_str(message, "address"));
    add(r, links, text(r, message, "game_link"));
}

/* The path when the file came with the export, else what kind it is. */
static struct mud_str file_name(struct reader *r, const json_t *message,
                                const char *key, const char *kind)
{
    struct mud_str path = text(r, message, key);
    struct mud_str named = text(r, message, "file_name");
    if (!path.n)
        return path;
    if (named.n && !strcmp(key, "file"))
        return named;
    if (path.s[0] != '(')
        return path;
    struct mud_str type = text(r, message, "media_type");
    return type.n ? type : mud_str_z(kind);
}

static void files(struct reader *r, struct mud_post *post,
                  const json_t *message)
{
    struct mud_chat_list images = {0}, attachments = {0};
    add(r, &images, file_name(r, message, "photo", "photo"));
    add(r, &attachments, file_name(r, message, "file", "file"));
    add(r, &attachments, text(r, message, "contact_vcard"));
    const json_t *card = json_object_get(message, "contact_information");
    if (card) {
        struct mud_str first = text(r, card, "first_name");
        struct mud_str last = text(r, card, "last_name");
        struct mud_str phone = text(r, card, "phone_number");
        add(r,
            &attachments,
            mud_str_printf(r->arena,
                           "contact: %.*s %.*s %.*s",
                           MUD_FMT(first),
                           MUD_FMT(last),
                           MUD_FMT(phone)));
    }
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = attachments.items;
    post->n_attachments = attachments.n;
}

/* Rows of buttons: what each says, and where it leads. */
static void buttons(struct reader *r, struct mud_post *post,
                    const json_t *message)
{
    struct mud_chat_list list = {0};
    const json_t *rows = json_object_get(message, "inline_bot_buttons");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        for (size_t k = 0; k < json_array_size(row); k++) {
            const json_t *button = json_array_get(row, k);
            struct mud_str data = text(r, button, "data");
            add(r, &list, text(r, button, "text"));
            if (mud_str_find(data, MUD_STR("://")) != MUD_NPOS)
                add(r, &list, data);
        }
    }
    post->buttons = list.items;
    post->n_buttons = list.n;
}

static void members(struct reader *r, struct mud_post *post,
                    const json_t *message)
{
    struct mud_chat_list list = {0};
    const json_t *names = json_object_get(message, "members");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *name = json_array_get(names, i);
        if (json_is_string(name))
            add(r,
                &list,
                own(r,
                    mud_str_of(json_string_value(name),
                               json_string_length(name))));
    }
    add(r, &list, text(r, message, "inviter"));
    post->members = list.items;
    post->n_members = list.n;
}

/* An emoji, or the number of one that somebody made. */
static void reactions(struct reader *r, struct mud_post *post,
                      const json_t *message)
{
    struct mud_reaction *out = NULL;
    size_t n = 0, cap = 0;
    const json_t *all = json_object_get(message, "reactions");
    for (size_t i = 0; i < json_array_size(all) && n < MUD_CHAT_LIST_MAX; i++) {
        const json_t *one = json_array_get(all, i);
        int64_t count = mud_json_get_int(one, "count", 0);
        struct mud_str sign = text(r, one, "emoji");
        if (!sign.n && mud_json_has(one, "document_id"))
            sign = mud_str_printf(
                r->arena, "custom:%.*s", MUD_FMT(id(r, one, "document_id")));
        if (!sign.n)
            sign = text(r, one, "type");
        if (!sign.n || count <= 0)
            continue;
        out = mud_arena_grow(r->arena, out, &cap, n, sizeof(*out));
        out[n++] = (struct mud_reaction){
            sign, count > UINT32_MAX ? UINT32_MAX : (uint32_t)count};
    }
    post->reactions = out;
    post->n_reactions = n;
}

static void forward(struct reader *r, struct mud_post *post,
                    const json_t *message)
{
    post->forwarded = mud_json_has(message, "forwarded_from") ||
                      mud_json_has(message, "forwarded_from_id") ||
                      mud_json_has(message, "saved_from");
    if (!post->forwarded)
        return;
    post->forward.from = text(r, message, "forwarded_from");
    if (!post->forward.from.n)
        post->forward.from = text(r, message, "saved_from");
    /* "channel123" is the chat that has the id 123; a user is no chat. */
    struct mud_str from = id(r, message, "forwarded_from_id");
    if (mud_str_starts(from, MUD_STR("channel")))
        post->forward.chat = mud_str_sub(from, 7, from.n);
    else if (mud_str_starts(from, MUD_STR("chat")))
        post->forward.chat = mud_str_sub(from, 4, from.n);
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
        s = own(r,
                mud_str_of(json_string_value(item), json_string_length(item)));
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

static void words(struct reader *r, struct mud_post *post,
                  const json_t *message)
{
    struct mud_chat_list links = {0};
    struct mud_buf out = {.max = (size_t)4 << 20};
    const json_t *value = json_object_get(message, "text");
    if (!json_is_string(value) && !json_is_array(value))
        value = json_object_get(message, "text_entities");
    join(r, &out, &links, value);
    poll_text(&out, message);
    cards(r, &out, &links, message);
    post->body = own(r, mud_buf_view(&out));
    mud_buf_free(&out);
    post->links = links.items;
    post->n_links = links.n;
}

static void action(struct reader *r, struct mud_post *post,
                   const json_t *message)
{
    post->service = text(r, message, "action");
    members(r, post, message);
    if (mud_str_eqz(post->service, "pin_message"))
        post->reply_to = id(r, message, "message_id");
    /* The name of a group or of a topic is what its actor wrote. */
    if (!post->body.n)
        post->body = text(r, message, "title");
    if (!post->body.n)
        post->body = text(r, message, "new_title");
    if (!post->service.n) {
        post->service = MUD_STR("system");
        post->body = text(r, message, "information_text");
    }
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
    post.author = text(r, message, service ? "actor" : "from");
    post.author_id = id(r, message, service ? "actor_id" : "from_id");
    if (!when(r, &post.posted, message, "date_unixtime", "date", err) ||
        !when(r, &post.edited, message, "edited_unixtime", "edited", err))
        return false;
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    if (answers_here(r, message))
        post.reply_to = id(r, message, "reply_to_message_id");
    post.where = (struct mud_range){start, end};
    words(r, &post, message);
    files(r, &post, message);
    buttons(r, &post, message);
    forward(r, &post, message);
    reactions(r, &post, message);
    if (mud_json_has(message, "author")) /* who signed a channel's post */
        post.signature = text(r, message, "author");
    if (service)
        action(r, &post, message);
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
