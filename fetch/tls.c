#include "fetch/transfer.h"

#include "base/hash.h"
#include "base/json.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define CHAIN_MAX 16

static void describe_chain(struct mud_json *json, SSL *ssl)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    int n = chain ? sk_X509_num(chain) : 0;
    uint8_t digest[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE + 1];
    unsigned size;

    mud_json_key(json, "chain_sha256");
    mud_json_array(json);
    for (int i = 0; i < n && i < CHAIN_MAX; i++)
        if (X509_digest(sk_X509_value(chain, i), EVP_sha256(), digest, &size))
            mud_json_str(json, mud_str_z(mud_hex(hex, digest, size)));
    mud_json_array_end(json);
}

/* Was the certificate made for the name that was asked for? */
static void describe_name(struct mud_json *json, SSL *ssl)
{
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    X509 *leaf = SSL_get0_peer_certificate(ssl);

    if (name && leaf)
        mud_json_kbool(
            json, "name_matches", X509_check_host(leaf, name, 0, 0, NULL) == 1);
}

void mud_tls_describe_session(struct mud_buf *out, SSL *ssl)
{
    struct mud_json json = {.buf = out};

    mud_json_object(&json);
    mud_json_kz(&json, "version", SSL_get_version(ssl));
    mud_json_kz(&json, "cipher", SSL_get_cipher_name(ssl));
    describe_chain(&json, ssl);
    mud_json_kz(&json,
                "verify",
                X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
    describe_name(&json, ssl);
    mud_json_object_end(&json);
}

void mud_tls_describe(struct mud_buf *out, CURL *curl)
{
    struct curl_tlssessioninfo *info = NULL;

    if (curl_easy_getinfo(curl, CURLINFO_TLS_SSL_PTR, &info) || !info ||
        info->backend != CURLSSLBACKEND_OPENSSL || !info->internals)
        return;
    mud_tls_describe_session(out, info->internals);
}

/* libcurl gives OpenSSL no authorities when it is not to verify. With them it
 * finds out what it would, and goes on. */
static CURLcode with_authorities(CURL *curl, void *context, void *payload)
{
    const struct mud_policy *policy = payload;
    char path[4096];

    (void)curl;
    if (policy->ca_file.n >= sizeof path)
        return CURLE_SSL_CACERT_BADFILE;
    if (!policy->ca_file.n)
        return SSL_CTX_set_default_verify_paths(context) == 1
                   ? CURLE_OK
                   : CURLE_SSL_CACERT_BADFILE;
    memcpy(path, policy->ca_file.s, policy->ca_file.n);
    path[policy->ca_file.n] = 0;
    return SSL_CTX_load_verify_file(context, path) == 1
               ? CURLE_OK
               : CURLE_SSL_CACERT_BADFILE;
}

bool mud_tls_unverified(CURL *curl, const struct mud_policy *policy)
{
    unsigned bad = 0;

    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    bad |= curl_easy_setopt(
        curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    bad |=
        curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
    bad |= curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, with_authorities);
    bad |=
        curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, (void *)(uintptr_t)policy);
    return bad == 0;
}
