#include "tests/support/mudtest.h"

#include "graph/postings.h"

#include <stdio.h>

static struct mud_str list_of(struct mud_postings *postings, const char *term)
{
    size_t n = 0;
    const struct mud_posting *const *all = mud_postings_sorted(postings, &n);

    for (size_t i = 0; i < n; i++)
        if (mud_str_eqz(all[i]->term, term))
            return mud_str_of((const char *)all[i]->bytes, all[i]->n);
    return (struct mud_str){0};
}

static void assert_docs(struct mud_str list, const uint32_t *docs, size_t n)
{
    uint32_t doc = UINT32_MAX;
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        assert_true(mud_postings_next(list, &at, &doc));
        assert_int_equal(doc, docs[i]);
    }
    assert_false(mud_postings_next(list, &at, &doc));
    assert_int_equal(at, list.n);
}

static void test_postings__give_back_what_was_added(void **state)
{
    static const uint32_t docs[] = {0, 1, 127, 128, 129, 16511, 16512, 524287};
    struct mud_postings *postings = mud_postings_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(docs); i++) {
        mud_postings_add(postings, MUD_STR("肉鸡"), docs[i]);
        mud_postings_add(postings, MUD_STR("肉鸡"), docs[i]); /* again */
        mud_postings_add(postings, mud_str_z(mudtest_text("t%zu", i)), docs[i]);
    }
    assert_docs(list_of(postings, "肉鸡"), docs, MUDTEST_ROWS(docs));
    for (size_t i = 0; i < MUDTEST_ROWS(docs); i++)
        assert_docs(list_of(postings, mudtest_text("t%zu", i)), &docs[i], 1);
    mud_postings_free(postings);
}

static void test_postings__many_terms_are_sorted_and_found(void **state)
{
    struct mud_postings *postings = mud_postings_new();
    const struct mud_posting *const *all = NULL;
    size_t n = 0;

    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        char term[16];

        snprintf(term, sizeof(term), "%u", i * 7919 % 20000);
        mud_postings_add(postings, mud_str_z(term), i);
    }
    all = mud_postings_sorted(postings, &n);
    assert_int_equal(n, 20000);
    for (size_t i = 1; i < n; i++)
        assert_true(mud_str_cmp(all[i - 1]->term, all[i]->term) < 0);
    mud_postings_free(postings);
}

static void test_postings__broken_lists_are_refused(void **state)
{
    static const struct mud_str bad[] = {
        {"\x80", 1},                     /* cut in a number */
        {"\x05\xff", 2},                 /* cut in the second */
        {"\x00", 1},                     /* the same document again */
        {"\xff\xff\xff\xff\xff\x01", 6}, /* over 35 bits */
        {"\xff\xff\xff\xff\x7f", 5},     /* over 32 bits */
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(bad); i++) {
        uint32_t doc = UINT32_MAX;
        size_t at = 0;

        while (mud_postings_next(bad[i], &at, &doc))
            assert_true(at <= bad[i].n);
        if (at == bad[i].n)
            fail_msg("list %zu was taken", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_postings__give_back_what_was_added),
        cmocka_unit_test(test_postings__many_terms_are_sorted_and_found),
        cmocka_unit_test(test_postings__broken_lists_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
