#include "tests/fetch/trying.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
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

/* A SOCKS5 proxy (RFC 1928) that leads every name to one server, or refuses. */
struct socks {
    int fd;
    unsigned port, target;
    pthread_t thread;
    atomic_bool ending, refuses;
    atomic_uint asked;
    char host[256]; /* the last name asked for; empty: it was an address */
};

static bool read_n(int fd, unsigned char *to, size_t n)
{
    while (n) {
        ssize_t got = recv(fd, to, n, 0);
        if (got <= 0)
            return false;
        to += got;
        n -= (size_t)got;
    }
    return true;
}

static int listen_on_loopback(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void relay(struct socks *socks, int a, int b)
{
    struct pollfd both[2] = {{.fd = a, .events = POLLIN},
                             {.fd = b, .events = POLLIN}};
    char bytes[4096];

    while (!atomic_load(&socks->ending)) {
        if (poll(both, 2, 20) <= 0)
            continue;
        for (int i = 0; i < 2; i++) {
            ssize_t n;
            if (!both[i].revents)
                continue;
            n = recv(both[i].fd, bytes, sizeof bytes, 0);
            if (n <= 0)
                return;
            (void)!send(both[1 - i].fd, bytes, (size_t)n, MSG_NOSIGNAL);
        }
    }
}

static void talk(struct socks *socks, int fd)
{
    static const unsigned char no[10] = {5, 2, 0, 1};
    static const unsigned char yes[10] = {5, 0, 0, 1};
    struct sockaddr_in to = {.sin_family = AF_INET};
    unsigned char b[256];
    int target;

    if (!read_n(fd, b, 2) || !read_n(fd, b, b[1]) ||
        send(fd, "\x05\x00", 2, MSG_NOSIGNAL) != 2 || !read_n(fd, b, 4))
        return;
    memset(socks->host, 0, sizeof socks->host);
    if (b[3] == 3) {
        if (!read_n(fd, b, 1) ||
            !read_n(fd, (unsigned char *)socks->host, b[0]))
            return;
    } else if (!read_n(fd, b, b[3] == 1 ? 4 : 16)) {
        return;
    }
    if (!read_n(fd, b, 2))
        return;
    atomic_fetch_add(&socks->asked, 1);
    if (atomic_load(&socks->refuses)) {
        (void)!send(fd, no, sizeof no, MSG_NOSIGNAL);
        return;
    }
    to.sin_port = htons((uint16_t)socks->target);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(target, (struct sockaddr *)&to, sizeof to) == 0 &&
        send(fd, yes, sizeof yes, MSG_NOSIGNAL) == sizeof yes)
        relay(socks, fd, target);
    close(target);
}

/* One connection after the other is enough here. */
static void *run(void *payload)
{
    struct socks *socks = payload;
    struct pollfd poll_for = {.fd = socks->fd, .events = POLLIN};

    while (!atomic_load(&socks->ending)) {
        int fd;
        if (poll(&poll_for, 1, 20) <= 0)
            continue;
        fd = accept(socks->fd, NULL, NULL);
        if (fd < 0)
            continue;
        talk(socks, fd);
        close(fd);
    }
    return NULL;
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    return mud_httpd_reply(peer, 200, "", request->head);
}

static struct mud_httpd *httpd;
static struct socks socks;
static struct mud_arena *arena;
static const struct mud_str any[] = {{"*", 1}};

static int set_up(void **state)
{
    (void)state;
    arena = mud_arena_new();
    httpd = mud_httpd_start(serve, NULL);
    socks.fd = listen_on_loopback(&socks.port);
    socks.target = mud_httpd_port(httpd);
    return pthread_create(&socks.thread, NULL, run, &socks);
}

static int tear_down(void **state)
{
    (void)state;
    atomic_store(&socks.ending, true);
    (void)pthread_join(socks.thread, NULL);
    close(socks.fd);
    mud_httpd_stop(httpd);
    mud_arena_free(arena);
    return 0;
}

static struct got through(const char *proxy, const char *url)
{
    struct mud_policy policy = quick();
    struct got got = {0};

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

static void test_proxy__resolves_names_behind_socks(void **state)
{
    static const char *const schemes[] = {"socks5h", "socks5", "SOCKS5"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(schemes); i++) {
        const char *proxy =
            mudtest_text("%s://u:p@127.0.0.1:%u", schemes[i], socks.port);
        struct got got = through(proxy, "http://hidden.onion/x");
        assert_ok(got.ok, &got.err);
        assert_string_equal(socks.host, "hidden.onion");
        assert_has(got.x->body, "GET /x HTTP/1.1\r\nHost: hidden.onion\r\n");
        assert_text(got.x->proxy,
                    mudtest_text("socks5h://127.0.0.1:%u", socks.port));
        assert_int_equal(got.x->dns.n, 0);
    }
}

static void test_proxy__makes_no_direct_connection(void **state)
{
    unsigned before = mud_httpd_connections(httpd);
    unsigned asked = atomic_load(&socks.asked);
    const char *url =
        mudtest_text("http://target.example:%u/", mud_httpd_port(httpd));
    struct got got;

    (void)state;
    atomic_store(&socks.refuses, true);
    got = through(mudtest_text("socks5://127.0.0.1:%u", socks.port), url);
    assert_fails(got.ok, &got.err, MUD_ENET, "target.example");
    assert_int_equal(atomic_load(&socks.asked), asked + 1);
    assert_int_equal(mud_httpd_connections(httpd), before);
    atomic_store(&socks.refuses, false);
}

static void test_proxy__that_is_down_is_not_gone_around(void **state)
{
    unsigned before = mud_httpd_connections(httpd), port;
    int fd = listen_on_loopback(&port);
    static const char *const schemes[] = {"http", "socks5h"};

    (void)state;
    close(fd); /* nobody listens there now */
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
    const char *proxy = mudtest_text("socks5h://127.0.0.1:%u", socks.port);
    unsigned asked = atomic_load(&socks.asked);
    struct got got = through(proxy, "http://169.254.169.254/latest/");

    (void)state;
    assert_fails(got.ok, &got.err, MUD_EDENIED, "link-local");
    assert_int_equal(atomic_load(&socks.asked), asked);
}

static void test_proxy__of_the_environment_is_not_taken(void **state)
{
    struct mud_policy policy = quick();
    unsigned asked = atomic_load(&socks.asked);
    struct got got;

    (void)state;
    assert_int_equal(setenv("http_proxy",
                            mudtest_text("socks5h://127.0.0.1:%u", socks.port),
                            1),
                     0);
    assert_int_equal(setenv("all_proxy", "http://127.0.0.1:9", 1), 0);
    got = get(&policy, httpd, "/direct", arena);
    assert_ok(got.ok, &got.err);
    assert_int_equal(atomic_load(&socks.asked), asked);
    /* Nor its exceptions from the one that is set. */
    assert_int_equal(setenv("no_proxy", "*", 1), 0);
    got = through(mudtest_text("socks5h://127.0.0.1:%u", socks.port),
                  "http://hidden.onion/");
    assert_ok(got.ok, &got.err);
    assert_int_equal(atomic_load(&socks.asked), asked + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy__resolves_names_behind_socks),
        cmocka_unit_test(test_proxy__makes_no_direct_connection),
        cmocka_unit_test(test_proxy__that_is_down_is_not_gone_around),
        cmocka_unit_test(test_proxy__speaks_http_too),
        cmocka_unit_test(test_proxy__still_guards_private_addresses),
        cmocka_unit_test(test_proxy__of_the_environment_is_not_taken),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
