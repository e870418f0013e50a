#include "store/backup.h"

#include "base/time.h"
#include "store/check.h"
#include "store/db.h"
#include "store/migrate.h"
#include "store/server.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char rows_of_a_source[] =
    "INSERT INTO source (source_id, name, kind, legal_basis, scope, "
    "expires_at, created_by) VALUES (1, 'forum-甲', 'forum', 'a test', "
    "'{\"hosts\": [\"forum.test\"]}', '2030-01-01', 'tester');"
    "INSERT INTO job (queue, key, payload, run_at) "
    "SELECT 'q', i, '{\"n\": 1}', '2026-11-24' FROM "
    "generate_series(1, 5000) i";

/* All rows of the tables that were filled, in one number. */
static int64_t digest(struct mud_pg *pg)
{
    return mud_test_pg_int(
        pg,
        "SELECT sum(hashtextextended(x, 7)) % 1000000007 FROM (SELECT "
        "t::text FROM source t UNION ALL SELECT t::text FROM job t) a(x)");
}

static const char *path(const char *name)
{
    return mudtest_text("%s/%s", mud_test_dir(), name);
}

/* With MUDLARK_DSN set to dsn for the length of one call. */
static void use(const char *dsn)
{
    if (dsn)
        assert_int_equal(setenv("MUDLARK_DSN", dsn, 1), 0);
    else
        assert_int_equal(unsetenv("MUDLARK_DSN"), 0);
}

static struct mud_backup backup(const char *dsn, const char *file)
{
    struct mud_error err = {0};
    struct mud_backup out;

    use(dsn);
    bool good = mud_db_backup(&out, path("home"), file, &err);
    use(NULL);
    assert_ok(good, &err);
    return out;
}

static bool restore(const char *dsn, const char *file, bool force,
                    struct mud_error *err)
{
    struct mud_backup out;

    use(dsn);
    bool good = mud_db_restore(&out, path("home"), file, force, err);
    use(NULL);
    return good;
}

static const char *filled(void)
{
    const char *dsn = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(dsn);

    mud_test_pg_exec(pg, rows_of_a_source);
    mud_pg_close(pg);
    return dsn;
}

static void test_backup__comes_back_as_it_was(void **state)
{
    struct mud_error err = {0};
    const char *from = filled(), *to = mud_test_pg_bare();
    struct mud_backup made = backup(from, path("a.mudlark"));
    struct stat st;

    (void)state;
    assert_int_equal(stat(path("a.mudlark"), &st), 0);
    assert_int_equal(st.st_size, made.size);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(made.tables >= 5);
    assert_false(mudtest_exists(path("a.mudlark.part")));
    assert_false(mudtest_exists(path("a.mudlark.log")));
    assert_ok(restore(to, path("a.mudlark"), false, &err), &err);

    struct mud_pg *a = mud_test_pg_open(from), *b = mud_test_pg_open(to);
    bool current;
    assert_int_equal(digest(a), digest(b));
    assert_ok(mud_migrate_check(b, &current, &err), &err);
    assert_true(current);
    /* Counters go on where they were, and what was fenced is fenced. */
    assert_int_equal(mud_test_pg_int(b,
                                     "INSERT INTO job (queue, key, payload, "
                                     "run_at) VALUES ('q', 'new', '{}', "
                                     "now()) RETURNING job_id"),
                     5001);
    assert_int_equal(
        mud_test_pg_int(b,
                        "SELECT (to_regnamespace('mud_before_restore') IS "
                        "NULL)::int"),
        1);
    mud_pg_close(b);
    mud_pg_close(a);
}

/* As a new home is after its first start: migrated, but without data. */
static void test_restore__takes_a_new_database_without_force(void **state)
{
    struct mud_error err = {0};
    const char *from = filled(), *to = mud_test_pg();

    (void)state;
    backup(from, path("c.mudlark"));
    assert_ok(restore(to, path("c.mudlark"), false, &err), &err);
    struct mud_pg *pg = mud_test_pg_open(to);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM job"), 5000);
    mud_pg_close(pg);
}

static void test_backup__does_not_overwrite(void **state)
{
    struct mud_error err = {0};
    struct mud_backup out;

    (void)state;
    mudtest_write(path("there"), MUD_STR("precious"));
    use(mud_test_pg());
    bool made = mud_db_backup(&out, path("home"), path("there"), &err);
    bool nowhere = mud_db_backup(&out, path("home"), path("no/such/b"), NULL);
    use(NULL);
    assert_fails(made, &err, MUD_EUSAGE, "there already");
    assert_false(nowhere);
    assert_text(mudtest_read(path("there")), "precious");
}

static void test_backup__of_a_database_without_us_is_refused(void **state)
{
    struct mud_error err = {0};
    struct mud_backup out;

    (void)state;
    use(mud_test_pg_bare());
    bool made = mud_db_backup(&out, path("home"), path("bare"), &err);
    use(NULL);
    assert_fails(made, &err, MUD_EIO, "no matching schemas");
    assert_false(mudtest_exists(path("bare")));
    assert_false(mudtest_exists(path("bare.part")));
}

static void test_restore__refuses_a_full_database_unless_forced(void **state)
{
    struct mud_error err = {0};
    const char *full = filled(), *other = mud_test_pg();

    (void)state;
    backup(other, path("empty.mudlark"));
    struct mud_pg *pg = mud_test_pg_open(full);
    assert_fails(restore(full, path("empty.mudlark"), false, &err),
                 &err,
                 MUD_EDENIED,
                 "--force");
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM job"), 5000);
    assert_ok(restore(full, path("empty.mudlark"), true, &err), &err);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM job"), 0);
    mud_pg_close(pg);
}

static void test_restore__a_damaged_file_touches_nothing(void **state)
{
    struct mud_error err = {0};
    const char *full = filled();

    (void)state;
    backup(full, path("whole"));
    struct mud_str whole = mudtest_read(path("whole"));
    char *bytes = mud_malloc(whole.n);
    memcpy(bytes, whole.s, whole.n);

    static const char *const names[] = {
        "cut", "cut-late", "flipped", "text", "nothing"};
    mudtest_write(path("cut"), mud_str_sub(whole, 0, whole.n / 2));
    mudtest_write(path("cut-late"), mud_str_sub(whole, 0, whole.n - 100));
    for (size_t i = whole.n / 2; i < whole.n / 2 + 200; i++)
        bytes[i] = (char)(bytes[i] ^ 0x55);
    mudtest_write(path("flipped"), mud_str_of(bytes, whole.n));
    mudtest_write(path("text"), MUD_STR("this is no backup\n"));
    mudtest_write(path("nothing"), MUD_STR(""));
    free(bytes);

    struct mud_pg *pg = mud_test_pg_open(full);
    int64_t before = digest(pg);
    for (size_t i = 0; i < MUDTEST_ROWS(names); i++)
        assert_fails(restore(full, path(names[i]), true, &err),
                     &err,
                     MUD_ECORRUPT,
                     names[i]);
    assert_fails(restore(full, path("missing"), true, &err),
                 &err,
                 MUD_EMISSING,
                 "missing");
    assert_int_equal(digest(pg), before);
    mud_pg_close(pg);
}

/* A good backup of a newer program: found out only when it is loaded. */
static void test_restore__puts_the_old_data_back_when_it_fails(void **state)
{
    struct mud_error err = {0};
    const char *full = filled(), *newer = mud_test_pg();
    struct mud_pg *pg = mud_test_pg_open(newer);

    (void)state;
    mud_test_pg_exec(pg,
                     "INSERT INTO schema_migration (number, name, sha256, "
                     "version) VALUES (9999, '9999_later.sql', "
                     "sha256('x'), '99.0')");
    mud_pg_close(pg);
    backup(newer, path("newer"));

    pg = mud_test_pg_open(full);
    int64_t before = digest(pg);
    assert_fails(
        restore(full, path("newer"), true, &err), &err, MUD_EDB, "9999_later");
    assert_int_equal(digest(pg), before);
    mud_pg_close(pg);
}

static void test_restore__that_was_cut_off_loses_nothing(void **state)
{
    struct mud_error err = {0};
    const char *dsn = filled();
    struct mud_pg *pg = mud_test_pg_open(dsn), *no;

    (void)state;
    backup(dsn, path("b.mudlark"));
    int64_t before = digest(pg);
    /* As if killed between setting aside and loading. */
    mud_test_pg_exec(pg, "ALTER SCHEMA mud RENAME TO mud_before_restore");
    use(dsn);
    bool opened = mud_db_open(&no, path("home"), &err);
    use(NULL);
    assert_fails(opened, &err, MUD_EDB, "a restore was cut off");
    assert_fails(restore(dsn, path("b.mudlark"), false, &err),
                 &err,
                 MUD_EDENIED,
                 "holds data");
    assert_int_equal(digest(pg), before);
    mud_pg_close(pg);
}

static void test_backup__moves_to_a_new_home(void **state)
{
    struct mud_error err = {0};
    const char *old = path("old-home"), *new = path("new-home");
    struct mud_backup out;
    struct mud_pg *pg;

    (void)state;
    assert_ok(mud_db_open(&pg, old, &err), &err);
    mud_test_pg_exec(pg, rows_of_a_source);
    int64_t before = digest(pg);
    mud_pg_close(pg);
    assert_ok(mud_db_backup(&out, old, path("moved"), &err), &err);
    assert_ok(mud_server_stop(old, NULL, &err), &err);
    assert_ok(mud_db_restore(&out, new, path("moved"), false, &err), &err);
    assert_ok(mud_db_open(&pg, new, &err), &err);
    assert_int_equal(digest(pg), before);
    mud_pg_close(pg);
    assert_ok(mud_server_stop(new, NULL, &err), &err);
}

struct findings {
    size_t good, bad, skipped;
    char text[2000];
};

static void found(const struct mud_check_finding *finding, void *payload)
{
    struct findings *f = payload;
    size_t n = strlen(f->text);

    f->good += finding->kind == MUD_CHECK_GOOD;
    f->bad += finding->kind == MUD_CHECK_BAD;
    f->skipped += finding->kind == MUD_CHECK_SKIPPED;
    if (finding->kind != MUD_CHECK_GOOD)
        (void)snprintf(f->text + n,
                       sizeof(f->text) - n,
                       "%.*s: %.*s\n",
                       MUD_FMT(finding->what),
                       MUD_FMT(finding->text));
}

static struct findings check(struct mud_pg *pg)
{
    struct mud_error err = {0};
    struct findings f = {0};
    size_t bad;

    assert_ok(mud_db_check(&bad, pg, found, &f, &err), &err);
    assert_int_equal(bad, f.bad);
    return f;
}

static void test_check__finds_rows_that_break_a_rule(void **state)
{
    const char *dsn = filled();
    struct mud_pg *pg = mud_test_pg_open(dsn);
    struct findings f = check(pg);

    (void)state;
    if (f.bad)
        fail_msg("%s", f.text);
    assert_true(f.good > 8);
    /* It leaves nothing behind. */
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT count(*) FROM pg_extension "
                                     "WHERE extname = 'amcheck'"),
                     0);
    mud_test_pg_exec(pg,
                     "UPDATE job SET state = 'leased', worker = 'w7', "
                     "leased_until = now() - interval '2 hours' "
                     "WHERE key = '17'");
    f = check(pg);
    assert_int_equal(f.bad, 1);
    assert_non_null(strstr(f.text, "worker w7"));
    mud_pg_close(pg);

    pg = mud_test_pg_open(mud_test_pg_bare());
    f = check(pg);
    assert_non_null(strstr(f.text, "migrations: some are missing"));
    mud_pg_close(pg);
}

/* Overwrite a piece of the file behind a table, with the server stopped. */
static void damage(const char *file)
{
    static const char junk[64] = "junk";
    int fd = open(file, O_WRONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, junk, sizeof(junk), 8192 + 4000), sizeof(junk));
    close(fd);
}

static void test_check__finds_damaged_pages(void **state)
{
    struct mud_error err = {0};
    const char *home = path("damaged");
    struct mud_rows *rows;
    struct mud_pg *pg;
    int64_t bad, pages;

    (void)state;
    assert_ok(mud_db_open(&pg, home, &err), &err);
    mud_test_pg_exec(pg, rows_of_a_source);
    mud_test_pg_exec(pg, "CHECKPOINT");
    assert_int_equal(check(pg).bad, 0);
    assert_ok(
        mud_pg_query(
            &rows, pg, "SELECT pg_relation_filepath('job')", NULL, 0, &err),
        &err);
    const char *file =
        mudtest_text("%s/pg/%.*s", home, MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    mud_pg_close(pg);
    assert_ok(mud_db_checksums(&bad, &pages, home, &err), &err);
    assert_int_equal(bad, 0);
    assert_true(pages > 500);

    assert_ok(mud_server_stop(home, NULL, &err), &err);
    damage(file);
    assert_ok(mud_db_checksums(&bad, &pages, home, &err), &err);
    assert_int_equal(bad, 1);
    assert_ok(mud_db_open(&pg, home, &err), &err);
    struct findings f = check(pg);
    assert_true(f.bad >= 1);
    assert_non_null(strstr(f.text, "mud.job: "));
    mud_pg_close(pg);
    assert_ok(mud_server_stop(home, NULL, &err), &err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backup__comes_back_as_it_was),
        cmocka_unit_test(test_restore__takes_a_new_database_without_force),
        cmocka_unit_test(test_backup__does_not_overwrite),
        cmocka_unit_test(test_backup__of_a_database_without_us_is_refused),
        cmocka_unit_test(test_restore__refuses_a_full_database_unless_forced),
        cmocka_unit_test(test_restore__a_damaged_file_touches_nothing),
        cmocka_unit_test(test_restore__puts_the_old_data_back_when_it_fails),
        cmocka_unit_test(test_restore__that_was_cut_off_loses_nothing),
        cmocka_unit_test(test_backup__moves_to_a_new_home),
        cmocka_unit_test(test_check__finds_rows_that_break_a_rule),
        cmocka_unit_test(test_check__finds_damaged_pages),
    };

    (void)unsetenv("MUDLARK_DSN");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
