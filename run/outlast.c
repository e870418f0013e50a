#include "run/outlast.h"

#include "base/log.h"
#include "run/collect.h"

#define LOOK (2 * MUD_SECOND)

static void say(const struct mud_source *source, enum mud_level level,
                const char *event, const char *text)
{
    mud_log_event(level, source->name, event, NULL, 0, mud_str_z(text));
}

bool mud_outlast(struct mud_outlast *db, const struct mud_source *source,
                 const struct mud_crawl_options *options, struct mud_error *err)
{
    if (!options->live || err->code != MUD_EAGAIN)
        return false;
    say(source, MUD_LOG_WARN, "database-away", err->text);
    mud_error_clear(err);
    *db = (struct mud_outlast){.away = true, .tried = mud_monotonic()};
    return true;
}

bool mud_outlast_find(bool *ours, struct mud_outlast *db,
                      struct mud_worker *worker,
                      const struct mud_source *source, struct mud_error *err)
{
    struct mud_error why = {0};

    *ours = true;
    if (!db->away || mud_monotonic() - db->tried < LOOK)
        return true;
    db->tried = mud_monotonic();
    if (mud_worker_reopen(worker, &why) &&
        mud_collect_claim(ours, worker, source, &why)) {
        db->away = false;
        say(source, MUD_LOG_INFO, "database-back", "");
        return true;
    }
    return why.code == MUD_EAGAIN || why.code == MUD_EDB ||
           mud_fail(err, why.code, "%s", why.text);
}

bool mud_outlast_end(const struct mud_outlast *db,
                     const struct mud_source *source, struct mud_error *err)
{
    return !db->away || mud_fail(err,
                                 MUD_EAGAIN,
                                 "source %.*s: the database is away; what was "
                                 "heard waits in the spool",
                                 MUD_FMT(source->name));
}
