/*
 * A Merkle tree of RFC 9162, section 2.1: a leaf is SHA-256(0x00 text), a node
 * SHA-256(0x01 left right). Leaves come one after the other and are not kept;
 * the path of one of them is, which proves that it is in the tree.
 */
#ifndef MUD_EVIDENCE_MERKLE_H
#define MUD_EVIDENCE_MERKLE_H

#include "base/hash.h"

#define MUD_MERKLE_DEPTH 64

struct mud_merkle {
    uint64_t n;     /* leaves so far */
    uint64_t watch; /* the leaf whose path is kept, counted from 0 */
    size_t n_path;
    uint8_t node[MUD_MERKLE_DEPTH][MUD_SHA256]; /* bit i of n: one of 2^i */
    uint8_t path[MUD_MERKLE_DEPTH][MUD_SHA256]; /* from the leaf upwards */
};

void mud_merkle_add(struct mud_merkle *tree, struct mud_str leaf);

/* Ends the tree; of no leaves it is the SHA-256 of nothing. */
void mud_merkle_root(struct mud_merkle *tree, uint8_t root[MUD_SHA256]);

#endif
