#include "base/hash.h"
#include "base/json.h"
#include "tests/fetch/trying.h"
#include "tests/support/nginx.h"

/*
 * Against a server that is not ours: nginx with gzip, TLS and HTTP/2. Left out
 * where there is no nginx.
 */
static pid_t nginx;
static const char *dir;
static unsigned plain, tls;
static struct mud_arena *arena;
static struct mud_buf page;

static const char *config(void)
{
    return mudtest_text("  gzip on; gzip_min_length 100;\n"
                        "  ssl_protocols TLSv1.2 TLSv1.3;\n"
                        "  server {\n"
                        "    listen 127.0.0.1:%u;\n"
                        "    listen 127.0.0.1:%u ssl http2;\n"
                        "    server_name localhost;\n"
                        "    ssl_certificate %s/cert.pem;\n"
                        "    ssl_certificate_key %s/key.pem;\n"
                        "    root %s/www;\n"
                        "    location /plain/ { gzip off; alias %s/www/; }\n"
                        "    location /old { return 301 /page.html; }\n"
                        "  }\n",
                        plain,
                        tls,
                        dir,
                        dir,
                        dir,
                        dir);
}

static void make_certificate(void)
{
    struct mudtest_run run = mudtest_sh(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout %s/key.pem -out %s/cert.pem && "
        "openssl x509 -in %s/cert.pem -outform der -out %s/cert.der",
        dir,
        dir,
        dir,
        dir);
    assert_int_equal(run.code, 0);
}

static int set_up(void **state)
{
    (void)state;
    if (!mud_nginx_there())
        return 0;
    dir = mudtest_dir();
    arena = mud_arena_new();
    plain = mud_nginx_port();
    tls = mud_nginx_port();
    for (int i = 0; i < 500; i++)
        mud_buf_printf(&page, "<p>a made up post, number %d</p>\n", i);
    mudtest_write(mudtest_text("%s/www/page.html", dir), mud_buf_view(&page));
    make_certificate();
    nginx = mud_nginx_start(dir, config(), tls);
    return nginx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_nginx_stop(nginx);
    mud_arena_free(arena);
    mud_buf_free(&page);
    return 0;
}

static struct got ask(const struct mud_policy *policy, const char *url)
{
    struct got got = {0};
    got.ok =
        mud_fetch_one(&got.x, &got.n, policy, mud_str_z(url), arena, &got.err);
    return got;
}

static void assert_page(const struct mud_exchange *exchange)
{
    struct mud_error err = {0};
    struct mud_str text;
    bool whole;
    assert_ok(
        mud_exchange_decode(&text, &whole, exchange, 1 << 20, arena, &err),
        &err);
    assert_true(whole);
    assert_bytes(text, mud_buf_view(&page));
}

static void test_nginx__sends_gzip_in_chunks(void **state)
{
    struct mud_policy policy = quick();
    struct got got;

    (void)state;
    if (!nginx)
        skip();
    got = ask(&policy, mudtest_text("http://127.0.0.1:%u/page.html", plain));
    assert_ok(got.ok, &got.err);
    assert_text(mud_exchange_header(got.x, "Content-Encoding"), "gzip");
    assert_text(mud_exchange_header(got.x, "Transfer-Encoding"), "chunked");
    assert_true(got.x->body.n < page.n / 2);
    assert_page(got.x);
    got = ask(&policy,
              mudtest_text("http://127.0.0.1:%u/plain/page.html", plain));
    assert_ok(got.ok, &got.err);
    assert_bytes(got.x->body, mud_buf_view(&page));
}

static void test_nginx__speaks_http2_and_tls(void **state)
{
    struct mud_policy policy = quick();
    char hex[MUD_HEX256];
    uint8_t digest[MUD_SHA256];
    json_t *json;
    struct got got;

    (void)state;
    if (!nginx)
        skip();
    policy.ca_file = mud_str_z(mudtest_text("%s/cert.pem", dir));
    got = ask(&policy, mudtest_text("https://localhost:%u/old", tls));
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, 2);
    assert_string_equal(got.x[1].http_version, "2");
    assert_true(
        mud_str_starts(got.x[1].response_head, MUD_STR("HTTP/2 200 \r\n")));
    assert_true(mud_str_starts(got.x[1].request_head,
                               MUD_STR("GET /page.html HTTP/2\r\n")));
    assert_has(got.x[1].dns, "127.0.0.1");
    assert_page(&got.x[1]);
    /* Both hops went over one connection; both say what it was. */
    assert_bytes(got.x[0].tls, got.x[1].tls);
    json = mud_json_read(got.x[1].tls, NULL);
    assert_non_null(json);
    assert_text(mud_json_get_str(json, "version"), "TLSv1.3");
    assert_text(mud_json_get_str(json, "verify"), "ok");
    assert_true(mud_json_get_bool(json, "name_matches"));
    mud_sha256_of(mudtest_read(mudtest_text("%s/cert.der", dir)), digest);
    assert_text(mud_str_z(json_string_value(
                    json_array_get(json_object_get(json, "chain_sha256"), 0))),
                mud_hex(hex, digest, sizeof digest));
    json_decref(json);
}

static void test_nginx__with_an_unknown_certificate(void **state)
{
    struct mud_policy policy = quick();
    const char *url = mudtest_text("https://localhost:%u/page.html", tls);
    struct got got;

    (void)state;
    if (!nginx)
        skip();
    policy.retries = 3;
    policy.backoff_ms = 60000; /* a retry would show in the time it takes */
    policy.backoff_max_ms = 60000;
    got = ask(&policy, url);
    assert_fails(got.ok, &got.err, MUD_ENET, "certificate");
    policy.tls_unverified = true;
    got = ask(&policy, url);
    assert_ok(got.ok, &got.err);
    assert_has(got.x->tls, "\"verify\":\"self-signed certificate\"");
    got = ask(&policy, mudtest_text("https://127.0.0.1:%u/page.html", tls));
    assert_ok(got.ok, &got.err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nginx__sends_gzip_in_chunks),
        cmocka_unit_test(test_nginx__speaks_http2_and_tls),
        cmocka_unit_test(test_nginx__with_an_unknown_certificate),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
