#include "place.h"

#include "base/log.h"
#include "base/time.h"
#include "evidence/vault.h"

#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child: seal without end, say each id when it is sealed. */
static void seal_for_ever(const struct place *p, int round, int out)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_vault *vault;
    struct mud_error err = {0};
    struct mud_pg *pg;

    if (!mud_pg_open(&pg, p->dsn, &err) ||
        !mud_vault_open(&vault, p->home, &err))
        _exit(1);
    for (int i = 0;; i++) {
        struct mud_exchange x[3];
        const struct mud_exchange *list[3] = {&x[0], &x[1], &x[2]};
        struct mud_capture c[3];
        size_t n = (size_t)i % 3 + 1;

        for (size_t k = 0; k < n; k++)
            x[k] = make_exchange(arena,
                                 (round << 20) + i * 3 + (int)k,
                                 (size_t)(i * 977 % 30000));
        if (!mud_seal_exchanges(c, vault, pg, 1, list, n, arena, &err))
            _exit(2);
        for (size_t k = 0; k < n; k++)
            if (write(out, &c[k].id, sizeof(c[k].id)) != sizeof(c[k].id))
                _exit(3);
        mud_arena_reset(arena);
    }
}

/* Everything that a killed child said is there. */
static size_t all_said(struct place *p, int in)
{
    struct mud_error err = {0};
    struct mud_capture c;
    struct mud_id id;
    size_t n = 0;

    while (read(in, &id, sizeof(id)) == sizeof(id)) {
        assert_ok(mud_capture_load(&c, p->pg, id, p->arena, &err), &err);
        n++;
    }
    return n;
}

static void test_crash__kill_loses_nothing_sealed(void **state)
{
    struct place p = place_new();
    unsigned seed = (unsigned)mud_now();
    int64_t slowest = 0;
    size_t said = 0;
    int late = 0, cut = 0;

    (void)state;
    close_vault(&p);
    print_message("seed %u\n", seed);
    for (int round = 0; round < 12; round++) {
        struct mud_recovered r;
        int ends[2], status;
        int64_t began;
        pid_t pid;

        assert_int_equal(pipe(ends), 0);
        pid = fork();
        if (pid == 0)
            seal_for_ever(&p, round, ends[1]);
        close(ends[1]);
        /* Every other one is killed wherever it is, the rest at their work. */
        if (round % 2)
            poll(&(struct pollfd){.fd = ends[0], .events = POLLIN}, 1, 20000);
        usleep((useconds_t)(60000 + rand_r(&seed) % 250000));
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status));
        began = mud_monotonic();
        r = recover(&p);
        began = mud_monotonic() - began;
        slowest = began > slowest ? began : slowest;
        late += r.captures;
        cut += r.tails;
        said += all_said(&p, ends[0]);
        close(ends[0]);
        assert_true(all_good(&p) >= (int64_t)said);
        close_vault(&p);
    }
    assert_true(said > 12);
    print_message("%zu captures reported; %d sealed late, %d tails cut; "
                  "slowest recovery %lld ms\n",
                  said,
                  late,
                  cut,
                  (long long)slowest / 1000);
    place_free(&p);
}

/* A server process is killed while it waits inside a sealing transaction. */
static void test_crash__server_goes_away(void **state)
{
    struct place p = place_new();
    struct mud_pg *other = mud_test_pg_open(p.dsn);
    struct mud_error err = {0};
    int status;
    pid_t pid;

    (void)state;
    seal(&p, 1);
    close_vault(&p);
    assert_ok(mud_pg_begin(other, &err), &err);
    mud_test_pg_exec(other, "SELECT mud.ledger_head()");
    pid = fork();
    if (pid == 0) {
        struct mud_exchange x = make_exchange(p.arena, 2, 400);
        struct mud_capture c;
        struct mud_pg *pg;

        if (!mud_pg_open(&pg, p.dsn, &err) ||
            !mud_vault_open(&p.vault, p.home, &err))
            _exit(1);
        if (mud_seal_exchange(&c, p.vault, pg, 1, &x, p.arena, &err) ||
            err.code != MUD_EAGAIN)
            _exit(2);
        mud_pg_close(pg);
        mud_error_clear(&err);
        if (!mud_pg_open(&pg, p.dsn, &err) ||
            !mud_seal_exchange(&c, p.vault, pg, 1, &x, p.arena, &err))
            _exit(3);
        mud_vault_close(p.vault);
        _exit(0);
    }
    for (int i = 0; i < 500; i++) {
        if (mud_test_pg_int(p.pg,
                            "SELECT count(pg_terminate_backend(pid)) FROM "
                            "pg_stat_activity WHERE wait_event = 'advisory' "
                            "AND datname = current_database()"))
            break;
        usleep(10000);
    }
    assert_ok(mud_pg_commit(other, &err), &err);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WEXITSTATUS(status), 0);
    open_vault(&p);
    assert_int_equal(all_good(&p), 2);
    mud_pg_close(other);
    place_free(&p);
}

/* The connection ends in the commit itself, which then was none. */
static void test_crash__commit_that_did_not_happen(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 2, 400);
    struct mud_error err = {0};
    struct mud_capture c;

    (void)state;
    seal(&p, 1);
    mud_test_pg_exec(
        p.pg,
        "CREATE FUNCTION bye() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); "
        "RETURN NEW; END $$;"
        "CREATE CONSTRAINT TRIGGER bye AFTER INSERT ON mud.capture "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bye()");
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_EAGAIN,
                 "");
    mud_error_clear(&err);
    mud_pg_close(p.pg);
    p.pg = mud_test_pg_open(p.dsn);
    mud_test_pg_exec(p.pg, "DROP TRIGGER bye ON mud.capture");
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* The commit happened, but nobody heard of it. */
static void test_crash__commit_that_did_happen(void **state)
{
    struct place p = place_new();
    struct mud_capture c, d;
    int64_t end;

    (void)state;
    seal(&p, 1);
    end = p.vault->end;
    c = seal(&p, 2);
    p.vault->unsure = p.vault->end;
    p.vault->end = end;
    d = seal(&p, 2);
    assert_true(mud_id_eq(c.id, d.id));
    assert_int_equal(d.ledger_seq, c.ledger_seq);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* The database refuses: the bytes go away again. */
static void test_crash__refused_by_the_database(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 2, 400);
    struct mud_error err = {0};
    struct mud_capture c;

    (void)state;
    c = seal(&p, 1);
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 99, &x, p.arena, &err),
                 &err,
                 MUD_EDB,
                 "source");
    assert_int_equal(all_good(&p), 1);
    seal(&p, 3);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* Seal until it fails; how many went in. The error says that it is full. */
static int fill(struct place *p, int from, const char *want)
{
    struct mud_error err = {0};

    for (int i = from; i < from + 1000; i++) {
        struct mud_exchange x = make_exchange(p->arena, i, 0);
        struct mud_capture c;
        char *body = mud_arena_alloc(p->arena, 20000);

        mud_random(body, 20000);
        x.body = mud_str_of(body, 20000);
        if (mud_seal_exchange(&c, p->vault, p->pg, 1, &x, p->arena, &err))
            continue;
        assert_int_equal(err.code, MUD_EIO);
        assert_has(mud_str_z(err.text), want);
        assert_has(mud_str_z(err.text), "vault/");
        return i - from;
    }
    fail_msg("the disk did not fill up");
    return 0;
}

static void test_crash__disk_full(void **state)
{
    struct place p = place_new();
    const char *file = mudtest_text("%s/big", mudtest_dir());
    const char *root = mudtest_text("%s/vault", p.home);
    struct mud_handed handed = {.path = file, .url = MUD_STR("file:big")};
    struct mud_error err = {0};
    struct mud_capture c;
    bool known;
    int n;

    (void)state;
    if (mount("tmpfs", root, "tmpfs", 0, "size=512k") != 0) {
        place_free(&p);
        skip();
    }
    n = fill(&p, 0, "No space left on device");
    assert_true(n > 5);
    assert_int_equal(all_good(&p), n);
    mudtest_sh("head -c 1000000 /dev/urandom > '%s'", file);
    assert_fails(
        mud_seal_file(&c, &known, p.vault, p.pg, 1, &handed, p.arena, &err),
        &err,
        MUD_EIO,
        "No space left");
    mud_error_clear(&err);
    assert_int_equal(all_good(&p), n);
    assert_int_equal(mount("tmpfs", root, "tmpfs", MS_REMOUNT, "size=4m"), 0);
    assert_ok(
        mud_seal_file(&c, &known, p.vault, p.pg, 1, &handed, p.arena, &err),
        &err);
    assert_int_equal(all_good(&p), n + 1);
    close_vault(&p);
    assert_int_equal(umount2(root, MNT_DETACH), 0);
    place_free(&p);
}

/* The same without being root: files may not grow any further. */
static void test_crash__file_size_limit(void **state)
{
    struct place p = place_new();
    int status;
    pid_t pid;

    (void)state;
    close_vault(&p);
    pid = fork();
    if (pid == 0) {
        struct rlimit limit = {200000, 200000};
        struct mud_error err = {0};

        signal(SIGXFSZ, SIG_IGN);
        p.pg = mud_test_pg_open(p.dsn);
        if (!mud_vault_open(&p.vault, p.home, &err) ||
            setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(1);
        _exit(fill(&p, 0, "File too large") > 3 ? 0 : 2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    open_vault(&p);
    assert_true(all_good(&p) > 3);
    place_free(&p);
}

static void test_crash__eight_sealers_one_chain(void **state)
{
    struct place p = place_new();
    pid_t pids[8];

    (void)state;
    close_vault(&p);
    for (int k = 0; k < 8; k++) {
        pids[k] = fork();
        if (pids[k] == 0) {
            struct mud_error err = {0};

            p.pg = mud_test_pg_open(p.dsn);
            if (!mud_vault_open(&p.vault, p.home, &err))
                _exit(1);
            for (int i = 0; i < 25; i++) {
                struct mud_exchange x =
                    make_exchange(p.arena, k * 1000 + i, 2000);
                struct mud_capture c;

                if (!mud_seal_exchange(
                        &c, p.vault, p.pg, 1, &x, p.arena, &err)) {
                    print_error("sealer %d, capture %d: %s\n", k, i, err.text);
                    _exit(2);
                }
            }
            mud_vault_close(p.vault);
            _exit(0);
        }
    }
    for (int k = 0; k < 8; k++) {
        int status;

        assert_int_equal(waitpid(pids[k], &status, 0), pids[k]);
        assert_int_equal(status, 0);
    }
    open_vault(&p);
    assert_int_equal(all_good(&p), 200);
    assert_int_equal(
        mud_test_pg_int(p.pg, "SELECT max(seq) - count(*) FROM mud.ledger"),
        -1);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crash__kill_loses_nothing_sealed),
        cmocka_unit_test(test_crash__server_goes_away),
        cmocka_unit_test(test_crash__commit_that_did_not_happen),
        cmocka_unit_test(test_crash__commit_that_did_happen),
        cmocka_unit_test(test_crash__refused_by_the_database),
        cmocka_unit_test(test_crash__disk_full),
        cmocka_unit_test(test_crash__file_size_limit),
        cmocka_unit_test(test_crash__eight_sealers_one_chain),
    };

    mud_log_setup(MUD_LOG_ERROR, false, STDERR_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
