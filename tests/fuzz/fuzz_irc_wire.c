#include "parse/chat_irc_wire.h"

#define MUD_FUZZ_FORMAT   mud_chat_irc_wire
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
