#include "desk/approval.h"

#include "tests/desk/desk.h"

static const uint8_t digest[MUD_SHA256] = {1, 2, 3};
static const uint8_t other[MUD_SHA256] = {9};

static struct mud_approval_ask ask_of(const char *who)
{
    return (struct mud_approval_ask){.action = "original",
                                     .kind = "capture",
                                     .object = MUD_STR("c1"),
                                     .digest = digest,
                                     .reason = MUD_STR("case 7"),
                                     .who = mud_str_z(who)};
}

static int64_t asked(struct mud_pg *pg, const char *who)
{
    const struct mud_approval_ask ask = ask_of(who);
    struct mud_error err = {0};
    int64_t id = 0;

    assert_ok(mud_approval_ask(&id, pg, &ask, &err), &err);
    return id;
}

static void decided(struct mud_pg *pg, int64_t id, const char *who)
{
    struct mud_error err = {0};

    assert_ok(
        mud_approval_decide(pg, id, true, mud_str_z(who), MUD_STR(""), &err),
        &err);
}

static void test_approval__takes_two_persons(void **state)
{
    struct mud_approval_ask ask = ask_of("otto");
    struct mud_error err = {0};
    struct desk desk;
    int64_t id, again;

    (void)state;
    desk_open(&desk);
    struct mud_pg *otto = desk_as(&desk, "officer");
    struct mud_pg *sue = desk_as(&desk, "supervisor");
    assert_fails(mud_approval_require(&id, otto, &ask, &err),
                 &err,
                 MUD_EDENIED,
                 "asked for as request 1");
    assert_fails(mud_approval_require(&again, otto, &ask, &err),
                 &err,
                 MUD_EDENIED,
                 "waits for another");
    assert_int_equal(id, again);
    assert_fails(
        mud_approval_decide(otto, id, true, MUD_STR("otto"), MUD_STR(""), &err),
        &err,
        MUD_EDENIED,
        "another person must decide");
    decided(sue, id, "sue");
    ask.digest = other; /* of something else than what was approved */
    assert_fails(mud_approval_require(&again, otto, &ask, &err),
                 &err,
                 MUD_EDENIED,
                 "request 2");
    ask.digest = digest;
    assert_ok(mud_approval_require(&again, otto, &ask, &err), &err);
    assert_int_equal(again, id);
    assert_fails(mud_approval_require(&again, otto, &ask, &err), /* used up */
                 &err,
                 MUD_EDENIED,
                 "request 3");
    mud_pg_close(otto);
    mud_pg_close(sue);
    desk_close(&desk);
}

static void test_approval__is_decided_by_those_who_may(void **state)
{
    static const struct {
        const char *login, *who;
        enum mud_code code; /* MUD_OK: decided */
    } rows[] = {
        {"analyst", "ana2", MUD_EDENIED}, /* has no such right */
        {"auditor", "udo", MUD_EDENIED},
        {"partner", "pat", MUD_EDENIED},
        {"worker", "sue", MUD_EDENIED},  /* not by the pipeline's login */
        {"officer", "sue", MUD_EDENIED}, /* not in another's name */
        {"officer", "nobody", MUD_EDENIED},
        {"supervisor", "ana", MUD_EDENIED}, /* who asked */
        {"officer", "otto", MUD_OK},
        {"supervisor", "sue", MUD_EUSAGE}, /* decided already */
    };
    struct desk desk;

    (void)state;
    desk_open(&desk);
    struct mud_pg *ana = desk_as(&desk, "analyst");
    int64_t id = asked(ana, "ana");
    mud_pg_close(ana);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_pg *pg = desk_as(&desk, rows[i].login);
        struct mud_error err = {0};
        bool good = mud_approval_decide(
            pg, id, true, mud_str_z(rows[i].who), MUD_STR(""), &err);
        mud_pg_close(pg);
        if (good != (rows[i].code == MUD_OK) || err.code != rows[i].code)
            fail_msg("%s as %s: %s", rows[i].who, rows[i].login, err.text);
    }
    desk_close(&desk);
}

static void test_approval__is_asked_for_by_those_who_may(void **state)
{
    static const struct {
        const char *login, *who;
        bool good;
    } rows[] = {
        {"analyst", "ana", true},
        {"officer", "otto", true},
        {"supervisor", "sue", true},
        {"analyst", "otto", false},
        {"auditor", "udo", false},
        {"partner", "pat", false},
        {"worker", "ana", false},
    };
    struct desk desk;

    (void)state;
    desk_open(&desk);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_pg *pg = desk_as(&desk, rows[i].login);
        const struct mud_approval_ask ask = ask_of(rows[i].who);
        struct mud_error err = {0};
        int64_t id;
        bool good = mud_approval_ask(&id, pg, &ask, &err);
        mud_pg_close(pg);
        if (good != rows[i].good)
            fail_msg("%s as %s: %s", rows[i].who, rows[i].login, err.text);
        if (!good)
            assert_int_equal(err.code, MUD_EDENIED);
    }
    struct mud_approval_ask ask = ask_of("sue");
    struct mud_error err = {0};
    int64_t id;
    ask.reason = MUD_STR("  ");
    assert_fails(mud_approval_ask(&id, desk.owner, &ask, &err),
                 &err,
                 MUD_EUSAGE,
                 "--reason");
    ask = ask_of("sue");
    ask.action = "nonsense";
    assert_false(mud_approval_ask(&id, desk.owner, &ask, &err));
    desk_close(&desk);
}

/* Statements of one's own, past the program: as the role, and as the owner. */
static void test_approval__the_database_holds_the_rules(void **state)
{
    static const struct {
        const char *login, *sql;
    } rows[] = {
        /* One's own request; a decision that was made up; one in advance. */
        {"officer",
         "UPDATE mud.approval SET state = 'approved', decided_by = 'otto', "
         "decided_at = now() WHERE approval_id = 1"},
        {"owner",
         "UPDATE mud.approval SET state = 'approved', decided_by = 'otto', "
         "decided_at = now() WHERE approval_id = 1"},
        {"owner",
         "UPDATE mud.approval SET state = 'approved', decided_by = 'ana', "
         "decided_at = now() WHERE approval_id = 1"},
        {"officer",
         "INSERT INTO mud.approval (action, kind, object, digest, detail, "
         "reason, asked_by, asked_at, state, decided_by, decided_at) VALUES "
         "('original', '', '', decode(repeat('01', 32), 'hex'), '{}', 'x', "
         "'otto', now(), 'approved', 'sue', now())"},
        {"owner",
         "INSERT INTO mud.approval (action, kind, object, digest, detail, "
         "reason, asked_by, asked_at, state, decided_by, decided_at, "
         "expires_at) VALUES ('original', '', '', decode(repeat('01', 32), "
         "'hex'), '{}', 'x', 'otto', now(), 'approved', 'sue', now(), "
         "now() + interval '1 day')"},
        /* Another thing put in the place of what was asked for. */
        {"officer", "UPDATE mud.approval SET digest = sha256('x')"},
        {"owner", "UPDATE mud.approval SET digest = sha256('x')"},
        {"owner", "UPDATE mud.approval SET asked_by = 'ana'"},
        {"owner", "UPDATE mud.approval SET expires_at = 'infinity'"},
        {"owner",
         "UPDATE mud.approval SET used_at = NULL WHERE approval_id = 2"},
        {"owner",
         "UPDATE mud.approval SET used_at = now() WHERE approval_id = 2"},
        {"supervisor",
         "UPDATE mud.approval SET state = 'refused', note = 'x' WHERE "
         "approval_id = 2"},
        {"supervisor", "DELETE FROM mud.approval"},
        {"owner", "DELETE FROM mud.approval"},
        {"owner", "TRUNCATE mud.approval"},
        /* Who may decide is not theirs to say. */
        {"supervisor", "UPDATE mud.four_eyes SET decide = '{analyst}'"},
        {"analyst",
         "INSERT INTO mud.person_role VALUES ('ana', 'officer', "
         "'ana', now())"},
    };
    struct desk desk;
    char said[6];

    (void)state;
    desk_open(&desk);
    int64_t open = asked(desk.owner, "otto"), used = asked(desk.owner, "otto");
    assert_true(open == 1 && used == 2);
    decided(desk.owner, used, "sue");
    mud_test_pg_exec(
        desk.owner,
        "UPDATE mud.approval SET used_at = now() WHERE approval_id = 2");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        bool owner = strcmp(rows[i].login, "owner") == 0;
        struct mud_pg *pg = owner ? desk.owner : desk_as(&desk, rows[i].login);
        if (!*desk_tries(said, pg, rows[i].sql))
            fail_msg("%s: %s", rows[i].login, rows[i].sql);
        if (!owner)
            mud_pg_close(pg);
    }
    desk_close(&desk);
}

static void test_approval__expires(void **state)
{
    const struct mud_approval_ask ask = ask_of("ana");
    struct mud_error err = {0};
    struct desk desk;
    int64_t id, again;
    char said[6];

    (void)state;
    desk_open(&desk);
    id = asked(desk.owner, "ana");
    mud_test_pg_exec(desk.owner,
                     "UPDATE mud.four_eyes SET lasts = interval '1 ms'");
    decided(desk.owner, id, "otto");
    mud_test_pg_exec(desk.owner, "SELECT pg_sleep(0.05)");
    assert_fails(mud_approval_require(&again, desk.owner, &ask, &err),
                 &err,
                 MUD_EDENIED,
                 "request 2");
    assert_string_equal(
        desk_tries(said,
                   desk.owner,
                   "UPDATE mud.approval SET used_at = now() - interval '1 h' "
                   "WHERE approval_id = 1"),
        DENIED);
    desk_close(&desk);
}

static void test_approval__refusing_says_why(void **state)
{
    const struct mud_approval_query query = {.state = MUD_STR("refused"),
                                             .max = 10};
    struct mud_error err = {0};
    struct mud_rows *rows;
    struct desk desk;
    int64_t id;

    (void)state;
    desk_open(&desk);
    id = asked(desk.owner, "ana");
    assert_fails(mud_approval_decide(
                     desk.owner, id, false, MUD_STR("sue"), MUD_STR(" "), &err),
                 &err,
                 MUD_EUSAGE,
                 "--reason");
    assert_ok(
        mud_approval_decide(
            desk.owner, id, false, MUD_STR("sue"), MUD_STR("no need"), &err),
        &err);
    assert_ok(mud_approval_list(&rows, desk.owner, &query, &err), &err);
    assert_int_equal(mud_rows_count(rows), 1);
    struct mud_approval a = mud_approval_row(rows, 0);
    assert_text(a.note, "no need");
    assert_text(a.decided_by, "sue");
    assert_text(a.asked_by, "ana");
    assert_true(a.decided_at >= a.asked_at && !a.expires_at);
    mud_rows_free(rows);
    assert_fails(mud_approval_decide(
                     desk.owner, 77, true, MUD_STR("sue"), MUD_STR(""), &err),
                 &err,
                 MUD_EMISSING,
                 "77");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approval__takes_two_persons),
        cmocka_unit_test(test_approval__is_decided_by_those_who_may),
        cmocka_unit_test(test_approval__is_asked_for_by_those_who_may),
        cmocka_unit_test(test_approval__the_database_holds_the_rules),
        cmocka_unit_test(test_approval__expires),
        cmocka_unit_test(test_approval__refusing_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
