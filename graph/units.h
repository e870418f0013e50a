/*
 * The units in which search compares texts. A text's terms (nlp: folded,
 * Traditional to Simplified, stemmed) are cut further: each Han character is a
 * unit, so that a match never depends on where a dictionary cut; any other
 * term is one. White space is between units, not in them: 肉 鸡 is 肉鸡.
 *
 * A phrase matches where its units stand one behind another. The index keeps
 * for each document its pairs of Han units that stand together ("肉鸡"), its
 * Han units that no Han unit follows ("鸡"), and its other units except signs;
 * every phrase is then checked on the text itself.
 */
#ifndef MUD_GRAPH_UNITS_H
#define MUD_GRAPH_UNITS_H

#include "nlp/reading.h"

#define MUD_UNIT_MAX 120 /* bytes of a unit; the rest is cut, on both sides */

struct mud_unit {
    struct mud_str text;
    struct mud_span at; /* bytes of the source text */
    bool han, sign;
};

struct mud_units {
    struct mud_unit *at;
    size_t n;
};

void mud_units_of(struct mud_units *out, const struct mud_reader *reader,
                  struct mud_str text, struct mud_arena *arena);

/* The first place at or behind unit `from` where phrase stands; MUD_NPOS. */
size_t mud_units_find(const struct mud_units *text, size_t from,
                      const struct mud_units *phrase);

/*
 * The index term that begins at unit i of a document, in buf; empty when none
 * does.
 */
struct mud_str mud_units_term(const struct mud_units *units, size_t i,
                              char buf[2 * MUD_UNIT_MAX]);

#endif
