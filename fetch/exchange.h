/*
 * One HTTP exchange as it went over the wire: what was asked, what came back,
 * from where. Redirects are exchanges of their own. `body` is undecoded: still
 * chunked, still gzipped; fetch/decode.c undoes that on a copy. Evidence seals
 * an exchange before anything else reads it. All text lives in the arena that
 * was handed to the fetch. Heads and body are bytes of strangers: they need
 * not be UTF-8 and may hold NUL.
 */
#ifndef MUD_FETCH_EXCHANGE_H
#define MUD_FETCH_EXCHANGE_H

#include "base/str.h"
#include "base/time.h"

enum mud_cut { /* why a body is not whole */
    MUD_CUT_NONE = 0,
    MUD_CUT_BYTES,     /* byte budget of the page */
    MUD_CUT_TIME,      /* time budget */
    MUD_CUT_DISCONNECT /* the far side went away before the end */
};

struct mud_exchange {
    struct mud_str url;    /* absolute, without fragment */
    struct mud_str method; /* "GET" */
    /*
     * Request line and headers as sent, CRLF, to the empty line. The values of
     * Cookie, Authorization and Proxy-Authorization read "[withheld]": they
     * let whoever holds them act as the account that fetched.
     */
    struct mud_str request_head;
    struct mud_str request_body; /* empty for GET; passwords blanked */
    /*
     * Status line and headers, CRLF, to the empty line. HTTP/2 is written in
     * the form of 1.1. Of several heads (1xx, proxy CONNECT) the last.
     */
    struct mud_str response_head;
    struct mud_str body;     /* as received, undecoded */
    int status;              /* 0 when no response came */
    char http_version[8];    /* "1.0", "1.1", "2" */
    struct mud_str location; /* absolute target of a redirect, or empty */
    struct mud_str peer_ip;  /* numeric; of the proxy if there is one */
    struct mud_str local_ip; /* from which of our addresses, or empty */
    struct mud_str dns;      /* JSON array of the answers, or empty */
    struct mud_str
        tls; /* JSON: version, cipher, chain_sha256[], verify; or empty */
    struct mud_str proxy; /* scheme://host:port without credentials, or empty */
    struct mud_str referrer; /* page on which the link stood: the entry steps */
    int64_t started, ended;  /* us */
    enum mud_cut cut;
};

/* "", "bytes", "time", "disconnect" */
const char *mud_cut_name(enum mud_cut cut);

/* Value of the first response header of that name (case folded), trimmed. */
struct mud_str mud_exchange_header(const struct mud_exchange *exchange,
                                   const char *name);

/* The same on any head; *at (from 0) steps through headers of one name. */
bool mud_head_value(struct mud_str head, const char *name, size_t *at,
                    struct mud_str *value);

/*
 * The body with transfer and content coding undone (chunked; gzip, deflate as
 * zlib or raw, br where built in, identity), at most max bytes, in arena. A
 * broken or cut stream gives what could be read and says so in *whole = false.
 * A body that does not begin as its coding must (other tools archive decoded
 * bodies under the old headers) is taken as it is. Fails with MUD_EINPUT on an
 * unknown coding and MUD_ELIMIT past max or above four codings.
 */
MUD_MUST bool mud_exchange_decode(struct mud_str *out, bool *whole,
                                  const struct mud_exchange *exchange,
                                  size_t max, struct mud_arena *arena,
                                  struct mud_error *err);

#endif
