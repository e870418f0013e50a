#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* What was written may quote strangers: no control bytes, whole characters. */
static void tidy_text(struct mud_error *err, int wanted)
{
    size_t n = strlen(err->text);

    if (wanted >= (int)sizeof(err->text))
        n = mud_utf8_whole(mud_str_of(err->text, n));
    err->text[n] = '\0';
    mud_utf8_plain(err->text, n);
}

bool mud_fail(struct mud_error *err, enum mud_code code, const char *fmt, ...)
{
    va_list ap;
    int wanted;

    if (!err || err->code != MUD_OK)
        return false;
    va_start(ap, fmt);
    wanted = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    err->code = code;
    tidy_text(err, wanted);
    return false;
}

bool mud_fail_errno(struct mud_error *err, enum mud_code code, const char *fmt,
                    ...)
{
    int why = errno;
    char reason[128];
    va_list ap;
    int n;

    if (!err || err->code != MUD_OK)
        return false;
    va_start(ap, fmt);
    n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    err->code = code;
    if (n >= 0 && n < (int)sizeof(err->text))
        n += snprintf(err->text + n,
                      sizeof(err->text) - (size_t)n,
                      ": %s",
                      strerror_r(why, reason, sizeof(reason)));
    tidy_text(err, n);
    errno = why;
    return false;
}

bool mud_fail_in(struct mud_error *err, const char *fmt, ...)
{
    char old[sizeof(err->text)];
    va_list ap;
    int n;

    if (!err || err->code == MUD_OK)
        return false;
    memcpy(old, err->text, sizeof(old));
    va_start(ap, fmt);
    n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    if (n >= 0 && n < (int)sizeof(err->text))
        n +=
            snprintf(err->text + n, sizeof(err->text) - (size_t)n, ": %s", old);
    tidy_text(err, n);
    return false;
}

void mud_error_clear(struct mud_error *err)
{
    if (!err)
        return;
    err->code = MUD_OK;
    err->text[0] = '\0';
}

int mud_error_exit(const struct mud_error *err)
{
    switch (err->code) {
    case MUD_OK:
        return 0;
    case MUD_EUSAGE:
        return 2;
    case MUD_EAGAIN:
        return 75; /* EX_TEMPFAIL of sysexits.h */
    case MUD_EINPUT:
    case MUD_ELIMIT:
    case MUD_EIO:
    case MUD_EDB:
    case MUD_ENET:
    case MUD_EDENIED:
    case MUD_EMISSING:
    case MUD_ECORRUPT:
    case MUD_EBUG:
        break;
    }
    return 1;
}

void mud_out_of_memory(void)
{
    fputs("mudlark: out of memory\n", stderr);
    abort();
}

void *mud_malloc(unsigned long n)
{
    void *p = malloc(n ? n : 1);

    if (!p)
        mud_out_of_memory();
    return p;
}

void *mud_calloc(unsigned long n, unsigned long size)
{
    void *p = n && size ? calloc(n, size) : calloc(1, 1);

    if (!p)
        mud_out_of_memory();
    return p;
}

void *mud_realloc(void *p, unsigned long n)
{
    p = realloc(p, n ? n : 1);
    if (!p)
        mud_out_of_memory();
    return p;
}

char *mud_strdup(const char *s)
{
    size_t n = strlen(s) + 1;

    return memcpy(mud_malloc(n), s, n);
}
