/*
 * Rooms of XMPP against a real server (prosody). Who speaks in them is a client
 * of another make (libstrophe). Left out where one of the two is missing.
 */
#ifndef MUDTEST_STROPHE

int main(void)
{
    return 0;
}

#else

#    include "tests/run/xmpptest.h"
#    include "tests/support/socks5d.h"

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
        cmocka_unit_test(test_xmpp__tells_what_rooms_there_are),
        cmocka_unit_test(test_xmpp__what_is_taken_away_was_there),
        cmocka_unit_test(test_xmpp__tls_proxies_and_passwords),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}

#endif
