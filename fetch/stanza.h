/*
 * XMPP stanzas cut out of any text (a stream off the wire, a log with words
 * before each), and one stanza as a small tree. libexpat reads one stanza at a
 * time without a document type, so no entity but the five of XML is ever known:
 * a flood of them is a syntax error. Nothing here recurses.
 */
#ifndef MUD_FETCH_STANZA_H
#define MUD_FETCH_STANZA_H

#include "base/str.h"

#define MUD_STANZA_MAX   ((size_t)1 << 20)
#define MUD_STANZA_NODES 4096U
#define MUD_STANZA_DEPTH 64U

struct mud_xml {
    struct mud_str name, xmlns;  /* without prefix; as given on the element */
    const struct mud_str *attrs; /* name, value, name, value... */
    size_t n_attrs;
    struct mud_str text;  /* of an element without children */
    uint32_t parent, end; /* nodes below it: up to end */
};

struct mud_stanza {
    const struct mud_xml *nodes; /* the stanza is the first */
    uint32_t n;
};

/* MUD_EINPUT when it is not well-formed or above a limit. */
MUD_MUST bool mud_stanza_read(struct mud_stanza *out, struct mud_str text,
                              struct mud_arena *arena, struct mud_error *err);
struct mud_str mud_xml_attr(const struct mud_xml *node, const char *name);
/* The next child of `parent` by that name and, unless NULL, beginning of
 * namespace; NULL when there is none. */
const struct mud_xml *mud_stanza_child(const struct mud_stanza *stanza,
                                       const struct mud_xml *parent,
                                       const char *name, const char *xmlns);

struct mud_stanzas { /* who gets them */
    /* before: what stood before it on its line, at most 4,000 bytes; text is
     * empty when it was too large; start and end count from the first byte fed. */
    bool (*stanza)(struct mud_str text, struct mud_str before, uint64_t start,
                   uint64_t end, void *payload, struct mud_error *err);
    /* A line without one, and no more of it than 4,000 bytes. May be NULL. */
    bool (*line)(struct mud_str line, void *payload, struct mud_error *err);
    void *payload;
    bool stream; /* all elements below the stream's root count, not only
                    message, presence and iq */
};

struct mud_stanza_scan;

struct mud_stanza_scan *mud_stanza_scan_new(const struct mud_stanzas *to);
void mud_stanza_scan_free(struct mud_stanza_scan *scan); /* NULL is fine */
/* More bytes, in pieces of any size; false when one of `to` gives false. */
MUD_MUST bool mud_stanza_scan_feed(struct mud_stanza_scan *scan,
                                   struct mud_str bytes, struct mud_error *err);
/* Within a stanza since *start? */
bool mud_stanza_scan_open(const struct mud_stanza_scan *scan, uint64_t *start);
/* Has the root of the stream ended? */
bool mud_stanza_scan_ended(const struct mud_stanza_scan *scan);

/* text with the five signs of XML escaped, onto out. */
void mud_xml_escape(struct mud_buf *out, struct mud_str text);

#endif
