#include "tests/fetch/trying.h"
#include "tests/support/socks5d.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Lookups of this program: none may be made when there is a proxy. */
static atomic_uint lookups;

int getaddrinfo(const char *restrict __name, const char *restrict __service,
                const struct addrinfo *restrict __req,
                struct addrinfo **restrict __pai)
{
    (void)__name;
    (void)__service;
    (void)__req;
    (void)__pai;
    atomic_fetch_add(&lookups, 1);
    return EAI_NONAME;
}

/* A port of loopback where nobody listens. */
static unsigned dead_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    return mud_httpd_reply(peer, 200, "", request->head);
}

static struct mud_httpd *httpd;
static struct mud_socks5d *socks;
static struct mud_arena *arena;
static const struct mud_str any[] = {{"*", 1}};

static int set_up(void **state)
{
    (void)state;
    arena = mud_arena_new();
    httpd = mud_httpd_start(serve, NULL);
    socks = mud_socks5d_start(mud_httpd_port(httpd));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_socks5d_stop(socks);
    mud_httpd_stop(httpd);
    mud_arena_free(arena);
    return 0;
}

/* By the proxy as a policy has it, with a circuit or a log-in. */
static struct got through_as(const char *proxy, const char *url,
                             const char *circuit, const char *user,
                             const char *password)
{
    struct mud_policy policy = quick();
    struct got got = {0};

    memcpy(policy.circuit, circuit, strlen(circuit) + 1);
    policy.proxy_user = mud_str_z(user);
    policy.proxy_password = mud_str_z(password);

    policy.hosts = any;
    policy.n_hosts = 1;
    policy.allow_private = false; /* that of the proxy does not count */
    policy.proxy = mud_str_z(proxy);
    policy.page_seconds = 5;
    atomic_store(&lookups, 0);
    got.ok =
        mud_fetch_one(&got.x, &got.n, &policy, mud_str_z(url), arena, &got.err);
    assert_int_equal(atomic_load(&lookups), 0);
    return got;
}

static struct got through(const char *proxy, const char *url)
{
    return through_as(proxy, url, "", "", "");
}

static struct mud_socks5d_ask last_ask(void)
{
    return mud_socks5d_ask(socks, mud_socks5d_asked(socks) - 1);
}

static const char *socks_url(void)
{
    return mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks));
}

static void test_proxy__resolves_names_behind_socks(void **state)
{
    static const char *const schemes[] = {"socks5h", "socks5", "SOCKS5"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(schemes); i++) {
        const char *proxy = mudtest_text(
            "%s://u:p@127.0.0.1:%u", schemes[i], mud_socks5d_port(socks));
        struct got got = through(proxy, "http://hidden.onion/x");
        assert_ok(got.ok, &got.err);
        struct mud_socks5d_ask ask = last_ask();
        assert_true(ask.name);
        assert_string_equal(ask.host, "hidden.onion");
        assert_string_equal(ask.user, "u"); /* of the URL, not the circuit */
        assert_string_equal(ask.password, "p");
        assert_has(got.x->body, "GET /x HTTP/1.1\r\nHost: hidden.onion\r\n");
        assert_text(got.x->proxy,
                    mudtest_text("socks5h://127.0.0.1:%u",
                                 mud_socks5d_port(socks)));
        assert_int_equal(got.x->dns.n, 0);
    }
}

static void test_proxy__makes_no_direct_connection(void **state)
{
    unsigned before = mud_httpd_connections(httpd);
    unsigned asked = (unsigned)mud_socks5d_asked(socks);
    const char *url =
        mudtest_text("http://target.example:%u/", mud_httpd_port(httpd));
    struct got got;

    (void)state;
    mud_socks5d_refuse(socks, 1);
    got = through(
        mudtest_text("socks5://127.0.0.1:%u", mud_socks5d_port(socks)), url);
    assert_fails(got.ok, &got.err, MUD_ENET, "target.example");
    assert_int_equal((unsigned)mud_socks5d_asked(socks), asked + 1);
    assert_int_equal(mud_httpd_connections(httpd), before);
    mud_socks5d_refuse(socks, 0);
}

static void test_proxy__that_is_down_is_not_gone_around(void **state)
{
    unsigned before = mud_httpd_connections(httpd), port = dead_port();
    static const char *const schemes[] = {"http", "socks5h"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(schemes); i++) {
        struct got got = through(
            mudtest_text("%s://127.0.0.1:%u", schemes[i], port),
            mudtest_text("http://target.example:%u/", mud_httpd_port(httpd)));
        assert_fails(got.ok, &got.err, MUD_ENET, "onnect");
    }
    assert_int_equal(mud_httpd_connections(httpd), before);
}

static void test_proxy__speaks_http_too(void **state)
{
    struct got got = through(mudtest_text("http://me:secret@127.0.0.1:%u",
                                          mud_httpd_port(httpd)),
                             "http://target.example/page");

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_has(got.x->body, "GET http://target.example/page HTTP/1.1\r\n");
    assert_has(got.x->body, "Proxy-Authorization: Basic ");
    assert_has(got.x->request_head, "Proxy-Authorization: [withheld]\r\n");
    assert_text(got.x->proxy,
                mudtest_text("http://127.0.0.1:%u", mud_httpd_port(httpd)));
}

static void test_proxy__still_guards_private_addresses(void **state)
{
    const char *proxy =
        mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks));
    unsigned asked = (unsigned)mud_socks5d_asked(socks);
    struct got got = through(proxy, "http://169.254.169.254/latest/");

    (void)state;
    assert_fails(got.ok, &got.err, MUD_EDENIED, "link-local");
    assert_int_equal((unsigned)mud_socks5d_asked(socks), asked);
}

static void test_proxy__of_the_environment_is_not_taken(void **state)
{
    struct mud_policy policy = quick();
    unsigned asked = (unsigned)mud_socks5d_asked(socks);
    struct got got;

    (void)state;
    assert_int_equal(
        setenv("http_proxy",
               mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks)),
               1),
        0);
    assert_int_equal(setenv("all_proxy", "http://127.0.0.1:9", 1), 0);
    got = get(&policy, httpd, "/direct", arena);
    assert_ok(got.ok, &got.err);
    assert_int_equal((unsigned)mud_socks5d_asked(socks), asked);
    /* Nor its exceptions from the one that is set. */
    assert_int_equal(setenv("no_proxy", "*", 1), 0);
    got =
        through(mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks)),
                "http://hidden.onion/");
    assert_ok(got.ok, &got.err);
    assert_int_equal((unsigned)mud_socks5d_asked(socks), asked + 1);
}

/* Tor gives each name a way of its own (IsolateSOCKSAuth). */
static void test_proxy__is_told_the_circuit(void **state)
{
    static const char *const circuits[] = {"aa11", "bb22", ""};
    const char *http =
        mudtest_text("http://127.0.0.1:%u", mud_httpd_port(httpd));
    struct got got;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(circuits); i++) {
        got = through_as(
            socks_url(), "http://target.example/", circuits[i], "", "");
        assert_ok(got.ok, &got.err);
        assert_string_equal(last_ask().user, circuits[i]);
        assert_string_equal(last_ask().password, circuits[i]);
        assert_lacks(got.x->proxy, "@");
    }
    /* It says nothing to a proxy of HTTP, nor instead of a log-in. */
    got = through_as(http, "http://target.example/", "aa11", "", "");
    assert_ok(got.ok, &got.err);
    assert_lacks(got.x->body, "Proxy-Authorization");
    got = through_as(socks_url(), "http://target.example/", "aa11", "me", "pw");
    assert_ok(got.ok, &got.err);
    assert_string_equal(last_ask().user, "me");
    assert_string_equal(last_ask().password, "pw");
}

static void test_proxy__that_wants_a_log_in(void **state)
{
    const char *http =
        mudtest_text("http://127.0.0.1:%u", mud_httpd_port(httpd));
    struct got got;

    (void)state;
    mud_socks5d_login(socks, "me", "right-Pw1");
    got = through_as(
        socks_url(), "http://target.example/", "", "me", "wrong-Pw1");
    assert_fails(got.ok, &got.err, MUD_ENET, "SOCKS5");
    assert_lacks(mud_str_z(got.err.text), "wrong-Pw1");
    got = through_as(
        socks_url(), "http://target.example/", "", "me", "right-Pw1");
    assert_ok(got.ok, &got.err);
    mud_socks5d_login(socks, "", "");
    got = through_as(http, "http://target.example/", "", "me", "right-Pw1");
    assert_ok(got.ok, &got.err);
    assert_has(got.x->body, "Proxy-Authorization: Basic bWU6cmlnaHQtUHcx\r\n");
    assert_has(got.x->request_head, "Proxy-Authorization: [withheld]\r\n");
    assert_lacks(got.x->request_head, "bWU6");
}

static void test_proxy__that_breaks_off_leaves_a_cut_answer(void **state)
{
    struct got got;

    (void)state;
    mud_socks5d_break_after(socks, 100);
    got = through(socks_url(), "http://target.example/a-page");
    mud_socks5d_break_after(socks, 0);
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->cut, MUD_CUT_DISCONNECT);
    assert_true(got.x->body.n > 0 && got.x->body.n < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy__resolves_names_behind_socks),
        cmocka_unit_test(test_proxy__makes_no_direct_connection),
        cmocka_unit_test(test_proxy__that_is_down_is_not_gone_around),
        cmocka_unit_test(test_proxy__speaks_http_too),
        cmocka_unit_test(test_proxy__still_guards_private_addresses),
        cmocka_unit_test(test_proxy__is_told_the_circuit),
        cmocka_unit_test(test_proxy__that_wants_a_log_in),
        cmocka_unit_test(test_proxy__that_breaks_off_leaves_a_cut_answer),
        cmocka_unit_test(test_proxy__of_the_environment_is_not_taken),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
