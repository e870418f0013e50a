/*
 * Tokens of any bytes: in order, apart, not empty, and what they leave out is
 * white space. Terms are as many or fewer, and lie at tokens.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/reader.h"
#include "nlp/script.h"
#include "nlp/sketch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mud_reader reader;

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void make_reader(void)
{
    check(mud_folder_new(&reader.folder, NULL));
    reader.lexicon = mud_lexicon_new(reader.folder);
    check(mud_lexicon_add(reader.lexicon,
                          "fuzz",
                          MUD_STR("term\n肉鸡\n四件套\nbotnet\n3389\n"),
                          MUD_LEX_TERM,
                          NULL));
    check(mud_lexicon_seal(reader.lexicon, NULL));
    check(mud_segmenter_new(&reader.segmenter, reader.lexicon, NULL));
}

static void check_gap(struct mud_str text, size_t from, size_t to)
{
    while (from < to)
        check(mud_char_class(mud_utf8_next(text, &from)) == MUD_CHAR_SPACE);
    check(from == to);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text = mud_str_of((const char *)data, size), *terms;
    struct mud_span *spans, *places;
    struct mud_lex_hit *hits;
    struct mud_sketch sketch, again;
    char bytes[4 * MUD_SKETCH_MAX];
    size_t n, n_terms, n_hits, at = 0;

    if (!reader.segmenter)
        make_reader();
    text = mud_utf8_clean(text, arena, NULL);
    n = mud_tokenize(&spans, &reader, text, arena);
    for (size_t i = 0; i < n; i++) {
        check(spans[i].start >= at && spans[i].end > spans[i].start);
        check_gap(text, at, spans[i].start);
        at = spans[i].end;
    }
    check_gap(text, at, text.n);

    n_terms = mud_terms(&terms, &places, &reader, text, arena);
    check(n_terms <= n);
    for (size_t i = 0, k = 0; i < n_terms; i++) {
        while (k < n && spans[k].start < places[i].start)
            k++;
        /* a term may reach over tokens that a blank parts */
        while (k < n && spans[k].end < places[i].end)
            k++;
        check(k < n && spans[k].end == places[i].end && terms[i].n);
    }
    n_hits = mud_lexicon_find(&hits, reader.lexicon, text, 0, arena);
    for (size_t i = 0; i < n_hits; i++)
        check(hits[i].at.end <= text.n && hits[i].at.start < hits[i].at.end);
    mud_sketch_of(&sketch, &reader, text, NULL, arena);
    check(mud_sketch_read(&again, mud_sketch_bytes(&sketch, bytes)));
    check(!sketch.n || mud_sketch_alike(&sketch, &again) == 1000);
    mud_arena_free(arena);
    return 0;
}
