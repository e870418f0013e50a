/*
 * What an image says as one text, a line a line, codes first; each character
 * knows where in the picture it stands and how sure it is.
 */
#ifndef MUD_IMAGE_TEXT_H
#define MUD_IMAGE_TEXT_H

#include "image/image.h"

struct mud_image_place {
    struct mud_span at; /* bytes of the text */
    struct mud_box box;
    uint16_t sure; /* 0..1000 */
    bool code;     /* of a QR code, else print */
};

struct mud_image_text { /* in the arena */
    struct mud_str text;
    const struct mud_image_place *places; /* by position, apart */
    size_t n;
};

void mud_image_text(struct mud_image_text *out, const struct mud_image *image,
                    struct mud_arena *arena);

#endif
