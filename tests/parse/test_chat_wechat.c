#include "tests/parse/chat_golden.h"

#define HEAD                                                               \
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent," \
    "StrTime,Remark,NickName,Sender\r\n"

static void test_chat_wechat__gives_the_records_of_the_samples(void **state)
{
    (void)state;
    assert_golden(
        "wechat-csv", "wechat/synthetic_msg_table.csv", "unverified-engine ");
    assert_golden(
        "wechat-json", "wechat/synthetic_weflow.json", "unverified-engine ");
    assert_golden(
        "wechat-json", "wechat/weflow_senders.json", "unverified-engine ");
    assert_golden("wechat-json", "wechat/chatlog.json", "unverified-engine ");
    assert_golden("wechat-json",
                  "wechat/pywxdump.json",
                  "unverified-engine zone-assumed ");
    assert_golden(
        "wechat-csv", "wechat/pywxdump.csv", "unverified-engine zone-assumed ");
    assert_golden(
        "wechat-csv", "wechat/chatlog.csv", "unverified-engine zone-assumed ");
    assert_golden(
        "wechat-csv", "wechat/数据交流群_utf8.csv", "unverified-engine ");
}

/* A group's row has its author before the words where no column names one. */
static void test_chat_wechat__authors_before_the_words(void **state)
{
    static const struct {
        const char *chat, *text, *author, *body;
    } rows[] = {
        {"1@chatroom", "wxid_fakea:\n出号", "wxid_fakea", "出号"},
        {"1@chatroom", "价格:\n出号", "", "价格:\n出号"},
        {"1@chatroom", "a b c d e:\n出号", "", "a b c d e:\n出号"},
        {"wxid_b", "wxid_fakea:\n出号", "", "wxid_fakea:\n出号"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "wechat-csv",
            mud_str_z(mudtest_text("StrContent,CreateTime,StrTalker,Type,"
                                   "localId\n\"%s\",1709516143,%s,1,5\n",
                                   rows[i].text,
                                   rows[i].chat)),
            "a.csv",
            4096);
        assert_int_equal(c->posts, 1);
        assert_text(chats_at(c, 0).author_id, rows[i].author);
        assert_text(chats_at(c, 0).body, rows[i].body);
        chats_free(c);
    }
}

/* XML of any breakage is nobody's words, and no crash. */
static void test_chat_wechat__broken_xml(void **state)
{
    static const struct {
        const char *xml, *body;
    } rows[] = {
        {"<msg><appmsg><title>a", ""},
        {"<msg><appmsg><title/><des>b</des></appmsg></msg>", "b"},
        {"<msg><appmsg><titles>x</titles><title>a</title>", "a"},
        {"<msg", ""},
        {"<?xml <title>a</title>", "a"},
        {"<msg><appmsg><title>a</title><refermsg><content>b</content>", "a"},
        {"<3 出号", "<3 出号"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "wechat-csv",
            mud_str_z(mudtest_text("StrContent,StrTalker,Type,localId\n\"%s\","
                                   "w,49,5\n",
                                   rows[i].xml)),
            "a.csv",
            4096);
        assert_int_equal(c->posts, 1);
        assert_text(chats_at(c, 0).body, rows[i].body);
        chats_free(c);
    }
}

static void test_chat_wechat__rows_of_csv(void **state)
{
    static const struct {
        const char *row, *body, *author, *role;
    } rows[] = {
        {"1,7,1,0,0,1709516143,2,\"a, \"\"b\"\"\r\nc\",,,群,wxid_a\r\n",
         "a, \"b\"\nc",
         "wxid_a",
         ""},
        {"1,7,1,0,1,1709516143,2,好,,,群,wxid_b", "好", "wxid_b", "exporter"},
        {"1,7,1,0,0,1709516143,2,a\"b,,,群,\"wxid_c\"", "a\"b", "wxid_c", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "wechat-csv",
            mud_str_z(mudtest_text("\xef\xbb\xbf" HEAD "%s", rows[i].row)),
            "a.csv",
            17);
        assert_int_equal(c->posts, 1);
        struct mud_post p = chats_at(c, 0);
        assert_text(p.body, rows[i].body);
        assert_text(p.author, rows[i].author);
        assert_text(p.author_role, rows[i].role);
        assert_text(p.thread, "群");
        chats_free(c);
    }
}

static void test_chat_wechat__columns_in_any_order(void **state)
{
    struct chats *c =
        chats_read("wechat-csv",
                   MUD_STR("StrContent,MsgSvrID,CreateTime,StrTalker,Type,"
                           "localId\n出号,887766,1709516143,123@chatroom,1,5\n"
                           ",0,1709516144,123@chatroom,34,6\n"),
                   "a.csv",
                   4096);
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).post, "887766");
    assert_text(chats_at(c, 0).site, "123@chatroom");
    assert_text(chats_at(c, 1).post, "6");
    assert_text(chats_at(c, 1).attachments[0], "voice");
    assert_int_equal(chats_at(c, 1).state, MUD_POST_SHOWN);
    chats_free(c);
}

/* A quotation left open does not swallow the rows behind it. */
static void test_chat_wechat__an_open_quotation_costs_one_row(void **state)
{
    struct chats *c =
        chats_read("wechat-csv",
                   MUD_STR(HEAD "1,7,1,0,0,1709516143,2,\"open,,,群,wxid_a\r\n"
                                "2,7,1,0,0,1709516144,2,two,,,群,wxid_b\r\n"
                                "3,7,1,0,0,1709516145,2,three,,,群,wxid_c\r\n"),
                   "a.csv",
                   4096);
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).body, "two");
    assert_text(chats_at(c, 1).body, "three");
    assert_int_equal(chats_at(c, 1).where.start, 184);
    assert_string_equal(c->codes,
                        "unverified-engine open-quotation broken-row ");
    chats_free(c);
}

static void test_chat_wechat__what_is_broken_costs_itself(void **state)
{
    struct chats *c = chats_read(
        "wechat-json",
        MUD_STR("{\"session\":{\"wxid\":\"1@chatroom\"},\"messages\":[{},7,"
                "{\"localId\":1,\"type\":\"图片消息\",\"createTime\":\"x\"},"
                "{\"localId\":2,\"content\":\"cut"),
        "a.json",
        3);
    (void)state;
    assert_int_equal(c->posts, 1);
    assert_text(chats_at(c, 0).images[0], "picture");
    assert_int_equal(chats_at(c, 0).posted, 0);
    assert_string_equal(c->codes,
                        "unverified-engine no-id broken-message truncated ");
    chats_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_wechat__gives_the_records_of_the_samples),
        cmocka_unit_test(test_chat_wechat__authors_before_the_words),
        cmocka_unit_test(test_chat_wechat__broken_xml),
        cmocka_unit_test(test_chat_wechat__rows_of_csv),
        cmocka_unit_test(test_chat_wechat__columns_in_any_order),
        cmocka_unit_test(test_chat_wechat__an_open_quotation_costs_one_row),
        cmocka_unit_test(test_chat_wechat__what_is_broken_costs_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
