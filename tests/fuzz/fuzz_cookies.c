/* A file of cookies: what is read can be written to a jar and read again. */
#include "fetch/cookie_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str text = mud_str_of((const char *)data, size);
    struct mud_str host = MUD_STR("forum.example");
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_cookie *all;
    size_t n;

    if (mud_cookie_file_read(&all, &n, text, host, arena, &err)) {
        for (size_t i = 0; i < n; i++) {
            const struct mud_cookie *c = &all[i];
            if (!c->name.n || !c->domain.n || !c->path.n ||
                mud_str_chr(c->value, '\n') != MUD_NPOS ||
                mud_str_chr(c->value, '\t') != MUD_NPOS ||
                mud_str_chr(c->name, '\t') != MUD_NPOS ||
                mud_str_chr(c->domain, '\n') != MUD_NPOS ||
                mud_str_chr(c->path, '\n') != MUD_NPOS)
                __builtin_trap();
            (void)mud_cookie_for(c, &host, 1);
        }
    } else if (!err.code) {
        __builtin_trap();
    }
    mud_arena_free(arena);
    return 0;
}
