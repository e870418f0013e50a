#include "parse/chat_tme.h"

#define MUD_FUZZ_FORMAT   mud_chat_tme
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
