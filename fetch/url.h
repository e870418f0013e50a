/*
 * Addresses of pages, normalised so that equal pages have equal text: scheme
 * and host in lower case, host in punycode and without a last dot, no default
 * port, no fragment, no dot segments, %XX in upper case and only where needed
 * (a lone "%" reads "%25"), bytes outside ASCII as %XX of the bytes that stood
 * in the page. Normalising twice changes nothing. libcurl's parser does the
 * splitting, so that what is checked here is what is fetched. Only http and
 * https. At most MUD_URL_MAX bytes.
 */
#ifndef MUD_FETCH_URL_H
#define MUD_FETCH_URL_H

#include "base/str.h"

#define MUD_URL_MAX ((size_t)8192)

struct mud_url {
    struct mud_str text;  /* the whole; the rest are views into it */
    struct mud_str host;  /* "forum.example", "10.0.0.1", "[::1]" */
    struct mud_str path;  /* from "/" on */
    struct mud_str query; /* without "?"; empty when there is none */
    uint16_t port;        /* the scheme's when none was given */
    bool https;
};

/*
 * An absolute URL. White space around it and line ends inside it are dropped,
 * "\" before the query reads "/", as in browsers. MUD_EINPUT: malformed, or
 * with a user name; MUD_EDENIED: another scheme; MUD_ELIMIT: too long.
 */
MUD_MUST bool mud_url_parse(struct mud_url *out, struct mud_str text,
                            struct mud_arena *arena, struct mud_error *err);

/*
 * ref as it stands in a page at base (RFC 3986 5.2): relative, "//host/path",
 * "?query", absolute; empty or "#x" is base itself. Errors as above.
 */
MUD_MUST bool mud_url_resolve(struct mud_url *out, const struct mud_url *base,
                              struct mud_str ref, struct mud_arena *arena,
                              struct mud_error *err);

/* scheme://host[:port], a view into text. */
struct mud_str mud_url_origin(const struct mud_url *url);
/* host[:port], the same. */
struct mud_str mud_url_authority(const struct mud_url *url);
bool mud_url_same_origin(const struct mud_url *a, const struct mud_url *b);

/*
 * Parameters of a query: split at "&" and ";" (SMF). A value is as it stands,
 * still percent-encoded. False when there is none of that name (case counts);
 * "name" without "=" has an empty value. The first of several wins.
 */
bool mud_url_param(struct mud_str query, const char *name,
                   struct mud_str *value);

/* Step through name and value; {.s, .n} of *rest begins as the query. */
bool mud_url_param_next(struct mud_str *rest, struct mud_str *name,
                        struct mud_str *value);

/*
 * The URL without the parameters named in drop (NULL-ended, may be NULL),
 * the others sorted by name if sort is set (order of equal names is kept).
 */
MUD_MUST bool mud_url_trim(struct mud_url *out, const struct mud_url *url,
                           const char *const *drop, bool sort,
                           struct mud_arena *arena, struct mud_error *err);

/* Bytes behind %XX ("+" is a space if form); a broken %X stays. */
struct mud_str mud_url_decode(struct mud_str text, bool form,
                              struct mud_arena *arena);

#endif
