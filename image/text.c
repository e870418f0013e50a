#include "image/text.h"

/* Lines that the recogniser itself takes for guesses are drawings. */
enum {
    LINE_MIN = 450
};

static void put(struct mud_buf *text, struct mud_image_text *out, size_t *cap,
                const struct mud_image_line *line, bool code,
                struct mud_arena *arena)
{
    struct mud_image_place *places = NULL;
    size_t n = line->n_words ? line->n_words : 1;

    if (text->n)
        mud_buf_c(text, '\n');
    places = mud_arena_grow(arena,
                            (void *)(uintptr_t)out->places,
                            cap,
                            out->n + n - 1,
                            sizeof(*places));
    for (size_t i = 0; i < n; i++) {
        const struct mud_image_word whole = {
            {0, (uint32_t)line->text.n}, line->box, line->sure};
        const struct mud_image_word *word =
            line->n_words ? &line->words[i] : &whole;
        places[out->n++] = (struct mud_image_place){
            .at = {(uint32_t)text->n + word->at.start,
                   (uint32_t)text->n + word->at.end},
            .box = word->box,
            .sure = word->sure,
            .code = code,
        };
    }
    out->places = places;
    mud_buf_str(text, line->text);
}

void mud_image_text(struct mud_image_text *out, const struct mud_image *image,
                    struct mud_arena *arena)
{
    struct mud_buf text = {0};
    size_t cap = 0;

    *out = (struct mud_image_text){0};
    for (size_t i = 0; i < image->n_codes; i++)
        put(&text, out, &cap, &image->codes[i], true, arena);
    for (size_t i = 0; i < image->n_lines; i++)
        if (image->lines[i].sure >= LINE_MIN)
            put(&text, out, &cap, &image->lines[i], false, arena);
    out->text = mud_str_dup(mud_buf_view(&text), arena);
    mud_buf_free(&text);
}
