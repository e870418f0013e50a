#include "run/health.h"

#include "base/json.h"
#include "base/utf8.h"
#include "run/worker.h"

#include <stdio.h>

static void array_text(struct mud_buf *out, const struct mud_due_query *query)
{
    mud_buf_c(out, '{');
    for (size_t i = 0; i < query->n_kinds; i++)
        mud_buf_printf(out, "%s%s", i ? "," : "", query->kinds[i]);
    mud_buf_c(out, '}');
}

static void array_ids(struct mud_buf *out, const struct mud_due_query *query)
{
    mud_buf_c(out, '{');
    for (size_t i = 0; i < query->n_except; i++)
        mud_buf_printf(out, "%s%d", i ? "," : "", (int)query->except[i]);
    mud_buf_c(out, '}');
}

static bool soonest(int64_t *wait, struct mud_pg *pg, struct mud_str kinds,
                    struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("health_soonest"), &kinds, 1, err))
        return false;
    *wait = mud_rows_count(rows)
                ? (int64_t)(mud_rows_double(rows, 0, 0) * (double)MUD_SECOND)
                : -1;
    mud_rows_free(rows);
    return true;
}

bool mud_health_due(struct mud_due **due, size_t *n, int64_t *wait,
                    struct mud_pg *pg, const struct mud_due_query *query,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct mud_buf kinds = {0}, except = {0};
    struct mud_rows *rows = NULL;
    char max[32];

    array_text(&kinds, query);
    array_ids(&except, query);
    snprintf(max, sizeof max, "%zu", query->max);
    struct mud_str args[] = {mud_buf_view(&kinds),
                             mud_str_z(query->worker),
                             mud_buf_view(&except),
                             mud_str_z(max)};
    bool good = soonest(wait, pg, args[0], err) &&
                mud_pg_query(&rows, pg, mud_sql("health_due"), args, 4, err);
    if (good) {
        *n = mud_rows_count(rows);
        *due = mud_arena_array(arena, *n, sizeof **due);
        for (size_t i = 0; i < *n; i++)
            (*due)[i] = (struct mud_due){
                .id = (int32_t)mud_rows_int(rows, i, 0),
                .name = mud_str_dup(mud_rows_get(rows, i, 1), arena),
                .kind = mud_str_dup(mud_rows_get(rows, i, 2), arena),
                .next = mud_rows_time(rows, i, 3)};
        mud_rows_free(rows);
    }
    mud_buf_free(&kinds);
    mud_buf_free(&except);
    return good;
}

bool mud_health_begin(bool *ours, struct mud_pg *pg,
                      const struct mud_source *source, bool shared,
                      const char *worker, struct mud_error *err)
{
    char id[16], lease[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    snprintf(lease, sizeof lease, "%d", MUD_HEALTH_LEASE);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(worker),
                             shared ? MUD_STR("t") : MUD_STR("f"),
                             mud_str_z(lease)};
    if (!mud_pg_query(&rows, pg, mud_sql("health_begin"), args, 4, err))
        return false;
    *ours = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    return true;
}

bool mud_health_is_error(const char *outcome)
{
    static const char *const words[] = {"network",
                                        "dns",
                                        "tls",
                                        "proxy",
                                        "timeout",
                                        "http",
                                        "server-error",
                                        "rate-limit",
                                        "challenge",
                                        "walled",
                                        "login",
                                        "bad-answer",
                                        "budget",
                                        "disk",
                                        "database",
                                        "worker-killed"};

    /* a board that only members see is no failure of the source */
    if (strcmp(outcome, "login-wall") == 0)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);

        if (strncmp(outcome, words[i], n) == 0 &&
            (outcome[n] == '\0' || outcome[n] == '-' || outcome[n] == ':'))
            return true;
    }
    return false;
}

const char *mud_health_kind(enum mud_code code)
{
    switch (code) {
    case MUD_ENET:
        return "network";
    case MUD_ELIMIT:
        return "budget";
    case MUD_EIO:
        return "disk";
    case MUD_EDB:
    case MUD_EAGAIN:
        return "database";
    case MUD_EDENIED:
        return "denied";
    case MUD_EINPUT:
        return "bad-answer";
    case MUD_EUSAGE:
    case MUD_EMISSING:
        return "setting";
    case MUD_OK:
    case MUD_ECORRUPT:
    case MUD_EBUG:
    default:
        return "program";
    }
}

/* Errors that came without an answer: what was asked beside the pages. */
static bool is_answerless(const char *outcome)
{
    return strcmp(outcome, "challenge") != 0 &&
           strcmp(outcome, "walled") != 0 &&
           strcmp(outcome, "server-error") != 0 &&
           strncmp(outcome, "http-", 5) != 0 &&
           strncmp(outcome, "login", 5) != 0 &&
           strcmp(outcome, "worker-killed") != 0;
}

/* The rows of a report: errors, skips, and requests that went well. */
static void rows_json(struct mud_buf *out, const struct mud_report *part)
{
    struct mud_json json = {.buf = out};
    int64_t fine = part->pages;

    mud_json_array(&json);
    for (size_t i = 0; i < part->n_skips; i++) {
        const struct mud_skip *skip = &part->skips[i];
        bool error = mud_health_is_error(skip->reason);

        if (error && !is_answerless(skip->reason))
            fine -= skip->count;
        mud_json_object(&json);
        mud_json_kz(&json, "class", error ? "error" : "skip");
        mud_json_kz(&json, "what", skip->reason);
        mud_json_kint(&json, "n", skip->count);
        if (skip->example[0])
            mud_json_kz(&json, "example", skip->example);
        mud_json_object_end(&json);
    }
    if (fine > 0) {
        mud_json_object(&json);
        mud_json_kz(&json, "class", "ok");
        mud_json_kz(&json, "what", "");
        mud_json_kint(&json, "n", fine);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
}

bool mud_health_note(struct mud_pg *pg, const struct mud_source *source,
                     const struct mud_report *part, struct mud_error *err)
{
    const int64_t counts[] = {
        part->pages, part->captures, part->bytes, part->posts};
    char id[16], text[4][24], newest[MUD_TIME_TEXT];
    struct mud_buf rows = {0};
    struct mud_str args[7];

    if (!part->n_skips && !part->pages && !part->captures && !part->posts)
        return true;
    rows_json(&rows, part);
    snprintf(id, sizeof id, "%d", (int)source->id);
    args[0] = mud_str_z(id);
    args[1] = mud_buf_view(&rows);
    for (size_t i = 0; i < 4; i++) {
        snprintf(text[i], sizeof text[i], "%lld", (long long)counts[i]);
        args[2 + i] = mud_str_z(text[i]);
    }
    args[6] = part->newest
                  ? mud_str_z(mud_time_text(newest, part->newest, true))
                  : MUD_SQL_NULL;
    bool good = mud_pg_query(NULL, pg, mud_sql("health_note"), args, 7, err);
    mud_buf_free(&rows);
    return good;
}

/* Reasons that leave a round without anything to read. */
static bool is_fruitless(const char *outcome)
{
    return mud_health_is_error(outcome) || strcmp(outcome, "robots") == 0 ||
           strcmp(outcome, "out-of-scope") == 0 ||
           strncmp(outcome, "redirect-", 9) == 0 ||
           strcmp(outcome, "bad-address") == 0;
}

/* What a round without a single good page came to mostly; NULL: there was one,
 * or nothing went wrong. */
static const struct mud_skip *fruitless(const struct mud_report *report)
{
    const struct mud_skip *worst = NULL;
    int64_t fine = report ? report->pages : 0;

    if (!report || report->posts)
        return NULL;
    for (size_t i = 0; i < report->n_skips; i++) {
        const struct mud_skip *skip = &report->skips[i];

        if (!is_fruitless(skip->reason))
            continue;
        if (mud_health_is_error(skip->reason) && !is_answerless(skip->reason))
            fine -= skip->count;
        if (!worst || skip->count > worst->count)
            worst = skip;
    }
    return fine > 0 ? NULL : worst;
}

/* Stop a source that fails too often. */
static bool check_budget(bool *stopped, struct mud_pg *pg,
                         const struct mud_source *source, struct mud_error *err)
{
    char id[16], hours[16], note[400];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    snprintf(hours, sizeof hours, "%lld", (long long)source->error_hours);
    struct mud_str args[] = {mud_str_z(id), mud_str_z(hours)};
    if (!mud_pg_query(&rows, pg, mud_sql("health_budget"), args, 2, err))
        return false;
    int64_t asked = mud_rows_int(rows, 0, 0), failed = mud_rows_int(rows, 0, 1);
    struct mud_str mostly = mud_rows_get(rows, 0, 2);
    snprintf(note,
             sizeof note,
             "error budget: %lld of %lld requests failed within %lld h, mostly "
             "%.*s; see to it, then: mudlark source resume %.*s",
             (long long)failed,
             (long long)asked,
             (long long)source->error_hours,
             MUD_FMT(mostly),
             MUD_FMT(source->name));
    mud_rows_free(rows);
    *stopped = asked >= source->error_least &&
               failed * 100 > source->error_share * asked;
    return !*stopped || mud_source_set_state(pg,
                                             source->name,
                                             MUD_STR("stopped"),
                                             mud_str_z(note),
                                             MUD_STR("mudlark"),
                                             err);
}

static bool has(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; report && i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, reason) == 0)
            return true;
    return false;
}

/* What ended it: more is known of it than the code where no account got in. */
static const char *kind_of(const struct mud_health_round *round)
{
    if (round->kind)
        return round->kind;
    return has(round->report, "login") ? "login"
                                       : mud_health_kind(round->error->code);
}

/* An error of the round itself is a failed request. */
static bool note_error(struct mud_pg *pg, const struct mud_source *source,
                       const char *kind, const struct mud_error *error,
                       struct mud_error *err)
{
    struct mud_report one = {0};

    if (!error || !mud_health_is_error(kind))
        return true;
    mud_report_skip(&one, kind, mud_str_z(error->text));
    one.pages = is_answerless(kind) ? 0 : 1;
    return mud_health_note(pg, source, &one, err);
}

static bool put_end(struct mud_pg *pg, const struct mud_source *source,
                    const struct mud_health_round *round, const char *kind,
                    const char *text, struct mud_error *err)
{
    char id[16], every[24], later[MUD_TIME_TEXT];

    snprintf(id, sizeof id, "%d", (int)source->id);
    snprintf(every, sizeof every, "%lld", (long long)round->every_s);
    struct mud_str args[] = {
        mud_str_z(id),
        mud_str_z(round->worker),
        mud_str_z(every),
        round->unfinished ? MUD_STR("t") : MUD_STR("f"),
        kind ? mud_str_z(kind) : MUD_SQL_NULL,
        kind ? mud_str_z(text) : MUD_SQL_NULL,
        round->not_before
            ? mud_str_z(mud_time_text(later, round->not_before, true))
            : MUD_SQL_NULL};
    return mud_pg_query(NULL, pg, mud_sql("health_end"), args, 7, err) &&
           mud_pg_query(NULL, pg, mud_sql("health_prune"), args, 1, err);
}

bool mud_health_end(bool *stopped, struct mud_pg *pg,
                    const struct mud_source *source,
                    const struct mud_health_round *round, struct mud_error *err)
{
    const struct mud_skip *worst = fruitless(round->report);
    const char *kind = NULL, *text = "";
    bool no_login = has(round->report, "login"); /* counted there */

    *stopped = false;
    if (round->error) {
        kind = kind_of(round);
        text = round->error->text;
    } else if (worst) {
        kind = worst->reason;
        text = worst->example;
    }
    if (mud_pg_begin(pg, err) &&
        (!round->report || mud_health_note(pg, source, round->report, err)) &&
        (no_login || note_error(pg, source, kind, round->error, err)) &&
        put_end(pg, source, round, kind, text, err) &&
        check_budget(stopped, pg, source, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return false;
}

bool mud_health_broken(struct mud_pg *pg, const struct mud_source *source,
                       const struct mud_error *why, struct mud_error *err)
{
    char id[16];

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             why ? mud_str_z(mud_health_kind(why->code))
                                 : MUD_SQL_NULL,
                             why ? mud_str_z(why->text) : MUD_SQL_NULL};
    return mud_pg_query(NULL, pg, mud_sql("health_broken"), args, 3, err);
}

bool mud_health_defer(struct mud_pg *pg, const struct mud_source *source,
                      int64_t until, struct mud_error *err)
{
    char id[16], at[MUD_TIME_TEXT];

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(mud_time_text(at, until, true))};
    return mud_pg_query(NULL, pg, mud_sql("health_defer"), args, 2, err);
}

bool mud_health_pace(struct mud_pg *pg, int64_t every_s, struct mud_error *err)
{
    char every[24];

    snprintf(every, sizeof every, "%lld", (long long)every_s);
    struct mud_str arg = mud_str_z(every);
    return mud_pg_query(NULL, pg, mud_sql("health_pace"), &arg, 1, err);
}

bool mud_health_beat(struct mud_pg *pg, const char *worker, const char *role,
                     struct mud_error *err)
{
    char lease[16];

    snprintf(lease, sizeof lease, "%d", MUD_HEALTH_LEASE);
    struct mud_str args[] = {mud_str_z(worker),
                             mud_str_z(role),
                             MUD_STR(MUD_VERSION),
                             mud_str_z(lease)};
    return mud_pg_query(NULL, pg, mud_sql("worker_beat"), args, 4, err);
}

bool mud_health_leave(struct mud_pg *pg, const char *worker,
                      struct mud_error *err)
{
    struct mud_str arg = mud_str_z(worker);

    return mud_pg_query(NULL, pg, mud_sql("worker_end"), &arg, 1, err);
}

bool mud_health_bury(struct mud_pg *pg, const char *self, struct mud_error *err)
{
    struct mud_rows *rows;
    bool good = true;

    if (!mud_pg_query(&rows, pg, mud_sql("worker_leases"), NULL, 0, err))
        return false;
    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        char name[128];

        snprintf(name, sizeof name, "%.*s", MUD_FMT(mud_rows_get(rows, i, 0)));
        if (strcmp(name, self) != 0 && mud_worker_is_dead(name))
            good = mud_health_leave(pg, name, err);
    }
    mud_rows_free(rows);
    return good;
}
