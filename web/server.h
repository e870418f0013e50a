/*
 * The loop that serves HTTP: a table of routes, one thread, and limits on what a
 * client may cost. A client gets 64 KiB for its request's head, ten seconds to
 * send it whole (whatever it drips meanwhile), and shares 128 connections; 32 from
 * one address. Only the methods of the table are taken. What is served on a
 * loopback address is served under a loopback name alone, so that no page in a
 * browser reads it under a name of its own (DNS rebinding).
 */
#ifndef MUD_WEB_SERVER_H
#define MUD_WEB_SERVER_H

#include "base/error.h"
#include "base/str.h"

#define MUD_WEB_LISTEN "127.0.0.1:8087"

struct mud_web_request {
    const char *method; /* "GET"; HEAD is asked and answered as GET */
    struct mud_str path;
    void *connection; /* of the server; for mud_web_query */
};

struct mud_web_answer { /* made ready as 200, text/plain, empty */
    unsigned status;
    const char *type;
    struct mud_buf body;
};

struct mud_web_route {
    const char *method, *path; /* NULL path ends the table */
    void (*answer)(struct mud_web_answer *answer,
                   const struct mud_web_request *request, void *payload);
};

struct mud_web_server;

/*
 * Serve routes on listen, "ADDRESS:PORT" or "[v6]:PORT"; port 0: any free one.
 * MUD_EUSAGE: no such address; MUD_EIO: it is taken. payload is handed to routes,
 * which run one at a time, on the server's thread.
 */
MUD_MUST bool mud_web_serve(struct mud_web_server **out, const char *listen,
                            const struct mud_web_route *routes, void *payload,
                            struct mud_error *err);
void mud_web_end(struct mud_web_server *server); /* NULL is fine */
/* "http://127.0.0.1:8087/" */
const char *mud_web_url(const struct mud_web_server *server);

/* Value of a query parameter; NULL when it is not there. */
const char *mud_web_query(const struct mud_web_request *request,
                          const char *name);

#endif
