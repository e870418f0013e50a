#include "run/source.h"

#include "base/json.h"
#include "fetch/url.h"

#define HOSTS_MAX 256

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

static bool same_or_below(struct mud_str host, struct mud_str rule)
{
    if (!mud_str_starts(rule, MUD_STR("*.")))
        return mud_str_ieq(host, rule);
    struct mud_str tail = mud_str_sub(rule, 1, rule.n);
    return host.n > tail.n &&
           mud_str_ieq(mud_str_sub(host, host.n - tail.n, host.n), tail);
}

struct kind {
    const char *name;
    const char *schemes[3];  /* of its url; none: http and https */
    bool needs_url, fetches; /* fetches: by the policy of fetch/ */
};

static const struct kind kinds[] = {
    {"forum", {NULL}, true, true},
    {"chat", {NULL}, false, false},
    {"import", {NULL}, false, false},
    {"telegram", {NULL}, false, true},
    {"botapi", {NULL}, false, true},
    {"matrix", {NULL}, true, true},
    {"xmpp", {"xmpp", NULL}, true, false},
    {"irc", {"irc", "ircs", NULL}, true, false},
    {"feed", {NULL}, true, true},
    {"folder", {NULL}, false, false},
};

static const struct kind *kind_of(const struct mud_source *source)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (mud_str_eqz(source->kind, kinds[i].name))
            return &kinds[i];
    }
    return NULL;
}

/* scheme://host[:port][/...] of a network that is not HTTP. */
static bool other_host(struct mud_str *host, struct mud_str url,
                       const char *const *schemes, struct mud_error *err)
{
    for (size_t i = 0; schemes[i]; i++) {
        size_t n = strlen(schemes[i]);

        if (!mud_str_starts(url, mud_str_z(schemes[i])) ||
            !mud_str_starts(mud_str_sub(url, n, url.n), MUD_STR("://")))
            continue;
        *host = mud_str_sub(url, n + 3, url.n);
        for (size_t k = 0; k < host->n; k++) {
            if (strchr("/:?#@", host->s[k])) {
                host->n = k;
                break;
            }
        }
        if (host->n)
            return true;
    }
    return mud_fail(err, MUD_EUSAGE, "is no %s://HOST[:PORT]", schemes[0]);
}

static bool host_of(struct mud_str *host, struct mud_source *source,
                    struct mud_arena *arena, struct mud_error *err)
{
    const struct kind *kind = kind_of(source);
    struct mud_url url;

    if (kind->schemes[0])
        return other_host(host, source->url, kind->schemes, err);
    if (!mud_url_parse(&url, source->url, arena, err))
        return false;
    source->url = url.text;
    *host = url.host;
    return true;
}

/* The host of url is in scope, be it named by --host or not. */
static bool add_host(struct mud_source *source, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_str host = {0};

    if (!source->url.n)
        return true;
    if (!host_of(&host, source, arena, err))
        return mud_fail_in(err, "--url %.*s", MUD_FMT(source->url));
    for (size_t i = 0; i < source->n_hosts; i++) {
        if (same_or_below(host, source->hosts[i]))
            return true;
    }
    struct mud_str *hosts =
        mud_arena_array(arena, source->n_hosts + 1, sizeof *hosts);
    for (size_t i = 0; i < source->n_hosts; i++)
        hosts[i] = source->hosts[i];
    hosts[source->n_hosts] = host;
    source->hosts = hosts;
    source->n_hosts++;
    return true;
}

static bool name_good(struct mud_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.s[i];
        if (c <= ' ' || c == '/' || c == '\\' || c == 0x7f)
            return false;
    }
    return name.n > 0 && name.n <= 64;
}

static bool check(const struct mud_source *source, struct mud_error *err)
{
    const struct kind *kind = kind_of(source);
    struct mud_zone *zone;

    if (!name_good(source->name))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "source name %.*s: 1 to 64 bytes without spaces or "
                        "slashes",
                        MUD_FMT(source->name));
    if (!kind)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--kind is forum, chat, import, telegram, botapi, "
                        "matrix, xmpp, irc, feed or folder, not %.*s",
                        MUD_FMT(source->kind));
    if (kind->needs_url && !source->url.n)
        return mud_fail(
            err, MUD_EUSAGE, "a source of kind %s needs --url", kind->name);
    if (source->robots.n && !mud_str_eqz(source->robots, "ignore") &&
        !mud_str_eqz(source->robots, "note") &&
        !mud_str_eqz(source->robots, "obey"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--robots is ignore, note or obey, not %.*s",
                        MUD_FMT(source->robots));
    if (mud_str_eqz(source->kind, "folder") != (source->folder.n > 0))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--folder goes with --kind folder, and that with it");
    if (source->folder.n && source->folder.s[0] != '/')
        return mud_fail(err, MUD_EUSAGE, "--folder is a path from / on");
    if (!mud_str_trim(source->legal_basis).n)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--basis is missing: on what legal basis is %.*s "
                        "collected",
                        MUD_FMT(source->name));
    if (source->expires <= 0)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--expires is missing: until when may %.*s be "
                        "collected (YYYY-MM-DD)",
                        MUD_FMT(source->name));
    if (source->n_hosts > HOSTS_MAX || source->n_paths > HOSTS_MAX ||
        source->n_rooms > HOSTS_MAX)
        return mud_fail(
            err, MUD_EUSAGE, "more than %d hosts, paths or rooms", HOSTS_MAX);
    if (source->zone.n) {
        if (!mud_zone_new(&zone, source->zone, err))
            return mud_fail_in(err, "--zone");
        mud_zone_free(zone);
    }
    return true;
}

static void scope_json(struct mud_buf *out, const struct mud_source *source)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kstrs(&json, "hosts", source->hosts, source->n_hosts);
    mud_json_kstrs(&json, "paths", source->paths, source->n_paths);
    mud_json_kbool(&json, "allow_private", source->allow_private);
    mud_json_object_end(&json);
}

static void options_json(struct mud_buf *out, const struct mud_source *source)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kint(&json, "delay_ms", source->delay_ms);
    mud_json_kint(&json, "parallel", source->parallel);
    mud_json_kint(&json, "page_bytes", source->page_bytes);
    mud_json_kint(&json, "day_bytes", source->day_bytes);
    if (source->media)
        mud_json_kbool(&json, "media", true);
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
    mud_json_object_end(&json);
}

static bool insert(struct mud_source *source, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_buf scope = {0}, options = {0};
    struct mud_rows *rows = NULL;
    char expires[MUD_TIME_TEXT];

    scope_json(&scope, source);
    options_json(&options, source);
    mud_time_text(expires, source->expires, false);
    struct mud_str args[] = {source->name,
                             source->kind,
                             or_null(source->url),
                             source->legal_basis,
                             mud_buf_view(&scope),
                             mud_str_z(expires),
                             or_null(source->zone),
                             mud_buf_view(&options),
                             source->created_by};
    bool good =
        mud_pg_begin(pg, err) &&
        mud_pg_exec(pg, "LOCK TABLE mud.source IN EXCLUSIVE MODE", err) &&
        mud_pg_query(&rows, pg, mud_sql("source_add"), args, 9, err);
    if (good) {
        source->id = (int32_t)mud_rows_int(rows, 0, 0);
        source->created = mud_rows_time(rows, 0, 1);
        good = mud_pg_commit(pg, err);
    }
    if (!good) {
        bool twice = strcmp(mud_pg_sqlstate(pg), "23505") == 0;
        mud_pg_rollback(pg);
        if (twice && err) {
            mud_error_clear(err);
            mud_fail(err,
                     MUD_EUSAGE,
                     "there is a source %.*s already",
                     MUD_FMT(source->name));
        }
    }
    mud_rows_free(rows);
    mud_buf_free(&scope);
    mud_buf_free(&options);
    return good;
}

struct mud_policy mud_source_policy(const struct mud_source *source,
                                    int64_t spent)
{
    struct mud_policy policy = mud_policy_defaults();

    policy.hosts = source->hosts;
    policy.n_hosts = source->n_hosts;
    policy.paths = source->paths;
    policy.n_paths = source->n_paths;
    policy.allow_private = source->allow_private;
    policy.proxy = source->proxy;
    policy.user_agent = source->user_agent;
    policy.page_bytes = (size_t)source->page_bytes;
    policy.day_bytes = source->day_bytes;
    policy.day_spent = spent;
    policy.delay_ms = (unsigned)source->delay_ms;
    policy.jitter_ms = (unsigned)(source->delay_ms / 2);
    policy.per_host = (unsigned)source->parallel;
    policy.parallel = (unsigned)source->parallel;
    return policy;
}

/* What the fetcher would refuse is refused when it is said. */
static bool fetchable(const struct mud_source *source, struct mud_error *err)
{
    struct mud_policy policy = mud_source_policy(source, 0);

    return !kind_of(source)->fetches || mud_policy_check(&policy, err);
}

bool mud_source_add(struct mud_source *source, struct mud_pg *pg,
                    struct mud_arena *arena, struct mud_error *err)
{
    if (mud_str_eqz(source->kind, "telegram") && !source->url.n)
        source->url = MUD_STR("https://t.me/s/");
    if (mud_str_eqz(source->kind, "botapi") && !source->url.n)
        source->url = MUD_STR("https://api.telegram.org/");
    if (!check(source, err) || !add_host(source, arena, err) ||
        !fetchable(source, err))
        return false;
    source->state = MUD_STR("active");
    return insert(source, pg, err);
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

static bool read_json(struct mud_source *out, struct mud_str scope,
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
        out->media = mud_json_get_bool(o, "media");
        out->proxy = mud_str_dup(mud_json_get_str(o, "proxy"), arena);
        out->user_agent = mud_str_dup(mud_json_get_str(o, "user_agent"), arena);
        read_strings(&out->rooms, &out->n_rooms, o, "rooms", arena);
        out->account = mud_str_dup(mud_json_get_str(o, "account"), arena);
        out->folder = mud_str_dup(mud_json_get_str(o, "folder"), arena);
        out->robots = mud_str_dup(mud_json_get_str(o, "robots"), arena);
        out->every_s = mud_json_get_int(o, "every_s", 0);
    }
    json_decref(s);
    json_decref(o);
    return s && o;
}

static bool read_row(struct mud_source *out, const struct mud_rows *rows,
                     size_t row, struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str *text[] = {NULL,
                              &out->name,
                              &out->kind,
                              &out->url,
                              &out->legal_basis,
                              &out->zone,
                              &out->state,
                              &out->state_note};

    *out = (struct mud_source){.id = (int32_t)mud_rows_int(rows, row, 0)};
    for (size_t i = 1; i < 8; i++)
        *text[i] = mud_str_dup(mud_rows_get(rows, row, i), arena);
    out->expires = mud_rows_time(rows, row, 8);
    out->created = mud_rows_time(rows, row, 9);
    out->created_by = mud_str_dup(mud_rows_get(rows, row, 10), arena);
    if (!read_json(out,
                   mud_rows_get(rows, row, 11),
                   mud_rows_get(rows, row, 12),
                   arena,
                   err))
        return mud_fail_in(err, "source %.*s", MUD_FMT(out->name));
    return true;
}

static bool select_rows(struct mud_source **out, size_t *n, struct mud_pg *pg,
                        struct mud_str name, struct mud_arena *arena,
                        struct mud_error *err)
{
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows, pg, mud_sql("source_list"), &name, 1, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n && good; i++)
        good = read_row(&(*out)[i], rows, i, arena, err);
    mud_rows_free(rows);
    return good;
}

bool mud_source_load(struct mud_source *out, struct mud_pg *pg,
                     struct mud_str name, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_source *found;
    size_t n;

    if (!select_rows(&found, &n, pg, name, arena, err))
        return false;
    if (!n)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no source %.*s (mudlark source list names them)",
                        MUD_FMT(name));
    *out = found[0];
    return true;
}

bool mud_source_list(struct mud_source **out, size_t *n, struct mud_pg *pg,
                     struct mud_arena *arena, struct mud_error *err)
{
    return select_rows(out, n, pg, MUD_SQL_NULL, arena, err);
}

static bool changed_one(struct mud_pg *pg, const char *sql,
                        const struct mud_str *args, size_t n,
                        struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, sql, args, n, err))
        return false;
    size_t count = mud_rows_count(rows);
    mud_rows_free(rows);
    if (!count)
        return mud_fail(err,
                        MUD_EMISSING,
                        "no source %.*s (mudlark source list names them)",
                        MUD_FMT(args[0]));
    return true;
}

bool mud_source_set_state(struct mud_pg *pg, struct mud_str name,
                          struct mud_str state, struct mud_str note,
                          struct mud_error *err)
{
    struct mud_str args[] = {name, state, or_null(note)};

    return changed_one(pg, mud_sql("source_state"), args, 3, err);
}

bool mud_source_remove(struct mud_pg *pg, struct mud_str name,
                       struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("source_held"), &name, 1, err))
        return false;
    bool held = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    if (held)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s holds captures and stays: evidence keeps "
                        "its source (mudlark source pause %.*s)",
                        MUD_FMT(name),
                        MUD_FMT(name));
    return changed_one(pg, mud_sql("source_remove"), &name, 1, err);
}

bool mud_source_allowed(const struct mud_source *source, int64_t now,
                        struct mud_error *err)
{
    char expires[MUD_TIME_TEXT];

    if (!mud_str_eqz(source->state, "active"))
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s is %.*s%s%.*s",
                        MUD_FMT(source->name),
                        MUD_FMT(source->state),
                        source->state_note.n ? ": " : "",
                        MUD_FMT(source->state_note));
    if (!mud_str_trim(source->legal_basis).n)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s has no legal basis",
                        MUD_FMT(source->name));
    if (source->expires <= now)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s expired at %s: nothing is fetched",
                        MUD_FMT(source->name),
                        mud_time_text(expires, source->expires, false));
    return true;
}

bool mud_source_spent(int64_t *bytes, struct mud_pg *pg,
                      const struct mud_source *source, struct mud_error *err)
{
    char id[16], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(mud_time_text(now, mud_now(), false))};
    if (!mud_pg_query(&rows, pg, mud_sql("source_spent"), args, 2, err))
        return false;
    *bytes = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}
