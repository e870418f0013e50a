#include "parse/chat_discord.h"

#define MUD_FUZZ_FORMAT   mud_chat_discord_html
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
