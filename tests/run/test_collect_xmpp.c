/*
 * Rooms of XMPP against a real server (prosody). Who speaks in them is a client
 * of another make (libstrophe). Left out where one of the two is missing.
 */
#include "run/collect_xmpp.h"

#include "tests/run/runtest.h"
#include "tests/support/prosody.h"
#include "tests/support/socks5d.h"

#ifndef MUDTEST_STROPHE

int main(void)
{
    return 0;
}

#else

#    include <pthread.h>
#    include <signal.h>
#    include <strophe.h>
#    include <sys/stat.h>
#    include <sys/wait.h>
#    include <unistd.h>

#    define PASSWORD "made-up-Secret_7"
#    define MARKET   "market@rooms.chat.example"
#    define CAVE     "黑产@rooms.chat.example"
#    define BARE     "bare@bare.chat.example"

static struct mud_prosody *prosody;

static int set_up(void **state)
{
    static const char *const accounts[][2] = {
        {"watcher", PASSWORD}, {"wang", "pw-wang"}, {"li", "pw-li"}};
    (void)state;
    prosody = mud_prosody_start(accounts, 3);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_prosody_stop(prosody);
    return 0;
}

/* ---- who speaks ---- */

struct speaker {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    bool up;
    int pongs;
    char name[32];
};

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *payload)
{
    struct speaker *s = payload;

    (void)conn;
    (void)error;
    (void)stream_error;
    s->up = event == XMPP_CONN_CONNECT;
}

static int on_iq(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *payload)
{
    struct speaker *s = payload;

    (void)conn;
    (void)stanza;
    s->pongs++;
    return 1;
}

static void pump(struct speaker *s, int ms)
{
    int64_t end = mud_monotonic() + ms * 1000;

    while (mud_monotonic() < end)
        xmpp_run_once(s->ctx, 10);
}

/* All that was said before is with the server, and in its archive. */
static void done(struct speaker *s)
{
    int had = s->pongs;

    xmpp_send_raw_string(s->conn,
                         "<iq type='get' id='p%d' to='chat.example'><ping "
                         "xmlns='urn:xmpp:ping'/></iq>",
                         had);
    for (int i = 0; i < 500 && s->pongs == had; i++)
        xmpp_run_once(s->ctx, 10);
    assert_true(s->pongs > had);
}

static struct speaker *speaker(const char *name)
{
    struct speaker *s = mud_calloc(1, sizeof *s);
    const char *jid = mudtest_text("%s@chat.example", name);

    xmpp_initialize();
    snprintf(s->name, sizeof s->name, "%s", name);
    s->ctx = xmpp_ctx_new(NULL, NULL);
    s->conn = xmpp_conn_new(s->ctx);
    xmpp_conn_set_flags(s->conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_set_jid(s->conn, jid);
    xmpp_conn_set_pass(s->conn, mudtest_text("pw-%s", name));
    assert_int_equal(
        xmpp_connect_client(s->conn,
                            "127.0.0.1",
                            (unsigned short)mud_prosody_port(prosody),
                            on_event,
                            s),
        XMPP_EOK);
    for (int i = 0; i < 500 && !s->up; i++)
        xmpp_run_once(s->ctx, 10);
    assert_true(s->up);
    xmpp_handler_add(s->conn, on_iq, NULL, "iq", NULL, s);
    return s;
}

static void silence(struct speaker *s)
{
    xmpp_disconnect(s->conn);
    pump(s, 100);
    xmpp_conn_release(s->conn);
    xmpp_ctx_free(s->ctx);
    free(s);
}

static void come(struct speaker *s, const char *room, const char *nick)
{
    xmpp_send_raw_string(
        s->conn,
        "<presence to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'/>"
        "</presence>",
        room,
        nick);
    done(s);
}

static void say(struct speaker *s, const char *room, const char *id,
                const char *body, const char *more)
{
    xmpp_send_raw_string(s->conn,
                         "<message type='groupchat' to='%s' id='%s'>"
                         "<body>%s</body>%s</message>",
                         room,
                         id,
                         body,
                         more);
    done(s);
}

#    define REPLACES(id) \
        "<replace id='" id "' xmlns='urn:xmpp:message-correct:0'/>"

/* ---- who listens ---- */

struct trial {
    struct kit kit;
    struct mud_str rooms[8];
    size_t n;
};

static void open_trial(struct trial *t, const char *join, const char *url,
                       const char *const *rooms, size_t n)
{
    const char *path;

    *t = (struct trial){.n = n};
    for (size_t i = 0; i < n; i++)
        t->rooms[i] = mud_str_z(rooms[i]);
    kit_open(&t->kit);
    t->kit.source = (struct mud_source){
        .name = MUD_STR("s"),
        .kind = MUD_STR("xmpp"),
        .url = mud_str_z(url),
        .rooms = t->rooms,
        .n_rooms = n,
        .account = MUD_STR("watcher@chat.example"),
        .join = mud_str_z(join),
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 1,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(
        mud_source_add(&t->kit.source, t->kit.pg, t->kit.arena, &t->kit.err),
        &t->kit.err);
    path = mudtest_text("%s/secrets/watcher@chat.example", t->kit.home);
    mudtest_write(path, MUD_STR("password = " PASSWORD "\n"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(setenv("SSL_CERT_FILE", mud_prosody_ca(prosody), 1), 0);
}

static const char *starttls(void)
{
    return mudtest_text("xmpp://127.0.0.1:%u", mud_prosody_port(prosody));
}

static int64_t posts(struct trial *t, const char *where)
{
    return kit_count(&t->kit, mudtest_text("mud.post WHERE %s", where));
}

static bool was_skipped(const struct mud_report *report, const char *why)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, why) == 0)
            return true;
    return false;
}

static struct mud_str session_of(struct mud_str line)
{
    size_t at = mud_str_find(line, MUD_STR("c2s"));
    struct mud_str rest = mud_str_sub(line, at, line.n), name = {0};

    return at != MUD_NPOS && mud_str_cut(&rest, '\t', &name) ? name
                                                             : MUD_STR("none");
}

/* What the server had of the watcher since the mark, but iq. Sessions have names
 * in its log, which others may get later. */
static struct mud_str heard_of_watcher(size_t mark)
{
    struct mud_str log = mud_prosody_log(prosody), rest = log, line, own[64];
    struct mud_buf out = {0};
    size_t n = 0, asked = 0;

    while (rest.n && mud_str_line(&rest, &line)) {
        size_t at = mud_str_find(line, MUD_STR("RECV: "));
        struct mud_str session = session_of(line);
        size_t k = 0;

        while (k < n && !mud_str_eq(own[k], session))
            k++;
        if (mud_str_find(line, MUD_STR("Authenticated as watcher@")) !=
                MUD_NPOS &&
            k == n && n < MUDTEST_ROWS(own))
            own[n++] = session;
        else if (mud_str_find(line, MUD_STR("Authenticated as ")) != MUD_NPOS &&
                 k < n)
            own[k] = own[--n];
        if (at == MUD_NPOS || k >= n || line.s < log.s + mark)
            continue;
        struct mud_str stanza = mud_str_sub(line, at + 6, line.n);
        if (mud_str_starts(stanza, MUD_STR("<iq"))) {
            asked++;
        } else if (!mud_str_starts(stanza, MUD_STR("<auth")) &&
                   !mud_str_starts(stanza, MUD_STR("<response")) &&
                   !mud_str_starts(stanza, MUD_STR("<starttls"))) {
            mud_buf_str(&out, stanza);
            mud_buf_c(&out, '\n');
        }
    }
    assert_true(asked > 0); /* it was heard at all */
    const char *text = mudtest_text("%.*s", MUD_FMT(mud_buf_view(&out)));
    mud_buf_free(&out);
    return mud_str_z(text);
}

static void assert_kept_secret(struct trial *t)
{
    struct mudtest_run run = mudtest_sh(
        "cd %s && find . -name '*.warc.gz' -exec zcat {} + | grep -c '%s'; "
        "grep -rl '%s' --exclude-dir=secrets . | head -3",
        t->kit.home,
        PASSWORD,
        PASSWORD);

    assert_text(run.out, "0\n");
}

/* ---- archives ---- */

static void test_xmpp__reads_archives_without_going_in(void **state)
{
    static const char *const rooms[] = {
        MARKET, CAVE, "gone@rooms.chat.example"};
    struct trial t;
    struct mud_report report;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, MARKET, "老王");
    come(wang, CAVE, "王老板");
    for (int i = 0; i < 5; i++)
        say(wang,
            MARKET,
            mudtest_text("m%d", i),
            mudtest_text("出肉鸡%d台", i),
            "");
    say(wang, CAVE, "c1", "收四件套 &lt;诚信&gt;", "");
    size_t mark = mud_prosody_log(prosody).n;

    open_trial(&t, "", starttls(), rooms, 3);
    kit_collect(&t.kit, &report);
    assert_true(was_skipped(&report, "no-such-room"));
    assert_int_equal(posts(&t, "state = 0"), 6);
    assert_int_equal(posts(&t, "author = '老王'"), 5);
    assert_int_equal(
        kit_count(&t.kit, "mud.coverage WHERE unit = 'time' AND whole"), 2);
    kit_collect(&t.kit, &report); /* nothing is new */
    assert_int_equal(kit_count(&t.kit, "mud.post"), 6);

    /* a correction of what was read in another round, and nobody else's */
    struct speaker *li = speaker("li");
    come(li, MARKET, "小李");
    say(wang, MARKET, "m9", "出肉鸡4000台", REPLACES("m4"));
    say(li, MARKET, "l1", "假的", REPLACES("m3"));
    kit_collect(&t.kit, &report);
    assert_int_equal(mud_test_pg_int(t.kit.pg,
                                     "SELECT count(DISTINCT post_id) FROM "
                                     "mud.post"),
                     7);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 8);
    assert_int_equal(
        mud_test_pg_int(
            t.kit.pg,
            "SELECT count(*) FROM mud.post p JOIN mud.content USING "
            "(content_id) JOIN mud.post q USING (post_id) JOIN mud.content c "
            "ON c.content_id = q.content_id WHERE content.body = "
            "'出肉鸡4台' AND c.body = '出肉鸡4000台'"),
        1);
    assert_text(heard_of_watcher(mark), "");
    assert_kept_secret(&t);
    silence(li);
    silence(wang);
    kit_close(&t.kit);
}

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

/* Wait until the server's log has it, behind the mark. */
static void await(size_t mark, const char *what)
{
    for (int i = 0; i < 400; i++) {
        struct mud_str log = mud_prosody_log(prosody);

        if (mud_str_find(mud_str_sub(log, mark, log.n), mud_str_z(what)) !=
            MUD_NPOS)
            return;
        usleep(25000);
    }
    fail_msg("the server never had %s", what);
}

static int64_t stretches(struct trial *t, const char *room)
{
    return kit_count(
        &t->kit,
        mudtest_text("mud.coverage WHERE place = '%s' AND unit = 'time'",
                     room));
}

static void assert_once(struct trial *t, const char *room, int64_t n)
{
    assert_int_equal(
        mud_test_pg_int(
            t->kit.pg,
            mudtest_text("SELECT count(DISTINCT post_id) FROM mud.post JOIN "
                         "mud.thread USING (thread_id) WHERE thread_key = '%s' "
                         "AND extra->>'service' IS NULL",
                         room)),
        n);
}

static int64_t services(struct trial *t, const char *room, const char *service)
{
    return kit_count(
        &t->kit,
        mudtest_text("mud.post JOIN mud.thread USING (thread_id) WHERE "
                     "thread_key = '%s' AND extra->>'service' = '%s'",
                     room,
                     service));
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

/* ---- taken away ---- */

static void test_xmpp__what_is_taken_away_was_there(void **state)
{
    static const char *const rooms[] = {"mod@rooms.chat.example"};
    const char *room = rooms[0];
    struct mud_report report;
    struct trial t;

    (void)state;
    if (!prosody || !mud_prosody_moderates(prosody))
        skip();
    struct speaker *wang = speaker("wang"), *li = speaker("li");
    come(wang, room, "群主");
    come(li, room, "小李");
    say(li, room, "x1", "卖身份证", "");
    say(li, room, "x2", "卖银行卡", "");
    open_trial(&t, "never", starttls(), rooms, 1);
    kit_collect(&t.kit, &report);
    struct mud_rows *rows;
    assert_ok(mud_pg_query(&rows,
                           t.kit.pg,
                           "SELECT post_key FROM mud.post ORDER BY posted_at, "
                           "post_key = (SELECT split_part(value, ' ', 2) FROM "
                           "mud.cursor WHERE place LIKE 'room %')",
                           NULL,
                           0,
                           &t.kit.err),
              &t.kit.err);
    assert_int_equal(mud_rows_count(rows), 2);
    xmpp_send_raw_string(
        wang->conn,
        "<iq type='set' id='mod' to='%s'><apply-to xmlns='urn:xmpp:fasten:0' "
        "id='%.*s'><moderate xmlns='urn:xmpp:message-moderate:0'><retract "
        "xmlns='urn:xmpp:message-retract:0'/><reason>违规</reason></moderate>"
        "</apply-to></iq>",
        room,
        MUD_FMT(mud_rows_get(rows, 0, 0)));
    done(wang);
    xmpp_send_raw_string(
        li->conn,
        "<message type='groupchat' to='%s' id='x3'><body>撤回</body><apply-to "
        "xmlns='urn:xmpp:fasten:0' id='%.*s'><retract "
        "xmlns='urn:xmpp:message-retract:0'/></apply-to></message>",
        room,
        MUD_FMT(mud_rows_get(rows, 1, 0)));
    done(li);
    mud_rows_free(rows);
    kit_collect(&t.kit, &report);
    /* what they said stays, and that both were taken away is known */
    assert_int_equal(posts(&t, "state = 0"), 2);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        "SELECT count(*) FROM (SELECT post_id FROM mud.post "
                        "GROUP BY 1 HAVING count(*) = 2 AND max(state) = 2) x"),
        2);
    silence(li);
    silence(wang);
    kit_close(&t.kit);
}

/* ---- the way there ---- */

static void test_xmpp__tls_proxies_and_passwords(void **state)
{
    static const char *const rooms[] = {MARKET};
    struct mud_report report;
    struct trial t;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, MARKET, "老王");
    say(wang, MARKET, "t1", "好", "");
    /* TLS from the first byte, through a proxy that resolves the name */
    struct mud_socks5d *socks =
        mud_socks5d_start(mud_prosody_tls_port(prosody));
    open_trial(&t,
               "",
               mudtest_text("xmpps://chat.example:%u",
                            mud_prosody_tls_port(prosody)),
               rooms,
               1);
    t.kit.source.proxy = mud_str_z(
        mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks)));
    kit_collect(&t.kit, &report);
    assert_true(posts(&t, "state = 0") > 0);
    assert_int_equal(mud_socks5d_asked(socks), 1);
    assert_string_equal(mud_socks5d_ask(socks, 0).host, "chat.example");
    assert_true(mud_socks5d_ask(socks, 0).name);
    /* the proxy is gone: nothing goes around it */
    mud_socks5d_stop(socks);
    size_t mark = mud_prosody_log(prosody).n;
    struct mud_crawl_options once = {0};
    kit_collect_with(&t.kit, &report, &once);
    assert_true(was_skipped(&report, "network"));
    struct mud_str log = mud_prosody_log(prosody);
    assert_lacks(mud_str_sub(log, mark, log.n), "watcher");
    kit_close(&t.kit);

    /* a certificate that nobody vouches for */
    open_trial(&t, "", starttls(), rooms, 1);
    unsetenv("SSL_CERT_FILE");
    kit_collect(&t.kit, &report);
    assert_true(was_skipped(&report, "network"));
    assert_has(mud_str_z(report.skips[0].example), "self-signed");
    assert_int_equal(kit_count(&t.kit, "mud.capture"), 0);
    kit_close(&t.kit);

    /* without TLS only on this machine, and only when told so */
    open_trial(&t, "", starttls(), rooms, 1);
    t.kit.source.plain = true;
    kit_collect(&t.kit, &report);
    assert_true(posts(&t, "state = 0") > 0);

    /* a wrong password is tried once, and the source stops */
    const char *secret =
        mudtest_text("%s/secrets/watcher@chat.example", t.kit.home);
    mudtest_write(secret, MUD_STR("password = wrong\n"));
    mark = mud_prosody_log(prosody).n;
    kit_collect(&t.kit, &report);
    assert_true(was_skipped(&report, "login-refused"));
    assert_int_equal(kit_count(&t.kit,
                               "mud.source WHERE state = 'stopped' AND "
                               "state_note LIKE '%not-authorized%resume s'"),
                     1);
    silence(wang);
    kit_close(&t.kit);
}

/* ---- which rooms there are ---- */

static bool note_room(struct mud_str room, struct mud_str name, bool watched,
                      void *payload, struct mud_error *err)
{
    struct mud_buf *out = payload;

    (void)name;
    (void)err;
    mud_buf_printf(out, "%.*s%s ", MUD_FMT(room), watched ? "*" : "");
    return true;
}

static void test_xmpp__tells_what_rooms_there_are(void **state)
{
    static const char *const rooms[] = {MARKET};
    struct mud_buf out = {0};
    struct trial t;

    (void)state;
    if (!prosody)
        skip();
    struct speaker *wang = speaker("wang");
    come(wang, MARKET, "老王");
    come(wang, CAVE, "老王");
    come(wang, BARE, "老王");
    size_t mark = mud_prosody_log(prosody).n;
    open_trial(&t, "", starttls(), rooms, 1);
    assert_ok(
        mud_xmpp_rooms(
            t.kit.pg, t.kit.home, &t.kit.source, note_room, &out, &t.kit.err),
        &t.kit.err);
    assert_has(mud_buf_view(&out), MARKET "* ");
    assert_has(mud_buf_view(&out), CAVE " ");
    assert_lacks(mud_buf_view(&out), BARE);
    mud_buf_clear(&out);
    t.kit.source.n_rooms = 0; /* then the server is asked who holds rooms */
    assert_ok(
        mud_xmpp_rooms(
            t.kit.pg, t.kit.home, &t.kit.source, note_room, &out, &t.kit.err),
        &t.kit.err);
    assert_has(mud_buf_view(&out), MARKET " ");
    assert_has(mud_buf_view(&out), BARE " ");
    assert_text(heard_of_watcher(mark), "");
    assert_int_equal(kit_count(&t.kit, "mud.capture"), 0);
    mud_buf_free(&out);
    silence(wang);
    kit_close(&t.kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmpp__reads_archives_without_going_in),
        /* before a restart, behind which prosody lists new rooms alone */
        cmocka_unit_test(test_xmpp__tells_what_rooms_there_are),
        cmocka_unit_test(test_xmpp__listens_and_fills_what_it_missed),
        cmocka_unit_test(test_xmpp__stays_out_when_thrown_out),
        cmocka_unit_test(test_xmpp__loses_nothing_when_killed),
        cmocka_unit_test(test_xmpp__what_is_taken_away_was_there),
        cmocka_unit_test(test_xmpp__tls_proxies_and_passwords),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
