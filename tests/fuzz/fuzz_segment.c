/*
 * Segmenting any bytes, folded and not: tokens lie in order and apart, each on
 * whole characters, and leave out nothing but white space.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/fold.h"
#include "nlp/script.h"
#include "nlp/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mud_folder *folder;
static struct mud_lexicon *lexicon;
static struct mud_segmenter *segmenter;

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void make(void)
{
    check(mud_folder_new(&folder, NULL));
    lexicon = mud_lexicon_new(folder);
    check(mud_lexicon_add(lexicon,
                          "fuzz",
                          MUD_STR("term\n肉鸡\n四件套\n鸡肉\nbotnet\n3389\n"),
                          MUD_LEX_TERM,
                          NULL));
    check(mud_lexicon_seal(lexicon, NULL));
    check(mud_segmenter_new(&segmenter, lexicon, NULL));
}

static void check_tokens(struct mud_str text, struct mud_arena *arena)
{
    struct mud_token *tokens = NULL;
    size_t n = mud_segment(&tokens, segmenter, text, arena), at = 0;

    for (size_t i = 0; i <= n; i++) {
        size_t start = i < n ? tokens[i].at.start : text.n;

        check(start >= at && start <= text.n);
        while (at < start)
            check(mud_char_class(mud_utf8_next(text, &at)) == MUD_CHAR_SPACE);
        check(at == start);
        if (i == n)
            break;
        check(tokens[i].at.end > start && tokens[i].at.end <= text.n);
        check(tokens[i].class >= MUD_TOKEN_HAN &&
              tokens[i].class <= MUD_TOKEN_SIGN);
        while (at < tokens[i].at.end)
            (void)mud_utf8_next(text, &at);
        check(at == tokens[i].at.end);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text = mud_str_of((const char *)data, size);
    struct mud_fold fold = {0};

    if (!segmenter)
        make();
    mud_fold(&fold, folder, text, arena);
    check_tokens(fold.text, arena);
    check_tokens(mud_utf8_clean(text, arena, NULL), arena);
    mud_arena_free(arena);
    return 0;
}
