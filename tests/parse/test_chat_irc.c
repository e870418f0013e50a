#include "tests/parse/chat_golden.h"

#include "parse/irc_line.h"

static void test_chat_irc__every_field_of_every_line(void **state)
{
    (void)state;
    assert_golden("irc", "irc/irssi-1.4.3_heichan.log", "zone-assumed ");
    assert_golden(
        "irc", "irc/weechat-3.8_irc.lo.heichan.weechatlog", "zone-assumed ");
    assert_golden("irc", "irc/znc-1.8.2_log_2026-11-22.log", "zone-assumed ");
    assert_golden("irc", "irc/libircclient_events.txt", "");
}

static void test_irc_line__what_happened(void **state)
{
    static const struct {
        enum mud_irc_writer writer;
        const char *line, *service, *nick, *whom, *text;
    } rows[] = {
        {MUD_IRC_IRSSI, "10:00 <@op> hi", "", "op", "", "hi"},
        {MUD_IRC_IRSSI, "10:00 <+v> a <b> c", "", "v", "", "a <b> c"},
        {MUD_IRC_IRSSI,
         "10:00 -!- bad was kicked from #c by op [spam]",
         "kick",
         "op",
         "bad",
         "bad was kicked from #c by op [spam]"},
        {MUD_IRC_IRSSI,
         "10:00 -!- a changed the topic of #c to: 收料 t.me/x",
         "topic",
         "a",
         "",
         "收料 t.me/x"},
        {MUD_IRC_IRSSI,
         "10:00 -!- mode/#c [+o a] by op",
         "mode",
         "op",
         "",
         "mode/#c [+o a] by op"},
        {MUD_IRC_IRSSI,
         "10:00 -!- a [u@h] has left #c [bye]",
         "leave",
         "a",
         "",
         "a [u@h] has left #c [bye]"},
        {MUD_IRC_WEECHAT, "2026-11-22 10:00:00\t@op\thi", "", "op", "", "hi"},
        {MUD_IRC_WEECHAT,
         "2026-11-22 10:00:00\t<--\top has kicked bad (spam)",
         "kick",
         "op",
         "bad",
         "op has kicked bad (spam)"},
        {MUD_IRC_WEECHAT,
         "2026-11-22 10:00:00\t--\ta has changed topic for #c from \"x\" to "
         "\"y z\"",
         "topic",
         "a",
         "",
         "y z"},
        {MUD_IRC_WEECHAT,
         "2026-11-22 10:00:00\t--\tMode #c [+o a] by op",
         "mode",
         "op",
         "",
         "Mode #c [+o a] by op"},
        {MUD_IRC_ZNC,
         "[10:00:00] *** bad was kicked by op (spam)",
         "kick",
         "op",
         "bad",
         "bad was kicked by op (spam)"},
        {MUD_IRC_ZNC,
         "[10:00:00] *** a changes topic to '收料'",
         "topic",
         "a",
         "",
         "收料"},
        {MUD_IRC_ZNC,
         "[10:00:00] *** Parts: a (u@h) (bye)",
         "leave",
         "a",
         "",
         "Parts: a (u@h) (bye)"},
        {MUD_IRC_EVENTS,
         "2026-11-22T00:42:55Z CHANNEL from=a!u@h [#c] [x [y] z]",
         "",
         "a",
         "",
         "x [y] z"},
        {MUD_IRC_EVENTS,
         "2026-11-22T00:42:55Z KICK from=op!u@h [#c] [bad] [spam]",
         "kick",
         "op",
         "bad",
         "spam"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_irc_line line;
        assert_true(
            mud_irc_line(mud_str_z(rows[i].line), rows[i].writer, &line));
        assert_text(mud_str_z(line.service), rows[i].service);
        assert_text(line.nick, rows[i].nick);
        assert_text(line.whom, rows[i].whom);
        assert_text(line.text, rows[i].text);
    }
}

/* Days: said between the lines, or a clock that runs back. */
static void test_chat_irc__days_go_on(void **state)
{
    static const struct {
        const char *name, *text, *last, *codes;
    } rows[] = {
        {"#c.log",
         "--- Log opened Sun Nov 22 23:59:00 2026\n23:59 < a> x\n"
         "--- Day changed Mon Nov 23 2026\n00:01 < a> y\n",
         "2026-11-23T00:01:00Z",
         "zone-assumed "},
        {"#c.log",
         "--- Log opened Sun Nov 22 23:59:00 2026\n23:59 < a> x\n"
         "00:01 < a> y\n",
         "2026-11-23T00:01:00Z",
         "zone-assumed "},
        /* an hour back is summer's end, no day */
        {"#c.log",
         "--- Log opened Sun Oct 25 02:59:00 2026\n02:59 < a> x\n"
         "02:01 < a> y\n",
         "2026-10-25T02:01:00Z",
         "zone-assumed "},
        {"#c_20261231.log",
         "[23:59:00] <a> x\n[00:01:00] <a> y\n",
         "2027-01-01T00:01:00Z",
         "zone-assumed "},
        {"#c.log", "[23:59:00] <a> x\n", NULL, "zone-assumed no-date "},
    };

    char time[MUD_TIME_TEXT];
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            chats_read("irc", mud_str_z(rows[i].text), rows[i].name, 100);
        struct mud_post post = chats_at(c, c->posts - 1);
        assert_string_equal(c->codes, rows[i].codes);
        assert_text(post.thread, "#c");
        if (rows[i].last)
            assert_string_equal(mud_time_text(time, post.posted, false),
                                rows[i].last);
        else
            assert_int_equal(post.posted, 0);
        chats_free(c);
    }
}

static void test_chat_irc__names_of_files_name_channels(void **state)
{
    static const struct {
        const char *file, *site, *thread;
    } rows[] = {
        {"irc.libera.#c.weechatlog", "libera", "#c"},
        {"irc.oftc.##c-d.weechatlog", "oftc", "##c-d"},
        {"#c_20261122.log", "#c", "#c"},
        {"freenode_#c_2026-11-22.log", "#c", "#c"},
        {"c.log", "c", "c"},
        {"2026-11-22.log", "?", "?"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c = chats_read("irc",
                                     MUD_STR("2026-11-22 00:54:24\ta\thello\n"),
                                     rows[i].file,
                                     100);
        assert_text(chats_at(c, 0).site, rows[i].site);
        assert_text(chats_at(c, 0).thread, rows[i].thread);
        chats_free(c);
    }
}

static void test_chat_irc__other_texts_are_not_taken(void **state)
{
    static const char *const texts[] = {
        "",
        "hello",
        "10:00 is when we meet\n",
        "[10:00:00] starting\n",
        "2026-11-22 10:00:00 INFO\tx\ty\n",
        "2026-11-22T00:42:55Z GET /index\n",
        "10:00 <a> x\nand then text\nmore of it\n",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(texts); i++)
        assert_null(mud_chat_of(mud_str_z(texts[i]), MUD_STR("x.log")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_irc__every_field_of_every_line),
        cmocka_unit_test(test_irc_line__what_happened),
        cmocka_unit_test(test_chat_irc__days_go_on),
        cmocka_unit_test(test_chat_irc__names_of_files_name_channels),
        cmocka_unit_test(test_chat_irc__other_texts_are_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
