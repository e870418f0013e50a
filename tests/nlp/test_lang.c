#include "nlp/lang.h"

#include "tests/support/mudtest.h"

static void test_lang__by_characters(void **state)
{
    static const char *const rows[][2] = {
        {"", "und"},
        {"123 !!!", "und"},
        {"出售肉鸡，价格面议", "zh-Hans"},
        {"出售 DDoS 压测，加 TG @mudlark_x 详谈", "zh-Hans"},
        {"出肉鷄，长期稳定，联系我们详谈", "zh-Hans"},
        {"長期收購個人資料，請聯繫", "zh-Hant"},
        {"跑分", "zh-Hans"},
        {"Selling fresh logs, escrow accepted", "en"},
        {"Продам базу данных, гарант", "ru"},
        {"アカウントを販売します。本人確認済み", "ja"},
        {"계정 판매합니다 연락 주세요", "ko"},
        {"Bán tài khoản ngân hàng giá rẻ", "vi"},
        {"ขายบัญชีธนาคาร ราคาถูก", "th"},
        {"بيع حسابات بنكية", "ar"},
        {"Продам базу selling fresh database pm me", "mixed"},
        {"出售数据库资料 selling fresh database records pm me", "mixed"},
    };
    struct mud_folder *folder = NULL;
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_folder_new(&folder, &err), &err);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = {0};

        mud_fold(&fold, folder, mud_str_z(rows[i][0]), arena);
        if (!mud_str_eqz(mud_lang_of(folder, &fold), rows[i][1]))
            fail_msg(
                "%s: %.*s", rows[i][0], MUD_FMT(mud_lang_of(folder, &fold)));
    }
    mud_arena_free(arena);
    mud_folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lang__by_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
