#include "cli/out.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool mud_wants_colour(int fd)
{
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(fd) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

const char *mud_ink(bool colour, enum mud_ink ink)
{
    static const char *const code[] = {
        [MUD_INK_OFF] = "\033[0m",
        [MUD_INK_BOLD] = "\033[1m",
        [MUD_INK_DIM] = "\033[2m",
        [MUD_INK_RED] = "\033[31m",
        [MUD_INK_GREEN] = "\033[32m",
        [MUD_INK_YELLOW] = "\033[33m",
        [MUD_INK_BLUE] = "\033[34m",
        [MUD_INK_MAGENTA] = "\033[35m",
        [MUD_INK_CYAN] = "\033[36m",
    };

    return colour ? code[ink] : "";
}

static int64_t total = -1;

int64_t mud_out_total(void)
{
    return total;
}

bool mud_out_begin(struct mud_out *out, const struct mud_args *args,
                   struct mud_error *err)
{
    const char *format = mud_args_get(args, "format");

    *out = (struct mud_out){.colour = mud_wants_colour(STDOUT_FILENO)};
    if (total < 0)
        total = 0;
    if (!format)
        out->format =
            isatty(STDOUT_FILENO) ? MUD_FORMAT_TEXT : MUD_FORMAT_NDJSON;
    else if (strcmp(format, "text") == 0)
        out->format = MUD_FORMAT_TEXT;
    else if (strcmp(format, "json") == 0)
        out->format = MUD_FORMAT_JSON;
    else if (strcmp(format, "ndjson") == 0)
        out->format = MUD_FORMAT_NDJSON;
    else
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--format takes text, json or ndjson, not %s",
                        format);
    return true;
}

static void put(struct mud_out *out, struct mud_str s)
{
    if (s.n && fwrite(s.s, 1, s.n, stdout) != s.n)
        out->failed = true;
}

void mud_out_record(struct mud_out *out, struct mud_str json,
                    struct mud_str text)
{
    if (out->format == MUD_FORMAT_TEXT) {
        put(out, text);
    } else {
        if (out->format == MUD_FORMAT_JSON)
            put(out, out->records ? MUD_STR(",\n") : MUD_STR("[\n"));
        put(out, json);
        if (out->format == MUD_FORMAT_NDJSON)
            put(out, MUD_STR("\n"));
    }
    out->records++;
    total++;
}

void mud_out_text(struct mud_out *out, const char *fmt, ...)
{
    va_list args;

    if (out->format != MUD_FORMAT_TEXT)
        return;
    va_start(args, fmt);
    if (vprintf(fmt, args) < 0)
        out->failed = true;
    va_end(args);
}

bool mud_out_flush(struct mud_out *out, struct mud_error *err)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        out->failed = true;
    if (out->failed)
        return mud_fail(err, MUD_EIO, "standard output could not be written");
    return true;
}

bool mud_out_end(struct mud_out *out, struct mud_error *err)
{
    if (out->format == MUD_FORMAT_JSON)
        put(out, out->records ? MUD_STR("\n]\n") : MUD_STR("[]\n"));
    return mud_out_flush(out, err);
}
