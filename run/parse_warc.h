/* The pages in a WARC file, as `mudlark parse` prints them; no database. */
#ifndef MUD_RUN_PARSE_WARC_H
#define MUD_RUN_PARSE_WARC_H

#include "parse/input.h"

/*
 * Every HTTP response in the WARC at path, and every page that another tool
 * kept as a resource, goes through a parse worker; records
 * go to sink as in mud_parse_path. Damage gives a note with its place, and
 * reading goes on behind it. Bodies above 64 MiB are set aside with a note.
 */
MUD_MUST bool mud_parse_warc(const char *path,
                             const struct mud_parse_options *options,
                             struct mud_parser *parser,
                             struct mud_parse_sink *sink,
                             struct mud_error *err);

#endif
