/*
 * Who may do what. Roles are held by persons, several at once; an action is
 * what a command or a page does. One table, enforced by the program here and by
 * Postgres through the grants of schema/roles.sql: each person's action is done
 * in the role of Postgres behind it, the pipeline's in mud_worker.
 */
#ifndef MUD_DESK_RIGHT_H
#define MUD_DESK_RIGHT_H

#include "base/str.h"

enum mud_duty { /* bits */
    MUD_ANALYST = 1,
    MUD_OFFICER = 2,
    MUD_SUPERVISOR = 4,
    MUD_AUDITOR = 8,
    MUD_PARTNER = 16
};

#define MUD_DUTIES 5

/* The name of one bit, or the bit of a name (0: none). */
const char *mud_duty_name(unsigned role);
unsigned mud_duty_of(struct mud_str name);
/* "analyst, officer" in text; returns it. Bits of "analyst,officer", or 0 when a
 * word is no role. */
#define MUD_DUTIES_TEXT 64
const char *mud_duties_text(char text[MUD_DUTIES_TEXT], unsigned roles);
unsigned mud_duties_of(struct mud_str list);

enum mud_login {      /* the role of Postgres in which an action is done */
    MUD_LOGIN_ROLE,   /* of the person */
    MUD_LOGIN_WORKER, /* mud_worker */
    MUD_LOGIN_OWNER   /* whoever owns the tables: backup, restore */
};

struct mud_right {
    const char *action; /* NULL ends the table */
    unsigned roles;     /* that may */
    enum mud_login login;
    bool audited;
    const char *en, *zh; /* what it is, for people */
};

extern const struct mud_right mud_rights[];

/* NULL when there is no such action. */
const struct mud_right *mud_right_of(const char *action);

/* The role of those held in which the action is done, the least powerful one
 * first; 0 when none of them may. */
unsigned mud_right_role(const struct mud_right *right, unsigned held);

#endif
