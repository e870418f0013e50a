/*
 * A picture of a post on its way into the graph: an image that was sealed as a
 * capture of its own and read (image/image.h). What it says is read with the
 * post, as the text of one of its attachments.
 */
#ifndef MUD_GRAPH_PICTURE_H
#define MUD_GRAPH_PICTURE_H

#include "image/image.h"
#include "image/text.h"

#define MUD_PICTURES_MAX 16U /* of one post */

struct mud_picture {
    struct mud_str name;   /* as the post calls it */
    uint16_t place;        /* its index among the post's attachments */
    struct mud_id capture; /* the image */
    const struct mud_image *image;
    struct mud_image_text text;
};

struct mud_pictures {
    const struct mud_picture *at; /* by place */
    size_t n;                     /* at most MUD_PICTURES_MAX */
};

/* One of the two prints of a likeness as the tables hold it: '0' and '1'. */
struct mud_str mud_likeness_bits(char out[4 * MUD_LIKENESS],
                                 const uint8_t print[MUD_LIKENESS / 2]);
/* Digests of the codes that fill the image, as a JSON array. */
void mud_image_codes(struct mud_buf *out, const struct mud_image *image);

/* Below this (0..1000), what print says is in doubt: contacts in it are
 * candidates. So are names of letters and digits with l, I or 1 among letters,
 * which the recogniser takes for each other however sure it is. Of names in
 * made-up lists 99.6 % are right beside these two, 72 % in them
 * (bench/README.md). */
#define MUD_PRINT_SURE 850U

#endif
