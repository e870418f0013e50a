#include "parse/chat_botapi_parts.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"

struct mud_str mud_chat_botapi_id(int64_t id, struct mud_arena *arena)
{
    if (id <= -INT64_C(1000000000000) && id > -INT64_C(2000000000000))
        id = -id - INT64_C(1000000000000);
    else if (id < 0 && id > INT64_MIN)
        id = -id;
    return mud_str_printf(arena, "%lld", (long long)id);
}

struct mud_str mud_chat_botapi_name(const json_t *who, struct mud_arena *arena)
{
    struct mud_str first = mud_chat_text(who, "first_name", arena);
    struct mud_str last = mud_chat_text(who, "last_name", arena);
    if (mud_json_has(who, "title"))
        return mud_chat_text(who, "title", arena);
    return last.n ? mud_str_printf(
                        arena, "%.*s %.*s", MUD_FMT(first), MUD_FMT(last))
                  : first;
}

void mud_chat_botapi_author(struct mud_post *post, const json_t *from,
                            const json_t *chat, struct mud_arena *arena)
{
    const json_t *who = chat ? chat : from;
    int64_t id = mud_json_get_int(who, "id", 0);
    if (!id)
        return;
    post->author = mud_chat_botapi_name(who, arena);
    post->author_handle = mud_chat_text(who, "username", arena);
    post->author_id = mud_str_printf(arena,
                                     "%s%.*s",
                                     chat ? "channel" : "user",
                                     MUD_FMT(mud_chat_botapi_id(id, arena)));
    if (!chat && mud_json_get_bool(from, "is_bot"))
        post->author_role = MUD_STR("bot");
}

/* ---- words ---- */

/* [offset, offset + length) in UTF-16 units, as the network counts. */
static struct mud_str units(struct mud_str text, int64_t offset, int64_t length)
{
    size_t at = 0, from = text.n;
    if (offset < 0 || length <= 0 || offset > INT32_MAX || length > INT32_MAX)
        return (struct mud_str){0};
    for (int64_t unit = 0; at < text.n; unit++) {
        if (unit >= offset && from == text.n)
            from = at;
        if (unit >= offset + length)
            break;
        if (mud_utf8_next(text, &at) > 0xFFFF)
            unit++;
    }
    return from < at ? mud_str_sub(text, from, at) : (struct mud_str){0};
}

static void links_of(struct mud_chat_list *links, struct mud_str text,
                     const json_t *entities, struct mud_arena *arena)
{
    size_t n = json_array_size(entities);
    /* Each walks the text from its beginning: a message has at most 100. */
    for (size_t i = 0; i < n && i < 400; i++) {
        const json_t *one = json_array_get(entities, i);
        struct mud_str type = mud_json_get_str(one, "type");
        if (mud_str_eqz(type, "text_link"))
            mud_chat_list_add(links, mud_chat_text(one, "url", arena), arena);
        else if (mud_str_eqz(type, "url"))
            mud_chat_list_add(links,
                              units(text,
                                    mud_json_get_int(one, "offset", -1),
                                    mud_json_get_int(one, "length", 0)),
                              arena);
        else if (mud_str_eqz(type, "text_mention"))
            mud_chat_list_add(
                links,
                mud_str_printf(arena,
                               "tg://user?id=%lld",
                               (long long)mud_json_get_int(
                                   json_object_get(one, "user"), "id", 0)),
                arena);
    }
}

static void words(struct mud_post *post, const json_t *message,
                  struct mud_arena *arena)
{
    struct mud_chat_list links = {0};
    bool caption = !mud_json_has(message, "text");
    const json_t *poll = json_object_get(message, "poll");
    const json_t *options = json_object_get(poll, "options");
    post->body = mud_chat_text(message, caption ? "caption" : "text", arena);
    links_of(&links,
             post->body,
             json_object_get(message,
                             caption ? "caption_entities" : "entities"),
             arena);
    post->links = links.items;
    post->n_links = links.n;
    if (!poll)
        return;
    struct mud_buf out = {.max = (size_t)1 << 20};
    mud_buf_str(&out, mud_chat_text(poll, "question", arena));
    for (size_t i = 0; i < json_array_size(options); i++) {
        mud_buf_c(&out, '\n');
        mud_buf_str(&out,
                    mud_chat_text(json_array_get(options, i), "text", arena));
    }
    post->body = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
}

/* ---- media, buttons ---- */

static void media(struct mud_post *post, const json_t *message,
                  struct mud_arena *arena)
{
    static const char *const kinds[] = {"document",
                                        "video",
                                        "audio",
                                        "voice",
                                        "animation",
                                        "video_note",
                                        "sticker",
                                        "location",
                                        NULL};

    struct mud_chat_list images = {0}, files = {0};
    const json_t *sizes = json_object_get(message, "photo");
    size_t n = json_array_size(sizes);
    /* The last is the largest; its unique id is the same wherever it goes. */
    if (n)
        mud_chat_list_add(&images,
                          mud_chat_text(json_array_get(sizes, n - 1),
                                        "file_unique_id",
                                        arena),
                          arena);
    for (const char *const *kind = kinds; *kind; kind++) {
        const json_t *file = json_object_get(message, *kind);
        struct mud_str name = mud_chat_text(file, "file_name", arena);
        if (json_is_object(file))
            mud_chat_list_add(&files, name.n ? name : mud_str_z(*kind), arena);
    }
    const json_t *card = json_object_get(message, "contact");
    if (json_is_object(card)) {
        struct mud_str name = mud_chat_botapi_name(card, arena);
        struct mud_str phone = mud_chat_text(card, "phone_number", arena);
        mud_chat_list_add(
            &files,
            mud_str_printf(
                arena, "contact: %.*s %.*s", MUD_FMT(name), MUD_FMT(phone)),
            arena);
    }
    post->images = images.items;
    post->n_images = images.n;
    post->attachments = files.items;
    post->n_attachments = files.n;
}

static void buttons(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    struct mud_chat_list list = {0};
    const json_t *rows = json_object_get(
        json_object_get(message, "reply_markup"), "inline_keyboard");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        for (size_t k = 0; k < json_array_size(row); k++) {
            const json_t *button = json_array_get(row, k);
            mud_chat_list_add(
                &list, mud_chat_text(button, "text", arena), arena);
            mud_chat_list_add(
                &list, mud_chat_text(button, "url", arena), arena);
        }
    }
    post->buttons = list.items;
    post->n_buttons = list.n;
}

/* ---- replies, forwards ---- */

static void reply(struct mud_post *post, const json_t *message,
                  struct mud_arena *arena)
{
    const json_t *to = json_object_get(message, "reply_to_message");
    const json_t *part = json_object_get(message, "quote");
    if (!json_is_object(to))
        return;
    post->reply_to = mud_chat_id(to, "message_id", arena);
    struct mud_quote *quote = mud_arena_array(arena, 1, sizeof(*quote));
    quote->author = mud_chat_botapi_name(json_object_get(to, "from"), arena);
    quote->post = post->reply_to;
    quote->text = mud_chat_text(part, "text", arena);
    if (!quote->text.n)
        quote->text = mud_chat_text(to, "text", arena);
    if (!quote->text.n)
        quote->text = mud_chat_text(to, "caption", arena);
    post->quotes = quote;
    post->n_quotes = quote->text.n > 0;
}

static void from_chat(struct mud_post *post, const json_t *chat,
                      struct mud_arena *arena)
{
    int64_t id = mud_json_get_int(chat, "id", 0);
    post->forward.from = mud_chat_botapi_name(chat, arena);
    if (id)
        post->forward.chat = mud_chat_botapi_id(id, arena);
}

/* As older clients had it: forward_from and its like. */
static void old_forward(struct mud_post *post, const json_t *message,
                        struct mud_arena *arena)
{
    const json_t *chat = json_object_get(message, "forward_from_chat");
    const json_t *user = json_object_get(message, "forward_from");
    post->forwarded = mud_json_has(message, "forward_date");
    if (!post->forwarded)
        return;
    post->forward.date = mud_chat_epoch(message, "forward_date");
    post->forward.post = mud_chat_id(message, "forward_from_message_id", arena);
    if (json_is_object(chat))
        from_chat(post, chat, arena);
    else if (json_is_object(user))
        post->forward.from = mud_chat_botapi_name(user, arena);
    else
        post->forward.from =
            mud_chat_text(message, "forward_sender_name", arena);
}

static void forward(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    const json_t *origin = json_object_get(message, "forward_origin");
    if (!json_is_object(origin)) {
        old_forward(post, message, arena);
        return;
    }
    struct mud_str type = mud_json_get_str(origin, "type");
    post->forwarded = true;
    post->forward.date = mud_chat_epoch(origin, "date");
    post->forward.post = mud_chat_id(origin, "message_id", arena);
    if (mud_str_eqz(type, "channel"))
        from_chat(post, json_object_get(origin, "chat"), arena);
    else if (mud_str_eqz(type, "chat"))
        from_chat(post, json_object_get(origin, "sender_chat"), arena);
    else if (mud_str_eqz(type, "user"))
        post->forward.from =
            mud_chat_botapi_name(json_object_get(origin, "sender_user"), arena);
    else
        post->forward.from = mud_chat_text(origin, "sender_user_name", arena);
}

/* ---- service messages ---- */

static void members(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    struct mud_chat_list list = {0};
    const json_t *joined = json_object_get(message, "new_chat_members");
    const json_t *left = json_object_get(message, "left_chat_member");
    int64_t actor = mud_json_get_int(json_object_get(message, "from"), "id", 0);
    const json_t *first = left ? left : json_array_get(joined, 0);
    bool self = mud_json_get_int(first, "id", -1) == actor;
    if (!first)
        return;
    for (size_t i = 0; i < json_array_size(joined); i++)
        mud_chat_list_add(&list,
                          mud_chat_botapi_name(json_array_get(joined, i),
                                               arena),
                          arena);
    if (left)
        mud_chat_list_add(&list, mud_chat_botapi_name(left, arena), arena);
    if (left)
        post->service =
            self ? MUD_STR("leave_group") : MUD_STR("remove_members");
    else
        post->service =
            self ? MUD_STR("join_group") : MUD_STR("invite_members");
    post->members = list.items;
    post->n_members = list.n;
}

static void service(struct mud_post *post, const json_t *message,
                    struct mud_arena *arena)
{
    static const struct {
        const char *key, *action;
    } rows[] = {{"new_chat_title", "edit_group_title"},
                {"new_chat_photo", "edit_group_photo"},
                {"delete_chat_photo", "delete_group_photo"},
                {"group_chat_created", "create_group"},
                {"supergroup_chat_created", "create_group"},
                {"channel_chat_created", "create_channel"},
                {"migrate_to_chat_id", "migrate_to_supergroup"},
                {"migrate_from_chat_id", "migrate_from_group"},
                {"pinned_message", "pin_message"},
                {"message_auto_delete_timer_changed", "set_messages_ttl"},
                {"forum_topic_created", "topic_created"},
                {"forum_topic_edited", "topic_edit"},
                {"video_chat_started", "group_call"}};

    members(post, message, arena);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_json_has(message, rows[i].key))
            post->service = mud_str_z(rows[i].action);
    if (mud_json_has(message, "new_chat_title"))
        post->body = mud_chat_text(message, "new_chat_title", arena);
    if (mud_json_has(message, "pinned_message"))
        post->reply_to = mud_chat_id(
            json_object_get(message, "pinned_message"), "message_id", arena);
}

void mud_chat_botapi_parts(struct mud_post *post, const json_t *message,
                           struct mud_arena *arena)
{
    const json_t *chat = json_object_get(message, "sender_chat");
    if (!json_is_object(chat))
        chat = NULL;
    /* Posts of a channel may have no sender: then it is the channel. */
    if (!chat && !mud_json_has(message, "from"))
        chat = json_object_get(message, "chat");
    mud_chat_botapi_author(post, json_object_get(message, "from"), chat, arena);
    if (mud_json_has(message, "author_signature"))
        post->signature = mud_chat_text(message, "author_signature", arena);
    words(post, message, arena);
    media(post, message, arena);
    buttons(post, message, arena);
    reply(post, message, arena);
    forward(post, message, arena);
    service(post, message, arena);
}
