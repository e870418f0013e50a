#include "nlp/price.h"

#include "tests/nlp/reads.h"

static void test_price__currency_and_per(void **state)
{
    static const struct reads_row rows[] = {
        {"出售国内肉鸡，3毛一台，QQ9812000001", "0.3 CNY/host"},
        {"出售国内肉鸡，价格５０元一台，QQ9812000001", "50 CNY/host"},
        {"出售国内肉鸡，三块五一台，QQ9812000001", "3.5 CNY/host"},
        {"出售国内肉鸡，23块5一台，QQ9812000001", "23.5 CNY/host"},
        {"出售国内肉鸡，一毛五一台，QQ9812000001", "0.15 CNY/host"},
        {"出售国内肉鸡，3块5毛一台，QQ9812000001", "3.5 CNY/host"},
        {"出售国内肉鸡，2.5r/台，QQ9812000001", "2.5 CNY/host"},
        {"出售国内肉鸡，15刀一台，QQ9812000001", "15 USD/host"},
        {"出售国内肉鸡，0.5u一台，QQ9812000001", "0.5 USDT/host"},
        {"出售国内肉鸡，每台2元，QQ9812000001", "2 CNY/host"},
        {"出网贷数据，350元/千条，QQ9812000001", "350 CNY/record*1000"},
        {"短信群发，4分一条，QQ9812000001", "0.04 CNY/sms"},
        {"短信群发，五百块一千条，QQ9812000001", "500 CNY/sms*1000"},
        {"出微信老号，八百一个，QQ9812000001", "800 CNY/account"},
        {"出微信老号，四十五一个，QQ9812000001", "45 CNY/account"},
        {"selling installs, $80 per 1k, jabber m@im.example",
         "80 USD/install*1000"},
        {"selling installs, 60 USD / 1k, jabber m@im.example",
         "60 USD/install*1000"},
        {"selling stresser access, $20/month, jabber m@im.example",
         "20 USD/month"},
        {"selling rdp, $5 each, jabber m@im.example", "5 USD/host"},
        {"продаю загрузки, 75$ за 1к, телега @made_up01",
         "75 USD/install*1000"},
        {"售臺灣個資，每筆2元，Line：made.up", "2 TWD/record"},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

static void test_price__ranges_and_limits(void **state)
{
    static const struct reads_row rows[] = {
        {"收肉鸡，10-30元/台，QQ9812000001", "10..30 CNY/host"},
        {"收肉鸡，六毛到一块一台，QQ9812000001", "0.6..1 CNY/host"},
        {"收对公账户，8000-15000一套，QQ9812000001", "8000..15000 CNY/set"},
        {"收0day，价格5w u起，QQ9812000001", "50000..- USDT/item"},
        {"收安卓远控源码，5000以内，QQ9812000001", "-..5000 CNY/item"},
        {"selling stresser plans from $20/month, jabber m@im.example",
         "20..- USD/month"},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

static void test_price__so_many_for_so_much(void **state)
{
    static const struct reads_row rows[] = {
        {"三网短信群发 报价\n1万条 500\n5万条 2250\nQQ 9812000001",
         "500 CNY/sms*10000; 2250 CNY/sms*50000"},
        {"IG followers for sale, 1k=9u, 10k=70u, tg @made_up01",
         "9 USDT/person*1000; 70 USDT/person*10000"},
        {"出美区苹果ID，500打包一百个，QQ9812000001", "500 CNY/account*100"},
        {"出游戏金币，100元30万金，QQ9812000001", "100 CNY/item*300000"},
        {"出魔兽金币，1:900，QQ9812000001", "1 CNY/item*900"},
        {"DDOS代打\n1小时 30u\n24小时 180u\n一周 900u\nt.me/made_up01",
         "30 USDT/hour; 180 USDT/day; 900 USDT/week"},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

static void test_price__bare_numbers_need_a_reason(void **state)
{
    static const struct reads_row rows[] = {
        {"出银行钓鱼源码，低价600，QQ9812000001", "600 CNY/item"},
        {"查询：\n全家户籍 280\n手机定位 1600\nQQ 9812000001",
         "280 CNY/time; 1600 CNY/time"},
        {"爱奇艺年卡45，腾讯年卡50，刷的渠道，QQ9812000001",
         "45 CNY/item; 50 CNY/item"},
        {"收实名微信号，180-260，QQ9812000001", "180..260 CNY/account"},
        {"ddos压力测试平台出租，月付300，年付2400，QQ9812000001",
         "300 CNY/month; 2400 CNY/year"},
        {"出挂机肉鸡，打包8000，QQ9812000001", "8000 CNY/lot"},
        /* years, scores, times, versions, lists, hosts */
        {"出国内肉鸡，2024年的，5元一台，QQ9812000001", "5 CNY/host"},
        {"1. 出国内肉鸡 5元一台\n2. 出3389 9元一台\nQQ9812000001",
         "5 CNY/host; 9 CNY/host"},
        {"昨晚那场 112-98 打得真解气", ""},
        {"工作时间 9:00-22:00", ""},
        {"CentOS 7，4核8G", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

static void test_price__roles(void **state)
{
    static const struct reads_row rows[] = {
        {"跑分平台招人，佣金1.5个点，押金2000元，QQ9812000001",
         "1.5 PCT/turnover commission; 2000 CNY/lot deposit"},
        {"跑分团队收码，微信一千返12，保证金3000起，QQ9812000001",
         "1.2 PCT/turnover commission; 3000 CNY/lot deposit"},
        {"招人合作，我出钓鱼站你出短信，利润五五分，QQ9812000001",
         "50 PCT/turnover share"},
        {"招抓鸡合伙人，收益你四我六，QQ9812000001", "40 PCT/turnover share"},
        {"收Q币，7折秒结，QQ9812000001", "70 PCT/face_value"},
        {"回收京东卡 94折，沃尔玛卡 九折，QQ9812000001",
         "94 PCT/face_value; 90 PCT/face_value"},
        {"招聘会计，月薪6000，五险一金，双休", "6000 CNY/month salary"},
        {"昨天被骗380，大家避雷", "380 CNY/lot mentioned"},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

static void test_price__ignores_phone_numbers(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，电话 137 0000 0001", ""},
        {"出国内肉鸡，5元一台，QQ：9812000001", "5 CNY/host"},
        {"出国内肉鸡，订单号2026101599887766截图为证，5元一台，vx made_up01",
         "5 CNY/host"},
    };

    (void)state;
    READS(rows, MUD_ENT_PRICE);
}

/* Each price points to its product: by line, by order, or the last before. */
static void test_price__belongs_to_its_product(void **state)
{
    static const struct {
        const char *text;
        const char *canonical[3];
    } rows[] = {
        {"查开房记录600元一次，查个人户籍80，加v：made_up01",
         {"lookup_hotel", "lookup_household"}},
        {"出香港3389和微信老号，分别是15元、12元，vx：made_up01",
         {"rdp_host", "wechat_account"}},
        {"win肉鸡：0.4元/台\n3389服务器：18一台\n飞机 @made_up01",
         {"bot_host", "rdp_host"}},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_reading r = reads(rows[i].text);
        size_t n = 0;

        for (size_t k = 0; k < r.n_entities; k++) {
            const struct mud_entity *e = &r.entities[k];

            if (e->type != MUD_ENT_PRICE)
                continue;
            assert_in_range(e->of, 0, r.n_entities - 1);
            assert_text(r.entities[e->of].kind, rows[i].canonical[n++]);
        }
        assert_int_equal(n, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price__currency_and_per),
        cmocka_unit_test(test_price__ranges_and_limits),
        cmocka_unit_test(test_price__so_many_for_so_much),
        cmocka_unit_test(test_price__bare_numbers_need_a_reason),
        cmocka_unit_test(test_price__roles),
        cmocka_unit_test(test_price__ignores_phone_numbers),
        cmocka_unit_test(test_price__belongs_to_its_product),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
