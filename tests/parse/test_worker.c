#include "tests/support/mudtest.h"

#include "parse/parse.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

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

#define GOOD_PAGE                                 \
    "<body id=phpbb><h2 class=topic-title>t</h2>" \
    "<div class=post id=p7><div class=content>hi"
#define GOOD_URL "http://b.example/viewtopic.php?t=1"

static const struct mud_page_in good = {
    .bytes = {GOOD_PAGE, sizeof(GOOD_PAGE) - 1},
    .url = {GOOD_URL, sizeof(GOOD_URL) - 1},
};

static struct mud_parsed page(struct mud_parser *parser,
                              const struct mud_page_in *in)
{
    struct mud_parsed out;
    struct mud_error err = {0};
    assert_ok(mud_parser_page(parser, &out, in, arena, &err), &err);
    return out;
}

static void assert_read(const struct mud_parsed *out)
{
    assert_int_equal(out->n_posts, 1);
    assert_text(out->posts[0].body, "hi");
    assert_text(out->url, GOOD_URL);
}

static void assert_killed(const struct mud_parsed *out)
{
    assert_int_equal(out->kind, MUD_PAGE_UNKNOWN);
    assert_int_equal(out->n_posts, 0);
    assert_int_equal(out->n_notes, 1);
    assert_string_equal(out->notes[0].code, "worker-killed");
    assert_string_equal(out->notes[0].severity, "error");
    assert_text(out->url, GOOD_URL);
}

/* The one child of this process. */
static pid_t worker(void)
{
    char path[64];
    long pid = 0;
    (void)snprintf(
        path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    int n = fscanf(f, "%ld", &pid); /* NOLINT(cert-err34-c) */
    (void)fclose(f);
    return n == 1 ? (pid_t)pid : 0;
}

/* Until the kernel says so: 'Z' dead but for its exit code, 'T' stopped. */
static void wait_state(pid_t pid, char wanted)
{
    char state = 0;
    for (int i = 0; i < 500 && state != wanted; i++) {
        struct mud_str stat =
            mudtest_read(mudtest_text("/proc/%d/stat", (int)pid));
        size_t at = mud_str_rchr(stat, ')');
        assert_true(at + 2 < stat.n);
        state = stat.s[at + 2];
        (void)usleep(10000);
    }
    assert_int_equal(state, wanted);
}

static void test_worker__stays_for_many_pages(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    (void)state;
    assert_int_equal(worker(), 0);
    struct mud_parsed out = page(parser, &good);
    assert_read(&out);
    pid_t first = worker();
    assert_true(first > 0);
    for (int i = 0; i < 20; i++)
        out = page(parser, &good);
    assert_read(&out);
    assert_int_equal(worker(), first);
    mud_parser_free(parser);
    assert_int_equal(worker(), 0);
    mud_parser_free(NULL);
}

static void test_worker__an_overdue_page_costs_that_page(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    (void)state;
    struct mud_parsed out = page(parser, &good);
    pid_t first = worker();
    assert_int_equal(kill(first, SIGSTOP), 0);
    wait_state(first, 'T');
    mud_parser_patience(parser, 300);
    int64_t began = mud_monotonic();
    out = page(parser, &good);
    assert_true(mud_monotonic() - began < 10 * MUD_SECOND);
    assert_killed(&out);
    assert_has(out.notes[0].text, "too long");
    mud_parser_patience(parser, 20000);
    out = page(parser, &good);
    assert_read(&out);
    assert_int_not_equal(worker(), first);
    mud_parser_free(parser);
}

static void *kill_soon(void *payload)
{
    const pid_t *pid = payload;
    (void)usleep(200000);
    (void)kill(*pid, SIGKILL);
    return NULL;
}

static void test_worker__a_page_that_ends_its_worker_costs_itself(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    pthread_t killer;
    (void)state;
    struct mud_parsed out = page(parser, &good);
    pid_t first = worker();
    /* Stopped, it is at this page when it dies. */
    assert_int_equal(kill(first, SIGSTOP), 0);
    wait_state(first, 'T');
    assert_int_equal(pthread_create(&killer, NULL, kill_soon, &first), 0);
    out = page(parser, &good);
    assert_int_equal(pthread_join(killer, NULL), 0);
    assert_killed(&out);
    out = page(parser, &good);
    assert_read(&out);
    mud_parser_free(parser);
}

static void test_worker__a_worker_that_died_idle_costs_nothing(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    (void)state;
    struct mud_parsed out = page(parser, &good);
    pid_t first = worker();
    assert_int_equal(kill(first, SIGKILL), 0);
    wait_state(first, 'Z');
    out = page(parser, &good);
    assert_read(&out);
    mud_parser_free(parser);
}

static void test_worker__passes_all_of_the_page_on(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    const struct mud_page_in in = {
        .bytes = MUD_STR("<body class=section-viewtopic><div class=post id=p7>"
                         "<p class=author>Yesterday 10:00</p>"
                         "<div class=content>\xd6\xd0"),
        .url = MUD_STR("http://b.example/viewtopic.php?t=1"),
        .content_type = MUD_STR("text/html; charset=gbk"),
        .zone = MUD_STR("+03:00"),
        .engine = MUD_STR("phpbb"),
        .fetched_at = INT64_C(1795309800) * MUD_SECOND,
        .status = 200,
    };
    (void)state;
    struct mud_parsed out = page(parser, &in);
    assert_text(out.charset, "gb18030");
    assert_int_equal(out.n_posts, 1);
    assert_text(out.posts[0].body, "中");
    /* 10:00 on the 21st three hours east of Greenwich */
    assert_int_equal(out.posts[0].posted, INT64_C(1795244400) * MUD_SECOND);
    mud_parser_free(parser);
}

static size_t open_files(const char *path)
{
    DIR *dir = opendir(path);
    size_t n = 0;
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    (void)closedir(dir);
    return n - 2;
}

static void test_worker__holds_nothing_but_its_socket(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    FILE *secret = fopen("/etc/passwd", "r");
    (void)state;
    assert_non_null(secret);
    struct mud_parsed out = page(parser, &good);
    assert_read(&out);
    /* stdin, stdout, stderr and the socket */
    if (geteuid() == 0)
        assert_int_equal(open_files(mudtest_text("/proc/%d/fd", (int)worker())),
                         4);
    (void)fclose(secret);
    mud_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker__stays_for_many_pages),
        cmocka_unit_test(test_worker__an_overdue_page_costs_that_page),
        cmocka_unit_test(test_worker__a_page_that_ends_its_worker_costs_itself),
        cmocka_unit_test(test_worker__a_worker_that_died_idle_costs_nothing),
        cmocka_unit_test(test_worker__passes_all_of_the_page_on),
        cmocka_unit_test(test_worker__holds_nothing_but_its_socket),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
