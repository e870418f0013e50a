#include "tests/support/mudtest.h"

#include "base/charset.h"
#include "base/conf.h"
#include "parse/input.h"
#include "parse/page.h"
#include "parse/record.h"

#include <stdio.h>

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

static struct mud_parsed parse(struct mud_str bytes, const char *url,
                               const char *type)
{
    const struct mud_page_in in = {
        .bytes = bytes,
        .url = mud_str_z(url),
        .content_type = mud_str_z(type),
        .status = 200,
    };
    struct mud_parsed parsed;
    struct mud_error err = {0};
    assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    return parsed;
}

static bool noted(const struct mud_parsed *parsed, const char *code)
{
    for (size_t i = 0; i < parsed->n_notes; i++)
        if (!strcmp(parsed->notes[i].code, code))
            return true;
    return false;
}

#define DISCUZ                                              \
    "<html><head><title>x - Powered by Discuz!</title>"     \
    "<meta name=generator content=\"Discuz! X3.5\"></head>" \
    "<body id=nv_forum class=pg_viewthread>"

static void test_parse__tells_what_came_instead_of_content(void **state)
{
    static const struct {
        const char *html;
        enum mud_page_kind kind;
        const char *note;
    } rows[] = {
        {"<html><head><meta charset=\"\"><title>页面重载开启</title></head>"
         "<body><script>reload()</script>欢迎光临本站</body></html>",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<html><title>频繁刷新限制</title><body>x</body></html>",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<title>Just a moment...</title><body>x",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<title>luntan.example - System Error</title><body>x",
         MUD_PAGE_MESSAGE,
         "message"},
        {"<title>请稍候…</title><body><noscript>x</noscript>",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<title>Making sure you&#39;re not a bot!</title><body>x",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<title>滑动验证页面</title><body>x", MUD_PAGE_CHALLENGE, "challenge"},
        {"<title>Access Queue | x</title><body>You are in a queue",
         MUD_PAGE_CHALLENGE,
         "challenge"},
        {"<title>网站防火墙</title><body>您的请求带有不合法参数",
         MUD_PAGE_MESSAGE,
         "message"},
        {"<title>THIS WEBSITE HAS BEEN SEIZED</title><body>x",
         MUD_PAGE_MESSAGE,
         "message"},
        {"<title>503 Service Temporarily Unavailable</title>",
         MUD_PAGE_MESSAGE,
         "message"},
        {DISCUZ "<div id=messagetext><p>抱歉，您需要登录后才能查看</p></div>",
         MUD_PAGE_LOGIN,
         "login-wall"},
        {DISCUZ "<div id=messagetext><p>抱歉，指定的主题不存在</p></div>",
         MUD_PAGE_MESSAGE,
         "message"},
        /* Markup that lost its posts is an error, not an empty thread. */
        {DISCUZ "<span id=thread_subject>t</span><div id=newlist></div>",
         MUD_PAGE_THREAD,
         "no-posts"},
        {"<body id=phpbb><form id=login></form>", MUD_PAGE_LOGIN, "login-wall"},
        {"<p>hello", MUD_PAGE_UNKNOWN, "unknown-engine"},
        {DISCUZ "<p>hello", MUD_PAGE_OTHER, "no-posts"},
        {"<?xml version=\"1.0\"?><rss><channel/></rss>",
         MUD_PAGE_FEED,
         "empty-feed"},
        {"{\"Variables\":{\"a\":\"<b>\"}}", MUD_PAGE_UNKNOWN, "unknown-engine"},
        {"Not found", MUD_PAGE_MESSAGE, "message"},
        {"主题不存在", MUD_PAGE_MESSAGE, "message"},
        {"two\nlines", MUD_PAGE_UNKNOWN, "no-markup"},
        {"", MUD_PAGE_UNKNOWN, "no-markup"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_parsed p = parse(mud_str_z(rows[i].html),
                                    "http://a.example/thread-1-1-1.html",
                                    "text/html; charset=utf-8");
        assert_string_equal(mud_page_kind_name(p.kind),
                            mud_page_kind_name(rows[i].kind));
        assert_int_equal(p.n_posts, 0);
        if (rows[i].note)
            assert_true(noted(&p, rows[i].note));
    }
}

#define POST(id, body)                                                  \
    "<div id=postlist><div id=post_" id "><table><tr><td class=pls>"    \
    "<div class=authi><a class=xw1 href=\"home.php?mod=space&uid=3\">n" \
    "</a></div></td><td><em id=authorposton" id ">发表于 2026-10-6 " \
    "14:29:45</em><table><tr><td id=postmessage_" id ">" body           \
    "</td></tr></table></td></tr></table></div></div>"

static void test_parse__reads_legacy_charsets_twice(void **state)
{
    static const char html[] =
        DISCUZ POST("9", "加微信&amp;#10084; datazhou &amp;#x1F600; &amp;lt;");

    static const struct {
        const char *charset, *type, *body;
    } rows[] = {
        {"gbk", "text/html; charset=gbk", "加微信❤ datazhou 😀 &lt;"},
        {"gb2312", "text/html; charset=\"GB2312\"", "加微信❤ datazhou 😀 &lt;"},
        {"gbk", "", "加微信❤ datazhou 😀 &lt;"},
        {"utf-8",
         "text/html; charset=utf-8",
         "加微信&#10084; datazhou &#x1F600; &lt;"},
        /* A header that lies yields to what the bytes are. */
        {"utf-8",
         "text/html; charset=gbk",
         "加微信&#10084; datazhou &#x1F600; &lt;"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_str bytes = mud_str_z(html);
        assert_ok(mud_charset_encode(
                      &bytes, bytes, mud_str_z(rows[i].charset), arena, &err),
                  &err);
        struct mud_parsed p =
            parse(bytes, "http://a.example/thread-1-1-1.html", rows[i].type);
        assert_int_equal(p.n_posts, 1);
        assert_text(p.posts[0].body, rows[i].body);
        assert_text(p.posts[0].author, "n");
        assert_text(p.posts[0].author_id, "3");
    }
}

static void test_parse__links_never_change_state(void **state)
{
    static const char html[] = DISCUZ POST(
        "9",
        "x") "<a href=\"forum.php?mod=viewthread&tid=1&page=2&formhash=ab\">a</a>"
             "<a href=\"forum.php?mod=viewthread&action=printable&tid=2\">b</a>"
             "<a href=\"forum.php?mod=viewthread&tid=3&goto=lastpost\">c</a>"
             "<a href=\"member.php?mod=logging&action=logout\">d</a>"
             "<a href=\"http://other.example/thread-4-1-1.html\">e</a>"
             "<a href=\"javascript:void(0)\">f</a>"
             "<a href=\"thread-5-1-1.html#pid3\">g</a>"
             "<a href=\"forum.php?mod=viewthread&tid=5&extra=page%3D1\">h</a>"
             "<a href=\"forum.php?mod=viewthread&tid=5&ordertype=1&sid=Xy\">i</a>";
    (void)state;
    struct mud_parsed p =
        parse(mud_str_z(html), "http://a.example/bbs/thread-9-1-1.html", "");
    assert_int_equal(p.n_links, 1);
    assert_text(p.links[0].url, "http://a.example/bbs/thread-5-1-1.html");
    assert_text(p.links[0].key, "thread/5/1");
    assert_int_equal(p.links[0].kind, MUD_PAGE_THREAD);
}

static void test_parse__a_forced_engine_is_taken(void **state)
{
    struct mud_page_in in = {
        .bytes = MUD_STR("<div class=post id=p7><div class=content>hi"),
        .url = MUD_STR("http://b.example/viewtopic.php?t=1"),
        .engine = MUD_STR("phpbb"),
    };
    struct mud_parsed p;
    struct mud_error err = {0};
    (void)state;
    assert_ok(mud_parse_page(&p, &in, arena, &err), &err);
    assert_int_equal(p.n_posts, 1);
    assert_text(p.posts[0].body, "hi");
    in.engine = MUD_STR("nosuch");
    assert_ok(mud_parse_page(&p, &in, arena, &err), &err);
    assert_true(noted(&p, "unknown-engine"));
}

static void test_parse__cuts_what_is_too_large(void **state)
{
    struct mud_buf big = {0};
    (void)state;
    mud_buf_z(&big, DISCUZ POST("9", "first"));
    while (big.n <= MUD_PAGE_BYTES_MAX)
        mud_buf_z(&big, "<p>一行又一行一行又一行一行又一行一行又一行</p>");
    struct mud_parsed p =
        parse(mud_buf_view(&big), "http://a.example/", "text/html");
    assert_int_equal(p.n_posts, 1);
    assert_true(noted(&p, "truncated"));
    mud_buf_free(&big);
}

/* ---- the shared captures, where they are at hand ---- */

static bool to_file(struct mud_str line, void *payload, struct mud_error *err)
{
    (void)err;
    return fwrite(line.s, 1, line.n, payload) == line.n;
}

static double share(struct mud_str report, const char *what)
{
    struct mud_str key = mud_str_printf(arena, "\"%s\": {\"ok\": ", what);
    size_t at = mud_str_find(report, key);
    unsigned ok = 0, of = 0;
    assert_int_not_equal(at, MUD_NPOS);
    struct mud_str tail = mud_str_sub(report, at + key.n, report.n);
    /* NOLINTNEXTLINE(cert-err34-c) */
    assert_int_equal(sscanf(tail.s, "%u, \"of\": %u", &ok, &of), 2);
    assert_true(of > 0);
    return (double)ok / of;
}

/* seconds: the engine shows them. */
static void score(const char *folder, bool seconds)
{
    struct mud_error err = {0};
    const char *shared = mudtest_shared();
    const char *to = mudtest_text("%s/posts.ndjson", mudtest_dir());
    FILE *f = fopen(to, "w");
    struct mud_parse_sink sink = {.line = to_file, .payload = f};
    const struct mud_parse_options options = {0};
    struct mud_parser *parser = mud_parser_new();
    assert_non_null(f);
    assert_ok(mud_parse_path(mudtest_text("%s/data/forums/%s", shared, folder),
                             &options,
                             parser,
                             &sink,
                             &err),
              &err);
    assert_int_equal(fclose(f), 0);
    mud_parser_free(parser);
    struct mudtest_run run = mudtest_sh(
        "python3 %s/tools/score_posts.py %s/data/forums/%s.truth.json %s "
        "--json",
        shared,
        shared,
        folder,
        to);
    assert_int_equal(run.code, 0);
    struct mud_str out = mud_str_dup(run.out, arena);
    out = mud_str_printf(arena, "%.*s", MUD_FMT(out));
    assert_true(share(out, "found") >= 1.0);
    assert_true(share(out, "author") >= 0.99);
    assert_true(share(out, "time") >= 1.0);
    assert_true(!seconds || share(out, "exact") >= 0.99);
    assert_true(share(out, "body") >= 0.99);
    assert_true(share(out, "quote") >= 0.99);
    assert_true(share(out, "sig") >= 0.99);
    assert_has(out, "\"extra\": 0");
}

static void test_parse__reaches_the_bars_on_real_pages(void **state)
{
    (void)state;
    if (!mudtest_shared())
        skip();
    score("discuz-x35", true);
    score("discuz-x34-gbk", true);
    score("phpbb-33", true);
    score("mybb-18", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse__tells_what_came_instead_of_content),
        cmocka_unit_test(test_parse__reads_legacy_charsets_twice),
        cmocka_unit_test(test_parse__links_never_change_state),
        cmocka_unit_test(test_parse__a_forced_engine_is_taken),
        cmocka_unit_test(test_parse__cuts_what_is_too_large),
        cmocka_unit_test(test_parse__reaches_the_bars_on_real_pages),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
