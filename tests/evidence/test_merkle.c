#include "../support/mudtest.h"

#include "evidence/merkle.h"

#include <stdio.h>

/* The leaves and roots that implementations of RFC 6962 and 9162 are tested
 * with (certificate-transparency, merkle_tree_test). */
static const struct mud_str leaves[] = {
    {"", 0},
    {"\x00", 1},
    {"\x10", 1},
    {"\x20\x21", 2},
    {"\x30\x31", 2},
    {"\x40\x41\x42\x43", 4},
    {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
    {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16},
};
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void test_merkle__roots_are_those_of_the_rfc(void **state)
{
    uint8_t root[MUD_SHA256];
    char hex[MUD_HEX256];

    (void)state;
    for (size_t n = 0; n < MUDTEST_ROWS(roots); n++) {
        struct mud_merkle tree = {.n = 0};
        for (size_t i = 0; i < n; i++)
            mud_merkle_add(&tree, leaves[i]);
        mud_merkle_root(&tree, root);
        assert_string_equal(mud_hex(hex, root, MUD_SHA256), roots[n]);
    }
}

static void pair(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    struct mud_sha256 *sha = mud_sha256_new();

    mud_sha256_add(sha, "\1", 1);
    mud_sha256_add(sha, left, MUD_SHA256);
    mud_sha256_add(sha, right, MUD_SHA256);
    mud_sha256_end(sha, out);
    mud_sha256_free(sha);
}

/* RFC 9162, 2.1.3.2, as it stands there. */
static bool proves(const struct mud_merkle *tree, uint64_t n,
                   struct mud_str leaf, const uint8_t *root)
{
    struct mud_merkle one = {.n = 0};
    uint8_t r[MUD_SHA256];
    uint64_t fn = tree->watch, sn = n - 1;

    mud_merkle_add(&one, leaf);
    mud_merkle_root(&one, r);
    for (size_t i = 0; i < tree->n_path; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            pair(tree->path[i], r, r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            pair(r, tree->path[i], r);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(r, root, MUD_SHA256) == 0;
}

static void test_merkle__path_of_each_leaf_proves_it_alone(void **state)
{
    uint8_t root[MUD_SHA256];
    char text[2][32];

    (void)state;
    for (uint64_t n = 1; n <= 70; n++) {
        for (uint64_t watch = 0; watch < n; watch++) {
            struct mud_merkle tree = {.watch = watch};
            for (uint64_t i = 0; i < n; i++) {
                (void)snprintf(text[0], 32, "leaf %llu", (unsigned long long)i);
                mud_merkle_add(&tree, mud_str_z(text[0]));
            }
            mud_merkle_root(&tree, root);
            (void)snprintf(text[0], 32, "leaf %llu", (unsigned long long)watch);
            (void)snprintf(
                text[1], 32, "leaf %llu", (unsigned long long)watch + 1);
            assert_true(proves(&tree, n, mud_str_z(text[0]), root));
            assert_false(proves(&tree, n, mud_str_z(text[1]), root));
            tree.watch = (watch + 1) % n;
            if (n > 1)
                assert_false(proves(&tree, n, mud_str_z(text[0]), root));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_merkle__roots_are_those_of_the_rfc),
        cmocka_unit_test(test_merkle__path_of_each_leaf_proves_it_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
