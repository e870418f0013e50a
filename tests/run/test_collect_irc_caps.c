/*
 * IRC where the network offers what ngircd lacks: a server that speaks as
 * ircv3.net/specs says (capability negotiation, SASL, server-time, batch,
 * draft/chathistory), and servers that mean harm.
 */
#include "run/collect.h"

#include "graph/gaps.h"
#include "tests/run/listening.h"
#include "tests/support/socks5d.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define ROOM   "#market"
#define PASS   "made-up-Word"
#define BEHIND (600 * MUD_SECOND) /* its clock is */

enum mode {
    NETWORK, /* a good one */
    ENDLESS, /* a line without end */
    FLOOD,   /* lines without end */
    FORCE    /* into channels that nobody asked for */
};

static struct kit kit; /* of all tests: to open one takes its time */

struct server {
    int fd;
    unsigned port;
    enum mode mode;
    pthread_t thread;
    atomic_bool ending;
    atomic_int drop;   /* close the connection, once */
    atomic_int n_said; /* messages 1 to n of the room */
    pthread_mutex_t lock;
    struct mud_buf got; /* all that came, "|" behind each line */
};

static bool put(int fd, const char *fmt, ...) MUD_PRINTF(2, 3);

static bool put(int fd, const char *fmt, ...)
{
    char line[1200];
    va_list list;

    va_start(list, fmt);
    int n = vsnprintf(line, sizeof line - 2, fmt, list);
    va_end(list);
    line[n++] = '\r';
    line[n++] = '\n';
    return send(fd, line, (size_t)n, MSG_NOSIGNAL) == n;
}

/* Message i: said i seconds before the hour of the test. */
static const char *stamp_of(int i, char out[MUD_TIME_TEXT])
{
    static int64_t begun;

    if (!begun)
        begun = mud_now() / MUD_SECOND * MUD_SECOND - BEHIND;
    return mud_time_text(out, begun + i * MUD_SECOND, true);
}

static void say_message(int fd, int i, const char *batch)
{
    char at[MUD_TIME_TEXT];

    put(fd,
        "@%s%s%stime=%s;msgid=m%d;account=acct7 :laoK!u@h PRIVMSG " ROOM
        " :第%d批鸡",
        batch ? "batch=" : "",
        batch ? batch : "",
        batch ? ";" : "",
        stamp_of(i, at),
        i,
        i);
}

/* Eight at a time: those after, before or the newest. */
static void history(struct server *s, int fd, const char *line)
{
    char at[MUD_TIME_TEXT], want[64] = "";
    int n = atomic_load(&s->n_said), from = 0, to = -1;
    const char *mark = strstr(line, "timestamp=");

    if (mark)
        sscanf(mark, "timestamp=%63s", want);
    if (strstr(line, " AFTER ")) {
        for (from = 1; from <= n; from++) {
            stamp_of(from, at);
            if (strncmp(at, want, 19) > 0)
                break;
        }
        to = from + 7 < n ? from + 7 : n;
    } else {
        to = n;
        if (strstr(line, " BEFORE "))
            for (; to > 0; to--)
                if (strncmp(stamp_of(to, at), want, 19) < 0)
                    break;
        from = to > 7 ? to - 7 : 1;
    }
    put(fd, ":irc.example BATCH +h chathistory " ROOM);
    for (int i = from; i <= to; i++)
        say_message(fd, i, "h");
    put(fd, ":irc.example BATCH -h");
}

static void harm(const struct server *s, int fd)
{
    static char block[65536];

    if (s->mode == ENDLESS) {
        memset(block, 'x', sizeof block);
        for (int i = 0; i < 64; i++)
            if (send(fd, block, sizeof block, MSG_NOSIGNAL) < 0)
                return;
    }
    for (int i = 0; s->mode == FLOOD && i < 2000000; i++)
        if (!put(fd, ":a!u@h PRIVMSG " ROOM " :出售肉鸡 %d 台", i))
            return;
    for (int i = 0; s->mode == FORCE && i < 10000; i++)
        if (!put(fd, ":guest!u@h JOIN #forced%d", i) ||
            !put(fd, ":a!u@h PRIVMSG #forced%d :not approved", i))
            return;
}

static void answer(struct server *s, int fd, char *line)
{
    char at[MUD_TIME_TEXT];

    if (strncmp(line, "CAP LS", 6) == 0) {
        put(fd, ":irc.example CAP * LS * :sasl=PLAIN server-time batch");
        put(fd,
            ":irc.example CAP * LS :message-tags account-tag "
            "draft/chathistory echo-message");
    } else if (strncmp(line, "CAP REQ :", 9) == 0) {
        put(fd, ":irc.example CAP * ACK :%s", line + 9);
    } else if (strcmp(line, "AUTHENTICATE PLAIN") == 0) {
        put(fd, "AUTHENTICATE +");
    } else if (strncmp(line, "AUTHENTICATE ", 13) == 0) {
        /* "\0acct\0made-up-Word" */
        bool good = strcmp(line + 13, "AGFjY3QAbWFkZS11cC1Xb3Jk") == 0;
        put(fd, ":irc.example %s guest :SASL", good ? "903" : "904");
    } else if (strcmp(line, "CAP END") == 0) {
        put(fd, ":irc.example 001 guest :Welcome");
        put(fd, ":irc.example 005 guest NETWORK=BlackNet CHATHISTORY=8 :are");
        put(fd, ":irc.example 422 guest :No MOTD");
    } else if (strncmp(line, "JOIN ", 5) == 0) {
        put(fd,
            "@time=%s :guest!u@h JOIN %s",
            mud_time_text(at, mud_now() - BEHIND, true),
            line + 5);
        put(fd, ":irc.example NOTICE guest :your word is " PASS);
        harm(s, fd);
    } else if (strncmp(line, "CHATHISTORY ", 12) == 0) {
        history(s, fd, line);
    }
}

static void serve(struct server *s, int fd)
{
    char room[8192];
    size_t n = 0;
    int told = atomic_load(&s->n_said);
    struct pollfd at = {.fd = fd, .events = POLLIN};

    while (!atomic_load(&s->ending) && !atomic_exchange(&s->drop, 0)) {
        while (told < atomic_load(&s->n_said)) /* live */
            say_message(fd, ++told, NULL);
        if (poll(&at, 1, 20) <= 0)
            continue;
        ssize_t got = recv(fd, room + n, sizeof room - n - 1, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        room[n] = '\0';
        for (char *end; (end = strstr(room, "\r\n"));) {
            *end = '\0';
            pthread_mutex_lock(&s->lock);
            mud_buf_printf(&s->got, "%s|", room);
            pthread_mutex_unlock(&s->lock);
            answer(s, fd, room);
            n -= (size_t)(end + 2 - room);
            memmove(room, end + 2, n + 1);
        }
        if (n == sizeof room - 1)
            break;
    }
    close(fd);
}

static void *run_server(void *payload)
{
    struct server *s = payload;
    struct pollfd at = {.fd = s->fd, .events = POLLIN};

    while (!atomic_load(&s->ending)) {
        if (poll(&at, 1, 50) <= 0)
            continue;
        int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            serve(s, fd);
    }
    return NULL;
}

static struct server *server_start(enum mode mode)
{
    struct server *s = mud_calloc(1, sizeof *s);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;

    s->mode = mode;
    pthread_mutex_init(&s->lock, NULL);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(s->fd, 8), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &n), 0);
    s->port = ntohs(at.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, run_server, s), 0);
    return s;
}

static void server_stop(struct server *s)
{
    atomic_store(&s->ending, true);
    pthread_join(s->thread, NULL);
    close(s->fd);
    mud_buf_free(&s->got);
    free(s);
}

static void add(const struct server *s, int64_t day_bytes)
{
    static const struct mud_str rooms[] = {{ROOM, 7}};

    kit_irc(&kit, s->port, rooms, 1, false);
    kit.source.account = MUD_STR("guest");
    kit.source.day_bytes = day_bytes;
    size_t n;
    assert_ok(mud_source_set(&n,
                             &kit.source,
                             MUD_STR("tester"),
                             MUD_STR(""),
                             kit.pg,
                             kit.arena,
                             &kit.err),
              &kit.err);
}

static void put_secrets(void)
{
    const char *path = mudtest_text("%s/secrets/guest", kit.home);

    mudtest_write(path,
                  MUD_STR("sasl_user = acct\nsasl_password = " PASS "\n"));
    assert_int_equal(chmod(path, 0600), 0);
}

static void assert_kept_secret(void)
{
    struct mudtest_run run =
        mudtest_sh("cd %s && find . -name '*.warc.gz' -exec zcat {} + "
                   "| grep -acE '%s|AGFjY3QAbWFk'; grep -rlE '%s|AGFjY3QAbWFk' "
                   "--exclude-dir=secrets . | head -3",
                   kit.home,
                   PASS,
                   PASS);

    assert_text(run.out, "0\n");
}

/* The server's own view: nothing was said that a reader has no need to say. */
static void assert_was_silent(struct server *s)
{
    static const char *const may[] = {"CAP ",
                                      "NICK guest",
                                      "USER guest",
                                      "AUTHENTICATE ",
                                      ("JOIN " ROOM),
                                      "CHATHISTORY ",
                                      "PING :",
                                      "PONG :",
                                      "QUIT",
                                      "PART #forced"};
    struct mud_str rest = mud_buf_view(&s->got), line;

    while (rest.n && mud_str_cut(&rest, '|', &line))
        if (line.n &&
            !mud_str_starts_among(line, may, sizeof may / sizeof *may))
            fail_msg("it said: %.*s", MUD_FMT(line));
}

static void wait_said(int n)
{
    listen_until(&kit, mudtest_text("msgid=m%d;", n));
}

static void test_irc_caps__fills_its_gaps_from_history(void **state)
{
    struct server *s = server_start(NETWORK);
    struct mud_gaps gaps;
    pid_t listener;

    (void)state;
    add(s, 1 << 30);
    put_secrets();
    atomic_store(&s->n_said, 7); /* before we ever came */
    listener = listen_start(&kit);
    wait_said(1);
    atomic_store(&s->n_said, 8);
    wait_said(8);
    listen_until(&kit, "= filled " ROOM);
    listen_kill(listener);
    atomic_store(&s->n_said, 12); /* while nobody listens */
    listener = listen_start(&kit);
    wait_said(12);
    listen_until(&kit, "= filled " ROOM);
    atomic_store(&s->drop, 1); /* and the connection breaks */
    atomic_store(&s->n_said, 13);
    wait_said(13);
    atomic_store(&s->n_said, 14);
    wait_said(14);
    listen_until(&kit, "= filled " ROOM);
    assert_int_equal(listen_stop(listener), 0);

    assert_int_equal(kit_count(&kit, "mud.post WHERE author = 'laoK'"), 14);
    assert_int_equal(kit_count(&kit, "mud.post WHERE author_key = 'acct7'"),
                     14);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(DISTINCT post_key) FROM mud.post WHERE "
                        "post_key ~ '^m[0-9]+$'"),
        14);
    assert_int_equal(kit_count(&kit, "mud.thread WHERE site = 'BlackNet'"), 1);
    assert_ok(mud_gaps_sum(&gaps, kit.pg, kit.source.id, &kit.err), &kit.err);
    assert_int_equal(gaps.stretches, 0);
    assert_was_silent(s);
    assert_kept_secret();
    server_stop(s);
}

static void test_irc_caps__a_refused_password_stops_the_source(void **state)
{
    struct server *s = server_start(NETWORK);
    struct mud_report report = {0};
    struct mud_crawl_options options = {.live = true};
    struct mud_source now;

    (void)state;
    add(s, 1 << 30);
    put_secrets();
    setenv("MUDLARK_SECRET_GUEST_SASL_PASSWORD", "another", 1);
    assert_fails(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EDENIED,
        "password is refused");
    unsetenv("MUDLARK_SECRET_GUEST_SASL_PASSWORD");
    assert_ok(
        mud_source_load(&now, kit.pg, kit.source.name, kit.arena, &kit.err),
        &kit.err);
    assert_text(now.state, "stopped");
    server_stop(s);
}

static int64_t skips(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return report->skips[i].count;
    return 0;
}

static void test_irc_caps__hostile_servers_get_nowhere(void **state)
{
    static const struct {
        enum mode mode;
        int64_t day_bytes;
        const char *why; /* NULL: the round ends well */
    } rows[] = {
        {ENDLESS, 1 << 30, "longer than 16384 bytes"},
        {FLOOD, 256 << 10, NULL},
        {FORCE, 1 << 30, "put us into 50 channels"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct server *s = server_start(rows[i].mode);
        struct mud_report report = {0};
        struct mud_crawl_options options = {0};
        bool good;

        add(s, rows[i].day_bytes);
        good =
            mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err);
        if (rows[i].why) {
            assert_false(good);
            assert_has(mud_str_z(kit.err.text), rows[i].why);
            mud_error_clear(&kit.err);
        } else {
            assert_ok(good, &kit.err);
            assert_int_equal(skips(&report, "refused: budget"), 1);
            assert_true(report.bytes >= rows[i].day_bytes &&
                        report.bytes < 3 * rows[i].day_bytes);
        }
        assert_int_equal(kit_count(&kit, "mud.capture") > 0, 1);
        assert_int_equal(
            mudtest_sh("cd %s && find . -name '*.warc.gz' -exec zcat {} + | "
                       "grep -ac 'not approved'",
                       kit.home)
                .out.s[0],
            '0');
        server_stop(s);
    }
}

/* Behind a proxy nothing is resolved or connected here, and the source's circuit
 * is its own. */
static void test_irc_caps__goes_through_the_proxy(void **state)
{
    struct server *s = server_start(NETWORK);
    struct mud_socks5d *socks = mud_socks5d_start(s->port);
    struct mud_report report;
    struct mud_socks5d_ask asked;
    size_t n;

    (void)state;
    add(s, 1 << 30);
    kit.source.url = MUD_STR("irc://irc.black.example:6660");
    kit.source.proxy = mud_str_z(
        mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks)));
    kit.source.allow_private = false;
    assert_ok(mud_source_set(&n,
                             &kit.source,
                             MUD_STR("tester"),
                             MUD_STR(""),
                             kit.pg,
                             kit.arena,
                             &kit.err),
              &kit.err);
    (void)remove(mudtest_text("%s/secrets/guest", kit.home));
    kit_collect(&kit, &report);
    assert_int_equal(report.captures, 1);
    assert_int_equal(mud_socks5d_asked(socks), 1);
    asked = mud_socks5d_ask(socks, 0);
    assert_true(asked.name);
    assert_string_equal(asked.host, "irc.black.example");
    assert_int_equal(asked.port, 6660);
    assert_int_equal(strlen(asked.user), 32);
    put_secrets(); /* and a password goes over no line in clear */
    struct mud_crawl_options options = {0};
    assert_fails(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EUSAGE,
        "use ircs://");
    mud_socks5d_stop(socks);
    server_stop(s);
}

static int start(void **state)
{
    (void)state;
    kit_plain(&kit);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    kit_close(&kit);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_irc_caps__fills_its_gaps_from_history),
        cmocka_unit_test(test_irc_caps__a_refused_password_stops_the_source),
        cmocka_unit_test(test_irc_caps__hostile_servers_get_nowhere),
        cmocka_unit_test(test_irc_caps__goes_through_the_proxy),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
