#include "tests/support/mudtest.h"

#include "graph/lookalike.h"

static void test_lookalike__names(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } rows[] = {
        {"鸡场1880", "鸡场188O", true},     /* letter for digit */
        {"stressking", "str3ssking", true}, /* one changed */
        {"StressKing", "5tressKing_", true},
        {"sever77", "ѕеvеr77", true},      /* Cyrillic */
        {"modern", "modem", true},         /* rn */
        {"黑伞勇刚", "黑伞_勇刚★", true},  /* signs */
        {"流量老王88", "流量老王8", true}, /* one left out */
        {"老王", "老李", false},           /* too short to say */
        {"夜猫333", "夜猫999", false},
        {"seller", "seller", false}, /* equal: no look-alike */
        {"", "", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool near = mud_look_near(mud_str_z(rows[i].a), mud_str_z(rows[i].b));

        if (near != rows[i].near)
            print_error("%s %s\n", rows[i].a, rows[i].b);
        assert_int_equal(near, rows[i].near);
        assert_int_equal(
            mud_look_near(mud_str_z(rows[i].b), mud_str_z(rows[i].a)), near);
    }
}

static void test_lookalike__values(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } rows[] = {
        {"9812345670", "9812345671", true}, /* one digit */
        {"9812345670", "9812354670", true}, /* two changed places */
        {"9812345670", "981234567", true},  /* one missing */
        {"9812345670", "9812345607", true},
        {"9812345670", "9812346571", false}, /* two digits */
        {"9812345670", "9812345670", false},
        {"made_up_seller", "made_up_se11er", false},
        {"made_up_seller", "made_up_se1ler", true},
        {"12345", "12346", false}, /* too short */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool near = mud_value_near(mud_str_z(rows[i].a), mud_str_z(rows[i].b));

        if (near != rows[i].near)
            print_error("%s %s\n", rows[i].a, rows[i].b);
        assert_int_equal(near, rows[i].near);
        assert_int_equal(
            mud_value_near(mud_str_z(rows[i].b), mud_str_z(rows[i].a)), near);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lookalike__names),
        cmocka_unit_test(test_lookalike__values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
