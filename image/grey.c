#include "image/grey.h"

#include <stdlib.h>

void mud_grey_free(struct mud_grey *grey)
{
    free(grey->at);
    *grey = (struct mud_grey){0};
}

/* Sums of a row's stretches, so that each source pixel is looked at once. */
static void add_row(uint64_t *sums, const uint8_t *row, uint32_t from,
                    uint32_t to)
{
    for (uint32_t x = 0; x < to; x++) {
        uint64_t a = (uint64_t)x * from / to;
        uint64_t b = (uint64_t)(x + 1) * from / to;
        if (b == a)
            b = a + 1;
        uint64_t sum = 0;
        for (uint64_t i = a; i < b; i++)
            sum += row[i];
        sums[x] += sum * 256 / (b - a);
    }
}

struct mud_grey mud_grey_scaled(const struct mud_grey *from, uint32_t w,
                                uint32_t h)
{
    struct mud_grey out = {w, h, mud_malloc((size_t)w * h), from->scale};
    uint64_t *sums = mud_malloc(w * sizeof(*sums));

    out.scale *= (double)from->w / w;
    for (uint32_t y = 0; y < h; y++) {
        uint64_t a = (uint64_t)y * from->h / h;
        uint64_t b = (uint64_t)(y + 1) * from->h / h;
        if (b == a)
            b = a + 1;
        memset(sums, 0, w * sizeof(*sums));
        for (uint64_t i = a; i < b; i++)
            add_row(sums, from->at + i * from->w, from->w, w);
        for (uint32_t x = 0; x < w; x++)
            out.at[(size_t)y * w + x] = (uint8_t)(sums[x] / (b - a) / 256);
    }
    free(sums);
    return out;
}

struct mud_grey mud_grey_doubled(const struct mud_grey *from)
{
    uint32_t w = from->w * 2, h = from->h * 2;
    struct mud_grey out = {w, h, mud_malloc((size_t)w * h), from->scale / 2};

    for (uint32_t y = 0; y < h; y++) {
        uint32_t top = y / 2, below = top + (y & 1 && top + 1 < from->h);
        const uint8_t *a = from->at + (size_t)top * from->w;
        const uint8_t *b = from->at + (size_t)below * from->w;
        for (uint32_t x = 0; x < w; x++) {
            uint32_t left = x / 2, right = left + (x & 1 && left + 1 < from->w);
            out.at[(size_t)y * w + x] =
                (uint8_t)((a[left] + a[right] + b[left] + b[right]) / 4);
        }
    }
    return out;
}
