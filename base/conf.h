/*
 * Settings and tables in text: INI ("[section]", "key = value", "#" or ";"
 * comments, values to the end of the line, later lines win) and TSV. Errors
 * name file and line.
 */
#ifndef MUD_BASE_CONF_H
#define MUD_BASE_CONF_H

#include "base/str.h"

struct mud_conf_entry {
    struct mud_str section, key, value;
    unsigned line;
};

struct mud_conf {
    const char *name; /* for messages */
    const struct mud_conf_entry *entries;
    size_t n;
};

/* Limits: 1 MiB, 10,000 entries, lines of 8 KiB; MUD_EINPUT names the line. */
MUD_MUST bool mud_conf_parse(struct mud_conf *out, const char *name,
                             struct mud_str text, struct mud_arena *arena,
                             struct mud_error *err);
/* The last value of section.key, or empty. A repeated key is a list: see at. */
struct mud_str mud_conf_get(const struct mud_conf *conf, const char *section,
                            const char *key);
/* Value number i (from 0) of a repeated key; false when there are fewer. */
bool mud_conf_at(const struct mud_conf *conf, const char *section,
                 const char *key, size_t i, struct mud_str *value);

/* One TSV row: fields in fields[0..*n), at most max. Blank lines and lines
 * that begin with "#" are passed over. *line counts lines from 1. */
struct mud_tsv {
    struct mud_str rest;
    unsigned line;
};

bool mud_tsv_next(struct mud_tsv *tsv, struct mud_str *fields, size_t max,
                  size_t *n);

/* Read a whole file, at most max bytes: MUD_EIO, MUD_EMISSING, MUD_ELIMIT. */
MUD_MUST bool mud_file_read(struct mud_str *out, const char *path, size_t max,
                            struct mud_arena *arena, struct mud_error *err);

/* All of bytes into a file; false with errno. */
MUD_MUST bool mud_write_all(int fd, struct mud_str bytes);

/* Make path and its parents (mode 0700 for what is new). */
MUD_MUST bool mud_mkdirs(const char *path, struct mud_error *err);

/*
 * MUDLARK_HOME, or $XDG_DATA_HOME/mudlark, or ~/.local/share/mudlark (for root
 * /var/lib/mudlark, since Postgres runs as another user, which may not enter
 * root's home); absolute. MUD_EUSAGE when there is no HOME either.
 */
MUD_MUST bool mud_home(char *out, size_t size, struct mud_error *err);

#endif
