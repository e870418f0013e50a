#include "store/migrate.h"

#include "base/hash.h"
#include "tests/support/pg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct mud_embedded mud_migrations[];

static struct mud_embedded file(const char *name, const char *text)
{
    const unsigned char *data = (const unsigned char *)text;

    return (struct mud_embedded){name, data, data + strlen(text)};
}

static void test_migrate__applies_each_file_once(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    size_t made, files = 0;
    bool current;

    (void)state;
    while (mud_migrations[files].name)
        files++;
    assert_true(mud_migrate_check(pg, &current, &err));
    assert_false(current);
    assert_true(mud_migrate(pg, &made, &err));
    assert_int_equal(made, files);
    assert_true(mud_migrate(pg, &made, &err));
    assert_int_equal(made, 0);
    assert_true(mud_migrate_check(pg, &current, &err));
    assert_true(current);
    assert_int_equal(
        mud_test_pg_int(pg, "SELECT count(*) FROM mud.schema_migration"),
        files);
    mud_pg_close(pg);
}

static void test_migrate__is_safe_when_many_start_at_once(void **state)
{
    const char *dsn = mud_test_pg_bare();
    pid_t pids[6];
    int status;
    size_t files = 0;

    (void)state;
    while (mud_migrations[files].name)
        files++;
    for (int i = 0; i < 6; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            struct mud_error err = {0};
            struct mud_pg *pg = mud_test_pg_open(dsn);
            bool good = mud_migrate(pg, NULL, &err);

            if (!good)
                (void)fprintf(stderr, "migrate: %s\n", err.text);
            mud_pg_close(pg);
            _exit(!good);
        }
    }
    for (int i = 0; i < 6; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    struct mud_pg *pg = mud_test_pg_open(dsn);
    assert_int_equal(
        mud_test_pg_int(pg, "SELECT count(*) FROM mud.schema_migration"),
        files);
    mud_pg_close(pg);
}

static void test_migrate__refuses_a_changed_file(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    struct mud_embedded old[] = {
        file("0001_a.sql", "CREATE TABLE mud.a (x int);"), {0}};
    struct mud_embedded new[] = {
        file("0001_a.sql", "CREATE TABLE mud.a (x bigint);"),
        file("0002_b.sql", "CREATE TABLE mud.b (x int);"),
        {0}};

    (void)state;
    assert_true(mud_migrate_files(pg, old, NULL, &err));
    assert_false(mud_migrate_files(pg, new, NULL, &err));
    assert_int_equal(err.code, MUD_ECORRUPT);
    assert_non_null(strstr(err.text, "0001_a.sql was changed"));
    assert_int_equal(
        mud_test_pg_int(pg, "SELECT (to_regclass('mud.b') IS NULL)::int"), 1);
    mud_pg_close(pg);
}

static void test_migrate__refuses_a_newer_database(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    struct mud_embedded new[] = {
        file("0001_a.sql", "CREATE TABLE mud.a (x int)"),
        file("0002_b.sql", "CREATE TABLE mud.b (x int)"),
        {0}};
    struct mud_embedded old[] = {new[0], {0}};

    (void)state;
    assert_true(mud_migrate_files(pg, new, NULL, &err));
    assert_false(mud_migrate_files(pg, old, NULL, &err));
    assert_non_null(strstr(err.text, "0002_b.sql"));
    assert_non_null(strstr(err.text, "upgrade"));
    mud_pg_close(pg);
}

static void test_migrate__only_goes_forwards(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
    struct mud_embedded twice[] = {
        file("0001_a.sql", "SELECT 1"), file("0001_b.sql", "SELECT 1"), {0}};
    struct mud_embedded two[] = {
        file("0001_a.sql", "SELECT 1"), file("0003_c.sql", "SELECT 1"), {0}};
    struct mud_embedded between[] = {
        two[0], file("0002_b.sql", "SELECT 1"), two[1], {0}};
    struct mud_embedded nameless[] = {file("base.sql", "SELECT 1"), {0}};

    (void)state;
    assert_false(mud_migrate_files(pg, twice, NULL, &err));
    assert_int_equal(err.code, MUD_EBUG);
    mud_error_clear(&err);
    assert_false(mud_migrate_files(pg, nameless, NULL, &err));
    assert_int_equal(err.code, MUD_EBUG);
    mud_error_clear(&err);
    assert_true(mud_migrate_files(pg, two, NULL, &err));
    assert_false(mud_migrate_files(pg, between, NULL, &err));
    assert_int_equal(err.code, MUD_ECORRUPT);
    assert_non_null(strstr(err.text,
                           "0003_c.sql is applied in the place of "
                           "0002_b.sql"));
    mud_pg_close(pg);
}

static void test_migrate__names_file_and_line_and_undoes_the_step(void **state)
{
    static const struct {
        const char *sql, *place;
    } rows[] = {
        {"CREATE TABLE mud.x (a int);\n\nSELECT\n  nonsense\nFROM mud.x;",
         "0002_bad.sql:4: "},
        {"CREATE TABLE mud.x (a int PRIMARY KEY);\n-- 值\n"
         "INSERT INTO mud.x VALUES (1);\nINSERT INTO mud.x VALUES (1);",
         "0002_bad.sql:4: "},
        {"CREATE TABLE mud.x (a int);\nCREATE TABEL y;", "0002_bad.sql:2: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_error err = {0};
        struct mud_pg *pg = mud_test_pg_open(mud_test_pg_bare());
        struct mud_embedded files[] = {file("0001_good.sql", "SELECT 1"),
                                       file("0002_bad.sql", rows[i].sql),
                                       {0}};
        size_t made;

        assert_false(mud_migrate_files(pg, files, &made, &err));
        assert_int_equal(made, 1);
        if (!strstr(err.text, rows[i].place))
            fail_msg("row %zu: %s", i, err.text);
        assert_int_equal(
            mud_test_pg_int(pg, "SELECT (to_regclass('mud.x') IS NULL)::int"),
            1);
        mud_pg_close(pg);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_migrate__applies_each_file_once),
        cmocka_unit_test(test_migrate__is_safe_when_many_start_at_once),
        cmocka_unit_test(test_migrate__refuses_a_changed_file),
        cmocka_unit_test(test_migrate__refuses_a_newer_database),
        cmocka_unit_test(test_migrate__only_goes_forwards),
        cmocka_unit_test(test_migrate__names_file_and_line_and_undoes_the_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
