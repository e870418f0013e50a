/* What the listener wrote down of IRC (parse/chat_irc_wire.h), read back. */
#include "parse/chat_irc_wire.h"

#include "tests/parse/chats.h"

#define T(second) "2026-11-24T15:00:" second "Z "
#define HEAD      T("00.000001") "= irc 1 irc.example:6697\n"
#define IN        T("01.000000") "= in #c 2026-11-24T15:00:01Z\n"

static struct chats *wire(const char *lines)
{
    struct mud_str text = mud_str_z(mudtest_text(HEAD "%s", lines));

    return chats_read("irc-wire", text, "x", 1 << 16);
}

static void test_irc_wire__reads_what_is_said(void **state)
{
    static const struct {
        const char *line, *thread, *author, *service, *body;
    } rows[] = {
        {":seller!u@h PRIVMSG #c :出售肉鸡 QQ 9000112233",
         "#c",
         "seller",
         "",
         "出售肉鸡 QQ 9000112233"},
        {":seller!u@h PRIVMSG #C :\x02\x03"
         "04,12red\x03 \x1dslanted\x0f",
         "#c",
         "seller",
         "",
         "red slanted"},
        {":seller!u@h PRIVMSG #c :\x04"
         "ff0000hex\x03"
         ",5 \x03"
         "123",
         "#c",
         "seller",
         "",
         "hex,5 3"},
        {":seller!u@h PRIVMSG #c :\x01"
         "ACTION 发货\x01",
         "#c",
         "seller",
         "",
         "发货"},
        {":seller!u@h NOTICE #c :通知", "#c", "seller", "", "通知"},
        {":seller!u@h PRIVMSG @#c :管理员", "#c", "seller", "", "管理员"},
        {":seller!u@h PRIVMSG reader :加我微信",
         "seller",
         "seller",
         "",
         "加我微信"},
        {":seller!u@h PRIVMSG reader :\x01VERSION\x01",
         "seller",
         "seller",
         "ctcp",
         "VERSION"},
        {":a!u@h JOIN #c", "#c", "a", "join", "a [u@h] has joined #c"},
        {":a!u@h PART #c :再见",
         "#c",
         "a",
         "leave",
         "a [u@h] has left #c [再见]"},
        {":a!u@h QUIT :Quit: bye",
         "*",
         "a",
         "quit",
         "a [u@h] has quit [Quit: bye]"},
        {":a!u@h NICK b", "*", "a", "nick", "a [u@h] is now known as b"},
        {":op!u@h KICK #c a :骗子",
         "#c",
         "op",
         "kick",
         "a was kicked from #c by op [骗子]"},
        {":op!u@h MODE #c +b *!*@h",
         "#c",
         "op",
         "mode",
         "mode/#c [+b *!*@h] by op"},
        {":op!u@h TOPIC #c :今日报价", "#c", "op", "topic", "今日报价"},
        {":irc.example 332 reader #c :旧公告", "#c", "", "topic", "旧公告"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            wire(mudtest_text(IN T("02.5") "< %s\n", rows[i].line));

        assert_int_equal(c->posts, 1);
        struct mud_post post = chats_at(c, 0);
        assert_text(post.thread, rows[i].thread);
        assert_text(post.author, rows[i].author);
        assert_text(post.service, rows[i].service);
        assert_text(post.body, rows[i].body);
        assert_text(post.site, "irc.example");
        assert_int_equal(post.posted, INT64_C(1795532402500000));
        chats_free(c);
    }
}

static void test_irc_wire__passes_over_the_rest(void **state)
{
    struct chats *c = wire(
        T("01") "> PONG :x\n" T("01") "< PING :x\n" T("02") "< :irc.example 001 reader :Welcome\n" T("02") "< :irc.example NOTICE reader :*** hi\n" T(
            "03") "< :irc.example 353 reader = #c :@a b\n" T("03") "< :reader MODE reader +i\n" T("04") "= nick reader\n" T("04") "< :Reader!u@h JOIN #c\n");

    (void)state;
    assert_int_equal(c->posts, 0);
    assert_int_equal(c->notes, 0);
    chats_free(c);
}

/* Lines of both charsets follow each other; a declared one counts. */
static void test_irc_wire__reads_old_clients(void **state)
{
    struct chats *c =
        wire(T("01") "< :a!u@h PRIVMSG #c :\xb3\xf6\xca\xdb\xc8"
                     "\xe2\xbc\xa6\n" T("02") "< :a!u@h PRIVMSG #c :出售\n");

    (void)state;
    assert_text(chats_at(c, 0).body, "出售肉鸡");
    assert_text(chats_at(c, 1).body, "出售");
    chats_free(c);
    c = wire(T("00") "= charset big5\n" T(
        "01") "< :a!u@h PRIVMSG #c :\xa5\x58\xb0\xe2\xa6\xd7\xc2\xfb\xa4\x40\xa7"
              "\xe5\n");
    assert_text(chats_at(c, 0).body, "出售肉雞一批");
    chats_free(c);
}

static void test_irc_wire__takes_ids_times_and_accounts_of_tags(void **state)
{
    struct chats *c = wire(T("00") "= network Black\\Net\n" T(
        "09") "< @time=2026-11-24T14:59:59.250Z;msgid=AbC;account=老K;"
              "+draft/reply=Zz :a!u@h PRIVMSG #c :one\n" T(
                  "09") "< @time=nonsense;msgid= :a!u@h PRIVMSG #c :two\n");
    struct mud_post post = chats_at(c, 0);

    (void)state;
    assert_text(post.post, "AbC");
    assert_text(post.author_id, "老K");
    assert_text(post.reply_to, "Zz");
    assert_text(post.site, "Black\\Net");
    assert_int_equal(post.posted, INT64_C(1795532399250000));
    post = chats_at(c, 1);
    assert_int_equal(post.post.n, 20);
    assert_int_equal(post.posted, INT64_C(1795532409000000));
    chats_free(c);
}

/* The same line has the same id in whatever file it stands; a topic that is told
 * again is the same. */
static void test_irc_wire__ids_are_stable(void **state)
{
    static const char said[] = T("09.1") "< :a!u@h PRIVMSG #c :one\n";
    struct chats *a = wire(mudtest_text("%s%s", IN, said)), *b = wire(said);

    (void)state;
    assert_bytes(chats_at(a, 0).post, chats_at(b, 0).post);
    chats_free(a);
    chats_free(b);
    a = wire(T("01") "< :s 332 r #c :公告\n" T("05") "< :s 332 r #c :公告\n" T(
        "06") "< :s 332 r #c :新公告\n");
    assert_bytes(chats_at(a, 0).post, chats_at(a, 1).post);
    assert_false(mud_str_eq(chats_at(a, 0).post, chats_at(a, 2).post));
    chats_free(a);
}

struct heard {
    struct chats chats;
    struct mud_buf out;
};

static bool on_heard(struct mud_str place, int64_t from, int64_t until,
                     void *payload, struct mud_error *err)
{
    struct heard *heard = payload;
    const int64_t zero = INT64_C(1795532400000000);

    (void)err;
    mud_buf_printf(&heard->out,
                   "%.*s %d-%d;",
                   MUD_FMT(place),
                   (int)((from - zero) / MUD_SECOND),
                   (int)((until - zero) / MUD_SECOND));
    return true;
}

static void test_irc_wire__tells_when_rooms_were_heard(void **state)
{
    static const struct {
        const char *lines, *heard;
    } rows[] = {
        /* until the last line of the server, not the last of the file */
        {IN T("05") "< PING :x\n" T("09") "> PONG :x\n", "#c 1-5;"},
        {IN T("05") "< PING :x\n" T("06") "= out #c kicked\n" T(
             "09") "< PING :x\n",
         "#c 1-5;"},
        {IN T("05") "< PING :x\n" T("30") "= gone lost\n" T(
             "40") "= in #c 2026-11-24T15:00:40Z\n" T("45") "< PING :x\n",
         "#c 1-5;#c 40-45;"},
        {IN T("02") "= in #d 2026-11-24T15:00:02Z\n" T("05") "< PING :x\n",
         "#c 1-5;#d 2-5;"},
        {T("05") "= filled #c 2026-11-24T15:00:01Z 2026-11-24T15:00:04Z\n",
         "#c 1-4;"},
        /* nothing was heard */
        {IN, ""},
        {T("05") "= in #c nonsense\n" T("06") "< PING :x\n", ""},
        {T("05") "= filled #c x\n", ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct heard heard = {
            .chats = {.text = mud_str_z(mudtest_text(HEAD "%s", rows[i].lines)),
                      .step = 7}};
        struct mud_chat_in in = {.bytes = {chats_take, &heard.chats}};
        const struct mud_chat_sink sink = {
            chats_post, chats_note, &heard, on_heard};
        struct mud_error err = {0};

        assert_ok(mud_chat_irc_wire.read(&in, &sink, &err), &err);
        assert_text(mud_buf_view(&heard.out), rows[i].heard);
        mud_buf_free(&heard.out);
        mud_buf_free(&heard.chats.lines);
    }
}

static void test_irc_wire__tells_a_netsplit_once(void **state)
{
    struct chats *c = wire(
        T("01") "< :a!u@h QUIT :hub.example leaf.example\n" T("01") "< :b!u@h QUIT :hub.example leaf.example\n" T(
            "02") "< :c!u@h QUIT :*.net *.split\n" T("02") "< :d!u@h QUIT :see http://a.example b.example\n" T("03") "< :e!u@h QUIT :ok. bye.\n");

    (void)state;
    assert_string_equal(c->codes, "netsplit netsplit ");
    assert_int_equal(c->posts, 5);
    chats_free(c);
}

static void test_irc_wire__sets_odd_lines_aside(void **state)
{
    char *line = mud_malloc(200000);
    struct chats *c;

    (void)state;
    memset(line, 'x', 199999);
    line[199999] = '\0';
    c = wire(mudtest_text(
        "nonsense\n" T("01") "< :a!u@h PRIVMSG #c :%s\n"
                             "%s\n" T("02") "< :a!u@h PRIVMSG #c :good\n" T(
                                 "03") "< :a!u@h PRIVMSG #c :cut",
        line,
        line));
    assert_string_equal(c->codes, "odd-line odd-line odd-line ");
    assert_int_equal(c->posts, 2); /* the last of a killed listener too */
    assert_text(chats_at(c, 0).body, "good");
    chats_free(c);
    free(line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_irc_wire__reads_what_is_said),
        cmocka_unit_test(test_irc_wire__passes_over_the_rest),
        cmocka_unit_test(test_irc_wire__reads_old_clients),
        cmocka_unit_test(test_irc_wire__takes_ids_times_and_accounts_of_tags),
        cmocka_unit_test(test_irc_wire__ids_are_stable),
        cmocka_unit_test(test_irc_wire__tells_when_rooms_were_heard),
        cmocka_unit_test(test_irc_wire__tells_a_netsplit_once),
        cmocka_unit_test(test_irc_wire__sets_odd_lines_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
