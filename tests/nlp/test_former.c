#include "tests/support/mudtest.h"

#include "nlp/former.h"

/* The names in text, parted by "|". */
static const char *names_in(const char *text)
{
    struct mud_span at[MUD_FORMER_MAX];
    size_t n = mud_former_names(at, mud_str_z(text));
    const char *out = "";

    for (size_t i = 0; i < n; i++)
        out = mudtest_text("%s%s%.*s",
                           out,
                           i ? "|" : "",
                           (int)(at[i].end - at[i].start),
                           text + at[i].start);
    return out;
}

static void test_former__finds_the_old_name(void **state)
{
    static const struct {
        const char *text, *names;
    } rows[] = {
        {"出售肉鸡，原小刀9527，老号被封，换号了，QQ：9812345670", "小刀9527"},
        {"本人原夜猫_k12，改名北风33", "夜猫_k12"},
        {"数据姐芳芳的新号，老号停用 出四件套", "数据姐芳芳"},
        {"老号渔夫888被封了，认准新号", "渔夫888"},
        {"换号了\n曾用名：黑伞01", "黑伞01"},
        {"我是原老王担保，换号了", "老王担保"},
        {"selling logs, formerly known as nightcat77, new account",
         "nightcat77"},
        {"New account of cat_king. old one got banned", "cat_king."},
        {"продам логи, бывший Север77, новый аккаунт", "Север77"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(names_in(rows[i].text), rows[i].names);
}

static void test_former__passes_over_what_is_old_otherwise(void **state)
{
    static const char *const rows[] = {
        "出售肉鸡，原价100，现价50",            /* no word of change */
        "换号了，原QQ：9812345670 停用",        /* a contact, not a name */
        "换号了，原价不变，老号已封，原装正品", /* goods */
        "新号到货，老号便宜出",                 /* accounts for sale */
        "平原地区换号不影响",                   /* inside a word */
        "",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_string_equal(names_in(rows[i]), "");
}

static void test_former__has_bounds(void **state)
{
    struct mud_span at[MUD_FORMER_MAX];
    struct mud_buf text = {0};

    (void)state;
    for (int i = 0; i < 20000; i++)
        mud_buf_z(&text, "换号，原ab的新号，老号：");
    assert_true(mud_former_names(at, mud_buf_view(&text)) <= MUD_FORMER_MAX);
    mud_buf_clear(&text);
    mud_buf_z(&text, "换号了，原");
    for (int i = 0; i < 100; i++)
        mud_buf_z(&text, "长");
    assert_int_equal(mud_former_names(at, mud_buf_view(&text)), 0);
    mud_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_former__finds_the_old_name),
        cmocka_unit_test(test_former__passes_over_what_is_old_otherwise),
        cmocka_unit_test(test_former__has_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
