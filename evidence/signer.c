#include "evidence/signer.h"

#include "base/time.h"
#include "evidence/openssl.h"

#include <openssl/cms.h>
#include <openssl/pem.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct mud_signer {
    EVP_PKEY *key;
    X509 *own;
    STACK_OF(X509) * chain;
};

/* The key; *out stays NULL when there is no file. */
static bool read_key(EVP_PKEY **out, const char *path, struct mud_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    char none[] = ""; /* never ask for a passphrase on the terminal */
    struct stat st;
    BIO *bio;

    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd < 0)
        return mud_fail_errno(
            err, errno == ELOOP ? MUD_EDENIED : MUD_EIO, "%s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077) ||
        st.st_uid != geteuid()) {
        close(fd);
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s: a key must be a file that only its owner, the "
                        "user mudlark runs as, may read: chmod 600",
                        path);
    }
    bio = BIO_new_fd(fd, BIO_CLOSE);
    *out = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, none) : NULL;
    BIO_free(bio);
    return *out || mud_openssl_fail(err,
                                    MUD_EINPUT,
                                    "%s: not a private key in PEM without a "
                                    "passphrase",
                                    path);
}

static bool load(struct mud_signer *s, const struct mud_vouch_conf *conf,
                 struct mud_error *err)
{
    if (!mud_openssl_certificates(&s->chain, conf->certificate, err))
        return mud_fail_in(err, "certificate of the key %s", conf->key);
    s->own = sk_X509_shift(s->chain);
    if (X509_check_private_key(s->own, s->key) != 1)
        return mud_openssl_fail(err,
                                MUD_EINPUT,
                                "the first certificate in %s is not that of "
                                "the key %s",
                                conf->certificate,
                                conf->key);
    return true;
}

bool mud_signer_open(struct mud_signer **out, const struct mud_vouch_conf *conf,
                     struct mud_error *err)
{
    struct mud_signer *s;
    EVP_PKEY *key = NULL;

    *out = NULL;
    if (!read_key(&key, conf->key, err))
        return false;
    if (!key)
        return true;
    s = mud_calloc(1, sizeof(*s));
    s->key = key;
    if (!load(s, conf, err)) {
        mud_signer_free(s);
        return false;
    }
    *out = s;
    return true;
}

void mud_signer_free(struct mud_signer *signer)
{
    if (!signer)
        return;
    EVP_PKEY_free(signer->key);
    X509_free(signer->own);
    sk_X509_pop_free(signer->chain, X509_free);
    free(signer);
}

bool mud_signer_sign(struct mud_buf *out, struct mud_signer *signer,
                     struct mud_str text, struct mud_error *err)
{
    const unsigned flags =
        CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP | CMS_CADES;
    BIO *bio = BIO_new_mem_buf(text.s, (int)text.n);
    CMS_ContentInfo *cms =
        CMS_sign(NULL, NULL, signer->chain, NULL, flags | CMS_PARTIAL);
    unsigned char *der = NULL;
    int n = -1;

    if (bio && cms &&
        CMS_add1_signer(cms, signer->own, signer->key, EVP_sha256(), flags) &&
        CMS_final(cms, bio, NULL, flags) == 1)
        n = i2d_CMS_ContentInfo(cms, &der);
    if (n > 0)
        mud_buf_put(out, der, (size_t)n);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(bio);
    return n > 0 || mud_openssl_fail(err, MUD_EINPUT, "signature");
}

/* When the signer says that it signed; 0 when it does not. */
static int64_t signed_at(CMS_SignerInfo *info)
{
    int at = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *attribute = CMS_signed_get_attr(info, at);
    ASN1_TYPE *type = X509_ATTRIBUTE_get0_type(attribute, 0);

    if (!type ||
        (type->type != V_ASN1_UTCTIME && type->type != V_ASN1_GENERALIZEDTIME))
        return 0;
    return mud_openssl_time(type->value.asn1_string);
}

static void name_of(struct mud_buf *who, CMS_ContentInfo *cms)
{
    STACK_OF(X509) *signers = CMS_get0_signers(cms);
    char name[256];

    if (who && sk_X509_num(signers) > 0)
        mud_buf_z(
            who,
            X509_NAME_oneline(X509_get_subject_name(sk_X509_value(signers, 0)),
                              name,
                              sizeof(name)));
    sk_X509_free(signers);
}

static bool believed(X509_STORE *store, const struct mud_vouch_conf *conf,
                     struct mud_error *err)
{
    const char *const files[] = {conf->certificate, conf->signers, conf->was};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (*files[i] && access(files[i], F_OK) == 0 &&
            !mud_openssl_believe(store, files[i], err))
            return false;
    return true;
}

static bool check(CMS_ContentInfo *cms, BIO *content,
                  const struct mud_vouch_conf *conf, int64_t *at,
                  struct mud_error *err)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    X509_STORE *store = mud_openssl_store();
    bool good = false;

    if (sk_CMS_SignerInfo_num(infos) != 1) {
        mud_fail(err, MUD_ECORRUPT, "not a signature of one signer");
    } else if (believed(store, conf, err)) {
        if (!*at)
            *at = signed_at(sk_CMS_SignerInfo_value(infos, 0));
        mud_openssl_at(store, *at);
        good =
            CMS_verify(cms,
                       NULL,
                       store,
                       content,
                       NULL,
                       CMS_BINARY | CMS_DETACHED | CMS_CADES) == 1 ||
            mud_openssl_fail(err, MUD_ECORRUPT, "the signature does not hold");
    }
    X509_STORE_free(store);
    return good;
}

bool mud_signature_check(struct mud_str signature, struct mud_str text,
                         const struct mud_vouch_conf *conf, int64_t *at,
                         struct mud_buf *who, struct mud_error *err)
{
    const unsigned char *der = (const unsigned char *)signature.s;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &der, (long)signature.n);
    BIO *content = BIO_new_mem_buf(text.s, (int)text.n);
    bool good;

    if (!cms || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
        der != (const unsigned char *)signature.s + signature.n)
        good = mud_openssl_fail(err, MUD_ECORRUPT, "not a CMS signature");
    else
        good = check(cms, content, conf, at, err);
    if (good)
        name_of(who, cms);
    CMS_ContentInfo_free(cms);
    BIO_free(content);
    return good;
}
