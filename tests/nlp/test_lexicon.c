#include "nlp/lexicon.h"

#include <stdlib.h>

#include "tests/support/mudtest.h"

static struct mud_folder *folder;
static struct mud_arena *arena;

static int set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    arena = mud_arena_new();
    return mud_folder_new(&folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_folder_free(folder);
    mud_arena_free(arena);
    return 0;
}

static struct mud_lexicon *sealed(const char *tsv, enum mud_lex_kind kind)
{
    struct mud_lexicon *lexicon = mud_lexicon_new(folder);
    struct mud_error err = {0};

    assert_ok(mud_lexicon_add(lexicon, "t.tsv", mud_str_z(tsv), kind, &err),
              &err);
    assert_ok(mud_lexicon_seal(lexicon, &err), &err);
    return lexicon;
}

/* All hits as "term[kind] term[kind]" of the folded text. */
static const char *found(const struct mud_lexicon *lexicon, const char *text,
                         uint32_t kinds)
{
    struct mud_str folded = mud_fold_term(folder, mud_str_z(text), arena);
    struct mud_lex_hit *hits;
    struct mud_buf buf = {0};
    size_t n = mud_lexicon_find(&hits, lexicon, folded, kinds, arena);
    const char *out;

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(
            &buf,
            "%s%.*s[%s]",
            i ? " " : "",
            MUD_FMT(mud_str_sub(folded, hits[i].at.start, hits[i].at.end)),
            mud_lex_kind_name((enum mud_lex_kind)hits[i].kind));
    out = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&buf)));
    mud_buf_free(&buf);
    return out;
}

static void test_lexicon__finds_all_terms_longest_first(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", ""},
        {"没有", ""},
        {"出肉鸡一万台", "肉鸡[product] 台[unit]"},
        {"肉鷄", "肉鸡[product]"},
        {"微信号", "微信号[product] 微信[platform]"},
        {"DDoS攻击", "ddos[product]"},
        {"ＤＤＯＳ", "ddos[product]"},
        {"botnets for sale", "botnets[product]"},
        {"botnetss", ""},
        {"abotnet", ""},
        {"qq12345 加QQ", "qq[platform] qq[platform]"},
        {"qqq", ""},
        {"端口3389 33890 13389 3389台", "3389[product] 3389[product] 台[unit]"},
        {"u u盾 usd 5u", "u[currency] u[currency] u[currency]"},
        {"куплю куплюх", "куплю[verb]"},
        {"fake base station", "fake base station[product]"},
        {"xcutx", "cut[term]"},
        {"47774 7 x7 17", "77[term] 77[term] 7[term] 7[term]"},
    };
    struct mud_lexicon *lexicon = sealed("term\tkind\tflags\n"
                                         "肉鸡\tproduct\t\n"
                                         "台\tunit\t\n"
                                         "微信\tplatform\t\n"
                                         "微信號\tproduct\t\n"
                                         "DDoS\tproduct\n"
                                         "botnet\tproduct\n"
                                         "QQ\tplatform\n"
                                         "3389\tproduct\n"
                                         "U\tcurrency\n"
                                         "Куплю\tverb\n"
                                         "fake base station\tproduct\n"
                                         "cut\tterm\tinside\n"
                                         "77\tterm\tinside\n"
                                         "7\tterm\n",
                                         MUD_LEX_TERM);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(found(lexicon, rows[i].text, 0), rows[i].want);
    assert_string_equal(found(lexicon, "出肉鸡一万台", 1u << MUD_LEX_UNIT),
                        "台[unit]");
    mud_lexicon_free(lexicon);
}

static void test_lexicon__a_term_may_have_several_senses(void **state)
{
    struct mud_lexicon *lexicon =
        sealed("# term\tsense\tkind\tcategory\tweight\tnote\n"
               "飞机\ttelegram\tcue\t\t5\tslang\n"
               "\n"
               "# a remark\n"
               "飞机\taeroplane\tbenign\n"
               "飛機\ttelegram\tplatform\taccount_trade\t-3\n",
               MUD_LEX_TERM);
    uint32_t cue = mud_lexicon_get(lexicon, MUD_LEX_CUE, MUD_STR("飞机"));
    const struct mud_lex_entry *entry = mud_lexicon_entry(lexicon, cue);

    (void)state;
    assert_string_equal(found(lexicon, "飞机", 0),
                        "飞机[cue] 飞机[benign] 飞机[platform]");
    assert_non_null(entry);
    assert_text(entry->sense, "telegram");
    assert_int_equal(entry->weight, 5);
    assert_int_equal(entry->line, 2);
    assert_string_equal(mud_lexicon_table_name(lexicon, entry->table), "t.tsv");
    assert_text(mud_lexicon_column(lexicon, cue, "note"), "slang");
    assert_text(mud_lexicon_column(lexicon, cue, "term"), "飞机");
    assert_text(mud_lexicon_column(lexicon, cue, "nothing"), "");
    assert_int_equal(mud_lexicon_get(lexicon, MUD_LEX_UNIT, MUD_STR("飞机")),
                     0);
    assert_null(mud_lexicon_entry(lexicon, 0));
    assert_null(mud_lexicon_entry(lexicon, 99));
    mud_lexicon_free(lexicon);
}

static void test_lexicon__later_rows_replace_and_switch_off(void **state)
{
    struct mud_lexicon *lexicon = mud_lexicon_new(folder);
    struct mud_error err = {0};
    uint32_t number;

    (void)state;
    assert_ok(mud_lexicon_add(lexicon,
                              "a.tsv",
                              MUD_STR("term\tsense\tweight\n料\tdata\t1\n"
                                      "料子\tdata\t1\n粉\tlead\t1\n"),
                              MUD_LEX_PRODUCT,
                              &err),
              &err);
    assert_ok(mud_lexicon_add(lexicon,
                              "b.tsv",
                              MUD_STR("term\tsense\tweight\tflags\n"
                                      "料\tdata\t9\t\n料子\t\t\toff\n"
                                      "粉\tpowder\t2\tsoft, mine\n"),
                              MUD_LEX_PRODUCT,
                              &err),
              &err);
    assert_ok(mud_lexicon_seal(lexicon, &err), &err);
    assert_string_equal(found(lexicon, "料子粉", 0),
                        "料[product] 粉[product] 粉[product]");
    number = mud_lexicon_get(lexicon, MUD_LEX_PRODUCT, MUD_STR("料"));
    assert_int_equal(mud_lexicon_entry(lexicon, number)->weight, 9);
    assert_int_equal(mud_lexicon_get(lexicon, MUD_LEX_PRODUCT, MUD_STR("料子")),
                     0);
    number = mud_lexicon_count(lexicon);
    assert_int_equal(number, 6);
    assert_true(mud_lex_flag(mud_lexicon_entry(lexicon, number), "mine"));
    assert_false(mud_lex_flag(mud_lexicon_entry(lexicon, number), "off"));
    mud_lexicon_free(lexicon);
}

/* A row that is off with a sense drops that sense alone. */
static void test_lexicon__off_with_a_sense_drops_that_sense(void **state)
{
    struct mud_lexicon *lexicon = mud_lexicon_new(folder);
    struct mud_error err = {0};
    uint32_t number;

    (void)state;
    assert_ok(mud_lexicon_add(lexicon,
                              "a.tsv",
                              MUD_STR("term\tkind\tsense\tflags\n"
                                      "粉\tproduct\tlead\t\n"
                                      "粉\tproduct\tpowder\t\n"
                                      "粉\tterm\tlead\t\n"
                                      "粉\tproduct\tlead\toff\n"),
                              MUD_LEX_TERM,
                              &err),
              &err);
    assert_ok(mud_lexicon_seal(lexicon, &err), &err);
    assert_string_equal(found(lexicon, "粉", 0), "粉[product] 粉[term]");
    number = mud_lexicon_get(lexicon, MUD_LEX_PRODUCT, MUD_STR("粉"));
    assert_text(mud_lexicon_entry(lexicon, number)->sense, "powder");
    mud_lexicon_free(lexicon);
}

static void note_line(uint32_t line, const char *reason, void *payload)
{
    struct mud_buf *lines = payload;

    mud_buf_printf(lines, "%u:%s;", line, reason);
}

static void test_lexicon__good_rows_of_a_bad_table(void **state)
{
    struct mud_lexicon *lexicon = mud_lexicon_new(folder);
    struct mud_error err = {0};
    struct mud_buf lines = {0};

    (void)state;
    assert_ok(mud_lexicon_add_good(lexicon,
                                   "t.tsv",
                                   MUD_STR("term\tkind\n料\tterm\nx\tnoise\n"
                                           "粉\tterm\n\tterm\n"),
                                   MUD_LEX_TERM,
                                   note_line,
                                   &lines,
                                   &err),
              &err);
    assert_int_equal(mud_lexicon_count(lexicon), 2);
    assert_has(mud_buf_view(&lines), "3:t.tsv line 3: unknown kind");
    assert_has(mud_buf_view(&lines), "5:t.tsv line 5: empty term");
    mud_buf_free(&lines);
    mud_lexicon_free(lexicon);
}

static void test_lexicon__bad_rows_are_named(void **state)
{
    static const struct {
        const char *tsv, *part;
    } rows[] = {
        {"word\tkind\nx\tcue\n", "t.tsv line 1: no column \"term\""},
        {"term\tkind\nx\tcue\ny\tnoise\n", "t.tsv line 3: unknown kind"},
        {"term\tweight\nx\tmuch\n", "t.tsv line 2: weight \"much\""},
        {"term\tkind\n\tcue\n", "t.tsv line 2: empty term"},
        {"term\n\xe2\x80\x8b\n", "t.tsv line 2: nothing to see"},
        {"term\nx\ty\n", "t.tsv line 2: more columns"},
        {"term\n\xff\n", "t.tsv byte 5: not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_lexicon *lexicon = mud_lexicon_new(folder);
        struct mud_error err = {0};

        assert_fails(
            mud_lexicon_add(
                lexicon, "t.tsv", mud_str_z(rows[i].tsv), MUD_LEX_TERM, &err),
            &err,
            MUD_EINPUT,
            rows[i].part);
        mud_lexicon_free(lexicon);
    }
}

static void test_lexicon__reads_files_and_digests_them(void **state)
{
    const char *path = mudtest_text("%s/lexicon.tsv", mudtest_dir());
    struct mud_lexicon *a = mud_lexicon_new(folder);
    struct mud_lexicon *b = sealed("term\n肉鸡\n", MUD_LEX_TERM);
    struct mud_lexicon *c = sealed("term\n肉鸭\n", MUD_LEX_TERM);
    uint8_t x[32], y[32], z[32];
    struct mud_error err = {0};

    (void)state;
    assert_fails(mud_lexicon_add_file(a, path, MUD_LEX_TERM, &err),
                 &err,
                 MUD_EMISSING,
                 "lexicon.tsv");
    mud_error_clear(&err);
    mudtest_write(path, MUD_STR("term\n肉鸡\n"));
    assert_ok(mud_lexicon_add_file(a, path, MUD_LEX_TERM, &err), &err);
    assert_ok(mud_lexicon_seal(a, &err), &err);
    mud_lexicon_digest(a, x);
    mud_lexicon_digest(b, y);
    mud_lexicon_digest(c, z);
    assert_memory_equal(x, y, 32);
    assert_memory_not_equal(x, z, 32);
    assert_fails(mud_lexicon_add(
                     a, "late.tsv", MUD_STR("term\nx\n"), MUD_LEX_TERM, &err),
                 &err,
                 MUD_EBUG,
                 "sealed");
    mud_lexicon_free(a);
    mud_lexicon_free(b);
    mud_lexicon_free(c);
}

static void test_lexicon__kinds_have_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < MUD_LEX_KINDS; i++) {
        enum mud_lex_kind kind = MUD_LEX_KINDS;

        assert_true(mud_lex_kind_of(
            mud_str_z(mud_lex_kind_name((enum mud_lex_kind)i)), &kind));
        assert_int_equal(kind, i);
    }
}

/* One hit a term at most for each start: work stays linear. */
static void test_lexicon__hostile_text_is_linear(void **state)
{
    struct mud_lexicon *lexicon = sealed(
        "term\tflags\na\tinside\naa\tinside\naaaaaaaa\tinside\n", MUD_LEX_TERM);
    struct mud_lex_hit *hits;
    size_t size = (size_t)1 << 20;
    char *text = mud_malloc(size);

    (void)state;
    memset(text, 'a', size);
    assert_int_equal(
        mud_lexicon_find(&hits, lexicon, mud_str_of(text, size), 0, arena),
        3 * size - 8);
    mud_arena_reset(arena);
    free(text);
    mud_lexicon_free(lexicon);
}

static void test_lexicon__too_many_senses_is_a_limit(void **state)
{
    struct mud_lexicon *lexicon = mud_lexicon_new(folder);
    struct mud_error err = {0};
    struct mud_buf buf = {0};

    (void)state;
    mud_buf_z(&buf, "term\tsense\n");
    for (int i = 0; i < 70; i++)
        mud_buf_printf(&buf, "x\t%d\n", i);
    assert_ok(mud_lexicon_add(
                  lexicon, "t.tsv", mud_buf_view(&buf), MUD_LEX_TERM, &err),
              &err);
    assert_fails(mud_lexicon_seal(lexicon, &err), &err, MUD_ELIMIT, "senses");
    mud_buf_free(&buf);
    mud_lexicon_free(lexicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lexicon__finds_all_terms_longest_first),
        cmocka_unit_test(test_lexicon__a_term_may_have_several_senses),
        cmocka_unit_test(test_lexicon__later_rows_replace_and_switch_off),
        cmocka_unit_test(test_lexicon__off_with_a_sense_drops_that_sense),
        cmocka_unit_test(test_lexicon__good_rows_of_a_bad_table),
        cmocka_unit_test(test_lexicon__bad_rows_are_named),
        cmocka_unit_test(test_lexicon__reads_files_and_digests_them),
        cmocka_unit_test(test_lexicon__kinds_have_names),
        cmocka_unit_test(test_lexicon__hostile_text_is_linear),
        cmocka_unit_test(test_lexicon__too_many_senses_is_a_limit),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
