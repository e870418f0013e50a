/*
 * Hostile repetition costs work that grows with the text and not faster, counted
 * in steps and not in seconds: this program links a copy of nlp/ in which every
 * basic block calls the counter below, and the searches of libc count the bytes
 * they go over. The bound: twice the text may cost what the half before cost
 * and 30 % more, and a byte of it STEPS_BYTE steps at most.
 */
#include <stdio.h>

#include "nlp/reader.h"

#include "tests/nlp/reads.h"

enum {
    SMALL = 2048, /* bytes, doubled twice */
    LARGE = 16 * 1024,
    STEPS_BYTE = 20000, /* of a debug build, with its checks */
    SLACK = 200000 /* steps that a table made once, or a budget, may cost */
};

static uint64_t steps;

void __sanitizer_cov_trace_pc(void);
void *__real_memchr(const void *s, int c, size_t n);
void *__wrap_memchr(const void *s, int c, size_t n);
void *__real_memrchr(const void *s, int c, size_t n);
void *__wrap_memrchr(const void *s, int c, size_t n);
void *__real_memmem(const void *s, size_t n, const void *what, size_t k);
void *__wrap_memmem(const void *s, size_t n, const void *what, size_t k);

void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

/* Eight bytes of such a search are a step. */
void *__wrap_memchr(const void *s, int c, size_t n)
{
    char *at = __real_memchr(s, c, n);

    steps += (at ? (size_t)(at - (const char *)s) : n) / 8;
    return at;
}

void *__wrap_memrchr(const void *s, int c, size_t n)
{
    char *at = __real_memrchr(s, c, n);

    steps += (at ? n - (size_t)(at - (const char *)s) : n) / 8;
    return at;
}

void *__wrap_memmem(const void *s, size_t n, const void *what, size_t k)
{
    char *at = __real_memmem(s, n, what, k);

    steps += (at ? (size_t)(at - (const char *)s) : n) / 8;
    return at;
}

/* Steps of folding, segmenting and reading n bytes of a and b in turn. */
static uint64_t work(const char *a, const char *b, size_t n)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_message m = {0};
    struct mud_reading r;
    struct mud_token *tokens;
    struct mud_fold fold = {0};
    struct mud_buf buf = {0};
    struct mud_error err = {0};
    uint64_t begun;

    while (buf.n < n) {
        mud_buf_z(&buf, a);
        mud_buf_z(&buf, b);
    }
    m.text = mud_buf_view(&buf);
    begun = steps;
    mud_fold(&fold, reads_reader->folder, m.text, arena);
    (void)mud_segment(&tokens, reads_reader->segmenter, fold.text, arena);
    assert_ok(mud_read(&r, reads_reader, &m, NULL, arena, &err), &err);
    begun = steps - begun;
    mud_buf_free(&buf);
    mud_arena_free(arena);
    return begun;
}

static bool is_linear(const char *a, const char *b, size_t n)
{
    uint64_t once = work(a, b, n), twice = work(a, b, n * 2),
             four = work(a, b, n * 4);
    uint64_t first = twice > once ? twice - once : 0;
    bool ok = four <= twice + first * 2 + first * 6 / 10 + SLACK &&
              four <= (uint64_t)STEPS_BYTE * n * 4 + SLACK;

    if (!ok)
        print_message("\"%s%s\": %zu bytes %llu steps, twice %llu, four times "
                      "%llu\n",
                      a,
                      b,
                      n,
                      (unsigned long long)once,
                      (unsigned long long)twice,
                      (unsigned long long)four);
    return ok;
}

static const char *const units[] = {
    "1",     "0",        "12 ",        "1-",     "1.",      "1,",
    "1:",    "1/",       "一",         "万",     "百",      "元",
    "加",    "u",        "$",          "%",      "@",       "@a",
    "a@b ",  "(",        ")",          "[",      "【",      "\"",
    "“",     "”",        "'",          "-",      "----",    "|",
    "\t",    ";",        ":",          "/",      "//",      "=",
    "*",     "**a",      "xxx",        "#",      "+",       "+8",
    "~",     "^",        ".",          "..a",    "。",      ",",
    "、",    "!",        "?",          " ",      "\n",      "\r\n",
    "a",     "aB",       "a1",         "qq",     "q q ",    "v",
    "t.me/", "http://",  "a.example ", "肉鸡",   "出",      "收",
    "微信",  "骗子",     "样本",       "姓名:",  "张",      "王*",
    "省市",  "密码:",    "€",          "ж",      "ё1",      "t\u0435",
    "扌口",  "網(wǎng)", "①",          "❶",      "9️⃣", "🔥",
    "🐧1",    "👨\u200d👩", "\u200b",     "\u0301", "a\u0301", "\u20e3",
    "\xff",  "\xe4\xb8", "\xf0\x9f",   "が",     "ก",       "한",
};

static void test_work__one_pattern_is_linear(void **state)
{
    unsigned bad = 0;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(units); i++)
        bad += !is_linear(units[i], "", LARGE);
    assert_int_equal(bad, 0);
}

static void test_work__mixed_pairs_are_linear(void **state)
{
    unsigned bad = 0;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(units); i++) {
        /* each with nine others, all of them in turn */
        for (size_t k = 1; k < MUDTEST_ROWS(units); k += 11)
            bad += !is_linear(
                units[i], units[(i + k) % MUDTEST_ROWS(units)], SMALL);
    }
    assert_int_equal(bad, 0);
}

/* A term of every kind and meaning, alone and with a number. */
static void test_work__terms_of_every_meaning_are_linear(void **state)
{
    static bool seen[MUD_LEX_KINDS][256];
    const struct mud_lexicon *lexicon = reads_reader->lexicon;
    unsigned bad = 0, used = 0;

    (void)state;
    for (uint32_t i = 1; i <= mud_lexicon_count(lexicon); i++) {
        const struct mud_lex_entry *e = mud_lexicon_entry(lexicon, i);
        unsigned code = reads_reader->meanings[i].code % 256;
        const char *term;

        if (e->kind >= MUD_LEX_KINDS || e->kind == MUD_LEX_TERM ||
            seen[e->kind][code])
            continue;
        seen[e->kind][code] = true;
        used++;
        term = mud_str_cstr(e->term, reads_arena);
        bad += !is_linear(term, "", SMALL);
        bad += !is_linear(term, "1 ", SMALL);
    }
    assert_true(used > 150);
    assert_int_equal(bad, 0);
}

/* The counter counts: a test that cannot fail proves nothing. */
static void test_work__the_counter_counts(void **state)
{
    (void)state;
    assert_true(work("出肉鸡3毛一台 ", "", SMALL) > SMALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_work__the_counter_counts),
        cmocka_unit_test(test_work__one_pattern_is_linear),
        cmocka_unit_test(test_work__mixed_pairs_are_linear),
        cmocka_unit_test(test_work__terms_of_every_meaning_are_linear),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
