/*
 * The JSON form of an image: what `mudlark parse IMAGE` prints, and what the
 * worker sends back. Confidences are 0..1, boxes [x, y, width, height] in
 * pixels, spans of words half open in bytes of their line.
 */
#ifndef MUD_IMAGE_RECORD_H
#define MUD_IMAGE_RECORD_H

#include "image/image.h"

/* One line with its "\n". file may be empty. */
void mud_image_record(struct mud_buf *out, const struct mud_image *image,
                      struct mud_str file);

/* Back again, everything checked: a worker may have been taken over. */
MUD_MUST bool mud_image_record_read(struct mud_image *out, struct mud_str line,
                                    struct mud_arena *arena,
                                    struct mud_error *err);

#endif
