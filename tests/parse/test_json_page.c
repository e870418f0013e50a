#include "tests/support/mudtest.h"

#include "base/conf.h"
#include "parse/json_page.h"
#include "parse/parse.h"
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

static const struct mud_str html[] = {{"cooked", 6}, {"parts", 5}};

static struct mud_page page_of(struct mud_str json, const char *fault)
{
    struct mud_page page;
    struct mud_json_fault found;
    struct mud_error err = {0};
    assert_ok(mud_json_page_read(&page, &found, json, html, 2, arena, &err),
              &err);
    assert_text(mud_str_z(found.code), fault);
    return page;
}

/* The tree in one line: <m class=a x=1>text</m>. */
static const char *drawn(const struct mud_page *page)
{
    struct mud_buf out = {0};
    uint32_t open[80];
    size_t depth = 0;
    for (uint32_t i = 0; i <= page->n; i++) {
        while (depth &&
               (i == page->n || page->nodes[open[depth - 1]].end <= i)) {
            struct mud_str tag = page->nodes[open[--depth]].tag;
            mud_buf_printf(&out, "</%.*s>", MUD_FMT(tag));
        }
        if (i == page->n)
            break;
        const struct mud_node *node = &page->nodes[i];
        assert_true((depth == 0) == (i == 0));
        assert_true(node->parent == (depth ? open[depth - 1] : MUD_NO_NODE));
        if (!node->tag.n) {
            mud_buf_str(&out, node->text);
            continue;
        }
        mud_buf_printf(&out, "<%.*s", MUD_FMT(node->tag));
        for (uint32_t a = 0; a < node->n_attrs; a++)
            mud_buf_printf(&out,
                           " %.*s=%.*s",
                           MUD_FMT(node->attrs[a].name),
                           MUD_FMT(node->attrs[a].value));
        mud_buf_c(&out, '>');
        open[depth++] = i;
    }
    const char *text = mud_str_cstr(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return text;
}

static void test_json_page__members_and_elements_are_nodes(void **state)
{
    static const struct {
        const char *json, *tree;
    } rows[] = {
        {"{}", "<json></json>"},
        {" [1, true] ", "<json><e>1</e><e>true</e></json>"},
        {"\"x\"", "<json>x</json>"},
        {"{\"a\":{\"x\":1,\"y\":null,\"z\":[]}}",
         "<json><m class=a x=1><m class=x>1</m><m class=y></m>"
         "<m class=z></m></m></json>"},
        {"{\"p\":[{\"id\":7},{\"id\":-1.5e3}]}",
         "<json><m class=p><e id=7><m class=id>7</m></e>"
         "<e id=-1.5e3><m class=id>-1.5e3</m></e></m></json>"},
        {"[[1],[]]", "<json><e><e>1</e></e><e></e></json>"},
        /* Line ends; the same text stands in the attribute. */
        {"[{\"t\":\"a\\n\\nb\"}]",
         "<json><e t=a\n\nb><m class=t>a<br></br><br></br>b</m></e></json>"},
        /* Strings of HTML, also in arrays of that name. */
        {"{\"cooked\":\"<p>a &amp; <b>b</b></p>\"}",
         "<json cooked=<p>a &amp; <b>b</b></p>>"
         "<m class=cooked><p>a & b</p></m></json>"},
        {"{\"parts\":[\"x<br>y\",3]}",
         "<json><m class=parts><e>x<br></br>y</e><e>3</e></m></json>"},
        {"{\"other\":\"<p>a\"}",
         "<json other=<p>a><m class=other><p>a</m></json>"},
        /* No post can pass for a member. */
        {"{\"cooked\":\"<m class=cooked>a</m><e id=1>b</e>\"}",
         "<json cooked=<m class=cooked>a</m><e id=1>b</e>>"
         "<m class=cooked>ab</m></json>"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_page page = page_of(mud_str_z(rows[i].json), "");
        assert_string_equal(drawn(&page), rows[i].tree);
    }
}

static void test_json_page__escapes_become_characters(void **state)
{
    static const struct {
        const char *json, *text;
    } rows[] = {
        {"[\"\\u4e2d\\u6587\"]", "中文"},
        {"[\"\\ud83d\\ude00!\"]", "\xf0\x9f\x98\x80!"},
        {"[\"\\ud83d\"]", "\xef\xbf\xbd"},
        {"[\"\\ude00\"]", "\xef\xbf\xbd"},
        {"[\"\\ud83dx\"]", "\xef\xbf\xbdx"},
        {"[\"\\u00\"]",
         "\xef\xbf\xbd"
         "00"},
        {"[\"\\u0000\"]", "\xef\xbf\xbd"},
        {"[\"\\\"\\\\\\/\\t\"]", "\"\\/\t"},
        {"[\"\\x41\"]", "x41"},
        {"[\"\\u\\u\\u\\u\\u\\u\\u\\u\"]",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_page page = page_of(mud_str_z(rows[i].json), "");
        assert_string_equal(
            drawn(&page), mudtest_text("<json><e>%s</e></json>", rows[i].text));
    }
}

static void test_json_page__a_break_keeps_what_stands_before_it(void **state)
{
    static const struct {
        const char *json, *fault, *tree;
    } rows[] = {
        {"{\"a\":1", "truncated", "<json a=1><m class=a>1</m></json>"},
        {"{\"a\":\"xy", "truncated", "<json a=xy><m class=a>xy</m></json>"},
        {"{\"a\":[1,", "truncated", "<json><m class=a><e>1</e></m></json>"},
        {"{\"a\"", "truncated", "<json></json>"},
        {"{\"a\":1,b:2}", "bad-json", "<json a=1><m class=a>1</m></json>"},
        {"[1,}", "bad-json", "<json><e>1</e></json>"},
        {"[1]<br>", "bad-json", "<json><e>1</e></json>"},
        {"{\"a\":1}}", "bad-json", "<json a=1><m class=a>1</m></json>"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_page page = page_of(mud_str_z(rows[i].json), rows[i].fault);
        assert_string_equal(drawn(&page), rows[i].tree);
    }
}

static struct mud_str repeated(const char *unit, size_t times)
{
    struct mud_buf out = {0};
    for (size_t i = 0; i < times; i++)
        mud_buf_z(&out, unit);
    struct mud_str text = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return text;
}

static void test_json_page__hostile_texts_are_bounded(void **state)
{
    static const struct {
        const char *unit;
        size_t times;
        const char *fault;
    } rows[] = {
        {"[", 1000000, "too-deep"},
        {"{\"a\":", 1000000, "too-deep"},
        {"[{\"a\":[\"", 200000, "bad-json"},
        {"\\u", 1000000, "bad-json"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_page page =
            page_of(repeated(rows[i].unit, rows[i].times), rows[i].fault);
        assert_true(page.n <= MUD_PAGE_NODES_MAX);
    }
    /* Many members: as nodes all, as attributes some. */
    struct mud_str many = repeated("\"k\":1,", 400000);
    struct mud_page page =
        page_of(mud_str_printf(arena, "{%.*s\"k\":1}", MUD_FMT(many)), "");
    assert_int_equal(page.nodes[0].n_attrs, MUD_JSON_PAGE_ATTRS);
    assert_int_equal(page.n, MUD_PAGE_NODES_MAX);
    assert_true(page.cut);
    /* HTML in each: so many are read as such, the rest as text. */
    many = repeated("{\"cooked\":\"<b class=x>a</b>\"},", 6000);
    page = page_of(mud_str_printf(arena, "[%.*s{}]", MUD_FMT(many)), "");
    size_t marked = 0;
    for (uint32_t i = 0; i < page.n; i++)
        marked += mud_str_eqz(page.nodes[i].tag, "span") ||
                  mud_str_eqz(page.nodes[i].tag, "b");
    assert_int_equal(marked, MUD_JSON_PAGE_HTML);
}

static struct mud_parsed parsed(const char *json, const char *url,
                                const char *engine)
{
    struct mud_parsed out;
    struct mud_error err = {0};
    const struct mud_page_in in = {
        .bytes = mud_str_z(json),
        .url = mud_str_z(url),
        .engine = mud_str_z(engine),
        .content_type = MUD_STR("application/json"),
        .status = 200,
        .fetched_at = INT64_C(1795309800) * MUD_SECOND,
    };
    assert_ok(mud_parse_page(&out, &in, arena, &err), &err);
    return out;
}

static bool noted(const struct mud_parsed *p, const char *code)
{
    for (size_t i = 0; i < p->n_notes; i++)
        if (!strcmp(p->notes[i].code, code))
            return true;
    return false;
}

static void test_json_page__unknown_data_is_no_content(void **state)
{
    (void)state;
    struct mud_parsed p =
        parsed("{\"hello\":[1,2]}", "https://a.example/x.json", "");
    assert_int_equal(p.kind, MUD_PAGE_UNKNOWN);
    assert_true(noted(&p, "unknown-engine"));
    /* An engine without such a view does not read it as HTML. */
    p = parsed("{\"post\":[1,2]}", "https://a.example/x.json", "phpbb");
    assert_int_equal(p.kind, MUD_PAGE_UNKNOWN);
    assert_int_equal(p.n_posts, 0);
}

static void test_json_page__a_cut_answer_keeps_its_posts(void **state)
{
    (void)state;
    struct mud_parsed p = parsed(
        "{\"post_stream\":{\"posts\":[{\"post_number\":1,\"topic_id\":5,"
        "\"username\":\"ann\",\"created_at\":\"2026-10-06T06:29:45Z\","
        "\"cooked\":\"<p>two &lt; three</p>\"},{\"post_number\":2,\"user",
        "https://a.example/t/x/5.json",
        "");
    assert_text(p.engine, "discourse");
    assert_int_equal(p.kind, MUD_PAGE_THREAD);
    assert_int_equal(p.n_posts, 2);
    assert_text(p.posts[0].body, "two < three");
    assert_text(p.posts[0].thread, "5");
    assert_true(noted(&p, "truncated"));
}

static void test_json_page__finds_data_in_calls_and_browsers(void **state)
{
    static const struct {
        const char *before, *after;
    } rows[] = {
        {"", ""},
        {"\xef\xbb\xbf ", "\n"},
        {")]}',\n", ""},
        {"cb_1.x(", ");"},
        {"<html><head><meta charset=utf-8></head><body><pre style='x'>",
         "</pre><div class=json-formatter-container></div></body></html>"},
    };

    static const char json[] =
        "{\"post_stream\":{\"posts\":[{\"post_number\":1,\"topic_id\":5,"
        "\"username\":\"ann\",\"created_at\":\"2026-10-06T06:29:45Z\","
        "\"cooked\":\"a (b) c\"}]}}";

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_parsed p =
            parsed(mudtest_text("%s%s%s", rows[i].before, json, rows[i].after),
                   "https://a.example/t/x/5.json",
                   "");
        assert_int_equal(p.kind, MUD_PAGE_THREAD);
        assert_int_equal(p.n_posts, 1);
        assert_text(p.posts[0].body, "a (b) c");
    }
    /* Text with brackets and code in a page are none. */
    assert_int_equal(mud_json_find(MUD_STR("Sorry (no rights)")).n, 0);
    assert_int_equal(mud_json_find(MUD_STR("f(")).n, 0);
    assert_int_equal(mud_json_find(MUD_STR(")(")).n, 0);
    struct mud_parsed p =
        parsed("<body><p>x</p><pre>{\"a\":1}</pre>", "https://a.example/", "");
    assert_int_equal(p.n_posts, 0);
}

/* A post has one key, by whichever view it is read. */
static void test_json_page__posts_have_the_key_of_their_html(void **state)
{
    static const struct {
        const char *data, *html, *url, *data_url;
    } rows[] = {
        {"discourse/topic.json",
         "discourse/crawler.html",
         "https://talk.example/t/image-bundle-notes/12",
         "https://talk.example/t/12.json"},
        {"discuz/api-thread.json",
         "discuz/thread.html",
         "https://luntan.example/forum.php?mod=viewthread&tid=5",
         "https://luntan.example/api/mobile/index.php?version=4"
         "&module=viewthread&tid=5"},
        {"nodebb/topic-1.json",
         "nodebb/thread.html",
         "https://nb.example/topic/12/image-bundle-notes",
         "https://nb.example/api/topic/12"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str text[2];
        struct mud_error err = {0};
        const char *const files[] = {rows[i].data, rows[i].html};
        for (size_t k = 0; k < 2; k++)
            assert_ok(mud_file_read(&text[k],
                                    mudtest_text("%s/samples/parse/%s",
                                                 mudtest_source(),
                                                 files[k]),
                                    1 << 20,
                                    arena,
                                    &err),
                      &err);
        struct mud_parsed a =
            parsed(mud_str_cstr(text[0], arena), rows[i].data_url, "");
        struct mud_parsed b =
            parsed(mud_str_cstr(text[1], arena), rows[i].url, "");
        assert_true(a.n_posts >= b.n_posts && b.n_posts > 0);
        assert_true(mud_str_eq(a.site, b.site));
        for (size_t k = 0; k < b.n_posts; k++) {
            assert_true(mud_str_eq(a.posts[k].engine, b.posts[k].engine));
            assert_true(mud_str_eq(a.posts[k].thread, b.posts[k].thread));
            assert_true(mud_str_eq(a.posts[k].post, b.posts[k].post));
            assert_true(mud_str_eq(a.posts[k].author, b.posts[k].author));
            assert_true(a.posts[k].posted == b.posts[k].posted);
            assert_true(mud_str_eq(a.posts[k].url, b.posts[k].url));
            assert_int_equal(a.posts[k].state, b.posts[k].state);
            assert_int_equal(a.posts[k].position, b.posts[k].position);
        }
        assert_true(a.n_links && b.n_links);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_json_page__members_and_elements_are_nodes, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__escapes_become_characters, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__a_break_keeps_what_stands_before_it, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__hostile_texts_are_bounded, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__unknown_data_is_no_content, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__a_cut_answer_keeps_its_posts, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__finds_data_in_calls_and_browsers, begin, end),
        cmocka_unit_test_setup_teardown(
            test_json_page__posts_have_the_key_of_their_html, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
