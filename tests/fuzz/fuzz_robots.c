/*
 * A path, a line end, a robots.txt. The same answer twice; rules lie within
 * their limits; /robots.txt is never forbidden.
 */
#include "fetch/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str text = mud_str_of((const char *)data, size), path, rule;
    struct mud_arena *arena = mud_arena_new();
    struct mud_robots robots;

    if (mud_str_cut(&text, '\n', &path)) {
        mud_robots_read(
            &robots, text, 200, MUD_STR("text/plain"), "mudlark", arena);
        bool may = mud_robots_allows(&robots, path, &rule);
        if (may != mud_robots_allows(&robots, path, NULL) ||
            (!may && !rule.n) || robots.n_rules > MUD_ROBOTS_RULES ||
            robots.delay_s > 86400 ||
            !mud_robots_allows(&robots, MUD_STR("/robots.txt"), NULL))
            __builtin_trap();
    }
    mud_arena_free(arena);
    return 0;
}
