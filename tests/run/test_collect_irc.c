/*
 * IRC against a real ngircd: a second client speaks, renames itself, kicks and
 * bans; server and listener are killed in between. What ngircd lacks (SASL,
 * history) has a server of its own in test_collect_irc_caps.c.
 */
#include "graph/gaps.h"
#include "run/collect.h"

#include "tests/run/listening.h"
#include "tests/support/ircd.h"

#define ROOM "#heichan"

static struct mud_ircd *ircd;
static struct kit kit; /* of all tests: to open one takes its time */

static void add(bool rejoin)
{
    static const struct mud_str rooms[] = {{ROOM, 8}};

    kit_irc(&kit, mud_ircd_port(ircd), rooms, 1, rejoin);
}

/* Somebody who has the room to himself at first, and so is its operator. */
static struct mud_ircc *seller_in(void)
{
    struct mud_ircc *seller = mud_ircc_new(mud_ircd_port(ircd), "seller", NULL);

    mud_ircc_say(seller, "JOIN " ROOM);
    mud_ircc_wait(seller, " 366 ");
    return seller;
}

static int64_t said(const char *what)
{
    return mud_test_pg_int(
        kit.pg,
        mudtest_text("SELECT count(*) FROM mud.post JOIN mud.content "
                     "USING (content_id) WHERE body = '%s'",
                     what));
}

/* Of the room: how long it was not heard, in stretches. */
static int64_t gaps(void)
{
    struct mud_gaps sum;

    assert_ok(mud_gaps_sum(&sum, kit.pg, kit.source.id, &kit.err), &kit.err);
    return sum.stretches;
}

/* Not a word of ours to anyone, and nothing but what a guest has to say. */
static void assert_was_silent(const struct mud_ircc *client)
{
    struct mudtest_run run;

    assert_lacks(mud_ircc_heard(client), ":reader!~reader@127.0.0.1 PRIVMSG");
    assert_lacks(mud_ircc_heard(client), "reader PRIVMSG");
    assert_lacks(mud_ircc_heard(client), "reader NOTICE");
    run = mudtest_sh("cd %s && find . -name '*.warc.gz' -exec zcat {} + | "
                     "grep -a ' > ' | grep -avE ' > (CAP|NICK|USER|JOIN|PING|"
                     "PONG|QUIT)' | head -3",
                     kit.home);
    assert_text(run.out, "");
    run = mudtest_sh("cd %s && find . -name '*.warc.gz' -exec zcat {} + | "
                     "grep -ac ' > JOIN'",
                     kit.home);
    assert_true(atoi(run.out.s) > 0);
}

static void assert_all_is_there(void)
{
    static const char *const all[] = {"出售国内肉鸡 QQ 9000112233",
                                      "出售肉鸡",
                                      "在线",
                                      "今日报价",
                                      "私聊加我",
                                      "VERSION",
                                      "改名了",
                                      "回来了",
                                      "服务器重启"};
    for (size_t i = 0; i < MUDTEST_ROWS(all); i++)
        if (said(all[i]) != 1)
            fail_msg("%s: %d times", all[i], (int)said(all[i]));
    assert_int_equal(said("无人听见"), 0);
    /* as it was changed, and as it stood when we came back */
    assert_int_equal(said("老店新开"), 2);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) FROM mud.post WHERE author = 'laoK'"),
        2);
    assert_int_equal(mud_test_pg_int(kit.pg,
                                     "SELECT count(*) FROM mud.post WHERE "
                                     "extra->>'service' = 'nick'"),
                     1);
    /* while the listener was dead, and while the server was */
    assert_int_equal(gaps(), 2);
}

static void test_irc__loses_nothing_and_doubles_nothing(void **state)
{
    struct mud_ircc *seller = seller_in();
    pid_t listener;

    (void)state;
    add(false);
    listener = listen_start(&kit);
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 JOIN :" ROOM);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :出售国内肉鸡 QQ 9000112233");
    mud_ircc_say(seller, "PRIVMSG " ROOM " :\xb3\xf6\xca\xdb\xc8\xe2\xbc\xa6");
    mud_ircc_say(seller,
                 "PRIVMSG " ROOM " :\x01"
                 "ACTION 在线\x01");
    mud_ircc_say(seller,
                 "NOTICE " ROOM " :\x02\x03"
                 "4今日\x03报价\x02");
    mud_ircc_say(seller, "TOPIC " ROOM " :老店新开");
    mud_ircc_say(seller, "PRIVMSG reader :私聊加我");
    mud_ircc_say(seller, "PRIVMSG reader :\x01VERSION\x01");
    mud_ircc_say(seller, "NICK laoK");
    mud_ircc_say(seller, "PRIVMSG " ROOM " :改名了");
    listen_until(&kit, ":改名了");
    assert_int_equal(listen_kill(listener), 128 + SIGKILL);
    assert_int_equal(kit_count(&kit, "mud.capture"), 0); /* in the spool */
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 QUIT");
    mud_ircc_say(seller, "PRIVMSG " ROOM " :无人听见");

    mud_ircc_forget(seller);
    listener = listen_start(&kit);
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 JOIN :" ROOM);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :回来了");
    listen_until(&kit, ":回来了");
    mud_ircd_kill(ircd);
    mud_ircc_free(seller);
    mud_ircd_restart(ircd);
    seller = seller_in();
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 JOIN :" ROOM);
    mud_ircc_say(seller, "PRIVMSG " ROOM " :服务器重启");
    listen_until(&kit, ":服务器重启");
    assert_int_equal(listen_stop(listener), 0);

    assert_all_is_there();
    assert_was_silent(seller);
    mud_ircc_free(seller);

    /* the same again from the vault changes nothing */
    int64_t posts = kit_count(&kit, "mud.post");
    mud_test_pg_exec(kit.pg, "DELETE FROM mud.capture_parsed");
    struct mud_unread unread = {.source = &kit.source};
    struct mud_report report = {0};
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err),
              &kit.err);
    assert_int_equal(kit_count(&kit, "mud.post"), posts);
    assert_int_equal(gaps(), 2);
}

static void test_irc__stops_when_it_is_kicked_out(void **state)
{
    struct mud_ircc *seller = seller_in();
    struct mud_source now;
    pid_t listener;

    (void)state;
    add(false);
    listener = listen_start(&kit);
    mud_ircc_wait(seller, ":reader!~reader@127.0.0.1 JOIN :" ROOM);
    mud_ircc_say(seller, "KICK " ROOM " reader :间谍");
    assert_int_equal(listen_wait(listener), 1);
    assert_ok(
        mud_source_load(&now, kit.pg, kit.source.name, kit.arena, &kit.err),
        &kit.err);
    assert_text(now.state, "stopped");
    assert_has(now.state_note, ROOM ": kicked by seller (间谍)");
    assert_int_equal(mud_test_pg_int(kit.pg,
                                     "SELECT count(*) FROM mud.post WHERE "
                                     "extra->>'service' = 'kick'"),
                     1);

    /* and it does not come back by itself: then it is banned as well */
    mud_ircc_say(seller, "MODE " ROOM " +b *!*@*");
    mud_ircc_wait(seller, "MODE " ROOM " +b");
    assert_ok(mud_source_set_state(kit.pg,
                                   kit.source.name,
                                   MUD_STR("active"),
                                   MUD_STR(""),
                                   MUD_STR("tester"),
                                   &kit.err),
              &kit.err);
    listener = listen_start(&kit);
    assert_int_equal(listen_wait(listener), 1);
    assert_ok(
        mud_source_load(&now, kit.pg, kit.source.name, kit.arena, &kit.err),
        &kit.err);
    assert_text(now.state, "stopped");
    assert_has(now.state_note, ROOM ": banned");
    mud_ircc_free(seller);
}

/* One round of `fetch`: it looks in, listens a little and goes. */
static void test_irc__a_round_comes_to_its_end(void **state)
{
    struct mud_ircc *other;
    struct mud_ircc *seller = seller_in();
    struct mud_report report;

    (void)state;
    add(false);
    other = mud_ircc_new(mud_ircd_port(ircd), "reader", NULL);
    mud_ircc_say(seller, "TOPIC " ROOM " :公告一");
    mud_ircc_wait(seller, "TOPIC " ROOM);
    kit_collect(&kit, &report); /* under another nick: ours is taken */
    assert_int_equal(report.captures, 1);
    assert_int_equal(said("公告一"), 1);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        mudtest_text("SELECT count(*) FROM mud.coverage WHERE "
                                     "place = '" ROOM "' AND unit = 'time' AND "
                                     "kind = 'group' AND source_id = %d",
                                     (int)kit.source.id)),
        1);
    mud_ircc_free(other);
    mud_ircc_free(seller);

    /* nobody answers */
    struct mud_crawl_options options = {0};
    mud_ircd_kill(ircd);
    assert_fails(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_ENET,
        "127.0.0.1");
    mud_ircd_restart(ircd);
}

static int start(void **state)
{
    (void)state;
    if (!mud_ircd_there()) {
        fprintf(stderr, "ngircd is not installed: scripts/deps test\n");
        return -1;
    }
    ircd = mud_ircd_start(NULL);
    kit_plain(&kit);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    mud_ircd_stop(ircd);
    kit_close(&kit);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_irc__loses_nothing_and_doubles_nothing),
        cmocka_unit_test(test_irc__stops_when_it_is_kicked_out),
        cmocka_unit_test(test_irc__a_round_comes_to_its_end),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
