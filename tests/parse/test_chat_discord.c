#include "tests/parse/chat_golden.h"

static void test_chat_discord__every_field_of_every_message(void **state)
{
    (void)state;
    assert_golden("discord", "discord/shop.json", "");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_discord__every_field_of_every_message),
        cmocka_unit_test(test_chat_discord__broken_ones_cost_themselves),
        cmocka_unit_test(test_chat_discord__ids_hold_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
