/*
 * What every test program needs: cmocka, folders and files that go away by
 * themselves, commands with a deadline, and assertions on the types of base.
 * Whatever is returned lives until the program ends. Helpers fail the running
 * test when the system refuses. One thread only.
 */
#ifndef MUD_TESTS_SUPPORT_MUDTEST_H
#define MUD_TESTS_SUPPORT_MUDTEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* A new empty folder under TMPDIR, removed with all in it at exit. */
const char *mudtest_dir(void);
/* A path or any other text, by printf. */
const char *mudtest_text(const char *fmt, ...) MUD_PRINTF(1, 2);

/* Write a file; folders on the way are made. */
void mudtest_write(const char *path, struct mud_str bytes);
/* The whole file. NUL-ended. */
struct mud_str mudtest_read(const char *path);
bool mudtest_exists(const char *path);

/* Where things are: $MUD_SOURCE or ".", $MUD_BINARY or NULL. */
const char *mudtest_source(void);
const char *mudtest_binary(void);
/*
 * The folder of shared material: $MUD_SHARED, else shared beside the source.
 * NULL when there is none; the test then leaves that part out.
 */
const char *mudtest_shared(void);

struct mudtest_run {
    int code;  /* exit code; 128 + number of the signal that ended it */
    bool late; /* killed at the deadline, with its process group */
    struct mud_str out, err;
};

/*
 * Run argv[0] (looked up in PATH) with `in` on its standard input. env holds
 * "NAME=value" strings that are added ("NAME" alone: removed), ends with NULL,
 * and may be NULL. At most 64 MiB of output are kept of each stream.
 */
struct mudtest_run mudtest_run(const char *const *argv, struct mud_str in,
                               const char *const *env, unsigned seconds);
/* The same by /bin/sh -c, with nothing on standard input, in 60 seconds. */
struct mudtest_run mudtest_sh(const char *fmt, ...) MUD_PRINTF(1, 2);

/* Fails with err's text unless ok; with a note of its own if err is empty. */
#define assert_ok(ok, err) mudtest_ok_((ok), (err), #ok, MUDTEST_HERE)
/* ok is false and err holds that code and in its text `part`; clears err. */
#define assert_fails(ok, err, code, part) \
    mudtest_fails_((ok), (err), (code), (part), #ok, MUDTEST_HERE)
/* A mud_str against a C string: both are printed when they differ. */
#define assert_text(got, want) \
    mudtest_same_((got), mud_str_z(want), MUDTEST_HERE)
#define assert_bytes(got, want) mudtest_same_((got), (want), MUDTEST_HERE)
/* `part` is somewhere in got, or nowhere. */
#define assert_has(got, part)   mudtest_has_((got), (part), true, MUDTEST_HERE)
#define assert_lacks(got, part) mudtest_has_((got), (part), false, MUDTEST_HERE)

struct mudtest_at {
    const char *file;
    int line;
};

#define MUDTEST_HERE ((struct mudtest_at){__FILE__, __LINE__})

void mudtest_ok_(bool ok, const struct mud_error *err, const char *what,
                 struct mudtest_at at);
void mudtest_fails_(bool ok, struct mud_error *err, enum mud_code code,
                    const char *part, const char *what, struct mudtest_at at);
void mudtest_same_(struct mud_str got, struct mud_str want,
                   struct mudtest_at at);
void mudtest_has_(struct mud_str got, const char *part, bool wanted,
                  struct mudtest_at at);

/* A number below `below` (not 0); the same row of them in every run. */
uint32_t mudtest_random(uint32_t below);

/* Number of rows of a table. */
#define MUDTEST_ROWS(table) (sizeof(table) / sizeof((table)[0]))

#endif
