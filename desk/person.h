/*
 * People: who may work here, with which roles, and whose an account of the system
 * is. Names have no blanks and do not change; a person who left is disabled, not
 * removed, because the audit names him. What changes here is audited by the
 * caller; mud_person_first audits itself.
 */
#ifndef MUD_DESK_PERSON_H
#define MUD_DESK_PERSON_H

#include "desk/right.h"
#include "store/pg.h"

#define MUD_PERSON_NAME 128

struct mud_entering {           /* who acts */
    char name[MUD_PERSON_NAME]; /* "": nobody of that name, or account */
    unsigned roles;
    bool active;
    bool elsewhere;  /* has accounts of the system, and this is none of them */
    int64_t persons; /* there are in all */
    char login
        [16]; /* "analyst": the connection is of that role; "": the owner */
};

/* The person called `as` or, for NULL, whose account of the system that is. */
MUD_MUST bool mud_person_enter(struct mud_entering *out, struct mud_pg *pg,
                               const char *as, const char *account,
                               struct mud_error *err);

/*
 * When there is nobody yet: make the person of that account (and of another one,
 * unless also is NULL), analyst, officer and supervisor at once, but still one
 * person: what takes two waits for a second. *made tells. Safe when several
 * processes do so at once.
 */
MUD_MUST bool mud_person_first(bool *made, struct mud_pg *pg,
                               const char *account, const char *also,
                               struct mud_error *err);

struct mud_person_given {
    struct mud_str name, full_name, organisation, email;
    unsigned roles;
};

/* MUD_EUSAGE: the name is taken, or no name. by: who makes him. */
MUD_MUST bool mud_person_add(struct mud_pg *pg,
                             const struct mud_person_given *given,
                             struct mud_str by, struct mud_error *err);

/* Give or take a role; MUD_EMISSING: no such person; MUD_EUSAGE: the last active
 * supervisor would be gone. */
MUD_MUST bool mud_person_role(struct mud_pg *pg, struct mud_str name,
                              unsigned role, bool give, struct mud_str by,
                              struct mud_error *err);

/* Disabled: may do nothing, and no secret of his is good any more. The same
 * errors. */
MUD_MUST bool mud_person_enable(struct mud_pg *pg, struct mud_str name,
                                bool enable, struct mud_error *err);

/* An account of the system is this person's, and no one else's: MUD_EUSAGE when it
 * is someone's already. Unmap: MUD_EMISSING when it is not his. */
MUD_MUST bool mud_person_map(struct mud_pg *pg, struct mud_str name,
                             struct mud_str account, struct mud_str by,
                             struct mud_error *err);
MUD_MUST bool mud_person_unmap(struct mud_pg *pg, struct mud_str name,
                               struct mud_str account, struct mud_error *err);

struct mud_person { /* views into the rows it came from */
    struct mud_str name, full_name, organisation, email, state, made_by;
    int64_t made_at;
    struct mud_str roles, accounts; /* arrays of JSON */
};

struct mud_person mud_person_row(const struct mud_rows *rows, size_t i);

/* All in the order in which they came, or the one of that name (MUD_EMISSING);
 * free with mud_rows_free. */
MUD_MUST bool mud_person_list(struct mud_rows **out, struct mud_pg *pg,
                              struct mud_str name, struct mud_error *err);

#endif
