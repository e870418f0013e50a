#include "tests/parse/chat_golden.h"

#include "parse/parse.h"

static void test_chat_tme__gives_the_records_of_the_sample(void **state)
{
    (void)state;
    assert_golden("tme-s", "tme/synthetic_s_page.html", "unverified-engine ");
}

/* Fetched, it gives the same posts and the way to the page before. */
static void test_chat_tme__is_a_page_with_a_link_back(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_parsed page;
    const struct mud_page_in in = {
        .bytes = chat_sample("tme/synthetic_s_page.html"),
        .url = MUD_STR("https://t.me/s/mdlk_test_pd"),
        .content_type = MUD_STR("text/html; charset=utf-8"),
        .status = 200,
    };
    (void)state;
    assert_ok(mud_parse_page(&page, &in, arena, &err), &err);
    assert_int_equal(page.kind, MUD_PAGE_CHAT);
    assert_text(page.engine, "telegram");
    assert_text(page.title, "测试频道");
    assert_int_equal(page.n_posts, 5);
    assert_text(page.posts[1].forward.post, "77");
    assert_text(page.posts[4].page_url, "https://t.me/s/mdlk_test_pd");
    assert_int_equal(page.n_links, 1);
    assert_text(page.links[0].url, "https://t.me/s/mdlk_test_pd?before=101");
    assert_text(page.links[0].key, "thread/mdlk_test_pd/101");
    assert_int_equal(page.n_notes, 1);
    mud_arena_free(arena);
}

static struct chats *message(const char *attributes, const char *inner)
{
    return chats_read(
        "tme-s",
        mud_str_z(mudtest_text("<html><body><div class=\"tgme_widget_message "
                               "js-widget_message\" %s>%s</div>",
                               attributes,
                               inner)),
        "page.html",
        19);
}

static void test_chat_tme__the_channels_id(void **state)
{
    static const struct {
        const char *view, *site;
    } rows[] = {
        /* {"c":-1000001111} {"c":-1001000001111} {"c":5} {"c":"x"} and junk */
        {"eyJjIjotMTAwMDAwMTExMX0", "1000001111"},
        {"eyJjIjotMTAwMTAwMDAwMTExMX0", "1000001111"},
        {"eyJjIjo1fQ", "fake_chan"},
        {"eyJjIjoieCJ9", "fake_chan"},
        {"!!", "fake_chan"},
        {"", "fake_chan"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            message(mudtest_text("data-post=\"fake_chan/7\" data-view=\"%s\"",
                                 rows[i].view),
                    "<div class=\"js-message_text\">a</div>");
        assert_int_equal(c->posts, 1);
        assert_text(chats_at(c, 0).site, rows[i].site);
        assert_text(chats_at(c, 0).thread, rows[i].site);
        chats_free(c);
    }
}

static void test_chat_tme__a_member_of_a_group_is_the_author(void **state)
{
    struct chats *c =
        message("data-post=\"fake_group/9\"",
                "<a class=\"tgme_widget_message_author_name\" "
                "href=\"https://t.me/fake_member\">甲</a>"
                "<a class=\"tgme_widget_message_reply\" "
                "href=\"https://t.me/fake_group/8\"><span "
                "class=\"tgme_widget_message_author_name\">乙</span></a>"
                "<div class=\"js-message_text\">群 <a "
                "href=\"https://t.me/+AaBbCc01\">群</a></div>"
                "<a class=\"tgme_widget_message_inline_button\" "
                "href=\"https://order.example/\">买</a>");
    (void)state;
    struct mud_post p = chats_at(c, 0);
    assert_text(p.author, "甲");
    assert_text(p.author_handle, "fake_member");
    assert_text(p.author_id, "");
    assert_text(p.reply_to, "8");
    assert_text(p.links[0], "https://t.me/+AaBbCc01");
    assert_int_equal(p.n_buttons, 2);
    assert_text(p.buttons[1], "https://order.example/");
    chats_free(c);
}

static void test_chat_tme__reactions_as_exact_as_shown(void **state)
{
    static const struct {
        const char *shown;
        uint32_t count;
    } rows[] = {{"7", 7},
                {"1.5K", 1500},
                {"12K", 12000},
                {"2.1M", 2100000},
                {"99999999999999999999", UINT32_MAX},
                {"", 0}};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = message(
            "data-post=\"fake_chan/7\"",
            mudtest_text("<span class=\"tgme_reaction\"><i><b>👍</b></i>%s"
                         "</span>",
                         rows[i].shown));
        assert_int_equal(chats_at(c, 0).n_reactions, 1);
        assert_text(chats_at(c, 0).reactions[0].sign, "👍");
        if (rows[i].count != UINT32_MAX)
            assert_int_equal(chats_at(c, 0).reactions[0].count, rows[i].count);
        chats_free(c);
    }
}

static void test_chat_tme__a_message_without_an_id_is_set_aside(void **state)
{
    static const char *const rows[] = {
        "", "data-post=\"x\"", "data-post=\"/7\"", "data-post=\"a/b\""};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = message(rows[i], "<div>x</div>");
        assert_int_equal(c->posts, 0);
        assert_string_equal(c->codes, "unverified-engine no-id ");
        chats_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_tme__gives_the_records_of_the_sample),
        cmocka_unit_test(test_chat_tme__is_a_page_with_a_link_back),
        cmocka_unit_test(test_chat_tme__the_channels_id),
        cmocka_unit_test(test_chat_tme__a_member_of_a_group_is_the_author),
        cmocka_unit_test(test_chat_tme__reactions_as_exact_as_shown),
        cmocka_unit_test(test_chat_tme__a_message_without_an_id_is_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
