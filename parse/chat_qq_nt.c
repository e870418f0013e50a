/*
 * QQ NT by qq-chat-exporter: {"metadata": {...}, "chatInfo": {"name", "type",
 * "selfUin"...}, "statistics": {...}, "messages": [...]}, or messages a line
 * each in the files of a folder ("chunks/c000001.jsonl" beside manifest.json).
 *
 * Version 5: id, seq, timestamp (ms), time (ISO), sender {uid, uin, name,
 * nickname, groupCard, remark, title}, type, content {text, elements [{type,
 * data}], resources, mentions}, recalled, system. The text has marks for what
 * is not text ("[回复消息]", "[图片:a.png]"), so the words are taken from the
 * elements. Version 4: messageId, timestamp (ISO), content {text, reply
 * {referencedMessageId, senderName, content}, resources}, isRecalled and
 * rawMessage {sendNickName, sendMemberName: the card in the group}.
 *
 * The number of the chat stands only in the file's name:
 * "group_NUMBER_20261122_101010.json", "NAME(NUMBER).json". Structure from the
 * exporter's source (SimpleMessageParser.ts, JsonExporter.ts, exportFileName.ts);
 * samples are made up (samples/parse/qq).
 */
#include "parse/chat_qq_nt.h"

#include "base/utf8.h"
#include "parse/chat_json.h"
#include "parse/chat_notice.h"

#define BODY_MAX ((size_t)1 << 20)

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one message */
    char chat[256], id[64];  /* name and number of the chat, NUL-ended */
};

static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    static const char *const ids[] = {
        "peerUin", "groupCode", "peerUid", "uin", "id", NULL};
    struct reader *r = payload;
    (void)at;
    (void)err;
    if (strcmp(key, "chatInfo") != 0)
        return true;
    json_t *info = mud_chat_json_value(json);
    mud_chat_keep(r->chat, sizeof(r->chat), mud_json_get_str(info, "name"));
    for (const char *const *name = ids; *name && !r->id[0]; name++)
        mud_chat_keep(r->id, sizeof(r->id), mud_chat_id(info, *name, r->arena));
    json_decref(info);
    mud_arena_reset(r->arena);
    return true;
}

static size_t digits(struct mud_str s)
{
    size_t n = 0;
    while (n < s.n && s.s[n] >= '0' && s.s[n] <= '9')
        n++;
    return n;
}

/* The number of the chat out of the name of its file. */
static struct mud_str number_in(struct mud_str name)
{
    size_t open = mud_str_rchr(name, '(');
    if (open != MUD_NPOS) {
        struct mud_str rest = mud_str_sub(name, open + 1, name.n);
        size_t n = digits(rest);
        if (n >= 5 && n < rest.n && rest.s[n] == ')')
            return mud_str_sub(rest, 0, n);
    }
    if (!mud_str_starts(name, MUD_STR("group_")) &&
        !mud_str_starts(name, MUD_STR("friend_")))
        return (struct mud_str){0};
    /* NUMBER_DATE_TIME at the end: the name before it may have "_" too. */
    struct mud_str rest = name;
    for (size_t at = mud_str_chr(rest, '_'); at != MUD_NPOS;
         at = mud_str_chr(rest, '_')) {
        rest = mud_str_sub(rest, at + 1, rest.n);
        size_t n = digits(rest);
        struct mud_str behind = mud_str_sub(rest, n, rest.n);
        if (n >= 5 && behind.n > 9 && behind.s[0] == '_' &&
            digits(mud_str_sub(behind, 1, 9)) == 8 && behind.s[9] == '_')
            return mud_str_sub(rest, 0, n);
    }
    return (struct mud_str){0};
}

/* "NAME(NUMBER)_chunked_jsonl": a folder of lines says no more of its chat. */
static struct mud_str name_in(struct mud_str name)
{
    size_t open = mud_str_rchr(name, '(');
    return open == MUD_NPOS ? (struct mud_str){0} : mud_str_sub(name, 0, open);
}

/* ---- who ---- */

static void sender(struct mud_post *post, const json_t *message,
                   struct mud_arena *arena)
{
    const json_t *who = json_object_get(message, "sender");
    const json_t *raw = json_object_get(message, "rawMessage");
    struct mud_str card = mud_chat_text(raw, "sendMemberName", arena);
    if (!card.n)
        card = mud_chat_text(who, "groupCard", arena);
    post->author_id = mud_chat_id(who, "uin", arena);
    if (!post->author_id.n || mud_str_eqz(post->author_id, "0"))
        post->author_id = mud_chat_id(who, "uid", arena);
    post->author = mud_chat_text(who, "name", arena);
    if (!post->author.n)
        post->author = mud_chat_text(raw, "sendNickName", arena);
    post->author_role = mud_chat_text(who, "title", arena);
    size_t close = mud_str_find(card, MUD_STR("】"));
    if (!post->author_role.n && mud_str_starts(card, MUD_STR("【")) &&
        close != MUD_NPOS)
        post->author_role = mud_str_sub(card, 3, close);
}

/* ---- what was said ---- */

struct saying {
    struct mud_post *post;
    struct mud_arena *arena;
    struct mud_buf body;
    struct mud_chat_list links, images, files;
};

static void reply(struct saying *s, const json_t *data)
{
    static const char *const ids[] = {"referencedMessageId", "messageId"};
    struct mud_quote *quote = mud_arena_array(s->arena, 1, sizeof(*quote));
    for (size_t i = 0; i < 2 && !s->post->reply_to.n; i++) {
        struct mud_str id = mud_chat_id(data, ids[i], s->arena);
        if (!mud_str_eqz(id, "0"))
            s->post->reply_to = id;
    }
    quote->author = mud_chat_text(data, "senderName", s->arena);
    quote->post = s->post->reply_to;
    quote->text = mud_chat_text(data, "content", s->arena);
    if (!quote->text.n)
        return;
    s->post->quotes = quote;
    s->post->n_quotes = 1;
}

static void line(struct saying *s, struct mud_str text)
{
    if (!text.n)
        return;
    if (s->body.n)
        mud_buf_c(&s->body, '\n');
    mud_buf_str(&s->body, text);
}

/* A record of other messages: the words of each, with who said them. */
static void forward(struct saying *s, const json_t *data)
{
    const json_t *list = json_object_get(data, "messages");
    s->post->forwarded = true;
    line(s, mud_json_get_str(data, "title"));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct mud_str name =
            mud_json_get_str(json_object_get(one, "sender"), "name");
        struct mud_str text =
            mud_json_get_str(json_object_get(one, "content"), "text");
        line(s,
             mud_str_printf(
                 s->arena, "%.*s: %.*s", MUD_FMT(name), MUD_FMT(text)));
    }
    if (!json_array_size(list))
        line(s, mud_json_get_str(data, "summary"));
}

static bool is_file(struct mud_str type)
{
    return mud_str_eqz(type, "image") || mud_str_eqz(type, "file") ||
           mud_str_eqz(type, "video") || mud_str_eqz(type, "audio");
}

static void one_file(struct saying *s, struct mud_str type, const json_t *file)
{
    struct mud_str name = mud_chat_text(file, "filename", s->arena);
    if (!name.n)
        name = mud_chat_text(file, "md5", s->arena);
    mud_chat_list_add(mud_str_eqz(type, "image") ? &s->images : &s->files,
                      name.n ? name : type,
                      s->arena);
}

static void element(struct saying *s, const json_t *one, bool files)
{
    const json_t *data = json_object_get(one, "data");
    struct mud_str type = mud_chat_text(one, "type", s->arena);
    if (is_file(type)) {
        if (files)
            one_file(s, type, data);
    } else if (mud_str_eqz(type, "text")) {
        mud_buf_str(&s->body, mud_json_get_str(data, "text"));
    } else if (mud_str_eqz(type, "at")) {
        mud_buf_c(&s->body, '@');
        mud_buf_str(&s->body, mud_json_get_str(data, "name"));
    } else if (mud_str_eqz(type, "face") || mud_str_eqz(type, "market_face")) {
        mud_buf_c(&s->body, '[');
        mud_buf_str(&s->body, mud_json_get_str(data, "name"));
        mud_buf_c(&s->body, ']');
    } else if (mud_str_eqz(type, "reply")) {
        reply(s, data);
    } else if (mud_str_eqz(type, "forward")) {
        forward(s, data);
    } else if (mud_str_eqz(type, "json")) {
        line(s, mud_json_get_str(data, "title"));
        line(s, mud_json_get_str(data, "description"));
        mud_chat_list_add(
            &s->links, mud_chat_text(data, "url", s->arena), s->arena);
    } else if (mud_str_eqz(type, "markdown")) {
        line(s, mud_json_get_str(data, "content"));
    } else {
        struct mud_str text = mud_json_get_str(data, "text");
        line(s, text.n ? text : mud_json_get_str(data, "summary"));
    }
}

static void content(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    const json_t *c = json_object_get(message, "content");
    const json_t *elements = json_object_get(c, "elements");
    const json_t *resources = json_object_get(c, "resources");
    const json_t *quoted = json_object_get(c, "reply");
    struct saying s = {.post = post, .arena = arena, .body = {.max = BODY_MAX}};
    for (size_t i = 0; i < json_array_size(elements); i++)
        element(
            &s, json_array_get(elements, i), json_array_size(resources) == 0);
    for (size_t i = 0; i < json_array_size(resources); i++) {
        const json_t *one = json_array_get(resources, i);
        one_file(&s, mud_chat_text(one, "type", arena), one);
    }
    if (!json_array_size(elements))
        mud_buf_str(&s.body, mud_json_get_str(c, "text"));
    if (json_is_object(quoted))
        reply(&s, quoted);
    post->body = mud_utf8_clean(
        mud_str_dup(mud_str_trim(mud_buf_view(&s.body)), arena), arena, NULL);
    mud_buf_free(&s.body);
    mud_chat_links(&s.links, post->body, arena);
    mud_chat_lists(post, &s.links, &s.images, &s.files);
}

static bool flag(const json_t *message, const char *now, const char *before)
{
    return mud_json_get_bool(message, now) ||
           mud_json_get_bool(message, before);
}

static bool on_message(json_t *message, struct mud_range at, void *payload,
                       struct mud_error *err)
{
    struct reader *r = payload;
    const char *chat = r->id[0] ? r->id : r->chat[0] ? r->chat : "?";
    struct mud_post post = {
        .engine = MUD_STR("qq"),
        .site = mud_str_z(chat),
        .thread = mud_str_z(chat),
        .thread_title = mud_str_z(r->chat),
        .post = mud_chat_id(message, "id", r->arena),
        .where = at,
    };
    if (!post.post.n)
        post.post = mud_chat_id(message, "messageId", r->arena);
    if (!post.post.n)
        return mud_chat_no_id(r->sink, at.start, err);
    if (!mud_time_parse(mud_json_get_str(message, "timestamp"), &post.posted))
        post.posted = mud_chat_epoch(message, "timestamp");
    if (post.posted)
        post.posted_precision = MUD_TO_SECOND;
    sender(&post, message, r->arena);
    content(&post, message, r->arena);
    if (flag(message, "system", "isSystemMessage"))
        mud_chat_notice(&post, r->arena);
    if (flag(message, "recalled", "isRecalled"))
        post.state = MUD_POST_DELETED; /* its text stays where it was kept */
    else if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    return r->sink->post(&post, r->sink->payload, err);
}

/* A message a line, without anything around them. */
static bool is_lines(struct mud_str head)
{
    struct mud_str line;
    if (mud_str_starts(head, MUD_STR("\xef\xbb\xbf")))
        head = mud_str_sub(head, 3, head.n);
    return mud_str_starts(head, MUD_STR("{\"")) && mud_str_line(&head, &line) &&
           mud_str_find(line, MUD_STR("\"sender\"")) != MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"recalled\"")) != MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"messages\":[{")) == MUD_NPOS &&
           mud_str_find(line, MUD_STR("\"chatInfo\"")) == MUD_NPOS;
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    if (is_lines(head))
        return true;
    return mud_str_find(head, MUD_STR("\"chatInfo\"")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("\"chunked\"")) == MUD_NPOS &&
           (mud_str_find(head, MUD_STR("QQChatExporter")) != MUD_NPOS ||
            mud_str_find(head, MUD_STR("\"uin\"")) != MUD_NPOS);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"messages", NULL};
    static const char *const each[] = {"", NULL};
    struct reader r = {.sink = sink, .arena = mud_arena_new()};
    struct mud_chat_head head = {0};
    struct mud_chat_json json = {
        .sink = sink,
        .arena = r.arena,
        .lists = lists,
        .message = on_message,
        .member = on_member,
        .payload = &r,
    };
    mud_chat_keep(r.id, sizeof(r.id), number_in(in->name));
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_head_read(&head, &in->bytes, err);
    if (ok) {
        const struct mud_bytes_in bytes = mud_chat_head_again(&head);
        json.lines = is_lines(mud_str_of(head.text, head.n));
        json.lists = json.lines ? each : lists;
        if (json.lines)
            mud_chat_keep(r.chat, sizeof(r.chat), name_in(in->name));
        ok = mud_chat_json_read(&json, &bytes, err);
    }
    mud_chat_head_free(&head);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_qq_nt = {"qq-nt", is, read};
