/*
 * The audit: who did what, when, to what, why. One line a deed, append-only and
 * chained like the ledger (schema/0024_people.sql): the server gives number and
 * time under a lock, refuses a person that the login may not speak for, and has
 * no other way in. A line is written before the deed, so that none is without; a
 * second one that points back says how it ended. In a transaction the lock is
 * held to its end: keep such transactions short.
 */
#ifndef MUD_DESK_AUDIT_H
#define MUD_DESK_AUDIT_H

#include "base/hash.h"
#include "store/pg.h"

struct mud_deed {
    struct mud_str who; /* a person's name */
    const char *action; /* a row of desk/right.h, or one of "refused",
                              "verdict"... of the caller's own */
    const char *kind;   /* what object is: "capture", "command"...; or NULL */
    struct mud_str object; /* id, query, name; may be empty */
    struct mud_str detail; /* a JSON object; empty: {} */
    struct mud_str reason; /* as the person gave it; may be empty */
};

/* Write it. MUD_EDENIED: the login may not speak for who, or who is no active
 * person; MUD_ELIMIT: above 64 KiB. */
MUD_MUST bool mud_audit(struct mud_pg *pg, const struct mud_deed *deed,
                        struct mud_error *err);

/* The same, and the number of its line, for mud_audit_end. */
MUD_MUST bool mud_audit_begin(int64_t *seq, struct mud_pg *pg,
                              const struct mud_deed *deed,
                              struct mud_error *err);

/* How deed seq ended: "done" or "failed", records given out, and why it failed. */
struct mud_deed_end {
    bool failed;
    int64_t records; /* below 0: not known */
    const char *why; /* or NULL */
};

MUD_MUST bool mud_audit_end(struct mud_pg *pg, const struct mud_deed *deed,
                            int64_t seq, const struct mud_deed_end *end,
                            struct mud_error *err);

struct mud_audit_query {
    struct mud_str who;    /* each empty or 0: any */
    struct mud_str action; /* or command */
    struct mud_str object;
    int64_t since, until; /* us */
    int64_t max;
};

struct mud_audit_line { /* views, valid during the call */
    int64_t seq, at;
    struct mud_str who, login, action, kind, object, detail, reason;
    int64_t ended;      /* us; 0: not (yet) */
    struct mud_str end; /* JSON: {"records":3,"state":"done"} */
};

/* Newest first; row returns false to stop. */
MUD_MUST bool mud_audit_list(struct mud_pg *pg,
                             const struct mud_audit_query *query,
                             bool (*row)(const struct mud_audit_line *line,
                                         void *payload, struct mud_error *err),
                             void *payload, struct mud_error *err);

struct mud_audit_check {
    int64_t lines, bad;
    uint8_t head[MUD_SHA256]; /* of the last line; zeros for none */
    char first[200];          /* what is wrong first; "" */
    int64_t first_seq;
};

/* Walk the whole chain: numbers without gaps, each line continues the one
 * before, hashes, times that never go back, columns that say what the line does.
 * line (may be NULL) gets each line's text in order. */
MUD_MUST bool mud_audit_verify(struct mud_audit_check *out, struct mud_pg *pg,
                               bool (*line)(struct mud_str text, void *payload,
                                            struct mud_error *err),
                               void *payload, struct mud_error *err);

#endif
