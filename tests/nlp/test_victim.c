#include "nlp/victim.h"

#include "tests/nlp/reads.h"

static void test_victim__masked_and_whole_records(void **state)
{
    static const struct reads_row rows[] = {
        {"车主资料八毛一条，样本：王*明 138****0001 1101**********031X，"
         "QQ9812000001",
         "name; phone; id_card"},
        {"出四要素，12元一条\n李某某----6200000000007396294----"
         "110000190302180402----13900000001\nQQ9812000001",
         "name; bank_card; id_card; phone"},
        {"股民：陈* | 139****0001 | 某某证券", "name; phone"},
        {"Selling fullz $18 each. Sample: 4000 0000 0000 0002 exp 01/30 John "
         "Q. Sample. jabber m@im.example",
         "bank_card; name"},
        {"combo $10\nmade.up@mail.example:hunter2x\n", "email; password"},
    };

    (void)state;
    READS(rows, MUD_ENT_VICTIM_DATA);
}

static void test_victim__is_never_a_contact(void **state)
{
    static const struct reads_row rows[] = {
        {"出四要素，12元一条\n李某某----6200000000007396294----"
         "110000190302180402----13900000001\nQQ9812000001",
         "qq 9812000001"},
        {"combo $10 tg @made_up01\nmade.up@mail.example:hunter2x\n",
         "telegram made_up01"},
    };

    (void)state;
    READS(rows, MUD_ENT_CONTACT);
}

static void test_victim__leaves_sellers_and_prose_alone(void **state)
{
    static const struct reads_row rows[] = {
        {"出国内肉鸡，电话 13700000001", ""},
        {"出国内肉鸡，收款卡号 6200000000007396294", ""},
        {"5*6=30，3**2=9", ""},
        {"价格 | 数量 | 备注", ""},
        {"***重要通知***", ""},
    };

    (void)state;
    READS(rows, MUD_ENT_VICTIM_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_victim__masked_and_whole_records),
        cmocka_unit_test(test_victim__is_never_a_contact),
        cmocka_unit_test(test_victim__leaves_sellers_and_prose_alone),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
