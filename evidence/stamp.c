#include "evidence/stamp.h"

#include "base/hash.h"
#include "evidence/openssl.h"

#include <openssl/ts.h>

#include <stdio.h>
#include <stdlib.h>

struct mud_stamp_ask {
    TS_REQ *req;
};

static TS_MSG_IMPRINT *imprint_of(struct mud_str data)
{
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    uint8_t digest[MUD_SHA256];

    mud_sha256_of(data, digest);
    if (!imprint || !algorithm ||
        !X509_ALGOR_set0(
            algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) ||
        !TS_MSG_IMPRINT_set_algo(imprint, algorithm) ||
        !TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof(digest)))
        mud_out_of_memory();
    X509_ALGOR_free(algorithm);
    return imprint;
}

struct mud_stamp_ask *mud_stamp_ask_new(struct mud_str data)
{
    struct mud_stamp_ask *ask = mud_calloc(1, sizeof(*ask));
    TS_MSG_IMPRINT *imprint = imprint_of(data);
    ASN1_INTEGER *nonce = ASN1_INTEGER_new();
    uint64_t number;

    mud_random(&number, sizeof(number));
    ask->req = TS_REQ_new();
    if (!ask->req || !nonce || !ASN1_INTEGER_set_uint64(nonce, number) ||
        !TS_REQ_set_version(ask->req, 1) ||
        !TS_REQ_set_msg_imprint(ask->req, imprint) ||
        !TS_REQ_set_nonce(ask->req, nonce) || !TS_REQ_set_cert_req(ask->req, 1))
        mud_out_of_memory();
    ASN1_INTEGER_free(nonce);
    TS_MSG_IMPRINT_free(imprint);
    return ask;
}

void mud_stamp_ask_free(struct mud_stamp_ask *ask)
{
    if (ask)
        TS_REQ_free(ask->req);
    free(ask);
}

void mud_stamp_ask_write(struct mud_buf *out, const struct mud_stamp_ask *ask)
{
    unsigned char *der = NULL;
    int n = i2d_TS_REQ(ask->req, &der);

    if (n <= 0)
        mud_out_of_memory();
    mud_buf_put(out, der, (size_t)n);
    OPENSSL_free(der);
}

static bool granted(TS_RESP *resp, struct mud_error *err)
{
    TS_STATUS_INFO *info = TS_RESP_get_status_info(resp);
    long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
    const STACK_OF(ASN1_UTF8STRING) *texts = TS_STATUS_INFO_get0_text(info);
    const ASN1_UTF8STRING *text = sk_ASN1_UTF8STRING_num(texts) > 0
                                      ? sk_ASN1_UTF8STRING_value(texts, 0)
                                      : NULL;

    if ((status == TS_STATUS_GRANTED ||
         status == TS_STATUS_GRANTED_WITH_MODS) &&
        TS_RESP_get_tst_info(resp))
        return true;
    return mud_fail(err,
                    MUD_ECORRUPT,
                    "the authority refused, with status %ld%s%.*s",
                    status,
                    text ? ": " : "",
                    text ? (int)(text->length < 200 ? text->length : 200) : 0,
                    text ? (const char *)text->data : "");
}

static void serial_of(char out[65], TS_TST_INFO *info)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
    char *hex = number ? BN_bn2hex(number) : NULL;

    (void)snprintf(out, 65, "%s", hex ? hex : "");
    OPENSSL_free(hex);
    BN_free(number);
}

/* What is to hold; ctx owns store and certificates. */
static TS_VERIFY_CTX *wanted(struct mud_str data,
                             const struct mud_stamp_ask *ask, X509_STORE *store)
{
    TS_VERIFY_CTX *ctx;

    if (ask) {
        ctx = TS_REQ_to_TS_VERIFY_CTX(ask->req, NULL);
    } else {
        BIO *bio = BIO_new_mem_buf(data.s, (int)data.n);
        ctx = TS_VERIFY_CTX_new();
        if (!ctx || !bio)
            mud_out_of_memory();
        (void)TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_DATA);
        (void)TS_VERIFY_CTX_set_data(ctx, bio);
    }
    if (!ctx)
        mud_out_of_memory();
    (void)TS_VERIFY_CTX_add_flags(ctx, TS_VFY_SIGNATURE);
    (void)TS_VERIFY_CTX_set_store(ctx, store);
    return ctx;
}

static bool check(struct mud_stamp *out, TS_RESP *resp, struct mud_str data,
                  const struct mud_stamp_ask *ask, const char *ca,
                  struct mud_error *err)
{
    X509_STORE *store = mud_openssl_store();
    TS_VERIFY_CTX *ctx;
    TS_TST_INFO *info;
    bool good;

    if (!granted(resp, err) || !mud_openssl_believe(store, ca, err)) {
        X509_STORE_free(store);
        return false;
    }
    info = TS_RESP_get_tst_info(resp);
    out->at = mud_openssl_time(TS_TST_INFO_get_time(info));
    serial_of(out->serial, info);
    if (!ask)
        mud_openssl_at(store, out->at);
    ctx = wanted(data, ask, store);
    good = (out->at && TS_RESP_verify_response(ctx, resp) == 1) ||
           mud_openssl_fail(err, MUD_ECORRUPT, "the time stamp does not hold");
    TS_VERIFY_CTX_free(ctx);
    return good;
}

bool mud_stamp_check(struct mud_stamp *out, struct mud_str reply,
                     struct mud_str data, const struct mud_stamp_ask *ask,
                     const char *ca, struct mud_error *err)
{
    const unsigned char *der = (const unsigned char *)reply.s;
    TS_RESP *resp = d2i_TS_RESP(NULL, &der, (long)reply.n);
    bool good;

    *out = (struct mud_stamp){.at = 0};
    if (!resp || der != (const unsigned char *)reply.s + reply.n)
        good = mud_openssl_fail(err, MUD_ECORRUPT, "not a time stamp");
    else
        good = check(out, resp, data, ask, ca, err);
    TS_RESP_free(resp);
    return good;
}
