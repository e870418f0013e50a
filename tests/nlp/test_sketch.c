#include "nlp/sketch.h"

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

static struct mud_sketch sketch_of(const char *text)
{
    struct mud_sketch sketch;

    mud_sketch_of(&sketch, &reader, mud_str_z(text), NULL, arena);
    return sketch;
}

static int alike(const char *a, const char *b)
{
    struct mud_sketch x = sketch_of(a), y = sketch_of(b);
    int both = mud_sketch_alike(&x, &y);

    assert_int_equal(mud_sketch_alike(&y, &x), both);
    return both;
}

static void test_sketch__reposts_are_alike(void **state)
{
    static const char *const same[] = {
        /* another contact */
        "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，"
        "需要的老板联系客服，价格优惠量大从优，QQ：9111222333",
        /* emoji, spacing, punctuation */
        "🔥🔥长期出售国外肉鸡 支持测试/稳定 在线率高\n可以走担保 "
        "需要的老板联系客服。价格优惠量大从优✅QQ 9080706050",
        /* Traditional, full-width */
        "長期出售國外肉鷄，支持測試，穩定在線率高，可以走擔保，"
        "需要的老闆聯繫客服，價格優惠量大從優，ＱＱ：９０８０７０６０５０",
        /* zero-width characters */
        "长\xe2\x80\x8b期出售国\xe2\x80\x8b外肉鸡，支持测\xe2\x80\x8b试，稳定在线率高，"
        "可以走担保，需要的老板联系客服，价格优惠量大从优，QQ：9080706050",
        /* order */
        "需要的老板联系客服，稳定在线率高，支持测试，可以走担保，"
        "价格优惠量大从优，长期出售国外肉鸡，QQ：9080706050",
        /* header and footer */
        "【今日置顶】\n长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，"
        "需要的老板联系客服，价格优惠量大从优，QQ：9080706050\n更多资源进频道",
        /* words swapped */
        "长期转让国外肉鸡，支持测试，稳定在线率高，可以走担保，"
        "有需要的大佬联系客服，价格优惠量大从优，QQ：9080706050",
    };
    static const char *const other[] = {
        "诚招跑分车队，每天稳定收益，佣金日结，新手可以带，"
        "有对公账户的老板优先，私聊详谈，非诚勿扰，QQ：9080706050",
        /* the same trade, and stock phrases of all who are in it */
        "大量出服务器肉鸡，双线机房居多，每天补新机，支持测试，"
        "量大从优，可以走担保，诚信经营，QQ：9080706050",
        "今天的天气真好，我们一起去公园里散步，看看花，吃点东西，"
        "晚上再回家做饭，希望明天也是这样的好天气，大家早点休息",
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(same); i++)
        if (alike(advert, same[i]) < MUD_ALIKE)
            fail_msg("%d: %s", alike(advert, same[i]), same[i]);
    for (size_t i = 0; i < MUDTEST_ROWS(other); i++)
        if (alike(advert, other[i]) >= MUD_ALIKE)
            fail_msg("%d: %s", alike(advert, other[i]), other[i]);
}

static void test_sketch__words_of_other_scripts_count_as_words(void **state)
{
    const char *en = "Selling fresh US stealer logs, daily updates, min order "
                     "10 logs, bulk discount, escrow welcome, pm @made_up_one";
    const char *ru = "продам свежие логи, обновление каждый день, минимальный "
                     "заказ 10 штук, опт дешевле, гарант, пишите @made_up_two";

    (void)state;
    assert_int_equal(alike(en,
                           "SELLING FRESH US STEALER LOGS - daily updates - "
                           "min order 25 logs. bulk discount. ESCROW welcome! "
                           "pm @another_name"),
                     1000);
    assert_int_equal(alike(ru,
                           "Продам свежие логи! Обновление каждый день. "
                           "Минимальный заказ 50 штук, опт дешевле, гарант. "
                           "Пишите @another_name"),
                     1000);
    assert_true(alike(en, ru) < 100);
    assert_true(alike(en,
                      "Selling US and EU rdp, daily restock, admin rights, "
                      "replacement 24h, escrow welcome, pm @made_up_one") <
                MUD_ALIKE);
}

/* Two sellers may well say as little in the same words. */
static void test_sketch__short_texts_are_the_same_only_whole(void **state)
{
    (void)state;
    assert_int_equal(sketch_of("").n, 0);
    assert_int_equal(sketch_of("在吗").n, 0);
    assert_int_equal(sketch_of("！！！🔥🔥🔥！！！～～～～～～").n, 0);
    assert_int_equal(alike("出肉鸡 QQ 9080706050",
                           "🔥出肉鸡，QQ：９０８０７０６０５０"),
                     1000);
    assert_int_equal(alike("出肉鸡 QQ 9080706050", "出肉鸡 QQ 9080706051"), 0);
    assert_int_equal(alike("出肉鸡 QQ 9080706050", advert), 0);
    assert_int_equal(alike("在吗", "在吗"), 0);
}

/* What the reading found to be a contact does not count, letters neither. */
static void test_sketch__leaves_out_what_was_read(void **state)
{
    static const char *const texts[] = {
        "长期出售国外肉鸡，支持测试，稳定在线率高，联系 老王商行，"
        "需要的老板联系客服，价格优惠量大从优，可以走担保",
        "长期出售国外肉鸡，支持测试，稳定在线率高，联系 小李网络，"
        "需要的老板联系客服，价格优惠量大从优，可以走担保"};
    struct mud_sketch sketches[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct mud_str text = mud_str_z(texts[i]);
        uint32_t at = (uint32_t)mud_str_chr(text, ' ');
        struct mud_entity entity = {.type = MUD_ENT_CONTACT,
                                    .at = {at, at + 13}};
        struct mud_reading reading = {.entities = &entity, .n_entities = 1};

        mud_sketch_of(&sketches[i], &reader, text, &reading, arena);
    }
    assert_int_equal(mud_sketch_alike(&sketches[0], &sketches[1]), 1000);
    assert_true(alike(texts[0], texts[1]) < 1000);
}

/* Handles and addresses that no rule knew are left out by their form. */
static void test_sketch__leaves_out_what_looks_like_a_handle(void **state)
{
    (void)state;
    assert_int_equal(
        alike("长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保 @made_name",
              "长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保 "
              "t.me/othername some_one x9y8"),
        1000);
}

static struct mud_str list(unsigned from, unsigned to, bool backwards)
{
    static const char *const goods[] = {"国内肉鸡",
                                        "香港服务器",
                                        "短信通道",
                                        "微信老号",
                                        "游戏金币",
                                        "一手数据",
                                        "打流量",
                                        "查机主",
                                        "远控免杀"};
    static const char *const where[] = {"广东",
                                        "四川",
                                        "河南",
                                        "浙江",
                                        "福建",
                                        "山西",
                                        "云南",
                                        "辽宁",
                                        "湖北",
                                        "海南",
                                        "青海"};
    struct mud_buf buf = {0};
    struct mud_str out;

    for (unsigned i = from; i < to; i++) {
        unsigned k = backwards ? to - 1 - (i - from) : i;

        mud_buf_printf(&buf,
                       "%s%s %u元\n",
                       where[k * 7 % 11],
                       goods[k % 9],
                       backwards ? k + 5 : k);
    }
    out = mud_str_dup(mud_buf_view(&buf), arena);
    mud_buf_free(&buf);
    return out;
}

/* More features than are kept: the sample tells as much. */
static void test_sketch__long_texts_are_sampled(void **state)
{
    struct mud_sketch a, b, c;
    struct mud_buf repeated = {0};

    (void)state;
    mud_sketch_of(&a, &reader, list(0, 99, false), NULL, arena);
    mud_sketch_of(&b, &reader, list(0, 99, true), NULL, arena);
    assert_int_equal(a.n, MUD_SKETCH_MAX);
    assert_true(mud_sketch_alike(&a, &b) >= MUD_ALIKE);
    mud_sketch_of(&c, &reader, list(0, 5, false), NULL, arena);
    assert_true(mud_sketch_alike(&a, &c) < MUD_ALIKE);
    /* The same line a thousand times is that line. */
    for (int i = 0; i < 1000; i++)
        mud_buf_printf(&repeated, "%s\n", advert);
    mud_sketch_of(&c, &reader, mud_buf_view(&repeated), NULL, arena);
    b = sketch_of(advert);
    assert_true(c.n <= b.n + 1);
    assert_true(mud_sketch_alike(&b, &c) >= 900);
    mud_buf_free(&repeated);
}

static void test_sketch__bytes_give_it_back(void **state)
{
    static const char *const texts[] = {"", "出肉鸡 QQ 9080706050", advert};
    char bytes[4 * MUD_SKETCH_MAX + 4];
    struct mud_sketch again;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(texts); i++) {
        struct mud_sketch sketch = sketch_of(texts[i]);
        struct mud_str stored = mud_sketch_bytes(&sketch, bytes);

        assert_int_equal(stored.n, sketch.n * 4);
        assert_true(mud_sketch_read(&again, stored));
        assert_int_equal(again.n, sketch.n);
        assert_memory_equal(again.at, sketch.at, (size_t)sketch.n * 4);
        if (stored.n < 9)
            continue;
        assert_false(mud_sketch_read(&again, mud_str_sub(stored, 0, 9)));
        assert_false(mud_sketch_read(&again, mud_str_sub(stored, 0, 12)));
        memcpy(bytes + 4, bytes, 4); /* not ascending */
        assert_false(mud_sketch_read(&again, stored));
    }
    memset(bytes, 0, sizeof(bytes));
    assert_false(mud_sketch_read(&again, mud_str_of(bytes, sizeof(bytes))));
}

static void test_sketch__takes_broken_utf8(void **state)
{
    struct mud_buf buf = {0};
    struct mud_sketch sketch, whole = sketch_of(advert);

    (void)state;
    mud_buf_z(&buf, "\xff\xfe\xe5");
    mud_buf_z(&buf, advert);
    mud_buf_z(&buf, "\xf0\x9f");
    mud_sketch_of(&sketch, &reader, mud_buf_view(&buf), NULL, arena);
    assert_int_equal(mud_sketch_alike(&sketch, &whole), 1000);
    mud_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sketch__reposts_are_alike),
        cmocka_unit_test(test_sketch__words_of_other_scripts_count_as_words),
        cmocka_unit_test(test_sketch__short_texts_are_the_same_only_whole),
        cmocka_unit_test(test_sketch__leaves_out_what_was_read),
        cmocka_unit_test(test_sketch__leaves_out_what_looks_like_a_handle),
        cmocka_unit_test(test_sketch__long_texts_are_sampled),
        cmocka_unit_test(test_sketch__bytes_give_it_back),
        cmocka_unit_test(test_sketch__takes_broken_utf8),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
