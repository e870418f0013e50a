#include "store/copy.h"

#include "base/time.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char table[] =
    "CREATE TABLE t (b bool, s int2, i int4, l int8, f float4, d float8, "
    "x text, y bytea, j json, u uuid, at timestamptz, "
    "jb jsonb)";
static const char into[] = "COPY t (b, s, i, l, f, d, x, y, j, u, at, jb) "
                           "FROM STDIN (FORMAT binary)";

static void one_row(struct mud_copy *copy, int64_t l, struct mud_str text)
{
    static const struct mud_id id = {{0x12, 0x34, [15] = 0xff}};

    mud_copy_row(copy, 12);
    mud_copy_bool(copy, true);
    mud_copy_i16(copy, INT16_MIN);
    mud_copy_i32(copy, INT32_MIN);
    mud_copy_i64(copy, l);
    mud_copy_f32(copy, -1.5F);
    mud_copy_f64(copy, DBL_MAX);
    mud_copy_text(copy, text);
    mud_copy_text(copy, MUD_STR("\0\x01\xff"));
    mud_copy_text(copy, MUD_STR("{\"a\":[1,2]}"));
    mud_copy_id(copy, id);
    mud_copy_time(copy, INT64_C(1795498298250001)); /* 2026-11-24T05:31:38... */
    mud_copy_jsonb(copy, MUD_STR("{\"b\":[3]}"));
}

static void test_copy__round_trips_every_type(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_rows *rows;
    struct mud_copy *copy;
    uint8_t bytes[3];
    char id[MUD_ID_TEXT];
    int64_t n;

    (void)state;
    mud_test_pg_exec(pg, table);
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    one_row(copy, INT64_MIN, MUD_STR("出售肉鸡 \t\\N\n'\""));
    one_row(copy, INT64_MAX, MUD_STR(""));
    assert_ok(mud_copy_end(copy, &n, &err), &err);
    assert_int_equal(n, 2);

    assert_ok(
        mud_pg_query(&rows, pg, "SELECT * FROM t ORDER BY l", NULL, 0, &err),
        &err);
    assert_int_equal(mud_rows_count(rows), 2);
    assert_true(mud_rows_bool(rows, 0, 0));
    assert_int_equal(mud_rows_int(rows, 0, 1), INT16_MIN);
    assert_int_equal(mud_rows_int(rows, 0, 2), INT32_MIN);
    assert_int_equal(mud_rows_int(rows, 0, 3), INT64_MIN);
    assert_int_equal(mud_rows_int(rows, 1, 3), INT64_MAX);
    assert_true(mud_rows_double(rows, 0, 4) == -1.5);
    assert_true(mud_rows_double(rows, 0, 5) == DBL_MAX);
    assert_text(mud_rows_get(rows, 0, 6), "出售肉鸡 \t\\N\n'\"");
    assert_false(mud_rows_null(rows, 1, 6));
    assert_true(mud_rows_bytes(rows, 0, 7, bytes, 3));
    assert_memory_equal(bytes, "\0\x01\xff", 3);
    assert_false(mud_rows_bytes(rows, 0, 7, bytes, 2));
    assert_text(mud_rows_get(rows, 0, 8), "{\"a\":[1,2]}");
    assert_string_equal(mud_id_text(id, mud_rows_id(rows, 0, 9)),
                        "12340000-0000-0000-0000-0000000000ff");
    assert_int_equal(mud_rows_time(rows, 0, 10), INT64_C(1795498298250001));
    assert_text(mud_rows_get(rows, 0, 11), "{\"b\": [3]}");
    mud_rows_free(rows);
    mud_pg_close(pg);
}

static void test_copy__writes_null_where_the_header_says(void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_copy *copy;

    (void)state;
    mud_test_pg_exec(pg, table);
    assert_ok(
        mud_copy_begin(
            &copy, pg, "COPY t (x, u, at) FROM STDIN (FORMAT binary)", &err),
        &err);
    mud_copy_row(copy, 3);
    mud_copy_null(copy);
    mud_copy_id(copy, (struct mud_id){0});
    mud_copy_time(copy, 0);
    assert_ok(mud_copy_end(copy, NULL, &err), &err);
    assert_int_equal(mud_test_pg_int(pg,
                                     "SELECT count(*) FROM t WHERE x IS "
                                     "NULL AND u IS NULL AND at IS NULL"),
                     1);
    mud_pg_close(pg);
}

/* More than any buffer on the way holds, and one value larger than a block. */
static void test_copy__carries_many_rows_and_large_values(void **state)
{
    enum {
        ROWS = 50000,
        LARGE = 9 << 20
    };
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_copy *copy;
    char *large = mud_malloc(LARGE);
    int64_t n;

    (void)state;
    memset(large, 'x', LARGE);
    mud_test_pg_exec(pg, table);
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    for (int64_t i = 0; i < ROWS; i++)
        one_row(copy, i, mud_str_of(large, i == 777 ? LARGE : 50));
    assert_ok(mud_copy_end(copy, &n, &err), &err);
    assert_int_equal(n, ROWS);
    assert_int_equal(mud_test_pg_int(pg, "SELECT sum(l) FROM t"),
                     INT64_C(1249975000));
    assert_int_equal(
        mud_test_pg_int(pg, "SELECT length(x) FROM t WHERE l = 777"), LARGE);
    free(large);
    mud_pg_close(pg);
}

static void test_copy__failure_leaves_nothing_and_a_usable_connection(
    void **state)
{
    struct mud_error err = {0};
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_copy *copy;

    (void)state;
    mud_test_pg_exec(pg, table);
    mud_test_pg_exec(pg, "CREATE UNIQUE INDEX ON t (l)");

    /* A key twice, early: the server ends the copy while we still send. */
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    for (int64_t i = 0; i < 50000; i++)
        one_row(copy, i / 2, MUD_STR("abc"));
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_EDB, "23505");
    assert_string_equal(mud_pg_sqlstate(pg), "23505");

    /* A row with a field too few, and one with a field too many. */
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    mud_copy_row(copy, 11);
    mud_copy_bool(copy, true);
    one_row(copy, 1, MUD_STR("abc"));
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_EBUG, "fields");
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    one_row(copy, 1, MUD_STR("abc"));
    mud_copy_null(copy);
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_EBUG, "fields");

    /* Given up. */
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    one_row(copy, 1, MUD_STR("abc"));
    mud_copy_abort(copy);
    mud_copy_abort(NULL);

    /* Broken text. */
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    one_row(copy, 1, MUD_STR("\xff"));
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_EDB, "22021");

    /* Not a binary copy, no such table, not a copy at all. */
    assert_fails(mud_copy_begin(&copy, pg, "COPY t FROM STDIN", &err),
                 &err,
                 MUD_EBUG,
                 "binary");
    assert_fails(
        mud_copy_begin(&copy, pg, "COPY no FROM STDIN (FORMAT binary)", &err),
        &err,
        MUD_EDB,
        "42P01");
    assert_fails(
        mud_copy_begin(&copy, pg, "SELECT 1", &err), &err, MUD_EBUG, "binary");

    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 0);
    mud_pg_close(pg);
}

/* Two copies wait for one another's key: the second is over its deadline. */
static void test_copy__keeps_the_deadline(void **state)
{
    struct mud_error err = {0};
    const char *dsn = mud_test_pg();
    struct mud_pg *first = mud_test_pg_open(dsn);
    struct mud_pg *pg = mud_test_pg_open(dsn);
    struct mud_copy *copy;

    (void)state;
    mud_test_pg_exec(first, table);
    mud_test_pg_exec(first, "CREATE UNIQUE INDEX ON t (l)");
    mud_test_pg_exec(first, "BEGIN; INSERT INTO t (l) VALUES (7)");
    assert_ok(mud_copy_begin(&copy, pg, into, &err), &err);
    mud_pg_deadline(pg, 300);
    int64_t began = mud_monotonic();
    for (int64_t i = 0; i < 100000; i++)
        one_row(copy, i, MUD_STR("a text of some length, to fill the buffers"));
    assert_fails(mud_copy_end(copy, NULL, &err), &err, MUD_ELIMIT, "300");
    assert_true(mud_monotonic() - began < 10 * MUD_SECOND);
    assert_int_equal(mud_test_pg_int(pg, "SELECT count(*) FROM t"), 0);
    mud_pg_close(pg);
    mud_pg_close(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copy__round_trips_every_type),
        cmocka_unit_test(test_copy__writes_null_where_the_header_says),
        cmocka_unit_test(test_copy__carries_many_rows_and_large_values),
        cmocka_unit_test(
            test_copy__failure_leaves_nothing_and_a_usable_connection),
        cmocka_unit_test(test_copy__keeps_the_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
