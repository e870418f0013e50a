#include "tests/support/mudtest.h"

#include "parse/feed.h"
#include "parse/parse.h"

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

static struct mud_feed scan(const char *xml)
{
    struct mud_feed feed;
    mud_feed_scan(&feed, mud_str_z(xml), arena);
    return feed;
}

static void test_feed__reads_the_fields_of_an_item(void **state)
{
    static const struct {
        const char *item, *title, *link, *author, *body;
    } rows[] = {
        {"<title>a &amp; b</title><link>http://a.example/1</link>"
         "<author>x</author><description>d</description>",
         "a & b",
         "http://a.example/1",
         "x",
         "d"},
        /* The full text wins over the summary, wherever it stands. */
        {"<content:encoded><![CDATA[full]]></content:encoded>"
         "<description>short</description>",
         "",
         "",
         "",
         "full"},
        {"<description>short</description>"
         "<content:encoded><![CDATA[full]]></content:encoded>",
         "",
         "",
         "",
         "full"},
        {"<author><name>n</name><email>e@mail.invalid</email></author>",
         "",
         "",
         "n",
         ""},
        /* RSS has no names in author. */
        {"<author>no@mail.invalid (n n)</author>", "", "", "n n", ""},
        {"<dc:creator>@n_1 Mr. N</dc:creator>", "", "", "n_1", ""},
        {"<author>n (not so) m</author>", "", "", "n (not so) m", ""},
        {"<author>x@mail.invalid (y)</author><dc:creator>z</dc:creator>",
         "",
         "",
         "z",
         ""},
        {"<link rel=\"self\" href=\"http://a.example/s\"/>"
         "<link rel='alternate' href='http://a.example/?a=1&amp;b=2'/>",
         "",
         "http://a.example/?a=1&b=2",
         "",
         ""},
        {"<title a=\"x>y\">t</title>", "t", "", "", ""},
        {"<content type=\"xhtml\"><div>a <b>b</b></div></content>",
         "",
         "",
         "",
         "<div>a <b>b</b></div>"},
        {"<!-- <title>no</title> --><title>yes<!-- x --></title>",
         "yes",
         "",
         "",
         ""},
        {"<media:title>other</media:title><title/>", "", "", "", ""},
        {"<title>&lol;</title>", "&lol;", "", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_feed feed = scan(mudtest_text(
            "<rss><channel><item>%s</item></channel></rss>", rows[i].item));
        assert_int_equal(feed.n, 1);
        assert_text(feed.items[0].title, rows[i].title);
        assert_text(feed.items[0].link, rows[i].link);
        assert_text(feed.items[0].author, rows[i].author);
        assert_text(feed.items[0].body, rows[i].body);
        assert_false(feed.damaged);
    }
}

static void test_feed__document_types_mean_nothing(void **state)
{
    (void)state;
    struct mud_feed feed =
        scan("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">"
             "<!ENTITY b \"&a;&a;&a;\">]><rss><channel><title>&b;</title>"
             "<item><title>&a;</title></item></channel></rss>");
    assert_int_equal(feed.n, 1);
    assert_text(feed.title, "&b;");
    assert_text(feed.items[0].title, "&a;");
}

static void test_feed__broken_ones_keep_what_is_whole(void **state)
{
    static const struct {
        const char *xml;
        size_t n;
        bool damaged;
    } rows[] = {
        {"", 0, false},
        {"<rss>", 0, false},
        {"<rss><item><title>a</title></item><item><title>b", 1, true},
        {"<rss><item><title>a</item><item></item>", 2, false},
        {"<rss><item><title><![CDATA[a</title></item>", 0, true},
        {"<rss><item a=\"></item>", 0, true},
        {"<!DOCTYPE x [<item></item>", 0, false},
        {"</item></item><item></item>", 1, false},
        {"<item/>", 1, false},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_feed feed = scan(rows[i].xml);
        assert_int_equal(feed.n, rows[i].n);
        assert_int_equal(feed.damaged, rows[i].damaged);
    }
}

static bool noted(const struct mud_parsed *parsed, const char *code)
{
    for (size_t i = 0; i < parsed->n_notes; i++)
        if (strcmp(parsed->notes[i].code, code) == 0)
            return true;
    return false;
}

static void test_feed__has_limits(void **state)
{
    struct mud_buf xml = {0};
    struct mud_parsed parsed;
    struct mud_error err = {0};
    (void)state;
    mud_buf_z(&xml, "<?xml version=\"1.0\"?><rss><channel>");
    for (int i = 0; i < 700; i++)
        mud_buf_printf(&xml,
                       "<item><link>http://a.example/thread-%d-1-1.html</link>"
                       "<description>&lt;b&gt;x&lt;/b&gt;</description></item>",
                       i + 1);
    struct mud_page_in in = {.bytes = mud_buf_view(&xml),
                             .url = MUD_STR("http://a.example/rss"),
                             .status = 200};
    assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    assert_int_equal(parsed.kind, MUD_PAGE_FEED);
    assert_text(parsed.engine, "discuz");
    assert_int_equal(parsed.n_posts, MUD_FEED_ITEMS);
    assert_true(noted(&parsed, "too-many-posts"));
    assert_text(parsed.posts[499].thread, "500");
    assert_text(parsed.posts[499].body, "x");
    mud_buf_free(&xml);
}

/* Marks that look far ahead, again and again: the cost stays linear. */
static void test_feed__repeated_marks_are_cheap(void **state)
{
    static const char *const parts[] = {
        "<!>", "<![CDATA[", "<!--", "<a \"", "<item>", "<?", "]]>", "<x a=b=c"};
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(parts); i++) {
        struct mud_buf xml = {0};
        struct mud_feed feed;
        while (xml.n < (1 << 20))
            mud_buf_z(&xml, parts[i]);
        mud_feed_scan(&feed, mud_buf_view(&xml), arena);
        assert_true(feed.n <= MUD_FEED_ITEMS);
        mud_buf_free(&xml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_feed__reads_the_fields_of_an_item),
        cmocka_unit_test(test_feed__document_types_mean_nothing),
        cmocka_unit_test(test_feed__broken_ones_keep_what_is_whole),
        cmocka_unit_test(test_feed__has_limits),
        cmocka_unit_test(test_feed__repeated_marks_are_cheap),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
