/*
 * The log: one line an event on stderr (or a file), as text or JSON lines, with
 * level, time and the id of what it is about. Not for results, which commands
 * print, nor for errors, which travel as values. Never holds secrets or
 * victims' data. Thread-safe.
 */
#ifndef MUD_BASE_LOG_H
#define MUD_BASE_LOG_H

#include "base/str.h"

enum mud_level {
    MUD_LOG_ERROR,
    MUD_LOG_WARN,
    MUD_LOG_INFO,
    MUD_LOG_DEBUG
};

/* Default: warnings, text, stderr. json: one object a line. fd is borrowed. */
void mud_log_setup(enum mud_level most, bool json, int fd);

/* about: capture id, source name, job..., or NULL. */
void mud_log(enum mud_level level, const char *about, const char *fmt, ...)
    MUD_PRINTF(3, 4);

struct mud_log_count {
    const char *name;
    int64_t n;
};

/*
 * Something happened to a source that can be counted: {"time","level","source",
 * "event","counts":{...},"text"}, so that a machine finds it again; as text "round:
 * ..., pages 3, posts 20". text: more words, or empty.
 */
void mud_log_event(enum mud_level level, struct mud_str source,
                   const char *event, const struct mud_log_count *counts,
                   size_t n, struct mud_str text);
/* Lines are JSON: nothing else is to be written beside them. */
bool mud_log_is_json(void);

#endif
