/*
 * Parsing pages and chat exports. A page is parsed in a worker process with
 * CPU and memory limits (parse/worker.c): a page that kills its worker costs
 * that page, gives a note, and the next page gets a new worker.
 */
#ifndef MUD_PARSE_PARSE_H
#define MUD_PARSE_PARSE_H

#include "fetch/exchange.h"
#include "parse/post.h"

enum mud_page_asks { /* of the account that fetched the page */
    MUD_ASKS_NOTHING = 0,
    MUD_ASKS_SESSION, /* is it logged in? */
    MUD_ASKS_FORM,    /* and what is in the log-in form? */
    MUD_ASKS_ANSWER   /* and what is said to one that was sent? */
};

struct mud_page_in {
    struct mud_str
        bytes; /* decoded body: no chunks, no gzip; charset as sent */
    struct mud_str url;
    struct mud_str content_type;
    struct mud_str head; /* of the response, as received; may be empty */
    int status;          /* HTTP; content decides, not this */
    int64_t fetched_at;  /* us: the clock for "3 hours ago" */
    struct mud_str
        zone; /* zone of the site: "+08:00", IANA name; empty: the engine's default */
    struct mud_str engine; /* forced engine, or empty: detect */
    enum mud_page_asks asks;
    struct mud_str rules; /* of FORM and ANSWER: whose log-in, as a page said in
                             account.rules */
};

/* In this process. Broken pages give notes; fails only with MUD_ELIMIT. */
MUD_MUST bool mud_parse_page(struct mud_parsed *out,
                             const struct mud_page_in *in,
                             struct mud_arena *arena, struct mud_error *err);

/* The same with a description that need not be one of those compiled in. */
struct mud_engine;
MUD_MUST bool mud_parse_with(struct mud_parsed *out,
                             const struct mud_page_in *in,
                             const struct mud_engine *engine,
                             struct mud_arena *arena, struct mud_error *err);

/* In a worker process, which is started at the first page and kept. */
struct mud_parser;
struct mud_parser *mud_parser_new(void);
void mud_parser_free(struct mud_parser *parser);
/* A dead or overdue worker gives a parsed page of kind UNKNOWN with an error
 * note ("worker-killed"). Fails only when no worker can be started. */
MUD_MUST bool mud_parser_page(struct mud_parser *parser, struct mud_parsed *out,
                              const struct mud_page_in *in,
                              struct mud_arena *arena, struct mud_error *err);

/* Longest wait for one page, wall clock (20 s unless set); CPU time has its
 * own limit in the worker. */
void mud_parser_patience(struct mud_parser *parser, int ms);

#endif
