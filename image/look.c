#include "image/look.h"

#define SMALL_PIXELS 2000000.0

void mud_image_say(struct mud_image *image, const char *code, const char *text,
                   struct mud_arena *arena)
{
    struct mud_image_note *notes =
        mud_arena_array(arena, image->n_notes + 1, sizeof(*notes));
    for (size_t i = 0; i < image->n_notes; i++)
        notes[i] = image->notes[i];
    notes[image->n_notes++] =
        (struct mud_image_note){code, mud_str_dup(mud_str_z(text), arena)};
    image->notes = notes;
}

struct mud_id mud_image_id(const uint8_t sha256[MUD_SHA256])
{
    char hex[MUD_HEX256];
    return mud_id_of("image", mud_str_z(mud_hex(hex, sha256, MUD_SHA256)));
}

bool mud_image_fills(const struct mud_image *image, const struct mud_box *box)
{
    return (uint64_t)box->w * box->h * 4 >=
           (uint64_t)image->width * image->height;
}

static bool too_large(const struct mud_image_head *head, struct mud_str bytes)
{
    return bytes.n > MUD_IMAGE_BYTES || head->width > MUD_IMAGE_SIDE ||
           head->height > MUD_IMAGE_SIDE ||
           (uint64_t)head->width * head->height > MUD_IMAGE_PIXELS;
}

void mud_image_look(struct mud_image *out, struct mud_grey *grey,
                    struct mud_str bytes, struct mud_arena *arena)
{
    struct mud_image_head head;
    const char *why;

    *out = (struct mud_image){0};
    *grey = (struct mud_grey){0};
    mud_sha256_of(bytes, out->sha256);
    mud_image_head_read(&head, bytes);
    out->format = head.format;
    out->width = head.width;
    out->height = head.height;
    if (head.bad) {
        mud_image_say(out, "image-broken", head.bad, arena);
        return;
    }
    if (too_large(&head, bytes)) {
        mud_image_say(out,
                      "image-too-large",
                      "above 32 MiB, 20,000 pixels a side or 50 million "
                      "pixels: it is not decoded",
                      arena);
        return;
    }
    why = mud_grey_decode(grey, &head, bytes);
    if (why) {
        mud_image_say(out,
                      mud_image_decoder() ? "image-broken" : "image-off",
                      why,
                      arena);
        return;
    }
    out->opened = true;
    out->has_likeness = mud_likeness_of(out->likeness, grey);
    if (mud_image_code_reader())
        out->n_codes = mud_codes_find(&out->codes, grey, arena);
    else
        mud_image_say(out,
                      "image-codes-off",
                      "this program was built without a reader of codes",
                      arena);
}

void mud_image_print(struct mud_image *image, const struct mud_grey *grey,
                     struct mud_print *print, const char *why,
                     struct mud_arena *arena)
{
    bool cut = false;

    if (!image->opened)
        return;
    if (why)
        mud_image_say(image, "image-text-off", why, arena);
    if (!print)
        return;
    /* Small print is read better at twice its size (bench/README.md). */
    if ((double)grey->w * grey->h <= SMALL_PIXELS) {
        struct mud_grey twice = mud_grey_doubled(grey);
        image->n_lines =
            mud_print_read(&image->lines, &cut, print, &twice, arena);
        mud_grey_free(&twice);
    } else {
        image->n_lines =
            mud_print_read(&image->lines, &cut, print, grey, arena);
    }
    if (cut)
        mud_image_say(image,
                      "image-text-cut",
                      "time or room ended before the text did",
                      arena);
}
