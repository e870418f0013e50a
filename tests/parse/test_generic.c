#include "tests/support/mudtest.h"

#include "base/conf.h"
#include "parse/engine.h"
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

/* 2026-11-22T01:10:00Z */
#define NOW (INT64_C(1795309800) * MUD_SECOND)

static struct mud_parsed parse(struct mud_str bytes, const char *url,
                               const char *engine)
{
    const struct mud_page_in in = {
        .bytes = bytes,
        .url = mud_str_z(url),
        .engine = mud_str_z(engine),
        .status = 200,
        .fetched_at = NOW,
    };
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

static struct mud_str sample(const char *name)
{
    struct mud_str text;
    struct mud_error err = {0};
    assert_ok(mud_file_read(
                  &text,
                  mudtest_text("%s/samples/parse/%s", mudtest_source(), name),
                  1 << 20,
                  arena,
                  &err),
              &err);
    return text;
}

/* The sample of each engine, read without its description, gives the posts
 * that the description gives: ids, authors and times. */
static void test_generic__agrees_with_descriptions(void **state)
{
    static const struct {
        const char *file, *url, *engine;
    } rows[] = {
        {"mybb/thread.html",
         "https://bazaar.example/showthread.php?tid=23",
         "mybb"},
        {"phpbb/thread.html",
         "https://board.example/viewtopic.php?t=7",
         "phpbb"},
        {"discuz/thread.html",
         "https://luntan.example/forum.php?mod=viewthread&tid=5",
         "discuz"},
        {"fluxbb/thread.html",
         "https://flux.example/viewtopic.php?id=12",
         "fluxbb"},
        {"smf/thread.html", "https://smf.example/index.php?topic=12.0", "smf"},
        {"tieba/thread.html", "https://tieba.example/p/5001?pn=1", "tieba"},
        {"xenforo1/thread.html",
         "https://bazaar.example/f/threads/image-bundle.12/",
         "xenforo"},
        {"phpwind/thread9.html",
         "https://pw.example/index.php?m=bbs&c=read&tid=12",
         "phpwind"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_str page = sample(rows[i].file);
        struct mud_parsed told = parse(page, rows[i].url, rows[i].engine);
        struct mud_parsed seen = parse(page, rows[i].url, "generic");
        assert_true(told.n_posts >= 2);
        assert_int_equal(seen.n_posts, told.n_posts);
        assert_non_null(noted(&seen, "generic"));
        assert_null(noted(&told, "generic"));
        for (size_t k = 0; k < told.n_posts; k++) {
            assert_bytes(seen.posts[k].post, told.posts[k].post);
            if (!told.posts[k].anonymous && told.posts[k].author_id.n)
                assert_bytes(seen.posts[k].author, told.posts[k].author);
        }
    }
}

#define HEAD "<html><head><title>Hall</title></head><body>"
#define POST(id, name, time, text)                              \
    "<div class=item id=m" id "><a href='/user/" name "'>" name \
    "</a> <i class=t>" time "</i><div class=words>" text "</div></div>"

static void test_generic__reads_boards_nobody_described(void **state)
{
    struct mud_parsed parsed = parse(
        MUD_STR(HEAD POST("11", "anna", "2026-11-20 10:00", "One word.") POST(
            "12", "bert", "2026-11-20 11:30", "Another word, and more of it.")),
        "https://hall.example/t/9",
        "");
    (void)state;
    assert_text(parsed.engine, "generic");
    assert_int_equal(parsed.kind, MUD_PAGE_THREAD);
    assert_int_equal(parsed.n_posts, 2);
    assert_text(parsed.thread, "9");
    assert_text(parsed.posts[0].post, "11");
    assert_text(parsed.posts[1].author, "bert");
    assert_text(parsed.posts[1].body, "Another word, and more of it.");
    assert_non_null(noted(&parsed, "generic"));
}

/* Boards of one's own making: no links to accounts, bodies that are named
 * quotations, quotations that only say so, other blocks beside the posts. */
static void test_generic__reads_what_others_built(void **state)
{
    static const struct {
        const char *html, *author, *body, *quote;
    } rows[] = {
        {HEAD "<table class=lou><tr><td class=zuo><b>阿强</b><br>等级：3</td>"
              "<td>1楼 发布时间：2019/7/8 9:05:01</td></tr><tr><td class=nr>"
              "四件旧货现货，一千五一套，非诚勿扰</td></tr></table>"
              "<table class=lou><tr><td class=zuo><b>老李</b><br>等级：3</td>"
              "<td>2楼 发布时间：2019/7/8 10:00:00</td></tr><tr><td class=nr>"
              "这个靠谱，我买过两次了，楼主人不错</td></tr></table>",
         "老李",
         "这个靠谱，我买过两次了，楼主人不错",
         NULL},
        {HEAD "<div class=ly><p class=lyt>网友 <u>路人</u> 于 2011-01-02 03:04 "
              "说：</p><p class=lyc>收旧书，一斤两块，面谈</p></div>"
              "<div class=ly><p class=lyt>网友 <u>过客</u> 于 2011-01-02 05:06 "
              "说：</p><p class=lyc>楼上在哪里，怎么联系你</p></div>",
         "过客",
         "楼上在哪里，怎么联系你",
         NULL},
        {HEAD "<ol><li class=msg id=post-1><a href='/members/ann.1/'>ann</a> "
              "<abbr title='2026-11-20 10:00'>Friday</abbr><blockquote "
              "class='messageText SelectQuote'>Wares of my own, many.<div "
              "class=messageTextEnd></div></blockquote></li><li class=msg "
              "id=post-2><a href='/members/bob.2/'>bob</a> <abbr "
              "title='2026-11-20 11:00'>Friday</abbr><blockquote "
              "class='messageText SelectQuote'><div class=box>Originally "
              "Posted by ann<p>Wares of my own</p></div>How many of them?<div "
              "class=messageTextEnd></div></blockquote></li></ol>",
         "bob",
         "How many of them?",
         "Wares of my own"},
        {HEAD "<ul class=side><li><a href='/user/x1'>x1</a> 2026-11-20 "
              "<a href=/t/1>A title</a></li><li><a href='/user/x2'>x2</a> "
              "2026-11-20 <a href=/t/2>Other title</a></li><li><a "
              "href='/user/x3'>x3</a> 2026-11-20 <a href=/t/3>A third</a></li>"
              "</ul>" POST("11", "anna", "2026-11-20 10:00", "One word of it.")
                  POST("12", "bert", "2026-11-20 11:30", "Another word."),
         "bert",
         "Another word.",
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_parsed parsed =
            parse(mud_str_z(rows[i].html), "https://hall.example/t/9", "");
        if (parsed.n_posts != 2)
            print_error("row %zu\n", i);
        assert_int_equal(parsed.n_posts, 2);
        assert_text(parsed.posts[1].author, rows[i].author);
        assert_text(parsed.posts[1].body, rows[i].body);
        assert_true(parsed.posts[1].posted > parsed.posts[0].posted);
        if (!rows[i].quote)
            continue;
        assert_int_equal(parsed.posts[1].n_quotes, 1);
        assert_true(mud_str_find(parsed.posts[1].quotes[0].text,
                                 mud_str_z(rows[i].quote)) != MUD_NPOS);
    }
}

/* Answers lie in what they answer; a post's parts have its own number. */
static void test_generic__reads_answers_in_posts(void **state)
{
#define NESTED(id, name, time, text)                                          \
    "<article class=comment id=c" id "><a rel=author href='/~" name "'>" name \
    "</a> <time datetime='2021-04-05T" time                                   \
    "Z'>x</time><div class=text><p>" text "</p></div>"
    struct mud_parsed parsed = parse(
        MUD_STR(
            HEAD NESTED("1", "darkj", "06:07:08", "Wares, $200 each.") NESTED(
                "2", "mule7", "07:00:00", "Which of them?")
                NESTED("3", "darkj", "07:30:00", "All of them.") "</article></article></article>" NESTED(
                    "4", "anon9", "08:00:00", "Nothing came.") "</article>"),
        "https://hall.example/t/9",
        "");
    static const char *const bodies[] = {
        "Wares, $200 each.", "Which of them?", "All of them.", "Nothing came."};
    (void)state;
    assert_int_equal(parsed.n_posts, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_text(parsed.posts[i].post, mudtest_text("%zu", i + 1));
        assert_text(parsed.posts[i].body, bodies[i]);
    }
    assert_text(parsed.posts[2].author, "darkj");
    assert_text(parsed.posts[1].author, "mule7");
}

static void test_generic__takes_numbers_from_data_attributes(void **state)
{
    static const char page[] = HEAD
        "<ul><li data-pid=71><a href='/user/anna'>anna</a> 2026-11-20 10:00"
        "<p class=content>One word.</p></li>"
        "<li data-pid=72><a href='/user/bert'>bert</a> 2026-11-20 11:00"
        "<p class=content>Two words.</p></li></ul>";
    struct mud_parsed parsed =
        parse(mud_str_z(page), "https://hall.example/t/9", "");
    (void)state;
    assert_int_equal(parsed.n_posts, 2);
    assert_text(parsed.posts[0].post, "71");
    assert_text(parsed.posts[1].post, "72");
}

static void test_generic__numbers_say_which_is_the_day(void **state)
{
    struct mud_parsed parsed =
        parse(MUD_STR(HEAD POST("11", "anna", "05/11/2026 10:00", "One word.")
                          POST("12", "bert", "20/11/2026 11:30", "Two words.")),
              "https://hall.example/t/9",
              "");
    char text[MUD_TIME_TEXT];
    (void)state;
    assert_int_equal(parsed.n_posts, 2);
    assert_string_equal(mud_time_text(text, parsed.posts[0].posted, false),
                        "2026-11-05T10:00:00Z");
}

static void test_generic__posts_without_numbers_have_a_digest(void **state)
{
    static const char page[] =
        HEAD "<div class=post><a href='/user/anna'>anna</a> 2026-11-20 10:00"
             "<p class=text>One word.</p></div>"
             "<div class=post><a href='/user/bert'>bert</a> 2026-11-20 11:00"
             "<p class=text>Two words.</p></div>";
    struct mud_parsed a =
        parse(mud_str_z(page), "https://hall.example/t/9", "");
    struct mud_parsed b =
        parse(mud_str_z(page), "https://hall.example/t/9?page=1", "");
    (void)state;
    assert_int_equal(a.n_posts, 2);
    assert_int_equal(a.posts[0].post.n, 32);
    assert_bytes(a.posts[0].post, b.posts[0].post);
    assert_false(mud_str_eq(a.posts[0].post, a.posts[1].post));
}

static void test_generic__guesses_the_zone_and_says_so(void **state)
{
    /* 09:10 by the clock of the site at 01:10 UTC */
    struct mud_parsed parsed =
        parse(MUD_STR(HEAD POST("11",
                                "anna",
                                "<span title='2026-11-22 08:28:10'>42 minutes "
                                "ago</span>",
                                "One word.")
                          POST("12", "bert", "2026-11-21 12:00", "Two words.")),
              "https://hall.example/t/9",
              "");
    char text[MUD_TIME_TEXT];
    (void)state;
    const struct mud_note *note = noted(&parsed, "zone-guessed");
    assert_non_null(note);
    assert_non_null(strstr(mud_str_cstr(note->text, arena), "+08:00"));
    assert_int_equal(parsed.n_posts, 2);
    assert_string_equal(mud_time_text(text, parsed.posts[1].posted, false),
                        "2026-11-21T04:00:00Z");
}

static void test_generic__makes_no_posts_of_other_pages(void **state)
{
    static const char *const pages[] = {
        HEAD "<p>An article on gardens, of 2026-11-20.</p>",
        HEAD "<div class=post><p>No author, 2026-11-20 10:00</p></div>",
        HEAD "<div><a href='/user/anna'>anna</a></div>",
        HEAD "<ul><li><a href=/a>2026-11-20</a><li><a href=/b>x</a></ul>",
        HEAD,
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct mud_parsed parsed =
            parse(mud_str_z(pages[i]), "https://hall.example/x", "");
        assert_int_equal(parsed.n_posts, 0);
        assert_int_equal(parsed.kind, MUD_PAGE_UNKNOWN);
        assert_non_null(noted(&parsed, "unknown-engine"));
    }
}

static void test_generic__comes_before_one_chance_mark(void **state)
{
    /* A generator's name is one mark of Discuz!; the rest is not. */
    struct mud_parsed parsed = parse(
        MUD_STR(
            "<html><head><title>Hall</title>"
            "<meta name=generator content='Discuz clone'></head><body>" POST(
                "11", "anna", "2026-11-20 10:00", "One word.")
                POST("12", "bert", "2026-11-20 11:30", "Two words.")),
        "https://hall.example/t/9",
        "");
    (void)state;
    assert_text(parsed.engine, "generic");
    assert_int_equal(parsed.n_posts, 2);
    assert_non_null(noted(&parsed, "generic"));
    assert_null(noted(&parsed, "unknown-page"));
    assert_null(noted(&parsed, "no-posts"));
}

static void test_generic__offers_no_link_that_changes_something(void **state)
{
    struct mud_parsed parsed = parse(
        MUD_STR(HEAD "<a href='/t/9?action=delete'>x</a>"
                     "<a href='/t/9/report'>x</a><a href='/logout?t=9'>x</a>"
                     "<a href='/t/10?sid=0a&amp;sort=new'>Ten</a>"
                     "<a href='https://other.example/t/11'>x</a>" POST(
                         "11", "anna", "2026-11-20 10:00", "One word.")
                         POST("12", "bert", "2026-11-20 11:00", "Two words.")),
        "https://hall.example/t/9",
        "");
    (void)state;
    assert_int_equal(parsed.n_links, 1);
    assert_text(parsed.links[0].url, "https://hall.example/t/10");
    assert_text(parsed.links[0].key, "thread/10/1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generic__agrees_with_descriptions),
        cmocka_unit_test(test_generic__reads_boards_nobody_described),
        cmocka_unit_test(test_generic__numbers_say_which_is_the_day),
        cmocka_unit_test(test_generic__posts_without_numbers_have_a_digest),
        cmocka_unit_test(test_generic__guesses_the_zone_and_says_so),
        cmocka_unit_test(test_generic__comes_before_one_chance_mark),
        cmocka_unit_test(test_generic__reads_what_others_built),
        cmocka_unit_test(test_generic__reads_answers_in_posts),
        cmocka_unit_test(test_generic__takes_numbers_from_data_attributes),
        cmocka_unit_test(test_generic__makes_no_posts_of_other_pages),
        cmocka_unit_test(test_generic__offers_no_link_that_changes_something),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
