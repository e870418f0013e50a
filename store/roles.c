#include "store/roles.h"

#include "base/embed.h"
#include "base/log.h"
#include "store/migrate.h"

#define DENIED "42501" /* insufficient_privilege */

extern const struct mud_embedded mud_roles[];

struct state {
    bool applied; /* this file, after the last step, to this server */
    bool may;     /* this login may apply it */
};

static void digest_text(char hex[MUD_HEX256])
{
    uint8_t digest[MUD_SHA256];

    mud_sha256_of(mud_roles_text(), digest);
    mud_hex(hex, digest, sizeof(digest));
}

static bool read_state(struct state *state, struct mud_pg *pg,
                       struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char hex[MUD_HEX256];

    *state = (struct state){0};
    if (!mud_pg_query(&rows, pg, mud_sql("roles_state"), NULL, 0, err))
        return false;
    digest_text(hex);
    if (mud_rows_count(rows)) {
        state->applied = mud_str_eqz(mud_rows_get(rows, 0, 0), hex) &&
                         mud_rows_int(rows, 0, 1) == mud_rows_int(rows, 0, 2) &&
                         mud_rows_bool(rows, 0, 3);
        state->may = mud_rows_bool(rows, 0, 4);
    }
    mud_rows_free(rows);
    return true;
}

/* In a transaction: two that grant at once would stumble over each other. */
static bool apply(struct mud_pg *pg, struct mud_error *err)
{
    char hex[MUD_HEX256];
    struct state state;

    digest_text(hex);
    const struct mud_str arg = mud_str_z(hex);
    return mud_pg_begin(pg, err) &&
           mud_pg_exec(
               pg, "SELECT pg_advisory_xact_lock(" MUD_MIGRATE_LOCK ")", err) &&
           read_state(&state, pg, err) &&
           (state.applied ||
            (mud_migrate_run(pg, &mud_roles[0], err) &&
             mud_pg_query(NULL, pg, mud_sql("roles_put"), &arg, 1, err))) &&
           mud_pg_commit(pg, err);
}

bool mud_roles_apply(struct mud_pg *pg, struct mud_error *err)
{
    struct state state;
    struct mud_error why = {0};

    if (!read_state(&state, pg, err))
        return false;
    if (state.applied || !state.may || apply(pg, &why))
        return true;
    bool denied = strcmp(mud_pg_sqlstate(pg), DENIED) == 0;
    mud_pg_rollback(pg);
    if (!denied)
        return mud_fail(err, why.code, "%s", why.text);
    mud_log(MUD_LOG_WARN, "postgres", "roles: %s", why.text);
    return true;
}

bool mud_roles_applied(bool *applied, struct mud_pg *pg, struct mud_error *err)
{
    struct state state;

    if (!read_state(&state, pg, err))
        return false;
    *applied = state.applied;
    return true;
}

struct mud_str mud_roles_text(void)
{
    return mud_embedded_text(&mud_roles[0]);
}
