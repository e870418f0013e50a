#include "place.h"

#include "evidence/show.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The digest of a file by another program. */
static void assert_sha(const struct mud_capture *c, const char *path)
{
    struct mudtest_run run = mudtest_sh("sha256sum < '%s'", path);
    char hex[MUD_HEX256];

    mud_hex(hex, c->sha256, MUD_SHA256);
    assert_has(run.out, hex);
}

static struct mud_handed handed(const char *path)
{
    return (struct mud_handed){.path = path,
                               .url = MUD_STR("file:result.json"),
                               .content_type = MUD_STR("application/json"),
                               .supplier = MUD_STR("线人 A")};
}

static void test_seal_file__seals_a_file_once_a_source(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/result.json", mudtest_dir());
    struct mud_handed h = handed(path);
    struct mud_capture c, d;
    struct mud_exchange x;
    struct mud_error err = {0};
    bool known;

    (void)state;
    mudtest_write(path, MUD_STR("{\"messages\":[]}\n"));
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_false(known);
    assert_sha(&c, path);
    assert_int_equal(c.kind, MUD_CAPTURE_FILE);
    assert_text(c.supplier, "线人 A");
    assert_ok(mud_seal_file(&d, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_true(known);
    assert_true(mud_id_eq(c.id, d.id));
    assert_int_equal(d.offset, c.offset);
    assert_ok(mud_seal_file(&d, &known, p.vault, p.pg, 2, &h, p.arena, &err),
              &err);
    assert_false(known);
    assert_ok(mud_capture_exchange(&x, p.vault, &c, 100, p.arena, &err), &err);
    assert_text(x.body, "{\"messages\":[]}\n");
    assert_int_equal(x.response_head.n, 0);
    mudtest_write(path, MUD_STR("{\"messages\":[1]}\n"));
    assert_ok(mud_seal_file(&d, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_false(known);
    assert_int_equal(all_good(&p), 3);
    h.path = "/nonexistent";
    assert_fails(mud_seal_file(&d, &known, p.vault, p.pg, 1, &h, p.arena, &err),
                 &err,
                 MUD_EMISSING,
                 "/nonexistent");
    mud_error_clear(&err);
    h.path = "/dev/zero";
    assert_fails(mud_seal_file(&d, &known, p.vault, p.pg, 1, &h, p.arena, &err),
                 &err,
                 MUD_EINPUT,
                 "not a regular file");
    place_free(&p);
}

static void test_seal_file__gives_the_head_that_came_with_a_page(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/1.html", mudtest_dir());
    struct mud_handed h = {.path = path,
                           .url = MUD_STR("http://forum.example/1"),
                           .content_type = MUD_STR("text/html; charset=gbk"),
                           .head = MUD_STR(
                               "HTTP/1.1 200 OK\r\nContent-Type: text/html; "
                               "charset=gbk\r\nContent-Encoding: gzip\r\n\r\n"),
                           .status = 200,
                           .at = INT64_C(1790000000000000)};
    struct mud_exchange x;
    struct mud_capture c;
    struct mud_error err = {0};
    bool known;

    (void)state;
    mudtest_write(path, MUD_STR("<html>"));
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_int_equal(c.at, h.at);
    assert_int_equal(c.status, 200);
    assert_ok(mud_capture_exchange(&x, p.vault, &c, 100, p.arena, &err), &err);
    assert_text(x.response_head,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\n"
                "\r\n");
    assert_text(mud_exchange_header(&x, "content-type"),
                "text/html; charset=gbk");
    assert_int_equal(all_good(&p), 1);
    place_free(&p);
}

static void test_seal_file__streams_large_files(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/large", mudtest_dir());
    struct mud_handed h = handed(path);
    struct mud_capture_stream *stream;
    struct mud_capture c;
    struct mud_error err = {0};
    char buf[10000];
    int64_t total = 0;
    size_t n = 1;
    bool known;

    (void)state;
    assert_int_equal(
        mudtest_sh("head -c 30000000 /dev/urandom > '%s'", path).code, 0);
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_sha(&c, path);
    assert_ok(mud_capture_stream_open(&stream, p.vault, &c, &err), &err);
    while (n > 0) {
        assert_ok(mud_capture_stream_read(stream, buf, sizeof(buf), &n, &err),
                  &err);
        total += (int64_t)n;
    }
    assert_int_equal(total, 30000000);
    mud_capture_stream_close(stream);
    /* Nothing of it stays in memory. */
    assert_true(mud_arena_used(p.arena) < 1 << 20);
    assert_int_equal(all_good(&p), 1);
    place_free(&p);
}

/* Largest resident size in KiB of a child that seals path and reads it back. */
static long sealing_memory(const struct place *p, const char *path)
{
    struct rusage usage;
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct mud_handed h = handed(path);
        struct mud_verify v = {0};
        struct mud_error err = {0};
        struct mud_vault *vault;
        struct mud_capture c;
        struct mud_pg *pg;
        bool known;

        _exit(mud_pg_open(&pg, p->dsn, &err) &&
                      mud_vault_open(&vault, p->home, &err) &&
                      mud_seal_file(
                          &c, &known, vault, pg, 1, &h, p->arena, &err) &&
                      mud_verify_capture(&v, vault, pg, c.id, &err) &&
                      v.bad == 0
                  ? 0
                  : 1);
    }
    assert_int_equal(wait4(pid, &status, 0, &usage), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return usage.ru_maxrss;
}

static void test_seal_file__seals_files_in_flat_memory(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/sparse", mudtest_dir());
    long small, large;

    (void)state;
    mudtest_write(path, MUD_STR("x"));
    small = sealing_memory(&p, path);
    assert_int_equal(truncate(path, 100 << 20), 0);
    large = sealing_memory(&p, path);
    if (large > small + 4096)
        fail_msg("%ld KiB for 100 MiB, %ld KiB for a byte", large, small);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seal_file__seals_a_file_once_a_source),
        cmocka_unit_test(test_seal_file__gives_the_head_that_came_with_a_page),
        cmocka_unit_test(test_seal_file__streams_large_files),
        cmocka_unit_test(test_seal_file__seals_files_in_flat_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
