/*
 * The first half an engine description, the rest (behind a line "%%") a page
 * that it is tried on; and all of it as text with a date in it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "parse/engine.h"
#include "parse/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str all = {(const char *)data, size}, text = all, page = {0};
    const struct mud_date_rules rules = {
        NULL, INT64_C(1795309800) * MUD_SECOND, MUD_DATE_MDY};
    struct mud_engine *engine;
    struct mud_error err = {0};
    enum mud_precision precision;
    int64_t us;

    if (mud_date_find(&us, &precision, all, &rules) &&
        precision == MUD_UNKNOWN_TIME)
        abort();
    size_t at = mud_str_find(all, MUD_STR("\n%%\n"));
    if (at != MUD_NPOS) {
        text = mud_str_sub(all, 0, at);
        page = mud_str_sub(all, at + 4, size);
    }
    if (mud_engine_read(&engine, "fuzz", text, arena, &err)) {
        const struct mud_page_in in = {
            .bytes = page, .url = MUD_STR("http://a.example/x?t=1")};
        struct mud_parsed parsed;

        if (!mud_parse_with(&parsed, &in, engine, arena, &err))
            abort();
    } else if (err.code != MUD_EINPUT) {
        abort();
    }
    mud_arena_free(arena);
    return 0;
}
