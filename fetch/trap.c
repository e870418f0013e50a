#include "fetch/policy.h"

#define URL_MOST    2048 /* longer than any board's address */
#define PARTS_MOST  24   /* of a path */
#define REPEATS     3    /* of one stretch of it, one behind the other */
#define STRETCH     4    /* parts of such a stretch, at most */
#define SESSION_HEX 16   /* digits that make a session's name */

static bool is_hex(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!strchr("0123456789abcdefABCDEF", s.s[i]) || !s.s[i])
            return false;
    }
    return s.n >= SESSION_HEX;
}

/* "s-1f2e...", "sid=1f2e...", "(S(abc))", ";jsessionid=1f2e...": the same page
 * has another address with each visit. */
static bool is_session(struct mud_str part)
{
    static const char *const names[] = {
        "s", "sid", "session", "sessionid", "phpsessid"};
    size_t cut = 0;

    if (mud_str_ifind(part, MUD_STR(";jsessionid=")) != MUD_NPOS ||
        mud_str_istarts(part, MUD_STR("(S(")))
        return true;
    while (cut < part.n && !strchr("-_=", part.s[cut]))
        cut++;
    struct mud_str name = mud_str_sub(part, 0, cut);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (mud_str_ieq(name, mud_str_z(names[i])))
            return is_hex(mud_str_sub(part, cut + 1, part.n));
    }
    return false;
}

/* Do the last parts repeat what stands before them: a/b/a/b/a/b? */
static bool repeats(const struct mud_str *parts, size_t n)
{
    for (size_t k = 1; k <= STRETCH && k * REPEATS <= n; k++) {
        bool same = true;
        for (size_t i = 0; i < k * (REPEATS - 1) && same; i++)
            same = mud_str_eq(parts[n - 1 - i], parts[n - 1 - i - k]);
        if (same)
            return true;
    }
    return false;
}

const char *mud_url_trap(const struct mud_url *url)
{
    struct mud_str parts[PARTS_MOST], rest = url->path, part;
    size_t n = 0;

    if (url->text.n > URL_MOST)
        return "is longer than addresses of boards are";
    while (mud_str_cut(&rest, '/', &part)) {
        if (!part.n)
            continue;
        if (n == PARTS_MOST)
            return "is deeper than addresses of boards are";
        parts[n++] = part;
        if (is_session(part))
            return "has the name of a session in its path";
        if (repeats(parts, n))
            return "goes round in a circle";
    }
    return NULL;
}
