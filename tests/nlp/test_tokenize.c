#include "nlp/reading.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/script.h"
#include "tests/nlp/parts.h"

static struct mud_reader reader;
static struct mud_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = mud_arena_new();
    reader = parts_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    parts_free(&reader);
    mud_arena_free(arena);
    return 0;
}

static const char *tokens(const char *text)
{
    struct mud_span *spans;
    struct mud_buf buf = {0};
    size_t n = mud_tokenize(&spans, &reader, mud_str_z(text), arena);
    const char *out;

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&buf,
                       "%s%.*s",
                       i ? "|" : "",
                       MUD_FMT(mud_str_sub(
                           mud_str_z(text), spans[i].start, spans[i].end)));
    out = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&buf)));
    mud_buf_free(&buf);
    return out;
}

static const char *terms(const char *text)
{
    struct mud_span *spans;
    struct mud_str *list;
    struct mud_buf buf = {0};
    size_t n = mud_terms(&list, &spans, &reader, mud_str_z(text), arena);
    const char *out;

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&buf, "%s%.*s", i ? "|" : "", MUD_FMT(list[i]));
    out = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&buf)));
    mud_buf_free(&buf);
    return out;
}

static void test_tokenize__cuts_the_raw_text(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" \t\u3000\n", ""},
        {"出售肉鷄", "出售|肉鷄"},
        {"加ＱＱ９８❶②", "加|ＱＱ|９８❶②"},
        {"加1️⃣2️⃣", "加|1️⃣2️⃣"},
        {"肉\u200b鸡", "肉\u200b鸡"},
        {"\u200b肉鸡", "\u200b肉鸡"},
        {"肉鸡\u200b", "肉鸡\u200b"},
        {"肉鸡\u200b 好", "肉鸡\u200b|好"},
        {"肉鸡 \u200b 好", "肉鸡|\u200b|好"},
        {"肉鸡 \u200b好", "肉鸡|\u200b好"},
        {"\u200b", "\u200b"},
        {"\u200b \u200b", "\u200b|\u200b"},
        {"½个", "½|个"},
        {"①50元", "①|50|元"},
        {"網(wǎng)絡", "網(wǎng)絡"},
        {"5㎏", "5|㎏"},
        {"出肉\n鸡", "出|肉|鸡"},
        {"扌口扌口 9080706050", "扌口扌口|9080706050"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(tokens(rows[i][0]), rows[i][1]);
}

/* Tokens in order and apart; every character that is no white space is in. */
static void assert_keeps_all(struct mud_str text)
{
    struct mud_span *spans;
    size_t n = mud_tokenize(&spans, &reader, text, arena), at = 0;

    for (size_t i = 0; i <= n; i++) {
        size_t start = i < n ? spans[i].start : text.n;

        assert_true(start >= at);
        while (at < start)
            assert_int_equal(mud_char_class(mud_utf8_next(text, &at)),
                             MUD_CHAR_SPACE);
        assert_int_equal(at, start);
        if (i == n)
            break;
        assert_true(spans[i].end > spans[i].start);
        while (at < spans[i].end)
            assert_int_not_equal(mud_char_class(mud_utf8_next(text, &at)),
                                 MUD_CHAR_SPACE);
        assert_int_equal(at, spans[i].end);
    }
}

static void test_tokenize__keeps_every_character(void **state)
{
    static const uint32_t points[] = {
        0x4e2d, 0x8089, 0x9e21,  0x767c, 0xff11, 0x2776, 'a',     'Z',
        '1',    '.',    ' ',     '(',    ')',    0x3000, 0x301,   0x20e3,
        0xfe0f, 0x200b, 0xbd,    0x338f, 0x2026, 0x435,  0x1f1e6, 0x1f1e8,
        0x624c, 0x53e3, 0xe01,   0xe33,  0x1100, 0x1161, 0x85,    0x1d,
        0xa8,   0xfdfa, 0x1f600, 0x2800, 0xad,   0x2028, '\n',    0x1ce};
    uint32_t seed = 11;

    (void)state;
    for (int i = 0; i < 6000; i++) {
        char text[512];
        size_t n = 0;

        for (int k = 0; k < i % 60; k++) {
            uint32_t c;

            seed = seed * 1664525u + 1013904223u;
            c = points[(seed >> 12) % 40];
            if ((seed >> 8) % 16 == 0)
                c = 0x80 + (seed >> 9) % 0x30000;
            if (c >= 0xd800 && c < 0xe000)
                c = 'x';
            n += mud_utf8_put(c, text + n);
        }
        assert_keeps_all(mud_str_of(text, n));
        mud_arena_reset(arena);
    }
}

static void test_tokenize__terms_are_folded_and_stemmed(void **state)
{
    static const char *const rows[][2] = {
        {"出售肉鷄！", "出售|肉鸡"},
        {"Selling botnets, 12,000 installs", "sell|botnet|12000|instal"},
        {"Продажа баз", "продаж|баз"},
        {"ＱＱ９８❶②", "qq|9812"},
        {"肉\u200b鸡 \u200b", "肉鸡"},
        {"t\u0435legram", "telegram"},
        {"好🔥……", "好|🔥"},
        {"...", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(terms(rows[i][0]), rows[i][1]);
}

/* Terms go with their places. */
static void test_tokenize__terms_know_their_place(void **state)
{
    struct mud_str text = MUD_STR("出，肉\u200b鷄"), *list;
    struct mud_span *spans;
    size_t n = mud_terms(&list, &spans, &reader, text, arena);

    (void)state;
    assert_int_equal(n, 2);
    assert_text(list[1], "肉鸡");
    assert_text(mud_str_sub(text, spans[1].start, spans[1].end), "肉\u200b鷄");
}

/* Longer than the pieces it is worked on in, with and without blanks. */
static void test_tokenize__long_texts_lose_nothing(void **state)
{
    static const char *const units[] = {"肉鸡", "a1 ", "❶\u200b"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = strlen(units[i]), size = ((size_t)9 << 20) / n * n;
        char *text = mud_malloc(size);

        for (size_t k = 0; k < size; k += n)
            memcpy(text + k, units[i], n);
        assert_keeps_all(mud_str_of(text, size));
        mud_arena_reset(arena);
        free(text);
    }
}

static void test_tokenize__hostile_texts_stay_linear(void **state)
{
    static const char *const units[] = {
        "\u200b", "①", "½", "\u0301", "(wǎng)", "肉(", "a\u200b ", "…"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = strlen(units[i]), size = ((size_t)1 << 19) / n * n;
        char *text = mud_malloc(size);

        for (size_t k = 0; k < size; k += n)
            memcpy(text + k, units[i], n);
        assert_keeps_all(mud_str_of(text, size));
        assert_true(mud_arena_used(arena) < 320 * size);
        mud_arena_reset(arena);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokenize__cuts_the_raw_text),
        cmocka_unit_test(test_tokenize__keeps_every_character),
        cmocka_unit_test(test_tokenize__terms_are_folded_and_stemmed),
        cmocka_unit_test(test_tokenize__terms_know_their_place),
        cmocka_unit_test(test_tokenize__long_texts_lose_nothing),
        cmocka_unit_test(test_tokenize__hostile_texts_stay_linear),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
