/* A worker and the vault it writes to: the right one, and one that takes it. */
#include "place.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *mark_of(const struct place *p)
{
    return mudtest_text("%s/vault/vault.id", p->home);
}

static bool claim(struct place *p, struct mud_error *err)
{
    return mud_vault_claim(p->vault, p->pg, err);
}

static void test_claim__pairs_a_new_vault_with_a_new_database(void **state)
{
    struct place p = place_new();
    struct mud_error err = {0};

    (void)state;
    assert_ok(claim(&p, &err), &err);
    struct mud_str mark = mudtest_read(mark_of(&p));
    assert_has(mark, "mudlark-vault ");
    assert_int_equal(
        mud_test_pg_int(p.pg,
                        mudtest_text("SELECT count(*) FROM mud.setting WHERE "
                                     "key = 'vault' AND value->>'id' = '%.36s'",
                                     mark.s + strlen("mudlark-vault "))),
        1);
    assert_ok(claim(&p, &err), &err);
    assert_bytes(mudtest_read(mark_of(&p)), mark);
    assert_int_equal(
        atoi(mudtest_sh("ls -a %s/vault | grep -c probe", p.home).out.s), 0);
    place_free(&p);
}

static void test_claim__refuses_the_vault_of_another_database(void **state)
{
    struct place a = place_new(), b = place_new();
    struct mud_error err = {0};

    (void)state;
    assert_ok(claim(&a, &err), &err);
    assert_ok(claim(&b, &err), &err);
    struct place crossed = {.vault = a.vault, .pg = b.pg};
    assert_fails(claim(&crossed, &err), &err, MUD_EDENIED, "MUDLARK_DSN");
    place_free(&a);
    place_free(&b);
}

/* The folder is there, but nothing is mounted on it. */
static void test_claim__refuses_an_empty_folder_in_its_place(void **state)
{
    struct place p = place_new();
    struct mud_error err = {0};

    (void)state;
    assert_ok(claim(&p, &err), &err);
    struct mud_str mark = mudtest_read(mark_of(&p));
    assert_int_equal(
        mudtest_sh("rm -r %s/vault; mkdir %s/vault", p.home, p.home).code, 0);
    assert_fails(claim(&p, &err), &err, MUD_EDENIED, "mounted");
    /* and what it says to do about it helps */
    mudtest_write(mark_of(&p), mark);
    assert_ok(claim(&p, &err), &err);
    mudtest_write(mark_of(&p), MUD_STR("something else\n"));
    assert_fails(claim(&p, &err), &err, MUD_ECORRUPT, "vault.id");
    place_free(&p);
}

/* A database that was made anew takes up the vault that it finds. */
static void test_claim__a_new_database_takes_the_mark_it_finds(void **state)
{
    struct place a = place_new(), b = place_new();
    struct mud_error err = {0};

    (void)state;
    assert_ok(claim(&a, &err), &err);
    struct place later = {.vault = a.vault, .pg = b.pg};
    assert_ok(claim(&later, &err), &err);
    assert_ok(claim(&a, &err), &err);
    place_free(&a);
    place_free(&b);
}

static void test_claim__of_many_at_once_makes_one_mark(void **state)
{
    struct place p = place_new();
    int status, bad = 0;

    (void)state;
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            struct mud_error err = {0};
            struct mud_pg *pg = mud_test_pg_open(p.dsn);
            struct mud_vault *vault;
            _exit(!mud_vault_open(&vault, p.home, &err) ||
                  !mud_vault_claim(vault, pg, &err));
        }
    }
    for (int i = 0; i < 8; i++) {
        assert_true(wait(&status) > 0);
        bad += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    assert_int_equal(bad, 0);
    assert_int_equal(mudtest_read(mark_of(&p)).n,
                     strlen("mudlark-vault \n") + 36);
    place_free(&p);
}

enum {
    CAN_NOT = 77 /* this machine does not let us make such a vault */
};

/* In a child with its own view of mounts: put a file system on the vault by
 * `make`, claim it, and compare what is said. */
static int in_child(struct place *p, bool (*make)(const char *vault),
                    const char *part)
{
    struct mud_error err = {0};
    struct mud_pg *pg;
    int status;
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        if (!mud_pg_open(&pg, p->dsn, &err))
            _exit(2);
        if (!make(mudtest_text("%s/vault", p->home)))
            _exit(CAN_NOT);
        bool refused = !mud_vault_claim(p->vault, pg, &err) &&
                       err.code == MUD_EIO && strstr(err.text, part);
        if (!refused)
            (void)fprintf(stderr, "said: %s\n", err.text);
        _exit(refused ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == CAN_NOT)
        print_message("left out here: %s\n", part);
    return WEXITSTATUS(status) == CAN_NOT ? 0 : WEXITSTATUS(status);
}

static bool own_mounts(void)
{
    return unshare(CLONE_NEWNS) == 0 &&
           mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool make_read_only(const char *vault)
{
    return own_mounts() &&
           mount("tmpfs", vault, "tmpfs", MS_RDONLY, "size=64k") == 0;
}

static bool make_full(const char *vault)
{
    return own_mounts() && mount("tmpfs", vault, "tmpfs", 0, "size=64k") == 0 &&
           mudtest_sh("head -c 100000 /dev/zero >%s/x 2>/dev/null", vault)
                   .code != 0;
}

/* Root may write anywhere: be somebody else. */
static bool make_foreign(const char *vault)
{
    return chmod(mudtest_text("%s/..", vault), 0755) == 0 &&
           chmod(vault, 0755) == 0 && geteuid() == 0 && seteuid(65534) == 0;
}

static void test_claim__says_why_a_vault_cannot_be_written_to(void **state)
{
    static const struct {
        bool (*make)(const char *vault);
        const char *part;
    } rows[] = {
        {make_read_only, "is mounted read-only: mount it read-write"},
        {make_full, "is full: make room there"},
        {make_foreign, "it belongs to uid 0; run as that user, or chown"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct place p = place_new();
        if (in_child(&p, rows[i].make, rows[i].part) != 0)
            fail_msg("not said: %s", rows[i].part);
        place_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claim__pairs_a_new_vault_with_a_new_database),
        cmocka_unit_test(test_claim__refuses_the_vault_of_another_database),
        cmocka_unit_test(test_claim__refuses_an_empty_folder_in_its_place),
        cmocka_unit_test(test_claim__a_new_database_takes_the_mark_it_finds),
        cmocka_unit_test(test_claim__of_many_at_once_makes_one_mark),
        cmocka_unit_test(test_claim__says_why_a_vault_cannot_be_written_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
