#include "tests/support/mudtest.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"

/* The log of one test goes to a file of its own. */
static const char *path;
static int fd = -1;

static int begin(void **state)
{
    (void)state;
    path = mudtest_text("%s/log", mudtest_dir());
    fd = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    return fd < 0;
}

static int end(void **state)
{
    (void)state;
    mud_log_setup(MUD_LOG_WARN, false, STDERR_FILENO);
    return close(fd);
}

static void test_log__lines_have_time_level_and_subject(void **state)
{
    struct mud_str text, line;
    int64_t us;

    (void)state;
    mud_log_setup(MUD_LOG_INFO, false, fd);
    mud_log(MUD_LOG_WARN, "forum-1", "page %d has no posts", 3);
    mud_log(MUD_LOG_INFO, NULL, "done");
    text = mudtest_read(path);
    assert_true(mud_str_line(&text, &line));
    assert_true(mud_time_parse(mud_str_sub(line, 0, 20), &us));
    assert_text(mud_str_sub(line, 20, line.n),
                " warn  [forum-1] page 3 has no posts");
    assert_true(mud_str_line(&text, &line));
    assert_text(mud_str_sub(line, 20, line.n), " info  done");
    assert_false(mud_str_line(&text, &line));
}

static void test_log__events_say_source_event_and_counts(void **state)
{
    const struct mud_log_count counts[] = {{"pages", 3}, {"posts", 20}};
    struct mud_str text, line;

    (void)state;
    mud_log_setup(MUD_LOG_INFO, true, fd);
    assert_true(mud_log_is_json());
    mud_log_event(MUD_LOG_INFO,
                  MUD_STR("forum-1"),
                  "round",
                  counts,
                  2,
                  MUD_STR("robots 1 (http://f.example/\x1b[2J)"));
    mud_log_event(
        MUD_LOG_DEBUG, MUD_STR("forum-1"), "round", NULL, 0, MUD_STR(""));
    mud_log_setup(MUD_LOG_INFO, false, fd);
    assert_false(mud_log_is_json());
    mud_log_event(MUD_LOG_WARN, MUD_STR("群"), "round", counts, 2, MUD_STR(""));
    mud_log_event(
        MUD_LOG_WARN, MUD_STR("群"), "stopped", NULL, 0, MUD_STR("why"));
    text = mudtest_read(path);
    assert_true(mud_str_line(&text, &line));
    json_t *json = mud_json_read(line, NULL);
    assert_non_null(json);
    assert_text(mud_json_get_str(json, "source"), "forum-1");
    assert_text(mud_json_get_str(json, "event"), "round");
    assert_text(mud_json_get_str(json, "level"), "info");
    assert_int_equal(
        mud_json_get_int(json_object_get(json, "counts"), "posts", 0), 20);
    assert_lacks(mud_json_get_str(json, "text"), "\x1b");
    json_decref(json);
    assert_true(mud_str_line(&text, &line));
    assert_text(mud_str_sub(line, 20, line.n),
                " warn  [群] round: pages 3, posts 20");
    assert_true(mud_str_line(&text, &line));
    assert_text(mud_str_sub(line, 20, line.n), " warn  [群] stopped: why");
    assert_false(mud_str_line(&text, &line));
}

static void test_log__levels_past_the_most_are_silent(void **state)
{
    static const struct {
        enum mud_level most;
        size_t lines;
    } rows[] = {{MUD_LOG_ERROR, 1},
                {MUD_LOG_WARN, 2},
                {MUD_LOG_INFO, 3},
                {MUD_LOG_DEBUG, 4}};

    size_t lines = 0;

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str text, line;

        mud_log_setup(rows[i].most, false, fd);
        mud_log(MUD_LOG_ERROR, NULL, "e");
        mud_log(MUD_LOG_WARN, NULL, "w");
        mud_log(MUD_LOG_INFO, NULL, "i");
        mud_log(MUD_LOG_DEBUG, NULL, "d");
        lines += rows[i].lines;
        text = mudtest_read(path);
        for (size_t n = 0; n < lines; n++)
            assert_true(mud_str_line(&text, &line));
        assert_int_equal(text.n, 0);
    }
}

static void test_log__json_lines_read_back(void **state)
{
    struct mud_error err = {0};
    json_t *json;
    int64_t us;

    (void)state;
    mud_log_setup(MUD_LOG_DEBUG, true, fd);
    mud_log(MUD_LOG_ERROR, "cap\"1", "say \"%s\" \\ 出售", "hi");
    json = mud_json_read(mudtest_read(path), &err);
    assert_ok(json != NULL, &err);
    assert_text(mud_json_get_str(json, "level"), "error");
    assert_text(mud_json_get_str(json, "about"), "cap\"1");
    assert_text(mud_json_get_str(json, "text"), "say \"hi\" \\ 出售");
    assert_true(mud_time_parse(mud_json_get_str(json, "time"), &us));
    assert_in_range(mud_now() - us, 0, 60 * MUD_SECOND);
    json_decref(json);
}

/* Strangers' text makes no lines of its own and no terminal codes. */
static void test_log__one_event_is_one_line(void **state)
{
    struct mud_str text, line;

    (void)state;
    mud_log_setup(MUD_LOG_WARN, false, fd);
    mud_log(MUD_LOG_WARN, "a\nb", "x\n2026-01-01T00:00:00Z error forged\033[m");
    mud_log(MUD_LOG_WARN, NULL, "bad \xE5\x87 bytes");
    text = mudtest_read(path);
    assert_true(mud_str_line(&text, &line));
    assert_has(line, "[a b] x 2026-01-01T00:00:00Z error forged?[m");
    assert_true(mud_str_line(&text, &line));
    assert_has(line, "bad ?? bytes");
    assert_int_equal(text.n, 0);
}

static void test_log__long_texts_are_cut_at_a_character(void **state)
{
    struct mud_error err = {0};
    struct mud_buf buf = {0};
    struct mud_str text;
    json_t *json;

    (void)state;
    for (int i = 0; i < 5000; i++)
        mud_buf_z(&buf, "肉");
    mud_log_setup(MUD_LOG_WARN, true, fd);
    mud_log(MUD_LOG_WARN, mud_buf_cstr(&buf), "x%s", mud_buf_cstr(&buf));
    json = mud_json_read(mudtest_read(path), &err);
    assert_ok(json != NULL, &err);
    text = mud_json_get_str(json, "text");
    assert_in_range(text.n, 3000, 4000);
    assert_int_equal(text.n % 3, 1);
    assert_int_equal(mud_json_get_str(json, "about").n % 3, 0);
    json_decref(json);
    mud_buf_free(&buf);
}

static void *many_lines(void *name)
{
    for (int i = 0; i < 300; i++)
        mud_log(MUD_LOG_WARN, name, "line %d of many %050d", i, 0);
    return NULL;
}

static void test_log__threads_do_not_mix_lines(void **state)
{
    char names[4][8];
    pthread_t threads[4];
    struct mud_str text, line;
    size_t lines = 0;

    (void)state;
    mud_log_setup(MUD_LOG_WARN, false, fd);
    for (size_t i = 0; i < 4; i++) {
        memcpy(names[i], "t0", 3);
        names[i][1] = (char)('0' + i);
        assert_int_equal(
            pthread_create(&threads[i], NULL, many_lines, names[i]), 0);
    }
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    text = mudtest_read(path);
    for (; mud_str_line(&text, &line); lines++) {
        assert_text(mud_str_sub(line, 20, 29), " warn  [t");
        assert_true(mud_str_ends(line, MUD_STR("0000000000")));
        assert_in_range(line.n, 95, 100);
    }
    assert_int_equal(lines, 1200);
}

static void test_log__a_closed_end_is_no_harm(void **state)
{
    (void)state;
    mud_log_setup(MUD_LOG_WARN, false, 9999);
    mud_log(MUD_LOG_WARN, NULL, "to nobody");
    mud_log_setup(MUD_LOG_WARN, false, fd);
    mud_log(MUD_LOG_WARN, NULL, "to somebody");
    assert_has(mudtest_read(path), "to somebody");
    assert_lacks(mudtest_read(path), "to nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_log__lines_have_time_level_and_subject, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__events_say_source_event_and_counts, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__levels_past_the_most_are_silent, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__json_lines_read_back, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__one_event_is_one_line, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__long_texts_are_cut_at_a_character, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__threads_do_not_mix_lines, begin, end),
        cmocka_unit_test_setup_teardown(
            test_log__a_closed_end_is_no_harm, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
