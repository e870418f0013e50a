#include "parse/chat_kit.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SAME_MAX ((size_t)1 << 20) /* places: messages of one time */

void mud_chat_list_add(struct mud_chat_list *list, struct mud_str item,
                       struct mud_arena *arena)
{
    if (!item.n || list->n >= MUD_CHAT_LIST_MAX)
        return;
    list->items = mud_arena_grow(
        arena, list->items, &list->cap, list->n, sizeof(*list->items));
    list->items[list->n++] = item;
}

static bool ends_link(uint32_t c)
{
    return c <= ' ' || c == '"' || c == '<' || c == '>' || c == 0x3000 ||
           (c >= 0x3001 && c <= 0x303F) || (c >= 0x3400 && c <= 0x9FFF) ||
           (c >= 0xFF00 && c <= 0xFF5E);
}

void mud_chat_links(struct mud_chat_list *list, struct mud_str text,
                    struct mud_arena *arena)
{
    while (list->n < MUD_CHAT_LIST_MAX) {
        size_t at = mud_str_ifind(text, MUD_STR("http"));
        if (at == MUD_NPOS)
            return;
        text = mud_str_sub(text, at, text.n);
        if (!mud_str_istarts(text, MUD_STR("http://")) &&
            !mud_str_istarts(text, MUD_STR("https://"))) {
            text = mud_str_sub(text, 4, text.n);
            continue;
        }
        size_t end = 0;
        for (size_t next = 0; next < text.n; end = next)
            if (ends_link(mud_utf8_next(text, &next)))
                break;
        struct mud_str link = mud_str_sub(text, 0, end);
        bool known = false;
        for (size_t i = 0; i < list->n && !known; i++)
            known = mud_str_eq(list->items[i], link);
        if (!known)
            mud_chat_list_add(list, mud_str_dup(link, arena), arena);
        text = mud_str_sub(text, end, text.n);
    }
}

void mud_chat_lists(struct mud_post *post, const struct mud_chat_list *links,
                    const struct mud_chat_list *images,
                    const struct mud_chat_list *files)
{
    post->links = links->items;
    post->n_links = links->n;
    post->images = images->items;
    post->n_images = images->n;
    post->attachments = files->items;
    post->n_attachments = files->n;
}

void mud_chat_member(struct mud_post *post, struct mud_str name,
                     struct mud_arena *arena)
{
    if (!name.n)
        return;
    struct mud_str *member = mud_arena_array(arena, 1, sizeof(*member));
    *member = name;
    post->members = member;
    post->n_members = 1;
}

void mud_chat_keep(char *out, size_t size, struct mud_str s)
{
    size_t n = mud_utf8_cut(s, size - 1);
    memcpy(out, s.s ? s.s : "", n);
    out[n] = '\0';
}

bool mud_chat_is_image(struct mud_str name)
{
    static const char *const ends[] = {
        ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".avif"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct mud_str end = mud_str_z(ends[i]);
        if (name.n >= end.n &&
            mud_str_ieq(mud_str_sub(name, name.n - end.n, name.n), end))
            return true;
    }
    return false;
}

struct mud_str mud_chat_text(const json_t *object, const char *key,
                             struct mud_arena *arena)
{
    struct mud_str s = mud_json_get_str(object, key);
    return s.n ? mud_utf8_clean(mud_str_dup(s, arena), arena, NULL)
               : (struct mud_str){0};
}

struct mud_str mud_chat_id(const json_t *object, const char *key,
                           struct mud_arena *arena)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return mud_str_printf(
            arena, "%lld", (long long)json_integer_value(value));
    return mud_chat_text(object, key, arena);
}

int64_t mud_chat_epoch(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    int64_t n = json_integer_value(value);
    if (json_is_string(value) &&
        !mud_str_i64(mud_json_get_str(object, key), &n))
        return 0;
    if (n >= INT64_C(100000000000) && n < INT64_C(100000000000000))
        return n * (MUD_SECOND / 1000);
    return n > 0 && n < INT64_C(100000000000) ? n * MUD_SECOND : 0;
}

bool mud_chat_zone(struct mud_zone **zone, const struct mud_chat_in *in,
                   const struct mud_chat_sink *sink, struct mud_error *err)
{
    struct mud_error bad = {0};
    if (in->zone.n && mud_zone_new(zone, in->zone, &bad))
        return true;
    bool ok =
        in->zone.n
            ? mud_chat_note(
                  sink, "error", "bad-zone", 0, mud_str_z(bad.text), err)
            : mud_chat_note(sink,
                            "info",
                            "zone-assumed",
                            0,
                            MUD_STR("wall times are taken as China's, for the "
                                    "export names no zone"),
                            err);
    mud_error_clear(&bad);
    return ok && mud_zone_new(zone, MUD_STR("Asia/Shanghai"), err);
}

int64_t mud_chat_wall_time(const struct mud_zone *zone, struct mud_str text)
{
    char local[32];
    int64_t us;
    if (mud_time_parse(text, &us))
        return us;
    if (text.n < 10 || text.n >= sizeof(local))
        return 0;
    memcpy(local, text.s, text.n);
    local[text.n] = 'Z';
    if (!mud_time_parse(mud_str_of(local, text.n + 1), &us))
        return 0;
    struct mud_civil civil = mud_civil_of_unix(us / MUD_SECOND);
    return mud_zone_to_unix(zone, &civil) * MUD_SECOND;
}

static bool from_fd(void *payload, void *out, size_t size, size_t *n,
                    struct mud_error *err)
{
    const int *fd = payload;
    ssize_t got;
    do
        got = read(*fd, out, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return mud_fail_errno(err, MUD_EIO, "read");
    *n = (size_t)got;
    return true;
}

struct mud_bytes_in mud_chat_fd(int *fd)
{
    return (struct mud_bytes_in){from_fd, fd};
}

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct mud_chat_head *h = payload;
    if (h->from == h->n)
        return h->bytes.read(h->bytes.payload, out, size, n, err);
    *n = h->n - h->from < size ? h->n - h->from : size;
    memcpy(out, h->text + h->from, *n);
    h->from += *n;
    return true;
}

bool mud_chat_head_read(struct mud_chat_head *head,
                        const struct mud_bytes_in *bytes, struct mud_error *err)
{
    size_t n = 1;
    *head = (struct mud_chat_head){*bytes, mud_malloc(MUD_CHAT_HEAD), 0, 0};
    while (n && head->n < MUD_CHAT_HEAD) {
        if (!bytes->read(bytes->payload,
                         head->text + head->n,
                         MUD_CHAT_HEAD - head->n,
                         &n,
                         err))
            return false;
        head->n += n;
    }
    return true;
}

struct mud_bytes_in mud_chat_head_again(struct mud_chat_head *head)
{
    head->from = 0;
    return (struct mud_bytes_in){take, head};
}

void mud_chat_head_free(struct mud_chat_head *head)
{
    free(head->text);
}

static struct mud_chat_seen *place_of(struct mud_chat_ids *ids, uint64_t key)
{
    size_t i = key & (ids->cap - 1);
    while (ids->seen[i].stamp == ids->stamp && ids->seen[i].key != key)
        i = (i + 1) & (ids->cap - 1);
    return &ids->seen[i];
}

static void make_room(struct mud_chat_ids *ids)
{
    struct mud_chat_seen *old = ids->seen;
    size_t cap = ids->cap;
    ids->cap = cap ? cap * 2 : 64;
    ids->seen = mud_calloc(ids->cap, sizeof(*ids->seen));
    for (size_t i = 0; i < cap; i++)
        if (old[i].stamp == ids->stamp)
            *place_of(ids, old[i].key) = old[i];
    free(old);
}

/* How often this key came at this time, with this one. */
static uint32_t count(struct mud_chat_ids *ids, uint64_t key, int64_t at)
{
    if (at != ids->at || !ids->stamp) {
        ids->at = at;
        ids->stamp++;
        ids->n = 0;
    }
    if (ids->n * 2 >= ids->cap && ids->cap < SAME_MAX)
        make_room(ids);
    if (ids->n * 2 >= ids->cap)
        return 1;
    struct mud_chat_seen *seen = place_of(ids, key);
    if (seen->stamp != ids->stamp) {
        *seen = (struct mud_chat_seen){key, ids->stamp, 0};
        ids->n++;
    }
    return ++seen->count;
}

struct mud_str mud_chat_ids_next(struct mud_chat_ids *ids,
                                 const struct mud_post *post,
                                 struct mud_arena *arena)
{
    struct mud_str parts[] = {
        post->site,
        mud_str_printf(arena, "%lld", (long long)post->posted),
        post->author_id.n ? post->author_id : post->author,
        post->body.n ? post->body : post->service,
    };
    struct mud_id id = mud_id_of_parts("message", parts, 4);
    uint64_t key;
    char hex[33];

    memcpy(&key, id.b, sizeof(key));
    uint32_t n = count(ids, key, post->posted);
    mud_hex(hex, id.b, 10);
    return n > 1 ? mud_str_printf(arena, "%s-%u", hex, n)
                 : mud_str_dup(mud_str_z(hex), arena);
}

void mud_chat_ids_free(struct mud_chat_ids *ids)
{
    free(ids->seen);
}

bool mud_chat_note(const struct mud_chat_sink *sink, const char *severity,
                   const char *code, uint64_t byte, struct mud_str text,
                   struct mud_error *err)
{
    struct mud_note note = {severity, code, text, byte};
    return sink->note(&note, sink->payload, err);
}

bool mud_chat_no_id(const struct mud_chat_sink *sink, uint64_t byte,
                    struct mud_error *err)
{
    return mud_chat_note(sink,
                         "warning",
                         "no-id",
                         byte,
                         MUD_STR("a message without an id is set aside"),
                         err);
}

bool mud_chat_unverified(const struct mud_chat_sink *sink,
                         struct mud_error *err)
{
    return mud_chat_note(sink,
                         "info",
                         "unverified-engine",
                         0,
                         MUD_STR("this format is read as described in public "
                                 "and was not tried on a real export"),
                         err);
}

bool mud_chat_broken(const struct mud_chat_sink *sink, const char *code,
                     struct mud_range at, struct mud_error *err)
{
    return mud_chat_note(sink,
                         "error",
                         code,
                         at.start,
                         MUD_STR("the export's JSON is broken here"),
                         err);
}
