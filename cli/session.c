#include "cli/session.h"

#include "base/conf.h"
#include "base/time.h"
#include "run/worker.h"

#include <stdio.h>
#include <unistd.h>

void mud_session_close(struct mud_session *session)
{
    mud_pg_close(session->pg);
    mud_arena_free(session->arena);
    session->pg = NULL;
    session->arena = NULL;
}

const char *mud_lexicon_file(void)
{
    static char path[4200];
    char home[4096];
    struct mud_error ignored = {0};

    if (!mud_home(home, sizeof home, &ignored))
        return NULL;
    return mud_lexicon_path(home, path, sizeof path);
}

int mud_exit_of(const struct mud_error *err)
{
    int code = mud_error_exit(err);

    return code ? code : MUD_EXIT_FAILED;
}

static bool read_date(struct mud_str text, struct mud_civil *civil)
{
    struct mud_str y = mud_str_sub(text, 0, 4), m = mud_str_sub(text, 5, 7),
                   d = mud_str_sub(text, 8, 10);
    uint64_t year, month, day;

    if (text.n != 10 || text.s[4] != '-' || text.s[7] != '-' ||
        !mud_str_u64(y, &year) || !mud_str_u64(m, &month) ||
        !mud_str_u64(d, &day))
        return false;
    *civil = (struct mud_civil){
        .year = (int)year, .month = (int)month, .day = (int)day};
    return mud_civil_valid(civil);
}

#define SETTINGS_MAX 65536

/* The zone in which times are shown and dates are read: [display] zone of
 * MUDLARK_HOME/mudlark.conf, or Asia/Shanghai. Made once. */
static struct mud_zone *shown_zone;
static char shown_name[64];

static bool zone_of_settings(struct mud_str *name, const char *home,
                             struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str path = mud_str_printf(arena, "%s/mudlark.conf", home), text;
    struct mud_conf conf;

    *name = MUD_STR("Asia/Shanghai");
    if (access(path.s, F_OK) != 0)
        return true;
    if (!mud_file_read(&text, path.s, SETTINGS_MAX, arena, err) ||
        !mud_conf_parse(&conf, path.s, text, arena, err))
        return false;
    if (mud_conf_get(&conf, "display", "zone").n)
        *name = mud_conf_get(&conf, "display", "zone");
    return true;
}

bool mud_session_zone(struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_error no_home = {0};
    struct mud_str name = MUD_STR("Asia/Shanghai");
    char home[4096];

    /* Pure filters run without a home: then the usual zone. */
    bool good = !mud_home(home, sizeof home, &no_home) ||
                zone_of_settings(&name, home, arena, err);
    good = good && mud_zone_new(&shown_zone, name, err);
    snprintf(shown_name, sizeof shown_name, "%.*s", MUD_FMT(name));
    if (!good)
        mud_fail_in(err, "mudlark.conf");
    mud_arena_free(arena);
    return good;
}

const char *mud_session_zone_name(void)
{
    return shown_name;
}

const struct mud_zone *mud_session_shown_zone(void)
{
    return shown_zone;
}

void mud_session_zone_free(void)
{
    mud_zone_free(shown_zone);
    shown_zone = NULL;
}

bool mud_time_option(int64_t *us, const char *option, const char *value,
                     bool end, struct mud_error *err)
{
    struct mud_str text = mud_str_trim(mud_str_z(value));
    struct mud_civil civil;

    if (read_date(text, &civil)) {
        int64_t seconds = mud_zone_to_unix(shown_zone, &civil);
        *us = (seconds + (end ? 86400 : 0)) * MUD_SECOND;
        return true;
    }
    if (mud_time_parse(text, us))
        return true;
    return mud_fail(err,
                    MUD_EUSAGE,
                    "%s takes YYYY-MM-DD or a time such as "
                    "2026-11-24T08:00:00Z, not %s",
                    option,
                    value);
}

const char *mud_local_text(char out[MUD_LOCAL_TEXT], int64_t us)
{
    struct mud_civil c = mud_zone_local(shown_zone, us / MUD_SECOND);

    if (us)
        snprintf(out,
                 MUD_LOCAL_TEXT,
                 "%04d-%02d-%02d %02d:%02d:%02d",
                 c.year % 10000,
                 c.month,
                 c.day,
                 c.hour,
                 c.minute,
                 c.second);
    else
        snprintf(out, MUD_LOCAL_TEXT, "-");
    return out;
}
