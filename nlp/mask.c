/* Masking of victims' data so that spans hold. */
#include "base/utf8.h"

#include "nlp/reading.h"

/*
 * One mask character for each length of UTF-8: "*", U+00D7 (x), U+25A0 (black
 * square), U+1F7E6 (blue square). Whoever sees them in a stored text knows
 * that a character of that length stood there, and no more. Line ends stay.
 */
static const char *const masks[] = {"*",
                                    "\xc3\x97",
                                    "\xe2\x96\xa0",
                                    "\xf0\x9f\x9f\xa6"};

static void cover(char *out, struct mud_str text, size_t at, size_t end)
{
    while (at < end) {
        size_t next = at;

        mud_utf8_next(text, &next);
        if (text.s[at] != '\n' && text.s[at] != '\r' && next - at <= 4)
            memcpy(out + at, masks[next - at - 1], next - at);
        at = next;
    }
}

struct mud_str mud_mask_text(struct mud_str text, struct mud_arena *arena)
{
    char *out = mud_arena_dup(arena, text.s, text.n);

    cover(out, text, 0, text.n);
    return mud_str_of(out, text.n);
}

struct mud_str mud_mask(struct mud_str text, enum mud_field field,
                        uint16_t field_index, const struct mud_reading *reading,
                        struct mud_arena *arena)
{
    char *out = NULL;

    for (size_t i = 0; i < reading->n_entities; i++) {
        const struct mud_entity *e = &reading->entities[i];

        if (e->type != MUD_ENT_VICTIM_DATA || e->field != (unsigned)field ||
            e->field_index != field_index || e->at.end > text.n)
            continue;
        if (!out)
            out = mud_arena_dup(arena, text.s, text.n);
        cover(out, text, e->at.start, e->at.end);
    }
    return out ? mud_str_of(out, text.n) : text;
}
