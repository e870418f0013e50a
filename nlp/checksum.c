#include "nlp/checksum.h"

#include "base/hash.h"

#define B58_MAX 128

/* Values of the characters from '1' to 'z', one more each; 0 for none. */
static const uint8_t base58_values['z' - '1' + 1] = {
    1,  2,  3,  4,  5,  6,  7,  8,  9,  0,  0,  0,  0,  0,  0,  0,  10, 11, 12,
    13, 14, 15, 16, 17, 0,  18, 19, 20, 21, 22, 0,  23, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 0,  0,  0,  0,  0,  0,  34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 0,  45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58};

static int base58_digit(char c)
{
    return c >= '1' && c <= 'z' ? base58_values[c - '1'] - 1 : -1;
}

/* Little-endian words of a number that grows by digits. */
struct base58 {
    uint32_t words[B58_MAX / 4];
    size_t n;
};

static void base58_take(struct base58 *b, uint32_t by, uint32_t digits)
{
    uint64_t carry = digits;

    for (size_t k = 0; k < b->n; k++) {
        carry += (uint64_t)by * b->words[k];
        b->words[k] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) /* 128 digits fill less than all words */
        b->words[b->n++] = (uint32_t)carry;
}

/* Big-endian bytes of s in out[0..size); the count, or 0 when it is none. */
static size_t base58(uint8_t *out, size_t size, struct mud_str s)
{
    struct base58 b = {.n = 0};
    size_t zeros = 0, n;
    uint32_t by = 1, digits = 0;

    if (s.n == 0 || s.n > B58_MAX)
        return 0;
    while (zeros < s.n && s.s[zeros] == '1')
        zeros++;
    for (size_t i = zeros; i < s.n; i++) {
        int digit = base58_digit(s.s[i]);

        if (digit < 0)
            return 0;
        digits = digits * 58 + (uint32_t)digit;
        by *= 58;
        if (by == 656356768) { /* 58 to the 5th */
            base58_take(&b, by, digits);
            by = 1;
            digits = 0;
        }
    }
    base58_take(&b, by, digits);
    n = b.n * 4;
    while (n > 0 && (b.words[(n - 1) / 4] >> (n - 1) % 4 * 8 & 0xFF) == 0)
        n--;
    if (zeros + n > size)
        return 0;
    memset(out, 0, zeros);
    for (size_t k = 0; k < n; k++)
        out[zeros + n - 1 - k] = (uint8_t)(b.words[k / 4] >> k % 4 * 8);
    return zeros + n;
}

/* Do the last four bytes prove those before them? */
static bool base58_holds(const uint8_t *bytes, size_t n)
{
    uint8_t digest[MUD_SHA256];

    mud_sha256_of(mud_str_of((const char *)bytes, n - 4), digest);
    mud_sha256_of(mud_str_of((const char *)digest, sizeof digest), digest);
    return memcmp(digest, bytes + n - 4, 4) == 0;
}

bool mud_base58check(struct mud_str s, uint8_t *version, size_t *length)
{
    uint8_t bytes[64];
    size_t n = base58(bytes, sizeof bytes, s);

    if (n < 5)
        return false;
    *version = bytes[0];
    *length = n;
    return base58_holds(bytes, n);
}

static bool versioned(struct mud_str s, const char *versions, size_t n)
{
    uint8_t bytes[25];

    return s.n >= 26 && s.n <= 35 && base58(bytes, sizeof bytes, s) == 25 &&
           memchr(versions, bytes[0], n) != NULL && base58_holds(bytes, 25);
}

static int bech32_digit(char c)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const char *p = c ? strchr(alphabet, c) : NULL;

    return p ? (int)(p - alphabet) : -1;
}

static uint32_t bech32_step(uint32_t sum, uint32_t value)
{
    static const uint32_t gen[] = {
        0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;

    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++) {
        if (top >> i & 1)
            sum ^= gen[i];
    }
    return sum;
}

/* Does the program of so many 5-bit values, the last one `last`, make 2 to 40
 * whole bytes with nothing left over (BIP-173)? */
static bool whole_bytes(size_t values, int last)
{
    size_t bits = values * 5, pad = bits % 8;

    return bits / 8 >= 2 && bits / 8 <= 40 && pad < 5 &&
           (last & ((1 << pad) - 1)) == 0;
}

/* A segwit address of that human-readable part; case must not be mixed. */
static bool segwit(struct mud_str s, const char *hrp)
{
    size_t h = strlen(hrp), data = s.n - h - 1;
    uint32_t sum = 1;
    bool upper = false, lower = false;
    int version = -1, last = 0;

    if (s.n < h + 8 || s.n > 90)
        return false;
    for (size_t i = 0; i < h; i++)
        sum = bech32_step(sum, (uint32_t)(hrp[i] >> 5));
    sum = bech32_step(sum, 0);
    for (size_t i = 0; i < h; i++)
        sum = bech32_step(sum, (uint32_t)(hrp[i] & 31));
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];

        upper |= c >= 'A' && c <= 'Z';
        lower |= c >= 'a' && c <= 'z';
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (i < h ? c != hrp[i] : i == h && c != '1')
            return false;
        if (i > h) {
            int digit = bech32_digit(c);

            if (digit < 0)
                return false;
            if (i == h + 1)
                version = digit;
            if (i + 7 == s.n) /* six of the checksum follow */
                last = digit;
            sum = bech32_step(sum, (uint32_t)digit);
        }
    }
    if ((upper && lower) || version > 16 || data < 8 ||
        !whole_bytes(data - 7, last))
        return false;
    /* 20 or 32 bytes for version 0; BIP-350 changes the constant after it. */
    return version == 0 ? sum == 1 && (data == 39 || data == 59)
                        : sum == 0x2bc830a3;
}

bool mud_is_btc(struct mud_str s)
{
    static const char versions[] = {0x00, 0x05};

    return versioned(s, versions, sizeof versions) ||
           (mud_str_istarts(s, MUD_STR("bc1")) && segwit(s, "bc"));
}

bool mud_is_ltc(struct mud_str s)
{
    static const char versions[] = {0x30, 0x32};

    return versioned(s, versions, sizeof versions) ||
           (mud_str_istarts(s, MUD_STR("ltc1")) && segwit(s, "ltc"));
}

bool mud_is_doge(struct mud_str s)
{
    static const char versions[] = {0x1e, 0x16};

    return versioned(s, versions, sizeof versions);
}

bool mud_is_tron(struct mud_str s)
{
    static const char versions[] = {0x41};

    return s.n == 34 && versioned(s, versions, sizeof versions);
}

static uint64_t rotl(uint64_t x, unsigned n)
{
    return n ? x << n | x >> (64 - n) : x;
}

/* FIPS 202, 3.2: one permutation of 24 rounds. */
static void keccak_f(uint64_t a[25])
{
    static const uint8_t turn[24] = {1,  3,  6,  10, 15, 21, 28, 36,
                                     45, 55, 2,  14, 27, 41, 56, 8,
                                     25, 43, 62, 18, 39, 61, 20, 44};
    static const uint8_t lane[24] = {10, 7,  11, 17, 18, 3,  5,  16,
                                     8,  21, 24, 4,  15, 23, 19, 13,
                                     12, 2,  20, 14, 22, 9,  6,  1};
    uint8_t lfsr = 1;

    for (unsigned round = 0; round < 24; round++) {
        uint64_t c[5], t;

        for (unsigned x = 0; x < 5; x++)
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (unsigned i = 0; i < 25; i++)
            a[i] ^= c[(i + 4) % 5] ^ rotl(c[(i + 1) % 5], 1);
        t = a[1];
        for (unsigned i = 0; i < 24; i++) {
            uint64_t keep = a[lane[i]];

            a[lane[i]] = rotl(t, turn[i]);
            t = keep;
        }
        for (unsigned y = 0; y < 25; y += 5) {
            memcpy(c, a + y, sizeof c);
            for (unsigned x = 0; x < 5; x++)
                a[y + x] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
        }
        for (unsigned j = 0; j < 7; j++) { /* iota */
            if (lfsr & 1)
                a[0] ^= UINT64_C(1) << ((1U << j) - 1);
            lfsr = (uint8_t)(lfsr << 1 ^ (lfsr >> 7) * 0x71);
        }
    }
}

void mud_keccak256(uint8_t out[32], struct mud_str bytes, uint8_t pad)
{
    uint64_t a[25] = {0};
    size_t i = 0;

    for (; i < bytes.n; i++) {
        size_t at = i % 136;

        a[at / 8] ^= (uint64_t)(uint8_t)bytes.s[i] << at % 8 * 8;
        if (at == 135)
            keccak_f(a);
    }
    a[i % 136 / 8] ^= (uint64_t)pad << i % 8 * 8;
    a[16] ^= UINT64_C(0x80) << 56;
    keccak_f(a);
    for (i = 0; i < 32; i++)
        out[i] = (uint8_t)(a[i / 8] >> i % 8 * 8);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool mud_is_eth(struct mud_str s, bool *proved)
{
    char low[40];
    uint8_t digest[32];
    bool upper = false, lower = false;

    if (s.n != 42 || s.s[0] != '0' || s.s[1] != 'x')
        return false;
    for (size_t i = 0; i < 40; i++) {
        char c = s.s[i + 2];

        if (hex_digit(c) < 0)
            return false;
        upper |= c >= 'A' && c <= 'F';
        lower |= c >= 'a' && c <= 'f';
        low[i] = (char)(c >= 'A' && c <= 'F' ? c + 32 : c);
    }
    if (proved)
        *proved = upper && lower;
    if (!upper || !lower)
        return true;
    mud_keccak256(digest, mud_str_of(low, sizeof low), 0x01);
    for (size_t i = 0; i < 40; i++) {
        bool high = (digest[i / 2] >> (i % 2 ? 0 : 4) & 8) != 0;
        char c = s.s[i + 2];

        if (c > '9' && high != (c <= 'F'))
            return false;
    }
    return true;
}

/* Monero writes blocks of 8 bytes as 11 characters, the last 5 as 7. */
bool mud_is_xmr(struct mud_str s)
{
    uint8_t bytes[72], digest[32];
    size_t n = 0;

    if (s.n != 95 || (s.s[0] != '4' && s.s[0] != '8'))
        return false;
    for (size_t i = 0; i < s.n; i += 11) {
        size_t chars = s.n - i < 11 ? s.n - i : 11;
        size_t size = chars == 11 ? 8 : 5;
        uint64_t value = 0;

        for (size_t k = 0; k < chars; k++) {
            int digit = base58_digit(s.s[i + k]);

            if (digit < 0 || __builtin_mul_overflow(value, 58U, &value) ||
                __builtin_add_overflow(value, (unsigned)digit, &value))
                return false;
        }
        if (size < 8 && value >> (size * 8))
            return false;
        for (size_t k = size; k-- > 0; value >>= 8)
            bytes[n + k] = (uint8_t)value;
        n += size;
    }
    mud_keccak256(digest, mud_str_of((const char *)bytes, n - 4), 0x01);
    return memcmp(digest, bytes + n - 4, 4) == 0;
}

bool mud_is_sol(struct mud_str s)
{
    uint8_t bytes[64];

    return s.n >= 32 && s.n <= 44 && base58(bytes, sizeof bytes, s) == 32;
}

/* User-friendly form: 36 bytes in base64(url), CRC16/XMODEM over 34. */
bool mud_is_ton(struct mud_str s)
{
    uint8_t bytes[36];
    uint32_t hold = 0, crc = 0;
    size_t n = 0;

    if (s.n != 48)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        int v = c >= 'A' && c <= 'Z'   ? c - 'A'
                : c >= 'a' && c <= 'z' ? c - 'a' + 26
                : c >= '0' && c <= '9' ? c - '0' + 52
                : c == '-' || c == '+' ? 62
                : c == '_' || c == '/' ? 63
                                       : -1;

        if (v < 0)
            return false;
        hold = hold << 6 | (uint32_t)v;
        if (i % 4 == 3) {
            bytes[n++] = (uint8_t)(hold >> 16);
            bytes[n++] = (uint8_t)(hold >> 8);
            bytes[n++] = (uint8_t)hold;
        }
    }
    for (size_t i = 0; i < 34; i++) {
        crc ^= (uint32_t)bytes[i] << 8;
        for (unsigned b = 0; b < 8; b++)
            crc = crc << 1 ^ (crc & 0x8000 ? 0x1021U : 0);
        crc &= 0xFFFF;
    }
    return (bytes[0] & 0x7F) <= 0x51 && (bytes[0] & 0x7F) >= 0x11 &&
           crc == ((uint32_t)bytes[34] << 8 | bytes[35]);
}

bool mud_is_onion(struct mud_str s)
{
    uint8_t bytes[35], digest[32];
    char text[15 + 33];
    uint32_t hold = 0;
    unsigned bits = 0;
    size_t n = 0;

    if (s.n != 56)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = (char)(s.s[i] | 0x20);
        int v = s.s[i] >= '2' && s.s[i] <= '7' ? s.s[i] - '2' + 26
                : c >= 'a' && c <= 'z'         ? c - 'a'
                                               : -1;

        if (v < 0)
            return false;
        hold = (hold << 5 | (uint32_t)v) & 0xFFFFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes[n++] = (uint8_t)(hold >> bits);
        }
    }
    memcpy(text, ".onion checksum", 15);
    memcpy(text + 15, bytes, 32);
    text[47] = 3;
    mud_keccak256(digest, mud_str_of(text, sizeof text), 0x06);
    return bytes[34] == 3 && bytes[32] == digest[0] && bytes[33] == digest[1];
}

bool mud_is_tox(struct mud_str s)
{
    uint8_t bytes[38], sum[2] = {0, 0};

    if (s.n != 76 || !mud_unhex(s, bytes, sizeof bytes))
        return false;
    for (size_t i = 0; i < 36; i++)
        sum[i % 2] ^= bytes[i];
    return sum[0] == bytes[36] && sum[1] == bytes[37];
}

bool mud_is_session(struct mud_str s)
{
    if (s.n != 66 || s.s[0] != '0' || s.s[1] != '5')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (hex_digit(s.s[i]) < 0)
            return false;
    }
    return true;
}

bool mud_luhn(struct mud_str digits)
{
    unsigned sum = 0;

    for (size_t i = 0; i < digits.n; i++) {
        unsigned d = (unsigned)(digits.s[digits.n - 1 - i] - '0');

        if (d > 9)
            return false;
        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return digits.n > 1 && sum % 10 == 0;
}

bool mud_is_id_card(struct mud_str s)
{
    unsigned sum = 0, month, day, year;

    if (s.n != 18)
        return false;
    for (size_t i = 0; i < 17; i++) {
        unsigned weight = 1U << (17 - i);

        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
        sum += weight % 11 * (unsigned)(s.s[i] - '0');
    }
    year = (unsigned)((s.s[6] - '0') * 1000 + (s.s[7] - '0') * 100 +
                      (s.s[8] - '0') * 10 + (s.s[9] - '0'));
    month = (unsigned)((s.s[10] - '0') * 10 + (s.s[11] - '0'));
    day = (unsigned)((s.s[12] - '0') * 10 + (s.s[13] - '0'));
    if (year < 1850 || year > 2100 || month < 1 || month > 12 || day < 1 ||
        day > 31)
        return false;
    return "10X98765432"[sum % 11] == (s.s[17] == 'x' ? 'X' : s.s[17]);
}
