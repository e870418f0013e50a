/*
 * Bodies under hostile heads: the head is what stands before the first empty
 * line, the body what follows. Whatever comes in, the output keeps its bound.
 */
#include "fetch/exchange.h"

#define MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mud_str all = mud_str_of((const char *)data, size), out;
    size_t end = mud_str_find(all, MUD_STR("\r\n\r\n"));
    struct mud_arena *arena = mud_arena_new();
    struct mud_exchange exchange = {.http_version = "1.1"};
    struct mud_error err = {0};
    bool whole;

    if (end != MUD_NPOS) {
        exchange.response_head = mud_str_sub(all, 0, end + 4);
        exchange.body = mud_str_sub(all, end + 4, size);
        if (mud_exchange_decode(&out, &whole, &exchange, MAX, arena, &err) &&
            out.n > MAX)
            __builtin_trap();
    }
    mud_arena_free(arena);
    return 0;
}
