#include "parse/chat_wechat.h"

#define MUD_FUZZ_FORMAT   mud_chat_wechat_json
#define MUD_FUZZ_IN_ORDER 1
#include "tests/fuzz/chat.h"
