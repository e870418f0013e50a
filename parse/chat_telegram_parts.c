/*
 * Structure: export_output_json.cpp of Telegram Desktop, and newer exports.
 */
#include "parse/chat_telegram_parts.h"

#include "base/utf8.h"
#include "parse/chat_kit.h"

static void add(struct mud_arena *arena, struct mud_chat_list *list,
                struct mud_str s)
{
    mud_chat_list_add(list, s, arena);
}

static struct mud_str own(struct mud_arena *arena, struct mud_str s)
{
    return mud_utf8_clean(mud_str_dup(s, arena), arena, NULL);
}

static struct mud_str text(struct mud_arena *arena, const json_t *object,
                           const char *key)
{
    return mud_chat_text(object, key, arena);
}

/* A number or a string as text: ids come as both. */
static struct mud_str id(struct mud_arena *arena, const json_t *object,
                         const char *key)
{
    return mud_chat_id(object, key, arena);
}

/* "text": a string, or an array of strings and {type, text, href}. */
static void join(struct mud_arena *arena, struct mud_buf *out,
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
            add(arena, links, own(arena, said));
        else if (mud_str_eqz(type, "text_link"))
            add(arena, links, text(arena, part, "href"));
        else if (mud_str_eqz(type, "mention_name"))
            add(arena,
                links,
                mud_str_printf(arena,
                               "tg://user?id=%.*s",
                               MUD_FMT(id(arena, part, "user_id"))));
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
static void cards(struct mud_arena *arena, struct mud_buf *out,
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
                 arena, "%lld %.*s", (long long)amount, MUD_FMT(currency)));
    else if (amount > 0 && currency.n)
        line(out,
             mud_str_printf(arena,
                            "%lld.%02d %.*s",
                            (long long)(amount / 100),
                            (int)(amount % 100),
                            MUD_FMT(currency)));
    line(out, mud_json_get_str(message, "game_title"));
    line(out, mud_json_get_str(message, "game_description"));
    line(out, mud_json_get_str(message, "place_name"));
    line(out, mud_json_get_str(message, "address"));
    add(arena, links, text(arena, message, "game_link"));
}

/* The path when the file came with the export, else what kind it is. */
static struct mud_str file_name(struct mud_arena *arena, const json_t *message,
                                const char *key, const char *kind)
{
    struct mud_str path = text(arena, message, key);
    struct mud_str named = text(arena, message, "file_name");
    if (!path.n)
        return path;
    if (named.n && !strcmp(key, "file"))
        return named;
    if (path.s[0] != '(')
        return path;
    struct mud_str type = text(arena, message, "media_type");
    return type.n ? type : mud_str_z(kind);
}

static void files(struct mud_arena *arena, struct mud_post *post,
                  const json_t *message)
{
    struct mud_chat_list images = {0}, attachments = {0};
    add(arena, &images, file_name(arena, message, "photo", "photo"));
    add(arena, &attachments, file_name(arena, message, "file", "file"));
    add(arena, &attachments, text(arena, message, "contact_vcard"));
    const json_t *card = json_object_get(message, "contact_information");
    if (card) {
        struct mud_str first = text(arena, card, "first_name");
        struct mud_str last = text(arena, card, "last_name");
        struct mud_str phone = text(arena, card, "phone_number");
        add(arena,
            &attachments,
            mud_str_printf(arena,
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
static void buttons(struct mud_arena *arena, struct mud_post *post,
                    const json_t *message)
{
    struct mud_chat_list list = {0};
    const json_t *rows = json_object_get(message, "inline_bot_buttons");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        for (size_t k = 0; k < json_array_size(row); k++) {
            const json_t *button = json_array_get(row, k);
            struct mud_str data = text(arena, button, "data");
            add(arena, &list, text(arena, button, "text"));
            if (mud_str_find(data, MUD_STR("://")) != MUD_NPOS)
                add(arena, &list, data);
        }
    }
    post->buttons = list.items;
    post->n_buttons = list.n;
}

static void members(struct mud_arena *arena, struct mud_post *post,
                    const json_t *message)
{
    struct mud_chat_list list = {0};
    const json_t *names = json_object_get(message, "members");
    for (size_t i = 0; i < json_array_size(names); i++) {
        const json_t *name = json_array_get(names, i);
        if (json_is_string(name))
            add(arena,
                &list,
                own(arena,
                    mud_str_of(json_string_value(name),
                               json_string_length(name))));
    }
    add(arena, &list, text(arena, message, "inviter"));
    post->members = list.items;
    post->n_members = list.n;
}

/* An emoji, or the number of one that somebody made. */
static void reactions(struct mud_arena *arena, struct mud_post *post,
                      const json_t *message)
{
    struct mud_reaction *out = NULL;
    size_t n = 0, cap = 0;
    const json_t *all = json_object_get(message, "reactions");
    for (size_t i = 0; i < json_array_size(all) && n < MUD_CHAT_LIST_MAX; i++) {
        const json_t *one = json_array_get(all, i);
        int64_t count = mud_json_get_int(one, "count", 0);
        struct mud_str sign = text(arena, one, "emoji");
        if (!sign.n && mud_json_has(one, "document_id"))
            sign = mud_str_printf(
                arena, "custom:%.*s", MUD_FMT(id(arena, one, "document_id")));
        if (!sign.n)
            sign = text(arena, one, "type");
        if (!sign.n || count <= 0)
            continue;
        out = mud_arena_grow(arena, out, &cap, n, sizeof(*out));
        out[n++] = (struct mud_reaction){
            sign, count > UINT32_MAX ? UINT32_MAX : (uint32_t)count};
    }
    post->reactions = out;
    post->n_reactions = n;
}

static void forward(struct mud_arena *arena, struct mud_post *post,
                    const json_t *message)
{
    post->forwarded = mud_json_has(message, "forwarded_from") ||
                      mud_json_has(message, "forwarded_from_id") ||
                      mud_json_has(message, "saved_from");
    if (!post->forwarded)
        return;
    post->forward.from = text(arena, message, "forwarded_from");
    if (!post->forward.from.n)
        post->forward.from = text(arena, message, "saved_from");
    /* "channel123" is the chat that has the id 123; a user is no chat. */
    struct mud_str from = id(arena, message, "forwarded_from_id");
    if (mud_str_starts(from, MUD_STR("channel")))
        post->forward.chat = mud_str_sub(from, 7, from.n);
    else if (mud_str_starts(from, MUD_STR("chat")))
        post->forward.chat = mud_str_sub(from, 4, from.n);
}

static void words(struct mud_arena *arena, struct mud_post *post,
                  const json_t *message)
{
    struct mud_chat_list links = {0};
    struct mud_buf out = {.max = (size_t)4 << 20};
    const json_t *value = json_object_get(message, "text");
    if (!json_is_string(value) && !json_is_array(value))
        value = json_object_get(message, "text_entities");
    join(arena, &out, &links, value);
    poll_text(&out, message);
    cards(arena, &out, &links, message);
    post->body = own(arena, mud_buf_view(&out));
    mud_buf_free(&out);
    post->links = links.items;
    post->n_links = links.n;
}

static void action(struct mud_arena *arena, struct mud_post *post,
                   const json_t *message)
{
    post->service = text(arena, message, "action");
    members(arena, post, message);
    if (mud_str_eqz(post->service, "pin_message"))
        post->reply_to = id(arena, message, "message_id");
    /* The name of a group or of a topic is what its actor wrote. */
    if (!post->body.n)
        post->body = text(arena, message, "title");
    if (!post->body.n)
        post->body = text(arena, message, "new_title");
    if (!post->service.n) {
        post->service = MUD_STR("system");
        post->body = text(arena, message, "information_text");
    }
}

void mud_chat_telegram_message(struct mud_post *post, const json_t *message,
                               bool service, struct mud_arena *arena)
{
    words(arena, post, message);
    files(arena, post, message);
    buttons(arena, post, message);
    forward(arena, post, message);
    reactions(arena, post, message);
    if (mud_json_has(message, "author")) /* who signed a channel's post */
        post->signature = text(arena, message, "author");
    if (service)
        action(arena, post, message);
}
