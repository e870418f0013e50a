#include "nlp/fold.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "tests/support/mudtest.h"

static struct mud_folder *folder;
static struct mud_arena *arena;

static int set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    arena = mud_arena_new();
    return mud_folder_new(&folder, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_folder_free(folder);
    mud_arena_free(arena);
    return 0;
}

static struct mud_fold folded(const char *raw)
{
    struct mud_fold fold = {0};

    mud_fold(&fold, folder, mud_str_z(raw), arena);
    return fold;
}

static void test_fold__known_folds(void **state)
{
    static const struct {
        const char *raw, *want;
    } rows[] = {
        {"", ""},
        {"abc 123", "abc 123"},
        {"QQ Ab", "qq ab"},
        {"肉鸡", "肉鸡"},
        {"ＱＱ９８１２", "qq9812"},
        {"①⓪③", "103"},
        {"❶❷➀➁➊⓫", "1212111"},
        {"1️⃣2️⃣", "12"},
        {"9⃣", "9"},
        {"⒈⒉", "12"},
        {"⑴⑵", "12"},
        {"𝟏𝟐𝟑", "123"},
        {"〡〢〣", "123"},
        {"٣४", "34"},
        {"㊀㊁", "一二"},
        {"㈠", "一"},
        {"ⓠⓠ", "qq"},
        {"𝐐𝐐", "qq"},
        {"🅠🅠", "qq"},
        {"🅥🆇", "vx"},
        {"Ⅴ", "v"},
        {"ᴛᴇʟᴇɢʀᴀᴍ", "telegram"},
        {"發票", "发票"},
        {"肉鷄", "肉鸡"},
        {"電報", "电报"},
        {"祘", "算"},
        {"沵", "你"},
        {"扌口扌口", "扣扣"},
        {"運車俞", "运输"},
        {"扌\u200b口", "扣"},
        {"钅戋", "钱"},
        {"弓虽", "强"},
        {"這個月要", "这个月要"},
        {"照片反面", "照片反面"},
        {"微\u200d信\u2060\ufeff", "微信"},
        {"微\u00ad信", "微信"},
        {"t\u0435l\u0435gr\u0430m", "telegram"},
        {"\u0420\u0430y\u0440al", "paypal"},
        {"прoдам", "продам"},
        {"сс атака", "сс атака"},
        {"привет", "привет"},
        {"0О", "0о"},
        {"網(wǎng)絡(luò)", "网络"},
        {"微(wei)信", "微信"},
        {"肉(rou)鸡(ji)", "肉鸡"},
        {"出肉[rou]鸡[ji] 5毛", "出肉鸡 5毛"},
        {"选项[a]苹果", "选项[a]苹果"},
        {"加(vx)信", "加(vx)信"},
        {"微信(laowang88)", "微信(laowang88)"},
        {"1\u03362\u03363\u0336", "123"},
        {"e\u0301", "é"},
        {"か\u3099", "が"},
        {"각", "각"},
        {"A\u030a", "å"},
        {"🇶 🇨🇳", "q 🇨🇳"},
        {"🇶🇶", "qq"},
        {"５０％", "50%"},
        {"…", "..."},
        {"①②😀③", "12😀3"},
        {"①50元", "①50元"},
        {"①肉鸡 ②服务器", "①肉鸡 ②服务器"},
        {"⑴肉鸡⑵服务器", "①肉鸡②服务器"},
        {"⒈50元\n⒉80元", "①50元\n②80元"},
        {"❶ 肉鸡50❷ 服务器80", "① 肉鸡50② 服务器80"},
        {"1️⃣肉鸡", "①肉鸡"},
        {"㈠肉鸡 ㈡服务器", "①肉鸡 ②服务器"},
        {"⑤元一条", "5元一条"},
        {"价格①⑤元", "价格15元"},
        {"QQ：⑨812000567", "qq:9812000567"},
        {"98⑫0005", "98120005"},
        {"价格❽0", "价格80"},
        {"98○○12", "980012"},
        {"13800○○", "1380000"},
        {"○ 待办", "○ 待办"},
        {"二〇二六", "二〇二六"},
        {"⚀⚁⚂⚃⚄", "12345"},
        {"⚀⚁", "⚀⚁"},
        {"🀐🀑🀒🀓🀔🀕", "123456"},
        {"🕐🕑🕒🕓🕔", "12345"},
        {"🂡🂢🂣🂤🂥", "12345"},
        {"出è‚‰é¸¡5å\xc2\x8f°", "出肉鸡5台"},
        {"鍑哄敭鑲夐浮", "出售肉鸡"},
        {"澶ч噺鍑哄敭鑲夐浮 5", "大量出售肉鸡 5"},
        {"³öÊÛÈâ¼¦", "出售肉鸡"},
        {"РџСЂРѕРґР°Рј Р±РѕС‚РЅРµС‚", "продам ботнет"},
        {"café crème déjà", "café crème déjà"},
        {"鋼鐵公司與銀行", "钢铁公司与银行"},
        {"QQ \u202e0765002189\u202c 吧", "qq 9812005670 吧"},
        {"出肉-鸡5毛", "出肉鸡5毛"},
        {"加薇.信 a", "加薇信 a"},
        {"肉❤️鸡", "肉鸡"},
        {"发！票", "发票"},
        {"飞✈️机", "飞机"},
        {"D-D-O-S", "ddos"},
        {"d d o s attack", "ddos attack"},
        {"t.e.l.e.g.r.a.m", "telegram"},
        {"e-mail log-in", "e-mail log-in"},
        {"肉\n鸡 5毛", "肉鸡 5毛"},
        {"肉\n鸡\n鱼", "肉\n鸡\n鱼"},
        {"银 行 卡 出售", "银行卡 出售"},
        {"大量出肉 鸡", "大量出肉 鸡"},
        {"吃肉 鸡蛋", "吃肉 鸡蛋"},
        {"猪肉\n鸡蛋", "猪肉\n鸡蛋"},
        {"猪肉-鸡肉", "猪肉-鸡肉"},
        {"四.件.套", "四件套"},
        {"银行卡-手机卡", "银行卡-手机卡"},
        {"t3legram", "telegram"},
        {"selling h4cked", "selling hacked"},
        {"@dmin access", "admin access"},
        {"@ccounts", "@ccounts"},
        {"telegram: h4cker", "telegram: h4cker"},
        {"加tg h4cker", "加tg h4cker"},
        {"h4cker_01", "h4cker_01"},
        {"t.me/h4cker", "t.me/h4cker"},
        {"500 3389 1337", "500 3389 1337"},
        {"出rouji5毛", "出rouji5毛"},
        {"出rouji 5毛", "出肉鸡 5毛"},
        {"要 rou ji 吗", "要 肉鸡 吗"},
        {"肉ji", "肉鸡"},
        {"cc gongji", "cc攻击"},
        {"微信 rouji", "微信 rouji"},
        {"银行咔", "银行卡"},
        {"四件淘", "四件套"},
        {"四件淘宝", "四件淘宝"},
        {"出肌", "出鸡"},
        {"演出肌肉", "演出肌肉"},
        {"杀🐷盘", "杀猪盘"},
        {"木🐴出租", "木马出租"},
        {"免🔪远kong", "免杀远控"},
        {"攻击性公积金", "攻击性公积金"},
        {"a\u00a8b", "a\u00a8b"},
        {"\u3000x", " x"},
        {"\u0301", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = folded(rows[i].raw);

        assert_text(fold.text, rows[i].want);
    }
}

static void test_fold__values_go_back_to_raw_text(void **state)
{
    static const struct {
        const char *raw, *find, *want;
    } rows[] = {
        {"加Ｑ：９８❶②", "9812", "９８❶②"},
        {"加1️⃣2️⃣3️⃣吧", "123", "1️⃣2️⃣3️⃣"},
        {"出肉鷄", "肉鸡", "肉鷄"},
        {"加扌口扌口 9", "扣扣", "扌口扌口"},
        {"t\u0435l\u0435gram: x", "telegram", "t\u0435l\u0435gram"},
        {"微\u200b信号", "微信", "微\u200b信"},
        {"加\u200b98\u200b12\u200b吧", "9812", "98\u200b12"},
        {"網(wǎng)絡(luò)安", "网络", "網(wǎng)絡"},
        {"1\u03362\u0336x", "12", "1\u03362\u0336"},
        {"价格５０元", "50", "５０"},
        {"出肉 ❤ 鸡", "肉", "肉"},
        {"出肉-❤鷄啊", "肉鸡", "肉-❤鷄"},
        {"要Rou Ji吗", "肉鸡", "Rou Ji"},
        {"出è‚‰é¸¡5", "肉", "è‚‰"},
        {"出è‚‰é¸¡5", "肉鸡", "è‚‰é¸¡"},
        {"加\u202e0765002189\u202c 吧", "9812005670", "\u202e0765002189"},
        {"³öÊÛÈâ¼¦", "肉鸡", "Èâ¼¦"},
        {"抓🐔吗", "抓鸡", "抓🐔"},
        {"有D.D.O.S攻\n击", "ddos攻击", "D.D.O.S攻\n击"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = folded(rows[i].raw);
        size_t at = mud_str_find(fold.text, mud_str_z(rows[i].find));
        struct mud_span raw;

        assert_true(at != MUD_NPOS);
        raw = mud_fold_raw(
            &fold,
            (struct mud_span){(uint32_t)at,
                              (uint32_t)(at + strlen(rows[i].find))});
        assert_text(mud_str_sub(fold.raw, raw.start, raw.end), rows[i].want);
        assert_int_equal(mud_fold_at(&fold, raw.start), at);
    }
}

static void test_fold__runs_name_their_layer(void **state)
{
    static const struct {
        const char *raw, *layer;
    } rows[] = {
        {"ab", "plain"},    {"AB", "plain"},     {"Ж", "plain"},
        {"Ｑ", "nfkc"},     {"❶", "digit"},      {"1️⃣", "digit"},
        {"發", "hant"},     {"沵", "variant"},   {"ᴛ", "homoglyph"},
        {"扌口", "split"},  {"x\u0336", "mark"}, {"①50", "list"},
        {"肉-鸡", "junk"},  {"è‚‰é¸¡", "mend"},  {"\u202eba", "reverse"},
        {"dd0ser", "leet"}, {"rouji", "pinyin"}, {"银行咔", "sound"},
        {"黑宕", "shape"},  {"抓🐔", "emoji"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = folded(rows[i].raw);
        const struct mud_fold_run *run = mud_fold_run_at(&fold, 0);

        assert_non_null(run);
        assert_string_equal(
            mud_fold_layer_name((enum mud_fold_layer)run->layer),
            rows[i].layer);
    }
    assert_null(mud_fold_run_at(&(struct mud_fold){0}, 0));
}

/*
 * What holds for every text: output is UTF-8; runs cover the folded text in
 * order; each folded character has raw bytes of its own behind it, inside the
 * text, never before those of the character in front of it.
 */
static void assert_aligned(struct mud_str raw)
{
    struct mud_fold fold = {0};
    uint32_t last = 0, end = 0;
    size_t at = 0;

    mud_fold(&fold, folder, raw, arena);
    assert_int_equal(mud_utf8_valid(fold.text), fold.text.n);
    for (uint32_t i = 0; i < fold.n_runs; i++) {
        const struct mud_fold_run *run = &fold.runs[i];
        size_t stop = i + 1 < fold.n_runs ? fold.runs[i + 1].at : fold.text.n;

        assert_int_equal(run->at, last);
        assert_true(stop > run->at);
        assert_true(run->start >= end && run->end > run->start);
        assert_true(run->end <= raw.n);
        if (run->even)
            assert_int_equal(stop - run->at, run->end - run->start);
        last = (uint32_t)stop;
        end = run->end;
    }
    assert_int_equal(last, fold.text.n);

    last = 0;
    while (at < fold.text.n) {
        uint32_t start = (uint32_t)at;
        struct mud_span span;

        (void)mud_utf8_next(fold.text, &at);
        span = mud_fold_raw(&fold, (struct mud_span){start, (uint32_t)at});
        assert_true(span.start >= last && span.end > span.start);
        assert_true(span.end <= raw.n);
        assert_true(mud_fold_at(&fold, span.start) <= start);
        last = span.start;
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static uint32_t random_point(uint32_t *seed)
{
    static const uint32_t ranges[][2] = {
        {0x20, 0x7e},       {0x80, 0x24f},      {0x300, 0x36f},
        {0x370, 0x5ff},     {0xe00, 0xe7f},     {0x1100, 0x11ff},
        {0x1d00, 0x1dbf},   {0x2000, 0x27bf},   {0x2e80, 0x33ff},
        {0x4e00, 0x9fff},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
        {0xfe00, 0xffef},   {0x1d360, 0x1d7ff}, {0x1f100, 0x1f2ff},
        {0x1f600, 0x1f64f}, {0x20000, 0x2a6df}, {0x2f800, 0x2fa1f},
        {0xe0000, 0xe01ef}, {0x1, 0x10ffff},    {0x180b, 0x180f},
        {0x900, 0x97f},     {'(', ')'},         {0x20dd, 0x20e3}};
    static const uint32_t tricky[] = {
        0x624c, 0x53e3, 0x435, 'e', 'p', 0x440, 0x20e3, 0xfe0f, '1', 0x1f1e6};
    uint32_t c, r = next_random(seed) % 30;

    if (r >= 24)
        return tricky[next_random(seed) % 10];
    c = ranges[r][0] + next_random(seed) % (ranges[r][1] - ranges[r][0] + 1);
    return c >= 0xd800 && c < 0xe000 ? 'x' : c;
}

static void test_fold__every_character_is_aligned(void **state)
{
    uint32_t seed = 42;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        char text[400];
        size_t n = 0;

        for (uint32_t k = next_random(&seed) % 60; k; k--)
            n += mud_utf8_put(random_point(&seed), text + n);
        assert_aligned(mud_str_of(text, n));
        mud_arena_reset(arena);
    }
}

/* Everything that only its neighbours explain, side by side at random. */
static void test_fold__all_layers_together_are_aligned(void **state)
{
    static const char *const pieces[] = {
        "肉",       "鸡",      "鷄",     "-",      ".",         " ",
        "\n",       "❤",       "\u200d", "四件套", "四件",      "淘",
        "rou",      " ji",     "D-D",    "-O-S",   "t3legram",  "①",
        "⑨",        "9️⃣", "50",     "○",      "扌口",      "(rou)",
        "網(wǎng)", "🐔",       "🐴",      "木",     "t\u0435l",  "è‚‰é¸¡",
        "è‚",       "鍑哄",    "敭鑲",   "夐浮",   "\u202e",    "\u202c",
        "ba",       "³öÊÛ",    "Èâ¼¦",   "РџСЂ",   "РѕРґР°",    "\xff",
        "\xe8\x82", "！",      "微",     "薇.信",  "银 行 卡 ", "⚀⚁⚂⚃⚄"};
    uint32_t seed = 7;

    (void)state;
    for (int i = 0; i < 8000; i++) {
        char text[400];
        size_t n = 0;

        for (uint32_t k = 1 + next_random(&seed) % 12; k; k--) {
            const char *piece =
                pieces[next_random(&seed) % (sizeof pieces / sizeof *pieces)];

            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        assert_aligned(mud_str_of(text, n));
        mud_arena_reset(arena);
    }
}

/* A value's raw bytes begin and end where characters do. */
static void test_fold__raw_spans_stand_on_characters(void **state)
{
    static const char *const texts[] = {
        "出肉-鷄5毛，加薇.信 made_01 与ＱＱ❾812",
        "å‡ºè‚‰é¸¡ 5",
        "鍑哄敭鑲夐浮 5",
        "加\u202e0765002189\u202c吧①50元"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mud_fold fold = folded(texts[i]);

        for (size_t from = 0; from < fold.text.n;) {
            size_t to = from;

            (void)mud_utf8_next(fold.text, &to);
            for (size_t end = to; end <= fold.text.n;) {
                struct mud_span raw = mud_fold_raw(
                    &fold, (struct mud_span){(uint32_t)from, (uint32_t)end});

                assert_true(raw.end > raw.start);
                assert_true((fold.raw.s[raw.start] & 0xc0) != 0x80);
                assert_true(raw.end == fold.raw.n ||
                            (fold.raw.s[raw.end] & 0xc0) != 0x80);
                if (end == fold.text.n)
                    break;
                (void)mud_utf8_next(fold.text, &end);
            }
            from = to;
        }
    }
}

static void test_fold__bytes_that_are_no_utf8_keep_their_place(void **state)
{
    static const struct {
        struct mud_str raw;
        const char *want;
    } rows[] = {
        {{"a\xff"
          "b",
          3},
         "a\xef\xbf\xbd"
         "b"},
        {{"\xe8\x82", 2}, "\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\xed\xa0\x80", 3}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\xf4\x90\x80\x80x", 5},
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx"},
        {{"\xc0\x80", 2}, "\xef\xbf\xbd\xef\xbf\xbd"},
    };

    uint32_t seed = 1;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_fold fold = {0};

        mud_fold(&fold, folder, rows[i].raw, arena);
        assert_text(fold.text, rows[i].want);
    }
    for (int i = 0; i < 2000; i++) {
        char text[64];
        size_t n = next_random(&seed) % sizeof text;

        for (size_t k = 0; k < n; k++)
            text[k] = (char)next_random(&seed);
        assert_aligned(mud_str_of(text, n));
        mud_arena_reset(arena);
    }
}

/* Work is bounded: a megabyte of anything takes arena memory linear in it. */
static void test_fold__hostile_repetition_is_linear(void **state)
{
    static const char *const units[] = {"a",
                                        "肉",
                                        "發",
                                        "\u0301",
                                        "a\u0301\u0302",
                                        "\u200d",
                                        "①",
                                        "扌口",
                                        "(",
                                        "网(",
                                        "t\u0435",
                                        "\u1100\u1161\u11a8",
                                        "\u0e33",
                                        "🇶",
                                        "\u20e3",
                                        "\u05b0\u05b1",
                                        "a\u05b0\u05b1\u05b2",
                                        "肉-",
                                        "肉 ",
                                        "d-",
                                        "d ",
                                        "rou ",
                                        "t3legram ",
                                        "😀",
                                        "○",
                                        "1○",
                                        "⚀",
                                        "鑲",
                                        "鑲夐浮",
                                        "è‚‰",
                                        "è",
                                        "³ö",
                                        "Рџ",
                                        "\u202e",
                                        "\u202ea",
                                        "\xff"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = strlen(units[i]), size = ((size_t)1 << 20) / n * n;
        char *text = malloc(size);
        struct mud_fold fold = {0};

        for (size_t k = 0; k < size; k += n)
            memcpy(text + k, units[i], n);
        mud_fold(&fold, folder, mud_str_of(text, size), arena);
        assert_true(fold.text.n <= 4 * size);
        assert_true(mud_arena_used(arena) < 160 * size);
        free(text);
        mud_arena_reset(arena);
    }
}

static void test_fold__hant_by_character(void **state)
{
    (void)state;
    assert_int_equal(mud_fold_hant(folder, 0x767c), 0x53d1); /* 發 发 */
    assert_int_equal(mud_fold_hant(folder, 0x53d1), 0);
    assert_int_equal(mud_fold_hant(folder, 'a'), 0);
}

static void test_fold__is_stable(void **state)
{
    static const char *const texts[] = {
        "ＱＱ９８❶②", "扌口扌口", "網(wǎng)絡", "t\u0435l\u0435gram", "發票沵"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct mud_str once = mud_fold_term(folder, mud_str_z(texts[i]), arena);
        struct mud_str twice = mud_fold_term(folder, once, arena);

        assert_true(mud_str_eq(once, twice));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold__known_folds),
        cmocka_unit_test(test_fold__values_go_back_to_raw_text),
        cmocka_unit_test(test_fold__runs_name_their_layer),
        cmocka_unit_test(test_fold__every_character_is_aligned),
        cmocka_unit_test(test_fold__all_layers_together_are_aligned),
        cmocka_unit_test(test_fold__raw_spans_stand_on_characters),
        cmocka_unit_test(test_fold__bytes_that_are_no_utf8_keep_their_place),
        cmocka_unit_test(test_fold__hostile_repetition_is_linear),
        cmocka_unit_test(test_fold__hant_by_character),
        cmocka_unit_test(test_fold__is_stable),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
