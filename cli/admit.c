/* How a person is let in, and what he does recorded: once for a command. */
#include "base/conf.h"
#include "base/lang.h"
#include "base/log.h"
#include "cli/deed.h"
#include "cli/out.h"
#include "cli/session.h"
#include "graph/rebuild_diff.h"
#include "store/db.h"
#include "store/roles.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    bool in;       /* somebody was let in */
    bool recorded; /* and the line was written: seq */
    pid_t pid;     /* by this process; children act in the same deed */
    int64_t seq;
    char who[128];
    char role[32];  /* of Postgres; "": the owner */
    char dsn[4200]; /* how to connect as it */
} admitted;

static void account_of(char *out, size_t size, uid_t uid)
{
    const struct passwd *user = getpwuid(uid);

    if (user && *user->pw_name && strlen(user->pw_name) < size)
        snprintf(out, size, "%s", user->pw_name);
    else
        snprintf(out, size, "uid-%u", (unsigned)uid);
}

bool mud_session_home(struct mud_session *session, const struct mud_args *args,
                      struct mud_error *err)
{
    const char *as = mud_args_get(args, "as");

    *session = (struct mud_session){0};
    if (as && (!*as || strlen(as) >= sizeof session->who))
        return mud_fail(err, MUD_EUSAGE, "--as takes a name of 1 to 127 bytes");
    if (!mud_home(session->home, sizeof session->home, err))
        return false;
    account_of(session->account, sizeof session->account, getuid());
    snprintf(session->who,
             sizeof session->who,
             "%s",
             admitted.in ? admitted.who
             : as        ? as
                         : session->account);
    session->arena = mud_arena_new();
    return true;
}

/* Nobody yet: whoever runs this is the first, and so is the home's owner, whom a
 * service runs as. */
static bool first_person(struct mud_pg *owner,
                         const struct mud_session *session,
                         const struct mud_args *args, struct mud_error *err)
{
    const char *command = mud_args_command(args)->name;
    char also[128] = "";
    struct stat st;
    bool made;

    if (mud_db_private() && stat(session->home, &st) == 0 &&
        st.st_uid != getuid())
        account_of(also, sizeof also, st.st_uid);
    if (!mud_person_first(
            &made, owner, session->account, *also ? also : NULL, err))
        return false;
    if (!made)
        return true;
    bool say = strcmp(command, "up") == 0 || strcmp(command, "db migrate") == 0;
    if (say && !mud_args_has(args, "quiet") && !mud_log_is_json())
        fprintf(
            stderr,
            mud_t("%s is the first person here: analyst, officer and "
                  "supervisor. What takes two persons needs a second one: "
                  "mudlark user add NAME --role officer\n",
                  "%s 为首位人员，具有 analyst、officer、supervisor 角色。"
                  "须双人办理的事项需要第二人：mudlark user add 姓名 --role "
                  "officer\n"),
            session->account);
    else
        mud_log(MUD_LOG_INFO,
                NULL,
                "%s is the first person: analyst, officer, supervisor",
                session->account);
    return true;
}

/* A try that was turned away is recorded as well, where that can be done. */
static bool turn_away(struct mud_pg *owner, const struct mud_session *session,
                      const struct mud_args *args, const struct mud_error *why,
                      struct mud_error *err)
{
    struct mud_deed deed =
        mud_deed_line(args, session->who, session->account, session->arena);
    struct mud_error late = {0};

    deed.action = "refused";
    if (!mud_audit(owner, &deed, &late))
        mud_log(MUD_LOG_INFO, NULL, "%s", late.text);
    return mud_fail(err, why->code, "%s", why->text);
}

static bool is_known(const struct mud_entering *entering,
                     const struct mud_session *session, bool as,
                     struct mud_error *err)
{
    if (!*entering->name && as)
        return mud_fail(err,
                        MUD_EDENIED,
                        "there is no person %s here: mudlark user list shows "
                        "who there is, and a supervisor adds one (mudlark user "
                        "add %s --role analyst)",
                        session->who,
                        session->who);
    if (!*entering->name)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the account %s is no person's here: a supervisor maps "
                        "it (mudlark user map PERSON %s), or say who you are "
                        "with --as",
                        session->account,
                        session->account);
    if (!entering->active)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s is disabled: a supervisor enables him (mudlark "
                        "user enable %s)",
                        entering->name,
                        entering->name);
    /* Root can be anyone on its machine, and is named in the audit. */
    if (entering->elsewhere && getuid() != 0)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s works from an account of his own, and %s is none: "
                        "a supervisor maps it (mudlark user map %s %s)",
                        entering->name,
                        session->account,
                        entering->name,
                        session->account);
    return true;
}

/* The role of Postgres for that right; false when the person has none. */
static bool role_of(char role[32], const struct mud_entering *entering,
                    const struct mud_right *right, struct mud_error *err)
{
    char has[MUD_DUTIES_TEXT], takes[MUD_DUTIES_TEXT];
    unsigned bit = mud_right_role(right, entering->roles);
    unsigned login = mud_duty_of(mud_str_z(entering->login));

    if (!bit)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s is %s; to %s takes %s (mudlark user role)",
                        entering->name,
                        entering->roles ? mud_duties_text(has, entering->roles)
                                        : "without a role",
                        right->en,
                        mud_duties_text(takes, right->roles));
    /* MUDLARK_DSN names a role: then that one, of those that the person has. */
    if (right->roles & entering->roles & login)
        bit = login;
    *role = 0;
    if (right->login == MUD_LOGIN_WORKER)
        snprintf(role, 32, "%s", MUD_ROLE_WORKER);
    else if (right->login == MUD_LOGIN_ROLE)
        snprintf(role, 32, MUD_ROLE_PREFIX "%s", mud_duty_name(bit));
    return true;
}

/* Who it is and whether he may. */
static bool let_in(struct mud_session *session, struct mud_pg *owner,
                   const struct mud_right *right, const struct mud_args *args,
                   struct mud_error *err)
{
    const char *as = mud_args_get(args, "as");
    struct mud_entering entering;
    struct mud_error why = {0};

    if (!mud_person_enter(&entering, owner, as, session->account, err))
        return false;
    if (!entering.persons && !*entering.login &&
        (!first_person(owner, session, args, err) ||
         !mud_person_enter(&entering, owner, as, session->account, err)))
        return false;
    if (!right)
        return true;
    if (!is_known(&entering, session, as != NULL, &why) ||
        !role_of(admitted.role, &entering, right, &why))
        return turn_away(owner, session, args, &why, err);
    snprintf(session->who, sizeof session->who, "%s", entering.name);
    return true;
}

static bool record(struct mud_session *session, struct mud_pg *pg,
                   const struct mud_args *args, struct mud_error *err)
{
    const struct mud_right *right = mud_deed_right(args);
    const struct mud_deed deed =
        mud_deed_line(args, session->who, session->account, session->arena);

    if (!right || !right->audited)
        return true;
    admitted.recorded = mud_audit_begin(&admitted.seq, pg, &deed, err);
    return admitted.recorded;
}

/* From the owner's connection to that of the role, which it becomes. */
static bool change_over(struct mud_pg **pg, const char *home,
                        struct mud_error *err)
{
    struct mud_pg *owner = *pg;

    if (!*admitted.role)
        return mud_db_dsn(admitted.dsn, sizeof admitted.dsn, home, err);
    bool good = mud_db_as(
        pg, admitted.dsn, sizeof admitted.dsn, owner, home, admitted.role, err);
    mud_pg_close(owner);
    return good;
}

static bool enter(struct mud_session *session, const struct mud_args *args,
                  struct mud_error *err)
{
    const struct mud_right *right = mud_deed_right(args);
    const struct mud_deed_row *row = mud_deed_of(mud_args_command(args));

    if (!row)
        return mud_fail(err,
                        MUD_EBUG,
                        "cli/deed.c does not say which action %s is",
                        mud_args_command(args)->name);
    if (!admitted.in && !let_in(session, session->pg, right, args, err))
        return false;
    if (!change_over(&session->pg, session->home, err))
        return false;
    if (!admitted.in && !record(session, session->pg, args, err))
        return false;
    admitted.in = true;
    admitted.pid = getpid();
    snprintf(admitted.who, sizeof admitted.who, "%s", session->who);
    return true;
}

/* Whoever reads meanwhile is told. A login that may not see it reads nothing
 * that is derived. */
static void tell_rebuild(struct mud_pg *pg)
{
    char at[MUD_LOCAL_TEXT];
    struct mud_error odd = {0};
    int64_t since = 0;

    if (mud_rebuild_since(&since, pg, &odd) && since)
        mud_log(MUD_LOG_WARN,
                NULL,
                mud_t("a rebuild began at %s and has not ended: posts, offers "
                      "and sellers are not all there (if it was interrupted: "
                      "mudlark rebuild)",
                      "%s 开始的重建尚未结束：帖子、报价与卖家并不完整"
                      "（若已中断，请执行 mudlark rebuild）"),
                mud_local_text(at, since));
}

bool mud_session_open(struct mud_session *session, const struct mud_args *args,
                      struct mud_error *err)
{
    if (mud_session_home(session, args, err) &&
        mud_db_open(&session->pg, session->home, err) &&
        enter(session, args, err)) {
        tell_rebuild(session->pg);
        return true;
    }
    mud_session_close(session);
    return false;
}

bool mud_session_admit(struct mud_session *session, const struct mud_args *args,
                       struct mud_error *err)
{
    if (admitted.in)
        return mud_session_home(session, args, err);
    if (!mud_session_open(session, args, err))
        return false;
    mud_pg_close(session->pg);
    session->pg = NULL;
    return true;
}

static bool has_people(bool *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("person_there"), NULL, 0, err))
        return false;
    *out = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

bool mud_session_guard(struct mud_session *session, const struct mud_args *args,
                       struct mud_error *err)
{
    bool people = false;

    if (mud_session_home(session, args, err) &&
        mud_db_connect(&session->pg, session->home, err) &&
        has_people(&people, session->pg, err) &&
        (!people || enter(session, args, err))) {
        mud_pg_close(session->pg);
        session->pg = NULL;
        return true;
    }
    mud_session_close(session);
    return false;
}

bool mud_session_record_again(struct mud_session *session,
                              const struct mud_args *args,
                              struct mud_error *err)
{
    struct mud_pg *pg = NULL;
    bool good =
        mud_db_open(&pg, session->home, err) &&
        record(session, pg, args, err) &&
        mud_db_dsn(admitted.dsn, sizeof admitted.dsn, session->home, err);

    mud_pg_close(pg);
    admitted.in = good;
    admitted.pid = getpid();
    snprintf(admitted.who, sizeof admitted.who, "%s", session->who);
    return good;
}

bool mud_session_connect(struct mud_pg **out, struct mud_error *err)
{
    return mud_pg_open(out, admitted.dsn, err);
}

bool mud_session_pipeline(struct mud_pg **out,
                          const struct mud_session *session,
                          struct mud_error *err)
{
    struct mud_pg *owner = NULL;
    char dsn[4200];

    *out = NULL;
    bool good =
        mud_db_open(&owner, session->home, err) &&
        mud_db_as(
            out, dsn, sizeof dsn, owner, session->home, MUD_ROLE_WORKER, err);
    mud_pg_close(owner);
    return good;
}

/* A server that was stopped meanwhile is left so: the deed's line stands. */
static void end_deed(const struct mud_args *args, int code,
                     const struct mud_error *err)
{
    const struct mud_deed deed = {.who = mud_str_z(admitted.who),
                                  .action = mud_deed_right(args)->action,
                                  .kind = mud_args_command(args)->name};
    const struct mud_deed_end end = {.failed = code == MUD_EXIT_FAILED ||
                                               code == MUD_EXIT_USAGE ||
                                               code == MUD_EXIT_AGAIN,
                                     .records = mud_out_total(),
                                     .why = err->code ? err->text : NULL};
    struct mud_error late = {0};
    struct mud_pg *pg = NULL;

    if (!mud_session_connect(&pg, &late) ||
        !mud_audit_end(pg, &deed, admitted.seq, &end, &late))
        mud_log(MUD_LOG_INFO, NULL, "audit: %s", late.text);
    mud_pg_close(pg);
}

int mud_session_finish(const struct mud_args *args, int code,
                       struct mud_error *err)
{
    const struct mud_deed_row *row = mud_deed_of(mud_args_command(args));
    const struct mud_right *right = mud_deed_right(args);

    if (admitted.recorded && admitted.pid == getpid()) {
        end_deed(args, code, err);
    } else if (code == MUD_EXIT_DONE && !err->code &&
               (!row ||
                (right && right->audited && row->when == MUD_DEED_ALWAYS))) {
        mud_fail(err,
                 MUD_EBUG,
                 "%s did what is to be audited, and was not",
                 mud_args_command(args)->name);
        return MUD_EXIT_FAILED;
    }
    return code;
}
