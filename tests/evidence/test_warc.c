#include "warc_sample.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#define ZLIB_CONST /* next_in is not written through */
#include <zlib.h>

static const char *put(const char *name, struct mud_str bytes)
{
    const char *path = mudtest_text("%s/%s", mudtest_dir(), name);

    mudtest_write(path, bytes);
    return path;
}

static struct mud_verify verify(const char *path, struct found *found)
{
    struct mud_verify v = {.finding = found ? found_add : NULL,
                           .payload = found};
    struct mud_error err = {0};

    if (found)
        mud_buf_clear(&found->text);
    assert_ok(mud_verify_warc(&v, path, &err), &err);
    return v;
}

static void test_warc__reads_back_what_it_wrote(void **state)
{
    struct mud_buf file = sample(2, 5000);
    const char *path = put("a.warc.gz", mud_buf_view(&file));

    static const enum mud_warc_type types[] = {MUD_WARC_WARCINFO,
                                               MUD_WARC_REQUEST,
                                               MUD_WARC_RESPONSE,
                                               MUD_WARC_METADATA,
                                               MUD_WARC_REQUEST,
                                               MUD_WARC_RESPONSE,
                                               MUD_WARC_METADATA};
    struct mud_warc *warc;
    struct mud_error err = {0};
    struct mud_warc_record r;
    int64_t next = 0;
    bool more;
    size_t i = 0;

    (void)state;
    assert_ok(mud_warc_open(&warc, path, NULL, &err), &err);
    for (;; i++) {
        assert_ok(mud_warc_next(&r, &more, warc, &err), &err);
        if (!more)
            break;
        assert_true(i < MUDTEST_ROWS(types));
        assert_int_equal(r.type, types[i]);
        assert_int_equal(r.offset, next);
        assert_int_equal(r.inner, 0);
        assert_text(r.version, "WARC/1.1");
        if (r.type == MUD_WARC_RESPONSE) {
            assert_has(r.uri, "http://forum.example/t/");
            assert_text(r.truncated, "length");
            assert_text(r.ip, "127.0.0.1");
            assert_true(mud_warc_is_http(&r));
            assert_int_equal(r.at % MUD_SECOND, 123456);
        }
        assert_ok(mud_warc_end(&r, warc, &err), &err);
        assert_int_equal(r.odd, 0);
        next = r.offset + r.length;
    }
    assert_int_equal(i, MUDTEST_ROWS(types));
    assert_int_equal(next, file.n);
    mud_warc_close(warc);
    mud_buf_free(&file);
}

static void test_warc__keeps_header_lines_whole(void **state)
{
    struct mud_buf out = {0};
    struct mud_warc_head head = {
        .type = MUD_WARC_RESOURCE,
        .at = 1,
        .uri = MUD_STR("http://x.example/a b\r\nWARC-Type: warcinfo\r\n\r\n"),
        .content_type = "text/plain\r\nX: y",
    };

    (void)state;
    mud_warc_head_write(&out, &head);
    assert_has(mud_buf_view(&out),
               "WARC-Target-URI: http://x.example/"
               "a%20b%0D%0AWARC-Type:%20warcinfo%0D%0A%0D%0A\r\n");
    assert_has(mud_buf_view(&out), "Content-Type: text/plain  X: y\r\n");
    assert_int_equal(mud_str_find(mud_buf_view(&out), MUD_STR("\r\n\r\n")),
                     out.n - 4);
    mud_buf_free(&out);
}

/* Another packing of the same records. */
static struct mud_buf repack(const struct mud_buf *file, bool gzip)
{
    struct mud_buf plain = {0}, out = {0};
    struct mud_str in = mud_buf_view(file);
    z_stream z = {0};

    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    z.next_in = (const Bytef *)in.s;
    z.avail_in = (uInt)in.n;
    while (z.avail_in) {
        char buf[4096];
        int got;

        do {
            z.next_out = (Bytef *)buf;
            z.avail_out = sizeof(buf);
            got = inflate(&z, Z_NO_FLUSH);
            assert_true(got == Z_OK || got == Z_STREAM_END);
            mud_buf_put(&plain, buf, sizeof(buf) - z.avail_out);
        } while (got != Z_STREAM_END);
        inflateReset(&z);
    }
    inflateEnd(&z);
    if (!gzip)
        return plain;
    memset(&z, 0, sizeof(z));
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, 0), Z_OK);
    z.next_in = (const Bytef *)plain.s;
    z.avail_in = (uInt)plain.n;
    z.avail_out = (uInt)deflateBound(&z, plain.n);
    z.next_out = (Bytef *)mud_buf_room(&out, z.avail_out);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out.n = z.total_out;
    deflateEnd(&z);
    mud_buf_free(&plain);
    return out;
}

static void test_warc__reads_other_packings(void **state)
{
    struct mud_buf file = sample(3, 70000);
    struct found found = {0};

    (void)state;
    for (int gzip = 0; gzip < 2; gzip++) {
        struct mud_buf other = repack(&file, gzip);
        const char *path = put("b.warc", mud_buf_view(&other));
        struct mud_verify v = verify(path, &found);
        struct mud_error err = {0};
        struct mud_warc *warc;
        struct mud_warc_record r, again;
        bool more;

        assert_int_equal(v.items, 10);
        assert_int_equal(v.bad, 0);
        if (gzip)
            assert_has(mud_buf_view(&found.text), "share gzip members");
        /* Any record can be found again by its place. */
        assert_ok(mud_warc_open(&warc, path, NULL, &err), &err);
        for (int i = 0; i < 6; i++)
            assert_ok(mud_warc_next(&r, &more, warc, &err), &err);
        assert_int_equal(r.inner > 0, gzip);
        assert_ok(mud_warc_seek(warc, r.offset, r.inner, &err), &err);
        assert_ok(mud_warc_next(&again, &more, warc, &err), &err);
        assert_int_equal(again.type, MUD_WARC_RESPONSE);
        assert_has(again.uri, "/t/2?");
        assert_int_equal(again.inner, r.inner);
        mud_warc_close(warc);
        mud_buf_free(&other);
    }
    mud_buf_free(&found.text);
    mud_buf_free(&file);
}

static void test_warc__reads_version_1_0(void **state)
{
    static const char text[] =
        "WARC/1.0\r\nWARC-Type: response\r\n"
        "WARC-Record-ID: <urn:uuid:6eefa001-39d8-4bb5-9bd9-4bcdc0a42ea9>\r\n"
        "WARC-Date: 2014-01-03T03:03:21Z\r\n"
        "WARC-Target-URI: <http://x.example/\r\n page>\r\n"
        "WARC-Payload-Digest: sha1:2WAXX5NUWNNCS2BDKCO5OVDQBJVNKIVV\r\n"
        "WARC-Block-Digest: md5:4a3ba1e2a1e75e8c1e1b8ccac0ea2c39\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        "Content-Length: 25\r\n\r\n"
        "HTTP/1.0 200 OK\r\n\r\nfoo\nba\r\n\r\n";
    const char *path = put("c.warc", mud_str_z(text));
    struct mud_error err = {0};
    struct mud_warc *warc;
    struct mud_warc_record r;
    bool more;

    (void)state;
    assert_ok(mud_warc_open(&warc, path, NULL, &err), &err);
    assert_ok(mud_warc_next(&r, &more, warc, &err), &err);
    assert_true(more);
    assert_text(r.version, "WARC/1.0");
    assert_has(r.uri, "http://x.example/");
    assert_int_equal(r.at, INT64_C(1388718201) * MUD_SECOND);
    mud_warc_close(warc);
}

/* Digests as other tools write them, made with sha1sum, base32 and md5sum. */
static void test_warc__knows_digests_of_other_tools(void **state)
{
    static const struct {
        const char *digest;
        enum mud_warc_digest want;
    } rows[] = {
        {"sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", MUD_WARC_DIGEST_GOOD},
        {"sha1:vl2mmho4yxukfwv63yhtwsbm3gxksq2n", MUD_WARC_DIGEST_GOOD},
        {"sha1:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", MUD_WARC_DIGEST_GOOD},
        {"md5:5d41402abc4b2a76b9719d911017c592", MUD_WARC_DIGEST_GOOD},
        {"sha256:"
         "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
         MUD_WARC_DIGEST_GOOD},
        {"SHA-256:"
         "FTZE3OS7WCRQ4JXIHMVMLOPCTYNRMHS4D6TUEXTTAQZWFE4LTASA====",
         MUD_WARC_DIGEST_GOOD},
        {"sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2A", MUD_WARC_DIGEST_BAD},
        {"sha1:", MUD_WARC_DIGEST_BAD},
        {"crc32:0d4a1185", MUD_WARC_DIGEST_UNKNOWN},
        {"nonsense", MUD_WARC_DIGEST_UNKNOWN},
        {"", MUD_WARC_NO_DIGEST},
    };
    struct mud_warc_sum *sum = mud_warc_sum_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_warc_record r = {.type = MUD_WARC_RESOURCE,
                                    .block_digest = mud_str_z(rows[i].digest)};

        mud_warc_sum_begin(sum, &r);
        mud_warc_sum_add(sum, "hel", 3);
        mud_warc_sum_add(sum, "lo", 2);
        if (mud_warc_sum_end(sum).block != rows[i].want)
            fail_msg("row %zu: %s", i, rows[i].digest);
    }
    mud_warc_sum_free(sum);
}

static void test_warc__finds_the_payload_however_it_arrives(void **state)
{
    static const char block[] = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello";
    struct mud_warc_sum *sum = mud_warc_sum_new();
    struct mud_warc_record r = {
        .type = MUD_WARC_RESPONSE,
        .content_type = MUD_STR("application/http; msgtype=response"),
        .payload_digest = MUD_STR("md5:5d41402abc4b2a76b9719d911017c592")};

    (void)state;
    for (size_t step = 1; step < sizeof(block); step++) {
        struct mud_warc_sums sums;

        mud_warc_sum_begin(sum, &r);
        for (size_t at = 0; at < sizeof(block) - 1; at += step)
            mud_warc_sum_add(
                sum,
                block + at,
                sizeof(block) - 1 - at < step ? sizeof(block) - 1 - at : step);
        sums = mud_warc_sum_end(sum);
        assert_int_equal(sums.payload, MUD_WARC_DIGEST_GOOD);
        assert_int_equal(sums.size, 5);
        assert_int_equal(sums.http_head.n, sizeof(block) - 1 - 5);
    }
    mud_warc_sum_free(sum);
}

/*
 * A few bits of gzip are covered by nothing: time and system in the header, what
 * is left over of the last byte before the checksum. They change no content;
 * the ledger's digest of the packed bytes covers them (test_vault).
 */
static void test_warc__finds_every_flipped_bit(void **state)
{
    struct mud_buf file = sample(1, 700), plain = repack(&file, false);
    const char *path = mudtest_text("%s/flip.warc.gz", mudtest_dir());
    int silent = 0;

    (void)state;
    mudtest_write(path, mud_buf_view(&file));
    assert_int_equal(verify(path, NULL).bad, 0);
    for (size_t at = 0; at < file.n; at++) {
        int bit = (int)(at % 8);

        file.s[at] = (char)(file.s[at] ^ (1 << bit));
        mudtest_write(path, mud_buf_view(&file));
        if (verify(path, NULL).bad == 0) {
            struct mud_buf same = repack(&file, false);

            assert_bytes(mud_buf_view(&same), mud_buf_view(&plain));
            mud_buf_free(&same);
            silent++;
        }
        file.s[at] = (char)(file.s[at] ^ (1 << bit));
    }
    /* Four members with ten such bytes at most each. */
    assert_true(silent <= 40);
    mud_buf_free(&plain);
    mud_buf_free(&file);
}

static void test_warc__finds_every_cut(void **state)
{
    struct mud_buf file = sample(1, 700);
    const char *path = mudtest_text("%s/cut.warc.gz", mudtest_dir());
    struct found found = {0};
    int64_t ends[4] = {0};
    struct mud_warc *warc;
    struct mud_warc_record r;
    struct mud_error err = {0};
    bool more;

    (void)state;
    mudtest_write(path, mud_buf_view(&file));
    assert_ok(mud_warc_open(&warc, path, NULL, &err), &err);
    for (int i = 0; i < 4; i++) {
        assert_ok(mud_warc_next(&r, &more, warc, &err), &err);
        assert_ok(mud_warc_end(&r, warc, &err), &err);
        ends[i] = r.offset + r.length;
    }
    mud_warc_close(warc);
    assert_int_equal(ends[3], file.n);
    for (size_t n = 0; n < file.n; n++) {
        struct mud_verify v;

        mudtest_write(path, mud_str_of(file.s, n));
        v = verify(path, &found);
        /* Cut between captures it is a shorter, but whole file: the ledger
         * knows better. A request without its response is found. */
        if (n == (size_t)ends[0] || n == (size_t)ends[2])
            assert_int_equal(v.bad, 0);
        else if (v.bad == 0)
            fail_msg("cut at byte %zu and not found", n);
        if (n == (size_t)ends[1])
            assert_has(mud_buf_view(&found.text), "names no record");
        if (n == (size_t)ends[1] + 20)
            assert_has(mud_buf_view(&found.text), "is cut off");
    }
    mud_buf_free(&found.text);
    mud_buf_free(&file);
}

/* One plain record with the Content-Length that a table row claims. */
static void test_warc__tells_lying_lengths(void **state)
{
    static const struct {
        const char *length, *want;
    } rows[] = {
        {"4", NULL},
        {"3", "not ended by CRLF CRLF"},
        {"5", "no WARC record begins here"},
        {"12", "block ends after"},
        {"9223372036854775807", "Content-Length is missing or no number"},
        {"1000000000000000000", "block ends after"},
        {"-1", "Content-Length is missing or no number"},
        {"4x", "Content-Length is missing or no number"},
        {"", "Content-Length is missing or no number"},
        {"99999999999999999999", "Content-Length is missing or no number"},
    };
    struct found found = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *path =
            put("d.warc",
                mud_str_z(mudtest_text(
                    "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: "
                    "<urn:uuid:6eefa001-39d8-4bb5-9bd9-4bcdc0a42ea9>\r\n"
                    "WARC-Date: 2026-01-03T03:03:21Z\r\n"
                    "WARC-Target-URI: file:x\r\nContent-Length: %s\r\n\r\n"
                    "abcd\r\n\r\n",
                    rows[i].length)));
        struct mud_verify v = verify(path, &found);

        if (!rows[i].want) {
            assert_int_equal(v.bad, 0);
            continue;
        }
        if (v.bad == 0)
            fail_msg("Content-Length %s: not found", rows[i].length);
        if (i != 2)
            assert_has(mud_buf_view(&found.text), rows[i].want);
        assert_has(mud_buf_view(&found.text), "byte 0");
    }
    mud_buf_free(&found.text);
}

static void test_warc__goes_on_behind_damage(void **state)
{
    struct mud_buf file = sample(4, 3000);
    const char *path = mudtest_text("%s/hole.warc.gz", mudtest_dir());
    struct found found = {0};
    struct mud_verify v;

    (void)state;
    memset(file.s + file.n / 2, 0, 40);
    mudtest_write(path, mud_buf_view(&file));
    v = verify(path, &found);
    assert_true(v.bad >= 1);
    /* One record of thirteen is lost, and what points to it. */
    assert_true(v.good >= 10);
    assert_has(mud_buf_view(&found.text), "gzip member is damaged");
    assert_has(mud_buf_view(&found.text), "at byte ");
    mud_buf_free(&found.text);
    mud_buf_free(&file);
}

static void test_warc__bounds_headers(void **state)
{
    struct mud_buf text = {0};
    struct found found = {0};
    const char *path;

    (void)state;
    mud_buf_z(&text, "WARC/1.1\r\n");
    for (int i = 0; i < 100000; i++)
        mud_buf_printf(&text, "X-%d: y\r\n", i);
    path = put("long.warc", mud_buf_view(&text));
    assert_true(verify(path, &found).bad > 0);
    assert_has(mud_buf_view(&found.text), "header is longer than 64 KiB");
    mud_buf_free(&text);
    mud_buf_free(&found.text);
}

static void test_warc__says_what_is_no_warc(void **state)
{
    struct mud_error err = {0};
    struct mud_warc *warc;
    struct found found = {0};

    (void)state;
    assert_fails(mud_warc_open(&warc, "/nonexistent/x.warc", NULL, &err),
                 &err,
                 MUD_EMISSING,
                 "x.warc");
    mud_error_clear(&err);
    assert_fails(mud_warc_open(&warc, "/", NULL, &err),
                 &err,
                 MUD_EINPUT,
                 "not a regular file");
    assert_true(verify(put("e", MUD_STR("")), &found).bad > 0);
    assert_has(mud_buf_view(&found.text), "no record at all");
    assert_true(verify(put("e", MUD_STR("<html>")), &found).bad > 0);
    assert_has(mud_buf_view(&found.text), "no WARC record begins here");
    mud_buf_free(&found.text);
}

/* What others say of our files. */
static void test_warc__passes_the_shared_checker(void **state)
{
    const char *shared = mudtest_shared();
    struct mud_buf file = sample(3, 4000);
    const char *path = put("f.warc.gz", mud_buf_view(&file));
    struct mudtest_run run;

    (void)state;
    mud_buf_free(&file);
    if (!shared)
        skip();
    run =
        mudtest_sh("python3 %s/tools/validators/warccheck.py %s", shared, path);
    assert_text(run.out, "OK 10 records\n");
    assert_int_equal(run.code, 0);
}

/* A file streamed into a resource record, behind a sample. */
static bool to_buf(void *payload, const void *bytes, size_t n,
                   struct mud_error *err)
{
    (void)err;
    mud_buf_put(payload, bytes, n);
    return true;
}

static void add_resource(struct mud_buf *file)
{
    struct mud_str bytes = MUD_STR("{\"messages\":[]}\r\n\r\n");
    struct mud_warc_stream *stream;
    struct mud_error err = {0};
    uint8_t digest[MUD_SHA256];
    struct mud_warc_head head = {.type = MUD_WARC_RESOURCE,
                                 .id = id_of(9000),
                                 .at = INT64_C(1790000000000000),
                                 .uri = MUD_STR("file:result.json"),
                                 .content_type = "application/json",
                                 .warcinfo = id_of(0),
                                 .block_sha256 = digest,
                                 .payload_sha256 = digest,
                                 .size = (int64_t)bytes.n};

    mud_sha256_of(bytes, digest);
    assert_ok(mud_warc_stream_begin(&stream, &head, to_buf, file, &err), &err);
    assert_ok(mud_warc_stream_add(stream, bytes.s, bytes.n, &err), &err);
    assert_ok(mud_warc_stream_end(stream, &err), &err);
}

/* The reader of another house: scripts/deps test has npm fetch it. */
static void test_warc__passes_warcio_of_npm(void **state)
{
    const char *modules =
        mudtest_text("%s/build/npm/node_modules", mudtest_source());
    struct mud_buf file = sample(40, 4000);
    struct mudtest_run run;
    const char *path;

    (void)state;
    add_resource(&file);
    path = put("n.warc.gz", mud_buf_view(&file));
    mud_buf_free(&file);
    if (!mudtest_exists(mudtest_text("%s/warcio", modules)) ||
        mudtest_sh("command -v node").code != 0) {
        print_message("npm's warcio is not there: scripts/deps test\n");
        skip();
    }
    run = mudtest_sh("node '%s/tests/npm/warcio.mjs' '%s' '%s'",
                     mudtest_source(),
                     path,
                     modules);
    assert_text(run.out,
                "122 records {\"warcinfo\":1,\"request\":40,\"response\":40,"
                "\"metadata\":40,\"resource\":1}\n");
    assert_int_equal(run.code, 0);
    /* It does read the bytes: one record unpacked, changed, and packed again. */
    run =
        mudtest_sh("zcat '%s' | sed 's/messages/massages/' | gzip > '%s.bent'; "
                   "node '%s/tests/npm/warcio.mjs' '%s.bent' '%s'",
                   path,
                   path,
                   mudtest_source(),
                   path,
                   modules);
    assert_int_equal(run.code, 1);
    assert_has(run.out, "record 122: WARC-Block-Digest is sha256:");
    assert_has(run.out, "record 122: WARC-Payload-Digest is sha256:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_warc__reads_back_what_it_wrote),
        cmocka_unit_test(test_warc__keeps_header_lines_whole),
        cmocka_unit_test(test_warc__reads_other_packings),
        cmocka_unit_test(test_warc__reads_version_1_0),
        cmocka_unit_test(test_warc__knows_digests_of_other_tools),
        cmocka_unit_test(test_warc__finds_the_payload_however_it_arrives),
        cmocka_unit_test(test_warc__finds_every_flipped_bit),
        cmocka_unit_test(test_warc__finds_every_cut),
        cmocka_unit_test(test_warc__tells_lying_lengths),
        cmocka_unit_test(test_warc__goes_on_behind_damage),
        cmocka_unit_test(test_warc__bounds_headers),
        cmocka_unit_test(test_warc__says_what_is_no_warc),
        cmocka_unit_test(test_warc__passes_the_shared_checker),
        cmocka_unit_test(test_warc__passes_warcio_of_npm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
