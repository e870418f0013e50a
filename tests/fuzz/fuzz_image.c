/*
 * Bytes of an image, or its record: nothing crashes or leaks, whatever the
 * header says, boxes are within the picture, and what a record gives is
 * written and read again the same. Large pictures are left to the tests.
 */
#include <stdint.h>
#include <stdlib.h>

#include "image/look.h"
#include "image/record.h"
#include "image/text.h"

#define PIXELS_MAX 250000U /* a few milliseconds to scan */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_record(const struct mud_image *image, struct mud_arena *arena)
{
    struct mud_buf first = {0}, second = {0};
    struct mud_image again;

    mud_image_record(&first, image, MUD_STR("x"));
    check(mud_image_record_read(&again, mud_buf_view(&first), arena, NULL));
    mud_image_record(&second, &again, MUD_STR("x"));
    check(mud_str_eq(mud_buf_view(&first), mud_buf_view(&second)));
    mud_buf_free(&first);
    mud_buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str bytes = mud_str_of((const char *)data, size);
    struct mud_arena *arena = mud_arena_new();
    struct mud_image image = {0};
    struct mud_image_head head;
    struct mud_grey grey = {0};

    if (size && data[0] == '{') {
        if (mud_image_record_read(&image, bytes, arena, NULL))
            check_record(&image, arena);
        mud_arena_free(arena);
        return 0;
    }
    mud_image_head_read(&head, bytes);
    if ((uint64_t)head.width * head.height <= PIXELS_MAX) {
        mud_image_look(&image, &grey, bytes, arena);
        check(!image.opened || (grey.w && grey.h));
        for (size_t i = 0; i < image.n_codes; i++)
            check(image.codes[i].box.x + image.codes[i].box.w <=
                      image.width + 1 &&
                  image.codes[i].box.y + image.codes[i].box.h <=
                      image.height + 1);
        check_record(&image, arena);
        mud_grey_free(&grey);
    }
    mud_arena_free(arena);
    return 0;
}
