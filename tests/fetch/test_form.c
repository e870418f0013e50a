#include "tests/fetch/trying.h"

#include <stdio.h>

/* What came to the server, of one request at a time. */
static struct {
    char method[16], target[200], body[1000], head[4000];
    unsigned posts, gets;
} came;

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    (void)payload;
    if (mud_str_eqz(request->method, "POST"))
        came.posts++;
    else
        came.gets++;
    snprintf(came.method, sizeof came.method, "%.*s", MUD_FMT(request->method));
    snprintf(came.target, sizeof came.target, "%.*s", MUD_FMT(request->target));
    snprintf(came.body, sizeof came.body, "%.*s", MUD_FMT(request->body));
    snprintf(came.head, sizeof came.head, "%.*s", MUD_FMT(request->head));
    if (mud_str_starts(request->target, MUD_STR("/broken")))
        return false;
    if (mud_str_starts(request->target, MUD_STR("/busy")))
        return mud_httpd_reply(peer, 503, "", MUD_STR("busy"));
    if (mud_str_starts(request->target, MUD_STR("/login")))
        return mud_httpd_reply(
            peer,
            302,
            "Set-Cookie: sid=5e551055e551055e; HttpOnly; Path=/\r\n"
            "Set-Cookie: bare5e551055\r\n"
            "set-cookie:u=a=b5e551055\r\n"
            "Location: /index.php?sid=5e551055e551055e&x=12\r\n",
            MUD_STR("moved"));
    return mud_httpd_reply(peer,
                           200,
                           "Set-Cookie: sid=another-5e55; Path=/\r\n",
                           mud_httpd_value(request, "Cookie"));
}

static struct mud_httpd *httpd;

static int set_up(void **state)
{
    (void)state;
    memset(&came, 0, sizeof came);
    httpd = mud_httpd_start(serve, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_httpd_stop(httpd);
    return 0;
}

static struct mud_str at(const char *path, struct mud_arena *arena)
{
    return mud_str_printf(
        arena, "http://127.0.0.1:%u%s", mud_httpd_port(httpd), path);
}

struct sent {
    bool added, answered;
    struct mud_exchange x; /* in arena */
    struct mud_error err;
    enum mud_refusal refusal;
    struct mud_arena *arena;
};

static bool keep(struct mud_fetcher *fetcher, struct mud_fetched *fetched,
                 void *payload)
{
    struct sent *sent = payload;

    (void)fetcher;
    sent->answered = !fetched->error;
    assert_true(fetched->n <= 1);
    if (fetched->n)
        sent->x = fetched->exchanges[0];
    if (fetched->error)
        sent->err = *fetched->error;
    sent->arena = fetched->arena;
    fetched->arena = NULL;
    return true;
}

/* A fetcher whose engine has its form at /login?a=login. */
static struct mud_fetcher *fetcher_of(struct mud_policy *policy,
                                      struct mud_str *places,
                                      struct mud_arena *arena)
{
    struct mud_fetcher *fetcher;
    struct mud_error err = {0};

    places[0] = at("/login?a=login", arena);
    places[1] = at("/broken", arena);
    places[2] = at("/busy", arena);
    places[3] = at("/form.php?action=login", arena);
    *policy = quick();
    policy->retries = 3;
    policy->login_targets = places;
    policy->n_login_targets = 3;
    policy->login_pages = places + 3;
    policy->n_login_pages = 1;
    assert_ok(mud_fetcher_new(&fetcher, policy, &err), &err);
    return fetcher;
}

static void post(struct sent *sent, struct mud_fetcher *fetcher,
                 const char *path, struct mud_arena *arena)
{
    static const struct mud_str headers[] = {{"x-csrf-token: tok", 17}};
    struct mud_form form = {
        .url = at(path, arena),
        .referrer = at("/form.php?action=login", arena),
        .body = MUD_STR("user=%D5%C5&passwrd=pw%26x&c31f0a=99"),
        .headers = headers,
        .n_headers = 1,
    };
    *sent = (struct sent){0};
    sent->added = mud_fetcher_post(fetcher, &form, NULL, &sent->err);
    if (sent->added)
        (void)mud_fetcher_run(fetcher, keep, sent);
}

static void test_form__is_sent_once_with_what_a_browser_says(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str places[4];
    struct mud_policy policy;
    struct mud_fetcher *fetcher = fetcher_of(&policy, places, arena);
    struct sent sent;

    (void)state;
    post(&sent, fetcher, "/login?loginhash=L1&a=login", arena);
    assert_true(sent.added && sent.answered);
    assert_string_equal(came.method, "POST");
    assert_string_equal(came.target, "/login?loginhash=L1&a=login");
    assert_string_equal(came.body, "user=%D5%C5&passwrd=pw%26x&c31f0a=99");
    assert_non_null(strstr(came.head, "x-csrf-token: tok\r\n"));
    assert_non_null(strstr(came.head, "Origin: http://127.0.0.1:"));
    assert_non_null(strstr(came.head, "/form.php?action=login\r\n"));
    assert_non_null(strstr(
        came.head, "Content-Type: application/x-www-form-urlencoded\r\n"));
    assert_null(strstr(came.head, "Expect:"));
    assert_int_equal(came.posts, 1);
    assert_int_equal(came.gets, 0); /* where it leads is not followed */
    assert_int_equal(sent.x.status, 302);
    mud_arena_free(sent.arena);
    mud_fetcher_free(fetcher);
    mud_arena_free(arena);
}

static void test_form__nothing_kept_of_it_lets_anyone_in(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str places[4];
    struct mud_policy policy;
    struct mud_fetcher *fetcher = fetcher_of(&policy, places, arena);
    struct sent sent;

    (void)state;
    post(&sent, fetcher, "/login?a=login", arena);
    assert_text(sent.x.method, "POST");
    assert_text(sent.x.request_body,
                "user=[withheld]&passwrd=[withheld]&c31f0a=[withheld]");
    assert_int_equal(mud_str_find(sent.x.request_head, MUD_STR("tok\r")),
                     MUD_NPOS);
    assert_int_equal(mud_str_find(sent.x.request_head, MUD_STR("pw%26x")),
                     MUD_NPOS);
    assert_int_equal(mud_str_find(sent.x.response_head, MUD_STR("5e55")),
                     MUD_NPOS);
    assert_int_not_equal(
        mud_str_find(sent.x.response_head,
                     MUD_STR("Set-Cookie: sid=[withheld]; HttpOnly; "
                             "Path=/\r\nSet-Cookie:[withheld]\r\nset-cookie:u="
                             "[withheld]\r\nLocation: /index.php?sid="
                             "[withheld]&x=12\r\n")),
        MUD_NPOS);
    assert_int_equal(mud_str_find(sent.x.location, MUD_STR("5e55")), MUD_NPOS);
    mud_arena_free(sent.arena);
    mud_fetcher_free(fetcher);
    mud_arena_free(arena);
}

static void test_form__goes_nowhere_but_to_its_target(void **state)
{
    static const char *const paths[] = {
        "/login",          /* lacks a parameter */
        "/login?a=logout", /* has another value */
        "/loginx?a=login",
        "/post.php?a=login",
        "/form.php?action=login", /* the page of the form */
        "/",
    };
    struct mud_arena *arena = mud_arena_new();
    struct mud_str places[4];
    struct mud_policy policy;
    struct mud_fetcher *fetcher = fetcher_of(&policy, places, arena);
    struct sent sent;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        post(&sent, fetcher, paths[i], arena);
        assert_false(sent.added);
        assert_int_equal(sent.err.code, MUD_EDENIED);
        assert_non_null(strstr(sent.err.text, "no place that a log-in form"));
    }
    assert_int_equal(came.posts, 0);
    mud_fetcher_free(fetcher);

    /* without a description nothing may be posted, and scope holds as ever */
    policy.n_login_targets = 0;
    struct mud_error err = {0};
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    post(&sent, fetcher, "/login?a=login", arena);
    assert_int_equal(sent.err.code, MUD_EDENIED);
    mud_fetcher_free(fetcher);
    policy.n_login_targets = 3;
    policy.paths = (const struct mud_str[]){MUD_STR("/bbs")};
    policy.n_paths = 1;
    assert_ok(mud_fetcher_new(&fetcher, &policy, &err), &err);
    post(&sent, fetcher, "/login?a=login", arena);
    assert_int_equal(sent.err.code, MUD_EDENIED);
    assert_non_null(strstr(sent.err.text, "outside the scope"));
    mud_fetcher_free(fetcher);
    assert_int_equal(came.posts, 0);
    mud_arena_free(arena);
}

/* Some of what was sent may have been read: a second time might be the one too
 * many. */
static void test_form__is_not_sent_again(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str places[4];
    struct mud_policy policy;
    struct mud_fetcher *fetcher = fetcher_of(&policy, places, arena);
    struct sent sent;

    (void)state;
    post(&sent, fetcher, "/broken", arena);
    assert_true(sent.added);
    assert_false(sent.answered);
    assert_int_equal(sent.err.code, MUD_ENET);
    assert_int_equal(came.posts, 1);
    mud_arena_free(sent.arena);
    post(&sent, fetcher, "/busy", arena);
    assert_true(sent.answered);
    assert_int_equal(sent.x.status, 503);
    assert_int_equal(came.posts, 2);
    mud_arena_free(sent.arena);
    mud_fetcher_free(fetcher);
    mud_arena_free(arena);
}

static void test_form__its_page_may_be_asked_for_and_no_other(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str places[4];
    struct mud_policy policy;
    struct mud_fetcher *fetcher = fetcher_of(&policy, places, arena);
    struct mud_error err = {0};

    (void)state;
    mud_fetcher_free(fetcher);
    assert_true(get(&policy, httpd, "/form.php?action=login", arena).ok);
    assert_false(get(&policy, httpd, "/form.php?action=logout", arena).ok);
    assert_false(get(&policy, httpd, "/other.php?action=login", arena).ok);
    policy.n_login_pages = 0;
    struct got got = get(&policy, httpd, "/form.php?action=login", arena);
    assert_fails(got.ok, &got.err, MUD_EDENIED, "opens a login form");
    (void)err;
    mud_arena_free(arena);
}

static void test_form__cookies_of_an_account_are_withheld(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_policy policy = quick();
    struct got got = get(&policy, httpd, "/page", arena);

    (void)state;
    assert_true(got.ok);
    assert_int_not_equal(mud_str_find(got.x[0].response_head,
                                      MUD_STR("another-5e55")),
                         MUD_NPOS);
    policy.withhold = true;
    got = get(&policy, httpd, "/page", arena);
    assert_true(got.ok);
    assert_int_equal(mud_str_find(got.x[0].response_head,
                                  MUD_STR("another-5e55")),
                     MUD_NPOS);
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_form__is_sent_once_with_what_a_browser_says,
            set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            test_form__nothing_kept_of_it_lets_anyone_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_form__goes_nowhere_but_to_its_target, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_form__is_not_sent_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            test_form__its_page_may_be_asked_for_and_no_other,
            set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            test_form__cookies_of_an_account_are_withheld, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
