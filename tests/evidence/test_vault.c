#include "place.h"

#include "evidence/ledger.h"
#include "evidence/show.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mud_capture seal_one(struct place *p, int number, size_t n)
{
    struct mud_exchange x = make_exchange(p->arena, number, n);
    struct mud_error err = {0};
    struct mud_capture c;

    assert_ok(mud_seal_exchange(&c, p->vault, p->pg, 1, &x, p->arena, &err),
              &err);
    return c;
}

static void test_vault__gives_back_what_was_sealed(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 3000), y;
    struct mud_capture c, d;
    struct mud_error err = {0};
    uint8_t digest[MUD_SHA256];

    (void)state;
    x.cut = MUD_CUT_TIME;
    x.location = MUD_STR("http://forum.example/else");
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    mud_sha256_of(x.body, digest);
    assert_memory_equal(c.sha256, digest, MUD_SHA256);
    assert_int_equal(c.size, 3000);
    assert_int_equal(c.at, x.ended);
    assert_int_equal(c.ledger_seq, 2); /* behind "open" and "file" */
    assert_ok(mud_capture_load(&d, p.pg, c.id, p.arena, &err), &err);
    assert_bytes(d.url, x.url);
    assert_int_equal(d.kind, MUD_CAPTURE_PAGE);
    assert_int_equal(d.at, c.at);
    assert_int_equal(d.offset, c.offset);
    assert_text(d.content_type, "text/html; charset=utf-8");
    assert_ok(mud_capture_exchange(&y, p.vault, &d, 3000, p.arena, &err), &err);
    assert_bytes(y.body, x.body);
    assert_bytes(y.request_head, x.request_head);
    assert_bytes(y.response_head, x.response_head);
    assert_bytes(y.method, x.method);
    assert_bytes(y.peer_ip, x.peer_ip);
    assert_bytes(y.referrer, x.referrer);
    assert_bytes(y.location, x.location);
    assert_bytes(y.dns, x.dns);
    assert_has(y.tls, "TLSv1.3");
    assert_string_equal(y.http_version, "1.1");
    assert_int_equal(y.started, x.started);
    assert_int_equal(y.ended, x.ended);
    assert_int_equal(y.cut, MUD_CUT_TIME);
    assert_fails(mud_capture_exchange(&y, p.vault, &d, 2999, p.arena, &err),
                 &err,
                 MUD_ELIMIT,
                 "3000 bytes, above 2999");
    assert_int_equal(all_good(&p), 1);
    place_free(&p);
}

static void test_vault__seals_the_same_exchange_once(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 100);
    struct mud_exchange y = make_exchange(p.arena, 2, 100);
    const struct mud_exchange *twice[3] = {&x, &y, &x};
    struct mud_capture c[3], d;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_seal_exchanges(c, p.vault, p.pg, 1, twice, 3, p.arena, &err),
              &err);
    assert_true(mud_id_eq(c[0].id, c[2].id));
    assert_int_equal(c[0].offset, c[2].offset);
    assert_false(mud_id_eq(c[0].id, c[1].id));
    assert_ok(mud_seal_exchange(&d, p.vault, p.pg, 1, &y, p.arena, &err), &err);
    assert_true(mud_id_eq(d.id, c[1].id));
    assert_int_equal(d.ledger_seq, c[1].ledger_seq);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* A worker goes on while the vault is verified. */
struct sealing {
    struct place *place; /* whose vault goes on in a file of its own */
    struct found found;
    int n;
};

static void sealing_add(const struct mud_finding *f, void *payload)
{
    struct sealing *sealing = payload;

    found_add(f, &sealing->found);
}

static void seal_more(int64_t done, int64_t total, void *payload)
{
    struct sealing *sealing = payload;

    (void)done;
    (void)total;
    seal_one(sealing->place, 10 + sealing->n++, 400);
}

static void test_vault__verifies_while_it_grows(void **state)
{
    struct place p = place_new(), other = p;
    struct sealing sealing = {.place = &other};
    struct mud_verify v = {
        .finding = sealing_add, .progress = seal_more, .payload = &sealing};
    struct mud_error err = {0};

    (void)state;
    seal_one(&p, 1, 400);
    open_vault(&other);
    seal_one(&other, 2, 400);
    assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
    if (v.bad)
        fail_msg("%s", mud_buf_cstr(&sealing.found.text));
    assert_int_equal(v.items, 2);
    assert_int_equal(sealing.n, 2);
    mud_buf_free(&sealing.found.text);
    assert_int_equal(all_good(&p), 4);
    mud_vault_close(other.vault);
    place_free(&p);
}

static void test_vault__refuses_what_had_no_response(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = {.url = MUD_STR("http://x.example/")};
    struct mud_capture c;
    struct mud_error err = {0};

    (void)state;
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_EINPUT,
                 "there was no response");
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.ledger"),
                     0);
    place_free(&p);
}

/* Nothing, and as much as is allowed, before and in the body. */
static void test_vault__takes_any_length(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 0), y;
    struct mud_buf head = {0};
    const char *path = mudtest_text("%s/empty", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:empty")};
    struct mud_capture c;
    struct mud_error err = {0};
    bool known;

    (void)state;
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 0, p.arena, &err), &err);
    assert_int_equal(y.body.n, 0);
    mudtest_write(path, MUD_STR(""));
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 0, p.arena, &err), &err);
    x = make_exchange(p.arena, 2, 100000);
    mud_buf_z(&head, "HTTP/1.1 200 OK\r\n");
    while (head.n < 500 << 10)
        mud_buf_printf(&head, "X-%zu: y\r\n", head.n);
    mud_buf_z(&head, "\r\n");
    x.response_head = mud_buf_view(&head);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 100000, p.arena, &err),
              &err);
    assert_bytes(y.response_head, x.response_head);
    assert_bytes(y.body, x.body);
    /* Cut in its head: there is no body then. */
    x = make_exchange(p.arena, 3, 0);
    x.response_head = MUD_STR("HTTP/1.1 200 OK\r\nContent-");
    x.cut = MUD_CUT_DISCONNECT;
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 0, p.arena, &err), &err);
    assert_bytes(y.response_head, x.response_head);
    assert_int_equal(all_good(&p), 4);
    x.body = MUD_STR("body");
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_EINPUT,
                 "does not end in an empty line");
    mud_error_clear(&err);
    while (head.n < 600 << 10)
        mud_buf_z(&head, "X: y\r\n");
    x.response_head = mud_buf_view(&head);
    assert_fails(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_ELIMIT,
                 "above 512 KiB");
    mud_buf_free(&head);
    place_free(&p);
}

/* Names and texts from the wire that Postgres or a header line cannot hold. */
static void test_vault__takes_any_bytes(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 10), y;
    struct mud_capture c;
    struct mud_error err = {0};

    (void)state;
    x.url = mud_str_of("http://x.example/\xff\0a b\r\nX: y", 29);
    x.response_head =
        mud_str_of("HTTP/1.1 200 \xfe\r\nContent-Type: a\0\xff/b\r\n\r\n", 39);
    x.dns = MUD_STR("[\"\\u0000\"]");
    x.tls = MUD_STR("{not json");
    x.body = mud_str_of("\0\xff\r\n\r\n", 6);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    assert_ok(mud_capture_exchange(&y, p.vault, &c, 100, p.arena, &err), &err);
    assert_bytes(y.body, x.body);
    assert_bytes(y.response_head, x.response_head);
    assert_int_equal(y.tls.n, 0);
    assert_int_equal(all_good(&p), 1);
    place_free(&p);
}

static void test_vault__shows_all_of_a_capture(void **state)
{
    struct place p = place_new();
    uint8_t config[MUD_SHA256] = {1, 2, 3};
    struct mud_custody custody = {
        MUD_STR("alice"), MUD_STR("member_account"), config};
    struct mud_capture_shown shown;
    struct mud_verify v = {0};
    struct mud_error err = {0};
    struct mud_capture c;

    (void)state;
    mud_vault_custody(p.vault, &custody);
    c = seal_one(&p, 1, 500);
    assert_ok(mud_capture_show(&shown, p.vault, p.pg, c.id, p.arena, &err),
              &err);
    assert_text(shown.facts.actor, "alice");
    assert_text(shown.facts.access_mode, "member_account");
    assert_true(shown.facts.has_config && shown.facts.has_binary);
    assert_memory_equal(shown.facts.config, config, MUD_SHA256);
    assert_has(shown.facts.tool, "mudlark/");
    assert_has(shown.facts.clock, "\"source\": \"adjtimex\"");
    assert_has(shown.ledger_line, "{\"actor\":\"alice\",\"detail\":{");
    assert_has(shown.ledger_line, "\"op\":\"capture\"");
    assert_int_equal(shown.ledger_hash.n, 64);
    assert_has(shown.request_head, "GET /t/1 HTTP/1.1");
    assert_has(shown.response_head, "HTTP/1.1 200 OK");
    assert_int_equal(shown.damage.code, MUD_OK);
    assert_ok(mud_verify_capture(&v, p.vault, p.pg, c.id, &err), &err);
    assert_int_equal(v.bad, 0);
    assert_int_equal(v.good, 1);
    c.id.b[0] ^= 1;
    assert_fails(mud_capture_show(&shown, p.vault, p.pg, c.id, p.arena, &err),
                 &err,
                 MUD_EMISSING,
                 "no capture");
    place_free(&p);
}

static const char *own_file(struct place *p)
{
    struct mud_rows *rows;
    struct mud_error err = {0};
    const char *path;

    assert_ok(mud_pg_query(&rows,
                           p->pg,
                           "SELECT name FROM mud.warc_file WHERE kind = 'own' "
                           "ORDER BY made_at DESC LIMIT 1",
                           NULL,
                           0,
                           &err),
              &err);
    path = mudtest_text(
        "%s/vault/%.*s", p->home, MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);
    return path;
}

static void test_vault__finds_every_changed_byte(void **state)
{
    struct place p = place_new();
    struct mud_str file;
    const char *path;
    char *bytes;

    (void)state;
    seal_one(&p, 1, 300);
    seal_one(&p, 2, 300);
    path = own_file(&p);
    file = mudtest_read(path);
    bytes = mud_malloc(file.n);
    memcpy(bytes, file.s, file.n);
    for (size_t at = 0; at < file.n; at += 5) {
        struct mud_verify v = {0};
        struct mud_error err = {0};

        bytes[at] = (char)(bytes[at] ^ (1 << (at / 5) % 8));
        mudtest_write(path, mud_str_of(bytes, file.n));
        assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
        if (v.bad == 0)
            fail_msg("byte %zu changed and not found", at);
        bytes[at] = file.s[at];
    }
    mudtest_write(path, file);
    free(bytes);
    assert_int_equal(all_good(&p), 2);
    place_free(&p);
}

/* Each row is something that must not go unseen. */
static void test_vault__finds_what_was_tampered_with(void **state)
{
    static const char *const rows[] = {
        "UPDATE mud.capture SET url = url || 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET source_id = 2 WHERE ledger_seq = 3",
        "UPDATE mud.capture SET sha256 = sha256('x') WHERE ledger_seq = 3",
        "UPDATE mud.capture SET size_bytes = 1 WHERE ledger_seq = 3",
        "UPDATE mud.capture SET warc_offset = 0 WHERE ledger_seq = 3",
        "UPDATE mud.capture SET supplier = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET span_sha256 = NULL WHERE ledger_seq = 3",
        "UPDATE mud.capture SET span_length = 9 WHERE ledger_seq = 3",
        "UPDATE mud.capture SET location = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET referrer = NULL WHERE ledger_seq = 3",
        "UPDATE mud.capture SET peer_ip = '192.0.2.1' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET access_mode = 'member_account'",
        "UPDATE mud.capture SET tls = '{}' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET dns = NULL WHERE ledger_seq = 3",
        "UPDATE mud.capture SET clock = '{\"synced\":1}'",
        "UPDATE mud.capture SET started = at WHERE ledger_seq = 3",
        "UPDATE mud.capture SET sealed_at = at WHERE ledger_seq = 3",
        "UPDATE mud.capture SET actor = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET tool = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET binary_sha256 = sha256('x')",
        "UPDATE mud.capture SET config_sha256 = sha256('x')",
        "UPDATE mud.capture SET cut = 'time' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET content_type = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET http_version = 'x' WHERE ledger_seq = 3",
        "UPDATE mud.capture SET proxy = 'x' WHERE ledger_seq = 3",
        "DELETE FROM mud.capture WHERE ledger_seq = 3",
        "DELETE FROM mud.capture WHERE ledger_seq = 4",
        "UPDATE mud.warc_file SET sealed_to = sealed_to - 1",
        "UPDATE mud.warc_file SET sealed_to = sealed_to + 1",
    };

    struct place p = place_new();
    struct mud_error err = {0};

    (void)state;
    for (int n = 0; n < 3; n++)
        seal_one(&p, n, 200);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_verify v = {0};

        assert_ok(mud_pg_begin(p.pg, &err), &err);
        mud_test_pg_exec(p.pg, rows[i]);
        assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
        if (v.bad == 0)
            fail_msg("not found: %s", rows[i]);
        mud_pg_rollback(p.pg);
    }
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static void test_vault__finds_files_that_nobody_knows(void **state)
{
    struct place p = place_new();
    struct mud_verify v = {0};
    struct mud_error err = {0};

    (void)state;
    seal_one(&p, 1, 200);
    mudtest_write(mudtest_text("%s/vault/2026-01/x.warc.gz", p.home),
                  MUD_STR("x"));
    assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
    assert_int_equal(v.bad, 1);
    assert_int_equal(unlink(own_file(&p)), 0);
    assert_ok(mud_verify_vault(&v, p.vault, p.pg, &err), &err);
    assert_true(v.bad > 2);
    place_free(&p);
}

static void test_vault__goes_on_in_the_same_file(void **state)
{
    struct place p = place_new();
    struct mud_error err = {0};
    struct mud_capture a = seal_one(&p, 1, 100), b;

    (void)state;
    mud_vault_close(p.vault);
    assert_ok(mud_vault_open(&p.vault, p.home, &err), &err);
    b = seal_one(&p, 2, 100);
    assert_bytes(a.warc, b.warc);
    assert_true(b.offset > a.offset + a.length);
    /* While it is in use another process begins its own. */
    {
        struct mud_vault *other;
        struct mud_exchange x = make_exchange(p.arena, 3, 10);
        struct mud_capture c;

        assert_ok(mud_vault_open(&other, p.home, &err), &err);
        assert_ok(mud_seal_exchange(&c, other, p.pg, 1, &x, p.arena, &err),
                  &err);
        assert_false(mud_str_eq(c.warc, b.warc));
        mud_vault_close(other);
    }
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

static void test_vault__refuses_names_that_lead_out(void **state)
{
    static const char *const names[] = {"../x", "/etc/passwd", "a/../../b", ""};
    struct place p = place_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(names); i++) {
        struct mud_capture c = {.warc = mud_str_z(names[i]), .whole = true};
        struct mud_capture_stream *stream;
        struct mud_error err = {0};

        assert_fails(mud_capture_stream_open(&stream, p.vault, &c, &err),
                     &err,
                     MUD_ECORRUPT,
                     "not a file of the vault");
    }
    place_free(&p);
}

/* The other house's checkers, and the ones of this house in other languages. */
static void test_vault__passes_other_checkers(void **state)
{
    struct place p = place_plain();
    const char *shared = mudtest_shared(), *ledger, *warc;
    const char *path = mudtest_text("%s/file", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:result.json")};
    struct mud_error err = {0};
    struct mud_capture c;
    struct mudtest_run run;
    bool known;

    (void)state;
    for (int i = 0; i < 5; i++)
        seal_one(&p, i, 2000);
    mudtest_write(path, MUD_STR("hello"));
    assert_ok(mud_seal_file(&c, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    warc = own_file(&p);
    ledger = mudtest_text("%s/ledger/ledger.jsonl", p.home);
    run =
        mudtest_sh("%s/scripts/verify-ledger.sh %s", mudtest_source(), ledger);
    assert_int_equal(run.code, 0);
    assert_has(run.out, "8 lines");
    run = mudtest_sh("%s/scripts/verify-vault.sh %s", mudtest_source(), p.home);
    assert_int_equal(run.code, 0);
    assert_has(run.out, "6 captures");
    if (shared) {
        run = mudtest_sh(
            "python3 %s/tools/validators/warccheck.py %s", shared, warc);
        assert_text(run.out, "OK 18 records\n");
        run = mudtest_sh("python3 %s/tools/validators/verify_ledger.py %s -",
                         shared,
                         ledger);
        assert_has(run.out, "OK 8 entries");
    }
    /* npm's warcio, where a folder with it is named. */
    if (shared && getenv("MUD_WARCIO")) {
        run = mudtest_sh("cp %s/tools/validators/warcdigest.mjs %s/ && "
                         "node %s/warcdigest.mjs %s",
                         shared,
                         getenv("MUD_WARCIO"),
                         getenv("MUD_WARCIO"),
                         warc);
        assert_text(run.out, "OK 18\n");
    }
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vault__gives_back_what_was_sealed),
        cmocka_unit_test(test_vault__seals_the_same_exchange_once),
        cmocka_unit_test(test_vault__verifies_while_it_grows),
        cmocka_unit_test(test_vault__refuses_what_had_no_response),
        cmocka_unit_test(test_vault__takes_any_length),
        cmocka_unit_test(test_vault__takes_any_bytes),
        cmocka_unit_test(test_vault__shows_all_of_a_capture),
        cmocka_unit_test(test_vault__finds_every_changed_byte),
        cmocka_unit_test(test_vault__finds_what_was_tampered_with),
        cmocka_unit_test(test_vault__finds_files_that_nobody_knows),
        cmocka_unit_test(test_vault__goes_on_in_the_same_file),
        cmocka_unit_test(test_vault__refuses_names_that_lead_out),
        cmocka_unit_test(test_vault__passes_other_checkers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
