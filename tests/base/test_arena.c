#include "tests/support/mudtest.h"

#include <errno.h>
#include <stdlib.h>

#include "base/arena.h"

static bool all_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static void test_arena__blocks_are_zeroed_aligned_and_apart(void **state)
{
    static const size_t sizes[] = {
        0, 1, 7, 8, 16, 17, 4095, 4096, 5000, 1 << 20, 3, 300000};
    struct mud_arena *arena = mud_arena_new();
    unsigned char *blocks[MUDTEST_ROWS(sizes)];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(sizes); i++) {
        blocks[i] = mud_arena_alloc(arena, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        assert_true(all_zero(blocks[i], sizes[i]));
        memset(blocks[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < MUDTEST_ROWS(sizes); i++)
        for (size_t at = 0; at < sizes[i]; at++)
            assert_int_equal(blocks[i][at], i + 1);
    mud_arena_free(arena);
}

/* A first block so large that it is alone is kept, and is zero once more. */
static void test_arena__large_first_block_is_zero_again(void **state)
{
    static const size_t sizes[] = {300001, 600013, 1u << 20, (1u << 20) + 1};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(sizes); i++) {
        struct mud_arena *arena = mud_arena_new();

        for (unsigned round = 0; round < 3; round++) {
            size_t n = sizes[i] - round * 1000 + round;
            unsigned char *block = mud_arena_alloc(arena, n);
            unsigned char *more = mud_arena_alloc(arena, 999);

            assert_int_equal((uintptr_t)more % _Alignof(max_align_t), 0);
            assert_in_range(mud_arena_used(arena), n + 999, n + 1100);
            for (size_t at = 0; at < n; at++)
                assert_int_equal(block[at], 0);
            for (size_t at = 0; at < 999; at++)
                assert_int_equal(more[at], 0);
            memset(block, 0xAA, n);
            memset(more, 0xBB, 999);
            mud_arena_reset(arena);
        }
        mud_arena_free(arena);
    }
}

static void test_arena__used_counts_what_was_asked_for(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    assert_int_equal(mud_arena_used(arena), 0);
    mud_arena_alloc(arena, 10);
    mud_arena_array(arena, 3, 100);
    assert_in_range(mud_arena_used(arena), 310, 400);
    mud_arena_reset(arena);
    assert_int_equal(mud_arena_used(arena), 0);
    mud_arena_free(arena);
}

static void test_arena__is_clean_again_after_reset(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    mud_arena_reset(arena);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 1; n < 3000; n += 97) {
            unsigned char *block = mud_arena_alloc(arena, n);

            assert_true(all_zero(block, n));
            memset(block, 0xAA, n);
        }
        memset(mud_arena_alloc(arena, 2 << 20), 0xAA, 2 << 20);
        mud_arena_reset(arena);
    }
    mud_arena_free(arena);
}

static void test_arena__dup_ends_with_nul(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    assert_string_equal(mud_arena_dup(arena, "abcdef", 3), "abc");
    assert_string_equal(mud_arena_dup(arena, NULL, 0), "");
    mud_arena_free(arena);
}

static void test_arena__grow_keeps_items_and_zeroes_the_rest(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    uint32_t *items = NULL;
    size_t cap = 0;

    (void)state;
    for (uint32_t i = 0; i < 20000; i++) {
        size_t before = cap;

        items = mud_arena_grow(arena, items, &cap, i, sizeof(*items));
        assert_true(cap > i);
        for (size_t k = before; k < cap; k++)
            assert_int_equal(items[k], 0);
        items[i] = i + 1;
        /* Now and then something else lies behind the array. */
        if (i % 5000 == 0)
            memset(mud_arena_alloc(arena, 24), 0xFF, 24);
    }
    for (uint32_t i = 0; i < 20000; i++)
        assert_int_equal(items[i], i + 1);
    assert_ptr_equal(mud_arena_grow(arena, items, &cap, 5, sizeof(*items)),
                     items);
    mud_arena_free(arena);
}

static void test_arena__free_of_null_is_fine(void **state)
{
    (void)state;
    mud_arena_free(NULL);
}

/* Each runs in a process of its own and must end it. */
static void absurd(const char *what)
{
    struct mud_arena *arena = mud_arena_new();
    size_t cap = 0;

    if (strcmp(what, "array") == 0)
        mud_arena_array(arena, SIZE_MAX / 2, 3);
    else if (strcmp(what, "alloc") == 0)
        mud_arena_alloc(arena, SIZE_MAX - 5);
    else if (strcmp(what, "dup") == 0)
        mud_arena_dup(arena, "", SIZE_MAX);
    else if (strcmp(what, "grow") == 0)
        mud_arena_grow(arena, NULL, &cap, SIZE_MAX / 2, 8);
    else if (strcmp(what, "overrun") == 0)
        memset(mud_arena_alloc(arena, 5), 1, 5 + (size_t)(what[0] == 'o'));
    else if (strcmp(what, "plain") == 0)
        free(mud_grow(NULL, &cap, SIZE_MAX / 2, 8));
    mud_arena_free(arena);
}

static void test_arena__absurd_sizes_end_the_process(void **state)
{
    static const char *const ways[] = {
        "array", "alloc", "dup", "grow", "plain"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(ways); i++) {
        struct mudtest_run run =
            mudtest_sh("MUDTEST_INNER=%s %s", ways[i], program_invocation_name);

        assert_int_equal(run.code, 128 + 6);
        assert_has(run.err, "mudlark: out of memory");
    }
}

/* One byte past a block that has neighbours. */
static void test_arena__sanitizers_see_overruns(void **state)
{
    (void)state;
#ifdef MUD_ARENA_DEBUG
    struct mudtest_run run =
        mudtest_sh("MUDTEST_INNER=overrun %s", program_invocation_name);

    assert_int_not_equal(run.code, 0);
    assert_has(run.err, "heap-buffer-overflow");
#else
    print_message("built without MUD_ARENA_DEBUG\n");
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena__blocks_are_zeroed_aligned_and_apart),
        cmocka_unit_test(test_arena__large_first_block_is_zero_again),
        cmocka_unit_test(test_arena__used_counts_what_was_asked_for),
        cmocka_unit_test(test_arena__is_clean_again_after_reset),
        cmocka_unit_test(test_arena__dup_ends_with_nul),
        cmocka_unit_test(test_arena__grow_keeps_items_and_zeroes_the_rest),
        cmocka_unit_test(test_arena__free_of_null_is_fine),
        cmocka_unit_test(test_arena__absurd_sizes_end_the_process),
        cmocka_unit_test(test_arena__sanitizers_see_overruns),
    };
    const char *way = getenv("MUDTEST_INNER");

    if (way) {
        absurd(way);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
