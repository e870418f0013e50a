#include "run/step.h"

#include <stdio.h>

/* One range, as text arguments of coverage_put. */
struct range {
    struct mud_str place;
    const char *kind, *unit;
    int64_t from, to;
    size_t posts;
    int64_t stated;
    const char *note; /* why it is not whole; NULL: it is */
};

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

static bool range_of(struct range *range, const struct mud_parsed *parsed)
{
    range->note = not_whole(parsed);
    range->posts = parsed->n_posts;
    range->from = range->to = parsed->page ? parsed->page : 1;
    range->unit = "page";
    if (parsed->kind == MUD_PAGE_INDEX) {
        range->place = parsed->site;
        range->kind = "index";
    } else if (parsed->kind == MUD_PAGE_BOARD) {
        range->place = parsed->board;
        range->kind = "board";
        range->posts = 0;
    } else if (parsed->kind == MUD_PAGE_THREAD && parsed->n_posts) {
        const struct mud_post *first = &parsed->posts[0];
        const struct mud_post *last = &parsed->posts[parsed->n_posts - 1];
        range->place = parsed->thread;
        range->kind = "thread";
        if (first->position && last->position >= first->position) {
            range->unit = "floor";
            range->from = first->position;
            range->to = last->position;
        }
    }
    return range->place.n > 0;
}

bool mud_step_coverage(struct mud_worker *worker,
                       const struct mud_source *source,
                       const struct mud_capture *capture,
                       const struct mud_parsed *parsed, int64_t stated,
                       struct mud_error *err)
{
    struct range range = {0};
    char number[8][24], at[MUD_TIME_TEXT], id[MUD_ID_TEXT];

    if (!range_of(&range, parsed))
        return true;
    const int64_t numbers[] = {source->id,
                               range.from,
                               range.to,
                               parsed->page,
                               parsed->pages,
                               (int64_t)range.posts,
                               stated};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        snprintf(number[i], sizeof number[i], "%lld", (long long)numbers[i]);
    struct mud_str args[] = {
        mud_str_z(number[0]),
        range.place,
        mud_str_z(range.kind),
        mud_str_z(range.unit),
        mud_str_z(number[1]),
        mud_str_z(number[2]),
        mud_str_z(mud_time_text(at, capture->at, true)),
        parsed->page ? mud_str_z(number[3]) : MUD_SQL_NULL,
        parsed->pages ? mud_str_z(number[4]) : MUD_SQL_NULL,
        mud_str_z(number[5]),
        stated >= 0 && !strcmp(range.kind, "thread") ? mud_str_z(number[6])
                                                     : MUD_SQL_NULL,
        range.note ? MUD_STR("f") : MUD_STR("t"),
        range.note ? mud_str_z(range.note) : MUD_SQL_NULL,
        mud_str_z(mud_id_text(id, capture->id)),
    };
    return mud_pg_query(
        NULL, worker->pg, mud_sql("coverage_put"), args, 14, err);
}
