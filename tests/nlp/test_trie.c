#include "nlp/trie.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "tests/support/mudtest.h"

static struct mud_trie built(const char *const *words, size_t n)
{
    struct mud_trie trie = {0};
    struct mud_error err = {0};
    struct mud_trie_key *keys = mud_calloc(n + 1, sizeof *keys);

    for (size_t i = 0; i < n; i++)
        keys[i] = (struct mud_trie_key){mud_str_z(words[i]), (int32_t)i};
    assert_true(mud_trie_build(&trie, keys, n, &err));
    free(keys);
    return trie;
}

static void test_trie__finds_what_went_in_and_nothing_else(void **state)
{
    static const char *const words[] = {
        "肉鸡", "肉", "肉鸡汤", "a", "ab", "abc", "😀x", "😀", "é", "四件套"};
    struct mud_trie trie = built(words, 10);

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(mud_trie_get(&trie, mud_str_z(words[i])), i);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("")), MUD_TRIE_NONE);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("鸡")), MUD_TRIE_NONE);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("四件")), MUD_TRIE_NONE);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("abcd")), MUD_TRIE_NONE);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("😁")), MUD_TRIE_NONE);
    assert_int_equal(trie.longest, 3);
    mud_trie_free(&trie);
    mud_trie_free(&trie);
}

static void test_trie__empty_set_is_a_trie(void **state)
{
    struct mud_trie trie = built(NULL, 0);

    (void)state;
    assert_int_equal(mud_trie_get(&trie, MUD_STR("a")), MUD_TRIE_NONE);
    mud_trie_free(&trie);
}

static void test_trie__first_of_equal_keys_counts(void **state)
{
    static const char *const words[] = {"b", "a", "b", "a"};
    struct mud_trie trie = built(words, 4);

    (void)state;
    assert_int_equal(mud_trie_get(&trie, MUD_STR("a")), 1);
    assert_int_equal(mud_trie_get(&trie, MUD_STR("b")), 0);
    mud_trie_free(&trie);
}

static void test_trie__refuses_bad_keys(void **state)
{
    static const struct {
        struct mud_str key;
        int32_t value;
    } bad[] = {{{"", 0}, 1},
               {{"\xff", 1}, 1},
               {{"\xe4\xb8", 2}, 1},
               {{"a", 1}, INT32_MIN}};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct mud_trie_key keys[] = {{MUD_STR("ok"), 0},
                                      {bad[i].key, bad[i].value}};
        struct mud_trie trie = {0};
        struct mud_error err = {0};

        assert_false(mud_trie_build(&trie, keys, 2, &err));
        assert_int_equal(err.code, MUD_EINPUT);
        assert_non_null(strstr(err.text, "key 1"));
    }
}

/* Random words over a small alphabet against a plain search. */
static void test_trie__agrees_with_naive_search(void **state)
{
    static const char *const letters[] = {"a", "b", "鸡", "鷄", "é", "𠀀", "0"};

    enum {
        WORDS = 3000
    };

    static char words[WORDS][40];
    static const char *list[WORDS];
    uint32_t seed = 7;
    struct mud_trie trie;
    size_t hits = 0;

    (void)state;
    for (int i = 0; i < WORDS; i++) {
        int n = 1 + i % 7;
        size_t at = 0;

        while (n--) {
            const char *letter;

            seed = seed * 1664525u + 1013904223u;
            letter = letters[(seed >> 16) % 7];
            memcpy(words[i] + at, letter, strlen(letter) + 1);
            at += strlen(letter);
        }
        list[i] = words[i];
    }
    trie = built(list, WORDS / 2);
    for (int i = 0; i < WORDS; i++) {
        int32_t want = MUD_TRIE_NONE;

        for (int k = 0; k < WORDS / 2 && want < 0; k++)
            if (!strcmp(words[i], words[k]))
                want = k;
        hits += i >= WORDS / 2 && want >= 0;
        assert_int_equal(mud_trie_get(&trie, mud_str_z(words[i])), want);
    }
    assert_true(hits > 50);
    mud_trie_free(&trie);
}

/* Codes far apart: nodes with many children spread over thousands of places. */
static void test_trie__holds_a_large_alphabet(void **state)
{
    enum {
        N = 20000
    };
    struct mud_trie_key *keys = mud_calloc(N, sizeof *keys);
    char(*words)[8] = mud_calloc(N, sizeof *words);
    struct mud_error err = {0};
    struct mud_trie trie = {0};

    (void)state;
    for (uint32_t i = 0; i < N; i++) {
        size_t n = mud_utf8_put(0x4e00 + i * 7919 % 20000, words[i]);

        if (i % 3)
            n += mud_utf8_put(0x4e00 + i % 500, words[i] + n);
        keys[i] = (struct mud_trie_key){mud_str_of(words[i], n), (int32_t)i};
    }
    for (int dense = 0; dense < 2; dense++) {
        assert_ok(dense ? mud_trie_pack(&trie, keys, N, &err)
                        : mud_trie_build(&trie, keys, N, &err),
                  &err);
        for (uint32_t i = 0; i < N; i++)
            assert_int_equal(mud_trie_get(&trie, keys[i].key), i);
        assert_true(trie.n_nodes < (dense ? 4 : 40) * N);
        mud_trie_free(&trie);
    }
    free(words);
    free(keys);
}

static void test_trie__image_reopens_and_damage_is_seen(void **state)
{
    static const char *const words[] = {"肉鸡", "木马", "a"};
    struct mud_trie trie = built(words, 3), again = {0};
    struct mud_error err = {0};
    char *copy = malloc(trie.image.n);
    uint32_t base = UINT32_MAX;

    (void)state;
    memcpy(copy, trie.image.s, trie.image.n);
    assert_true(mud_trie_open(&again, mud_str_of(copy, trie.image.n), &err));
    assert_int_equal(mud_trie_get(&again, MUD_STR("木马")), 1);

    assert_false(
        mud_trie_open(&again, mud_str_of(copy, trie.image.n - 1), &err));
    assert_int_equal(err.code, MUD_ECORRUPT);
    mud_error_clear(&err);
    assert_false(mud_trie_open(&again, mud_str_of(copy, 3), &err));
    mud_error_clear(&err);
    memcpy(copy + (trie.image.n - sizeof(struct mud_trie_node)),
           &base,
           sizeof base);
    assert_false(mud_trie_open(&again, mud_str_of(copy, trie.image.n), &err));
    assert_int_equal(err.code, MUD_ECORRUPT);
    free(copy);
    mud_trie_free(&trie);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trie__finds_what_went_in_and_nothing_else),
        cmocka_unit_test(test_trie__empty_set_is_a_trie),
        cmocka_unit_test(test_trie__first_of_equal_keys_counts),
        cmocka_unit_test(test_trie__refuses_bad_keys),
        cmocka_unit_test(test_trie__agrees_with_naive_search),
        cmocka_unit_test(test_trie__holds_a_large_alphabet),
        cmocka_unit_test(test_trie__image_reopens_and_damage_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
