#include "tests/parse/chat_golden.h"

#define HEAD                                                                \
    "From: <Save by Tencent MsgMgr>\r\nContent-Type:multipart/related;\r\n" \
    "\tcharset=\"utf-8\"\r\n\ttype=\"text/html\";\r\n\r\n"                  \
    "<html><body><table width=100%% cellspacing=0>"                         \
    "<tr><td><div style=padding-left:10px;>消息对象:群</div></td></tr>"
#define DAY "<tr><td style=color:#3568BB;>日期: 2020-1-02</td></tr>\r\n"
#define MESSAGE(who, clock, text)                                   \
    "<tr><td><div style=color:#006EFE;><div style=float:left;>" who \
    "</div>" clock "</div><div style=padding-left:20px;>" text      \
    "</div></td></tr>\r\n"

static void test_chat_qq_mht__gives_the_records_of_the_sample(void **state)
{
    (void)state;
    assert_golden("qq-mht",
                  "qq/synthetic_from_documented_rows.mht",
                  "unverified-engine zone-assumed ");
}

static struct chats *with(const char *rows)
{
    return chats_read("qq-mht",
                      mud_str_z(mudtest_text(HEAD "%s</table></body></html>\r\n"
                                                  "<tr><td>not read",
                                             rows)),
                      "a.mht",
                      37);
}

/* The same messages as text and as an archive are the same messages. */
static void test_chat_qq_mht__ids_are_those_of_the_text_export(void **state)
{
    struct chats *mht =
        with(DAY MESSAGE("【群主】甲(9000000001)", "03:04:05", "出鸡<br>两行")
                 MESSAGE("乙&lt;yi@mail.example&gt;",
                         "3:04:06 PM",
                         "<IMG src=\"{00}.dat\">好"));
    struct chats *txt =
        chats_read("qq-txt",
                   MUD_STR("消息对象:群\n\n2020-01-02 03:04:05 "
                           "【群主】甲(9000000001)\n出鸡\n两行\n\n"
                           "2020-01-02 15:04:06 乙<yi@mail.example>\n"
                           "[图片]好\n\n"),
                   "a.txt",
                   4096);
    (void)state;
    assert_int_equal(mht->posts, 2);
    assert_int_equal(txt->posts, 2);
    for (size_t i = 0; i < 2; i++) {
        struct mud_post a = chats_at(mht, i), b = chats_at(txt, i);
        assert_bytes(a.post, b.post);
        assert_bytes(a.site, b.site);
        assert_bytes(a.author, b.author);
        assert_bytes(a.author_id, b.author_id);
        assert_bytes(a.author_role, b.author_role);
        assert_bytes(a.body, b.body);
        assert_int_equal(a.posted, b.posted);
    }
    assert_text(chats_at(mht, 1).images[0], "{00}.dat");
    chats_free(mht);
    chats_free(txt);
}

static void test_chat_qq_mht__many_chats_in_one_file(void **state)
{
    struct chats *c = with(
        DAY MESSAGE("甲(9000000001)",
                    "03:04:05",
                    "一") "<tr><td><div>消息分组:我的好友</div></td></tr>"
                          "<tr><td><div>消息对象:乙</div></td></tr>" MESSAGE(
                              "乙(9000000002)", "03:04:05", "二"));
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).thread, "群");
    assert_text(chats_at(c, 1).thread, "乙");
    /* The day is the other chat's: this one has none. */
    assert_int_equal(chats_at(c, 1).posted, 0);
    assert_string_equal(c->codes, "unverified-engine zone-assumed no-day ");
    chats_free(c);
}

static void test_chat_qq_mht__what_is_broken_costs_itself(void **state)
{
    static const char *const clocks[] = {"", "now", "25:00:00", "12:60:00"};
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(clocks); i++) {
        struct chats *c =
            with(mudtest_text(DAY MESSAGE("甲(9000000001)", "%s", "a")
                                  MESSAGE("甲(9000000001)", "12:00:00", "b"),
                              clocks[i]));
        assert_int_equal(c->posts, 1);
        assert_text(chats_at(c, 0).body, "b");
        assert_string_equal(c->codes,
                            "unverified-engine zone-assumed bad-message ");
        chats_free(c);
    }
}

/* What a member writes is text, whatever it looks like. */
static void test_chat_qq_mht__text_is_no_heading(void **state)
{
    struct chats *c = with(DAY MESSAGE(
        "甲(9000000001)", "03:04:05", "消息对象:别群<br>日期: 1999/1/1")
                               MESSAGE("甲(9000000001)", "03:04:06", "b"));
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 1).thread, "群");
    assert_int_equal(chats_at(c, 1).posted - chats_at(c, 0).posted, MUD_SECOND);
    chats_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_qq_mht__gives_the_records_of_the_sample),
        cmocka_unit_test(test_chat_qq_mht__ids_are_those_of_the_text_export),
        cmocka_unit_test(test_chat_qq_mht__many_chats_in_one_file),
        cmocka_unit_test(test_chat_qq_mht__what_is_broken_costs_itself),
        cmocka_unit_test(test_chat_qq_mht__text_is_no_heading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
