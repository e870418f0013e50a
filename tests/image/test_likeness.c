#include "tests/image/pictures.h"

#include "image/look.h"

#ifdef MUDTEST_PICTURES
static struct mud_arena *arena;

/* Letters of an advert over a photo, or on white. */
static PIX *advert(bool photo)
{
    PIX *pix = photo ? pictures_photo(700, 560) : pixCreate(700, 560, 32);
    if (!photo)
        (void)pixSetAll(pix);
    for (int line = 0; line < 8; line++) {
        int n = 4 + (int)pictures_random(16);
        for (int i = 0; i < n; i++)
            for (int part = 0; part < 3; part++)
                (void)pixRasterop(pix,
                                  40 + i * 32 + (int)pictures_random(14),
                                  40 + line * 60 + (int)pictures_random(20),
                                  pictures_random(2) ? 24 : 4,
                                  pictures_random(2) ? 24 : 4,
                                  PIX_CLR,
                                  NULL,
                                  0,
                                  0);
    }
    return pix;
}

static bool likeness(uint8_t out[MUD_LIKENESS], PIX *pix, int format)
{
    struct mud_image image;
    struct mud_grey grey;
    mud_image_look(&image, &grey, pictures_bytes(pix, format, arena), arena);
    mud_grey_free(&grey);
    memcpy(out, image.likeness, MUD_LIKENESS);
    return image.has_likeness;
}

static PIX *cut(PIX *pix, int x, int y, int w, int h)
{
    BOX *box = boxCreate(x, y, w, h);
    PIX *out = pixClipRectangle(pix, box, NULL);
    boxDestroy(&box);
    return out;
}

static PIX *marked(PIX *pix)
{
    PIX *out = pixCopy(NULL, pix);
    for (int i = 0; i < 12; i++)
        (void)pixRasterop(
            out, 90 + i * 40, 150 + i * 16, 30, 5, PIX_CLR, NULL, 0, 0);
    return out;
}

/* What others do to a picture before they post it again. */
static PIX *reused(PIX *pix, int how)
{
    switch (how) {
    case 0:
        return pixScale(pix, 0.5F, 0.5F);
    case 1:
        return pixScale(pix, 0.3F, 0.3F);
    case 2:
        return cut(pix, 14, 11, 672, 538); /* 2 % off each side */
    case 3:
        return marked(pix);
    case 4:
        return pixAddBorder(pix, 60, 0xffffff00);
    case 5:
        return pixGammaTRC(NULL, pix, 1.5F, 0, 255);
    default:
        return pixClone(pix);
    }
}
#endif

static void test_likeness__the_same_picture_is_found_again(void **state)
{
    (void)state;
#ifdef MUDTEST_PICTURES
    arena = mud_arena_new();
    for (int i = 0; i < 8; i++) {
        uint8_t first[MUD_LIKENESS], second[MUD_LIKENESS];
        PIX *pix = advert(i % 2);
        assert_true(likeness(first, pix, IFF_PNG));
        for (int how = 0; how <= 6; how++) {
            PIX *other = reused(pix, how);
            assert_true(likeness(second, other, IFF_JFIF_JPEG));
            pixDestroy(&other);
            unsigned apart = mud_likeness_distance(first, second);
            if (apart > MUD_LIKE)
                fail_msg("advert %d, change %d: %u", i, how, apart);
        }
        pixDestroy(&pix);
    }
    mud_arena_free(arena);
#else
    skip();
#endif
}

static void test_likeness__others_are_apart(void **state)
{
    (void)state;
#ifdef MUDTEST_PICTURES
    enum {
        N = 30
    };

    static uint8_t prints[N][MUD_LIKENESS];
    arena = mud_arena_new();
    for (int i = 0; i < N; i++) {
        PIX *pix = advert(i % 2);
        assert_true(likeness(prints[i], pix, IFF_PNG));
        pixDestroy(&pix);
        for (int k = 0; k < i; k++)
            if (mud_likeness_distance(prints[i], prints[k]) <= MUD_LIKE)
                fail_msg("%d and %d are not the same", i, k);
    }
    mud_arena_free(arena);
#else
    skip();
#endif
}

static void test_likeness__empty_pictures_have_none(void **state)
{
    (void)state;
#ifdef MUDTEST_PICTURES
    uint8_t print[MUD_LIKENESS];
    arena = mud_arena_new();
    PIX *pix = pixCreate(300, 300, 32);
    assert_false(likeness(print, pix, IFF_PNG));
    (void)pixSetAll(pix);
    assert_false(likeness(print, pix, IFF_JFIF_JPEG));
    pixDestroy(&pix);
    pix = pixCreate(1, 1, 32);
    assert_false(likeness(print, pix, IFF_PNG));
    pixDestroy(&pix);
    mud_arena_free(arena);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_likeness__the_same_picture_is_found_again),
        cmocka_unit_test(test_likeness__others_are_apart),
        cmocka_unit_test(test_likeness__empty_pictures_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
