#include "fetch/fault.h"

#include <openssl/x509_vfy.h>

struct word {
    const char *part, *fault;
};

/* What OpenSSL says where there is no certificate to speak of. */
static const struct word handshakes[] = {
    {"unsupported protocol", "tls-old-protocol"},
    {"alert protocol version", "tls-old-protocol"},
    {"version too low", "tls-old-protocol"},
    {"wrong version number", "tls-none"},
    {"packet length too long", "tls-none"},
    {"http request", "tls-none"},
    {"key too small", "tls-weak"},
    {"md too weak", "tls-weak"},
    {"wrong signature type", "tls-weak"},
    {"no protocols available", "tls-old-protocol"},
    {"legacy sigalg", "tls-old-protocol"}, /* of TLS 1.1 and before */
};

/* libcurl compares the name itself, and says so in words alone. */
static bool is_other_name(const char *reason)
{
    return strstr(reason, "subject name") || strstr(reason, "does not match");
}

static const char *of_certificate(long verified, const char *reason)
{
    switch (verified) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "tls-expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "tls-not-yet-valid";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "tls-self-signed";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return "tls-unknown-ca";
    case X509_V_ERR_CERT_REVOKED:
        return "tls-revoked";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return "tls-weak";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "tls-wrong-host";
    default:
        return is_other_name(reason) ? "tls-wrong-host" : "tls";
    }
}

static const char *of_handshake(const char *reason)
{
    struct mud_str text = mud_str_z(reason);

    for (size_t i = 0; i < sizeof handshakes / sizeof *handshakes; i++)
        if (mud_str_ifind(text, mud_str_z(handshakes[i].part)) != MUD_NPOS)
            return handshakes[i].fault;
    return "tls";
}

const char *mud_fault_of(const struct mud_transfer *transfer, CURLcode rc)
{
    long verified = X509_V_ERR_UNSPECIFIED;

    switch ((unsigned)rc) {
    case CURLE_PEER_FAILED_VERIFICATION:
        (void)curl_easy_getinfo(
            transfer->curl, CURLINFO_SSL_VERIFYRESULT, &verified);
        return of_certificate(verified, transfer->reason);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
        return of_handshake(transfer->reason);
    case CURLE_COULDNT_RESOLVE_HOST:
        return "dns";
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
        return "proxy";
    case CURLE_COULDNT_CONNECT:
        return transfer->policy->proxy.n ? "proxy" : "network";
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    default:
        return "network";
    }
}

bool mud_fault_lasts(const char *fault)
{
    return strncmp(fault, "tls-", 4) == 0;
}
