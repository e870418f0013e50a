#include "graph/drift.h"

#include "graph/batch.h"
#include "graph/share.h"

#include <stdio.h>
#include <stdlib.h>

#define NEWEST     12  /* pages that an alarm needs, and that end one */
#define PAST       480 /* pages before them */
#define PAST_MIN   24
#define POSTS_MIN  24 /* posts now; twice as many before */
#define SCORE      4.0
#define FALL       0.1  /* of a field that posts have by rule */
#define RISE       0.15 /* of pages that give nothing */
#define ALIKE      0.3  /* of pages with one value everywhere */
#define BACK       0.05 /* so near to the share of before an alarm ends */
#define SERIES_MAX 256  /* of one source */

struct page { /* a row of mud.tally, newest first */
    struct mud_id capture;
    struct mud_str engine, kind;
    int64_t read;
    int32_t posts, counted, filled[MUD_FILL_FIELDS];
    uint32_t alike;
};

struct alarm {
    struct mud_str engine, kind;
    char what[40];
    bool rises;
    double was, now, score;
    int64_t was_of, now_of, since;
    struct mud_id example;
};

/* What is measured of each page of a series. */
struct measure {
    struct mud_str engine, kind; /* of the series; empty: all pages */
    const char *what;
    bool rises, usual;
    int field;
    struct mud_page_share (*of)(const struct measure *measure,
                                const struct page *page);
};

struct run {
    struct mud_pg *pg;
    struct mud_arena *arena; /* of one source */
    char source[16], now[MUD_TIME_TEXT];
    struct page *pages;
    size_t n;
    struct mud_rows *open; /* its alarms that stand */
    struct mud_page_share *shares;
    const struct page **at; /* the page of each share */
    struct mud_drift_result result;
    struct mud_error *err;
};

static struct mud_page_share of_field(const struct measure *m,
                                      const struct page *page)
{
    return (struct mud_page_share){page->counted, page->filled[m->field]};
}

static struct mud_page_share of_alike(const struct measure *m,
                                      const struct page *page)
{
    return (struct mud_page_share){page->counted >= 3,
                                   page->alike >> m->field & 1};
}

static struct mud_page_share of_posts(const struct measure *m,
                                      const struct page *page)
{
    (void)m;
    return (struct mud_page_share){1, page->posts == 0};
}

/* Of pages of one kind, whatever engine and view they have: a page without
 * posts does not say its view. */
static struct mud_page_share of_structure(const struct measure *m,
                                          const struct page *page)
{
    (void)m;
    return (struct mud_page_share){1, mud_str_eqz(page->engine, "generic")};
}

static struct mud_page_share of_kind(const struct measure *m,
                                     const struct page *page)
{
    return (struct mud_page_share){!mud_str_eqz(page->kind, "chat"),
                                   mud_str_eqz(page->kind, m->what)};
}

/* The pages of the measure's series as shares, newest first. */
static size_t gather(struct run *run, const struct measure *m)
{
    size_t n = 0;

    for (size_t i = 0; i < run->n; i++) {
        const struct page *page = &run->pages[i];
        struct mud_page_share share;

        if ((m->engine.n && !mud_str_eq(page->engine, m->engine)) ||
            (m->kind.n && !mud_str_eq(page->kind, m->kind)))
            continue;
        share = m->of(m, page);
        if (share.n <= 0)
            continue;
        run->at[n] = page;
        run->shares[n++] = share;
    }
    return n;
}

static bool back(const struct measure *m, double was, double now)
{
    return m->rises ? now <= was + BACK : now >= was - BACK;
}

static bool is_alarm(const struct measure *m, const struct mud_share *now,
                     const struct mud_share *before, double score)
{
    bool posts = m->of == of_field;
    double change =
        m->rises ? now->share - before->share : before->share - now->share;

    if (before->pages < PAST_MIN || score < SCORE ||
        (posts && (now->n < POSTS_MIN || before->n < (int64_t)2 * POSTS_MIN)))
        return false;
    if (m->of == of_alike)
        return change >= ALIKE && now->share >= 0.5;
    if (m->rises)
        return change >= RISE;
    if (m->usual)
        return change >= FALL;
    return before->share >= FALL && now->share <= before->share / 4;
}

/* Of the pages 0..n, the newest one of those that show it best. */
static const struct page *example(const struct run *run,
                                  const struct measure *m, size_t n)
{
    size_t best = 0;
    double most = -1;

    for (size_t i = 0; i < n; i++) {
        double share = (double)run->shares[i].hits / run->shares[i].n;
        double shows = m->rises ? share : 1 - share;

        if (shows > most) {
            most = shows;
            best = i;
        }
    }
    return run->at[best];
}

/* How many of the pages 0..n show it; *since: when the first was read. */
static size_t showing(int64_t *since, const struct run *run,
                      const struct measure *m, size_t n, double was)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        double share = (double)run->shares[i].hits / run->shares[i].n;

        if (back(m, was, share))
            continue;
        *since = run->at[i]->read;
        found++;
    }
    return found;
}

static bool find_alarm(struct alarm *out, const struct run *run,
                       const struct measure *m, size_t n)
{
    static const size_t windows[] = {12, 24, 48, 96};
    struct mud_share newest =
        mud_share_of(run->shares, n < NEWEST ? n : NEWEST);

    for (size_t w = 0; w < sizeof(windows) / sizeof(windows[0]); w++) {
        size_t k = windows[w], rest = n > k ? n - k : 0;
        struct mud_share now, before;
        int64_t since = 0;
        double score;

        if (!rest)
            return false;
        now = mud_share_of(run->shares, k);
        before = mud_share_of(run->shares + k, rest < PAST ? rest : PAST);
        score = mud_share_score(&before, &now) * (m->rises ? -1 : 1);
        if (!is_alarm(m, &now, &before, score) ||
            back(m, before.share, newest.share) ||
            showing(&since, run, m, k, before.share) < NEWEST)
            continue;
        *out = (struct alarm){
            .engine = m->engine,
            .kind = m->kind,
            .rises = m->rises,
            .was = before.share,
            .was_of = before.n,
            .now = now.share,
            .now_of = now.n,
            .score = score,
            .since = since,
            .example = example(run, m, k)->capture,
        };
        return true;
    }
    return false;
}

static void name_alarm(char what[40], const struct measure *m)
{
    snprintf(what, 40, "%s%s", m->of == of_alike ? "alike:" : "", m->what);
}

static struct mud_str number(struct run *run, double n)
{
    return mud_str_printf(run->arena, "%.6g", n);
}

static struct mud_str whole(struct run *run, int64_t n)
{
    return mud_str_printf(run->arena, "%lld", (long long)n);
}

static struct mud_str time_text(struct run *run, int64_t us)
{
    char text[MUD_TIME_TEXT];

    return mud_str_dup(mud_str_z(mud_time_text(text, us, true)), run->arena);
}

static struct mud_str id_text(struct run *run, struct mud_id id)
{
    char text[MUD_ID_TEXT];

    return mud_str_dup(mud_str_z(mud_id_text(text, id)), run->arena);
}

static bool raise_alarm(struct run *run, const struct alarm *a)
{
    struct mud_str args[] = {
        mud_str_z(run->source),
        a->engine.n ? a->engine : MUD_STR(""),
        a->kind.n ? a->kind : MUD_STR(""),
        mud_str_z(a->what),
        a->rises ? MUD_STR("t") : MUD_STR("f"),
        time_text(run, a->since),
        mud_str_z(run->now),
        number(run, a->was),
        whole(run, a->was_of),
        number(run, a->now),
        whole(run, a->now_of),
        number(run, a->score),
        id_text(run, a->example),
    };

    run->result.raised++;
    run->result.open++;
    return mud_pg_query(
        NULL, run->pg, mud_sql("drift_raise"), args, 13, run->err);
}

/* The alarm of this measure that stands; MUD_NPOS. */
static size_t standing(const struct run *run, const struct measure *m)
{
    char what[40];

    name_alarm(what, m);
    for (size_t i = 0; i < mud_rows_count(run->open); i++)
        if (mud_str_eq(mud_rows_get(run->open, i, 0), m->engine) &&
            mud_str_eq(mud_rows_get(run->open, i, 1), m->kind) &&
            mud_str_eqz(mud_rows_get(run->open, i, 2), what))
            return i;
    return MUD_NPOS;
}

/* What is seen of an alarm today; it ends when the newest pages are well. */
static bool look_again(struct run *run, const struct measure *m, size_t n,
                       size_t i)
{
    size_t k = n < NEWEST ? n : NEWEST;
    struct mud_share now = mud_share_of(run->shares, k);
    double was = mud_rows_double(run->open, i, 3);
    bool over = back(m, was, now.share);
    char what[40];

    if (!n)
        return true;
    name_alarm(what, m);
    struct mud_str args[] = {
        mud_str_z(run->source),
        m->engine.n ? m->engine : MUD_STR(""),
        m->kind.n ? m->kind : MUD_STR(""),
        mud_str_z(what),
        mud_str_z(run->now),
        number(run, now.share),
        whole(run, now.n),
        over ? MUD_SQL_NULL : id_text(run, example(run, m, k)->capture),
        over ? mud_str_z(run->now) : MUD_SQL_NULL,
    };
    run->result.cleared += over;
    run->result.open += !over;
    return mud_pg_query(
        NULL, run->pg, mud_sql("drift_check"), args, 9, run->err);
}

static bool check(struct run *run, struct measure m)
{
    struct alarm alarm;
    size_t n = gather(run, &m), i = standing(run, &m);

    if (i != MUD_NPOS)
        return look_again(run, &m, n, i);
    if (!find_alarm(&alarm, run, &m, n))
        return true;
    name_alarm(alarm.what, &m);
    return raise_alarm(run, &alarm);
}

static bool check_posts(struct run *run, struct mud_str engine,
                        struct mud_str kind)
{
    bool good = true;

    for (int i = 0; good && i < MUD_FILL_FIELDS; i++) {
        struct measure m = {.engine = engine,
                            .kind = kind,
                            .what = mud_fill_name(i),
                            .field = i,
                            .usual = i <= MUD_FILL_POSITION,
                            .of = of_field};
        good = check(run, m);
        m.of = of_alike;
        m.rises = true;
        good = good && (i > MUD_FILL_BODY || check(run, m));
    }
    return good;
}

static bool check_pages(struct run *run)
{
    static const char *const kinds[] = {
        "unknown", "login", "message", "challenge"};
    bool good = check(run,
                      (struct measure){.kind = MUD_STR("thread"),
                                       .what = "generic",
                                       .rises = true,
                                       .of = of_structure}) &&
                check(run,
                      (struct measure){.kind = MUD_STR("thread"),
                                       .what = "no-posts",
                                       .rises = true,
                                       .of = of_posts});

    for (size_t i = 0; good && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        good = check(
            run,
            (struct measure){.what = kinds[i], .rises = true, .of = of_kind});
    return good;
}

/* Each engine and kind that came up, once. */
static bool check_series(struct run *run)
{
    const struct page *series[SERIES_MAX];
    size_t n = 0;
    bool good = check_pages(run);

    for (size_t i = 0; good && i < run->n && n < SERIES_MAX; i++) {
        const struct page *page = &run->pages[i];
        bool known = !page->engine.n || !(mud_str_eqz(page->kind, "thread") ||
                                          mud_str_eqz(page->kind, "chat") ||
                                          mud_str_eqz(page->kind, "feed"));

        for (size_t k = 0; k < n && !known; k++)
            known = mud_str_eq(series[k]->engine, page->engine) &&
                    mud_str_eq(series[k]->kind, page->kind);
        if (known)
            continue;
        series[n++] = page;
        good = check_posts(run, page->engine, page->kind);
    }
    return good;
}

static void read_filled(struct page *page, struct mud_str text)
{
    struct mud_str word;
    uint64_t n;

    for (int i = 0; i < MUD_FILL_FIELDS && mud_str_cut(&text, ' ', &word); i++)
        if (mud_str_u64(word, &n) && n <= INT32_MAX)
            page->filled[i] = (int32_t)n;
}

static void read_pages(struct run *run, const struct mud_rows *rows)
{
    run->n = mud_rows_count(rows);
    run->pages = mud_arena_array(run->arena, run->n + 1, sizeof(*run->pages));
    run->shares = mud_arena_array(run->arena, run->n + 1, sizeof(*run->shares));
    run->at =
        mud_arena_array(run->arena, run->n + 1, sizeof(const struct page *));
    for (size_t i = 0; i < run->n; i++) {
        struct page *page = &run->pages[i];

        *page = (struct page){
            .capture = mud_rows_id(rows, i, 0),
            .engine = mud_rows_get(rows, i, 1),
            .kind = mud_rows_get(rows, i, 2),
            .read = mud_rows_time(rows, i, 3),
            .posts = (int32_t)mud_rows_int(rows, i, 4),
            .counted = (int32_t)mud_rows_int(rows, i, 5),
            .alike = (uint32_t)mud_rows_int(rows, i, 7),
        };
        read_filled(page, mud_rows_get(rows, i, 6));
    }
}

static bool check_source(struct run *run, int64_t source)
{
    struct mud_rows *rows = NULL;
    struct mud_str id = {0};
    bool good;

    mud_arena_reset(run->arena);
    snprintf(run->source, sizeof(run->source), "%lld", (long long)source);
    id = mud_str_z(run->source);
    good = mud_pg_query(
               &rows, run->pg, mud_sql("drift_pages"), &id, 1, run->err) &&
           mud_pg_query(
               &run->open, run->pg, mud_sql("drift_open"), &id, 1, run->err);
    if (good) {
        read_pages(run, rows);
        good = check_series(run);
    }
    mud_rows_free(rows);
    mud_rows_free(run->open);
    run->open = NULL;
    return good;
}

static bool check_all(struct run *run)
{
    struct mud_rows *sources = NULL;
    bool good =
        mud_pg_query(NULL, run->pg, mud_sql("drift_lock"), NULL, 0, run->err) &&
        mud_pg_query(
            &sources, run->pg, mud_sql("drift_sources"), NULL, 0, run->err);

    for (size_t i = 0; good && i < mud_rows_count(sources); i++)
        good = check_source(run, mud_rows_int(sources, i, 0));
    mud_rows_free(sources);
    return good;
}

bool mud_drift_run(struct mud_drift_result *out, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_error why = {0};
    struct run run = {.pg = pg, .arena = mud_arena_new(), .err = &why};
    bool good;

    mud_time_text(run.now, mud_now(), true);
    good = mud_pg_begin(pg, &why) && check_all(&run) && mud_pg_commit(pg, &why);
    if (!good)
        mud_pg_rollback(pg);
    mud_arena_free(run.arena);
    if (!good)
        return mud_fail(err, why.code, "look for drift: %s", why.text);
    if (out)
        *out = run.result;
    return true;
}
