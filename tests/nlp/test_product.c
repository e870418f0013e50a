#include "nlp/product.h"

#include "tests/nlp/reads.h"

struct row {
    const char *text, *span, *canonical;
};

static void check(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct mud_reading r = reads(rows[i].text);
        bool found = false;

        for (size_t k = 0; k < r.n_entities && !found; k++) {
            const struct mud_entity *e = &r.entities[k];

            found = e->type == MUD_ENT_PRODUCT &&
                    mud_str_eqz(mud_str_sub(mud_str_z(rows[i].text),
                                            e->at.start,
                                            e->at.end),
                                rows[i].span) &&
                    mud_str_eqz(e->kind, rows[i].canonical);
        }
        if (!found)
            print_error(
                "in: %s: %s\n", rows[i].text, reads_list(&r, MUD_ENT_PRODUCT));
        assert_true(found);
    }
}

static void test_product__terms_and_phrases(void **state)
{
    static const struct row rows[] = {
        {"出售国内肉鸡，3毛一台，QQ9812000001", "国内肉鸡", "bot_host"},
        {"出香港3389，15元/台，QQ9812000001", "香港3389", "rdp_host"},
        {"批量出号\nTG印尼号 0.9U\nQQ9812000001",
         "TG印尼号",
         "telegram_account"},
        {"批量出号\nTG美国号 2.2U\nINS千粉 6.5U\nQQ9812000001",
         "INS千粉",
         "instagram_account"},
        {"高价收保健品老人资料，三块五一条，QQ9812000001",
         "保健品老人资料",
         "personal_record"},
        {"出某教育机构整库，一口价2600，QQ9812000001",
         "某教育机构整库",
         "database_dump"},
        {"出银行钓鱼源码，1800一套，QQ9812000001", "银行钓鱼源码", "phish_kit"},
        {"出拿站教程，199，QQ9812000001", "拿站教程", "hacking_course"},
        {"查开房记录600元一次，QQ9812000001", "开房记录", "lookup_hotel"},
        {"盗\u200b号木\u200b马，888一套，QQ9812000001",
         "盗\u200b号木\u200b马",
         "trojan"},
        {"出Ｑ币，七毛二一个，QQ9812000001", "Ｑ币", "q_coin"},
        {"Aged Gmail accounts for sale, $2 each, jabber m@im.example",
         "Aged Gmail accounts",
         "gmail_account"},
        {"Аккаунты ВК с друзьями, 35р/шт, телега @made_up01",
         "Аккаунты ВК",
         "vk_account"},
        {"販售遠端遙控木馬，9000一套，加賴 made.up", "遠端遙控木馬", "rat"},
        {"想学抓鸡，有师傅带吗？学费3000以内，加我Q 9812000001",
         "抓鸡",
         "hacking_course"},
    };

    (void)state;
    check(rows, MUDTEST_ROWS(rows));
}

static void test_product__none_when_negated_or_harmless(void **state)
{
    static const struct reads_row rows[] = {
        {"收股民粉，不收机器粉，90一个，QQ9812000001", "lead"},
        {"家养土鸡出售，散养一年，80元一只，微信made_up01", ""},
        {"肉鸡养殖场急招饲养员，月薪6000包吃住，电话13800000001", ""},
        {"床上四件套，纯棉面料，199一套，微信made_up01", ""},
        {"新手机跑分一百万，安兔兔测的", ""},
        {"哪位大哥有飞机票便宜的渠道？", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_PRODUCT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_product__terms_and_phrases),
        cmocka_unit_test(test_product__none_when_negated_or_harmless),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
