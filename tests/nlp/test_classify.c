#include "nlp/classify.h"

#include "base/conf.h"

#include "tests/nlp/reads.h"

static void check(const char *text, const char *category, const char *direction,
                  bool offer)
{
    struct mud_reading r = reads(text);

    if (strcmp(mud_category_name(r.category), category) != 0 ||
        strcmp(mud_direction_name(r.direction), direction) != 0 ||
        r.is_offer != offer)
        print_error("in: %s\n", text);
    assert_string_equal(mud_category_name(r.category), category);
    assert_string_equal(mud_direction_name(r.direction), direction);
    assert_int_equal(r.is_offer, offer);
}

static void test_classify__offers(void **state)
{
    (void)state;
    check("出国内肉鸡，3毛一台，QQ9812000001", "bots", "sell", true);
    check("大量收服务器肉鸡，10元/台，QQ9812000001", "bots", "buy", true);
    check("招抓鸡合伙人，工具我出，收益你四我六", "bots", "recruit", true);
    check("收股民料，2元/条，QQ9812000001", "personal_data", "buy", true);
    check("接单 CC攻击 100u/小时 飞机@made_up01",
          "attack_for_hire",
          "sell",
          true);
    check("代做免杀，300一次，QQ9812000001", "malware", "sell", true);
    check("出租伪基站设备，八百一天，QQ9812000001", "phishing", "sell", true);
    check("黑客培训，渗透+抓鸡，学费888元，QQ群98120002",
          "hacking_training",
          "sell",
          true);
    check("收Q币，7折秒结，QQ9812000001", "virtual_property", "buy", true);
    check("批发推特号3元一个，tg：@made_up01", "account_trade", "sell", true);
    check("收对公账户，8000一套，蝙蝠70012001", "money_mule", "buy", true);
    check("跑分平台招码商，佣金1.5个点，QQ9812000001",
          "money_mule",
          "recruit",
          true);
    check("短信群发，4分一条，QQ9812000001", "sms_traffic_fraud", "sell", true);
    check("代开发票，普票2个点，电话13500000001", "other", "sell", true);
    check("WTB fresh installs, paying $90 per 1k, jabber m@im.example",
          "bots",
          "buy",
          true);
    check(
        "Продаю загрузки, 90$ за 1к, телега @made_up01", "bots", "sell", true);
}

static void test_classify__near_misses_are_benign(void **state)
{
    (void)state;
    check("家养土鸡出售，散养一年，80元一只，微信made_up01",
          "benign",
          "sell",
          false);
    check("近日警方破获一起DDoS攻击案，嫌疑人以500元/天接单攻击网站，已被刑拘",
          "benign",
          "none",
          false);
    check("请教一下，我的电脑好像中了木马，是不是变成肉鸡了？怎么清理？",
          "benign",
          "none",
          false);
    check("招聘渗透测试工程师，15-25K·14薪，五险一金，简历发到hr@made.example",
          "benign",
          "recruit",
          false);
    check("大家注意，骗子QQ9333000001，卖肉鸡收了500块就拉黑，别上当",
          "benign",
          "none",
          false);
    check("群公告：禁止发广告，禁止买卖数据和账号，违者踢出",
          "benign",
          "none",
          false);
    check("承接服务器安全加固、DDoS防护，每月800元，正规公司可开票，联系"
          "support@made.example",
          "benign",
          "sell",
          false);
    check("举报：有人在本群卖个人信息，微信made_up88，管理员请处理",
          "benign",
          "none",
          false);
    check("Does anyone know a good book about botnets? I need it for my thesis",
          "benign",
          "none",
          false);
    check("Коллеги, подскажите: на сервере майнер, чем вычистить?",
          "benign",
          "none",
          false);
}

static void test_classify__sold_out_keeps_its_category(void **state)
{
    (void)state;
    check("那批肉鸡已经出完了，短期内没货", "bots", "none", false);
}

/* Whoever shows no reasons does not pay for them; all else is the same. */
static void test_classify__says_why_only_when_asked(void **state)
{
    struct mud_message m = {.text =
                                MUD_STR("出国内肉鸡，3毛一台，QQ9812000001")};
    struct mud_reading mute = reads_message(&m), told;

    (void)state;
    m.explain = true;
    told = reads_message(&m);
    assert_int_equal(mute.n_reasons, 0);
    assert_true(told.n_reasons > 0);
    assert_true(mute.is_offer && told.is_offer);
    assert_int_equal(mute.category, told.category);
    assert_int_equal(mute.direction, told.direction);
    assert_int_equal(mute.sure, told.sure);
    assert_int_equal(mute.n_entities, told.n_entities);
}

static void test_classify__says_why(void **state)
{
    struct mud_reading r = reads("出国内肉鸡，3毛一台，QQ9812000001");
    int sum = 0;
    bool product = false, verb = false, model = false;

    (void)state;
    for (size_t i = 0; i < r.n_reasons; i++) {
        const char *rule = mud_rule_name(reads_reader, r.reasons[i].rule);

        product |= strcmp(rule, "class.product") == 0;
        verb |= strcmp(rule, "class.verb") == 0;
        model |= strcmp(rule, "class.model") == 0;
        sum += r.reasons[i].weight;
        /* a place in the text, or a feature by its name */
        assert_true(r.reasons[i].at.end > r.reasons[i].at.start ||
                    r.reasons[i].feature.n > 0);
    }
    assert_true(product && verb && model && sum > 0);
    assert_in_range(r.sure, 501, 1000);
}

/* "\\n" in a cell of the table is a line end. */
static char *unescaped(struct mud_str cell)
{
    char *out = mud_str_cstr(cell, reads_arena), *to = out;

    for (const char *from = out; *from; from++) {
        if (from[0] == '\\' && from[1] == 'n') {
            *to++ = '\n';
            from++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return out;
}

static void test_classify__holds_on_messages_of_our_own(void **state)
{
    struct mud_tsv tsv = {
        .rest = mudtest_read(mudtest_text("%s/tests/data/reading/messages.tsv",
                                          mudtest_source()))};
    struct mud_str f[3];
    size_t n;
    unsigned all = 0, category = 0, direction = 0, alarms = 0;

    (void)state;
    while (mud_tsv_next(&tsv, f, 3, &n)) {
        struct mud_reading r;

        assert_int_equal(n, 3);
        r = reads(unescaped(f[2]));
        all++;
        category += mud_str_eqz(f[0], mud_category_name(r.category));
        direction += mud_str_eqz(f[1], mud_direction_name(r.direction));
        alarms += mud_str_eqz(f[0], "benign") && r.is_offer;
    }
    print_message("own messages: category %u direction %u of %u, alarms %u\n",
                  category,
                  direction,
                  all,
                  alarms);
    assert_true(all >= 180);
    assert_true(category * 100 >= all * 95);
    assert_true(direction * 100 >= all * 88);
    assert_true(alarms <= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classify__offers),
        cmocka_unit_test(test_classify__near_misses_are_benign),
        cmocka_unit_test(test_classify__sold_out_keeps_its_category),
        cmocka_unit_test(test_classify__says_why),
        cmocka_unit_test(test_classify__says_why_only_when_asked),
        cmocka_unit_test(test_classify__holds_on_messages_of_our_own),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
