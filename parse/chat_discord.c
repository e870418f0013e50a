/*
 * DiscordChatExporter's JSON: {"guild", "channel", ..., "messages": [...]},
 * one channel (or thread, or direct chat) a file. Ids are snowflakes, which
 * hold the time themselves. Times have the offset that was chosen at export.
 * Replies and forwards are a "reference"; what a forward carries is in
 * "forwardedMessage". Deletions leave no trace, edits only their time. Facts:
 * Tyrrrz/DiscordChatExporter, Exporting/JsonMessageWriter.cs; verified against
 * real exports; the samples are made up in that form.
 *
 * An embed whose address is in the text is a preview that Discord made of a
 * link, so nobody's own words; any other was written by the author (a bot or
 * a web hook) and belongs to the body.
 */
#include "parse/chat_discord.h"

#include "base/utf8.h"
#include "parse/chat_json.h"

#define DISCORD_EPOCH INT64_C(1420070400000) /* ms: 2015-01-01 */
#define BODY_MAX      ((size_t)1 << 20)

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one message */
    struct mud_arena *all;   /* of the file: what the head says */
    struct mud_str guild, guild_name, channel, title;
};

/* ---- when ---- */

static int64_t when(const json_t *object, const char *key)
{
    int64_t us = 0;
    struct mud_str text = mud_json_get_str(object, key);
    return text.n && mud_time_parse(text, &us) ? us : 0;
}

int64_t mud_chat_discord_time(struct mud_str id)
{
    uint64_t n;
    if (!mud_str_u64(id, &n) || n < UINT64_C(1) << 22)
        return 0;
    return ((int64_t)(n >> 22) + DISCORD_EPOCH) * (MUD_SECOND / 1000);
}

/* ---- who ---- */

/* The role that stands highest; older files do not say where they stand. */
static struct mud_str role_of(const json_t *author, struct mud_arena *arena)
{
    const json_t *roles = json_object_get(author, "roles"), *best = NULL;
    int64_t top = INT64_MIN;
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        int64_t at = mud_json_get_int(role, "position", 0);
        if (!best || at > top) {
            best = role;
            top = at;
        }
    }
    struct mud_str name = mud_chat_text(best, "name", arena);
    if (!name.n && mud_json_get_bool(author, "isBot"))
        return MUD_STR("bot");
    return name;
}

static void who(struct reader *r, struct mud_post *post, const json_t *author)
{
    struct mud_str name = mud_chat_text(author, "name", r->arena);
    struct mud_str shown = mud_chat_text(author, "nickname", r->arena);
    struct mud_str number = mud_chat_text(author, "discriminator", r->arena);
    post->author = shown.n ? shown : name;
    post->author_id = mud_chat_id(author, "id", r->arena);
    post->author_role = role_of(author, r->arena);
    if (number.n && !mud_str_eqz(number, "0000") && !mud_str_eqz(number, "0"))
        post->author_handle = mud_str_printf(
            r->arena, "%.*s#%.*s", MUD_FMT(name), MUD_FMT(number));
    else
        post->author_handle = name;
}

/* ---- what was said ---- */

static void line(struct mud_buf *out, struct mud_str text)
{
    if (!text.n)
        return;
    if (out->n)
        mud_buf_c(out, '\n');
    mud_buf_str(out, text);
}

static void embed(struct reader *r, struct mud_buf *body,
                  struct mud_chat_list *images, const json_t *embed)
{
    const json_t *fields = json_object_get(embed, "fields");
    const json_t *pictures = json_object_get(embed, "images");
    const json_t *picture = json_object_get(embed, "image");
    line(body, mud_json_get_str(json_object_get(embed, "author"), "name"));
    line(body, mud_json_get_str(embed, "title"));
    line(body, mud_json_get_str(embed, "description"));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        line(body, mud_json_get_str(field, "name"));
        line(body, mud_json_get_str(field, "value"));
    }
    line(body, mud_json_get_str(json_object_get(embed, "footer"), "text"));
    mud_chat_list_add(
        images, mud_chat_text(picture, "url", r->arena), r->arena);
    for (size_t i = 0; i < json_array_size(pictures); i++)
        mud_chat_list_add(
            images,
            mud_chat_text(json_array_get(pictures, i), "url", r->arena),
            r->arena);
}

/* Content, files, embeds and stickers of a message or of what it forwards. */
static void said(struct reader *r, struct mud_post *post, const json_t *message)
{
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    struct mud_buf body = {.max = BODY_MAX};
    const json_t *list = json_object_get(message, "attachments");
    struct mud_str content = mud_json_get_str(message, "content");
    mud_buf_str(&body, content);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *file = json_array_get(list, i);
        bool image = mud_chat_is_image(mud_json_get_str(file, "fileName"));
        mud_chat_list_add(image ? &images : &files,
                          mud_chat_text(file, "url", r->arena),
                          r->arena);
    }
    list = json_object_get(message, "embeds");
    for (size_t i = 0; i < json_array_size(list) && i < 10; i++) {
        const json_t *one = json_array_get(list, i);
        struct mud_str url = mud_json_get_str(one, "url");
        bool preview = url.n && mud_str_find(content, url) != MUD_NPOS;
        if (!preview)
            embed(r, &body, &images, one);
        mud_chat_links(&links, mud_chat_text(one, "url", r->arena), r->arena);
    }
    list = json_object_get(message, "stickers");
    for (size_t i = 0; i < json_array_size(list); i++)
        mud_chat_list_add(
            &images,
            mud_chat_text(json_array_get(list, i), "sourceUrl", r->arena),
            r->arena);
    post->body = mud_utf8_clean(
        mud_str_dup(mud_buf_view(&body), r->arena), r->arena, NULL);
    mud_buf_free(&body);
    mud_chat_links(&links, post->body, r->arena);
    mud_chat_lists(post, &links, &images, &files);
}

static void reactions(struct reader *r, struct mud_post *post,
                      const json_t *message)
{
    const json_t *list = json_object_get(message, "reactions");
    size_t n = json_array_size(list);
    struct mud_reaction *out;
    if (!n)
        return;
    n = n < MUD_CHAT_LIST_MAX ? n : MUD_CHAT_LIST_MAX;
    out = mud_arena_array(r->arena, n, sizeof(*out));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        int64_t count = mud_json_get_int(one, "count", 1);
        out[i].sign =
            mud_chat_text(json_object_get(one, "emoji"), "name", r->arena);
        out[i].count = count > 0 && count < INT32_MAX ? (uint32_t)count : 0;
    }
    post->reactions = out;
    post->n_reactions = n;
}

/* ---- service messages ---- */

/* What a type means when it is not somebody's words; empty when it is. */
static struct mud_str service_of(struct mud_str type)
{
    static const struct {
        const char *type, *number, *action;
    } rows[] = {
        {"RecipientAdd", "1", "add"},
        {"RecipientRemove", "2", "remove"},
        {"Call", "3", "call"},
        {"ChannelNameChange", "4", "title"},
        {"ChannelIconChange", "5", "photo"},
        {"ChannelPinnedMessage", "6", "pin"},
        {"GuildMemberJoin", "7", "join"},
        {"GuildBoost", "8", "boost"},
        {"GuildBoostTier1", "9", "boost"},
        {"GuildBoostTier2", "10", "boost"},
        {"GuildBoostTier3", "11", "boost"},
        {"ChannelFollowAdd", "12", "follow"},
        {"ThreadCreated", "18", "thread"},
        {"AutoModerationAction", "24", "moderate"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(type, rows[i].type) ||
            mud_str_eqz(type, rows[i].number))
            return mud_str_z(rows[i].action);
    return (struct mud_str){0};
}

static void service(struct reader *r, struct mud_post *post,
                    const json_t *message)
{
    struct mud_chat_list names = {0};
    const json_t *list = json_object_get(message, "mentions");
    post->service = service_of(mud_json_get_str(message, "type"));
    if (!post->service.n)
        return;
    if (mud_str_eqz(post->service, "join"))
        mud_chat_list_add(&names, post->author, r->arena);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        struct mud_str shown = mud_chat_text(one, "nickname", r->arena);
        mud_chat_list_add(&names,
                          shown.n ? shown
                                  : mud_chat_text(one, "name", r->arena),
                          r->arena);
    }
    post->members = names.items;
    post->n_members = names.n;
}

/* ---- messages ---- */

/* What it answers, or where it was taken from. */
static void reference(struct reader *r, struct mud_post *post,
                      const json_t *message)
{
    const json_t *to = json_object_get(message, "reference");
    const json_t *taken = json_object_get(message, "forwardedMessage");
    struct mud_str id = mud_chat_id(to, "messageId", r->arena);
    struct mud_str channel = mud_chat_id(to, "channelId", r->arena);
    if (json_is_object(taken) ||
        mud_str_eqz(mud_json_get_str(to, "type"), "Forward")) {
        post->forwarded = true;
        post->forward.chat = channel;
        post->forward.post = id;
        post->forward.date = when(taken, "timestamp");
        if (!post->forward.date)
            post->forward.date = mud_chat_discord_time(id);
    } else if (!channel.n || mud_str_eq(channel, post->thread)) {
        post->reply_to = id;
    }
}

static bool on_message(json_t *message, struct mud_range at, void *payload,
                       struct mud_error *err)
{
    struct reader *r = payload;
    const json_t *taken = json_object_get(message, "forwardedMessage");
    struct mud_post post = {
        .engine = MUD_STR("discord"),
        .site = r->channel.n ? r->channel : MUD_STR("?"),
        .board = r->guild,
        .thread = r->channel.n ? r->channel : MUD_STR("?"),
        .thread_title = r->title,
        .post = mud_chat_id(message, "id", r->arena),
        .where = at,
    };
    if (!post.post.n)
        return mud_chat_no_id(r->sink, at.start, err);
    post.posted = when(message, "timestamp");
    if (!post.posted)
        post.posted = mud_chat_discord_time(post.post);
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    post.edited = when(message, "timestampEdited");
    who(r, &post, json_object_get(message, "author"));
    reference(r, &post, message);
    said(r, &post, json_is_object(taken) ? taken : message);
    reactions(r, &post, message);
    service(r, &post, message);
    if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    return r->sink->post(&post, r->sink->payload, err);
}

static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    (void)at;
    (void)err;
    if (strcmp(key, "guild") != 0 && strcmp(key, "channel") != 0)
        return true;
    json_t *value = mud_chat_json_value(json);
    if (value && !strcmp(key, "guild")) {
        r->guild = mud_chat_id(value, "id", r->all);
        r->guild_name = mud_chat_text(value, "name", r->all);
    } else if (value) {
        struct mud_str name = mud_chat_text(value, "name", r->all);
        r->channel = mud_chat_id(value, "id", r->all);
        r->title = r->guild_name.n ? mud_str_printf(r->all,
                                                    "%.*s / %.*s",
                                                    MUD_FMT(r->guild_name),
                                                    MUD_FMT(name))
                                   : name;
    }
    json_decref(value);
    return true;
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    if (mud_str_starts(head, MUD_STR("\xEF\xBB\xBF")))
        head = mud_str_sub(head, 3, head.n);
    head = mud_str_trim(head);
    return head.n && head.s[0] == '{' &&
           mud_str_find(head, MUD_STR("\"guild\"")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("\"channel\"")) != MUD_NPOS &&
           mud_str_find(head, MUD_STR("\"messages\"")) != MUD_NPOS;
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"messages", NULL};
    struct reader r = {.sink = sink};
    r.arena = mud_arena_new();
    r.all = mud_arena_new();
    struct mud_chat_json json = {
        .sink = sink,
        .arena = r.arena,
        .lists = lists,
        .message = on_message,
        .member = on_member,
        .payload = &r,
    };
    bool ok = mud_chat_json_read(&json, &in->bytes, err);
    mud_arena_free(r.arena);
    mud_arena_free(r.all);
    return ok;
}

const struct mud_chat_format mud_chat_discord = {"discord", is, read};
