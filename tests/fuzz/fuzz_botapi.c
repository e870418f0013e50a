#include "parse/chat_botapi.h"

#define MUD_FUZZ_FORMAT mud_chat_botapi
#include "tests/fuzz/chat.h"
