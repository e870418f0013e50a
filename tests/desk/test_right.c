/* Each role against each action: the program's table, and by SQL of one's own in
 * that role of Postgres, are the same. */
#include "desk/right.h"

#include "tests/desk/desk.h"

static const struct {
    const char *role, *person;
} staff[] = {{"analyst", "ana"},
             {"officer", "otto"},
             {"supervisor", "sue"},
             {"auditor", "udo"},
             {"partner", "pat"}};

/* %s: the person who tries. sql NULL: the program alone holds it, because files
 * are read, or the same tables as for another action. */
static const struct {
    const char *action, *sql;
} acts[] = {
    {"look", "SELECT FROM mud.source"},
    {"look", "SELECT FROM mud.lexicon_entry"},
    {"read", "SELECT FROM mud.post"},
    {"read", "SELECT FROM mud.content"},
    {"read", "SELECT FROM mud.actor"},
    {"read", "SELECT FROM mud.claim_evidence"},
    {"read", "SELECT FROM mud.search_posting"},
    {"original", NULL},
    {"export", NULL},
    {"verify", "SELECT FROM mud.capture"},
    {"verify", "SELECT FROM mud.ledger"},
    {"verdict", "INSERT INTO mud.verdict DEFAULT VALUES"},
    {"alert", "DELETE FROM mud.alert"},
    {"lexicon", "DELETE FROM mud.lexicon_entry"},
    {"source", "UPDATE mud.source SET state = 'paused'"},
    {"account", "DELETE FROM mud.account"},
    {"collect", "DELETE FROM mud.frontier"},
    {"collect", "DELETE FROM mud.cursor"},
    {"rebuild", "SELECT mud.graph_clear()"},
    {"hold", "UPDATE mud.seal_key SET key_id = key_id"},
    {"retention", "DELETE FROM mud.seal_kept"},
    {"ask",
     "INSERT INTO mud.approval (action, kind, object, digest, detail, "
     "reason, asked_by, asked_at) VALUES ('original', '', '', "
     "sha256('x'), '{}', 'x', '%s', now())"},
    {"approve",
     "UPDATE mud.approval SET state = 'approved', decided_by = "
     "'%s', decided_at = now() WHERE asked_by = 'ana2'"},
    {"people",
     "INSERT INTO mud.person (name, made_by, made_at) VALUES ('x', "
     "'%s', now())"},
    {"people", "UPDATE mud.person SET state = 'disabled' WHERE name = 'ana2'"},
    {"people",
     "INSERT INTO mud.person_role VALUES ('ana2', 'officer', '%s', "
     "now())"},
    {"persons", "SELECT FROM mud.person"},
    {"audit", "SELECT FROM mud.audit"},
    {"database", "DROP TABLE mud.post"},
};

static void with_name(char out[512], const char *sql, const char *person)
{
    struct mud_str s = mud_str_z(sql);
    size_t at = mud_str_find(s, MUD_STR("%s"));

    if (at == MUD_NPOS)
        (void)snprintf(out, 512, "%s", sql);
    else
        (void)snprintf(
            out, 512, "%.*s%s%s", (int)at, sql, person, sql + at + 2);
}

static void test_right__table_and_grants_say_the_same(void **state)
{
    struct desk desk;
    char said[6], sql[512];

    (void)state;
    desk_open(&desk);
    mud_test_pg_exec(desk.owner,
                     "INSERT INTO mud.approval (action, kind, object, digest, "
                     "detail, reason, asked_by, asked_at) VALUES ('original', "
                     "'', '', sha256('y'), '{}', 'x', 'ana2', now())");
    for (size_t r = 0; r < MUDTEST_ROWS(staff); r++) {
        struct mud_pg *pg = desk_as(&desk, staff[r].role);
        unsigned role = mud_duty_of(mud_str_z(staff[r].role));

        for (size_t i = 0; i < MUDTEST_ROWS(acts); i++) {
            const struct mud_right *right = mud_right_of(acts[i].action);
            if (!acts[i].sql)
                continue;
            /* The pipeline's and the owner's work is done in no one's role. */
            bool may = right->login == MUD_LOGIN_ROLE && (right->roles & role);
            with_name(sql, acts[i].sql, staff[r].person);
            desk_tries(said, pg, sql);
            bool denied = strcmp(said, DENIED) == 0;
            if (denied == may || (may && *said && denied))
                fail_msg("%s, %s: %s gives '%s'",
                         staff[r].role,
                         acts[i].action,
                         sql,
                         said);
        }
        mud_pg_close(pg);
    }
    desk_close(&desk);
}

static void test_right__the_worker_works_and_decides_nothing(void **state)
{
    static const struct {
        const char *sql;
        bool may;
    } rows[] = {
        {"INSERT INTO mud.job (queue, key, payload, run_at) VALUES ('x', 'x', "
         "'{}', now())",
         true},
        {"SELECT mud.graph_clear()", true},
        {"SELECT FROM mud.post", true},
        {"UPDATE mud.ledger SET op = 'x'", false},
        {"DELETE FROM mud.ledger", false},
        {"DELETE FROM mud.capture", false},
        {"UPDATE mud.capture SET url = 'x'", false},
        {"DELETE FROM mud.anchor", false},
        {"SELECT FROM mud.person", false},
        {"SELECT FROM mud.person_secret", false},
        {"SELECT FROM mud.audit", false},
        {"UPDATE mud.approval SET state = 'approved'", false},
        {"DELETE FROM mud.lexicon_entry", false},
        {"CREATE TABLE mud.mine (x int)", false},
        {"SET ROLE mud_supervisor", false},
        {"SET SESSION AUTHORIZATION mud_supervisor", false},
    };
    struct desk desk;
    char said[6];

    (void)state;
    desk_open(&desk);
    struct mud_pg *pg = desk_as(&desk, "worker");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        desk_tries(said, pg, rows[i].sql);
        if (rows[i].may != !*said)
            fail_msg("worker: %s gives '%s'", rows[i].sql, said);
    }
    mud_pg_close(pg);
    desk_close(&desk);
}

static void test_right__each_action_is_tried(void **state)
{
    (void)state;
    for (const struct mud_right *r = mud_rights; r->action; r++) {
        bool tried = false;

        for (size_t i = 0; i < MUDTEST_ROWS(acts); i++)
            tried = tried || strcmp(acts[i].action, r->action) == 0;
        if (!tried)
            fail_msg("%s: say how it is tried", r->action);
    }
}

static void test_right__the_least_role_that_may_is_used(void **state)
{
    const struct mud_right *read = mud_right_of("read");
    const struct mud_right *people = mud_right_of("people");
    const unsigned all = MUD_ANALYST | MUD_OFFICER | MUD_SUPERVISOR;
    char text[MUD_DUTIES_TEXT];

    (void)state;
    assert_int_equal(mud_right_role(read, all), MUD_ANALYST);
    assert_int_equal(mud_right_role(read, MUD_OFFICER | MUD_AUDITOR),
                     MUD_OFFICER);
    assert_int_equal(mud_right_role(read, MUD_AUDITOR), 0);
    assert_int_equal(mud_right_role(people, all), MUD_SUPERVISOR);
    assert_int_equal(mud_duties_of(MUD_STR("analyst, auditor")),
                     MUD_ANALYST | MUD_AUDITOR);
    assert_int_equal(mud_duties_of(MUD_STR("analyst,king")), 0);
    assert_string_equal(mud_duties_text(text, MUD_ANALYST | MUD_PARTNER),
                        "analyst, partner");
    assert_null(mud_right_of("fly"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right__table_and_grants_say_the_same),
        cmocka_unit_test(test_right__the_worker_works_and_decides_nothing),
        cmocka_unit_test(test_right__each_action_is_tried),
        cmocka_unit_test(test_right__the_least_role_that_may_is_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
