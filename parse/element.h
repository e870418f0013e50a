/* The HTML elements that the prefilter knows (parse/prefilter.c only). */
#ifndef MUD_PARSE_ELEMENT_H
#define MUD_PARSE_ELEMENT_H

#include "base/str.h"

enum mud_element_flag {
    MUD_EL_VOID = 1 << 0,  /* no content, no end tag */
    MUD_EL_BLOCK = 1 << 1, /* closes an open p */
    MUD_EL_RAW = 1 << 2,   /* dropped together with its content */
    MUD_EL_LOOK = 1 << 3,  /* presentational: dropped unless marked */
    MUD_EL_SPAN = 1 << 4,  /* written as span when kept */
    MUD_EL_ONCE = 1 << 5,  /* only the first start tag, no end tag */
    MUD_EL_BARE = 1 << 6,  /* tag dropped, content kept */
    MUD_EL_CELL = 1 << 7,  /* end tags do not reach out of it */
    MUD_EL_TITLE = 1 << 8, /* content is text up to the end tag */
    MUD_EL_FRAME = 1 << 9, /* table, tbody, tr: holds cells, no text */
    MUD_EL_HEAD = 1 << 10  /* of the head: few of them are kept */
};

struct mud_element {
    const char *name;
    unsigned flags;
    const char *closes; /* " li " : open elements that a start tag closes */
    const char *within; /* " ul ol ": and where the search for them ends */
};

/* NULL when unknown. Case does not matter. The table's order is its id. */
const struct mud_element *mud_element_find(const char *name, size_t n);
#define MUD_ELEMENTS_MAX 96
size_t mud_element_id(const struct mud_element *element);

#endif
