#include "image/grey.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#ifdef MUD_WITH_ZBAR
#    include <zbar.h>

#    define SIDE_MAX  2000.0 /* pixels; larger codes are found scaled down */
#    define PASSES    3U
#    define HALF_ROOT 0.70710678118654752 /* of two */

const char *mud_image_code_reader(void)
{
    static char name[32];
    unsigned major = 0, minor = 0, patch = 0;
    if (!name[0] && zbar_version(&major, &minor, &patch) == 0)
        (void)snprintf(
            name, sizeof(name), "zbar %u.%u.%u", major, minor, patch);
    return name;
}

struct view { /* what is scanned */
    struct mud_grey grey;
    bool turned; /* by 45 degrees, around this of what it was made of: */
    double middle_x, middle_y;
};

struct found {
    struct mud_image_line *codes;
    size_t n;
    double width, height; /* pixels of the image */
    struct mud_arena *arena;
};

static bool known(const struct found *found, struct mud_str text)
{
    for (size_t i = 0; i < found->n; i++)
        if (mud_str_eq(found->codes[i].text, text))
            return true;
    return false;
}

/* A point of what was scanned as one of the image. */
static void back(double *x, double *y, const struct view *view)
{
    if (view->turned) {
        double dx = *x - view->grey.w / 2.0, dy = *y - view->grey.h / 2.0;
        *x = (dx + dy) * HALF_ROOT + view->middle_x;
        *y = (dy - dx) * HALF_ROOT + view->middle_y;
    }
    *x *= view->grey.scale;
    *y *= view->grey.scale;
}

static double within(double at, double end)
{
    return at < 0 ? 0 : at > end ? end : at;
}

static struct mud_box box_of(const zbar_symbol_t *symbol,
                             const struct view *view, const struct found *found)
{
    unsigned n = zbar_symbol_get_loc_size(symbol);
    double x0 = 1e9, y0 = 1e9, x1 = 0, y1 = 0;
    for (unsigned i = 0; i < n; i++) {
        double x = zbar_symbol_get_loc_x(symbol, i);
        double y = zbar_symbol_get_loc_y(symbol, i);
        back(&x, &y, view);
        x0 = x < x0 ? x : x0;
        y0 = y < y0 ? y : y0;
        x1 = x > x1 ? x : x1;
        y1 = y > y1 ? y : y1;
    }
    if (n == 0)
        return (struct mud_box){0};
    x0 = within(x0, found->width);
    y0 = within(y0, found->height);
    x1 = within(x1, found->width);
    y1 = within(y1, found->height);
    return (struct mud_box){
        (uint32_t)x0, (uint32_t)y0, (uint32_t)(x1 - x0), (uint32_t)(y1 - y0)};
}

static void take(struct found *found, const zbar_symbol_t *symbol,
                 const struct view *view)
{
    struct mud_str text = mud_str_of(zbar_symbol_get_data(symbol),
                                     zbar_symbol_get_data_length(symbol));
    struct mud_image_line *to = &found->codes[found->n];
    text = mud_utf8_clean(
        mud_str_dup(mud_str_trim(text), found->arena), found->arena, NULL);
    if (!text.n || text.n > 4096 || known(found, text))
        return;
    to->text = text;
    to->box = box_of(symbol, view, found);
    to->sure = 1000; /* Reed-Solomon: it is right or it is not there */
    found->n++;
}

static void scan(struct found *found, zbar_image_scanner_t *scanner,
                 const struct view *view)
{
    const struct mud_grey *grey = &view->grey;
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, grey->w, grey->h);
    zbar_image_set_data(
        image, grey->at, (unsigned long)grey->w * grey->h, NULL);
    if (zbar_scan_image(scanner, image) > 0) {
        const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
        for (; symbol && found->n < MUD_IMAGE_CODES;
             symbol = zbar_symbol_next(symbol))
            if (zbar_symbol_get_type(symbol) == ZBAR_QRCODE)
                take(found, symbol, view);
    }
    zbar_image_destroy(image);
}

/* Once as it is and, when that gives none, once inside out. */
static void scan_both(struct found *found, zbar_image_scanner_t *scanner,
                      struct view *view)
{
    struct mud_grey *grey = &view->grey;

    if (grey->w < 21 || grey->h < 21) /* modules of the smallest code */
        return;
    scan(found, scanner, view);
    if (found->n)
        return;
    for (size_t i = 0; i < (size_t)grey->w * grey->h; i++)
        grey->at[i] = (uint8_t)(255 - grey->at[i]);
    scan(found, scanner, view);
}

/* The same on its corner, on white: the scanner does not see a code that is
 * turned by about 45 degrees. */
static struct view turned(const struct mud_grey *from)
{
    uint32_t side = (uint32_t)((from->w + from->h) * HALF_ROOT) + 1;
    struct view out = {
        .grey = {side, side, mud_malloc((size_t)side * side), from->scale},
        .turned = true,
        .middle_x = from->w / 2.0,
        .middle_y = from->h / 2.0,
    };
    memset(out.grey.at, 255, (size_t)side * side);
    for (uint32_t y = 0; y < side; y++)
        for (uint32_t x = 0; x < side; x++) {
            double dx = x - side / 2.0, dy = y - side / 2.0;
            double fx = (dx + dy) * HALF_ROOT + out.middle_x;
            double fy = (dy - dx) * HALF_ROOT + out.middle_y;
            if (fx >= 0 && fy >= 0 && fx < from->w && fy < from->h)
                out.grey.at[(size_t)y * side + x] =
                    from->at[(size_t)fy * from->w + (size_t)fx];
        }
    return out;
}

static struct mud_grey fitted(const struct mud_grey *grey, double side)
{
    double longest = grey->w > grey->h ? grey->w : grey->h;
    double by = longest > side ? side / longest : 1;
    double w = grey->w * by, h = grey->h * by;
    return mud_grey_scaled(
        grey, w < 1 ? 1 : (uint32_t)w, h < 1 ? 1 : (uint32_t)h);
}

size_t mud_codes_find(const struct mud_image_line **out,
                      const struct mud_grey *grey, struct mud_arena *arena)
{
    struct found found = {.width = grey->w * grey->scale,
                          .height = grey->h * grey->scale,
                          .arena = arena};
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    found.codes = mud_arena_array(arena, MUD_IMAGE_CODES, sizeof(*found.codes));
    *out = found.codes;
    (void)zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    (void)zbar_image_scanner_set_config(
        scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    /* A photo's grain hides a code that half the size shows. */
    double side = SIDE_MAX;
    for (unsigned i = 0; i < PASSES && !found.n; i++, side /= 2) {
        struct view view = {.grey = fitted(grey, side)};
        scan_both(&found, scanner, &view);
        if (i == 1 && !found.n) {
            struct view corner = turned(&view.grey);
            scan_both(&found, scanner, &corner);
            mud_grey_free(&corner.grey);
        }
        mud_grey_free(&view.grey);
    }
    zbar_image_scanner_destroy(scanner);
    return found.n;
}
#else
const char *mud_image_code_reader(void)
{
    return NULL;
}

size_t mud_codes_find(const struct mud_image_line **out,
                      const struct mud_grey *grey, struct mud_arena *arena)
{
    (void)grey;
    (void)arena;
    *out = NULL;
    return 0;
}
#endif
