#include "image/grey.h"

#include <math.h>
#include <stdlib.h>

/*
 * Signs of the 256 lowest frequencies (a cosine transform of 64 x 64 means)
 * against their median, once of the whole picture and once without its plain
 * border. Measured against gradients, fewer frequencies and libpuzzle in
 * bench/README.md: it keeps most apart what is not the same, and libpuzzle
 * does not know a picture at half its size.
 */
enum {
    MEANS = 64,
    WAVES = 16,
    WORK_SIDE = 512, /* pixels: finer detail has no say */
    PLAIN = 4        /* steps of brightness that are no detail */
};

_Static_assert(WAVES *WAVES / 8 * 2 == MUD_LIKENESS, "two prints");

struct area {
    uint32_t x0, y0, x1, y1;
};

/* A turn in steps of a cosine transform. */
enum {
    TURN = 4 * MEANS
};

static void means_of(double out[MEANS][MEANS], const struct mud_grey *g,
                     const struct area *a)
{
    uint32_t w = a->x1 - a->x0, h = a->y1 - a->y0;
    for (uint32_t y = 0; y < MEANS; y++) {
        uint32_t top = a->y0 + y * h / MEANS;
        uint32_t end = a->y0 + (y + 1) * h / MEANS;
        end = end > top ? end : top + 1;
        for (uint32_t x = 0; x < MEANS; x++) {
            uint32_t left = a->x0 + x * w / MEANS;
            uint32_t right = a->x0 + (x + 1) * w / MEANS;
            right = right > left ? right : left + 1;
            uint64_t sum = 0;
            for (uint32_t j = top; j < end; j++)
                for (uint32_t i = left; i < right; i++)
                    sum += g->at[(size_t)j * g->w + i];
            out[y][x] = (double)sum / ((right - left) * (end - top));
        }
    }
}

/* DCT-II of rows, then of columns; waves 1..WAVES both ways. */
static void waves_of(double out[WAVES * WAVES], double means[MEANS][MEANS])
{
    double rows[MEANS][WAVES], cosine[TURN];
    for (unsigned i = 0; i < TURN; i++)
        cosine[i] = cos(2 * M_PI * i / TURN);
    for (unsigned y = 0; y < MEANS; y++)
        for (unsigned k = 0; k < WAVES; k++) {
            rows[y][k] = 0;
            for (unsigned x = 0; x < MEANS; x++)
                rows[y][k] +=
                    means[y][x] * cosine[(k + 1) * (2 * x + 1) % TURN];
        }
    for (unsigned j = 0; j < WAVES; j++)
        for (unsigned k = 0; k < WAVES; k++) {
            double sum = 0;
            for (unsigned y = 0; y < MEANS; y++)
                sum += rows[y][k] * cosine[(j + 1) * (2 * y + 1) % TURN];
            out[j * WAVES + k] = sum;
        }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_of(uint8_t out[MUD_LIKENESS / 2], const struct mud_grey *g,
                     const struct area *a)
{
    double means[MEANS][MEANS], waves[WAVES * WAVES], sorted[WAVES * WAVES];
    means_of(means, g, a);
    waves_of(waves, means);
    memcpy(sorted, waves, sizeof(sorted));
    qsort(sorted, (size_t)WAVES * WAVES, sizeof(*sorted), by_size);
    memset(out, 0, MUD_LIKENESS / 2);
    for (unsigned i = 0; i < WAVES * WAVES; i++)
        if (waves[i] > sorted[(size_t)WAVES * WAVES / 2])
            out[i / 8] |= (uint8_t)(0x80U >> i % 8);
}

static bool plain_row(const struct mud_grey *g, uint32_t y)
{
    const uint8_t *row = g->at + (size_t)y * g->w;
    for (uint32_t x = 1; x < g->w; x++)
        if (abs(row[x] - row[0]) > PLAIN)
            return false;
    return true;
}

static bool plain_column(const struct mud_grey *g, uint32_t x)
{
    for (uint32_t y = 1; y < g->h; y++)
        if (abs(g->at[(size_t)y * g->w + x] - g->at[x]) > PLAIN)
            return false;
    return true;
}

/* What is inside of plain borders, of which each is at most a third. */
static struct area inside(const struct mud_grey *g)
{
    struct area a = {0, 0, g->w, g->h};
    while (a.y0 < g->h / 3 && plain_row(g, a.y0))
        a.y0++;
    while (a.y1 > g->h - g->h / 3 && plain_row(g, a.y1 - 1))
        a.y1--;
    while (a.x0 < g->w / 3 && plain_column(g, a.x0))
        a.x0++;
    while (a.x1 > g->w - g->w / 3 && plain_column(g, a.x1 - 1))
        a.x1--;
    return a;
}

/* An empty picture is like every other. */
static bool has_detail(const struct mud_grey *g)
{
    size_t n = (size_t)g->w * g->h, far = 0;
    uint64_t sum = 0;
    if (n == 0)
        return false;
    for (size_t i = 0; i < n; i++)
        sum += g->at[i];
    int mean = (int)(sum / n);
    for (size_t i = 0; i < n; i++)
        far += abs(g->at[i] - mean) > 2 * PLAIN;
    return far * 200 >= n;
}

bool mud_likeness_of(uint8_t out[MUD_LIKENESS], const struct mud_grey *grey)
{
    uint32_t side = grey->w > grey->h ? grey->w : grey->h;
    double by = side > WORK_SIDE ? (double)WORK_SIDE / side : 1;
    double w = grey->w * by, h = grey->h * by;
    struct mud_grey g =
        mud_grey_scaled(grey, w < 1 ? 1 : (uint32_t)w, h < 1 ? 1 : (uint32_t)h);
    struct area all = {0, 0, g.w, g.h}, middle = inside(&g);
    bool enough = side >= MEANS / 2 && has_detail(&g);

    memset(out, 0, MUD_LIKENESS);
    if (enough) {
        print_of(out, &g, &all);
        print_of(out + MUD_LIKENESS / 2, &g, &middle);
    }
    mud_grey_free(&g);
    return enough;
}

static unsigned apart(const uint8_t *a, const uint8_t *b)
{
    unsigned n = 0;
    for (unsigned i = 0; i < MUD_LIKENESS / 2; i++)
        n += (unsigned)__builtin_popcount((unsigned)(a[i] ^ b[i]));
    return n;
}

unsigned mud_likeness_distance(const uint8_t a[MUD_LIKENESS],
                               const uint8_t b[MUD_LIKENESS])
{
    unsigned least = WAVES * WAVES;
    for (unsigned i = 0; i < MUD_LIKENESS; i += MUD_LIKENESS / 2)
        for (unsigned j = 0; j < MUD_LIKENESS; j += MUD_LIKENESS / 2) {
            unsigned n = apart(a + i, b + j);
            least = n < least ? n : least;
        }
    return least;
}
