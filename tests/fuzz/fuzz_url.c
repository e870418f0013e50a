/*
 * Two lines: a base and a reference in its page. A URL that came out is its own
 * normal form, holds only plain characters, and its parts make up the whole.
 */
#include "fetch/policy.h"
#include "fetch/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct mud_url *url, struct mud_arena *arena)
{
    struct mud_str name, value, rest = url->query;
    struct mud_url again;

    if (!mud_url_parse(&again, url->text, arena, NULL) ||
        !mud_str_eq(again.text, url->text) || !url->host.n || !url->port ||
        !url->path.n || url->path.s[0] != '/')
        __builtin_trap();
    for (size_t i = 0; i < url->text.n; i++)
        if (url->text.s[i] <= ' ' || url->text.s[i] > '~')
            __builtin_trap();
    while (mud_url_param_next(&rest, &name, &value))
        if (name.n + value.n > url->query.n)
            __builtin_trap();
    (void)mud_url_changes(url);
    if (mud_url_trim(&again, url, NULL, true, arena, NULL) &&
        again.text.n > url->text.n)
        __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str ref = mud_str_of((const char *)data, size), line;
    struct mud_arena *arena = mud_arena_new();
    struct mud_url base, url;

    if (mud_str_cut(&ref, '\n', &line) &&
        mud_url_parse(&base, line, arena, NULL)) {
        check(&base, arena);
        if (mud_url_resolve(&url, &base, ref, arena, NULL))
            check(&url, arena);
    }
    mud_arena_free(arena);
    return 0;
}
