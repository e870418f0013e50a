/*
 * What tests of XMPP rooms share: a real server (prosody), a client of another
 * make that speaks in them (libstrophe), and a source that reads them.
 */
#ifndef MUD_TESTS_RUN_XMPPTEST_H
#define MUD_TESTS_RUN_XMPPTEST_H

#include "run/collect_xmpp.h"
#include "tests/run/runtest.h"
#include "tests/support/prosody.h"

#include <strophe.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD "made-up-Secret_7"
#define MARKET   "market@rooms.chat.example"
#define CAVE     "黑产@rooms.chat.example"
#define BARE     "bare@bare.chat.example"

static struct mud_prosody *prosody;

static inline int set_up(void **state)
{
    static const char *const accounts[][2] = {
        {"watcher", PASSWORD}, {"wang", "pw-wang"}, {"li", "pw-li"}};
    (void)state;
    prosody = mud_prosody_start(accounts, 3);
    return 0;
}

static inline int tear_down(void **state)
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

static inline void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event,
                            int error, xmpp_stream_error_t *stream_error,
                            void *payload)
{
    struct speaker *s = payload;

    (void)conn;
    (void)error;
    (void)stream_error;
    s->up = event == XMPP_CONN_CONNECT;
}

static inline int on_iq(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *payload)
{
    struct speaker *s = payload;

    (void)conn;
    (void)stanza;
    s->pongs++;
    return 1;
}

static inline void pump(struct speaker *s, int ms)
{
    int64_t end = mud_monotonic() + ms * 1000;

    while (mud_monotonic() < end)
        xmpp_run_once(s->ctx, 10);
}

/* All that was said before is with the server, and in its archive. */
static inline void done(struct speaker *s)
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

static inline struct speaker *speaker(const char *name)
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

static inline void silence(struct speaker *s)
{
    xmpp_disconnect(s->conn);
    pump(s, 100);
    xmpp_conn_release(s->conn);
    xmpp_ctx_free(s->ctx);
    free(s);
}

static inline void come(struct speaker *s, const char *room, const char *nick)
{
    xmpp_send_raw_string(
        s->conn,
        "<presence to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'/>"
        "</presence>",
        room,
        nick);
    done(s);
}

static inline void say(struct speaker *s, const char *room, const char *id,
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

#define REPLACES(id) "<replace id='" id "' xmlns='urn:xmpp:message-correct:0'/>"

/* ---- who listens ---- */

struct trial {
    struct kit kit;
    struct mud_str rooms[8];
    size_t n;
};

static inline void open_trial(struct trial *t, const char *join,
                              const char *url, const char *const *rooms,
                              size_t n)
{
    const char *path;

    *t = (struct trial){.n = n};
    for (size_t i = 0; i < n; i++)
        t->rooms[i] = mud_str_z(rooms[i]);
    kit_plain(&t->kit);
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

static inline const char *starttls(void)
{
    return mudtest_text("xmpp://127.0.0.1:%u", mud_prosody_port(prosody));
}

static inline int64_t posts(struct trial *t, const char *where)
{
    return kit_count(&t->kit, mudtest_text("mud.post WHERE %s", where));
}

static inline bool was_skipped(const struct mud_report *report, const char *why)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, why) == 0)
            return true;
    return false;
}

static inline struct mud_str session_of(struct mud_str line)
{
    size_t at = mud_str_find(line, MUD_STR("c2s"));
    struct mud_str rest = mud_str_sub(line, at, line.n), name = {0};

    return at != MUD_NPOS && mud_str_cut(&rest, '\t', &name) ? name
                                                             : MUD_STR("none");
}

/* What the server had of the watcher since the mark, but iq. Sessions have names
 * in its log, which others may get later. */
static inline struct mud_str heard_of_watcher(size_t mark)
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

static inline void assert_kept_secret(struct trial *t)
{
    struct mudtest_run run = mudtest_sh(
        "cd %s && find . -name '*.warc.gz' -exec zcat {} + | grep -c '%s'; "
        "grep -rl '%s' --exclude-dir=secrets . | head -3",
        t->kit.home,
        PASSWORD,
        PASSWORD);

    assert_text(run.out, "0\n");
}

/* Wait until the server's log has it, behind the mark. */
static inline void await(size_t mark, const char *what)
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

static inline void assert_once(struct trial *t, const char *room, int64_t n)
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

static inline int64_t services(struct trial *t, const char *room,
                               const char *service)
{
    return kit_count(
        &t->kit,
        mudtest_text("mud.post JOIN mud.thread USING (thread_id) WHERE "
                     "thread_key = '%s' AND extra->>'service' = '%s'",
                     room,
                     service));
}

#endif
