/* A settings file, and the same bytes as a table: entries lie within limits. */
#include <stdint.h>
#include <stdlib.h>

#include "base/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

static void check_entries(const struct mud_conf *conf)
{
    for (size_t i = 0; i < conf->n; i++) {
        const struct mud_conf_entry *entry = &conf->entries[i];

        check(entry->key.n && entry->line);
        check(!i || entry->line > conf->entries[i - 1].line);
        check(mud_str_chr(entry->value, '\n') == MUD_NPOS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str text = {(const char *)data, size};
    struct mud_arena *arena = mud_arena_new();
    struct mud_tsv tsv = {.rest = text};
    struct mud_error err = {0};
    struct mud_conf conf = {0};
    struct mud_str fields[3];
    size_t n;

    if (mud_conf_parse(&conf, "fuzz", text, arena, &err))
        check_entries(&conf);
    else
        check(err.code == MUD_EINPUT);
    while (mud_tsv_next(&tsv, fields, 3, &n))
        for (size_t i = 0; i < n; i++)
            check(mud_str_chr(fields[i], '\t') == MUD_NPOS);
    mud_arena_free(arena);
    return 0;
}
