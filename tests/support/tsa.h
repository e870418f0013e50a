/*
 * A real time stamp authority on loopback for tests: openssl ts -reply behind
 * HTTP (RFC 3161 3.4), with a CA of its own. Moods make it fail.
 */
#ifndef MUD_TESTS_SUPPORT_TSA_H
#define MUD_TESTS_SUPPORT_TSA_H

#include "httpd.h"

enum mud_tsa_mood {
    MUD_TSA_GOOD = 0,
    MUD_TSA_BUSY,  /* status 503 */
    MUD_TSA_PAGE,  /* a page of HTML, with status 200 */
    MUD_TSA_OTHER, /* a stamp of other data, for another question */
    MUD_TSA_BENT,  /* the last byte is flipped */
    MUD_TSA_NO     /* it refuses in its own words */
};

struct mud_tsa {
    const char *folder; /* ca.pem, tsa.pem and their keys, tsa.cnf */
    const char *url;
    struct mud_httpd *httpd;
    _Atomic(enum mud_tsa_mood) mood;
};

/* Its certificate holds for that many seconds; 0: a day. */
void mud_tsa_start(struct mud_tsa *tsa, unsigned seconds);
void mud_tsa_stop(struct mud_tsa *tsa);

#endif
