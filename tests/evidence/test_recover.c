#include "place.h"

#include "evidence/show.h"

#include "base/log.h"
#include "base/time.h"

#include <sys/stat.h>
#include <unistd.h>

/* The records of the only capture of another vault that has the keys of p. */
static struct mud_str foreign_span(const struct place *p, int number)
{
    struct place q = place_new();

    mudtest_sh("cp -r '%s/keys' '%s/' && mkdir -p '%s/vault' && cp -r "
               "'%s/vault/keys' '%s/vault/'",
               p->home,
               q.home,
               q.home,
               p->home,
               q.home);
    struct mud_capture c = seal(&q, number);
    struct mud_str bytes = mudtest_read(file_of(&q, &c));

    assert_int_equal(mud_test_pg_int(q.pg, "SELECT count(*) FROM mud.seal_key"),
                     1);
    place_free(&q);
    return mud_str_sub(bytes, (size_t)c.request_offset, bytes.n);
}

static void append(const char *path, struct mud_str bytes)
{
    FILE *file = fopen(path, "ab");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.s, 1, bytes.n, file), bytes.n);
    fclose(file);
}

/* Killed after the sync and before the commit. */
static void test_recover__seals_late_what_is_whole(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1), d;
    struct mud_str bytes = foreign_span(&p, 2), more = foreign_span(&p, 3);
    struct mud_exchange x = make_exchange(p.arena, 2, 400), y;
    struct mud_recovered r;
    struct mud_error err = {0};

    (void)state;
    close_vault(&p);
    append(file_of(&p, &c), bytes);
    append(file_of(&p, &c), more);
    r = recover(&p);
    assert_int_equal(r.captures, 2);
    assert_int_equal(r.tails, 0);
    assert_int_equal(all_good(&p), 3);
    assert_int_equal(mud_test_pg_int(p.pg,
                                     "SELECT count(*) FROM mud.ledger "
                                     "WHERE op = 'recover'"),
                     2);
    /* It is the capture that the caller had asked for, with all its facts. */
    assert_ok(mud_seal_exchange(&d, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_int_equal(all_good(&p), 3);
    assert_ok(mud_capture_exchange(&y, p.vault, &d, 400, p.arena, &err), &err);
    assert_bytes(y.body, x.body);
    assert_bytes(y.request_head, x.request_head);
    assert_bytes(y.referrer, x.referrer);
    place_free(&p);
}

/* Killed at every byte of a write. */
static void test_recover__cuts_off_what_is_not_whole(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    const char *path = file_of(&p, &c);
    struct mud_str bytes = foreign_span(&p, 2), file = mudtest_read(path);
    int tails = 0;

    (void)state;
    close_vault(&p);
    for (size_t n = 1; n < bytes.n; n += n + 40 < bytes.n ? 37 : 1) {
        struct mud_recovered r;

        append(path, mud_str_sub(bytes, 0, n));
        r = recover(&p);
        assert_int_equal(r.captures, 0);
        assert_int_equal(r.tails, 1);
        assert_int_equal(r.cut_bytes, n);
        assert_bytes(mudtest_read(path), file);
        tails++;
        close_vault(&p);
    }
    open_vault(&p);
    assert_int_equal(all_good(&p), 1);
    /* Nothing is thrown away. */
    assert_text(mudtest_sh("ls '%s/vault/lost+found' | wc -l", p.home).out,
                mudtest_text("%d\n", tails));
    place_free(&p);
}

static void test_recover__whole_then_torn(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_str bytes = foreign_span(&p, 2);
    struct mud_recovered r;

    (void)state;
    close_vault(&p);
    append(file_of(&p, &c), bytes);
    append(file_of(&p, &c), mud_str_sub(bytes, 0, bytes.n / 2));
    r = recover(&p);
    assert_int_equal(r.captures, 1);
    assert_int_equal(r.tails, 1);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* Killed, fetched again and sealed elsewhere, then recovered: two captures. */
static void test_recover__keeps_a_second_copy_as_its_own(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_recovered r;

    (void)state;
    close_vault(&p);
    append(file_of(&p, &c), foreign_span(&p, 1));
    r = recover(&p);
    assert_int_equal(r.captures, 1);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* Bytes that only look like ours. */
static void test_recover__sets_hostile_tails_aside(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_str bytes = foreign_span(&p, 2);
    char *copy = mud_malloc(bytes.n);
    struct mud_recovered r;

    (void)state;
    close_vault(&p);
    for (size_t at = 0; at < bytes.n; at += bytes.n / 50) {
        memcpy(copy, bytes.s, bytes.n);
        copy[at] = (char)(copy[at] ^ 0x55);
        append(file_of(&p, &c), mud_str_of(copy, bytes.n));
        r = recover(&p);
        assert_int_equal(r.captures + r.tails, 1);
        all_good(&p);
        close_vault(&p);
    }
    free(copy);
    place_free(&p);
}

static void test_recover__leaves_locked_files_alone(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_vault *mine = p.vault;
    struct mud_recovered r;

    (void)state;
    append(file_of(&p, &c), MUD_STR("still being written"));
    r = recover(&p); /* as another process would */
    assert_int_equal(r.tails, 0);
    mud_vault_close(p.vault);
    mud_vault_close(mine);
    p.vault = NULL;
    r = recover(&p);
    assert_int_equal(r.tails, 1);
    place_free(&p);
}

/* The database goes back to an earlier day; what was sealed since comes back. */
static void test_recover__database_from_a_backup(void **state)
{
    struct place p = place_new();
    const char *other = mud_test_pg_bare();
    const char *name = strstr(p.dsn, "dbname=") + strlen("dbname=");
    const char *path = mudtest_text("%s/one.warc", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:one.warc")};
    struct mud_warc_take take = {0};
    struct mud_error err = {0};
    struct mud_capture c, d;
    struct mud_facts was, is;
    struct mud_pg *pg;
    bool known;

    (void)state;
    seal(&p, 1);
    close_vault(&p);
    mud_pg_close(p.pg);
    pg = mud_test_pg_open(other);
    name = mudtest_text("%.*s", (int)strcspn(name, " "), name);
    mud_test_pg_exec(pg, mudtest_text("CREATE DATABASE old TEMPLATE %s", name));
    p.pg = mud_test_pg_open(p.dsn);
    open_vault(&p);
    p.vault->rotate = 1; /* each in a file of its own */
    c = seal(&p, 2);
    seal(&p, 3);
    mudtest_write(path,
                  mud_str_z("WARC/1.0\r\nWARC-Type: response\r\n"
                            "WARC-Target-URI: http://x.example/\r\n"
                            "WARC-Date: 2026-11-24T05:31:38Z\r\nContent-Type: "
                            "application/http\r\nContent-Length: 44\r\n\r\n"
                            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nhello"
                            "\r\n\r\n"));
    assert_ok(mud_seal_file(&d, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_ok(mud_seal_warc_records(&take, p.vault, p.pg, &d, &err), &err);
    assert_int_equal(take.responses, 1);
    all_good(&p);
    assert_ok(mud_facts_load(&was, p.pg, c.id, p.arena, &err), &err);
    close_vault(&p);
    mud_pg_close(p.pg);
    mud_test_pg_exec(pg, mudtest_text("DROP DATABASE %s", name));
    mud_test_pg_exec(pg, mudtest_text("ALTER DATABASE old RENAME TO %s", name));
    mud_pg_close(pg);
    p.pg = mud_test_pg_open(p.dsn);
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.capture"),
                     1);
    recover(&p);
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.capture"),
                     5);
    all_good(&p);
    assert_ok(mud_capture_load(&d, p.pg, c.id, p.arena, &err), &err);
    assert_int_equal(d.ledger_seq, c.ledger_seq);
    assert_int_equal(d.offset, c.offset);
    assert_ok(mud_facts_load(&is, p.pg, c.id, p.arena, &err), &err);
    assert_true(was.has_sm3 && is.has_sm3);
    assert_memory_equal(is.sm3, was.sm3, MUD_SHA256);
    assert_true(was.circumstances.n > 0);
    assert_bytes(is.circumstances, was.circumstances);
    seal(&p, 4);
    all_good(&p);
    place_free(&p);
}

/* The first process of a home died between making its file and saying so: an
 * empty database does not know what is stray, the second seal does. */
static void test_recover__looks_for_strays_once_the_ledger_has_begun(
    void **state)
{
    struct place p = place_new();
    char now[MUD_TIME_TEXT];
    const char *month, *empty, *copy;

    (void)state;
    mud_time_text(now, mud_now(), false);
    month = mudtest_text("%s/vault/%.7s", p.home, now);
    empty = mudtest_text("%s/mudlark-left.warc.gz", month);
    copy = mudtest_text("%s/handed-left.warc", month);
    assert_int_equal(mkdir(month, 0700), 0);
    mudtest_write(empty, MUD_STR("a warcinfo, by and large"));
    mudtest_write(copy, MUD_STR("a copy that was never registered"));
    /* An empty database cannot tell whose the copy is; what holds nothing
     * goes at once. */
    (void)seal(&p, 1);
    assert_int_not_equal(access(empty, F_OK), 0);
    assert_int_equal(access(copy, F_OK), 0);
    (void)seal(&p, 2);
    assert_int_not_equal(access(copy, F_OK), 0);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recover__seals_late_what_is_whole),
        cmocka_unit_test(test_recover__cuts_off_what_is_not_whole),
        cmocka_unit_test(test_recover__whole_then_torn),
        cmocka_unit_test(test_recover__keeps_a_second_copy_as_its_own),
        cmocka_unit_test(test_recover__sets_hostile_tails_aside),
        cmocka_unit_test(test_recover__leaves_locked_files_alone),
        cmocka_unit_test(test_recover__database_from_a_backup),
        cmocka_unit_test(
            test_recover__looks_for_strays_once_the_ledger_has_begun),
    };

    mud_log_setup(MUD_LOG_ERROR, false, STDERR_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
