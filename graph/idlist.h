/* Lists of ids as array literals for "= ANY($1::uuid[])". */
#ifndef MUD_GRAPH_IDLIST_H
#define MUD_GRAPH_IDLIST_H

#include "base/hash.h"

/* "{...}" into buf, which is cleared first. */
void mud_idlist(struct mud_buf *buf, const struct mud_id *ids, size_t n);

#endif
