#include "nlp/contact.h"

#include "tests/nlp/reads.h"

static void test_contact__cue_and_value(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台，QQ：9812000001", "qq 9812000001"},
        {"出国内肉鸡，1元一台，QQ9812000001", "qq 9812000001"},
        {"出国内肉鸡，1元一台，加扣扣 98120-00001", "qq 9812000001"},
        {"出国内肉鸡，1元一台，企鹅９８１２０００００１", "qq 9812000001"},
        {"出国内肉鸡，1元一台，➕🐧9 8 1 2 0 0 0 0 0 1", "qq 9812000001"},
        {"出国内肉鸡，1元一台，扣扣 九八一二零零零零零一", "qq 9812000001"},
        {"出国内肉鸡，1元一台，Q群 98120002", "qq_group 98120002"},
        {"出国内肉鸡，1元一台，加微信made_up01", "wechat made_up01"},
        {"出国内肉鸡，1元一台，vx: Made_Up01", "wechat made_up01"},
        {"出国内肉鸡，1元一台，Vmade_up_01", "wechat made_up_01"},
        {"出国内肉鸡，1元一台，薇：made下划线up", "wechat made_up"},
        {"出国内肉鸡，1元一台，微信made\u200b_up01", "wechat made_up01"},
        {"出国内肉鸡，1元一台，飞机 @made_up01", "telegram made_up01"},
        {"出国内肉鸡，1元一台，TG:Made_up01", "telegram made_up01"},
        {"出国内肉鸡，1元一台，@made_up01", "telegram made_up01"},
        {"出国内肉鸡，1元一台，蝙蝠 70012001", "batchat 70012001"},
        {"出国内肉鸡，1元一台，@made_up01（土豆）", "potato made_up01"},
        {"出國內肉雞，一台1元，加賴 made.up", "line made.up"},
        {"selling installs $90 per 1k, icq 900-000-001", "icq 900000001"},
        {"selling installs $90 per 1k, Wickr: made_up", "wickr made_up"},
        {"selling installs $90 per 1k, skype live:made_up",
         "skype live:made_up"},
        {"selling installs $90 per 1k, discord made_up#0001",
         "discord made_up#0001"},
        {"selling installs $90 per 1k, Threema: MADEUP01", "threema MADEUP01"},
        {"selling installs $90 per 1k, signal made.77", "signal made.77"},
        {"selling installs $90 per 1k, whatsapp +44 7700 900001",
         "whatsapp +447700900001"},
        {"selling installs $90 per 1k, matrix @made.up:hs.example",
         "matrix @made.up:hs.example"},
        {"selling installs $90 per 1k, jabber Made@im.example",
         "xmpp made@im.example"},
        {"продаю загрузки 90$ за 1к, телега @made_up01", "telegram made_up01"},
        {"продаю загрузки 90$ за 1к, вайбер +7 900 000-00-01",
         "viber +79000000001"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__links(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台 t.me/Made_Up01", "telegram made_up01"},
        {"出国内肉鸡，1元一台 https://t.me/s/made_up01/15",
         "telegram made_up01"},
        {"出国内肉鸡，1元一台 telegram.me/made_up01", "telegram made_up01"},
        {"出国内肉鸡，1元一台 tg://resolve?domain=made_up01",
         "telegram made_up01"},
        {"出国内肉鸡，1元一台 https://t.me/+MadeUpAbC12345",
         "telegram_invite MadeUpAbC12345"},
        {"出国内肉鸡，1元一台 t.me/joinchat/MadeUpAbC12345",
         "telegram_invite MadeUpAbC12345"},
        {"出国内肉鸡，1元一台 https://wa.me/12025550101",
         "whatsapp +12025550101"},
        {"出国内肉鸡，1元一台 discord.gg/MadeUp1", "discord_invite MadeUp1"},
        {"出国内肉鸡，1元一台 hxxps://Shop[.]example/List。",
         "url https://shop.example/List"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__two_networks_one_id(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台，v和飞机同号 made_up01",
         "telegram made_up01; wechat made_up01"},
        {"出国内肉鸡，1元一台，135-0000-0001（微信同号）",
         "phone +8613500000001; wechat +8613500000001"},
        {"出国内肉鸡，1元一台，飞机蝙蝠都行：@made_up01 / 70012001",
         "telegram made_up01; batchat 70012001"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__checked_wallets_and_keys(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台 1WNHU3zexdTSFMktipxVabswf1rae6aLx",
         "btc 1WNHU3zexdTSFMktipxVabswf1rae6aLx"},
        {"出国内肉鸡，1元一台，U打到TAUaHXRiogkQbRRPUzUg1jJ1rSmArjBLg1",
         "tron TAUaHXRiogkQbRRPUzUg1jJ1rSmArjBLg1"},
        {"出国内肉鸡，1元一台 0x058dd46dC36F2f70E2939b4851F66DCB3D07ECBA",
         "eth 0x058dd46dC36F2f70E2939b4851F66DCB3D07ECBA"},
        {"出国内肉鸡，1元一台 "
         "awg5i3odn4xxbyuttnefd5tnzm6qp3f2iadkkwqgclsmvm3clqk2m2qd.onion",
         "onion "
         "http://awg5i3odn4xxbyuttnefd5tnzm6qp3f2iadkkwqgclsmvm3clqk2m2qd."
         "onion"},
    };
    static const struct reads_row wrong[] = {
        {"出国内肉鸡，1元一台 1WNHU3zexdTSFMktqpxVabswf1rae6aLx",
         "btc 1WNHU3zexdTSFMktqpxVabswf1rae6aLx"},
        {"出国内肉鸡，1元一台 TAUaHXRiogkQbRRPUqUg1jJ1rSmArjBLg1",
         "tron TAUaHXRiogkQbRRPUqUg1jJ1rSmArjBLg1"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
    READS(wrong, MUD_ENT_CANDIDATE);
}

static void test_contact__payee_accounts(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台，收款卡号 6200000000007396294",
         "bank_account 6200000000007396294"},
        {"出国内肉鸡，1元一台，支付宝 made.up@pay.example",
         "alipay made.up@pay.example"},
        {"selling rdp $5 each, paypal: made.up@pay.example",
         "paypal made.up@pay.example"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__phones(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，1元一台，137 0000 0001", "phone +8613700000001"},
        {"出国内肉鸡，1元一台，电话13700000001", "phone +8613700000001"},
        {"出国内肉鸡，1元一台，热线 400-000-0001", "phone +864000000001"},
        {"订单号 13700000001 已发货", ""},
        {"单号2026112200157，客户号60012233", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__no_contact_without_proof(void **state)
{
    static const struct reads_row rows[] = {
        {"有3000个QQ等级够的", ""},
        {"企鹅馆门票30元一位", ""},
        {"微信支付1000元", ""},
        {"飞机 300 架次", ""},
        {"扣10000元押金", ""},
        {"没有TG，没有QQ，站内信", ""},
        {"看我签名", ""},
        {"先 @ 我再点", ""},
        {"telegram only, no time wasters", ""},
        {"CPU 100%, sha256 "
         "163bef39edb51ce6fcd8db1bff2a95b0f89eb63a8bc0bea85204ebe2c71b7087",
         ""},
        {"top sources 203.0.113.45 and 198.51.100.17:8080", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__accused_is_not_advertiser(void **state)
{
    static const struct reads_row rows[] = {
        {"大家注意，骗子QQ9333000001，收了定金就拉黑，别上当",
         "qq 9333000001 reported"},
        {"举报：本群有人卖个人信息，微信made_up88，管理员请处理",
         "wechat made_up88 reported"},
        {"被骗经历，对方飞机 @made_up88，发现请举报",
         "telegram made_up88 reported"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_contact__indicators(void **state)
{
    static const struct reads_row rows[] = {
        {"样本回连 203.0.113.77:8443，建议封禁", "ip 203.0.113.77 mentioned"},
        {"MD5 f93385aed6d1b1edff1634654bfbb4b0 家族不明",
         "file_hash f93385aed6d1b1edff1634654bfbb4b0 mentioned"},
        {"修补 CVE-2024-12345 了吗", "cve CVE-2024-12345 mentioned"},
    };

    (void)state;
    READS(rows, MUD_ENT_INDICATOR);
}

static void test_contact__ways_without_an_address(void **state)
{
    static const struct {
        const char *text;
        unsigned by;
    } rows[] = {
        {"出肉鸡5毛一台，要的站内信", MUD_BY_MESSAGE},
        {"出肉雞5毛一台，要的私訊", MUD_BY_MESSAGE},
        {"出肉鸡5毛一台，飞机看我用户名", MUD_BY_NAME},
        {"出肉鸡5毛一台，联系方式见签名", MUD_BY_SIGNATURE},
        {"出肉鸡5毛一台，点头像加我", MUD_BY_PROFILE},
        {"出肉鸡5毛一台，扫码加好友", MUD_BY_QR},
        {"出肉鸡5毛一台，规则和联系看置顶", MUD_BY_PINNED},
        {"出肉鸡5毛一台，要的评论区留个1", MUD_BY_COMMENT},
        {"出肉鸡5毛一台，看签名，或者私聊", MUD_BY_SIGNATURE | MUD_BY_MESSAGE},
        {"selling bots $1 each, contact in my signature or pm me",
         MUD_BY_SIGNATURE | MUD_BY_MESSAGE},
        {"продаю ботов 1$ штука, пишите в лс", MUD_BY_MESSAGE},
        {"出租房两室2500一月，私聊", MUD_BY_MESSAGE},
        {"出肉鸡5毛一台，不接私聊，QQ9733100100", 0},
        {"selling bots $1 each, no pm, tg @made_by01", 0},
        {"今天谁私信我了", 0},
        {"签名档怎么改", 0},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_reading r = reads(rows[i].text);

        if (r.contact_by != rows[i].by)
            print_error("in: %s\n", rows[i].text);
        assert_int_equal(r.contact_by, rows[i].by);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contact__cue_and_value),
        cmocka_unit_test(test_contact__links),
        cmocka_unit_test(test_contact__two_networks_one_id),
        cmocka_unit_test(test_contact__checked_wallets_and_keys),
        cmocka_unit_test(test_contact__payee_accounts),
        cmocka_unit_test(test_contact__phones),
        cmocka_unit_test(test_contact__no_contact_without_proof),
        cmocka_unit_test(test_contact__accused_is_not_advertiser),
        cmocka_unit_test(test_contact__indicators),
        cmocka_unit_test(test_contact__ways_without_an_address),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
