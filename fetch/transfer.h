/*
 * Inside fetch: one request on one libcurl handle, its bytes as they went over
 * the wire, and what became of it. Follows no redirect and retries nothing;
 * fetch/http.c does.
 */
#ifndef MUD_FETCH_TRANSFER_H
#define MUD_FETCH_TRANSFER_H

#include "fetch/http.h"

#include <curl/curl.h>

/* Of all response heads of one request together, 1xx included. */
#define MUD_HEADS_MAX ((size_t)256 << 10)

struct mud_transfer {
    CURL *curl;
    void *owner; /* what CURLINFO_PRIVATE gives */
    const struct mud_policy *policy;
    const struct mud_form *form;
    struct curl_slist *headers, *resolve;
    struct mud_buf request, response, body, tls;
    size_t heads; /* response head bytes so far */
    bool head_done, heads_over, body_over;
    const char *refused; /* kind of address that the guard refused */
    const char *fault;   /* why there is no answer (fault.h), or NULL */
    int64_t started;
    int status; /* these two once it is answered */
    enum mud_cut cut;
    char reason[CURL_ERROR_SIZE];
};

struct mud_transfer_ask {
    const struct mud_url *url;
    struct mud_str referrer; /* as in the exchange; what is sent is less */
    struct mud_str resolve;  /* "host:port:address,..."; empty: as libcurl */
    const struct mud_form *form; /* NULL: GET */
    size_t body_max;
    CURLSH *share;
};

/* What became of it, apart from the exchange. */
enum mud_outcome {
    MUD_ANSWERED, /* a response; exchange->cut may be set */
    MUD_FLAWED,   /* none, and asking again will not help */
    MUD_BROKEN,   /* none: network; asking again may help */
    MUD_REFUSED   /* the guard let no connection be made */
};

struct mud_transfer *mud_transfer_new(const struct mud_policy *policy,
                                      const struct mud_transfer_ask *ask,
                                      void *owner);
void mud_transfer_free(struct mud_transfer *transfer); /* NULL is fine */

/*
 * Once libcurl is done with rc: what it came to; sets status and cut. Unless
 * MUD_ANSWERED, err says why.
 */
enum mud_outcome mud_transfer_outcome(struct mud_transfer *transfer,
                                      CURLcode rc, struct mud_error *err);

/* What an answered one exchanged: all but url, dns, referrer, location. */
void mud_transfer_exchange(struct mud_exchange *out,
                           const struct mud_transfer *transfer,
                           struct mud_arena *arena);

/*
 * Without what would let others act as the account (withhold.c): values of
 * cookies, authorization and tokens in a head that was sent; of Set-Cookie and of
 * long hex numbers of Location in one that came; all values of a form; long hex
 * numbers of any text.
 */
struct mud_str mud_withhold_request(struct mud_str head,
                                    struct mud_arena *arena);
struct mud_str mud_withhold_response(struct mud_str head,
                                     struct mud_arena *arena);
struct mud_str mud_withhold_form(struct mud_str body, struct mud_arena *arena);
struct mud_str mud_withhold_hex(struct mud_str text, struct mud_arena *arena);

/* Take any certificate and TLS back to 1.0, but verify all the same, so that the
 * result is known. policy must outlive curl. False when libcurl lacks an option. */
bool mud_tls_unverified(CURL *curl, const struct mud_policy *policy);

/* TLS of the connection that curl is on, as JSON; nothing when there is none. */
void mud_tls_describe(struct mud_buf *out, CURL *curl);
struct ssl_st; /* OpenSSL's SSL */
void mud_tls_describe_session(struct mud_buf *out, struct ssl_st *ssl);

/* By which proxy curl connects, and who we are to it; none: directly, whatever
 * the environment says. False when libcurl lacks an option. */
bool mud_proxy_set(CURL *curl, const struct mud_policy *policy,
                   struct mud_arena *scratch);

/* The policy's proxy with socks5 as socks5h; and without user and password. */
struct mud_str mud_proxy_url(struct mud_str proxy, bool bare,
                             struct mud_arena *arena);

#endif
