#include "desk/person.h"

#include "base/time.h"
#include "desk/audit.h"
#include "desk/secret.h"
#include "tests/desk/desk.h"

static void test_person__the_first_is_who_runs_it(void **state)
{
    struct mud_pg *pg = mud_test_pg_open(mud_test_pg());
    struct mud_entering entering;
    struct mud_audit_check check;
    struct mud_error err = {0};
    bool made;

    (void)state;
    assert_ok(mud_person_enter(&entering, pg, NULL, "li wei", &err), &err);
    assert_true(!*entering.name && !entering.persons);
    assert_ok(mud_person_first(&made, pg, "li wei", "daemon", &err), &err);
    assert_true(made);
    assert_ok(mud_person_enter(&entering, pg, NULL, "li wei", &err), &err);
    assert_string_equal(entering.name, "li_wei");
    assert_int_equal(entering.roles,
                     MUD_ANALYST | MUD_OFFICER | MUD_SUPERVISOR);
    assert_true(entering.active && !entering.elsewhere);
    assert_ok(mud_person_enter(&entering, pg, NULL, "daemon", &err), &err);
    assert_string_equal(entering.name, "li_wei");
    assert_ok(mud_person_first(&made, pg, "wang", NULL, &err), &err);
    assert_false(made);
    assert_ok(mud_person_enter(&entering, pg, "wang", "wang", &err), &err);
    assert_true(!*entering.name && entering.persons == 1);
    assert_ok(mud_audit_verify(&check, pg, NULL, NULL, &err), &err);
    assert_int_equal(check.lines, 1);
    mud_pg_close(pg);
}

static void test_person__an_account_is_one_persons(void **state)
{
    const struct mud_str acct = MUD_STR("acct");
    struct mud_entering entering;
    struct mud_error err = {0};
    struct desk desk;

    (void)state;
    desk_open(&desk);
    struct mud_pg *pg = desk_as(&desk, "supervisor");
    assert_ok(mud_person_map(pg, MUD_STR("ana"), acct, MUD_STR("sue"), &err),
              &err);
    assert_fails(
        mud_person_map(pg, MUD_STR("otto"), acct, MUD_STR("sue"), &err),
        &err,
        MUD_EUSAGE,
        "mapped already");
    assert_ok(mud_person_enter(&entering, pg, NULL, "acct", &err), &err);
    assert_string_equal(entering.name, "ana");
    assert_string_equal(entering.login, "supervisor");
    assert_false(entering.elsewhere);
    assert_ok(mud_person_enter(&entering, pg, "ana", "stranger", &err), &err);
    assert_true(entering.elsewhere); /* has an account, and this is another */
    assert_ok(mud_person_enter(&entering, pg, "otto", "stranger", &err), &err);
    assert_false(entering.elsewhere); /* has none */
    assert_fails(mud_person_unmap(pg, MUD_STR("otto"), acct, &err),
                 &err,
                 MUD_EMISSING,
                 "not mapped");
    assert_ok(mud_person_unmap(pg, MUD_STR("ana"), acct, &err), &err);
    assert_ok(mud_person_enter(&entering, pg, NULL, "acct", &err), &err);
    assert_string_equal(entering.name, "");
    mud_pg_close(pg);
    desk_close(&desk);
}

static void test_person__roles_are_given_and_taken(void **state)
{
    const struct mud_str sue = MUD_STR("sue"), ana = MUD_STR("ana");
    struct mud_entering entering;
    struct mud_error err = {0};
    struct desk desk;

    (void)state;
    desk_open(&desk);
    struct mud_pg *pg = desk_as(&desk, "supervisor");
    assert_ok(mud_person_role(pg, ana, MUD_OFFICER, true, sue, &err), &err);
    assert_ok(mud_person_role(pg, ana, MUD_ANALYST, false, sue, &err), &err);
    assert_ok(mud_person_enter(&entering, pg, "ana", "x", &err), &err);
    assert_int_equal(entering.roles, MUD_OFFICER);
    assert_fails(mud_person_role(pg, sue, MUD_SUPERVISOR, false, sue, &err),
                 &err,
                 MUD_EUSAGE,
                 "last active supervisor");
    assert_fails(mud_person_enable(pg, sue, false, &err),
                 &err,
                 MUD_EUSAGE,
                 "last active supervisor");
    assert_ok(mud_person_role(pg, ana, MUD_SUPERVISOR, true, sue, &err), &err);
    assert_ok(mud_person_enable(pg, sue, false, &err), &err);
    assert_ok(mud_person_enter(&entering, pg, "sue", "x", &err), &err);
    assert_false(entering.active);
    assert_fails(
        mud_person_role(pg, MUD_STR("nobody"), MUD_OFFICER, true, ana, &err),
        &err,
        MUD_EMISSING,
        "nobody");
    mud_pg_close(pg);
    desk_close(&desk);
}

static void test_person__names_are_names(void **state)
{
    static const char *const bad[] = {"", "a b", "a\nb", "\t"};
    struct mud_error err = {0};
    struct desk desk;

    (void)state;
    desk_open(&desk);
    for (size_t i = 0; i < MUDTEST_ROWS(bad); i++) {
        const struct mud_person_given given = {.name = mud_str_z(bad[i])};
        assert_fails(mud_person_add(desk.owner, &given, MUD_STR("sue"), &err),
                     &err,
                     MUD_EUSAGE,
                     "name");
    }
    const struct mud_person_given again = {.name = MUD_STR("ana")};
    assert_fails(mud_person_add(desk.owner, &again, MUD_STR("sue"), &err),
                 &err,
                 MUD_EUSAGE,
                 "already");
    const struct mud_person_given chinese = {.name = MUD_STR("李警官"),
                                             .roles = MUD_OFFICER};
    assert_ok(mud_person_add(desk.owner, &chinese, MUD_STR("sue"), &err), &err);
    desk_close(&desk);
}

static bool checks(bool *once, struct mud_pg *pg, const char *name,
                   const char *secret)
{
    struct mud_error err = {0};
    bool good;

    assert_ok(mud_secret_check(
                  &good, once, pg, mud_str_z(name), mud_str_z(secret), &err),
              &err);
    return good;
}

static void test_secret__is_good_once_made_and_nothing_else_is(void **state)
{
    const struct mud_str ana = MUD_STR("ana");
    char secret[MUD_SECRET_TEXT], other[MUD_SECRET_TEXT], said[6];
    struct mud_error err = {0};
    struct desk desk;
    bool once;

    (void)state;
    desk_open(&desk);
    struct mud_pg *pg = desk_as(&desk, "supervisor");
    assert_ok(mud_secret_make(secret, &err), &err);
    assert_ok(mud_secret_make(other, &err), &err);
    assert_int_equal(strlen(secret), MUD_SECRET_TEXT - 1);
    assert_string_not_equal(secret, other);
    assert_false(checks(&once, desk.owner, "ana", "")); /* no default */
    assert_ok(mud_secret_put(pg,
                             ana,
                             mud_str_z(secret),
                             mud_now() + MUD_SECRET_GOOD * MUD_SECOND,
                             &err),
              &err);
    assert_true(checks(&once, desk.owner, "ana", secret) && once);
    assert_false(checks(&once, desk.owner, "ana", other) || once);
    assert_false(checks(&once, desk.owner, "otto", secret));
    /* Nobody reads it, not even who put it there. */
    assert_string_equal(
        desk_tries(said, pg, "SELECT hash FROM mud.person_secret"), DENIED);
    assert_int_equal(
        mud_test_pg_int(desk.owner,
                        "SELECT count(*) FROM mud.person_secret WHERE hash "
                        "LIKE '$argon2id$v=19$m=65536,t=2,p=1$%'"),
        1);
    assert_ok(mud_secret_put(pg, ana, mud_str_z("correct horse"), 0, &err),
              &err);
    assert_true(checks(&once, desk.owner, "ana", "correct horse") && !once);
    assert_false(checks(&once, desk.owner, "ana", secret));
    assert_ok(mud_secret_put(pg, ana, mud_str_z(secret), mud_now() - 1, &err),
              &err);
    assert_false(checks(&once, desk.owner, "ana", secret)); /* expired */
    mud_pg_close(pg);
    desk_close(&desk);
}

static void test_secret__a_name_that_nobody_has_takes_as_long(void **state)
{
    struct desk desk;
    bool once;

    (void)state;
    desk_open(&desk);
    int64_t began = mud_monotonic();
    assert_false(checks(&once, desk.owner, "nobody", "x"));
    assert_true(mud_monotonic() - began > 20000); /* us: it was hashed */
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person__the_first_is_who_runs_it),
        cmocka_unit_test(test_person__an_account_is_one_persons),
        cmocka_unit_test(test_person__roles_are_given_and_taken),
        cmocka_unit_test(test_person__names_are_names),
        cmocka_unit_test(test_secret__is_good_once_made_and_nothing_else_is),
        cmocka_unit_test(test_secret__a_name_that_nobody_has_takes_as_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
