/*
 * How well the likeness of pictures tells the same from others, on made-up
 * adverts and what people do to them before they post them again; beside it a
 * print of gradients. And what an image costs: decoding, likeness and codes.
 *   bench_image [PICTURES]
 */
#include "bench/measure.h"
#include "image/look.h"

#include <leptonica/allheaders.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LIKENESS,
    GRADIENTS,
    METHODS
};

enum {
    PICTURES_MAX = 400,
    CHANGES = 13
};

static const char *const changes[CHANGES] = {"JPEG, quality 60",
                                             "JPEG, quality 25",
                                             "half the size",
                                             "a quarter",
                                             "2 % cut off each side",
                                             "5 % cut off each side",
                                             "10 % cut off each side",
                                             "10 % cut off below",
                                             "watermark",
                                             "logo in a corner",
                                             "banner over 8 %",
                                             "white border",
                                             "darker"};

struct prints {
    uint8_t like[MUD_LIKENESS], gradients[32];
    bool has;
};

static uint64_t state = 88172645463325252ULL;

static int any(int from, int to)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return from + (int)((state >> 32) % (uint64_t)(to - from + 1));
}

static l_uint32 colour(void)
{
    l_uint32 out;
    (void)composeRGBPixel(any(0, 255), any(0, 255), any(0, 255), &out);
    return out;
}

static void fill(PIX *pix, int x, int y, int w, int h, l_uint32 with)
{
    BOX *box = boxCreate(x, y, w, h);
    (void)pixSetInRectArbitrary(pix, box, with);
    boxDestroy(&box);
}

/* Lines of strokes, as print looks from afar. */
static void print(PIX *pix, int x, int y, int size, int lines, l_uint32 with)
{
    int room = (pixGetWidth(pix) - x - 20) / size;
    for (int line = 0; line < lines; line++)
        for (int i = 0, n = any(room / 3, room); i < n; i++)
            for (int stroke = 0; stroke < 4; stroke++) {
                bool flat = any(0, 1);
                fill(pix,
                     x + i * size + (flat ? 0 : any(0, size - 4)),
                     y + line * size * 3 / 2 + (flat ? any(0, size - 4) : 0),
                     flat ? size - 3 : size / 10 + 1,
                     flat ? size / 10 + 1 : size - 3,
                     with);
            }
}

static void photo(PIX *pix)
{
    int w = any(3, 9), h = any(3, 9);
    PIX *coarse = pixCreate(w, h, 32);
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            (void)pixSetPixel(coarse, x, y, colour());
    PIX *smooth = pixScaleToSize(coarse, pixGetWidth(pix), pixGetHeight(pix));
    (void)pixRasterop(
        pix, 0, 0, pixGetWidth(pix), pixGetHeight(pix), PIX_SRC, smooth, 0, 0);
    pixDestroy(&coarse);
    pixDestroy(&smooth);
}

/* A photo, print over a photo, a list, bubbles of a chat, a poster. */
static PIX *picture(int kind)
{
    PIX *pix = pixCreate(any(480, 900), any(480, 900), 32);
    int h = pixGetHeight(pix), w = pixGetWidth(pix), size = any(18, 40);
    (void)pixSetAll(pix);
    if (kind <= 1)
        photo(pix);
    if (kind == 1)
        print(pix, 40, 60, size, any(5, 8), 0);
    if (kind == 2)
        print(pix, any(10, 40), any(10, 40), size, h * 2 / 3 / size - 1, 0);
    for (int y = 20; kind == 3 && y < h - 120; y += any(60, 130)) {
        bool own = any(0, 1);
        int wide = any(w / 4, w * 2 / 3), x = own ? w - wide - 60 : 60;
        fill(pix, x, y, wide, 50, own ? 0x95ec6900 : 0xd0d0d000);
        fill(pix, own ? w - 50 : 10, y, 40, 40, colour());
        print(pix, x + 8, y + 12, 18, 1, 0);
    }
    for (int i = 0; kind == 4 && i < 7; i++)
        fill(pix,
             any(0, w - 60),
             any(0, h - 60),
             any(30, w / 2),
             any(30, h / 2),
             colour());
    if (kind == 4)
        print(pix, any(10, 60), any(10, 60), size, any(3, 6), colour());
    return pix;
}

static PIX *cut(PIX *pix, double side, double below)
{
    int w = pixGetWidth(pix), h = pixGetHeight(pix);
    BOX *box = boxCreate((int)(w * side),
                         (int)(h * side),
                         (int)(w * (1 - 2 * side)),
                         (int)(h * (1 - 2 * side - below)));
    PIX *out = pixClipRectangle(pix, box, NULL);
    boxDestroy(&box);
    return out;
}

static PIX *drawn(PIX *pix, int how)
{
    PIX *out = pixCopy(NULL, pix);
    int w = pixGetWidth(out), h = pixGetHeight(out);
    if (how == 8)
        for (int i = 0; i < 14; i++)
            fill(out,
                 w / 8 + i * w / 22,
                 h / 4 + i * h / 40,
                 w / 30,
                 6,
                 0x80808000);
    if (how == 9) {
        fill(out, w - w / 6 - 10, h - w / 6 - 10, w / 6, w / 6, 0xff202000);
        print(out, w - w / 6, h - w / 6, w / 24, 2, 0xffffff00);
    }
    if (how == 10) {
        fill(out, 0, h - h / 12, w, h / 12, 0x10101000);
        print(out, 10, h - h / 14, h / 18, 1, 0xffffff00);
    }
    return out;
}

static PIX *changed(PIX *pix, int how)
{
    switch (how) {
    case 2:
        return pixScale(pix, 0.5F, 0.5F);
    case 3:
        return pixScale(pix, 0.25F, 0.25F);
    case 4:
        return cut(pix, 0.02, 0);
    case 5:
        return cut(pix, 0.05, 0);
    case 6:
        return cut(pix, 0.10, 0);
    case 7:
        return cut(pix, 0, 0.10);
    case 11:
        return pixAddBorder(pix, pixGetWidth(pix) / 12, 0xffffff00);
    case 12:
        return pixGammaTRC(NULL, pix, 1.6F, 0, 255);
    default:
        return drawn(pix, how);
    }
}

static void gradients(uint8_t out[32], const struct mud_grey *grey)
{
    struct mud_grey g = mud_grey_scaled(grey, 17, 16);
    memset(out, 0, 32);
    for (unsigned y = 0; y < 16; y++)
        for (unsigned x = 0; x < 16; x++)
            if (g.at[y * 17 + x] < g.at[y * 17 + x + 1])
                out[y * 2 + x / 8] |= (uint8_t)(1U << x % 8);
    mud_grey_free(&g);
}

static int64_t spent; /* us of CPU in mud_image_look */

static void prints_of(struct prints *out, PIX *pix, int quality,
                      struct mud_arena *arena)
{
    struct mud_image image;
    struct mud_grey grey;
    l_uint8 *data = NULL;
    size_t n = 0;
    if (pixWriteMemJpeg(&data, &n, pix, quality, 0))
        mud_bench_die("write a JPEG", NULL);
    int64_t began = mud_cpu_thread();
    mud_image_look(&image, &grey, mud_str_of((const char *)data, n), arena);
    spent += mud_cpu_thread() - began;
    memcpy(out->like, image.likeness, MUD_LIKENESS);
    out->has = image.has_likeness;
    gradients(out->gradients, &grey);
    mud_grey_free(&grey);
    lept_free(data);
    mud_arena_reset(arena);
}

static unsigned apart(const struct prints *a, const struct prints *b, int how)
{
    unsigned n = 0;
    if (how == LIKENESS)
        return mud_likeness_distance(a->like, b->like);
    for (int i = 0; i < 32; i++)
        n += (unsigned)__builtin_popcount(
            (unsigned)(a->gradients[i] ^ b->gradients[i]));
    return n;
}

static void measure(PIX *const *pix, const struct prints *prints, int n,
                    struct mud_arena *arena)
{
    unsigned least[METHODS] = {256, 256}, at_once = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) {
            for (int m = 0; m < METHODS; m++) {
                unsigned d = apart(&prints[i], &prints[k], m);
                least[m] = d < least[m] ? d : least[m];
            }
            at_once += apart(&prints[i], &prints[k], LIKENESS) <= MUD_LIKE;
        }
    printf("%d pictures; strangers differ by at least %u (likeness), %u "
           "(gradients) of 256 bits; %u pairs within %u\n",
           n,
           least[LIKENESS],
           least[GRADIENTS],
           at_once,
           MUD_LIKE);
    printf("%-24s %10s %10s %10s\n",
           "change",
           "likeness",
           "gradients",
           "as shipped");
    for (int how = 0; how < CHANGES; how++) {
        int found[METHODS + 1] = {0};
        for (int i = 0; i < n; i++) {
            struct prints other;
            PIX *next = changed(pix[i], how);
            prints_of(&other, next, how == 1 ? 25 : 60, arena);
            pixDestroy(&next);
            for (int m = 0; m < METHODS; m++)
                found[m] += apart(&prints[i], &other, m) < least[m];
            found[METHODS] += apart(&prints[i], &other, LIKENESS) <= MUD_LIKE;
        }
        printf("%-24s %8.0f %% %8.0f %% %8.0f %%\n",
               changes[how],
               100.0 * found[0] / n,
               100.0 * found[1] / n,
               100.0 * found[2] / n);
    }
}

int main(int argc, char **argv)
{
    static PIX *pix[PICTURES_MAX];
    static struct prints prints[PICTURES_MAX];
    struct mud_arena *arena = mud_arena_new();
    int n = argc > 1 ? atoi(argv[1]) : 100; /* NOLINT(cert-err34-c) */

    n = n < 2 ? 2 : n > PICTURES_MAX ? PICTURES_MAX : n;
    for (int i = 0; i < n; i++) {
        pix[i] = picture(i % 5);
        prints_of(&prints[i], pix[i], 90, arena);
    }
    measure(pix, prints, n, arena);
    printf("decoding, likeness and codes: %.1f ms of CPU an image\n",
           (double)spent / 1000 / (n * (CHANGES + 1)));
    for (int i = 0; i < n; i++)
        pixDestroy(&pix[i]);
    mud_arena_free(arena);
    return 0;
}
