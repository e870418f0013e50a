#include "evidence/frame.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

static const uint8_t file_magic[] = {'M', 'U', 'D', 'S', 'E', 'A', 'L', '\n'};
static const uint8_t frame_magic[] = {'M', 'S', 'F', '1'};

#define VERSION 1
#define LAST    1 /* flag */

struct mud_sealer {
    enum mud_cipher cipher;
    struct mud_id key, salt;
    uint32_t number;
    uint8_t own[MUD_FRAME_KEY];
    crypto_aead_aes256gcm_state *aes; /* wants 16-byte places */
};

static void put32(uint8_t *to, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        to[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 |
           (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

enum mud_cipher mud_cipher_best(void)
{
    if (sodium_init() < 0)
        mud_out_of_memory();
    return crypto_aead_aes256gcm_is_available() ? MUD_CIPHER_AES
                                                : MUD_CIPHER_XCHACHA;
}

void mud_sealed_head_write(uint8_t out[MUD_SEALED_HEAD],
                           enum mud_sealed_layout layout)
{
    memset(out, 0, MUD_SEALED_HEAD);
    memcpy(out, file_magic, sizeof(file_magic));
    out[8] = VERSION;
    out[9] = (uint8_t)layout;
}

bool mud_sealed_head_read(enum mud_sealed_layout *layout,
                          const uint8_t head[MUD_SEALED_HEAD])
{
    static const uint8_t zero[6] = {0};

    if (memcmp(head, file_magic, sizeof(file_magic)) != 0 ||
        head[8] != VERSION || memcmp(head + 10, zero, sizeof(zero)) != 0 ||
        (head[9] != MUD_SEALED_RECORDS && head[9] != MUD_SEALED_FILE))
        return false;
    *layout = (enum mud_sealed_layout)head[9];
    return true;
}

static void frame_write(uint8_t out[MUD_FRAME_HEAD],
                        const struct mud_frame *frame)
{
    memcpy(out, frame_magic, sizeof(frame_magic));
    out[4] = (uint8_t)frame->cipher;
    out[5] = frame->last ? LAST : 0;
    out[6] = out[7] = 0;
    put32(out + 8, frame->n);
    put32(out + 12, frame->number);
    memcpy(out + 16, frame->key.b, 16);
    memcpy(out + 32, frame->salt.b, 16);
}

bool mud_frame_read(struct mud_frame *out, const uint8_t head[MUD_FRAME_HEAD])
{
    if (memcmp(head, frame_magic, sizeof(frame_magic)) != 0 ||
        head[4] > MUD_CIPHER_XCHACHA || head[5] > LAST || head[6] || head[7])
        return false;
    out->cipher = (enum mud_cipher)head[4];
    out->last = head[5] == LAST;
    out->n = get32(head + 8);
    out->number = get32(head + 12);
    memcpy(out->key.b, head + 16, 16);
    memcpy(out->salt.b, head + 32, 16);
    return out->n > 0 && out->n <= MUD_FRAME_PLAIN;
}

size_t mud_frame_size(enum mud_cipher cipher, size_t n)
{
    return MUD_FRAME_HEAD + n +
           (cipher == MUD_CIPHER_CLEAR ? 0 : MUD_FRAME_TAG);
}

void mud_frame_key(uint8_t out[MUD_FRAME_KEY],
                   const uint8_t data[MUD_FRAME_KEY], struct mud_id key,
                   struct mud_id salt)
{
    uint8_t text[16 + 32] = "mudlark capture";

    memcpy(text + 16, key.b, 16);
    memcpy(text + 32, salt.b, 16);
    if (crypto_generichash(
            out, MUD_FRAME_KEY, text, sizeof(text), data, MUD_FRAME_KEY) != 0)
        mud_out_of_memory();
}

/* The key is this capture's alone: a counter never comes twice with it. */
static void nonce_of(uint8_t nonce[24], uint32_t number)
{
    memset(nonce, 0, 24);
    put32(nonce, number);
}

/* By OpenSSL, whose AES runs on any processor: a vault may be read where it could
 * not have been written. */
static bool open_aes(uint8_t *plain, const struct mud_frame *frame,
                     const uint8_t *bytes, const uint8_t *key,
                     const uint8_t *nonce)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t tag[MUD_FRAME_TAG], end[16];
    int n = 0;
    bool ok;

    if (!ctx)
        mud_out_of_memory();
    memcpy(tag, bytes + MUD_FRAME_HEAD + frame->n, sizeof(tag));
    ok = EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
         EVP_DecryptUpdate(ctx, NULL, &n, bytes, MUD_FRAME_HEAD) == 1 &&
         EVP_DecryptUpdate(
             ctx, plain, &n, bytes + MUD_FRAME_HEAD, (int)frame->n) == 1 &&
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, MUD_FRAME_TAG, tag) ==
             1 &&
         EVP_DecryptFinal_ex(ctx, end, &n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

bool mud_frame_open(uint8_t *plain, const struct mud_frame *frame,
                    const uint8_t *bytes, const uint8_t *key)
{
    unsigned long long n = 0;
    const uint8_t *sealed = bytes + MUD_FRAME_HEAD;
    uint8_t nonce[24];

    nonce_of(nonce, frame->number);
    if (frame->cipher == MUD_CIPHER_CLEAR) {
        memcpy(plain, sealed, frame->n);
        return true;
    }
    if (frame->cipher == MUD_CIPHER_XCHACHA)
        return crypto_aead_xchacha20poly1305_ietf_decrypt(plain,
                                                          &n,
                                                          NULL,
                                                          sealed,
                                                          frame->n +
                                                              MUD_FRAME_TAG,
                                                          bytes,
                                                          MUD_FRAME_HEAD,
                                                          nonce,
                                                          key) == 0;
    return open_aes(plain, frame, bytes, key, nonce);
}

struct mud_sealer *mud_sealer_new(enum mud_cipher cipher)
{
    struct mud_sealer *sealer = mud_calloc(1, sizeof(*sealer));

    if (sodium_init() < 0)
        mud_out_of_memory();
    sealer->cipher = cipher;
    if (cipher == MUD_CIPHER_AES) {
        sealer->aes = sodium_malloc(crypto_aead_aes256gcm_statebytes());
        if (!sealer->aes)
            mud_out_of_memory();
    }
    return sealer;
}

void mud_sealer_free(struct mud_sealer *sealer)
{
    if (!sealer)
        return;
    sodium_free(sealer->aes);
    sodium_memzero(sealer, sizeof(*sealer));
    free(sealer);
}

void mud_sealer_begin(struct mud_sealer *sealer, struct mud_id key,
                      const uint8_t data[MUD_FRAME_KEY])
{
    sealer->key = key;
    sealer->number = 0;
    mud_random(sealer->salt.b, sizeof(sealer->salt.b));
    mud_frame_key(sealer->own, data, key, sealer->salt);
    if (sealer->aes)
        crypto_aead_aes256gcm_beforenm(sealer->aes, sealer->own);
}

static void frame_put(struct mud_sealer *sealer, struct mud_buf *out,
                      struct mud_str plain, bool last)
{
    struct mud_frame frame = {.cipher = sealer->cipher,
                              .last = last,
                              .n = (uint32_t)plain.n,
                              .number = sealer->number++,
                              .key = sealer->key,
                              .salt = sealer->salt};
    size_t size = mud_frame_size(frame.cipher, plain.n);
    uint8_t *to = (uint8_t *)mud_buf_room(out, size), nonce[24];
    unsigned long long n = 0;

    if (!to)
        return; /* out->over says so */
    nonce_of(nonce, frame.number);
    frame_write(to, &frame);
    if (sealer->aes)
        crypto_aead_aes256gcm_encrypt_afternm(to + MUD_FRAME_HEAD,
                                              &n,
                                              (const uint8_t *)plain.s,
                                              plain.n,
                                              to,
                                              MUD_FRAME_HEAD,
                                              NULL,
                                              nonce,
                                              sealer->aes);
    else
        crypto_aead_xchacha20poly1305_ietf_encrypt(to + MUD_FRAME_HEAD,
                                                   &n,
                                                   (const uint8_t *)plain.s,
                                                   plain.n,
                                                   to,
                                                   MUD_FRAME_HEAD,
                                                   NULL,
                                                   nonce,
                                                   sealer->own);
    out->n += size;
}

void mud_sealer_add(struct mud_sealer *sealer, struct mud_buf *out,
                    struct mud_str plain, bool last)
{
    for (size_t at = 0; at < plain.n; at += MUD_FRAME_PLAIN) {
        struct mud_str piece = mud_str_sub(plain, at, at + MUD_FRAME_PLAIN);

        frame_put(sealer, out, piece, last && at + piece.n == plain.n);
    }
}

void mud_sealer_clear(struct mud_buf *out, struct mud_str plain)
{
    struct mud_frame frame = {.cipher = MUD_CIPHER_CLEAR};
    uint8_t head[MUD_FRAME_HEAD];

    for (size_t at = 0; at < plain.n; at += MUD_FRAME_PLAIN) {
        struct mud_str piece = mud_str_sub(plain, at, at + MUD_FRAME_PLAIN);

        frame.n = (uint32_t)piece.n;
        frame.last = at + piece.n == plain.n;
        frame_write(head, &frame);
        mud_buf_put(out, head, sizeof(head));
        mud_buf_str(out, piece);
        frame.number++;
    }
}

struct mud_id mud_sealer_salt(const struct mud_sealer *sealer)
{
    return sealer->salt;
}
