/* Sources by condition, and the workers: what stats tells of the running. */
#include "base/lang.h"
#include "cli/session.h"
#include "cli/source_health.h"
#include "run/collect.h"

#include <stdio.h>

struct tally {
    int64_t n[MUD_COND_EXPIRED + 1];
    int64_t waiting;
};

static bool count(struct tally *out, struct mud_pg *pg, struct mud_arena *arena,
                  struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_health *all;
    size_t n, n_all, at = 0;

    if (!mud_source_list(&sources, &n, pg, arena, err) ||
        !mud_health_list(&all, &n_all, pg, 0, arena, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        for (at = 0; at < n_all && all[at].source != sources[i].id;)
            at++;
        if (at == n_all)
            continue;
        out->n[mud_health_condition(&sources[i],
                                    &all[at],
                                    mud_collector_of(sources[i].kind) != NULL,
                                    mud_now())]++;
        out->waiting += all[at].waiting;
    }
    return true;
}

static void put_tally(struct mud_out *out, const struct tally *tally)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    size_t said = 0;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "running");
    mud_json_kint(&json, "schema", 1);
    mud_json_key(&json, "sources");
    mud_json_object(&json);
    mud_buf_z(&text, mud_t("sources: ", "来源："));
    for (int c = 0; c <= MUD_COND_EXPIRED; c++) {
        const char *name = mud_condition_name((enum mud_condition)c);
        mud_json_kint(&json, name, tally->n[c]);
        if (tally->n[c])
            mud_buf_printf(&text,
                           "%s%lld %s",
                           said++ ? ", " : "",
                           (long long)tally->n[c],
                           mud_condition_words((enum mud_condition)c));
    }
    mud_json_object_end(&json);
    mud_json_kint(&json, "pages_waiting", tally->waiting);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   mud_t("%s; %lld pages wait (mudlark source list)\n",
                         "%s；%lld 页待抓取（mudlark source list）\n"),
                   said ? "" : "-",
                   (long long)tally->waiting);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

static void put_worker(struct mud_out *out, const struct mud_worker_seen *w)
{
    struct mud_buf json_text = {0}, text = {0};
    struct mud_json json = {.buf = &json_text};
    bool alive = w->silent < MUD_WORKER_GONE;
    char since[MUD_LOCAL_TEXT], seen[MUD_LOCAL_TEXT];

    mud_json_object(&json);
    mud_json_kz(&json, "type", "worker");
    mud_json_kint(&json, "schema", 1);
    mud_json_kstr(&json, "name", w->name);
    mud_json_kstr(&json, "role", w->role);
    mud_json_kstr(&json, "version", w->version);
    mud_json_kbool(&json, "alive", alive);
    mud_json_ktime(&json, "started", w->started);
    mud_json_ktime(&json, "seen", w->seen);
    mud_json_kint(&json, "sources", w->sources);
    mud_json_kint(&json, "pages", w->pages);
    mud_json_object_end(&json);
    mud_buf_printf(&text,
                   alive
                       ? mud_t("worker %.*s (%.*s) since %.16s, seen %.19s: "
                               "%lld sources, %lld pages under way\n",
                               "工作进程 %.*s（%.*s）始于 %.16s，最近 %.19s："
                               "%lld 个来源，%lld 页在途\n")
                       : mud_t("worker %.*s (%.*s) since %.16s is GONE, last "
                               "seen %.19s: %lld sources, %lld pages\n",
                               "工作进程 %.*s（%.*s）始于 %.16s，已消失，最近 "
                               "%.19s：%lld 个来源，%lld 页\n"),
                   MUD_FMT(w->name),
                   MUD_FMT(w->role),
                   mud_local_text(since, w->started),
                   mud_local_text(seen, w->seen),
                   (long long)w->sources,
                   (long long)w->pages);
    mud_out_record(out, mud_buf_view(&json_text), mud_buf_view(&text));
    mud_buf_free(&json_text);
    mud_buf_free(&text);
}

bool mud_running_put(struct mud_out *out, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct tally tally = {.waiting = 0};
    struct mud_worker_seen *workers;
    size_t n;
    bool good = count(&tally, pg, arena, err) &&
                mud_health_workers(&workers, &n, pg, arena, err);

    if (good) {
        put_tally(out, &tally);
        for (size_t i = 0; i < n; i++)
            put_worker(out, &workers[i]);
    }
    mud_arena_free(arena);
    return good;
}
