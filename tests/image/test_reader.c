#include "tests/image/pictures.h"

#include "image/record.h"
#include "image/text.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mud_arena *arena;
static struct mud_image_reader *reader;

static int begin(void **state)
{
    (void)state;
    arena = mud_arena_new();
    reader = mud_image_reader_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mud_image_reader_free(reader);
    mud_arena_free(arena);
    return 0;
}

static struct mud_image image_of(struct mud_str bytes)
{
    struct mud_image out;
    struct mud_error err = {0};
    assert_ok(mud_image_read(&out, reader, bytes, arena, &err), &err);
    return out;
}

static struct mud_image sample(const char *name)
{
    return image_of(mudtest_read(
        mudtest_text("%s/samples/image/%s", mudtest_source(), name)));
}

static bool noted(const struct mud_image *image, const char *code)
{
    for (size_t i = 0; i < image->n_notes; i++)
        if (strcmp(image->notes[i].code, code) == 0)
            return true;
    return false;
}

static struct mud_str text_of(const struct mud_image *image)
{
    struct mud_image_text text;
    mud_image_text(&text, image, arena);
    return text.text;
}

static void assert_says(const struct mud_image *image, const char *what)
{
    struct mud_str text = text_of(image);
    if (mud_str_find(text, mud_str_z(what)) == MUD_NPOS)
        fail_msg("no \"%s\" in:\n%.*s", what, MUD_FMT(text));
}

static void test_reader__reads_printed_lists(void **state)
{
    static const struct {
        const char *file, *says[6];
    } rows[] = {
        {"list-zh.png",
         {"1小时 50元",
          "包月 2500元",
          "肉鸡 1000台 800元",
          "9123456780",
          "@stress_shop88",
          "ddos_9123"}},
        {"list-hant.png",
         {"代收短信", "LINE", "簡訊群發", "msgking9", "@msg_king_tw", "10000"}},
        {"list-en.png",
         {"FRESH LOGS",
          "fullz",
          "$15 each",
          "@freshdata_shop",
          "fresh@xmpp.example",
          "BTC"}},
    };

    (void)state;
    if (!mud_image_text_reader())
        skip();
    for (size_t i = 0; i < 3; i++) {
        struct mud_image image = sample(rows[i].file);
        assert_true(image.opened && image.has_likeness);
        assert_int_equal(image.format, MUD_IMAGE_PNG);
        for (size_t k = 0; k < 6; k++)
            assert_says(&image, rows[i].says[k]);
    }
}

static void test_reader__knows_where_each_word_stands(void **state)
{
    (void)state;
    if (!mud_image_text_reader())
        skip();
    struct mud_image image = sample("list-zh.png");
    struct mud_image_text text;
    mud_image_text(&text, &image, arena);
    size_t at = mud_str_find(text.text, MUD_STR("9123456780"));
    uint32_t below = 0;
    assert_true(at != MUD_NPOS);
    for (size_t i = 0; i < text.n; i++) {
        const struct mud_image_place *place = &text.places[i];
        assert_true(place->at.start < place->at.end &&
                    place->at.end <= text.text.n);
        assert_true(place->box.x + place->box.w <= image.width &&
                    place->box.y + place->box.h <= image.height);
        if (place->at.start <= at && place->at.end > at)
            below = place->box.y;
    }
    /* The sixth of eight lines. */
    assert_in_range(below, image.height / 2, image.height * 3 / 4);
}

#ifdef MUDTEST_PICTURES
/* A code as it stands in adverts: turned, small or large, in a photo. */
static PIX *code_in_photo(const char *text, int size, float degrees, bool logo)
{
    PIX *photo = pictures_photo(900, 700);
    PIX *code = pictures_code(text, size);
    int w = pixGetWidth(code);
    if (logo) {
        (void)pixRasterop(
            code, w * 2 / 5, w * 2 / 5, w / 5, w / 5, PIX_SET, NULL, 0, 0);
        (void)pixRasterop(
            code, w * 9 / 20, w * 9 / 20, w / 10, w / 10, PIX_CLR, NULL, 0, 0);
    }
    PIX *turned = pixRotate(code,
                            degrees * 3.14159F / 180.0F,
                            L_ROTATE_AREA_MAP,
                            L_BRING_IN_WHITE,
                            w,
                            w);
    (void)pixRasterop(photo,
                      150,
                      60,
                      pixGetWidth(turned),
                      pixGetHeight(turned),
                      PIX_SRC,
                      turned,
                      0,
                      0);
    pixDestroy(&code);
    pixDestroy(&turned);
    return photo;
}
#endif

static void test_reader__finds_codes_in_photos(void **state)
{
    (void)state;
#ifdef MUDTEST_PICTURES
    static const struct {
        int size;
        float degrees;
        bool logo, dark;
    } rows[] = {{8, 0, false, false},
                {3, 0, false, false},
                {10, 17, false, false},
                {6, -40, false, false},
                {8, 90, false, false},
                {9, 8, true, false},
                {7, 0, false, true}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        PIX *pix = code_in_photo("https://t.me/made_up_shop",
                                 rows[i].size,
                                 rows[i].degrees,
                                 rows[i].logo);
        if (rows[i].dark)
            (void)pixInvert(pix, pix);
        struct mud_image image =
            image_of(pictures_bytes(pix, IFF_JFIF_JPEG, arena));
        pixDestroy(&pix);
        if (image.n_codes != 1)
            fail_msg("row %zu: %zu codes", i, image.n_codes);
        assert_true(
            mud_str_eqz(image.codes[0].text, "https://t.me/made_up_shop"));
        assert_in_range(image.codes[0].box.x, 100, 400);
        assert_in_range(image.codes[0].box.w, 50, 600);
        assert_says(&image, "https://t.me/made_up_shop");
    }
#else
    skip();
#endif
}

static void test_reader__takes_four_formats(void **state)
{
    (void)state;
#ifdef MUDTEST_PICTURES
    static const int formats[] = {IFF_PNG, IFF_JFIF_JPEG, IFF_GIF, IFF_WEBP};
    PIX *pix = pictures_code("QQ:9123456780", 6);
    PIX *grey = pixConvertTo8(pix, 1);
    for (int i = 0; i < 4; i++) {
        struct mud_str bytes = pictures_bytes(
            formats[i] == IFF_GIF ? grey : pix, formats[i], arena);
        struct mud_image image = image_of(bytes);
        assert_int_equal(image.format, (enum mud_image_format)(i + 1));
        assert_int_equal(image.width, pixGetWidth(pix));
        assert_int_equal(image.n_codes, 1);
    }
    pixDestroy(&pix);
    pixDestroy(&grey);
#else
    skip();
#endif
}

/* ---- hostile ---- */

/* What the header says, with nothing to speak of behind it. */
static struct mud_str png_of(uint32_t w, uint32_t h)
{
    struct mud_buf out = {0};
    mud_buf_put(&out, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
    for (int i = 24; i >= 0; i -= 8)
        mud_buf_c(&out, (char)(w >> i));
    for (int i = 24; i >= 0; i -= 8)
        mud_buf_c(&out, (char)(h >> i));
    mud_buf_put(&out, "\1\0\0\0\0crc.\0\0\0\0IDAT....\0\0\0\0IEND....", 33);
    struct mud_str copy = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return copy;
}

static void test_reader__does_not_open_what_is_too_large(void **state)
{
    static const uint32_t sizes[][2] = {
        {60000, 60000}, {30000, 10}, {10, 30000}, {19000, 19000}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct mud_image image = image_of(png_of(sizes[i][0], sizes[i][1]));
        assert_false(image.opened);
        assert_true(noted(&image, "image-too-large"));
        assert_int_equal(image.width, sizes[i][0]);
    }
    struct mud_image image = image_of(png_of(0, 7));
    assert_true(noted(&image, "image-broken"));
}

static void test_reader__takes_the_first_of_many_frames(void **state)
{
    (void)state;
    if (!mud_image_decoder())
        skip();
    static const char frame[] = "\x2c\0\0\0\0\4\0\3\0\0\2\2\x84Q\0";
    struct mud_buf gif = {0};
    mud_buf_put(&gif, "GIF89a\4\0\3\0\x80\0\0\0\0\0\xff\xff\xff", 19);
    for (int i = 0; i < 100000; i++)
        mud_buf_put(&gif, frame, sizeof(frame) - 1);
    mud_buf_c(&gif, '\x3b');
    struct rusage before, after;
    (void)getrusage(RUSAGE_CHILDREN, &before);
    struct mud_image image = image_of(mud_buf_view(&gif));
    mud_image_reader_free(reader); /* its time counts once it is gone */
    reader = mud_image_reader_new();
    (void)getrusage(RUSAGE_CHILDREN, &after);
    mud_buf_free(&gif);
    assert_int_equal(image.width, 4);
    assert_true(after.ru_utime.tv_sec - before.ru_utime.tv_sec < 5);
}

static void test_reader__broken_images_give_notes(void **state)
{
    (void)state;
    if (!mud_image_decoder())
        skip();
    struct mud_str whole = mudtest_read(
        mudtest_text("%s/samples/image/list-en.png", mudtest_source()));
    for (size_t n = 0; n < whole.n; n += whole.n / 7) {
        struct mud_image image = image_of(mud_str_sub(whole, 0, n));
        assert_true(image.opened || noted(&image, "image-broken"));
    }
    struct mud_image image =
        image_of(MUD_STR("\xff\xd8\xff\xc0\0\x0b\x08\0\x20\0\x10\1...."));
    assert_true(noted(&image, "image-broken"));
    image = image_of(MUD_STR("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    assert_true(noted(&image, "image-broken"));
    assert_int_equal(image.format, MUD_IMAGE_UNKNOWN);
}

/* The only child of this process. */
static pid_t worker(void)
{
    char path[64], line[64] = "";
    (void)snprintf(path,
                   sizeof(path),
                   "/proc/%d/task/%d/children",
                   (int)getpid(),
                   (int)getpid());
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(line, sizeof(line), f))
        line[0] = '\0';
    (void)fclose(f);
    return (pid_t)strtol(line, NULL, 10);
}

static void test_reader__a_killed_worker_costs_one_image(void **state)
{
    (void)state;
    struct mud_image image = sample("list-en.png");
    pid_t pid = worker();
    if (!pid || !mud_image_decoder())
        skip();
    assert_true(image.opened);
    /* It is stopped: the image waits in vain, and is given up. */
    assert_int_equal(kill(pid, SIGSTOP), 0);
    mud_image_reader_patience(reader, 50, 100);
    image = sample("list-zh.png");
    assert_false(image.opened);
    assert_true(noted(&image, "image-worker-killed"));
    assert_true(image.width > 0);
    /* The next one gets a new worker, also when the old one died between. */
    mud_image_reader_patience(reader, 60000, 90000);
    image = sample("list-zh.png");
    assert_true(image.opened);
    pid = worker();
    siginfo_t gone;
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)pid, &gone, WEXITED | WNOWAIT), 0);
    image = sample("list-zh.png");
    assert_true(image.opened);
}

static void test_reader__late_text_leaves_the_rest(void **state)
{
    (void)state;
    if (!mud_image_text_reader())
        skip();
    (void)sample("list-en.png"); /* the worker is warm */
    mud_image_reader_patience(reader, 60000, 0);
    struct mud_image image = sample("list-zh.png");
    assert_true(image.opened && image.has_likeness);
    assert_int_equal(image.n_lines, 0);
    assert_true(noted(&image, "image-text-killed"));
}

static void test_reader__the_record_reads_back(void **state)
{
    (void)state;
    struct mud_image image = sample("list-en.png"), again;
    struct mud_buf line = {0}, second = {0};
    struct mud_error err = {0};
    mud_image_record(&line, &image, MUD_STR("list-en.png"));
    assert_ok(mud_image_record_read(&again, mud_buf_view(&line), arena, &err),
              &err);
    mud_image_record(&second, &again, MUD_STR("list-en.png"));
    assert_true(mud_str_eq(mud_buf_view(&line), mud_buf_view(&second)));
    mud_buf_free(&line);
    mud_buf_free(&second);
}

static void test_reader__an_odd_record_is_refused(void **state)
{
#define ODD(qr, ocr)                                                        \
    "{\"sha256\":"                                                          \
    "\"00000000000000000000000000000000000000000000000000000000000000aa\"," \
    "\"width\":1,\"height\":1,\"qr\":[" qr "],\"ocr\":[" ocr "]}"
    static const char *const odd[] = {
        "{}",
        "[]",
        ODD("{\"text\":\"a\",\"box\":[0,0,-1,0]}", ""),
        ODD("{\"text\":\"a\",\"box\":[0,0,70000,0]}", ""),
        ODD("{\"text\":\"a\"}", ""),
        ODD("",
            "{\"text\":\"ab\",\"box\":[0,0,1,1],\"words\":[{\"start\":0,"
            "\"end\":3,\"box\":[0,0,1,1]}]}"),
        ODD("",
            "{\"text\":\"ab\",\"box\":[0,0,1,1],\"words\":[{\"start\":2,"
            "\"end\":1,\"box\":[0,0,1,1]}]}"),
    };
    struct mud_image out;
    struct mud_error err = {0};
    (void)state;
    assert_ok(mud_image_record_read(&out, MUD_STR(ODD("", "")), arena, &err),
              &err);
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_fails(
            mud_image_record_read(&out, mud_str_z(odd[i]), arena, &err),
            &err,
            MUD_EINPUT,
            "odd");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reader__reads_printed_lists),
        TEST(test_reader__knows_where_each_word_stands),
        TEST(test_reader__finds_codes_in_photos),
        TEST(test_reader__takes_four_formats),
        TEST(test_reader__does_not_open_what_is_too_large),
        TEST(test_reader__takes_the_first_of_many_frames),
        TEST(test_reader__broken_images_give_notes),
        TEST(test_reader__a_killed_worker_costs_one_image),
        TEST(test_reader__late_text_leaves_the_rest),
        TEST(test_reader__the_record_reads_back),
        TEST(test_reader__an_odd_record_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
