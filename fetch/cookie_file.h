/*
 * Cookies that a person hands in, as browsers' tools write them: cookies.txt
 * (Netscape), JSON (extensions, DevTools, Playwright, WebDriver), or the text of
 * a Cookie header. They log in whoever holds them: no message here has a value.
 */
#ifndef MUD_FETCH_COOKIE_FILE_H
#define MUD_FETCH_COOKIE_FILE_H

#include "base/str.h"
#include "base/time.h"

#define MUD_COOKIE_FILE_MAX ((size_t)4 << 20)
#define MUD_COOKIES_MAX     3000

struct mud_cookie {
    struct mud_str domain; /* lower case, without a dot in front */
    bool below;            /* for hosts below it too */
    struct mud_str path, name, value;
    bool secure, http_only;
    int64_t expires; /* Unix seconds; 0: with the session */
};

/*
 * All cookies of the text. host: whose those of a Cookie header are, which names
 * none. MUD_EINPUT names the line or entry that is no cookie; MUD_ELIMIT.
 */
MUD_MUST bool mud_cookie_file_read(struct mud_cookie **out, size_t *n,
                                   struct mud_str text, struct mud_str host,
                                   struct mud_arena *arena,
                                   struct mud_error *err);

/*
 * Would it be sent to a host of these patterns ("forum.example",
 * "*.forum.example", "*", each perhaps with a port)? A cookie of a parent domain
 * is, where it holds below that.
 */
bool mud_cookie_for(const struct mud_cookie *cookie,
                    const struct mud_str *hosts, size_t n);

/* Into the jar at path (http.h), in place of those of the same domain, path and
 * name. MUD_EIO, MUD_EINPUT. */
MUD_MUST bool mud_cookies_put(const char *path,
                              const struct mud_cookie *cookies, size_t n,
                              struct mud_error *err);

/* The whole jar, mode 0600: written beside it and renamed. */
MUD_MUST bool mud_jar_write(const char *path, struct mud_str text,
                            struct mud_error *err);

#endif
