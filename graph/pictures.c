/* Pictures of a post: their texts on the way into its reading, their rows on
 * the way out. */
#include "base/json.h"
#include "graph/work.h"

#include <stdio.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters and digits, with one among them that looks like its other kind. */
static bool looks_like_others(struct mud_str word)
{
    bool letter = false, digit = false, alike = false;

    for (size_t i = 0; i < word.n; i++) {
        char c = word.s[i], before = i ? word.s[i - 1] : ' ';
        char next = i + 1 < word.n ? word.s[i + 1] : ' ';

        letter = letter || is_letter(c);
        digit = digit || (c >= '0' && c <= '9');
        alike = alike || c == 'l' || c == 'I' ||
                (c == '1' && (is_letter(before) || is_letter(next)));
    }
    return letter && digit && alike;
}

static bool in_doubt(const struct mud_image_text *text,
                     const struct mud_image_place *place)
{
    return !place->code && (place->sure < MUD_PRINT_SURE ||
                            looks_like_others(mud_str_sub(
                                text->text, place->at.start, place->at.end)));
}

/* What was read of a code is right; of print, what the recogniser is sure of. */
static size_t doubts_of(struct mud_doubt *out,
                        const struct mud_picture *picture, uint16_t attachment)
{
    size_t n = 0;

    for (size_t i = 0; i < picture->text.n; i++) {
        const struct mud_image_place *place = &picture->text.places[i];

        if (in_doubt(&picture->text, place))
            out[n++] = (struct mud_doubt){attachment, place->at};
    }
    return n;
}

void mud_work_attach(struct mud_message *message, struct mud_work *work)
{
    struct mud_arena *arena = work->analyst->scratch;
    struct mud_str *texts = NULL;
    struct mud_doubt *doubts = NULL;
    size_t n = 0, most = 0;

    for (size_t i = 0; i < work->n_pictures; i++) {
        n = work->pictures[i].place + (size_t)1;
        most += work->pictures[i].text.n;
    }
    texts = mud_arena_array(arena, n, sizeof(*texts));
    doubts = mud_arena_array(arena, most, sizeof(*doubts));
    for (size_t i = 0; i < work->n_pictures; i++) {
        const struct mud_picture *picture = &work->pictures[i];

        texts[picture->place] = picture->text.text;
        message->n_doubts +=
            doubts_of(doubts + message->n_doubts, picture, picture->place);
    }
    message->attachments = texts;
    message->n_attachments = n;
    message->doubts = doubts;
}

void mud_work_attach_alone(struct mud_message *message, struct mud_work *work,
                           size_t i)
{
    const struct mud_picture *picture = &work->pictures[i];
    struct mud_doubt *doubts = mud_arena_array(
        work->analyst->scratch, picture->text.n, sizeof(*doubts));

    message->attachments = &picture->text.text;
    message->n_attachments = picture->text.text.n ? 1 : 0;
    message->n_doubts = doubts_of(doubts, picture, 0);
    message->doubts = doubts;
}

struct mud_str mud_likeness_bits(char out[4 * MUD_LIKENESS],
                                 const uint8_t print[MUD_LIKENESS / 2])
{
    size_t n = 4 * (size_t)MUD_LIKENESS;

    for (size_t i = 0; i < n; i++)
        out[i] = (char)('0' + (print[i / 8] >> (7 - i % 8) & 1));
    return mud_str_of(out, n);
}

static void put_likeness(struct mud_json *json, const struct mud_image *image)
{
    const uint8_t *inside = image->likeness + MUD_LIKENESS / 2;
    char bits[4 * MUD_LIKENESS];

    if (image->has_likeness) {
        mud_json_kstr(
            json, "likeness", mud_likeness_bits(bits, image->likeness));
        mud_json_kstr(json, "inside", mud_likeness_bits(bits, inside));
    }
}

void mud_image_codes(struct mud_buf *out, const struct mud_image *image)
{
    struct mud_json json = {.buf = out};

    mud_json_array(&json);
    for (size_t i = 0; i < image->n_codes; i++) {
        char id[MUD_ID_TEXT];

        if (mud_image_fills(image, &image->codes[i].box))
            mud_json_str(&json,
                         mud_str_z(mud_id_text(
                             id, mud_id_of("code", image->codes[i].text))));
    }
    mud_json_array_end(&json);
}

static void put_codes(struct mud_json *json, const struct mud_image *image)
{
    struct mud_buf list = {0};

    mud_image_codes(&list, image);
    mud_json_key(json, "codes");
    mud_json_raw(json, mud_buf_view(&list));
    mud_buf_free(&list);
}

static void put_places(struct mud_json *json, const struct mud_image_text *text)
{
    mud_json_key(json, "places");
    mud_json_array(json);
    for (size_t i = 0; i < text->n; i++) {
        const struct mud_image_place *p = &text->places[i];

        mud_json_array(json);
        mud_json_int(json, p->at.start);
        mud_json_int(json, p->at.end);
        mud_json_int(json, p->box.x);
        mud_json_int(json, p->box.y);
        mud_json_int(json, p->box.w);
        mud_json_int(json, p->box.h);
        mud_json_int(json, p->sure);
        mud_json_int(json, p->code);
        mud_json_array_end(json);
    }
    mud_json_array_end(json);
}

static void put_notes(struct mud_json *json, const struct mud_image *image)
{
    mud_json_key(json, "notes");
    mud_json_array(json);
    for (size_t i = 0; i < image->n_notes; i++)
        mud_json_str(json, mud_str_z(image->notes[i].code));
    mud_json_array_end(json);
}

static void put_tools(struct mud_json *json)
{
    const char *const tools[] = {
        mud_image_decoder(), mud_image_code_reader(), mud_image_text_reader()};
    char text[120] = "";

    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(text);
        if (tools[i])
            (void)snprintf(
                text + n, sizeof(text) - n, "%s%s", n ? ", " : "", tools[i]);
    }
    mud_json_kz(json, "tools", text);
}

static void put_image(struct mud_json *json, const struct mud_picture *picture)
{
    const struct mud_image *image = picture->image;
    const char *format = mud_image_format_name(image->format);

    mud_json_kid(json, "image", mud_image_id(image->sha256));
    mud_json_khex(json, "sha256", image->sha256, MUD_SHA256);
    mud_json_kz(json, "format", format ? format : "");
    mud_json_kint(json, "width", image->width);
    mud_json_kint(json, "height", image->height);
    mud_json_kbool(json, "opened", image->opened);
    put_likeness(json, image);
    put_codes(json, image);
    put_tools(json);
    put_places(json, &picture->text);
    put_notes(json, image);
}

void mud_work_pictures(struct mud_work *work)
{
    for (size_t i = 0; i < work->n_pictures; i++) {
        const struct mud_picture *picture = &work->pictures[i];
        struct mud_buf buf = {0};
        struct mud_json json = {.buf = &buf};
        struct mud_row_picture *row = MUD_ADD(&work->batch->pictures);

        mud_json_object(&json);
        put_image(&json, picture);
        mud_json_kid(&json, "post", work->post_id);
        mud_json_kid(&json, "capture", picture->capture);
        mud_json_kint(&json, "place", picture->place);
        mud_json_kstr(&json, "name", mud_work_mask(work, picture->name));
        if (!mud_id_zero(work->pictures_id[i]))
            mud_json_kid(&json, "content", work->pictures_id[i]);
        mud_json_ktime(&json, "seen", work->analyst->at);
        mud_json_object_end(&json);
        row->json = mud_keep(work->batch, mud_buf_view(&buf));
        mud_buf_free(&buf);
    }
}
