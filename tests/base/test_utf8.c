#include "tests/support/mudtest.h"

#include "base/utf8.h"

#define FFFD "\xEF\xBF\xBD"

/* Rows of Unicode 15, tables 3-8 to 3-11, and our own. */
static const struct bad {
    struct mud_str in;
    size_t valid; /* bytes of the good start */
    const char *clean;
    size_t repaired;
} bad_rows[] = {
    {{"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 9},
     0,
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A",
     8},
    {{"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 9},
     0,
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A",
     8},
    {{"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 9},
     0,
     FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B",
     7},
    {{"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9},
     0,
     FFFD FFFD FFFD FFFD "A",
     4},
    {{"abc\xE5\x87", 5}, 3, "abc" FFFD, 1},
    {{"\xF0\x9F\x98", 3}, 0, FFFD, 1},
    {{"\xF5\x80\x80\x80", 4}, 0, FFFD FFFD FFFD FFFD, 4},
    {{"\xF8\x88\x80\x80\x80", 5}, 0, FFFD FFFD FFFD FFFD FFFD, 5},
    {{"\xFE\xFF", 2}, 0, FFFD FFFD, 2},
    {{"a\xC1\xBF", 3}, 1, "a" FFFD FFFD, 2},
    {{"12345678\x80", 9}, 8, "12345678" FFFD, 1},
    {{"1234567\xE4\xB8\xAD\xE4\xB8", 12}, 10, "1234567中" FFFD, 1},
    {{"a\0b", 3}, 3, "a" FFFD "b", 1},
    {{"\xEF\xBF", 2}, 0, FFFD, 1},
};

static void test_utf8__bad_sequences_are_found_and_replaced(void **state)
{
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(bad_rows); i++) {
        const struct bad *row = &bad_rows[i];
        size_t repaired = 99;

        assert_int_equal(mud_utf8_valid(row->in), row->valid);
        assert_text(mud_utf8_clean(row->in, arena, &repaired), row->clean);
        assert_int_equal(repaired, row->repaired);
        (void)mud_utf8_clean(row->in, arena, NULL);
    }
    mud_arena_free(arena);
}

static void test_utf8__good_text_is_not_copied(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str s =
        MUD_STR("plain, é, 出售, 😀, \xEF\xBF\xBF\xF4\x8F\xBF\xBF");
    size_t repaired = 99;

    (void)state;
    assert_int_equal(mud_utf8_valid(s), s.n);
    assert_ptr_equal(mud_utf8_clean(s, arena, &repaired).s, s.s);
    assert_int_equal(repaired, 0);
    assert_int_equal(mud_utf8_valid((struct mud_str){0}), 0);
    assert_int_equal(mud_utf8_clean((struct mud_str){0}, arena, NULL).n, 0);
    mud_arena_free(arena);
}

static bool scalar(uint32_t c)
{
    return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static void test_utf8__every_code_point_goes_there_and_back(void **state)
{
    char out[4];

    (void)state;
    for (uint32_t c = 0; c <= 0x110010; c++) {
        size_t n = mud_utf8_put(c, out);
        size_t at = 0;

        if (!scalar(c)) {
            assert_int_equal(n, 0);
            continue;
        }
        if (mud_utf8_valid(mud_str_of(out, n)) != n ||
            mud_utf8_next(mud_str_of(out, n), &at) != c || at != n)
            fail_msg("U+%04X", (unsigned)c);
    }
    assert_int_equal(mud_utf8_put(UINT32_MAX, out), 0);
}

/* The definition, by arithmetic: shortest form of a scalar value. */
static bool valid_by_definition(const unsigned char *p, size_t n)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = n == 1 ? p[0] : (uint32_t)(p[0] & (0x7F >> n));

    if (n == 1)
        return p[0] < 0x80;
    if ((p[0] >> (7 - n)) != ((0xFF << 1) & (0xFF >> (7 - n))))
        return false;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return false;
        c = c << 6 | (p[i] & 0x3F);
    }
    return c >= least[n] && scalar(c);
}

static void test_utf8__agrees_with_the_definition(void **state)
{
    static const unsigned char third[] = {
        0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};

    (void)state;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        for (size_t t = 0; t < sizeof(third); t++) {
            unsigned char p[] = {(unsigned char)(pair >> 8),
                                 (unsigned char)pair,
                                 third[t],
                                 0x80};

            for (size_t n = 1; n <= 4; n++) {
                struct mud_str s = {(const char *)p, n};
                /* One character exactly: nothing shorter is valid. */
                bool one = valid_by_definition(p, n);
                size_t at = 0;

                (void)mud_utf8_next(s, &at);
                if (one != (at == n && mud_utf8_valid(s) == n))
                    fail_msg("%02X %02X %02X, %zu bytes", p[0], p[1], p[2], n);
            }
        }
    }
}

static void test_utf8__next_steps_over_bad_bytes_singly(void **state)
{
    struct mud_str s = MUD_STR("\xE5\x87"
                               "A\xED\xA0\x80");
    static const uint32_t want[] = {
        0xFFFD, 0xFFFD, 'A', 0xFFFD, 0xFFFD, 0xFFFD};
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(want); i++)
        assert_int_equal(mud_utf8_next(s, &at), want[i]);
    assert_int_equal(at, s.n);
}

static void test_utf8__cuts_between_characters(void **state)
{
    struct mud_str s = MUD_STR("aé中😀");
    static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

    (void)state;
    for (size_t max = 0; max < MUDTEST_ROWS(want); max++)
        assert_int_equal(mud_utf8_cut(s, max), want[max]);
    assert_int_equal(mud_utf8_cut((struct mud_str){0}, 3), 0);
    assert_int_equal(mud_utf8_count(s), 4);
}

static void test_utf8__whole_drops_only_what_is_unfinished(void **state)
{
    static const struct {
        const char *s;
        size_t n;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"中", 3},
        {"a\xE4\xB8", 1},
        {"a\xE4", 1},
        {"\xF0\x9F\x98", 0},
        {"a\xF0", 1},
        {"a\xC3", 1},
        {"a\xC0", 2},
        {"a\xFF", 2},
        {"\x80\x80\x80", 3},
        {"\x80\x80\x80\x80\x80", 5},
        {"a\xE0\x80", 3},
        {"中\x80", 4},
        {"a\xED\xA0", 3},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_int_equal(mud_utf8_whole(mud_str_z(rows[i].s)), rows[i].n);
}

static void test_utf8__plain_keeps_length_and_is_valid(void **state)
{
    char text[] = "a\0\x01\n\xC2\x85\xC2\xA0\xE5\x87z";
    struct mud_str s = {text, sizeof(text) - 1};

    (void)state;
    mud_utf8_plain(text, s.n);
    assert_bytes(s, MUD_STR("a?? ??\xC2\xA0??z"));

    char turned[] = "a\u202Eb\u200Fc\u2066d\u200D\u2029";
    mud_utf8_plain(turned, sizeof(turned) - 1);
    assert_string_equal(turned, "a???b???c???d\u200D\u2029");
}

/* Positions by counting anew each time. */
static void test_utf8__positions_go_both_ways(void **state)
{
    struct mud_str s = MUD_STR("aé中😀b\xCC\x81zz日本");
    struct mud_utf8_pos pos = {.text = s};
    size_t points = mud_utf8_count(s);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        size_t point = mudtest_random((uint32_t)points + 1);
        size_t byte = mud_utf8_byte(&pos, point);

        assert_int_equal(mud_utf8_count(mud_str_sub(s, 0, byte)), point);
        assert_int_equal(mud_utf8_cut(s, byte), byte);
        byte = mudtest_random((uint32_t)s.n + 1);
        assert_int_equal(mud_utf8_point(&pos, byte),
                         mud_utf8_count(mud_str_sub(s, 0, byte)));
    }
    assert_int_equal(mud_utf8_byte(&pos, 999), s.n);
    assert_int_equal(mud_utf8_point(&pos, 999), points);
    pos = (struct mud_utf8_pos){0};
    assert_int_equal(mud_utf8_byte(&pos, 3), 0);
    assert_int_equal(mud_utf8_point(&pos, 3), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8__bad_sequences_are_found_and_replaced),
        cmocka_unit_test(test_utf8__good_text_is_not_copied),
        cmocka_unit_test(test_utf8__every_code_point_goes_there_and_back),
        cmocka_unit_test(test_utf8__agrees_with_the_definition),
        cmocka_unit_test(test_utf8__next_steps_over_bad_bytes_singly),
        cmocka_unit_test(test_utf8__cuts_between_characters),
        cmocka_unit_test(test_utf8__whole_drops_only_what_is_unfinished),
        cmocka_unit_test(test_utf8__plain_keeps_length_and_is_valid),
        cmocka_unit_test(test_utf8__positions_go_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
