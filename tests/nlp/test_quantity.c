#include "tests/nlp/reads.h"

static void test_quantity__number_and_unit(void **state)
{
    static const struct reads_row rows[] = {
        {"出售国内肉鸡5000台，3毛一台，QQ9812000001", "5000 host"},
        {"出挂机肉鸡，1.2w台，3毛一台，QQ9812000001", "12000 host"},
        {"出一手网贷数据，10万条，5毛一条，QQ9812000001", "100000 record"},
        {"出微信老号，200个，120元/个，QQ9812000001", "200 item"},
        {"收股民粉，90一个，日需50个，QQ9812000001", "50 person"},
        {"短信群发，4分一条，1万条起，QQ9812000001", "10000..- sms"},
        {"承接DDoS攻击，300G流量，500元/天，QQ9812000001", "300 gbps"},
        {"出某教育机构整库，130万，一口价2600，QQ9812000001", "1300000 record"},
        {"出国内肉鸡，每天80到100台，6元/台，QQ9812000001", "80..100 host"},
        {"售臺灣個資20萬筆，每筆2元，Line：made.up", "200000 record"},
        {"selling installs, min 1k, $80 per 1k, jabber m@im.example",
         "1000..- install"},
        {"selling CC fullz, $18 each, 20+ $14, jabber m@im.example",
         "20..- item"},
        {"stresser for sale $20/month, up to 100Gbps, jabber m@im.example",
         "-..100 gbps"},
        {"продаю аккаунты ВК, 35р/шт, от 500 шт 28р, телега @made_up01",
         "500..- item"},
    };

    (void)state;
    READS(rows, MUD_ENT_QUANTITY);
}

static void test_quantity__leaves_descriptions_alone(void **state)
{
    static const struct reads_row rows[] = {
        {"出微信老号，120元/个，质保7天，QQ9812000001", ""},
        {"收抖音号，粉丝1000以上，30-200不等，QQ9812000001", ""},
        {"出话费充值卡，面值100的65元一张，QQ9812000001", ""},
        {"出四件套，1200一套，保三个月，QQ9812000001", ""},
        {"本场现有肉鸡3000只，8.6元/斤，联系电话 15000000001", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_QUANTITY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantity__number_and_unit),
        cmocka_unit_test(test_quantity__leaves_descriptions_alone),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
