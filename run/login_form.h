/*
 * A log-in form filled in. The password is in it, so it lives in pages of its own
 * that are in no core dump and not swapped out, and are wiped when freed. Inside
 * run only.
 */
#ifndef MUD_RUN_LOGIN_FORM_H
#define MUD_RUN_LOGIN_FORM_H

#include "fetch/http.h"
#include "parse/login.h"
#include "run/secret.h"

#define MUD_LOGIN_HEADERS 8

struct mud_login_form {
    struct mud_form form;
    struct mud_str headers[MUD_LOGIN_HEADERS];
    char *room; /* the pages */
};

struct mud_login_page { /* that held the form */
    struct mud_str url, charset;
    const struct mud_page_account *account;
    struct mud_str target; /* where it leads when it says nothing itself */
};

/*
 * All hidden fields of the page, with what the rules send in their place or
 * behind them, in the page's charset. arena, which gets no secret, must outlive
 * out. MUD_EMISSING names a secret that is not there; MUD_ELIMIT above 32 KiB.
 */
MUD_MUST bool mud_login_fill(struct mud_login_form *out,
                             const struct mud_login_rules *rules,
                             const struct mud_login_page *page,
                             const struct mud_secret *secret,
                             struct mud_arena *arena, struct mud_error *err);
void mud_login_form_free(struct mud_login_form *form); /* zeroed is fine */

#endif
