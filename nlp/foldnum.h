/*
 * Characters that are numbers by their look: in circles, brackets or with a
 * full stop (which also mark the items of a list), circles that may be a zero,
 * and pictures of dice, tiles, cards and clock faces. By the charts of Unicode
 * 15. Inside of folding, and of the tool that makes its table.
 */
#ifndef MUD_NLP_FOLDNUM_H
#define MUD_NLP_FOLDNUM_H

#include <stddef.h>
#include <stdint.h>

enum mud_fold_face {
    MUD_FACE_NONE = 0,
    MUD_FACE_ENCLOSED, /* circled and the like: a digit, or marks an item */
    MUD_FACE_ZERO,     /* a circle: zero between digits */
    MUD_FACE_DICE,     /* pictures: digits when there are many in a row */
    MUD_FACE_TILE,
    MUD_FACE_CARD,
    MUD_FACE_CLOCK
};

struct mud_fold_face_range {
    uint32_t first, last;
    uint8_t kind, value; /* enum mud_fold_face; number of the first */
};

/* What c shows; *value is its number. */
static inline enum mud_fold_face mud_fold_face(uint32_t c, unsigned *value)
{
    static const struct mud_fold_face_range ranges[] = {
        {0x2460, 0x2473, MUD_FACE_ENCLOSED, 1},  /* circled */
        {0x2474, 0x2487, MUD_FACE_ENCLOSED, 1},  /* in brackets */
        {0x2488, 0x249b, MUD_FACE_ENCLOSED, 1},  /* with a full stop */
        {0x24ea, 0x24ea, MUD_FACE_ENCLOSED, 0},  /* circled zero */
        {0x24eb, 0x24f4, MUD_FACE_ENCLOSED, 11}, /* negative circled */
        {0x24f5, 0x24fe, MUD_FACE_ENCLOSED, 1},  /* double circled */
        {0x24ff, 0x24ff, MUD_FACE_ENCLOSED, 0},
        {0x25cb, 0x25cb, MUD_FACE_ZERO, 0},
        {0x25ef, 0x25ef, MUD_FACE_ZERO, 0},
        {0x2680, 0x2685, MUD_FACE_DICE, 1},
        {0x2776, 0x277f, MUD_FACE_ENCLOSED, 1}, /* dingbats */
        {0x2780, 0x2789, MUD_FACE_ENCLOSED, 1},
        {0x278a, 0x2793, MUD_FACE_ENCLOSED, 1},
        {0x2b55, 0x2b55, MUD_FACE_ZERO, 0},
        {0x3007, 0x3007, MUD_FACE_ZERO, 0},
        {0x3220, 0x3229, MUD_FACE_ENCLOSED, 1}, /* ideographs in brackets */
        {0x3251, 0x325f, MUD_FACE_ENCLOSED, 21},
        {0x3280, 0x3289, MUD_FACE_ENCLOSED, 1}, /* circled ideographs */
        {0x32b1, 0x32bf, MUD_FACE_ENCLOSED, 36},
        {0x1f007, 0x1f00f, MUD_FACE_TILE, 1},
        {0x1f010, 0x1f018, MUD_FACE_TILE, 1},
        {0x1f019, 0x1f021, MUD_FACE_TILE, 1},
        {0x1f0a1, 0x1f0a9, MUD_FACE_CARD, 1},
        {0x1f0b1, 0x1f0b9, MUD_FACE_CARD, 1},
        {0x1f0c1, 0x1f0c9, MUD_FACE_CARD, 1},
        {0x1f0d1, 0x1f0d9, MUD_FACE_CARD, 1},
        {0x1f100, 0x1f100, MUD_FACE_ENCLOSED, 0},
        {0x1f10b, 0x1f10b, MUD_FACE_ENCLOSED, 0},
        {0x1f10c, 0x1f10c, MUD_FACE_ENCLOSED, 0},
        {0x1f51f, 0x1f51f, MUD_FACE_ENCLOSED, 10}, /* keycap ten */
        {0x1f550, 0x1f558, MUD_FACE_CLOCK, 1},     /* one to nine o'clock */
    };
    size_t low = 0, high = sizeof ranges / sizeof ranges[0];

    *value = 0;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (c > ranges[mid].last) {
            low = mid + 1;
        } else if (c < ranges[mid].first) {
            high = mid;
        } else {
            *value = ranges[mid].value;
            if (ranges[mid].kind != MUD_FACE_ZERO)
                *value += c - ranges[mid].first;
            return (enum mud_fold_face)ranges[mid].kind;
        }
    }
    return MUD_FACE_NONE;
}

#endif
