/*
 * Clusters of sketches (nlp/sketch.h): texts of which one is alike to another
 * of the cluster. Equal sketches are found by sorting. The others are sorted
 * in MUD_CLUSTER_TREES ways, each by four MinHash values of its own (an LSH
 * forest: Bawa, Condie, Ganesan 2005); neighbours whose first value agrees are
 * compared, each with at most MUD_CLUSTER_NEAR of those behind it, so that
 * work is linear in the number of sketches, whatever they are, and reposts of
 * one advert, which stand side by side, find each other in any crowd. Only
 * what comparison holds alike is united.
 *
 * The result depends on the set of sketches alone, not on their order: equal
 * numbers for equal sets. It is held in memory: 4 bytes a hash, 40 a text.
 */
#ifndef MUD_NLP_CLUSTER_H
#define MUD_NLP_CLUSTER_H

#include "nlp/sketch.h"

enum {
    MUD_CLUSTER_TREES = 32,
    MUD_CLUSTER_NEAR = 8
};

struct mud_cluster;

struct mud_cluster *mud_cluster_new(void);
void mud_cluster_free(struct mud_cluster *cluster); /* NULL is fine */

/* Texts are numbered 0, 1... as they come. One without a sketch stays alone. */
uint32_t mud_cluster_add(struct mud_cluster *cluster,
                         const struct mud_sketch *sketch);
/* Cluster all that was added; once, after the last. */
void mud_cluster_run(struct mud_cluster *cluster);
/* The smallest number in the cluster of text i. */
uint32_t mud_cluster_of(const struct mud_cluster *cluster, uint32_t i);
/* Comparisons that were made, for tests of the bound. */
uint64_t mud_cluster_compared(const struct mud_cluster *cluster);

#endif
