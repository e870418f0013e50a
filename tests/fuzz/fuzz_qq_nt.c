#include "parse/chat_qq_nt.h"

#define MUD_FUZZ_FORMAT   mud_chat_qq_nt
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
