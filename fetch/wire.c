#include "fetch/wire.h"

#include "base/json.h"
#include "fetch/transfer.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    CONNECT_MS = 20000,
    STEP_MS = 200
};

struct mud_wire {
    CURL *curl; /* owns the socket */
    int fd;
    SSL_CTX *context;
    SSL *ssl; /* NULL: in clear */
    const struct mud_policy *policy;
    const volatile sig_atomic_t *stop;
    const char *refused; /* kind of address that the guard refused */
    struct mud_arena *arena;
    struct mud_str host;
    unsigned port;
    bool local;
    char reason[CURL_ERROR_SIZE];
};

static bool told_to_stop(const struct mud_wire *wire)
{
    return wire->stop && *wire->stop;
}

/* ---- connect ---- */

static int on_progress(void *payload, curl_off_t a, curl_off_t b, curl_off_t c,
                       curl_off_t d)
{
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return told_to_stop(payload);
}

static bool is_loopback(const struct sockaddr *address)
{
    const char *kind = mud_address_kind(address);

    return kind && strcmp(kind, "loopback") == 0;
}

/* Whatever name led here, this is the address. */
static curl_socket_t on_socket(void *payload, curlsocktype purpose,
                               struct curl_sockaddr *address)
{
    struct mud_wire *wire = payload;
    const struct mud_policy *policy = wire->policy;

    if (purpose != CURLSOCKTYPE_IPCXN)
        return CURL_SOCKET_BAD;
    if (!policy->proxy.n) {
        const char *kind = mud_address_kind(&address->addr);
        if (kind && !policy->allow_private) {
            wire->refused = kind;
            return CURL_SOCKET_BAD;
        }
        wire->local = is_loopback(&address->addr);
    }
    return socket(
        address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* As an address, so that the policy's rules for hosts hold here too. */
static bool allowed(const struct mud_wire *wire, struct mud_str *url,
                    struct mud_error *err)
{
    struct mud_policy policy = *wire->policy;
    struct mud_url parsed;
    bool six = mud_str_chr(wire->host, ':') != MUD_NPOS;

    policy.n_paths = 0; /* there are none */
    *url = mud_str_printf(wire->arena,
                          six ? "http://[%.*s]:%u/" : "http://%.*s:%u/",
                          MUD_FMT(wire->host),
                          wire->port);
    return mud_url_parse(&parsed, *url, wire->arena, err) &&
           mud_policy_allows(&policy, &parsed, NULL, err);
}

static bool set_options(struct mud_wire *wire, struct mud_str url)
{
    CURL *c = wire->curl;
    unsigned bad = 0;

    bad |= curl_easy_setopt(c, CURLOPT_URL, mud_str_cstr(url, wire->arena));
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http");
    bad |= curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_TCP_KEEPALIVE, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_ERRORBUFFER, wire->reason);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)CONNECT_MS);
    bad |= curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    bad |= curl_easy_setopt(c, CURLOPT_XFERINFODATA, wire);
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    bad |= curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, wire);
    bad |= !mud_proxy_set(c, wire->policy, wire->arena);
    bad |= curl_easy_setopt(c, CURLOPT_HTTPPROXYTUNNEL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    return bad == 0;
}

static bool dial(struct mud_wire *wire, struct mud_error *err)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    CURLcode rc = curl_easy_perform(wire->curl);

    if (told_to_stop(wire))
        return mud_fail(err, MUD_EAGAIN, "told to stop");
    if (wire->refused)
        return mud_fail(
            err, MUD_EDENIED, "the name leads to a %s address", wire->refused);
    if (rc == CURLE_OK)
        rc = curl_easy_getinfo(wire->curl, CURLINFO_ACTIVESOCKET, &fd);
    if (rc != CURLE_OK || fd == CURL_SOCKET_BAD)
        return mud_fail(err,
                        MUD_ENET,
                        "%s",
                        wire->reason[0] ? wire->reason
                                        : curl_easy_strerror(rc));
    wire->fd = fd; /* libcurl has made it non-blocking */
    return true;
}

bool mud_wire_open(struct mud_wire **out, const struct mud_wire_to *to,
                   struct mud_error *err)
{
    struct mud_wire *wire = mud_calloc(1, sizeof *wire);
    struct mud_str url;

    *wire = (struct mud_wire){.fd = -1,
                              .policy = to->policy,
                              .stop = to->stop,
                              .arena = mud_arena_new(),
                              .port = to->port};
    wire->host = mud_str_dup(to->host, wire->arena);
    wire->curl = curl_easy_init();
    if (!wire->curl)
        mud_out_of_memory();
    if (!allowed(wire, &url, err) ||
        !(set_options(wire, url) ||
          mud_fail(err, MUD_EUSAGE, "libcurl lacks an option")) ||
        !dial(wire, err)) {
        mud_wire_close(wire);
        return mud_fail_in(err, "%.*s port %u", MUD_FMT(to->host), to->port);
    }
    *out = wire;
    return true;
}

void mud_wire_close(struct mud_wire *wire)
{
    if (!wire)
        return;
    if (wire->ssl && !SSL_in_init(wire->ssl))
        (void)SSL_shutdown(wire->ssl);
    SSL_free(wire->ssl);
    SSL_CTX_free(wire->context);
    ERR_clear_error();
    curl_easy_cleanup(wire->curl);
    mud_arena_free(wire->arena);
    free(wire);
}

/* ---- waiting ---- */

/* Until the socket may be used, ms (in short steps, for the sake of stop). */
static bool wait_for(const struct mud_wire *wire, short events, int ms)
{
    int64_t end = mud_monotonic() + (int64_t)ms * 1000;

    for (;;) {
        struct pollfd at = {.fd = wire->fd, .events = events};
        int64_t left = (end - mud_monotonic()) / 1000;
        int step = left > STEP_MS ? STEP_MS : left > 0 ? (int)left : 0;

        if (poll(&at, 1, step) > 0)
            return true;
        if (left <= step || told_to_stop(wire))
            return false;
    }
}

/* ---- TLS ---- */

/* OpenSSL's own socket writes so that a closed connection is a signal, which
 * ends the program; this one does not. */
static int bio_write(BIO *bio, const char *bytes, int n)
{
    const struct mud_wire *wire = BIO_get_data(bio);
    int done = (int)send(wire->fd, bytes, (size_t)n, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (done <= 0 && BIO_sock_should_retry(done))
        BIO_set_retry_write(bio);
    return done;
}

static int bio_read(BIO *bio, char *out, int size)
{
    const struct mud_wire *wire = BIO_get_data(bio);
    int got = (int)recv(wire->fd, out, (size_t)size, 0);

    BIO_clear_retry_flags(bio);
    if (got < 0 && BIO_sock_should_retry(got))
        BIO_set_retry_read(bio);
    if (got == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return got;
}

static long bio_ctrl(BIO *bio, int what, long n, void *p)
{
    (void)n;
    (void)p;
    if (what == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return what == BIO_CTRL_FLUSH;
}

static BIO_METHOD *method;

static void make_method(void)
{
    method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
    if (!method || BIO_meth_set_write(method, bio_write) != 1 ||
        BIO_meth_set_read(method, bio_read) != 1 ||
        BIO_meth_set_ctrl(method, bio_ctrl) != 1)
        mud_out_of_memory();
}

static void set_socket(struct mud_wire *wire)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    BIO *bio;

    pthread_once(&once, make_method);
    bio = BIO_new(method);
    if (!bio)
        mud_out_of_memory();
    BIO_set_data(bio, wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(wire->ssl, bio, bio); /* which owns it */
}

static bool tls_fault(const struct mud_wire *wire, int rc,
                      struct mud_error *err)
{
    long verify = SSL_get_verify_result(wire->ssl);
    unsigned long code = ERR_peek_last_error();
    char text[200] = "the other side broke off";

    if (code)
        ERR_error_string_n(code, text, sizeof text);
    else if (SSL_get_error(wire->ssl, rc) == SSL_ERROR_SYSCALL && errno)
        snprintf(text, sizeof text, "%s", strerror(errno));
    ERR_clear_error();
    return mud_fail(err,
                    MUD_ENET,
                    "TLS: %s",
                    verify != X509_V_OK ? X509_verify_cert_error_string(verify)
                                        : text);
}

static bool make_context(struct mud_wire *wire, struct mud_error *err)
{
    const struct mud_policy *policy = wire->policy;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    wire->context = context;
    if (!context)
        mud_out_of_memory();
    SSL_CTX_set_verify(context,
                       policy->tls_unverified ? SSL_VERIFY_NONE
                                              : SSL_VERIFY_PEER,
                       NULL);
    /* A server that is killed says nothing more: closed is closed. */
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        return mud_fail(err, MUD_EUSAGE, "OpenSSL lacks TLS 1.2");
    if (policy->ca_file.n &&
        SSL_CTX_load_verify_locations(
            context, mud_str_cstr(policy->ca_file, wire->arena), NULL) != 1)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s holds no certificates",
                        MUD_FMT(policy->ca_file));
    if (!policy->ca_file.n && SSL_CTX_set_default_verify_paths(context) != 1)
        return mud_fail(err, MUD_EUSAGE, "no certificates of the system");
    return true;
}

/* Names are sent and compared; an address is only compared. */
static bool set_peer(struct mud_wire *wire, const char *name)
{
    struct in6_addr address;
    char sent[256]; /* OpenSSL's macro takes no const */

    if (inet_pton(AF_INET, name, &address) == 1 ||
        inet_pton(AF_INET6, name, &address) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(wire->ssl), name) ==
               1;
    return (size_t)snprintf(sent, sizeof sent, "%s", name) < sizeof sent &&
           SSL_set_tlsext_host_name(wire->ssl, sent) == 1 &&
           SSL_set1_host(wire->ssl, name) == 1;
}

bool mud_wire_secure(struct mud_wire *wire, struct mud_str name,
                     struct mud_error *err)
{
    int64_t end = mud_monotonic() + (int64_t)CONNECT_MS * 1000;
    int rc = -1;

    if (!make_context(wire, err))
        return false;
    wire->ssl = SSL_new(wire->context);
    if (!wire->ssl)
        mud_out_of_memory();
    set_socket(wire);
    if (!set_peer(wire, mud_str_cstr(name, wire->arena)))
        return mud_fail(err, MUD_ENET, "TLS: %.*s is no name", MUD_FMT(name));
    while (mud_monotonic() < end && !told_to_stop(wire)) {
        errno = 0;
        ERR_clear_error();
        rc = SSL_connect(wire->ssl);
        if (rc == 1)
            return true;
        int why = SSL_get_error(wire->ssl, rc);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return tls_fault(wire, rc, err);
        (void)wait_for(
            wire, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, STEP_MS);
    }
    return mud_fail(err, MUD_ENET, "TLS: no answer in time");
}

/* ---- bytes ---- */

/* Each of these says in err what went wrong, and is -1. */
static ssize_t gone(struct mud_error *err)
{
    mud_fail(err, MUD_ENET, "the other side has closed the connection");
    return -1;
}

static ssize_t system_fault(const char *doing, struct mud_error *err)
{
    if (errno == EAGAIN || errno == EINTR)
        return 0; /* none: later */
    mud_fail_errno(err, MUD_ENET, "%s", doing);
    return -1;
}

static ssize_t session_fault(const struct mud_wire *wire, int rc, int why,
                             short *events, struct mud_error *err)
{
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        *events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
        return 0;
    }
    if (why == SSL_ERROR_ZERO_RETURN)
        return gone(err);
    tls_fault(wire, rc, err);
    return -1;
}

/* One try: > 0 bytes, 0 nothing now (*events: what to wait for), < 0 failed. */
static ssize_t take(struct mud_wire *wire, void *out, size_t size,
                    short *events, struct mud_error *err)
{
    size_t n = 0;

    *events = POLLIN;
    errno = 0;
    if (!wire->ssl) {
        ssize_t got = recv(wire->fd, out, size, 0);
        return got > 0 ? got : got == 0 ? gone(err) : system_fault("read", err);
    }
    ERR_clear_error();
    int rc = SSL_read_ex(wire->ssl, out, size, &n);
    int why = SSL_get_error(wire->ssl, rc);
    return rc == 1 ? (ssize_t)n : session_fault(wire, rc, why, events, err);
}

bool mud_wire_read(struct mud_wire *wire, void *out, size_t size, size_t *n,
                   int wait_ms, struct mud_error *err)
{
    int64_t end = mud_monotonic() + (int64_t)wait_ms * 1000;

    *n = 0;
    for (;;) {
        short events;
        ssize_t got = take(wire, out, size, &events, err);
        int64_t left = (end - mud_monotonic()) / 1000;

        if (got < 0)
            return false;
        *n = (size_t)got;
        if (got > 0 || left <= 0 || told_to_stop(wire))
            return true;
        (void)wait_for(wire, events, (int)left);
    }
}

static ssize_t put(struct mud_wire *wire, struct mud_str bytes, short *events,
                   struct mud_error *err)
{
    size_t n = 0;

    *events = POLLOUT;
    errno = 0;
    if (!wire->ssl) {
        ssize_t sent = send(wire->fd, bytes.s, bytes.n, MSG_NOSIGNAL);
        return sent >= 0 ? sent : system_fault("write", err);
    }
    ERR_clear_error();
    int rc = SSL_write_ex(wire->ssl, bytes.s, bytes.n, &n);
    int why = SSL_get_error(wire->ssl, rc);
    return rc == 1 ? (ssize_t)n : session_fault(wire, rc, why, events, err);
}

bool mud_wire_write(struct mud_wire *wire, struct mud_str bytes,
                    struct mud_error *err)
{
    int64_t end = mud_monotonic() + (int64_t)CONNECT_MS * 1000;

    while (bytes.n) {
        short events;
        ssize_t n = put(wire, bytes, &events, err);

        if (n < 0)
            return false;
        bytes = mud_str_sub(bytes, (size_t)n, bytes.n);
        if (bytes.n && mud_monotonic() >= end)
            return mud_fail(err, MUD_ENET, "the other side takes nothing");
        if (bytes.n && n == 0)
            (void)wait_for(wire, events, STEP_MS);
    }
    return true;
}

/* ---- facts ---- */

void mud_wire_describe(struct mud_buf *out, const struct mud_wire *wire)
{
    struct mud_json json = {.buf = out};
    struct mud_buf tls = {.max = (size_t)16 << 10};
    char *ip = NULL;

    mud_json_object(&json);
    mud_json_kstr(&json, "host", wire->host);
    mud_json_kint(&json, "port", wire->port);
    if (!curl_easy_getinfo(wire->curl, CURLINFO_PRIMARY_IP, &ip) && ip && *ip)
        mud_json_kz(&json, "peer", ip);
    if (wire->policy->proxy.n)
        mud_json_kstr(&json,
                      "proxy",
                      mud_proxy_url(wire->policy->proxy, true, wire->arena));
    if (wire->ssl) {
        mud_tls_describe_session(&tls, wire->ssl);
        mud_json_key(&json, "tls");
        mud_json_raw(&json, mud_buf_view(&tls));
    }
    mud_json_object_end(&json);
    mud_buf_free(&tls);
}

bool mud_wire_is_local(const struct mud_wire *wire)
{
    return wire->local && !wire->policy->proxy.n;
}
