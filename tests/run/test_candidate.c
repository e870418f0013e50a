#include "run/candidate.h"

#include "tests/run/runtest.h"

struct seen {
    int n;
    char first[512], all[4096];
};

static bool take(struct mud_str json, void *payload, struct mud_error *err)
{
    struct seen *seen = payload;
    size_t used = strlen(seen->all);

    (void)err;
    if (!seen->n++)
        snprintf(seen->first, sizeof seen->first, "%.*s", MUD_FMT(json));
    snprintf(
        seen->all + used, sizeof seen->all - used, "%.*s\n", MUD_FMT(json));
    return true;
}

static struct seen list(struct kit *kit, int min, bool decided)
{
    struct seen seen = {0};
    struct mud_candidates ask = {.min_posts = min,
                                 .limit = 100,
                                 .decided = decided,
                                 .each = take,
                                 .payload = &seen};

    assert_ok(mud_candidate_list(&ask, kit->pg, &kit->err), &kit->err);
    return seen;
}

#define MESSAGE(id, who, text, more)                                    \
    "{\"id\":" id ",\"type\":\"message\",\"date\":\"2026-05-0" id       \
    "T10:00:00\",\"date_unixtime\":\"17779" id "0000\",\"from\":\"" who \
    "\",\"from_id\":\"user" who "\",\"text\":\"" text "\"" more "}"

static const char export[] =
    "{\"name\":\"市场\",\"type\":\"private_supergroup\",\"id\":77,\"messages\":[" MESSAGE(
        "1", "1",
        "出肉鸡 一手货 1元一台，联系QQ 9000011122，进群 "
        "https://t.me/+AbCdEfGh12345678",
        "") "," MESSAGE("2", "2", "收料子，进群 t.me/joinchat/AbCdEfGh12345678",
                        "") "," MESSAGE("3", "3",
                                        "QQ交流群：900334455，游戏开黑",
                                        "") "," MESSAGE("4", "3",
                                                        "QQ群 900334455",
                                                        "") "," MESSAGE("5",
                                                                        "4",
                                                                        "出四件套 300一套，联系QQ 9000044455",
                                                                        ",\"forwarded_from\":\"源头\",\"forwarded_from_id\":\"channel99\"") "]}";

static void test_candidate__places_that_posts_point_to(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *path = mudtest_text("%s/result.json", mudtest_dir());

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    mudtest_write(path, mud_str_z(export));
    kit_import(&kit, &report, path);
    struct seen all = list(&kit, 1, false);
    assert_int_equal(all.n, 3);
    assert_has(mud_str_z(all.first),
               "\"kind\":\"telegram_invite\",\"value\":\"AbCdEfGh12345678\","
               "\"posts\":2,\"offers\":2,\"share\":1,\"sellers\":2");
    assert_has(mud_str_z(all.all),
               "\"kind\":\"qq_group\",\"value\":\"900334455\",\"posts\":2,"
               "\"offers\":0,\"share\":0");
    assert_has(mud_str_z(all.all), "\"kind\":\"channel\"");
    assert_int_equal(list(&kit, 2, false).n, 2);
    assert_int_equal(list(&kit, 3, false).n, 0);

    /* decided on, it is shown only when asked for; with who and why */
    assert_ok(mud_candidate_judge(kit.pg,
                                  MUD_STR("qq_group"),
                                  MUD_STR("900334455"),
                                  "refused",
                                  "li",
                                  MUD_STR("a game"),
                                  &kit.err),
              &kit.err);
    assert_int_equal(list(&kit, 1, false).n, 2);
    assert_has(mud_str_z(list(&kit, 1, true).all),
               "\"verdict\":\"refused\",\"by\":\"li\"");
    assert_fails(mud_candidate_judge(kit.pg,
                                     MUD_STR("qq_group"),
                                     MUD_STR("123456"),
                                     "approved",
                                     "li",
                                     MUD_STR(""),
                                     &kit.err),
                 &kit.err,
                 MUD_EMISSING,
                 "123456");

    /* what a source reads is no candidate any more */
    struct mud_str rooms[] = {MUD_STR("AbCdEfGh12345678")};
    struct mud_source source = {.name = MUD_STR("new"),
                                .kind = MUD_STR("chat"),
                                .rooms = rooms,
                                .n_rooms = 1,
                                .legal_basis = MUD_STR("test"),
                                .expires = mud_now() + MUD_SECOND * 3600,
                                .created_by = MUD_STR("li")};
    assert_ok(mud_source_add(&source, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_int_equal(list(&kit, 1, false).n, 1);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_candidate__places_that_posts_point_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
