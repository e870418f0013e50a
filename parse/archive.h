/*
 * The files of an archive (zip, tar, tar.gz), one after the other, as streams;
 * libarchive reads it, nothing is unpacked to disk. The archive itself is kept in a
 * nameless temporary file so that it can be walked twice. Limits hold whatever
 * it claims of itself: MUD_ARCHIVE_* below.
 */
#ifndef MUD_PARSE_ARCHIVE_H
#define MUD_PARSE_ARCHIVE_H

#include "parse/chat.h"

#define MUD_ARCHIVE_FILES 200000U              /* beyond, no more is read */
#define MUD_ARCHIVE_SIZE  (UINT64_C(8) << 30)  /* packed */
#define MUD_ARCHIVE_OUT   (UINT64_C(64) << 30) /* unpacked, of one walk */
#define MUD_ARCHIVE_RATIO 250U /* unpacked to packed, beyond the first 64 MiB */

struct mud_archive;

/* Takes all of bytes. Fails with MUD_EIO, MUD_ELIMIT above MUD_ARCHIVE_SIZE. */
MUD_MUST bool mud_archive_new(struct mud_archive **out,
                              const struct mud_bytes_in *bytes,
                              struct mud_error *err);
void mud_archive_free(struct mud_archive *archive);

struct mud_archive_walk {
    /* A file; what of its bytes is not read is passed over. */
    bool (*file)(struct mud_str path, const struct mud_bytes_in *bytes,
                 void *payload, struct mud_error *err);
    /* "archive-path" (absolute, upwards, a link), "archive-encrypted",
     * "archive-bomb", "archive-limit", "archive-broken"; path may be empty.
     * NULL: such files are passed over in silence. */
    bool (*fault)(const char *code, struct mud_str path, void *payload,
                  struct mud_error *err);
    void *payload;
};

static inline bool mud_archive_fault(const struct mud_archive_walk *walk,
                                     const char *code, struct mud_str path,
                                     struct mud_error *err)
{
    return !walk->fault || walk->fault(code, path, walk->payload, err);
}

/* From the first file. Fails when a callback does, never for what is in it. */
MUD_MUST bool mud_archive_each(struct mud_archive *archive,
                               const struct mud_archive_walk *walk,
                               struct mud_error *err);

#endif
