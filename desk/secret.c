#include "desk/secret.h"

#include "base/time.h"

#include <sodium.h>

/* Without 0, 1, i, l, o. */
static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";

static bool begin(struct mud_error *err)
{
    return sodium_init() >= 0 ||
           mud_fail(err, MUD_EIO, "libsodium cannot start");
}

bool mud_secret_make(char out[MUD_SECRET_TEXT], struct mud_error *err)
{
    if (!begin(err))
        return false;
    for (size_t i = 0; i < MUD_SECRET_TEXT - 1; i++)
        out[i] =
            i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    out[MUD_SECRET_TEXT - 1] = 0;
    return true;
}

void mud_secret_forget(char *secret, size_t n)
{
    sodium_memzero(secret, n);
}

static bool store(struct mud_pg *pg, struct mud_str name, const char *hash,
                  int64_t until, struct mud_error *err)
{
    char time[MUD_TIME_TEXT];
    const struct mud_str args[] = {
        name,
        until ? MUD_STR("once") : MUD_STR("password"),
        mud_str_z(hash),
        until ? mud_str_z(mud_time_text(time, until, true)) : MUD_SQL_NULL};

    if (mud_pg_begin(pg, err) &&
        mud_pg_query(NULL, pg, mud_sql("person_secret_drop"), args, 1, err) &&
        mud_pg_query(NULL, pg, mud_sql("person_secret_put"), args, 4, err) &&
        mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return false;
}

bool mud_secret_put(struct mud_pg *pg, struct mud_str name,
                    struct mud_str secret, int64_t until, struct mud_error *err)
{
    char hash[crypto_pwhash_STRBYTES];

    if (!begin(err))
        return false;
    if (crypto_pwhash_str(hash,
                          secret.s,
                          secret.n,
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return mud_fail(err, MUD_EIO, "no memory to hash a secret (64 MiB)");
    return store(pg, name, hash, until, err);
}

/* What is checked when there is nothing to check against. */
static const char nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool mud_secret_check(bool *good, bool *once, struct mud_pg *pg,
                      struct mud_str name, struct mud_str secret,
                      struct mud_error *err)
{
    char hash[crypto_pwhash_STRBYTES] = {0};
    struct mud_rows *rows = NULL;

    *good = *once = false;
    if (!begin(err) ||
        !mud_pg_query(&rows, pg, mud_sql("person_secret_of"), &name, 1, err))
        return false;
    struct mud_str held = mud_str_z(nobody);
    if (mud_rows_count(rows)) {
        *once = mud_str_eqz(mud_rows_get(rows, 0, 0), "once");
        held = mud_rows_get(rows, 0, 1);
    }
    bool there = mud_rows_count(rows) && held.n < sizeof(hash);
    memcpy(hash, held.s, held.n < sizeof(hash) ? held.n : 0);
    mud_rows_free(rows);
    *good = crypto_pwhash_str_verify(hash, secret.s, secret.n) == 0 && there;
    *once = *once && *good;
    return true;
}
