/*
 * Posting lists in memory: terms of a bounded number of documents, each with
 * the ascending numbers of the documents that hold it, as varints (7 bits a
 * byte, low first, high bit: more) of the differences; the first counts from
 * -1, so that no difference is 0.
 */
#ifndef MUD_GRAPH_POSTINGS_H
#define MUD_GRAPH_POSTINGS_H

#include "base/str.h"

struct mud_postings;

struct mud_posting { /* one term */
    struct mud_str term;
    uint8_t *bytes;
    uint32_t n, cap;
    uint32_t next; /* one more than the last document */
};

struct mud_postings *mud_postings_new(void);
void mud_postings_free(struct mud_postings *postings);
/* Document numbers come in ascending order; the same again is passed over. */
void mud_postings_add(struct mud_postings *postings, struct mud_str term,
                      uint32_t doc);
/* The terms by their bytes; valid until the next add. */
const struct mud_posting *const *mud_postings_sorted(
    struct mud_postings *postings, size_t *n);
/* Bytes held, for budgets. */
size_t mud_postings_bytes(const struct mud_postings *postings);

/*
 * Step through a list: *at is the place in it, *doc the document before (begin
 * with 0 and UINT32_MAX). False at the end and, with *at not at the end, where
 * the list is broken.
 */
bool mud_postings_next(struct mud_str list, size_t *at, uint32_t *doc);

#endif
