/*
 * main() for fuzz targets built without libFuzzer: each file named goes through
 * the target once. None is an error: seeds that are not there test nothing.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"

#define INPUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay_file(const char *path, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text;
    uint8_t *exact;

    if (!mud_file_read(&text, path, INPUT_MAX, arena, err)) {
        mud_arena_free(arena);
        return false;
    }
    /* A block of just that size, so that ASan sees a step past its end. */
    exact = mud_malloc(text.n);
    memcpy(exact, text.s, text.n);
    fprintf(stderr, "%s: %zu bytes\n", path, text.n);
    LLVMFuzzerTestOneInput(exact, text.n);
    free(exact);
    mud_arena_free(arena);
    return true;
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (replay_file(argv[i], &err))
            continue;
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
