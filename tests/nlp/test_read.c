#include <stdlib.h>

#include "base/utf8.h"
#include "tests/nlp/golds.h"

/*
 * Floors a little under what is measured (scripts in the closing note); a rule
 * that loses more than a message or two of them fails here.
 */
static void test_read__holds_the_figures_on_gold(void **state)
{
    struct golds_score s = {0};

    (void)state;
    golds_file(&s, "gold-dev.jsonl");
    golds_file(&s, "gold2-dev.jsonl");
    print_message("contact %.3f price %.3f product %.3f quantity %.3f "
                  "category %u direction %u offer %u of %u, alarms %u of %u\n",
                  golds_f1(s.contact),
                  golds_f1(s.price),
                  golds_f1(s.product),
                  golds_f1(s.quantity),
                  s.category,
                  s.direction,
                  s.offer,
                  s.messages,
                  s.alarms,
                  s.benign);
    assert_int_equal(s.messages, 210);
    assert_true(golds_f1(s.contact) >= 0.98);
    assert_true(golds_f1(s.price) >= 0.95);
    assert_true(golds_f1(s.product) >= 0.92);
    assert_true(golds_f1(s.quantity) >= 0.91);
    assert_true(s.category >= 203);
    assert_true(s.direction >= 204);
    assert_int_equal(s.alarms, 0);
}

/*
 * Sets by authors who had not seen the reader, first measured blind and then
 * mended by their causes; the floors are of today.
 */
static void test_read__holds_the_figures_on_sets_of_others(void **state)
{
    static const struct {
        const char *file;
        unsigned messages;
        double contact, price, product, quantity;
        unsigned category, direction, alarms;
    } sets[] = {
        {"gold3-dev.jsonl", 213, 0.98, 0.94, 0.90, 0.90, 210, 208, 0},
        {"gold4-dev.jsonl", 170, 0.98, 0.90, 0.84, 0.85, 165, 161, 1},
        {"gold5-dev.jsonl", 170, 0.96, 0.80, 0.83, 0.75, 160, 160, 2},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(sets); i++) {
        struct golds_score s = {0};

        golds_file(&s, sets[i].file);
        print_message("%s: contact %.3f price %.3f product %.3f quantity %.3f "
                      "category %u direction %u offer %u of %u, alarms %u of "
                      "%u, victims' fields %u of %u\n",
                      sets[i].file,
                      golds_f1(s.contact),
                      golds_f1(s.price),
                      golds_f1(s.product),
                      golds_f1(s.quantity),
                      s.category,
                      s.direction,
                      s.offer,
                      s.messages,
                      s.alarms,
                      s.benign,
                      s.victims.found,
                      s.victims.found + s.victims.missed);
        assert_int_equal(s.messages, sets[i].messages);
        assert_true(golds_f1(s.contact) >= sets[i].contact);
        assert_true(golds_f1(s.price) >= sets[i].price);
        assert_true(golds_f1(s.product) >= sets[i].product);
        assert_true(golds_f1(s.quantity) >= sets[i].quantity);
        assert_true(s.category >= sets[i].category);
        assert_true(s.direction >= sets[i].direction);
        assert_true(s.alarms <= sets[i].alarms);
        assert_int_equal(s.victim_contacts, 0);
        assert_true(s.victims.missed <= s.victims.found / 5);
    }
}

/* Every entity stands on whole characters of its field. */
static void check_spans(struct mud_str text)
{
    struct mud_message m = {.text = text};
    struct mud_reading r = reads_message(&m);

    for (size_t i = 0; i < r.n_entities; i++) {
        const struct mud_entity *e = &r.entities[i];

        assert_true(e->at.start < e->at.end);
        assert_true(e->at.end <= text.n);
        assert_int_equal(mud_utf8_cut(text, e->at.start), e->at.start);
        assert_int_equal(mud_utf8_cut(text, e->at.end), e->at.end);
        assert_in_range(e->of + 1, 0, r.n_entities);
        if (i > 0)
            assert_true(r.entities[i - 1].at.start <= e->at.start);
    }
}

static void test_read__spans_hold_in_any_text(void **state)
{
    static const char *const parts[] = {
        "出",       "国内肉鸡",  "3毛一台",   "QQ",          "９８１２",
        "9",        "一",        "万",        "千",          "块五",
        "@made_up", "：",        "，",        "。",          "\n",
        " ",        "🔥",         "\u200b",    "微信",        "t.me/",
        "$80",      "per",       "1k",        "%",           "折",
        "起",       "1:900",     "*",         "----",        "|",
        "號",       "９️⃣", "\xff",      "138****0001", "五五分",
        "你四我六", "一千返12",  "单位：U/条"};
    char text[2048];

    (void)state;
    for (unsigned round = 0; round < 400; round++) {
        size_t n = 0;
        struct mud_str clean;

        for (unsigned k = 0; k < 40; k++) {
            const char *part = parts[mudtest_random(MUDTEST_ROWS(parts))];

            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        clean = mud_utf8_clean(mud_str_of(text, n), reads_arena, NULL);
        check_spans(clean);
    }
}

/* One pattern over and over: work grows with the text, not with its square. */
static void test_read__work_is_linear(void **state)
{
    static const char *const parts[] = {"出肉鸡3毛一台QQ9812000001 ",
                                        "1",
                                        "一",
                                        "@a",
                                        "qq ",
                                        "肉鸡",
                                        "1-",
                                        "http://a.example/ ",
                                        "$",
                                        "(",
                                        "微信",
                                        "每条2元 ",
                                        "\n1. ",
                                        "*1"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(parts); i++) {
        size_t used[2];

        for (unsigned k = 0; k < 2; k++) {
            struct mud_arena *arena = mud_arena_new();
            struct mud_message m = {0};
            struct mud_reading r;
            struct mud_buf buf = {0};
            struct mud_error err = {0};

            while (buf.n < (size_t)20000 << k)
                mud_buf_z(&buf, parts[i]);
            m.text = mud_buf_view(&buf);
            assert_ok(mud_read(&r, reads_reader, &m, NULL, arena, &err), &err);
            used[k] = mud_arena_used(arena);
            mud_arena_free(arena);
            mud_buf_free(&buf);
        }
        assert_true(used[1] < used[0] * 3 + ((size_t)1 << 20));
    }
}

static void test_read__thread_tells_what_a_price_is_for(void **state)
{
    struct mud_context *context = mud_context_new();
    struct mud_error err = {0};
    struct mud_reading r;
    struct mud_message ask = {.id = MUD_STR("1"),
                              .thread = MUD_STR("t"),
                              .author = MUD_STR("a"),
                              .text = MUD_STR("有没有老板出国内肉鸡的？")};
    struct mud_message offer = {
        .id = MUD_STR("2"),
        .thread = MUD_STR("t"),
        .author = MUD_STR("b"),
        .text = MUD_STR("出国内肉鸡，5000台，3毛一台，QQ9812000001")};
    struct mud_message later = {.id = MUD_STR("3"),
                                .thread = MUD_STR("t"),
                                .author = MUD_STR("b"),
                                .text = MUD_STR("老客户优惠 2毛5 今天有效")};
    struct mud_message other = {.id = MUD_STR("4"),
                                .thread = MUD_STR("u"),
                                .author = MUD_STR("b"),
                                .text = MUD_STR("老客户优惠 2毛5 今天有效")};

    (void)state;
    assert_ok(mud_read(&r, reads_reader, &ask, context, reads_arena, &err),
              &err);
    assert_ok(mud_read(&r, reads_reader, &offer, context, reads_arena, &err),
              &err);
    assert_false(r.from_context);
    assert_ok(mud_read(&r, reads_reader, &later, context, reads_arena, &err),
              &err);
    assert_true(r.is_offer);
    assert_int_equal(r.category, MUD_CAT_BOTS);
    assert_string_equal(reads_list(&r, MUD_ENT_PRICE), "0.25 CNY/host");
    assert_true(r.from_context);
    assert_ok(mud_read(&r, reads_reader, &other, context, reads_arena, &err),
              &err);
    assert_false(r.is_offer);
    assert_false(r.from_context);
    mud_context_free(context);
}

static void test_read__version_names_rules_and_tables(void **state)
{
    const char *dir = mudtest_dir();
    const char *path = mudtest_text("%s/lexicon.tsv", dir);
    struct mud_reader *more = NULL;
    struct mud_error err = {0};
    struct mud_reading r = {0};
    struct mud_message m = {.text = MUD_STR("出麻瓜鸡，3毛一台，QQ9812000001")};

    (void)state;
    assert_int_equal(strlen(mud_reader_version(reads_reader)), 10);
    mudtest_write(path,
                  MUD_STR("term\tkind\tsense\n麻瓜鸡\tproduct\tbot_host\n"));
    assert_ok(mud_reader_new(&more, path, &err), &err);
    assert_string_not_equal(mud_reader_version(more),
                            mud_reader_version(reads_reader));
    assert_ok(mud_read(&r, more, &m, NULL, reads_arena, &err), &err);
    assert_string_equal(reads_list(&r, MUD_ENT_PRODUCT), "bot_host");
    mud_reader_free(more);
    more = NULL;
    mudtest_write(path,
                  MUD_STR("term\tkind\tsense\n麻瓜鸡\tproduct\tno_such\n"));
    assert_fails(
        mud_reader_new(&more, path, &err), &err, MUD_EINPUT, "no_such");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read__holds_the_figures_on_gold),
        cmocka_unit_test(test_read__holds_the_figures_on_sets_of_others),
        cmocka_unit_test(test_read__spans_hold_in_any_text),
        cmocka_unit_test(test_read__work_is_linear),
        cmocka_unit_test(test_read__thread_tells_what_a_price_is_for),
        cmocka_unit_test(test_read__version_names_rules_and_tables),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
