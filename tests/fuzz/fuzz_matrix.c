#include "parse/chat_matrix.h"

#define MUD_FUZZ_FORMAT mud_chat_matrix
#include "tests/fuzz/chat.h"
