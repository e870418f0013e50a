/* The line that a terminal shows while `up` works, and columns under each other. */
#include "cli/status.h"

#include "base/lang.h"
#include "cli/table.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

static void test_table__counts_columns_as_a_terminal_does(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        {"", 0},
        {"abc", 3},
        {"论坛", 4},
        {"ｗｉｄｅ", 8},
        {"e\u0301", 1},
        {"a\u200bb", 2},
        {"Привет", 6},
        {"👍", 2},
    };
    struct mud_table table = {0};
    struct mud_buf out = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        if (mud_text_width(mud_str_z(rows[i].text)) != rows[i].width)
            fail_msg("%s", rows[i].text);
    mud_table_cell(&table, MUD_STR("论坛"), MUD_INK_OFF);
    mud_table_cell(&table, MUD_STR("1"), MUD_INK_OFF);
    mud_table_cell(&table, MUD_STR("x"), MUD_INK_OFF);
    mud_table_line(&table);
    mud_table_cell(&table, MUD_STR("ab"), MUD_INK_OFF);
    mud_table_cell(&table, MUD_STR("123"), MUD_INK_RED);
    mud_table_cell(&table, MUD_STR("yy"), MUD_INK_OFF);
    mud_table_line(&table);
    mud_table_put(&out, &table, 2, false);
    assert_text(mud_buf_view(&out), "论坛    1  x\nab    123  yy\n");
    mud_table_free(&table);
    mud_buf_free(&out);
}

static void test_status__names_what_is_read_as_far_as_there_is_room(
    void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_error err = {0};
    struct mud_buf line = {0};

    (void)state;
    mud_lang_set(false);
    assert_ok(mud_status_line(&line, pg, 80, &err), &err);
    assert_text(mud_buf_view(&line), "0 sources, 0.0 sealed/s, 0 pages wait");
    mud_test_pg_exec(
        pg,
        "INSERT INTO mud.source (source_id, name, kind, legal_basis, scope, "
        "expires_at, created_by) SELECT i, 'board-' || i, 'forum', 'b', '{}', "
        "now() + interval '1 day', 't' FROM generate_series(1, 9) i;"
        "INSERT INTO mud.health (source_id, next_at, failures, worker, "
        "leased_until) SELECT i, now(), (i = 9)::int, CASE WHEN i < 7 THEN "
        "'h:1' END, now() + interval '1 minute' FROM generate_series(1, 9) i;"
        "INSERT INTO mud.job (queue, key, payload, run_at) SELECT "
        "'fetch:board-1', i::text, '{}', now() FROM generate_series(1, 12) i");
    mud_buf_clear(&line);
    assert_ok(mud_status_line(&line, pg, 80, &err), &err);
    assert_text(mud_buf_view(&line),
                "9 sources, 0.0 sealed/s, 12 pages wait, 1 amiss; reading 6: "
                "board-1 +5");
    mud_buf_clear(&line);
    assert_ok(mud_status_line(&line, pg, 200, &err), &err);
    assert_has(mud_buf_view(&line), "reading 6: board-1, board-2, ");
    assert_has(mud_buf_view(&line), "board-6");
    mud_lang_set(true);
    mud_buf_clear(&line);
    assert_ok(mud_status_line(&line, pg, 80, &err), &err);
    assert_has(mud_buf_view(&line), "来源 9，");
    assert_true(mud_text_width(mud_buf_view(&line)) <= 80);
    mud_lang_set(false);
    mud_buf_free(&line);
    mud_pg_close(pg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table__counts_columns_as_a_terminal_does),
        cmocka_unit_test(
            test_status__names_what_is_read_as_far_as_there_is_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
