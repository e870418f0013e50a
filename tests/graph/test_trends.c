#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/trends.h"

struct lines {
    char at[40][1500];
    size_t n;
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct lines *lines = payload;

    (void)err;
    assert_true(lines->n < 40);
    snprintf(lines->at[lines->n++], 1500, "%.*s", MUD_FMT(json));
    return true;
}

/* A line with all of these; NULL ends. */
static void assert_line(const struct lines *lines, const char *a, const char *b,
                        const char *c)
{
    for (size_t i = 0; i < lines->n; i++)
        if (strstr(lines->at[i], a) && strstr(lines->at[i], b) &&
            strstr(lines->at[i], c))
            return;
    for (size_t i = 0; i < lines->n; i++)
        print_error("%s\n", lines->at[i]);
    fail_msg("no line with %s, %s and %s", a, b, c);
}

static void test_rates__nearest_before_and_not_too_old(void **state)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_rates rates;
    struct mud_error err = {0};
    double cny = 0;
    int32_t day = 0;

    (void)state;
    assert_ok(mud_rates_read(&rates,
                             "rates.tsv",
                             MUD_STR("# made up\n2026-01-10\tUSD\t7\tx\n"
                                     "2026-01-01\tUSD\t6\tx\n"
                                     "2026-01-05\tUSDT\t6.5\tx\n"),
                             arena,
                             &err),
              &err);
    assert_true(mud_day_of(MUD_STR("2026-01-09"), &day));
    assert_true(mud_rate_of(&rates, MUD_STR("USD"), day, &cny) && cny == 6);
    assert_true(mud_rate_of(&rates, MUD_STR("USD"), day + 1, &cny) && cny == 7);
    assert_true(mud_rate_of(&rates, MUD_STR("CNY"), day, &cny) && cny == 1);
    assert_false(mud_rate_of(&rates, MUD_STR("USD"), day - 9, &cny));
    assert_false(mud_rate_of(&rates, MUD_STR("USD"), day + 33, &cny));
    assert_false(mud_rate_of(&rates, MUD_STR("EUR"), day, &cny));
    mud_arena_free(arena);
}

static void test_rates__bad_lines_are_named(void **state)
{
    static const char *const rows[] = {"2026-01-10\tUSD\t7",
                                       "2026-13-10\tUSD\t7\tx",
                                       "2026-01-10\tusd\t7\tx",
                                       "2026-01-10\tUSD\t-7\tx",
                                       "2026-01-10\tUSD\t0\tx",
                                       "2026-01-10\tUSD\t7\t ",
                                       "2026-01-10\tUSD\t7\tx\ty"};
    struct mud_arena *arena = mud_arena_new();
    struct mud_rates rates;
    struct mud_error err = {0};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        mud_error_clear(&err);
        assert_false(mud_rates_read(&rates,
                                    "rates.tsv",
                                    mud_str_z(mudtest_text("\n%s\n", rows[i])),
                                    arena,
                                    &err));
        assert_int_equal(err.code, MUD_EINPUT);
        assert_non_null(strstr(err.text, "rates.tsv: line 2: wants"));
    }
    mud_error_clear(&err);
    assert_false(mud_rates_read(&rates,
                                "rates.tsv",
                                MUD_STR("2026-01-10\tUSD\t7\tx\n"
                                        "2026-01-10\tUSD\t8\tx\n"),
                                arena,
                                &err));
    mud_arena_free(arena);
}

static void test_trends__offers_sellers_and_prices(void **state)
{
    struct world world = world_open();
    struct mud_arena *arena = mud_arena_new();
    struct mud_rates rates;
    struct mud_error err = {0};
    struct lines lines = {0};
    struct mud_trends trends = {.month = true,
                                .zone = "Asia/Shanghai",
                                .since = WORLD_AT(-24 * 90),
                                .until = WORLD_AT(24 * 5),
                                .as_of = WORLD_AT(24 * 10),
                                .rates = &rates};

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct mud_post post =
            world_post("7",
                       mudtest_text("%u", i),
                       mudtest_text("甲%u", i % 2),
                       mudtest_text(i < 3 ? "出售国内肉鸡，%u元一台"
                                          : "出售国内肉鸡，%u美元一台",
                                    i < 3 ? 2 + i : i));

        post.posted = WORLD_AT(i == 0 ? -24 * 40 : (int64_t)i);
        world_add_one(&world, 1 + i, post);
    }
    assert_ok(mud_rates_read(&rates,
                             "rates.tsv",
                             MUD_STR("2026-11-10\tUSD\t7\tmade up\n"),
                             arena,
                             &err),
              &err);
    assert_ok(mud_trends(world.pg, &trends, take, &lines, &err), &err);
    assert_line(
        &lines, "\"period\":\"2026-10-01\"", "\"posts\":1", "\"sellers\":1");
    assert_line(
        &lines, "\"period\":\"2026-11-01\"", "\"posts\":5", "\"sellers\":2");
    lines.n = 0;
    trends.what = MUD_TREND_SELLERS;
    assert_ok(mud_trends(world.pg, &trends, take, &lines, &err), &err);
    assert_line(&lines, "\"2026-11-01\"", "\"new_sellers\":1", "bots");
    lines.n = 0;
    trends.what = MUD_TREND_PRICES;
    assert_ok(mud_trends(world.pg, &trends, take, &lines, &err), &err);
    assert_line(&lines, "\"2026-10-01\"", "\"index_value\":100", "\"n\":1");
    assert_line(
        &lines, "\"2026-11-01\"", "\"currency\":\"USD\"", "\"median\":4");
    /* 3, 4 CNY and 21, 28, 35: the middle is 21, 2 in October. */
    assert_line(
        &lines, "\"2026-11-01\"", "\"index_value\":1050", "\"left_out\":0");
    /* As it was known before the last ones came. */
    lines.n = 0;
    trends.what = MUD_TREND_OFFERS;
    trends.as_of = WORLD_AT(3);
    assert_ok(mud_trends(world.pg, &trends, take, &lines, &err), &err);
    assert_line(&lines, "\"2026-11-01\"", "\"posts\":2", "\"small\":true");
    trends.category = MUD_STR("cats");
    assert_false(mud_trends(world.pg, &trends, take, &lines, &err));
    assert_int_equal(err.code, MUD_EUSAGE);
    mud_arena_free(arena);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates__nearest_before_and_not_too_old),
        cmocka_unit_test(test_rates__bad_lines_are_named),
        cmocka_unit_test(test_trends__offers_sellers_and_prices),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
