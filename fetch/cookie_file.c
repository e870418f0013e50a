#include "fetch/cookie_file.h"

#include "base/json.h"

#define PART_MAX ((size_t)4096) /* of a name or value, as browsers hold */

/* What libcurl and the jar's own format can hold. */
static bool is_part(struct mud_str part, const char *never)
{
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.s[i];
        if (c < ' ' || c == 0x7f || strchr(never, c))
            return false;
    }
    return part.n <= PART_MAX;
}

/* Names alone; a domain may come as "https://host/". */
static struct mud_str domain_of(struct mud_str text, struct mud_arena *arena)
{
    size_t at = mud_str_find(text, MUD_STR("://"));

    text = mud_str_trim(text);
    if (at != MUD_NPOS)
        text = mud_str_sub(text, at + 3, text.n);
    at = mud_str_chr(text, '/');
    text = mud_str_sub(text, 0, at);
    while (text.n && text.s[0] == '.')
        text = mud_str_sub(text, 1, text.n);
    return mud_str_lower(text, arena);
}

static bool is_domain(struct mud_str domain)
{
    for (size_t i = 0; i < domain.n; i++) {
        char c = domain.s[i];
        if (c <= ' ' || c == '#' || c == '*' || c == ',' || c == ';')
            return false;
    }
    return domain.n && domain.n <= 253;
}

static bool good(const struct mud_cookie *c)
{
    return is_domain(c->domain) && c->name.n && is_part(c->name, "=;, \t") &&
           is_part(c->value, ";\t") && is_part(c->path, ";\t") && c->path.n &&
           c->path.s[0] == '/';
}

struct list {
    struct mud_cookie *all;
    size_t n, cap;
    struct mud_arena *arena;
};

static bool add(struct list *list, const struct mud_cookie *cookie,
                struct mud_error *err)
{
    if (list->n == MUD_COOKIES_MAX)
        return mud_fail(
            err, MUD_ELIMIT, "more than %d cookies", MUD_COOKIES_MAX);
    list->all = mud_arena_grow(
        list->arena, list->all, &list->cap, list->n, sizeof *list->all);
    list->all[list->n++] = *cookie;
    return true;
}

/* domain, below, path, secure, expires, name, value, between tabs. */
static bool netscape_line(struct mud_cookie *out, struct mud_str line,
                          struct mud_arena *arena)
{
    struct mud_str field[7] = {{0}};
    size_t n = 0;

    *out = (struct mud_cookie){0};
    if (mud_str_starts(line, MUD_STR("#HttpOnly_"))) {
        out->http_only = true;
        line = mud_str_sub(line, 10, line.n);
    }
    while (n < 7 && mud_str_cut(&line, '\t', &field[n]))
        n++;
    if (n < 6 || line.n) /* some leave out an empty value */
        return false;
    out->domain = domain_of(field[0], arena);
    out->below = mud_str_ieq(field[1], MUD_STR("TRUE"));
    out->path = field[2].n ? field[2] : MUD_STR("/");
    out->secure = mud_str_ieq(field[3], MUD_STR("TRUE"));
    field[4] = mud_str_sub(field[4], 0, mud_str_chr(field[4], '.'));
    if (!mud_str_i64(field[4], &out->expires))
        return false;
    if (out->expires < 0)
        out->expires = 0;
    out->name = field[5];
    out->value = n == 7 ? field[6] : MUD_STR("");
    return good(out);
}

static bool read_netscape(struct list *list, struct mud_str text,
                          struct mud_error *err)
{
    struct mud_str line;
    struct mud_cookie cookie;
    unsigned number = 0;

    while (text.n && mud_str_line(&text, &line)) {
        number++;
        if (!mud_str_trim(line).n ||
            (line.s[0] == '#' && !mud_str_starts(line, MUD_STR("#HttpOnly_"))))
            continue;
        if (!netscape_line(&cookie, line, list->arena))
            return mud_fail(
                err, MUD_EINPUT, "line %u is no cookie of cookies.txt", number);
        if (!add(list, &cookie, err))
            return false;
    }
    return true;
}

static struct mud_str member(const json_t *object, const char *const *names,
                             struct mud_arena *arena)
{
    struct mud_str found = {0};

    for (size_t i = 0; names[i] && !found.n; i++)
        found = mud_json_get_str(object, names[i]);
    return mud_str_dup(found, arena);
}

/* Unix seconds as a number, or a date; -1 and nothing: of the session. */
static int64_t expiry(const json_t *object)
{
    static const char *const names[] = {
        "expirationDate", "expires", "expiry", "Expires"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *value = json_object_get(object, names[i]);
        struct mud_str text = mud_json_get_str(object, names[i]);
        int64_t us;
        if (json_is_number(value)) {
            double seconds = json_number_value(value);
            return seconds > 0 && seconds < 1e12 ? (int64_t)seconds : 0;
        }
        if (text.n && (mud_time_parse(text, &us) || mud_time_http(text, &us)))
            return us / MUD_SECOND;
    }
    return 0;
}

static bool json_cookie(struct mud_cookie *out, const json_t *object,
                        struct mud_arena *arena)
{
    static const char *const domains[] = {"domain", "host", "Domain", NULL};
    static const char *const paths[] = {"path", "Path", NULL};
    static const char *const cookie_names[] = {"name", "Name", NULL};
    static const char *const values[] = {"value", "Value", NULL};
    struct mud_str domain = member(object, domains, arena);
    const json_t *host_only = json_object_get(object, "hostOnly");

    *out = (struct mud_cookie){
        .domain = domain_of(domain, arena),
        .below = host_only ? json_is_false(host_only)
                           : mud_str_starts(domain, MUD_STR(".")),
        .path = member(object, paths, arena),
        .name = member(object, cookie_names, arena),
        .value = member(object, values, arena),
        .secure = mud_json_get_bool(object, "secure"),
        .http_only = mud_json_get_bool(object, "httpOnly"),
        .expires = expiry(object),
    };
    if (!out->path.n)
        out->path = MUD_STR("/");
    return good(out);
}

static bool read_json(struct list *list, struct mud_str text,
                      struct mud_error *err)
{
    json_t *root = mud_json_read(text, err), *cookies;
    struct mud_cookie cookie;
    bool ok = true;

    if (!root)
        return false;
    cookies = json_is_array(root) ? root : json_object_get(root, "cookies");
    if (!json_is_array(cookies))
        ok = mud_fail(
            err, MUD_EINPUT, "no array, and no member \"cookies\" that is one");
    for (size_t i = 0; ok && i < json_array_size(cookies); i++) {
        ok = json_cookie(&cookie, json_array_get(cookies, i), list->arena)
                 ? add(list, &cookie, err)
                 : mud_fail(err, MUD_EINPUT, "entry %zu is no cookie", i + 1);
    }
    json_decref(root);
    return ok;
}

/* "Cookie: a=b; c=d", with or without the name. */
static bool read_header(struct list *list, struct mud_str text,
                        struct mud_str host, struct mud_error *err)
{
    struct mud_str part, name;

    text = mud_str_trim(text);
    if (mud_str_istarts(text, MUD_STR("cookie:")))
        text = mud_str_sub(text, 7, text.n);
    while (text.n && mud_str_cut(&text, ';', &part)) {
        struct mud_cookie cookie = {
            .domain = host,
            .path = MUD_STR("/"),
        };
        part = mud_str_trim(part);
        if (!part.n)
            continue;
        if (mud_str_chr(part, '=') == MUD_NPOS ||
            !mud_str_cut(&part, '=', &name))
            return mud_fail(err,
                            MUD_EINPUT,
                            "neither cookies.txt nor JSON nor a Cookie header");
        cookie.name = mud_str_trim(name);
        cookie.value = mud_str_trim(part);
        if (!good(&cookie))
            return mud_fail(
                err, MUD_EINPUT, "pair %zu is no cookie", list->n + 1);
        if (!add(list, &cookie, err))
            return false;
    }
    return true;
}

bool mud_cookie_file_read(struct mud_cookie **out, size_t *n,
                          struct mud_str text, struct mud_str host,
                          struct mud_arena *arena, struct mud_error *err)
{
    struct list list = {.arena = arena};
    struct mud_str head;
    bool ok;

    if (text.n > MUD_COOKIE_FILE_MAX)
        return mud_fail(err, MUD_ELIMIT, "more than 4 MiB of cookies");
    if (mud_str_starts(text, MUD_STR("\xef\xbb\xbf")))
        text = mud_str_sub(text, 3, text.n);
    head = mud_str_trim(mud_str_sub(text, 0, 256));
    if (mud_str_starts(head, MUD_STR("[")) ||
        mud_str_starts(head, MUD_STR("{")))
        ok = read_json(&list, text, err);
    else if (mud_str_chr(text, '\t') != MUD_NPOS ||
             mud_str_starts(head, MUD_STR("#")))
        ok = read_netscape(&list, text, err);
    else
        ok = read_header(&list, text, host, err);
    *out = list.all;
    *n = list.n;
    return ok;
}

static bool is_below(struct mud_str host, struct mud_str domain)
{
    return host.n > domain.n && host.s[host.n - domain.n - 1] == '.' &&
           mud_str_ieq(mud_str_sub(host, host.n - domain.n, host.n), domain);
}

bool mud_cookie_for(const struct mud_cookie *cookie,
                    const struct mud_str *hosts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mud_str host = hosts[i];
        size_t colon = mud_str_rchr(host, ':');

        if (mud_str_eqz(host, "*"))
            return true;
        if (colon != MUD_NPOS && host.s[host.n - 1] != ']')
            host = mud_str_sub(host, 0, colon);
        bool any_below = mud_str_starts(host, MUD_STR("*."));
        if (any_below)
            host = mud_str_sub(host, 2, host.n);
        if (any_below ? is_below(cookie->domain, host)
                      : mud_str_ieq(cookie->domain, host))
            return true;
        if (cookie->below && (is_below(host, cookie->domain) ||
                              (any_below && mud_str_ieq(cookie->domain, host))))
            return true;
    }
    return false;
}
