/*
 * {"metadata": {...}, "chatInfo": {"name", "type", ...}, "messages": [...]}
 * A message has messageId, timestamp (ISO), sender {uid, uin, name}, content
 * {text, reply {referencedMessageId, senderName, content}, resources}, isRecalled
 * and rawMessage {sendNickName, sendMemberName: the card in the group}. Times
 * of version 4 may be milliseconds. Structure: the exporter's type definitions
 * as described in public; samples are made up (samples/parse/qq).
 */
#include "parse/chat_qq_nt.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"
#include "parse/chat_qq_txt.h"
#include "parse/json_items.h"

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one message */
    char chat[256], id[64];  /* name and number of the chat, NUL-ended */
};

static void keep(char *out, size_t size, struct mud_str s)
{
    size_t n = mud_utf8_cut(s, size - 1);
    memcpy(out, s.s ? s.s : "", n);
    out[n] = '\0';
}

static bool member(const char *key, struct mud_str json, struct mud_range at,
                   void *payload, struct mud_error *err)
{
    static const char *const ids[] = {
        "peerUin", "groupCode", "peerUid", "uin", "id", NULL};
    struct reader *r = payload;
    struct mud_error bad = {0};
    (void)at;
    (void)err;
    if (strcmp(key, "chatInfo") != 0)
        return true;
    json_t *info = mud_json_read(json, &bad);
    mud_error_clear(&bad);
    keep(r->chat, sizeof(r->chat), mud_json_get_str(info, "name"));
    for (const char *const *name = ids; *name && !r->id[0]; name++)
        keep(r->id, sizeof(r->id), mud_chat_id(info, *name, r->arena));
    json_decref(info);
    mud_arena_reset(r->arena);
    return true;
}

static void sender(struct mud_post *post, const json_t *message,
                   struct mud_arena *arena)
{
    const json_t *who = json_object_get(message, "sender");
    const json_t *raw = json_object_get(message, "rawMessage");
    struct mud_str card = mud_chat_text(raw, "sendMemberName", arena);
    post->author_id = mud_chat_id(who, "uin", arena);
    if (!post->author_id.n)
        post->author_id = mud_chat_id(who, "uid", arena);
    post->author = mud_chat_text(who, "name", arena);
    if (!post->author.n)
        post->author = mud_chat_text(raw, "sendNickName", arena);
    size_t close = mud_str_find(card, MUD_STR("】"));
    if (mud_str_starts(card, MUD_STR("【")) && close != MUD_NPOS)
        post->author_role = mud_str_sub(card, 3, close);
}

static void content(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    const json_t *c = json_object_get(message, "content");
    const json_t *reply = json_object_get(c, "reply");
    const json_t *resources = json_object_get(c, "resources");
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    post->body = mud_chat_text(c, "text", arena);
    mud_chat_links(&links, post->body, arena);
    for (size_t i = 0; i < json_array_size(resources); i++) {
        const json_t *one = json_array_get(resources, i);
        struct mud_str type = mud_chat_text(one, "type", arena);
        struct mud_str name = mud_chat_text(one, "filename", arena);
        if (!name.n)
            name = mud_chat_text(one, "md5", arena);
        mud_chat_list_add(mud_str_eqz(type, "image") ? &images : &files,
                          name.n ? name : type,
                          arena);
    }
    post->links = links.items;
    post->n_links = links.n;
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = files.items;
    post->n_attachments = files.n;
    if (!json_is_object(reply))
        return;
    post->reply_to = mud_chat_id(reply, "referencedMessageId", arena);
    struct mud_quote *quote = mud_arena_array(arena, 1, sizeof(*quote));
    quote->author = mud_chat_text(reply, "senderName", arena);
    quote->post = post->reply_to;
    quote->text = mud_chat_text(reply, "content", arena);
    if (quote->text.n) {
        post->quotes = quote;
        post->n_quotes = 1;
    }
}

static bool emit(struct reader *r, const json_t *message, struct mud_range at,
                 struct mud_error *err)
{
    struct mud_str member_name = {0};
    const char *chat = r->id[0] ? r->id : r->chat[0] ? r->chat : "?";
    struct mud_post post = {
        .engine = MUD_STR("qq"),
        .site = mud_str_z(chat),
        .thread = mud_str_z(chat),
        .thread_title = mud_str_z(r->chat),
        .post = mud_chat_id(message, "messageId", r->arena),
        .where = at,
    };
    if (!post.post.n)
        return mud_chat_note(r->sink,
                             "warning",
                             "no-id",
                             at.start,
                             MUD_STR("a message without an id is set aside"),
                             err);
    if (!mud_time_parse(mud_json_get_str(message, "timestamp"), &post.posted))
        post.posted = mud_chat_epoch(message, "timestamp");
    if (post.posted)
        post.posted_precision = MUD_TO_SECOND;
    sender(&post, message, r->arena);
    content(&post, message, r->arena);
    if (mud_json_get_bool(message, "isSystemMessage")) {
        post.author = post.author_id = (struct mud_str){0};
        post.service = mud_chat_qq_service(post.body, &member_name);
        post.members = member_name.n ? &member_name : NULL;
        post.n_members = member_name.n > 0;
    }
    if (mud_json_get_bool(message, "isRecalled"))
        post.state = MUD_POST_DELETED; /* its text stays where it was kept */
    else if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    return r->sink->post(&post, r->sink->payload, err);
}

static bool item(const char *list, struct mud_str json, struct mud_range at,
                 void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_error bad = {0};
    (void)list;
    json_t *message = mud_json_read(json, &bad);
    bool ok;
    if (json_is_object(message))
        ok = emit(r, message, at, err);
    else
        ok = mud_chat_note(r->sink,
                           "warning",
                           "bad-message",
                           at.start,
                           bad.text[0] ? mud_str_z(bad.text)
                                       : MUD_STR("no object"),
                           err);
    mud_error_clear(&bad);
    json_decref(message);
    mud_arena_reset(r->arena);
    return ok;
}

static bool fault(const char *code, struct mud_range at, void *payload,
                  struct mud_error *err)
{
    struct reader *r = payload;
    return mud_chat_broken(r->sink, code, at, err);
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("\"chatInfo\"")) != MUD_NPOS &&
           (mud_str_find(head, MUD_STR("QQChatExporter")) != MUD_NPOS ||
            mud_str_find(head, MUD_STR("\"uin\"")) != MUD_NPOS);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"messages", NULL};
    struct reader r = {.sink = sink, .arena = mud_arena_new()};
    const struct mud_json_items items = {
        .lists = lists,
        .item = item,
        .member = member,
        .fault = fault,
        .payload = &r,
    };
    bool ok = mud_chat_unverified(sink, err) &&
              mud_json_items_read(&items, &in->bytes, err);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_qq_nt = {"qq-nt", is, read};
