/* Character references of HTML, to UTF-8. */
#ifndef MUD_PARSE_ENTITY_H
#define MUD_PARSE_ENTITY_H

#include "base/str.h"

/*
 * text (valid UTF-8) with its references decoded, appended to out. What names
 * no character (0, surrogates) becomes U+FFFD, an unknown name stays as it
 * is. attr: inside an attribute, where a name needs its ";".
 */
void mud_entities_decode(struct mud_buf *out, struct mud_str text, bool attr);

#endif
