/*
 * The private Postgres of a throw-away home, for bench/run and the peer:
 *
 *     bench_db start HOME          start it (fsync on, the product's settings)
 *     bench_db fresh HOME NAME     an empty, migrated database; prints its DSN
 *     bench_db dsn HOME NAME
 *     bench_db has HOME NAME       exit 0 when it is there
 *     bench_db stop HOME
 */
#include "bench/measure.h"
#include "store/migrate.h"
#include "store/server.h"

#include <stdio.h>

static void dsn_of(char *out, size_t size, const char *home, const char *name)
{
    struct mud_error err = {0};
    struct mud_place place;

    if (!mud_server_place(&place, home, &err) ||
        !mud_server_dsn(out, size, &place, name, &err))
        mud_bench_die(home, &err);
}

static struct mud_pg *open_db(const char *dsn)
{
    struct mud_error err = {0};
    struct mud_pg *pg = NULL;

    if (!mud_pg_open(&pg, dsn, &err))
        mud_bench_die("open", &err);
    return pg;
}

static void fresh(const char *home, const char *name)
{
    struct mud_error err = {0};
    char dsn[512], sql[200];
    struct mud_pg *pg = NULL;

    for (const char *c = name; *c; c++)
        if ((*c < 'a' || *c > 'z') && *c != '_')
            mud_bench_die("a name is small letters", NULL);
    dsn_of(dsn, sizeof(dsn), home, "postgres");
    pg = open_db(dsn);
    (void)snprintf(
        sql, sizeof(sql), "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    if (!mud_pg_query(NULL, pg, sql, NULL, 0, &err))
        mud_bench_die("drop", &err);
    (void)snprintf(sql,
                   sizeof(sql),
                   "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8'",
                   name);
    if (!mud_pg_query(NULL, pg, sql, NULL, 0, &err) ||
        !mud_pg_query(NULL, pg, "CHECKPOINT", NULL, 0, &err))
        mud_bench_die("create", &err);
    mud_pg_close(pg);
    dsn_of(dsn, sizeof(dsn), home, name);
    pg = open_db(dsn);
    if (!mud_migrate(pg, NULL, &err))
        mud_bench_die("migrate", &err);
    mud_pg_close(pg);
    printf("%s\n", dsn);
}

int main(int argc, char **argv)
{
    const char *verb = argc > 2 ? argv[1] : "";
    struct mud_error err = {0};
    char dsn[512];

    if (!strcmp(verb, "start") && argc == 3) {
        if (!mud_server_start(NULL, argv[2], &err))
            mud_bench_die("start", &err);
    } else if (!strcmp(verb, "stop") && argc == 3) {
        if (!mud_server_stop(argv[2], NULL, &err))
            mud_bench_die("stop", &err);
    } else if (!strcmp(verb, "fresh") && argc == 4) {
        fresh(argv[2], argv[3]);
    } else if (!strcmp(verb, "dsn") && argc == 4) {
        dsn_of(dsn, sizeof(dsn), argv[2], argv[3]);
        printf("%s\n", dsn);
    } else if (!strcmp(verb, "has") && argc == 4) {
        struct mud_pg *pg = NULL;

        dsn_of(dsn, sizeof(dsn), argv[2], argv[3]);
        if (!mud_pg_open(&pg, dsn, &err))
            return 1;
        mud_pg_close(pg);
    } else {
        (void)fprintf(stderr,
                      "usage: bench_db start|stop HOME | fresh|dsn|has HOME "
                      "NAME\n");
        return 2;
    }
    return 0;
}
