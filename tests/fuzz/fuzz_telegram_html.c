#include "parse/chat_telegram_html.h"

#define MUD_FUZZ_FORMAT   mud_chat_telegram_html
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
