#include "run/frontier.h"

#include "base/json.h"

#include <stdio.h>

#define LEASE_SECONDS 300

const char *mud_frontier_queue(const struct mud_source *source,
                               struct mud_arena *arena)
{
    return mud_str_printf(arena, "fetch:%.*s", MUD_FMT(source->name)).s;
}

static const char *kind_name(enum mud_page_kind kind)
{
    return kind == MUD_PAGE_BOARD    ? "board"
           : kind == MUD_PAGE_THREAD ? "thread"
                                     : "index";
}

static struct mud_str or_null(struct mud_str s)
{
    return s.n ? s : MUD_SQL_NULL;
}

static struct mud_str number(struct mud_arena *arena, int64_t n, bool known)
{
    return known ? mud_str_printf(arena, "%lld", (long long)n) : MUD_SQL_NULL;
}

static struct mud_str time_arg(struct mud_arena *arena, int64_t us)
{
    char text[MUD_TIME_TEXT];

    if (!us)
        return MUD_SQL_NULL;
    return mud_str_dup(mud_str_z(mud_time_text(text, us, true)), arena);
}

static struct mud_str id_arg(struct mud_arena *arena, struct mud_id id)
{
    char text[MUD_ID_TEXT];

    if (mud_id_zero(id))
        return MUD_SQL_NULL;
    return mud_str_dup(mud_str_z(mud_id_text(text, id)), arena);
}

/* One page into the frontier and, when that is news in this round, a job. */
static bool find(struct mud_pg *pg, const struct mud_source *source,
                 const struct mud_page_link *link, struct mud_str referrer,
                 int64_t round, struct mud_arena *arena, struct mud_error *err)
{
    struct mud_id page = mud_id_of("page", link->url);
    const char *kind = kind_name(link->kind);
    struct mud_rows *rows;
    struct mud_str args[] = {
        number(arena, source->id, true),
        id_arg(arena, page),
        time_arg(arena, round),
        link->url,
        mud_str_z(kind),
        or_null(link->board),
        or_null(link->thread),
        number(arena, link->page, link->page > 0),
        number(arena, link->replies, link->replies >= 0),
        time_arg(arena, link->last_post),
    };

    if (!mud_pg_query(&rows, pg, mud_sql("frontier_find"), args, 10, err))
        return false;
    bool news = mud_rows_count(rows) > 0;
    mud_rows_free(rows);
    if (!news)
        return true;
    struct mud_buf payload = {0};
    struct mud_json json = {.buf = &payload};
    mud_json_object(&json);
    mud_json_kstr(&json, "url", link->url);
    mud_json_kz(&json, "kind", kind);
    mud_json_kstr(&json, "referrer", referrer);
    mud_json_kint(&json, "round", round);
    mud_json_object_end(&json);
    /* Listings first: they say which threads there are. */
    bool good = mud_queue_put(pg,
                              mud_frontier_queue(source, arena),
                              link->url,
                              mud_buf_view(&payload),
                              link->kind == MUD_PAGE_THREAD ? 0 : 10,
                              0,
                              NULL,
                              err);
    mud_buf_free(&payload);
    return good;
}

bool mud_frontier_begin(struct mud_pg *pg, const struct mud_source *source,
                        bool *resumed, struct mud_arena *arena,
                        struct mud_error *err)
{
    const char *queue = mud_frontier_queue(source, arena);
    struct mud_page_link start = {
        .url = source->url, .kind = MUD_PAGE_INDEX, .replies = -1};
    struct mud_str name = mud_str_z(queue);
    int64_t waiting, leased, failed;

    if (!mud_queue_reap(pg, NULL, err) ||
        !mud_queue_count(pg, queue, &waiting, &leased, &failed, err))
        return false;
    *resumed = waiting + leased > 0;
    if (*resumed)
        return true;
    if (mud_pg_begin(pg, err) &&
        mud_pg_query(NULL, pg, mud_sql("frontier_unpark"), &name, 1, err) &&
        find(pg, source, &start, MUD_STR(""), mud_now(), arena, err) &&
        mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "begin a round of %.*s", MUD_FMT(source->name));
}

static bool read_payload(struct mud_target *target, const struct mud_job *job,
                         struct mud_arena *arena, struct mud_error *err)
{
    json_t *json = mud_json_read(job->payload, err);

    if (!json)
        return mud_fail_in(err, "job %lld", (long long)job->id);
    *target = (struct mud_target){
        .job = job->id,
        .tries = job->tries,
        .round = mud_json_get_int(json, "round", 0),
        .url = mud_str_dup(mud_json_get_str(json, "url"), arena),
        .kind = mud_str_dup(mud_json_get_str(json, "kind"), arena),
        .referrer = mud_str_dup(mud_json_get_str(json, "referrer"), arena),
    };
    json_decref(json);
    return true;
}

bool mud_frontier_take(struct mud_target **targets, size_t *n,
                       struct mud_pg *pg, const struct mud_source *source,
                       size_t max, const char *worker, struct mud_arena *arena,
                       struct mud_error *err)
{
    struct mud_job *jobs;
    bool good = true;

    if (!mud_queue_take(&jobs,
                        n,
                        pg,
                        mud_frontier_queue(source, arena),
                        max,
                        LEASE_SECONDS,
                        worker,
                        arena,
                        err))
        return false;
    *targets = mud_arena_array(arena, *n, sizeof **targets);
    for (size_t i = 0; i < *n && good; i++)
        good = read_payload(&(*targets)[i], &jobs[i], arena, err);
    return good;
}

bool mud_frontier_links(struct mud_pg *pg, const struct mud_source *source,
                        const struct mud_target *from,
                        const struct mud_parsed *parsed,
                        struct mud_arena *arena, struct mud_error *err)
{
    for (size_t i = 0; i < parsed->n_links; i++) {
        if (!find(pg,
                  source,
                  &parsed->links[i],
                  from->url,
                  from->round,
                  arena,
                  err))
            return mud_fail_in(err, "link %.*s", MUD_FMT(parsed->links[i].url));
    }
    return true;
}

bool mud_frontier_done(struct mud_pg *pg, const struct mud_source *source,
                       const struct mud_target *target, struct mud_id capture,
                       int status, const char *outcome, int64_t *replies,
                       struct mud_error *err)
{
    char now[MUD_TIME_TEXT], page[MUD_ID_TEXT], held[MUD_ID_TEXT];
    char source_id[16], code[16];
    struct mud_rows *rows;

    snprintf(source_id, sizeof source_id, "%d", (int)source->id);
    snprintf(code, sizeof code, "%d", status);
    struct mud_str args[] = {
        mud_str_z(source_id),
        mud_str_z(mud_id_text(page, mud_id_of("page", target->url))),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        mud_id_zero(capture) ? MUD_SQL_NULL
                             : mud_str_z(mud_id_text(held, capture)),
        mud_str_z(code),
        mud_str_z(outcome),
    };

    if (!mud_pg_query(&rows, pg, mud_sql("frontier_done"), args, 6, err))
        return false;
    *replies = mud_rows_count(rows) && !mud_rows_null(rows, 0, 0)
                   ? mud_rows_int(rows, 0, 0)
                   : -1;
    mud_rows_free(rows);
    return true;
}
