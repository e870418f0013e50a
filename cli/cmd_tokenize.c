#include "base/utf8.h"
#include "cli/cmd.h"
#include "cli/lines.h"
#include "cli/session.h"
#include "nlp/reading.h"

#include <stdio.h>
#include <unistd.h>

static bool put_tokens(struct mud_str line, bool first,
                       const struct mud_reader *reader, struct mud_arena *arena)
{
    struct mud_span *spans;
    struct mud_str text = mud_utf8_clean(line, arena, NULL);
    size_t n = mud_tokenize(&spans, reader, text, arena);
    bool good = true;

    for (size_t i = 0; i < n && good; i++) {
        size_t size = spans[i].end - spans[i].start;
        good = ((first && !i) || putchar(' ') != EOF) &&
               fwrite(text.s + spans[i].start, 1, size, stdout) == size;
    }
    return good;
}

int mud_cmd_tokenize(const struct mud_args *args, struct mud_error *err)
{
    struct mud_lines lines = {.fd = STDIN_FILENO};
    struct mud_reader *reader = NULL;
    bool good = true, first = true;

    (void)args;
    if (!mud_reader_new(&reader, mud_lexicon_file(), err))
        return MUD_EXIT_FAILED;
    struct mud_arena *arena = mud_arena_new();
    while (good && mud_lines_next(&lines)) {
        good = put_tokens(lines.text, first, reader, arena) &&
               (!lines.whole || putchar('\n') != EOF);
        first = lines.whole;
        mud_arena_reset(arena);
    }
    if (lines.error)
        mud_lines_fail(&lines, err);
    if (!good || fflush(stdout) != 0)
        mud_fail(err, MUD_EIO, "standard output could not be written");
    mud_lines_free(&lines);
    mud_arena_free(arena);
    mud_reader_free(reader);
    return err->code ? MUD_EXIT_FAILED : MUD_EXIT_DONE;
}
