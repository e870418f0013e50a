#include "desk/approval.h"

#include <stdio.h>
#include <stdlib.h>

#define DENIED      "42501" /* insufficient_privilege */
#define NO_SUCH_KEY "23503" /* foreign_key_violation */

#define NUMBER      24

static struct mud_str number(char out[NUMBER], int64_t n)
{
    (void)snprintf(out, NUMBER, "%lld", (long long)n);
    return mud_str_z(out);
}

static struct mud_str or_null(struct mud_str text)
{
    return text.n ? text : MUD_SQL_NULL;
}

/* What the trigger refused is not for this person. */
static bool refused(const struct mud_pg *pg, struct mud_error *err)
{
    if (err && strcmp(mud_pg_sqlstate(pg), DENIED) == 0)
        err->code = MUD_EDENIED;
    return false;
}

bool mud_approval_ask(int64_t *id, struct mud_pg *pg,
                      const struct mud_approval_ask *ask, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char hex[MUD_HEX256];

    if (!mud_str_trim(ask->reason).n)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "%s takes two persons: say why with --reason, and "
                        "another one decides",
                        ask->action);
    const struct mud_str args[] = {
        mud_str_z(ask->action),
        mud_str_z(ask->kind ? ask->kind : ""),
        ask->object.s ? ask->object : MUD_STR(""),
        mud_str_z(mud_hex(hex, ask->digest, MUD_SHA256)),
        ask->detail.n ? ask->detail : MUD_STR("{}"),
        ask->reason,
        ask->who};
    if (mud_pg_query(&rows, pg, mud_sql("approval_ask"), args, 7, err)) {
        *id = mud_rows_int(rows, 0, 0);
        mud_rows_free(rows);
        return true;
    }
    if (err && strcmp(mud_pg_sqlstate(pg), NO_SUCH_KEY) == 0)
        err->code = MUD_EMISSING;
    return refused(pg, err);
}

/* The request that counts: one that is good, or one that waits; 0 for none. */
static bool find(int64_t *id, bool *good, struct mud_pg *pg,
                 const struct mud_approval_ask *ask, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char hex[MUD_HEX256];
    const struct mud_str args[] = {
        mud_str_z(ask->action),
        mud_str_z(mud_hex(hex, ask->digest, MUD_SHA256)),
        ask->who};

    *id = 0;
    *good = false;
    if (!mud_pg_query(&rows, pg, mud_sql("approval_find"), args, 3, err))
        return false;
    if (mud_rows_count(rows)) {
        *id = mud_rows_int(rows, 0, 0);
        *good = mud_str_eqz(mud_rows_get(rows, 0, 1), "approved");
    }
    mud_rows_free(rows);
    return true;
}

/* *used: it was this call that used it; another process may have been quicker. */
static bool use(bool *used, struct mud_pg *pg, int64_t id,
                struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char text[NUMBER];
    const struct mud_str arg = number(text, id);

    if (!mud_pg_query(&rows, pg, mud_sql("approval_use"), &arg, 1, err))
        return refused(pg, err);
    *used = mud_rows_changed(rows) == 1;
    mud_rows_free(rows);
    return true;
}

static bool is_once(bool *once, struct mud_pg *pg, int64_t id,
                    struct mud_error *err)
{
    const struct mud_approval_query query = {.id = id, .max = 1};
    struct mud_rows *rows = NULL;

    if (!mud_approval_list(&rows, pg, &query, err))
        return false;
    *once = !mud_rows_count(rows) || mud_approval_row(rows, 0).once;
    mud_rows_free(rows);
    return true;
}

bool mud_approval_require(int64_t *id, struct mud_pg *pg,
                          const struct mud_approval_ask *ask,
                          struct mud_error *err)
{
    bool good, used, once;

    if (!find(id, &good, pg, ask, err))
        return false;
    if (good) {
        if (!use(&used, pg, *id, err) || !is_once(&once, pg, *id, err))
            return false;
        return used || !once ||
               mud_fail(err,
                        MUD_EAGAIN,
                        "approval %lld was used by another process just now",
                        (long long)*id);
    }
    if (*id)
        return mud_fail(err,
                        MUD_EDENIED,
                        "%s takes two persons: request %lld waits for another "
                        "one (mudlark approval approve %lld)",
                        ask->action,
                        (long long)*id,
                        (long long)*id);
    if (!mud_approval_ask(id, pg, ask, err))
        return false;
    return mud_fail(err,
                    MUD_EDENIED,
                    "%s takes two persons: asked for as request %lld; when "
                    "another one has decided (mudlark approval approve %lld), "
                    "say this again",
                    ask->action,
                    (long long)*id,
                    (long long)*id);
}

/* Nothing was changed: why. */
static bool why_not(struct mud_pg *pg, int64_t id, struct mud_error *err)
{
    const struct mud_approval_query query = {.id = id, .max = 1};
    struct mud_rows *rows = NULL;

    if (!mud_approval_list(&rows, pg, &query, err))
        return false;
    if (!mud_rows_count(rows)) {
        mud_fail(err, MUD_EMISSING, "no request %lld", (long long)id);
    } else {
        struct mud_approval a = mud_approval_row(rows, 0);
        mud_fail(err,
                 MUD_EUSAGE,
                 "request %lld was %.*s by %.*s",
                 (long long)id,
                 MUD_FMT(a.state),
                 MUD_FMT(a.decided_by));
    }
    mud_rows_free(rows);
    return false;
}

bool mud_approval_decide(struct mud_pg *pg, int64_t id, bool approve,
                         struct mud_str who, struct mud_str note,
                         struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    char text[NUMBER];
    const struct mud_str args[] = {number(text, id),
                                   approve ? MUD_STR("approved")
                                           : MUD_STR("refused"),
                                   who,
                                   or_null(note)};

    if (!approve && !mud_str_trim(note).n)
        return mud_fail(
            err, MUD_EUSAGE, "say why it is refused, with --reason");
    if (!mud_pg_query(&rows, pg, mud_sql("approval_decide"), args, 4, err))
        return refused(pg, err);
    int64_t changed = mud_rows_changed(rows);
    mud_rows_free(rows);
    return changed == 1 || why_not(pg, id, err);
}

struct mud_approval mud_approval_row(const struct mud_rows *rows, size_t i)
{
    return (struct mud_approval){
        .id = mud_rows_int(rows, i, 0),
        .action = mud_rows_get(rows, i, 1),
        .kind = mud_rows_get(rows, i, 2),
        .object = mud_rows_get(rows, i, 3),
        .digest = mud_rows_get(rows, i, 4),
        .detail = mud_rows_get(rows, i, 5),
        .reason = mud_rows_get(rows, i, 6),
        .asked_by = mud_rows_get(rows, i, 7),
        .asked_at = mud_rows_time(rows, i, 8),
        .state = mud_rows_get(rows, i, 9),
        .decided_by = mud_rows_get(rows, i, 10),
        .decided_at = mud_rows_time(rows, i, 11),
        .expires_at = mud_rows_time(rows, i, 12),
        .note = mud_rows_get(rows, i, 13),
        .used_at = mud_rows_time(rows, i, 14),
        .deciders = mud_rows_get(rows, i, 15),
        .en = mud_rows_get(rows, i, 16),
        .zh = mud_rows_get(rows, i, 17),
        .once = mud_rows_bool(rows, i, 18),
    };
}

bool mud_approval_list(struct mud_rows **out, struct mud_pg *pg,
                       const struct mud_approval_query *query,
                       struct mud_error *err)
{
    char id[NUMBER], max[NUMBER];
    const struct mud_str args[] = {query->id ? number(id, query->id)
                                             : MUD_SQL_NULL,
                                   or_null(query->state),
                                   or_null(query->asked_by),
                                   or_null(query->object),
                                   number(max, query->max)};

    return mud_pg_query(out, pg, mud_sql("approval_list"), args, 5, err);
}
