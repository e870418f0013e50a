/*
 * JSON files of WeChat messages that somebody hands over, as three programs
 * write them:
 *
 * WeFlow and echotrace: {"weflow": {...}, "session": {"wxid" or "accountId",
 * "nickname"...}, "senders": [...], "messages": [...]}, a message with localId,
 * platformMessageId (in newer ones: localId is then a running number), createTime,
 * type (a Chinese word; localType is not to be trusted), content,
 * senderUsername and senderDisplayName or senderID, replyToMessageId,
 * quotedSender and quotedContent.
 *
 * chatlog: an array of {"seq", "time", "talker", "talkerName", "sender",
 * "senderName", "isSelf", "type", "subType", "content", "contents"}.
 *
 * PyWxDump: an array of {"id", "MsgSvrID", "type_name", "is_sender", "talker"
 * (who wrote it), "room_name" (the chat), "msg", "src", "CreateTime"}.
 *
 * Structure from the sources of these programs (JsonFormatter.ts, message.go,
 * dbMSG.py); samples are made up (samples/parse/wechat).
 */
#include "parse/chat_wechat.h"

#include "parse/chat_json.h"
#include "parse/chat_map.h"
#include "parse/wechat_message.h"

struct reader {
    const struct mud_chat_in *in;
    const struct mud_chat_sink *sink;
    struct mud_arena *arena;   /* of one message */
    struct mud_chat_map names; /* of numbered senders */
    struct mud_zone *zone;
    char chat[256], title[256]; /* of the session, NUL-ended */
};

/* ---- WeFlow, echotrace ---- */

static const char *account_key(const json_t *object)
{
    return mud_json_has(object, "wxid") ? "wxid" : "accountId";
}

static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    bool session = strcmp(key, "session") == 0;
    (void)at;
    (void)err;
    if (!session && strcmp(key, "senders") != 0)
        return true;
    json_t *value = mud_chat_json_value(json);
    if (session) {
        struct mud_str title = mud_json_get_str(value, "displayName");
        mud_chat_keep(r->chat,
                      sizeof(r->chat),
                      mud_json_get_str(value, account_key(value)));
        mud_chat_keep(r->title,
                      sizeof(r->title),
                      title.n ? title : mud_json_get_str(value, "nickname"));
    }
    for (size_t i = 0; !session && i < json_array_size(value); i++) {
        const json_t *one = json_array_get(value, i);
        struct mud_str id = mud_chat_id(one, "senderID", r->arena);
        mud_chat_map_put(&r->names,
                         "id",
                         id,
                         (struct mud_str){0},
                         mud_chat_text(one, account_key(one), r->arena));
        mud_chat_map_put(&r->names,
                         "name",
                         id,
                         (struct mud_str){0},
                         mud_chat_text(one, "displayName", r->arena));
    }
    json_decref(value);
    mud_arena_reset(r->arena);
    return true;
}

/* "words[引用 NAME：TEXT]": what is quoted stands apart as well. */
static void without_quote(struct mud_post *post, struct mud_str quoted)
{
    struct mud_str body = post->body, mark = MUD_STR("[引用"), rest = body;
    size_t at = MUD_NPOS, next;
    while ((next = mud_str_find(rest, mark)) != MUD_NPOS) {
        at = (size_t)(rest.s - body.s) + next;
        rest = mud_str_sub(rest, next + mark.n, rest.n);
    }
    if (at != MUD_NPOS && mud_str_ends(body, MUD_STR("]")) &&
        mud_str_find(mud_str_sub(body, at, body.n), quoted) != MUD_NPOS)
        post->body = mud_str_trim(mud_str_sub(body, 0, at));
}

/* "[图片]" or a path of the export stands where the words would. */
static void without_placeholder(struct mud_wechat *m)
{
    struct mud_str body = mud_str_trim(m->post.body);
    bool bracket = body.n > 1 && body.s[0] == '[' && body.s[body.n - 1] == ']';
    bool path = mud_str_chr(body, '/') != MUD_NPOS &&
                mud_str_chr(body, ' ') == MUD_NPOS &&
                mud_str_chr(body, '\n') == MUD_NPOS &&
                mud_str_rchr(body, '.') != MUD_NPOS;
    if (m->kind == MUD_WECHAT_FILE && !path && !bracket)
        path = true; /* its name */
    if (path && !bracket)
        m->file = body;
    if (path || bracket)
        m->post.body = (struct mud_str){0};
}

static void weflow(struct reader *r, struct mud_wechat *m,
                   const json_t *message)
{
    struct mud_post *post = &m->post;
    struct mud_str sender = mud_chat_id(message, "senderID", r->arena);
    struct mud_str quoted = mud_chat_text(message, "quotedContent", r->arena);
    post->site = mud_str_z(r->chat[0] ? r->chat : "?");
    post->thread_title = mud_str_z(r->title);
    post->post = mud_chat_id(message, "platformMessageId", r->arena);
    if (!post->post.n)
        post->post = mud_chat_id(message, "localId", r->arena);
    post->author_id = mud_chat_text(message, "senderUsername", r->arena);
    post->author = mud_chat_text(message, "senderDisplayName", r->arena);
    if (sender.n && !post->author_id.n) {
        struct mud_str none = {0};
        post->author_id = mud_chat_map_get(&r->names, "id", sender, none);
        post->author = mud_chat_map_get(&r->names, "name", sender, none);
    }
    post->body = mud_chat_text(message, "content", r->arena);
    post->posted = mud_chat_epoch(message, "createTime");
    if (mud_json_get_int(message, "isSend", 0) == 1)
        post->author_role = MUD_STR("exporter");
    m->kind = mud_wechat_kind_of(mud_json_get_str(message, "type"));
    if (m->kind >= MUD_WECHAT_PICTURE && m->kind <= MUD_WECHAT_FILE)
        without_placeholder(m);
    mud_chat_list_add(
        &m->links, mud_chat_text(message, "linkUrl", r->arena), r->arena);
    if (quoted.n)
        without_quote(post, quoted);
    mud_wechat_quote(post,
                     mud_chat_text(message, "quotedSender", r->arena),
                     mud_chat_id(message, "replyToMessageId", r->arena),
                     quoted,
                     r->arena);
}

/* ---- chatlog ---- */

static void chatlog(struct reader *r, struct mud_wechat *m,
                    const json_t *message)
{
    struct mud_post *post = &m->post;
    const json_t *in = json_object_get(message, "contents");
    const json_t *refer = json_object_get(in, "refer");
    int64_t sub = mud_json_get_int(message, "subType", 0);
    struct mud_str title = mud_chat_text(in, "title", r->arena);
    post->site = mud_chat_text(message, "talker", r->arena);
    post->thread_title = mud_chat_text(message, "talkerName", r->arena);
    post->post = mud_chat_id(message, "seq", r->arena);
    post->author_id = mud_chat_text(message, "sender", r->arena);
    post->author = mud_chat_text(message, "senderName", r->arena);
    post->body = mud_chat_text(message, "content", r->arena);
    if (!mud_time_parse(mud_json_get_str(message, "time"), &post->posted))
        post->posted = 0;
    if (mud_json_get_bool(message, "isSelf"))
        post->author_role = MUD_STR("exporter");
    m->kind = mud_wechat_kind_of(mud_chat_id(message, "type", r->arena));
    m->file = mud_chat_text(in, "md5", r->arena);
    if (m->kind == MUD_WECHAT_STICKER)
        m->file = mud_chat_text(in, "cdnurl", r->arena);
    if (m->kind == MUD_WECHAT_PLACE && !post->body.n)
        post->body = mud_chat_text(in, "label", r->arena);
    if (m->kind != MUD_WECHAT_APP)
        return;
    if (sub == 6) {
        m->kind = MUD_WECHAT_FILE;
        m->file = title;
    } else if (!post->body.n) {
        struct mud_str more = mud_chat_text(in, "desc", r->arena);
        post->body = title;
        if (more.n && !mud_str_eq(more, title))
            post->body = mud_str_printf(
                r->arena, "%.*s\n%.*s", MUD_FMT(title), MUD_FMT(more));
    }
    post->forwarded = sub == 19;
    mud_chat_list_add(&m->links, mud_chat_text(in, "url", r->arena), r->arena);
    mud_wechat_quote(post,
                     mud_chat_text(refer, "senderName", r->arena),
                     mud_chat_id(refer, "seq", r->arena),
                     mud_chat_text(refer, "content", r->arena),
                     r->arena);
}

/* ---- PyWxDump ---- */

/* Its times are wall times. */
static bool pywxdump(struct reader *r, struct mud_wechat *m,
                     const json_t *message, struct mud_error *err)
{
    struct mud_post *post = &m->post;
    if (!r->zone && !mud_chat_zone(&r->zone, r->in, r->sink, err))
        return false;
    post->site = mud_chat_text(message, "room_name", r->arena);
    post->post = mud_chat_id(message, "MsgSvrID", r->arena);
    if (!post->post.n || mud_str_eqz(post->post, "0"))
        post->post = mud_chat_id(message, "id", r->arena);
    post->author_id = mud_chat_text(message, "talker", r->arena);
    post->body = mud_chat_text(message, "msg", r->arena);
    post->posted =
        mud_chat_wall_time(r->zone, mud_json_get_str(message, "CreateTime"));
    mud_wechat_pywxdump(m,
                        mud_chat_text(message, "type_name", r->arena),
                        mud_chat_text(message, "src", r->arena),
                        mud_json_get_int(message, "is_sender", 0) == 1,
                        r->arena);
    return true;
}

static bool on_message(json_t *message, struct mud_range at, void *payload,
                       struct mud_error *err)
{
    struct reader *r = payload;
    struct mud_wechat m = {.post = {.where = at}};
    if (mud_json_has(message, "room_name")) {
        if (!pywxdump(r, &m, message, err))
            return false;
    } else if (mud_json_has(message, "seq") &&
               mud_json_has(message, "talker")) {
        chatlog(r, &m, message);
    } else {
        weflow(r, &m, message);
    }
    if (!m.post.post.n || !m.post.site.n)
        return mud_chat_no_id(r->sink, at.start, err);
    mud_wechat_finish(&m, r->arena);
    return r->sink->post(&m.post, r->sink->payload, err);
}

static bool all_of(struct mud_str head, const char *const *marks)
{
    for (; *marks; marks++)
        if (mud_str_find(head, mud_str_z(*marks)) == MUD_NPOS)
            return false;
    return true;
}

static bool is(struct mud_str head, struct mud_str name)
{
    static const char *const weflow_old[] = {"\"session\"", "\"wxid\"", NULL};
    static const char *const weflow_new[] = {
        "\"session\"", "\"weflow\"", "\"messages\"", NULL};
    static const char *const chatlog_marks[] = {
        "\"seq\"", "\"talker\"", "\"isChatRoom\"", NULL};
    static const char *const dump[] = {
        "\"MsgSvrID\"", "\"room_name\"", "\"is_sender\"", NULL};
    (void)name;
    return all_of(head, weflow_old) || all_of(head, weflow_new) ||
           all_of(head, chatlog_marks) || all_of(head, dump);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"messages", "", NULL};
    struct reader r = {.in = in, .sink = sink, .arena = mud_arena_new()};
    struct mud_chat_json json = {
        .sink = sink,
        .arena = r.arena,
        .lists = lists,
        .message = on_message,
        .member = on_member,
        .payload = &r,
    };
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_json_read(&json, &in->bytes, err);
    mud_zone_free(r.zone);
    mud_chat_map_free(&r.names);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_wechat_json = {"wechat-json", is, read};
