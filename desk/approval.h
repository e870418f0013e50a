/*
 * Four eyes: an act that one person asks for and another one approves. Which acts
 * those are, who may ask and decide, and how long a decision holds is in
 * mud.four_eyes; a later step of the schema adds its acts there. A request is
 * bound to a SHA-256 of all that it asks for: what was changed since is another
 * act. The database holds the rules by itself (trigger approval_check): nobody
 * decides on his own request, whatever program he uses.
 *
 * The code that does the act calls mud_approval_require before it. The caller has
 * audited the deed.
 */
#ifndef MUD_DESK_APPROVAL_H
#define MUD_DESK_APPROVAL_H

#include "base/hash.h"
#include "store/pg.h"

struct mud_approval_ask {
    const char *action;    /* a row of mud.four_eyes: "original" */
    const char *kind;      /* of the object: "capture"; or NULL */
    struct mud_str object; /* its id */
    const uint8_t *digest; /* MUD_SHA256 bytes: of what is asked for */
    struct mud_str
        detail; /* JSON object: what the decider is shown; or empty */
    struct mud_str reason;
    struct mud_str who;
};

/* Ask; *id is the number of the request. MUD_EUSAGE without a reason, MUD_EDENIED
 * when who may not ask for it, MUD_EMISSING: no such action. */
MUD_MUST bool mud_approval_ask(int64_t *id, struct mud_pg *pg,
                               const struct mud_approval_ask *ask,
                               struct mud_error *err);

/*
 * True when who asked for just this, another person approved it, and the
 * approval is still good; one that is good for a single act is used up by this
 * call. Else MUD_EDENIED, whose text says what to do: with a reason the request is
 * made now (unless it waits already), and can be decided by its number.
 */
MUD_MUST bool mud_approval_require(int64_t *id, struct mud_pg *pg,
                                   const struct mud_approval_ask *ask,
                                   struct mud_error *err);

/* Decide. MUD_EDENIED: it is who's own request, or not for who to decide;
 * MUD_EUSAGE: it is decided already; MUD_EMISSING. note may be empty, but says why
 * when refused. */
MUD_MUST bool mud_approval_decide(struct mud_pg *pg, int64_t id, bool approve,
                                  struct mud_str who, struct mud_str note,
                                  struct mud_error *err);

struct mud_approval_query {
    int64_t id;           /* 0: any */
    struct mud_str state; /* "asked", "approved", "refused"; empty: any */
    struct mud_str asked_by, object;
    int64_t max;
};

struct mud_approval { /* views into the rows it came from */
    int64_t id;
    struct mud_str action, kind, object;
    struct mud_str digest; /* hex */
    struct mud_str detail, reason, asked_by, state, decided_by, note;
    int64_t asked_at, decided_at, expires_at, used_at;
    struct mud_str deciders; /* "officer,supervisor" */
    struct mud_str en, zh;   /* what the action is, for people */
    bool once;
};

/* Row i of what mud_approval_list gave. */
struct mud_approval mud_approval_row(const struct mud_rows *rows, size_t i);

/* Newest first; free with mud_rows_free. */
MUD_MUST bool mud_approval_list(struct mud_rows **out, struct mud_pg *pg,
                                const struct mud_approval_query *query,
                                struct mud_error *err);

#endif
