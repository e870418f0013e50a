#include "parse/chat_qq_mht.h"

#define MUD_FUZZ_FORMAT   mud_chat_qq_mht
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
