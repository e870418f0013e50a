#include "fetch/sasl.h"

#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_MAX_BYTES = 255,
    TEXT_MAX = 2048, /* of a challenge */
    ROUNDS_MAX = 1000000,
    KEY_MAX = 32
};

struct mud_sasl {
    const struct mechanism *mechanism;
    char user[3 * NAME_MAX_BYTES + 1], password[NAME_MAX_BYTES + 1];
    char nonce[33];
    unsigned char expected[KEY_MAX]; /* of the server */
    bool answered;
};

static const struct mechanism {
    const char *name;
    const char *digest; /* NULL: PLAIN */
    size_t size;
} mechanisms[] = {
    {"SCRAM-SHA-256", "SHA256", 32},
    {"SCRAM-SHA-1", "SHA1", 20},
    {"PLAIN", NULL, 0},
};

static bool is_offered(const char *name, const struct mud_str *offered,
                       size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (mud_str_eqz(offered[i], name))
            return true;
    return false;
}

/* "=" and "," have their own spelling in SCRAM (RFC 5802, 5.1). */
static void spell(char *out, struct mud_str user, bool scram)
{
    for (size_t i = 0; i < user.n; i++) {
        bool special = scram && (user.s[i] == '=' || user.s[i] == ',');

        if (special)
            memcpy(out, user.s[i] == '=' ? "=3D" : "=2C", 3);
        else
            *out = user.s[i];
        out += special ? 3 : 1;
    }
    *out = '\0';
}

bool mud_sasl_new(struct mud_sasl **out, const struct mud_str *offered,
                  size_t n, bool plain, struct mud_str user,
                  struct mud_str password, struct mud_error *err)
{
    const struct mechanism *found = NULL;
    unsigned char random[16];

    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        const struct mechanism *m = &mechanisms[i];
        if (!found && (m->digest || plain) && is_offered(m->name, offered, n))
            found = m;
    }
    if (!found)
        return mud_fail(err,
                        MUD_ENET,
                        "the server offers no way to log in that is known "
                        "here (SCRAM-SHA-256, SCRAM-SHA-1%s)",
                        plain ? ", PLAIN" : "; PLAIN only under TLS");
    if (!user.n || user.n > NAME_MAX_BYTES || !password.n ||
        password.n > NAME_MAX_BYTES)
        return mud_fail(
            err, MUD_EUSAGE, "name and password have 1 to 255 bytes each");
    struct mud_sasl *sasl = mud_calloc(1, sizeof *sasl);
    sasl->mechanism = found;
    spell(sasl->user, user, found->digest != NULL);
    memcpy(sasl->password, password.s, password.n);
    mud_random(random, sizeof random);
    mud_hex(sasl->nonce, random, sizeof random);
    *out = sasl;
    return true;
}

void mud_sasl_free(struct mud_sasl *sasl)
{
    if (!sasl)
        return;
    explicit_bzero(sasl, sizeof *sasl);
    free(sasl);
}

const char *mud_sasl_name(const struct mud_sasl *sasl)
{
    return sasl->mechanism->name;
}

static void put_base64(struct mud_buf *out, const void *bytes, size_t n)
{
    unsigned char text[4 * (TEXT_MAX / 3 + 2)];

    int size = EVP_EncodeBlock(text, bytes, (int)n);
    mud_buf_put(out, text, (size_t)size);
    explicit_bzero(text, sizeof text);
}

static bool get_base64(unsigned char *out, size_t size, size_t *n,
                       struct mud_str text)
{
    int got;

    if (!text.n || text.n % 4 || text.n / 4 * 3 > size)
        return false;
    got = EVP_DecodeBlock(out, (const unsigned char *)text.s, (int)text.n);
    if (got < 0)
        return false;
    *n = (size_t)got;
    for (size_t i = text.n; i > text.n - 2 && text.s[i - 1] == '='; i--)
        --*n;
    return true;
}

void mud_sasl_first(struct mud_buf *out, const struct mud_sasl *sasl)
{
    char text[4 * NAME_MAX_BYTES + 64];
    int n;

    if (sasl->mechanism->digest)
        n = snprintf(
            text, sizeof text, "n,,n=%s,r=%s", sasl->user, sasl->nonce);
    else
        n = snprintf(
            text, sizeof text, "%c%s%c%s", 0, sasl->user, 0, sasl->password);
    put_base64(out, text, (size_t)n);
    explicit_bzero(text, sizeof text);
}

struct challenge {
    struct mud_str whole, nonce;
    unsigned char salt[256];
    size_t salt_n;
    uint64_t rounds;
};

static bool read_challenge(struct challenge *c, struct mud_str text)
{
    struct mud_str rest = text, part;

    *c = (struct challenge){.whole = text};
    while (mud_str_cut(&rest, ',', &part)) {
        struct mud_str value = mud_str_sub(part, 2, part.n);

        if (mud_str_starts(part, MUD_STR("m=")))
            return false; /* something that must be understood */
        if (mud_str_starts(part, MUD_STR("r=")))
            c->nonce = value;
        else if (mud_str_starts(part, MUD_STR("s=")) &&
                 !get_base64(c->salt, sizeof c->salt, &c->salt_n, value))
            return false;
        else if (mud_str_starts(part, MUD_STR("i=")) &&
                 !mud_str_u64(value, &c->rounds))
            return false;
    }
    return c->salt_n && c->rounds;
}

static void hmac(unsigned char *out, const struct mechanism *m,
                 const unsigned char *key, struct mud_str text)
{
    unsigned n = 0;

    if (!HMAC(EVP_get_digestbyname(m->digest),
              key,
              (int)m->size,
              (const unsigned char *)text.s,
              text.n,
              out,
              &n))
        mud_out_of_memory();
}

/* RFC 5802, section 3. proof[] is what we send, expected what comes back. */
static void prove(unsigned char proof[KEY_MAX], struct mud_sasl *sasl,
                  const struct challenge *c, struct mud_str auth)
{
    const struct mechanism *m = sasl->mechanism;
    const EVP_MD *digest = EVP_get_digestbyname(m->digest);
    unsigned char salted[KEY_MAX], client[KEY_MAX], stored[KEY_MAX],
        server[KEY_MAX], signature[KEY_MAX];
    unsigned n = 0;

    if (PKCS5_PBKDF2_HMAC(sasl->password,
                          (int)strlen(sasl->password),
                          c->salt,
                          (int)c->salt_n,
                          (int)c->rounds,
                          digest,
                          (int)m->size,
                          salted) != 1)
        mud_out_of_memory();
    hmac(client, m, salted, MUD_STR("Client Key"));
    if (EVP_Digest(client, m->size, stored, &n, digest, NULL) != 1)
        mud_out_of_memory();
    hmac(signature, m, stored, auth);
    for (size_t i = 0; i < m->size; i++)
        proof[i] = client[i] ^ signature[i];
    hmac(server, m, salted, MUD_STR("Server Key"));
    hmac(sasl->expected, m, server, auth);
    explicit_bzero(salted, sizeof salted);
    explicit_bzero(client, sizeof client);
    explicit_bzero(server, sizeof server);
}

bool mud_sasl_answer(struct mud_buf *out, struct mud_sasl *sasl,
                     struct mud_str challenge, struct mud_error *err)
{
    unsigned char text[TEXT_MAX], proof[KEY_MAX];
    struct mud_buf auth = {0}, answer = {0};
    struct challenge c;
    size_t n = 0;

    if (!sasl->mechanism->digest || sasl->answered ||
        !get_base64(text, sizeof text, &n, challenge) ||
        !read_challenge(&c, mud_str_of((const char *)text, n)) ||
        c.nonce.n <= strlen(sasl->nonce) ||
        !mud_str_starts(c.nonce, mud_str_z(sasl->nonce)))
        return mud_fail(err,
                        MUD_ENET,
                        "log-in: the challenge is not one of %s",
                        sasl->mechanism->name);
    if (c.rounds > ROUNDS_MAX)
        return mud_fail(err,
                        MUD_ENET,
                        "log-in: the server wants %llu rounds",
                        (unsigned long long)c.rounds);
    mud_buf_printf(&answer, "c=biws,r=%.*s", MUD_FMT(c.nonce));
    mud_buf_printf(&auth,
                   "n=%s,r=%s,%.*s,%.*s",
                   sasl->user,
                   sasl->nonce,
                   MUD_FMT(c.whole),
                   MUD_FMT(mud_buf_view(&answer)));
    prove(proof, sasl, &c, mud_buf_view(&auth));
    mud_buf_z(&answer, ",p=");
    put_base64(&answer, proof, sasl->mechanism->size);
    put_base64(out, answer.s, answer.n);
    sasl->answered = true;
    mud_buf_free(&answer);
    mud_buf_free(&auth);
    return true;
}

bool mud_sasl_end(const struct mud_sasl *sasl, struct mud_str success,
                  struct mud_error *err)
{
    unsigned char text[TEXT_MAX], proof[64];
    size_t n = 0, got = 0;

    if (!sasl->mechanism->digest)
        return true;
    if (sasl->answered && get_base64(text, sizeof text, &n, success) && n > 2 &&
        memcmp(text, "v=", 2) == 0 &&
        get_base64(proof,
                   sizeof proof,
                   &got,
                   mud_str_of((const char *)text + 2, n - 2)) &&
        got == sasl->mechanism->size &&
        CRYPTO_memcmp(proof, sasl->expected, got) == 0)
        return true;
    return mud_fail(
        err, MUD_ENET, "log-in: the server does not prove that it knows us");
}
