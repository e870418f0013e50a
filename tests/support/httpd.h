/*
 * A small real HTTP/1.1 server on loopback for tests: a thread that accepts and
 * a thread a connection, which hands each request to a handler. Handlers
 * answer properly or send any bytes they like. It can be a proxy as well: the
 * target is then an absolute URL.
 */
#ifndef MUD_TESTS_SUPPORT_HTTPD_H
#define MUD_TESTS_SUPPORT_HTTPD_H

#include "base/str.h"

struct mud_httpd;
struct mud_httpd_peer; /* one connection */

struct mud_httpd_request {
    struct mud_str method, target;
    struct mud_str head; /* request line and headers, to the empty line */
    struct mud_str body; /* as long as Content-Length says */
    unsigned connection; /* number of the connection, from 1 */
    unsigned number;     /* of the request among all, from 1 */
    int64_t at;          /* monotonic us */
};

/* Runs on the connection's thread. False closes the connection. */
typedef bool mud_httpd_handler(struct mud_httpd_peer *peer,
                               const struct mud_httpd_request *request,
                               void *payload);

/* Aborts the test program when there is no port to be had. */
struct mud_httpd *mud_httpd_start(mud_httpd_handler *handler, void *payload);
/* Closes all connections and waits for their threads. */
void mud_httpd_stop(struct mud_httpd *httpd);
unsigned mud_httpd_port(const struct mud_httpd *httpd);
unsigned mud_httpd_connections(const struct mud_httpd *httpd);
unsigned mud_httpd_requests(const struct mud_httpd *httpd);

/* Any bytes; false when the client is gone or the server ends. */
bool mud_httpd_send(struct mud_httpd_peer *peer, struct mud_str bytes);
/* The same, of a C string. */
bool mud_httpd_sendz(struct mud_httpd_peer *peer, const char *text);
/* Status line, these header lines ("A: b\r\n", may be ""), Content-Length,
 * body. */
bool mud_httpd_reply(struct mud_httpd_peer *peer, int status,
                     const char *headers, struct mud_str body);
/* The same by chunks of `step` bytes; *wire (may be NULL) gets the body as
 * sent, malloc'd. */
bool mud_httpd_chunked(struct mud_httpd_peer *peer, const char *headers,
                       struct mud_str body, size_t step, struct mud_buf *wire);
/* End with a reset instead of a close. */
void mud_httpd_reset(struct mud_httpd_peer *peer);
/* Wait, but not past the end of the server. */
void mud_httpd_pause(struct mud_httpd_peer *peer, unsigned ms);
/* The file below `folder` that the target names (no "..", no query), with
 * type by ending; 404 when there is none. */
bool mud_httpd_file(struct mud_httpd_peer *peer, const char *folder,
                    const struct mud_httpd_request *request);

/* Value of a request header, or empty. */
struct mud_str mud_httpd_value(const struct mud_httpd_request *request,
                               const char *name);

#endif
