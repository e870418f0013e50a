#include "tests/parse/chat_golden.h"

#define HEAD                                                              \
    "<div class=\"page_header\"><div class=\"text bold\">群</div></div>" \
    "<div class=\"page_body chat_page\"><div class=\"history\">"

static void test_chat_telegram_html__gives_the_records_of_the_samples(
    void **state)
{
    (void)state;
    assert_golden("telegram-html", "telegram-html/synthetic_messages.html", "");
    assert_golden("telegram-html", "telegram-html/parts.html", "zone-assumed ");
}

static struct chats *with(const char *text)
{
    return chats_read("telegram-html",
                      mud_str_z(mudtest_text("\xef\xbb\xbf" HEAD "%s", text)),
                      "messages.html",
                      31);
}

static void test_chat_telegram_html__times_and_zones(void **state)
{
    static const struct {
        const char *title, *at;
        enum mud_precision precision;
    } rows[] = {
        {"04.03.2024 09:35:43 UTC+08:00",
         "2024-03-04T01:35:43Z",
         MUD_TO_SECOND},
        {"04.03.2024 09:35:43 UTC-03:30",
         "2024-03-04T13:05:43Z",
         MUD_TO_SECOND},
        {"10.11.2016 15:34:56", "2016-11-10T07:34:56Z", MUD_TO_SECOND},
        {"30.02.2024 09:35:43 UTC+08:00", "", MUD_UNKNOWN_TIME},
        {"04.03.2024 25:35:43 UTC+08:00", "", MUD_UNKNOWN_TIME},
        {"4.3.2024", "", MUD_UNKNOWN_TIME},
        {"", "", MUD_UNKNOWN_TIME},
    };

    char time[MUD_TIME_TEXT];
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = with(mudtest_text(
            "<div class=\"message default\" id=\"message7\"><div class=\"date\" "
            "title=\"%s\"></div><div class=\"from_name\">甲</div>"
            "<div class=\"text\">一</div></div>",
            rows[i].title));
        assert_int_equal(c->posts, 1);
        struct mud_post p = chats_at(c, 0);
        assert_string_equal(
            p.posted ? mud_time_text(time, p.posted, false) : "", rows[i].at);
        assert_int_equal(p.posted_precision, rows[i].precision);
        chats_free(c);
    }
}

/* A name stands for the messages that are joined to it, and no others. */
static void test_chat_telegram_html__joined_messages_have_their_author(
    void **state)
{
    static const char message[] =
        "<div class=\"message default%s\" id=\"message%d\">%s"
        "<div class=\"text\">x</div></div>";
    struct mud_buf text = {0};
    (void)state;
    mud_buf_z(
        &text,
        mudtest_text(message, "", 1, "<div class=\"from_name\">甲</div>"));
    mud_buf_z(&text, mudtest_text(message, " joined", 2, ""));
    mud_buf_z(&text,
              mudtest_text(message,
                           " joined",
                           3,
                           "<div class=\"forwarded body\"><div "
                           "class=\"from_name\">乙</div></div>"));
    mud_buf_z(&text, mudtest_text(message, "", 4, ""));
    struct chats *c = with(mud_buf_cstr(&text));
    static const char *const authors[] = {"甲", "甲", "甲", ""};
    assert_int_equal(c->posts, 4);
    for (size_t i = 0; i < 4; i++)
        assert_text(chats_at(c, i).author, authors[i]);
    assert_text(chats_at(c, 2).forward.from, "乙");
    assert_text(chats_at(c, 2).body, "x");
    chats_free(c);
    mud_buf_free(&text);
}

static void test_chat_telegram_html__what_is_broken_costs_itself(void **state)
{
    struct chats *c =
        with("<div class=\"message default\" id=\"go7\"><div class=\"text\">a"
             "</div></div>\r\n"
             "<div class=\"message default\" id=\"message8\"><div "
             "class=\"text\"><b><i>b\xff</div></div></div></div>"
             "<div class=\"message default\" id=\"message9\"><div "
             "class=\"text\">c");
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).body, "b\xef\xbf\xbd");
    assert_text(chats_at(c, 1).body, "c");
    assert_string_equal(c->codes, "no-id ");
    chats_free(c);
}

static void test_chat_telegram_html__a_huge_message_costs_itself(void **state)
{
    static const char good[] = "<div class=\"message default\" "
                               "id=\"message1\"><div class=\"text\">a</div>"
                               "</div>";
    struct mud_buf text = {0};
    (void)state;
    mud_buf_z(&text, HEAD);
    mud_buf_z(&text, good);
    mud_buf_z(&text, "<div class=\"message default\" id=\"message2\">");
    for (size_t i = 0; i < MUD_CHAT_HEAD * 80; i++)
        mud_buf_c(&text, 'x');
    mud_buf_z(&text, good);
    struct chats *c = chats_read(
        "telegram-html", mud_buf_view(&text), "messages.html", 65536);
    assert_int_equal(c->posts, 2);
    assert_string_equal(c->codes, "message-too-large ");
    assert_int_equal(chats_at(c, 1).where.end, text.n);
    assert_int_equal(chats_at(c, 1).where.start, text.n - sizeof(good) + 1);
    chats_free(c);
    mud_buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_chat_telegram_html__gives_the_records_of_the_samples),
        cmocka_unit_test(test_chat_telegram_html__times_and_zones),
        cmocka_unit_test(
            test_chat_telegram_html__joined_messages_have_their_author),
        cmocka_unit_test(test_chat_telegram_html__what_is_broken_costs_itself),
        cmocka_unit_test(test_chat_telegram_html__a_huge_message_costs_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
