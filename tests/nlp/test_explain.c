#include "nlp/explain.h"

#include <jansson.h>

#include "nlp/record.h"
#include "nlp/rules.h"
#include "tests/nlp/reads.h"

static void test_explain__every_rule_has_a_sentence(void **state)
{
    (void)state;
    for (unsigned rule = 0; rule < MUD_RULE_COUNT; rule++) {
        uint16_t i = (uint16_t)rule;

        if (!*mud_rule_says(i, false) || !*mud_rule_says(i, true))
            print_error("%s\n", mud_rule_name(reads_reader, i));
        assert_true(*mud_rule_says(i, false) && *mud_rule_says(i, true));
    }
    assert_string_equal(mud_rule_says(MUD_RULE_COUNT, false), "");
    for (unsigned i = 1; i < MUD_FOLD_LAYERS; i++) {
        struct mud_str name =
            mud_str_z(mud_fold_layer_name((enum mud_fold_layer)i));

        assert_true(*mud_layer_says((enum mud_fold_layer)i, false));
        assert_true(*mud_layer_says((enum mud_fold_layer)i, true));
        assert_string_equal(mud_layer_named(name, true),
                            mud_layer_says((enum mud_fold_layer)i, true));
    }
    assert_string_equal(mud_layer_says(MUD_FOLD_PLAIN, false), "");
    assert_string_equal(mud_layer_named(MUD_STR("none"), false), "");
}

static const char *folds_of(struct mud_fold *fold, const char *find)
{
    struct mud_folded *list;
    struct mud_buf buf = {0};
    size_t at = mud_str_find(fold->raw, mud_str_z(find)), n;
    const char *out;

    assert_true(at != MUD_NPOS);
    n = mud_folds_under(&list,
                        fold,
                        (struct mud_span){(uint32_t)at,
                                          (uint32_t)(at + strlen(find))},
                        reads_arena);
    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&buf,
                       "%s%s %.*s>%.*s",
                       i ? "; " : "",
                       mud_fold_layer_name((enum mud_fold_layer)list[i].layer),
                       MUD_FMT(list[i].from),
                       MUD_FMT(list[i].to));
    out = mud_arena_dup(reads_arena, buf.s ? buf.s : "", buf.n);
    mud_buf_free(&buf);
    return out;
}

static void test_explain__folds_under_a_value(void **state)
{
    static const struct {
        const char *raw, *find, *want;
    } rows[] = {
        {"QQ 9812", "9812", ""},
        {"QQ９８❶2", "９８❶2", "nfkc ９８>98; digit ❶>1"},
        {"收銀行卡嗎", "行卡嗎", "hant 嗎>吗"},
        {"發發票", "發票", "hant 發>发"},
        {"出肉-鷄啊", "肉-鷄", "junk 肉-鷄>肉鸡"},
        {"出抓🐔啊", "抓🐔", "emoji 抓🐔>抓鸡"},
    };
    struct mud_folder *folder;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_folder_new(&folder, &err), &err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = {0};

        mud_fold(&fold, folder, mud_str_z(rows[i].raw), reads_arena);
        assert_string_equal(folds_of(&fold, rows[i].find), rows[i].want);
    }
    mud_folder_free(folder);
}

static json_t *explained(const char *in)
{
    struct mud_buf out = {0};
    struct mud_error err = {0};
    json_t *json;

    assert_ok(
        mud_extract_line(
            &out, reads_reader, NULL, mud_str_z(in), true, reads_arena, &err),
        &err);
    json = json_loadb(out.s, out.n, 0, NULL);
    assert_non_null(json);
    mud_buf_free(&out);
    return json;
}

static const json_t *first_of(const json_t *record, const char *type)
{
    const json_t *list = json_object_get(record, "entities");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);

        if (strcmp(json_string_value(json_object_get(e, "type")), type) == 0)
            return e;
    }
    return NULL;
}

static void test_explain__record_shows_rule_folds_and_reasons(void **state)
{
    json_t *r =
        explained("{\"id\":1,\"text\":\"出肉-鷄 5毛一台，加ＱＱ❾812000561\"}");
    const json_t *contact = first_of(r, "contact"), *fold;
    const json_t *why = json_object_get(contact, "why");
    const json_t *reason = json_array_get(json_object_get(r, "reasons"), 0);

    (void)state;
    assert_non_null(contact);
    assert_true(json_is_string(json_object_get(why, "en")));
    assert_true(json_is_string(json_object_get(why, "zh")));
    assert_string_equal(json_string_value(json_object_get(contact, "folded")),
                        "9812000561");
    fold = json_array_get(json_object_get(contact, "folds"), 0);
    assert_string_equal(json_string_value(json_object_get(fold, "layer")),
                        "digit");
    assert_string_equal(json_string_value(json_object_get(fold, "from")), "❾");
    assert_string_equal(json_string_value(json_object_get(fold, "to")), "9");
    fold = json_array_get(json_object_get(first_of(r, "product"), "folds"), 0);
    assert_string_equal(json_string_value(json_object_get(fold, "layer")),
                        "junk");
    assert_true(json_is_integer(json_object_get(reason, "weight")));
    assert_non_null(json_object_get(json_object_get(reason, "why"), "zh"));
    json_decref(r);
}

/* An explanation must not show what the record masks. */
static void test_explain__victims_stay_masked(void **state)
{
    json_t *r = explained(
        "{\"id\":1,\"text\":\"出料，示例：白样例 １３８０００００１０１ "
        "110101190001010009\"}");
    const json_t *victim = first_of(r, "victim_data");
    char *text = json_dumps(r, 0);

    (void)state;
    assert_non_null(victim);
    assert_null(json_object_get(victim, "folded"));
    assert_null(json_object_get(victim, "folds"));
    assert_non_null(json_object_get(victim, "why"));
    assert_null(strstr(text, "13800000101"));
    free(text);
    json_decref(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_explain__every_rule_has_a_sentence),
        cmocka_unit_test(test_explain__folds_under_a_value),
        cmocka_unit_test(test_explain__record_shows_rule_folds_and_reasons),
        cmocka_unit_test(test_explain__victims_stay_masked),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
