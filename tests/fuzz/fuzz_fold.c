/*
 * Folding any bytes: the folded text is UTF-8, its runs cover it in order, and
 * each stands on raw bytes of its own.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "nlp/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mud_folder *folder;
    struct mud_arena *arena = mud_arena_new();
    struct mud_fold fold = {0};
    uint32_t at = 0, end = 0;

    if (!folder)
        check(mud_folder_new(&folder, NULL));
    mud_fold(&fold, folder, mud_str_of((const char *)data, size), arena);
    check(mud_utf8_valid(fold.text) == fold.text.n);
    for (uint32_t i = 0; i < fold.n_runs; i++) {
        const struct mud_fold_run *run = &fold.runs[i];
        uint32_t stop =
            i + 1 < fold.n_runs ? fold.runs[i + 1].at : (uint32_t)fold.text.n;

        check(run->at == at && stop > at);
        check(run->start >= end && run->end > run->start);
        check(run->end <= size);
        check(!run->even || stop - at == run->end - run->start);
        at = stop;
        end = run->end;
    }
    check(at == fold.text.n);
    mud_arena_free(arena);
    return 0;
}
