/*
 * New jargon found again: chats are made of everyday talk and of adverts in
 * which invented terms stand for the goods. All names, numbers and terms are
 * made up.
 */
#include "nlp/sketch.h"
#include "nlp/suggest.h"

#include <stdio.h>

#include "base/json.h"
#include "tests/support/mudtest.h"

static struct mud_reader *reader;
static struct mud_arena *arena;

static int set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    arena = mud_arena_new();
    assert_ok(mud_reader_new(&reader, NULL, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mud_reader_free(reader);
    mud_arena_free(arena);
    return 0;
}

/* Terms that no table has, and the goods that stand where they might. */
static const char *const planted[] = {
    "泥锣串", "跑鲸",   "灰螺卡", "砖窑料", "米盆",    "蟹壳户",  "拖鞋号",
    "青瓦",   "豆饼机", "雾灯",   "蒜皮",   "铁杉单",  "U砣",     "鼠须包",
    "磨盘数", "海带条", "frobz",  "zalkin", "dropzel", "крупник", "швабрик",
};

#define PLANTED MUDTEST_ROWS(planted)

static const char *const adverts[] = {
    "出%s，量大从优，QQ%s",
    "长期收%s，价高同行，联系QQ%s",
    "%s现货，%d一个，要的私聊 QQ%s",
    "卖%s %d元一套，支持担保，QQ：%s",
    "一手%s，量大价优，可验货，扣扣%s",
    "收购%s，有多少要多少，q%s",
    "今天到了一批%s，%d一条，需要的加QQ%s",
    "【出】%s 秒发 售后三天 QQ%s",
    "求购%s，价格好商量，加我QQ%s",
    "大量%s低价出，%d起，QQ%s",
    "稳定%s渠道，日出%d，QQ%s",
    "老客户都知道，我家%s最稳，%d包月 QQ%s",
    "%s、粉、号都有，价格%d，扣%s",
    "有没有人做%s的，我这边缺货，QQ%s",
    "新到%s五百，先到先得 QQ%s",
    "国内%s 海外%s 都有 %d QQ%s",
};

static const char *const adverts_en[] = {
    "selling fresh %s, %d usd each, escrow ok, tg %s",
    "%s for sale! $%d per piece, telegram @%s",
    "buying %s in bulk, pm me @%s",
    "need %s today, paying %d usdt @%s",
    "best %s on the market, from $%d, @%s",
};

static const char *const adverts_ru[] = {
    "продам %s, цена %d руб, писать @%s",
    "куплю %s оптом, тг @%s",
    "свежий %s в наличии, от %d р, @%s",
    "%s под заказ, гарант, @%s",
};

static const char *const talk[] = {
    "今天%s真好，一起去公园走走吧",
    "晚上吃%s还是吃火锅？",
    "昨天看了%s，感觉一般",
    "谁知道%s怎么修，我的坏了",
    "%s的作业写完了吗",
    "下班路上又下雨，%s都湿了",
    "周末有空吗，想去看%s",
    "孩子最近迷上了%s",
    "求推荐%s，预算三百左右",
    "我觉得%s比以前贵多了",
    "新买的%s到了，挺满意",
    "老板说%s要延期一周",
    "anyone watched the %s last night",
    "the %s is broken again, any ideas",
    "кто смотрел вчера %s",
    "купил новый %s, очень доволен",
};

static const char *const things[] = {
    "天气",      "电影", "手机",   "电脑",    "数学",     "自行车", "米线",
    "篮球",      "耳机", "地铁",   "小说",    "咖啡",     "相机",   "项目",
    "雨伞",      "花园", "match",  "printer", "keyboard", "фильм",  "чайник",
    "велосипед", "空调", "牛肉面", "动画片",
};

static const char *pick(const char *const *list, size_t n)
{
    return list[mudtest_random((uint32_t)n)];
}

#define PICK(list) pick(list, MUDTEST_ROWS(list))

/* A template with its %s (the term; the last one the contact) and %d. */
static const char *fill(const char *form, const char *term)
{
    char contact[32];
    struct mud_buf out = {0};
    size_t slots = 0, at = 0;
    const char *text;

    for (const char *p = form; *p; p++)
        slots += p[0] == '%' && p[1] == 's';
    (void)snprintf(contact,
                   sizeof contact,
                   form[0] && strchr(form, '@') ? "made_up_%u" : "9%09u",
                   mudtest_random(99999999));
    for (const char *p = form; *p; p++) {
        if (p[0] != '%') {
            mud_buf_c(&out, *p);
            continue;
        }
        p++;
        if (*p == 'd')
            mud_buf_printf(&out, "%u", 2 + mudtest_random(400));
        else
            mud_buf_z(&out, ++at == slots && slots > 1 ? contact : term);
    }
    text = mudtest_text("%s", mud_buf_cstr(&out));
    mud_buf_free(&out);
    return text;
}

struct corpus {
    const char *text[6000];
    uint64_t author[6000];
    size_t n;
};

static void say(struct corpus *c, uint64_t author, const char *text)
{
    assert_true(c->n < 6000);
    c->text[c->n] = text;
    c->author[c->n++] = author;
}

static bool is_latin(const char *term)
{
    return (unsigned char)term[0] < 0x80 && (unsigned char)term[1] < 0x80;
}

static bool is_russian(const char *term)
{
    return (unsigned char)term[0] == 0xd0 || (unsigned char)term[0] == 0xd1;
}

static const char *advert(const char *term)
{
    return fill(is_latin(term)     ? PICK(adverts_en)
                : is_russian(term) ? PICK(adverts_ru)
                                   : PICK(adverts),
                term);
}

/* Known goods, so that there is something to be like. */
static const char *const goods[] = {
    "肉鸡",
    "四件套",
    "料子",
    "卡密",
    "微信号",
    "数据",
    "logs",
    "installs",
    "дедики",
    "轨道料",
    "手机号",
    "抖音号",
};

static void make_corpus(struct corpus *c)
{
    for (size_t i = 0; i < 1800; i++)
        say(c, 1 + mudtest_random(200), fill(PICK(talk), PICK(things)));
    for (size_t i = 0; i < 400; i++)
        say(c, 500 + mudtest_random(60), advert(PICK(goods)));
    for (size_t p = 0; p < PLANTED; p++)
        for (size_t i = 0; i < 14; i++)
            say(c, 500 + mudtest_random(60), advert(planted[p]));
}

static size_t spans_of(struct mud_span *out, size_t most,
                       const struct mud_reading *reading)
{
    size_t n = 0;

    for (size_t i = 0; i < reading->n_entities && n < most; i++)
        if (reading->entities[i].field == MUD_IN_TEXT &&
            (reading->entities[i].type == MUD_ENT_CONTACT ||
             reading->entities[i].type == MUD_ENT_VICTIM_DATA))
            out[n++] = reading->entities[i].at;
    return n;
}

static void show(struct mud_suggest *suggest, const struct corpus *c, bool look)
{
    struct mud_arena *work = mud_arena_new();

    for (size_t i = 0; i < c->n; i++) {
        struct mud_message message = {.text = mud_str_z(c->text[i])};
        struct mud_reading reading = {0};
        struct mud_error err = {0};
        struct mud_span spans[16];
        struct mud_sketch sketch;
        struct mud_suggest_text text = {.text = message.text,
                                        .without = spans,
                                        .author = c->author[i],
                                        .id = i + 1};

        assert_ok(mud_read(&reading, reader, &message, NULL, work, &err), &err);
        text.n_without = spans_of(spans, 16, &reading);
        mud_sketch_of(&sketch, reader, message.text, &reading, work);
        if (sketch.n >= MUD_SKETCH_LEAST)
            text.same = mud_hash64(sketch.at, 4 * sketch.n) | 1;
        text.is_offer = reading.is_offer;
        text.category = (uint8_t)reading.category;
        if (look)
            mud_suggest_look(suggest, &text);
        else
            mud_suggest_count(suggest, &text);
        mud_arena_reset(work);
    }
    mud_arena_free(work);
}

static size_t suggest(struct mud_suggestion **out, const struct corpus *c,
                      const struct mud_suggest_options *options, size_t most)
{
    struct mud_suggest *s = mud_suggest_new(reader, options);
    size_t n;

    show(s, c, false);
    mud_suggest_turn(s);
    show(s, c, true);
    n = mud_suggest_rank(out, s, most, arena);
    mud_suggest_free(s);
    return n;
}

static size_t rank_of(const struct mud_suggestion *list, size_t n,
                      const char *term)
{
    char folded[64];
    size_t k = 0;

    for (const char *p = term; *p; p++)
        folded[k++] = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    for (size_t i = 0; i < n; i++)
        if (mud_str_eq(list[i].term, mud_str_of(folded, k)))
            return i;
    return MUD_NPOS;
}

static void print_list(const struct mud_suggestion *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        print_message("%2zu %.3f %-12.*s t%u d%u a%u co%.2f fr%.2f sp%.2f "
                      "ct%.2f ed%.2f li%.2f %.*s\n",
                      i,
                      list[i].score,
                      MUD_FMT(list[i].term),
                      list[i].texts,
                      list[i].dealing,
                      list[i].authors,
                      list[i].cohesion,
                      list[i].freedom,
                      list[i].spread,
                      list[i].contrast,
                      list[i].edges,
                      list[i].likeness,
                      MUD_FMT(list[i].n_like ? list[i].like[0].sense
                                             : MUD_STR("")));
}

/* Messages that people wrote for the gold sets: not about the planted terms. */
static void add_gold(struct corpus *c, const char *name)
{
    struct mud_str text = mudtest_read(
        mudtest_text("%s/tests/data/gold/%s", mudtest_source(), name));
    struct mud_str line;
    uint64_t author = 900;

    while (mud_str_line(&text, &line)) {
        struct mud_error err = {0};
        json_t *message = mud_json_read(line, &err);
        struct mud_str body = mud_json_get_str(message, "text");

        assert_non_null(message);
        say(c, author++, mudtest_text("%.*s", MUD_FMT(body)));
        json_decref(message);
    }
}

static void test_suggest__finds_planted_terms_first(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {0};
    struct mud_suggestion *list;
    size_t n, found = 0, likened = 0, first = 0;

    (void)state;
    make_corpus(&c);
    add_gold(&c, "gold-dev.jsonl");
    add_gold(&c, "gold2-dev.jsonl");
    add_gold(&c, "gold3-dev.jsonl");
    n = suggest(&list, &c, &options, PLANTED * 3 / 2);
    for (size_t i = 0; i < PLANTED; i++) {
        size_t at = rank_of(list, n, planted[i]);

        found += at != MUD_NPOS;
        first += at < PLANTED;
        likened +=
            at != MUD_NPOS && list[at].n_like > 0 && list[at].likeness > 0.2;
        if (at == MUD_NPOS)
            print_message("not among the first: %s\n", planted[i]);
    }
    print_message("%zu planted: %zu among the first %zu, %zu among %zu\n",
                  PLANTED,
                  first,
                  PLANTED,
                  found,
                  n);
    if (found * 10 < PLANTED * 9 || first * 10 < PLANTED * 8)
        print_list(list, n);
    assert_true(found * 10 >= PLANTED * 9);
    assert_true(first * 10 >= PLANTED * 8);
    assert_true(likened * 10 >= found * 9);
}

/* A small world of which one thing is changed. */
static void make_small(struct corpus *c)
{
    *c = (struct corpus){0};
    for (size_t i = 0; i < 300; i++)
        say(c, 1 + mudtest_random(50), fill(PICK(talk), PICK(things)));
    for (size_t i = 0; i < 120; i++)
        say(c, 500 + mudtest_random(40), advert(PICK(goods)));
}

static double score_of(const struct mud_suggestion *list, size_t n,
                       const char *term)
{
    size_t at = rank_of(list, n, term);

    return at == MUD_NPOS ? 0 : list[at].score;
}

static void test_suggest__a_word_of_one_seller_is_a_name(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {0};
    struct mud_suggestion *list;
    size_t n;

    (void)state;
    make_small(&c);
    for (size_t i = 0; i < 16; i++) {
        say(&c, 777, advert("老墨渠"));
        say(&c, 600 + i, advert("灰螺卡"));
    }
    n = suggest(&list, &c, &options, 100);
    assert_true(score_of(list, n, "灰螺卡") > 0.1);
    assert_true(score_of(list, n, "老墨渠") <
                0.3 * score_of(list, n, "灰螺卡"));
}

static void test_suggest__reposts_count_once(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {0};
    struct mud_suggestion *list;
    size_t n, at;

    (void)state;
    make_small(&c);
    for (size_t i = 0; i < 40; i++)
        say(&c,
            600 + i,
            mudtest_text("大量出灰螺卡，质量稳定秒上秒下，长期合作可以走担保，"
                         "支持验货不满意可退，需要的老板抓紧联系我 QQ9%09zu",
                         i * 7919));
    for (size_t i = 0; i < 10; i++)
        say(&c, 600 + i, advert("砖窑料"));
    n = suggest(&list, &c, &options, 100);
    at = rank_of(list, n, "灰螺卡");
    assert_true(at == MUD_NPOS || list[at].texts < 3);
    assert_true(rank_of(list, n, "砖窑料") != MUD_NPOS);
}

static void test_suggest__values_never_come_out(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {.least = 2};
    struct mud_suggestion *list;
    size_t n;

    (void)state;
    make_small(&c);
    for (size_t i = 0; i < 12; i++) {
        say(&c, 600 + i, fill("出%s，%d一个，微信 wxmadeup，QQ%s", "砖窑料"));
        say(&c, 600 + i, fill("收%s，飞机 @frobseller 或 q%s", "豆饼机"));
        say(&c,
            600 + i,
            "料子样本：张■■ 身份证110***********0018 手机138****0000");
    }
    n = suggest(&list, &c, &options, 1000);
    assert_true(n > 2);
    for (size_t i = 0; i < n; i++) {
        assert_lacks(list[i].term, "wxmadeup");
        assert_lacks(list[i].term, "frobseller");
        assert_lacks(list[i].term, "made_up");
        assert_lacks(list[i].term, "■");
        for (size_t k = 0; k < list[i].term.n; k++)
            assert_false(list[i].term.s[k] >= '0' && list[i].term.s[k] <= '9');
    }
}

static void test_suggest__known_terms_are_not_proposed(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {0};
    struct mud_suggestion *list;
    size_t n;

    (void)state;
    make_small(&c);
    n = suggest(&list, &c, &options, 1000);
    for (size_t i = 0; i < MUDTEST_ROWS(goods); i++)
        assert_true(rank_of(list, n, goods[i]) == MUD_NPOS);
    for (size_t i = 0; i < MUDTEST_ROWS(things); i++)
        assert_true(score_of(list, n, things[i]) < 0.03);
}

/* Tables that are far too small lose rare terms, not frequent ones. */
static void test_suggest__small_tables_keep_what_is_frequent(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {
        .slots = 8192, .candidates = 500, .pairs = 65536};
    struct mud_suggestion *list;
    struct mud_suggest *s;
    struct mud_suggest_sum sum;
    size_t n;

    (void)state;
    make_small(&c);
    for (size_t i = 0; i < 1500; i++)
        say(&c,
            1 + mudtest_random(300),
            mudtest_text("%s%s%s%s",
                         fill(PICK(talk), PICK(things)),
                         PICK(things),
                         PICK(things),
                         fill(PICK(talk), PICK(things))));
    for (size_t i = 0; i < 80; i++)
        say(&c, 600 + i, advert("灰螺卡"));
    s = mud_suggest_new(reader, &options);
    show(s, &c, false);
    mud_suggest_turn(s);
    show(s, &c, true);
    n = mud_suggest_rank(&list, s, 50, arena);
    sum = mud_suggest_sum(s);
    if (rank_of(list, n, "灰螺卡") > 4) {
        print_message("%zu of %d candidates\n", n, (int)sum.candidates);
        print_list(list, n < 20 ? n : 20);
    }
    assert_true(sum.dropped);
    assert_int_equal(sum.texts, c.n);
    mud_suggest_free(s);
    assert_true(rank_of(list, n, "灰螺卡") < 5);
}

static void test_suggest__nothing_comes_of_nothing(void **state)
{
    static struct corpus c;
    struct mud_suggest_options options = {0};
    struct mud_suggestion *list;

    (void)state;
    c = (struct corpus){0};
    assert_int_equal(suggest(&list, &c, &options, 10), 0);
    say(&c, 1, "");
    say(&c, 2, "\xf0\x9f\x98\x82\xf0\x9f\x98\x82");
    say(&c, 3, "9812345670");
    assert_int_equal(suggest(&list, &c, &options, 10), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_suggest__finds_planted_terms_first),
        cmocka_unit_test(test_suggest__a_word_of_one_seller_is_a_name),
        cmocka_unit_test(test_suggest__reposts_count_once),
        cmocka_unit_test(test_suggest__values_never_come_out),
        cmocka_unit_test(test_suggest__known_terms_are_not_proposed),
        cmocka_unit_test(test_suggest__small_tables_keep_what_is_frequent),
        cmocka_unit_test(test_suggest__nothing_comes_of_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
