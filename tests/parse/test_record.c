#include "tests/support/mudtest.h"

#include "base/json.h"
#include "parse/record.h"

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

static const struct mud_str links[] = {{"http://a.example/?x=\"1\"", 23},
                                       {"tg://user?id=1", 14}};
static const struct mud_quote quotes[] = {
    {{"老赵", 6}, {"7", 1}, {"两行\n引用", 13}},
    {{0}, {0}, {"x", 1}}};

static const struct mud_reaction reactions[] = {{{"\xf0\x9f\x91\x8d", 4}, 7},
                                                {{"fire", 4}, 1}};

static struct mud_post full_post(void)
{
    return (struct mud_post){
        .engine = MUD_STR("discuz"),
        .site = MUD_STR("a.example:8080"),
        .board = MUD_STR("2"),
        .thread = MUD_STR("5"),
        .thread_title = MUD_STR("标题 \"引号\""),
        .post = MUD_STR("501"),
        .position = 3,
        .author = MUD_STR("老赵"),
        .author_id = MUD_STR("11"),
        .posted = INT64_C(1795309800) * MUD_SECOND,
        .posted_precision = MUD_TO_MINUTE,
        .edited = INT64_C(1795309860) * MUD_SECOND,
        .state = MUD_POST_SHOWN,
        .hidden = MUD_STR("reply points"),
        .mended = MUD_MENDED_TIME | MUD_MENDED_POST,
        .body = MUD_STR("正文\n\ttab \\ \x01"),
        .quotes = quotes,
        .n_quotes = 2,
        .signature = MUD_STR(""),
        .links = links,
        .n_links = 2,
        .images = links,
        .n_images = 1,
        .attachments = links,
        .n_attachments = 1,
        .reply_to = MUD_STR("500"),
        .forwarded = true,
        .forward = {MUD_STR("频道"),
                    MUD_STR("channel9"),
                    MUD_STR("1"),
                    INT64_C(1795309800) * MUD_SECOND},
        .buttons = links,
        .n_buttons = 2,
        .author_handle = MUD_STR("laozhao_example"),
        .author_role = MUD_STR("群主"),
        .reactions = reactions,
        .n_reactions = 2,
        .revision = 4,
        .page_url = MUD_STR("http://a.example/t"),
        .url = MUD_STR("http://a.example/p"),
        .where = {5, UINT64_C(9000000000)},
        .service = MUD_STR("join_group_by_link"),
        .members = quotes[0].author.s ? &quotes[0].author : NULL,
        .n_members = 1,
    };
}

static struct mud_str line_of(const struct mud_post *post)
{
    struct mud_buf out = {0};
    mud_record_post(&out, post, MUD_STR("cap-1"));
    struct mud_str line = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return line;
}

static void test_record__a_post_comes_back_as_it_was(void **state)
{
    struct mud_error err = {0};
    struct mud_post post = full_post(), back, empty = {0};
    (void)state;
    assert_ok(mud_record_read_post(&back, line_of(&post), arena, &err), &err);
    assert_int_equal(back.mended, MUD_MENDED_TIME | MUD_MENDED_POST);
    assert_bytes(line_of(&back), line_of(&post));
    assert_bytes(back.body, post.body);
    assert_int_equal(back.where.end, post.where.end);
    assert_int_equal(back.n_reactions, 2);
    assert_int_equal(back.reactions[0].count, 7);
    assert_text(back.author_role, "群主");
    assert_non_null(back.signature.s);
    assert_int_equal(back.signature.n, 0);

    assert_ok(mud_record_read_post(&back, line_of(&empty), arena, &err), &err);
    assert_bytes(line_of(&back), line_of(&empty));
    assert_null(back.signature.s);
    assert_text(mud_record_type(line_of(&post), arena), "post");
    assert_text(mud_record_type(MUD_STR("nonsense"), arena), "");
}

static void test_record__has_the_fields_of_the_contract(void **state)
{
    static const char *const fields[] = {
        "engine",       "site",        "board",     "thread",
        "thread_title", "post",        "position",  "author",
        "author_id",    "anonymous",   "posted_at", "posted_precision",
        "edited_at",    "view",        "state",     "hidden",
        "body",         "quotes",      "signature", "links",
        "images",       "attachments", "reply_to",  "forward",
        "url",          "page_url",    "capture",
    };
    struct mud_error err = {0};
    struct mud_post post = full_post();
    (void)state;
    json_t *json = mud_json_read(line_of(&post), &err);
    assert_non_null(json);
    for (size_t i = 0; i < MUDTEST_ROWS(fields); i++)
        assert_non_null(json_object_get(json, fields[i]));
    assert_int_equal(mud_json_get_int(json, "schema", 0), 1);
    assert_text(mud_json_get_str(json, "posted_at"), "2026-11-22T01:10:00Z");
    const json_t *hidden = json_object_get(json, "hidden");
    assert_text(mud_json_get_str(json_array_get(hidden, 1), "kind"), "points");
    json_decref(json);
}

static void test_record__a_page_comes_back_as_it_was(void **state)
{
    const struct mud_post posts[] = {full_post(), {.position = 2}};
    const struct mud_thread threads[] = {
        {MUD_STR("2"), MUD_STR("5"), MUD_STR("t"), MUD_STR("a"), {0}, -1},
        {MUD_STR("2"), MUD_STR("6"), MUD_STR(""), {0}, MUD_STR("3"), 0},
    };
    const struct mud_page_link page_links[] = {{
        .url = MUD_STR("http://a.example/t?page=2"),
        .kind = MUD_PAGE_THREAD,
        .thread = MUD_STR("5"),
        .page = 2,
        .replies = -1,
        .last_post = INT64_C(1795309800) * MUD_SECOND,
        .key = MUD_STR("thread/5/2"),
    }};
    const struct mud_field_text fields[] = {
        {MUD_STR("QQ"), MUD_STR("9000000001")},
        {MUD_STR("主页"), MUD_STR("http://a.example/home")}};
    const struct mud_profile profiles[] = {
        {.user = MUD_STR("3"),
         .name = MUD_STR("老赵"),
         .registered = INT64_C(1795309800) * MUD_SECOND,
         .posts = 41,
         .fields = fields,
         .n_fields = 2},
        {.name = MUD_STR("无名"), .posts = -1}};
    const struct mud_note notes[] = {
        {"warning", "too-deep", MUD_STR("tags"), UINT64_C(5000000000)}};
    const struct mud_parsed parsed = {
        .engine = MUD_STR("discuz"),
        .kind = MUD_PAGE_BOARD,
        .url = MUD_STR("http://a.example/b"),
        .site = MUD_STR("a.example"),
        .title = MUD_STR("T"),
        .charset = MUD_STR("gb18030"),
        .board = MUD_STR("2"),
        .page = 1,
        .pages = 9,
        .posts = posts,
        .n_posts = 2,
        .threads = threads,
        .n_threads = 2,
        .profiles = profiles,
        .n_profiles = 2,
        .links = page_links,
        .n_links = 1,
        .notes = notes,
        .n_notes = 1,
    };
    struct mud_buf a = {0}, b = {0};
    struct mud_parsed back;
    struct mud_error err = {0};
    (void)state;
    mud_record_parsed(&a, &parsed, (struct mud_str){0});
    assert_ok(mud_record_read_parsed(&back, mud_buf_view(&a), arena, &err),
              &err);
    mud_record_parsed(&b, &back, (struct mud_str){0});
    assert_bytes(mud_buf_view(&b), mud_buf_view(&a));
    assert_int_equal(back.notes[0].byte, notes[0].byte);
    assert_int_equal(back.profiles[0].posts, 41);
    assert_text(back.profiles[0].fields[1].label, "主页");
    assert_int_equal(back.profiles[1].posts, -1);
    mud_buf_free(&a);
    mud_buf_free(&b);
}

static void test_record__names_the_broken_line(void **state)
{
    struct mud_error err = {0};
    struct mud_parsed back;
    struct mud_post post;
    (void)state;
    assert_fails(
        mud_record_read_parsed(
            &back, MUD_STR("{\"type\":\"page\"}\n{\"type\":\n"), arena, &err),
        &err,
        MUD_EINPUT,
        "record 2");
    assert_fails(mud_record_read_post(
                     &post, MUD_STR("{\"type\":\"note\"}"), arena, &err),
                 &err,
                 MUD_EINPUT,
                 "no post record");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record__a_post_comes_back_as_it_was),
        cmocka_unit_test(test_record__has_the_fields_of_the_contract),
        cmocka_unit_test(test_record__a_page_comes_back_as_it_was),
        cmocka_unit_test(test_record__names_the_broken_line),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
