/* The workbench's port: metrics that Prometheus reads, and clients that misbehave. */
#include "web/workbench.h"

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"
#include "web/exposition.h"

#include <arpa/inet.h>
#include <poll.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"

struct bench {
    struct mud_workbench *workbench;
    struct mud_pg *pg;
    const char *home, *dsn;
    unsigned port;
};

static void bench_open(struct bench *b, const char *dsn)
{
    struct mud_error err = {0};

    b->home = mudtest_dir();
    b->dsn = dsn;
    mudtest_write(mudtest_text("%s/vault/x", b->home), MUD_STR(""));
    assert_ok(
        mud_workbench_start(&b->workbench, "127.0.0.1:0", b->home, dsn, &err),
        &err);
    b->port = (unsigned)atoi(strrchr(mud_workbench_url(b->workbench), ':') + 1);
}

static void bench_close(struct bench *b)
{
    mud_workbench_stop(b->workbench);
    mud_pg_close(b->pg);
}

static int dial(const struct bench *b)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)b->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

/* All that comes back until the other side closes; NULL: not within the time. */
static const char *drain(int fd, int ms)
{
    static struct mud_buf got;
    char piece[65536];
    ssize_t n = 1;

    mud_buf_clear(&got);
    while (n > 0) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, ms) != 1)
            return NULL;
        n = read(fd, piece, sizeof piece);
        if (n > 0)
            mud_buf_str(&got, mud_str_of(piece, (size_t)n));
    }
    return mud_buf_cstr(&got);
}

static const char *ask(const struct bench *b, const char *request)
{
    int fd = dial(b);
    const char *answer;

    assert_true(write(fd, request, strlen(request)) ==
                (ssize_t)strlen(request));
    answer = drain(fd, 20000);
    close(fd);
    assert_non_null(answer);
    return answer;
}

static const char *get(const struct bench *b, const char *path)
{
    return ask(b,
               mudtest_text("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: "
                            "close\r\n\r\n",
                            path));
}

/*
 * The grammar of the text format, 0.0.4: each sample belongs to the family whose
 * HELP and TYPE came before it, each family comes once, labels are escaped.
 */
static void assert_exposition(const char *text)
{
    static const char *const line_form =
        "^[a-zA-Z_:][a-zA-Z0-9_:]*(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\]|\\\\[\\"
        "\\n\"])*\"(,[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\]|\\\\[\\\\n\"])*\")*\\})? "
        "-?[0-9]+(\\.[0-9]+)?(e[+-][0-9]+)?$";
    struct mud_str rest = mud_str_z(text), line;
    struct mud_buf families = {0};
    char family[128] = "", type[32] = "";
    regex_t form;
    size_t samples = 0;

    assert_int_equal(regcomp(&form, line_form, REG_EXTENDED | REG_NOSUB), 0);
    while (mud_str_line(&rest, &line)) {
        const char *s = mudtest_text("%.*s", MUD_FMT(line));
        char name[128];
        if (sscanf(s, "# HELP %127s", name) == 1) {
            snprintf(family, sizeof family, "%s", name);
            if (mud_str_find(mud_buf_view(&families),
                             mud_str_z(mudtest_text(" %s ", family))) !=
                MUD_NPOS)
                fail_msg("family %s comes twice", family);
            mud_buf_printf(&families, " %s ", family);
            continue;
        }
        if (sscanf(s, "# TYPE %127s %31s", name, type) == 2) {
            assert_string_equal(name, family);
            bool total = mud_str_ends(mud_str_z(name), MUD_STR("_total"));
            assert_true(total == (strcmp(type, "counter") == 0));
            continue;
        }
        if (regexec(&form, s, 0, NULL, 0) != 0)
            fail_msg("no sample: %s", s);
        assert_true(strncmp(s, family, strlen(family)) == 0);
        assert_true(strchr(" {", s[strlen(family)]) != NULL);
        samples++;
    }
    assert_true(samples > 3);
    regfree(&form);
    mud_buf_free(&families);
    /* and what Prometheus itself says, where it is there */
    struct mudtest_run run = mudtest_run(
        (const char *const[]){"sh",
                              "-c",
                              "command -v promtool >/dev/null || exit 0; "
                              "exec promtool check metrics",
                              NULL},
        mud_str_z(text),
        NULL,
        30);
    if (run.code)
        fail_msg("promtool: %.*s", MUD_FMT(run.err));
}

static const char *body(const char *answer)
{
    const char *at = strstr(answer, "\r\n\r\n");

    assert_non_null(at);
    return at + 4;
}

static void test_metrics__tell_of_each_source(void **state)
{
    struct bench b = {.dsn = NULL};
    const char *text;

    (void)state;
    bench_open(&b, mud_test_pg());
    b.pg = mud_test_pg_open(b.dsn);
    mud_test_pg_exec(
        b.pg,
        "INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) VALUES (7, E'a\"b\\\\c\\nd', 'forum', 'b', "
        "'{}', now() + interval '1 day', 't'), (8, '论坛', 'chat', 'b', '{}', "
        "now() + interval '1 day', 't');"
        "INSERT INTO mud.health (source_id, next_at, pages, posts, posted_at, "
        "success_at, failures) VALUES (7, now(), 12, 34, now() - interval "
        "'1 hour', to_timestamp(1700000000), 3), (8, now(), 0, 0, NULL, NULL, "
        "0);"
        "INSERT INTO mud.outcome VALUES (7, '-infinity', 'ok', '', 10, NULL, "
        "now()), (7, '-infinity', 'error', 'tls', 2, NULL, now()), (7, "
        "'-infinity', 'skip', 'login-wall', 5, NULL, now());"
        "INSERT INTO mud.worker VALUES ('h:1', 'work', '1', now(), now()), "
        "('h:2', 'work', '1', now(), now() - interval '1 hour');"
        "INSERT INTO mud.job (queue, key, payload, run_at) VALUES ('fetch:x', "
        "'k', '{}', now())");
    const char *answer = get(&b, "/metrics");
    assert_non_null(strstr(answer, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(answer, "Content-Type: " MUD_EXPOSITION_TYPE));
    text = body(answer);
    assert_exposition(text);
    static const char *const lines[] = {
        "mudlark_database_up 1\n",
        "mudlark_sources 2\n",
        "mudlark_source_pages_total{source=\"a\\\"b\\\\c\\nd\"} 12\n",
        "mudlark_source_pages_total{source=\"论坛\"} 0\n",
        "mudlark_source_posts_read_total{source=\"a\\\"b\\\\c\\nd\"} 34\n",
        "mudlark_source_last_success_timestamp_seconds{source="
        "\"a\\\"b\\\\c\\nd\"} 1700000000\n",
        "mudlark_source_lag_seconds{source=\"a\\\"b\\\\c\\nd\"} 36",
        "mudlark_source_condition{source=\"a\\\"b\\\\c\\nd\",kind=\"forum\","
        "condition=\"failing\"} 1\n",
        "mudlark_source_condition{source=\"论坛\",kind=\"chat\",condition="
        "\"files\"} 1\n",
        "mudlark_source_errors_total{source=\"a\\\"b\\\\c\\nd\",kind=\"tls\"} 2\n",
        "mudlark_source_skipped_total{source=\"a\\\"b\\\\c\\nd\",reason="
        "\"login-wall\"} 5\n",
        "mudlark_source_requests_ok_total{source=\"a\\\"b\\\\c\\nd\"} 10\n",
        "mudlark_queue_jobs{state=\"waiting\"} 1\n",
        "mudlark_workers_alive 1\n",
        "mudlark_workers_gone 1\n",
        "mudlark_offers 0\n",
        "mudlark_contacts 0\n",
        "mudlark_vault_free_bytes ",
        "process_resident_memory_bytes ",
    };
    for (size_t i = 0; i < MUDTEST_ROWS(lines); i++) {
        if (!strstr(text, lines[i]))
            fail_msg("not told: %s in\n%s", lines[i], text);
    }
    /* never a time that is not known */
    assert_null(strstr(text,
                       "mudlark_source_last_success_timestamp_seconds{source="
                       "\"论坛\"}"));
    bench_close(&b);
}

static void test_metrics__are_asked_of_the_database_every_five_seconds(
    void **state)
{
    struct bench b = {.dsn = NULL};

    (void)state;
    bench_open(&b, mud_test_pg());
    assert_non_null(strstr(get(&b, "/metrics"), "mudlark_sources 0\n"));
    b.pg = mud_test_pg_open(b.dsn);
    mud_test_pg_exec(
        b.pg,
        "INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) VALUES (7, 's', 'chat', 'b', '{}', now(), 't')");
    for (int i = 0; i < 50; i++)
        assert_non_null(strstr(get(&b, "/metrics"), "mudlark_sources 0\n"));
    bench_close(&b);
}

static void test_metrics__without_a_database_tell_the_rest(void **state)
{
    struct bench b = {.dsn = NULL};
    const char *answer;

    (void)state;
    bench_open(&b, "host=/nonexistent dbname=none");
    answer = get(&b, "/metrics");
    assert_non_null(strstr(answer, "200 OK"));
    assert_non_null(strstr(answer, "mudlark_database_up 0\n"));
    assert_exposition(body(answer));
    answer = get(&b, "/healthz");
    assert_non_null(strstr(answer, "503 Service Unavailable"));
    assert_non_null(strstr(answer, "database"));
    bench_close(&b);
}

static void test_healthz__asks_for_database_and_vault(void **state)
{
    struct bench b = {.dsn = NULL};

    (void)state;
    bench_open(&b, mud_test_pg());
    assert_non_null(strstr(get(&b, "/healthz"), "200 OK"));
    mudtest_sh("rm -r %s/vault", b.home);
    assert_non_null(strstr(get(&b, "/healthz"), "503 Service Unavailable"));
    bench_close(&b);
}

static void test_server__holds_off_what_it_does_not_serve(void **state)
{
    static const struct {
        const char *request, *status, *more;
    } rows[] = {
        {"GET / HTTP/1.1\r\nHost: localhost:99\r\n", "200", "/metrics"},
        {"GET / HTTP/1.1\r\nHost: [::1]:8087\r\n", "200", "/metrics"},
        {"HEAD /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n",
         "200",
         "version=0.0.4"},
        {"GET /none HTTP/1.1\r\nHost: 127.0.0.1\r\n", "404", "no such page"},
        {"GET /metrics/../x HTTP/1.1\r\nHost: 127.0.0.1\r\n", "404", ""},
        {"POST /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n",
         "405",
         "Allow: GET, HEAD"},
        {"DELETE / HTTP/1.1\r\nHost: 127.0.0.1\r\n", "405", "Allow"},
        {"BREW / HTTP/1.1\r\nHost: 127.0.0.1\r\n", "405", "Allow"},
        {"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n", "421", "loopback"},
        {"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1.evil.example\r\n",
         "421",
         "loopback"},
    };
    struct bench b = {.dsn = NULL};

    (void)state;
    bench_open(&b, "host=/nonexistent");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *answer = ask(
            &b, mudtest_text("%sConnection: close\r\n\r\n", rows[i].request));
        if (strncmp(answer + 9, rows[i].status, 3) != 0 ||
            !strstr(answer, rows[i].more))
            fail_msg("%s: %s", rows[i].request, answer);
    }
    bench_close(&b);
}

static void test_server__refuses_a_head_without_end(void **state)
{
    struct bench b = {.dsn = NULL};
    struct mud_buf huge = {0};

    (void)state;
    bench_open(&b, "host=/nonexistent");
    mud_buf_z(&huge, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
    for (int i = 0; i < 300000; i++)
        mud_buf_c(&huge, 'a');
    int fd = dial(&b);
    /* it may hang up before all of it is out */
    (void)send(fd, huge.s, huge.n, MSG_NOSIGNAL);
    const char *answer = drain(fd, 20000);
    assert_non_null(answer);
    if (*answer)
        assert_non_null(strstr(answer, " 431 "));
    close(fd);
    assert_non_null(strstr(get(&b, "/"), "200 OK"));
    mud_buf_free(&huge);
    bench_close(&b);
}

/* A byte a second is never silence; ten seconds are all it gets. */
static void test_server__cuts_clients_that_drip(void **state)
{
    struct bench b = {.dsn = NULL};
    int drips[20];
    int64_t began;
    bool over = false;

    (void)state;
    bench_open(&b, "host=/nonexistent");
    for (size_t i = 0; i < MUDTEST_ROWS(drips); i++)
        drips[i] = dial(&b);
    began = mud_monotonic();
    while (!over && mud_monotonic() - began < 25 * MUD_SECOND) {
        for (size_t i = 0; i < MUDTEST_ROWS(drips); i++)
            (void)send(drips[i], "G", 1, MSG_NOSIGNAL);
        /* others are served meanwhile */
        assert_non_null(strstr(get(&b, "/"), "200 OK"));
        struct pollfd p = {.fd = drips[0], .events = POLLIN};
        over = poll(&p, 1, 1000) == 1;
    }
    assert_true(over);
    assert_in_range((mud_monotonic() - began) / MUD_SECOND, 8, 16);
    for (size_t i = 0; i < MUDTEST_ROWS(drips); i++)
        close(drips[i]);
    bench_close(&b);
}

static void test_server__says_what_is_wrong_with_an_address(void **state)
{
    static const char *const wrong[] = {
        "", "8087", "localhost:8087", "127.0.0.1:70000", "1.2.3:1", "::1:8087"};
    struct bench b = {.dsn = NULL};
    struct mud_workbench *other = NULL;
    struct mud_error err = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(wrong); i++)
        assert_fails(mud_workbench_start(&other, wrong[i], "/tmp", "", &err),
                     &err,
                     MUD_EUSAGE,
                     "--listen is ADDRESS:PORT");
    bench_open(&b, "host=/nonexistent");
    assert_fails(
        mud_workbench_start(
            &other, mudtest_text("127.0.0.1:%u", b.port), "/tmp", "", &err),
        &err,
        MUD_EIO,
        "listen on");
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_metrics__tell_of_each_source),
        cmocka_unit_test(
            test_metrics__are_asked_of_the_database_every_five_seconds),
        cmocka_unit_test(test_metrics__without_a_database_tell_the_rest),
        cmocka_unit_test(test_healthz__asks_for_database_and_vault),
        cmocka_unit_test(test_server__holds_off_what_it_does_not_serve),
        cmocka_unit_test(test_server__refuses_a_head_without_end),
        cmocka_unit_test(test_server__cuts_clients_that_drip),
        cmocka_unit_test(test_server__says_what_is_wrong_with_an_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
