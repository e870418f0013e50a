#include "tests/parse/chat_golden.h"

#include "parse/chat_map.h"

static void test_chat_matrix__every_field_of_every_event(void **state)
{
    (void)state;
    assert_golden("matrix",
                  "matrix/messages.json",
                  "unverified-engine foreign-edit encrypted ");
    assert_golden("matrix", "matrix/sync.json", "unverified-engine ");
    assert_golden("matrix", "matrix/back.json", "unverified-engine ");
    assert_golden("matrix", "matrix/element.json", "unverified-engine ");
    assert_golden(
        "matrix", "matrix/examples.json", "unverified-engine encrypted ");
}

#define EVENT(id, text)                                                \
    "{\"event_id\":\"" id "\",\"room_id\":\"!r\",\"sender\":\"@a:x\"," \
    "\"type\":\"m.room.message\",\"origin_server_ts\":1795305600000,"  \
    "\"content\":{\"msgtype\":\"m.text\",\"body\":\"" text "\"}}"

static void test_chat_matrix__in_any_wrapping(void **state)
{
    static const struct {
        const char *text;
        size_t posts;
        const char *codes;
    } rows[] = {
        {"[" EVENT("$1", "x") "," EVENT("$2", "y") "]",
         2,
         "unverified-engine "},
        {EVENT("$1", "x") "\n" EVENT("$2", "y") "\n", 2, "unverified-engine "},
        {"{\"room_name\":\"r\",\"messages\":[" EVENT("$1", "x") "]}",
         1,
         "unverified-engine "},
        {"{\"events_before\":[" EVENT("$1", "x") "],\"event\":" EVENT(
             "$2", "y") ",\"events_after\":[" EVENT("$3",
                                                    "z") "],\"state\":[]}",
         3,
         "unverified-engine "},
        {"[" EVENT("$1", "x") ",{\"type\":\"m.typing\"}]",
         1,
         "unverified-engine no-room "},
        {"[" EVENT("$1", "x") ",[],7,\"\\q\"]",
         1,
         "unverified-engine broken-message broken-message broken-message "},
        {"[" EVENT("$1", "x") ",{\"event_id\":",
         1,
         "unverified-engine truncated "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_counts("matrix", rows[i].text, rows[i].posts, rows[i].codes);
}

static void test_chat_map__last_value_and_budget(void **state)
{
    struct mud_chat_map map = {0};
    char a[16];
    (void)state;
    assert_int_equal(mud_chat_map_get(&map, "k", MUD_STR("a"), MUD_STR("b")).n,
                     0);
    for (int i = 0; i < 5000; i++) {
        (void)snprintf(a, sizeof(a), "%d", i);
        mud_chat_map_put(&map, "k", mud_str_z(a), MUD_STR("b"), mud_str_z(a));
    }
    mud_chat_map_put(&map, "k", MUD_STR("7"), MUD_STR("b"), MUD_STR("new"));
    assert_text(mud_chat_map_get(&map, "k", MUD_STR("7"), MUD_STR("b")), "new");
    assert_text(mud_chat_map_get(&map, "k", MUD_STR("4999"), MUD_STR("b")),
                "4999");
    assert_int_equal(
        mud_chat_map_get(&map, "other", MUD_STR("7"), MUD_STR("b")).n, 0);
    assert_int_equal(map.n, 5000);
    map.bytes = MUD_CHAT_MAP_BYTES;
    mud_chat_map_put(&map, "k", MUD_STR("z"), MUD_STR("b"), MUD_STR("x"));
    assert_true(map.full);
    assert_int_equal(mud_chat_map_get(&map, "k", MUD_STR("z"), MUD_STR("b")).n,
                     0);
    mud_chat_map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_matrix__every_field_of_every_event),
        cmocka_unit_test(test_chat_matrix__in_any_wrapping),
        cmocka_unit_test(test_chat_map__last_value_and_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
