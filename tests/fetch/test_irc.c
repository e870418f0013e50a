/* What the guest says on IRC, and what it never says (fetch/irc.h). */
#include "fetch/irc.h"

#include "tests/support/mudtest.h"

#include <stdlib.h>

struct guest {
    struct mud_irc *irc;
    struct mud_buf said, shown, told;
    int64_t now;
    struct mud_error err;
    struct mud_irc_room rooms[3];
    struct mud_irc_options o;
};

static void on_say(struct mud_str line, struct mud_str shown, void *payload)
{
    struct guest *g = payload;

    assert_true(mud_str_ends(line, MUD_STR("\r\n")));
    assert_int_equal(mud_str_chr(mud_str_sub(line, 0, line.n - 2), '\n'),
                     MUD_NPOS);
    mud_buf_str(&g->said, mud_str_sub(line, 0, line.n - 2));
    mud_buf_c(&g->said, '|');
    mud_buf_str(&g->shown, shown);
    mud_buf_c(&g->shown, '|');
}

static void on_event(const struct mud_irc_event *event, void *payload)
{
    static const char *const names[] = {"ready",
                                        "nick",
                                        "network",
                                        "in",
                                        "out",
                                        "refused",
                                        "filled",
                                        "unasked",
                                        "odd"};
    struct guest *g = payload;

    mud_buf_printf(&g->told,
                   "%s %.*s%s%.*s|",
                   names[event->what],
                   MUD_FMT(event->room),
                   event->room.n && event->text.n ? " " : "",
                   MUD_FMT(event->text));
}

static struct guest *guest_new(void)
{
    struct guest *g = mud_calloc(1, sizeof *g);

    g->rooms[0].name = MUD_STR("#c");
    g->rooms[1].name = MUD_STR("#d");
    g->o = (struct mud_irc_options){.nick = MUD_STR("reader"),
                                    .rooms = g->rooms,
                                    .n_rooms = 1,
                                    .say = on_say,
                                    .event = on_event,
                                    .payload = g};
    g->now = INT64_C(1795532400000000);
    return g;
}

static void guest_free(struct guest *g)
{
    mud_irc_free(g->irc);
    mud_buf_free(&g->said);
    mud_buf_free(&g->shown);
    mud_buf_free(&g->told);
    free(g);
}

static void forget(struct guest *g)
{
    mud_buf_clear(&g->said);
    mud_buf_clear(&g->shown);
    mud_buf_clear(&g->told);
}

static void begin(struct guest *g)
{
    assert_ok(mud_irc_new(&g->irc, &g->o, &g->err), &g->err);
    mud_irc_begin(g->irc, g->now);
}

/* Lines of the server, parted by "|". */
static bool hear(struct guest *g, const char *lines)
{
    struct mud_str rest = mud_str_z(lines), line;
    bool good = true;

    while (good && rest.n && mud_str_cut(&rest, '|', &line)) {
        g->now += 1000;
        good = mud_irc_hear(g->irc, line, g->now, &g->err);
    }
    return good;
}

static bool wait(struct guest *g, int seconds)
{
    bool good = true;

    for (int i = 0; good && i < seconds; i++) {
        g->now += MUD_SECOND;
        good = mud_irc_tick(g->irc, g->now, &g->err);
    }
    return good;
}

static void come_in(struct guest *g)
{
    begin(g);
    assert_true(hear(g,
                     ":s CAP * LS :multi-prefix|:s CAP * ACK :multi-prefix|"
                     ":s 001 reader :Welcome|:s 376 reader :End"));
    assert_true(wait(g, 3));
}

static void enter(struct guest *g)
{
    come_in(g);
    assert_true(hear(g, ":reader!u@h JOIN #c"));
    forget(g);
}

static void test_irc__comes_in(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    g->o.n_rooms = 2;
    come_in(g);
    assert_text(mud_buf_view(&g->said),
                "CAP LS 302|NICK reader|USER reader 0 * :reader|CAP REQ "
                ":multi-prefix|CAP END|JOIN #c,#d|");
    forget(g);
    assert_false(mud_irc_settled(g->irc));
    assert_true(hear(g,
                     ":s 005 reader NETWORK=Black CHANTYPES=# :are supported|"
                     ":reader!u@h JOIN :#C|:s 474 reader #d :Cannot join|"
                     "PING :tok en"));
    assert_text(mud_buf_view(&g->told),
                "network Black|in #c|refused #d banned|");
    assert_text(mud_buf_view(&g->said), "PONG :tok en|");
    assert_true(mud_irc_settled(g->irc));
    forget(g);
    assert_true(hear(g,
                     ":a!u@h PRIVMSG #c :hi reader|:a!u@h PRIVMSG reader "
                     ":\x01VERSION\x01|:a!u@h INVITE reader #x|:a!u@h NOTICE "
                     "reader :\x01PING 1\x01"));
    assert_true(wait(g, 80));
    assert_text(mud_buf_view(&g->said), "");
    guest_free(g);
}

static void test_irc__takes_another_nick(void **state)
{
    static const struct mud_str others[] = {{"second", 6}};
    struct guest *g = guest_new();

    (void)state;
    g->o.others = others;
    g->o.n_others = 1;
    begin(g);
    forget(g);
    assert_true(hear(g, ":s 433 * reader :in use|:s 433 * second :in use"));
    assert_has(mud_buf_view(&g->said), "NICK second|NICK reader");
    assert_false(hear(g,
                      ":s 433 * x :|:s 433 * x :|:s 433 * x :|:s 433 * x :|:s "
                      "433 * x :|:s 433 * x :|:s 433 * x :|:s 433 * x :|"));
    assert_int_equal(g->err.code, MUD_ENET);
    guest_free(g);
}

/* SASL PLAIN (RFC 4616; ircv3.net/specs/extensions/sasl-3.1), the password
 * nowhere in what is shown. */
static void test_irc__logs_in_by_sasl(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    g->o.sasl_user = MUD_STR("acct");
    g->o.sasl_password = MUD_STR("made-up pass");
    g->o.server_password = MUD_STR("hello");
    begin(g);
    assert_true(hear(g,
                     ":s CAP * LS * :server-time x=y|:s CAP * LS "
                     ":sasl=EXTERNAL,PLAIN draft/chathistory"));
    assert_has(mud_buf_view(&g->said),
               "CAP REQ :server-time draft/chathistory sasl|");
    assert_true(hear(g,
                     ":s CAP reader ACK :server-time draft/chathistory sasl|"
                     "AUTHENTICATE +"));
    assert_has(mud_buf_view(&g->said), /* "\0acct\0made-up pass" */
               "AUTHENTICATE PLAIN|AUTHENTICATE AGFjY3QAbWFkZS11cCBwYXNz|");
    assert_lacks(mud_buf_view(&g->said), "CAP END");
    assert_true(hear(g, ":s 903 reader :SASL authentication successful"));
    assert_has(mud_buf_view(&g->said), "CAP END|");
    assert_lacks(mud_buf_view(&g->shown), "AGFjY3Q");
    assert_has(mud_buf_view(&g->shown), "PASS [withheld]|");
    assert_has(mud_buf_view(&g->shown), "AUTHENTICATE [withheld]|");
    guest_free(g);

    g = guest_new(); /* 300 bytes and more: by pieces of 400 */
    char long_one[298];
    memset(long_one, 'p', sizeof long_one);
    g->o.sasl_user = MUD_STR("");
    g->o.sasl_password = mud_str_of(long_one, 292);
    begin(g);
    assert_true(hear(g, ":s CAP * LS :sasl|:s CAP * ACK :sasl"));
    forget(g);
    assert_true(hear(g, "AUTHENTICATE +"));
    struct mud_str said = mud_buf_view(&g->said), part;
    assert_true(mud_str_cut(&said, '|', &part)); /* 1 + 6 + 1 + 292 = 300 */
    assert_int_equal(part.n, strlen("AUTHENTICATE ") + 400);
    assert_text(said, "AUTHENTICATE +|");
    guest_free(g);
}

static void test_irc__is_told_that_a_password_is_refused(void **state)
{
    static const char *const lines[] = {
        ":s CAP * LS :sasl|:s CAP * ACK :sasl|AUTHENTICATE +|:s 904 reader :no",
        ":s 464 reader :Password incorrect"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(lines); i++) {
        struct guest *g = guest_new();
        g->o.sasl_password = MUD_STR("wrong");
        begin(g);
        assert_false(hear(g, lines[i]));
        assert_int_equal(g->err.code, MUD_EDENIED);
        guest_free(g);
    }
}

static void test_irc__identifies_with_nickserv(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    g->o.nickserv_password = MUD_STR("s3cret");
    begin(g);
    forget(g);
    assert_true(hear(g, ":s 001 reader :Hi|:s 422 reader :no motd"));
    assert_text(mud_buf_view(&g->said), "PRIVMSG NickServ :IDENTIFY s3cret|");
    assert_text(mud_buf_view(&g->shown),
                "PRIVMSG NickServ :IDENTIFY [withheld]|");
    assert_true(wait(g, 3)); /* rooms wait for it */
    assert_lacks(mud_buf_view(&g->said), "JOIN");
    assert_true(wait(g, 4));
    assert_has(mud_buf_view(&g->said), "JOIN #c|");
    guest_free(g);

    g = guest_new(); /* our own ghost has the nick */
    g->o.nickserv_password = MUD_STR("s3cret");
    begin(g);
    assert_true(hear(g, ":s 433 * reader :in use"));
    forget(g);
    assert_true(hear(g, ":s 001 reader9 :Hi|:s 422 reader9 :no motd"));
    assert_true(wait(g, 10));
    assert_text(mud_buf_view(&g->said),
                "PRIVMSG NickServ :GHOST reader s3cret|NICK reader|JOIN #c|");
    assert_true(hear(g, ":reader9!u@h NICK reader|:reader!u@h JOIN #c"));
    assert_has(mud_buf_view(&g->told), "nick reader|in #c|");
    guest_free(g);
}

static void test_irc__leaves_what_nobody_approved(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    enter(g);
    assert_true(hear(g, ":reader!u@h JOIN #forced"));
    assert_text(mud_buf_view(&g->said), "PART #forced|");
    assert_text(mud_buf_view(&g->told), "unasked #forced|");
    assert_true(mud_irc_approved(g->irc, MUD_STR(":a!u@h PRIVMSG #C :x")));
    assert_true(mud_irc_approved(g->irc, MUD_STR(":a!u@h PRIVMSG @#c :x")));
    assert_true(mud_irc_approved(g->irc, MUD_STR(":a!u@h QUIT :#d is bad")));
    assert_true(mud_irc_approved(g->irc, MUD_STR(":a!u@h NICK b")));
    assert_true(mud_irc_approved(g->irc, MUD_STR(":s 353 reader = #c :a b")));
    assert_true(mud_irc_approved(g->irc, MUD_STR(":s 372 reader :- #motd")));
    assert_false(mud_irc_approved(g->irc, MUD_STR(":a!u@h PRIVMSG #d :x")));
    assert_false(mud_irc_approved(g->irc, MUD_STR(":reader!u@h JOIN :#d")));
    assert_false(mud_irc_approved(g->irc, MUD_STR(":s 353 reader = #d :a b")));
    assert_false(mud_irc_approved(g->irc, MUD_STR(":s 332 reader #d :topic")));
    guest_free(g);
}

static void test_irc__stays_out_after_a_kick(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    g->o.n_rooms = 2;
    enter(g);
    assert_true(hear(g,
                     ":reader!u@h JOIN #d|:op!u@h KICK #c other :x|"
                     ":op!u@h KICK #c reader :go away"));
    assert_text(mud_buf_view(&g->told), "in #d|out #c kicked by op (go away)|");
    assert_true(wait(g, 80));
    assert_lacks(mud_buf_view(&g->said), "JOIN");
    assert_false(hear(g, ":op!u@h KICK #d reader :too"));
    assert_int_equal(g->err.code, MUD_EDENIED);
    assert_has(mud_str_z(g->err.text), "#d: kicked by op (too)");
    guest_free(g);
}

static void test_irc__comes_back_where_it_may(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    g->o.rejoin = true;
    enter(g);
    for (int i = 0; i < 3; i++) {
        assert_true(hear(g, ":op!u@h KICK #c reader"));
        forget(g);
        assert_true(wait(g, 50));
        assert_text(mud_buf_view(&g->said), "");
        assert_true(wait(g, 20));
        assert_text(mud_buf_view(&g->said), "JOIN #c|");
        assert_true(hear(g, ":reader!u@h JOIN #c"));
    }
    assert_false(hear(g, ":op!u@h KICK #c reader"));
    guest_free(g);
}

static void test_irc__tells_a_ban_from_a_bad_day(void **state)
{
    static const struct {
        const char *line;
        enum mud_code code;
    } rows[] = {
        {"ERROR :Closing Link: reader (Throttled)", MUD_ENET},
        {"ERROR :Closing Link: reader (Server shutting down)", MUD_ENET},
        {"ERROR :Closing Link: [1.2.3.4] (K-Lined)", MUD_EDENIED},
        {"ERROR :You are banned from this server", MUD_EDENIED},
        {"ERROR :Access denied: Bad password?", MUD_EDENIED},
        {":s 465 reader :You are banned", MUD_EDENIED},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct guest *g = guest_new();
        enter(g);
        assert_false(hear(g, rows[i].line));
        assert_int_equal(g->err.code, rows[i].code);
        guest_free(g);
    }
}

static void test_irc__notices_silence(void **state)
{
    struct guest *g = guest_new();

    (void)state;
    begin(g); /* no welcome */
    assert_false(wait(g, 70));
    guest_free(g);
    g = guest_new();
    enter(g);
    assert_true(wait(g, 100));
    assert_has(mud_buf_view(&g->said), "PING :");
    assert_true(hear(g, ":s PONG s :x"));
    assert_true(wait(g, 175));
    assert_false(wait(g, 10));
    assert_int_equal(g->err.code, MUD_ENET);
    guest_free(g);
    g = guest_new(); /* a room that is never answered */
    come_in(g);
    for (int i = 0; i < 3; i++) {
        assert_true(hear(g, "PING :x"));
        if (!wait(g, 45))
            break;
    }
    assert_has(mud_buf_view(&g->told), "refused #c no answer|");
    guest_free(g);
}

static void test_irc__says_one_line_whatever_it_is_given(void **state)
{
    struct guest *g = guest_new();
    char line[2100] = "PING :";

    (void)state;
    enter(g);
    memset(line + 6, 'x', 2000);
    assert_true(hear(g, line));
    assert_true(mud_buf_view(&g->said).n < 512);
    assert_true(hear(g, ":reader!u@h JOIN #a\rPRIVMSG"));
    assert_lacks(mud_buf_view(&g->said), "PRIVMSG");
    guest_free(g);
}

static void test_irc__refuses_names_that_are_none(void **state)
{
    static const char *const nicks[] = {
        "", "a b", "#a", "a\r\nQUIT", ":a", "1a", "a!b", "-a"};
    static const char *const rooms[] = {
        "c", "#", "#a b", "#a,#b", "#a\nQUIT", "#a\x07"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(nicks); i++) {
        struct guest *g = guest_new();
        g->o.nick = mud_str_z(nicks[i]);
        assert_fails(
            mud_irc_new(&g->irc, &g->o, &g->err), &g->err, MUD_EUSAGE, "nick");
        guest_free(g);
    }
    for (size_t i = 0; i < MUDTEST_ROWS(rooms); i++) {
        struct guest *g = guest_new();
        g->rooms[0].name = mud_str_z(rooms[i]);
        assert_fails(
            mud_irc_new(&g->irc, &g->o, &g->err), &g->err, MUD_EUSAGE, "room");
        guest_free(g);
    }
}

#define CAPS                                                         \
    ":s CAP * LS :batch server-time message-tags draft/chathistory|" \
    ":s CAP * ACK :batch server-time message-tags draft/chathistory|"
#define PAST(ref, time) "@batch=" ref ";time=" time " :a!u@h PRIVMSG #c :x|"

static struct guest *with_history(int64_t since)
{
    struct guest *g = guest_new();

    g->rooms[0].since = since;
    begin(g);
    assert_true(hear(g,
                     CAPS ":s 001 reader :Hi|:s 005 reader CHATHISTORY=50 "
                          ":are|:s 376 reader :End"));
    assert_true(wait(g, 3));
    assert_true(hear(g, ":reader!u@h JOIN #c"));
    forget(g);
    assert_true(wait(g, 3));
    return g;
}

/* ircv3.net/specs/extensions/chathistory: forwards from what was heard. */
static void test_irc__fills_a_gap_from_history(void **state)
{
    struct guest *g = with_history(INT64_C(1795532000250000));

    (void)state;
    assert_text(mud_buf_view(&g->said),
                "CHATHISTORY AFTER #c timestamp=2026-11-24T14:53:20.250Z 50|");
    assert_false(mud_irc_settled(g->irc));
    forget(g);
    assert_true(
        hear(g,
             ":s BATCH +r chathistory #c|" PAST("r", "2026-11-24T14:54:00.000Z")
                 PAST("r", "2026-11-24T14:55:00.000Z")
                     PAST("other", "2026-11-24T14:59:00.000Z") ":s BATCH -r"));
    assert_true(wait(g, 2));
    assert_text(mud_buf_view(&g->said),
                "CHATHISTORY AFTER #c timestamp=2026-11-24T14:55:00.000Z 50|");
    assert_true(hear(g, ":s BATCH +q chathistory #c|:s BATCH -q"));
    assert_text(mud_buf_view(&g->told), "filled #c|");
    assert_true(mud_irc_settled(g->irc));
    guest_free(g);
}

static void test_irc__reads_some_of_the_past_of_a_new_room(void **state)
{
    struct guest *g = with_history(0);

    (void)state;
    assert_text(mud_buf_view(&g->said), "CHATHISTORY LATEST #c * 50|");
    forget(g);
    assert_true(
        hear(g,
             ":s BATCH +r chathistory #c|" PAST("r", "2026-11-24T14:54:00.000Z")
                 PAST("r", "2026-11-24T14:55:00.000Z") ":s BATCH -r"));
    assert_true(wait(g, 2));
    assert_text(mud_buf_view(&g->said),
                "CHATHISTORY BEFORE #c timestamp=2026-11-24T14:54:00.000Z 50|");
    /* the same page again is no progress */
    assert_true(
        hear(g,
             ":s BATCH +r chathistory #c|" PAST("r", "2026-11-24T14:54:00.000Z")
                 PAST("r", "2026-11-24T14:55:00.000Z") ":s BATCH -r"));
    assert_text(mud_buf_view(&g->told), "filled #c|");
    assert_true(mud_irc_settled(g->irc));
    guest_free(g);
}

/* A server whose history has no end, gives no answer or refuses. */
static void test_irc__history_has_a_budget(void **state)
{
    struct guest *g = with_history(INT64_C(1000000));
    int pages = 0;

    (void)state;
    for (; pages < 1000 && !mud_irc_settled(g->irc); pages++) {
        char at[MUD_TIME_TEXT];
        mud_time_text(at, (pages + 2) * MUD_SECOND, true);
        assert_true(hear(g,
                         mudtest_text(":s BATCH +r chathistory #c|@batch=r;"
                                      "time=%s :a!u@h PRIVMSG #c :x|:s "
                                      "BATCH -r",
                                      at)));
        assert_true(wait(g, 2));
    }
    assert_int_equal(pages, 200);
    assert_has(mud_buf_view(&g->told), "odd #c there is more history");
    guest_free(g);
    g = with_history(INT64_C(1000000));
    assert_true(wait(g, 40));
    assert_has(mud_buf_view(&g->told), "odd #c the history was not answered|");
    guest_free(g);
    g = with_history(INT64_C(1000000));
    assert_true(hear(g, "FAIL CHATHISTORY MESSAGE_ERROR AFTER #c :no"));
    assert_has(mud_buf_view(&g->told), "odd #c the server refuses");
    assert_true(mud_irc_settled(g->irc));
    guest_free(g);
}

static void test_irc_message__is_taken_apart(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_irc_message m;
    struct mud_str value;

    (void)state;
    assert_true(mud_irc_read(
        &m,
        MUD_STR("@a=1;b;c=x\\:y\\sz\\\\\\ :n!u@h.example  CMD p1  p2 :the "
                "rest :of it")));
    assert_text(m.nick, "n");
    assert_text(m.user, "u");
    assert_text(m.host, "h.example");
    assert_text(m.command, "CMD");
    assert_int_equal(m.n, 3);
    assert_text(mud_irc_param(&m, 1), "p2");
    assert_text(mud_irc_last(&m), "the rest :of it");
    assert_true(mud_irc_tag(&m, "c", &value, arena));
    assert_text(value, "x;y z\\");
    assert_true(mud_irc_tag(&m, "b", &value, arena));
    assert_text(value, "");
    assert_false(mud_irc_tag(&m, "d", &value, arena));
    assert_true(mud_irc_read(&m, MUD_STR("PING :")));
    assert_int_equal(m.n, 1);
    assert_false(mud_irc_read(&m, MUD_STR("")));
    assert_false(mud_irc_read(&m, MUD_STR(":only.a.source")));
    assert_false(mud_irc_read(&m, MUD_STR("\x01\x02 x")));
    assert_true(mud_irc_read(
        &m, MUD_STR("C 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17")));
    assert_int_equal(m.n, MUD_IRC_PARAMS);
    assert_text(mud_irc_last(&m), "15 16 :17");
    assert_true(mud_irc_same(MUD_STR("#A[]"), MUD_STR("#a{}")));
    assert_false(mud_irc_same(MUD_STR("#a"), MUD_STR("#b")));
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_irc__comes_in),
        cmocka_unit_test(test_irc__takes_another_nick),
        cmocka_unit_test(test_irc__logs_in_by_sasl),
        cmocka_unit_test(test_irc__is_told_that_a_password_is_refused),
        cmocka_unit_test(test_irc__identifies_with_nickserv),
        cmocka_unit_test(test_irc__leaves_what_nobody_approved),
        cmocka_unit_test(test_irc__stays_out_after_a_kick),
        cmocka_unit_test(test_irc__comes_back_where_it_may),
        cmocka_unit_test(test_irc__tells_a_ban_from_a_bad_day),
        cmocka_unit_test(test_irc__notices_silence),
        cmocka_unit_test(test_irc__says_one_line_whatever_it_is_given),
        cmocka_unit_test(test_irc__refuses_names_that_are_none),
        cmocka_unit_test(test_irc__fills_a_gap_from_history),
        cmocka_unit_test(test_irc__reads_some_of_the_past_of_a_new_room),
        cmocka_unit_test(test_irc__history_has_a_budget),
        cmocka_unit_test(test_irc_message__is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
