/* A query of any bytes: refused, or a program that runs in its bounds. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "graph/search_query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mud_reader *reader;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_query *query = mud_calloc(1, sizeof(*query));
    struct mud_error err = {0};
    struct mud_units units = {0};

    if (!reader && !mud_reader_new(&reader, NULL, &err))
        abort();
    struct mud_str text =
        mud_utf8_clean(mud_str_of((const char *)data, size), arena, NULL);
    mud_units_of(&units, reader, text, arena);
    if (mud_query_read(query, reader, text, NULL, arena, &err)) {
        struct mud_span *marks = NULL;
        size_t n = 0, at = 0;
        bool held = mud_query_match(query, &units, &marks, &n, arena);

        for (size_t i = 0; held && i < n; i++) {
            if (marks[i].start < at || marks[i].end > text.n)
                abort();
            at = marks[i].end;
        }
        for (size_t i = 0; i < query->n_facets; i++) {
            struct mud_str *terms = NULL;
            bool range = false;

            if (mud_facet_terms(&terms, &n, &range, &query->facets[i], arena))
                for (size_t k = 0; k < n; k++)
                    if (terms[k].n > 2 * MUD_FACET_TERM)
                        abort();
        }
    } else if (err.code != MUD_EUSAGE && err.code != MUD_ELIMIT) {
        abort();
    }
    free(query);
    mud_arena_free(arena);
    return 0;
}
