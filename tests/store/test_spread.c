#include "store/spread.h"

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

/* The two functions of Citus and its list of tables, which write down what they
 * are asked for: Debian has no Citus for its Postgres. Signatures by the manual
 * of Citus 13. */
static const char citus[] =
    "CREATE TABLE mud.pg_dist_partition (logicalrelid regclass);"
    "CREATE TABLE mud.asked (no serial, name regclass, key text, beside text);"
    "CREATE FUNCTION mud.create_reference_table(table_name regclass) "
    "RETURNS void LANGUAGE sql AS $$"
    "  INSERT INTO mud.asked (name) VALUES (table_name);"
    "  INSERT INTO mud.pg_dist_partition VALUES (table_name) $$;"
    "CREATE FUNCTION mud.create_distributed_table(table_name regclass, "
    "distribution_column text, distribution_type text DEFAULT 'hash', "
    "colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL) "
    "RETURNS void LANGUAGE sql AS $$"
    "  INSERT INTO mud.asked (name, key, beside) VALUES (table_name, "
    "    distribution_column, colocate_with);"
    "  INSERT INTO mud.pg_dist_partition VALUES (table_name) $$;";

static void test_spread__leaves_a_plain_server_alone(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_error err = {0};

    (void)state;
    mud_test_pg_exec(pg, citus);
    assert_ok(mud_spread(pg, &err), &err);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM mud.asked"), 0);
    mud_pg_close(pg);
}

static void test_spread__asks_for_each_table_once(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_error err = {0};

    (void)state;
    mud_test_pg_exec(pg, citus);
    mud_test_pg_exec(pg,
                     "INSERT INTO pg_extension (oid, extname, extowner, "
                     "extnamespace, extrelocatable, extversion) SELECT 99999, "
                     "'citus', extowner, extnamespace, false, '13.2-1' FROM "
                     "pg_extension LIMIT 1");
    /* somebody spread one already */
    mud_test_pg_exec(
        pg, "INSERT INTO mud.pg_dist_partition VALUES ('mud.content')");
    assert_ok(mud_spread(pg, &err), &err);
    int64_t n = mud_test_pg_int(pg, "SELECT count(*) FROM mud.asked");
    assert_true(n > 10);
    assert_int_equal(
        mud_test_pg_int(pg,
                        "SELECT count(*) FROM mud.asked WHERE name = "
                        "'mud.post'::regclass AND key = 'content_id' AND "
                        "beside = 'mud.content'"),
        1);
    /* what others point to is copied first */
    assert_int_equal(
        mud_test_pg_int(pg,
                        "SELECT count(*) FROM mud.asked a JOIN mud.asked b ON "
                        "b.no < a.no WHERE a.key IS NULL AND b.key IS NOT "
                        "NULL"),
        0);
    assert_ok(mud_spread(pg, &err), &err);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM mud.asked"), n);
    mud_pg_close(pg);
}

static void test_spread__all_of_it_or_nothing(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_error err = {0};

    (void)state;
    mud_test_pg_exec(pg, citus);
    mud_test_pg_exec(pg,
                     "INSERT INTO pg_extension (oid, extname, extowner, "
                     "extnamespace, extrelocatable, extversion) SELECT 99999, "
                     "'citus', extowner, extnamespace, false, '13.2-1' FROM "
                     "pg_extension LIMIT 1;"
                     "ALTER TABLE mud.asked ADD CHECK (key <> 'src')");
    assert_fails(mud_spread(pg, &err), &err, MUD_EDB, "citus.sql:");
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM mud.asked"), 0);
    mud_pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spread__leaves_a_plain_server_alone),
        cmocka_unit_test(test_spread__asks_for_each_table_once),
        cmocka_unit_test(test_spread__all_of_it_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
