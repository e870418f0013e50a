#include "parse/chat_telegram.h"

#define MUD_FUZZ_FORMAT   mud_chat_telegram
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
