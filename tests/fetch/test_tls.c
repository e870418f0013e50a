/*
 * TLS that should not be taken, each with a word for why: nginx with
 * certificates that openssl made. Left out where there is no nginx.
 */
#include "tests/fetch/trying.h"
#include "tests/support/nginx.h"

#include <stdio.h>

static const struct {
    const char *name;   /* of the files of its certificate */
    const char *fault;  /* NULL: taken */
    const char *verify; /* what is recorded where any certificate is taken */
} rows[] = {
    {"good", NULL, "\"verify\":\"ok\""},
    {"expired", "tls-expired", "certificate has expired"},
    {"early", "tls-not-yet-valid", "certificate is not yet valid"},
    {"other", "tls-wrong-host", "\"name_matches\":false"},
    {"self", "tls-self-signed", "self-signed certificate"},
    {"stranger", "tls-unknown-ca", "unable to"},
    {"old", "tls-old-protocol", "\"version\":\"TLSv1.1\""},
    {"none", "tls-none", NULL},
};

#define ROWS MUDTEST_ROWS(rows)

static pid_t nginx;
static const char *dir;
static unsigned ports[ROWS];
static struct mud_arena *arena;

/* good, expired, early, other and stranger are signed; self signs itself. */
static void make_certificates(void)
{
    static const char script[] =
        "set -e; cd %s\n"
        "key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'\n"
        "for ca in ca unknown; do openssl req -x509 $key -days 9 -subj /CN=$ca "
        "-keyout $ca.key -out $ca.pem; done\n"
        "openssl req -x509 $key -days 9 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout self.key -out self.pem\n"
        "sign() {\n"
        "  openssl req $key -subj /CN=$2 -keyout $1.key -out $1.csr\n"
        "  echo subjectAltName=DNS:$2 >$1.ext; : >$1.db; echo 0$4 >$1.no\n"
        "  printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase='$1'.db\\n"
        "new_certs_dir=.\\nserial='$1'.no\\ndefault_md=sha256\\npolicy=p\\n"
        "[p]\\ncommonName=supplied\\n' >$1.conf\n"
        "  openssl ca -batch -notext -config $1.conf -cert $3.pem -keyfile "
        "$3.key -in $1.csr -out $1.pem -extfile $1.ext -startdate $5 "
        "-enddate $6\n"
        "}\n"
        "sign good localhost ca 1 20200101000000Z 20990101000000Z\n"
        "sign expired localhost ca 2 20200101000000Z 20210101000000Z\n"
        "sign early localhost ca 3 20980101000000Z 20990101000000Z\n"
        "sign other other.example ca 4 20200101000000Z 20990101000000Z\n"
        "sign stranger localhost unknown 5 20200101000000Z 20990101000000Z\n"
        "for n in key pem; do cp good.$n old.$n; done\n"
        "mkdir www; echo a page >www/index.html\n";
    const char *path = mudtest_text("%s/make", dir);

    mudtest_write(path, mud_str_z(mudtest_text(script, dir)));
    struct mudtest_run run = mudtest_sh("sh %s 2>&1", path);
    if (run.code)
        fail_msg("%.*s", MUD_FMT(run.out));
}

static int set_up(void **state)
{
    struct mud_buf http = {0};

    (void)state;
    if (!mud_nginx_there())
        return 0;
    dir = mudtest_dir();
    arena = mud_arena_new();
    make_certificates();
    for (size_t i = 0; i < ROWS; i++) {
        const char *name = rows[i].name;
        bool none = strcmp(name, "none") == 0, old = strcmp(name, "old") == 0;
        ports[i] = mud_nginx_port();
        mud_buf_printf(&http,
                       "server { listen 127.0.0.1:%u%s; root %s/www; ",
                       ports[i],
                       none ? "" : " ssl",
                       dir);
        if (!none)
            mud_buf_printf(&http,
                           "ssl_certificate %s/%s.pem; "
                           "ssl_certificate_key %s/%s.key; "
                           "ssl_protocols %s; ssl_ciphers %s; ",
                           dir,
                           name,
                           dir,
                           name,
                           old ? "TLSv1.1" : "TLSv1.2 TLSv1.3",
                           old ? "ALL:@SECLEVEL=0" : "HIGH");
        mud_buf_z(&http, "}\n");
    }
    mud_buf_c(&http, 0);
    nginx = mud_nginx_start(dir, http.s, ports[0]);
    mud_buf_free(&http);
    return nginx ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_nginx_stop(nginx);
    mud_arena_free(arena);
    return 0;
}

/* What a fetcher's callback was told. */
struct told {
    bool came;
    char fault[32];
    struct mud_error error;
    unsigned attempts;
    char tls[4096];
};

static bool take(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct told *told = payload;

    (void)fetcher;
    told->came = fetched->n > 0;
    told->attempts = fetched->attempts;
    if (fetched->error)
        told->error = *fetched->error;
    if (fetched->fault)
        snprintf(told->fault, sizeof told->fault, "%s", fetched->fault);
    if (fetched->n)
        snprintf(told->tls,
                 sizeof told->tls,
                 "%.*s",
                 MUD_FMT(fetched->exchanges[0].tls));
    return true;
}

static struct told ask(size_t row, bool unverified)
{
    struct mud_policy policy = quick();
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};
    struct told told = {0};
    struct mud_str url =
        mud_str_printf(arena, "https://localhost:%u/", ports[row]);

    policy.ca_file = mud_str_z(mudtest_text("%s/ca.pem", dir));
    policy.tls_unverified = unverified;
    policy.retries = 2; /* it would come to the same */
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err) &&
                  mud_fetcher_add(fetcher, url, MUD_STR(""), NULL, &err),
              &err);
    (void)mud_fetcher_run(fetcher, take, &told);
    mud_fetcher_free(fetcher);
    return told;
}

static void test_tls__says_what_is_wrong_with_it(void **state)
{
    (void)state;
    if (!nginx)
        skip();
    for (size_t i = 0; i < ROWS; i++) {
        struct told told = ask(i, false);
        if (strcmp(told.fault, rows[i].fault ? rows[i].fault : "") != 0)
            fail_msg(
                "%s: \"%s\" (%s)", rows[i].name, told.fault, told.error.text);
        assert_int_equal(told.came, rows[i].fault == NULL);
        assert_int_equal(told.attempts, 1);
        if (rows[i].fault) {
            assert_int_equal(told.error.code, MUD_ENET);
            assert_has(mud_str_z(told.error.text), rows[i].fault);
        }
    }
}

static void test_tls__any_certificate_is_taken_and_recorded(void **state)
{
    (void)state;
    if (!nginx)
        skip();
    for (size_t i = 0; i < ROWS; i++) {
        struct told told = ask(i, true);
        if (!rows[i].verify) {
            assert_string_equal(told.fault, rows[i].fault);
            continue;
        }
        if (!told.came)
            fail_msg("%s: %s", rows[i].name, told.error.text);
        assert_has(mud_str_z(told.tls), rows[i].verify);
    }
}

/* Other words than those of TLS: a name that nobody has, nobody there. */
static void test_fault__of_names_and_connections(void **state)
{
    static const struct {
        const char *url, *fault, *proxy;
    } others[] = {
        {"http://nobody.invalid/", "dns", ""},
        {"http://127.0.0.1:1/", "network", ""},
        {"http://far.example/", "proxy", "socks5h://127.0.0.1:1"},
        {"http://far.example/", "proxy", "http://127.0.0.1:1"},
    };
    static const struct mud_str any[] = {{"*", 1}};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(others); i++) {
        struct mud_policy policy = quick();
        struct mud_fetcher *fetcher;
        struct mud_error err = {0};
        struct told told = {0};
        policy.hosts = any;
        policy.n_hosts = 1;
        policy.proxy = mud_str_z(others[i].proxy);
        assert_ok(
            mud_fetcher_new(&fetcher, &policy, &err) &&
                mud_fetcher_add(
                    fetcher, mud_str_z(others[i].url), MUD_STR(""), NULL, &err),
            &err);
        (void)mud_fetcher_run(fetcher, take, &told);
        mud_fetcher_free(fetcher);
        assert_string_equal(told.fault, others[i].fault);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tls__says_what_is_wrong_with_it),
        cmocka_unit_test(test_tls__any_certificate_is_taken_and_recorded),
        cmocka_unit_test(test_fault__of_names_and_connections),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
