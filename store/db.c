#include "store/db.h"

#include "base/log.h"
#include "base/time.h"
#include "store/migrate.h"
#include "store/roles.h"
#include "store/server_parts.h"

#include <poll.h>
#include <stdlib.h>

/* The outside server's, or NULL. */
static const char *outside(void)
{
    const char *dsn = getenv("MUDLARK_DSN");

    return dsn && *dsn ? dsn : NULL;
}

bool mud_db_private(void)
{
    return !outside();
}

bool mud_db_dsn(char *out, size_t size, const char *home, struct mud_error *err)
{
    struct mud_place place;
    const char *dsn = outside();

    if (!dsn)
        return mud_server_place(&place, home, err) &&
               mud_server_dsn(out, size, &place, "mudlark", err);
    if (strlen(dsn) >= size)
        return mud_fail(err, MUD_EUSAGE, "MUDLARK_DSN is too long");
    memcpy(out, dsn, strlen(dsn) + 1);
    return true;
}

static bool check_version(struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows,
                      pg,
                      "SELECT current_setting('server_version_num')::int, "
                      "current_setting('server_encoding')",
                      NULL,
                      0,
                      err))
        return false;
    int64_t version = mud_rows_int(rows, 0, 0);
    bool utf8 = mud_str_eqz(mud_rows_get(rows, 0, 1), "UTF8");
    mud_rows_free(rows);
    if (version < MUD_PG_OLDEST * INT64_C(10000))
        return mud_fail(err,
                        MUD_EDB,
                        "MUDLARK_DSN: the server is postgres %lld, needed is "
                        "%d or newer",
                        (long long)version / 10000,
                        MUD_PG_OLDEST);
    if (!utf8)
        return mud_fail(err,
                        MUD_EDB,
                        "MUDLARK_DSN: the database is not in UTF8: create one "
                        "with ENCODING 'UTF8' TEMPLATE template0");
    return true;
}

bool mud_db_connect(struct mud_pg **out, const char *home,
                    struct mud_error *err)
{
    char dsn[MUD_PATH];

    *out = NULL;
    if (!mud_db_dsn(dsn, sizeof(dsn), home, err))
        return false;
    if (!mud_db_private()) {
        if (!mud_pg_open(out, dsn, err))
            return mud_fail_in(err, "MUDLARK_DSN");
    } else if (!mud_pg_open(out, dsn, NULL)) {
        if (!mud_server_start(NULL, home, err) || !mud_pg_open(out, dsn, err))
            return false;
    }
    if (check_version(*out, err))
        return true;
    mud_pg_close(*out);
    *out = NULL;
    return false;
}

/* The login is one of schema/roles.sql, not the owner of the tables. */
static bool in_a_role(const struct mud_pg *pg)
{
    return strncmp(mud_pg_user(pg), MUD_ROLE_PREFIX, strlen(MUD_ROLE_PREFIX)) ==
           0;
}

static bool check_current(struct mud_pg *pg, struct mud_error *err)
{
    bool current;

    if (!mud_migrate_check(pg, &current, err))
        return false;
    return current ||
           mud_fail(err,
                    MUD_EDB,
                    "the schema is not up to date, and %s may not change it: "
                    "whoever owns the tables says mudlark db migrate",
                    mud_pg_user(pg));
}

bool mud_db_open(struct mud_pg **out, const char *home, struct mud_error *err)
{
    if (!mud_db_connect(out, home, err))
        return false;
    if (in_a_role(*out) ? check_current(*out, err)
                        : mud_migrate(*out, NULL, err))
        return true;
    mud_pg_close(*out);
    *out = NULL;
    return false;
}

#define ADMIT_MS 5000 /* until a server has read its settings again */

/* A server that an older program started lets no role in yet. */
static bool admit(struct mud_pg **out, const char *dsn, struct mud_pg *owner,
                  const struct mud_place *place, struct mud_error *err)
{
    int64_t due = mud_monotonic() + ADMIT_MS * INT64_C(1000);

    if (!mud_server_ident(place, err) ||
        !mud_pg_exec(owner, "SELECT pg_reload_conf()", err))
        return false;
    while (!mud_pg_open(out, dsn, NULL)) {
        if (mud_monotonic() > due)
            return mud_pg_open(out, dsn, err);
        poll(NULL, 0, 20);
    }
    return true;
}

static bool private_as(struct mud_pg **out, char *dsn, size_t size,
                       struct mud_pg *owner, const char *home, const char *role,
                       struct mud_error *err)
{
    struct mud_place place;
    struct mud_error why = {0};

    if (!mud_server_place(&place, home, err) ||
        !mud_server_dsn_as(dsn, size, &place, role, err))
        return false;
    if (mud_pg_open(out, dsn, &why))
        return true;
    if (why.code == MUD_EAGAIN)
        return mud_fail(err, why.code, "%s", why.text);
    return admit(out, dsn, owner, &place, err);
}

static bool outside_as(struct mud_pg **out, char *dsn, size_t size,
                       struct mud_pg *owner, const char *role,
                       struct mud_error *err)
{
    struct mud_error why = {0};

    if (in_a_role(owner)) {
        if (strcmp(mud_pg_user(owner), role) != 0)
            return mud_fail(err,
                            MUD_EDENIED,
                            "MUDLARK_DSN logs in as %s, and this is done as %s",
                            mud_pg_user(owner),
                            role);
        return mud_db_dsn(dsn, size, NULL, err) && mud_pg_open(out, dsn, err);
    }
    if (!mud_pg_dsn_as(dsn, size, outside(), role, err))
        return false;
    if (mud_pg_open(out, dsn, &why))
        return true;
    if (why.code == MUD_EAGAIN)
        return mud_fail(err, why.code, "%s", why.text);
    mud_log(MUD_LOG_INFO,
            "postgres",
            "no login as %s, rights are held by the program alone: %s",
            role,
            why.text);
    return mud_db_dsn(dsn, size, NULL, err) && mud_pg_open(out, dsn, err);
}

bool mud_db_as(struct mud_pg **out, char *dsn, size_t size,
               struct mud_pg *owner, const char *home, const char *role,
               struct mud_error *err)
{
    *out = NULL;
    return mud_db_private() ? private_as(out, dsn, size, owner, home, role, err)
                            : outside_as(out, dsn, size, owner, role, err);
}

bool mud_db_dsn_as(char *out, size_t size, const char *home, const char *role,
                   struct mud_error *err)
{
    struct mud_place place;

    if (!mud_db_private())
        return mud_db_dsn(out, size, home, err);
    return mud_server_place(&place, home, err) &&
           mud_server_dsn_as(out, size, &place, role, err);
}
