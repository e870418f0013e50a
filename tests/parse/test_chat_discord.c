#include "tests/parse/chat_golden.h"

#include "parse/chat_discord.h"

static void test_chat_discord__every_field_of_every_message(void **state)
{
    (void)state;
    assert_golden("discord", "discord/shop.json", "");
    assert_golden("discord-html",
                  "discord/测试 market - 交易区 [990000000000000011].html",
                  "unverified-engine ");
    assert_golden("discord-csv",
                  "discord/测试 market - 交易区 [990000000000000011].csv",
                  "unverified-engine ");
}

#define HEAD \
    "{\"guild\":{\"id\":\"1\"},\"channel\":{\"id\":\"2\"},\"messages\":["

static void test_chat_discord__broken_ones_cost_themselves(void **state)
{
    static const struct {
        const char *text;
        size_t posts;
        const char *codes;
    } rows[] = {
        {HEAD "]}", 0, ""},
        {HEAD "{\"content\":\"x\"}]}", 0, "no-id "},
        {HEAD "{\"id\":\"5\",\"content\":\"\\q\"},{\"id\":\"6\"}]}",
         1,
         "broken-message "},
        {HEAD "{\"id\":\"5\"},{\"id\":\"6\",\"cont", 1, "truncated "},
        {HEAD "{\"id\":7,\"author\":[],\"embeds\":{},\"reactions\":[3],"
              "\"attachments\":\"x\",\"mentions\":[[]]}]}",
         1,
         ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_counts("discord", rows[i].text, rows[i].posts, rows[i].codes);
}

/* A message without a time has the one that its id holds. */
static void test_chat_discord__ids_hold_their_time(void **state)
{
    static const char text[] =
        HEAD "{\"id\":\"175928847299117063\",\"content\":\"x\"}]}";
    struct chats *c = chats_read("discord", mud_str_z(text), "x", 100);
    char time[MUD_TIME_TEXT];
    (void)state;
    assert_string_equal(mud_time_text(time, chats_at(c, 0).posted, true),
                        "2016-04-30T11:18:25.796000Z");
    chats_free(c);
}

/* Not minified, as older versions wrote it. */
static void test_chat_discord_html__with_quotation_marks(void **state)
{
    struct chats *c = chats_read(
        "discord-html",
        MUD_STR(
            "<style>.chatlog__message-group{}</style><div class=\"preamble\">"
            "<div class=\"preamble__entry\">G</div>"
            "<div class=\"preamble__entry\">c</div></div>"
            "<div id=\"chatlog__message-container-1300000000000000001\" "
            "class=\"chatlog__message-container \" "
            "data-message-id=\"1300000000000000001\">"
            "<span class=\"chatlog__author\" data-user-id=\"7\" title=\"a\">A"
            "</span><div class=\"chatlog__content chatlog__markdown\">x</div>"
            "</div>"
            "<div id=\"chatlog__message-container-x\" "
            "class=\"chatlog__message-container \"></div>"),
        "a.html",
        7);
    (void)state;
    assert_int_equal(c->posts, 1);
    assert_string_equal(c->codes, "unverified-engine no-id ");
    assert_text(chats_at(c, 0).site, "G / c");
    assert_text(chats_at(c, 0).author_id, "7");
    assert_text(chats_at(c, 0).body, "x");
    chats_free(c);
}

static void test_chat_discord__the_channel_in_the_files_name(void **state)
{
    static const struct {
        const char *name, *id;
    } rows[] = {
        {"G - c [990000000000000011].html", "990000000000000011"},
        {"G [x] - c [990000000000000011] [part 2].html", "990000000000000011"},
        {"G - c [12].html", ""},
        {"G - c ]990000000000000011[.html", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_text(mud_chat_discord_channel(mud_str_z(rows[i].name)),
                    rows[i].id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_discord_html__with_quotation_marks),
        cmocka_unit_test(test_chat_discord__the_channel_in_the_files_name),
        cmocka_unit_test(test_chat_discord__every_field_of_every_message),
        cmocka_unit_test(test_chat_discord__broken_ones_cost_themselves),
        cmocka_unit_test(test_chat_discord__ids_hold_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
