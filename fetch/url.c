#include "fetch/url.h"

#include <curl/curl.h>
#include <locale.h>
#include <pthread.h>
#include <stdlib.h>

#define PARAMS_MAX 512
#define PASSES     3

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool unreserved(unsigned char c)
{
    return alnum(c) || (c && strchr("-._~", c));
}

/* Length of "scheme" in "scheme:", or MUD_NPOS. */
static size_t scheme_end(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c == ':')
            return i ? i : MUD_NPOS;
        if (!alnum(c) && (i == 0 || !strchr("+-.", c) || !c))
            break;
    }
    return MUD_NPOS;
}

/* What browsers forgive: space around, line ends inside, "\" for "/". */
static bool clean(struct mud_str *out, struct mud_str text,
                  struct mud_arena *arena, struct mud_error *err)
{
    bool query = false;
    char *to;
    size_t n = 0;

    while (text.n && (unsigned char)text.s[0] <= ' ')
        text = mud_str_sub(text, 1, text.n);
    while (text.n && (unsigned char)text.s[text.n - 1] <= ' ')
        text.n--;
    if (text.n > MUD_URL_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "url of %zu bytes, at most %zu are read",
                        text.n,
                        MUD_URL_MAX);
    to = mud_arena_alloc(arena, text.n);
    for (size_t i = 0; i < text.n && text.s[i] != '#'; i++) {
        char c = text.s[i];
        query = query || c == '?';
        if (c == '\t' || c == '\n' || c == '\r')
            continue;
        to[n++] = c == '\\' && !query ? '/' : c;
    }
    *out = mud_str_of(to, n);
    return true;
}

/* %XX only where needed, and in upper case. */
static void put_encoded(struct mud_buf *buf, struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];
        int high = c == '%' && i + 2 < s.n ? hex(s.s[i + 1]) : -1;
        int low = high >= 0 ? hex(s.s[i + 2]) : -1;
        if (low >= 0) {
            c = (unsigned char)(high * 16 + low);
            i += 2;
            if (unreserved(c))
                mud_buf_c(buf, (char)c);
            else
                mud_buf_printf(buf, "%%%02X", c);
        } else if (c <= ' ' || c >= 0x7f || strchr("%\"<>\\^`{|}", c)) {
            mud_buf_printf(buf, "%%%02X", c);
        } else {
            mud_buf_c(buf, (char)c);
        }
    }
}

static locale_t utf8_locale;

static void utf8_locale_make(void)
{
    utf8_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* libidn2 inside libcurl reads names in the locale's charset: lend it UTF-8. */
static CURLUcode get_host(CURLU *u, char **host)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    locale_t old = (locale_t)0;
    CURLUcode rc;

    pthread_once(&once, utf8_locale_make);
    if (utf8_locale)
        old = uselocale(utf8_locale);
    rc = curl_url_get(u, CURLUPART_HOST, host, CURLU_PUNYCODE);
    if (utf8_locale)
        uselocale(old);
    return rc;
}

/* Nothing in a host that two parsers could read in two ways. */
static bool host_sane(struct mud_str host)
{
    bool six = host.n > 2 && host.s[0] == '[' && host.s[host.n - 1] == ']';
    if (six)
        host = mud_str_sub(host, 1, host.n - 1);
    if (!host.n || host.n > 253 || host.s[0] == '.' ||
        host.s[host.n - 1] == '.' ||
        mud_str_find(host, MUD_STR("..")) != MUD_NPOS)
        return false;
    for (size_t i = 0; i < host.n; i++) {
        unsigned char c = (unsigned char)host.s[i];
        if (six ? hex((char)c) < 0 && c != ':' && c != '.'
                : !alnum(c) && c != '-' && c != '.' && c != '_')
            return false;
    }
    return true;
}

/* Find the parts in the text that write_url wrote. */
static void split(struct mud_url *out, struct mud_str text, size_t host_n)
{
    size_t at = mud_str_starts(text, MUD_STR("https://")) ? 8 : 7;
    size_t path = at + host_n, query;

    out->text = text;
    out->https = at == 8;
    out->port = out->https ? 443 : 80;
    out->host = mud_str_sub(text, at, path);
    if (text.s[path] == ':') {
        unsigned port = 0;
        for (path++; path < text.n && text.s[path] != '/'; path++)
            port = port * 10 + (unsigned)(text.s[path] - '0');
        out->port = (uint16_t)port;
    }
    out->path = mud_str_sub(text, path, text.n);
    query = mud_str_chr(out->path, '?');
    if (query != MUD_NPOS) {
        out->query = mud_str_sub(out->path, query + 1, out->path.n);
        out->path.n = query;
    }
}

static bool write_url(struct mud_url *out, CURLU *u, struct mud_arena *arena,
                      struct mud_error *err)
{
    char *scheme = NULL, *port = NULL, *path = NULL, *query = NULL;
    char *host = NULL;
    struct mud_str name = {0}, text;
    bool ok = !curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) &&
              !get_host(u, &host) && !curl_url_get(u, CURLUPART_PATH, &path, 0);

    (void)curl_url_get(u, CURLUPART_PORT, &port, CURLU_NO_DEFAULT_PORT);
    (void)curl_url_get(u, CURLUPART_QUERY, &query, 0);
    if (ok) {
        name = mud_str_lower(mud_str_z(host), arena);
        if (name.n > 1 && name.s[name.n - 1] == '.')
            name.n--;
        ok = host_sane(name);
    }
    if (ok) {
        text = mud_str_printf(arena,
                              "%s://%.*s%s%s%s%s%s",
                              scheme,
                              MUD_FMT(name),
                              port ? ":" : "",
                              port ? port : "",
                              path,
                              query && *query ? "?" : "",
                              query ? query : "");
        split(out, text, name.n);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(path);
    curl_free(query);
    return ok || mud_fail(err, MUD_EINPUT, "host is malformed");
}

/* Ends of the authority of a clean absolute URL whose scheme ends at colon. */
static struct mud_str authority(struct mud_str text, size_t colon)
{
    size_t at = colon + 1, start;

    while (at < text.n && text.s[at] == '/')
        at++;
    for (start = at; at < text.n && text.s[at] != '/' && text.s[at] != '?';)
        at++;
    return mud_str_sub(text, start, at);
}

/* One pass through libcurl. *same: the host came out as it stood. */
static bool pass(struct mud_url *out, bool *same, struct mud_str text,
                 struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str who = authority(text, scheme_end(text));
    size_t at = (size_t)(who.s - text.s) + who.n;
    struct mud_buf buf = {.max = 4 * MUD_URL_MAX};
    CURLU *u;
    CURLUcode rc;
    bool ok;

    /* NUL would end libcurl's view; "[fe80::1%eth0]" names a card of ours. */
    if (memchr(text.s, 0, at) ||
        (memchr(text.s, '[', at) && memchr(text.s, '%', at)))
        return mud_fail(err, MUD_EINPUT, "host is malformed");
    mud_buf_str(&buf, mud_str_sub(text, 0, at));
    put_encoded(&buf, mud_str_sub(text, at, text.n));
    u = curl_url();
    if (!u)
        mud_out_of_memory();
    rc =
        curl_url_set(u, CURLUPART_URL, mud_buf_cstr(&buf), CURLU_DISALLOW_USER);
    mud_buf_free(&buf);
    ok = rc == CURLUE_OK && write_url(out, u, arena, err);
    curl_url_cleanup(u);
    if (rc == CURLUE_OUT_OF_MEMORY)
        mud_out_of_memory();
    if (rc)
        return mud_fail(err, MUD_EINPUT, "url: %s", curl_url_strerror(rc));
    *same = ok && mud_str_istarts(who, out->host) &&
            (who.n == out->host.n || who.s[out->host.n] == ':');
    return ok;
}

/* text: clean and absolute. */
static bool parse(struct mud_url *out, struct mud_str text,
                  struct mud_arena *arena, struct mud_error *err)
{
    size_t at = scheme_end(text);
    struct mud_str scheme =
        at == MUD_NPOS ? (struct mud_str){0} : mud_str_sub(text, 0, at);
    bool same = false;

    *out = (struct mud_url){0};
    if (!scheme.n)
        return mud_fail(err, MUD_EINPUT, "url without a scheme");
    if (!mud_str_ieq(scheme, MUD_STR("http")) &&
        !mud_str_ieq(scheme, MUD_STR("https")))
        return mud_fail(err,
                        MUD_EDENIED,
                        "scheme \"%.*s\" is not http or https",
                        (int)(scheme.n < 32 ? scheme.n : 32),
                        scheme.s);
    /* A host in disguise ("%31", full-width digits, "0x7f.") may be another
     * one once it is plain. What is plain must stay so. */
    for (int i = 0; i < PASSES && !same; i++, text = out->text)
        if (!pass(out, &same, text, arena, err))
            return false;
    if (!same || !out->port)
        return mud_fail(err, MUD_EINPUT, "host or port is malformed");
    if (out->text.n > MUD_URL_MAX)
        return mud_fail(err,
                        MUD_ELIMIT,
                        "url of %zu bytes, at most %zu are read",
                        out->text.n,
                        MUD_URL_MAX);
    return true;
}

bool mud_url_parse(struct mud_url *out, struct mud_str text,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str s;
    *out = (struct mud_url){0};
    return clean(&s, text, arena, err) && parse(out, s, arena, err);
}

bool mud_url_resolve(struct mud_url *out, const struct mud_url *base,
                     struct mud_str ref, struct mud_arena *arena,
                     struct mud_error *err)
{
    struct mud_url from = *base; /* out may be base */
    struct mud_str head = mud_url_origin(&from), s = {0}, dir = {0};

    *out = (struct mud_url){0};
    if (!clean(&s, ref, arena, err))
        return false;
    if (!s.n) {
        *out = from;
        return true;
    }
    if (scheme_end(s) != MUD_NPOS)
        return parse(out, s, arena, err);
    if (mud_str_starts(s, MUD_STR("//")))
        head = from.https ? MUD_STR("https:") : MUD_STR("http:");
    else if (s.s[0] == '?')
        dir = from.path;
    else if (s.s[0] != '/')
        dir = mud_str_sub(from.path, 0, mud_str_rchr(from.path, '/') + 1);
    char *text = mud_arena_alloc(arena, head.n + dir.n + s.n);
    memcpy(text, head.s, head.n);
    if (dir.n)
        memcpy(text + head.n, dir.s, dir.n);
    memcpy(text + head.n + dir.n, s.s, s.n);
    return parse(out, mud_str_of(text, head.n + dir.n + s.n), arena, err);
}

struct mud_str mud_url_origin(const struct mud_url *url)
{
    return mud_str_of(url->text.s, (size_t)(url->path.s - url->text.s));
}

struct mud_str mud_url_authority(const struct mud_url *url)
{
    struct mud_str origin = mud_url_origin(url);

    return mud_str_sub(origin, url->https ? 8 : 7, origin.n);
}

bool mud_url_same_origin(const struct mud_url *a, const struct mud_url *b)
{
    return mud_str_eq(mud_url_origin(a), mud_url_origin(b));
}

bool mud_url_param_next(struct mud_str *rest, struct mud_str *name,
                        struct mud_str *value)
{
    while (rest->n) {
        size_t end = 0, eq;
        while (end < rest->n && rest->s[end] != '&' && rest->s[end] != ';')
            end++;
        *name = mud_str_sub(*rest, 0, end);
        *rest = mud_str_sub(*rest, end + (end < rest->n), rest->n);
        eq = mud_str_chr(*name, '=');
        *value = mud_str_of(name->s + name->n, 0);
        if (eq != MUD_NPOS) {
            *value = mud_str_sub(*name, eq + 1, name->n);
            name->n = eq;
        }
        if (name->n || value->n)
            return true;
    }
    return false;
}

bool mud_url_param(struct mud_str query, const char *name,
                   struct mud_str *value)
{
    struct mud_str key;
    while (mud_url_param_next(&query, &key, value))
        if (mud_str_eqz(key, name))
            return true;
    *value = (struct mud_str){0};
    return false;
}

/* A parameter as it stands, with its place for a stable order. */
struct param {
    struct mud_str text, name;
    size_t place;
};

static int by_name(const void *a, const void *b)
{
    const struct param *x = a, *y = b;
    int order = mud_str_cmp(x->name, y->name);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

static bool dropped(struct mud_str name, const char *const *drop)
{
    for (; drop && *drop; drop++)
        if (mud_str_eqz(name, *drop))
            return true;
    return false;
}

bool mud_url_trim(struct mud_url *out, const struct mud_url *url,
                  const char *const *drop, bool sort, struct mud_arena *arena,
                  struct mud_error *err)
{
    struct mud_url from = *url; /* out may be url */
    struct param *params = mud_arena_array(arena, PARAMS_MAX, sizeof *params);
    struct mud_str rest = from.query, name, value;
    struct mud_buf buf = {.max = MUD_URL_MAX};
    char sep = mud_str_chr(rest, '&') == MUD_NPOS ? ';' : '&';
    size_t n = 0;

    *out = (struct mud_url){0};
    while (mud_url_param_next(&rest, &name, &value)) {
        if (dropped(name, drop))
            continue;
        if (n == PARAMS_MAX)
            return mud_fail(
                err, MUD_ELIMIT, "url with over %d parameters", PARAMS_MAX);
        params[n].name = name;
        params[n].text =
            mud_str_of(name.s, (size_t)(value.s + value.n - name.s));
        params[n].place = n;
        n++;
    }
    if (sort)
        qsort(params, n, sizeof *params, by_name);
    mud_buf_str(&buf,
                mud_str_of(from.text.s,
                           (size_t)(from.path.s - from.text.s) + from.path.n));
    for (size_t i = 0; i < n; i++) {
        mud_buf_c(&buf, i ? sep : '?');
        mud_buf_str(&buf, params[i].text);
    }
    split(out, mud_str_dup(mud_buf_view(&buf), arena), from.host.n);
    mud_buf_free(&buf);
    return true;
}

struct mud_str mud_url_decode(struct mud_str text, bool form,
                              struct mud_arena *arena)
{
    char *out = mud_arena_alloc(arena, text.n);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c == '%' && i + 2 < text.n && hex(text.s[i + 1]) >= 0 &&
            hex(text.s[i + 2]) >= 0) {
            c = (char)(hex(text.s[i + 1]) << 4 | hex(text.s[i + 2]));
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[n++] = c;
    }
    return mud_str_of(out, n);
}
