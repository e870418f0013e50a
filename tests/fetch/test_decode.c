#include "fetch/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#define ZLIB_CONST
#include <zlib.h>

#define MAX ((size_t)1 << 20)

/* wbits: 31 gzip, 15 zlib, -15 raw deflate */
static struct mud_str pack(struct mud_arena *arena, struct mud_str in,
                           int wbits)
{
    z_stream z = {0};
    size_t room = in.n + in.n / 100 + 128;
    char *out = mud_arena_alloc(arena, room);

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, wbits, 8, 0), Z_OK);
    z.next_in = (const unsigned char *)in.s;
    z.avail_in = (uInt)in.n;
    z.next_out = (unsigned char *)out;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(deflateEnd(&z), Z_OK);
    return mud_str_of(out, z.total_out);
}

static struct mud_str chunks(struct mud_arena *arena, struct mud_str in,
                             size_t step)
{
    struct mud_buf buf = {0};
    struct mud_str out;

    for (size_t i = 0; i < in.n; i += step) {
        struct mud_str part = mud_str_sub(in, i, i + step);
        mud_buf_printf(&buf, "%zX;ext=\"1\"\r\n", part.n);
        mud_buf_str(&buf, part);
        mud_buf_z(&buf, "\r\n");
    }
    mud_buf_z(&buf, "0\r\nTrailer: x\r\n\r\n");
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}

static struct mud_exchange made(const char *head, struct mud_str body)
{
    struct mud_exchange x = {.http_version = "1.1", .status = 200};
    x.response_head = mud_str_z(head);
    x.body = body;
    return x;
}

#define GZIP    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define BOTH                                        \
    "HTTP/1.1 200 OK\r\ncontent-encoding: GZip\r\n" \
    "TRANSFER-ENCODING:  chunked \r\n\r\n"

static const char page[] = "<p>\xe5\x87\xba 100 hosts, 5 a piece, QQ 900001"
                           "<p>\xe5\x87\xba 100 hosts, 5 a piece, QQ 900002";

static void check(const char *head, struct mud_str body, struct mud_str want,
                  bool want_whole)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange x = made(head, body);
    struct mud_error err = {0};
    struct mud_str out;
    bool whole = false;

    if (!mud_exchange_decode(&out, &whole, &x, MAX, arena, &err))
        fail_msg("%s: %s", head, err.text);
    assert_int_equal(out.n, want.n);
    if (want.n)
        assert_memory_equal(out.s, want.s, want.n);
    assert_int_equal(whole, want_whole);
    mud_arena_free(arena);
}

static void test_decode__undoes_each_coding(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text = mud_str_of(page, sizeof page - 1);
    struct mud_str gz = pack(arena, text, 31);

    (void)state;
    check("HTTP/1.1 200 OK\r\n\r\n", text, text, true);
    check("HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n",
          text,
          text,
          true);
    check(GZIP, gz, text, true);
    check(
        "HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n\r\n", gz, text, true);
    check("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n",
          pack(arena, text, 15),
          text,
          true);
    check("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n\r\n",
          pack(arena, text, -15),
          text,
          true);
    check(CHUNKED, chunks(arena, text, 7), text, true);
    check(CHUNKED, chunks(arena, text, 7000), text, true);
    check(BOTH, chunks(arena, gz, 10), text, true);
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
          chunks(arena, gz, 10),
          text,
          true);
    check("HTTP/1.1 200 OK\r\nContent-Encoding: deflate, gzip\r\n\r\n",
          pack(arena, pack(arena, text, 15), 31),
          text,
          true);
    check("HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n"
          "Content-Encoding: gzip\r\n\r\n",
          pack(arena, pack(arena, text, 15), 31),
          text,
          true);
    mud_arena_free(arena);
}

#ifdef MUD_HAVE_BROTLI
static void test_decode__undoes_br(void **state)
{
    /* An uncompressed meta-block, RFC 7932 9.2: WBITS 16, ISLAST 0,
     * MNIBBLES 4, MLEN-1 = 4, ISUNCOMPRESSED 1; then ISLAST, ISLASTEMPTY. */
    struct mud_str br = mud_str_of("\x40\x00\x10"
                                   "hello\x03",
                                   9);
    const char *head = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n";

    (void)state;
    check(head, br, MUD_STR("hello"), true);
    check(head, mud_str_sub(br, 0, 6), MUD_STR("hel"), false);
    check(head, MUD_STR("\xff\xff\xff\xff"), MUD_STR(""), false);
}
#endif

static void test_decode__joins_gzip_members_and_drops_what_follows(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str a = pack(arena, MUD_STR("one "), 31);
    struct mud_str b = pack(arena, MUD_STR("two"), 31);

    (void)state;
    check(GZIP, mud_str_printf(arena, "%s", ""), MUD_STR(""), true);
    char *two = mud_arena_alloc(arena, a.n + b.n + 5);
    memcpy(two, a.s, a.n);
    memcpy(two + a.n, b.s, b.n);
    memcpy(two + a.n + b.n, "trash", 5);
    check(GZIP, mud_str_of(two, a.n + b.n), MUD_STR("one two"), true);
    check(GZIP, mud_str_of(two, a.n + b.n + 5), MUD_STR("one two"), true);
    mud_arena_free(arena);
}

static void test_decode__takes_archived_bodies_as_they_are(void **state)
{
    struct mud_str text = mud_str_of(page, sizeof page - 1);
    (void)state;
    check(BOTH, text, text, true);
    check(CHUNKED, text, text, true);
    check(GZIP, text, text, true);
}

/* Every cut gives a prefix, never more, and says that it is cut. */
static void test_decode__reads_what_a_cut_left(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text = mud_str_of(page, sizeof page - 1);
    struct mud_str wire = chunks(arena, pack(arena, text, 31), 10);
    struct mud_error err = {0};
    size_t most = 0;

    (void)state;
    /* up to the last-chunk; what follows it is only the trailer */
    for (size_t n = 1; n < wire.n - 18; n++) {
        struct mud_exchange x = made(BOTH, mud_str_sub(wire, 0, n));
        struct mud_str out;
        bool whole = true;
        assert_true(mud_exchange_decode(&out, &whole, &x, MAX, arena, &err));
        assert_false(whole);
        if (n > 30) {
            assert_true(out.n <= text.n);
            assert_memory_equal(out.s, text.s, out.n);
        }
        most = out.n > most ? out.n : most;
    }
    assert_true(most > text.n / 2);
    mud_arena_free(arena);
}

static void test_decode__says_cut_when_the_fetch_was(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange x = made(GZIP, pack(arena, MUD_STR("all of it"), 31));
    struct mud_error err = {0};
    struct mud_str out;
    bool whole = true;

    (void)state;
    x.cut = MUD_CUT_DISCONNECT;
    assert_true(mud_exchange_decode(&out, &whole, &x, MAX, arena, &err));
    assert_true(mud_str_eqz(out, "all of it"));
    assert_false(whole);
    mud_arena_free(arena);
}

static void test_decode__survives_flipped_bits(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str wire =
        chunks(arena, pack(arena, mud_str_of(page, sizeof page - 1), 31), 10);
    char *bad = mud_arena_dup(arena, wire.s, wire.n);

    (void)state;
    for (size_t i = 0; i < wire.n * 8; i++) {
        struct mud_exchange x = made(BOTH, mud_str_of(bad, wire.n));
        struct mud_error err = {0};
        struct mud_str out;
        bool whole;
        bad[i / 8] = (char)(bad[i / 8] ^ (1 << i % 8));
        if (!mud_exchange_decode(&out, &whole, &x, MAX, arena, &err))
            assert_int_equal(err.code, MUD_ELIMIT);
        assert_true(out.n <= MAX);
        bad[i / 8] = (char)(bad[i / 8] ^ (1 << i % 8));
    }
    mud_arena_free(arena);
}

static void test_decode__stops_bombs(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    size_t n = 64 * MAX;
    char *zeros = calloc(1, n);
    struct mud_str bomb = pack(arena, mud_str_of(zeros, n), 31);
    struct mud_exchange x = made(GZIP, bomb);
    struct mud_error err = {0};
    struct mud_str out;
    bool whole;

    (void)state;
    free(zeros);
    size_t before = mud_arena_used(arena);
    assert_false(mud_exchange_decode(&out, &whole, &x, MAX, arena, &err));
    assert_int_equal(err.code, MUD_ELIMIT);
    assert_int_equal(out.n, 0);
    assert_true(mud_arena_used(arena) - before < 2 * MAX);

    mud_error_clear(&err);
    x = made("HTTP/1.1 200 OK\r\n\r\n", MUD_STR("123456"));
    assert_false(mud_exchange_decode(&out, &whole, &x, 5, arena, &err));
    assert_int_equal(err.code, MUD_ELIMIT);
    assert_true(mud_exchange_decode(&out, &whole, &x, 6, arena, NULL));
    mud_arena_free(arena);
}

static void test_decode__refuses_unknown_and_piled_codings(void **state)
{
    static const struct {
        const char *head;
        enum mud_code code;
    } rows[] = {
        {"HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\n\r\n", MUD_EINPUT},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\n", MUD_EINPUT},
        {"HTTP/1.1 200 OK\r\n"
         "Content-Encoding: gzip,gzip,gzip,gzip,gzip\r\n\r\n",
         MUD_ELIMIT},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_exchange x = made(rows[i].head, MUD_STR("x"));
        struct mud_error err = {0};
        struct mud_str out;
        bool whole;
        assert_false(mud_exchange_decode(&out, &whole, &x, MAX, arena, &err));
        assert_int_equal(err.code, rows[i].code);
    }
    mud_arena_free(arena);
}

static void test_decode__ignores_transfer_coding_in_http2(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange x = made(CHUNKED, MUD_STR("3\r\nabc\r\n0\r\n\r\n"));
    struct mud_str out;
    bool whole;

    (void)state;
    memcpy(x.http_version, "2", 2);
    assert_true(mud_exchange_decode(&out, &whole, &x, MAX, arena, NULL));
    assert_true(mud_str_eq(out, x.body));
    mud_arena_free(arena);
}

static void test_header__finds_the_first_whatever_the_case(void **state)
{
    struct mud_exchange x = made("HTTP/1.1 200 OK\r\nServer: a\r\n"
                                 "set-cookie:b=1\r\nSet-Cookie: c=2 \r\n"
                                 "broken line\r\nX-Empty:\r\n\r\n",
                                 MUD_STR(""));
    struct mud_str value;
    size_t at = 0, n = 0;

    (void)state;
    assert_true(mud_str_eqz(mud_exchange_header(&x, "SERVER"), "a"));
    assert_true(mud_str_eqz(mud_exchange_header(&x, "Set-Cookie"), "b=1"));
    assert_int_equal(mud_exchange_header(&x, "x-empty").n, 0);
    assert_int_equal(mud_exchange_header(&x, "Serve").n, 0);
    while (mud_head_value(x.response_head, "set-cookie", &at, &value))
        assert_true(mud_str_eqz(value, n++ ? "c=2" : "b=1"));
    assert_int_equal(n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode__undoes_each_coding),
#ifdef MUD_HAVE_BROTLI
        cmocka_unit_test(test_decode__undoes_br),
#endif
        cmocka_unit_test(
            test_decode__joins_gzip_members_and_drops_what_follows),
        cmocka_unit_test(test_decode__takes_archived_bodies_as_they_are),
        cmocka_unit_test(test_decode__reads_what_a_cut_left),
        cmocka_unit_test(test_decode__says_cut_when_the_fetch_was),
        cmocka_unit_test(test_decode__survives_flipped_bits),
        cmocka_unit_test(test_decode__stops_bombs),
        cmocka_unit_test(test_decode__refuses_unknown_and_piled_codings),
        cmocka_unit_test(test_decode__ignores_transfer_coding_in_http2),
        cmocka_unit_test(test_header__finds_the_first_whatever_the_case),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
