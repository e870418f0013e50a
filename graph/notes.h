/* The notes of one capture, kept as JSON for mud.capture_parsed. */
#ifndef MUD_GRAPH_NOTES_H
#define MUD_GRAPH_NOTES_H

#include "base/str.h"
#include "parse/post.h"

#define MUD_NOTES_MAX  1000 /* kept whole; the rest is counted */
#define MUD_CODES_MAX  64   /* distinct codes counted */
#define MUD_NOTES_SIZE ((size_t)1 << 20)

struct mud_note_tally {
    struct mud_buf json; /* objects, each followed by a comma */
    size_t n;

    struct {
        char code[40];
        size_t n;
    } codes[MUD_CODES_MAX];

    size_t n_codes;
};

void mud_note_tally_clear(struct mud_note_tally *notes);
void mud_note_tally_free(struct mud_note_tally *notes);
void mud_note_tally_add(struct mud_note_tally *notes,
                        const struct mud_note *note);
/* A JSON array; when some were left out its last member says how many there
 * were of each code. */
struct mud_str mud_note_tally_json(struct mud_note_tally *notes,
                                   struct mud_arena *arena);

#endif
