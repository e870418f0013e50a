/*
 * Log-ins at boards of nine engines, played by real servers on loopback, all in
 * one loop.
 */
#include "run/login.h"

#include "run/crawling.h"
#include "tests/run/login_boards.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

#define N MUDTEST_ROWS(boards)

enum mood {
    KIND,
    WRONG,
    WRONG_ONCE,
    ASKS_CAPTCHA,
    FORGETS
};

/* One board as it runs. */
struct site {
    const struct board *board;
    struct mud_httpd *httpd;
    pthread_mutex_t lock;
    enum mood mood;
    unsigned sessions; /* given out; the last holds */
    bool holds, kicked;
    bool shared;           /* sessions of before hold too */
    unsigned posts, pages; /* forms that came; pages shown to members */
    char body[1000], head[4000];
};

/* With every `from` in it as `to`, or the first alone. */
static void swap(struct mud_buf *page, const char *from, const char *to,
                 bool all)
{
    struct mud_buf out = {0};
    struct mud_str rest = mud_buf_view(page);
    size_t at;

    while ((at = mud_str_find(rest, mud_str_z(from))) != MUD_NPOS) {
        mud_buf_str(&out, mud_str_sub(rest, 0, at));
        mud_buf_z(&out, to);
        rest = mud_str_sub(rest, at + strlen(from), rest.n);
        if (!all)
            break;
    }
    mud_buf_str(&out, rest);
    mud_buf_free(page);
    *page = out;
}

/* The sample page as a stranger or a member sees it, on this host. */
static void put_page(struct mud_buf *out, const struct board *board,
                     bool member)
{
    const char *const *change = member ? board->in : board->out;

    mud_buf_str(out,
                mudtest_read(mudtest_text(
                    "%s/samples/parse/%s", mudtest_source(), board->page)));
    if (change[0])
        swap(out, change[0], change[1], false);
    swap(out, "https://smf.example", "", true);
    swap(out, "https://luntan.example", "", true);
}

static bool logged_in(const struct site *site,
                      const struct mud_httpd_request *request)
{
    char cookie[64] = "sid=5e55c0de";

    if (!site->shared)
        snprintf(cookie, sizeof cookie, "sid=5e55c0de%u", site->sessions);
    return site->holds && mud_str_find(mud_httpd_value(request, "Cookie"),
                                       mud_str_z(cookie)) != MUD_NPOS;
}

static bool reply(struct mud_httpd_peer *peer, const char *charset,
                  const char *headers, int status, struct mud_str body)
{
    char all[400];
    bool json = body.n && body.s[0] == '{';

    snprintf(all,
             sizeof all,
             "Content-Type: %s; charset=%s\r\n%s",
             json ? "application/json" : "text/html",
             charset,
             headers);
    return mud_httpd_reply(peer, status, all, body);
}

static bool take_form(struct site *site, struct mud_httpd_peer *peer,
                      const struct mud_httpd_request *request)
{
    const struct board *b = site->board;
    char headers[300];

    site->posts++;
    snprintf(site->body, sizeof site->body, "%.*s", MUD_FMT(request->body));
    snprintf(site->head, sizeof site->head, "%.*s", MUD_FMT(request->head));
    if (site->mood == WRONG || (site->mood == WRONG_ONCE && site->posts == 1))
        return reply(peer, b->charset, "", 200, mud_str_z(b->wrong));
    if (site->mood == FORGETS)
        return reply(peer, b->charset, "", 200, mud_str_z(b->ok));
    site->holds = true;
    site->sessions++;
    snprintf(headers,
             sizeof headers,
             "Set-Cookie: sid=5e55c0de%u; path=/; HttpOnly\r\n%s%s%s",
             site->sessions,
             b->moved ? "Location: " : "",
             b->moved ? b->start : "",
             b->moved ? "\r\n" : "");
    return reply(
        peer, b->charset, headers, b->moved ? 302 : 200, mud_str_z(b->ok));
}

static bool show(struct site *site, struct mud_httpd_peer *peer,
                 const struct mud_httpd_request *request)
{
    const struct board *b = site->board;
    bool member = logged_in(site, request), first;
    struct mud_buf page = {0};

    first = mud_str_eqz(request->target, b->start);
    if (member && !first && !site->kicked) {
        /* in the middle of a round the session ends, once */
        site->kicked = true;
        site->holds = false;
        member = false;
    }
    site->pages += member;
    put_page(&page, b, member);
    bool good = reply(
        peer, "utf-8", "Set-Cookie: guest=1\r\n", 200, mud_buf_view(&page));
    mud_buf_free(&page);
    return good;
}

static bool serve_locked(struct site *site, struct mud_httpd_peer *peer,
                         const struct mud_httpd_request *request)
{
    const struct board *b = site->board;
    const char *login = b->login;

    if (mud_str_eqz(request->method, "POST"))
        return mud_str_eqz(request->target, b->target)
                   ? take_form(site, peer, request)
                   : reply(peer, "utf-8", "", 500, MUD_STR("never"));
    if (mud_str_eqz(request->target, "/robots.txt") ||
        mud_str_eqz(request->target, "/login/"))
        return reply(peer, "utf-8", "", 404, MUD_STR("no"));
    if (!mud_str_eqz(request->target, login))
        return show(site, peer, request);
    if (b->form[0] == '{' && logged_in(site, request))
        return reply(
            peer, "utf-8", "", 200, MUD_STR("{\"loggedIn\":true,\"uid\":9}"));
    if (site->mood == ASKS_CAPTCHA)
        return reply(peer,
                     b->charset,
                     "",
                     200,
                     MUD_STR("<html><body><form id=login><input "
                             "name=confirm_code></form></body></html>"));
    return reply(
        peer, b->charset, "Set-Cookie: guest=2\r\n", 200, mud_str_z(b->form));
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;

    pthread_mutex_lock(&site->lock);
    bool good = serve_locked(site, peer, request);
    pthread_mutex_unlock(&site->lock);
    return good;
}

static void open_site(struct site *site, const struct board *board,
                      enum mood mood)
{
    *site = (struct site){.board = board, .mood = mood};
    pthread_mutex_init(&site->lock, NULL);
    site->httpd = mud_httpd_start(serve, site);
}

static void secrets(struct kit *kit, const char *account, const char *password)
{
    const char *path = mudtest_text("%s/secrets/%s", kit->home, account);

    mudtest_write(
        path,
        mud_str_z(mudtest_text("user = 张三\npassword = %s\n", password)));
    assert_int_equal(chmod(path, 0600), 0);
}

static void add_source(struct kit *kit, struct mud_source *source,
                       const struct site *site, const char *account)
{
    *source = (struct mud_source){
        .name = mud_str_z(site->board->name),
        .kind = MUD_STR("forum"),
        .url = mud_str_z(mudtest_text("http://127.0.0.1:%u%s",
                                      mud_httpd_port(site->httpd),
                                      site->board->start)),
        .legal_basis = MUD_STR("test"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .parallel = 1,
        .page_bytes = 16 << 20,
        .day_bytes = 1 << 30,
        .allow_private = true,
        .account = mud_str_z(account),
    };
    assert_ok(mud_source_add(source, kit->pg, kit->arena, &kit->err),
              &kit->err);
}

static const struct board *board_of(const char *name)
{
    for (size_t i = 0; i < N; i++)
        if (strcmp(boards[i].name, name) == 0)
            return &boards[i];
    fail_msg("no board %s", name);
    return NULL;
}

/* Rows of any table that hold the text in any column. */
static int64_t rows_with(struct kit *kit, const char *text)
{
    return mud_test_pg_int(
        kit->pg,
        mudtest_text(
            "SELECT coalesce(sum((xpath('/table/row/c/text()', "
            "query_to_xml(format('SELECT count(*) AS c FROM mud.%%I x WHERE "
            "position(''%s'' IN x::text) > 0', tablename), false, false, "
            "'')))[1]::text::bigint), 0) FROM pg_tables WHERE schemaname = "
            "'mud'",
            text));
}

/* Neither what was typed in nor what the board gave for it. */
static void assert_kept_secret(struct kit *kit)
{
    static const char *const secret[] = {
        "5e55wort", "5e55c0de", PASSWORD_MD5, "geheim"};

    for (size_t i = 0; i < MUDTEST_ROWS(secret); i++) {
        struct mudtest_run run = mudtest_sh(
            "cd %s && find . -name '*.warc.gz' -exec zcat {} + | grep -c '%s'; "
            "grep -rl '%s' --exclude-dir=secrets --exclude-dir=cookies . | "
            "head -3",
            kit->home,
            secret[i],
            secret[i]);
        assert_text(run.out, "0\n");
        assert_int_equal(rows_with(kit, secret[i]), 0);
    }
    /* the search itself finds what is there */
    assert_true(rows_with(kit, "member_account") > 0);
    assert_true(mudtest_sh("cd %s && find . -name '*.warc.gz' -exec zcat {} + "
                           "| grep -c 'sid=.withheld.'",
                           kit->home)
                    .out.s[0] != '0');
}

/* All at once, as the watch steps them. */
static void crawl_all(struct kit *kit, struct mud_source *sources,
                      struct mud_report *reports, size_t n)
{
    struct mud_crawling *crawls[N];
    const struct mud_crawl_options options = {.max_pages = 4};
    struct mud_loop *loop;
    bool over[N] = {false};
    size_t left = n;

    assert_ok(mud_loop_new(&loop, 64, &kit->err), &kit->err);
    for (size_t i = 0; i < n; i++)
        assert_ok(mud_crawling_new(&crawls[i],
                                   &reports[i],
                                   &kit->worker,
                                   &sources[i],
                                   &options,
                                   loop,
                                   &kit->err),
                  &kit->err);
    while (left) {
        struct mud_arena *arena = mud_arena_new();
        for (size_t i = 0; i < n; i++)
            assert_ok(mud_crawling_ask(crawls[i], &kit->err), &kit->err);
        (void)mud_loop_step(loop, 50);
        for (size_t i = 0; i < n; i++)
            assert_ok(mud_crawling_collect(crawls[i], &kit->err), &kit->err);
        assert_ok(mud_crawlings_seal(crawls, n, arena, &kit->err), &kit->err);
        for (size_t i = 0; i < n; i++) {
            while (mud_crawling_ready(crawls[i]))
                assert_ok(mud_crawling_read(crawls[i], &kit->err), &kit->err);
            if (over[i])
                continue;
            assert_ok(mud_crawling_over(&over[i], crawls[i], &kit->err),
                      &kit->err);
            left -= over[i];
        }
        mud_arena_free(arena);
    }
    for (size_t i = 0; i < n; i++)
        mud_crawling_free(crawls[i]);
    mud_loop_free(loop);
}

static bool skipped(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return true;
    return false;
}

static void test_login__each_engine_gets_what_its_form_wants(void **state)
{
    static struct site sites[N];
    struct mud_source sources[N];
    struct mud_report reports[N] = {0};
    struct kit kit;

    (void)state;
    kit_open(&kit);
    for (size_t i = 0; i < N; i++) {
        open_site(&sites[i], &boards[i], KIND);
        secrets(&kit, boards[i].name, PASSWORD);
        add_source(&kit, &sources[i], &sites[i], boards[i].name);
    }
    crawl_all(&kit, sources, reports, N);
    for (size_t i = 0; i < N; i++) {
        print_message("%s\n", boards[i].name);
        mud_httpd_stop(sites[i].httpd);
        assert_string_equal(sites[i].body, boards[i].sent);
        if (boards[i].header)
            assert_non_null(strstr(sites[i].head, boards[i].header));
        /* once at the beginning, and once when the session had ended */
        assert_int_equal(sites[i].posts, 2);
        assert_true(sites[i].kicked);
        assert_true(sites[i].pages >= 3);
        assert_true(skipped(&reports[i], "logged-out"));
        assert_false(skipped(&reports[i], "login-wall"));
    }
    assert_int_equal(kit_count(&kit,
                               "mud.account WHERE tries = 0 AND "
                               "logged_in_at IS NOT NULL AND state = "
                               "'active'"),
                     (int64_t)N);
    assert_int_equal(
        kit_count(&kit,
                  "mud.capture WHERE access_mode <> 'member_account' AND "
                  "url NOT LIKE '%robots.txt'"),
        0);
    assert_kept_secret(&kit);
    kit_close(&kit);
}

static bool crawl(struct kit *kit, const struct mud_source *source,
                  struct mud_report *report)
{
    *report = (struct mud_report){0};
    return mud_crawl(report,
                     &kit->worker,
                     source,
                     &(struct mud_crawl_options){.max_pages = 2},
                     &kit->err);
}

static const char *note_of(struct kit *kit, const char *account)
{
    struct mud_rows *rows;
    struct mud_str arg = mud_str_z(account);
    const char *note;

    assert_ok(mud_pg_query(&rows,
                           kit->pg,
                           "SELECT state || ': ' || coalesce(note, '') FROM "
                           "mud.account WHERE name = $1",
                           &arg,
                           1,
                           &kit->err),
              &kit->err);
    note = mudtest_text("%.*s", MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    return note;
}

static void add_account(struct kit *kit, const struct mud_source *source,
                        const char *name, const char *hours)
{
    struct mud_account account = {.name = mud_str_z(name),
                                  .hours = mud_str_z(hours)};

    assert_ok(mud_account_add(
                  kit->pg, source, &account, MUD_STR("tester"), &kit->err),
              &kit->err);
}

/* A password that is wrong once is wrong: it is not sent again until somebody
 * has looked, and the next account takes over in the same round. */
static void test_login__a_wrong_password_locks_its_account(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("mybb"), WRONG);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "one: the board says that name or password are wrong");
    assert_int_equal(site.posts, 1);
    assert_string_equal(
        note_of(&kit, "one"),
        "locked: the board says that name or password are wrong");
    assert_true(skipped(&report, "account-locked"));

    /* nothing more is asked for with it */
    unsigned before = mud_httpd_requests(site.httpd);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_EDENIED,
                 "mudlark account resume");
    assert_int_equal(mud_httpd_requests(site.httpd), before);

    /* another goes on in its place, with cookies of its own */
    site.mood = KIND;
    add_account(&kit, &source, "two", "");
    secrets(&kit, "two", PASSWORD);
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_int_equal(site.posts, 3); /* the session ends once */
    assert_true(mudtest_exists(
        mudtest_text("%s/cookies/mybb.d/account-two", kit.home)));
    assert_false(mudtest_exists(
        mudtest_text("%s/cookies/mybb.d/account-one", kit.home)));

    /* an analyst put it right */
    assert_ok(mud_account_resume(
                  kit.pg, &source, MUD_STR("one"), MUD_STR("tester"), &kit.err),
              &kit.err);
    assert_string_equal(note_of(&kit, "one"), "active: ");
    assert_int_equal(
        kit_count(&kit,
                  "mud.source_change WHERE field = 'account one' AND "
                  "((becomes = 'locked' AND changed_by = 'mudlark') OR "
                  "(becomes = 'active' AND changed_by = 'tester'))"),
        3);
    assert_kept_secret(&kit);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* In one round: the first is turned away, the second reads on. */
static void test_login__the_next_account_takes_over(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("fluxbb"), WRONG_ONCE);
    add_source(&kit, &source, &site, "");
    add_account(&kit, &source, "one", "");
    add_account(&kit, &source, "two", "");
    secrets(&kit, "one", "wrong");
    secrets(&kit, "two", PASSWORD);
    assert_ok(crawl(&kit, &source, &report), &kit.err);
    assert_true(skipped(&report, "account-locked"));
    assert_int_equal(report.pages, 5); /* 2, two of them twice, one thrice */
    assert_int_equal(kit_count(&kit, "mud.account WHERE state = 'locked'"), 1);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* What the board says nothing of is tried twice in all, and not by a third
 * worker either. */
static void test_login__is_tried_twice_at_most(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("mybb"), FORGETS);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_ENET,
                 "still shows what strangers see");
    assert_fails(
        crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "was sent twice");
    assert_fails(crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "twice");
    assert_int_equal(site.posts, 2);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* A captcha is seen before anything is sent. */
static void test_login__sends_nothing_where_a_captcha_is_asked(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("phpbb"), ASKS_CAPTCHA);
    add_source(&kit, &source, &site, "one");
    secrets(&kit, "one", PASSWORD);
    assert_fails(
        crawl(&kit, &source, &report), &kit.err, MUD_EDENIED, "captcha");
    assert_int_equal(site.posts, 0);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* Missing secrets are told where they would be looked for; nothing is sent. */
static void test_login__says_which_secret_is_missing(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("mybb"), KIND);
    add_source(&kit, &source, &site, "one");
    assert_fails(crawl(&kit, &source, &report),
                 &kit.err,
                 MUD_ENET,
                 "MUDLARK_SECRET_ONE_USER");
    assert_int_equal(site.posts, 0);
    assert_int_equal(kit_count(&kit, "mud.account WHERE tries = 0"), 1);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

/* The next round goes on with the cookies, and with the next account. */
static void test_login__cookies_are_kept_and_accounts_take_turns(void **state)
{
    struct site site;
    struct mud_source source;
    struct mud_report report;
    struct kit kit;
    struct stat st;

    (void)state;
    kit_open(&kit);
    open_site(&site, board_of("mybb"), KIND);
    site.kicked = true; /* no more */
    site.shared = true; /* a session for each account */
    add_source(&kit, &source, &site, "one");
    add_account(&kit, &source, "two", "");
    add_account(&kit, &source, "shut", "00:00-00:01,00:02-00:03");
    secrets(&kit, "one", PASSWORD);
    secrets(&kit, "two", PASSWORD);
    static const struct mud_crawl_options all = {0};
    for (unsigned round = 0; round < 4; round++) {
        report = (struct mud_report){0};
        assert_ok(mud_crawl(&report, &kit.worker, &source, &all, &kit.err),
                  &kit.err);
        assert_int_equal(site.posts, round == 0 ? 1 : 2);
    }
    assert_int_equal(
        stat(mudtest_text("%s/cookies/mybb.d/account-two", kit.home), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(
        kit_count(&kit,
                  "mud.account WHERE used_at IS NOT NULL AND name <> "
                  "'shut'"),
        2);
    assert_kept_secret(&kit);
    mud_httpd_stop(site.httpd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login__each_engine_gets_what_its_form_wants),
        cmocka_unit_test(test_login__a_wrong_password_locks_its_account),
        cmocka_unit_test(test_login__the_next_account_takes_over),
        cmocka_unit_test(test_login__is_tried_twice_at_most),
        cmocka_unit_test(test_login__sends_nothing_where_a_captcha_is_asked),
        cmocka_unit_test(test_login__says_which_secret_is_missing),
        cmocka_unit_test(test_login__cookies_are_kept_and_accounts_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
