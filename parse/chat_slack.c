#include "parse/chat_slack.h"

#include "base/utf8.h"
#include "parse/chat_json.h"

#define BODY_MAX ((size_t)1 << 20)

struct day {
    struct mud_slack *slack;
    struct mud_arena *arena; /* of one message */
    struct mud_str channel, title;
    bool list; /* of users or channels, not of messages */
};

static const struct mud_str none = {0};

/* ---- lists ---- */

bool mud_slack_is_list(struct mud_str path)
{
    static const char *const names[] = {"users.json",
                                        "channels.json",
                                        "groups.json",
                                        "mpims.json",
                                        "dms.json",
                                        "integration_logs.json"};
    size_t slash = mud_str_chr(path, '/');
    struct mud_str name =
        mud_str_sub(path, slash == MUD_NPOS ? 0 : slash + 1, path.n);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (mud_str_eqz(name, names[i]))
            return true;
    return false;
}

bool mud_slack_is_day(struct mud_str path)
{
    static const char form[] = "0000-00-00.json";
    size_t slash = mud_str_rchr(path, '/');
    struct mud_str name =
        mud_str_sub(path, slash == MUD_NPOS ? 0 : slash + 1, path.n);
    if (slash == MUD_NPOS || slash == 0 || name.n != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < name.n; i++)
        if (form[i] == '0' ? name.s[i] < '0' || name.s[i] > '9'
                           : name.s[i] != form[i])
            return false;
    return true;
}

static struct mud_str name_in(const json_t *user, struct mud_arena *arena)
{
    static const char *const keys[] = {"display_name", "real_name", "name"};
    const json_t *profile = json_object_get(user, "profile");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct mud_str name = mud_chat_text(profile, keys[i], arena);
        if (!name.n)
            name = mud_chat_text(user, keys[i], arena);
        if (name.n)
            return name;
    }
    return none;
}

/* A user has a profile or a team; the rest are channels of some kind. */
static void learn(struct day *d, const json_t *one)
{
    struct mud_slack *s = d->slack;
    struct mud_str id = mud_chat_text(one, "id", d->arena);
    struct mud_str name = mud_chat_text(one, "name", d->arena);
    if (!id.n)
        return;
    if (json_is_object(json_object_get(one, "profile")) ||
        mud_json_has(one, "team_id")) {
        mud_chat_map_put(&s->map, "user", id, none, name_in(one, d->arena));
        mud_chat_map_put(&s->map, "handle", id, none, name);
        if (!s->team.n)
            s->team = mud_str_dup(mud_json_get_str(one, "team_id"), s->all);
        return;
    }
    mud_chat_map_put(&s->map, "channel", name.n ? name : id, none, id);
    mud_chat_map_put(&s->map, "title", id, none, name);
}

/* ---- text ---- */

static void plain(struct mud_buf *out, struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        struct mud_str rest = mud_str_sub(s, i, s.n);
        if (mud_str_starts(rest, MUD_STR("&lt;"))) {
            mud_buf_c(out, '<');
            i += 3;
        } else if (mud_str_starts(rest, MUD_STR("&gt;"))) {
            mud_buf_c(out, '>');
            i += 3;
        } else if (mud_str_starts(rest, MUD_STR("&amp;"))) {
            mud_buf_c(out, '&');
            i += 4;
        } else {
            mud_buf_c(out, s.s[i]);
        }
    }
}

/* What stands in <...>: "@U1", "#C1|name", "!here", "https://a|label" */
static void reference(struct day *d, struct mud_buf *out,
                      struct mud_chat_list *links, struct mud_str inner)
{
    size_t bar = mud_str_chr(inner, '|');
    struct mud_str target =
        mud_str_sub(inner, 0, bar == MUD_NPOS ? inner.n : bar);
    struct mud_str label =
        bar == MUD_NPOS ? none : mud_str_sub(inner, bar + 1, inner.n);
    if (target.n && (target.s[0] == '@' || target.s[0] == '#')) {
        struct mud_str id = mud_str_sub(target, 1, target.n);
        struct mud_str name = mud_chat_map_get(
            &d->slack->map, target.s[0] == '@' ? "user" : "title", id, none);
        mud_buf_c(out, target.s[0]);
        plain(out, label.n ? label : name.n ? name : id);
        return;
    }
    if (target.n && target.s[0] == '!') {
        mud_buf_c(out, '@');
        plain(out, label.n ? label : mud_str_sub(target, 1, target.n));
        return;
    }
    struct mud_buf url = {.max = 16384};
    plain(&url, target);
    mud_chat_list_add(
        links, mud_str_dup(mud_buf_view(&url), d->arena), d->arena);
    mud_buf_free(&url);
    plain(out, label.n ? label : target);
}

static void marked_up(struct day *d, struct mud_buf *out,
                      struct mud_chat_list *links, struct mud_str s)
{
    size_t open;
    if (s.n && out->n)
        mud_buf_c(out, '\n');
    while ((open = mud_str_chr(s, '<')) != MUD_NPOS) {
        struct mud_str rest = mud_str_sub(s, open + 1, s.n);
        size_t close = mud_str_chr(rest, '>');
        plain(out, mud_str_sub(s, 0, open));
        if (close == MUD_NPOS) {
            plain(out, mud_str_sub(s, open, s.n));
            return;
        }
        reference(d, out, links, mud_str_sub(rest, 0, close));
        s = mud_str_sub(rest, close + 1, rest.n);
    }
    plain(out, s);
}

/* ---- parts of a message ---- */

/* A message that is shown again is a quotation; a page's preview is nobody's
 * words; the rest a bot wrote. */
static void attachments(struct day *d, struct mud_post *post,
                        struct mud_buf *body, struct mud_chat_list *links,
                        const json_t *message)
{
    static const char *const parts[] = {"pretext", "title", "text"};
    const json_t *list = json_object_get(message, "attachments");
    size_t n = json_array_size(list), quoted = 0;
    struct mud_quote *quotes;
    n = n < 100 ? n : 100;
    quotes = mud_arena_array(d->arena, n, sizeof(*quotes));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        if (mud_json_get_bool(one, "is_share") ||
            mud_json_get_bool(one, "is_msg_unfurl")) {
            struct mud_buf text = {.max = BODY_MAX};
            marked_up(d, &text, links, mud_json_get_str(one, "text"));
            quotes[quoted++] = (struct mud_quote){
                .author = mud_chat_text(one, "author_name", d->arena),
                .post = mud_chat_text(one, "ts", d->arena),
                .text = mud_str_dup(mud_buf_view(&text), d->arena),
            };
            mud_buf_free(&text);
            continue;
        }
        if (mud_json_has(one, "from_url") || mud_json_has(one, "original_url"))
            continue;
        for (size_t p = 0; p < sizeof(parts) / sizeof(parts[0]); p++)
            marked_up(d, body, links, mud_json_get_str(one, parts[p]));
        mud_chat_list_add(
            links, mud_chat_text(one, "title_link", d->arena), d->arena);
    }
    post->quotes = quotes;
    post->n_quotes = quoted;
}

/* Addresses of files carry the exporter's token: it is no part of them. */
static void file(struct day *d, struct mud_chat_list *images,
                 struct mud_chat_list *files, const json_t *one)
{
    struct mud_str url = mud_chat_text(one, "url_private", d->arena);
    struct mud_str type = mud_json_get_str(one, "mimetype");
    size_t query = mud_str_chr(url, '?');
    if (query != MUD_NPOS)
        url = mud_str_sub(url, 0, query);
    if (!url.n)
        url = mud_chat_text(one, "name", d->arena);
    mud_chat_list_add(mud_str_starts(type, MUD_STR("image/")) ? images : files,
                      url,
                      d->arena);
}

static void said(struct day *d, struct mud_post *post, const json_t *message)
{
    struct mud_chat_list links = {0}, images = {0}, files = {0};
    struct mud_buf body = {.max = BODY_MAX};
    const json_t *list = json_object_get(message, "files");
    marked_up(d, &body, &links, mud_json_get_str(message, "text"));
    attachments(d, post, &body, &links, message);
    file(d, &images, &files, json_object_get(message, "file"));
    for (size_t i = 0; i < json_array_size(list); i++)
        file(d, &images, &files, json_array_get(list, i));
    post->body = mud_utf8_clean(
        mud_str_dup(mud_buf_view(&body), d->arena), d->arena, NULL);
    mud_buf_free(&body);
    mud_chat_lists(post, &links, &images, &files);
}

static void reactions(struct day *d, struct mud_post *post,
                      const json_t *message)
{
    const json_t *list = json_object_get(message, "reactions");
    size_t n = json_array_size(list);
    struct mud_reaction *out;
    n = n < MUD_CHAT_LIST_MAX ? n : MUD_CHAT_LIST_MAX;
    out = mud_arena_array(d->arena, n, sizeof(*out));
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        int64_t count = mud_json_get_int(one, "count", 1);
        out[i].sign = mud_chat_text(one, "name", d->arena);
        out[i].count = count > 0 && count < INT32_MAX ? (uint32_t)count : 0;
    }
    post->reactions = out;
    post->n_reactions = n;
}

static void who(struct day *d, struct mud_post *post, const json_t *message)
{
    const json_t *comment = json_object_get(message, "comment");
    struct mud_str id = mud_chat_text(message, "user", d->arena);
    struct mud_str bot = mud_chat_text(message, "bot_id", d->arena);
    const json_t *profile =
        json_object_get(message, id.n ? "user_profile" : "bot_profile");
    if (!id.n)
        id = mud_chat_text(comment, "user", d->arena);
    if (!id.n)
        id = mud_chat_text(json_object_get(message, "file"), "user", d->arena);
    if (bot.n && (!id.n || mud_str_eqz(mud_json_get_str(message, "subtype"),
                                       "bot_message"))) {
        id = bot;
        post->author_role = MUD_STR("bot");
    }
    post->author_id = id;
    post->author = mud_chat_map_get(&d->slack->map, "user", id, none);
    post->author_handle = mud_chat_map_get(&d->slack->map, "handle", id, none);
    if (!post->author.n)
        post->author = name_in(profile, d->arena);
    if (!post->author.n)
        post->author = mud_chat_text(message, "username", d->arena);
    if (!post->author.n)
        post->author = id;
}

static void service(struct day *d, struct mud_post *post, const json_t *message)
{
    static const struct {
        const char *subtype, *action;
    } rows[] = {
        {"channel_join", "join"},
        {"group_join", "join"},
        {"channel_leave", "leave"},
        {"group_leave", "leave"},
        {"channel_topic", "topic"},
        {"group_topic", "topic"},
        {"channel_purpose", "topic"},
        {"group_purpose", "topic"},
        {"channel_name", "title"},
        {"group_name", "title"},
        {"channel_archive", "archive"},
        {"channel_unarchive", "archive"},
        {"pinned_item", "pin"},
        {"bot_add", "bot"},
        {"bot_remove", "bot"},
    };
    struct mud_str subtype = mud_json_get_str(message, "subtype");
    struct mud_str inviter = mud_chat_text(message, "inviter", d->arena);
    struct mud_str *list;

    if (mud_str_eqz(subtype, "tombstone")) {
        post->state = MUD_POST_DELETED;
        post->body = none;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (mud_str_eqz(subtype, rows[i].subtype))
            post->service = mud_str_z(rows[i].action);
    if (!inviter.n)
        return;
    list = mud_arena_array(d->arena, 1, sizeof(*list));
    list[0] = mud_chat_map_get(&d->slack->map, "user", inviter, none);
    if (!list[0].n)
        list[0] = inviter;
    post->members = list;
    post->n_members = 1;
}

/* "1452988821.000002": the part behind the point only tells messages apart. */
static int64_t when(struct mud_str ts)
{
    struct mud_str seconds;
    int64_t s;
    if (!ts.n || !mud_str_cut(&ts, '.', &seconds) ||
        !mud_str_i64(seconds, &s) || s <= 0 || s > INT64_C(1) << 34)
        return 0;
    return s * MUD_SECOND;
}

static void frame(const struct day *d, struct mud_post *post, struct mud_str ts,
                  struct mud_range at)
{
    const struct mud_slack *s = d->slack;
    post->engine = MUD_STR("slack");
    post->site = s->team.n ? s->team : MUD_STR("slack");
    post->thread = d->channel;
    post->thread_title = d->title;
    post->post = ts;
    post->where = at;
}

static bool emit(struct day *d, const json_t *message, struct mud_range at,
                 uint32_t revision, struct mud_error *err)
{
    struct mud_slack *s = d->slack;
    struct mud_str thread = mud_chat_text(message, "thread_ts", d->arena);
    struct mud_post post = {.revision = revision};
    frame(d, &post, mud_chat_text(message, "ts", d->arena), at);
    post.posted = when(post.post);
    if (!post.posted)
        return mud_chat_note(s->sink,
                             "warning",
                             "no-id",
                             at.start,
                             MUD_STR("a message without a time of its own is "
                                     "set aside"),
                             err);
    post.posted_precision = MUD_TO_SECOND;
    post.edited =
        when(mud_json_get_str(json_object_get(message, "edited"), "ts"));
    if (!mud_str_eq(thread, post.post))
        post.reply_to = thread;
    who(d, &post, message);
    said(d, &post, message);
    reactions(d, &post, message);
    service(d, &post, message);
    if (post.state == MUD_POST_SHOWN && !post.body.n && !post.n_images &&
        !post.n_attachments && !post.n_quotes)
        post.state = MUD_POST_EMPTY;
    return s->sink->post(&post, s->sink->payload, err);
}

/* ---- files ---- */

/* Events that exports of all data hold: what a message was changed to, and
 * which one is gone. */
static bool changed(struct day *d, const json_t *event, struct mud_range at,
                    struct mud_error *err)
{
    const json_t *now = json_object_get(event, "message");
    const json_t *was = json_object_get(event, "previous_message");
    bool gone =
        mud_str_eqz(mud_json_get_str(event, "subtype"), "message_deleted");
    struct mud_post post = {.state = MUD_POST_DELETED, .revision = 1};
    if (!gone)
        return emit(d, now, at, 1, err);
    frame(d, &post, mud_chat_text(event, "deleted_ts", d->arena), at);
    if (!post.post.n)
        post.post = mud_chat_text(was, "ts", d->arena);
    post.posted = when(post.post);
    if (!post.posted)
        return mud_chat_no_id(d->slack->sink, at.start, err);
    post.posted_precision = MUD_TO_SECOND;
    post.edited = when(mud_json_get_str(event, "ts"));
    who(d, &post, was);
    return d->slack->sink->post(&post, d->slack->sink->payload, err);
}

static bool on_message(json_t *one, struct mud_range at, void *payload,
                       struct mud_error *err)
{
    struct day *d = payload;
    struct mud_str subtype = mud_json_get_str(one, "subtype");
    if (!d->list && (mud_str_eqz(subtype, "message_changed") ||
                     mud_str_eqz(subtype, "message_deleted")))
        return changed(d, one, at, err);
    if (!d->list)
        return emit(d, one, at, 0, err);
    learn(d, one);
    return true;
}

static bool read(struct day *d, const struct mud_bytes_in *bytes,
                 struct mud_error *err)
{
    static const char *const lists[] = {"", NULL};
    d->arena = mud_arena_new();
    struct mud_chat_json json = {
        .sink = d->slack->sink,
        .arena = d->arena,
        .lists = lists,
        .message = on_message,
        .payload = d,
    };
    bool ok = mud_chat_json_read(&json, bytes, err);
    mud_arena_free(d->arena);
    return ok;
}

bool mud_slack_list(struct mud_slack *slack, struct mud_str path,
                    const struct mud_bytes_in *bytes, struct mud_error *err)
{
    struct day d = {.slack = slack, .list = true};
    (void)path;
    return read(&d, bytes, err);
}

bool mud_slack_day(struct mud_slack *slack, struct mud_str path,
                   const struct mud_bytes_in *bytes, struct mud_error *err)
{
    struct day d = {.slack = slack};
    struct mud_str folder = mud_str_sub(path, 0, mud_str_rchr(path, '/'));
    size_t slash = mud_str_rchr(folder, '/');
    if (slash != MUD_NPOS)
        folder = mud_str_sub(folder, slash + 1, folder.n);
    d.channel = mud_chat_map_get(&slack->map, "channel", folder, none);
    d.title = mud_chat_map_get(&slack->map, "title", d.channel, none);
    if (!d.channel.n)
        d.channel = folder;
    if (!d.title.n)
        d.title = folder;
    return read(&d, bytes, err);
}
