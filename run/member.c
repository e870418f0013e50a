#include "run/member.h"

#include "base/log.h"
#include "run/hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct mud_member {
    struct mud_worker *worker;
    struct mud_arena *arena;
    struct mud_source as;
    bool account;         /* as.account is one of the source's */
    struct mud_str hours; /* its own */
    int64_t opens;        /* when there is one again, while there is none */
    char jar[4096];       /* empty: there is no place for it */
    struct mud_login *login;
    bool wanted;
    struct mud_str rules;
    unsigned logins;
    int64_t asked[MUD_MEMBER_LOGINS]; /* jobs that a log-in was made for */
    size_t n_asked;
    char why[512];
};

/* When the account may be used: in its own hours, and in the source's. */
static int64_t opens(const struct mud_source *source, struct mud_str own,
                     int64_t now)
{
    struct mud_hours hours;
    int64_t at = mud_source_opens(source, now), then;

    if (!own.n || !mud_hours_parse(&hours, own, NULL))
        return at;
    for (int i = 0; i < 2 * MUD_HOURS_MAX; i++) {
        then = mud_hours_next(&hours, source->zone, at);
        at = mud_source_opens(source, then);
        if (at == then)
            break;
    }
    return at;
}

static bool all_locked(const struct mud_source *source,
                       const struct mud_account *all, size_t n,
                       struct mud_error *err)
{
    struct mud_buf text = {.max = 400};

    for (size_t i = 0; i < n; i++)
        mud_buf_printf(&text,
                       "%s%.*s: %.*s",
                       i ? "; " : "",
                       MUD_FMT(all[i].name),
                       MUD_FMT(all[i].note));
    mud_fail(err,
             MUD_EDENIED,
             "source %.*s has no account that may log in (%.*s); mudlark "
             "account resume, once that is put right",
             MUD_FMT(source->name),
             MUD_FMT(mud_buf_view(&text)));
    mud_buf_free(&text);
    return false;
}

/* The account of this round; NULL when none is open yet, *when tells when one
 * is. */
static const struct mud_account *pick(const struct mud_source *source,
                                      const struct mud_account *all, size_t n,
                                      bool resumed, int64_t *when)
{
    const struct mud_account *found = NULL;
    int64_t now = mud_now();

    *when = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        /* Sorted by use: a round that goes on has the one used last. */
        const struct mud_account *a = &all[resumed ? n - 1 - i : i];
        int64_t at = a->locked ? INT64_MAX : opens(source, a->hours, now);
        *when = at < *when ? at : *when;
        if (!found && at <= now && (!resumed || a->used))
            found = a;
    }
    return found || !resumed ? found : pick(source, all, n, false, when);
}

static bool choose(struct mud_member *member, const struct mud_source *source,
                   bool resumed, struct mud_error *err)
{
    struct mud_account *all;
    size_t n;

    if (!mud_account_list(
            &all, &n, member->worker->pg, source, member->arena, err))
        return false;
    if (!n && source->account.n && mud_str_eqz(source->kind, "forum"))
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%.*s is no name of an account",
                        MUD_FMT(source->account));
    if (!n)
        return true;
    const struct mud_account *a = pick(source, all, n, resumed, &member->opens);
    if (!a && member->opens == INT64_MAX)
        return all_locked(source, all, n, err);
    member->account = true;
    if (!a)
        return true;
    member->opens = 0;
    member->as.account = a->name;
    member->hours = a->hours;
    member->as.proxy = a->proxy.n ? a->proxy : source->proxy;
    return mud_account_used(member->worker->pg, source, a->name, err);
}

bool mud_member_new(struct mud_member **out, struct mud_worker *worker,
                    const struct mud_source *source, bool resumed,
                    struct mud_error *err)
{
    struct mud_member *member = mud_calloc(1, sizeof *member);
    struct mud_error why = {0};

    member->worker = worker;
    member->arena = mud_arena_new();
    member->as = *source;
    *out = NULL;
    if (!choose(member, source, resumed, err)) {
        mud_member_free(member);
        return false;
    }
    if (!mud_jar_path(member->jar,
                      sizeof member->jar,
                      worker->home,
                      source->name,
                      member->account ? member->as.account : MUD_STR(""),
                      &why)) {
        member->jar[0] = 0;
        mud_log(MUD_LOG_WARN, NULL, "cookies are not kept: %s", why.text);
    }
    *out = member;
    return true;
}

void mud_member_free(struct mud_member *member)
{
    if (!member)
        return;
    mud_login_free(member->login);
    mud_arena_free(member->arena);
    free(member);
}

const struct mud_source *mud_member_source(const struct mud_member *member)
{
    return &member->as;
}

bool mud_member_has_account(const struct mud_member *member)
{
    return member->account;
}

int64_t mud_member_opens(const struct mud_member *member, int64_t now)
{
    return member->opens ? member->opens
                         : opens(&member->as, member->hours, now);
}

void mud_member_load(const struct mud_member *member,
                     struct mud_fetcher *fetcher)
{
    struct mud_error why = {0};

    if (member->jar[0] && access(member->jar, F_OK) == 0 &&
        !mud_fetcher_cookies_load(fetcher, member->jar, &why))
        mud_log(MUD_LOG_WARN, NULL, "cookies of before: %s", why.text);
}

void mud_member_save(const struct mud_member *member,
                     struct mud_fetcher *fetcher)
{
    struct mud_error why = {0};

    if (member->jar[0] && !mud_fetcher_cookies_save(fetcher, member->jar, &why))
        mud_log(MUD_LOG_WARN, NULL, "cookies are not kept: %s", why.text);
}

unsigned mud_member_logins(const struct mud_member *member)
{
    return member->logins;
}

/* A page that a log-in was made for is taken as it comes the next time. */
static bool asked_before(const struct mud_member *member, int64_t job)
{
    for (size_t i = 0; i < member->n_asked; i++)
        if (member->asked[i] == job)
            return true;
    return member->n_asked == MUD_MEMBER_LOGINS;
}

bool mud_member_lost(struct mud_member *member, int64_t job, unsigned logins,
                     const struct mud_parsed *parsed)
{
    const struct mud_page_account *a = &parsed->account;
    bool stranger =
        a->session == MUD_LOGGED_OUT ||
        (a->session != MUD_LOGGED_IN && parsed->kind == MUD_PAGE_LOGIN);

    if (!member->account || !stranger || !a->rules.n)
        return false;
    if (logins < member->logins || mud_member_busy(member))
        return true;
    if (asked_before(member, job))
        return false;
    member->asked[member->n_asked++] = job;
    member->rules = mud_str_dup(a->rules, member->arena);
    member->wanted = true;
    return true;
}

bool mud_member_busy(const struct mud_member *member)
{
    return member->wanted || member->login;
}

bool mud_member_turn(enum mud_login_end *end, struct mud_member *member,
                     struct mud_loop *loop, const struct mud_policy *policy,
                     struct mud_report *report, struct mud_error *err)
{
    const struct mud_login_ask ask = {
        .worker = member->worker,
        .source = &member->as,
        .report = report,
        .loop = loop,
        .policy = policy,
        .rules = member->rules,
        .jar = member->jar,
    };

    *end = MUD_LOGIN_BUSY;
    if (!member->login) {
        member->wanted = false;
        return mud_login_new(&member->login, &ask, err);
    }
    if (!mud_login_turn(end, member->login, err))
        return false;
    if (*end == MUD_LOGIN_BUSY)
        return true;
    snprintf(
        member->why, sizeof member->why, "%s", mud_login_why(member->login));
    mud_login_free(member->login);
    member->login = NULL;
    member->logins += *end == MUD_LOGIN_IN;
    return true;
}

const char *mud_member_why(const struct mud_member *member)
{
    return member->why;
}
