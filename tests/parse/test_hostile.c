#include "tests/support/mudtest.h"

#include "parse/parse.h"

#include <sys/resource.h>

/*
 * Pages that cost libtidy minutes or its life, and what else is bad for a
 * parser. A second each is the rule (sanitizers make it slower,
 * and so does a build that is not optimised).
 */
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#    define SLOWER 6.0
#else
#    define SLOWER 1.0
#endif

static double cpu(void)
{
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_SELF, &used), 0);
    return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

struct row {
    const char *head, *part;
    size_t times;
};

static void check(const struct row *row, const char *url)
{
    struct mud_buf page = {0};
    struct mud_error err = {0};
    struct mud_parsed parsed;
    struct mud_arena *arena = mud_arena_new();
    mud_buf_z(&page, row->head);
    for (size_t i = 0; i < row->times; i++)
        mud_buf_z(&page, row->part);
    const struct mud_page_in in = {
        .bytes = mud_buf_view(&page),
        .url = mud_str_z(url),
        .content_type = MUD_STR("text/html; charset=utf-8"),
        .fetched_at = INT64_C(1795309800) * MUD_SECOND,
    };
    double began = cpu();
    assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    double took = cpu() - began;
    if (took > SLOWER)
        print_error("%.2f s for %zu times %s%s\n",
                    took,
                    row->times,
                    row->head,
                    row->part);
    assert_true(took <= SLOWER);
    mud_arena_free(arena);
    mud_buf_free(&page);
}

static void test_hostile__markup_costs_a_second_at_most(void **state)
{
    static const struct row rows[] = {
        {"", "<p><font>", 4000},
        {"", "<p><font class=a>", 20000},
        {"", "<div id=post_1><p><font><b>x", 20000},
        {"", "<b>", 50000},
        {"", "<b class=x>", 50000},
        {"", "<font class=a><b class=x><i class=y>", 20000},
        {"", "<div>", 50000},
        {"", "<dl><dd>", 50000},
        {"", "<ul><li>", 50000},
        {"", "<table><tr><td>", 50000},
        {"", "<table><span>", 30000},
        {"<table>", "x<tr>", 60000},
        {"<table><tr>", "<td>x</td>", 60000},
        {"", "<a href=x>", 100000},
        {"", "<em></strong><strong></em>", 50000},
        {"", "<select><option>", 60000},
        {"", "<form>", 60000},
        {"", "<h1>", 60000},
        {"", "<base href=x>", 100000},
        {"", "<title>x</title>", 100000},
        {"", "<meta name=a content=b>", 60000},
        {"", "<br>", 500000},
        {"", "<li>x", 100000},
        {"", "<!--", 500000},
        {"", "<script>", 200000},
        {"", "<a href=\"", 200000},
        {"<div ", "data-a=1 ", 200000},
        {"", "<", 4000000},
        {"<p>", "&", 4000000},
        {"<p>", "&lt;", 1000000},
        {"<p>", "&#x1f600;", 500000},
        {"<p>", "a", 8000000},
        {"", "<p>a &amp; b", 400000},
        {"<p>", "\xff", 4000000},
        {"<pre>", "\n", 4000000},
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        check(&rows[i], "http://a.example/");
}

#define DISCUZ                                       \
    "<meta name=generator content=\"Discuz! X3.5\">" \
    "<body id=nv_forum class=pg_viewthread><div id=postlist>"

static void test_hostile__what_looks_like_a_forum_does_too(void **state)
{
    static const struct row rows[] = {
        {DISCUZ, "<div id=post_1><div class=authi><a class=xw1>", 30000},
        {DISCUZ, "<div id=post_1><td id=postmessage_1>x</td></div>", 60000},
        {DISCUZ "<div id=post_1><td id=postmessage_1>",
         "<div class=quote><blockquote>a 发表于 b<br>",
         30000},
        {DISCUZ "<div id=post_1><td id=postmessage_1>",
         "<div class=quote>a</div>",
         60000},
        {DISCUZ "<div id=post_1><td id=postmessage_1>",
         "<a href=thread-1-1-1.html>x</a>",
         60000},
        {DISCUZ "<div id=post_1>", "<div class=locked>屏</div>", 60000},
        {DISCUZ "<div id=post_1>", "<div class=locked>", 60000},
        {DISCUZ, "<a href=forum.php?mod=viewthread&tid=1&page=2>2</a>", 60000},
        {DISCUZ, "<div class=pg><strong>x</strong></div>", 60000},
        {DISCUZ, "<em id=authorposton1>1 x 30 = 30 1 x 30 = 30 </em>", 60000},
        {DISCUZ "<div id=post_1><td id=postmessage_1>",
         "<img smilieid=1 alt=x>",
         100000},
        {"<body id=phpbb>",
         "<div class=post id=p1><div class=content>x",
         50000},
        {"<body id=phpbb class=section-viewforum><ul class=topics>",
         "<li class=row><a class=topictitle href=viewtopic.php?t=1>x</a>",
         50000},
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        check(&rows[i], "http://a.example/thread-1-1-1.html");
}

#define STREAM "{\"post_stream\":{\"posts\":["

static void test_hostile__data_does_too(void **state)
{
    static const struct row rows[] = {
        {"", "[", 4000000},
        {"", "{\"a\":", 1000000},
        {"[", "\"\\u", 1000000},
        {"[\"", "\\ud83d", 1000000},
        {"{", "\"post_stream\":1,", 400000},
        {STREAM, "{\"post_number\":1,\"topic_id\":1,", 200000},
        {STREAM,
         "{\"post_number\":1,\"topic_id\":1,\"cooked\":\"<b>x<p>&lt;\"},",
         60000},
        {STREAM "{\"post_number\":1,\"topic_id\":1,\"cooked\":\"",
         "<aside class=quote><blockquote>",
         60000},
        {STREAM,
         "{\"post_number\":1,\"topic_id\":1,\"actions_summary\":["
         "{\"id\":2,\"count\":1}]},",
         60000},
        /* Each row asks for a name that no list holds. */
        {"{\"topic_list\":{\"topics\":[",
         "{\"id\":1,\"posters\":[{\"description\":\"Original Poster\","
         "\"user_id\":2}]},",
         60000},
        {"{\"Code\":0,\"Data\":{\"pageData\":[",
         "{\"id\":1,\"isComment\":false,\"lastThreeComments\":[",
         60000},
        {"[", "{\"pid\":1,\"tid\":2,\"content\":\"<blockquote>\"},", 60000},
        {"{\"Variables\":{\"cookiepre\":\"x\",\"postlist\":[",
         "{\"pid\":\"1\",\"message\":\"<div class=reply_wrap>a 发表于 b<br>\"},",
         60000},
        {"<body><pre>[", "{&quot;a&quot;:[", 200000},
        {"f(", "[", 1000000},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        check(&rows[i], "http://a.example/t/1.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile__markup_costs_a_second_at_most),
        cmocka_unit_test(test_hostile__what_looks_like_a_forum_does_too),
        cmocka_unit_test(test_hostile__data_does_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
