/*
 * Prices and quantities of a field, in one walk over its marks, because one
 * decides the other: "1万条 500" is a price of 500 for 10,000, "1万条起" is a
 * minimum order. Needs scan->phrases, scan->market and scan->currency. A bare
 * number is a price only where something around it says so.
 */
#ifndef MUD_NLP_PRICE_H
#define MUD_NLP_PRICE_H

#include "nlp/amount.h"

void mud_prices_find(struct mud_scan *scan);

/* ---- shared by price.c and quantity.c ---- */

/* A quantity at mark i; returns the mark behind it, or i when there is none. */
uint32_t mud_quantity_read(struct mud_scan *scan, uint32_t i);

/* The nearest role word before mark i in its clause, and where; 0 if none. */
unsigned mud_role_before(const struct mud_scan *scan, uint32_t i,
                         uint32_t *where);

#endif
