/*
 * Feeds: RSS 2.0, RDF and Atom, as forums offer them. A pull parser over the
 * text with no document type: declarations are skipped, so that there are no
 * entities but the five and character references, and nothing outside is
 * looked up. One pass, whatever the feed holds; at most MUD_FEED_ITEMS items.
 * Internal to parse/.
 */
#ifndef MUD_PARSE_FEED_H
#define MUD_PARSE_FEED_H

#include "parse/forum.h"

#define MUD_FEED_ITEMS 500
#define MUD_FEED_TEXT  ((size_t)256 << 10) /* bytes of one field */

struct mud_feed_item { /* texts as they stand in the fields: often HTML */
    struct mud_str title, link, id, author, body;
    struct mud_str board; /* address that its category names */
    struct mud_str date, updated;
    bool full; /* body is the full text, no summary */
};

struct mud_feed {
    struct mud_str title;
    struct mud_feed_item *items;
    size_t n, cap;
    bool cut;     /* items above the limit were left out */
    bool damaged; /* the text ends inside of an item */
};

/* Whatever xml holds gives a feed, perhaps without items. */
void mud_feed_scan(struct mud_feed *out, struct mud_str xml,
                   struct mud_arena *arena);

/*
 * Posts and links of a feed; the engine is the one whose URL rules know the
 * addresses of the items (sight->engine is set to it), or forced.
 */
MUD_MUST bool mud_feed_read(struct mud_parsed *out, struct mud_str xml,
                            struct mud_str forced, struct mud_sight *sight,
                            struct mud_notes *notes, struct mud_error *err);

#endif
