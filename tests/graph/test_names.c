#include "graph/ids.h"
#include "tests/graph/world.h"

/* A message of the group `title` by `name`, sealed in capture i. */
static void say(struct world *world, unsigned i, const char *title,
                const char *name, const char *service, const char *body)
{
    struct mud_post post =
        world_post("1899000555", mudtest_text("%u", i), name, body);

    post.engine = MUD_STR("telegram");
    post.site = MUD_STR("1899000555");
    post.author_id = MUD_STR("user5900020001");
    post.thread_title = mud_str_z(title);
    post.service = mud_str_z(service);
    post.posted = WORLD_AT(i);
    world_add_one(world, i, post);
}

#define OFFER "出售肉鸡5000台，3元一台，联系QQ：9812345670"

static int64_t named(struct world *world, const char *name, int kind)
{
    return mud_test_pg_int(
        world->pg,
        mudtest_text("SELECT count(*) FROM mud.name n JOIN mud.entity e USING "
                     "(entity_id) WHERE n.name = '%s' AND e.kind = %d",
                     name,
                     kind));
}

static void test_names__of_people_and_groups_over_time(void **state)
{
    struct world world = world_open();

    (void)state;
    say(&world, 1, "样例群", "阿禾", "", OFFER);
    say(&world, 5, "新样例群", "阿禾二号", "", OFFER);
    assert_int_equal(named(&world, "阿禾", MUD_NODE_PERSONA), 1);
    assert_int_equal(named(&world, "阿禾二号", MUD_NODE_PERSONA), 1);
    assert_int_equal(named(&world, "样例群", MUD_NODE_GROUP), 1);
    assert_int_equal(named(&world, "新样例群", MUD_NODE_GROUP), 1);
    assert_int_equal(
        mud_test_pg_int(world.pg,
                        "SELECT count(*) FROM mud.name WHERE name = '阿禾' AND "
                        "first_posted = last_posted AND first_seen = "
                        "'2026-11-20T01:00:00Z'"),
        1);
    world_close(&world);
}

/* People who sell nothing have no history of names. */
static void test_names__bystanders_have_none(void **state)
{
    struct world world = world_open();

    (void)state;
    say(&world, 1, "样例群", "路人", "", "今天天气不错");
    assert_int_equal(mud_test_pg_int(world.pg, "SELECT count(*) FROM mud.name"),
                     0);
    world_close(&world);
}

static void test_names__a_title_that_the_chat_tells(void **state)
{
    static const struct {
        const char *service, *body, *title;
    } rows[] = {
        {"edit_group_title", "第二样例群", "第二样例群"},
        {"title",
         "Digua changed the subject from “甲群” to “第三样例群”",
         "第三样例群"},
        {"edit_group_title",
         "阿禾 changed group title to «第四样例群»",
         "第四样例群"},
        {"title", "\"甲群\" -> \"第五样例群\"", "第五样例群"},
    };
    struct world world = world_open();

    (void)state;
    say(&world, 1, "样例群", "阿禾", "", OFFER);
    for (unsigned i = 0; i < MUDTEST_ROWS(rows); i++) {
        say(&world, 2 + i, "样例群", "阿禾", rows[i].service, rows[i].body);
        if (named(&world, rows[i].title, MUD_NODE_GROUP) != 1)
            fail_msg("%s", rows[i].body);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__of_people_and_groups_over_time),
        cmocka_unit_test(test_names__bystanders_have_none),
        cmocka_unit_test(test_names__a_title_that_the_chat_tells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
