/* An image as all readers here take it: brightness, a byte a pixel. Inside
 * image/ only. */
#ifndef MUD_IMAGE_GREY_H
#define MUD_IMAGE_GREY_H

#include "image/head.h"

struct mud_grey {
    uint32_t w, h;
    uint8_t *at;  /* w * h, rows from the top, malloc'd */
    double scale; /* of its pixels: 2 when it is half as wide as the image */
};

void mud_grey_free(struct mud_grey *grey);
/* Averages of areas; w and h at least 1. The caller frees it. */
struct mud_grey mud_grey_scaled(const struct mud_grey *from, uint32_t w,
                                uint32_t h);
/* Twice as wide and high, with means between its pixels. */
struct mud_grey mud_grey_doubled(const struct mud_grey *from);

/*
 * decode.c: the picture on white, its first frame, at most MUD_GREY_PIXELS of
 * it. NULL, or why it could not be decoded.
 */
#define MUD_GREY_PIXELS 12000000.0
MUD_MUST const char *mud_grey_decode(struct mud_grey *out,
                                     const struct mud_image_head *head,
                                     struct mud_str bytes);

/* likeness.c: false when there is too little in it to tell it from others. */
bool mud_likeness_of(uint8_t out[MUD_LIKENESS], const struct mud_grey *grey);

/* code.c: the QR codes in it, lines in the arena. */
size_t mud_codes_find(const struct mud_image_line **out,
                      const struct mud_grey *grey, struct mud_arena *arena);

/* print.c: printed text. Prepared before the worker is locked. */
struct mud_print;
/* NULL, with *why, where there is no recogniser or no language for it. */
struct mud_print *mud_print_new(const char **why);
void mud_print_free(struct mud_print *print);
/* Lines in the arena; *cut when time or room ended before the text did. */
size_t mud_print_read(const struct mud_image_line **out, bool *cut,
                      struct mud_print *print, const struct mud_grey *grey,
                      struct mud_arena *arena);

#endif
