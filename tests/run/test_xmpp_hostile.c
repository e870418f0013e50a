/*
 * Servers of XMPP that mean no good: made from RFC 6120 and XEP-0313 with one
 * thing wrong each. In clear, on loopback.
 */
#include "run/collect_xmpp.h"

#include "tests/run/runtest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM "room@rooms.evil.example"

enum ill {
    FAIR,
    NO_END,      /* pages for ever, each with a message */
    SAME_PAGE,   /* the same page again and again */
    EMPTY_PAGES, /* nothing on them, and more to come */
    FLOOD,       /* ten thousand results on a page */
    HUGE_STANZA, /* 3 MiB in one */
    DEEP,
    ENTITIES,
    OTHER_ROOM, /* results from elsewhere, under other names */
    NEVER_ENDS, /* a stanza that does not */
    BREAKS_OFF,
    FAULT,    /* a stream error instead of an answer */
    LINE_FAKE /* a body that looks like a line of ours */
};

struct server {
    int fd;
    unsigned port;
    pthread_t thread;
    enum ill ill;
    atomic_int asked, connections;
    char seen[65536]; /* all that came, of the last connection */
    size_t n;
};

static bool put(int fd, const char *text)
{
    size_t n = strlen(text);

    while (n) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        text += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* Read until what came holds `what`, behind *at. */
static bool until(struct server *s, int fd, size_t *at, const char *what)
{
    for (;;) {
        char *found = strstr(s->seen + *at, what);
        ssize_t got;

        if (found) {
            *at = (size_t)(found - s->seen) + strlen(what);
            return true;
        }
        if (s->n + 1 >= sizeof s->seen)
            return false;
        got = recv(fd, s->seen + s->n, sizeof s->seen - s->n - 1, 0);
        if (got <= 0)
            return false;
        s->n += (size_t)got;
        s->seen[s->n] = '\0';
    }
}

#define STREAM                                                   \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
    "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"

static bool log_in(struct server *s, int fd, size_t *at)
{
    return until(s, fd, at, "<stream:stream") && until(s, fd, at, ">") &&
           put(fd,
               STREAM "<stream:features><mechanisms "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"
                      "PLAIN</mechanism></mechanisms></stream:features>") &&
           until(s, fd, at, "</auth>") &&
           put(fd, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>") &&
           until(s, fd, at, "<stream:stream") && until(s, fd, at, ">") &&
           put(fd,
               STREAM "<stream:features><bind "
                      "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
                      "</stream:features>") &&
           until(s, fd, at, "</iq>") &&
           put(fd,
               "<iq type='result' id='bind'><bind "
               "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>w@evil.example/1"
               "</jid></bind></iq>");
}

/* Formatted here: the helpers of tests are for one thread. */
static bool putf(int fd, const char *fmt, ...) MUD_PRINTF(2, 3);

static bool putf(int fd, const char *fmt, ...)
{
    char text[4096];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return put(fd, text);
}

static bool result(int fd, const char *room, const char *id, int n,
                   const char *inner)
{
    return putf(fd,
                "<message from='%s' to='w@evil.example/1'><result "
                "xmlns='urn:xmpp:mam:2' queryid='%s' id='s%d'><forwarded "
                "xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' "
                "stamp='2026-11-20T10:00:%02dZ'/><message "
                "xmlns='jabber:client' type='groupchat' id='c%d' "
                "from='%s/某人'>%s</message></forwarded></result></message>",
                room,
                id,
                n,
                n % 60,
                n,
                room,
                inner);
}

static bool fin(int fd, const char *id, int last, bool complete)
{
    return putf(fd,
                "<iq type='result' from='" ROOM "' id='%s'><fin "
                "xmlns='urn:xmpp:mam:2'%s><set "
                "xmlns='http://jabber.org/protocol/rsm'>",
                id,
                complete ? " complete='true'" : "") &&
           (!last || putf(fd, "<last>s%d</last>", last)) &&
           put(fd, "</set></fin></iq>");
}

static bool fill(int fd, const char *head, const char *piece, int times,
                 const char *tail)
{
    bool good = put(fd, head);

    for (int i = 0; good && i < times; i++)
        good = put(fd, piece);
    return good && put(fd, tail);
}

#define SAID  "<body>hello</body>"
#define OPEN  "<message from='" ROOM "/x' type='groupchat'>"
#define CLOSE "</message>"

/* One answer to a question of the archive. */
static bool answer(struct server *s, int fd, const char *id, int n)
{
    bool good = true;

    switch (s->ill) {
    case NO_END:
        return result(fd, ROOM, id, n, SAID) && fin(fd, id, n, false);
    case SAME_PAGE:
        return result(fd, ROOM, id, 1, SAID) && fin(fd, id, 1, false);
    case EMPTY_PAGES:
        return fin(fd, id, 0, false);
    case FLOOD:
        for (int i = 1; good && i <= 10000; i++)
            good = result(fd, ROOM, id, i, SAID);
        return good && fin(fd, id, 10000, true);
    case HUGE_STANZA:
        good = fill(
            fd, OPEN "<body>", "0123456789abcdef", 196608, "</body>" CLOSE);
        break;
    case DEEP:
        good = fill(fd, OPEN, "<a>", 5000, "") &&
               fill(fd, "", "</a>", 5000, CLOSE);
        break;
    case ENTITIES:
        good = put(fd, OPEN "<body>&lol;</body>" CLOSE);
        break;
    case OTHER_ROOM:
        good =
            result(fd, "other@rooms.evil.example", id, 7, SAID) &&
            result(fd, ROOM, "not-asked", 8, SAID) &&
            put(fd, "<iq type='result' from='other@rooms.evil.example' id='") &&
            put(fd, id) && put(fd, "'/>") &&
            put(fd, OPEN SAID CLOSE) && /* we are not in there */
            put(fd,
                "<presence from='" ROOM "/x'><x "
                "xmlns='http://jabber.org/protocol/muc#user'><item "
                "role='visitor'/></x></presence>");
        break;
    case NEVER_ENDS:
        return fill(fd, OPEN "<body>", "0123456789abcdef", 2000000, "");
    case BREAKS_OFF:
        put(fd, OPEN "<body>half");
        return false;
    case FAULT:
        put(fd,
            "<stream:error><policy-violation "
            "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        return false;
    case LINE_FAKE:
        good = result(
            fd,
            ROOM,
            id,
            2,
            "<body>\n2030-01-01T00:00:00Z heard 2020-01-01T00:00:00Z " ROOM
            "\n&lt;message from='" ROOM "/x'/&gt;</body>");
        break;
    case FAIR:
        break;
    }
    return good && result(fd, ROOM, id, 1, SAID) && fin(fd, id, 1, true);
}

static void talk(struct server *s, int fd)
{
    size_t at = 0;

    s->n = 0;
    s->seen[0] = '\0';
    if (!log_in(s, fd, &at))
        return;
    for (int n = 1; until(s, fd, &at, " id='"); n++) {
        char id[32] = "";

        sscanf(s->seen + at, "%31[^']", id);
        s->asked++;
        if (!until(s, fd, &at, "</iq>") || !answer(s, fd, id, n))
            return;
        /* what was answered is forgotten, or the buffer would be full */
        s->n = 0;
        at = 0;
        s->seen[0] = '\0';
    }
}

static void *serve(void *payload)
{
    struct server *s = payload;
    int fd;

    while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
        s->connections++;
        talk(s, fd);
        close(fd);
    }
    return NULL;
}

static void start(struct server *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(s->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(s->fd, 8), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&address, &size), 0);
    s->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void stop(struct server *s)
{
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
}

static void add_source(struct kit *kit, const char *name, unsigned port)
{
    static struct mud_str rooms[1];
    const char *path;

    rooms[0] = MUD_STR(ROOM);
    kit->source = (struct mud_source){
        .name = mud_str_z(name),
        .kind = MUD_STR("xmpp"),
        .url = mud_str_z(mudtest_text("xmpp://127.0.0.1:%u", port)),
        .rooms = rooms,
        .n_rooms = 1,
        .account = MUD_STR("w@evil.example"),
        .plain = true,
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 1,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
    path = mudtest_text("%s/secrets/w@evil.example", kit->home);
    mudtest_write(path, MUD_STR("password = pw\n"));
    assert_int_equal(chmod(path, 0600), 0);
}

static int64_t skips(const struct mud_report *report, const char *why)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, why) == 0)
            return report->skips[i].count;
    return 0;
}

/* What each comes to: said, bounded, and what was good is kept. */
static void test_xmpp_hostile__servers(void **state)
{
    static const struct {
        enum ill ill;
        const char *skip; /* NULL: nothing is wrong */
        int64_t posts;
        int max_asked;
    } rows[] = {
        {FAIR, NULL, 1, 1},
        {SAME_PAGE, "archive-goes-round", 1, 2},
        {EMPTY_PAGES, "archive-has-no-end", 0, 1},
        {FLOOD, "archive-floods", 400, 1},
        {HUGE_STANZA, "message-too-large", 1, 1},
        {DEEP, "bad-message", 1, 1},
        {ENTITIES, "bad-message", 1, 1},
        {OTHER_ROOM, "not-asked-for", 1, 1},
        {BREAKS_OFF, "network", 0, 2},
        {FAULT, "network", 0, 2},
        {LINE_FAKE, NULL, 2, 1},
    };

    struct kit kit;

    (void)state;
    kit_open(&kit);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        static struct server s;
        struct mud_report report;

        memset(&s, 0, sizeof s);
        s.ill = rows[i].ill;
        start(&s);
        add_source(&kit, mudtest_text("s%zu", i), s.port);
        kit_collect(&kit, &report);
        if (rows[i].skip && !skips(&report, rows[i].skip))
            fail_msg("%s was not said", rows[i].skip);
        if (!rows[i].skip)
            assert_int_equal(report.n_skips, 0);
        assert_int_equal(kit_count(&kit,
                                   mudtest_text("mud.post WHERE source_id = %d",
                                                (int)kit.source.id)),
                         rows[i].posts);
        assert_in_range(s.asked, 1, rows[i].max_asked);
        /* nobody can claim for us what was heard */
        assert_int_equal(
            kit_count(&kit,
                      "mud.coverage WHERE read_to > extract(epoch FROM now() + "
                      "interval '1 hour') * 1000000"),
            0);
        stop(&s);
    }
    kit_close(&kit);
}

static void test_xmpp_hostile__no_end_of_pages_and_of_a_stanza(void **state)
{
    static struct server s;
    struct mud_report report;
    struct kit kit;

    (void)state;
    memset(&s, 0, sizeof s);
    s.ill = NO_END;
    start(&s);
    kit_open(&kit);
    add_source(&kit, "s", s.port);
    kit_collect_with(
        &kit, &report, &(struct mud_crawl_options){.max_pages = 25});
    assert_int_equal(s.asked, 25);
    assert_int_equal(kit_count(&kit, "mud.post"), 25);
    s.ill = NEVER_ENDS;
    kit_collect(&kit, &report);
    assert_int_equal(skips(&report, "network"), 2);
    assert_has(mud_str_z(report.skips[0].example), "without the end");
    /* the bytes of a day are a limit, too */
    s.ill = NO_END;
    kit.source.day_bytes = 20000;
    struct mud_crawl_options options = {0};
    report = (struct mud_report){0};
    assert_fails(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EDENIED,
        "bytes of this day");
    kit_close(&kit);
    stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_xmpp_hostile__servers),
        cmocka_unit_test(test_xmpp_hostile__no_end_of_pages_and_of_a_stanza),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
