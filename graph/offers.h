/*
 * What a reading offers, product by product: quantities and price tiers that
 * belong together. Made of entities of the text, the title and what pictures
 * say; a signature is never the post's offer. Text is borrowed from the reading.
 */
#ifndef MUD_GRAPH_OFFERS_H
#define MUD_GRAPH_OFFERS_H

#include "graph/batch.h"

#define MUD_OFFERS_MAX 32  /* products of one message */
#define MUD_PRICES_MAX 128 /* price tiers of one message */

struct mud_offers {
    struct mud_row_offer offers[MUD_OFFERS_MAX];
    size_t n;
    struct mud_row_price prices[MUD_PRICES_MAX];
    size_t n_prices;
};

/* None unless the reading is an illicit offer. What is past the limits is
 * left out. */
void mud_offers_of(struct mud_offers *out, const struct mud_reading *reading);

bool mud_offers_eq(const struct mud_offers *a, const struct mud_offers *b);

#endif
