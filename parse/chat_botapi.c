/*
 * {"ok": true, "result": [UPDATE, ...]}, one or several answers in a file, a
 * bare array of updates, or updates one a line. An UPDATE is {"update_id": n,
 * KIND: {...}}; an edited message comes as an update of its own with the id of
 * the first, deletions only from business chats. Bots see no deletions in
 * groups. Facts: core.telegram.org/bots/api; samples are made up.
 */
#include "parse/chat_botapi.h"

#include "parse/chat_botapi_parts.h"
#include "parse/chat_json.h"

#include <stdio.h>

#define SKIPPED_MAX 100 /* notes on updates that are no messages */

struct reader {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of one update */
    char update[24];         /* its id */
    const struct kind *kind; /* of a member that stands alone */
    struct mud_chat_json *json;
    int skipped;
};

static void chat_of(struct mud_post *post, const json_t *chat,
                    struct mud_arena *arena)
{
    int64_t id = mud_json_get_int(chat, "id", 0);
    post->engine = MUD_STR("telegram");
    post->site = id ? mud_chat_botapi_id(id, arena) : MUD_STR("?");
    post->thread = post->site;
    post->thread_title = mud_chat_botapi_name(chat, arena);
}

static bool message(struct reader *r, const json_t *m, struct mud_range at,
                    struct mud_error *err)
{
    struct mud_post post = {.where = at};
    chat_of(&post, json_object_get(m, "chat"), r->arena);
    post.post = mud_chat_id(m, "message_id", r->arena);
    post.posted = mud_chat_epoch(m, "date");
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    post.edited = mud_chat_epoch(m, "edit_date");
    if (!post.post.n)
        return mud_chat_no_id(r->sink, at.start, err);
    mud_chat_botapi_parts(&post, m, r->arena);
    if (!post.body.n && !post.n_images && !post.n_attachments)
        post.state = MUD_POST_EMPTY;
    return r->sink->post(&post, r->sink->payload, err);
}

static bool deleted(struct reader *r, const json_t *m, struct mud_range at,
                    struct mud_error *err)
{
    const json_t *ids = json_object_get(m, "message_ids");
    for (size_t i = 0; i < json_array_size(ids); i++) {
        struct mud_post post = {.where = at, .state = MUD_POST_DELETED};
        chat_of(&post, json_object_get(m, "chat"), r->arena);
        post.post = mud_str_printf(
            r->arena,
            "%lld",
            (long long)json_integer_value(json_array_get(ids, i)));
        if (!r->sink->post(&post, r->sink->payload, err))
            return false;
    }
    return true;
}

/* What a change of status is called where it comes as a message. */
static struct mud_str action(struct mud_str before, struct mud_str after)
{
    bool out = mud_str_eqz(before, "left") || mud_str_eqz(before, "kicked");
    if (mud_str_eqz(after, "kicked"))
        return MUD_STR("remove_members");
    if (mud_str_eqz(after, "left"))
        return mud_str_eqz(before, "kicked") ? MUD_STR("unban_member")
                                             : MUD_STR("leave_group");
    if (mud_str_eqz(after, "administrator") || mud_str_eqz(after, "creator"))
        return MUD_STR("promote_member");
    if (mud_str_eqz(after, "restricted"))
        return MUD_STR("restrict_member");
    if (out)
        return MUD_STR("join_group");
    return mud_str_eqz(before, "administrator") ? MUD_STR("demote_member")
                                                : MUD_STR("change_member");
}

/* Joins, removals and changes of role, which have no message of their own. */
static bool member(struct reader *r, const json_t *m, struct mud_range at,
                   struct mud_error *err)
{
    const json_t *before = json_object_get(m, "old_chat_member");
    const json_t *after = json_object_get(m, "new_chat_member");
    struct mud_str link = mud_chat_text(
        json_object_get(m, "invite_link"), "invite_link", r->arena);
    struct mud_str name =
        mud_chat_botapi_name(json_object_get(after, "user"), r->arena);
    struct mud_post post = {
        .post = mud_str_printf(r->arena, "update-%s", r->update),
        .posted = mud_chat_epoch(m, "date"),
        .where = at,
        .state = MUD_POST_EMPTY,
        .service = MUD_STR("join_request"),
    };
    chat_of(&post, json_object_get(m, "chat"), r->arena);
    post.posted_precision = post.posted ? MUD_TO_SECOND : MUD_UNKNOWN_TIME;
    mud_chat_botapi_author(&post, json_object_get(m, "from"), NULL, r->arena);
    if (after)
        post.service = action(mud_json_get_str(before, "status"),
                              mud_json_get_str(after, "status"));
    post.members = name.n ? &name : NULL;
    post.n_members = name.n > 0;
    post.links = link.n ? &link : NULL;
    post.n_links = link.n > 0;
    return r->sink->post(&post, r->sink->payload, err);
}

/* Keys of an update, and what reads their value. */
static const struct kind {
    const char *key;
    bool (*read)(struct reader *r, const json_t *value, struct mud_range at,
                 struct mud_error *err);
} kinds[] = {
    {"message", message},
    {"edited_message", message},
    {"channel_post", message},
    {"edited_channel_post", message},
    {"business_message", message},
    {"edited_business_message", message},
    {"deleted_business_messages", deleted},
    {"my_chat_member", member},
    {"chat_member", member},
    {"chat_join_request", member},
};

static const struct kind *kind_of(const char *key)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].key, key) == 0)
            return &kinds[i];
    return NULL;
}

static bool skipped(struct reader *r, const char *what, struct mud_range at,
                    struct mud_error *err)
{
    if (r->skipped++ >= SKIPPED_MAX)
        return true;
    return mud_chat_note(
        r->sink,
        "info",
        "skipped-update",
        at.start,
        mud_str_printf(r->arena, "an update of kind %s is no message", what),
        err);
}

static bool update(struct reader *r, json_t *json, struct mud_range at,
                   struct mud_error *err)
{
    const char *key, *other = NULL;
    const struct kind *kind;
    json_t *value;
    (void)snprintf(r->update,
                   sizeof(r->update),
                   "%lld",
                   (long long)mud_json_get_int(json, "update_id", 0));
    json_object_foreach(json, key, value)
    {
        kind = kind_of(key);
        if (kind && json_is_object(value))
            return kind->read(r, value, at, err);
        if (strcmp(key, "update_id") != 0)
            other = key;
    }
    return skipped(r, other ? other : "\"\"", at, err);
}

static bool on_update(json_t *value, struct mud_range at, void *payload,
                      struct mud_error *err)
{
    struct reader *r = payload;
    return r->kind ? r->kind->read(r, value, at, err)
                   : update(r, value, at, err);
}

/* A member of an outer object: of an answer, or of an update by itself. */
static bool on_member(const char *key, struct mud_str json, struct mud_range at,
                      void *payload, struct mud_error *err)
{
    struct reader *r = payload;
    const struct kind *kind = kind_of(key);
    if (strcmp(key, "update_id") == 0)
        mud_chat_keep(r->update, sizeof(r->update), json);
    if (!kind)
        return json.s[0] != '{' || skipped(r, key, at, err);
    r->kind = kind;
    bool ok = mud_chat_json_one(r->json, json, at, err);
    r->kind = NULL;
    return ok;
}

static bool is(struct mud_str head, struct mud_str name)
{
    (void)name;
    return mud_str_find(head, MUD_STR("\"update_id\"")) != MUD_NPOS &&
           (mud_str_find(head, MUD_STR("\"chat\"")) != MUD_NPOS ||
            mud_str_find(head, MUD_STR("\"result\"")) != MUD_NPOS);
}

static bool read(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err)
{
    static const char *const lists[] = {"result", "", NULL};
    struct reader r = {.sink = sink, .arena = mud_arena_new(), .update = "0"};
    struct mud_chat_json json = {
        .sink = sink,
        .arena = r.arena,
        .lists = lists,
        .message = on_update,
        .member = on_member,
        .payload = &r,
    };
    r.json = &json;
    bool ok = mud_chat_unverified(sink, err) &&
              mud_chat_json_read(&json, &in->bytes, err);
    mud_arena_free(r.arena);
    return ok;
}

const struct mud_chat_format mud_chat_botapi = {"telegram-bot", is, read};
