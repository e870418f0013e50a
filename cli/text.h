/*
 * Records for people: the JSON of a record as the lines that a terminal shows.
 * What strangers wrote loses its control and direction characters here.
 */
#ifndef MUD_CLI_TEXT_H
#define MUD_CLI_TEXT_H

#include "base/json.h"
#include "cli/out.h"

/* Any record, by its "type"; unknown types as indented keys and values. */
void mud_text_record(struct mud_buf *out, const json_t *record, bool colour);

/* One record of a listing: prints it in the form asked for. */
void mud_text_put(struct mud_out *out, struct mud_str json);

/* A string of a record, fit for a terminal, at most `most` characters. */
void mud_text_plain(struct mud_buf *out, struct mud_str text, size_t most);

/* "2026-10-06 14:29" in the zone of the settings of an RFC 3339 text, or "-". */
void mud_text_time(struct mud_buf *out, struct mud_str rfc3339);

/* Category and direction in the language of the session. */
const char *mud_text_category(struct mud_str name);
const char *mud_text_direction(struct mud_str name);

/* "0.3 CNY/host" of a price object. */
void mud_text_price(struct mud_buf *out, const json_t *price);

/* " 5000 host" of a quantity object; nothing when it is vague. */
void mud_text_quantity(struct mud_buf *out, const json_t *quantity);

#endif
