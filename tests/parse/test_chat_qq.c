#include "tests/parse/chat_golden.h"

static struct mud_str sample(const char *name)
{
    return mudtest_read(
        mudtest_text("%s/samples/parse/qq/%s", mudtest_source(), name));
}

static const struct {
    const char *author, *id, *role, *body, *service, *at;
    uint64_t start, end;
} group[] = {
    {"地瓜",
     "8310000001",
     "管理员",
     "出一批鸡 500台 1块一台",
     "",
     "2019-07-16T10:15:05Z",
     325,
     410},
    {"土豆",
     "fake0001@example.com",
     "",
     "[图片]怎么联系",
     "",
     "2019-07-16T10:15:11Z",
     411,
     481},
    {"", "", "", "番茄加入本群。", "join", "2019-07-16T10:16:40Z", 482, 544},
    {"8310000003",
     "8310000003",
     "",
     "第一行\n第二行",
     "",
     "2019-07-16T10:17:02Z",
     545,
     608},
    {"",
     "",
     "",
     "地瓜撤回了一条消息",
     "recall",
     "2019-07-16T10:18:00Z",
     609,
     679},
};

static void test_chat_qq__reads_a_group_in_either_charset(void **state)
{
    static const char *const files[] = {"synthetic_msgmgr_group.txt",
                                        "synthetic_msgmgr_group.gb18030.txt"};
    struct mud_str ids[2][MUDTEST_ROWS(group)];
    struct chats *c[2];
    char time[MUD_TIME_TEXT];
    (void)state;
    for (size_t f = 0; f < 2; f++) {
        c[f] = chats_read("qq-txt", sample(files[f]), files[f], 100);
        assert_int_equal(c[f]->posts, MUDTEST_ROWS(group));
        assert_string_equal(c[f]->codes, "zone-assumed ");
        for (size_t i = 0; i < MUDTEST_ROWS(group); i++) {
            struct mud_post p = chats_at(c[f], i);
            assert_text(p.engine, "qq");
            assert_text(p.thread_title, "测试交流群");
            assert_text(p.author, group[i].author);
            assert_text(p.author_id, group[i].id);
            assert_text(p.author_role, group[i].role);
            assert_text(p.body, group[i].body);
            assert_text(p.service, group[i].service);
            assert_string_equal(mud_time_text(time, p.posted, false),
                                group[i].at);
            if (f == 0) {
                assert_int_equal(p.where.start, group[i].start);
                assert_int_equal(p.where.end, group[i].end);
            }
            ids[f][i] = p.post;
        }
    }
    for (size_t i = 0; i < MUDTEST_ROWS(group); i++)
        assert_bytes(ids[0][i], ids[1][i]);
    assert_text(chats_at(c[0], 4).members[0], "地瓜");
    assert_text(chats_at(c[0], 1).images[0], "[图片]");
    chats_free(c[0]);
    chats_free(c[1]);
}

static void test_chat_qq__gives_the_records_of_the_sample(void **state)
{
    (void)state;
    assert_golden("qq-txt", "qq/synthetic_variants.txt", "zone-assumed ");
}

static void test_chat_qq__clocks_of_twelve_hours(void **state)
{
    static const struct {
        const char *clock, *at;
    } rows[] = {
        {"8:43:38 PM", "2019-09-23T12:43:38Z"},
        {"7:54:29 AM", "2019-09-22T23:54:29Z"},
        {"12:00:01 AM", "2019-09-22T16:00:01Z"},
        {"12:00:01 PM", "2019-09-23T04:00:01Z"},
        {"20:43:38", "2019-09-23T12:43:38Z"},
    };

    char time[MUD_TIME_TEXT];
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "qq-txt",
            mud_str_z(mudtest_text("消息对象:群\r\n\r\n2019-09-23 %s "
                                   "甲(9000000001)\r\n出鸡\r\n",
                                   rows[i].clock)),
            "a.txt",
            7);
        assert_int_equal(c->posts, 1);
        assert_string_equal(mud_time_text(time, chats_at(c, 0).posted, false),
                            rows[i].at);
        chats_free(c);
    }
}

static void test_chat_qq__many_chats_in_one_file(void **state)
{
    struct chats *c = chats_read(
        "qq-txt",
        MUD_STR("消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
                "================================\n消息分组:我的群聊\n"
                "================================\n消息对象:一群\n"
                "================================\n\n"
                "2020-01-02 03:04:05 甲(9000000001)\n一\n\n二\n\n\n"
                "================================\n消息分组:我的好友\n"
                "================================\n消息对象:乙\n"
                "================================\n\n"
                "2020-01-02 03:04:06 乙<yi@mail.example>\n看 "
                "http://shop.example/a?b=1。好\n"),
        "all.txt",
        50);
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).thread, "一群");
    assert_text(chats_at(c, 0).body, "一\n\n二");
    assert_text(chats_at(c, 1).thread, "乙");
    assert_text(chats_at(c, 1).author_id, "yi@mail.example");
    assert_int_equal(chats_at(c, 1).n_links, 1);
    assert_text(chats_at(c, 1).links[0], "http://shop.example/a?b=1");
    chats_free(c);
}

static void test_chat_qq__what_was_copied_out_of_a_window(void **state)
{
    struct chats *c =
        chats_read("qq-txt",
                   MUD_STR("消息对象:群\n"
                           "【潜水】小红 2/14/2020 9:16:13 PM\n"
                           "收料子 2/14/2020 到货\n"
                           "2020-02-14 21:16:20 \n"
                           "2020-02-30 21:16:20 甲(9000000001)\n"),
                   "copy.txt",
                   9);
    (void)state;
    assert_int_equal(c->posts, 1);
    assert_text(chats_at(c, 0).author, "小红");
    assert_text(chats_at(c, 0).author_role, "潜水");
    assert_text(chats_at(c, 0).author_id, "");
    /* Lines that only look like heads are text. */
    assert_text(chats_at(c, 0).body,
                "收料子 2/14/2020 到货\n2020-02-14 21:16:20 \n"
                "2020-02-30 21:16:20 甲(9000000001)");
    chats_free(c);
}

/* A longer export of the same chat: what was there keeps its id. */
static void test_chat_qq__ids_hold_from_export_to_export(void **state)
{
    static const char head[] = "消息对象:群\n\n";
    static const char one[] = "2020-01-02 03:04:05 甲(9000000001)\n1\n\n";
    struct mud_str text = mud_str_z(mudtest_text("%s%s%s%s2020-01-02 03:04:05 "
                                                 "乙(9000000002)\n1\n\n",
                                                 head,
                                                 one,
                                                 one,
                                                 one));
    struct chats *c = chats_read("qq-txt", text, "a.txt", 4096);
    struct chats *more = chats_read(
        "qq-txt",
        mud_str_z(mudtest_text("%s2020-01-01 01:01:01 甲(9000000001)\n0\n\n%s",
                               head,
                               text.s + sizeof(head) - 1)),
        "a.txt",
        4096);
    (void)state;
    assert_int_equal(c->posts, 4);
    assert_int_equal(more->posts, 5);
    for (size_t i = 0; i < 4; i++) {
        assert_bytes(chats_at(c, i).post, chats_at(more, i + 1).post);
        for (size_t k = 0; k < i; k++)
            assert_false(mud_str_eq(chats_at(c, i).post, chats_at(c, k).post));
    }
    chats_free(c);
    chats_free(more);
}

static void test_chat_qq__other_texts_are_not_taken(void **state)
{
    static const char *const texts[] = {
        "",
        "hello",
        "2020-01-02 03:04:05 a log line",
        "<html>消息对象:</html>",
        "{\"a\": \"2020\"}",
        "2020-01-02 03:04:05,000 ERROR x(1)\n",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(texts); i++)
        assert_null(mud_chat_of(mud_str_z(texts[i]), MUD_STR("x.txt")));
}

/* What somebody pasted out of another chat is nobody's own message here. */
static void test_chat_qq__pasted_heads_are_text(void **state)
{
    static const char text[] = "消息对象:群\n================\n\n"
                               "2019-07-16 18:15:05 甲(9100000001)\n一\n\n"
                               "2019-07-16 18:15:06 乙(9100000002)\n二\n\n"
                               "2019-07-16 18:15:07 甲(9100000001)\n三\n\n"
                               "2019-07-16 18:15:08 乙(9100000002)\n看他说的\n"
                               "2019-07-16 10:00:00 丙(9100000003)\n出号\n\n"
                               "2019-07-16 18:15:09 甲(9100000001)\n四\n";
    (void)state;
    struct chats *c = chats_read("qq-txt", mud_str_z(text), "a.txt", 100);
    assert_int_equal(c->posts, 5);
    assert_text(chats_at(c, 3).author, "乙");
    assert_text(chats_at(c, 3).body,
                "看他说的\n2019-07-16 10:00:00 丙(9100000003)\n出号");
    chats_free(c);
}

/* Copies without empty lines are read all the same. */
static void test_chat_qq__heads_without_empty_lines(void **state)
{
    static const char text[] = "2019-07-16 18:15:05 甲(9100000001)\n一\n"
                               "2019-07-16 18:15:06 乙(9100000002)\n二\n"
                               "2019-07-16 18:15:07 甲(9100000001)\n三\n";
    (void)state;
    struct chats *c = chats_read("qq-txt", mud_str_z(text), "a.txt", 100);
    assert_int_equal(c->posts, 3);
    chats_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_qq__pasted_heads_are_text),
        cmocka_unit_test(test_chat_qq__heads_without_empty_lines),
        cmocka_unit_test(test_chat_qq__reads_a_group_in_either_charset),
        cmocka_unit_test(test_chat_qq__gives_the_records_of_the_sample),
        cmocka_unit_test(test_chat_qq__clocks_of_twelve_hours),
        cmocka_unit_test(test_chat_qq__many_chats_in_one_file),
        cmocka_unit_test(test_chat_qq__what_was_copied_out_of_a_window),
        cmocka_unit_test(test_chat_qq__ids_hold_from_export_to_export),
        cmocka_unit_test(test_chat_qq__other_texts_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
