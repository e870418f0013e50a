/* Lines of a connection that stays, one by one. */
#ifndef MUD_FETCH_WIRE_LINES_H
#define MUD_FETCH_WIRE_LINES_H

#include "fetch/wire.h"

#define MUD_WIRE_LINES_ROOM ((size_t)64 << 10)

struct mud_wire_lines { /* begin with {.wire = wire} */
    struct mud_wire *wire;
    size_t from, to, looked; /* bytes not given yet; of them without an end */
    char room[MUD_WIRE_LINES_ROOM];
};

/*
 * The next line without its end ("\n" or "\r\n"), as long as nothing else is
 * asked for; waits at most wait_ms. *any false: none came. MUD_ELIMIT: one that is
 * longer than most (below MUD_WIRE_LINES_ROOM); else as mud_wire_read.
 */
MUD_MUST bool mud_wire_line(struct mud_str *line, bool *any,
                            struct mud_wire_lines *lines, size_t most,
                            int wait_ms, struct mud_error *err);

#endif
