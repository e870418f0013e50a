/* Matrix events: an array, lines, answers of a homeserver, Element's export. */
#ifndef MUD_PARSE_CHAT_MATRIX_H
#define MUD_PARSE_CHAT_MATRIX_H

#include "parse/chat.h"

extern const struct mud_chat_format mud_chat_matrix;

#endif
