#include "run/source_terms.h"

#include "base/json.h"

void mud_source_scope_json(struct mud_buf *out, const struct mud_source *source)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kstrs(&json, "hosts", source->hosts, source->n_hosts);
    mud_json_kstrs(&json, "paths", source->paths, source->n_paths);
    mud_json_kbool(&json, "allow_private", source->allow_private);
    mud_json_object_end(&json);
}

void mud_source_options_json(struct mud_buf *out,
                             const struct mud_source *source)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kint(&json, "delay_ms", source->delay_ms);
    mud_json_kint(&json, "parallel", source->parallel);
    mud_json_kint(&json, "page_bytes", source->page_bytes);
    mud_json_kint(&json, "day_bytes", source->day_bytes);
    if (source->page_s)
        mud_json_kint(&json, "page_s", source->page_s);
    if (source->day_pages)
        mud_json_kint(&json, "day_pages", source->day_pages);
    if (source->round_s)
        mud_json_kint(&json, "round_s", source->round_s);
    if (source->n_headers)
        mud_json_kstrs(&json, "headers", source->headers, source->n_headers);
    if (source->media)
        mud_json_kbool(&json, "media", true);
    if (source->any_certificate)
        mud_json_kbool(&json, "any_certificate", true);
    if (source->proxy.n)
        mud_json_kstr(&json, "proxy", source->proxy);
    if (source->user_agent.n)
        mud_json_kstr(&json, "user_agent", source->user_agent);
    if (source->n_rooms)
        mud_json_kstrs(&json, "rooms", source->rooms, source->n_rooms);
    if (source->account.n)
        mud_json_kstr(&json, "account", source->account);
    if (source->folder.n)
        mud_json_kstr(&json, "folder", source->folder);
    if (source->robots.n)
        mud_json_kstr(&json, "robots", source->robots);
    if (source->every_s)
        mud_json_kint(&json, "every_s", source->every_s);
    mud_json_kint(&json, "error_share", source->error_share);
    mud_json_kint(&json, "error_hours", source->error_hours);
    mud_json_kint(&json, "error_least", source->error_least);
    if (source->hours.n)
        mud_json_kstr(&json, "hours", source->hours);
    if (source->charset.n)
        mud_json_kstr(&json, "charset", source->charset);
    if (source->rejoin)
        mud_json_kbool(&json, "rejoin", true);
    if (source->join.n)
        mud_json_kstr(&json, "join", source->join);
    if (source->plain)
        mud_json_kbool(&json, "plain", true);
    mud_json_object_end(&json);
}

static void read_strings(const struct mud_str **out, size_t *n,
                         const json_t *object, const char *key,
                         struct mud_arena *arena)
{
    const json_t *list = json_object_get(object, key);
    size_t count = json_array_size(list);
    struct mud_str *all = mud_arena_array(arena, count, sizeof *all);

    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);
        all[i] = mud_str_dup(mud_str_of(json_string_value(item),
                                        json_string_length(item)),
                             arena);
    }
    *out = all;
    *n = count;
}

bool mud_source_read_json(struct mud_source *out, struct mud_str scope,
                          struct mud_str options, struct mud_arena *arena,
                          struct mud_error *err)
{
    json_t *s = mud_json_read(scope, err);
    json_t *o = s ? mud_json_read(options, err) : NULL;

    if (s && o) {
        read_strings(&out->hosts, &out->n_hosts, s, "hosts", arena);
        read_strings(&out->paths, &out->n_paths, s, "paths", arena);
        out->allow_private = mud_json_get_bool(s, "allow_private");
        out->delay_ms = mud_json_get_int(o, "delay_ms", 1000);
        out->parallel = mud_json_get_int(o, "parallel", 1);
        out->page_bytes = mud_json_get_int(o, "page_bytes", 16 << 20);
        out->day_bytes = mud_json_get_int(o, "day_bytes", 1 << 30);
        out->page_s = mud_json_get_int(o, "page_s", 0);
        out->day_pages =
            mud_json_get_int(o, "day_pages", mud_source_day_pages(out->kind));
        out->round_s = mud_json_get_int(o, "round_s", 0);
        read_strings(&out->headers, &out->n_headers, o, "headers", arena);
        out->media = mud_json_get_bool(o, "media");
        out->any_certificate = mud_json_get_bool(o, "any_certificate");
        out->proxy = mud_str_dup(mud_json_get_str(o, "proxy"), arena);
        out->user_agent = mud_str_dup(mud_json_get_str(o, "user_agent"), arena);
        read_strings(&out->rooms, &out->n_rooms, o, "rooms", arena);
        out->account = mud_str_dup(mud_json_get_str(o, "account"), arena);
        out->folder = mud_str_dup(mud_json_get_str(o, "folder"), arena);
        out->robots = mud_str_dup(mud_json_get_str(o, "robots"), arena);
        out->every_s = mud_json_get_int(o, "every_s", 0);
        out->error_share = mud_json_get_int(o, "error_share", MUD_ERROR_SHARE);
        out->error_hours = mud_json_get_int(o, "error_hours", MUD_ERROR_HOURS);
        out->error_least = mud_json_get_int(o, "error_least", MUD_ERROR_LEAST);
        out->hours = mud_str_dup(mud_json_get_str(o, "hours"), arena);
        out->charset = mud_str_dup(mud_json_get_str(o, "charset"), arena);
        out->rejoin = mud_json_get_bool(o, "rejoin");
        out->join = mud_str_dup(mud_json_get_str(o, "join"), arena);
        out->plain = mud_json_get_bool(o, "plain");
    }
    json_decref(s);
    json_decref(o);
    return s && o;
}
