/*
 * What was seen in a room lately, for later stanzas that speak of it: a
 * correction names a message by the id its sender chose, a change of rank means
 * something only beside what was before. Lines under names, of bounded size:
 * past 4 MiB the older half is forgotten. Inside run only.
 */
#ifndef MUD_RUN_XMPP_LINES_H
#define MUD_RUN_XMPP_LINES_H

#include "base/hash.h"

struct mud_xmpp_line {
    struct mud_id key;
    char *text; /* NULL: free */
    size_t n;
    uint64_t age;
    int64_t file; /* in which it was written last */
};

struct mud_xmpp_lines {
    struct mud_xmpp_line *slots;
    size_t n, cap, bytes;
    uint64_t clock;
};

/* Under two parts of a name; texts above 64 KiB are not kept. */
void mud_xmpp_lines_put(struct mud_xmpp_lines *lines, const char *kind,
                        struct mud_str name, struct mud_str more,
                        struct mud_str text, int64_t file);
/* Valid until the next put; NULL when it is not known. */
struct mud_xmpp_line *mud_xmpp_lines_get(const struct mud_xmpp_lines *lines,
                                         const char *kind, struct mud_str name,
                                         struct mud_str more);
void mud_xmpp_lines_free(struct mud_xmpp_lines *lines); /* zeroed is fine */

#endif
