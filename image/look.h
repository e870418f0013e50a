/*
 * Looking at an image in this process: what the worker does, and what tests
 * and the fuzzer call without one. Inside image/ only.
 */
#ifndef MUD_IMAGE_LOOK_H
#define MUD_IMAGE_LOOK_H

#include "image/grey.h"

/* Digest, header, and, where the header allows it, the decoded picture with
 * its likeness and codes. *grey is empty when it was not decoded; free it. */
void mud_image_look(struct mud_image *out, struct mud_grey *grey,
                    struct mud_str bytes, struct mud_arena *arena);

/* The text printed in it; print NULL, with why, leaves a note. */
void mud_image_print(struct mud_image *image, const struct mud_grey *grey,
                     struct mud_print *print, const char *why,
                     struct mud_arena *arena);

/* One more note; code is a literal. */
void mud_image_say(struct mud_image *image, const char *code, const char *text,
                   struct mud_arena *arena);

#endif
