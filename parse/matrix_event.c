#include "parse/matrix_event.h"

#include "parse/chat_kit.h"

struct making {
    struct mud_post *post;
    const char **note;
    const json_t *event, *content;
    const struct mud_chat_map *map;
    struct mud_arena *arena;
};

static int64_t stamp(const json_t *event)
{
    int64_t ms = mud_json_get_int(event, "origin_server_ts", 0);
    return ms > 0 && ms < INT64_C(1) << 43 ? ms * 1000 : 0;
}

static struct mud_str name_of(const struct making *m, struct mud_str room,
                              struct mud_str user)
{
    struct mud_str name = mud_chat_map_get(m->map, "member", room, user);
    return name.n ? name : user;
}

/* ---- what is remembered ---- */

void mud_matrix_learn(struct mud_chat_map *map, const json_t *event,
                      struct mud_str room, struct mud_arena *arena)
{
    const json_t *content = json_object_get(event, "content");
    struct mud_str own = mud_chat_text(event, "room_id", arena);
    struct mud_str type = mud_json_get_str(event, "type");
    struct mud_str id = mud_json_get_str(event, "event_id");
    struct mud_str none = {0};
    room = own.n ? own : room;
    if (mud_str_eqz(type, "m.room.member")) {
        struct mud_str name = mud_chat_text(content, "displayname", arena);
        if (name.n)
            mud_chat_map_put(map,
                             "member",
                             room,
                             mud_json_get_str(event, "state_key"),
                             name);
    } else if (mud_str_eqz(type, "m.room.name")) {
        mud_chat_map_put(
            map, "room", room, none, mud_chat_text(content, "name", arena));
    } else if (mud_str_eqz(type, "m.room.message") && id.n) {
        struct mud_str who = mud_chat_text(event, "sender", arena);
        mud_chat_map_put(
            map,
            "event",
            room,
            id,
            mud_str_printf(
                arena, "%lld %.*s", (long long)stamp(event), MUD_FMT(who)));
    }
}

/* Whose event that is and from when, if it was seen before. */
static bool recall(const struct making *m, struct mud_str id, int64_t *at,
                   struct mud_str *who)
{
    struct mud_str seen = mud_chat_map_get(m->map, "event", m->post->site, id);
    struct mud_str time;
    if (!seen.n || !mud_str_cut(&seen, ' ', &time) || !mud_str_i64(time, at))
        return false;
    *who = seen;
    return true;
}

/* ---- words ---- */

/* "> <@user:host> text" lines and an empty one stand before a reply. */
static void without_fallback(struct making *m)
{
    struct mud_str rest = m->post->body, line, quoted, author = {0};
    struct mud_buf text = {.max = (size_t)1 << 20};
    struct mud_quote *quote;
    while (mud_str_starts(rest, MUD_STR(">"))) {
        (void)mud_str_line(&rest, &line);
        quoted =
            mud_str_sub(line, line.n > 1 && line.s[1] == ' ' ? 2 : 1, line.n);
        size_t end = mud_str_chr(quoted, '>');
        if (!text.n && end != MUD_NPOS &&
            (mud_str_starts(quoted, MUD_STR("<@")) ||
             mud_str_starts(quoted, MUD_STR("* <@")))) {
            author = mud_str_sub(quoted, mud_str_chr(quoted, '<') + 1, end);
            quoted = mud_str_trim(mud_str_sub(quoted, end + 1, quoted.n));
        }
        if (text.n)
            mud_buf_c(&text, '\n');
        mud_buf_str(&text, quoted);
    }
    if (author.n) {
        quote = mud_arena_array(m->arena, 1, sizeof(*quote));
        quote->author = name_of(m, m->post->site, author);
        quote->post = m->post->reply_to;
        quote->text = mud_str_dup(mud_buf_view(&text), m->arena);
        m->post->quotes = quote;
        m->post->n_quotes = 1;
        if (mud_str_starts(rest, MUD_STR("\n")))
            rest = mud_str_sub(rest, 1, rest.n);
        m->post->body = rest;
    }
    mud_buf_free(&text);
}

/* href="..." of the formatted text, which the plain one may not show. */
static void hrefs(struct making *m, struct mud_chat_list *links,
                  struct mud_str html)
{
    static const char mark[] = "href=\"";
    while (links->n < MUD_CHAT_LIST_MAX) {
        size_t at = mud_str_find(html, MUD_STR("href=\""));
        if (at == MUD_NPOS)
            return;
        html = mud_str_sub(html, at + sizeof(mark) - 1, html.n);
        size_t end = mud_str_chr(html, '"');
        struct mud_buf url = {.max = 8192};
        struct mud_str raw = mud_str_sub(html, 0, end == MUD_NPOS ? 0 : end);
        for (size_t i = 0; i < raw.n; i++) {
            mud_buf_c(&url, raw.s[i]);
            if (mud_str_starts(mud_str_sub(raw, i, raw.n), MUD_STR("&amp;")))
                i += 4;
        }
        if (!mud_str_starts(mud_buf_view(&url),
                            MUD_STR("https://matrix.to/#/@")))
            mud_chat_links(
                links, mud_str_dup(mud_buf_view(&url), m->arena), m->arena);
        mud_buf_free(&url);
    }
}

/* Text, or a file with its name or its caption as the text. */
static void words(struct making *m, const json_t *content)
{
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    struct mud_str type = mud_json_get_str(content, "msgtype");
    struct mud_str body = mud_chat_text(content, "body", m->arena);
    struct mud_str name = mud_chat_text(content, "filename", m->arena);
    struct mud_str url = mud_chat_text(content, "url", m->arena);
    const json_t *sealed = json_object_get(content, "file");
    bool sticker = mud_str_eqz(mud_json_get_str(m->event, "type"), "m.sticker");
    if (!url.n)
        url = mud_chat_text(sealed, "url", m->arena);
    if (url.n && !mud_str_eqz(type, "m.text")) {
        bool image = sticker || mud_str_eqz(type, "m.image");
        mud_chat_list_add(image ? &images : &files, url, m->arena);
        if (!image && (name.n || body.n))
            mud_chat_list_add(&files, name.n ? name : body, m->arena);
        /* Without another name beside it, body is the file's name. */
        if (!sticker && (!name.n || mud_str_eq(name, body)))
            body = (struct mud_str){0};
    }
    m->post->body = body;
    if (m->post->reply_to.n)
        without_fallback(m);
    mud_chat_links(&links, m->post->body, m->arena);
    hrefs(m, &links, mud_chat_text(content, "formatted_body", m->arena));
    mud_chat_list_add(
        &links, mud_chat_text(content, "geo_uri", m->arena), m->arena);
    mud_chat_lists(m->post, &links, &images, &files);
}

/* An edit is the next revision of what it replaces. Only the author may. */
static void replaced(struct making *m, const json_t *relates)
{
    struct mud_str target = mud_chat_text(relates, "event_id", m->arena), who;
    int64_t at;
    bool known = recall(m, target, &at, &who);
    words(m, json_object_get(m->content, "m.new_content"));
    if (known && !mud_str_eq(who, m->post->author_id)) {
        *m->note = "foreign-edit";
        m->post->reply_to = target;
        return;
    }
    m->post->post = target;
    m->post->edited = m->post->posted;
    m->post->posted = known ? at : 0;
    if (!known)
        m->post->posted_precision = MUD_UNKNOWN_TIME;
    m->post->revision = 1;
}

static void message(struct making *m)
{
    const json_t *relates = json_object_get(m->content, "m.relates_to");
    const json_t *reply = json_object_get(relates, "m.in_reply_to");
    struct mud_str kind = mud_json_get_str(relates, "rel_type");
    if (mud_str_eqz(kind, "m.replace") &&
        json_is_object(json_object_get(m->content, "m.new_content"))) {
        replaced(m, relates);
        return;
    }
    m->post->reply_to = mud_chat_text(reply, "event_id", m->arena);
    if (mud_str_eqz(kind, "m.thread") &&
        (!m->post->reply_to.n || mud_json_get_bool(relates, "is_falling_back")))
        m->post->reply_to = mud_chat_text(relates, "event_id", m->arena);
    words(m, m->content);
}

/* A server takes the content away and leaves the frame. */
static void redacted(struct making *m)
{
    struct mud_str target = mud_chat_text(m->event, "redacts", m->arena), who;
    int64_t at;
    if (!target.n)
        target = mud_chat_text(m->content, "redacts", m->arena);
    m->post->service = MUD_STR("redact");
    m->post->body = mud_chat_text(m->content, "reason", m->arena);
    m->post->reply_to = target;
    if (!target.n || !recall(m, target, &at, &who))
        return;
    /* What is gone is known: it gets a revision of its own. */
    m->post->edited = m->post->posted;
    m->post->posted = at;
    m->post->author_id = who;
    m->post->author = name_of(m, m->post->site, who);
    m->post->post = target;
    m->post->state = MUD_POST_DELETED;
    m->post->revision = 1;
    m->post->service = m->post->body = m->post->reply_to = (struct mud_str){0};
}

/* ---- what happens in a room ---- */

static void membership(struct making *m)
{
    const json_t *before = json_object_get(m->event, "prev_content");
    struct mud_str now = mud_json_get_str(m->content, "membership");
    struct mud_str name = mud_chat_text(m->content, "displayname", m->arena);
    struct mud_str key = mud_chat_text(m->event, "state_key", m->arena);
    bool self = mud_str_eq(key, m->post->author_id);
    if (!before)
        before = json_object_get(json_object_get(m->event, "unsigned"),
                                 "prev_content");
    struct mud_str was = mud_json_get_str(before, "membership");
    struct mud_str old = mud_chat_text(before, "displayname", m->arena);
    m->post->body = mud_chat_text(m->content, "reason", m->arena);
    if (mud_str_eqz(now, "join")) {
        bool renamed = mud_str_eqz(was, "join");
        m->post->service = renamed ? MUD_STR("nick") : MUD_STR("join");
        m->post->author = renamed && old.n ? old : m->post->author;
        mud_chat_member(m->post, name.n ? name : key, m->arena);
        return;
    }
    if (mud_str_eqz(now, "leave"))
        m->post->service = self                      ? MUD_STR("leave")
                           : mud_str_eqz(was, "ban") ? MUD_STR("unban")
                                                     : MUD_STR("remove");
    else
        m->post->service = mud_str_dup(now, m->arena); /* invite, ban, knock */
    name = name.n ? name : old;
    mud_chat_member(
        m->post, name.n ? name : name_of(m, m->post->site, key), m->arena);
}

static void happened(struct making *m, struct mud_str type)
{
    static const struct {
        const char *type, *action, *text;
    } rows[] = {
        {"m.room.name", "title", "name"},
        {"m.room.topic", "topic", "topic"},
        {"m.room.avatar", "photo", NULL},
        {"m.room.create", "create", NULL},
        {"m.room.power_levels", "role", NULL},
        {"m.room.pinned_events", "pin", NULL},
        {"m.room.canonical_alias", "alias", "alias"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!mud_str_eqz(type, rows[i].type))
            continue;
        m->post->service = mud_str_z(rows[i].action);
        if (rows[i].text)
            m->post->body = mud_chat_text(m->content, rows[i].text, m->arena);
        return;
    }
    m->post->service = mud_str_dup(type, m->arena);
    if (mud_str_eqz(type, "m.room.tombstone")) {
        m->post->service = MUD_STR("migrate");
        m->post->body = mud_chat_text(m->content, "body", m->arena);
        mud_chat_member(m->post,
                        mud_chat_text(m->content, "replacement_room", m->arena),
                        m->arena);
    } else if (mud_str_eqz(type, "m.reaction")) {
        const json_t *to = json_object_get(m->content, "m.relates_to");
        m->post->service = MUD_STR("reaction");
        m->post->body = mud_chat_text(to, "key", m->arena);
        m->post->reply_to = mud_chat_text(to, "event_id", m->arena);
    }
}

static void content(struct making *m, struct mud_str type)
{
    bool gone =
        mud_json_has(json_object_get(m->event, "unsigned"), "redacted_because");
    if (mud_str_eqz(type, "m.room.encrypted"))
        *m->note = "encrypted";
    else if (mud_str_eqz(type, "m.room.redaction"))
        redacted(m);
    else if (mud_str_eqz(type, "m.room.member"))
        membership(m);
    else if (!mud_str_eqz(type, "m.room.message") &&
             !mud_str_eqz(type, "m.sticker"))
        happened(m, type);
    else if (gone)
        m->post->state = MUD_POST_DELETED;
    else
        message(m);
    if (m->post->state == MUD_POST_SHOWN && !m->post->body.n &&
        !m->post->n_images && !m->post->n_attachments)
        m->post->state = MUD_POST_EMPTY;
}

bool mud_matrix_post(struct mud_post *post, const char **note,
                     const json_t *event, struct mud_str room,
                     const struct mud_chat_map *map, struct mud_arena *arena)
{
    struct making m = {
        post, note, event, json_object_get(event, "content"), map, arena};
    struct mud_str type = mud_chat_text(event, "type", arena);
    struct mud_str own = mud_chat_text(event, "room_id", arena), none = {0};
    room = own.n ? own : room;
    *note = NULL;
    *post = (struct mud_post){
        .engine = MUD_STR("matrix"),
        .site = room,
        .thread = room,
        .thread_title = mud_chat_map_get(map, "room", room, none),
        .post = mud_chat_text(event, "event_id", arena),
        .author_id = mud_chat_text(event, "sender", arena),
        .posted = stamp(event),
    };
    if (!post->thread_title.n) /* an export of one room says it outside */
        post->thread_title = mud_chat_map_get(map, "room", none, none);
    if (!post->post.n || !type.n || !room.n) {
        *note = !room.n ? "no-room" : "no-id";
        return false;
    }
    post->posted_precision = post->posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    post->author = name_of(&m, room, post->author_id);
    content(&m, type);
    return true;
}
