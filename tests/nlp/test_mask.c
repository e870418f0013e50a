#include "base/utf8.h"
#include "tests/nlp/reads.h"

static void test_mask__keeps_the_length_of_every_character(void **state)
{
    static const char text[] = "样本：王*明 138****0001 1101**********031X。";
    struct mud_reading r = reads(text);
    struct mud_str raw = mud_str_z(text);
    struct mud_str masked = mud_mask(raw, MUD_IN_TEXT, 0, &r, reads_arena);
    size_t i = 0, k = 0;

    (void)state;
    assert_text(masked, "样本：■*■ *********** ******************。");
    while (i < raw.n) {
        mud_utf8_next(raw, &i);
        mud_utf8_next(masked, &k);
        assert_int_equal(i, k);
    }
    assert_int_equal(k, masked.n);
}

static void test_mask__only_the_named_field(void **state)
{
    struct mud_message m = {.text = MUD_STR("样本：王*明 138****0001"),
                            .title = MUD_STR("样本：王*明 138****0001")};
    struct mud_reading r = reads_message(&m);
    struct mud_str title = mud_mask(m.title, MUD_IN_TITLE, 0, &r, reads_arena);
    struct mud_str link = mud_mask(m.text, MUD_IN_LINK, 0, &r, reads_arena);

    (void)state;
    assert_lacks(title, "0001");
    assert_bytes(link, m.text);
}

static void test_mask__leaves_other_text_as_it_is(void **state)
{
    struct mud_reading r = reads("出国内肉鸡，QQ9812000001");
    struct mud_str raw = MUD_STR("出国内肉鸡，QQ9812000001");
    struct mud_str masked = mud_mask(raw, MUD_IN_TEXT, 0, &r, reads_arena);

    (void)state;
    assert_ptr_equal(masked.s, raw.s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mask__keeps_the_length_of_every_character),
        cmocka_unit_test(test_mask__only_the_named_field),
        cmocka_unit_test(test_mask__leaves_other_text_as_it_is),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
