/*
 * Format and size of an image from its header, before any decoder sees it.
 * PNG: RFC 2083; JPEG: ITU T.81 B.2; GIF: GIF89a; WebP: RFC 9649. Inside
 * image/ only.
 */
#ifndef MUD_IMAGE_HEAD_H
#define MUD_IMAGE_HEAD_H

#include "image/image.h"

struct mud_image_head {
    enum mud_image_format format;
    uint32_t width, height;
    size_t first;    /* GIF: bytes up to the end of the first frame */
    bool moving;     /* WebP with frames, which no decoder here takes */
    const char *bad; /* why it cannot be read, or NULL */
};

void mud_image_head_read(struct mud_image_head *out, struct mud_str bytes);

#endif
