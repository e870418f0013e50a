/*
 * What is heard in rooms of XMPP is there within seconds, whatever was missing at
 * first: the room, the server, the database. See tests/run/xmpptest.h.
 */
#ifndef MUDTEST_STROPHE

int main(void)
{
    return 0;
}

#else

#    include "run/health.h"
#    include "tests/run/xmpptest.h"

#    include <pthread.h>
#    include <signal.h>

enum {
    PROMPT_S = 12
};

struct listener {
    struct trial *trial;
    struct mud_report report;
    struct mud_error err;
    pthread_t thread;
    bool good;
};

static volatile sig_atomic_t stopped;
static volatile sig_atomic_t beats;

static void beat(int64_t done, int64_t waiting, void *payload)
{
    (void)done;
    (void)waiting;
    (void)payload;
    beats = beats + 1;
}

static void *listen_in(void *payload)
{
    struct listener *l = payload;
    struct mud_crawl_options options = {
        .live = true, .stop = &stopped, .progress = beat};
    struct mud_source source;
    struct mud_worker *worker = &l->trial->kit.worker;
    bool ours;

    l->good = mud_source_load(&source,
                              worker->pg,
                              l->trial->kit.source.name,
                              l->trial->kit.arena,
                              &l->err) &&
              mud_health_begin(
                  &ours, worker->pg, &source, false, worker->name, &l->err) &&
              mud_collect(&l->report, worker, &source, &options, &l->err);
    return NULL;
}

static void begin(struct listener *l, struct trial *t)
{
    *l = (struct listener){.trial = t};
    stopped = beats = 0;
    assert_int_equal(pthread_create(&l->thread, NULL, listen_in, l), 0);
}

static void end(struct listener *l)
{
    stopped = 1;
    pthread_join(l->thread, NULL);
    assert_ok(l->good, &l->err);
}

/* Until a statement gives n, for so long as may pass at most. */
static void becomes(struct trial *t, int64_t n, const char *sql)
{
    int64_t until = mud_monotonic() + PROMPT_S * MUD_SECOND;

    while (mud_test_pg_int(t->kit.pg, sql) != n && mud_monotonic() < until)
        usleep(50000);
    assert_int_equal(mud_test_pg_int(t->kit.pg, sql), n);
}

static void becomes_said(struct trial *t, int64_t n)
{
    becomes(
        t, n, "SELECT count(*) FROM mud.post WHERE extra->>'service' IS NULL");
}

/* The room is gone whenever the last one leaves it, so it may not be there yet. */
static void test_xmpp__hears_a_room_that_comes_later(void **state)
{
    static const char *const rooms[] = {"later@rooms.chat.example"};
    struct trial t;
    struct listener l;

    (void)state;
    if (!prosody)
        skip();
    open_trial(&t, "always", starttls(), rooms, 1);
    size_t mark = mud_prosody_log(prosody).n;
    begin(&l, &t);
    await(mark, "item-not-found");
    becomes(&t,
            1,
            "SELECT least(count(*), 1) FROM mud.outcome WHERE what = "
            "'no-such-room'");
    struct speaker *wang = speaker("wang");
    come(wang, rooms[0], "老王");
    say(wang, rooms[0], "a1", "肉鸡 500 台", "");
    becomes_said(&t, 1);
    say(wang, rooms[0], "a2", "肉鸡 700 台", "");
    becomes_said(&t, 2);

    /* nobody speaks, and it is seen to live */
    beats = 0;
    pump(wang, 2500);
    assert_true(beats >= 2);

    /* the database takes its connections away: nothing is lost, nobody leaves */
    mark = mud_prosody_log(prosody).n;
    mud_test_pg_exec(t.kit.pg,
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE pid <> pg_backend_pid() AND datname = "
                     "current_database()");
    say(wang, rooms[0], "a3", "肉鸡 900 台", "");
    becomes_said(&t, 3);
    struct mud_str log = mud_prosody_log(prosody);
    assert_int_equal(mud_str_find(mud_str_sub(log, mark, log.n),
                                  MUD_STR("Authenticated as watcher@")),
                     MUD_NPOS);
    end(&l);
    assert_once(&t, rooms[0], 3);
    silence(wang);
    kit_close(&t.kit);
}

/* It is said at once that there is no connection, and that there is one again. */
static void test_xmpp__says_that_the_server_is_away(void **state)
{
    static const char *const rooms[] = {MARKET};
    struct trial t;
    struct listener l;

    (void)state;
    if (!prosody)
        skip();
    open_trial(&t, "always", starttls(), rooms, 1);
    mud_prosody_kill(prosody);
    begin(&l, &t);
    becomes(&t,
            1,
            "SELECT count(*) FROM mud.health WHERE failures > 0 AND "
            "error_kind = 'network'");
    assert_true(mud_test_pg_int(t.kit.pg,
                                "SELECT count(*) FROM mud.outcome WHERE class "
                                "= 'error' AND what = 'network'") > 0);
    beats = 0;
    usleep(1000000);
    assert_true(beats > 0);
    mud_prosody_again(prosody);
    struct speaker *wang = speaker("wang");
    come(wang, MARKET, "老王");
    say(wang, MARKET, "s1", "在线接单", "");
    becomes(&t,
            1,
            "SELECT count(*) FROM mud.health WHERE failures = 0 AND "
            "success_at IS NOT NULL");
    becomes_said(&t, 1);
    end(&l);
    silence(wang);
    kit_close(&t.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmpp__hears_a_room_that_comes_later),
        cmocka_unit_test(test_xmpp__says_that_the_server_is_away),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
