/*
 * main() for fuzz targets built without libFuzzer: each file of the folders
 * (or each file) named goes through the target once, in order of name. A
 * folder without files is an error: a corpus that is not there tests nothing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static bool replay_folder(const char *path, struct mud_error *err)
{
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, NULL, alphasort);
    size_t files = 0;
    bool ok = true;

    if (n < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", path);
    for (int i = 0; i < n; i++) {
        char file[4096];
        struct stat st;

        snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        if (ok && stat(file, &st) == 0 && S_ISREG(st.st_mode)) {
            ok = replay_file(file, err);
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    return ok && (files || mud_fail(err, MUD_EMISSING, "%s: no files", path));
}

int main(int argc, char **argv)
{
    struct mud_error err = {0};

    if (argc < 2) {
        fprintf(stderr, "usage: %s FOLDER|FILE...\n", argv[0]);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        struct stat st;
        bool folder = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);

        if (folder ? replay_folder(argv[i], &err) : replay_file(argv[i], &err))
            continue;
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    return 0;
}
