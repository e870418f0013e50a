#include "run/handed.h"

#include "base/json.h"
#include "fetch/policy.h"
#include "run/frontier.h"

#include <stdio.h>
#include <stdlib.h>

#define AT_ONCE 1000 /* pages that are settled by one statement */

struct mud_handed_pages {
    struct mud_pg *pg;
    const struct mud_source *source;
    int64_t round; /* us: of what is found */
    struct mud_buf pages;
    struct mud_json json;
    size_t n;
};

static void begin_list(struct mud_handed_pages *handed)
{
    mud_buf_clear(&handed->pages);
    handed->json = (struct mud_json){.buf = &handed->pages};
    mud_json_array(&handed->json);
    handed->n = 0;
}

void mud_handed_new(struct mud_handed_pages **out, struct mud_pg *pg,
                    const struct mud_source *source)
{
    *out = mud_calloc(1, sizeof **out);
    (*out)->pg = pg;
    (*out)->source = source;
    (*out)->round = mud_now();
    begin_list(*out);
}

void mud_handed_free(struct mud_handed_pages *handed)
{
    if (!handed)
        return;
    mud_buf_free(&handed->pages);
    free(handed);
}

static bool counts(const struct mud_handed_pages *handed,
                   const struct mud_capture *capture,
                   const struct mud_parsed *parsed, struct mud_arena *arena)
{
    struct mud_policy policy = mud_source_policy(handed->source, 0);
    struct mud_url url;

    return mud_str_eqz(handed->source->kind, "forum") && !parsed->wall.kind &&
           (parsed->kind == MUD_PAGE_INDEX || parsed->kind == MUD_PAGE_BOARD ||
            (parsed->kind == MUD_PAGE_THREAD && parsed->n_posts)) &&
           mud_url_parse(&url, capture->url, arena, NULL) &&
           mud_policy_allows(&policy, &url, NULL, NULL);
}

static void put(struct mud_handed_pages *handed,
                const struct mud_capture *capture,
                const struct mud_parsed *parsed)
{
    struct mud_json *json = &handed->json;
    bool thread = parsed->kind == MUD_PAGE_THREAD;

    mud_json_object(json);
    mud_json_kid(json, "page_id", mud_id_of("page", capture->url));
    mud_json_kstr(json, "url", capture->url);
    mud_json_kz(json, "kind", mud_page_kind_name(parsed->kind));
    if (parsed->board.n)
        mud_json_kstr(json, "board", parsed->board);
    if (thread)
        mud_json_kstr(json, "thread", parsed->thread);
    mud_json_kint(json, "page", parsed->page ? parsed->page : 1);
    mud_json_kid(json, "capture", capture->id);
    mud_json_kint(json, "status", capture->status);
    mud_json_ktime(json, "at", capture->at);
    mud_json_object_end(json);
    handed->n++;
}

static bool settle(struct mud_handed_pages *handed, struct mud_error *err)
{
    struct mud_arena *arena;
    char id[16], now[MUD_TIME_TEXT];
    bool good;

    if (!handed->n)
        return true;
    arena = mud_arena_new();
    mud_json_array_end(&handed->json);
    snprintf(id, sizeof id, "%d", (int)handed->source->id);
    struct mud_str args[] = {
        mud_str_z(id),
        mud_buf_view(&handed->pages),
        mud_str_z(mud_time_text(now, mud_now(), true)),
        mud_str_z(mud_frontier_queue(handed->source, arena)),
    };
    good = mud_pg_query(
        NULL, handed->pg, mud_sql("frontier_handed"), args, 4, err);
    mud_arena_free(arena);
    begin_list(handed);
    return good;
}

bool mud_handed_page(struct mud_handed_pages *handed,
                     const struct mud_capture *capture,
                     const struct mud_parsed *parsed, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_target from = {.url = capture->url, .round = handed->round};
    bool good = true;

    if (counts(handed, capture, parsed, arena)) {
        put(handed, capture, parsed);
        good =
            mud_pg_begin(handed->pg, err) &&
            mud_frontier_links(
                handed->pg, handed->source, &from, parsed, false, arena, err) &&
            mud_pg_commit(handed->pg, err);
        if (!good)
            mud_pg_rollback(handed->pg);
        good = good && (handed->n < AT_ONCE || settle(handed, err));
    }
    mud_arena_free(arena);
    return good;
}

bool mud_handed_end(struct mud_handed_pages *handed, struct mud_error *err)
{
    return settle(handed, err);
}
