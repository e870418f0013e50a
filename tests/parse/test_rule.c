#include "tests/support/mudtest.h"

#include "parse/engine.h"

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

/* What the first rule that fits makes of url: "kind address", or "none". */
static struct mud_str canonical(const char *engine, const char *text)
{
    static const char *const kinds[] = {
        "board", "thread", "post", "profile", "index"};
    const struct mud_engine *e = mud_engine_find(mud_str_z(engine));
    struct mud_error err = {0};
    struct mud_url url;
    assert_non_null(e);
    assert_ok(mud_url_parse(&url, mud_str_z(text), arena, &err), &err);
    for (size_t i = 0; i < e->n_rules; i++) {
        struct mud_rule_hit hit;
        if (!mud_rule_match(&e->rules[i], &url, &hit))
            continue;
        struct mud_str to =
            mud_rule_write(hit.rule, &hit, mud_url_origin(&url), arena);
        return mud_str_printf(
            arena, "%s %.*s", kinds[hit.rule->kind], MUD_FMT(to));
    }
    return MUD_STR("none");
}

static void test_rule__one_form_for_each_page(void **state)
{
    static const struct {
        const char *engine, *url, *want;
    } rows[] = {
        {"xenforo",
         "https://a.example/b/threads/a.b-c.12/page-3#post-4",
         "thread https://a.example/b/threads/a.b-c.12/page-3"},
        {"xenforo",
         "https://a.example/threads/%E6%B1%82.12/?x=1",
         "thread https://a.example/threads/%E6%B1%82.12/"},
        {"xenforo",
         "https://a.example/threads/12/",
         "thread https://a.example/threads/12/"},
        {"xenforo",
         "https://a.example/b/index.php?threads/a.12/page-2&order=x",
         "thread https://a.example/b/index.php?threads/a.12/page-2"},
        {"xenforo",
         "https://a.example/threads/a.12/post-34",
         "post https://a.example/threads/a.12/post-34"},
        {"xenforo",
         "https://a.example/goto/post?id=34",
         "post https://a.example/goto/post?id=34"},
        {"xenforo", "https://a.example/threads/a.12/unread", "none"},
        {"discourse",
         "https://a.example/f/c/up/down/7?page=2&order=x",
         "board https://a.example/f/c/up/down/7?page=2"},
        {"discourse",
         "https://a.example/c/up/7",
         "board https://a.example/c/up/7"},
        {"discourse",
         "https://a.example/t/some-topic/12/4?u=x",
         "post https://a.example/t/some-topic/12/4"},
        {"vbulletin5",
         "https://a.example/forum/x/trade/12-a-b/page2?view=thread",
         "thread https://a.example/forum/x/trade/12-a-b/page2"},
        {"vbulletin5",
         "https://a.example/member/21-sam",
         "profile https://a.example/member/21-sam"},
        {"invision",
         "https://a.example/topic/12-a-1/?sortby=date&page=2",
         "thread https://a.example/topic/12-a-1/?page=2"},
        {"invision",
         "https://a.example/index.php?/forum/4-a/page/3/",
         "board https://a.example/index.php?/forum/4-a/page/3/"},
        {"nodebb",
         "https://a.example/b/topic/12/%E6%B1%82?lang=de&page=2",
         "thread https://a.example/b/topic/12/%E6%B1%82?page=2"},
        {"nodebb", "https://a.example/topic/12/x/5", "none"},
        {"xenforo", "https://a.example/threads/.12/", "none"},
        {"xenforo", "https://a.example/threads/a12/", "none"},
        {"discuz",
         "http://a.example/bbs/forum.php?mod=viewthread&tid=7&extra=page%3D1",
         "thread http://a.example/bbs/forum.php?mod=viewthread&tid=7"},
        {"discuz",
         "http://a.example/forum.php?page=1&tid=7&mod=viewthread&mobile=2",
         "thread http://a.example/forum.php?mod=viewthread&tid=7"},
        {"discuz",
         "http://a.example/forum.php?tid=007&mod=viewthread&page=03&sid=x",
         "thread http://a.example/forum.php?mod=viewthread&tid=7&page=3"},
        {"discuz",
         "http://a.example/thread-7-1-9.html",
         "thread http://a.example/thread-7-1-1.html"},
        {"discuz",
         "http://a.example/thread-7-2-1.html?x=1",
         "thread http://a.example/thread-7-2-1.html"},
        {"discuz",
         "http://a.example/forum-36-1.html",
         "board http://a.example/forum-36-1.html"},
        {"discuz",
         "http://a.example/"
         "forum.php?mod=redirect&goto=findpost&ptid=7&pid=9#pid9",
         "post http://a.example/"
         "forum.php?mod=redirect&goto=findpost&ptid=7&pid=9"},
        {"discuz",
         "http://a.example/space-uid-5.html",
         "profile http://a.example/space-uid-5.html"},
        {"discuz", "http://a.example/thread-x-1-1.html", "none"},
        {"discuz", "http://a.example/thread-7-1-1.htm", "none"},
        {"discuz",
         "http://a.example/forum.php?mod=viewthread",
         "index "
         "http://a.example/forum.php"},
        {"phpbb",
         "http://b.example/viewtopic.php?f=3&t=7&sid=0123456789abcdef",
         "thread http://b.example/viewtopic.php?t=7"},
        {"phpbb",
         "http://b.example/viewtopic.php?t=7&start=0",
         "thread http://b.example/viewtopic.php?t=7"},
        {"phpbb",
         "http://b.example/viewtopic.php?start=20&t=7&sd=a",
         "thread http://b.example/viewtopic.php?t=7&start=20"},
        {"phpbb",
         "http://b.example/viewtopic.php?p=420#p420",
         "post http://b.example/viewtopic.php?p=420"},
        {"phpbb",
         "http://b.example/viewtopic.php?t=9999999999999999999999",
         "none"},
        {"phpbb", "http://b.example/viewtopic.php?t=", "none"},
        {"discuz", "http://a.example/archiver/?tid-7.html", "none"},
        {"smf",
         "http://c.example/index.php?PHPSESSID=0a1b;topic=12.15;sort=x",
         "thread http://c.example/index.php?topic=12.15"},
        {"smf",
         "http://c.example/index.php?topic=12.msg101#msg101",
         "post http://c.example/index.php?topic=12.msg101"},
        {"smf",
         "http://c.example/index.php?action=profile;u=7",
         "profile http://c.example/index.php?action=profile&u=7"},
        {"xiuno",
         "http://d.example/?thread-12-2.htm",
         "thread http://d.example/?thread-12-2.htm"},
        {"xiuno",
         "http://d.example/bbs/thread-12.htm?sort=1",
         "thread http://d.example/bbs/thread-12.htm"},
        {"xiuno", "http://d.example/?x=1&thread-12.htm", "none"},
        {"tieba",
         "http://e.example/p/5001?see_lz=1&pn=3",
         "thread http://e.example/p/5001?pn=3"},
        {"phpwind",
         "http://f.example/read.php?tid-12-page-2.html",
         "thread http://f.example/read.php?tid-12-page-2.html"},
        {"fluxbb",
         "http://g.example/viewtopic.php?id=12&p=1",
         "thread http://g.example/viewtopic.php?id=12"},
        {"mybb",
         "http://b.example/showthread.php?page=2&tid=23&highlight=x",
         "thread http://b.example/showthread.php?tid=23&page=2"},
        {"mybb",
         "http://b.example/thread-23-page-2.html",
         "thread http://b.example/thread-23-page-2.html"},
        {"mybb",
         "http://b.example/"
         "forumdisplay.php?fid=4&datecut=9999&sortby=subject&order=asc",
         "board http://b.example/forumdisplay.php?fid=4"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(canonical(rows[i].engine, rows[i].url), rows[i].want);
}

static void test_rule__refuses_unknown_variables(void **state)
{
    struct mud_error err = {0};
    struct mud_rule rule;
    (void)state;
    assert_fails(
        mud_rule_read(
            &rule, MUD_RULE_THREAD, MUD_STR("x.php?t={topic}"), arena, &err),
        &err,
        MUD_EINPUT,
        "x.php?t={topic}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rule__one_form_for_each_page),
        cmocka_unit_test(test_rule__refuses_unknown_variables),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
