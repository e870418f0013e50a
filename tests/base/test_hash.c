#include "tests/support/mudtest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

/* FIPS 180-4 examples, and lengths about the block size. */
static const struct {
    const char *text, *hex;
} sha_rows[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_hash__sha256_of_known_texts(void **state)
{
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(sha_rows); i++) {
        mud_sha256_of(mud_str_z(sha_rows[i].text), digest);
        assert_string_equal(mud_hex(hex, digest, MUD_SHA256), sha_rows[i].hex);
    }
    mud_sha256_of((struct mud_str){0}, digest);
    assert_string_equal(mud_hex(hex, digest, MUD_SHA256), sha_rows[0].hex);
}

static void test_hash__a_running_digest_begins_anew(void **state)
{
    struct mud_sha256 *sha = mud_sha256_new();
    uint8_t digest[MUD_SHA256];
    char hex[MUD_HEX256];

    (void)state;
    for (int round = 0; round < 2; round++) {
        mud_sha256_add(sha, "a", 1);
        mud_sha256_add(sha, NULL, 0);
        mud_sha256_add(sha, "bc", 2);
        mud_sha256_end(sha, digest);
        assert_string_equal(mud_hex(hex, digest, MUD_SHA256), sha_rows[1].hex);
    }
    /* A million times "a", in pieces: FIPS 180-4. */
    for (int i = 0; i < 100000; i++)
        mud_sha256_add(sha, "aaaaaaaaaa", 10);
    mud_sha256_end(sha, digest);
    assert_string_equal(
        mud_hex(hex, digest, MUD_SHA256),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    mud_sha256_free(sha);
    mud_sha256_free(NULL);
}

/* RFC 4231, test cases 1, 2 and 6. */
static void test_hash__hmac_of_rfc_4231(void **state)
{
    uint8_t key[131], digest[MUD_SHA256];
    char hex[MUD_HEX256];

    (void)state;
    memset(key, 0x0b, 20);
    mud_hmac256(mud_str_of((char *)key, 20), MUD_STR("Hi There"), digest);
    assert_string_equal(
        mud_hex(hex, digest, MUD_SHA256),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    mud_hmac256(
        MUD_STR("Jefe"), MUD_STR("what do ya want for nothing?"), digest);
    assert_string_equal(
        mud_hex(hex, digest, MUD_SHA256),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key));
    mud_hmac256(
        mud_str_of((char *)key, sizeof(key)),
        MUD_STR("Test Using Larger Than Block-Size Key - Hash Key First"),
        digest);
    assert_string_equal(
        mud_hex(hex, digest, MUD_SHA256),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    mud_hmac256((struct mud_str){0}, (struct mud_str){0}, digest);
    assert_string_equal(
        mud_hex(hex, digest, MUD_SHA256),
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void test_hash__hex_goes_there_and_back(void **state)
{
    uint8_t bytes[4] = {0x00, 0x9A, 0xFF, 0x10}, back[4] = {0};
    char hex[9];

    (void)state;
    assert_string_equal(mud_hex(hex, bytes, 4), "009aff10");
    assert_true(mud_unhex(MUD_STR("009AfF10"), back, 4));
    assert_memory_equal(bytes, back, 4);
    assert_false(mud_unhex(MUD_STR("009aff1"), back, 4));
    assert_false(mud_unhex(MUD_STR("009aff100"), back, 4));
    assert_false(mud_unhex(MUD_STR("009aff1g"), back, 4));
    assert_false(mud_unhex(MUD_STR("00 9aff1"), back, 4));
    assert_true(mud_unhex((struct mud_str){0}, back, 0));
}

/*
 * The vectors of the id rule. By hand:
 *     printf 'contact\037qq:10001' | sha256sum | cut -c1-32
 */
static const struct {
    const char *type, *key, *text;
} id_rows[] = {
    {"contact", "qq:10001", "950255a2-9101-4db2-f002-3faae916be3d"},
    {"content", "", "443e3f76-2ca9-d50b-ffeb-901caa7ff87c"},
    {"persona",
     "黑市\x1f"
     "42",
     "77025736-3573-c3e6-dca5-5601323154c2"},
    {"", "", "ffe679bb-831c-95b6-7dc1-7819c63c5090"},
};

static void test_hash__ids_follow_the_rule(void **state)
{
    char text[MUD_ID_TEXT];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(id_rows); i++) {
        struct mud_id id =
            mud_id_of(id_rows[i].type, mud_str_z(id_rows[i].key));
        struct mud_id back;

        assert_string_equal(mud_id_text(text, id), id_rows[i].text);
        assert_true(mud_id_parse(mud_str_z(text), &back));
        assert_true(mud_id_eq(id, back));
        assert_int_equal(mud_id_cmp(id, back), 0);
        assert_false(mud_id_zero(id));
    }
    assert_true(mud_id_zero((struct mud_id){0}));
}

static void test_hash__parts_are_joined(void **state)
{
    const struct mud_str parts[] = {MUD_STR("黑市"), MUD_STR("42")};
    const struct mud_str other[] = {MUD_STR("黑市4"), MUD_STR("2")};
    struct mud_id id = mud_id_of_parts("persona", parts, 2);
    char text[MUD_ID_TEXT];

    (void)state;
    assert_string_equal(mud_id_text(text, id), id_rows[2].text);
    assert_false(mud_id_eq(id, mud_id_of_parts("persona", other, 2)));
    assert_false(mud_id_eq(id, mud_id_of_parts("contact", parts, 2)));
}

static void test_hash__id_texts_are_strict(void **state)
{
    static const char *const bad[] = {
        "",
        "950255a2-9101-4db2-f002-3faae916be3",
        "950255a2-9101-4db2-f002-3faae916be3d0",
        "950255a291014db2f0023faae916be3d",
        "950255a2-9101-4db2-f002-3faae916be3g",
        "950255a2-9101-4db2-f0023-faae916be3d",
        "{50255a2-9101-4db2-f002-3faae916be3}",
    };
    struct mud_id id;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(bad); i++)
        assert_false(mud_id_parse(mud_str_z(bad[i]), &id));
    assert_true(
        mud_id_parse(MUD_STR("950255A2-9101-4DB2-F002-3FAAE916BE3D"), &id));
    assert_int_equal(id.b[0], 0x95);
    assert_int_equal(id.b[15], 0x3D);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* No two of many short and similar keys collide, in any half of the bits. */
static void test_hash__hash64_spreads_similar_keys(void **state)
{
    enum {
        KEYS = 60000
    };

    uint64_t *hashes = mud_calloc(KEYS, sizeof(*hashes));
    unsigned buckets[256] = {0};

    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        char key[32];
        int n = snprintf(key,
                         sizeof(key),
                         "%.*sQQ%zu",
                         (int)(i % 19),
                         "aaaaaaaaaaaaaaaaaaa",
                         i / 19);

        hashes[i] = mud_hash64(key, (size_t)n);
        buckets[hashes[i] & 255]++;
        assert_int_equal(hashes[i], mud_hash64(key, (size_t)n));
    }
    for (size_t i = 0; i < 256; i++)
        assert_in_range(buckets[i], KEYS / 256 / 2, KEYS / 256 * 2);
    qsort(hashes, KEYS, sizeof(*hashes), by_value);
    for (size_t i = 1; i < KEYS; i++)
        assert_true(hashes[i] != hashes[i - 1]);
    free(hashes);
}

static void test_hash__hash64_sees_every_byte_and_length(void **state)
{
    unsigned char bytes[70] = {0};

    (void)state;
    for (size_t n = 0; n < sizeof(bytes); n++) {
        uint64_t hash = mud_hash64(bytes, n);

        assert_true(hash != mud_hash64(bytes, n + 1));
        for (size_t i = 0; i < n; i++) {
            bytes[i] ^= 0x10;
            assert_true(hash != mud_hash64(bytes, n));
            bytes[i] ^= 0x10;
        }
    }
    assert_int_equal(mud_hash64(NULL, 0), mud_hash64("", 0));
}

static void *digests(void *count)
{
    unsigned *wrong = count;

    for (int i = 0; i < 2000; i++) {
        uint8_t digest[MUD_SHA256];

        mud_sha256_of(MUD_STR("abc"), digest);
        *wrong += digest[0] != 0xba || digest[31] != 0xad;
    }
    return NULL;
}

static void test_hash__threads_do_not_share_a_digest(void **state)
{
    pthread_t threads[4];
    unsigned wrong[4] = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, digests, &wrong[i]),
                         0);
    for (size_t i = 0; i < MUDTEST_ROWS(threads); i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(wrong[i], 0);
    }
}

static void test_hash__random_bytes_differ(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};

    (void)state;
    mud_random(a, sizeof(a));
    mud_random(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
    mud_random(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash__sha256_of_known_texts),
        cmocka_unit_test(test_hash__a_running_digest_begins_anew),
        cmocka_unit_test(test_hash__hmac_of_rfc_4231),
        cmocka_unit_test(test_hash__hex_goes_there_and_back),
        cmocka_unit_test(test_hash__ids_follow_the_rule),
        cmocka_unit_test(test_hash__parts_are_joined),
        cmocka_unit_test(test_hash__id_texts_are_strict),
        cmocka_unit_test(test_hash__hash64_spreads_similar_keys),
        cmocka_unit_test(test_hash__hash64_sees_every_byte_and_length),
        cmocka_unit_test(test_hash__threads_do_not_share_a_digest),
        cmocka_unit_test(test_hash__random_bytes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
