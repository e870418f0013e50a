/* What becomes of originals when their time is over, and what beats that. */
#include "place.h"

#include "base/log.h"
#include "base/time.h"
#include "evidence/retention.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY  (86400 * MUD_SECOND)
#define YEAR (366 * DAY)

static struct mud_capture seal_of(struct place *p, int32_t source, int number)
{
    struct mud_exchange x = make_exchange(p->arena, number, 500);
    struct mud_error err = {0};
    struct mud_capture c;

    assert_ok(
        mud_seal_exchange(&c, p->vault, p->pg, source, &x, p->arena, &err),
        &err);
    return c;
}

static struct mud_purge purge_at(struct place *p, int64_t now, bool dry)
{
    struct mud_purge purge = {.who = MUD_STR("li"),
                              .reason = MUD_STR("its time is over"),
                              .now = now,
                              .dry = dry};
    struct mud_error err = {0};

    assert_ok(mud_purge(&purge, p->vault, p->pg, &err), &err);
    return purge;
}

static bool readable(struct place *p, const struct mud_capture *c)
{
    struct mud_exchange x;
    struct mud_error err = {0};

    if (mud_capture_exchange(&x, p->vault, c, 100000, p->arena, &err))
        return true;
    assert_int_equal(err.code, MUD_EDENIED);
    assert_has(mud_str_z(err.text), "purged: data key");
    assert_has(mud_str_z(err.text), "by li (its time is over)");
    return false;
}

static void hold(struct place *p, const char *kind, struct mud_str object,
                 const struct mud_id *captures, size_t n)
{
    struct mud_hold h = {.kind = kind,
                         .object = object,
                         .reason = MUD_STR("case 12"),
                         .who = MUD_STR("wang"),
                         .captures = captures,
                         .n_captures = n};
    struct mud_error err = {0};

    assert_ok(mud_hold_set(p->pg, p->home, &h, &err), &err);
    assert_fails(mud_hold_set(p->pg, p->home, &h, &err),
                 &err,
                 MUD_EUSAGE,
                 "held already");
}

static void release(struct place *p, const char *kind, struct mud_str object)
{
    struct mud_hold h = {.kind = kind,
                         .object = object,
                         .reason = MUD_STR("closed"),
                         .who = MUD_STR("wang")};
    struct mud_error err = {0};

    assert_ok(mud_hold_release(p->pg, p->home, &h, &err), &err);
    assert_fails(mud_hold_release(p->pg, p->home, &h, &err),
                 &err,
                 MUD_EMISSING,
                 "is not held");
}

static int64_t ops(struct place *p, const char *op)
{
    return mud_test_pg_int(
        p->pg,
        mudtest_text("SELECT count(*) FROM mud.ledger WHERE op = '%s'", op));
}

static void test_purge__destroys_what_is_over(void **state)
{
    struct place p = place_new();
    struct mud_capture a = seal_of(&p, 1, 1), b;
    struct mud_error err = {0};
    struct mud_purge purge;

    (void)state;
    assert_ok(
        mud_retention_set(
            p.pg, p.home, MUD_STR("b"), MUD_STR("10y"), MUD_STR("li"), &err),
        &err);
    close_vault(&p); /* classes are believed for half a minute */
    open_vault(&p);
    b = seal_of(&p, 2, 2);
    purge = purge_at(&p, mud_now() + 330 * DAY, false);
    assert_int_equal(purge.keys, 0);
    purge = purge_at(&p, mud_now() + YEAR + 32 * DAY, true);
    assert_int_equal(purge.keys + purge.captures, 2);
    assert_true(readable(&p, &a)); /* it was only asked */
    purge = purge_at(&p, mud_now() + YEAR + 32 * DAY, false);
    assert_int_equal(purge.keys, 1);
    assert_int_equal(purge.captures, 1);
    assert_false(readable(&p, &a));
    assert_true(readable(&p, &b));
    assert_int_equal(ops(&p, "purge"), 1);
    assert_int_equal(
        mudtest_sh("ls '%s'/vault/keys/*.key | wc -l", p.home).out.s[0], '1');
    /* Row and ledger stay, and it is no damage. */
    assert_int_equal(all_good(&p), 2);
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.keys, 0);
    /* It stays so in a new process, and after the copy of the key comes back
     * with an old row. */
    close_vault(&p);
    mud_test_pg_exec(p.pg,
                     "UPDATE mud.seal_key SET wrapped = decode(repeat('00', "
                     "72), 'hex'), purged_at = NULL WHERE wrapped IS NULL");
    open_vault(&p);
    seal_of(&p, 1, 3);
    assert_false(readable(&p, &a));
    assert_int_equal(mud_test_pg_int(p.pg,
                                     "SELECT count(*) FROM mud.seal_key WHERE "
                                     "wrapped IS NULL"),
                     1);
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static void test_purge__holds_beat_it(void **state)
{
    struct place p = place_new();
    struct mud_capture a = seal_of(&p, 1, 1), b = seal_of(&p, 1, 2),
                       c = seal_of(&p, 1, 3);
    struct mud_purge purge;
    struct mud_id pair[2] = {a.id, c.id};
    char id[MUD_ID_TEXT];

    (void)state;
    hold(&p, "capture", mud_str_z(mud_id_text(id, a.id)), &a.id, 1);
    hold(&p, "case", MUD_STR("2026-12"), pair, 2);
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.captures, 1);
    assert_int_equal(purge.kept, 2);
    close_vault(&p);
    open_vault(&p);
    assert_true(readable(&p, &a));
    assert_false(readable(&p, &b));
    assert_true(readable(&p, &c));
    assert_int_equal(all_good(&p), 3);
    release(&p, "case", MUD_STR("2026-12"));
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.let_go, 1);
    assert_true(readable(&p, &a)); /* by its own hold */
    assert_false(readable(&p, &c));
    release(&p, "capture", mud_str_z(id));
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.let_go, 1);
    close_vault(&p);
    open_vault(&p);
    assert_false(readable(&p, &a));
    assert_int_equal(all_good(&p), 3);
    assert_int_equal(ops(&p, "hold"), 2);
    assert_int_equal(ops(&p, "release"), 2);
    assert_int_equal(ops(&p, "purge"), 3);
    place_free(&p);
}

static void test_purge__a_source_that_is_held_or_kept_longer_stays(void **state)
{
    struct place p = place_new();
    struct mud_capture a = seal_of(&p, 1, 1), b = seal_of(&p, 2, 2);
    struct mud_error err = {0};
    struct mud_purge purge;

    (void)state;
    hold(&p, "source", MUD_STR("a"), NULL, 0);
    assert_ok(
        mud_retention_set(
            p.pg, p.home, MUD_STR("b"), MUD_STR("3y"), MUD_STR("li"), &err),
        &err);
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.captures, 0);
    assert_int_equal(purge.kept, 2);
    assert_true(readable(&p, &a));
    assert_true(readable(&p, &b));
    purge = purge_at(&p, mud_now() + 4 * YEAR, false);
    assert_int_equal(purge.let_go, 1);
    assert_true(readable(&p, &a));
    assert_false(readable(&p, &b));
    assert_int_equal(all_good(&p), 2);
    assert_fails(
        mud_retention_set(
            p.pg, p.home, MUD_STR("b"), MUD_STR("2y"), MUD_STR("li"), &err),
        &err,
        MUD_EUSAGE,
        "1m, 3m, 1y, 3y or 10y");
    mud_error_clear(&err);
    assert_fails(
        mud_retention_set(
            p.pg, p.home, MUD_STR("none"), MUD_STR("1y"), MUD_STR("li"), &err),
        &err,
        MUD_EMISSING,
        "no source");
    place_free(&p);
}

/* A WARC of another tool is one file with one key: a record that is held keeps
 * all of it. */
static void test_purge__a_record_keeps_its_file(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/one.warc", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:one.warc")};
    struct mud_warc_take take = {0};
    struct mud_error err = {0};
    struct mud_capture file;
    struct mud_rows *rows;
    struct mud_purge purge;
    struct mud_id record;
    bool known;

    (void)state;
    mudtest_write(path,
                  mud_str_z("WARC/1.0\r\nWARC-Type: response\r\n"
                            "WARC-Target-URI: http://x.example/\r\n"
                            "WARC-Date: 2026-11-24T05:31:38Z\r\nContent-Type: "
                            "application/http\r\nContent-Length: 44\r\n\r\n"
                            "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nhello"
                            "\r\n\r\n"));
    assert_ok(mud_seal_file(&file, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_ok(mud_seal_warc_records(&take, p.vault, p.pg, &file, &err), &err);
    assert_ok(mud_pg_query(&rows,
                           p.pg,
                           "SELECT capture_id FROM mud.capture WHERE kind = 3",
                           NULL,
                           0,
                           &err),
              &err);
    record = mud_rows_id(rows, 0, 0);
    mud_rows_free(rows);
    hold(&p, "case", MUD_STR("r"), &record, 1);
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_int_equal(purge.kept, 1);
    assert_true(readable(&p, &file));
    assert_int_equal(all_good(&p), 3); /* the file twice: copy, metadata */
    release(&p, "case", MUD_STR("r"));
    purge = purge_at(&p, mud_now() + 2 * YEAR, false);
    assert_true(purge.let_go > 0);
    assert_false(readable(&p, &file));
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

/* In a child. */
static void purge_once(const struct place *p)
{
    struct mud_purge purge = {.who = MUD_STR("li"),
                              .reason = MUD_STR("its time is over"),
                              .now = mud_now() + 20 * YEAR};
    struct mud_vault *vault;
    struct mud_error err = {0};
    struct mud_pg *pg;

    if (!mud_pg_open(&pg, p->dsn, &err) ||
        !mud_vault_open(&vault, p->home, &err) ||
        !mud_purge(&purge, vault, pg, &err)) {
        print_error("%s\n", err.text);
        _exit(2);
    }
    _exit(0);
}

static void test_purge__killed_amid_it_ends_what_it_began(void **state)
{
    struct place p = place_new();
    unsigned seed = (unsigned)mud_now();
    int64_t captures = 0;
    struct mud_capture kept;

    (void)state;
    print_message("seed %u\n", seed);
    mud_test_pg_exec(p.pg,
                     "INSERT INTO mud.retention VALUES (2, '3m', now(), 't')");
    kept = seal_of(&p, 1, 999);
    hold(&p, "case", MUD_STR("k"), &kept.id, 1);
    for (int round = 0; round < 8; round++) {
        struct mud_capture a = seal_of(&p, 1, round), b;
        int status;
        pid_t pid;

        b = seal_of(&p, 2, 100 + round);
        captures += 2;
        close_vault(&p);
        pid = fork();
        if (pid == 0)
            purge_once(&p);
        usleep((useconds_t)(10000 + rand_r(&seed) % 150000));
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        open_vault(&p);
        assert_int_equal(all_good(&p), captures + 1);
        assert_true(readable(&p, &kept));
        purge_at(&p, mud_now() + 20 * YEAR, false);
        assert_false(readable(&p, &a));
        assert_false(readable(&p, &b));
        assert_true(readable(&p, &kept));
        assert_int_equal(all_good(&p), captures + 1);
        assert_int_equal(
            mudtest_sh("ls '%s'/vault/keys/*.key 2>/dev/null | wc -l", p.home)
                .out.s[0],
            '0');
    }
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_purge__destroys_what_is_over),
        cmocka_unit_test(test_purge__holds_beat_it),
        cmocka_unit_test(
            test_purge__a_source_that_is_held_or_kept_longer_stays),
        cmocka_unit_test(test_purge__a_record_keeps_its_file),
        cmocka_unit_test(test_purge__killed_amid_it_ends_what_it_began),
    };

    mud_log_setup(MUD_LOG_ERROR, false, STDERR_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
