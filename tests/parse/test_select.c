#include "tests/support/mudtest.h"

#include "parse/select.h"

static struct mud_arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = mud_arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mud_arena_free(arena);
    return 0;
}

static struct mud_page page_of(const char *html)
{
    struct mud_error err = {0};
    struct mud_page page;
    assert_ok(mud_page_read(&page, mud_str_z(html), arena, &err), &err);
    return page;
}

static struct mud_select *select_of(const char *text)
{
    struct mud_error err = {0};
    struct mud_select *select = NULL;
    assert_ok(mud_select_new(&select, mud_str_z(text), arena, &err), &err);
    return select;
}

/* The ids of all that match, each with a space behind it. */
static struct mud_str ids(const struct mud_page *page, const char *text)
{
    struct mud_select *select = select_of(text);
    struct mud_str all = {0};
    int64_t steps = MUD_SELECT_STEPS;
    for (uint32_t i = 0; i < page->n; i++) {
        i = mud_select_first(select, page, i, page->n, &steps);
        if (i == MUD_NO_NODE)
            break;
        struct mud_str id = mud_node_attr(&page->nodes[i], "id");
        all = mud_str_printf(arena, "%.*s%.*s ", MUD_FMT(all), MUD_FMT(id));
    }
    return all;
}

static void test_select__matches(void **state)
{
    static const char html[] =
        "<html><body id=top class='nv  pg'>"
        "<div id=a class='post first'><p id=a1>x<a id=a2 href='t.php?u=1'>y"
        "</a></p><span id=a3><em id=a4>z</em></span></div>"
        "<div id=b class=post data-x=''><div id=b1><div id=b2 class=q>"
        "<p id=b3><a id=b4 href=x.html>1</a></p></div></div></div>"
        "</body></html>";

    static const struct {
        const char *select, *ids;
    } rows[] = {
        {"div", "a b b1 b2 "},
        {"#a3", "a3 "},
        {".post", "a b "},
        {"div.post.first", "a "},
        {".pos", ""},
        {"*[id^=b]", "b b1 b2 b3 b4 "},
        {"a[href$=.html]", "b4 "},
        {"a[href*=\"php?u\"]", "a2 "},
        {"[data-x]", "b "},
        {"body[class~=pg]", "top "},
        {"div p", "a1 b3 "},
        {"div > p", "a1 b3 "},
        {"div > div p", "b3 "},
        {"#b > div > div > p > a", "b4 "},
        {"#b > p", ""},
        {"body > div p a", "a2 b4 "},
        {"div > .q a, em, #a", "a a4 b4 "},
        {"div div:first-child", "b1 b2 "},
        {"a:first-child", "a2 b4 "},
        {"span em:first-child", "a4 "},
        /* The nearest div is not the one whose parent is body. */
        {"body > div a", "a2 b4 "},
        {"body > div.post div a", "b4 "},
        {"[id=b2]", "b2 "},
        {"a[id!=a2]", "b4 "},
        {"a[title!=x]", ""},
    };

    (void)state;
    struct mud_page page = page_of(html);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(ids(&page, rows[i].select), rows[i].ids);
}

static void test_select__refuses_what_it_does_not_know(void **state)
{
    static const char *const rows[] = {
        "",
        "div >",
        "> p",
        "div,",
        "a[",
        "a[x",
        "a[=x]",
        "a[x!y]",
        ".",
        "#",
        "a:hover",
        "a + b",
        "a ~ b",
        "a[x=\"y",
        "a::b",
        "div )",
        ("a b c d e f g h i j k l m n o "
         "p q r s t u v w x y z"),
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_select *select;
        assert_fails(mud_select_new(&select, mud_str_z(rows[i]), arena, &err),
                     &err,
                     MUD_EINPUT,
                     "selector");
    }
}

static void test_select__stops_at_its_budget(void **state)
{
    (void)state;
    struct mud_page page = page_of("<div><div><div><p id=x>y");
    struct mud_select *select = select_of("div div div p");
    int64_t steps = 3;
    assert_int_equal(mud_select_first(select, &page, 0, page.n, &steps),
                     MUD_NO_NODE);
    assert_true(steps <= 0);
    steps = MUD_SELECT_STEPS;
    assert_int_not_equal(mud_select_first(select, &page, 0, page.n, &steps),
                         MUD_NO_NODE);
    assert_false(mud_select_match(NULL, &page, 0, &steps));
}

static void test_page__is_flat_and_nested(void **state)
{
    (void)state;
    struct mud_page page =
        page_of("<div id=a>x &amp; &lt;y&gt; &#10084;<b class=k>z</b></div>"
                "<p title='q&quot;&amp;&hearts;'>w</p>");
    struct mud_str seen = {0};
    for (uint32_t i = 0; i < page.n; i++) {
        const struct mud_node *node = &page.nodes[i];
        assert_true(node->end > i && node->end <= page.n);
        if (i == 0)
            assert_int_equal(node->parent, MUD_NO_NODE);
        else
            assert_true(node->parent < i &&
                        page.nodes[node->parent].end >= node->end);
        if (!node->tag.n)
            seen = mud_str_printf(
                arena, "%.*s%.*s|", MUD_FMT(seen), MUD_FMT(node->text));
    }
    assert_text(seen, "x & <y> ❤|z|w|");
    int64_t steps = 1000;
    uint32_t p = mud_select_first(select_of("p"), &page, 0, page.n, &steps);
    assert_int_not_equal(p, MUD_NO_NODE);
    assert_text(mud_node_attr(&page.nodes[p], "title"), "q\"&♥");
    assert_null(mud_node_attr(&page.nodes[p], "id").s);
}

static void test_page__takes_anything(void **state)
{
    static const char *const rows[] = {
        "",
        " ",
        "x",
        "<",
        "</",
        "<!",
        "<html>",
        "\"'",
        "&",
        "&#xD800;&#0;",
        "<table>x<tr>y",
        "<p><table><p></table>",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        (void)page_of(rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select__matches),
        cmocka_unit_test(test_select__refuses_what_it_does_not_know),
        cmocka_unit_test(test_select__stops_at_its_budget),
        cmocka_unit_test(test_page__is_flat_and_nested),
        cmocka_unit_test(test_page__takes_anything),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
