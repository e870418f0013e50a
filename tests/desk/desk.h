/* A database with people, and logins as each role of Postgres. */
#ifndef MUD_TESTS_DESK_H
#define MUD_TESTS_DESK_H

#include "desk/person.h"
#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#include <stdio.h>
#include <string.h>

struct desk {
    const char *dsn;
    struct mud_pg *owner;
};

/* ana: analyst; ana2: another one; otto: officer; sue: supervisor; udo:
 * auditor; pat: partner. */
static inline void desk_open(struct desk *desk)
{
    static const struct {
        const char *name;
        unsigned roles;
    } people[] = {{"ana", MUD_ANALYST},
                  {"ana2", MUD_ANALYST},
                  {"otto", MUD_OFFICER},
                  {"sue", MUD_SUPERVISOR},
                  {"udo", MUD_AUDITOR},
                  {"pat", MUD_PARTNER}};
    struct mud_error err = {0};

    desk->dsn = mud_test_pg();
    desk->owner = mud_test_pg_open(desk->dsn);
    for (size_t i = 0; i < MUDTEST_ROWS(people); i++) {
        const struct mud_person_given given = {
            .name = mud_str_z(people[i].name), .roles = people[i].roles};
        assert_ok(mud_person_add(desk->owner, &given, MUD_STR("test"), &err),
                  &err);
    }
}

static inline void desk_close(struct desk *desk)
{
    mud_pg_close(desk->owner);
}

/* A connection of that role: "analyst", "worker". */
static inline struct mud_pg *desk_as(const struct desk *desk, const char *role)
{
    char dsn[320];

    (void)snprintf(dsn, sizeof dsn, "%s user=mud_%s", desk->dsn, role);
    return mud_test_pg_open(dsn);
}

/* The SQLSTATE of a statement that is tried and undone; "" when it is allowed. */
static inline const char *desk_tries(char state[6], struct mud_pg *pg,
                                     const char *sql)
{
    struct mud_error err = {0};

    assert_true(mud_pg_begin(pg, NULL));
    bool good = mud_pg_exec(pg, sql, &err);
    (void)snprintf(state, 6, "%s", good ? "" : mud_pg_sqlstate(pg));
    mud_pg_rollback(pg);
    return state;
}

#define DENIED "42501"

#endif
