#include "nlp/foldtab.h"

#include <stdlib.h>

#include "nlp/tables.h"
#include "tests/support/mudtest.h"

static struct mud_str image(void)
{
    const struct mud_embedded *row =
        mud_embedded_find(mud_nlp_tables, "fold.table");

    assert_non_null(row);
    return mud_embedded_text(row);
}

static void test_foldtab__opens_and_answers(void **state)
{
    struct mud_fold_table table;
    struct mud_error err = {0};
    const struct mud_fold_action *action;

    (void)state;
    assert_ok(mud_fold_table_open(&table, image(), &err), &err);
    action = mud_fold_action(&table, 0xff21); /* full-width A */
    assert_int_equal(action->what, MUD_FOLD_REPLACE);
    assert_memory_equal(table.pool + action->pool, "a", 1);
    assert_int_equal(mud_fold_action(&table, 0x200b)->what, MUD_FOLD_DROP);
    assert_int_equal(mud_fold_action(&table, 0x301)->what, MUD_FOLD_COMBINE);
    assert_int_equal(mud_fold_action(&table, 0x4e2d)->what, MUD_FOLD_KEEP);
    assert_true(mud_fold_action(&table, 0x53d1)->flags & MUD_FOLD_HANS);
    assert_int_equal(mud_fold_action(&table, 0x10ffff)->what, MUD_FOLD_KEEP);
}

/* A number that would lead out of the image is found before it is used. */
static void test_foldtab__damage_is_seen(void **state)
{
    struct mud_str whole = image();
    struct mud_fold_table table;
    struct mud_fold_head head;
    size_t stage = sizeof head, block, action;
    uint16_t far = UINT16_MAX;
    uint32_t pool = UINT32_MAX;
    char *copy = mud_malloc(whole.n);

    (void)state;
    memcpy(&head, whole.s, sizeof head);
    block = stage + MUD_FOLD_STAGE * sizeof far;
    action = block + (size_t)head.n_blocks * MUD_FOLD_BLOCK * sizeof far;
    for (int i = 0; i < 5; i++) {
        struct mud_error err = {0};
        size_t n = whole.n;

        memcpy(copy, whole.s, whole.n);
        if (i == 0)
            n--;
        else if (i == 1)
            copy[0] = 'x';
        else if (i == 2)
            memcpy(copy + stage, &far, sizeof far);
        else if (i == 3)
            memcpy(copy + block, &far, sizeof far);
        else
            memcpy(copy + action, &pool, sizeof pool);
        assert_fails(mud_fold_table_open(&table, mud_str_of(copy, n), &err),
                     &err,
                     MUD_ECORRUPT,
                     "fold table");
    }
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_foldtab__opens_and_answers),
        cmocka_unit_test(test_foldtab__damage_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
