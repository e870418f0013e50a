/*
 * Accounts with which a source is read: any number, each with secrets of its own
 * (secret.h), a proxy where it is not the source's, and hours of its own. A round
 * is read with one of them, the one that was used longest ago. One that the board
 * turns away is locked, and no more is tried with it until an analyst resumes
 * it: boards lock accounts, and tell their staff.
 */
#ifndef MUD_RUN_ACCOUNT_H
#define MUD_RUN_ACCOUNT_H

#include "run/source.h"

#define MUD_ACCOUNT_TRIES 2 /* passwords sent without being let in, at most */
#define MUD_ACCOUNT_LOGINS \
    24 /* times let in on one day (UTC); after that it is locked */

struct mud_account {
    struct mud_str name;         /* of its secrets */
    struct mud_str proxy, hours; /* empty: the source's; hours hold beside it */
    bool locked;
    struct mud_str note;     /* why */
    int64_t tries;           /* passwords sent since it was let in last */
    int64_t logged_in, used; /* us; 0: never */
    int64_t added;
    struct mud_str added_by;
};

/* MUD_EUSAGE: no name, hours or proxy that is one, or it is there already. */
MUD_MUST bool mud_account_add(struct mud_pg *pg,
                              const struct mud_source *source,
                              const struct mud_account *account,
                              struct mud_str who, struct mud_error *err);

/* The one that was used longest ago first. The source's own account (source
 * add --account) of a forum is one of them. */
MUD_MUST bool mud_account_list(struct mud_account **out, size_t *n,
                               struct mud_pg *pg,
                               const struct mud_source *source,
                               struct mud_arena *arena, struct mud_error *err);

/* Lock or resume it; who: a person, or "mudlark". MUD_EMISSING. */
MUD_MUST bool mud_account_lock(struct mud_pg *pg,
                               const struct mud_source *source,
                               struct mud_str name, struct mud_str why,
                               struct mud_str who, struct mud_error *err);
MUD_MUST bool mud_account_resume(struct mud_pg *pg,
                                 const struct mud_source *source,
                                 struct mud_str name, struct mud_str who,
                                 struct mud_error *err);
/* MUD_EMISSING. What it fetched stays. */
MUD_MUST bool mud_account_remove(struct mud_pg *pg,
                                 const struct mud_source *source,
                                 struct mud_str name, struct mud_str who,
                                 struct mud_error *err);

/* A round begins with it. */
MUD_MUST bool mud_account_used(struct mud_pg *pg,
                               const struct mud_source *source,
                               struct mud_str name, struct mud_error *err);
/* Its password is about to be sent: counted first, so that a killed worker
 * counts too. *may: it is not locked, has tries left, and was not let in too
 * often today, which happens where its pages look like a stranger's. */
MUD_MUST bool mud_account_try(bool *may, struct mud_pg *pg,
                              const struct mud_source *source,
                              struct mud_str name, struct mud_error *err);
/* The board let it in. */
MUD_MUST bool mud_account_in(struct mud_pg *pg, const struct mud_source *source,
                             struct mud_str name, struct mud_error *err);

/*
 * Where its cookies are kept between rounds, mode 0600: in MUDLARK_HOME/cookies/
 * SOURCE.d the file account-NAME, or guest when account is empty. The folder is
 * made.
 */
MUD_MUST bool mud_jar_path(char *out, size_t size, const char *home,
                           struct mud_str source, struct mud_str account,
                           struct mud_error *err);

#endif
