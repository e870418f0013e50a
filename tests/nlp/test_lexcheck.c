#include "nlp/lexcheck.h"

#include <stdio.h>

#include "nlp/termfind.h"
#include "tests/support/mudtest.h"

static struct mud_reader *reader;
static struct mud_arena *arena;

static int set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    arena = mud_arena_new();
    assert_ok(mud_reader_new(&reader, NULL, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_reader_free(reader);
    mud_arena_free(arena);
    return 0;
}

/* Findings as "3 error sense; 4 warning twice" */
static const char *findings(const char *tsv)
{
    struct mud_lex_finding *found;
    size_t n =
        mud_lexicon_check(&found, reader, "t.tsv", mud_str_z(tsv), arena);
    struct mud_buf out = {0};
    const char *text;

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&out,
                       "%s%u %s %s",
                       i ? "; " : "",
                       found[i].line,
                       mud_lex_grade_name((enum mud_lex_grade)found[i].grade),
                       found[i].code);
    text = mudtest_text("%s", out.n ? mud_buf_cstr(&out) : "");
    mud_buf_free(&out);
    return text;
}

#define HEAD "term\tkind\tsense\tcategory\tflags\n"

static void test_lexcheck__names_each_line_that_no_reader_takes(void **state)
{
    static const struct {
        const char *tsv, *want;
    } cases[] = {
        {HEAD "泥锣串\tproduct\tbot_host\tbots\t\n", ""},
        {HEAD "泥锣串\tterm\tanything goes\t\t\n", ""},
        {HEAD "泥锣串\tthing\t\t\t\n", "2 error row"},
        {HEAD "泥锣串\tproduct\tno_such\t\t\n", "2 error sense"},
        {HEAD "泥锣串\tcue\tno_such\t\t\n", "2 error sense"},
        {HEAD "泥锣串\tterm\tx\tno_such\t\n", "2 error category"},
        {HEAD "泥锣串\tproduct\tbot_host\tmalware\t\n", "2 warning category"},
        {HEAD "泥锣串\tproduct\tbot_host\t\tno-such\n", "2 warning flag"},
        {HEAD "泥锣串\tproduct\tbot_host\t\tweak,inside\n", ""},
        {HEAD "\xe2\x80\x8b\tterm\tx\t\t\n", "2 error row"},
        {HEAD "\tterm\tx\t\t\n", "2 error row"},
        {HEAD "甲\tterm\tx\t\t\textra\n", "2 error row"},
        {"kind\tsense\nterm\tx\n", "0 error row"},
        {"term\tkind\n\xff\xfe\tterm\n", "0 error row"},
        /* Bad rows do not hide those behind them. */
        {HEAD "甲乙\tthing\t\t\t\n# a remark\n\n丙丁\tproduct\tno_such\t\t\n",
         "2 error row; 5 error sense"},
        {HEAD, ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(cases); i++)
        assert_string_equal(findings(cases[i].tsv), cases[i].want);
}

static void test_lexcheck__says_what_is_doubtful(void **state)
{
    static const struct {
        const char *tsv, *want;
    } cases[] = {
        /* An ordinary word as goods, and the same held back. */
        {HEAD "衣服\tproduct\tbot_host\t\t\n", "2 warning ordinary"},
        {HEAD "衣服\tproduct\tbot_host\t\tweak\n", ""},
        {HEAD "衣服\tterm\tclothes\t\t\n", ""},
        {HEAD "瓯\tproduct\tbot_host\t\t\n", "2 warning short"},
        {HEAD "zq\tproduct\tbot_host\t\t\n", "2 warning short"},
        {HEAD "zqx\tproduct\tbot_host\t\t\n", ""},
        /* Two ways of writing one term. */
        {HEAD "泥锣串\tterm\tx\t\t\n泥锣串\tterm\tx\t\t\n", "2 warning twice"},
        {HEAD "泥鑼串\tterm\tx\t\t\n泥锣串\tterm\tx\t\t\n", "2 warning alike"},
        {HEAD "泥锣串\tterm\tx\t\t\n泥锣串\tterm\ty\t\t\n", ""},
        /* The program's own rows. */
        {HEAD "四件套\tproduct\tbank_card_set\t\t\n", "2 note builtin"},
        {HEAD "四件套\tproduct\tbot_host\t\t\n", "2 warning builtin"},
        {HEAD "四件套\tproduct\t\t\toff\n", ""},
        {HEAD "泥锣串\tproduct\t\t\toff\n", "2 warning off"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(cases); i++)
        assert_string_equal(findings(cases[i].tsv), cases[i].want);
}

static void count_row(const struct mud_lex_row *row, void *payload)
{
    size_t *n = payload;

    ++*n;
    assert_text(row->note, "why");
    assert_text(row->folded, "泥锣串");
}

static void test_lexcheck__rows_come_with_their_remarks(void **state)
{
    struct mud_error err = {0};
    size_t n = 0;

    (void)state;
    assert_ok(mud_lexicon_each(reader,
                               "t.tsv",
                               MUD_STR("term\tkind\tnote\n泥鑼串\tterm\twhy\n"),
                               count_row,
                               &n,
                               &err),
              &err);
    assert_int_equal(n, 1);
    assert_fails(mud_lexicon_each(reader,
                                  "t.tsv",
                                  MUD_STR("term\tkind\n泥锣串\tthing\n"),
                                  count_row,
                                  &n,
                                  &err),
                 &err,
                 MUD_EINPUT,
                 "t.tsv line 2");
}

static void test_lexcheck__knows_what_is_built_in(void **state)
{
    struct mud_lex_known *known, at;
    struct mud_lex_sense *senses;
    size_t n = mud_lexicon_known(&known, reader, MUD_STR("四件套"), arena);
    bool product = false, found = false;

    (void)state;
    for (size_t i = 0; i < n; i++)
        product |= strcmp(known[i].kind, "product") == 0 &&
                   mud_str_eqz(known[i].sense, "bank_card_set") &&
                   mud_str_eqz(known[i].category, "money_mule") &&
                   strcmp(known[i].table, "products.tsv") == 0;
    assert_true(product);
    assert_int_equal(
        mud_lexicon_known(&known, reader, MUD_STR("泥锣串"), arena), 0);
    assert_true(mud_lexicon_at(&at, reader, 1));
    assert_false(mud_lexicon_at(&at, reader, 10000000));
    n = mud_lexicon_senses(&senses, reader, "product", arena);
    for (size_t i = 0; i < n; i++)
        found |= mud_str_eqz(senses[i].sense, "bot_host") &&
                 strcmp(senses[i].category, "bots") == 0;
    assert_true(found);
    assert_int_equal(mud_lexicon_senses(&senses, reader, "term", arena), 0);
}

/* Marks as "2-4 8-10" */
static const char *marks(const char *term, const char *flags, const char *text)
{
    struct mud_termfind *find;
    struct mud_error err = {0};
    struct mud_span *spans;
    struct mud_buf out = {0};
    const char *said;

    assert_ok(mud_termfind_new(
                  &find, reader, mud_str_z(term), mud_str_z(flags), &err),
              &err);
    size_t n = mud_termfind_in(&spans, find, mud_str_z(text), arena);
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(
            &out, "%s%u-%u", i ? " " : "", spans[i].start, spans[i].end);
    said = mudtest_text("%s", out.n ? mud_buf_cstr(&out) : "");
    mud_buf_free(&out);
    mud_termfind_free(find);
    return said;
}

static void test_termfind__finds_as_the_lexicon_matches(void **state)
{
    struct mud_termfind *find;
    struct mud_error err = {0};

    (void)state;
    /* Whatever the dictionary would cut there. */
    assert_string_equal(marks("售泥", "", "出售泥锣"), "3-9");
    assert_string_equal(marks("泥锣", "", "泥鑼、泥锣"), "0-6 9-15");
    assert_string_equal(marks("frob", "", "frob frobs xfrob FROB"),
                        "0-4 5-10 17-21");
    assert_string_equal(marks("frob", "inside", "xfrob"), "1-5");
    assert_string_equal(marks("frob", "", ""), "");
    assert_fails(mud_termfind_new(
                     &find, reader, MUD_STR("\xe2\x80\x8b"), MUD_STR(""), &err),
                 &err,
                 MUD_EINPUT,
                 "nothing to see");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lexcheck__names_each_line_that_no_reader_takes),
        cmocka_unit_test(test_lexcheck__says_what_is_doubtful),
        cmocka_unit_test(test_lexcheck__rows_come_with_their_remarks),
        cmocka_unit_test(test_lexcheck__knows_what_is_built_in),
        cmocka_unit_test(test_termfind__finds_as_the_lexicon_matches),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
