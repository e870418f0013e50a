#include "run/collect_telegram.h"

#include "run/collect_get.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum {
    PAST_PAGES = 50,   /* of the past in one round */
    LOOK_PAGES = 10,   /* looked at again */
    LOOK_EVERY = 86400 /* s */
};

struct channel {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_getter *getter;
    struct mud_report *report;
    struct mud_str name;
    int64_t high, low, looked; /* 0: nothing is covered yet */
    bool whole;
    bool over;     /* the site refuses, or shows no such channel */
    bool *limited; /* it wants to be left alone: no channel is asked for */
    struct mud_error *err;
};

struct page {         /* what one page held */
    int64_t from, to; /* ids; 0: no message */
};

/* Telegram's own rule for names of channels. */
static bool name_good(struct mud_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!isalnum((unsigned char)name.s[i]) && name.s[i] != '_')
            return false;
    }
    return name.n >= 4 && name.n <= 32;
}

static bool load(struct channel *c, struct mud_arena *arena)
{
    struct mud_str value;
    int64_t parts[4] = {0};
    struct mud_str part;

    if (!mud_cursor_get(
            &value, c->worker->pg, c->source, c->name, arena, c->err))
        return false;
    for (size_t i = 0; i < 4; i++) {
        if (!mud_str_cut(&value, ' ', &part) || !mud_str_i64(part, &parts[i])) {
            memset(parts, 0, sizeof parts);
            break;
        }
    }
    c->high = parts[0];
    c->low = parts[1];
    c->whole = parts[2] != 0;
    c->looked = parts[3];
    return true;
}

/* What was read is stored first: a cursor never covers what is not there. */
static bool store(struct channel *c)
{
    char text[128];

    snprintf(text,
             sizeof text,
             "%" PRId64 " %" PRId64 " %d %" PRId64,
             c->high,
             c->low,
             c->whole,
             c->looked);
    return mud_ingest_flush(c->worker->ingest, NULL, c->err) &&
           mud_cursor_put(
               c->worker->pg, c->source, c->name, mud_str_z(text), c->err);
}

static void count_ids(struct page *page, const struct mud_parsed *parsed)
{
    int64_t id;

    *page = (struct page){0};
    for (size_t i = 0; i < parsed->n_posts; i++) {
        if (!mud_str_i64(parsed->posts[i].post, &id) || id <= 0)
            continue;
        page->from = !page->from || id < page->from ? id : page->from;
        page->to = id > page->to ? id : page->to;
    }
}

static const char *why_over(const struct mud_got *got, int64_t before)
{
    if (!got->answer)
        return "network";
    if (got->answer->status == 429)
        return "rate-limit";
    if (got->answer->status >= 400)
        return "refused-by-site";
    if (got->parsed.kind == MUD_PAGE_CHALLENGE)
        return "challenge";
    /* a name that is free, a group, a private channel: the page about it; but
     * before a message there may just be nothing */
    return got->parsed.kind == MUD_PAGE_CHAT || before ? NULL : "no-channel";
}

/* One page, before a message or the newest. */
static bool get(struct channel *c, int64_t before, struct page *page)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_got got;
    struct mud_str base =
        c->source->url.n ? c->source->url : MUD_STR(MUD_TELEGRAM_URL);
    const char *slash = base.s[base.n - 1] == '/' ? "" : "/";
    struct mud_str url =
        before
            ? mud_str_printf(arena,
                             "%.*s%s%.*s?before=%" PRId64,
                             MUD_FMT(base),
                             slash,
                             MUD_FMT(c->name),
                             before)
            : mud_str_printf(
                  arena, "%.*s%s%.*s", MUD_FMT(base), slash, MUD_FMT(c->name));
    bool good = mud_getter_page(&got, c->getter, url, c->err);

    *page = (struct page){0};
    if (good) {
        const char *why = why_over(&got, before);
        c->over = why != NULL;
        if (why && strcmp(why, "network") != 0) /* that one is counted */
            mud_report_skip(c->report, why, url);
        if (!why)
            count_ids(page, &got.parsed);
        *c->limited = why && strcmp(why, "rate-limit") == 0;
        if (*c->limited)
            good = mud_getter_wait(c->getter, &got, 0, c->err);
    }
    mud_got_free(&got);
    mud_arena_free(arena);
    return good;
}

static bool enough(const struct channel *c)
{
    return c->over || mud_getter_enough(c->getter);
}

/* From the newest page back to what is covered. */
static bool read_new(struct channel *c)
{
    int64_t newest = 0, before = 0;
    struct page page;

    do {
        if (enough(c)) /* broken off: covered as before */
            return true;
        if (!get(c, before, &page))
            return false;
        if (c->over || !page.from || (before && page.from >= before))
            break;
        newest = newest ? newest : page.to;
        before = page.from;
        if (!c->high) { /* the first page ever: the past comes later */
            c->low = page.from;
            break;
        }
    } while (before > c->high + 1);
    if (c->over || newest <= c->high)
        return true;
    c->high = newest;
    return store(c);
}

static bool read_past(struct channel *c)
{
    struct page page;

    for (int i = 0; i < PAST_PAGES && c->low > 1 && !c->whole; i++) {
        if (enough(c))
            return true;
        if (!get(c, c->low, &page))
            return false;
        if (c->over)
            return true;
        c->whole = !page.from || page.from >= c->low;
        if (!c->whole)
            c->low = page.from;
        if (!store(c))
            return false;
    }
    return true;
}

/* Edits and deletions: the last pages again, once a day. */
static bool look_again(struct channel *c)
{
    int64_t now = (int64_t)time(NULL), before = 0;
    struct page page;

    if (!c->looked) /* they were just read */
        c->looked = now;
    if (c->looked + LOOK_EVERY > now)
        return store(c);
    for (int i = 0; i < LOOK_PAGES && !enough(c); i++) {
        if (!get(c, before, &page))
            return false;
        if (c->over || !page.from || (before && page.from >= before) ||
            page.from <= c->low)
            break;
        before = page.from;
    }
    c->looked = c->over ? c->looked : now;
    return store(c);
}

static bool read_channel(struct channel *c, struct mud_arena *arena)
{
    if (!name_good(c->name)) {
        mud_report_skip(c->report, "no-channel", c->name);
        return true;
    }
    return load(c, arena) && read_new(c) &&
           (c->over || !c->high || read_past(c)) &&
           (c->over || !c->high || mud_getter_enough(c->getter) ||
            look_again(c));
}

bool mud_collect_telegram(struct mud_report *report, struct mud_worker *worker,
                          const struct mud_source *source,
                          const struct mud_crawl_options *options,
                          struct mud_error *err)
{
    struct mud_getter *getter = NULL;
    bool limited = false;
    bool good = mud_getter_new(
                    &getter, worker, source, options, NULL, 0, report, err) &&
                mud_getter_waits(&limited, getter, err);

    for (size_t i = 0; good && !limited && i < source->n_rooms; i++) {
        struct mud_arena *arena = mud_arena_new();
        struct channel channel = {.worker = worker,
                                  .source = source,
                                  .getter = getter,
                                  .report = report,
                                  .limited = &limited,
                                  .name = source->rooms[i],
                                  .err = err};

        if (mud_getter_enough(getter))
            report->left++;
        else
            good = read_channel(&channel, arena);
        mud_arena_free(arena);
    }
    good = good && mud_getter_end(getter, err);
    mud_getter_free(getter);
    return good;
}
