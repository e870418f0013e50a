/*
 * Cookies of a browser that passed what a source stands behind, handed in by a
 * person: those for hosts in its scope go into its jar (mode 0600), and the
 * source goes on where a wall had stopped it.
 */
#ifndef MUD_RUN_COOKIES_H
#define MUD_RUN_COOKIES_H

#include "run/source.h"

struct mud_cookies_taken {
    size_t taken, outside, expired;
    int64_t until; /* us: when the first of those taken ends; 0: none does */
    bool resumed;  /* a wall had stopped the source */
};

struct mud_cookies_given {
    struct mud_str text;       /* of the file (fetch/cookie_file.h) */
    struct mud_str account;    /* whose jar; empty: the guest's */
    struct mud_str user_agent; /* of that browser: Cloudflare and others bind
                                  both; empty: as the source has it */
    struct mud_str who;        /* for the record, which has no value */
};

/* MUD_EINPUT when the text is no cookies, or none of them is in scope and not
 * over; MUD_EUSAGE when the source is not fetched by HTTP. */
MUD_MUST bool mud_cookies_give(struct mud_cookies_taken *out,
                               struct mud_source *source, const char *home,
                               const struct mud_cookies_given *given,
                               struct mud_pg *pg, struct mud_arena *arena,
                               struct mud_error *err);

#endif
