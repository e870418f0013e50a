/* Digests (OpenSSL EVP) and the ids of the house. */
#ifndef MUD_BASE_HASH_H
#define MUD_BASE_HASH_H

#include "base/str.h"

#define MUD_SHA256 32
#define MUD_HEX256 65 /* hex digits and NUL */

struct mud_sha256; /* a running digest */

struct mud_sha256 *mud_sha256_new(void);
void mud_sha256_add(struct mud_sha256 *sha, const void *bytes, size_t n);
/* Writes the digest and begins anew. */
void mud_sha256_end(struct mud_sha256 *sha, uint8_t out[MUD_SHA256]);
void mud_sha256_free(struct mud_sha256 *sha);

void mud_sha256_of(struct mud_str bytes, uint8_t out[MUD_SHA256]);
void mud_hmac256(struct mud_str key, struct mud_str bytes,
                 uint8_t out[MUD_SHA256]);

/* The same with SM3 (GB/T 32905), whose digest is as long; for add, end, free. */
struct mud_sha256 *mud_sm3_new(void);
void mud_sm3_of(struct mud_str bytes, uint8_t out[MUD_SHA256]);

/* Lower-case hex of n bytes, NUL-ended, into out[2 * n + 1]. Returns out. */
const char *mud_hex(char *out, const uint8_t *bytes, size_t n);
/* Exactly 2 * n hex digits, either case. */
MUD_MUST bool mud_unhex(struct mud_str hex, uint8_t *out, size_t n);

/*
 * An id: the first 16 bytes of SHA-256(type 0x1f key), stored as uuid. Equal
 * facts get equal ids on every machine. Never of victims' data without HMAC.
 * Vectors: tests/base/test_hash.c.
 */
struct mud_id {
    uint8_t b[16];
};

struct mud_id mud_id_of(const char *type, struct mud_str key);
/* The same with the parts of the key joined by 0x1f. */
struct mud_id mud_id_of_parts(const char *type, const struct mud_str *parts,
                              size_t n);
bool mud_id_eq(struct mud_id a, struct mud_id b);
int mud_id_cmp(struct mud_id a, struct mud_id b);
bool mud_id_zero(struct mud_id id);
#define MUD_ID_TEXT 37
/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" */
const char *mud_id_text(char out[MUD_ID_TEXT], struct mud_id id);
MUD_MUST bool mud_id_parse(struct mud_str text, struct mud_id *out);

/* Fast unkeyed 64-bit hash for tables in memory; not stable across versions. */
uint64_t mud_hash64(const void *bytes, size_t n);

/* n bytes from the system's random source; aborts when there is none. */
void mud_random(void *out, size_t n);

/* MD5 in hex: for protocols that ask for it, and for nothing that must hold. */
#define MUD_MD5_HEX 33
void mud_md5_hex(char out[MUD_MD5_HEX], struct mud_str bytes);

#endif
