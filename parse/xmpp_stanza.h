/*
 * XMPP stanzas cut out of any text (a stream, a log with words before each),
 * and one stanza as a small tree. libexpat reads one stanza at a time without
 * a document type, so no entity but the five of XML is ever known: a flood of
 * them is a syntax error. Internal to parse/.
 */
#ifndef MUD_PARSE_XMPP_STANZA_H
#define MUD_PARSE_XMPP_STANZA_H

#include "parse/chat.h"

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

struct mud_stanzas { /* of a stream; text is empty when it was too large */
    bool (*stanza)(struct mud_str text, struct mud_str before,
                   struct mud_range at, void *payload, struct mud_error *err);
    /* The stream ended within one. */
    bool (*cut)(uint64_t start, void *payload, struct mud_error *err);
    void *payload;
};

/* before: what stood before the stanza on its line, at most 100 bytes. */
MUD_MUST bool mud_stanzas_read(const struct mud_stanzas *to,
                               const struct mud_bytes_in *bytes,
                               struct mud_error *err);

#endif
