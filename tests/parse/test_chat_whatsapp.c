#include "tests/parse/chat_golden.h"

#include "parse/whatsapp_head.h"

#define NOTES "zone-assumed "

static void test_chat_whatsapp__every_field_of_every_message(void **state)
{
    (void)state;
    assert_golden(
        "whatsapp", "whatsapp/WhatsApp Chat with Test market.txt", NOTES);
    assert_golden("whatsapp", "whatsapp/_chat.txt", NOTES);
    assert_golden("whatsapp", "whatsapp/Chat DE.txt", NOTES);
}

/* The same instant in the locales of phones. */
static void test_whatsapp_head__locales(void **state)
{
    static const char *const rows[] = {
        "9/12/2020 23:05 - A: x",
        "09/12/20, 23:05 - A: x",
        "09.12.20, 23:05 - A: x",
        "9.12.2020 23.05 - A: x",
        "09-12-2020 23:05 - A: x",
        "9/12/2020, 11:05 p. m. - A: x",
        "9/12/2020, 11:05\xE2\x80\xAFp.\xC2\xA0m. - A: x",
        "9/12/2020, 11:05 pm - A: x",
        "9/12/20, 11:05\xE2\x80\xAFPM - A: x",
        "2020/12/9 下午11:05 - A: x",
        "2020/12/9 晚上11:05 - A: x",
        "2020/12/9, 23:05 - A: x",
        "2020-12-09 23:05 - A: x",
        "2020. 12. 9. 오후 11:05 - A: x",
        "[9/12/20, 23:05:00] A: x",
        "[9.12.20, 23:05:00] A: x",
        "[09/12/2020, 11:05:00\xE2\x80\xAFPM] A: x",
        "\xE2\x80\x8E[2020/12/9 下午11:05:00] A: x",
        "[2020/12/9, 23:05:00] A: x",
        "9/12/20, 11:05:00 PM: A: x",
        "[23:05:00, 9/12/20] A: x",
        "23:05, 9 Dec 2020 - A: x",
        "Dec 9, 2020, 11:05 PM - A: x",
        "[9/12/2563 BE, 23:05:00] A: x",
        "[9/12/R2, 23:05:00] A: x",
        ("[\u200F\u0669\u200F/\u0661\u0662\u200F/\u0662\u0660\u0662\u0660\u060C "
         "\u0661\u0661:\u0660\u0665:\u0660\u0660 م] A: x"),
        "[\u200F9\u200F/12\u200F/2020\u060C 23:05:00] A: x",
        "09/12/2020, 11:05 in the evening - A: x",
        "9.12.2020 klo 23.05 - A: x",
        "9/12/2020, 23:05 - A:x",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_whatsapp_head head;
        struct mud_civil time;
        assert_true(mud_whatsapp_head(mud_str_z(rows[i]), &head));
        assert_text(head.name, "A");
        assert_text(head.text, "x");
        assert_true(mud_whatsapp_date(&head,
                                      head.year_first ? MUD_WHATSAPP_YMD
                                                      : MUD_WHATSAPP_DMY,
                                      &time));
        assert_int_equal(mud_civil_to_unix(&time), 1607555100);
    }
}

static void test_whatsapp_head__midnight_and_noon(void **state)
{
    static const struct {
        const char *clock;
        int hour;
    } rows[] = {
        {"12:05 AM", 0},
        {"12:05 PM", 12},
        {"上午12:05", 0},
        {"下午12:05", 12},
        {"中午12:05", 12},
        {"中午1:05", 13},
        {"凌晨1:05", 1},
        {"0:05", 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_whatsapp_head head;
        assert_true(mud_whatsapp_head(
            mud_str_z(mudtest_text("2020/12/9 %s - A: x", rows[i].clock)),
            &head));
        assert_int_equal(head.hour, rows[i].hour);
    }
}

static void test_whatsapp_head__other_lines(void **state)
{
    static const char *const rows[] = {
        "",
        "text",
        "9/12/2020",
        "1/2 of it: yes or no",
        "9/12/2020 price 5 - 6: cheap",
        "9/12/2020 25:00 - A: x",
        "9/12/2020 13:75 - A: x",
        "9/12/2020, 13:05 A: x",
        "[9/12/2020, 13:05:00 A: x",
        "192.168.1.1 13:05 - A: x",
    };
    struct mud_whatsapp_head head;
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_false(mud_whatsapp_head(mud_str_z(rows[i]), &head));
}

/* Heads of another make in a file are what somebody pasted. */
static void test_chat_whatsapp__pasted_heads_are_text(void **state)
{
    struct chats *c = chats_read("whatsapp",
                                 MUD_STR("25/4/21, 10:00 - A: look\n"
                                         "[6:48 AM, 25/4/2021] B: 出号\n"
                                         "25/4/21, 10:01 - C: ok\n"),
                                 "_chat.txt",
                                 100);
    (void)state;
    assert_int_equal(c->posts, 2);
    assert_text(chats_at(c, 0).body, "look\n[6:48 AM, 25/4/2021] B: 出号");
    chats_free(c);
}

/* A chat may begin with nothing but what WhatsApp says. */
static void test_chat_whatsapp__service_lines_alone_are_a_chat(void **state)
{
    struct chats *c = chats_read(
        "whatsapp",
        MUD_STR("25/7/19, 23:45 - Messages to this group are now secured with "
                "end-to-end encryption. Tap for more info.\n"
                "25/7/19, 22:06 - Digua created group \"Market\"\n"
                "25/7/19, 23:45 - +86 138 0000 0001 joined using this group's "
                "invite link\n"),
        "chat.txt",
        100);
    (void)state;
    assert_int_equal(c->posts, 3);
    assert_text(chats_at(c, 1).service, "create");
    assert_text(chats_at(c, 2).service, "join");
    assert_text(chats_at(c, 2).author_id, "+8613800000001");
    chats_free(c);
}

static void test_chat_whatsapp__years_that_are_left_out(void **state)
{
    struct chats *c = chats_read("whatsapp",
                                 MUD_STR("5 Mar 12:14 - A: one\n"
                                         "19:23, 28 Aug 2013 - A: other make\n"
                                         "6 Mar 2014 12:14 - A: two\n"
                                         "7 Mar 12:14 - A: three\n"
                                         "1 Jan 12:14 - A: four\n"),
                                 "_chat.txt",
                                 100);
    char time[MUD_TIME_TEXT];
    (void)state;
    assert_int_equal(c->posts, 4);
    assert_string_equal(c->codes, NOTES "no-year ");
    assert_int_equal(chats_at(c, 0).posted, 0);
    assert_string_equal(mud_time_text(time, chats_at(c, 2).posted, false),
                        "2014-03-07T04:14:00Z");
    assert_string_equal(mud_time_text(time, chats_at(c, 3).posted, false),
                        "2015-01-01T04:14:00Z");
    chats_free(c);
}

/* What stands for a file, in the language of the phone. */
static void test_chat_whatsapp__left_out_files(void **state)
{
    static const struct {
        const char *text;
        size_t files;
    } rows[] = {
        {"\u200Eimage omitted", 1},
        {"\u200Eobrázek vynechán", 1},
        {"\u200E图片已忽略", 1},
        {"\u200Fلم يتم إدراج الصورة", 1},
        {"\u200Eđã bỏ qua hình ảnh", 1},
        {"<Media weggelaten>", 1},
        {"<Медиафайл пропущен>", 1},
        {"he omitted it", 0},
        {"图片已忽略", 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            chats_read("whatsapp",
                       mud_str_z(mudtest_text("[25/4/21, 10:00:00] A: %s\n",
                                              rows[i].text)),
                       "_chat.txt",
                       100);
        assert_int_equal(c->posts, 1);
        assert_int_equal(chats_at(c, 0).n_attachments, rows[i].files);
        assert_int_equal(chats_at(c, 0).body.n > 0, rows[i].files == 0);
        chats_free(c);
    }
}

/* 12/9 is what the rest of the file makes of it. */
static void test_chat_whatsapp__day_or_month_by_evidence(void **state)
{
    static const struct {
        const char *text, *first, *codes;
    } rows[] = {
        /* a day above 12, far behind */
        {"3/4/21, 10:00 - A: x\n3/4/21, 10:00 - A: y\n25/4/21, 10:00 - A: z\n",
         "2021-04-03T02:00:00Z",
         NOTES},
        {"3/4/21, 10:00 - A: x\n3/4/21, 10:00 - A: y\n3/25/21, 10:00 - A: z\n",
         "2021-03-04T02:00:00Z",
         NOTES},
        /* days that go on: 1 Feb, 1 Mar, against 2 Jan, 3 Jan */
        {"1/11/21, 10:00 - A: x\n1/12/21, 10:00 - A: y\n2/1/21, 10:00 - A: z\n",
         "2021-01-11T02:00:00Z",
         NOTES},
        {"11/1/21, 10:00 - A: x\n12/1/21, 10:00 - A: y\n1/2/21, 10:00 - A: z\n",
         "2021-01-11T02:00:00Z",
         NOTES},
        /* nothing says it: a guess, and a note */
        {"3/4/21, 10:00 - A: x\n3/4/21, 10:00 - A: y\n",
         "2021-04-03T02:00:00Z",
         NOTES "date-order-guessed "},
        {"3/4/21, 10:00 PM - A: x\n3/4/21, 10:00 PM - A: y\n",
         "2021-03-04T14:00:00Z",
         NOTES "date-order-guessed "},
        /* against itself */
        {"13/4/21, 10:00 - A: x\n3/14/21, 10:00 - A: y\n",
         "2021-04-13T02:00:00Z",
         NOTES "date-order "},
    };

    char time[MUD_TIME_TEXT];
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            chats_read("whatsapp", mud_str_z(rows[i].text), "_chat.txt", 100);
        assert_string_equal(c->codes, rows[i].codes);
        assert_string_equal(mud_time_text(time, chats_at(c, 0).posted, false),
                            rows[i].first);
        chats_free(c);
    }
}

/* A line of a message that looks like a head but has no such day is text. */
static void test_chat_whatsapp__what_only_looks_like_a_head(void **state)
{
    static const char text[] = "13/4/21, 10:00 - A: x\n"
                               "99/99/21, 10:00 - A: y\n"
                               "14/4/21, 10:00 - \n"
                               "15/4/21, 10:00 - B:\n";
    struct chats *c = chats_read("whatsapp", mud_str_z(text), "_chat.txt", 100);
    (void)state;
    assert_int_equal(c->posts, 3);
    assert_text(chats_at(c, 0).body, "x\n99/99/21, 10:00 - A: y");
    assert_text(chats_at(c, 2).author, "B");
    chats_free(c);
}

static void test_chat_whatsapp__names_of_files_name_chats(void **state)
{
    static const struct {
        const char *file, *title;
    } rows[] = {
        {"WhatsApp Chat with 交易群.txt", "交易群"},
        {"WhatsApp Chat - 交易群.zip", "交易群"},
        {"与交易群的 WhatsApp 聊天.txt", "交易群"},
        {"WhatsApp 與交易群的對話.txt", "交易群"},
        {"Чат WhatsApp с Группа.txt", "Группа"},
        {"_chat.txt", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read(
            "whatsapp", MUD_STR("13/4/21, 10:00 - A: x\n"), rows[i].file, 100);
        assert_text(chats_at(c, 0).thread_title, rows[i].title);
        chats_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_whatsapp__every_field_of_every_message),
        cmocka_unit_test(test_whatsapp_head__locales),
        cmocka_unit_test(test_chat_whatsapp__pasted_heads_are_text),
        cmocka_unit_test(test_chat_whatsapp__service_lines_alone_are_a_chat),
        cmocka_unit_test(test_chat_whatsapp__years_that_are_left_out),
        cmocka_unit_test(test_chat_whatsapp__left_out_files),
        cmocka_unit_test(test_whatsapp_head__midnight_and_noon),
        cmocka_unit_test(test_whatsapp_head__other_lines),
        cmocka_unit_test(test_chat_whatsapp__day_or_month_by_evidence),
        cmocka_unit_test(test_chat_whatsapp__what_only_looks_like_a_head),
        cmocka_unit_test(test_chat_whatsapp__names_of_files_name_chats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
