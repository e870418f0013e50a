/* The schema and the statements as a whole: what schema/README.md promises. */
#include "store/migrate.h"

#include "store/roles.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <stdio.h>

extern const struct mud_embedded mud_queries[];

/* Each statement of the house is understood by a migrated server. */
static void test_queries__prepare_on_a_migrated_server(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    size_t n = 0;

    (void)state;
    for (const struct mud_embedded *q = mud_queries; q->name; q++, n++) {
        struct mud_error err = {0};
        struct mud_buf sql = {0};
        char name[64];

        assert_true(mud_str_ends(mud_str_z(q->name), MUD_STR(".sql")));
        if (!mud_str_starts(mud_embedded_text(q), MUD_STR("-- ")))
            fail_msg("%s: its first line must say what it does", q->name);
        mud_buf_printf(&sql, "PREPARE q AS ");
        mud_buf_str(&sql, mud_embedded_text(q));
        if (!mud_pg_exec(pg, mud_buf_cstr(&sql), &err))
            fail_msg("%s: %s", q->name, err.text);
        mud_test_pg_exec(pg, "DEALLOCATE q");
        mud_buf_free(&sql);
        (void)snprintf(
            name, sizeof(name), "%.*s", (int)strlen(q->name) - 4, q->name);
        assert_ptr_equal(mud_sql(name), q->data);
    }
    assert_true(n > 5);
    mud_pg_close(pg);
}

/* Rows of one query, which must be none: each names a breach. */
static void assert_none(struct mud_pg *pg, const char *sql)
{
    struct mud_error err = {0};
    struct mud_rows *rows;

    assert_ok(mud_pg_query(&rows, pg, sql, NULL, 0, &err), &err);
    size_t n = mud_rows_count(rows);
    for (size_t i = 0; i < n; i++)
        print_error("%.*s\n", MUD_FMT(mud_rows_get(rows, i, 0)));
    mud_rows_free(rows);
    assert_int_equal(n, 0);
}

/* Tables that stay on one server and may use all of SQL. */
#define DESK                                                             \
    "('job', 'ledger', 'setting', 'schema_migration', 'warc_file', "     \
    "'lexicon_history', 'source_change', 'person', 'person_role', "      \
    "'person_user', 'person_secret', 'audit', 'four_eyes', 'approval', " \
    "'alert', 'alert_hit', 'alert_post', 'verdict', "                    \
    "'seal_key', 'seal_kept', 'capture_seal', 'retention', 'hold', "     \
    "'hold_capture', 'hold_node')"

static void test_schema__keeps_the_road_to_citus_open(void **state)
{
    static const char *const breaches[] = {
        /* No sequence outside the desk: ids are made by mud_id_of. */
        "SELECT format('sequence %s of %s', s.relname, t.relname) "
        "FROM pg_class s LEFT JOIN pg_depend d ON d.objid = s.oid AND "
        "d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') "
        "LEFT JOIN pg_class t ON t.oid = d.refobjid "
        "WHERE s.relnamespace = 'mud'::regnamespace AND s.relkind = 'S' "
        "AND t.relname NOT IN " DESK,
        /* No id or time that the server makes up. */
        "SELECT format('default of %s', adrelid::regclass) FROM pg_attrdef "
        "JOIN pg_class c ON c.oid = adrelid "
        "WHERE c.relnamespace = 'mud'::regnamespace AND "
        "pg_get_expr(adbin, adrelid) ~ 'uuid|nextval|clock_timestamp'",
        /* No trigger outside the desk. */
        "SELECT format('trigger %s', tgname) FROM pg_trigger "
        "JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND "
        "c.relnamespace = 'mud'::regnamespace AND c.relname NOT IN " DESK,
        /* No second unique key: it would need the distribution column. */
        "SELECT format('unique %s', conname) FROM pg_constraint "
        "JOIN pg_class c ON c.oid = conrelid WHERE contype IN ('u', 'x') AND "
        "c.relnamespace = 'mud'::regnamespace AND "
        "c.relname NOT IN ('source') AND c.relname NOT IN " DESK,
        /* Every table that holds rows has a primary key; stage_ tables are
         * the forms of temporary ones. */
        "SELECT format('no primary key: %s', relname) FROM pg_class c "
        "WHERE relnamespace = 'mud'::regnamespace AND relkind IN ('r', 'p') "
        "AND relname !~ '^stage_' "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid "
        "AND contype = 'p')",
        /* From the desk to what may be distributed: a frozen copy, no key. */
        "SELECT format('%s to %s', conrelid::regclass, confrelid::regclass) "
        "FROM pg_constraint JOIN pg_class c ON c.oid = conrelid "
        "JOIN pg_class f ON f.oid = confrelid WHERE contype = 'f' AND "
        "c.relnamespace = 'mud'::regnamespace AND c.relname IN " DESK
        " AND f.relname <> 'source' AND f.relname NOT IN " DESK,
    };
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(breaches); i++)
        assert_none(pg, breaches[i]);
    mud_pg_close(pg);
}

static void test_roles__name_every_table(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_error err = {0};
    struct mud_rows *rows;
    struct mud_buf name = {0};
    bool applied, all = true;

    (void)state;
    assert_ok(mud_roles_applied(&applied, pg, &err), &err);
    assert_true(applied);
    assert_ok(mud_pg_query(&rows,
                           pg,
                           "SELECT 'mud.' || relname FROM pg_class WHERE "
                           "relnamespace = 'mud'::regnamespace AND relkind IN "
                           "('r', 'p', 'v')",
                           NULL,
                           0,
                           &err),
              &err);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        bool named = false;
        for (size_t k = 0; k < 4 && !named; k++) {
            mud_buf_clear(&name);
            mud_buf_str(&name, mud_rows_get(rows, i, 0));
            mud_buf_c(&name, ", ;\n"[k]);
            named =
                mud_str_find(mud_roles_text(), mud_buf_view(&name)) != MUD_NPOS;
        }
        if (!named)
            print_error("schema/roles.sql: who may do what to %.*s?\n",
                        MUD_FMT(mud_rows_get(rows, i, 0)));
        all = all && named;
    }
    mud_rows_free(rows);
    mud_buf_free(&name);
    mud_pg_close(pg);
    assert_true(all);
}

/* An outside server whose login may make no roles: all goes on without them, and
 * with them once the administrator ran the file. */
static void test_roles__wait_for_the_administrator(void **state)
{
    const char *dsn = mud_test_pg_bare();
    struct mud_pg *admin = mud_test_pg_open(dsn);
    struct mud_buf sql = {0};
    struct mud_error err = {0};
    char plain[300];
    bool applied;

    (void)state;
    /* Other databases of this server made the roles: take a login that may
     * neither make any nor owns the database. */
    mud_test_pg_exec(
        admin,
        "CREATE ROLE clerk LOGIN; DO $$ BEGIN EXECUTE "
        "format('GRANT CREATE ON DATABASE %I TO clerk', "
        "current_database()); EXECUTE format('REVOKE CREATE ON "
        "DATABASE %I FROM mud_owner', current_database()); END $$");
    (void)snprintf(plain, sizeof(plain), "%s user=clerk", dsn);
    struct mud_pg *clerk = mud_test_pg_open(plain);
    assert_ok(mud_migrate(clerk, NULL, &err), &err);
    assert_ok(mud_roles_applied(&applied, clerk, &err), &err);
    assert_false(applied);
    mud_buf_str(&sql, mud_roles_text());
    mud_test_pg_exec(admin, mud_buf_cstr(&sql));
    assert_ok(mud_migrate(clerk, NULL, &err), &err);
    assert_ok(mud_roles_applied(&applied, clerk, &err), &err);
    assert_true(applied);
    assert_int_equal(mud_test_pg_int(clerk, "SELECT count(*) FROM mud.post"),
                     0);
    mud_buf_free(&sql);
    mud_pg_close(clerk);
    mud_pg_close(admin);
}

/* What has no line in schema/roles.sql is nobody's, and public is nobody. */
static void test_roles__the_public_has_nothing(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());

    (void)state;
    assert_none(pg,
                "SELECT format('%s: %s', relname, acl) FROM pg_class, "
                "aclexplode(relacl) acl WHERE relnamespace = "
                "'mud'::regnamespace AND acl.grantee = 0");
    assert_none(pg,
                "SELECT format('%s: public', proname) FROM pg_proc WHERE "
                "pronamespace = 'mud'::regnamespace AND (proacl IS NULL OR "
                "EXISTS (SELECT FROM aclexplode(proacl) acl WHERE acl.grantee "
                "= 0))");
    assert_none(pg,
                "SELECT format('%s owns %s', relowner::regrole, relname) FROM "
                "pg_class WHERE relnamespace = 'mud'::regnamespace AND relkind "
                "IN ('r', 'p', 'v') AND relowner <> 'mud_owner'::regrole");
    assert_none(pg,
                "SELECT rolname FROM pg_roles WHERE rolname ~ '^mud_' AND "
                "(rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin = "
                "(rolname = 'mud_owner'))");
    assert_none(pg,
                "SELECT format('%s is a member of %s', member::regrole, "
                "roleid::regrole) FROM pg_auth_members WHERE "
                "member::regrole::text ~ '^mud_'");
    mud_pg_close(pg);
}

static void test_queries__use_no_sql_that_citus_refuses(void **state)
{
    static const char *const words[] = {"recursive",
                                        "rollup",
                                        "grouping sets",
                                        "gen_random_uuid",
                                        "clock_timestamp",
                                        "nextval"};

    (void)state;
    for (const struct mud_embedded *q = mud_queries; q->name; q++)
        for (size_t i = 0; i < MUDTEST_ROWS(words); i++)
            if (mud_str_ifind(mud_embedded_text(q), mud_str_z(words[i])) !=
                MUD_NPOS)
                fail_msg("%s: %s", q->name, words[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries__prepare_on_a_migrated_server),
        cmocka_unit_test(test_schema__keeps_the_road_to_citus_open),
        cmocka_unit_test(test_roles__name_every_table),
        cmocka_unit_test(test_roles__wait_for_the_administrator),
        cmocka_unit_test(test_roles__the_public_has_nothing),
        cmocka_unit_test(test_queries__use_no_sql_that_citus_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
