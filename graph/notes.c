#include "graph/notes.h"

#include "base/json.h"
#include "base/utf8.h"

#include <stdio.h>

void mud_note_tally_clear(struct mud_note_tally *notes)
{
    mud_buf_clear(&notes->json);
    notes->n = notes->n_codes = 0;
}

void mud_note_tally_free(struct mud_note_tally *notes)
{
    mud_buf_free(&notes->json);
}

static void count(struct mud_note_tally *notes, const char *code)
{
    size_t i = 0;

    while (i < notes->n_codes && strcmp(notes->codes[i].code, code) != 0)
        i++;
    if (i == MUD_CODES_MAX)
        return;
    if (i == notes->n_codes) {
        snprintf(
            notes->codes[i].code, sizeof(notes->codes[i].code), "%s", code);
        notes->codes[i].n = 0;
        notes->n_codes++;
    }
    notes->codes[i].n++;
}

void mud_note_tally_add(struct mud_note_tally *notes,
                        const struct mud_note *note)
{
    char code[40];
    struct mud_json json = {.buf = &notes->json};
    struct mud_str text =
        mud_str_sub(note->text, 0, mud_utf8_cut(note->text, 500));

    snprintf(code, sizeof(code), "%s", note->code ? note->code : "note");
    count(notes, code);
    notes->n++;
    if (notes->n > MUD_NOTES_MAX || notes->json.n > MUD_NOTES_SIZE)
        return;
    mud_json_object(&json);
    mud_json_kz(&json, "severity", note->severity ? note->severity : "info");
    mud_json_kz(&json, "code", code);
    mud_json_kstr(&json, "text", text);
    if (note->byte)
        mud_json_kint(&json, "byte", (int64_t)note->byte);
    mud_json_object_end(&json);
    mud_buf_c(&notes->json, ',');
}

struct mud_str mud_note_tally_json(struct mud_note_tally *notes,
                                   struct mud_arena *arena)
{
    struct mud_buf out = {0};
    struct mud_json json = {.buf = &out};
    struct mud_str text = {0};

    mud_buf_c(&out, '[');
    mud_buf_str(&out, mud_buf_view(&notes->json));
    if (notes->n > MUD_NOTES_MAX || notes->json.n > MUD_NOTES_SIZE) {
        mud_json_object(&json);
        mud_json_kz(&json, "code", "more");
        mud_json_key(&json, "counts");
        mud_json_object(&json);
        for (size_t i = 0; i < notes->n_codes; i++)
            mud_json_kint(
                &json, notes->codes[i].code, (int64_t)notes->codes[i].n);
        mud_json_object_end(&json);
        mud_json_object_end(&json);
    } else if (out.n > 1) {
        out.n--; /* the last comma */
    }
    mud_buf_c(&out, ']');
    text = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return text;
}
