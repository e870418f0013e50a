#include "base/hash.h"
#include "tests/fetch/trying.h"

#include <zlib.h>

static struct mud_buf page; /* what is said */
static struct mud_buf gz;   /* the same, gzipped */
static struct mud_buf wire; /* the chunked body as the server sent it */

/* Lies that are told at once, before the connection is closed. */
static const struct {
    const char *path, *bytes;
} lies[] = {
    {"/short", /* less than it says */
     "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this"},
    {"/long", /* more than it says */
     "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and more"},
    {"/badchunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "5\r\nhello\r\nzz\r\nrest"},
    {"/both", /* RFC 9112 6.3: the chunks count */
     "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
     "\r\n7\r\nchunked\r\n0\r\n\r\n"},
    {"/twolengths",
     "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 8\r\n\r\n"
     "fourfive"},
    {"/negative", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nbody"},
    {"/hugelength",
     "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nbody"},
    {"/hugechunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "7fffffffffffffff\r\nsome of it"},
    {"/widechunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "00000000000000000000000000000005\r\nhello\r\n0\r\n\r\n"},
    {"/garbage", "\x16\x03\x01 this is no HTTP at all\r\n"},
    {"/status", "HTTP/1.1 OK two hundred\r\n\r\nbody"},
    {"/folded", /* a line of blanks ends no head */
     "HTTP/1.1 200 OK\r\nX-A: b\r\n \r\nX-Is: last\r\n\r\nbody"},
    {"/newline", "HTTP/1.1 200 OK\nX-Is: last\n\nbody"},
};

/* What is sent first, then again and again, with a pause between. */
static const struct {
    const char *path, *first, *again;
    unsigned pause;
} endless[] = {
    {"/endless", "HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxx", 0},
    {"/headbomb", "HTTP/1.1 200 OK\r\n", "X-A: xxxxxxxxxxxxxxxxxxx\r\n", 0},
    {"/headline", "HTTP/1.1 200 OK\r\nX-A: ", "xxxxxxxxxxxxxxxx", 0},
    {"/extension",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
     "xxxxxxxxxxxxxxxx",
     0},
    {"/trailers",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n",
     "X-A: xxxxxxxxxxxxxxx\r\n",
     0},
    {"/emptychunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     "1\r\nx\r\n",
     0},
    {"/dripchunk",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
     "1\r\nx\r\n",
     50},
    {"/continues", "", "HTTP/1.1 103 Early Hints\r\n\r\n", 0},
    {"/drip", "HTTP/1.1 200 OK\r\nX-A: ", "b", 50},
    {"/dripbody", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", "b", 50},
    {"/silent", "", "", 30000},
};

/* Always closes. */
static bool hostile(struct mud_httpd_peer *peer, struct mud_str path)
{
    for (size_t i = 0; i < MUDTEST_ROWS(lies); i++)
        if (mud_str_eqz(path, lies[i].path))
            (void)mud_httpd_sendz(peer, lies[i].bytes);
    for (size_t i = 0; i < MUDTEST_ROWS(endless); i++) {
        struct mud_buf many = {0};
        if (!mud_str_eqz(path, endless[i].path))
            continue;
        while (!endless[i].pause && many.n < 10000)
            mud_buf_z(&many, endless[i].again);
        if (endless[i].pause)
            mud_buf_z(&many, endless[i].again);
        (void)mud_httpd_sendz(peer, endless[i].first);
        while (mud_httpd_send(peer, mud_buf_view(&many)))
            if (endless[i].pause)
                mud_httpd_pause(peer, endless[i].pause);
        mud_buf_free(&many);
    }
    if (mud_str_eqz(path, "/reset")) {
        (void)mud_httpd_sendz(peer,
                              "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
                              "before the reset");
        mud_httpd_pause(peer, 100);
        mud_httpd_reset(peer);
    }
    if (mud_str_eqz(path, "/nul"))
        (void)mud_httpd_send(peer,
                             mud_str_of("HTTP/1.1 200 OK\r\nX-A: b\0c\r\n"
                                        "Content-Length: 2\r\n\r\nok",
                                        49));
    return false;
}

static bool serve(struct mud_httpd_peer *peer,
                  const struct mud_httpd_request *request, void *payload)
{
    struct mud_str path = request->target;

    (void)payload;
    if (mud_str_eqz(path, "/gzip"))
        return mud_httpd_reply(peer,
                               200,
                               "Content-Encoding: gzip\r\n"
                               "Content-Type: text/html; charset=gbk\r\n",
                               mud_buf_view(&gz));
    if (mud_str_eqz(path, "/chunked")) {
        mud_buf_clear(&wire);
        return mud_httpd_chunked(
            peer, "Content-Encoding: gzip\r\n", mud_buf_view(&gz), 77, &wire);
    }
    if (mud_str_eqz(path, "/early"))
        return mud_httpd_sendz(peer,
                               "HTTP/1.1 103 Early Hints\r\n"
                               "Link: </a>\r\n\r\n") &&
               mud_httpd_reply(peer, 404, "X-Is: last\r\n", MUD_STR("none"));
    if (mud_str_eqz(path, "/close"))
        return mud_httpd_sendz(peer, "HTTP/1.0 200 OK\r\n\r\nto the end") &&
               false;
    if (mud_str_eqz(path, "/empty"))
        return mud_httpd_sendz(peer, "HTTP/1.1 204 No Content\r\n\r\n");
    if (mud_str_eqz(path, "/echo"))
        return mud_httpd_reply(peer, 200, "", request->head);
    return hostile(peer, path);
}

static struct mud_httpd *httpd;
static struct mud_arena *arena;

static int set_up(void **state)
{
    static char packed[1 << 16];
    z_stream z = {0};

    (void)state;
    for (int i = 0; i < 400; i++)
        mud_buf_printf(&page, "<p>post %d of a made up board</p>\n", i);
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, 0), Z_OK);
    z.next_in = (unsigned char *)page.s;
    z.avail_in = (uInt)page.n;
    z.next_out = (unsigned char *)packed;
    z.avail_out = sizeof packed;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    mud_buf_put(&gz, packed, z.total_out);
    assert_int_equal(deflateEnd(&z), Z_OK);
    httpd = mud_httpd_start(serve, NULL);
    arena = mud_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_httpd_stop(httpd);
    mud_arena_free(arena);
    mud_buf_free(&page);
    mud_buf_free(&gz);
    mud_buf_free(&wire);
    return 0;
}

static struct got ask(const char *path)
{
    struct mud_policy policy = quick();
    return get(&policy, httpd, path, arena);
}

static void assert_same_digest(struct mud_str a, struct mud_str b)
{
    uint8_t x[MUD_SHA256], y[MUD_SHA256];
    mud_sha256_of(a, x);
    mud_sha256_of(b, y);
    assert_memory_equal(x, y, MUD_SHA256);
}

static void assert_decodes_to_page(const struct mud_exchange *exchange)
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

static void test_transfer__keeps_gzip_as_it_came(void **state)
{
    struct got got = ask("/gzip");

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.n, 1);
    assert_int_equal(got.x->status, 200);
    assert_same_digest(got.x->body, mud_buf_view(&gz));
    assert_decodes_to_page(got.x);
}

static void test_transfer__keeps_chunks_as_they_came(void **state)
{
    struct got got = ask("/chunked");

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->cut, MUD_CUT_NONE);
    assert_same_digest(got.x->body, mud_buf_view(&wire));
    assert_decodes_to_page(got.x);
}

static void test_transfer__records_who_said_what(void **state)
{
    struct got got = ask("/gzip");
    int64_t now = mud_now();

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_text(got.x->method, "GET");
    assert_text(got.x->peer_ip, "127.0.0.1");
    assert_text(got.x->local_ip, "127.0.0.1");
    assert_string_equal(got.x->http_version, "1.1");
    assert_true(
        mud_str_starts(got.x->request_head, MUD_STR("GET /gzip HTTP/1.1\r\n")));
    assert_has(got.x->request_head, "\r\nUser-Agent: " MUD_USER_AGENT "\r\n");
    assert_has(got.x->request_head, "\r\nAccept-Encoding: gzip, deflate\r\n");
    assert_true(mud_str_ends(got.x->request_head, MUD_STR("\r\n\r\n")));
    assert_true(mud_str_starts(got.x->response_head,
                               MUD_STR("HTTP/1.1 200 Status\r\nContent-Enc")));
    assert_true(mud_str_ends(got.x->response_head, MUD_STR("\r\n\r\n")));
    assert_int_equal(got.x->tls.n + got.x->proxy.n + got.x->location.n, 0);
    assert_true(got.x->started <= got.x->ended && got.x->ended <= now);
    assert_true(now - got.x->started < 60 * MUD_SECOND);
}

static void test_transfer__shows_the_request_as_sent(void **state)
{
    struct got got = ask("/echo");
    (void)state;
    assert_ok(got.ok, &got.err);
    assert_bytes(got.x->request_head, got.x->body);
}

static void test_transfer__withholds_secrets(void **state)
{
    static const struct mud_str headers[] = {
        {"Authorization: Bearer abcdef", 28},
        {"X-Api-Token: ghijkl", 19},
        {"Accept-Language: ru", 19},
    };
    struct mud_policy policy = quick();
    struct got got;

    (void)state;
    policy.headers = headers;
    policy.n_headers = 3;
    policy.user_agent = MUD_STR("Made/1.0");
    got = get(&policy, httpd, "/echo", arena);
    assert_ok(got.ok, &got.err);
    assert_has(got.x->body, "Authorization: Bearer abcdef\r\n");
    assert_has(got.x->request_head, "Authorization: [withheld]\r\n");
    assert_has(got.x->request_head, "X-Api-Token: [withheld]\r\n");
    assert_lacks(got.x->request_head, "abcdef");
    assert_lacks(got.x->request_head, "ghijkl");
    assert_has(got.x->request_head, "\r\nAccept-Language: ru\r\n");
    assert_lacks(got.x->request_head, "zh-CN");
    assert_has(got.x->request_head, "\r\nUser-Agent: Made/1.0\r\n");
}

static void test_transfer__takes_plain_odd_answers(void **state)
{
    struct got got = ask("/early");

    (void)state;
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->status, 404);
    assert_has(got.x->response_head, "X-Is: last");
    assert_lacks(got.x->response_head, "103");
    assert_text(got.x->body, "none");
    got = ask("/close");
    assert_ok(got.ok, &got.err);
    assert_text(got.x->body, "to the end");
    assert_int_equal(got.x->cut, MUD_CUT_NONE);
    for (int i = 0; i < 2; i++) {
        got = ask(i ? "/folded" : "/newline");
        assert_ok(got.ok, &got.err);
        assert_has(got.x->response_head, "X-Is: last");
        assert_true(mud_str_ends(got.x->response_head, MUD_STR("\n")));
        assert_text(got.x->body, "body");
    }
    got = ask("/empty");
    assert_ok(got.ok, &got.err);
    assert_int_equal(got.x->status, 204);
    assert_int_equal(got.x->body.n, 0);
}

/* An answer that is not whole is kept, and says why it is not. */
static void test_transfer__cuts(void **state)
{
    static const struct {
        const char *path, *begins;
        size_t n; /* of the body; 0: at least what begins */
        enum mud_cut cut;
    } rows[] = {
        {"/short", "only this", 9, MUD_CUT_DISCONNECT},
        {"/long", "four", 4, MUD_CUT_NONE},
        {"/reset", "before the reset", 16, MUD_CUT_DISCONNECT},
        {"/badchunk", "5\r\nhello\r\n", 0, MUD_CUT_DISCONNECT},
        {"/endless", "xxxx", 100000, MUD_CUT_BYTES},
        {"/dripbody", "b", 0, MUD_CUT_TIME},
        {"/both", "7\r\nchunked\r\n0\r\n", 0, MUD_CUT_NONE},
        {"/twolengths", "four", 0, MUD_CUT_NONE},
        {"/hugelength", "body", 4, MUD_CUT_NONE},
        {"/hugechunk", "7fffffff", 0, MUD_CUT_DISCONNECT},
        {"/widechunk", "0000", 0, MUD_CUT_DISCONNECT},
        {"/extension", "5;xx", 100000, MUD_CUT_BYTES},
        {"/trailers", "2\r\nok\r\n0\r\n", 100000, MUD_CUT_BYTES},
        {"/emptychunks", "1\r\nx\r\n", 100000, MUD_CUT_BYTES},
        {"/dripchunk", "1\r\nx\r\n", 0, MUD_CUT_TIME},
    };
    struct mud_policy policy = quick();

    (void)state;
    policy.page_bytes = 100000;
    policy.page_seconds = 1;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct got got = get(&policy, httpd, rows[i].path, arena);
        assert_ok(got.ok, &got.err);
        if (got.x->cut != rows[i].cut)
            fail_msg(
                "%s: cut by \"%s\"", rows[i].path, mud_cut_name(got.x->cut));
        assert_true(mud_str_starts(got.x->body, mud_str_z(rows[i].begins)));
        if (rows[i].n)
            assert_int_equal(got.x->body.n, rows[i].n);
        assert_int_equal(got.x->status, 200);
    }
}

/* No answer at all: a clear error, soon, and no exchange. */
static void test_transfer__refuses_what_is_no_answer(void **state)
{
    static const struct {
        const char *path;
        enum mud_code code;
        const char *part;
    } rows[] = {
        {"/headbomb", MUD_ELIMIT, "response head is over 262144 bytes"},
        {"/headline", MUD_ENET, "/headline"},
        {"/continues", MUD_ELIMIT, "response head is over 262144 bytes"},
        {"/drip", MUD_ENET, "timed out"},
        {"/silent", MUD_ENET, "timed out"},
        {"/garbage", MUD_ENET, "HTTP/0.9"},
        {"/status", MUD_ENET, "/status"},
        {"/negative", MUD_ENET, "Content-Length"},
        {"/nul", MUD_ENET, "Nul byte in header"},
        {"/nothing", MUD_ENET, "Empty reply"},
    };
    struct mud_policy policy = quick();

    (void)state;
    policy.page_seconds = 1;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        int64_t begun = mud_monotonic();
        struct got got = get(&policy, httpd, rows[i].path, arena);
        assert_has(mud_str_z(got.err.text), rows[i].path);
        assert_fails(got.ok, &got.err, rows[i].code, rows[i].part);
        assert_int_equal(got.n, 0);
        assert_true(mud_monotonic() - begun < 5 * MUD_SECOND);
    }
}

static void test_transfer__fails_where_nobody_listens(void **state)
{
    struct mud_httpd *gone = mud_httpd_start(serve, NULL);
    unsigned port = mud_httpd_port(gone);
    struct mud_policy policy = quick();
    struct got got = {0};

    (void)state;
    mud_httpd_stop(gone);
    got.ok =
        mud_fetch_one(&got.x,
                      &got.n,
                      &policy,
                      mud_str_z(mudtest_text("http://127.0.0.1:%u/", port)),
                      arena,
                      &got.err);
    assert_fails(got.ok, &got.err, MUD_ENET, "connect");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transfer__keeps_gzip_as_it_came),
        cmocka_unit_test(test_transfer__keeps_chunks_as_they_came),
        cmocka_unit_test(test_transfer__records_who_said_what),
        cmocka_unit_test(test_transfer__shows_the_request_as_sent),
        cmocka_unit_test(test_transfer__withholds_secrets),
        cmocka_unit_test(test_transfer__takes_plain_odd_answers),
        cmocka_unit_test(test_transfer__cuts),
        cmocka_unit_test(test_transfer__refuses_what_is_no_answer),
        cmocka_unit_test(test_transfer__fails_where_nobody_listens),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
