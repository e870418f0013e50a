#include "run/witness.h"

#include "evidence/show.h"
#include "fetch/exchange.h"
#include "nlp/reading.h"
#include "run/source.h"
#include "run/step.h"

const char *mud_witnessed_name(enum mud_witnessed witnessed)
{
    static const char *const names[] = {
        [MUD_SAME_BYTES] = "same_bytes",
        [MUD_SAME_POSTS] = "same_posts",
        [MUD_OTHER_POSTS] = "other_posts",
        [MUD_NO_POSTS] = "no_posts",
    };

    return names[witnessed];
}

static void add(struct mud_witness *w, const char *name, bool expected,
                struct mud_str first, struct mud_str second)
{
    w->fields[w->n_fields++] =
        (struct mud_witness_field){.name = name,
                                   .first = first,
                                   .second = second,
                                   .same = mud_str_eq(first, second),
                                   .expected = expected};
}

static struct mud_str hex_of(const uint8_t *digest, struct mud_arena *arena)
{
    char hex[MUD_HEX256];

    return mud_str_dup(mud_str_z(mud_hex(hex, digest, MUD_SHA256)), arena);
}

static struct mud_str number(int64_t n, struct mud_arena *arena)
{
    return mud_str_printf(arena, "%lld", (long long)n);
}

static struct mud_str when(int64_t us, struct mud_arena *arena)
{
    char text[MUD_TIME_TEXT];

    return mud_str_dup(mud_str_z(mud_time_text(text, us, true)), arena);
}

/* A key of one of the JSON columns. */
static struct mud_str in(struct mud_str json_text, const char *key,
                         struct mud_arena *arena)
{
    json_t *json = json_text.n ? mud_json_read(json_text, NULL) : NULL;
    json_t *value = json_object_get(json, key);
    struct mud_str out = {0};

    if (json_is_string(value))
        out = mud_str_dup(mud_json_get_str(json, key), arena);
    else if (json_is_boolean(value))
        out = json_is_true(value) ? MUD_STR("true") : MUD_STR("false");
    else if (json_is_array(value) && json_array_size(value))
        out = mud_str_dup(
            mud_str_z(json_string_value(json_array_get(value, 0))), arena);
    json_decref(json);
    return out;
}

/* Field by field; those that are expected to be the same first. */
static void compare_facts(struct mud_witness *w, struct mud_arena *arena)
{
    const struct mud_facts *a = &w->first, *b = &w->second;

    add(w, "url", true, a->c.url, b->c.url);
    add(w,
        "status",
        true,
        number(a->c.status, arena),
        number(b->c.status, arena));
    add(w, "location", true, a->location, b->location);
    add(w, "content_type", true, a->c.content_type, b->c.content_type);
    add(w, "cut", true, a->cut, b->cut);
    add(w,
        "tls_certificate",
        true,
        in(a->tls, "chain_sha256", arena),
        in(b->tls, "chain_sha256", arena));
    add(w,
        "tls_verify",
        true,
        in(a->tls, "verify", arena),
        in(b->tls, "verify", arena));
    add(w, "access_mode", true, a->access_mode, b->access_mode);
    add(w, "account", true, a->account, b->account);
    add(w,
        "sha256",
        false,
        hex_of(a->c.sha256, arena),
        hex_of(b->c.sha256, arena));
    add(w, "size", false, number(a->c.size, arena), number(b->c.size, arena));
    add(w, "at", false, when(a->c.at, arena), when(b->c.at, arena));
    add(w,
        "clock_synced",
        false,
        in(a->clock, "synced", arena),
        in(b->clock, "synced", arena));
    add(w, "peer_ip", false, a->peer_ip, b->peer_ip);
    add(w, "dns", false, a->dns, b->dns);
    add(w,
        "machine",
        false,
        in(a->circumstances, "host", arena),
        in(b->circumstances, "host", arena));
    add(w,
        "local_ip",
        false,
        in(a->circumstances, "local_ip", arena),
        in(b->circumstances, "local_ip", arena));
    add(w, "proxy", false, a->proxy, b->proxy);
    add(w, "tool", false, a->tool, b->tool);
    add(w, "actor", false, a->actor, b->actor);
}

/* Was it another machine, or another way out? */
static bool is_independent(const struct mud_witness *w)
{
    static const char *const ways[] = {"machine", "local_ip", "proxy"};

    for (size_t i = 0; i < w->n_fields; i++)
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            if (strcmp(w->fields[i].name, ways[k]) == 0 && !w->fields[i].same)
                return true;
    return false;
}

static bool read_page(struct mud_parsed *out, struct mud_worker *worker,
                      const struct mud_facts *f, struct mud_str zone,
                      struct mud_arena *arena, struct mud_error *err)
{
    struct mud_exchange x;
    struct mud_str body;
    bool whole;

    *out = (struct mud_parsed){.n_posts = 0};
    if (!mud_capture_exchange(
            &x, worker->vault, &f->c, MUD_PAGE_MAX, arena, err) ||
        !mud_exchange_decode(&body, &whole, &x, MUD_PAGE_MAX, arena, err))
        return false;
    const struct mud_page_in page = {
        .bytes = body,
        .url = f->c.url,
        .content_type = mud_exchange_header(&x, "content-type"),
        .head = x.response_head,
        .status = f->c.status,
        .fetched_at = f->c.at,
        .zone = zone,
    };
    return mud_parser_page(worker->parser, out, &page, arena, err);
}

/* What posts that differ are shown with. */
struct side {
    const struct mud_reader *reader;
    struct mud_arena *arena;
};

/* A post's own id, or where it stands. */
static struct mud_str key_of(const struct mud_post *post,
                             struct mud_arena *arena)
{
    return post->post.n ? post->post
                        : mud_str_printf(arena, "#%u", post->position);
}

static const struct mud_post *find(const struct mud_parsed *page,
                                   const struct mud_post *like)
{
    for (size_t i = 0; i < page->n_posts; i++) {
        const struct mud_post *post = &page->posts[i];

        if (mud_str_eq(post->post, like->post) &&
            (post->post.n || post->position == like->position))
            return post;
    }
    return NULL;
}

/* Not by the time: "3 minutes ago" is another one in each capture. */
static bool same_post(const struct mud_post *a, const struct mud_post *b)
{
    return mud_str_eq(a->author, b->author) &&
           mud_str_eq(a->author_id, b->author_id) &&
           mud_str_eq(a->body, b->body) && a->state == b->state;
}

/* What people are shown is without victims' data, here as everywhere; s is NULL
 * of a post that is not there. */
static struct mud_str shown(const struct side *side,
                            const struct mud_post *post)
{
    struct mud_message message = {0};
    struct mud_reading reading = {0};
    struct mud_error late = {0};

    if (!post)
        return (struct mud_str){0};
    message.text = post->body;
    /* Above a mebibyte it is read in part only. */
    if (post->body.n > (1U << 20) ||
        !mud_read(&reading, side->reader, &message, NULL, side->arena, &late))
        return MUD_STR("(it could not be read, so it is not shown)");
    return mud_mask(post->body, MUD_IN_TEXT, 0, &reading, side->arena);
}

static void show_post(struct mud_witness *w, const struct side *side,
                      const struct mud_post *first,
                      const struct mud_post *second)
{
    const struct mud_post *any = first ? first : second;

    if (w->n_posts < MUD_WITNESS_POSTS)
        w->posts[w->n_posts++] =
            (struct mud_witness_post){.key = key_of(any, side->arena),
                                      .author = any->author,
                                      .first = shown(side, first),
                                      .second = shown(side, second)};
}

static void compare_posts(struct mud_witness *w, const struct mud_parsed *a,
                          const struct mud_parsed *b, const struct side *side)
{
    for (size_t i = 0; i < a->n_posts; i++) {
        const struct mud_post *other = find(b, &a->posts[i]);

        if (!other)
            w->only_first++;
        else if (same_post(&a->posts[i], other))
            w->both++;
        else
            w->changed++;
        if (!other || !same_post(&a->posts[i], other))
            show_post(w, side, &a->posts[i], other);
    }
    for (size_t i = 0; i < b->n_posts; i++) {
        if (find(a, &b->posts[i]))
            continue;
        w->only_second++;
        show_post(w, side, NULL, &b->posts[i]);
    }
}

static bool zone_of(struct mud_str *zone, struct mud_worker *worker, int32_t id,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct mud_source *all;
    size_t n;

    *zone = (struct mud_str){0};
    if (!mud_source_list(&all, &n, worker->pg, arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (all[i].id == id)
            *zone = all[i].zone;
    return true;
}

bool mud_witness_compare(struct mud_witness *out, struct mud_worker *worker,
                         struct mud_id first, struct mud_id second,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_parsed a, b;
    struct mud_str zone;

    *out = (struct mud_witness){.n_fields = 0};
    if (!mud_facts_load(&out->first, worker->pg, first, arena, err) ||
        !mud_facts_load(&out->second, worker->pg, second, arena, err))
        return false;
    compare_facts(out, arena);
    out->independent = is_independent(out);
    if (!zone_of(&zone, worker, out->first.c.source, arena, err) ||
        !read_page(&a, worker, &out->first, zone, arena, err) ||
        !read_page(&b, worker, &out->second, zone, arena, err))
        return false;
    compare_posts(
        out, &a, &b, &(struct side){.reader = worker->reader, .arena = arena});
    if (memcmp(out->first.c.sha256, out->second.c.sha256, MUD_SHA256) == 0)
        out->verdict = MUD_SAME_BYTES;
    else if (out->changed ||
             (out->both && (out->only_first || out->only_second)))
        out->verdict = MUD_OTHER_POSTS;
    else if (out->both)
        out->verdict = MUD_SAME_POSTS;
    else
        out->verdict = a.n_posts && b.n_posts ? MUD_OTHER_POSTS : MUD_NO_POSTS;
    return true;
}
