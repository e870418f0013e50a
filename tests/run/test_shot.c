/* Pictures of captured pages, with the real Chromium; skipped where it is not. */
#include "run/shot.h"

#include "evidence/retention.h"
#include "tests/run/runtest.h"
#include "tests/support/httpd.h"

#include <stdio.h>
#include <sys/stat.h>
#include <zlib.h>

/* ---- a picture read back: 8 bits a channel, not interlaced, as Chromium's */

struct bitmap {
    uint32_t width, height;
    unsigned channels;
    uint8_t *rows;
};

static uint32_t number(const char *s)
{
    const uint8_t *b = (const uint8_t *)s;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
           b[3];
}

/* PNG (ISO 15948) section 9: undo the filter of each row. */
static void unfilter(struct bitmap *map, const uint8_t *from)
{
    size_t wide = (size_t)map->width * map->channels, c = map->channels;

    for (uint32_t y = 0; y < map->height; y++) {
        uint8_t *row = map->rows + y * wide;
        const uint8_t *up = y ? row - wide : NULL;
        uint8_t filter = *from++;

        for (size_t i = 0; i < wide; i++) {
            int a = i >= c ? row[i - c] : 0, b = up ? up[i] : 0;
            int d = up && i >= c ? up[i - c] : 0, p = a + b - d;
            int pa = abs(p - a), pb = abs(p - b), pd = abs(p - d);
            int add = filter == 1   ? a
                      : filter == 2 ? b
                      : filter == 3 ? (a + b) / 2
                      : filter == 4 ? (pa <= pb && pa <= pd ? a
                                       : pb <= pd           ? b
                                                            : d)
                                    : 0;
            row[i] = (uint8_t)(*from++ + add);
        }
    }
}

static struct bitmap bitmap_of(struct mud_str png, struct mud_arena *arena)
{
    struct bitmap map = {.width = number(png.s + 16),
                         .height = number(png.s + 20)};
    struct mud_buf packed = {0};

    assert_true(mud_str_starts(png, MUD_STR("\x89PNG\r\n\x1a\n")));
    assert_int_equal(png.s[24], 8);
    assert_true(png.s[25] == 2 || png.s[25] == 6);
    map.channels = png.s[25] == 2 ? 3 : 4;
    for (size_t at = 8; at + 12 <= png.n; at += 12 + number(png.s + at))
        if (memcmp(png.s + at + 4, "IDAT", 4) == 0)
            mud_buf_put(&packed, png.s + at + 8, number(png.s + at));
    size_t wide = (size_t)map.width * map.channels;
    uLongf n = (wide + 1) * map.height;
    uint8_t *raw = mud_arena_alloc(arena, n);
    map.rows = mud_arena_alloc(arena, wide * map.height);
    assert_int_equal(uncompress(raw, &n, (const Bytef *)packed.s, packed.n),
                     Z_OK);
    mud_buf_free(&packed);
    unfilter(&map, raw);
    return map;
}

static uint32_t colour(const struct bitmap *map, uint32_t x, uint32_t y)
{
    const uint8_t *p = map->rows + ((size_t)y * map->width + x) * map->channels;

    assert_true(x < map->width && y < map->height);
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static size_t count_of(const struct bitmap *map, uint32_t rgb)
{
    size_t n = 0;

    for (uint32_t y = 0; y < map->height; y++)
        for (uint32_t x = 0; x < map->width; x++)
            n += colour(map, x, y) == rgb;
    return n;
}

#define STRIP 0x8a6d00 /* its border */

/* ---- pages that are held, and a site that must not be asked */

static bool answer(struct mud_httpd_peer *peer,
                   const struct mud_httpd_request *request, void *payload)
{
    (void)request, (void)payload;
    return mud_httpd_reply(
        peer, 200, "Content-Type: image/svg+xml\r\n", MUD_STR("<svg/>"));
}

struct held {
    struct kit kit;
    struct mud_httpd *httpd;
    const char *site;
    struct mud_shot shot;
    struct bitmap map;
};

static bool there_is_chromium(void)
{
    char path[4096];
    struct mud_error none = {0};

    if (mud_browser_find(path, sizeof(path), &none))
        return true;
    print_message("skipped: %s\n", none.text);
    return false;
}

static void held_open(struct held *h)
{
    *h = (struct held){.site = NULL};
    kit_open(&h->kit);
    h->httpd = mud_httpd_start(answer, NULL);
    h->site = mudtest_text("http://127.0.0.1:%u", mud_httpd_port(h->httpd));
    kit_source(&h->kit, mud_str_z(h->site));
}

static void held_close(struct held *h)
{
    assert_int_equal(mud_httpd_connections(h->httpd), 0);
    mud_httpd_stop(h->httpd);
    kit_close(&h->kit);
}

static struct mud_id hold(struct held *h, const char *path, const char *type,
                          struct mud_str body)
{
    struct mud_exchange x = {
        .url = mud_str_z(mudtest_text("%s%s", h->site, path)),
        .method = MUD_STR("GET"),
        .request_head = MUD_STR("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .response_head = mud_str_z(
            mudtest_text("HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n", type)),
        .body = body,
        .status = 200,
        .http_version = "1.1",
        .started = 1763607600 * MUD_SECOND,
        .ended = 1763607600 * MUD_SECOND};
    struct mud_capture c;

    assert_ok(mud_seal_exchange(&c,
                                h->kit.worker.vault,
                                h->kit.worker.pg,
                                h->kit.source.id,
                                &x,
                                h->kit.arena,
                                &h->kit.err),
              &h->kit.err);
    return c.id;
}

static void shoot(struct held *h, struct mud_id capture, bool unmasked)
{
    const struct mud_shot_ask ask = {.capture = capture, .unmasked = unmasked};

    assert_ok(mud_shot_take(
                  &h->shot, &h->kit.worker, &ask, h->kit.arena, &h->kit.err),
              &h->kit.err);
    h->map = bitmap_of(h->shot.png, h->kit.arena);
    assert_int_equal(h->map.width, h->shot.width);
    assert_int_equal(h->map.height, h->shot.height);
    /* The strip is above and below, whatever the page does. */
    assert_int_equal(colour(&h->map, 1, 1), STRIP);
    assert_int_equal(colour(&h->map, 1278, h->map.height - 2), STRIP);
}

static const char svg[] =
    "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><rect "
    "width='300' height='200' fill='#0000fe'/><script>while(1);</script></svg>";

/* A stylesheet and a picture of the same source are drawn; all else is not asked
 * for, and what runs, leads away or reads files does nothing. */
static void test_shot__draws_what_is_held_and_nothing_else(void **state)
{
    struct held h;

    (void)state;
    if (!there_is_chromium())
        skip();
    held_open(&h);
    hold(&h, "/s.css", "text/css", MUD_STR("body{background:#00fe00}"));
    hold(&h, "/i.svg", "image/svg+xml", mud_str_z(svg));
    struct mud_id page = hold(
        &h,
        "/page",
        "text/html; charset=utf-8",
        mud_str_z(mudtest_text(
            "<!doctype html><link rel=stylesheet href=s.css>"
            "<meta http-equiv=refresh content='0;url=%s/away'>"
            "<div style='position:fixed;top:-500px;left:0;width:9999px;height:"
            "500px;background:#fe0000'></div><img src=/i.svg>"
            "<script>document.body.style.background='#fe0000';for(;;);</script>"
            "<img src=%s/gone.svg onerror=\"document.body.style.background="
            "'#fe0000'\"><iframe src=/frame></iframe><iframe "
            "src=file:///etc/passwd></iframe><img src=file:///etc/passwd>"
            "<object data=/o></object><video src=/v autoplay></video><link "
            "rel=preconnect href=%s><svg onload=\"for(;;);\"><image "
            "href='/x.svg'/></svg>",
            h.site,
            h.site,
            h.site)));

    shoot(&h, page, true);
    assert_true(count_of(&h.map, 0x00fe00) > 500000);
    assert_int_equal(count_of(&h.map, 0x0000fe), 300 * 200);
    assert_int_equal(count_of(&h.map, 0xfe0000), 0);
    assert_int_equal(h.shot.used, 2);
    assert_int_equal(h.shot.path.n, 0);

    /* Masked: nobody has read what the picture says. */
    shoot(&h, page, false);
    assert_int_equal(count_of(&h.map, 0x0000fe), 0);
    assert_true(count_of(&h.map, 0x00fe00) > 500000);
    assert_int_equal(h.shot.withheld, 1);
    assert_int_equal(h.shot.used, 1);
    held_close(&h);
}

static void test_shot__is_told_and_kept(void **state)
{
    struct held h;
    char hex[MUD_HEX256];
    uint8_t sha[MUD_SHA256];

    (void)state;
    if (!there_is_chromium())
        skip();
    held_open(&h);
    struct mud_id page = hold(
        &h,
        "/page",
        "text/html; charset=gbk",
        MUD_STR("<p>110101199003071233----13800000001----\xcd\xf5*\xc3\xf7"));
    shoot(&h, page, false);
    assert_true(h.shot.covered >= 29);
    assert_true(mud_str_starts(h.shot.path, MUD_STR("shots/")));
    struct mud_str file =
        mudtest_read(mudtest_text("%s/%.*s", h.kit.home, MUD_FMT(h.shot.path)));
    assert_bytes(file, h.shot.png);
    mud_sha256_of(file, sha);
    assert_memory_equal(sha, h.shot.sha256, MUD_SHA256);
    mud_hex(hex, sha, MUD_SHA256);
    struct mud_str ledger =
        mudtest_read(mudtest_text("%s/ledger/ledger.jsonl", h.kit.home));
    assert_has(ledger, "\"op\":\"shot\"");
    assert_has(ledger, hex);
    assert_has(ledger, "Chrome/");

    char id[MUD_ID_TEXT];
    struct mud_str arg = mud_str_z(mud_id_text(id, page));
    struct mud_rows *rows;
    assert_ok(
        mud_pg_query(&rows, h.kit.pg, mud_sql("shot_of"), &arg, 1, &h.kit.err),
        &h.kit.err);
    assert_int_equal(mud_rows_count(rows), 1);
    assert_text(mud_rows_get(rows, 0, 1), hex);
    mud_rows_free(rows);

    /* Unmasked: told, and not kept. */
    shoot(&h, page, true);
    assert_int_equal(h.shot.covered, 0);
    assert_int_equal(h.shot.path.n, 0);
    ledger = mudtest_read(mudtest_text("%s/ledger/ledger.jsonl", h.kit.home));
    assert_has(ledger, "\"masked\":false");
    held_close(&h);
}

/* Only the file goes; what it was stays in row and ledger. */
static void test_shot__goes_with_its_capture(void **state)
{
    struct held h;
    int64_t gone;

    (void)state;
    if (!there_is_chromium())
        skip();
    held_open(&h);
    struct mud_id page = hold(&h, "/page", "text/html", MUD_STR("<p>x"));
    shoot(&h, page, false);
    const char *file =
        mudtest_text("%s/%.*s", h.kit.home, MUD_FMT(h.shot.path));
    assert_ok(mud_shot_purge(&gone, h.kit.pg, h.kit.home, &h.kit.err),
              &h.kit.err);
    assert_int_equal(gone, 0);
    assert_true(mudtest_exists(file));

    struct mud_purge purge = {.who = MUD_STR("li"),
                              .reason = MUD_STR("over"),
                              .now = mud_now() + 800 * 86400 * MUD_SECOND};
    assert_ok(
        mud_purge(&purge, h.kit.worker.vault, h.kit.worker.pg, &h.kit.err),
        &h.kit.err);
    assert_int_equal(purge.captures, 1);
    assert_ok(mud_shot_purge(&gone, h.kit.pg, h.kit.home, &h.kit.err),
              &h.kit.err);
    assert_int_equal(gone, 1);
    assert_false(mudtest_exists(file));
    assert_ok(mud_shot_purge(&gone, h.kit.pg, h.kit.home, &h.kit.err),
              &h.kit.err);
    assert_int_equal(gone, 0);
    held_close(&h);
}

static void test_shot__long_pages_are_cut_and_said_to_be(void **state)
{
    struct held h;

    (void)state;
    if (!there_is_chromium())
        skip();
    held_open(&h);
    shoot(&h,
          hold(&h,
               "/tall",
               "text/html",
               MUD_STR("<body style='height:99999px;background:#00fe00'>")),
          false);
    assert_true(h.shot.cut);
    assert_true(h.shot.page_height >= 99999);
    assert_true(h.map.height > MUD_BROWSER_TALL &&
                h.map.height <= MUD_BROWSER_MOST);
    assert_int_equal(colour(&h.map, 640, MUD_BROWSER_TALL), 0x00fe00);
    held_close(&h);
}

static void test_shot__time_is_limited(void **state)
{
    struct mud_browser_picture out;
    struct mud_error err = {0};
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf page = {0};
    const char *part =
        "<div style='filter:blur(50px);width:1000px;height:1000px;"
        "background:conic-gradient(red,blue)'>x";

    (void)state;
    if (!there_is_chromium())
        skip();
    for (int i = 0; i < 3000; i++)
        mud_buf_z(&page, part);
    const struct mud_browser_job job = {.home = mudtest_dir(),
                                        .url = MUD_STR("http://a.invalid/"),
                                        .page = mud_buf_view(&page),
                                        .type = MUD_STR("text/html"),
                                        .ms = 4000};
    int64_t from = mud_monotonic();
    assert_fails(
        mud_browser_draw(&out, &job, arena, &err), &err, MUD_ELIMIT, "4 s");
    assert_true(mud_monotonic() - from < 15 * MUD_SECOND);
    mud_buf_free(&page);
    mud_arena_free(arena);
}

static void test_shot__says_what_is_missing(void **state)
{
    struct held h;
    struct mud_shot_ask ask = {.unmasked = false};

    (void)state;
    held_open(&h);
    ask.capture = hold(&h, "/j", "application/json", MUD_STR("{}"));
    setenv("MUDLARK_CHROMIUM", "/nonexistent", 1);
    assert_fails(
        mud_shot_take(&h.shot, &h.kit.worker, &ask, h.kit.arena, &h.kit.err),
        &h.kit.err,
        MUD_EMISSING,
        "MUDLARK_CHROMIUM");
    mud_error_clear(&h.kit.err);
    /* No browser is asked for what is no page. */
    setenv("MUDLARK_CHROMIUM", "/bin/false", 1);
    assert_fails(
        mud_shot_take(&h.shot, &h.kit.worker, &ask, h.kit.arena, &h.kit.err),
        &h.kit.err,
        MUD_EUSAGE,
        "application/json");
    mud_error_clear(&h.kit.err);
    ask.capture = hold(&h, "/p", "text/html", MUD_STR("<p>x"));
    assert_fails(
        mud_shot_take(&h.shot, &h.kit.worker, &ask, h.kit.arena, &h.kit.err),
        &h.kit.err,
        MUD_EIO,
        "");
    unsetenv("MUDLARK_CHROMIUM");
    held_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shot__draws_what_is_held_and_nothing_else),
        cmocka_unit_test(test_shot__is_told_and_kept),
        cmocka_unit_test(test_shot__goes_with_its_capture),
        cmocka_unit_test(test_shot__long_pages_are_cut_and_said_to_be),
        cmocka_unit_test(test_shot__time_is_limited),
        cmocka_unit_test(test_shot__says_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
