#include "tests/parse/chat_golden.h"

#define MESSAGE(id, more)                                                   \
    "{\"update_id\":1,\"message\":{\"message_id\":" id ",\"from\":{\"id\":" \
    "5900010001,\"first_name\":\"甲\"},\"chat\":{\"id\":-1001899000417,"   \
    "\"title\":\"群\"},\"date\":1709516143" more "}}"

static void test_chat_botapi__gives_the_records_of_the_samples(void **state)
{
    (void)state;
    assert_golden("telegram-bot",
                  "botapi/synthetic_getUpdates.json",
                  "unverified-engine ");
    assert_golden("telegram-bot",
                  "botapi/updates.jsonl",
                  "unverified-engine skipped-update ");
}

static struct chats *with(const char *text)
{
    return chats_read("telegram-bot",
                      mud_str_z(mudtest_text("\xef\xbb\xbf%s", text)),
                      "updates.json",
                      23);
}

static void test_chat_botapi__answers_arrays_and_lines(void **state)
{
    static const char *const rows[] = {
        "{\"ok\":true,\"result\":[" MESSAGE(
            "7", "") "]}\r\n"
                     "{\"ok\":true,\"result\":[" MESSAGE("8", "") "]}\r\n",
        "[" MESSAGE("7", "") ",\n" MESSAGE("8", "") "]",
        MESSAGE("7", "") "\n" MESSAGE("8", "") "\n",
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = with(rows[i]);
        assert_int_equal(c->posts, 2);
        assert_text(chats_at(c, 0).post, "7");
        assert_text(chats_at(c, 1).post, "8");
        assert_text(chats_at(c, 1).site, "1899000417");
        assert_string_equal(c->codes, "unverified-engine ");
        chats_free(c);
    }
}

/* Entities count UTF-16 units, and may count wrong. */
static void test_chat_botapi__links_by_their_place(void **state)
{
    static const struct {
        const char *offset, *length, *link;
    } rows[] = {
        {"3", "3", "a.b"},
        {"3", "99", "a.b出"},
        {"6", "1", "出"},
        {"7", "1", NULL},
        {"0", "0", NULL},
        {"-1", "3", NULL},
        {"9223372036854775000", "9223372036854775000", NULL},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = with(mudtest_text(
            MESSAGE("7",
                    ",\"text\":\"🐔 a.b出\",\"entities\":[{\"type\":\"url\","
                    "\"offset\":%s,\"length\":%s}]"),
            rows[i].offset,
            rows[i].length));
        struct mud_post p = chats_at(c, 0);
        assert_int_equal(p.n_links, rows[i].link ? 1 : 0);
        if (rows[i].link)
            assert_text(p.links[0], rows[i].link);
        chats_free(c);
    }
}

static void test_chat_botapi__what_changes_a_members_status(void **state)
{
    static const struct {
        const char *before, *after, *service;
    } rows[] = {
        {"left", "member", "join_group"},
        {"kicked", "restricted", "restrict_member"},
        {"member", "kicked", "remove_members"},
        {"member", "left", "leave_group"},
        {"kicked", "left", "unban_member"},
        {"member", "administrator", "promote_member"},
        {"administrator", "creator", "promote_member"},
        {"administrator", "member", "demote_member"},
        {"restricted", "member", "change_member"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = with(mudtest_text(
            "{\"update_id\":77,\"chat_member\":{\"chat\":{\"id\":-5},\"date\":"
            "1,\"from\":{\"id\":9,\"first_name\":\"主\"},\"old_chat_member\":{"
            "\"status\":\"%s\"},\"new_chat_member\":{\"status\":\"%s\","
            "\"user\":{\"id\":8,\"first_name\":\"乙\"}}}}",
            rows[i].before,
            rows[i].after));
        struct mud_post p = chats_at(c, 0);
        assert_text(p.post, "update-77");
        assert_text(p.service, rows[i].service);
        assert_text(p.author_id, "user9");
        assert_text(p.members[0], "乙");
        assert_int_equal(p.state, MUD_POST_EMPTY);
        chats_free(c);
    }
}

static void test_chat_botapi__what_is_broken_costs_itself(void **state)
{
    static const struct {
        const char *update, *codes;
    } rows[] = {
        {"7", "broken-message "},
        {"{\"update_id\":2,\"message\":{\"text\":\"x\"}}", "no-id "},
        {"{\"update_id\":2,,}", "broken-message "},
        {"{\"update_id\":2,\"message\":7}", "skipped-update "},
        {"{}", "skipped-update "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            with(mudtest_text("{\"ok\":true,\"result\":[" MESSAGE(
                                  "7", "") ",%s," MESSAGE("8", "") "]}",
                              rows[i].update));
        assert_int_equal(c->posts, 2);
        assert_string_equal(
            c->codes, mudtest_text("unverified-engine %s", rows[i].codes));
        chats_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_botapi__gives_the_records_of_the_samples),
        cmocka_unit_test(test_chat_botapi__answers_arrays_and_lines),
        cmocka_unit_test(test_chat_botapi__links_by_their_place),
        cmocka_unit_test(test_chat_botapi__what_changes_a_members_status),
        cmocka_unit_test(test_chat_botapi__what_is_broken_costs_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
