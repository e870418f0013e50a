#include "tests/support/mudtest.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "tests/support/memory.h"

#define FILE_MAX ((size_t)256 << 20)

static struct mud_arena *arena;
static const char **dirs;
static size_t dirs_n, dirs_cap;
static pid_t owner;
static uint64_t random_state = 88172645463325252u;

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    (void)remove(path);
    return 0;
}

/* Children that were forked without exec own nothing. */
static void clean_up(void)
{
    if (getpid() == owner)
        for (size_t i = 0; i < dirs_n; i++)
            (void)nftw(dirs[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(dirs);
    dirs = NULL;
    mud_arena_free(arena);
    arena = NULL;
}

struct mud_arena *mudtest_arena_(void)
{
    if (!arena) {
        arena = mud_arena_new();
        owner = getpid();
        if (atexit(clean_up) != 0)
            abort();
    }
    return arena;
}

const char *mudtest_dir(void)
{
    const char *tmp = getenv("TMPDIR");
    char path[512];

    snprintf(
        path, sizeof(path), "%s/mudtest-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (!mkdtemp(path))
        fail_msg("%s: %s", path, strerror(errno));
    (void)mudtest_arena_();
    dirs = mud_grow(dirs, &dirs_cap, dirs_n, sizeof(*dirs));
    dirs[dirs_n] = mudtest_text("%s", path);
    return dirs[dirs_n++];
}

const char *mudtest_text(const char *fmt, ...)
{
    struct mud_buf buf = {0};
    char *text;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert_true(n >= 0);
    text = mud_buf_room(&buf, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    text = mud_arena_dup(mudtest_arena_(), text, (size_t)n);
    mud_buf_free(&buf);
    return text;
}

void mudtest_write(const char *path, struct mud_str bytes)
{
    struct mud_error err = {0};
    size_t slash = mud_str_rchr(mud_str_z(path), '/');
    FILE *file;

    if (slash != MUD_NPOS && slash > 0)
        assert_ok(mud_mkdirs(mudtest_text("%.*s", (int)slash, path), &err),
                  &err);
    file = fopen(path, "wb");
    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    if (bytes.n && fwrite(bytes.s, 1, bytes.n, file) != bytes.n) {
        fclose(file);
        fail_msg("%s: %s", path, strerror(errno));
    }
    if (fclose(file) != 0)
        fail_msg("%s: %s", path, strerror(errno));
}

struct mud_str mudtest_read(const char *path)
{
    struct mud_error err = {0};
    struct mud_str text = {0};

    assert_ok(mud_file_read(&text, path, FILE_MAX, mudtest_arena_(), &err),
              &err);
    return text;
}

bool mudtest_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

const char *mudtest_source(void)
{
    const char *value = getenv("MUD_SOURCE");

    return value && value[0] ? value : ".";
}

const char *mudtest_binary(void)
{
    const char *value = getenv("MUD_BINARY");

    return value && value[0] ? value : NULL;
}

const char *mudtest_shared(void)
{
    const char *value = getenv("MUD_SHARED");
    struct stat st;

    if (!value || !value[0])
        value = mudtest_text("%s/../shared", mudtest_source());
    return stat(value, &st) == 0 && S_ISDIR(st.st_mode) ? value : NULL;
}

void mudtest_ok_(bool ok, const struct mud_error *err, const char *what,
                 struct mudtest_at at)
{
    if (ok)
        return;
    print_error("%s: %s\n",
                what,
                err && err->code ? err->text : "failed without a reason");
    _fail(at.file, at.line);
}

void mudtest_fails_(bool ok, struct mud_error *err, enum mud_code code,
                    const char *part, const char *what, struct mudtest_at at)
{
    if (!ok && err->code == code && strstr(err->text, part)) {
        mud_error_clear(err);
        return;
    }
    print_error("%s: %s, code %d instead of %d, no \"%s\" in \"%s\"\n",
                what,
                ok ? "worked" : "failed",
                err->code,
                code,
                part,
                err->text);
    _fail(at.file, at.line);
}

void mudtest_same_(struct mud_str got, struct mud_str want,
                   struct mudtest_at at)
{
    if (mud_str_eq(got, want))
        return;
    print_error("got  (%zu bytes) \"%.*s\"\nwant (%zu bytes) \"%.*s\"\n",
                got.n,
                MUD_FMT(got),
                want.n,
                MUD_FMT(want));
    _fail(at.file, at.line);
}

void mudtest_has_(struct mud_str got, const char *part, bool wanted,
                  struct mudtest_at at)
{
    bool has = mud_str_find(got, mud_str_z(part)) != MUD_NPOS;

    if (has == wanted)
        return;
    print_error("%s \"%s\" in \"%.*s\"\n",
                wanted ? "no" : "unwanted",
                part,
                MUD_FMT(mud_str_sub(got, 0, 2000)));
    _fail(at.file, at.line);
}

uint32_t mudtest_random(uint32_t below)
{
    random_state ^= random_state << 13; /* Marsaglia's xorshift */
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % below;
}
