#include "desk/person.h"

#include "base/json.h"
#include "desk/audit.h"

#include <stdio.h>

#define UNIQUE "23505"
#define CHECK  "23514"

bool mud_person_enter(struct mud_entering *out, struct mud_pg *pg,
                      const char *as, const char *account,
                      struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    const struct mud_str args[] = {as ? mud_str_z(as) : MUD_SQL_NULL,
                                   mud_str_z(account)};

    *out = (struct mud_entering){0};
    if (!mud_pg_query(&rows, pg, mud_sql("person_enter"), args, 2, err))
        return false;
    (void)snprintf(out->name,
                   sizeof(out->name),
                   "%.*s",
                   MUD_FMT(mud_rows_get(rows, 0, 0)));
    out->active = mud_str_eqz(mud_rows_get(rows, 0, 1), "active");
    out->roles = mud_duties_of(mud_rows_get(rows, 0, 2));
    out->elsewhere = mud_rows_bool(rows, 0, 3);
    out->persons = mud_rows_int(rows, 0, 4);
    (void)snprintf(out->login,
                   sizeof(out->login),
                   "%.*s",
                   MUD_FMT(mud_rows_get(rows, 0, 5)));
    mud_rows_free(rows);
    return true;
}

/* One change of people at a time; work runs in its transaction. */
static bool alone(struct mud_pg *pg,
                  bool (*work)(struct mud_pg *pg, void *payload,
                               struct mud_error *err),
                  void *payload, struct mud_error *err)
{
    if (mud_pg_begin(pg, err) &&
        mud_pg_query(NULL, pg, mud_sql("person_lock"), NULL, 0, err) &&
        work(pg, payload, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return false;
}

static bool change(int64_t *changed, struct mud_pg *pg, const char *query,
                   const struct mud_str *args, size_t n, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql(query), args, n, err))
        return false;
    if (changed)
        *changed = mud_rows_changed(rows);
    mud_rows_free(rows);
    return true;
}

static bool add_roles(struct mud_pg *pg, struct mud_str name, unsigned roles,
                      struct mud_str by, struct mud_error *err)
{
    bool good = true;

    for (unsigned i = 0; good && i < MUD_DUTIES; i++) {
        const struct mud_str args[] = {
            name, mud_str_z(mud_duty_name(1U << i)), by};
        if (roles >> i & 1)
            good = change(NULL, pg, "person_role_add", args, 3, err);
    }
    return good;
}

static bool insert(struct mud_pg *pg, const struct mud_person_given *given,
                   struct mud_str by, struct mud_error *err)
{
    const struct mud_str empty = MUD_STR("");
    const struct mud_str args[] = {
        given->name,
        given->full_name.n ? given->full_name : empty,
        given->organisation.n ? given->organisation : empty,
        given->email.n ? given->email : empty,
        by};
    struct mud_error why = {0};

    if (change(NULL, pg, "person_add", args, 5, &why))
        return add_roles(pg, given->name, given->roles, by, err);
    const char *state = mud_pg_sqlstate(pg);
    if (strcmp(state, UNIQUE) == 0)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "there is a person %.*s already (mudlark user show "
                        "%.*s)",
                        MUD_FMT(given->name),
                        MUD_FMT(given->name));
    if (strcmp(state, CHECK) == 0)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "a person's name is 1 to 127 bytes without blanks, "
                        "not '%.*s'",
                        MUD_FMT(given->name));
    return mud_fail(err, why.code, "%s", why.text);
}

struct adding {
    const struct mud_person_given *given;
    struct mud_str by;
};

static bool add(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    const struct adding *a = payload;

    return insert(pg, a->given, a->by, err);
}

bool mud_person_add(struct mud_pg *pg, const struct mud_person_given *given,
                    struct mud_str by, struct mud_error *err)
{
    struct adding a = {given, by};

    return alone(pg, add, &a, err);
}

static bool map(struct mud_pg *pg, struct mud_str name, struct mud_str account,
                struct mud_str by, struct mud_error *err)
{
    const struct mud_str args[] = {account, name, by};

    return change(NULL, pg, "person_map", args, 3, err);
}

struct first {
    const char *account, *also;
    bool made;
};

/* An account may be called what a person may not. */
static void name_of(char name[MUD_PERSON_NAME], const char *account)
{
    (void)snprintf(name, MUD_PERSON_NAME, "%s", account);
    for (char *c = name; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            *c = '_';
}

static bool make_first(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    struct first *f = payload;
    struct mud_entering entering;
    char name[MUD_PERSON_NAME];
    const unsigned roles = MUD_ANALYST | MUD_OFFICER | MUD_SUPERVISOR;

    if (!mud_person_enter(&entering, pg, NULL, f->account, err))
        return false;
    if (entering.persons)
        return true;
    name_of(name, f->account);
    const struct mud_str who = mud_str_z(name);
    const struct mud_person_given given = {.name = who, .roles = roles};
    const struct mud_deed deed = {
        .who = who,
        .action = "people",
        .kind = "person",
        .object = who,
        .detail = MUD_STR("{\"first\":true,\"roles\":[\"analyst\",\"officer\","
                          "\"supervisor\"]}")};
    f->made = true;
    return insert(pg, &given, who, err) &&
           map(pg, who, mud_str_z(f->account), who, err) &&
           (!f->also || map(pg, who, mud_str_z(f->also), who, err)) &&
           mud_audit(pg, &deed, err);
}

bool mud_person_first(bool *made, struct mud_pg *pg, const char *account,
                      const char *also, struct mud_error *err)
{
    struct first f = {.account = account, .also = also};
    bool good = alone(pg, make_first, &f, err);

    *made = good && f.made;
    return good || mud_fail_in(err, "make the first person");
}

static bool exists(struct mud_pg *pg, struct mud_str name,
                   struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = mud_person_list(&rows, pg, name, err);

    mud_rows_free(rows);
    return good;
}

/* Without a supervisor nobody could change people any more. */
static bool may_lose(struct mud_pg *pg, struct mud_str name, unsigned role,
                     struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    const struct mud_str args[] = {MUD_STR("supervisor"), name};

    if (role != MUD_SUPERVISOR)
        return true;
    if (!mud_pg_query(&rows, pg, mud_sql("person_left"), args, 2, err))
        return false;
    bool last = mud_rows_int(rows, 0, 0) == 1 && mud_rows_bool(rows, 0, 1);
    mud_rows_free(rows);
    return !last || mud_fail(err,
                             MUD_EUSAGE,
                             "%.*s is the last active supervisor: give another "
                             "person the role first (mudlark user role)",
                             MUD_FMT(name));
}

struct giving {
    struct mud_str name, by;
    unsigned role;
    bool give;
};

static bool give_role(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    const struct giving *g = payload;
    const struct mud_str args[] = {g->name, mud_str_z(mud_duty_name(g->role))};

    if (!exists(pg, g->name, err))
        return false;
    if (g->give)
        return add_roles(pg, g->name, g->role, g->by, err);
    return may_lose(pg, g->name, g->role, err) &&
           change(NULL, pg, "person_role_remove", args, 2, err);
}

bool mud_person_role(struct mud_pg *pg, struct mud_str name, unsigned role,
                     bool give, struct mud_str by, struct mud_error *err)
{
    struct giving g = {name, by, role, give};

    return alone(pg, give_role, &g, err);
}

static bool set_state(struct mud_pg *pg, void *payload, struct mud_error *err)
{
    const struct giving *g = payload;
    const struct mud_str args[] = {
        g->name, g->give ? MUD_STR("active") : MUD_STR("disabled")};

    return exists(pg, g->name, err) &&
           (g->give ||
            (may_lose(pg, g->name, MUD_SUPERVISOR, err) &&
             change(NULL, pg, "person_secret_drop", args, 1, err))) &&
           change(NULL, pg, "person_state", args, 2, err);
}

bool mud_person_enable(struct mud_pg *pg, struct mud_str name, bool enable,
                       struct mud_error *err)
{
    struct giving g = {.name = name, .give = enable};

    return alone(pg, set_state, &g, err);
}

bool mud_person_map(struct mud_pg *pg, struct mud_str name,
                    struct mud_str account, struct mud_str by,
                    struct mud_error *err)
{
    struct mud_error why = {0};

    if (!account.n || memchr(account.s, 0, account.n))
        return mud_fail(err, MUD_EUSAGE, "no account of the system is named");
    if (!exists(pg, name, err))
        return false;
    if (map(pg, name, account, by, &why))
        return true;
    if (strcmp(mud_pg_sqlstate(pg), UNIQUE) == 0)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "account %.*s is mapped already (mudlark user list)",
                        MUD_FMT(account));
    return mud_fail(err, why.code, "%s", why.text);
}

bool mud_person_unmap(struct mud_pg *pg, struct mud_str name,
                      struct mud_str account, struct mud_error *err)
{
    const struct mud_str args[] = {account, name};
    int64_t changed = 0;

    return change(&changed, pg, "person_unmap", args, 2, err) &&
           (changed == 1 || mud_fail(err,
                                     MUD_EMISSING,
                                     "account %.*s is not mapped to %.*s",
                                     MUD_FMT(account),
                                     MUD_FMT(name)));
}

struct mud_person mud_person_row(const struct mud_rows *rows, size_t i)
{
    return (struct mud_person){.name = mud_rows_get(rows, i, 0),
                               .full_name = mud_rows_get(rows, i, 1),
                               .organisation = mud_rows_get(rows, i, 2),
                               .email = mud_rows_get(rows, i, 3),
                               .state = mud_rows_get(rows, i, 4),
                               .made_by = mud_rows_get(rows, i, 5),
                               .made_at = mud_rows_time(rows, i, 6),
                               .roles = mud_rows_get(rows, i, 7),
                               .accounts = mud_rows_get(rows, i, 8)};
}

bool mud_person_list(struct mud_rows **out, struct mud_pg *pg,
                     struct mud_str name, struct mud_error *err)
{
    const struct mud_str arg = name.n ? name : MUD_SQL_NULL;

    if (!mud_pg_query(out, pg, mud_sql("person_list"), &arg, 1, err))
        return false;
    if (!name.n || mud_rows_count(*out))
        return true;
    mud_rows_free(*out);
    *out = NULL;
    return mud_fail(
        err, MUD_EMISSING, "no person %.*s (mudlark user list)", MUD_FMT(name));
}
