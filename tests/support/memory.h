/* Inside tests/support: the arena that lives until the program ends. */
#ifndef MUD_TESTS_SUPPORT_MEMORY_H
#define MUD_TESTS_SUPPORT_MEMORY_H

#include "base/arena.h"

struct mud_arena *mudtest_arena_(void);

#endif
