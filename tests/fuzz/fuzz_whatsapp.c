#include "parse/chat_whatsapp.h"

#define MUD_FUZZ_FORMAT   mud_chat_whatsapp
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
