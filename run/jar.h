/* Where the cookies of a source are kept between rounds. */
#ifndef MUD_RUN_JAR_H
#define MUD_RUN_JAR_H

#include "base/error.h"
#include "base/str.h"

/*
 * In MUDLARK_HOME/cookies/SOURCE.d the file account-NAME, or guest when account
 * is empty. The folder is made, its files are mode 0600. MUD_EIO, MUD_ELIMIT.
 */
MUD_MUST bool mud_jar_path(char *out, size_t size, const char *home,
                           struct mud_str source, struct mud_str account,
                           struct mud_error *err);

#endif
