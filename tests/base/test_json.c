#include "tests/support/mudtest.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "base/json.h"

static void test_json__writes_nested_records(void **state)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_id id = {{1, 2}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        mud_json_object(&json);
        mud_json_kint(&json, "schema", 1);
        mud_json_kstr(&json, "text", MUD_STR("出售"));
        mud_json_kz(&json, "null", NULL);
        mud_json_knull(&json, "none");
        mud_json_kbool(&json, "yes", true);
        mud_json_kdouble(&json, "half", 0.5);
        mud_json_ktime(&json, "at", INT64_C(1795498298000000));
        mud_json_ktime(&json, "exact", INT64_C(1795498298123400));
        mud_json_ktime(&json, "never", 0);
        mud_json_khex(&json, "hex", id.b, 3);
        mud_json_kid(&json, "id", id);
        mud_json_key(&json, "list");
        mud_json_array(&json);
        mud_json_int(&json, 1);
        mud_json_object(&json);
        mud_json_object_end(&json);
        mud_json_array(&json);
        mud_json_array_end(&json);
        mud_json_null(&json);
        mud_json_bool(&json, false);
        mud_json_str(&json, MUD_STR("x"));
        mud_json_raw(&json, MUD_STR("{\"a\":1}"));
        mud_json_double(&json, 2);
        mud_json_array_end(&json);
        mud_json_object_end(&json);
        mud_buf_c(&buf, '\n');
        if (i == 0)
            continue;
        /* Two lines, no comma between them. */
        assert_int_equal(buf.n % 2, 0);
        assert_memory_equal(buf.s, buf.s + buf.n / 2, buf.n / 2);
        buf.n /= 2;
    }
    assert_string_equal(
        mud_buf_cstr(&buf),
        "{\"schema\":1,\"text\":\"出售\",\"null\":null,\"none\":null,"
        "\"yes\":true,\"half\":0.5,\"at\":\"2026-11-24T05:31:38Z\","
        "\"exact\":\"2026-11-24T05:31:38.123400Z\",\"never\":null,"
        "\"hex\":\"010200\",\"id\":\"01020000-0000-0000-0000-000000000000\","
        "\"list\":[1,{},[],null,false,\"x\",{\"a\":1},2]}\n");
    mud_buf_free(&buf);
}

static void test_json__writes_lists_of_text(void **state)
{
    struct mud_str list[] = {MUD_STR("a"), MUD_STR("卖\"")};
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};

    (void)state;
    mud_json_object(&json);
    mud_json_kstrs(&json, "two", list, 2);
    mud_json_kstrs(&json, "none", NULL, 0);
    mud_json_object_end(&json);
    assert_text(mud_buf_view(&buf), "{\"two\":[\"a\",\"卖\\\"\"],\"none\":[]}");
    mud_buf_free(&buf);
}

static void test_json__escapes_what_must_be(void **state)
{
    static const struct {
        struct mud_str in;
        const char *out;
    } rows[] = {
        {{"", 0}, "\"\""},
        {{NULL, 0}, "\"\""},
        {{"a\"b\\c/", 6}, "\"a\\\"b\\\\c/\""},
        {{"\b\t\n\v\f\r", 6}, "\"\\b\\t\\n\\u000b\\f\\r\""},
        {{"\0\x01\x1F\x7F", 4}, "\"\\u0000\\u0001\\u001f\\u007f\""},
        {{"\n\n", 2}, "\"\\n\\n\""},
        {{"é中😀", 9}, "\"é中😀\""},
    };
    struct mud_buf buf = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_json json = {.buf = &buf};

        mud_buf_clear(&buf);
        mud_json_str(&json, rows[i].in);
        assert_string_equal(mud_buf_cstr(&buf), rows[i].out);
    }
    mud_buf_free(&buf);
}

static const char *number(struct mud_buf *buf, double value)
{
    struct mud_json json = {.buf = buf};

    mud_buf_clear(buf);
    mud_json_double(&json, value);
    return mud_buf_cstr(buf);
}

static void test_json__doubles_are_short_and_exact(void **state)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0.3, "0.3"},
        {5, "5"},
        {0, "0"},
        {-0.0, "0"},
        {-2.5, "-2.5"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {1e15, "1e+15"},
        {999999999999999, "999999999999999"},
        {1e300, "1e+300"},
        {-1e-7, "-1e-07"},
        {123456.789, "123456.789"},
        {5e-324, "4.94065645841247e-324"},
        {(double)INFINITY, "null"},
        {-(double)INFINITY, "null"},
        {(double)NAN, "null"},
    };
    struct mud_buf buf = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_string_equal(number(&buf, rows[i].value), rows[i].text);
    mud_buf_free(&buf);
}

static void check_reads_back(struct mud_buf *buf, double value)
{
    struct mud_error err = {0};
    const char *text = mudtest_text("[%s]", number(buf, value));
    json_t *json = mud_json_read(mud_str_z(text), &err);

    assert_ok(json != NULL, &err);
    if (json_number_value(json_array_get(json, 0)) != value)
        fail_msg("%a became %s", value, text);
    json_decref(json);
}

static void test_json__any_double_reads_back(void **state)
{
    struct mud_buf buf = {0};
    uint64_t bits = 88172645463325252u; /* xorshift */

    (void)state;
    for (int i = 0; i < 3000; i++) {
        double value;

        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value))
            check_reads_back(&buf, value);
        check_reads_back(&buf, (double)(bits % 10000000) / 100);
    }
    mud_buf_free(&buf);
}

/* A locale with a decimal comma, made here when the system can. */
static bool comma_locale(void)
{
    const char *dir = mudtest_dir();

    if (mudtest_sh("localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8", dir).code > 1)
        return false;
    setenv("LOCPATH", dir, 1);
    return setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

static void test_json__does_not_follow_the_locale(void **state)
{
    struct mud_buf buf = {0};

    (void)state;
    if (!comma_locale()) {
        print_message("no locale with a decimal comma here\n");
        skip();
    }
    assert_string_equal(mudtest_text("%.1f", 0.5), "0,5");
    assert_string_equal(number(&buf, 0.3), "0.3");
    assert_string_equal(number(&buf, 1.5e300), "1.5e+300");
    check_reads_back(&buf, 0.1 + 0.2);
    mud_buf_free(&buf);
    setlocale(LC_ALL, "C");
}

static void test_json__integers_to_the_ends(void **state)
{
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-1, "-1"},
        {10, "10"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };
    struct mud_buf buf = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_json json = {.buf = &buf};

        mud_buf_clear(&buf);
        mud_json_int(&json, rows[i].value);
        assert_string_equal(mud_buf_cstr(&buf), rows[i].text);
    }
    mud_buf_free(&buf);
}

static void test_json__errors_name_the_byte(void **state)
{
    static const struct {
        struct mud_str text;
        const char *where;
    } rows[] = {
        {{"", 0}, "byte 0"},
        {{NULL, 0}, "byte 0"},
        {{"{\"a\":1,x}", 9}, "byte 8"},
        {{"[1,2", 4}, "byte 4"},
        {{"{} {}", 5}, "byte 4"},
        {{"5", 1}, "byte 1"},
        {{"\"a\"", 3}, "byte"},
        {{"[\"\xE5\x87\"]", 6}, "byte"},
        {{"[\"\\ud83d\"]", 10}, "byte"},
        {{"[9223372036854775808]", 21}, "byte"},
        {{"[1e999]", 7}, "byte"},
        {{"{\"a\\u0000\":1}", 13}, "byte"},
        {{"[1]\0", 4}, "byte"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        json_t *json = mud_json_read(rows[i].text, &err);

        assert_fails(json != NULL, &err, MUD_EINPUT, rows[i].where);
    }
}

static void test_json__depth_and_size_are_bounded(void **state)
{
    struct mud_buf buf = {0};
    struct mud_error err = {0};
    json_t *json;

    (void)state;
    for (int i = 0; i < 1000000; i++)
        mud_buf_c(&buf, '[');
    json = mud_json_read(mud_buf_view(&buf), &err);
    assert_fails(json != NULL, &err, MUD_EINPUT, "depth");
    mud_buf_free(&buf);
    json = mud_json_read(mud_str_of("[]", ((size_t)64 << 20) + 1), &err);
    assert_fails(json != NULL, &err, MUD_ELIMIT, "64 MiB");
}

static void test_json__getters_are_kind(void **state)
{
    struct mud_error err = {0};
    json_t *json = mud_json_read(
        MUD_STR("{\"s\":\"a\\u0000b\",\"i\":-7,\"d\":0.5,\"t\":true,"
                "\"f\":false,\"n\":null,\"twice\":1,\"twice\":2}"),
        &err);

    (void)state;
    assert_ok(json != NULL, &err);
    assert_bytes(mud_json_get_str(json, "s"), MUD_STR("a\0b"));
    assert_int_equal(mud_json_get_str(json, "i").n, 0);
    assert_null(mud_json_get_str(json, "missing").s);
    assert_int_equal(mud_json_get_int(json, "i", 3), -7);
    assert_int_equal(mud_json_get_int(json, "d", 3), 3);
    assert_int_equal(mud_json_get_int(json, "missing", 3), 3);
    assert_int_equal(mud_json_get_int(json, "twice", 3), 2);
    assert_true(mud_json_get_double(json, "d", 9) == 0.5);
    assert_true(mud_json_get_double(json, "i", 9) == -7.0);
    assert_true(mud_json_get_double(json, "s", 9) == 9.0);
    assert_true(mud_json_get_bool(json, "t"));
    assert_false(mud_json_get_bool(json, "f"));
    assert_false(mud_json_get_bool(json, "i"));
    assert_true(mud_json_has(json, "f"));
    assert_false(mud_json_has(json, "n"));
    assert_false(mud_json_has(json, "missing"));
    assert_false(mud_json_has(NULL, "x"));
    assert_int_equal(mud_json_get_int(NULL, "x", 4), 4);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__writes_nested_records),
        cmocka_unit_test(test_json__writes_lists_of_text),
        cmocka_unit_test(test_json__escapes_what_must_be),
        cmocka_unit_test(test_json__doubles_are_short_and_exact),
        cmocka_unit_test(test_json__any_double_reads_back),
        cmocka_unit_test(test_json__does_not_follow_the_locale),
        cmocka_unit_test(test_json__integers_to_the_ends),
        cmocka_unit_test(test_json__errors_name_the_byte),
        cmocka_unit_test(test_json__depth_and_size_are_bounded),
        cmocka_unit_test(test_json__getters_are_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
