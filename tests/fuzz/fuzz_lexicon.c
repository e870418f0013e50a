/*
 * Any bytes as an analyst's lexicon.tsv: they are refused with a reason, or the
 * terms taken from them are found where they stand in the text itself. Rows
 * that are refused one by one have a reason each.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/lexicon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mud_folder *folder;

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void find_all(const struct mud_lexicon *lexicon, struct mud_str text,
                     struct mud_arena *arena)
{
    struct mud_lex_hit *hits = NULL;
    struct mud_fold fold = {0};
    size_t n;
    uint32_t at = 0;

    mud_fold(&fold, folder, text, arena);
    n = mud_lexicon_find(&hits, lexicon, fold.text, 0, arena);
    for (size_t i = 0; i < n; i++) {
        check(hits[i].at.start >= at && hits[i].at.end > hits[i].at.start);
        check(hits[i].at.end <= fold.text.n);
        check(mud_utf8_cut(fold.text, hits[i].at.start) == hits[i].at.start);
        check(mud_utf8_cut(fold.text, hits[i].at.end) == hits[i].at.end);
        at = hits[i].at.start;
    }
}

static void refused(uint32_t line, const char *reason, void *payload)
{
    check(line > 0 && reason && reason[0]);
    (*(size_t *)payload)++;
}

static void use(struct mud_lexicon *lexicon, bool ok, struct mud_str text,
                struct mud_arena *arena, const struct mud_error *err)
{
    struct mud_error late = {0};

    if (!ok)
        check(err->text[0] != '\0');
    else if (mud_lexicon_seal(lexicon, &late))
        find_all(lexicon, text, arena);
    else
        check(late.text[0] != '\0');
    mud_lexicon_free(lexicon);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text = mud_str_of((const char *)data, size);
    struct mud_error err = {0};
    struct mud_lexicon *lexicon;
    size_t bad = 0;
    bool ok;

    if (!folder)
        check(mud_folder_new(&folder, NULL));
    lexicon = mud_lexicon_new(folder);
    ok = mud_lexicon_add(lexicon, "fuzz", text, MUD_LEX_TERM, &err);
    use(lexicon, ok, text, arena, &err);

    err = (struct mud_error){0};
    lexicon = mud_lexicon_new(folder);
    ok = mud_lexicon_add_good(
        lexicon, "fuzz", text, MUD_LEX_TERM, refused, &bad, &err);
    use(lexicon, ok, text, arena, &err);
    mud_arena_free(arena);
    return 0;
}
