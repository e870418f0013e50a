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

#endif
