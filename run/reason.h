/*
 * The words for reasons: why something was passed over, set aside or not
 * answered, and what an operator can do about it. Everything that is counted in
 * a report (report.h), stands as outcome of a page or as kind of an error
 * (health.h) has a row here, in English and Chinese; tests/run/test_reason.c
 * finds codes in the program's text that have none.
 */
#ifndef MUD_RUN_REASON_H
#define MUD_RUN_REASON_H

#include "base/str.h"

/*
 * What code means, in the language of the session. "http-404" and "tls-x" have
 * the words of "http" and "tls" where they have none of their own; what is not
 * known at all (a row of an older or newer version) stands as it is.
 */
const char *mud_reason_words(const char *code);
/* What to do about it, with NAME for the source; empty: nothing in particular. */
const char *mud_reason_advice(const char *code);
/* Such advice with the source's name for NAME. */
void mud_reason_named(struct mud_buf *out, const char *advice,
                      struct mud_str name);
/* Has it words, its own or those of what it begins with? */
bool mud_reason_known(const char *code);

#endif
