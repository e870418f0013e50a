#include "desk/audit.h"

#include "base/json.h"
#include "tests/desk/desk.h"

#include <sys/wait.h>
#include <unistd.h>

static struct mud_deed deed_of(const char *who)
{
    return (struct mud_deed){.who = mud_str_z(who),
                             .action = "read",
                             .kind = "posts",
                             .object = MUD_STR("肉鸡 \"x\"\n"),
                             .detail = MUD_STR("{\"b\":1,\"a\":[]}"),
                             .reason = MUD_STR("case 7")};
}

static void write_some(struct mud_pg *pg, int n)
{
    const struct mud_deed deed = deed_of("ana");
    struct mud_error err = {0};

    for (int i = 0; i < n; i++)
        assert_ok(mud_audit(pg, &deed, &err), &err);
}

static struct mud_audit_check verify(struct mud_pg *pg)
{
    struct mud_audit_check check;
    struct mud_error err = {0};

    assert_ok(mud_audit_verify(&check, pg, NULL, NULL, &err), &err);
    return check;
}

static bool look(const struct mud_audit_line *line, void *payload,
                 struct mud_error *err)
{
    int *seen = payload;

    (void)err;
    if ((*seen)++)
        return true;
    assert_text(line->who, "ana");
    assert_text(line->login, "mud_analyst");
    assert_text(line->action, "read");
    assert_text(line->kind, "posts");
    assert_text(line->object, "肉鸡 \"x\"\n");
    assert_text(line->reason, "case 7");
    assert_true(line->at > 0 && line->ended >= line->at);
    json_t *end = mud_json_read(line->end, NULL);
    assert_int_equal(mud_json_get_int(end, "records", -1), 3);
    assert_text(mud_json_get_str(end, "state"), "done");
    json_decref(end);
    return true;
}

static void test_audit__says_who_did_what_and_how_it_ended(void **state)
{
    const struct mud_deed deed = deed_of("ana");
    const struct mud_deed_end end = {.records = 3};
    const struct mud_audit_query query = {.who = MUD_STR("ana"), .max = 10};
    struct mud_error err = {0};
    struct desk desk;
    int64_t seq;
    int seen = 0;

    (void)state;
    desk_open(&desk);
    struct mud_pg *pg = desk_as(&desk, "analyst");
    assert_ok(mud_audit_begin(&seq, pg, &deed, &err), &err);
    assert_ok(mud_audit_end(pg, &deed, seq, &end, &err), &err);
    mud_pg_close(pg);
    assert_ok(mud_audit_list(desk.owner, &query, look, &seen, &err), &err);
    assert_int_equal(seen, 1); /* the end is part of its line */
    assert_int_equal(verify(desk.owner).bad, 0);
    desk_close(&desk);
}

static void test_audit__believes_no_login_about_who_acts(void **state)
{
    static const struct {
        const char *login, *who;
        bool good;
    } rows[] = {
        {"analyst", "ana", true},
        {"analyst", "sue", false},
        {"analyst", "nobody", false},
        {"officer", "otto", true},
        {"officer", "ana", false},
        {"auditor", "udo", true},
        {"partner", "pat", true},
        {"partner", "udo", false},
        {"worker", "ana", true},
        {"worker", "nobody", false},
    };
    struct desk desk;

    (void)state;
    desk_open(&desk);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_pg *pg = desk_as(&desk, rows[i].login);
        const struct mud_deed one = deed_of(rows[i].who);
        struct mud_error err = {0};
        bool good = mud_audit(pg, &one, &err);
        mud_pg_close(pg);
        if (good != rows[i].good)
            fail_msg("%s as %s: %s", rows[i].who, rows[i].login, err.text);
        if (!good)
            assert_int_equal(err.code, MUD_EDENIED);
    }
    mud_test_pg_exec(desk.owner,
                     "UPDATE mud.person SET state = 'disabled' WHERE name = "
                     "'ana'");
    struct mud_pg *pg = desk_as(&desk, "analyst");
    const struct mud_deed deed = deed_of("ana");
    struct mud_error err = {0};
    assert_fails(mud_audit(pg, &deed, &err), &err, MUD_EDENIED, "ana");
    mud_pg_close(pg);
    desk_close(&desk);
}

/* The owner of the tables can get round every trigger: the chain tells. */
static void test_audit__tampering_is_found(void **state)
{
    static const struct {
        const char *sql, *says;
        int64_t at;
    } rows[] = {
        {"UPDATE mud.audit SET line = replace(line, 'case 7', 'case 8') WHERE "
         "seq = 3",
         "text was changed",
         3},
        {"UPDATE mud.audit SET who = 'otto' WHERE seq = 3", "columns", 3},
        {"UPDATE mud.audit SET detail = '{}' WHERE seq = 3", "columns", 3},
        {"UPDATE mud.audit SET reason = NULL WHERE seq = 4", "columns", 4},
        {"DELETE FROM mud.audit WHERE seq = 2", "missing", 3},
        {"DELETE FROM mud.audit WHERE seq = 0", "missing", 1},
        {"UPDATE mud.audit SET line = replace(line, 'case 7', 'case 8'), "
         "reason = 'case 8', hash = sha256(convert_to(replace(line, 'case 7', "
         "'case 8'), 'UTF8')) WHERE seq = 3",
         "does not continue",
         4},
        {"UPDATE mud.audit SET at = at + interval '1 hour' WHERE seq = 1",
         "columns",
         1},
    };
    struct desk desk;

    (void)state;
    desk_open(&desk);
    write_some(desk.owner, 6);
    assert_int_equal(verify(desk.owner).lines, 6);
    assert_int_equal(verify(desk.owner).bad, 0);
    mud_test_pg_exec(desk.owner, "ALTER TABLE mud.audit DISABLE TRIGGER USER");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        assert_true(mud_pg_begin(desk.owner, NULL));
        mud_test_pg_exec(desk.owner, rows[i].sql);
        struct mud_audit_check check = verify(desk.owner);
        mud_pg_rollback(desk.owner);
        assert_int_equal(check.bad, 1);
        assert_int_equal(check.first_seq, rows[i].at);
        assert_non_null(strstr(check.first, rows[i].says));
    }
    desk_close(&desk);
}

static void test_audit__only_grows(void **state)
{
    static const char *const tries[] = {
        "UPDATE mud.audit SET who = 'otto'",
        "DELETE FROM mud.audit",
        "TRUNCATE mud.audit CASCADE",
        "INSERT INTO mud.audit SELECT seq + 1, at, who, login, action, kind, "
        "object, detail, reason, of, line, hash FROM mud.audit",
    };
    static const char *const logins[] = {
        "worker", "analyst", "officer", "supervisor", "auditor", "partner"};
    struct desk desk;
    char said[6];

    (void)state;
    desk_open(&desk);
    write_some(desk.owner, 1);
    for (size_t i = 0; i < MUDTEST_ROWS(logins); i++) {
        struct mud_pg *pg = desk_as(&desk, logins[i]);
        for (size_t k = 0; k < MUDTEST_ROWS(tries); k++)
            assert_string_equal(desk_tries(said, pg, tries[k]), DENIED);
        bool reads =
            !strcmp(logins[i], "auditor") || !strcmp(logins[i], "supervisor");
        assert_string_equal(desk_tries(said, pg, "SELECT FROM mud.audit"),
                            reads ? "" : DENIED);
        mud_pg_close(pg);
    }
    for (size_t k = 0; k < 3; k++) /* nor does the owner, by mistake */
        assert_string_not_equal(desk_tries(said, desk.owner, tries[k]), "");
    desk_close(&desk);
}

#define WRITERS 6
#define EACH    25

static void test_audit__many_at_once_make_one_chain(void **state)
{
    struct desk desk;
    int status, good = 0;

    (void)state;
    desk_open(&desk);
    for (int i = 0; i < WRITERS; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            struct mud_pg *pg = desk_as(&desk, "analyst");
            write_some(pg, EACH);
            _exit(0);
        }
    }
    for (int i = 0; i < WRITERS; i++)
        good += wait(&status) > 0 && status == 0;
    assert_int_equal(good, WRITERS);
    struct mud_audit_check check = verify(desk.owner);
    assert_int_equal(check.lines, WRITERS * EACH);
    assert_int_equal(check.bad, 0);
    desk_close(&desk);
}

static bool chain(struct mud_str text, void *payload, struct mud_error *err)
{
    uint8_t *last = payload, prev[MUD_SHA256];
    json_t *json = mud_json_read(text, err);

    assert_non_null(json);
    assert_true(mud_unhex(mud_json_get_str(json, "prev"), prev, sizeof prev));
    assert_memory_equal(prev, last, sizeof prev);
    json_decref(json);
    mud_sha256_of(text, last);
    return true;
}

/* What verify-ledger of others does with the lines: seq, prev, ts of each. */
static void test_audit__lines_stand_for_themselves(void **state)
{
    uint8_t last[MUD_SHA256] = {0};
    struct mud_audit_check check;
    struct mud_error err = {0};
    struct desk desk;

    (void)state;
    desk_open(&desk);
    write_some(desk.owner, 3);
    assert_ok(mud_audit_verify(&check, desk.owner, chain, last, &err), &err);
    assert_memory_equal(last, check.head, sizeof last);
    desk_close(&desk);
}

static void test_audit__has_a_limit(void **state)
{
    struct mud_buf big = {0};
    struct mud_deed one = deed_of("ana");
    struct mud_error err = {0};
    struct desk desk;

    (void)state;
    desk_open(&desk);
    for (int i = 0; i < 70000; i++)
        mud_buf_c(&big, 'x');
    one.object = mud_buf_view(&big);
    assert_fails(mud_audit(desk.owner, &one, &err), &err, MUD_EDB, "64 KiB");
    mud_buf_free(&big);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_audit__says_who_did_what_and_how_it_ended),
        cmocka_unit_test(test_audit__believes_no_login_about_who_acts),
        cmocka_unit_test(test_audit__tampering_is_found),
        cmocka_unit_test(test_audit__only_grows),
        cmocka_unit_test(test_audit__many_at_once_make_one_chain),
        cmocka_unit_test(test_audit__lines_stand_for_themselves),
        cmocka_unit_test(test_audit__has_a_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
