/*
 * One log-in of one account, as the description of the engine says (parse/login.h):
 * the page of the form, the form, and a page that tells whether it let us in.
 * It is stepped, so that other sources in the loop go on. Inside run only.
 *
 * What is fetched is sealed like all else; what was typed in is not in it. The
 * account is locked when the board refuses it, or when it sent its password
 * MUD_ACCOUNT_TRIES times in vain.
 */
#ifndef MUD_RUN_LOGIN_H
#define MUD_RUN_LOGIN_H

#include "fetch/loop.h"
#include "run/account.h"
#include "run/step.h"

enum mud_login_end {
    MUD_LOGIN_BUSY = 0,
    MUD_LOGIN_IN,      /* the cookies are in the jar */
    MUD_LOGIN_REFUSED, /* the account is locked */
    MUD_LOGIN_FAILED   /* not now: no answer, no form, secrets missing */
};

struct mud_login_ask { /* all of it must outlive the log-in */
    struct mud_worker *worker;
    const struct mud_source *source; /* its account is the one that logs in */
    struct mud_report *report;
    struct mud_loop *loop;
    const struct mud_policy *policy; /* what its pages are fetched under */
    struct mud_str rules;            /* as a page said in account.rules */
    const char *jar;                 /* see mud_jar_path */
};

struct mud_login;

/* Fails when nothing could be asked for: as mud_fetcher_add. */
MUD_MUST bool mud_login_new(struct mud_login **out,
                            const struct mud_login_ask *ask,
                            struct mud_error *err);
void mud_login_free(struct mud_login *login); /* NULL is fine */

/* Go on with what ended in the loop. Fails when it cannot be sealed or stored. */
MUD_MUST bool mud_login_turn(enum mud_login_end *end, struct mud_login *login,
                             struct mud_error *err);

/* Why it was refused or failed. */
const char *mud_login_why(const struct mud_login *login);

#endif
