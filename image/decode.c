#include "image/grey.h"

#include <math.h>
#include <stdlib.h>

#ifdef MUD_WITH_LEPTONICA
#    include <leptonica/allheaders.h>

const char *mud_image_decoder(void)
{
    static char name[32];
    char *version = name[0] ? NULL : getLeptonicaVersion();
    for (size_t i = 0; version && version[i] && i + 1 < sizeof(name); i++)
        name[i] = version[i];
    lept_free(version);
    return name;
}

/* Its first frame alone: a GIF of a hundred thousand is decoded whole. */
static PIX *gif(struct mud_str bytes, size_t first)
{
    uint8_t *copy = mud_malloc(first + 1);
    memcpy(copy, bytes.s, first);
    copy[first] = 0x3B;
    PIX *pix = pixReadMemGif(copy, first + 1);
    free(copy);
    return pix;
}

static PIX *decoded(const struct mud_image_head *head, struct mud_str bytes)
{
    const uint8_t *s = (const uint8_t *)bytes.s;
    double pixels = (double)head->width * head->height;
    l_int32 warnings = 0;
    l_int32 less = pixels > 16 * MUD_GREY_PIXELS  ? 4
                   : pixels > 4 * MUD_GREY_PIXELS ? 2
                                                  : 1;
    switch (head->format) {
    case MUD_IMAGE_PNG:
        return pixReadMemPng(s, bytes.n);
    case MUD_IMAGE_JPEG:
        return pixReadMemJpeg(s, bytes.n, 0, less, &warnings, 0);
    case MUD_IMAGE_GIF:
        return gif(bytes, head->first);
    case MUD_IMAGE_WEBP:
        return pixReadMemWebP(s, bytes.n);
    case MUD_IMAGE_UNKNOWN:
        break;
    }
    return NULL;
}

/* What step makes of *pix in its place. */
static bool swap(PIX **pix, PIX *step)
{
    pixDestroy(pix);
    *pix = step;
    return step != NULL;
}

static bool to_grey(PIX **pix)
{
    double pixels = (double)pixGetWidth(*pix) * pixGetHeight(*pix);
    if (pixGetDepth(*pix) == 32 && pixGetSpp(*pix) == 4 &&
        !swap(pix, pixAlphaBlendUniform(*pix, 0xffffff00)))
        return false;
    if (!swap(pix, pixConvertTo8(*pix, 0)))
        return false;
    if (pixels <= MUD_GREY_PIXELS)
        return true;
    float by = (float)sqrt(MUD_GREY_PIXELS / pixels);
    return swap(pix, pixScaleGeneral(*pix, by, by, 0.0F, 0));
}

const char *mud_grey_decode(struct mud_grey *out,
                            const struct mud_image_head *head,
                            struct mud_str bytes)
{
    *out = (struct mud_grey){0};
    (void)setMsgSeverity(L_SEVERITY_NONE);
    if (head->moving)
        return "frames of a WebP are not decoded";
    PIX *pix = decoded(head, bytes);
    if (!pix || !to_grey(&pix)) {
        pixDestroy(&pix);
        return "the image is broken";
    }
    uint32_t w = (uint32_t)pixGetWidth(pix), h = (uint32_t)pixGetHeight(pix);
    const l_uint32 *data = pixGetData(pix);
    size_t words = (size_t)pixGetWpl(pix);
    out->w = w;
    out->h = h;
    out->scale = (double)head->width / w;
    out->at = mud_malloc((size_t)w * h);
    for (uint32_t y = 0; y < h; y++)
        for (uint32_t x = 0; x < w; x++)
            out->at[(size_t)y * w + x] =
                (uint8_t)GET_DATA_BYTE(data + y * words, x);
    pixDestroy(&pix);
    return NULL;
}
#else
const char *mud_image_decoder(void)
{
    return NULL;
}

const char *mud_grey_decode(struct mud_grey *out,
                            const struct mud_image_head *head,
                            struct mud_str bytes)
{
    (void)head;
    (void)bytes;
    *out = (struct mud_grey){0};
    return "this program was built without an image decoder";
}
#endif
