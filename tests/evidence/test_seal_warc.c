#include "place.h"

#include <zlib.h>

/* What mud_seal_warc_records hands out. */
struct taken {
    struct mud_capture c[64];
    bool known[64];
    size_t n, stop_at;
    struct mud_buf notes;
    struct mud_arena *arena;
};

static bool take_one(const struct mud_capture *c, bool known, void *payload,
                     struct mud_error *err)
{
    struct taken *t = payload;

    assert_true(t->n < 64);
    t->c[t->n] = *c;
    t->c[t->n].url = mud_str_dup(c->url, t->arena);
    t->c[t->n].warc = mud_str_dup(c->warc, t->arena);
    t->c[t->n].content_type = mud_str_dup(c->content_type, t->arena);
    t->known[t->n++] = known;
    return t->n != t->stop_at || mud_fail(err, MUD_EINPUT, "enough");
}

static void take_note(const char *text, void *payload)
{
    struct taken *t = payload;

    mud_buf_printf(&t->notes, "%s\n", text);
}

/* n exchanges and a warcinfo, request, metadata and revisit beside them, as
 * another tool writes them: WARC/1.0, sha1, seconds. */
static struct mud_buf other_tool(int n, bool gzip_each)
{
    struct mud_buf out = {0}, one = {0};

    for (int i = -1; i < 3 * n; i++) {
        const char *type = i < 0        ? "warcinfo"
                           : i % 3 == 0 ? "request"
                           : i % 3 == 1 ? "response"
                                        : "revisit";
        const char *block =
            i % 3 == 1 && i > 0
                ? mudtest_text("HTTP/1.1 404 Not Found\r\nContent-Type: "
                               "text/html; charset=GBK\r\n\r\npage %d of %d",
                               i / 3,
                               n)
                : "GET / HTTP/1.1\r\n\r\n";

        mud_buf_clear(&one);
        mud_buf_printf(&one,
                       "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: "
                       "<http://other.example/%d>\r\nWARC-Date: "
                       "2026-11-24T05:31:%02dZ\r\nWARC-Record-ID: "
                       "<urn:uuid:00000000-0000-4000-8000-%012d>\r\n"
                       "WARC-IP-Address: 192.0.2.7\r\nContent-Type: %s\r\n"
                       "Content-Length: %zu\r\n\r\n%s\r\n\r\n",
                       type,
                       i / 3,
                       (i + 1) % 60,
                       i + 1,
                       i < 0 ? "application/warc-fields"
                             : "application/http; msgtype=x",
                       strlen(block),
                       block);
        if (gzip_each) {
            z_stream z = {0};

            assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, 0), Z_OK);
            z.next_in = (Bytef *)one.s;
            z.avail_in = (uInt)one.n;
            z.avail_out = (uInt)deflateBound(&z, one.n);
            z.next_out = (Bytef *)mud_buf_room(&out, z.avail_out);
            assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
            out.n += z.total_out;
            deflateEnd(&z);
        } else {
            mud_buf_str(&out, mud_buf_view(&one));
        }
    }
    mud_buf_free(&one);
    return out;
}

static const char *pack(const struct mud_buf *plain)
{
    const char *path = mudtest_text("%s/whole.warc.gz", mudtest_dir());

    mudtest_write(path, mud_buf_view(plain));
    mudtest_sh("gzip -c '%s' > '%s.x'; mv '%s.x' '%s'", path, path, path, path);
    return path;
}

static struct mud_capture hand_over(struct place *p, int source,
                                    const char *path, bool *known)
{
    struct mud_handed h = {.path = path,
                           .url = MUD_STR("file:other.warc.gz"),
                           .content_type = MUD_STR("application/warc"),
                           .supplier = MUD_STR("partner")};
    struct mud_capture c;
    struct mud_error err = {0};

    assert_ok(
        mud_seal_file(&c, known, p->vault, p->pg, source, &h, p->arena, &err),
        &err);
    return c;
}

static struct mud_warc_take take(struct place *p, struct taken *taken,
                                 const struct mud_capture *file)
{
    struct mud_warc_take t = {take_one, take_note, taken, 0, 0, 0, 0};
    struct mud_error err = {0};

    taken->n = 0;
    taken->arena = p->arena;
    mud_buf_clear(&taken->notes);
    assert_ok(mud_seal_warc_records(&t, p->vault, p->pg, file, &err), &err);
    return t;
}

static void check_pages(struct place *p, const struct taken *taken, size_t n)
{
    assert_int_equal(taken->n, n);
    for (size_t i = 0; i < n; i++) {
        struct mud_exchange x;
        struct mud_capture c;
        struct mud_error err = {0};

        assert_ok(mud_capture_load(&c, p->pg, taken->c[i].id, p->arena, &err),
                  &err);
        assert_int_equal(c.kind, MUD_CAPTURE_RECORD);
        assert_int_equal(c.status, 404);
        assert_text(c.content_type, "text/html; charset=GBK");
        assert_text(c.supplier, "partner");
        assert_text(c.url, mudtest_text("http://other.example/%zu", i));
        assert_ok(mud_capture_exchange(&x, p->vault, &c, 1000, p->arena, &err),
                  &err);
        assert_text(x.body, mudtest_text("page %zu of %zu", i, n));
        assert_has(x.response_head, "404 Not Found");
    }
}

/* The copy that the vault has of a file, unsealed. */
static struct mud_str stored(struct place *p, const struct mud_capture *c)
{
    struct mud_capture_stream *stream;
    struct mud_error err = {0};
    char *out = mud_arena_alloc(p->arena, (size_t)c->size + 1);
    size_t at = 0, n = 1;

    assert_ok(mud_capture_stream_open(&stream, p->vault, c, &err), &err);
    while (n > 0) {
        assert_ok(mud_capture_stream_read(
                      stream, out + at, (size_t)c->size - at + 1, &n, &err),
                  &err);
        at += n;
    }
    mud_capture_stream_close(stream);
    return mud_str_of(out, at);
}

static void test_seal_warc__takes_each_packing(void **state)
{
    (void)state;
    for (int packing = 0; packing < 3; packing++) {
        struct place p = place_new();
        struct taken taken = {0};
        struct mud_buf file = other_tool(12, packing == 0);
        const char *path = mudtest_text("%s/o.warc", mudtest_dir());
        struct mud_capture c;
        struct mud_warc_take t;
        struct mud_str copy;
        bool known;

        if (packing == 2)
            path = pack(&file);
        else
            mudtest_write(path, mud_buf_view(&file));
        c = hand_over(&p, 1, path, &known);
        assert_true(c.whole);
        copy = stored(&p, &c);
        assert_bytes(copy, mudtest_read(path));
        t = take(&p, &taken, &c);
        assert_int_equal(t.responses, 12);
        assert_int_equal(t.known, 0);
        assert_int_equal(t.others, 25);
        assert_int_equal(t.notes, 0);
        check_pages(&p, &taken, 12);
        assert_int_equal(all_good(&p), 14); /* the file counts in both files */
        /* Again: all known. Another source: captures of its own. */
        hand_over(&p, 1, path, &known);
        assert_true(known);
        t = take(&p, &taken, &c);
        assert_int_equal(t.known, 12);
        assert_true(taken.known[11]);
        c = hand_over(&p, 2, path, &known);
        assert_false(known);
        t = take(&p, &taken, &c);
        assert_int_equal(t.known, 0);
        check_pages(&p, &taken, 12);
        all_good(&p);
        mud_buf_free(&taken.notes);
        mud_buf_free(&file);
        place_free(&p);
    }
}

/* Records of one large gzip member in order: each byte is unpacked once. */
static void test_seal_warc__reads_one_stream_in_order(void **state)
{
    struct place p = place_new();
    struct taken taken = {0};
    struct mud_buf file = other_tool(20, false);
    struct mud_capture c;
    struct mud_exchange x;
    struct mud_error err = {0};
    bool known;

    (void)state;
    c = hand_over(&p, 1, pack(&file), &known);
    take(&p, &taken, &c);
    /* Forwards, backwards, the same twice, and all places from anywhere. */
    for (size_t i = 0; i < 60; i++) {
        size_t k = i < 20 ? i : i < 40 ? 39 - i : i * 7 % 20;

        assert_ok(
            mud_capture_exchange(&x, p.vault, &taken.c[k], 1000, p.arena, &err),
            &err);
        assert_text(x.body, mudtest_text("page %zu of 20", k));
    }
    mud_buf_free(&taken.notes);
    mud_buf_free(&file);
    place_free(&p);
}

static void test_seal_warc__notes_damage_and_goes_on(void **state)
{
    struct place p = place_new();
    struct taken taken = {0};
    struct mud_buf file = other_tool(12, true);
    const char *path = mudtest_text("%s/o.warc.gz", mudtest_dir());
    struct mud_capture c;
    struct mud_warc_take t;
    bool known;

    (void)state;
    memset(file.s + file.n / 2, 0, 30);
    file.n -= 5;
    mudtest_write(path, mud_buf_view(&file));
    c = hand_over(&p, 1, path, &known);
    t = take(&p, &taken, &c);
    assert_true(t.notes >= 2);
    assert_true(t.responses >= 10);
    assert_has(mud_buf_view(&taken.notes), "at byte ");
    assert_has(mud_buf_view(&taken.notes), "is cut off");
    /* Its damage is as it was handed over: the vault holds. */
    all_good(&p);
    mud_buf_free(&taken.notes);
    mud_buf_free(&file);
    place_free(&p);
}

static void test_seal_warc__goes_on_where_it_stopped(void **state)
{
    struct place p = place_new();
    struct taken taken = {.stop_at = 3};
    struct mud_buf file = other_tool(12, true);
    const char *path = mudtest_text("%s/o.warc.gz", mudtest_dir());
    struct mud_warc_take t = {take_one, take_note, &taken, 0, 0, 0, 0};
    struct mud_error err = {0};
    struct mud_capture c;
    bool known;

    (void)state;
    mudtest_write(path, mud_buf_view(&file));
    c = hand_over(&p, 1, path, &known);
    taken.arena = p.arena;
    assert_fails(mud_seal_warc_records(&t, p.vault, p.pg, &c, &err),
                 &err,
                 MUD_EINPUT,
                 "enough");
    taken.stop_at = 0;
    t = take(&p, &taken, &c);
    assert_int_equal(t.responses, 12);
    check_pages(&p, &taken, 12);
    mud_buf_free(&taken.notes);
    mud_buf_free(&file);
    place_free(&p);
}

static void test_seal_warc__finds_a_changed_copy(void **state)
{
    struct place p = place_new();
    struct taken taken = {0};
    struct mud_buf file = other_tool(3, true);
    const char *path = mudtest_text("%s/o.warc.gz", mudtest_dir());
    struct mud_verify v = {0};
    struct mud_error err = {0};
    struct mud_capture c;
    struct mud_str bytes;
    char *changed;
    bool known;

    (void)state;
    mudtest_write(path, mud_buf_view(&file));
    c = hand_over(&p, 1, path, &known);
    take(&p, &taken, &c);
    all_good(&p);
    path = mudtest_text("%s/vault/%.*s", p.home, MUD_FMT(c.warc));
    bytes = mudtest_read(path);
    changed = mud_malloc(bytes.n);
    memcpy(changed, bytes.s, bytes.n);
    changed[100] = (char)(changed[100] ^ 1);
    mudtest_write(path, mud_str_of(changed, bytes.n));
    assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
    assert_int_equal(v.bad, 1);
    free(changed);
    mud_buf_free(&taken.notes);
    mud_buf_free(&file);
    place_free(&p);
}

static void test_seal_warc__refuses_what_is_none(void **state)
{
    struct place p = place_new();
    struct mud_warc_take t = {0};
    const char *path = mudtest_text("%s/o.json", mudtest_dir());
    struct mud_error err = {0};
    struct mud_capture c;
    bool known;

    (void)state;
    mudtest_write(path, MUD_STR("{}"));
    c = hand_over(&p, 1, path, &known);
    assert_false(c.whole);
    assert_fails(mud_seal_warc_records(&t, p.vault, p.pg, &c, &err),
                 &err,
                 MUD_EINPUT,
                 "not a WARC");
    place_free(&p);
}

/* Copied, but the transaction was refused: set aside, then taken all the same. */
static void test_seal_warc__sets_stray_copies_aside(void **state)
{
    struct place p = place_new();
    struct mud_buf file = other_tool(3, true);
    const char *path = mudtest_text("%s/o.warc.gz", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:o")};
    struct mud_recovered r;
    struct mud_error err = {0};
    struct mud_capture c;
    bool known;

    (void)state;
    mudtest_write(path, mud_buf_view(&file));
    assert_fails(
        mud_seal_file(&c, &known, p.vault, p.pg, 99, &h, p.arena, &err),
        &err,
        MUD_EDB,
        "source");
    mud_vault_close(p.vault);
    mud_error_clear(&err);
    assert_ok(mud_vault_open(&p.vault, p.home, &err), &err);
    assert_ok(mud_vault_recover(&r, p.vault, p.pg, &err), &err);
    assert_int_equal(r.tails, 1);
    hand_over(&p, 1, path, &known);
    assert_int_equal(all_good(&p), 2);
    mud_buf_free(&file);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal_warc__takes_each_packing),
        cmocka_unit_test(test_seal_warc__reads_one_stream_in_order),
        cmocka_unit_test(test_seal_warc__notes_damage_and_goes_on),
        cmocka_unit_test(test_seal_warc__goes_on_where_it_stopped),
        cmocka_unit_test(test_seal_warc__finds_a_changed_copy),
        cmocka_unit_test(test_seal_warc__refuses_what_is_none),
        cmocka_unit_test(test_seal_warc__sets_stray_copies_aside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
