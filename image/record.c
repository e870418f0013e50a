#include "image/record.h"

#include "base/json.h"
#include "base/utf8.h"
#include "image/text.h"

#include <math.h>

static void put_box(struct mud_json *json, const struct mud_box *box)
{
    mud_json_key(json, "box");
    mud_json_array(json);
    mud_json_int(json, box->x);
    mud_json_int(json, box->y);
    mud_json_int(json, box->w);
    mud_json_int(json, box->h);
    mud_json_array_end(json);
}

static void put_lines(struct mud_json *json, const char *key,
                      const struct mud_image_line *lines, size_t n, bool print)
{
    mud_json_key(json, key);
    mud_json_array(json);
    for (size_t i = 0; i < n; i++) {
        mud_json_object(json);
        mud_json_kstr(json, "text", lines[i].text);
        put_box(json, &lines[i].box);
        if (print)
            mud_json_kdouble(json, "confidence", lines[i].sure / 1000.0);
        if (print && lines[i].n_words) {
            mud_json_key(json, "words");
            mud_json_array(json);
            for (size_t k = 0; k < lines[i].n_words; k++) {
                const struct mud_image_word *word = &lines[i].words[k];
                mud_json_object(json);
                mud_json_kint(json, "start", word->at.start);
                mud_json_kint(json, "end", word->at.end);
                put_box(json, &word->box);
                mud_json_kdouble(json, "confidence", word->sure / 1000.0);
                mud_json_object_end(json);
            }
            mud_json_array_end(json);
        }
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static void put_notes(struct mud_json *json, const struct mud_image *image)
{
    mud_json_key(json, "notes");
    mud_json_array(json);
    for (size_t i = 0; i < image->n_notes; i++) {
        mud_json_object(json);
        mud_json_kz(json, "code", image->notes[i].code);
        mud_json_kstr(json, "text", image->notes[i].text);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

void mud_image_record(struct mud_buf *out, const struct mud_image *image,
                      struct mud_str file)
{
    struct mud_json json = {.buf = out};
    struct mud_arena *arena = mud_arena_new();
    struct mud_image_text text;

    mud_image_text(&text, image, arena);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "image");
    mud_json_kint(&json, "schema", 1);
    if (file.n)
        mud_json_kstr(&json, "file", file);
    mud_json_khex(&json, "sha256", image->sha256, MUD_SHA256);
    mud_json_kz(&json, "format", mud_image_format_name(image->format));
    mud_json_kint(&json, "width", image->width);
    mud_json_kint(&json, "height", image->height);
    mud_json_kbool(&json, "opened", image->opened);
    if (image->has_likeness)
        mud_json_khex(&json, "likeness", image->likeness, MUD_LIKENESS);
    else
        mud_json_knull(&json, "likeness");
    mud_json_kstr(&json, "text", text.text);
    put_lines(&json, "qr", image->codes, image->n_codes, false);
    put_lines(&json, "ocr", image->lines, image->n_lines, true);
    put_notes(&json, image);
    mud_json_key(&json, "tools");
    mud_json_object(&json);
    mud_json_kz(&json, "decoder", mud_image_decoder());
    mud_json_kz(&json, "qr", mud_image_code_reader());
    mud_json_kz(&json, "ocr", mud_image_text_reader());
    mud_json_object_end(&json);
    mud_json_object_end(&json);
    mud_buf_c(out, '\n');
    mud_arena_free(arena);
}

static struct mud_str text_of(const json_t *object, const char *key,
                              struct mud_arena *arena)
{
    return mud_utf8_clean(
        mud_str_dup(mud_json_get_str(object, key), arena), arena, NULL);
}

static bool number(uint32_t *out, const json_t *value, uint32_t max)
{
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 0 || n > max)
        return false;
    *out = (uint32_t)n;
    return true;
}

static bool read_box(struct mud_box *out, const json_t *object)
{
    const json_t *box = json_object_get(object, "box");
    return number(&out->x, json_array_get(box, 0), UINT16_MAX) &&
           number(&out->y, json_array_get(box, 1), UINT16_MAX) &&
           number(&out->w, json_array_get(box, 2), UINT16_MAX) &&
           number(&out->h, json_array_get(box, 3), UINT16_MAX);
}

static uint16_t read_sure(const json_t *object)
{
    double sure = mud_json_get_double(object, "confidence", 1);
    return sure > 0 && sure <= 1 ? (uint16_t)lround(sure * 1000) : 0;
}

/* Words follow one another within the line. */
static bool read_words(struct mud_image_line *line, const json_t *list,
                       struct mud_arena *arena)
{
    size_t n = json_array_size(list);
    uint32_t from = 0;
    if (n > MUD_IMAGE_TEXT)
        return false;
    struct mud_image_word *words = mud_arena_array(arena, n, sizeof(*words));
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        uint32_t max = (uint32_t)line->text.n;
        words[i].sure = read_sure(item);
        if (!number(&words[i].at.start, json_object_get(item, "start"), max) ||
            !number(&words[i].at.end, json_object_get(item, "end"), max) ||
            words[i].at.start < from || words[i].at.end < words[i].at.start ||
            !read_box(&words[i].box, item))
            return false;
        from = words[i].at.end;
    }
    line->words = words;
    line->n_words = n;
    return true;
}

static bool read_lines(const struct mud_image_line **out, size_t *n,
                       const json_t *list, size_t max, struct mud_arena *arena)
{
    struct mud_image_line *lines;
    *n = json_array_size(list);
    if (*n > max)
        return false;
    lines = mud_arena_array(arena, *n, sizeof(*lines));
    *out = lines;
    for (size_t i = 0; i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        lines[i].text = text_of(item, "text", arena);
        lines[i].sure = read_sure(item);
        if (lines[i].text.n > MUD_IMAGE_TEXT ||
            !read_box(&lines[i].box, item) ||
            !read_words(&lines[i], json_object_get(item, "words"), arena))
            return false;
    }
    return true;
}

static bool read_notes(struct mud_image *out, const json_t *list,
                       struct mud_arena *arena)
{
    size_t n = json_array_size(list);
    if (n > 16)
        return false;
    struct mud_image_note *notes = mud_arena_array(arena, n, sizeof(*notes));
    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(list, i);
        notes[i].code = mud_str_cstr(text_of(item, "code", arena), arena);
        notes[i].text = text_of(item, "text", arena);
    }
    out->notes = notes;
    out->n_notes = n;
    return true;
}

static bool read_all(struct mud_image *out, const json_t *object,
                     struct mud_arena *arena)
{
    struct mud_str format = mud_json_get_str(object, "format");
    struct mud_str likeness = mud_json_get_str(object, "likeness");

    for (int i = MUD_IMAGE_PNG; i <= MUD_IMAGE_WEBP; i++)
        if (mud_str_eqz(format,
                        mud_image_format_name((enum mud_image_format)i)))
            out->format = (enum mud_image_format)i;
    out->opened = mud_json_get_bool(object, "opened");
    out->has_likeness =
        likeness.n && mud_unhex(likeness, out->likeness, MUD_LIKENESS);
    return number(&out->width, json_object_get(object, "width"), UINT32_MAX) &&
           number(
               &out->height, json_object_get(object, "height"), UINT32_MAX) &&
           mud_unhex(
               mud_json_get_str(object, "sha256"), out->sha256, MUD_SHA256) &&
           read_lines(&out->codes,
                      &out->n_codes,
                      json_object_get(object, "qr"),
                      MUD_IMAGE_CODES,
                      arena) &&
           read_lines(&out->lines,
                      &out->n_lines,
                      json_object_get(object, "ocr"),
                      MUD_IMAGE_LINES,
                      arena) &&
           read_notes(out, json_object_get(object, "notes"), arena);
}

bool mud_image_record_read(struct mud_image *out, struct mud_str line,
                           struct mud_arena *arena, struct mud_error *err)
{
    json_t *object = mud_json_read(line, err);
    *out = (struct mud_image){0};
    if (!object)
        return false;
    bool good = read_all(out, object, arena) ||
                mud_fail(err, MUD_EINPUT, "the record of an image is odd");
    json_decref(object);
    return good;
}
