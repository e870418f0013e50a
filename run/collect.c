#include "run/collect.h"

#include "base/log.h"
#include "run/collect_botapi.h"
#include "run/collect_feed.h"
#include "run/collect_folder.h"
#include "run/collect_irc.h"
#include "run/collect_matrix.h"
#include "run/collect_telegram.h"
#include "run/collect_xmpp.h"

#include <stdio.h>

static const struct mud_collector collectors[] = {
    /* MUD_COLLECTORS_MAX */
    {"forum", mud_crawl, false, 0},
    {"botapi", mud_collect_botapi, false, 0},
    {"feed", mud_collect_feed, false, 0},
    {"folder", mud_collect_folder, false, 60},
    {"irc", mud_collect_irc, true, 0},
    {"matrix", mud_collect_matrix, false, 0},
    {"telegram", mud_collect_telegram, false, 0},
    {"xmpp", mud_collect_xmpp, true, 0},
};

const struct mud_collector *mud_collector_of(struct mud_str kind)
{
    for (size_t i = 0; i < sizeof collectors / sizeof *collectors; i++) {
        if (mud_str_eqz(kind, collectors[i].kind))
            return &collectors[i];
    }
    return NULL;
}

size_t mud_collector_kinds(const char **kinds, bool live)
{
    size_t n = 0;

    for (size_t i = 0; i < sizeof collectors / sizeof *collectors; i++) {
        if (collectors[i].live == live && collectors[i].round != mud_crawl)
            kinds[n++] = collectors[i].kind;
    }
    return n;
}

bool mud_collect_is_open(const struct mud_source *source, struct mud_error *err)
{
    int64_t now = mud_now(), opens = mud_source_opens(source, now);
    char when[MUD_TIME_TEXT];

    if (opens <= now)
        return true;
    if (source->waits > now)
        return mud_fail(err,
                        MUD_EDENIED,
                        "source %.*s waits for its site until %s (mudlark "
                        "source show %.*s; source resume tries now)",
                        MUD_FMT(source->name),
                        mud_time_text(when, source->waits, false),
                        MUD_FMT(source->name));
    return mud_fail(err,
                    MUD_EDENIED,
                    "source %.*s is fetched at %.*s only: next at %s",
                    MUD_FMT(source->name),
                    MUD_FMT(source->hours),
                    mud_time_text(when, opens, false));
}

/* One worker at a time reads a source that goes on from a cursor; the pages of a
 * forum are shared by its queue. */
static bool claim(bool *ours, const char *sql, struct mud_pg *pg,
                  const struct mud_source *source, struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str arg = mud_str_z(id);
    if (!mud_pg_query(&rows, pg, sql, &arg, 1, err))
        return false;
    *ours = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

bool mud_collect_claim(bool *ours, struct mud_worker *worker,
                       const struct mud_source *source, struct mud_error *err)
{
    return claim(ours, mud_sql("source_claim"), worker->pg, source, err);
}

bool mud_collect(struct mud_report *report, struct mud_worker *worker,
                 const struct mud_source *source,
                 const struct mud_crawl_options *options, struct mud_error *err)
{
    const struct mud_collector *collector = mud_collector_of(source->kind);

    if (!collector)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "source %.*s is of kind %.*s: it takes files "
                        "(mudlark import)",
                        MUD_FMT(source->name),
                        MUD_FMT(source->kind));
    bool ours = true, shared = collector->round == mud_crawl;
    struct mud_error late = {0};

    if (!mud_source_allowed(source, mud_now(), err) ||
        !mud_collect_is_open(source, err) ||
        (!shared && !mud_collect_claim(&ours, worker, source, err)))
        return false;
    if (!ours) {
        mud_log_event(MUD_LOG_INFO,
                      source->name,
                      "busy",
                      NULL,
                      0,
                      MUD_STR("another worker reads it now"));
        return true;
    }
    bool good = collector->round(report, worker, source, options, err);
    /* a connection that is gone has given it up by itself */
    if (!shared && worker->pg &&
        !claim(&ours, mud_sql("source_unclaim"), worker->pg, source, &late))
        mud_log(MUD_LOG_INFO, NULL, "%s", late.text);
    return good;
}

bool mud_collect_stop(struct mud_worker *worker,
                      const struct mud_source *source, const char *why,
                      struct mud_error *err)
{
    if (!mud_source_set_state(worker->pg,
                              source->name,
                              MUD_STR("stopped"),
                              mud_str_z(why),
                              MUD_STR("mudlark"),
                              err))
        return false;
    return mud_fail(err,
                    MUD_EDENIED,
                    "source %.*s is stopped: %s (mudlark source resume %.*s "
                    "when that is mended)",
                    MUD_FMT(source->name),
                    why,
                    MUD_FMT(source->name));
}

bool mud_cursor_get(struct mud_str *value, struct mud_pg *pg,
                    const struct mud_source *source, struct mud_str place,
                    struct mud_arena *arena, struct mud_error *err)
{
    int64_t age;

    return mud_cursor_age(value, &age, pg, source, place, arena, err);
}

bool mud_cursor_age(struct mud_str *value, int64_t *age, struct mud_pg *pg,
                    const struct mud_source *source, struct mud_str place,
                    struct mud_arena *arena, struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id), place};
    if (!mud_pg_query(&rows, pg, mud_sql("cursor_get"), args, 2, err))
        return false;
    *value = mud_rows_count(rows) ? mud_str_dup(mud_rows_get(rows, 0, 0), arena)
                                  : MUD_STR("");
    *age = mud_rows_count(rows) ? mud_now() - mud_rows_time(rows, 0, 1) : -1;
    mud_rows_free(rows);
    return true;
}

bool mud_cursor_put(struct mud_pg *pg, const struct mud_source *source,
                    struct mud_str place, struct mud_str value,
                    struct mud_error *err)
{
    char id[16], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             place,
                             value,
                             mud_str_z(mud_time_text(now, mud_now(), false))};
    if (!mud_pg_query(&rows, pg, mud_sql("cursor_put"), args, 4, err))
        return false;
    mud_rows_free(rows);
    return true;
}

bool mud_cursor_drop(struct mud_pg *pg, const struct mud_source *source,
                     struct mud_str place, struct mud_error *err)
{
    char id[16];

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id), place};
    return mud_pg_query(NULL, pg, mud_sql("cursor_drop"), args, 2, err);
}
