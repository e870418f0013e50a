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
