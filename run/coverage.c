#include "run/coverage.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>

/* One range, as a row of mud.coverage has it. */
struct range {
    struct mud_str place;
    const char *kind, *unit;
    int64_t from, to;
    int64_t page, pages; /* 0 unknown */
    int64_t posts;
    int64_t stated;   /* -1 unknown */
    const char *note; /* why it is not whole; NULL: it is */
    struct mud_str format;
    bool history;
};

static void range_json(struct mud_json *json, const struct range *range,
                       int64_t at)
{
    mud_json_object(json);
    mud_json_kstr(json, "place", range->place);
    mud_json_kz(json, "kind", range->kind);
    mud_json_kz(json, "unit", range->unit);
    mud_json_kint(json, "read_from", range->from);
    mud_json_kint(json, "read_to", range->to);
    mud_json_ktime(json, "read_at", at);
    if (range->page)
        mud_json_kint(json, "page", range->page);
    if (range->pages)
        mud_json_kint(json, "pages", range->pages);
    mud_json_kint(json, "posts", range->posts);
    if (range->stated >= 0)
        mud_json_kint(json, "stated", range->stated);
    mud_json_kbool(json, "whole", !range->note);
    if (range->note)
        mud_json_kz(json, "note", range->note);
    mud_json_kstr(json, "format", range->format);
    mud_json_kbool(json, "history", range->history);
    mud_json_object_end(json);
}

static bool put(struct mud_worker *worker, const struct mud_source *source,
                const struct mud_capture *capture, struct mud_str ranges,
                struct mud_error *err)
{
    char id[MUD_ID_TEXT], source_id[16];

    snprintf(source_id, sizeof source_id, "%d", (int)source->id);
    struct mud_str args[] = {
        mud_str_z(source_id), mud_str_z(mud_id_text(id, capture->id)), ranges};
    return mud_pg_query(
        NULL, worker->pg, mud_sql("coverage_put"), args, 3, err);
}

static const char *not_whole(const struct mud_parsed *parsed)
{
    for (size_t i = 0; i < parsed->n_notes; i++) {
        if (strcmp(parsed->notes[i].severity, "error") == 0)
            return parsed->notes[i].code;
    }
    for (size_t i = 0; i < parsed->n_posts; i++) {
        if (parsed->posts[i].state == MUD_POST_LOGIN)
            return "post-login";
    }
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* The floors of a page in order; *rising: so they stood on it. False when a
 * post has none. */
static bool floors_of(uint32_t *floors, bool *rising,
                      const struct mud_parsed *parsed)
{
    *rising = true;
    for (size_t i = 0; i < parsed->n_posts; i++) {
        floors[i] = parsed->posts[i].position;
        if (!floors[i])
            return false;
        *rising = *rising && (i == 0 || floors[i - 1] <= floors[i]);
    }
    qsort(floors, parsed->n_posts, sizeof *floors, by_number);
    return true;
}

/* The ids of a page whose ids rise: none that lies between them is left. */
static void id_range(struct mud_json *json, const struct range *of,
                     const struct mud_parsed *parsed, int64_t at)
{
    struct range range = *of;
    int64_t id, last = 0;

    for (size_t i = 0; i < parsed->n_posts; i++, last = id)
        if (!mud_str_i64(parsed->posts[i].post, &id) || id <= last)
            return;
    if (!last || !mud_str_i64(parsed->posts[0].post, &range.from))
        return;
    range.unit = "id";
    range.to = last;
    range.posts = (int64_t)parsed->n_posts;
    range.history = true;
    range_json(json, &range, at);
}

/*
 * A page of the thread as it stands covers all from its first floor to its
 * last: what is not there is gone. Another view (newest first, one author
 * only) covers just the floors it shows.
 */
static void thread_ranges(struct mud_json *json, struct range *range,
                          const struct mud_parsed *parsed, bool as_it_stands,
                          int64_t at)
{
    uint32_t *floors = mud_calloc(parsed->n_posts, sizeof *floors);
    size_t n = parsed->n_posts, begin = 0;
    bool rising;

    if (!floors_of(floors, &rising, parsed)) {
        range->posts = (int64_t)n;
        range_json(json, range, at);
        n = 0;
    }
    range->unit = n ? "floor" : range->unit;
    for (size_t i = 1; i <= n; i++) {
        bool on = i < n &&
                  (floors[i] <= floors[i - 1] + 1 || (rising && as_it_stands));
        if (on)
            continue;
        range->from = floors[begin];
        range->history = rising && as_it_stands;
        range->to = floors[i - 1];
        range->posts = (int64_t)(i - begin);
        range_json(json, range, at);
        begin = i;
    }
    free(floors);
}

static void page_ranges(struct mud_json *json, const struct mud_parsed *parsed,
                        int64_t stated, bool as_it_stands, int64_t at,
                        struct mud_arena *arena)
{
    struct range range = {.unit = "page",
                          .from = parsed->page ? parsed->page : 1,
                          .page = parsed->page,
                          .pages = parsed->pages,
                          .stated = -1,
                          .note = not_whole(parsed)};

    range.to = range.from;
    if (parsed->kind == MUD_PAGE_INDEX) {
        range.place = parsed->site;
        range.kind = "index";
    } else if (parsed->kind == MUD_PAGE_BOARD) {
        range.place = parsed->board;
        range.kind = "board";
    } else if (parsed->kind == MUD_PAGE_THREAD && parsed->n_posts) {
        range.place = parsed->thread;
        range.kind = "thread";
        range.stated = parsed->stated ? parsed->stated : stated;
        range.format = mud_str_printf(arena,
                                      "%.*s:%s",
                                      MUD_FMT(parsed->engine),
                                      mud_view_name(parsed->posts[0].view));
    } else if (parsed->kind == MUD_PAGE_CHAT && parsed->n_posts) {
        range.place = parsed->posts[0].thread;
        range.kind = "group";
        range.format = MUD_STR("tme-s");
    }
    if (!range.place.n)
        return;
    if (as_it_stands && parsed->kind == MUD_PAGE_THREAD)
        id_range(json, &range, parsed, at);
    if (parsed->kind == MUD_PAGE_CHAT)
        id_range(json, &range, parsed, at);
    else if (parsed->kind == MUD_PAGE_THREAD)
        thread_ranges(json, &range, parsed, as_it_stands, at);
    else
        range_json(json, &range, at);
}

/* What a listing says of its threads: the first post and the replies. */
static bool put_stated(struct mud_worker *worker,
                       const struct mud_source *source,
                       const struct mud_capture *capture,
                       const struct mud_parsed *parsed, struct mud_error *err)
{
    char id[MUD_ID_TEXT], source_id[16], at[MUD_TIME_TEXT];
    struct mud_buf said = {0};
    struct mud_json json = {.buf = &said};
    bool any = false, good = true;

    mud_json_array(&json);
    for (size_t i = 0; i < parsed->n_threads; i++) {
        const struct mud_thread *thread = &parsed->threads[i];
        if (thread->replies < 0 || !thread->thread.n)
            continue;
        any = true;
        mud_json_object(&json);
        mud_json_kstr(&json, "thread", thread->thread);
        mud_json_kstr(
            &json, "board", thread->board.n ? thread->board : parsed->board);
        mud_json_kstr(&json, "title", thread->title);
        mud_json_kint(&json, "posts", (int64_t)thread->replies + 1);
        mud_json_object_end(&json);
    }
    mud_json_array_end(&json);
    snprintf(source_id, sizeof source_id, "%d", (int)source->id);
    struct mud_str args[] = {mud_str_z(source_id),
                             mud_str_z(mud_id_text(id, capture->id)),
                             mud_str_z(mud_time_text(at, capture->at, true)),
                             mud_buf_view(&said)};
    if (any)
        good =
            mud_pg_query(NULL, worker->pg, mud_sql("stated_put"), args, 4, err);
    mud_buf_free(&said);
    return good;
}

bool mud_coverage_plain(struct mud_str url)
{
    static const char *const views[] = {"ordertype",
                                        "authorid",
                                        "orderby",
                                        "filter",
                                        "order",
                                        "sort",
                                        "sortby",
                                        "sk",
                                        "sd",
                                        "st",
                                        "ascdesc",
                                        "see_lz",
                                        "dateline",
                                        NULL};
    size_t mark = mud_str_chr(url, '?');
    struct mud_str rest = {0}, name, value;

    if (mark != MUD_NPOS)
        rest = mud_str_sub(url, mark + 1, url.n);
    while (mud_url_param_next(&rest, &name, &value))
        for (size_t i = 0; views[i]; i++)
            if (mud_str_eqz(name, views[i]))
                return false;
    return true;
}

bool mud_coverage_page(struct mud_worker *worker,
                       const struct mud_source *source,
                       const struct mud_capture *capture,
                       const struct mud_parsed *parsed, int64_t stated,
                       bool as_it_stands, struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf ranges = {0};
    struct mud_json json = {.buf = &ranges};

    mud_json_array(&json);
    page_ranges(&json, parsed, stated, as_it_stands, capture->at, arena);
    mud_json_array_end(&json);
    bool good = put(worker, source, capture, mud_buf_view(&ranges), err) &&
                put_stated(worker, source, capture, parsed, err);
    mud_buf_free(&ranges);
    mud_arena_free(arena);
    return good;
}

/* The row of a group, made when new; NULL when there are too many. */
static struct mud_coverage_group *group_of(struct mud_coverage_chat *chat,
                                           struct mud_str place)
{
    for (size_t i = chat->n_groups; i-- > 0;) {
        if (mud_str_eqz(place, chat->groups[i].place))
            return &chat->groups[i];
    }
    if (chat->n_groups == MUD_COVERAGE_GROUPS ||
        place.n >= sizeof chat->groups[0].place)
        return NULL;
    struct mud_coverage_group *fresh = &chat->groups[chat->n_groups++];
    *fresh = (struct mud_coverage_group){.from = INT64_MAX, .since = INT64_MAX};
    memcpy(fresh->place, place.s, place.n);
    return fresh;
}

void mud_coverage_begin(struct mud_coverage_chat *chat,
                        const struct mud_chat_format *format)
{
    chat->history = mud_chat_is_history(format);
    snprintf(chat->format, sizeof chat->format, "%s", format->name);
}

/* An archive is what is in it. */
static void name_format(struct mud_coverage_chat *chat, struct mud_str engine)
{
    const struct mud_chat_format *inner;

    bool archive =
        strcmp(chat->format, "zip") == 0 || strcmp(chat->format, "tar") == 0;

    if (!archive || !engine.n)
        return;
    snprintf(chat->format, sizeof chat->format, "%.*s", MUD_FMT(engine));
    inner = mud_chat_find(engine);
    chat->history = !inner || mud_chat_is_history(inner);
}

/* Networks whose message ids rise with time in a group: a range of them is a
 * stretch of its history. Those of others (WeChat's) are in no order. */
static bool ids_rise(struct mud_str engine)
{
    return mud_str_eqz(engine, "telegram") || mud_str_eqz(engine, "discord");
}

void mud_coverage_message(struct mud_coverage_chat *chat,
                          const struct mud_post *post)
{
    struct mud_coverage_group *at;
    int64_t id;

    name_format(chat, post->engine);
    if (!post->thread.n || !(at = group_of(chat, post->thread)))
        return;
    if (ids_rise(post->engine) && mud_str_i64(post->post, &id)) {
        at->from = id < at->from ? id : at->from;
        at->to = id > at->to ? id : at->to;
        at->messages++;
    } else if (post->posted) {
        at->since = post->posted < at->since ? post->posted : at->since;
        at->until = post->posted > at->until ? post->posted : at->until;
        at->others++;
    }
}

void mud_coverage_heard(struct mud_coverage_chat *chat, struct mud_str place,
                        int64_t from, int64_t until)
{
    const struct mud_coverage_group *group;
    size_t at;

    if (!place.n || until < from || !(group = group_of(chat, place)))
        return;
    at = (size_t)(group - chat->groups);
    for (size_t i = 0; i < chat->n_heard; i++) { /* that touch become one */
        struct mud_coverage_heard *had = &chat->heard[i];

        if (had->group != at || from > had->until + 1 || until + 1 < had->from)
            continue;
        from = from < had->from ? from : had->from;
        until = until > had->until ? until : had->until;
        *had = chat->heard[--chat->n_heard];
        i = MUD_NPOS; /* it may touch those before it now */
    }
    if (chat->n_heard < MUD_COVERAGE_HEARD)
        chat->heard[chat->n_heard++] =
            (struct mud_coverage_heard){at, from, until};
}

/* What was listened to, silence included; false when nothing is said of it. */
static bool heard_ranges(struct mud_json *json,
                         const struct mud_coverage_chat *chat, size_t group,
                         const struct range *of, int64_t at)
{
    int64_t posts = chat->groups[group].others;
    bool any = false;

    for (size_t i = 0; i < chat->n_heard; i++) {
        struct range range = *of;

        if (chat->heard[i].group != group)
            continue;
        range.unit = "time";
        range.from = chat->heard[i].from;
        range.to = chat->heard[i].until;
        range.posts = any ? 0 : posts; /* counted once */
        range_json(json, &range, at);
        any = true;
    }
    return any;
}

static void group_ranges(struct mud_json *json,
                         const struct mud_coverage_chat *chat, size_t index,
                         int64_t at)
{
    const struct mud_coverage_group *group = &chat->groups[index];
    struct range range = {.place = mud_str_z(group->place),
                          .kind = "group",
                          .stated = -1,
                          .note = chat->note,
                          .format = mud_str_z(chat->format),
                          .history = chat->history};

    if (group->messages) {
        range.unit = "id";
        range.from = group->from;
        range.to = group->to;
        range.posts = group->messages;
        range_json(json, &range, at);
    }
    if (!heard_ranges(json, chat, index, &range, at) && group->others) {
        range.unit = "time";
        range.from = group->since;
        range.to = group->until;
        range.posts = group->others;
        range_json(json, &range, at);
    }
}

bool mud_coverage_chat(struct mud_worker *worker,
                       const struct mud_source *source,
                       const struct mud_capture *capture,
                       const struct mud_coverage_chat *chat,
                       struct mud_error *err)
{
    struct mud_buf ranges = {0};
    struct mud_json json = {.buf = &ranges};

    mud_json_array(&json);
    for (size_t i = 0; i < chat->n_groups; i++)
        group_ranges(&json, chat, i, capture->at);
    mud_json_array_end(&json);
    bool good = put(worker, source, capture, mud_buf_view(&ranges), err);
    mud_buf_free(&ranges);
    return good;
}
