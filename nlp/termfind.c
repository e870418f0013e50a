#include "nlp/termfind.h"

#include <stdlib.h>

#include "nlp/reader.h"

struct mud_termfind {
    const struct mud_reader *reader;
    struct mud_lexicon *lexicon; /* of the one term */
};

bool mud_termfind_new(struct mud_termfind **out,
                      const struct mud_reader *reader, struct mud_str term,
                      struct mud_str flags, struct mud_error *err)
{
    struct mud_termfind *find = mud_calloc(1, sizeof *find);
    struct mud_buf tsv = {0};
    bool good;

    find->reader = reader;
    find->lexicon = mud_lexicon_new(reader->folder);
    mud_buf_printf(
        &tsv, "term\tflags\n%.*s\t%.*s\n", MUD_FMT(term), MUD_FMT(flags));
    good = mud_lexicon_add(
               find->lexicon, "term", mud_buf_view(&tsv), MUD_LEX_TERM, err) &&
           mud_lexicon_seal(find->lexicon, err);
    mud_buf_free(&tsv);
    if (!good) {
        mud_termfind_free(find);
        return false;
    }
    *out = find;
    return true;
}

void mud_termfind_free(struct mud_termfind *find)
{
    if (!find)
        return;
    mud_lexicon_free(find->lexicon);
    free(find);
}

size_t mud_termfind_in(struct mud_span **out, const struct mud_termfind *find,
                       struct mud_str text, struct mud_arena *arena)
{
    struct mud_fold fold = {0};
    struct mud_lex_hit *hits = NULL;
    size_t n;

    mud_fold(&fold, find->reader->folder, text, arena);
    n = mud_lexicon_find(&hits, find->lexicon, fold.text, 0, arena);
    *out = mud_arena_array(arena, n, sizeof **out);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = mud_fold_raw(&fold, hits[i].at);
    return n;
}
