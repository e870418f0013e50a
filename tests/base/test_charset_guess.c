#include "tests/support/mudtest.h"

#include "base/charset.h"
#include "base/charset_guess.h"
#include "base/utf8.h"

#define FFFD "\xEF\xBF\xBD"

static struct mud_arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = mud_arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mud_arena_free(arena);
    return 0;
}

static struct mud_str read_as(struct mud_charset *how, struct mud_str bytes,
                              const char *declared)
{
    struct mud_error err = {0};
    struct mud_str text = {0};

    assert_ok(
        mud_charset_text(&text, how, bytes, mud_str_z(declared), arena, &err),
        &err);
    assert_int_equal(mud_utf8_valid(text), text.n);
    return text;
}

/* Made-up lines of the field. */
static const char *const simplified[] = {
    "出售大量肉鸡，带宽稳定，价格面议",
    "长期收购个人信息数据，量大从优",
    "专业攻击网站，按小时收费，先测试后付款",
    "需要的加群联系，非诚勿扰",
    "本人急需一批账号，有的请私信",
    "老客户介绍来的可以打八折",
    "担保交易，骗子请绕道",
    "今天更新了一批新数据，先到先得",
    "学习技术的来，手把手教会为止",
    "手续费百分之三，当天到账",
};
static const char *const traditional[] = {
    "出售個人資料，價格面議，歡迎詢問",
    "長期收購遊戲帳號，數量不限",
    "專業攻擊網站，按小時收費",
    "需要的請加群組聯絡，非誠勿擾",
    "本人急需一批門號，有的請私訊",
    "老客戶介紹來的可以打八折",
    "擔保交易，騙子請繞道",
    "今天更新了一批新的資料，先到先得",
    "學習技術的來，手把手教到會",
    "手續費百分之三，當天入帳",
};
static const char *const russian[] = {
    "Продам базу данных, пишите в личку",
    "Куплю аккаунты оптом, дорого",
    "Услуги по атаке сайтов, оплата после теста",
    "Гарант приветствуется",
    "Новый товар каждую неделю, цены в профиле",
    "Работаю только через гаранта",
    "обучение с нуля до результата",
    "Срочно нужны логи, пишите",
    "Ёмкость канала большая, тест бесплатно",
    "первым пяти клиентам скидка",
};
/* Capitals alone need a few more letters. */
static const char *const shouted[] = {
    "СРОЧНО НУЖНЫ ЛОГИ, ПИШИТЕ",
    "КУПЛЮ АККАУНТЫ ДОРОГО",
};
static const char *const western[] = {
    "vends accès à des serveurs, prix très bas",
    "precio según cantidad, envío rápido mañana",
    "Verkäufe nur über Treuhänder, größere Mengen möglich",
};

static size_t count_right(const char *const *lines, size_t n, const char *name,
                          size_t most)
{
    size_t right = 0;

    for (size_t i = 0; i < n; i++) {
        struct mud_error err = {0};
        struct mud_charset how;
        struct mud_str bytes = {0}, text;

        assert_ok(
            mud_charset_encode(
                &bytes, mud_str_z(lines[i]), mud_str_z(name), arena, &err),
            &err);
        bytes = mud_str_sub(bytes, 0, most);
        text = read_as(&how, bytes, "");
        assert_int_equal(how.why, MUD_CHARSET_GUESSED);
        right += strcmp(how.name, name) == 0;
        if (strcmp(how.name, name) != 0)
            print_message("%.*s: %s\n", MUD_FMT(text), how.name);
    }
    return right;
}

static void test_charset_guess__goes_by_frequency(void **state)
{
    (void)state;
    for (size_t most = 12; most <= 48; most *= 2) {
        assert_int_equal(count_right(simplified, 10, "gb18030", most), 10);
        assert_int_equal(count_right(traditional, 10, "big5", most), 10);
        assert_int_equal(count_right(russian, 10, "koi8-r", most), 10);
        assert_int_equal(count_right(russian, 10, "windows-1251", most), 10);
    }
    assert_int_equal(count_right(shouted, 2, "koi8-r", 24), 2);
    assert_int_equal(count_right(shouted, 2, "windows-1251", 24), 2);
    assert_int_equal(count_right(western, 3, "windows-1252", 99), 3);
}

static void test_charset_guess__damaged_utf8_is_still_utf8(void **state)
{
    struct mud_charset how;

    (void)state;
    assert_text(read_as(&how, MUD_STR("出售大量肉鸡\xE4\xBB"), ""),
                "出售大量肉鸡" FFFD);
    assert_string_equal(how.name, "utf-8");
    assert_int_equal(how.why, MUD_CHARSET_GUESSED);
    assert_int_equal(how.bad, 1);
}

/* Markup in front does not hide the text from the guess. */
static void test_charset_guess__begins_at_the_text(void **state)
{
    struct mud_buf buf = {0};
    struct mud_charset how;

    (void)state;
    for (int i = 0; i < 20000; i++)
        mud_buf_z(&buf, "<td class=a>");
    mud_buf_put(&buf, "\xC8\xE2\xBC\xA6\xB3\xF6\xCA\xDB", 8);
    (void)read_as(&how, mud_buf_view(&buf), "");
    assert_string_equal(how.name, "gb18030");
    mud_buf_free(&buf);
    assert_string_equal(mud_charset_guess(MUD_STR("ascii")), "utf-8");
    assert_string_equal(mud_charset_guess((struct mud_str){0}), "utf-8");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_charset_guess__goes_by_frequency),
        TEST(test_charset_guess__damaged_utf8_is_still_utf8),
        TEST(test_charset_guess__begins_at_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
