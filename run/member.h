/*
 * Who reads a source in a round: nobody in particular, or one of its accounts.
 * It has the source as that account sees it (proxy, circuit), its hours, the
 * cookies that are kept between rounds, and the log-ins of the round. Inside run
 * only.
 *
 * A page that was shown to a stranger asks for a log-in, and is fetched again
 * after it; so does every page that was asked for before.
 */
#ifndef MUD_RUN_MEMBER_H
#define MUD_RUN_MEMBER_H

#include "run/login.h"

#define MUD_MEMBER_LOGINS \
    5 /* in one round; then pages are taken as they come */

struct mud_member;

/*
 * resumed: a round goes on, with the account that it began with; else one begins
 * with the account whose turn it is. MUD_EDENIED when the source has accounts
 * and all are locked, with their reasons. source must outlive it.
 */
MUD_MUST bool mud_member_new(struct mud_member **out, struct mud_worker *worker,
                             const struct mud_source *source, bool resumed,
                             struct mud_error *err);
void mud_member_free(struct mud_member *member); /* NULL is fine */

/* The source as it is read now; its account is who reads it. */
const struct mud_source *mud_member_source(const struct mud_member *member);
/* Read as a member? Then captures say so, and cookies are withheld. */
bool mud_member_has_account(const struct mud_member *member);
/* When any of its accounts may be used (us): now, or later. */
int64_t mud_member_opens(const struct mud_member *member, int64_t now);

/* The cookies of before, and those of now. Without them a round works too, so
 * what is wrong with the file is logged. */
void mud_member_load(const struct mud_member *member,
                     struct mud_fetcher *fetcher);
void mud_member_save(const struct mud_member *member,
                     struct mud_fetcher *fetcher);

/* How often it has logged in: a page remembers what it was asked with. */
unsigned mud_member_logins(const struct mud_member *member);
/* Was the page of this job shown to a stranger who should be a member? Then it
 * is to be asked for again, and a log-in is under way. */
bool mud_member_lost(struct mud_member *member, int64_t job, unsigned logins,
                     const struct mud_parsed *parsed);

/* Nothing is to be asked for: a log-in is wanted or under way. */
bool mud_member_busy(const struct mud_member *member);
/* Begin a log-in that is wanted, or go on with it. Fails as mud_login_new and
 * mud_login_turn. */
MUD_MUST bool mud_member_turn(enum mud_login_end *end,
                              struct mud_member *member, struct mud_loop *loop,
                              const struct mud_policy *policy,
                              struct mud_report *report, struct mud_error *err);
/* After MUD_LOGIN_REFUSED and _FAILED. */
const char *mud_member_why(const struct mud_member *member);

#endif
