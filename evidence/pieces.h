/*
 * A file of the vault in pieces of at most 64 KiB: as it stands, or unsealed on
 * the way (evidence/frame.h). Where records are sealed a piece is a frame, and
 * `next` says where the following one begins; in all other files any offset can
 * be read.
 */
#ifndef MUD_EVIDENCE_PIECES_H
#define MUD_EVIDENCE_PIECES_H

#include "evidence/keys.h"

#define MUD_PIECE MUD_FRAME_PLAIN

struct mud_pieces;

struct mud_piece {
    size_t n;     /* 0: the end */
    int64_t next; /* offset behind it */
};

/* keys may be NULL: then a sealed file opens, and reading it is MUD_EDENIED.
 * MUD_EMISSING, MUD_EIO, MUD_EINPUT (no regular file). */
MUD_MUST bool mud_pieces_open(struct mud_pieces **out, const char *path,
                              struct mud_keys *keys, struct mud_error *err);
/* The same for a descriptor, which stays the caller's. */
MUD_MUST bool mud_pieces_of(struct mud_pieces **out, int fd, const char *path,
                            struct mud_keys *keys, struct mud_error *err);
void mud_pieces_close(struct mud_pieces *pieces); /* NULL is fine */

bool mud_pieces_sealed(const struct mud_pieces *pieces);
/* Sealed records: offsets are those of frames. */
bool mud_pieces_framed(const struct mud_pieces *pieces);

/* Into out (of MUD_PIECE bytes) what stands at this offset. MUD_ECORRUPT: a
 * frame is cut off, or is not what was sealed. */
MUD_MUST bool mud_pieces_read(struct mud_piece *piece, uint8_t *out,
                              struct mud_pieces *pieces, int64_t at,
                              struct mud_error *err);
/* The last piece as it stands in the file; empty unless it is a frame. */
struct mud_str mud_pieces_raw(const struct mud_pieces *pieces);
/* The last frame that was not a clear one; false: none. */
bool mud_pieces_frame(struct mud_frame *out, const struct mud_pieces *pieces);

#endif
