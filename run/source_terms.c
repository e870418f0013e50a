#include "run/source_terms.h"

#include "base/charset.h"
#include "fetch/url.h"
#include "run/hours.h"

#define HOSTS_MAX   256
#define HEADERS_MAX 32

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
    int64_t day_pages;
};

static const struct kind kinds[] = {
    {"forum", {NULL}, true, true, 20000},
    {"chat", {NULL}, false, false, 0},
    {"import", {NULL}, false, false, 0},
    {"telegram", {NULL}, false, true, 10000},
    {"botapi", {NULL}, false, true, 10000},
    {"matrix", {NULL}, true, true, 10000},
    {"xmpp", {"xmpp", "xmpps", NULL}, true, false, 0},
    {"irc", {"irc", "ircs", NULL}, true, false, 0},
    {"feed", {NULL}, true, true, 10000},
    {"folder", {NULL}, false, false, 0},
};

static const struct kind *kind_of(const struct mud_source *source)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (mud_str_eqz(source->kind, kinds[i].name))
            return &kinds[i];
    }
    return NULL;
}

int64_t mud_source_day_pages(struct mud_str kind)
{
    const struct mud_source of = {.kind = kind};
    const struct kind *row = kind_of(&of);

    return row ? row->day_pages : 0;
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
    struct mud_hours hours;
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
    if (source->join.n && !mud_str_eqz(source->join, "never") &&
        !mud_str_eqz(source->join, "needed") &&
        !mud_str_eqz(source->join, "always"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--join is never, needed or always, not %.*s",
                        MUD_FMT(source->join));
    if ((source->join.n || source->plain) && !mud_str_eqz(source->kind, "xmpp"))
        return mud_fail(
            err, MUD_EUSAGE, "--join and --plain go with --kind xmpp");
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
    if (!mud_hours_parse(&hours, source->hours, err))
        return mud_fail_in(err, "--hours");
    return true;
}

static bool charset_good(const struct mud_source *source,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str text;

    return !source->charset.n ||
           mud_charset_encode(
               &text, MUD_STR("a"), source->charset, arena, NULL) ||
           mud_fail(err,
                    MUD_EUSAGE,
                    "--charset %.*s: no such charset",
                    MUD_FMT(source->charset));
}

/* Headers that are the fetcher's own, or would let who reads them act as us. */
static bool header_good(struct mud_str header, struct mud_error *err)
{
    static const char *const never[] = {"host",
                                        "cookie",
                                        "connection",
                                        "content-",
                                        "transfer-encoding",
                                        "accept-encoding",
                                        "range",
                                        "referer",
                                        "user-agent",
                                        "te",
                                        "upgrade",
                                        "expect",
                                        "proxy-",
                                        "if-"};
    static const char *const secret[] = {
        "authorization", "token", "secret", "password", "api-key", "apikey"};
    size_t colon = mud_str_chr(header, ':');
    struct mud_str name = mud_str_sub(header, 0, colon);

    if (colon == MUD_NPOS || !name.n || header.n > 4096)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--header is 'Name: value', not %.*s",
                        MUD_FMT(mud_str_sub(header, 0, 64)));
    for (size_t i = 0; i < header.n; i++) {
        unsigned char c = (unsigned char)header.s[i];
        if (c < ' ' || c == 0x7f ||
            (i < colon &&
             (c == ' ' || c > 0x7f || strchr("()<>@,;\\\"/[]?={}", c))))
            return mud_fail(
                err, MUD_EUSAGE, "--header: a name or value is malformed");
    }
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        struct mud_str word = mud_str_z(never[i]);
        bool begins = word.s[word.n - 1] == '-';
        if (begins ? mud_str_istarts(name, word) : mud_str_ieq(name, word))
            return mud_fail(
                err,
                MUD_EUSAGE,
                "--header %.*s: set by the fetcher itself (cookies: "
                "source cookies; the browser's name: --user-agent)",
                MUD_FMT(name));
    }
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        if (mud_str_ifind(name, mud_str_z(secret[i])) != MUD_NPOS)
            return mud_fail(err,
                            MUD_EUSAGE,
                            "--header %.*s: it would be stored and shown; an "
                            "account logs in by its secrets, a browser by "
                            "source cookies",
                            MUD_FMT(name));
    }
    return true;
}

static bool headers_good(const struct mud_source *source, struct mud_error *err)
{
    if (source->n_headers > HEADERS_MAX)
        return mud_fail(err, MUD_EUSAGE, "more than %d headers", HEADERS_MAX);
    for (size_t i = 0; i < source->n_headers; i++) {
        if (!header_good(source->headers[i], err))
            return false;
    }
    return true;
}

/* What the fetcher would refuse is refused when it is said. */
static bool fetchable(const struct mud_source *source, struct mud_error *err)
{
    struct mud_policy policy = mud_source_policy(source, 0);

    return !kind_of(source)->fetches || mud_policy_check(&policy, err);
}

bool mud_source_check(struct mud_source *source, struct mud_arena *arena,
                      struct mud_error *err)
{
    if (mud_str_eqz(source->kind, "telegram") && !source->url.n)
        source->url = MUD_STR("https://t.me/s/");
    if (mud_str_eqz(source->kind, "botapi") && !source->url.n)
        source->url = MUD_STR("https://api.telegram.org/");
    if (!source->day_pages)
        source->day_pages = mud_source_day_pages(source->kind);
    if (!source->error_share)
        source->error_share = MUD_ERROR_SHARE;
    if (!source->error_hours)
        source->error_hours = MUD_ERROR_HOURS;
    if (!source->error_least)
        source->error_least = MUD_ERROR_LEAST;
    return check(source, err) && charset_good(source, arena, err) &&
           add_host(source, arena, err) && headers_good(source, err) &&
           fetchable(source, err);
}
