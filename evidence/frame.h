/*
 * Sealed files: bytes of the vault, encrypted in frames that can be read alone.
 *
 *     file   16  "MUDSEAL\n", version (1), layout (1 or 2), six zero bytes
 *     frame  48  "MSF1", cipher, flags, two zero bytes, length of the plain
 *                bytes (LE 32), number (LE 32), key id (16), salt (16)
 *             n  the plain bytes, encrypted (at most 65,536)
 *            16  tag; the 48 bytes of the head are authenticated with it
 *
 * The id names a data key (evidence/keys.h). All frames of one capture have one
 * salt and one key of their own, made of data key and salt; number counts them
 * from 0 and is the nonce. So a capture's key can be kept while the data key
 * that all the others hang on is destroyed, and the sealed bytes stay as they
 * are. Flag 1: the frame ends a record.
 *
 * Layout 1, records: every record begins a frame; an offset is that of its
 * first frame in the file (0: the first, behind the file's head). A file's
 * first record, its warcinfo, stands in clear frames (cipher 0, no tag).
 * Layout 2, one file: all frames but the last are full, so that offsets are
 * those of the plain file.
 */
#ifndef MUD_EVIDENCE_FRAME_H
#define MUD_EVIDENCE_FRAME_H

#include "base/hash.h"
#include "base/str.h"

#define MUD_SEALED_HEAD 16
#define MUD_FRAME_HEAD  48
#define MUD_FRAME_TAG   16
#define MUD_FRAME_PLAIN ((size_t)65536)
#define MUD_FRAME_MOST  (MUD_FRAME_HEAD + MUD_FRAME_PLAIN + MUD_FRAME_TAG)
#define MUD_FRAME_KEY   32

enum mud_sealed_layout {
    MUD_SEALED_RECORDS = 1,
    MUD_SEALED_FILE = 2
};

enum mud_cipher {
    MUD_CIPHER_CLEAR = 0,
    MUD_CIPHER_AES = 1,    /* AES-256-GCM */
    MUD_CIPHER_XCHACHA = 2 /* XChaCha20-Poly1305 */
};

struct mud_frame {
    enum mud_cipher cipher;
    bool last; /* of its record */
    uint32_t n, number;
    struct mud_id key, salt;
};

/* AES where the processor has instructions for it, else XChaCha. */
enum mud_cipher mud_cipher_best(void);

void mud_sealed_head_write(uint8_t out[MUD_SEALED_HEAD],
                           enum mud_sealed_layout layout);
/* False: no sealed file of a version that is known here. */
MUD_MUST bool mud_sealed_head_read(enum mud_sealed_layout *layout,
                                   const uint8_t head[MUD_SEALED_HEAD]);
/* False: no head of a frame. */
MUD_MUST bool mud_frame_read(struct mud_frame *out,
                             const uint8_t head[MUD_FRAME_HEAD]);
/* Bytes that a frame of n plain ones takes in the file. */
size_t mud_frame_size(enum mud_cipher cipher, size_t n);

/* The key of a capture's frames, out of data key and salt. */
void mud_frame_key(uint8_t out[MUD_FRAME_KEY],
                   const uint8_t data[MUD_FRAME_KEY], struct mud_id key,
                   struct mud_id salt);

/* The plain bytes of a whole frame; false: not what was sealed. key is that of
 * mud_frame_key, NULL for clear frames. AES works on any processor. */
MUD_MUST bool mud_frame_open(uint8_t *plain, const struct mud_frame *frame,
                             const uint8_t *bytes, const uint8_t *key);

/* Encrypts one capture: a fresh salt, a key, frames counted. */
struct mud_sealer;
struct mud_sealer *mud_sealer_new(enum mud_cipher cipher);
void mud_sealer_free(struct mud_sealer *sealer); /* wipes; NULL is fine */
void mud_sealer_begin(struct mud_sealer *sealer, struct mud_id key,
                      const uint8_t data[MUD_FRAME_KEY]);
/* A record, or a piece of it, as frames behind out. Pieces that are not the
 * last must be full (MUD_FRAME_PLAIN) in layout 2. */
void mud_sealer_add(struct mud_sealer *sealer, struct mud_buf *out,
                    struct mud_str plain, bool last);
/* The same without encryption. */
void mud_sealer_clear(struct mud_buf *out, struct mud_str plain);
struct mud_id mud_sealer_salt(const struct mud_sealer *sealer);

#endif
