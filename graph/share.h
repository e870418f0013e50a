/*
 * Is one share smaller than another? Posts of one page are read by the same
 * selector and miss a field together, so a page counts as what it is, a cluster:
 * the error of a share is the larger of that of independent posts and that of
 * clusters (ratio estimate; Cochran, Sampling Techniques, 6.3). Inside graph.
 */
#ifndef MUD_GRAPH_SHARE_H
#define MUD_GRAPH_SHARE_H

#include <stddef.h>
#include <stdint.h>

struct mud_page_share { /* one page: hits of n */
    int32_t n, hits;
};

struct mud_share {
    int64_t pages; /* with n above 0 */
    int64_t n, hits;
    double share;    /* 0..1; 0 when n is 0 */
    double clusters; /* variance of share, between pages */
};

struct mud_share mud_share_of(const struct mud_page_share *pages, size_t n);

/* How many standard errors lie between the two (two-sample z of shares),
 * above 0 when a's is the larger; 0 when either is empty. */
double mud_share_score(const struct mud_share *a, const struct mud_share *b);

#endif
