/*
 * A double-array trie over characters: sets of words with a number each, read
 * at one memory access a character. Keys are UTF-8; inside, characters become
 * UTF-16 units and those codes, the frequent ones small, so that the children
 * of a node lie close together. A trie is one block of bytes that holds no pointer: it may
 * be built at run time or mapped from a file made before (native byte order).
 */
#ifndef MUD_NLP_TRIE_H
#define MUD_NLP_TRIE_H

#include "base/str.h"

#define MUD_TRIE_NONE INT32_MIN /* the value of a node that ends no key */

struct mud_trie_node {
    uint32_t base;  /* children at base + code */
    uint32_t check; /* the parent's number; UINT32_MAX: a free place */
    int32_t value;  /* MUD_TRIE_NONE: no key ends here */
};

struct mud_trie {
    const uint16_t *code; /* [65536] UTF-16 unit to code; 0: in no key */
    const struct mud_trie_node *nodes;
    uint32_t n_nodes;
    uint32_t longest;     /* characters of the longest key */
    struct mud_str image; /* all of it */
    void *own;            /* what mud_trie_free gives back, or NULL */
};

struct mud_trie_key {
    struct mud_str key; /* not empty, valid UTF-8 */
    int32_t value;      /* any but MUD_TRIE_NONE */
};

#define MUD_TRIE_KEYS_MAX 4000000u

/*
 * Build from n keys in any order. Of equal keys the first counts. Fails with MUD_EINPUT on an empty or malformed key and
 * with MUD_ELIMIT above MUD_TRIE_KEYS_MAX keys. n may be 0.
 */
MUD_MUST bool mud_trie_build(struct mud_trie *out,
                             const struct mud_trie_key *keys, size_t n,
                             struct mud_error *err);

/* The same in less memory and more time, for what is built once. */
MUD_MUST bool mud_trie_pack(struct mud_trie *out,
                            const struct mud_trie_key *keys, size_t n,
                            struct mud_error *err);

/*
 * A trie over an image that outlives it, 8 bytes aligned. Every offset in it
 * is checked. Fails with MUD_ECORRUPT.
 */
MUD_MUST bool mud_trie_open(struct mud_trie *out, struct mud_str image,
                            struct mud_error *err);
void mud_trie_free(struct mud_trie *trie); /* back to the empty value */

/* The value of a key, or MUD_TRIE_NONE. */
int32_t mud_trie_get(const struct mud_trie *trie, struct mud_str key);

/* One step from *node (the root is 0) by a UTF-16 unit. */
static inline bool mud_trie_unit(const struct mud_trie *trie, uint32_t *node,
                                 uint16_t unit)
{
    uint32_t code = trie->code[unit];
    uint32_t next = trie->nodes[*node].base + code;

    if (!code || trie->nodes[next].check != *node)
        return false;
    *node = next;
    return true;
}

/* One step by a code point. */
static inline bool mud_trie_step(const struct mud_trie *trie, uint32_t *node,
                                 uint32_t c)
{
    if (c < 0x10000)
        return mud_trie_unit(trie, node, (uint16_t)c);

    return mud_trie_unit(trie, node, (uint16_t)(0xd7c0 + (c >> 10))) &&
           mud_trie_unit(trie, node, (uint16_t)(0xdc00 + (c & 0x3ff)));
}

/* The value at a node, or MUD_TRIE_NONE. */
static inline int32_t mud_trie_value(const struct mud_trie *trie, uint32_t node)
{
    return trie->nodes[node].value;
}

#endif
