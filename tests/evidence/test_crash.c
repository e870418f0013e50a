#include "place.h"

#include "base/log.h"
#include "base/time.h"
#include "evidence/vault.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void close_vault(struct place *p)
{
    mud_vault_close(p->vault);
    p->vault = NULL;
}

static void open_vault(struct place *p)
{
    struct mud_error err = {0};

    assert_ok(mud_vault_open(&p->vault, p->home, &err), &err);
}

static struct mud_recovered recover(struct place *p)
{
    struct mud_recovered r;
    struct mud_error err = {0};

    open_vault(p);
    assert_ok(mud_vault_recover(&r, p->vault, p->pg, &err), &err);
    return r;
}

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

static struct mud_capture seal(struct place *p, int number)
{
    struct mud_exchange x = make_exchange(p->arena, number, 400);
    struct mud_error err = {0};
    struct mud_capture c;

    assert_ok(mud_seal_exchange(&c, p->vault, p->pg, 1, &x, p->arena, &err),
              &err);
    return c;
}

static const char *file_of(const struct place *p, const struct mud_capture *c)
{
    return mudtest_text("%s/vault/%.*s", p->home, MUD_FMT(c->warc));
}

/* The records of the only capture of another vault. */
static struct mud_str foreign_span(int number)
{
    struct place q = place_new();
    struct mud_capture c = seal(&q, number);
    struct mud_str bytes = mudtest_read(file_of(&q, &c));

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
static void test_crash__seals_late_what_is_whole(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1), d;
    struct mud_str bytes = foreign_span(2), more = foreign_span(3);
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
static void test_crash__cuts_off_what_is_not_whole(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    const char *path = file_of(&p, &c);
    struct mud_str bytes = foreign_span(2), file = mudtest_read(path);
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

static void test_crash__whole_then_torn(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_str bytes = foreign_span(2);
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
static void test_crash__keeps_a_second_copy_as_its_own(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_recovered r;

    (void)state;
    close_vault(&p);
    append(file_of(&p, &c), foreign_span(1));
    r = recover(&p);
    assert_int_equal(r.captures, 1);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* Bytes that only look like ours. */
static void test_crash__sets_hostile_tails_aside(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal(&p, 1);
    struct mud_str bytes = foreign_span(2);
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

static void test_crash__leaves_locked_files_alone(void **state)
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

/* The database goes back to an earlier day; what was sealed since comes back. */
static void test_crash__database_from_a_backup(void **state)
{
    struct place p = place_new();
    const char *other = mud_test_pg_bare();
    const char *name = strstr(p.dsn, "dbname=") + strlen("dbname=");
    const char *path = mudtest_text("%s/one.warc", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:one.warc")};
    struct mud_warc_take take = {0};
    struct mud_error err = {0};
    struct mud_capture c, d;
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
    seal(&p, 4);
    all_good(&p);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crash__kill_loses_nothing_sealed),
        cmocka_unit_test(test_crash__seals_late_what_is_whole),
        cmocka_unit_test(test_crash__cuts_off_what_is_not_whole),
        cmocka_unit_test(test_crash__whole_then_torn),
        cmocka_unit_test(test_crash__keeps_a_second_copy_as_its_own),
        cmocka_unit_test(test_crash__sets_hostile_tails_aside),
        cmocka_unit_test(test_crash__leaves_locked_files_alone),
        cmocka_unit_test(test_crash__server_goes_away),
        cmocka_unit_test(test_crash__commit_that_did_not_happen),
        cmocka_unit_test(test_crash__commit_that_did_happen),
        cmocka_unit_test(test_crash__refused_by_the_database),
        cmocka_unit_test(test_crash__disk_full),
        cmocka_unit_test(test_crash__file_size_limit),
        cmocka_unit_test(test_crash__eight_sealers_one_chain),
        cmocka_unit_test(test_crash__database_from_a_backup),
    };

    mud_log_setup(MUD_LOG_ERROR, false, STDERR_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
