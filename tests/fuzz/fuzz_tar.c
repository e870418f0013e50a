#include "parse/chat_zip.h"

#define MUD_FUZZ_FORMAT mud_chat_tar
#include "tests/fuzz/chat.h"
