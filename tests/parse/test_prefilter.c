#include "tests/support/mudtest.h"

#include "parse/prefilter.h"

static struct mud_arena *arena;
static struct mud_prefilter_report report;

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

static size_t number(const struct mud_buf *buf, size_t *at)
{
    size_t n = 0;
    while (*at < buf->n && buf->s[*at] >= '0' && buf->s[*at] <= '9')
        n = n * 10 + (size_t)(buf->s[(*at)++] - '0');
    return n;
}

/* What the prefilter hands over, with texts and attributes in their places. */
static struct mud_buf filter(struct mud_str html)
{
    struct mud_buf out = {0};
    struct mud_prefiltered p;
    mud_prefilter(&p, html, arena);
    report = p.report;
    for (size_t at = 0; at < p.html.n;) {
        struct mud_str rest = mud_str_sub(mud_buf_view(&p.html), at, p.html.n);
        if (mud_str_starts(rest, MUD_STR(" class=\""))) {
            at += 8;
            const struct mud_tag *tag = &p.tags[number(&p.html, &at)];
            for (uint32_t i = 0; i < tag->n; i++)
                mud_buf_printf(&out,
                               " %.*s=\"%.*s\"",
                               MUD_FMT(tag->attrs[i].name),
                               MUD_FMT(tag->attrs[i].value));
            at++;
        } else if (rest.s[0] == 'x') {
            at++;
            mud_buf_str(&out, p.texts[number(&p.html, &at)]);
        } else {
            mud_buf_c(&out, rest.s[0]);
            at++;
        }
    }
    mud_buf_free(&p.html);
    return out;
}

static void test_prefilter__drops_closes_and_quotes(void **state)
{
    static const struct {
        const char *html, *want;
    } rows[] = {
        {"a<b>b</b>c", "abc"},
        {"<b class=x>b</b>", "<b class=\"x\">b</b>"},
        {"<font id=y>b</font>", "<span id=\"y\">b</span>"},
        {"<i class=e><i>a</i>b</i>c", "<i class=\"e\">ab</i>c"},
        {"<div>a", "<div>a</div>"},
        {"<p>a<p>b", "<p>a</p><p>b</p>"},
        {"<p>a<div>b</div>", "<p>a</p><div>b</div>"},
        {"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
        {"<tr><td>a<td>b<tr><td>c",
         "<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>"},
        {"<table><tr><td></div>x</table>y",
         "<table><tr><td>x</td></tr></table>y"},
        {"<a href=1>x<a href=2>y", "<a href=\"1\">x</a><a href=\"2\">y</a>"},
        {"<a href=1><div>x</div></a>", "<a href=\"1\"><div>x</div></a>"},
        {"<script>if (a<b) '</div>'</script>c", "c"},
        {"<style>a</style ><svg><path d=1/></svg>b", "b"},
        {"<script>never closed <b>x", "never closed x"},
        {"a<!-- <div> -->b<!-->c<!doctype html>d<?php x?>e", "abcde"},
        {"a<!-- never closed <div>b", "ab"},
        {"流量 & 分成 <诚信> 1 < 2", "流量 & 分成 <诚信> 1 < 2"},
        {"&lt;b&gt; &copy=1 &#10084; &nbsp;|&nosuch; &amp;amp;",
         "<b> &copy=1 ❤ \u00a0|&nosuch; &amp;"},
        {"<a title='&copy=2 &quot;&hearts;&#x41;'>x</a>",
         "<a title=\"&copy=2 \"♥A\">x</a>"},
        {"&#128;&#0;&#xD800;&#x110000;&#;&#x;", "€\uFFFD\uFFFD\uFFFD&#;&#x;"},
        {"<pre> \n </pre> \n ", "<pre> \n </pre> "},
        {"a<script>b</script> <b> c", "a  c"},
        {"<a href='?a=1&copy=2&lang=zh'>x</a>",
         "<a href=\"?a=1&copy=2&lang=zh\">x</a>"},
        {"<a onclick=\"x('>')\" href=y>z</a>", "<a href=\"y\">z</a>"},
        {"<span style='color:red'>a</span>", "<span>a</span>"},
        {"<span style='DISPLAY : none; x'>a</span>",
         "<span style=\"display:none\">a</span>"},
        {"<ignore_js_op><p>a</ignore_js_op>", "<p>a</p>"},
        {"<DIV CLASS=Up>a</DIV>", "<div class=\"Up\">a</div>"},
        {"<title>a <b> & c</title>", "<title>a <b> & c</title>"},
        {"<html><body id=x><body id=y>a</body>b</html>",
         "<html><body id=\"x\">ab"},
        {"</div></p>a", "a"},
        {"<div", "<div></div>"},
        {"<", "<"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_buf out = filter(mud_str_z(rows[i].html));
        assert_text(mud_buf_view(&out), rows[i].want);
        mud_buf_free(&out);
    }
}

static struct mud_str repeat(const char *text, size_t times)
{
    static struct mud_buf buf;
    mud_buf_free(&buf);
    buf = (struct mud_buf){0};
    for (size_t i = 0; i < times; i++)
        mud_buf_z(&buf, text);
    return mud_buf_view(&buf);
}

static size_t deepest(struct mud_str html)
{
    size_t depth = 0, most = 0;
    for (size_t i = 0; i + 1 < html.n; i++) {
        if (html.s[i] != '<')
            continue;
        if (html.s[i + 1] == '/')
            depth--;
        else if (++depth > most)
            most = depth;
    }
    assert_int_equal(depth, 0);
    return most;
}

static void test_prefilter__caps_depth_and_closes_all(void **state)
{
    static const char *const parts[] = {
        "<div>",
        "<dl><dd>",
        "<table><tr><td>",
        "<b class=x>",
        "<em><strong>",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(parts); i++) {
        struct mud_buf out = filter(repeat(parts[i], 3000));
        assert_true(deepest(mud_buf_view(&out)) <= MUD_PREFILTER_DEPTH);
        assert_true(report.deep > 0);
        assert_true(report.deep_at > 0);
        mud_buf_free(&out);
    }
}

static void test_prefilter__caps_the_number_of_tags(void **state)
{
    (void)state;
    struct mud_buf out = filter(repeat("<br>", MUD_PREFILTER_TAGS + 7));
    assert_int_equal(report.tags, MUD_PREFILTER_TAGS);
    assert_int_equal(report.many, 7);
    mud_buf_free(&out);
}

static void test_prefilter__caps_attributes(void **state)
{
    (void)state;
    struct mud_buf page = {0};
    mud_buf_z(&page, "<div");
    for (int i = 0; i < 500; i++)
        mud_buf_printf(&page, " data-%d=v", i);
    mud_buf_z(&page, " class='");
    mud_buf_str(&page, repeat("x", 3 * MUD_PREFILTER_VALUE));
    mud_buf_z(&page, "'>");
    struct mud_buf out = filter(mud_buf_view(&page));
    size_t n = 0;
    for (size_t i = 0; i < out.n; i++)
        n += out.s[i] == '=';
    assert_int_equal(n, MUD_PREFILTER_ATTRS);
    mud_buf_free(&out);
    page.n = 0;
    mud_buf_z(&page, "<div title='");
    mud_buf_str(&page, repeat("x", 3 * MUD_PREFILTER_VALUE));
    mud_buf_z(&page, "'>");
    out = filter(mud_buf_view(&page));
    assert_true(out.n < MUD_PREFILTER_VALUE + 64);
    mud_buf_free(&out);
    mud_buf_free(&page);
    (void)repeat("", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefilter__drops_closes_and_quotes),
        cmocka_unit_test(test_prefilter__caps_depth_and_closes_all),
        cmocka_unit_test(test_prefilter__caps_the_number_of_tags),
        cmocka_unit_test(test_prefilter__caps_attributes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
