/*
 * Proof by form: identifiers that carry their own check. Each function takes
 * the identifier alone, as written, and says whether its checksum holds.
 * Sources: Bitcoin base58check and BIP-173/350, EIP-55, Monero's address
 * format, Tor rend-spec-v3 (onion), c-toxcore (Tox id), ISO/IEC 7812 (Luhn),
 * GB 11643-1999 with ISO 7064 MOD 11-2, CRC16/XMODEM (TON).
 */
#ifndef MUD_NLP_CHECKSUM_H
#define MUD_NLP_CHECKSUM_H

#include "base/str.h"

/* Base58 with a SHA-256d checksum; *version is the first byte (21 to 38 bytes
 * in all). */
MUD_MUST bool mud_base58check(struct mud_str s, uint8_t *version,
                              size_t *length);

/* Bitcoin main net: 1..., 3..., bc1... */
bool mud_is_btc(struct mud_str s);
bool mud_is_ltc(struct mud_str s);
bool mud_is_doge(struct mud_str s);
bool mud_is_tron(struct mud_str s);
/*
 * 0x and 40 hex digits. All lower or all upper case carries no checksum and
 * passes with *proved false (proved may be NULL).
 */
bool mud_is_eth(struct mud_str s, bool *proved);
bool mud_is_xmr(struct mud_str s);
/* 32 bytes in base58: form only, there is no checksum. */
bool mud_is_sol(struct mud_str s);
bool mud_is_ton(struct mud_str s);
/* 56 base32 characters, without ".onion". */
bool mud_is_onion(struct mud_str s);
bool mud_is_tox(struct mud_str s);
/* 05 and 64 lower-case hex digits: form only. */
bool mud_is_session(struct mud_str s);

bool mud_luhn(struct mud_str digits);
/* 18 characters with a possible birth date and a right check character. */
bool mud_is_id_card(struct mud_str s);

/* Keccak with rate 136 and 32 bytes out; pad 0x01 is Keccak-256 (Ethereum,
 * Monero), 0x06 is SHA3-256 (Tor). */
void mud_keccak256(uint8_t out[32], struct mud_str bytes, uint8_t pad);

#endif
