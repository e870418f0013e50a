#include "evidence/merkle.h"

/* The nodes of leaves [from, middle) and [middle, to) become one, in right. */
static void join(struct mud_merkle *tree, const uint8_t *left, uint8_t *right,
                 const uint64_t range[3])
{
    uint8_t both[1 + 2 * MUD_SHA256] = {1};
    uint64_t watch = tree->watch;

    if (watch >= range[0] && watch < range[2])
        memcpy(tree->path[tree->n_path++],
               watch < range[1] ? right : left,
               MUD_SHA256);
    memcpy(both + 1, left, MUD_SHA256);
    memcpy(both + 1 + MUD_SHA256, right, MUD_SHA256);
    mud_sha256_of(mud_str_of((const char *)both, sizeof(both)), right);
}

void mud_merkle_add(struct mud_merkle *tree, struct mud_str leaf)
{
    struct mud_sha256 *sha = mud_sha256_new();
    uint8_t hash[MUD_SHA256];
    uint64_t to = tree->n + 1, size = 1;
    size_t level = 0;

    mud_sha256_add(sha, "", 1); /* the NUL of "" */
    mud_sha256_add(sha, leaf.s, leaf.n);
    mud_sha256_end(sha, hash);
    mud_sha256_free(sha);
    for (; tree->n & size; size <<= 1)
        join(tree,
             tree->node[level++],
             hash,
             (const uint64_t[]){to - 2 * size, to - size, to});
    memcpy(tree->node[level], hash, MUD_SHA256);
    tree->n = to;
}

void mud_merkle_root(struct mud_merkle *tree, uint8_t root[MUD_SHA256])
{
    uint64_t from = tree->n;
    bool begun = false;

    mud_sha256_of(MUD_STR(""), root);
    for (size_t level = 0; level < MUD_MERKLE_DEPTH; level++) {
        uint64_t size = UINT64_C(1) << level;
        if (!(tree->n & size))
            continue;
        if (begun)
            join(tree,
                 tree->node[level],
                 root,
                 (const uint64_t[]){from - size, from, tree->n});
        else
            memcpy(root, tree->node[level], MUD_SHA256);
        begun = true;
        from -= size;
    }
}
