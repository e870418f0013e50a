#include "store/db.h"

#include "store/migrate.h"
#include "store/server.h"

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

bool mud_db_open(struct mud_pg **out, const char *home, struct mud_error *err)
{
    if (!mud_db_connect(out, home, err))
        return false;
    if (mud_migrate(*out, NULL, err))
        return true;
    mud_pg_close(*out);
    *out = NULL;
    return false;
}
