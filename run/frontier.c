#include "run/frontier.h"

#include "base/json.h"

#include <stdio.h>

#define LISTING_LEAST 5 /* threads on a page that tell whether it is made up */

#define LEASE_SECONDS 300
#define DUE_MAX       "1000" /* pages taken up again at the start of a round */

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

static void link_json(struct mud_json *json, const struct mud_page_link *link)
{
    mud_json_object(json);
    mud_json_kid(json, "page_id", mud_id_of("page", link->url));
    mud_json_kstr(json, "url", link->url);
    mud_json_kz(json, "kind", kind_name(link->kind));
    if (link->board.n)
        mud_json_kstr(json, "board", link->board);
    if (link->thread.n)
        mud_json_kstr(json, "thread", link->thread);
    if (link->page > 0)
        mud_json_kint(json, "page", link->page);
    if (link->replies >= 0)
        mud_json_kint(json, "replies", link->replies);
    if (link->last_post)
        mud_json_ktime(json, "last_post", link->last_post);
    mud_json_object_end(json);
}

static void job_json(struct mud_json *json, struct mud_str url,
                     struct mud_str kind, struct mud_str referrer,
                     int64_t round)
{
    mud_json_object(json);
    mud_json_kstr(json, "key", url);
    /* Listings first: they say which threads there are. */
    mud_json_kint(json, "priority", mud_str_eqz(kind, "thread") ? 0 : 10);
    mud_json_key(json, "payload");
    mud_json_object(json);
    mud_json_kstr(json, "url", url);
    mud_json_kstr(json, "kind", kind);
    mud_json_kstr(json, "referrer", referrer);
    mud_json_kint(json, "round", round);
    mud_json_object_end(json);
    mud_json_object_end(json);
}

/* Where links were found. */
struct place {
    struct mud_str url;
    int64_t round;
    uint32_t listing; /* number of this page of a listing; 0: it is none */
    bool whole;       /* every page is fetched again */
};

static bool put_jobs(struct mud_pg *pg, const struct mud_source *source,
                     const struct mud_rows *rows, const struct place *place,
                     struct mud_arena *arena, struct mud_error *err)
{
    struct mud_buf jobs = {0};
    struct mud_json json = {.buf = &jobs};
    bool good = true;

    mud_json_array(&json);
    for (size_t i = 0; i < mud_rows_count(rows); i++)
        job_json(&json,
                 mud_rows_get(rows, i, 0),
                 mud_rows_get(rows, i, 1),
                 place->url,
                 place->round);
    mud_json_array_end(&json);
    if (mud_rows_count(rows))
        good = mud_queue_put_many(
            pg, mud_frontier_queue(source, arena), mud_buf_view(&jobs), err);
    mud_buf_free(&jobs);
    return good;
}

/* Pages into the frontier, and jobs for those that are to be fetched now. */
static bool find(struct mud_pg *pg, const struct mud_source *source,
                 const struct mud_page_link *links, size_t n,
                 const struct place *place, struct mud_arena *arena,
                 struct mud_error *err)
{
    struct mud_buf found = {0};
    struct mud_json json = {.buf = &found};
    char id[16], listing[16], at[MUD_TIME_TEXT], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    snprintf(listing, sizeof listing, "%u", (unsigned)place->listing);
    mud_json_array(&json);
    for (size_t i = 0; i < n; i++)
        link_json(&json, &links[i]);
    mud_json_array_end(&json);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(mud_time_text(at, place->round, true)),
                             mud_buf_view(&found),
                             mud_str_z(place->whole ? "true" : "false"),
                             mud_str_z(listing),
                             mud_str_z(mud_time_text(now, mud_now(), true))};
    bool good =
        mud_pg_query(&rows, pg, mud_sql("frontier_links"), args, 6, err);
    mud_buf_free(&found);
    if (!good)
        return false;
    good = put_jobs(pg, source, rows, place, arena, err);
    mud_rows_free(rows);
    return good;
}

/* What a round takes up by itself: see frontier_due.sql. */
static bool take_up(struct mud_pg *pg, const struct mud_source *source,
                    const struct place *place, struct mud_arena *arena,
                    struct mud_error *err)
{
    char id[16], at[MUD_TIME_TEXT], now[MUD_TIME_TEXT];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(id),
                             mud_str_z(mud_time_text(at, place->round, true)),
                             mud_str_z(mud_time_text(now, mud_now(), true)),
                             MUD_STR(DUE_MAX)};
    if (!mud_pg_query(&rows, pg, mud_sql("frontier_due"), args, 4, err))
        return false;
    bool good = put_jobs(pg, source, rows, place, arena, err);
    mud_rows_free(rows);
    return good;
}

/* Now, or behind all that stands in the frontier when a clock was put back: a
 * round is told from those before it by when it began. */
static bool begin_time(int64_t *round, struct mud_pg *pg,
                       const struct mud_source *source, struct mud_error *err)
{
    char id[16];
    struct mud_rows *rows;

    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str arg = mud_str_z(id);
    *round = mud_now();
    if (!mud_pg_query(&rows, pg, mud_sql("frontier_newest"), &arg, 1, err))
        return false;
    if (mud_rows_count(rows) && mud_rows_get(rows, 0, 0).n &&
        mud_rows_time(rows, 0, 0) >= *round)
        *round = mud_rows_time(rows, 0, 0) + 1;
    mud_rows_free(rows);
    return true;
}

bool mud_frontier_begin(struct mud_pg *pg, const struct mud_source *source,
                        bool whole, bool *resumed, struct mud_arena *arena,
                        struct mud_error *err)
{
    const char *queue = mud_frontier_queue(source, arena);
    struct mud_page_link start = {
        .url = source->url, .kind = MUD_PAGE_INDEX, .replies = -1};
    struct place place = {.url = MUD_STR(""), .whole = whole};
    struct mud_str name = mud_str_z(queue);
    int64_t waiting, leased, failed;

    if (!mud_queue_reap(pg, NULL, err) ||
        !mud_queue_count(pg, queue, &waiting, &leased, &failed, err))
        return false;
    *resumed = waiting + leased > 0;
    if (*resumed)
        return true;
    if (mud_pg_begin(pg, err) && begin_time(&place.round, pg, source, err) &&
        mud_pg_query(NULL, pg, mud_sql("frontier_unpark"), &name, 1, err) &&
        find(pg, source, &start, 1, &place, arena, err) &&
        (whole || take_up(pg, source, &place, arena, err)) &&
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

bool mud_frontier_keep(struct mud_pg *pg, const struct mud_target *target,
                       struct mud_error *err)
{
    return mud_queue_keep(pg, target->job, LEASE_SECONDS, err);
}

bool mud_frontier_links(struct mud_pg *pg, const struct mud_source *source,
                        const struct mud_target *from,
                        const struct mud_parsed *parsed, bool whole,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct place place = {
        .url = from->url, .round = from->round, .whole = whole};

    if (parsed->kind == MUD_PAGE_BOARD)
        place.listing = parsed->page ? parsed->page : 1;
    return !parsed->n_links ||
           find(pg, source, parsed->links, parsed->n_links, &place, arena, err);
}

/* What a reader sees of the page, but for what changes with every visit. */
static struct mud_id digest_of(const struct mud_parsed *parsed)
{
    struct mud_buf text = {0};

    for (size_t i = 0; i < parsed->n_posts; i++) {
        const struct mud_post *p = &parsed->posts[i];

        mud_buf_printf(&text,
                       "%.*s\x1f%.*s\x1f%d\x1f%.*s\x1e",
                       MUD_FMT(p->post),
                       MUD_FMT(p->author),
                       (int)p->state,
                       MUD_FMT(p->body));
    }
    for (size_t i = 0; i < parsed->n_threads; i++)
        mud_buf_printf(&text, "%.*s\x1e", MUD_FMT(parsed->threads[i].thread));
    struct mud_id id = mud_id_of("page-read", mud_buf_view(&text));
    mud_buf_free(&text);
    return id;
}

bool mud_frontier_twice(bool *twice, struct mud_pg *pg,
                        const struct mud_source *source,
                        const struct mud_target *target,
                        const struct mud_parsed *parsed, struct mud_error *err)
{
    char id[16], page[MUD_ID_TEXT], digest[MUD_ID_TEXT];
    struct mud_rows *rows;

    *twice = false;
    if (!parsed->n_posts && !parsed->n_threads)
        return true;
    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {
        mud_str_z(id),
        mud_str_z(mud_id_text(page, mud_id_of("page", target->url))),
        mud_str_z(mud_id_text(digest, digest_of(parsed))),
    };
    if (!mud_pg_query(&rows, pg, mud_sql("frontier_twice"), args, 3, err))
        return false;
    *twice = mud_rows_bool(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

/* "{id,id}" of the threads that a listing links to; n counts them. */
static void thread_ids(struct mud_buf *out, size_t *n,
                       const struct mud_parsed *parsed)
{
    char id[MUD_ID_TEXT];

    *n = 0;
    mud_buf_c(out, '{');
    for (size_t i = 0; i < parsed->n_links; i++) {
        if (parsed->links[i].kind != MUD_PAGE_THREAD)
            continue;
        mud_buf_printf(out,
                       "%s%s",
                       *n ? "," : "",
                       mud_id_text(id,
                                   mud_id_of("page", parsed->links[i].url)));
        ++*n;
    }
    mud_buf_c(out, '}');
}

static bool unlist(struct mud_pg *pg, const struct mud_str *ids,
                   const struct mud_source *source, struct mud_str now,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct mud_str args[] = {
        ids[0], ids[1], mud_str_z(mud_frontier_queue(source, arena)), now};

    return mud_pg_query(NULL, pg, mud_sql("frontier_unlist"), args, 4, err);
}

bool mud_frontier_listing(bool *endless, bool *again, struct mud_pg *pg,
                          const struct mud_source *source,
                          const struct mud_target *target,
                          const struct mud_parsed *parsed,
                          struct mud_arena *arena, struct mud_error *err)
{
    char id[16], page[MUD_ID_TEXT], now[MUD_TIME_TEXT];
    struct mud_buf threads = {0};
    struct mud_rows *rows;
    size_t n;
    bool good = true;

    *endless = *again = false;
    thread_ids(&threads, &n, parsed);
    snprintf(id, sizeof id, "%d", (int)source->id);
    struct mud_str args[] = {
        mud_str_z(id),
        mud_str_z(mud_id_text(page, mud_id_of("page", target->url))),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        mud_buf_view(&threads),
    };
    if (parsed->kind == MUD_PAGE_BOARD && n >= LISTING_LEAST) {
        good =
            mud_pg_query(&rows, pg, mud_sql("frontier_listing"), args, 4, err);
        if (good && mud_rows_count(rows)) {
            *endless = mud_rows_bool(rows, 0, 0);
            *again = mud_rows_bool(rows, 0, 1);
        }
        if (good)
            mud_rows_free(rows);
        good = good &&
               (!*endless || unlist(pg, args, source, args[2], arena, err));
    }
    mud_buf_free(&threads);
    return good;
}

bool mud_frontier_again(struct mud_pg *pg, const struct mud_source *source,
                        const struct mud_target *target,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_buf jobs = {0};
    struct mud_json json = {.buf = &jobs};

    mud_json_array(&json);
    job_json(&json, target->url, target->kind, target->referrer, target->round);
    mud_json_array_end(&json);
    bool good = mud_queue_put_many(
        pg, mud_frontier_queue(source, arena), mud_buf_view(&jobs), err);
    mud_buf_free(&jobs);
    return good;
}

bool mud_frontier_done(struct mud_pg *pg, const struct mud_source *source,
                       const struct mud_target *target,
                       const struct mud_visit *visit, int64_t *replies,
                       struct mud_error *err)
{
    char now[MUD_TIME_TEXT], page[MUD_ID_TEXT], held[MUD_ID_TEXT];
    char digest[MUD_ID_TEXT];
    char source_id[16], code[16];
    struct mud_rows *rows;

    snprintf(source_id, sizeof source_id, "%d", (int)source->id);
    snprintf(code, sizeof code, "%d", visit->status);
    struct mud_str args[] = {
        mud_str_z(source_id),
        mud_str_z(mud_id_text(page, mud_id_of("page", target->url))),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        mud_id_zero(visit->capture)
            ? MUD_SQL_NULL
            : mud_str_z(mud_id_text(held, visit->capture)),
        mud_str_z(code),
        mud_str_z(visit->outcome),
        visit->parsed ? mud_str_z(mud_id_text(digest, digest_of(visit->parsed)))
                      : MUD_SQL_NULL,
    };

    if (!mud_pg_query(&rows, pg, mud_sql("frontier_done"), args, 7, err))
        return false;
    *replies = mud_rows_count(rows) && !mud_rows_null(rows, 0, 0)
                   ? mud_rows_int(rows, 0, 0)
                   : -1;
    mud_rows_free(rows);
    return true;
}
