#include "fetch/transfer.h"
#include "tests/fetch/trying.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * The DNS of this program: stands in front of the C library's getaddrinfo, for
 * fetch/resolve.c and for libcurl alike, so that every lookup is seen.
 */
static atomic_uint lookups;

static const struct {
    const char *name;
    const char *answers[3];
} zone[] = {
    {"board.example", {"127.0.0.1"}},
    {"mixed.example", {"10.1.2.3", "127.0.0.1"}},
    {"six.example", {"::1"}},
    {"metadata.example", {"169.254.169.254"}},
};

static void push(struct addrinfo **last, const char *text, uint16_t port)
{
    struct addrinfo *info = mud_calloc(1, sizeof *info);
    struct sockaddr_in6 *six = mud_calloc(1, sizeof *six);
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        memcpy(six, &four, sizeof four);
        info->ai_family = AF_INET;
        info->ai_addrlen = sizeof four;
    } else {
        assert_int_equal(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        info->ai_family = AF_INET6;
        info->ai_addrlen = sizeof *six;
    }
    info->ai_socktype = SOCK_STREAM;
    info->ai_addr = (struct sockaddr *)six;
    *last = info;
}

int getaddrinfo(const char *restrict __name, const char *restrict __service,
                const struct addrinfo *restrict __req,
                struct addrinfo **restrict __pai)
{
    struct addrinfo **last = __pai;
    uint64_t port = 0;

    if (__service && !mud_str_u64(mud_str_z(__service), &port))
        return EAI_SERVICE;
    (void)__req;
    atomic_fetch_add(&lookups, 1);
    *__pai = NULL;
    for (size_t i = 0; i < MUDTEST_ROWS(zone); i++) {
        if (!__name || strcmp(zone[i].name, __name) != 0)
            continue;
        for (size_t k = 0; k < 3 && zone[i].answers[k]; k++) {
            push(last, zone[i].answers[k], (uint16_t)port);
            last = &(*last)->ai_next;
        }
        return 0;
    }
    return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *__ai)
{
    while (__ai) {
        struct addrinfo *next = __ai->ai_next;
        free(__ai->ai_addr);
        free(__ai);
        __ai = next;
    }
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    return mud_httpd_reply(peer, 200, "", mud_httpd_value(request, "Host"));
}

static const struct mud_str hosts[] = {{"*", 1}};
static struct mud_httpd *httpd;
static struct mud_arena *arena;

static int set_up(void **state)
{
    (void)state;
    httpd = mud_httpd_start(serve, NULL);
    arena = mud_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_httpd_stop(httpd);
    mud_arena_free(arena);
    return 0;
}

static struct got ask(const char *host, bool allow_private)
{
    struct mud_policy policy = quick();
    struct got got = {0};

    policy.hosts = hosts;
    policy.n_hosts = 1;
    policy.allow_private = allow_private;
    policy.page_seconds = 3;
    got.ok = mud_fetch_one(
        &got.x,
        &got.n,
        &policy,
        mud_str_z(mudtest_text("http://%s:%u/", host, mud_httpd_port(httpd))),
        arena,
        &got.err);
    return got;
}

static void test_resolve__records_all_answers_of_one_lookup(void **state)
{
    struct got got;

    (void)state;
    atomic_store(&lookups, 0);
    got = ask("board.example", true);
    assert_ok(got.ok, &got.err);
    assert_text(got.x->dns, "[\"127.0.0.1\"]");
    assert_text(got.x->peer_ip, "127.0.0.1");
    assert_true(mud_str_starts(got.x->body, MUD_STR("board.example:")));
    /* libcurl connects to what was answered and checked; it asks nobody. */
    assert_int_equal(atomic_load(&lookups), 1);
}

static void test_resolve__passes_over_private_answers(void **state)
{
    struct got got;
    unsigned before = mud_httpd_connections(httpd);

    (void)state;
    got = ask("mixed.example", false);
    assert_fails(got.ok, &got.err, MUD_EDENIED, "loopback address");
    got = ask("board.example", false);
    assert_fails(got.ok, &got.err, MUD_EDENIED, "loopback address");
    got = ask("metadata.example", false);
    assert_fails(got.ok, &got.err, MUD_EDENIED, "link-local address");
    got = ask("six.example", false);
    assert_fails(got.ok, &got.err, MUD_EDENIED, "loopback address");
    assert_int_equal(mud_httpd_connections(httpd), before);
}

static void test_resolve__says_that_there_is_no_such_name(void **state)
{
    struct got got = ask("missing.example", true);
    (void)state;
    assert_fails(got.ok, &got.err, MUD_ENET, "no address");
}

static bool count(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                  void *payload)
{
    (void)fetcher;
    *(unsigned *)payload += !fetched->error;
    return true;
}

static void test_resolve__asks_once_for_many_pages(void **state)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    unsigned good = 0;

    (void)state;
    policy.hosts = hosts;
    policy.n_hosts = 1;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    atomic_store(&lookups, 0);
    for (int i = 0; i < 20; i++)
        assert_ok(
            mud_fetcher_add(fetcher,
                            mud_str_z(mudtest_text("http://board.example:%u/%d",
                                                   mud_httpd_port(httpd),
                                                   i)),
                            (struct mud_str){0},
                            NULL,
                            &err),
            &err);
    assert_true(mud_fetcher_run(fetcher, count, &good));
    assert_int_equal(good, 20);
    assert_int_equal(atomic_load(&lookups), 1);
    mud_fetcher_free(fetcher);
}

/*
 * The last guard alone: a transfer whose name libcurl looks up itself, when the
 * DNS says something else than it did a moment ago.
 */
static void test_socket__is_not_opened_to_a_private_address(void **state)
{
    static const struct {
        const char *host;
        enum mud_outcome outcome;
        bool allow_private;
    } rows[] = {
        {"board.example", MUD_REFUSED, false},
        {"127.0.0.1", MUD_REFUSED, false},
        {"board.example", MUD_ANSWERED, true},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_policy policy = quick();
        struct mud_transfer_ask ask = {.body_max = 1000};
        struct mud_transfer *transfer;
        struct mud_error err = {0};
        unsigned before = mud_httpd_connections(httpd);
        const char *text =
            mudtest_text("http://%s:%u/", rows[i].host, mud_httpd_port(httpd));
        struct mud_url url;
        CURLcode rc;

        policy.allow_private = rows[i].allow_private;
        ask.url = &url;
        assert_ok(mud_url_parse(&url, mud_str_z(text), arena, &err), &err);
        transfer = mud_transfer_new(&policy, &ask, NULL);
        assert_non_null(transfer);
        rc = curl_easy_perform(transfer->curl);
        assert_int_equal(mud_transfer_outcome(transfer, rc, &err),
                         rows[i].outcome);
        if (rows[i].outcome == MUD_REFUSED) {
            assert_int_equal(err.code, MUD_EDENIED);
            assert_has(mud_str_z(err.text), "loopback");
            assert_int_equal(mud_httpd_connections(httpd), before);
        }
        mud_transfer_free(transfer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve__records_all_answers_of_one_lookup),
        cmocka_unit_test(test_resolve__passes_over_private_answers),
        cmocka_unit_test(test_resolve__says_that_there_is_no_such_name),
        cmocka_unit_test(test_resolve__asks_once_for_many_pages),
        cmocka_unit_test(test_socket__is_not_opened_to_a_private_address),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
