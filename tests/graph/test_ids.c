#include "tests/graph/world.h"

#include "graph/ids.h"

static const char *category(int i)
{
    return mud_category_name((enum mud_category)i);
}

static const char *direction(int i)
{
    return mud_direction_name((enum mud_direction)i);
}

static const char *annotation(int i)
{
    return mud_entity_type_name((enum mud_entity_type)i);
}

static const char *state(int i)
{
    return mud_post_state_name((enum mud_post_state)i);
}

static const char *precision(int i)
{
    return mud_precision_name((enum mud_precision)i);
}

static void test_ids__the_schemas_lists_are_the_programs(void **unused)
{
    static const struct {
        const char *list;
        const char *(*name)(int i);
        int first, end;
    } lists[] = {
        {"category", category, 0, MUD_CATEGORIES},
        {"direction", direction, 0, MUD_DIR_RECRUIT + 1},
        {"annotation", annotation, 1, MUD_ENT_CANDIDATE + 1},
        {"state", state, 0, MUD_POST_EMPTY + 1},
        {"precision", precision, 0, MUD_TO_YEAR + 1},
        {"entity", mud_node_kind_name, 1, MUD_NODE_KINDS},
        {"claim", mud_claim_kind_name, 1, MUD_CLAIM_KINDS},
    };
    struct world world = world_open();

    (void)unused;
    for (size_t i = 0; i < MUDTEST_ROWS(lists); i++) {
        for (int j = lists[i].first; j < lists[i].end; j++)
            if (mud_test_pg_int(
                    world.pg,
                    mudtest_text("SELECT count(*) FROM code WHERE list = '%s' "
                                 "AND id = %d AND name = '%s'",
                                 lists[i].list,
                                 j,
                                 lists[i].name(j))) != 1)
                fail_msg("%s %d %s", lists[i].list, j, lists[i].name(j));
        assert_int_equal(
            mud_test_pg_int(world.pg,
                            mudtest_text("SELECT count(*) FROM code WHERE "
                                         "list = '%s'",
                                         lists[i].list)),
            lists[i].end - lists[i].first);
    }
    world_close(&world);
}

/* Ids are in exports and cases: they must never change. */
static void test_ids__stay_what_they_are(void **unused)
{
    struct mud_post post = world_post("7", "70", "nick", "text");
    struct mud_arena *arena = mud_arena_new();
    char text[MUD_ID_TEXT];
    struct mud_node node = {0};
    struct mud_str parts[4] = {
        MUD_STR("1"), MUD_STR("market.example"), MUD_STR("7"), MUD_STR("70")};
    struct mud_str account[2] = {MUD_STR("market.example"), MUD_STR("nick")};
    struct mud_str contact[2] = {MUD_STR("qq"), MUD_STR("9812345670")};

    (void)unused;
    assert_true(mud_id_eq(mud_post_id(1, &post, (struct mud_id){0}),
                          mud_id_of_parts("post", parts, 4)));
    assert_true(mud_id_eq(mud_thread_id(1, &post),
                          mud_id_of_parts("thread", parts, 3)));
    node = mud_node_author(&post, arena);
    assert_true(mud_id_eq(node.id, mud_id_of_parts("persona", account, 2)));
    node = mud_node_contact(contact[0], contact[1]);
    assert_true(mud_id_eq(node.id, mud_id_of_parts("contact", contact, 2)));
    /* printf 'contact\x1fqq\x1f9812345670' | sha256sum | cut -c1-32 */
    assert_string_equal(mud_id_text(text, node.id),
                        "a85736cc-b031-72cb-89f0-6f02e5cd3362");
    post.author_id = MUD_STR("");
    node = mud_node_author(&post, arena);
    assert_text(node.value, "name:nick");
    post.anonymous = true;
    assert_true(mud_id_zero(mud_node_author(&post, arena).id));
    mud_arena_free(arena);
}

static void test_ids__kinds_of_contacts(void **unused)
{
    static const struct {
        const char *type;
        int kind;
        bool place;
    } cases[] = {
        {"qq", MUD_NODE_CONTACT, false},
        {"btc", MUD_NODE_WALLET, false},
        {"tron", MUD_NODE_WALLET, false},
        {"alipay", MUD_NODE_PAYEE, false},
        {"url", MUD_NODE_CONTACT, true},
        {"qq_group", MUD_NODE_CONTACT, true},
        {"onion", MUD_NODE_CONTACT, true},
        {"phone", MUD_NODE_CONTACT, false},
    };

    char *long_value = mud_calloc(1, 1100);

    (void)unused;
    for (size_t i = 0; i < MUDTEST_ROWS(cases); i++) {
        struct mud_node node =
            mud_node_contact(mud_str_z(cases[i].type), MUD_STR("x"));

        assert_int_equal(node.kind, cases[i].kind);
        assert_int_equal(mud_contact_is_place(node.type), cases[i].place);
    }
    /* The index of values takes no more; there is no such node. */
    memset(long_value, 'x', 1099);
    assert_true(mud_id_zero(
        mud_node_contact(MUD_STR("url"), mud_str_z(long_value)).id));
    assert_true(mud_id_zero(mud_node_contact(MUD_STR("qq"), MUD_STR("")).id));
    free(long_value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids__the_schemas_lists_are_the_programs),
        cmocka_unit_test(test_ids__stay_what_they_are),
        cmocka_unit_test(test_ids__kinds_of_contacts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
