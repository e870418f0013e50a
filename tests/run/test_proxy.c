/*
 * A source with a proxy is on the far side of it: in a network where every
 * query to the DNS and every direct connection is caught, each kind of
 * collector asks the proxy alone, by name, under a name of its own.
 */
#include "run/proxy.h"

#include "run/look.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"
#include "tests/support/socks5d.h"
#include "tests/support/trap.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>

#define PASSWORD "made-up-Pass_1"
#define LOG_IN                                                                 \
    "token = 900001:made-up-Token_1\njid = a@im.example\npassword = made-up\n" \
    "nick = ann\n"

static struct mud_httpd *httpd;
static struct mud_socks5d *socks;
static bool trapped;
static struct kit kit;

/* A site of any kind: what it says is of no matter here, that it is asked is. */
static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    static const char *const pages[][2] = {
        {"/robots.txt", "User-agent: *\nDisallow: /admin/\n"},
        {"/feed",
         "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t"
         "</title><item><guid>1</guid><title>a</title><link>http://feed.example"
         "/1</link><description>made up</description></item></channel></rss>"},
        {"/",
         "<!DOCTYPE html><html><head><title>b - Powered by Discuz!</title>"
         "<meta name=\"generator\" content=\"Discuz! X3.5\" /></head><body "
         "id=\"nv_forum\" class=\"pg_forumdisplay\"><div id=\"threadlist\">"
         "<table id=\"threadlisttableid\"><tbody id=\"normalthread_7\"><tr>"
         "<th class=\"common\"><a href=\"http://www.forum.example/"
         "thread-7-1-1.html\" class=\"s xst\">made up</a></th></tr></tbody>"
         "</table></div></body></html>"},
    };

    (void)payload;
    if (mud_str_starts(request->target, MUD_STR("/start")))
        return mud_httpd_reply(peer,
                               302,
                               "Location: http://www.forum.example/\r\n",
                               (struct mud_str){0});
    for (size_t i = 0; i < MUDTEST_ROWS(pages); i++)
        if (mud_str_starts(request->target, mud_str_z(pages[i][0])))
            return mud_httpd_reply(peer,
                                   200,
                                   "Content-Type: text/html\r\n",
                                   mud_str_z(pages[i][1]));
    return false;
}

/* Each kind that goes out, and the hosts that the proxy must have been asked
 * for. */
static const struct way {
    const char *kind, *url, *room, *hosts[3];
    bool speaks; /* HTTP, as the server here does: something is sealed */
} ways[] = {
    {"forum",
     "http://forum.example/start",
     NULL,
     {"forum.example", "www.forum.example"},
     true},
    {"telegram", "http://t-me.example/s/", "mdlk_chan", {"t-me.example"}, true},
    {"feed", "http://feed.example/feed", NULL, {"feed.example"}, true},
    {"matrix",
     "http://hs.example/",
     "!market:hs.example",
     {"hs.example"},
     true},
    {"botapi", "http://api.example/", NULL, {"api.example"}, true},
    {"xmpp", "xmpp://im.example", "r@muc.im.example", {"im.example"}, false},
    {"xmpp", "xmpps://im.example", "r@muc.im.example", {"im.example"}, false},
    {"irc", "irc://irc.example", "#r", {"irc.example"}, false},
    {"irc", "ircs://irc.example", "#r", {"irc.example"}, false},
};

static const char *secrets_of(const struct mud_source *source)
{
    return mudtest_text("%s/secrets/%.*s", kit.home, MUD_FMT(source->name));
}

/* A source of that kind, with a name of its own. */
static void add(const struct way *way, const char *proxy)
{
    static struct mud_str rooms[1], hosts[1];
    static unsigned number;

    rooms[0] = mud_str_z(way->room ? way->room : "");
    hosts[0] = MUD_STR("*.forum.example");
    kit.source = (struct mud_source){
        .name = mud_str_z(mudtest_text("s%u", ++number)),
        .kind = mud_str_z(way->kind),
        .url = mud_str_z(way->url),
        .rooms = rooms,
        .n_rooms = way->room ? 1 : 0,
        .hosts = hosts,
        .n_hosts = 1,
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 1,
        .page_bytes = 1 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true, /* so that only the proxy keeps it in */
        .robots = MUD_STR("note"),
        .proxy = mud_str_z(proxy),
    };
    assert_ok(mud_source_add(&kit.source, kit.pg, kit.arena, &kit.err),
              &kit.err);
    mudtest_write(
        secrets_of(&kit.source),
        MUD_STR(LOG_IN "proxy_user = agent\nproxy_password = " PASSWORD "\n"));
    assert_int_equal(chmod(secrets_of(&kit.source), 0600), 0);
}

static volatile sig_atomic_t stop;

static void on_alarm(int signal)
{
    (void)signal;
    stop = 1;
}

/* Half a second of a round, whatever comes of it: what fails is
 * tried again and again. */
static void go(void)
{
    struct itimerval soon = {.it_value.tv_usec = 500000};
    struct mud_report report = {0};
    struct mud_crawl_options options = {.max_pages = 4, .stop = &stop};

    stop = 0;
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &soon, NULL);
    if (!mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err))
        print_message("%s: %s\n", kit.source.kind.s, kit.err.text);
    mud_error_clear(&kit.err);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}

static const char *socks_url(void)
{
    return mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks));
}

static void assert_nothing_caught(const char *kind)
{
    if (mud_trap_queries() || mud_trap_connections())
        fail_msg("%s: %u queries to the DNS (%s), %u direct connections",
                 kind,
                 mud_trap_queries(),
                 mud_trap_name(),
                 mud_trap_connections());
}

static void assert_asked(const struct way *way, const char *user)
{
    size_t n = mud_socks5d_asked(socks);

    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        struct mud_socks5d_ask ask = mud_socks5d_ask(socks, i);
        if (!ask.name)
            fail_msg("%s: the proxy was given an address", way->kind);
        assert_string_equal(ask.user, user);
    }
    for (const char *const *host = way->hosts; *host; host++) {
        bool seen = false;
        for (size_t i = 0; i < n; i++)
            seen |= strcmp(mud_socks5d_ask(socks, i).host, *host) == 0;
        if (!seen)
            fail_msg("%s: the proxy was not asked for %s", way->kind, *host);
    }
}

/* A trap that catches nothing proves nothing. */
static void test_trap__catches_who_has_no_proxy(void **state)
{
    (void)state;
    if (!trapped)
        skip();
    for (size_t i = 0; i < MUDTEST_ROWS(ways); i++) {
        add(&ways[i], "");
        mud_trap_empty();
        mud_socks5d_forget(socks);
        go();
        assert_true(mud_trap_queries() > 0);
        assert_string_equal(mud_trap_name(), ways[i].hosts[0]);
        assert_true(mud_trap_connections() > 0);
        assert_int_equal(mud_socks5d_asked(socks), 0);
    }
}

static void test_proxy__every_kind_keeps_to_it(void **state)
{
    (void)state;
    if (!trapped)
        skip();
    for (size_t i = 0; i < MUDTEST_ROWS(ways); i++) {
        char circuit[MUD_CIRCUIT];
        add(&ways[i], socks_url());
        mudtest_write(secrets_of(&kit.source), MUD_STR(LOG_IN));
        mud_trap_empty();
        mud_socks5d_forget(socks);
        go();
        assert_nothing_caught(ways[i].kind);
        mud_proxy_circuit(circuit, &kit.source);
        assert_asked(&ways[i], circuit);
    }
}

/* Not even when the proxy is gone, or says no. */
static void test_proxy__nothing_goes_around_it(void **state)
{
    (void)state;
    if (!trapped)
        skip();
    int64_t held = kit_count(&kit, "mud.capture");
    for (size_t i = 0; i < 2 * MUDTEST_ROWS(ways); i++) {
        const struct way *way = &ways[i / 2];
        add(way, i % 2 ? "socks5h://127.0.0.1:1" : socks_url());
        mud_socks5d_refuse(socks, 4); /* host unreachable */
        mud_trap_empty();
        go();
        assert_nothing_caught(way->kind);
        assert_int_equal(kit_count(&kit, "mud.capture"), held);
        mud_socks5d_refuse(socks, 0);
    }
}

static void test_proxy__a_look_keeps_to_it(void **state)
{
    struct mud_look look;

    (void)state;
    if (!trapped)
        skip();
    add(&ways[0], socks_url());
    for (int i = 0; i < 2; i++) {
        struct mud_look_options options = {
            .url = MUD_STR("http://forum.example/"),
            .source = i ? &kit.source : NULL,
            .home = kit.home,
            .proxy = mud_str_z(socks_url()),
        };
        mud_trap_empty();
        mud_socks5d_forget(socks);
        assert_ok(mud_look(&look, &options, kit.arena, &kit.err), &kit.err);
        assert_nothing_caught("look");
        assert_asked(&(struct way){.kind = "look", .hosts = {"forum.example"}},
                     i ? "agent" : "");
    }
}

/* A log-in for the proxy comes from the secrets, and stays there. */
static void test_proxy__logs_in_by_secret(void **state)
{
    (void)state;
    mud_socks5d_login(socks, "agent", PASSWORD);
    for (size_t i = 0; i < MUDTEST_ROWS(ways); i++) {
        add(&ways[i], socks_url());
        mud_socks5d_forget(socks);
        int64_t held = kit_count(&kit, "mud.capture");
        go();
        assert_asked(&ways[i], "agent");
        assert_true(!ways[i].speaks || kit_count(&kit, "mud.capture") > held);
        struct mudtest_run run = mudtest_sh(
            "cd %s && { find . -name '*.warc.gz' -exec zcat {} +; cat "
            "ledger.jsonl; } | grep -c '" PASSWORD "'",
            kit.home);
        assert_text(run.out, "0\n");
        assert_int_equal(kit_count(&kit,
                                   "mud.capture c WHERE position('" PASSWORD
                                   "' IN c::text) > 0"),
                         0);
    }
    mud_socks5d_login(socks, "", "");
}

static void test_circuit__is_one_a_source_account_and_proxy(void **state)
{
    struct mud_source all[] = {
        {.name = MUD_STR("a"), .created = 1},
        {.name = MUD_STR("b"), .created = 1},
        {.name = MUD_STR("a"), .created = 2},
        {.name = MUD_STR("a"), .created = 1, .account = MUD_STR("b")},
        {.name = MUD_STR("a"), .created = 1, .proxy = MUD_STR("http://b")},
    };
    char of[MUDTEST_ROWS(all)][MUD_CIRCUIT], again[MUD_CIRCUIT];

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(all); i++) {
        mud_proxy_circuit(of[i], &all[i]);
        assert_int_equal(strlen(of[i]), MUD_CIRCUIT - 1);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(of[i], of[k]);
        mud_proxy_circuit(again, &all[i]);
        assert_string_equal(of[i], again);
        assert_string_equal(mud_source_policy(&all[i], 0).circuit, again);
    }
}

static int set_up(void **state)
{
    (void)state;
    httpd = mud_httpd_start(serve, NULL);
    socks = mud_socks5d_start(mud_httpd_port(httpd));
    kit_plain(&kit);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kit_close(&kit);
    mud_socks5d_stop(socks);
    mud_httpd_stop(httpd);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trap__catches_who_has_no_proxy),
        cmocka_unit_test(test_proxy__every_kind_keeps_to_it),
        cmocka_unit_test(test_proxy__nothing_goes_around_it),
        cmocka_unit_test(test_proxy__a_look_keeps_to_it),
        cmocka_unit_test(test_proxy__logs_in_by_secret),
        cmocka_unit_test(test_circuit__is_one_a_source_account_and_proxy),
    };

    trapped = mud_trap_enter();
    if (!trapped)
        fprintf(stderr, "no network of its own here: run as root\n");
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
