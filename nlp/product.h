/*
 * What is on offer: terms of nlp/lexicon/products.tsv, and phrases made of a
 * platform or a modifier and a head ("TG印尼号", "保健品老人资料"). A phrase is
 * a candidate until the message is classed; benign messages have no products.
 */
#ifndef MUD_NLP_PRODUCT_H
#define MUD_NLP_PRODUCT_H

#include "nlp/scan.h"

/* Fill scan->phrases, in order of the text. */
void mud_products_find(struct mud_scan *scan);

/* Turn the phrases that stand, in a message of that category, into entities. */
void mud_products_keep(struct mud_scan *scan, enum mud_category category);

/* Give phrases whose word has several meanings the one that fits the rest. */
void mud_products_settle(struct mud_scan *scan);

/* Close the gaps that dropped and negated phrases leave. */
void mud_phrases_close(struct mud_scan *scan);

/*
 * The phrase that a price or quantity at mark i belongs to: the nearest one
 * before it on its line, else the first behind it on its line, else the last
 * before it, else the first of all; NULL when there is none.
 */
const struct mud_phrase *mud_product_of(const struct mud_scan *scan,
                                        uint32_t i);

static inline const struct mud_canonical *mud_phrase_canonical(
    const struct mud_scan *scan, const struct mud_phrase *phrase)
{
    return &scan->reader->canonicals[phrase->canonical];
}

/* Of the platform named by mark i: its code, or -1; the account on it. */
int mud_product_platform(const struct mud_scan *scan, uint32_t i);
int mud_product_account(const struct mud_scan *scan, int code);

/* Add a phrase of marks [first, last]; NULL when there is no canonical. Places
 * of phrases move. */
struct mud_phrase *mud_phrase_add(struct mud_scan *scan, uint32_t first,
                                  uint32_t last, int canonical);
int mud_phrase_by_start(const void *a, const void *b); /* for qsort */

/* Platforms that stand for accounts; account: the message sells such. */
void mud_product_accounts(struct mud_scan *scan, bool account);

#endif
