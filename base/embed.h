/* Files compiled into the program by cmake/Embed.cmake. */
#ifndef MUD_BASE_EMBED_H
#define MUD_BASE_EMBED_H

#include "base/str.h"

struct mud_embedded {
    const char *name; /* the file's name; NULL ends the table */
    const unsigned char *data, *end;
};

/* Bytes of one row. */
static inline struct mud_str mud_embedded_text(const struct mud_embedded *row)
{
    return mud_str_of((const char *)row->data, (size_t)(row->end - row->data));
}

/* The row of that name, or NULL. */
const struct mud_embedded *mud_embedded_find(const struct mud_embedded *table,
                                             const char *name);

#endif
