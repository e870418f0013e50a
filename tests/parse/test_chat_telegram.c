#include "tests/parse/chat_golden.h"

/* Channels, groups and chats that were left; what is beside the words. */
static void test_chat_telegram__gives_the_records_of_an_account(void **state)
{
    (void)state;
    assert_golden("telegram", "telegram/account.json", "unsupported ");
}

/* The chat's name is read once and holds until another chat begins. */
static void test_chat_telegram__each_message_has_its_own_chat(void **state)
{
    struct chats *c = chats_read(
        "telegram",
        MUD_STR("{\"chats\":{\"list\":["
                "{\"name\":\"a\\u4e00\",\"type\":\"x\",\"id\":1,\"messages\":["
                "{\"id\":1,\"text\":\"p\"},{\"id\":2,\"text\":\"q\"}]},"
                "{\"type\":\"x\",\"id\":2,\"messages\":["
                "{\"id\":1,\"text\":\"r\"}]},"
                "{\"name\":\"c\",\"type\":\"x\",\"id\":2,\"messages\":["
                "{\"id\":3,\"text\":\"s\"}]}]}}"),
        "result.json",
        29);

    static const struct {
        const char *site, *title, *body;
    } rows[] = {
        {"1", "a一", "p"}, {"1", "a一", "q"}, {"2", "", "r"}, {"2", "c", "s"}};

    (void)state;
    assert_int_equal(c->posts, MUDTEST_ROWS(rows));
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_text(chats_at(c, i).site, rows[i].site);
        assert_text(chats_at(c, i).thread_title, rows[i].title);
        assert_text(chats_at(c, i).body, rows[i].body);
    }
    chats_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_telegram__gives_the_records_of_an_account),
        cmocka_unit_test(test_chat_telegram__each_message_has_its_own_chat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
