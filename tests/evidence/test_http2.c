/*
 * A page that came over HTTP/2 and TLS, from nginx, directly and through a
 * proxy: what is sealed says so, and is read back as it came. Left out where
 * there is no nginx.
 */
#include "place.h"

#include "../support/nginx.h"
#include "../support/socks5d.h"

#include "fetch/http.h"

static pid_t nginx;
static const char *dir;
static unsigned tls, plain;
static struct mud_buf page;

static int set_up(void **state)
{
    (void)state;
    if (!mud_nginx_there())
        return 0;
    dir = mudtest_dir();
    tls = mud_nginx_port();
    plain = mud_nginx_port();
    for (int i = 0; i < 2000; i++)
        mud_buf_printf(&page, "<p>a made up post, number %d</p>\n", i);
    mudtest_write(mudtest_text("%s/www/page.html", dir), mud_buf_view(&page));
    assert_int_equal(
        mudtest_sh("openssl req -x509 -newkey ec -pkeyopt "
                   "ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
                   "/CN=site.example -addext subjectAltName=DNS:site.example,"
                   "DNS:localhost -keyout %s/key.pem -out %s/cert.pem",
                   dir,
                   dir)
            .code,
        0);
    nginx = mud_nginx_start(
        dir,
        mudtest_text("server { listen 127.0.0.1:%u ssl http2; listen "
                     "127.0.0.1:%u; gzip on; ssl_certificate %s/cert.pem; "
                     "ssl_certificate_key %s/key.pem; ssl_protocols TLSv1.3; "
                     "root %s/www; }",
                     tls,
                     plain,
                     dir,
                     dir,
                     dir),
        tls);
    return nginx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_nginx_stop(nginx);
    mud_buf_free(&page);
    return 0;
}

static struct mud_exchange fetch(struct mud_arena *arena, const char *url,
                                 const char *proxy)
{
    static const struct mud_str any[] = {{"*", 1}};
    struct mud_policy policy = mud_policy_defaults();
    const struct mud_exchange *got;
    struct mud_error err = {0};
    size_t n;

    policy.hosts = any;
    policy.n_hosts = 1;
    policy.allow_private = true;
    policy.ca_file = mud_str_z(mudtest_text("%s/cert.pem", dir));
    policy.proxy = mud_str_z(proxy);
    assert_ok(mud_fetch_one(&got, &n, &policy, mud_str_z(url), arena, &err),
              &err);
    assert_int_equal(n, 1);
    return got[0];
}

/* The text of the vault's one file. */
static struct mud_str records(const struct place *p)
{
    return mudtest_sh("find %s/vault -name '*.warc.gz' -exec zcat {} +",
                      p->home)
        .out;
}

static void check(const char *url, const char *proxy, const char *version)
{
    struct place p = place_plain();
    struct mud_exchange x = fetch(p.arena, url, proxy), y;
    struct mud_error err = {0};
    struct mud_capture c;
    struct mud_str text;
    bool whole;

    assert_string_equal(x.http_version, version);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 1 << 20, p.arena, &err),
              &err);
    assert_string_equal(y.http_version, version);
    assert_bytes(y.response_head, x.response_head);
    assert_bytes(y.body, x.body);
    assert_int_equal(y.tls.n, x.tls.n); /* the same, in canonical order */
    assert_bytes(y.proxy, x.proxy);
    assert_true(y.body.n < page.n / 4); /* as on the wire: gzip */
    assert_ok(mud_exchange_decode(&text, &whole, &y, 1 << 20, p.arena, &err),
              &err);
    assert_true(whole);
    assert_bytes(text, mud_buf_view(&page));
    assert_int_equal(all_good(&p), 1);
    struct mudtest_run run =
        mudtest_sh("%s/scripts/verify-vault.sh %s", mudtest_source(), p.home);
    assert_int_equal(run.code, 0);
    struct mud_str held = records(&p);
    if (strcmp(version, "2") == 0) {
        /* Of both records: request and response. */
        assert_has(held, "msgtype=request");
        size_t at = mud_str_find(held, MUD_STR("WARC-Protocol: h2\r\n"));
        struct mud_str rest = mud_str_sub(held, at + 1, held.n);
        assert_has(rest, "WARC-Protocol: h2\r\nWARC-Protocol: tls/1.3\r\n");
        assert_has(held, "\r\n\r\nGET /page.html HTTP/2\r\n");
        assert_has(held, "\r\n\r\nHTTP/2 200 \r\n");
        assert_has(held, "\"http_version\":\"2\"");
        assert_lacks(held, "http/1.1\r\n");
    } else {
        assert_has(held, "WARC-Protocol: http/1.1\r\n");
        assert_has(held, "\r\n\r\nHTTP/1.1 200 OK\r\n");
        assert_lacks(held, "tls/1");
    }
    place_free(&p);
}

static void test_http2__is_sealed_as_what_it_was(void **state)
{
    (void)state;
    if (!nginx)
        skip();
    check(mudtest_text("https://localhost:%u/page.html", tls), "", "2");
    check(mudtest_text("http://localhost:%u/page.html", plain), "", "1.1");
}

static void test_http2__through_a_proxy(void **state)
{
    struct mud_socks5d *socks;

    (void)state;
    if (!nginx)
        skip();
    socks = mud_socks5d_start(tls);
    check("https://site.example/page.html",
          mudtest_text("socks5h://127.0.0.1:%u", mud_socks5d_port(socks)),
          "2");
    assert_string_equal(mud_socks5d_ask(socks, 0).host, "site.example");
    mud_socks5d_stop(socks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_http2__is_sealed_as_what_it_was),
        cmocka_unit_test(test_http2__through_a_proxy),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
