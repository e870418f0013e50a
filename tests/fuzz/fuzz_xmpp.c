#include "parse/chat_xmpp.h"

#define MUD_FUZZ_FORMAT   mud_chat_xmpp
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
