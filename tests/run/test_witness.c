/* A second witness: the same address captured again, and both held side by side. */
#include "run/witness.h"

#include "fetch/http.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <stdio.h>

/* What the site shows: a page of the sample forum that is another one each time,
 * in a part that means nothing or in what is said. */
struct site {
    struct mud_httpd *httpd;
    struct mud_str page;
    _Atomic bool dynamic, moved;
};

/* page with what becomes with, once. */
static struct mud_str swap(struct mud_str page, const char *what,
                           const char *with)
{
    size_t at = mud_str_find(page, mud_str_z(what));

    if (at == MUD_NPOS)
        return page;
    return mud_str_z(
        mudtest_text("%.*s%s%.*s",
                     (int)at,
                     page.s,
                     with,
                     MUD_FMT(mud_str_sub(page, at + strlen(what), page.n))));
}

static bool answer(struct mud_httpd_peer *peer,
                   const struct mud_httpd_request *request, void *payload)
{
    struct site *site = payload;
    char tail[64] = "";
    struct mud_buf body = {0};
    bool good;

    if (mud_str_starts(request->target, MUD_STR("/old")) || site->moved)
        return mud_httpd_reply(
            peer, 302, "Location: /thread-101-1-1.html\r\n", MUD_STR("moved"));
    mud_buf_str(&body, site->page);
    if (site->dynamic)
        (void)snprintf(tail, sizeof(tail), "<!-- %u -->", request->number);
    mud_buf_z(&body, tail);
    good = mud_httpd_reply(peer,
                           200,
                           "Content-Type: text/html; charset=utf-8\r\n",
                           mud_buf_view(&body));
    mud_buf_free(&body);
    return good;
}

static void open_site(struct kit *kit, struct site *site)
{
    kit_open(kit);
    *site = (struct site){.page = mudtest_read(mudtest_text(
                              "%s/samples/forum/005.html", mudtest_source()))};
    site->httpd = mud_httpd_start(answer, site);
    kit_source(kit,
               mud_str_z(mudtest_text("http://127.0.0.1:%u/",
                                      mud_httpd_port(site->httpd))));
}

static void close_site(struct kit *kit, struct site *site)
{
    mud_httpd_stop(site->httpd);
    kit_close(kit);
}

/* The first capture, as a round makes it. */
static struct mud_id capture(struct kit *kit, const struct site *site,
                             const char *path)
{
    const struct mud_exchange *hops;
    struct mud_policy policy = mud_source_policy(&kit->source, 0);
    struct mud_capture c;
    size_t n;

    assert_ok(mud_fetch_one(&hops,
                            &n,
                            &policy,
                            mud_str_z(mudtest_text("http://127.0.0.1:%u%s",
                                                   mud_httpd_port(site->httpd),
                                                   path)),
                            kit->arena,
                            &kit->err),
              &kit->err);
    assert_ok(mud_seal_exchange(&c,
                                kit->worker.vault,
                                kit->worker.pg,
                                kit->source.id,
                                &hops[0],
                                kit->arena,
                                &kit->err),
              &kit->err);
    return c.id;
}

static struct mud_witness witness(struct kit *kit, struct mud_id first)
{
    struct mud_witness w;
    struct mud_id second;

    assert_ok(mud_witness_take(&second,
                               &kit->worker,
                               first,
                               (struct mud_str){0},
                               kit->arena,
                               &kit->err),
              &kit->err);
    assert_ok(mud_witness_compare(
                  &w, &kit->worker, first, second, kit->arena, &kit->err),
              &kit->err);
    return w;
}

static const struct mud_witness_field *field(const struct mud_witness *w,
                                             const char *name)
{
    for (size_t i = 0; i < w->n_fields; i++)
        if (strcmp(w->fields[i].name, name) == 0)
            return &w->fields[i];
    fail_msg("no field %s", name);
    return NULL;
}

static void test_witness__same_bytes_and_same_posts(void **state)
{
    struct kit kit;
    struct site site;
    struct mud_id first;
    struct mud_witness w;

    (void)state;
    open_site(&kit, &site);
    first = capture(&kit, &site, "/thread-101-1-1.html");
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_SAME_BYTES);
    assert_int_equal(w.both, 6);
    assert_int_equal(w.changed + w.only_first + w.only_second, 0);
    assert_true(field(&w, "status")->same);
    assert_true(field(&w, "sha256")->same);
    assert_false(field(&w, "at")->same);
    assert_true(field(&w, "machine")->first.n > 0);
    /* The same machine by the same way is no independent one, and says so. */
    assert_false(w.independent);
    site.dynamic = true;
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_SAME_POSTS);
    assert_int_equal(w.both, 6);
    assert_false(field(&w, "sha256")->same);
    assert_false(field(&w, "sha256")->expected);
    assert_int_equal(w.n_posts, 0);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) FROM mud.ledger l JOIN mud.witness w "
                        "ON l.object = w.capture_id::text AND l.line::json->"
                        "'detail'->>'witness' = w.witness_id::text WHERE l.op "
                        "= 'witness' AND w.by = 'tester'"),
        2);
    close_site(&kit, &site);
}

static void test_witness__posts_that_were_changed(void **state)
{
    struct kit kit;
    struct site site;
    struct mud_id first;
    struct mud_witness w;
    struct mud_str whole;
    size_t at;

    (void)state;
    open_site(&kit, &site);
    whole = site.page;
    first = capture(&kit, &site, "/thread-101-1-1.html");
    /* Another word in a post; another author; a post that is gone. */
    site.page = swap(whole, "批发1000台起", "批发9000台起");
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_OTHER_POSTS);
    assert_int_equal(w.both, 5);
    assert_int_equal(w.changed, 1);
    assert_int_equal(w.n_posts, 1);
    assert_has(w.posts[0].first, "批发1000台起");
    assert_has(w.posts[0].second, "批发9000台起");
    /* Victims' data is not shown here either. */
    site.page = swap(
        whole, "批发1000台起", "批发9000台起，样本 身份证 11010519491231002X");
    w = witness(&kit, first);
    assert_int_equal(w.changed, 1);
    assert_has(w.posts[0].second, "批发9000台起");
    assert_lacks(w.posts[0].second, "11010519491231002X");
    at = mud_str_find(whole, MUD_STR("<div id=\"post_10106\""));
    assert_true(at != MUD_NPOS);
    site.page = mud_str_sub(whole, 0, at);
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_OTHER_POSTS);
    assert_int_equal(w.both, 5);
    assert_int_equal(w.only_first, 1);
    assert_text(w.posts[0].key, "10106");
    assert_null(w.posts[0].second.s);
    /* Nothing to read in one of them: that is not "the same". */
    site.page = MUD_STR("<html><body>maintenance");
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_NO_POSTS);
    assert_int_equal(w.both, 0);
    close_site(&kit, &site);
}

static void test_witness__redirects(void **state)
{
    struct kit kit;
    struct site site;
    struct mud_id first, page;
    struct mud_witness w;

    (void)state;
    open_site(&kit, &site);
    first = capture(&kit, &site, "/old");
    w = witness(&kit, first);
    assert_int_equal(w.verdict, MUD_SAME_BYTES);
    assert_int_equal(w.second.c.status, 302);
    assert_true(field(&w, "location")->same);
    assert_int_equal(
        mud_test_pg_int(kit.pg, "SELECT count(*) FROM mud.capture"), 3);
    page = capture(&kit, &site, "/thread-101-1-1.html?x=1");
    site.moved = true;
    {
        struct mud_id second;
        assert_false(mud_witness_take(&second,
                                      &kit.worker,
                                      page,
                                      (struct mud_str){0},
                                      kit.arena,
                                      &kit.err));
        mud_error_clear(&kit.err);
    }
    close_site(&kit, &site);
}

static void test_witness__what_is_refused(void **state)
{
    struct kit kit;
    struct site site;
    struct mud_id first, other, second;
    struct mud_handed h = {.url = MUD_STR("file:x.txt")};
    struct mud_capture c;
    bool known;

    (void)state;
    open_site(&kit, &site);
    first = capture(&kit, &site, "/thread-101-1-1.html");
    other = capture(&kit, &site, "/thread-102-1-1.html");
    h.path = mudtest_text("%s/x.txt", mudtest_dir());
    mudtest_write(h.path, MUD_STR("x"));
    assert_ok(mud_seal_file(&c,
                            &known,
                            kit.worker.vault,
                            kit.worker.pg,
                            kit.source.id,
                            &h,
                            kit.arena,
                            &kit.err),
              &kit.err);
    assert_fails(mud_witness_take(&second,
                                  &kit.worker,
                                  c.id,
                                  (struct mud_str){0},
                                  kit.arena,
                                  &kit.err),
                 &kit.err,
                 MUD_EUSAGE,
                 "was handed over");
    assert_fails(
        mud_witness_note(&kit.worker, first, other, kit.arena, &kit.err),
        &kit.err,
        MUD_EUSAGE,
        "two addresses");
    assert_fails(
        mud_witness_note(&kit.worker, first, first, kit.arena, &kit.err),
        &kit.err,
        MUD_EUSAGE,
        "no witness of itself");
    /* Outside its terms nothing is fetched, not for a witness either. */
    mud_test_pg_exec(kit.pg, "UPDATE mud.source SET expires_at = '2026-01-01'");
    assert_fails(mud_witness_take(&second,
                                  &kit.worker,
                                  first,
                                  (struct mud_str){0},
                                  kit.arena,
                                  &kit.err),
                 &kit.err,
                 MUD_EDENIED,
                 "");
    assert_int_equal(mud_httpd_requests(site.httpd), 2);
    assert_int_equal(
        mud_test_pg_int(kit.pg, "SELECT count(*) FROM mud.witness"), 0);
    close_site(&kit, &site);
}

/* By a proxy: another way, and told as such. */
static void test_witness__by_another_way(void **state)
{
    struct kit kit;
    struct site site;
    struct mud_witness w;
    struct mud_id first, second;
    struct mud_str proxy;

    (void)state;
    open_site(&kit, &site);
    first = capture(&kit, &site, "/thread-101-1-1.html");
    proxy = mud_str_z(
        mudtest_text("http://127.0.0.1:%u", mud_httpd_port(site.httpd)));
    assert_ok(mud_witness_take(
                  &second, &kit.worker, first, proxy, kit.arena, &kit.err),
              &kit.err);
    assert_ok(mud_witness_compare(
                  &w, &kit.worker, first, second, kit.arena, &kit.err),
              &kit.err);
    assert_true(w.independent);
    assert_text(field(&w, "proxy")->second, proxy.s);
    assert_int_equal(w.verdict, MUD_SAME_BYTES);
    /* Noted again it is noted once. */
    assert_ok(mud_witness_note(&kit.worker, first, second, kit.arena, &kit.err),
              &kit.err);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) FROM mud.ledger WHERE op = 'witness'"),
        1);
    close_site(&kit, &site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_witness__same_bytes_and_same_posts),
        cmocka_unit_test(test_witness__posts_that_were_changed),
        cmocka_unit_test(test_witness__redirects),
        cmocka_unit_test(test_witness__what_is_refused),
        cmocka_unit_test(test_witness__by_another_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
