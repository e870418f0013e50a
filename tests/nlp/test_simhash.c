#include "nlp/reading.h"

#include "tests/nlp/parts.h"

static struct mud_reader reader;
static struct mud_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = mud_arena_new();
    reader = parts_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    parts_free(&reader);
    mud_arena_free(arena);
    return 0;
}

static const char advert[] =
    "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，"
    "需要的老板联系客服，价格优惠量大从优，QQ：9080706050";

static uint64_t print_of(const char *text)
{
    return mud_simhash(&reader, mud_str_z(text), NULL, arena);
}

static int distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}

static void test_simhash__short_texts_have_none(void **state)
{
    (void)state;
    assert_true(print_of("") == 0);
    assert_true(print_of("出售肉鸡加我") == 0);
    assert_true(print_of("1234567890123456789012345678901234567890") == 0);
    assert_true(print_of(advert) != 0);
}

static void test_simhash__reposts_stay_close(void **state)
{
    static const char *const same[] = {
        "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，"
        "需要的老板联系客服，价格优惠量大从优，QQ：9111222333",
        "🔥🔥长期出售国外肉鸡 支持测试 稳定在线率高 可以走担保 "
        "需要的老板联系客服 价格优惠量大从优 QQ 9080706050",
        "長期出售國外肉鷄，支持測試，穩定在線率高，可以走擔保，"
        "需要的老闆聯繫客服，價格優惠量大從優，ＱＱ：９０８０７０６０５０",
    };
    static const char *const other[] = {
        "诚招跑分车队，每天稳定收益，佣金日结，新手可以带，"
        "有对公账户的老板优先，私聊详谈，非诚勿扰，QQ：9080706050",
        "今天的天气真好，我们一起去公园里散步，看看花，吃点东西，"
        "晚上再回家做饭，希望明天也是这样的好天气，大家早点休息",
    };

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_true(distance(print_of(advert), print_of(same[i])) <= 3);
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_true(distance(print_of(advert), print_of(other[i])) >= 16);
}

/* What the reading found to be a contact does not count, letters neither. */
static void test_simhash__leaves_out_what_was_read(void **state)
{
    static const char *const texts[] = {
        "长期出售国外肉鸡，支持测试，稳定在线率高，联系 @mudlark_one_two，"
        "需要的老板联系客服，价格优惠量大从优，可以走担保",
        "长期出售国外肉鸡，支持测试，稳定在线率高，联系 @other_handle_xyz，"
        "需要的老板联系客服，价格优惠量大从优，可以走担保"};
    uint64_t prints[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mud_str text = mud_str_z(texts[i]);
        uint32_t at = (uint32_t)mud_str_chr(text, '@');
        struct mud_entity entity = {.type = MUD_ENT_CONTACT};
        struct mud_reading reading = {.entities = &entity, .n_entities = 1};

        entity.at = (struct mud_span){
            at,
            (uint32_t)(at + mud_str_find(mud_str_sub(text, at, text.n),
                                         MUD_STR("，")))};
        prints[i] = mud_simhash(&reader, text, &reading, arena);
    }
    assert_true(prints[0] == prints[1]);
    assert_true(print_of(texts[0]) != print_of(texts[1]));
}

static void test_simhash__counts_past_a_byte(void **state)
{
    struct mud_buf buf = {0};
    uint64_t once;

    (void)state;
    once = print_of(advert);
    for (int i = 0; i < 40; i++)
        mud_buf_z(&buf, advert);
    assert_true(
        distance(once, mud_simhash(&reader, mud_buf_view(&buf), NULL, arena)) <=
        8);
    mud_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_simhash__short_texts_have_none),
        cmocka_unit_test(test_simhash__reposts_stay_close),
        cmocka_unit_test(test_simhash__leaves_out_what_was_read),
        cmocka_unit_test(test_simhash__counts_past_a_byte),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
