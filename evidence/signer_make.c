#include "evidence/signer.h"

#include "base/conf.h"
#include "base/hash.h"
#include "evidence/openssl.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define YEARS_10    (3653L * 86400)
#define NAME_MAX_CN 64 /* ub-common-name of RFC 5280 */

static bool extend(X509 *x, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool good;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    good = extension && X509_add_ext(x, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

/* What openssl cms -verify and CAdES ask of a signer's certificate. */
static bool fill(X509 *x, EVP_PKEY *key, struct mud_str name)
{
    X509_NAME *subject = X509_get_subject_name(x);
    uint8_t serial[8];
    uint64_t number = 0;

    mud_random(serial, sizeof(serial));
    for (size_t i = 0; i < sizeof(serial); i++)
        number = number << 8 | serial[i];
    return X509_set_version(x, 2) &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), number >> 1 | 1) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -300) &&
           X509_gmtime_adj(X509_getm_notAfter(x), YEARS_10) &&
           X509_set_pubkey(x, key) &&
           X509_NAME_add_entry_by_NID(subject,
                                      NID_commonName,
                                      MBSTRING_UTF8,
                                      (const unsigned char *)name.s,
                                      (int)name.n,
                                      -1,
                                      0) &&
           X509_set_issuer_name(x, subject) &&
           extend(x, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(
               x, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
           extend(x, NID_ext_key_usage, "emailProtection") &&
           extend(x, NID_subject_key_identifier, "hash") &&
           X509_sign(x, key, EVP_sha256()) > 0;
}

/* Whole or not at all. */
static bool put(const char *path, mode_t mode, BIO *bio, struct mud_error *err)
{
    char fresh[4200], *bytes;
    long n = BIO_get_mem_data(bio, &bytes);
    bool good;
    int fd;

    (void)snprintf(fresh, sizeof(fresh), "%s.%ld", path, (long)getpid());
    (void)unlink(fresh);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    good = fd >= 0 && mud_write_all(fd, mud_str_of(bytes, (size_t)n)) &&
           fsync(fd) == 0 && rename(fresh, path) == 0;
    if (!good)
        mud_fail_errno(err, MUD_EIO, "%s", path);
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !good)
        (void)unlink(fresh);
    return good;
}

/* The certificate that is replaced, behind those that were before. */
static bool retire(const char *pem, const char *was, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text;
    bool good = mud_file_read(&text, pem, MUD_PEM_MAX, arena, err);
    int fd =
        good ? open(was, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;

    if (good && (fd < 0 || !mud_write_all(fd, text) || fsync(fd) != 0))
        good = mud_fail_errno(err, MUD_EIO, "%s", was);
    if (fd >= 0)
        close(fd);
    mud_arena_free(arena);
    return good;
}

static bool make(const char *key_path, const char *pem, struct mud_str name,
                 struct mud_error *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *secret = BIO_new(BIO_s_secmem()), *open_part = BIO_new(BIO_s_mem());
    X509 *x = X509_new();
    bool good =
        key && x && secret && open_part && fill(x, key, name) &&
        PEM_write_bio_PKCS8PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) ==
            1 &&
        PEM_write_bio_X509(open_part, x) == 1;

    if (!good)
        mud_openssl_fail(err, MUD_EINPUT, "key of the ledger");
    good = good && put(pem, 0644, open_part, err) &&
           put(key_path, 0600, secret, err);
    X509_free(x);
    EVP_PKEY_free(key);
    BIO_free(secret);
    BIO_free(open_part);
    return good;
}

bool mud_signer_make(const char *home, struct mud_str name, bool replace,
                     struct mud_error *err)
{
    char folder[4096], key[4128], pem[4128], was[4128];
    bool has_key, has_pem;

    if (!name.n || name.n > NAME_MAX_CN)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "the name in the certificate takes 1 to %d bytes",
                        NAME_MAX_CN);
    if (snprintf(folder, sizeof(folder), "%s/keys", home) >=
        (int)sizeof(folder))
        return mud_fail(err, MUD_EUSAGE, "%s: path too long", home);
    (void)snprintf(key, sizeof(key), "%s/ledger.key", folder);
    (void)snprintf(pem, sizeof(pem), "%s/ledger.pem", folder);
    (void)snprintf(was, sizeof(was), "%s/ledger-was.pem", folder);
    has_key = access(key, F_OK) == 0;
    has_pem = access(pem, F_OK) == 0;
    if ((has_key || has_pem) && !replace)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%s is there: --replace makes another, and what this "
                        "one signed stays signed",
                        has_key ? key : pem);
    return mud_mkdirs(folder, err) && (!has_pem || retire(pem, was, err)) &&
           make(key, pem, name, err);
}
