/* The page that shows how to check by hand: its commands are run as they are. */
#include "place.h"

#include "../support/tsa.h"

#include "evidence/show.h"
#include "evidence/signer.h"
#include "evidence/vouch.h"

/* All blocks of a page that begin so, one behind the other. */
static struct mud_str commands(const char *page, const char *fence,
                               struct mud_arena *arena)
{
    struct mud_str text =
        mudtest_read(mudtest_text("%s/docs/%s", mudtest_source(), page));
    struct mud_buf out = {0};
    struct mud_str line, copy;
    bool inside = false;

    while (mud_str_line(&text, &line)) {
        if (mud_str_starts(line, MUD_STR("```"))) {
            inside = mud_str_eqz(line, fence);
        } else if (inside) {
            mud_buf_str(&out, line);
            mud_buf_c(&out, '\n');
        }
    }
    copy = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return copy;
}

static struct mudtest_run run_page(struct place *p, struct mud_id id)
{
    const char *argv[] = {"sh", "-euc", NULL, NULL};
    char text[MUD_ID_TEXT];
    const char *env[3] = {NULL};

    mud_id_text(text, id);
    argv[2] = mudtest_text("cd '%s'\n%.*s",
                           mudtest_dir(),
                           MUD_FMT(commands("evidence.md", "```sh", p->arena)));
    env[0] = mudtest_text("MUDLARK_HOME=%s", p->home);
    env[1] = mudtest_text("CAPTURE=%s", text);
    return mudtest_run(argv, (struct mud_str){0}, env, 60);
}

/* Both programs give the digest, and so does the ledger line behind them. */
static void check_digest(struct mud_str out, const char *file,
                         const uint8_t *digest)
{
    char hex[MUD_HEX256];

    mud_hex(hex, digest, MUD_SHA256);
    assert_has(
        out,
        mudtest_text(
            "%s  %s\nSHA2-256(%s)= %s\n%s\n", hex, file, file, hex, hex));
}

/* openssl says what the metadata record says. */
static void check_sm3(struct mud_str out, struct place *p,
                      const struct mud_capture *c)
{
    struct mud_facts f;
    struct mud_error err = {0};
    char hex[MUD_HEX256];

    assert_ok(mud_facts_load(&f, p->pg, c->id, p->arena, &err), &err);
    mud_hex(hex, f.sm3, MUD_SHA256);
    assert_has(out, mudtest_text("SM3(body)= %s\n\"sm3\":\"%s\"\n", hex, hex));
}

static void check_page(struct place *p, const struct mud_capture *c,
                       const char *shown)
{
    struct mudtest_run run = run_page(p, c->id);
    struct mud_rows *rows;
    struct mud_error err = {0};
    uint8_t span[MUD_SHA256];

    assert_ok(mud_pg_query(&rows,
                           p->pg,
                           "SELECT span_sha256 FROM mud.capture "
                           "ORDER BY ledger_seq DESC LIMIT 1",
                           NULL,
                           0,
                           &err),
              &err);
    assert_true(mud_rows_bytes(rows, 0, 0, span, MUD_SHA256));
    mud_rows_free(rows);
    assert_text(run.err, "");
    assert_int_equal(run.code, 0);
    check_digest(run.out, "body", c->sha256);
    check_sm3(run.out, p, c);
    check_digest(run.out, "records.gz", span);
    assert_has(run.out, shown);
    assert_has(run.out, "head: ");
    assert_lacks(run.out, "broken");
}

static void test_docs__commands_check_a_page_and_a_file(void **state)
{
    struct place p = place_plain();
    struct mud_exchange x = make_exchange(p.arena, 1, 5000);
    const char *path = mudtest_text("%s/result.json", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:result.json")};
    struct mud_capture c;
    struct mud_error err = {0};
    bool known;

    (void)state;
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    check_page(&p, &c, "GET /t/1 HTTP/1.1");
    mudtest_write(path, MUD_STR("{\"messages\":[]}\r\n\r\n"));
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    check_page(&p, &c, "\"messages\"");
    place_free(&p);
}

static void test_docs__commands_show_a_change(void **state)
{
    struct place p = place_plain();
    struct mud_exchange x = make_exchange(p.arena, 1, 5000);
    struct mudtest_run run;
    struct mud_capture c;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    mudtest_sh("sed -i 's/\"status\":200/\"status\":404/' "
               "'%s/ledger/ledger.jsonl'",
               p.home);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    run = run_page(&p, c.id);
    assert_has(run.out, "head: ");
    mudtest_sh("f='%s/ledger/ledger.jsonl'; sed 's/\"op\":\"file\"/\"op\":"
               "\"FILE\"/' \"$f\" > \"$f.x\"; mv \"$f.x\" \"$f\"",
               p.home);
    run = run_page(&p, c.id);
    assert_has(run.out, "broken before: ");
    place_free(&p);
}

/* The blocks about anchors, from the folder that was kept elsewhere. */
static struct mudtest_run run_anchors(struct place *p, const char *anchor)
{
    const char *argv[] = {"sh", "-euc", NULL, NULL};
    const char *env[5] = {NULL};

    argv[2] = mudtest_text(
        "cd '%s'\n%.*s",
        mudtest_dir(),
        MUD_FMT(commands("evidence.md", "```sh anchor", p->arena)));
    env[0] = mudtest_text("MUDLARK_HOME=%s", p->home);
    env[1] = mudtest_text("KEPT=%s/far", p->home);
    env[2] = mudtest_text("ANCHOR=%s", anchor);
    env[3] = mudtest_text("SCRIPTS=%s/scripts", mudtest_source());
    return mudtest_run(argv, (struct mud_str){0}, env, 60);
}

/* As openssl answers; it says so on either stream. */
static void check_anchors(struct mudtest_run run, bool good)
{
    if (!good) {
        assert_int_not_equal(run.code, 0);
        return;
    }
    if (run.code)
        fail_msg("%s%s", run.out.s, run.err.s);
    assert_has(run.out, "Time stamp: ");
    assert_has(run.out, "Verification: OK");
    assert_has(run.err, "CAdES Verification successful");
    assert_has(run.out, "sha256 Fingerprint=");
    assert_has(run.out, " lines from line 0 on\n");
}

static void test_docs__commands_check_signature_and_time_stamp(void **state)
{
    struct place p = place_new();
    struct mud_tsa tsa;
    struct mud_anchored made;
    struct mud_vouched vouched;
    struct mud_error err = {0};
    struct mudtest_run run;
    char name[MUD_ANCHOR_NAME];

    (void)state;
    mud_tsa_start(&tsa, 0);
    mudtest_sh("mkdir '%s/far'", p.home);
    mudtest_write(mudtest_text("%s/mudlark.conf", p.home),
                  mud_str_z(mudtest_text("[ledger]\ncopy = %s/far\nstamp = "
                                         "%s\nstamp_ca = %s/ca.pem\n",
                                         p.home,
                                         tsa.url,
                                         tsa.folder)));
    assert_ok(mud_signer_make(p.home, MUD_STR("示例 CERT"), false, &err), &err);
    (void)seal(&p, 1);
    assert_ok(mud_anchor_make(&made, p.pg, p.home, MUD_STR("bob"), true, &err),
              &err);
    assert_ok(
        mud_anchor_vouch(&vouched, p.pg, p.home, MUD_STR("bob"), true, &err),
        &err);
    assert_int_equal(vouched.stamps, 1);
    (void)mud_anchor_name(name, &made.last);
    check_anchors(run_anchors(&p, name), true);
    /* A digit of the root; the ledger alone; and the stamp. */
    mudtest_sh("cp -r '%s/far' '%s/was' && sed -i "
               "'s/\"root\":\"./\"root\":\"x/' '%s/far/%s'",
               p.home,
               p.home,
               p.home,
               name);
    run = run_anchors(&p, name);
    check_anchors(run, false);
    assert_has(run.err, "CAdES Verification failure");
    mudtest_sh("cp '%s/was/%s' '%s/far'; sed -i 's/\"seq\":0/\"seq\":9/' "
               "'%s/ledger/ledger.jsonl'",
               p.home,
               name,
               p.home,
               p.home);
    check_anchors(run_anchors(&p, name), false);
    mudtest_sh("printf x >> '%s/far/%s.p7s'", p.home, name);
    run = run_anchors(&p, name);
    check_anchors(run, false);
    assert_has(run.out, "Verification: FAILED");
    mud_tsa_stop(&tsa);
    place_free(&p);
}

static void test_docs__languages_have_the_same_commands(void **state)
{
    static const char *const fences[] = {"```sh", "```sh anchor", "```ini"};
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(fences); i++) {
        assert_true(commands("evidence.md", fences[i], arena).n > 50);
        assert_bytes(commands("evidence.zh-CN.md", fences[i], arena),
                     commands("evidence.md", fences[i], arena));
    }
    mud_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_docs__commands_check_a_page_and_a_file),
        cmocka_unit_test(test_docs__commands_show_a_change),
        cmocka_unit_test(test_docs__commands_check_signature_and_time_stamp),
        cmocka_unit_test(test_docs__languages_have_the_same_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
