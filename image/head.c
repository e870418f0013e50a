#include "image/head.h"

/* JPEG headers and GIF blocks that are walked before giving up. */
#define STEPS 100000U

const char *mud_image_format_name(enum mud_image_format format)
{
    static const char *const names[] = {NULL, "png", "jpeg", "gif", "webp"};
    return names[format];
}

enum mud_image_format mud_image_format_of(struct mud_str head)
{
    if (mud_str_starts(head, mud_str_of("\x89PNG\r\n\x1a\n", 8)))
        return MUD_IMAGE_PNG;
    if (mud_str_starts(head, mud_str_of("\xff\xd8\xff", 3)))
        return MUD_IMAGE_JPEG;
    if (mud_str_starts(head, MUD_STR("GIF87a")) ||
        mud_str_starts(head, MUD_STR("GIF89a")))
        return MUD_IMAGE_GIF;
    if (mud_str_starts(head, MUD_STR("RIFF")) && head.n >= 12 &&
        memcmp(head.s + 8, "WEBP", 4) == 0)
        return MUD_IMAGE_WEBP;
    return MUD_IMAGE_UNKNOWN;
}

static uint32_t byte(struct mud_str s, size_t i)
{
    return i < s.n ? (uint8_t)s.s[i] : 0;
}

static uint32_t big16(struct mud_str s, size_t i)
{
    return byte(s, i) << 8 | byte(s, i + 1);
}

static uint32_t little16(struct mud_str s, size_t i)
{
    return byte(s, i) | byte(s, i + 1) << 8;
}

static uint32_t little24(struct mud_str s, size_t i)
{
    return little16(s, i) | byte(s, i + 2) << 16;
}

static void png(struct mud_image_head *out, struct mud_str s)
{
    if (s.n < 33 || memcmp(s.s + 12, "IHDR", 4) != 0) {
        out->bad = "the header of a PNG is missing";
        return;
    }
    out->width = big16(s, 16) << 16 | big16(s, 18);
    out->height = big16(s, 20) << 16 | big16(s, 22);
}

/* Segments up to the frame header; FF may be repeated before a marker. */
static void jpeg(struct mud_image_head *out, struct mud_str s)
{
    size_t at = 2;
    for (unsigned i = 0; i < STEPS && at + 9 < s.n; i++) {
        uint32_t marker = byte(s, at + 1);
        if (byte(s, at) != 0xFF)
            break;
        if (marker == 0xFF) {
            at++;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) {
            at += 2;
            continue;
        }
        if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 &&
            marker != 0xC8 && marker != 0xCC) {
            out->height = big16(s, at + 5);
            out->width = big16(s, at + 7);
            return;
        }
        if (marker == 0xD9 || marker == 0xDA || big16(s, at + 2) < 2)
            break;
        at += 2 + (size_t)big16(s, at + 2);
    }
    out->bad = "a JPEG without a frame header";
}

/* Past sub-blocks; 0 when they do not end. */
static size_t past_blocks(struct mud_str s, size_t at, unsigned *steps)
{
    while (at < s.n && (*steps)++ < STEPS) {
        uint32_t n = byte(s, at);
        at += 1 + (size_t)n;
        if (n == 0)
            return at <= s.n ? at : 0;
    }
    return 0;
}

static size_t past_colours(size_t at, uint32_t flags)
{
    return flags & 0x80 ? at + ((size_t)3 << ((flags & 7) + 1)) : at;
}

static void gif(struct mud_image_head *out, struct mud_str s)
{
    unsigned steps = 0;
    size_t at = past_colours(13, byte(s, 10));
    out->width = little16(s, 6);
    out->height = little16(s, 8);
    while (at && at < s.n && byte(s, at) == 0x21 && steps++ < STEPS)
        at = past_blocks(s, at + 2, &steps);
    if (!at || at + 10 >= s.n || byte(s, at) != 0x2C) {
        out->bad = "a GIF without a frame";
        return;
    }
    if (little16(s, at + 5) > out->width || little16(s, at + 7) > out->height) {
        out->bad = "a GIF whose frame is larger than itself";
        return;
    }
    out->first =
        past_blocks(s, past_colours(at + 10, byte(s, at + 9)) + 1, &steps);
    if (!out->first)
        out->bad = "the first frame of a GIF does not end";
}

static void webp(struct mud_image_head *out, struct mud_str s)
{
    struct mud_str kind = mud_str_sub(s, 12, 16);
    if (mud_str_eqz(kind, "VP8X")) {
        out->moving = byte(s, 20) & 2;
        out->width = little24(s, 24) + 1;
        out->height = little24(s, 27) + 1;
    } else if (mud_str_eqz(kind, "VP8L") && byte(s, 20) == 0x2F) {
        uint32_t bits = little24(s, 21) | byte(s, 24) << 24;
        out->width = (bits & 0x3FFF) + 1;
        out->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (mud_str_eqz(kind, "VP8 ") && s.n > 30) {
        out->width = little16(s, 26) & 0x3FFF;
        out->height = little16(s, 28) & 0x3FFF;
    } else {
        out->bad = "a WebP without an image";
    }
}

void mud_image_head_read(struct mud_image_head *out, struct mud_str bytes)
{
    *out = (struct mud_image_head){.format = mud_image_format_of(bytes)};
    switch (out->format) {
    case MUD_IMAGE_PNG:
        png(out, bytes);
        break;
    case MUD_IMAGE_JPEG:
        jpeg(out, bytes);
        break;
    case MUD_IMAGE_GIF:
        gif(out, bytes);
        break;
    case MUD_IMAGE_WEBP:
        webp(out, bytes);
        break;
    case MUD_IMAGE_UNKNOWN:
        out->bad = "neither PNG, JPEG, GIF nor WebP";
        break;
    }
    if (!out->bad && (!out->width || !out->height))
        out->bad = "an image without a size";
}
