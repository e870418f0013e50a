/*
 * robots.txt (RFC 9309): which paths a site asks programs not to fetch. A
 * source says whether that is obeyed (policy.h); what was asked is always kept.
 *
 * A site behind a front controller answers /robots.txt with its index page and
 * status 200: what is not plain text, or has no line of the format, counts as
 * none. Only the first 500 KiB are read (RFC 9309, 2.5).
 */
#ifndef MUD_FETCH_ROBOTS_H
#define MUD_FETCH_ROBOTS_H

#include "base/str.h"

#define MUD_ROBOTS_MAX   ((size_t)500 << 10) /* bytes read */
#define MUD_ROBOTS_RULES 10000 /* of one group; more are left out */

struct mud_robots_rule {
    struct mud_str
        path; /* percent-encoded as RFC 9309 2.2.2 says; may hold * $ */
    bool allow;
};

struct mud_robots {
    bool found; /* the answer was a robots.txt at all */
    const struct mud_robots_rule *rules; /* of the group that speaks to us */
    size_t n_rules;
    unsigned delay_s; /* Crawl-delay of that group (not in the RFC), or 0 */
    const struct mud_str *sitemaps;
    size_t n_sitemaps;
};

/*
 * Read an answer to GET /robots.txt. agent: our product token ("mudlark"), which
 * a group may name in any case; else the group of "*" holds. status: of the
 * answer: 4xx allows all; 5xx (and 0, no answer) forbids all, says the RFC, and
 * rules then holds one "Disallow: /". type: Content-Type, may be empty. Text is
 * copied into arena. Cannot fail.
 */
void mud_robots_read(struct mud_robots *out, struct mud_str text, int status,
                     struct mud_str type, const char *agent,
                     struct mud_arena *arena);

/*
 * May a path with its query ("/a/b?c") be fetched? The longest rule that fits
 * decides, of two as long the one that allows. /robots.txt always may. *rule,
 * unless NULL, is what decided, or empty. Work is linear in rules times path
 * for rules without "*", bounded by 64 KiB of steps a rule with.
 */
bool mud_robots_allows(const struct mud_robots *robots, struct mud_str path,
                       struct mud_str *rule);

#endif
