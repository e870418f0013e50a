/*
 * Pictures that tests make: with leptonica and libqrencode, where the program
 * was built with them (MUDTEST_PICTURES); without, what needs them is skipped.
 */
#ifndef MUD_TESTS_IMAGE_PICTURES_H
#define MUD_TESTS_IMAGE_PICTURES_H

#include "tests/support/mudtest.h"

#include "image/image.h"

#ifdef MUDTEST_PICTURES
#    include <leptonica/allheaders.h>
#    include <qrencode.h>
#    include <stdlib.h>

/* The same numbers on every machine. */
static inline unsigned pictures_random(unsigned below)
{
    static uint64_t state = 88172645463325252ULL;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 32) % below;
}

/* Something like a photo: coarse colours, smoothed, with grain. */
static inline PIX *pictures_photo(int w, int h)
{
    PIX *coarse = pixCreate(7, 5, 32);
    for (int y = 0; y < 5; y++)
        for (int x = 0; x < 7; x++)
            (void)pixSetRGBPixel(coarse,
                                 x,
                                 y,
                                 (int)pictures_random(256),
                                 (int)pictures_random(256),
                                 (int)pictures_random(256));
    PIX *smooth = pixScaleToSize(coarse, w, h);
    PIX *out = pixAddGaussianNoise(smooth, 4.0F);
    pixDestroy(&coarse);
    pixDestroy(&smooth);
    return out;
}

/* A code of `size` pixels a module with its quiet zone. */
static inline PIX *pictures_code(const char *text, int size)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_H, QR_MODE_8, 1);
    assert_non_null(code);
    int n = code->width;
    PIX *out = pixCreate((n + 8) * size, (n + 8) * size, 32);
    (void)pixSetAll(out);
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++)
            if (code->data[y * n + x] & 1)
                (void)pixRasterop(out,
                                  (x + 4) * size,
                                  (y + 4) * size,
                                  size,
                                  size,
                                  PIX_CLR,
                                  NULL,
                                  0,
                                  0);
    QRcode_free(code);
    return out;
}

static inline struct mud_str pictures_bytes(PIX *pix, int format,
                                            struct mud_arena *arena)
{
    l_uint8 *data = NULL;
    size_t n = 0;
    if (format == IFF_JFIF_JPEG)
        assert_int_equal(pixWriteMemJpeg(&data, &n, pix, 60, 0), 0);
    else
        assert_int_equal(pixWriteMem(&data, &n, pix, format), 0);
    struct mud_str out = mud_str_dup(mud_str_of((const char *)data, n), arena);
    lept_free(data);
    return out;
}
#endif

#endif
