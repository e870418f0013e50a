#include "run/account.h"

#include "base/conf.h"
#include "run/hours.h"

#include <stdio.h>

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

/* Runs name with args, which begin with the source and the account; *rows may be
 * NULL: nothing is wanted. */
static bool run(struct mud_rows **rows, struct mud_pg *pg, const char *sql,
                const struct mud_source *source, struct mud_str *args, size_t n,
                struct mud_error *err)
{
    struct mud_rows *all;
    char id[16];

    snprintf(id, sizeof id, "%d", (int)source->id);
    args[0] = mud_str_z(id);
    bool good = mud_pg_query(&all, pg, sql, args, n, err);
    args[0] = MUD_STR("");
    if (!good)
        return false;
    if (rows)
        *rows = all;
    else
        mud_rows_free(all);
    return true;
}

static bool missing(const struct mud_source *source, struct mud_str name,
                    struct mud_error *err)
{
    return mud_fail(err,
                    MUD_EMISSING,
                    "source %.*s has no account %.*s (mudlark account list "
                    " %.*s names them)",
                    MUD_FMT(source->name),
                    MUD_FMT(name),
                    MUD_FMT(source->name));
}

/* The same as of a file among the secrets (secret.c). */
static bool name_good(struct mud_str name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.s[i] <= ' ' || strchr("/\\@", name.s[i]))
            return false;
    return name.n && name.n <= 64 && name.s[0] != '.';
}

static bool check(const struct mud_source *source,
                  const struct mud_account *account, struct mud_error *err)
{
    struct mud_policy policy = mud_source_policy(source, 0);
    struct mud_hours hours;

    if (!name_good(account->name))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "account %.*s: 1 to 64 bytes without spaces, slashes "
                        "and \"@\", as its file among the secrets is named",
                        MUD_FMT(account->name));
    if (!mud_str_eqz(source->kind, "forum"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "source %.*s is no forum: it has one account "
                        "(source set --account)",
                        MUD_FMT(source->name));
    if (mud_str_chr(account->proxy, '@') != MUD_NPOS)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--proxy takes no user name and password: they would "
                        "be stored and shown");
    policy.proxy = account->proxy;
    return mud_policy_check(&policy, err) &&
           mud_hours_parse(&hours, account->hours, err);
}

static bool insert(bool *added, struct mud_pg *pg,
                   const struct mud_source *source,
                   const struct mud_account *account, struct mud_str who,
                   struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_rows *rows;
    struct mud_str args[] = {
        MUD_STR(""),
        account->name,
        or_null(account->proxy),
        or_null(account->hours),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        who,
    };

    if (!run(&rows, pg, mud_sql("account_add"), source, args, 6, err))
        return false;
    *added = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return true;
}

bool mud_account_add(struct mud_pg *pg, const struct mud_source *source,
                     const struct mud_account *account, struct mud_str who,
                     struct mud_error *err)
{
    bool added;

    if (!check(source, account, err) ||
        !insert(&added, pg, source, account, who, err))
        return false;
    return added || mud_fail(err,
                             MUD_EUSAGE,
                             "source %.*s has an account %.*s already",
                             MUD_FMT(source->name),
                             MUD_FMT(account->name));
}

/* The account that a forum was added with. */
static bool insert_own(struct mud_pg *pg, const struct mud_source *source,
                       struct mud_error *err)
{
    struct mud_account own = {.name = source->account};
    bool added;

    if (!mud_str_eqz(source->kind, "forum") || !name_good(source->account))
        return true;
    return insert(&added,
                  pg,
                  source,
                  &own,
                  source->created_by.n ? source->created_by
                                       : MUD_STR("mudlark"),
                  err);
}

static void read_row(struct mud_account *out, const struct mud_rows *rows,
                     size_t i, struct mud_arena *arena)
{
    *out = (struct mud_account){
        .name = mud_str_dup(mud_rows_get(rows, i, 0), arena),
        .proxy = mud_str_dup(mud_rows_get(rows, i, 1), arena),
        .hours = mud_str_dup(mud_rows_get(rows, i, 2), arena),
        .locked = mud_str_eqz(mud_rows_get(rows, i, 3), "locked"),
        .note = mud_str_dup(mud_rows_get(rows, i, 4), arena),
        .tries = mud_rows_int(rows, i, 5),
        .logged_in = mud_rows_time(rows, i, 6),
        .used = mud_rows_time(rows, i, 7),
        .added = mud_rows_time(rows, i, 8),
        .added_by = mud_str_dup(mud_rows_get(rows, i, 9), arena),
    };
}

bool mud_account_list(struct mud_account **out, size_t *n, struct mud_pg *pg,
                      const struct mud_source *source, struct mud_arena *arena,
                      struct mud_error *err)
{
    struct mud_rows *rows;
    struct mud_str args[] = {MUD_STR("")};

    if (!insert_own(pg, source, err) ||
        !run(&rows, pg, mud_sql("account_list"), source, args, 1, err))
        return false;
    *n = mud_rows_count(rows);
    *out = mud_arena_array(arena, *n, sizeof **out);
    for (size_t i = 0; i < *n; i++)
        read_row(&(*out)[i], rows, i, arena);
    mud_rows_free(rows);
    return true;
}

static bool set_state(struct mud_pg *pg, const struct mud_source *source,
                      struct mud_str name, const char *state,
                      struct mud_str why, struct mud_str who,
                      struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_rows *rows;
    struct mud_str args[] = {
        MUD_STR(""),
        name,
        mud_str_z(state),
        or_null(why),
        who,
        mud_str_z(mud_time_text(now, mud_now(), true)),
    };

    if (!run(&rows, pg, mud_sql("account_state"), source, args, 6, err))
        return false;
    bool found = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return found || missing(source, name, err);
}

bool mud_account_lock(struct mud_pg *pg, const struct mud_source *source,
                      struct mud_str name, struct mud_str why,
                      struct mud_str who, struct mud_error *err)
{
    return set_state(pg, source, name, "locked", why, who, err);
}

bool mud_account_resume(struct mud_pg *pg, const struct mud_source *source,
                        struct mud_str name, struct mud_str who,
                        struct mud_error *err)
{
    return set_state(pg, source, name, "active", MUD_STR(""), who, err);
}

bool mud_account_remove(struct mud_pg *pg, const struct mud_source *source,
                        struct mud_str name, struct mud_str who,
                        struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_rows *rows;
    struct mud_str args[] = {
        MUD_STR(""),
        name,
        who,
        mud_str_z(mud_time_text(now, mud_now(), true)),
    };

    if (mud_str_eq(source->account, name))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s is the source's own account: take it away there "
                        "(source set %.*s --account '')",
                        MUD_FMT(name),
                        MUD_FMT(source->name));
    if (!run(&rows, pg, mud_sql("account_remove"), source, args, 4, err))
        return false;
    bool found = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return found || missing(source, name, err);
}

bool mud_account_used(struct mud_pg *pg, const struct mud_source *source,
                      struct mud_str name, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {
        MUD_STR(""), name, mud_str_z(mud_time_text(now, mud_now(), true))};

    return run(NULL, pg, mud_sql("account_used"), source, args, 3, err);
}

bool mud_account_try(bool *may, struct mud_pg *pg,
                     const struct mud_source *source, struct mud_str name,
                     struct mud_error *err)
{
    char most[8], log_ins[8], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(most, sizeof most, "%d", MUD_ACCOUNT_TRIES);
    snprintf(log_ins, sizeof log_ins, "%d", MUD_ACCOUNT_LOGINS);
    struct mud_str args[] = {MUD_STR(""),
                             name,
                             mud_str_z(most),
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             mud_str_z(log_ins)};
    if (!run(&rows, pg, mud_sql("account_try"), source, args, 5, err))
        return false;
    *may = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return true;
}

bool mud_account_in(struct mud_pg *pg, const struct mud_source *source,
                    struct mud_str name, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str args[] = {
        MUD_STR(""), name, mud_str_z(mud_time_text(now, mud_now(), true))};

    return run(NULL, pg, mud_sql("account_in"), source, args, 3, err);
}

bool mud_jar_path(char *out, size_t size, const char *home,
                  struct mud_str source, struct mud_str account,
                  struct mud_error *err)
{
    size_t n =
        (size_t)snprintf(out, size, "%s/cookies/%.*s.d", home, MUD_FMT(source));

    if (n < size && !mud_mkdirs(out, err))
        return false;
    if (n < size)
        n += (size_t)snprintf(out + n,
                              size - n,
                              "/%s%.*s",
                              account.n ? "account-" : "guest",
                              MUD_FMT(account));
    return n < size ||
           mud_fail(err, MUD_ELIMIT, "%s/cookies: too long a path", home);
}
