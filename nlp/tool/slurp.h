/* Whole files, for the programs that make tables. */
#ifndef MUD_NLP_TOOL_SLURP_H
#define MUD_NLP_TOOL_SLURP_H

#include "base/str.h"

#include <stdio.h>

static inline bool slurp(struct mud_buf *buf, const char *path,
                         struct mud_error *err)
{
    FILE *f = fopen(path, "rb");
    char block[65536];
    size_t n;

    if (!f)
        return mud_fail_errno(err, MUD_EIO, "open %s", path);
    while ((n = fread(block, 1, sizeof block, f)))
        mud_buf_put(buf, block, n);
    if (ferror(f)) {
        (void)fclose(f);
        return mud_fail_errno(err, MUD_EIO, "read %s", path);
    }
    (void)fclose(f);
    return true;
}

static inline bool save(const char *path, struct mud_str bytes,
                        struct mud_error *err)
{
    FILE *f = fopen(path, "wb");

    if (!f)
        return mud_fail_errno(err, MUD_EIO, "create %s", path);
    if (fwrite(bytes.s, 1, bytes.n, f) != bytes.n) {
        (void)fclose(f);
        return mud_fail_errno(err, MUD_EIO, "write %s", path);
    }
    if (fclose(f))
        return mud_fail_errno(err, MUD_EIO, "write %s", path);
    return true;
}

#endif
