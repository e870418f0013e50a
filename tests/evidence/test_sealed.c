/* Originals at rest: sealed by default, read with the machine key, checked
 * without it; keys that are lost, wrong, rotated, killed on the way. */
#include "place.h"

#include "base/log.h"
#include "base/time.h"
#include "evidence/show.h"

#include <openssl/evp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct found found_of(struct place *p, int64_t *bad)
{
    struct found found = {0};
    struct mud_verify v = {.finding = found_add, .payload = &found};
    struct mud_error err = {0};

    assert_ok(mud_verify_vault(&v, p->vault, p->pg, &err), &err);
    *bad = v.bad;
    return found;
}

static struct mud_capture seal_text(struct place *p, int32_t source,
                                    const char *text)
{
    struct mud_exchange x = make_exchange(p->arena, 1, 400);
    struct mud_error err = {0};
    struct mud_capture c;

    x.url = mud_str_printf(p->arena, "http://forum.example/%s", text);
    x.body = mud_str_printf(p->arena, "<p>%s</p>", text);
    assert_ok(
        mud_seal_exchange(&c, p->vault, p->pg, source, &x, p->arena, &err),
        &err);
    return c;
}

/* Is the text anywhere in the vault, unpacked or not? */
static bool in_vault(const struct place *p, const char *text)
{
    return mudtest_sh("cd '%s/vault' && find . -type f -exec sh -c "
                      "'zcat -f \"$1\"; cat \"$1\"' . {} \\; | grep -aq '%s'",
                      p->home,
                      text)
               .code == 0;
}

static void check_read(struct place *p, const struct mud_capture *c,
                       const char *text)
{
    struct mud_exchange x;
    struct mud_error err = {0};

    assert_ok(mud_capture_exchange(&x, p->vault, c, 1000, p->arena, &err),
              &err);
    assert_text(x.body, mudtest_text("<p>%s</p>", text));
    assert_has(x.request_head, "GET /t/1");
}

static void test_sealed__nothing_stands_in_the_clear(void **state)
{
    struct place p = place_new(), q = place_plain();
    struct mud_capture c = seal_text(&p, 1, "gift-of-the-magpie");

    (void)state;
    seal_text(&q, 1, "gift-of-the-magpie");
    assert_true(in_vault(&q, "gift-of-the-magpie"));
    assert_false(in_vault(&p, "gift-of-the-magpie"));
    assert_true(mud_str_ends(c.warc, MUD_STR(".warc.gz.sealed")));
    check_read(&p, &c, "gift-of-the-magpie");
    assert_int_equal(all_good(&p), 1);
    assert_int_equal(all_good(&q), 1);
    assert_text(mudtest_sh("stat -c %%a '%s/keys/machine.key' '%s/keys'",
                           p.home,
                           p.home)
                    .out,
                "600\n700\n");
    place_free(&p);
    place_free(&q);
}

static void test_sealed__each_cipher_gives_back_what_went_in(void **state)
{
    static const size_t sizes[] = {1, 15, 65535, 65536, 65537, 200000};
    uint8_t data[MUD_FRAME_KEY], own[MUD_FRAME_KEY];
    uint8_t *plain = mud_malloc(MUD_FRAME_PLAIN);
    char *text = mud_malloc(200000);
    struct mud_id key;

    (void)state;
    mud_random(data, sizeof(data));
    mud_random(&key, sizeof(key));
    mud_random(text, 200000);
    for (int cipher = mud_cipher_best(); cipher <= MUD_CIPHER_XCHACHA;
         cipher++) {
        struct mud_sealer *sealer = mud_sealer_new((enum mud_cipher)cipher);

        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
            struct mud_buf out = {0};
            size_t at = 0, seen = 0, frames = 0;
            struct mud_frame f = {0};

            mud_sealer_begin(sealer, key, data);
            mud_frame_key(own, data, key, mud_sealer_salt(sealer));
            mud_sealer_add(sealer, &out, mud_str_of(text, sizes[i]), true);
            while (at < out.n) {
                uint8_t *bytes = (uint8_t *)out.s + at;

                assert_true(mud_frame_read(&f, bytes));
                assert_int_equal(f.cipher, cipher);
                assert_int_equal(f.number, frames++);
                assert_true(mud_frame_open(plain, &f, bytes, own));
                assert_memory_equal(plain, text + seen, f.n);
                /* Head, text and tag are all authenticated. */
                for (size_t k = 0; k < mud_frame_size(f.cipher, f.n);
                     k += k < MUD_FRAME_HEAD ? 1 : 997) {
                    struct mud_frame g;

                    bytes[k] ^= 1;
                    assert_false(mud_frame_read(&g, bytes) && g.n == f.n &&
                                 g.cipher == f.cipher &&
                                 mud_frame_open(plain, &g, bytes, own));
                    bytes[k] ^= 1;
                }
                seen += f.n;
                at += mud_frame_size(f.cipher, f.n);
            }
            assert_int_equal(seen, sizes[i]);
            assert_true(f.last);
            mud_buf_free(&out);
        }
        mud_sealer_free(sealer);
    }
    free(plain);
    free(text);
}

static void test_sealed__without_key_the_sealed_bytes_are_checked(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal_text(&p, 1, "one"), d = seal_text(&p, 1, "two");
    struct mud_exchange x;
    struct mud_error err = {0};
    struct found found;
    struct mud_str bytes;
    int64_t bad;
    char *copy;

    (void)state;
    close_vault(&p);
    mudtest_sh("mv '%s/keys' '%s/away'", p.home, p.home);
    open_vault(&p);
    found = found_of(&p, &bad);
    assert_int_equal(bad, 0);
    assert_has(mud_buf_view(&found.text),
               "sealed: 2 captures: only their sealed bytes were checked");
    assert_has(mud_buf_view(&found.text), "MUDLARK_KEY");
    mud_buf_free(&found.text);
    assert_fails(mud_capture_exchange(&x, p.vault, &c, 1000, p.arena, &err),
                 &err,
                 MUD_EDENIED,
                 "machine.key");
    mud_error_clear(&err);
    x = make_exchange(p.arena, 3, 40);
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_EDENIED,
                 "the vault is sealed and its machine key is not at");
    mud_error_clear(&err);
    /* One bit of the second capture: found without any key. */
    bytes = mudtest_read(file_of(&p, &d));
    copy = mud_arena_dup(p.arena, bytes.s, bytes.n);
    copy[d.offset + d.length / 2] ^= 1;
    mudtest_write(file_of(&p, &d), mud_str_of(copy, bytes.n));
    found = found_of(&p, &bad);
    assert_int_equal(bad, 1);
    assert_has(mud_buf_view(&found.text), "not those that the ledger names");
    mud_buf_free(&found.text);
    mudtest_write(file_of(&p, &d), bytes);
    /* Another machine's key is told from a missing one. */
    mudtest_sh("mkdir -m 700 '%s/keys'; (echo mudlark-machine-key 1; head -c "
               "32 /dev/zero | od -An -v -tx1 | tr -d ' \\n') > "
               "'%s/keys/machine.key'; chmod 600 '%s/keys/machine.key'",
               p.home,
               p.home,
               p.home);
    close_vault(&p);
    open_vault(&p);
    assert_fails(mud_capture_exchange(&x, p.vault, &d, 1000, p.arena, &err),
                 &err,
                 MUD_EDENIED,
                 "another machine's key");
    mud_error_clear(&err);
    mudtest_sh("chmod 644 '%s/keys/machine.key'", p.home);
    close_vault(&p);
    open_vault(&p);
    assert_fails(mud_capture_exchange(&x, p.vault, &d, 1000, p.arena, &err),
                 &err,
                 MUD_EDENIED,
                 "chmod 600");
    mudtest_sh(
        "rm -r '%s/keys'; mv '%s/away' '%s/keys'", p.home, p.home, p.home);
    close_vault(&p);
    open_vault(&p);
    check_read(&p, &d, "two");
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

static void test_sealed__a_key_on_another_disk(void **state)
{
    struct place p = place_new();
    const char *path = mudtest_text("%s/safe.key", mudtest_dir());
    struct mud_capture c;

    (void)state;
    close_vault(&p);
    setenv("MUDLARK_KEY", path, 1);
    open_vault(&p);
    c = seal_text(&p, 1, "elsewhere");
    assert_int_equal(access(path, F_OK), 0);
    assert_int_not_equal(
        access(mudtest_text("%s/keys/machine.key", p.home), F_OK), 0);
    close_vault(&p);
    open_vault(&p);
    check_read(&p, &c, "elsewhere");
    unsetenv("MUDLARK_KEY");
    place_free(&p);
}

/* A vault that was begun without keys stays readable, and goes on sealed. */
static void test_sealed__an_old_vault_is_mixed(void **state)
{
    struct place p = place_plain();
    struct mud_capture c = seal_text(&p, 1, "old"), d, e;
    struct mud_error err = {0};

    (void)state;
    close_vault(&p);
    open_vault(&p);
    d = seal_text(&p, 1, "still-plain");
    assert_true(in_vault(&p, "still-plain"));
    assert_ok(mud_keys_make(p.vault->keys, &err), &err);
    close_vault(&p);
    open_vault(&p);
    e = seal_text(&p, 1, "now-sealed");
    assert_false(in_vault(&p, "now-sealed"));
    check_read(&p, &c, "old");
    check_read(&p, &d, "still-plain");
    check_read(&p, &e, "now-sealed");
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static void test_sealed__each_class_has_a_key_of_its_own(void **state)
{
    struct place p = place_new();
    struct mud_capture a, b, c;

    (void)state;
    mud_test_pg_exec(p.pg,
                     "INSERT INTO mud.retention VALUES (2, '3m', now(), 't')");
    a = seal_text(&p, 1, "a");
    b = seal_text(&p, 2, "b");
    c = seal_text(&p, 1, "c");
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.seal_key"),
                     2);
    assert_int_equal(
        mud_test_pg_int(p.pg,
                        "SELECT count(DISTINCT key_id) * 10 + count(DISTINCT "
                        "salt) FROM mud.capture_seal"),
        23);
    check_read(&p, &a, "a");
    check_read(&p, &b, "b");
    check_read(&p, &c, "c");
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static bool gather(void *payload, const void *bytes, size_t n,
                   struct mud_error *err)
{
    (void)err;
    mud_buf_put(payload, bytes, n);
    return true;
}

/* What is given out to an expert is what the ledger names. */
static void test_sealed__records_have_the_digest_of_the_ledger(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal_text(&p, 1, "out");
    struct mud_verify v = {0};
    struct mud_facts f;
    struct mud_buf warc = {0};
    struct mud_error err = {0};
    const char *path = mudtest_text("%s/out.warc.gz", mudtest_dir());
    char hex[MUD_HEX256];
    uint8_t digest[MUD_SHA256];

    (void)state;
    assert_ok(mud_facts_load(&f, p.pg, c.id, p.arena, &err), &err);
    assert_ok(mud_capture_records(p.vault, &f, gather, &warc, &err), &err);
    mud_sha256_of(mud_buf_view(&warc), digest);
    assert_has(mudtest_read(mudtest_text("%s/ledger/ledger.jsonl", p.home)),
               mudtest_text("\"plain_sha256\":\"%s\"",
                            mud_hex(hex, digest, MUD_SHA256)));
    mudtest_write(path, mud_buf_view(&warc));
    assert_ok(mud_verify_path(&v, path, &err), &err);
    assert_int_equal(v.bad, 0);
    assert_int_equal(v.items, 3);
    mud_buf_free(&warc);
    place_free(&p);
}

/* ------------------------------------------------------------------- keys */

static struct mud_id machine_of(struct place *p)
{
    struct mud_error err = {0};

    assert_ok(mud_keys_look(p->vault->keys, &err), &err);
    return mud_keys_machine(p->vault->keys);
}

static void test_sealed__rotation_keeps_all_readable(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal_text(&p, 1, "before"), d;
    struct mud_vault *other;
    struct mud_error err = {0};
    struct mud_id old, now;
    int64_t n;

    (void)state;
    /* A process that read the old key goes on. */
    assert_ok(mud_vault_open(&other, p.home, &err), &err);
    assert_ok(mud_keys_look(other->keys, &err), &err);
    old = machine_of(&p);
    assert_ok(mud_keys_rotate(&n, p.vault->keys, p.pg, &err), &err);
    assert_int_equal(n, 1);
    now = machine_of(&p);
    assert_false(mud_id_eq(old, now));
    assert_int_not_equal(
        access(mudtest_text("%s/keys/machine.key.new", p.home), F_OK), 0);
    close_vault(&p);
    p.vault = other;
    check_read(&p, &c, "before");
    d = seal_text(&p, 2, "after");
    close_vault(&p);
    open_vault(&p);
    check_read(&p, &c, "before");
    check_read(&p, &d, "after");
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* In a child: rotate without end. */
static void rotate_for_ever(const struct place *p)
{
    struct mud_vault *vault;
    struct mud_error err = {0};
    struct mud_pg *pg;
    int64_t n;

    if (!mud_pg_open(&pg, p->dsn, &err) ||
        !mud_vault_open(&vault, p->home, &err))
        _exit(1);
    for (;;)
        if (!mud_keys_rotate(&n, vault->keys, pg, &err)) {
            print_error("%s\n", err.text);
            _exit(2);
        }
}

static void test_sealed__kill_amid_rotation_loses_no_key(void **state)
{
    struct place p = place_new();
    struct mud_capture c, d;
    unsigned seed = (unsigned)mud_now();
    struct mud_error err = {0};
    int64_t n;

    (void)state;
    mud_test_pg_exec(p.pg,
                     "INSERT INTO mud.retention VALUES (2, '3y', now(), 't')");
    c = seal_text(&p, 1, "c");
    d = seal_text(&p, 2, "d");
    print_message("seed %u\n", seed);
    for (int round = 0; round < 12; round++) {
        int status;
        pid_t pid = fork();

        if (pid == 0)
            rotate_for_ever(&p);
        usleep((useconds_t)(20000 + rand_r(&seed) % 120000));
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status));
        close_vault(&p);
        open_vault(&p);
        check_read(&p, &c, "c");
        check_read(&p, &d, "d");
        if (round % 3 == 2)
            assert_ok(mud_keys_rotate(&n, p.vault->keys, p.pg, &err), &err);
    }
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

static void test_sealed__keys_come_back_from_either_place(void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal_text(&p, 1, "both"), d;

    (void)state;
    close_vault(&p);
    mudtest_sh("rm '%s'/vault/keys/*.key", p.home);
    open_vault(&p);
    d = seal_text(
        &p, 1, "again"); /* with the same key, put back from its row */
    check_read(&p, &c, "both");
    close_vault(&p);
    mud_test_pg_exec(p.pg, "DELETE FROM mud.seal_key");
    open_vault(&p);
    seal_text(&p, 1, "third");
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.seal_key"),
                     1);
    check_read(&p, &d, "again");
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static void test_sealed__the_machine_key_travels_under_a_passphrase(
    void **state)
{
    struct place p = place_new();
    struct mud_capture c = seal_text(&p, 1, "far");
    struct mud_buf text = {0};
    struct mud_error err = {0};

    (void)state;
    assert_fails(mud_keys_export(&text, p.vault->keys, MUD_STR("short"), &err),
                 &err,
                 MUD_EUSAGE,
                 "12 bytes");
    mud_error_clear(&err);
    assert_ok(mud_keys_export(
                  &text, p.vault->keys, MUD_STR("correct horse battery"), &err),
              &err);
    close_vault(&p);
    mudtest_sh("rm -r '%s/keys'", p.home);
    open_vault(&p);
    assert_fails(mud_keys_import(p.vault->keys,
                                 mud_buf_view(&text),
                                 MUD_STR("correct horse batterY"),
                                 &err),
                 &err,
                 MUD_EDENIED,
                 "passphrase");
    mud_error_clear(&err);
    assert_ok(mud_keys_import(p.vault->keys,
                              mud_buf_view(&text),
                              MUD_STR("correct horse battery"),
                              &err),
              &err);
    check_read(&p, &c, "far");
    mud_buf_free(&text);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealed__nothing_stands_in_the_clear),
        cmocka_unit_test(test_sealed__each_cipher_gives_back_what_went_in),
        cmocka_unit_test(test_sealed__without_key_the_sealed_bytes_are_checked),
        cmocka_unit_test(test_sealed__a_key_on_another_disk),
        cmocka_unit_test(test_sealed__an_old_vault_is_mixed),
        cmocka_unit_test(test_sealed__each_class_has_a_key_of_its_own),
        cmocka_unit_test(test_sealed__records_have_the_digest_of_the_ledger),
        cmocka_unit_test(test_sealed__rotation_keeps_all_readable),
        cmocka_unit_test(test_sealed__kill_amid_rotation_loses_no_key),
        cmocka_unit_test(test_sealed__keys_come_back_from_either_place),
        cmocka_unit_test(
            test_sealed__the_machine_key_travels_under_a_passphrase),
    };

    mud_log_setup(MUD_LOG_ERROR, false, STDERR_FILENO);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
