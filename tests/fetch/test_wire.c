#include "fetch/wire.h"

#include "tests/fetch/trying.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A server on loopback that says what it hears, first in clear and, with a
 * certificate, under TLS. The certificate is for wire.example.
 */
struct echo {
    int fd;
    unsigned port;
    pthread_t thread;
    const char *dir; /* of cert.pem and key.pem; NULL: in clear */
    SSL_CTX *context;
};

static bool say_back(int fd, SSL *ssl)
{
    char text[4096];
    ssize_t n =
        ssl ? SSL_read(ssl, text, sizeof text) : recv(fd, text, sizeof text, 0);

    if (n <= 0 || memcmp(text, "bye", 3) == 0)
        return false;
    return (ssl ? SSL_write(ssl, text, (int)n)
                : send(fd, text, (size_t)n, MSG_NOSIGNAL)) == n;
}

static void *serve(void *payload)
{
    struct echo *echo = payload;
    int fd;

    while ((fd = accept(echo->fd, NULL, NULL)) >= 0) {
        SSL *ssl = echo->context ? SSL_new(echo->context) : NULL;

        if (!ssl || (SSL_set_fd(ssl, fd) == 1 && SSL_accept(ssl) == 1))
            while (say_back(fd, ssl))
                continue;
        SSL_free(ssl);
        close(fd);
    }
    return NULL;
}

static void start(struct echo *echo)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    echo->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(echo->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(echo->fd, 8), 0);
    assert_int_equal(getsockname(echo->fd, (struct sockaddr *)&address, &size),
                     0);
    echo->port = ntohs(address.sin_port);
    if (echo->dir) {
        echo->context = SSL_CTX_new(TLS_server_method());
        assert_int_equal(
            SSL_CTX_use_certificate_file(echo->context,
                                         mudtest_text("%s/cert.pem", echo->dir),
                                         SSL_FILETYPE_PEM),
            1);
        assert_int_equal(
            SSL_CTX_use_PrivateKey_file(echo->context,
                                        mudtest_text("%s/key.pem", echo->dir),
                                        SSL_FILETYPE_PEM),
            1);
    }
    assert_int_equal(pthread_create(&echo->thread, NULL, serve, echo), 0);
}

static void stop(struct echo *echo)
{
    shutdown(echo->fd, SHUT_RDWR);
    pthread_join(echo->thread, NULL);
    close(echo->fd);
    SSL_CTX_free(echo->context);
}

static const char *certificate(void)
{
    static const char *dir;

    if (!dir) {
        dir = mudtest_dir();
        struct mudtest_run run = mudtest_sh(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj "
            "/CN=wire.example -addext subjectAltName=DNS:wire.example "
            "-keyout %s/key.pem -out %s/cert.pem",
            dir,
            dir);
        assert_int_equal(run.code, 0);
    }
    return dir;
}

static struct mud_policy policy_of(const struct mud_str *host)
{
    struct mud_policy policy = mud_policy_defaults();

    policy.hosts = host;
    policy.n_hosts = 1;
    policy.allow_private = true;
    return policy;
}

static void assert_echo(struct mud_wire *wire, struct mud_error *err)
{
    char got[16];
    size_t n;

    assert_ok(mud_wire_write(wire, MUD_STR("hello"), err), err);
    assert_ok(mud_wire_read(wire, got, sizeof got, &n, 5000, err), err);
    assert_text(mud_str_of(got, n), "hello");
    assert_ok(mud_wire_read(wire, got, sizeof got, &n, 0, err), err);
    assert_int_equal(n, 0); /* nothing more, and no waiting */
    assert_ok(mud_wire_write(wire, MUD_STR("bye"), err), err);
    assert_fails(mud_wire_read(wire, got, sizeof got, &n, 5000, err),
                 err,
                 MUD_ENET,
                 "closed");
}

static void test_wire__carries_bytes(void **state)
{
    const struct mud_str host = MUD_STR("127.0.0.1");
    struct mud_policy policy = policy_of(&host);
    struct mud_buf said = {0};
    struct mud_error err = {0};
    struct mud_wire *wire;
    struct echo echo = {0};

    (void)state;
    start(&echo);
    struct mud_wire_to to = {host, echo.port, &policy, NULL};
    assert_ok(mud_wire_open(&wire, &to, &err), &err);
    assert_true(mud_wire_is_local(wire));
    mud_wire_describe(&said, wire);
    assert_has(mud_buf_view(&said), "\"peer\":\"127.0.0.1\"");
    assert_lacks(mud_buf_view(&said), "tls");
    mud_buf_free(&said);
    assert_echo(wire, &err);
    mud_wire_close(wire);
    stop(&echo);
}

static void test_wire__tls_needs_the_right_certificate(void **state)
{
    const struct mud_str host = MUD_STR("127.0.0.1");
    struct mud_policy policy = policy_of(&host);
    struct mud_buf said = {0};
    struct mud_error err = {0};
    struct mud_wire *wire;
    struct echo echo = {.dir = certificate()};
    struct mud_wire_to to = {host, 0, &policy, NULL};

    (void)state;
    start(&echo);
    to.port = echo.port;
    assert_ok(mud_wire_open(&wire, &to, &err), &err);
    assert_fails(mud_wire_secure(wire, MUD_STR("wire.example"), &err),
                 &err,
                 MUD_ENET,
                 "self-signed");
    mud_wire_close(wire);

    policy.ca_file = mud_str_z(mudtest_text("%s/cert.pem", echo.dir));
    assert_ok(mud_wire_open(&wire, &to, &err), &err);
    assert_fails(mud_wire_secure(wire, MUD_STR("other.example"), &err),
                 &err,
                 MUD_ENET,
                 "hostname mismatch");
    mud_wire_close(wire);

    assert_ok(mud_wire_open(&wire, &to, &err), &err);
    assert_ok(mud_wire_secure(wire, MUD_STR("wire.example"), &err), &err);
    mud_wire_describe(&said, wire);
    assert_has(mud_buf_view(&said), "\"version\":\"TLSv1.3\"");
    assert_has(mud_buf_view(&said), "\"verify\":\"ok\"");
    assert_has(mud_buf_view(&said), "chain_sha256");
    mud_buf_free(&said);
    assert_echo(wire, &err);
    mud_wire_close(wire);
    stop(&echo);
}

static void test_wire__stays_within_the_policy(void **state)
{
    const struct mud_str host = MUD_STR("127.0.0.1"),
                         other = MUD_STR("chat.example");
    struct mud_policy policy = policy_of(&host);
    struct mud_error err = {0};
    struct mud_wire *wire;
    struct echo echo = {0};
    static volatile sig_atomic_t stopped;

    (void)state;
    start(&echo);
    struct mud_wire_to to = {host, echo.port, &policy, NULL};
    policy.allow_private = false;
    assert_fails(
        mud_wire_open(&wire, &to, &err), &err, MUD_EDENIED, "loopback");
    policy.allow_private = true;
    policy.hosts = &other;
    assert_fails(mud_wire_open(&wire, &to, &err), &err, MUD_EDENIED, "scope");
    policy.hosts = &host;
    policy.proxy = MUD_STR("socks5://127.0.0.1:1"); /* nobody is there */
    assert_fails(mud_wire_open(&wire, &to, &err), &err, MUD_ENET, "127.0.0.1");
    policy.proxy = MUD_STR("");
    stopped = 1;
    to.stop = &stopped;
    assert_fails(mud_wire_open(&wire, &to, &err), &err, MUD_EAGAIN, "stop");
    stop(&echo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire__carries_bytes),
        cmocka_unit_test(test_wire__tls_needs_the_right_certificate),
        cmocka_unit_test(test_wire__stays_within_the_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
