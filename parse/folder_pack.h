/*
 * An export of many files that only make sense together, as one file: an
 * unpacked export of Slack, whose days are read with the lists of its people and
 * channels. It is packed as a tar in a fixed order and without times or owners,
 * so that the same folder gives the same bytes wherever it was copied to.
 */
#ifndef MUD_PARSE_FOLDER_PACK_H
#define MUD_PARSE_FOLDER_PACK_H

#include "base/str.h"

#include <stdio.h>

#define MUD_PACK_FILE ((size_t)256 << 20) /* of one file */

/* Has it Slack's lists of people and of conversations? */
bool mud_folder_is_export(const char *path);

/*
 * Write the folder's files to out. passed: told of what is left out ("hidden",
 * "archive-path": a link or no file, "unreadable"). MUD_EIO when a file or out
 * cannot be read or written, MUD_ELIMIT above MUD_PACK_FILE.
 */
MUD_MUST bool mud_folder_pack(FILE *out, const char *path,
                              void (*passed)(const char *why,
                                             struct mud_str file,
                                             void *payload),
                              void *payload, struct mud_error *err);

#endif
