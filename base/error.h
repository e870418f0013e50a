/*
 * Errors are values: a function that can fail returns bool (or a pointer) and
 * takes `struct mud_error *err` last. The place that fails calls mud_fail; the
 * way up adds context with mud_fail_in ("read x.warc.gz: member 3: truncated").
 * The first failure wins: mud_fail leaves a set error alone. err may be NULL.
 * Texts are lower case, without full stop, and name the culprit. Only cli and
 * web print them.
 */
#ifndef MUD_BASE_ERROR_H
#define MUD_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

#define MUD_MUST              __attribute__((warn_unused_result))
#define MUD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum mud_code {
    MUD_OK = 0,
    MUD_EINPUT,   /* what was handed in is malformed */
    MUD_ELIMIT,   /* a budget (bytes, nodes, time, depth) is used up */
    MUD_EIO,      /* the system: files, processes, sockets; disk full */
    MUD_EDB,      /* Postgres refused or went away */
    MUD_ENET,     /* the far side: DNS, connect, TLS, protocol */
    MUD_EAGAIN,   /* busy, locked or not ready: try again later (exit 75) */
    MUD_EUSAGE,   /* the caller's words are off (exit 2) */
    MUD_EDENIED,  /* outside scope, legal basis, role or policy */
    MUD_EMISSING, /* no such thing */
    MUD_ECORRUPT, /* stored bytes do not match their digest or form */
    MUD_EBUG      /* a rule of the house is broken */
};

struct mud_error {
    enum mud_code code;
    char text[480]; /* NUL-terminated UTF-8, cut at a character */
};

/* Set err unless it is set already; always false, for `return mud_fail(...)`. */
bool mud_fail(struct mud_error *err, enum mud_code code, const char *fmt, ...)
    MUD_PRINTF(3, 4);

/* The same with ": " and strerror(errno) added. errno is read first. */
bool mud_fail_errno(struct mud_error *err, enum mud_code code, const char *fmt,
                    ...) MUD_PRINTF(3, 4);

/* Put "context: " in front of a set error; always false. */
bool mud_fail_in(struct mud_error *err, const char *fmt, ...) MUD_PRINTF(2, 3);

/* Back to the empty value, to use err again. */
void mud_error_clear(struct mud_error *err);

/* The exit code of a program that ends with this error: 0, 1, 2 or 75. */
int mud_error_exit(const struct mud_error *err);

/* Out of memory ends the process: says so on stderr and aborts. */
_Noreturn void mud_out_of_memory(void);

/* malloc family that never returns NULL (n and size may be 0). */
void *mud_malloc(unsigned long n) MUD_MUST;
void *mud_calloc(unsigned long n, unsigned long size) MUD_MUST;
void *mud_realloc(void *p, unsigned long n) MUD_MUST;
char *mud_strdup(const char *s) MUD_MUST;

#endif
