/* What people decide holds over every computation and rebuild. */
#include "tests/graph/world.h"

#include "base/json.h"
#include "graph/actor.h"
#include "graph/rebuild.h"
#include "graph/verdict.h"
#include "graph/why.h"

static void sell(struct world *world, unsigned i, const char *author,
                 const char *body)
{
    struct mud_post post = world_post(
        mudtest_text("%u", i), mudtest_text("%u", 1000 + i), author, body);

    world_add_one(world, i, post);
}

static void market(struct world *world)
{
    sell(world, 1, "小刀9527", "出售肉鸡，3元一台，QQ：9812345670");
    sell(world, 2, "北风1234", "出售肉鸡，2元一台，QQ：9812345670");
    sell(world, 3, "夜猫4321", "出售远控，300元，QQ：9812345999");
}

static void compute(struct world *world)
{
    struct mud_error err = {0};

    assert_ok(mud_actor_run(NULL, world->pg, &err), &err);
}

static bool keep(struct mud_str json, void *payload, struct mud_error *err)
{
    json_t *one = mud_json_read(json, err);

    assert_non_null(one);
    json_array_append_new(payload, one);
    return true;
}

static bool say(struct world *world, const char *what, const char *a,
                const char *b, const char *reason, struct mud_error *err)
{
    json_t *out = json_array();
    struct mud_verdict verdict = {.what = what,
                                  .a = mud_str_z(a),
                                  .b = mud_str_z(b),
                                  .by = MUD_STR("li"),
                                  .reason = mud_str_z(reason)};
    bool done = mud_verdict_add(world->pg, &verdict, keep, out, err);

    assert_int_equal(json_array_size(out), done);
    json_decref(out);
    return done;
}

static void decide(struct world *world, const char *what, const char *a,
                   const char *b)
{
    struct mud_error err = {0};

    assert_ok(say(world, what, a, b, "seen by hand", &err), &err);
    compute(world);
}

static bool together(struct world *world, const char *a, const char *b)
{
    return mud_test_pg_int(
               world->pg,
               mudtest_text(
                   "SELECT count(*) FROM entity e JOIN actor_member m USING "
                   "(entity_id) JOIN actor_member n ON n.actor_id = m.actor_id "
                   "JOIN entity f ON f.entity_id = "
                   "n.entity_id WHERE e.value = '%s' AND f.value = '%s'",
                   a,
                   b)) > 0;
}

static void test_verdict__outlives_computation_and_rebuild(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};

    (void)state;
    market(&world);
    compute(&world);
    assert_true(together(&world, "小刀9527", "北风1234"));
    decide(&world, "split", "小刀9527", "北风1234");
    decide(&world, "confirm", "小刀9527", "夜猫4321");
    for (int round = 0; round < 2; round++) {
        assert_false(together(&world, "小刀9527", "北风1234"));
        assert_true(together(&world, "小刀9527", "夜猫4321"));
        assert_true(together(&world, "9812345670", "小刀9527") !=
                    together(&world, "9812345670", "北风1234"));
        assert_int_equal(
            mud_test_pg_int(world.pg,
                            "SELECT count(*) FROM loose WHERE why = 'kept "
                            "apart by a verdict'"),
            2);
        if (round)
            break;
        assert_ok(mud_graph_clear(world.pg, &err), &err);
        market(&world);
        compute(&world);
    }
    decide(&world, "withdraw", "小刀9527", "北风1234");
    assert_true(together(&world, "小刀9527", "北风1234"));
    /* Nothing is lost. */
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM verdict"),
                     3);
    world_close(&world);
}

static void test_verdict__is_a_step_of_why_and_of_history(void **state)
{
    struct world world = world_open();
    struct mud_error err = {0};
    json_t *steps = json_array(), *history = json_array();
    struct mud_why why;
    size_t verdicts = 0, changes = 0;

    (void)state;
    market(&world);
    compute(&world);
    decide(&world, "confirm", "小刀9527", "夜猫4321");
    assert_ok(mud_why(&why,
                      world.pg,
                      MUD_STR("北风1234"),
                      MUD_STR("9812345999"),
                      keep,
                      steps,
                      &err),
              &err);
    assert_true(why.strong);
    assert_int_equal(json_array_size(steps), 4);
    assert_text(mud_json_get_str(json_array_get(steps, 2), "claim"),
                "confirmed");
    assert_text(mud_json_get_str(
                    json_object_get(json_array_get(steps, 2), "verdict"), "by"),
                "li");
    assert_ok(
        mud_actor_history(world.pg, MUD_STR("夜猫4321"), keep, history, &err),
        &err);
    for (size_t i = 0; i < json_array_size(history); i++) {
        struct mud_str type =
            mud_json_get_str(json_array_get(history, i), "type");

        verdicts += mud_str_eqz(type, "verdict");
        changes += mud_str_eqz(type, "actor_change");
    }
    assert_int_equal(verdicts, 1);
    assert_true(changes >= 5); /* all that came to be held, and what moved */
    json_decref(steps);
    json_decref(history);
    world_close(&world);
}

static void test_verdict__refuses_what_says_nothing(void **state)
{
    static const struct {
        const char *what, *a, *b, *reason;
        int code;
    } rows[] = {
        {"confirm", "小刀9527", "小刀9527", "x", MUD_EUSAGE},
        {"confirm", "小刀9527", "谁也不是", "x", MUD_EMISSING},
        {"confirm", "小刀9527", "夜猫4321", " ", MUD_EUSAGE},
        {"split", "小刀9527", "夜猫4321", "x", MUD_EUSAGE},
        {"withdraw", "小刀9527", "夜猫4321", "x", MUD_EUSAGE},
    };
    struct world world = world_open();

    (void)state;
    market(&world);
    compute(&world);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mud_error err = {0};

        assert_false(say(
            &world, rows[i].what, rows[i].a, rows[i].b, rows[i].reason, &err));
        assert_int_equal(err.code, rows[i].code);
    }
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM verdict"),
                     0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict__outlives_computation_and_rebuild),
        cmocka_unit_test(test_verdict__is_a_step_of_why_and_of_history),
        cmocka_unit_test(test_verdict__refuses_what_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
