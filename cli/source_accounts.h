/* Accounts of a source: for account list, source list and source show. */
#ifndef MUD_CLI_SOURCE_ACCOUNTS_H
#define MUD_CLI_SOURCE_ACCOUNTS_H

#include "base/json.h"
#include "run/account.h"

struct mud_source_accounts {
    struct mud_account *all;
    size_t n;
};

MUD_MUST bool mud_source_accounts_load(struct mud_source_accounts *out,
                                       struct mud_pg *pg,
                                       const struct mud_source *source,
                                       struct mud_arena *arena,
                                       struct mud_error *err);

/* Those that are locked. */
size_t mud_source_accounts_locked(const struct mud_source_accounts *accounts);

/* An array, of objects as account list has them. */
void mud_source_accounts_json(struct mud_json *json,
                              const struct mud_source_accounts *accounts);
/* Their lines of source show. */
void mud_source_accounts_text(struct mud_buf *text,
                              const struct mud_source_accounts *accounts,
                              bool colour);
/* The members of one, in an object that is open. */
void mud_account_members(struct mud_json *json,
                         const struct mud_account *account);

#endif
