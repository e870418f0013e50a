#include "base/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

struct mud_sha256 {
    EVP_MD_CTX *ctx;
};

/* Fetched once: a fetch for each digest costs more than a short digest. */
static EVP_MD *sha256;
static pthread_key_t context_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* OpenSSL's digests fail only when memory is out or the build lacks them. */
static void need(bool ok)
{
    if (!ok)
        mud_out_of_memory();
}

static void drop_md(void)
{
    EVP_MD_free(sha256);
}

static void drop_context(void *sha)
{
    mud_sha256_free(sha);
}

static void fetch_md(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    need(sha256 != NULL);
    need(pthread_key_create(&context_key, drop_context) == 0);
    atexit(drop_md);
}

struct mud_sha256 *mud_sha256_new(void)
{
    struct mud_sha256 *sha = mud_calloc(1, sizeof(*sha));

    pthread_once(&once, fetch_md);
    sha->ctx = EVP_MD_CTX_new();
    need(sha->ctx != NULL);
    need(EVP_DigestInit_ex2(sha->ctx, sha256, NULL) == 1);
    return sha;
}

struct mud_sha256 *mud_sm3_new(void)
{
    struct mud_sha256 *sha = mud_calloc(1, sizeof(*sha));

    sha->ctx = EVP_MD_CTX_new();
    need(sha->ctx != NULL);
    need(EVP_DigestInit_ex2(sha->ctx, EVP_sm3(), NULL) == 1);
    return sha;
}

void mud_sm3_of(struct mud_str bytes, uint8_t out[MUD_SHA256])
{
    need(EVP_Digest(
             bytes.s ? bytes.s : "", bytes.n, out, NULL, EVP_sm3(), NULL) == 1);
}

void mud_sha256_add(struct mud_sha256 *sha, const void *bytes, size_t n)
{
    if (n)
        need(EVP_DigestUpdate(sha->ctx, bytes, n) == 1);
}

void mud_sha256_end(struct mud_sha256 *sha, uint8_t out[MUD_SHA256])
{
    need(EVP_DigestFinal_ex(sha->ctx, out, NULL) == 1);
    need(EVP_DigestInit_ex2(sha->ctx, NULL, NULL) == 1);
}

void mud_sha256_free(struct mud_sha256 *sha)
{
    if (!sha)
        return;
    EVP_MD_CTX_free(sha->ctx);
    free(sha);
}

/* A thread's own digest, always ready to begin. */
static struct mud_sha256 *thread_sha(void)
{
    struct mud_sha256 *sha;

    pthread_once(&once, fetch_md);
    sha = pthread_getspecific(context_key);
    if (!sha) {
        sha = mud_sha256_new();
        pthread_setspecific(context_key, sha);
    }
    return sha;
}

void mud_sha256_of(struct mud_str bytes, uint8_t out[MUD_SHA256])
{
    struct mud_sha256 *sha = thread_sha();

    mud_sha256_add(sha, bytes.s, bytes.n);
    mud_sha256_end(sha, out);
}

void mud_hmac256(struct mud_str key, struct mud_str bytes,
                 uint8_t out[MUD_SHA256])
{
    unsigned n = MUD_SHA256;

    pthread_once(&once, fetch_md);
    need(key.n <= 1u << 20 &&
         HMAC(sha256,
              key.s ? key.s : "",
              (int)key.n,
              (const unsigned char *)(bytes.s ? bytes.s : ""),
              bytes.n,
              out,
              &n) != NULL);
}

const char *mud_hex(char *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * n] = '\0';
    return out;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool mud_unhex(struct mud_str hex, uint8_t *out, size_t n)
{
    if (hex.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(hex.s[2 * i]);
        int low = hex_digit(hex.s[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

struct mud_id mud_id_of(const char *type, struct mud_str key)
{
    return mud_id_of_parts(type, &key, 1);
}

struct mud_id mud_id_of_parts(const char *type, const struct mud_str *parts,
                              size_t n)
{
    struct mud_sha256 *sha = thread_sha();
    uint8_t digest[MUD_SHA256];
    struct mud_id id;

    mud_sha256_add(sha, type, strlen(type));
    for (size_t i = 0; i < n; i++) {
        mud_sha256_add(sha, "\x1f", 1);
        mud_sha256_add(sha, parts[i].s, parts[i].n);
    }
    mud_sha256_end(sha, digest);
    memcpy(id.b, digest, sizeof(id.b));
    return id;
}

bool mud_id_eq(struct mud_id a, struct mud_id b)
{
    return mud_id_cmp(a, b) == 0;
}

int mud_id_cmp(struct mud_id a, struct mud_id b)
{
    return memcmp(a.b, b.b, sizeof(a.b));
}

bool mud_id_zero(struct mud_id id)
{
    return mud_id_eq(id, (struct mud_id){0});
}

const char *mud_id_text(char out[MUD_ID_TEXT], struct mud_id id)
{
    char *at = out;

    for (size_t i = 0; i < sizeof(id.b); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        mud_hex(at, &id.b[i], 1);
        at += 2;
    }
    return out;
}

bool mud_id_parse(struct mud_str text, struct mud_id *out)
{
    char hex[32];
    size_t n = 0;

    if (text.n != MUD_ID_TEXT - 1)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash != (text.s[i] == '-'))
            return false;
        if (!dash)
            hex[n++] = text.s[i];
    }
    return mud_unhex(mud_str_of(hex, n), out->b, sizeof(out->b));
}

__extension__ typedef unsigned __int128 wide;

/* Both halves of a product: every bit of a and b reaches every bit out. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load(const unsigned char *p, size_t n)
{
    uint64_t word = 0;

    memcpy(&word, p, n);
    return word;
}

uint64_t mud_hash64(const void *bytes, size_t n)
{
    /* Odd constants with bits evenly spread: fractions of square roots. */
    const uint64_t k0 = UINT64_C(0x6A09E667F3BCC909);
    const uint64_t k1 = UINT64_C(0xBB67AE8584CAA73B);
    const unsigned char *p = bytes;
    uint64_t hash = k0 ^ n;
    size_t left = n;

    for (; left > 16; left -= 16, p += 16)
        hash = mix(load(p, 8) ^ k1, load(p + 8, 8) ^ hash);
    if (left > 8)
        hash = mix(load(p, 8) ^ k1, load(p + left - 8, 8) ^ hash);
    else if (left)
        hash = mix(load(p, left) ^ k1, hash);
    return mix(hash ^ k1, k0);
}

void mud_random(void *out, size_t n)
{
    unsigned char *p = out;

    while (n) {
        ssize_t got = getrandom(p, n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort();
        p += got;
        n -= (size_t)got;
    }
}

void mud_md5_hex(char out[MUD_MD5_HEX], struct mud_str bytes)
{
    uint8_t digest[16];
    unsigned n = sizeof digest;

    need(EVP_Digest(bytes.s, bytes.n, digest, &n, EVP_md5(), NULL) == 1);
    mud_hex(out, digest, sizeof digest);
}
