/*
 * Boards with a log-in, played by real servers on loopback, and sources that
 * read them with accounts.
 */
#ifndef MUD_TESTS_RUN_LOGIN_SITE_H
#define MUD_TESTS_RUN_LOGIN_SITE_H

#include "run/crawling.h"
#include "tests/run/login_boards.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define N MUDTEST_ROWS(boards)

enum mood {
    KIND,
    WRONG,
    WRONG_ONCE,
    ASKS_CAPTCHA,
    FORGETS,
    LEADS_AWAY
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
    unsigned strays;
    pid_t victim; /* killed when its form is there */
    char body[1000], head[4000];
};

/* With every `from` in it as `to`, or the first alone. */
static inline void swap(struct mud_buf *page, const char *from, const char *to,
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
static inline void put_page(struct mud_buf *out, const struct board *board,
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

static inline bool logged_in(const struct site *site,
                             const struct mud_httpd_request *request)
{
    char cookie[64] = "sid=5e55c0de";

    if (!site->shared)
        snprintf(cookie, sizeof cookie, "sid=5e55c0de%u", site->sessions);
    return site->holds && mud_str_find(mud_httpd_value(request, "Cookie"),
                                       mud_str_z(cookie)) != MUD_NPOS;
}

static inline bool reply(struct mud_httpd_peer *peer, const char *charset,
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

static inline bool take_form(struct site *site, struct mud_httpd_peer *peer,
                             const struct mud_httpd_request *request)
{
    const struct board *b = site->board;
    char headers[300];

    site->posts++;
    if (site->victim)
        kill(site->victim, SIGKILL);
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

static inline bool show(struct site *site, struct mud_httpd_peer *peer,
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

/* A form that went to no form's place. */
static inline bool stray(struct site *site, struct mud_httpd_peer *peer)
{
    site->strays++;
    return reply(peer, "utf-8", "", 500, MUD_STR("never"));
}

static inline bool serve_locked(struct site *site, struct mud_httpd_peer *peer,
                                const struct mud_httpd_request *request)
{
    const struct board *b = site->board;
    const char *login = b->login;

    if (mud_str_eqz(request->method, "POST"))
        return mud_str_eqz(request->target, b->target)
                   ? take_form(site, peer, request)
                   : stray(site, peer);
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
    if (site->mood == LEADS_AWAY)
        return reply(peer,
                     b->charset,
                     "",
                     200,
                     MUD_STR("<html><body><form id=login method=post "
                             "action=\"posting.php?mode=post&amp;f=3\"><input "
                             "type=hidden name=message value=hello></form>"
                             "</body></html>"));
    return reply(
        peer, b->charset, "Set-Cookie: guest=2\r\n", 200, mud_str_z(b->form));
}

static inline bool serve(struct mud_httpd_peer *peer,
                         const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;

    pthread_mutex_lock(&site->lock);
    bool good = serve_locked(site, peer, request);
    pthread_mutex_unlock(&site->lock);
    return good;
}

static inline void open_site(struct site *site, const struct board *board,
                             enum mood mood)
{
    *site = (struct site){.board = board, .mood = mood};
    pthread_mutex_init(&site->lock, NULL);
    site->httpd = mud_httpd_start(serve, site);
}

static inline void secrets(struct kit *kit, const char *account,
                           const char *password)
{
    const char *path = mudtest_text("%s/secrets/%s", kit->home, account);

    mudtest_write(
        path,
        mud_str_z(mudtest_text("user = 张三\npassword = %s\n", password)));
    assert_int_equal(chmod(path, 0600), 0);
}

static inline void add_source(struct kit *kit, struct mud_source *source,
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

static inline const struct board *board_of(const char *name)
{
    for (size_t i = 0; i < N; i++)
        if (strcmp(boards[i].name, name) == 0)
            return &boards[i];
    fail_msg("no board %s", name);
    return NULL;
}

/* Rows of any table that hold the text in any column. */
static inline int64_t rows_with(struct kit *kit, const char *text)
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
static inline void assert_kept_secret(struct kit *kit)
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

static inline bool skipped(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return true;
    return false;
}

static inline bool crawl(struct kit *kit, const struct mud_source *source,
                         struct mud_report *report)
{
    *report = (struct mud_report){0};
    return mud_crawl(report,
                     &kit->worker,
                     source,
                     &(struct mud_crawl_options){.max_pages = 2},
                     &kit->err);
}

static inline const char *note_of(struct kit *kit, const char *account)
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

static inline void add_account(struct kit *kit, const struct mud_source *source,
                               const char *name, const char *hours)
{
    struct mud_account account = {.name = mud_str_z(name),
                                  .hours = mud_str_z(hours)};

    assert_ok(mud_account_add(
                  kit->pg, source, &account, MUD_STR("tester"), &kit->err),
              &kit->err);
}

#endif
