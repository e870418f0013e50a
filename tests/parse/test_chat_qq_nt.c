#include "tests/parse/chat_golden.h"

static void test_chat_qq_nt__gives_the_records_of_the_sample(void **state)
{
    (void)state;
    assert_golden("qq-nt", "qq/synthetic_qce_v4.json", "unverified-engine ");
    assert_golden("qq-nt",
                  "qq/group_9000000077_20261122_101010.json",
                  "unverified-engine ");
}

/* Version 5 in a folder: messages a line each, nothing around them. */
static void test_chat_qq_nt__lines_of_a_chunk(void **state)
{
    static const char lines[] =
        "{\"id\":\"1\",\"timestamp\":1795136400000,\"sender\":{\"uin\":"
        "\"9100000001\",\"name\":\"甲\"},\"content\":{\"text\":\"出鸡\"},"
        "\"recalled\":false}\n"
        "{\"id\":\"2\",\"timestamp\":1795136401000,\"sender\":{\"uin\":"
        "\"9100000001\",\"name\":\"甲\"},\"content\":{\"text\":\"在\"},"
        "\"recalled\":false}\n";
    (void)state;
    struct chats *c = chats_read(
        "qq-nt", mud_str_z(lines), "group_9000000077_20261122_101010", 7);
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 1).body, "在");
    assert_text(chats_at(c, 1).site, "9000000077");
    chats_free(c);
}

static void test_chat_qq_nt__the_chats_number_is_in_the_files_name(void **state)
{
    static const struct {
        const char *name, *site;
    } rows[] = {
        {"group_9000000077_20261122_101010.json", "9000000077"},
        {"group_番茄_1_9000000077_20261122_101010.json", "9000000077"},
        {"friend_9100000001_20261122_101010.json", "9100000001"},
        {"番茄交流群(9000000077).json", "9000000077"},
        {"番茄(9000000077)_20261122_101010.json", "9000000077"},
        {"a(1).json", "群"},
        {"group_u_abc_20261122_101010.json", "群"},
        {"other_9000000077_20261122_1.json", "群"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "qq-nt",
            MUD_STR("{\"metadata\":{\"name\":\"QQChatExporter V5\"},"
                    "\"chatInfo\":{\"name\":\"群\"},\"messages\":[{\"id\":"
                    "\"1\"}]}"),
            rows[i].name,
            4096);
        assert_int_equal(c->posts, 1);
        assert_text(chats_at(c, 0).site, rows[i].site);
        chats_free(c);
    }
}

/* An export of these messages in a group with a number. */
static struct chats *with(const char *messages)
{
    return chats_read(
        "qq-nt",
        mud_str_z(mudtest_text("\xef\xbb\xbf{\"metadata\":{\"name\":"
                               "\"QQChatExporter V5\"},\r\n\"chatInfo\":{"
                               "\"name\":\"群\",\"peerUin\":9000000009},\r\n"
                               "\"messages\":[%s]}",
                               messages)),
        "a.json",
        13);
}

static void test_chat_qq_nt__a_recalled_message_is_deleted(void **state)
{
    static const struct {
        const char *text;
    } rows[] = {{""}, {"出鸡"}};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = with(
            mudtest_text("{\"messageId\":\"7\",\"timestamp\":1709516143000,"
                         "\"sender\":{\"uid\":\"u_a\",\"name\":\"甲\"},"
                         "\"isRecalled\":true,\"content\":{\"text\":\"%s\"}}",
                         rows[i].text));
        assert_int_equal(c->posts, 1);
        struct mud_post p = chats_at(c, 0);
        assert_int_equal(p.state, MUD_POST_DELETED);
        assert_text(p.body, rows[i].text);
        assert_text(p.site, "9000000009");
        assert_text(p.thread_title, "群");
        assert_text(p.author_id, "u_a");
        assert_int_equal(p.posted, INT64_C(1709516143) * MUD_SECOND);
        chats_free(c);
    }
}

static void test_chat_qq_nt__the_networks_own_voice_has_no_author(void **state)
{
    struct chats *c = with(
        "{\"messageId\":\"8\",\"timestamp\":\"2024-03-04T01:35:43.000Z\","
        "\"sender\":{\"uin\":\"10000\",\"name\":\"系统\"},\"isSystemMessage\":"
        "true,\"content\":{\"text\":\"番茄加入了群聊\"}}");
    (void)state;
    struct mud_post p = chats_at(c, 0);
    assert_text(p.author, "");
    assert_text(p.service, "join");
    assert_int_equal(p.n_members, 1);
    assert_text(p.members[0], "番茄");
    chats_free(c);
}

static void test_chat_qq_nt__files_and_links(void **state)
{
    struct chats *c =
        with("{\"messageId\":9,\"timestamp\":\"2024-03-04T01:35:43.000Z\","
             "\"sender\":{\"uin\":9000000001,\"name\":\"\"},\"rawMessage\":{"
             "\"sendNickName\":\"乙\"},\"content\":{\"text\":\"看 "
             "https://shop.example/AbC\",\"resources\":[{\"type\":\"image\","
             "\"filename\":\"a.png\"},{\"type\":\"file\",\"md5\":\"00ff\"},"
             "{\"type\":\"audio\"}, 7]}}");
    (void)state;
    struct mud_post p = chats_at(c, 0);
    assert_text(p.post, "9");
    assert_text(p.author, "乙");
    assert_text(p.author_id, "9000000001");
    assert_int_equal(p.n_links, 1);
    assert_text(p.links[0], "https://shop.example/AbC");
    assert_int_equal(p.n_images, 1);
    assert_text(p.images[0], "a.png");
    assert_int_equal(p.n_attachments, 2);
    assert_text(p.attachments[0], "00ff");
    assert_text(p.attachments[1], "audio");
    chats_free(c);
}

static void test_chat_qq_nt__what_is_broken_costs_itself(void **state)
{
    static const char good[] =
        "{\"messageId\":\"1\",\"timestamp\":\"2024-03-04T01:35:43.000Z\","
        "\"sender\":{\"uin\":\"9000000001\",\"name\":\"甲\"},\"content\":{"
        "\"text\":\"出鸡\"}}";

    static const struct {
        const char *message, *codes;
    } rows[] = {
        {"{\"messageId\":\"2\",,}", "unverified-engine broken-message "},
        {"{\"content\":{\"text\":\"x\"}}", "unverified-engine no-id "},
        {"7", "unverified-engine broken-message "},
        {"{\"messageId\":\"3\",\"content\":{\"text\":\"\xff\"}}",
         "unverified-engine broken-message "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            with(mudtest_text("%s,\n%s,\n%s", good, rows[i].message, good));
        assert_string_equal(c->codes, rows[i].codes);
        assert_int_equal(c->posts, 2);
        chats_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_qq_nt__gives_the_records_of_the_sample),
        cmocka_unit_test(test_chat_qq_nt__lines_of_a_chunk),
        cmocka_unit_test(
            test_chat_qq_nt__the_chats_number_is_in_the_files_name),
        cmocka_unit_test(test_chat_qq_nt__a_recalled_message_is_deleted),
        cmocka_unit_test(test_chat_qq_nt__the_networks_own_voice_has_no_author),
        cmocka_unit_test(test_chat_qq_nt__files_and_links),
        cmocka_unit_test(test_chat_qq_nt__what_is_broken_costs_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
