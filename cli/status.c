#include "cli/status.h"

#include "base/lang.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cli/table.h"
#include "run/collect.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SPAN 10 /* s over which the rate is taken */

bool mud_status_wanted(const struct mud_args *args)
{
    return isatty(STDERR_FILENO) && !mud_args_has(args, "quiet") &&
           !mud_log_is_json();
}

static bool sealed(int64_t *n, struct mud_pg *pg, struct mud_error *err)
{
    char now[MUD_TIME_TEXT];
    struct mud_str arg = mud_str_z(mud_time_text(now, mud_now(), false));
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("status_rate"), &arg, 1, err))
        return false;
    *n = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* As many names as there is room for, then how many more. */
static void put_names(struct mud_buf *out, const struct mud_str *names,
                      size_t n, size_t width)
{
    for (size_t i = 0; i < n; i++) {
        size_t room =
            mud_text_width(mud_buf_view(out)) + mud_text_width(names[i]) + 8;
        if (room > width) {
            mud_buf_printf(out, " +%zu", n - i);
            return;
        }
        mud_buf_printf(out, "%s%.*s", i ? ", " : "", MUD_FMT(names[i]));
    }
}

bool mud_status_line(struct mud_buf *out, struct mud_pg *pg, size_t width,
                     struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_source *sources;
    struct mud_health *all;
    struct mud_str *names;
    size_t n, n_all, reading = 0;
    int64_t waiting = 0, amiss = 0, n_sealed = 0;

    bool good = mud_source_list(&sources, &n, pg, arena, err) &&
                mud_health_list(&all, &n_all, pg, 0, arena, err) &&
                sealed(&n_sealed, pg, err);
    if (good) {
        names = mud_arena_array(arena, n, sizeof *names);
        for (size_t i = 0; i < n; i++) {
            size_t k = 0;
            while (k < n_all && all[k].source != sources[i].id)
                k++;
            if (k == n_all)
                continue;
            enum mud_condition c =
                mud_health_condition(&sources[i],
                                     &all[k],
                                     mud_collector_of(sources[i].kind) != NULL,
                                     mud_now());
            waiting += all[k].waiting;
            amiss += c == MUD_COND_FAILING || c == MUD_COND_STOPPED;
            if (all[k].worker.n)
                names[reading++] = sources[i].name;
        }
        mud_buf_printf(out,
                       mud_t("%zu sources, %.1f sealed/s, %lld pages wait",
                             "来源 %zu，每秒封存 %.1f，待抓 %lld 页"),
                       n,
                       (double)n_sealed / SPAN,
                       (long long)waiting);
        if (amiss)
            mud_buf_printf(
                out, mud_t(", %lld amiss", "，异常 %lld"), (long long)amiss);
        if (reading) {
            mud_buf_printf(
                out, mud_t("; reading %zu: ", "；采集中 %zu："), reading);
            put_names(out, names, reading, width);
        }
    }
    mud_arena_free(arena);
    return good;
}

void mud_status_show(struct mud_pg *pg)
{
    struct winsize size = {0};
    struct mud_buf line = {0};
    struct mud_error ignored = {0};
    size_t width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col
                       ? size.ws_col
                       : 80;

    /* The cursor goes back to the beginning: what is said next stands there. */
    if (mud_status_line(&line, pg, width - 1, &ignored))
        fprintf(stderr, "\r\033[K%.*s\r", MUD_FMT(mud_buf_view(&line)));
    mud_buf_free(&line);
}
