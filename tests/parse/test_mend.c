/*
 * Boards in a style of their own: the engine is known by its marks, but its
 * description misses posts or fields; and marks that others have too.
 */
#include "tests/support/mudtest.h"

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

static struct mud_parsed parse(const char *html, const char *url)
{
    const struct mud_page_in in = {.bytes = mud_str_z(html),
                                   .url = mud_str_z(url),
                                   .status = 200,
                                   .fetched_at =
                                       INT64_C(1795309800) * MUD_SECOND};
    struct mud_parsed parsed;
    struct mud_error err = {0};
    assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    return parsed;
}

static const struct mud_note *noted(const struct mud_parsed *parsed,
                                    const char *code)
{
    for (size_t i = 0; i < parsed->n_notes; i++)
        if (!strcmp(parsed->notes[i].code, code))
            return &parsed->notes[i];
    return NULL;
}

/* vBulletin 4 whose style moved the date into a list of its own. */
#define VB4_POST(id, name, date, text)                                   \
    "<li class='postbit postcontainer' id='post_" id "'><div "           \
    "class='userinfo'><a class='username' href='member.php?u=7" id "'>"  \
    "<strong>" name "</strong></a><dl class='mine'><dd>" date            \
    "</dd></dl></div><div class='content'><div id='post_message_" id "'" \
    "><blockquote class='postcontent'>" text "</blockquote></div></div></li>"

static void test_mend__takes_a_lost_field_from_the_structure(void **state)
{
    (void)state;
    struct mud_parsed p = parse(
        "<html id=vbulletin_html><head><meta name=generator content='vBulletin "
        "4.2.2'><title>Wares</title></head><body><div id=postlist><ol "
        "id=posts>" VB4_POST("31",
                             "anna",
                             "03.03.2026, 14:17",
                             "a few words on the wares of today")
            VB4_POST("32",
                     "berta",
                     "04.03.2026, 09:05",
                     "others, which are longer than those before")
                VB4_POST(
                    "33",
                    "anna",
                    "04.03.2026, 10:00",
                    "and a third post, the last one of the page") "</ol></div></body></html>",
        "http://b.example/showthread.php?t=9");
    assert_text(p.engine, "vbulletin");
    assert_int_equal(p.n_posts, 3);
    assert_text(p.posts[1].post, "32");
    assert_text(p.posts[1].author, "berta");
    assert_text(p.posts[1].body, "others, which are longer than those before");
    assert_int_equal(p.posts[1].posted, INT64_C(1772615100) * MUD_SECOND);
    assert_int_equal(p.posts[1].mended, MUD_MENDED_TIME);
    const struct mud_note *note = noted(&p, "reskinned");
    assert_non_null(note);
    assert_true(mud_str_find(note->text, MUD_STR(" times:")) != MUD_NPOS);
    assert_null(noted(&p, "generic"));
}

#define OWN_POST(id, name, date, text)                                 \
    "<section class='entry' id='entry-" id "'><a href='member.php?u=1" \
    "" id "'>" name "</a> <i>" date "</i><div class='words'>" text     \
    "</div></section>"

static void test_mend__takes_posts_from_the_structure(void **state)
{
    (void)state;
    struct mud_parsed p = parse(
        "<html id=vbulletin_html><head><meta name=generator "
        "content='vBulletin 4.2.2'><title>Wares</title></head><body>"
        "<ol id=posts></ol>" OWN_POST("31",
                                      "anna",
                                      "03.03.2026, 14:17",
                                      "a few words on the wares of today")
            OWN_POST(
                "32",
                "berta",
                "04.03.2026, 09:05",
                "others, which are longer than those before") "</body></html>",
        "http://b.example/showthread.php?t=9");
    assert_text(p.engine, "vbulletin");
    assert_int_equal(p.kind, MUD_PAGE_THREAD);
    assert_int_equal(p.n_posts, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_text(p.posts[i].engine, "vbulletin");
        assert_text(p.posts[i].thread, "9");
        assert_true(p.posts[i].mended & MUD_MENDED_POST);
    }
    assert_text(p.posts[1].post, "32");
    assert_text(p.posts[1].author, "berta");
    assert_non_null(noted(&p, "reskinned"));
    assert_null(noted(&p, "no-posts"));
}

static void test_mend__leaves_what_is_there_alone(void **state)
{
    (void)state;
    /* One post without a date, one with: no field is lost. */
    struct mud_parsed p = parse(
        "<html id=vbulletin_html><body><ol id=posts>"
        "<li class='postcontainer' id='post_31'><div class='postdate'>"
        "03-03-2026, 02:17 PM</div><a class='username' href='member.php?u=1'>"
        "anna</a><div id='post_message_31'>words of the first</div></li>"
        "<li class='postcontainer' id='post_32'><a class='username' "
        "href='member.php?u=2'>berta</a><i>04-03-2026</i><div "
        "id='post_message_32'>words of the second</div></li></ol>",
        "http://b.example/showthread.php?t=9");
    assert_int_equal(p.n_posts, 2);
    assert_int_equal(p.posts[1].posted, 0);
    assert_int_equal(p.posts[1].mended, 0);
    assert_null(noted(&p, "reskinned"));
}

/* A mark that other sites have too makes no board of them. */
/* A post of nothing but a file that guests may not load: what the engine says
 * of it is no word of the author. */
static void test_mend__an_empty_text_is_not_lost(void **state)
{
    (void)state;
    struct mud_parsed p = parse(
        "<html><head><meta name=generator content='Discuz! X3.4'></head><body "
        "id=nv_forum><div id=postlist><div id=post_4><table id=pid4><tr><td "
        "class=pls><div class=authi><a class=xw1 "
        "href='home.php?mod=space&uid=3'>anna</a></div></td><td class=plc><em "
        "id=authorposton4>发表于 2026-3-4 10:00</em><table><tr><td class=t_f "
        "id=postmessage_4></td></tr></table><div class='attach_nopermission "
        "attach_tips'><h3>本帖子中包含更多资源</h3><p>您需要 <a href=x>登录</a> "
        "才可以下载或查看，没有帐号？</p></div></td></tr></table></div></div>"
        "</body></html>",
        "http://b.example/thread-9-1-1.html");
    assert_int_equal(p.n_posts, 1);
    assert_text(p.posts[0].author, "anna");
    assert_text(p.posts[0].body, "");
    assert_text(p.posts[0].hidden, "login");
    assert_int_equal(p.posts[0].mended, 0);
    assert_null(noted(&p, "reskinned"));
}

static void test_mend__weak_marks_alone_name_no_engine(void **state)
{
    static const char *const pages[] = {
        "<body class='wp-singular page-template-default'><div "
        "class=entry-content>A page of a shop, with words.</div>",
        "<body><p>Made with <a href='https://www.simplemachines.org/'>this"
        "</a></p>",
        "<body class=bg><h1>News</h1><hr noshade><p>Words of the day.</p>",
        "<body><a href='https://tieba.baidu.com/'>贴吧</a><p>公司简介</p>",
        "<head><meta name=format-detection content='telephone=no'></head>"
        "<body><p>A shop.</p>",
        "<body><div id=messagetext>Write to us</div>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct mud_parsed p = parse(pages[i], "http://b.example/about");
        if (p.engine.n)
            print_error("%s\n", pages[i]);
        assert_int_equal(p.engine.n, 0);
        assert_non_null(noted(&p, "unknown-engine"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mend__takes_a_lost_field_from_the_structure),
        cmocka_unit_test(test_mend__takes_posts_from_the_structure),
        cmocka_unit_test(test_mend__leaves_what_is_there_alone),
        cmocka_unit_test(test_mend__an_empty_text_is_not_lost),
        cmocka_unit_test(test_mend__weak_marks_alone_name_no_engine),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
