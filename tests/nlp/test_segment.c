#include "nlp/segment.h"

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

static const char *cut(const char *text)
{
    struct mud_token *tokens;
    struct mud_buf buf = {0};
    size_t n = mud_segment(&tokens, reader.segmenter, mud_str_z(text), arena);
    const char *out;

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&buf,
                       "%s%.*s",
                       i ? "|" : "",
                       MUD_FMT(mud_str_sub(mud_str_z(text),
                                           tokens[i].at.start,
                                           tokens[i].at.end)));
    out = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&buf)));
    mud_buf_free(&buf);
    return out;
}

static void test_segment__mixed_strings(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"  \n\t", ""},
        {"中国人民", "中国|人民"},
        {"我们在学习中文", "我们|在|学习|中文"},
        {"出售肉鸡的人", "出售|肉鸡|的|人"},
        {"收四件套跑分", "收|四件套|跑分"},
        {"加qq12345", "加|qq|12345"},
        {"vx:abc_123", "vx|:|abc|_|123"},
        {"@mud_lark", "@|mud|_|lark"},
        {"价格12.5元", "价格|12.5|元"},
        {"12,000条", "12,000|条"},
        {"5.微信", "5|.|微信"},
        {"1.2w台", "1.2|w|台"},
        {"don't stop", "don't|stop"},
        {"可以……——！！？", "可以|……|——|！！|？"},
        {"продам базу", "продам|базу"},
        {"テスト文字", "テスト|文字"},
        {"😀😀🔥", "😀😀|🔥"},
        {"🇨🇳🇺🇸", "🇨🇳|🇺🇸"},
        {"ขายข้อมูล", "ขาย|ข้อมูล"},
        {"a\u05d0b", "a|\u05d0|b"},
        {"𠀀𠀁肉鸡", "𠀀|𠀁|肉鸡"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(cut(rows[i][0]), rows[i][1]);
}

static void test_segment__tokens_say_their_class(void **state)
{
    static const uint8_t want[] = {MUD_TOKEN_HAN,
                                   MUD_TOKEN_LATIN,
                                   MUD_TOKEN_DIGIT,
                                   MUD_TOKEN_CYRILLIC,
                                   MUD_TOKEN_KANA,
                                   MUD_TOKEN_SIGN,
                                   MUD_TOKEN_LETTER,
                                   MUD_TOKEN_LETTER};
    struct mud_token *tokens;
    size_t n = mud_segment(
        &tokens, reader.segmenter, MUD_STR("好 a 1 я か ! αβ ไทย"), arena);

    (void)state;
    assert_int_equal(n, sizeof want);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(tokens[i].class, want[i]);
}

/* Every term of terms.tsv that is all Han stays whole, in a sentence too. */
static void test_segment__own_terms_stay_whole(void **state)
{
    static const char *const around[][2] = {{"", ""},
                                            {"长期出", "，需要的联系"},
                                            {"我们有", "一批"},
                                            {"专业", "，"}};
    uint32_t count = mud_lexicon_count(reader.lexicon);
    size_t whole = 0, all = 0;

    (void)state;
    for (uint32_t i = 1; i <= count; i++) {
        const struct mud_lex_entry *entry =
            mud_lexicon_entry(reader.lexicon, i);
        size_t at = 0;
        bool han = true;

        while (at < entry->folded.n)
            han &= mud_char_class(mud_utf8_next(entry->folded, &at)) ==
                   MUD_CHAR_HAN;
        for (size_t k = 0; han && k < 4; k++) {
            const char *text = mudtest_text(
                "%s%.*s%s", around[k][0], MUD_FMT(entry->folded), around[k][1]);
            struct mud_str got = mud_str_z(mudtest_text("|%s|", cut(text)));

            all++;
            whole += mud_str_find(got,
                                  mud_str_z(mudtest_text(
                                      "|%.*s|", MUD_FMT(entry->folded)))) !=
                     MUD_NPOS;
        }
    }
    assert_true(all > 1500);
    if (whole * 100 < all * 98)
        fail_msg("%zu of %zu terms are whole", whole, all);
}

/* Names say what they name and where they are from, and stay whole. */
static void test_segment__knows_names(void **state)
{
    static const char *const rows[][2] = {
        {"从妙瓦底到大其力", "从|妙瓦底|到|大其力"},
        {"住在深水埗和西贡", "住|在|深水埗|和|西贡"},
        {"翟惠民是谁", "翟惠民|是|谁"},
        {"在众安银行开户", "在|众安银行|开户"},
    };
    uint32_t names = 0, known = 0;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_string_equal(cut(rows[i][0]), rows[i][1]);
    for (uint32_t i = 1; i <= mud_lexicon_count(reader.lexicon); i++) {
        const struct mud_lex_entry *e = mud_lexicon_entry(reader.lexicon, i);

        if (e->kind != MUD_LEX_NAME ||
            strcmp(mud_lexicon_table_name(reader.lexicon, e->table),
                   "names.tsv") != 0)
            continue;
        names++;
        assert_true(e->sense.n > 0 && e->source.n > 0);
        known += mud_segmenter_knows(reader.segmenter, e->folded);
    }
    assert_true(names > 6000);
    assert_true(known * 1000 >= names * 995);
}

static void test_segment__terms_come_from_the_lexicon(void **state)
{
    struct mud_segmenter *plain = NULL;
    struct mud_error err = {0};
    struct mud_token *tokens;

    (void)state;
    assert_ok(mud_segmenter_new(&plain, NULL, &err), &err);
    assert_int_equal(mud_segment(&tokens, plain, MUD_STR("络漫宝"), arena), 3);
    assert_int_equal(
        mud_segment(&tokens, reader.segmenter, MUD_STR("络漫宝"), arena), 1);
    assert_true(mud_segmenter_knows(reader.segmenter, MUD_STR("络漫宝")));
    assert_true(mud_segmenter_knows(plain, MUD_STR("中国")));
    assert_false(mud_segmenter_knows(plain, MUD_STR("络漫宝")));
    mud_segmenter_free(plain);
}

/* Tokens are in order, apart, not empty, and leave out only white space. */
static void assert_covers(struct mud_str text)
{
    struct mud_token *tokens;
    size_t n = mud_segment(&tokens, reader.segmenter, text, arena), at = 0;

    for (size_t i = 0; i <= n; i++) {
        size_t end = i < n ? tokens[i].at.start : text.n;

        assert_true(end >= at);
        while (at < end)
            assert_int_equal(mud_char_class(mud_utf8_next(text, &at)),
                             MUD_CHAR_SPACE);
        assert_int_equal(at, end);
        if (i < n) {
            assert_true(tokens[i].at.end > tokens[i].at.start);
            at = tokens[i].at.end;
        }
    }
}

static void test_segment__covers_any_text(void **state)
{
    static const uint32_t points[] = {0x4e2d,  0x56fd, 0x8089, 0x9e21,  'a',
                                      'z',     '1',    '.',    ' ',     0x3000,
                                      0xe02,   0xe48,  0x301,  0x1f600, '\'',
                                      0x2019,  0x430,  0x3042, 0x20000, 0x1f1e8,
                                      0x1f1f3, '_',    0x5d0,  0x1000};
    uint32_t seed = 3;

    (void)state;
    for (int i = 0; i < 3000; i++) {
        char text[512];
        size_t n = 0;

        for (int k = 0; k < i % 100; k++) {
            seed = seed * 1664525u + 1013904223u;
            n += mud_utf8_put(points[(seed >> 16) % 24], text + n);
        }
        assert_covers(mud_str_of(text, n));
        mud_arena_reset(arena);
    }
}

static void test_segment__long_runs_are_cut_as_short_ones(void **state)
{
    static const char *const units[] = {
        "肉", "中国人民", "ก", "ข้อมูล", "a", "1.", "!", "肉1", "\u0301", "一"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = strlen(units[i]), size = ((size_t)1 << 19) / n * n;
        char *text = mud_malloc(size);

        for (size_t k = 0; k < size; k += n)
            memcpy(text + k, units[i], n);
        assert_covers(mud_str_of(text, size));
        assert_true(mud_arena_used(arena) < 64 * size);
        mud_arena_reset(arena);
        free(text);
    }
}

static void test_segment__chunks_meet_on_word_edges(void **state)
{
    struct mud_buf buf = {0};
    struct mud_token *tokens;
    size_t n;

    (void)state;
    for (int i = 0; i < 1000; i++)
        mud_buf_z(&buf, "中国人民");
    n = mud_segment(&tokens, reader.segmenter, mud_buf_view(&buf), arena);
    assert_int_equal(n, 2000);
    mud_buf_free(&buf);
}

/* On the PKU test set of the 2005 bakeoff, where it is at hand. */
static void test_segment__news_f1(void **state)
{
    const char *shared = mudtest_shared();
    struct mud_str gold, line;
    size_t right = 0, made = 0, wanted = 0;

    (void)state;
    if (!shared)
        skip();
    gold = mudtest_read(
        mudtest_text("%s/data/segmentation/pku_test_gold.utf8", shared));
    while (mud_str_line(&gold, &line)) {
        char *plain = mud_arena_alloc(arena, line.n + 1);
        uint8_t *edge = mud_arena_alloc(arena, line.n + 2);
        struct mud_span *spans;
        size_t n = 0, count;

        edge[0] = 1;
        for (size_t i = 0; i < line.n; i++) {
            if (line.s[i] == ' ')
                edge[n] = 1;
            else
                plain[n++] = line.s[i];
        }
        edge[n] = 1;
        for (size_t i = 1; i <= n; i++)
            wanted += edge[i];
        count = mud_tokenize(&spans, &reader, mud_str_of(plain, n), arena);
        made += count;
        for (size_t i = 0; i < count; i++) {
            bool whole = edge[spans[i].start] && edge[spans[i].end];

            for (size_t k = spans[i].start + 1u; k < spans[i].end; k++)
                whole &= !edge[k];
            right += whole;
        }
        mud_arena_reset(arena);
    }
    assert_true(wanted > 100000);
    if (200 * right < 83 * (made + wanted))
        fail_msg("F1 %.4f", 2.0 * (double)right / (double)(made + wanted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segment__mixed_strings),
        cmocka_unit_test(test_segment__tokens_say_their_class),
        cmocka_unit_test(test_segment__own_terms_stay_whole),
        cmocka_unit_test(test_segment__knows_names),
        cmocka_unit_test(test_segment__terms_come_from_the_lexicon),
        cmocka_unit_test(test_segment__covers_any_text),
        cmocka_unit_test(test_segment__long_runs_are_cut_as_short_ones),
        cmocka_unit_test(test_segment__chunks_meet_on_word_edges),
        cmocka_unit_test(test_segment__news_f1),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
