/*
 * Rooms of XMPP as they are listened to: the server goes down, the worker is
 * killed, we are thrown out. See tests/run/xmpptest.h.
 */
#ifndef MUDTEST_STROPHE

int main(void)
{
    return 0;
}

#else

#    include "tests/run/xmpptest.h"

#    include <pthread.h>
#    include <signal.h>
#    include <sys/wait.h>

/* ---- live ---- */

struct listener {
    struct trial *trial;
    struct mud_report report;
    struct mud_error err;
    pthread_t thread;
    bool good;
};

static volatile sig_atomic_t stopped;

static void *listen_in(void *payload)
{
    struct listener *l = payload;
    struct mud_crawl_options options = {.live = true, .stop = &stopped};

    l->good = mud_collect(&l->report,
                          &l->trial->kit.worker,
                          &l->trial->kit.source,
                          &options,
                          &l->err);
    return NULL;
}

static void begin(struct listener *l, struct trial *t)
{
    *l = (struct listener){.trial = t};
    stopped = 0;
    assert_int_equal(pthread_create(&l->thread, NULL, listen_in, l), 0);
}

static void end(struct listener *l)
{
    stopped = 1;
    pthread_join(l->thread, NULL);
    assert_ok(l->good, &l->err);
}

static int64_t stretches(struct trial *t, const char *room)
{
    return kit_count(
        &t->kit,
        mudtest_text("mud.coverage WHERE place = '%s' AND unit = 'time'",
                     room));
}

static void test_xmpp__listens_and_fills_what_it_missed(void **state)
{
    static const char *const rooms[] = {"live@rooms.chat.example", BARE};
    const char *live = rooms[0];
    struct trial t;
    struct listener l;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, live, "老王");
    come(wang, BARE, "老王");
    say(wang, live, "v0", "before", "");
    open_trial(&t, "always", starttls(), rooms, 2);
    size_t mark = mud_prosody_log(prosody).n;
    begin(&l, &t);
    await(mark, "queryid=");
    await(mark, "to='bare@bare.chat.example/watcher'");
    pump(wang, 500);
    say(wang, live, "v1", "现货 2000 台", "");
    say(wang, live, "v2", "现货 3000 台", REPLACES("v1"));
    say(wang, BARE, "b1", "有四件套", "");
    xmpp_send_raw_string(wang->conn,
                         "<message type='groupchat' to='" BARE "'><subject>"
                         "四件套专场</subject></message>");
    xmpp_send_raw_string(
        wang->conn, "<presence to='%s/王五'/>", live); /* another nick */
    xmpp_send_raw_string(wang->conn,
                         "<message type='groupchat' to='%s'><subject>"
                         "只谈生意</subject></message>",
                         live);
    done(wang);
    struct speaker *li = speaker("li");
    come(li, live, "小李");
    silence(li);

    /* the server goes down, and people speak before we are back */
    mud_prosody_kill(prosody);
    silence(wang);
    mark = mud_prosody_log(prosody).n;
    mud_prosody_again(prosody);
    wang = speaker("wang");
    come(wang, live, "老王");
    say(wang, live, "v3", "换服务器了", "");
    await(mark, "from='bare@bare.chat.example/watcher'");
    pump(wang, 1500);
    say(wang, live, "v4", "4000 台", REPLACES("v3"));
    come(wang, BARE, "老王");
    say(wang, BARE, "b2", "还有四件套", "");
    pump(wang, 300);
    end(&l);

    assert_once(&t, live, 3); /* v0, v1, v3 */
    assert_once(&t, BARE, 2);
    assert_int_equal(services(&t, live, "nick"), 1);
    assert_int_equal(services(&t, live, "topic"), 1);
    assert_int_equal(services(&t, BARE, "topic"), 1); /* set, and found so */
    assert_int_equal(kit_count(&t.kit,
                               "mud.post WHERE extra->>'service' = 'join' AND "
                               "author = '小李'"),
                     1);
    assert_int_equal(kit_count(&t.kit,
                               "mud.post WHERE extra->>'service' = 'leave' AND "
                               "author = '小李'"),
                     1);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        "SELECT count(*) FROM (SELECT post_id FROM mud.post "
                        "GROUP BY 1 HAVING count(*) = 2) x"),
        2); /* both corrections */
    /* what the archive filled is covered in one piece; the other room has a
     * gap while the server was down */
    assert_int_equal(
        mud_test_pg_int(
            t.kit.pg,
            mudtest_text("SELECT count(*) FROM (SELECT read_from, max(read_to) "
                         "OVER (ORDER BY read_from ROWS BETWEEN UNBOUNDED "
                         "PRECEDING AND 1 PRECEDING) AS before FROM "
                         "mud.coverage WHERE place = '%s') x WHERE read_from > "
                         "before + 1",
                         live)),
        0);
    assert_true(stretches(&t, BARE) >= 2);
    assert_int_equal(
        mud_test_pg_int(
            t.kit.pg,
            mudtest_text("SELECT count(*) FROM (SELECT read_from, max(read_to) "
                         "OVER (ORDER BY read_from ROWS BETWEEN UNBOUNDED "
                         "PRECEDING AND 1 PRECEDING) AS before FROM "
                         "mud.coverage WHERE place = '%s') x WHERE read_from > "
                         "before + 1",
                         BARE)),
        1);

    /* what the server had of us: presence to these two rooms, no word */
    struct mud_str said = heard_of_watcher(0), line;
    assert_true(said.n > 0);
    while (said.n && mud_str_line(&said, &line)) {
        assert_true(mud_str_starts(line, MUD_STR("<presence ")));
        assert_true(mud_str_find(line, mud_str_z(live)) != MUD_NPOS ||
                    mud_str_find(line, MUD_STR(BARE)) != MUD_NPOS);
    }
    assert_kept_secret(&t);
    silence(wang);
    kit_close(&t.kit);
}

/* Thrown out, we stay out, in the next round as well; with rejoin we do not. */
static void test_xmpp__stays_out_when_thrown_out(void **state)
{
    static const char *const rooms[] = {"door@rooms.chat.example"};
    const char *room = rooms[0];
    struct mud_report report;
    struct trial t;
    struct listener l;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, room, "老王");
    say(wang, room, "d1", "查水表的滚", "");
    open_trial(&t, "always", starttls(), rooms, 1);
    size_t mark = mud_prosody_log(prosody).n;
    begin(&l, &t);
    await(mark, "queryid=");
    pump(wang, 300);
    xmpp_send_raw_string(
        wang->conn,
        "<iq type='set' id='kick' to='%s'><query "
        "xmlns='http://jabber.org/protocol/muc#admin'><item nick='watcher' "
        "role='none'/></query></iq>",
        room);
    done(wang);
    await(mark, "code='307'");
    pump(wang, 500);
    end(&l);
    assert_true(was_skipped(&l.report, "thrown-out"));
    assert_int_equal(services(&t, room, "kick"), 1);
    say(wang, room, "d2", "又来货了", "");
    mark = mud_prosody_log(prosody).n;
    kit_collect(&t.kit, &report);
    assert_true(was_skipped(&report, "stays-out"));
    assert_text(heard_of_watcher(mark), "");
    assert_once(&t, room, 2); /* its archive is open to all */
    t.kit.source.rejoin = true;
    kit_collect(&t.kit, &report);
    assert_has(heard_of_watcher(mark), "door@rooms.chat.example/watcher");
    silence(wang);
    kit_close(&t.kit);
}

/* ---- killed ---- */

static void test_xmpp__loses_nothing_when_killed(void **state)
{
    static const char *const rooms[] = {"kill@rooms.chat.example"};
    const char *room = rooms[0];
    struct mud_report report;
    struct trial t;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, room, "老王");
    open_trial(&t, "always", starttls(), rooms, 1);
    mud_worker_close(&t.kit.worker);
    for (int i = 0; i < 2; i++) {
        size_t mark = mud_prosody_log(prosody).n;
        pid_t pid = fork();

        if (pid == 0) {
            struct mud_crawl_options options = {.live = true};
            struct mud_report lost = {0};

            if (mud_worker_open(
                    &t.kit.worker, t.kit.home, "victim", &t.kit.err))
                (void)!mud_collect(
                    &lost, &t.kit.worker, &t.kit.source, &options, &t.kit.err);
            _exit(1);
        }
        await(mark, "to='kill@rooms.chat.example/watcher'");
        pump(wang, 500);
        say(wang, room, mudtest_text("k%d", i), mudtest_text("第%d批", i), "");
        pump(wang, 300);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        /* it was heard, and nothing but the file of the spool has it */
        assert_int_equal(
            mudtest_sh("grep -rl 第%d批 %s/spool", i, t.kit.home).code, 0);
    }
    say(wang, room, "k2", "第2批", "");
    kit_worker(&t.kit);
    kit_collect(&t.kit, &report);
    assert_once(&t, room, 3);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        "SELECT count(*) FROM mud.post WHERE extra->>'service' "
                        "IS NULL"),
        3);
    silence(wang);
    kit_close(&t.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmpp__listens_and_fills_what_it_missed),
        cmocka_unit_test(test_xmpp__stays_out_when_thrown_out),
        cmocka_unit_test(test_xmpp__loses_nothing_when_killed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
