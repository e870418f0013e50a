#include "web/metrics.h"

#include "base/conf.h"
#include "graph/ids.h"
#include "run/collect.h"
#include "run/health.h"
#include "web/exposition.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FRESH       (5 * MUD_SECOND)
#define FRESH_HELD  (60 * MUD_SECOND)
#define DEADLINE_MS 5000

struct mud_metrics {
    const char *home, *dsn;
    struct mud_pg *pg; /* NULL: not connected */
    struct mud_buf text;
    struct mud_buf held; /* families of what is held, asked for more rarely */
    int64_t at, held_at; /* monotonic; 0: never */
};

struct mud_metrics *mud_metrics_new(const char *home, const char *dsn)
{
    struct mud_metrics *m = mud_calloc(1, sizeof *m);

    m->home = home;
    m->dsn = dsn;
    return m;
}

void mud_metrics_free(struct mud_metrics *m)
{
    if (!m)
        return;
    mud_pg_close(m->pg);
    mud_buf_free(&m->text);
    mud_buf_free(&m->held);
    free(m);
}

static bool connected(struct mud_metrics *m, struct mud_error *err)
{
    if (m->pg && mud_pg_exec(m->pg, "SELECT 1", NULL))
        return true;
    mud_pg_close(m->pg);
    m->pg = NULL;
    if (!mud_pg_open(&m->pg, m->dsn, err))
        return false;
    mud_pg_deadline(m->pg, DEADLINE_MS);
    return true;
}

static double seconds(int64_t us)
{
    return (double)us / (double)MUD_SECOND;
}

/* One family over all sources: a number of each. */
struct per_source {
    const char *name, *type, *help;
    bool time; /* us; 0: left out */
    int64_t (*of)(const struct mud_source *source,
                  const struct mud_health *health);
};

#define OF(name, expression)                                  \
    static int64_t of_##name(const struct mud_source *source, \
                             const struct mud_health *health) \
    {                                                         \
        (void)source, (void)health;                           \
        return expression;                                    \
    }
OF(pages, health->pages)
OF(captures, health->captures)
OF(bytes, health->bytes)
OF(posts, health->posts)
OF(waiting, health->waiting)
OF(parked, health->parked)
OF(failures, health->failures)
OF(began, health->began)
OF(success, health->success)
OF(post, health->post)
OF(posted, health->posted)
OF(lag, health->posted ? mud_now() - health->posted : 0)
OF(next, mud_collector_of(source->kind) ? health->next : 0)
OF(expires, source->expires)
OF(limit, source->error_share)
#undef OF

static const struct per_source families[] = {
    {"mudlark_source_pages_total",
     "counter",
     "Pages fetched, or taken in.",
     false,
     of_pages},
    {"mudlark_source_captures_total",
     "counter",
     "Captures sealed.",
     false,
     of_captures},
    {"mudlark_source_bytes_total",
     "counter",
     "Bytes of payload sealed.",
     false,
     of_bytes},
    {"mudlark_source_posts_read_total",
     "counter",
     "Posts read, those seen again too.",
     false,
     of_posts},
    {"mudlark_source_pages_waiting",
     "gauge",
     "Pages that wait to be fetched.",
     false,
     of_waiting},
    {"mudlark_source_pages_given_up",
     "gauge",
     "Pages given up until the next round.",
     false,
     of_parked},
    {"mudlark_source_failures_in_a_row",
     "gauge",
     "Rounds that failed since the last one that went well.",
     false,
     of_failures},
    {"mudlark_source_last_round_timestamp_seconds",
     "gauge",
     "When the last round began.",
     true,
     of_began},
    {"mudlark_source_last_success_timestamp_seconds",
     "gauge",
     "When a round ended well last.",
     true,
     of_success},
    {"mudlark_source_last_new_post_timestamp_seconds",
     "gauge",
     "When a newer post than before was read.",
     true,
     of_post},
    {"mudlark_source_newest_post_timestamp_seconds",
     "gauge",
     "When the newest post was written.",
     true,
     of_posted},
    {"mudlark_source_lag_seconds",
     "gauge",
     "How old the newest post is.",
     true,
     of_lag},
    {"mudlark_source_next_round_timestamp_seconds",
     "gauge",
     "When the next round is due.",
     true,
     of_next},
    {"mudlark_source_expiry_timestamp_seconds",
     "gauge",
     "When the legal basis ends.",
     true,
     of_expires},
    {"mudlark_source_error_limit_percent",
     "gauge",
     "Share of failed requests above which the source is stopped.",
     false,
     of_limit},
};

static const struct mud_health *health_of(const struct mud_health *all,
                                          size_t n, int32_t source)
{
    size_t low = 0, high = n; /* they come by id */

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (all[mid].source == source)
            return &all[mid];
        if (all[mid].source < source)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static void put_conditions(struct mud_buf *out,
                           const struct mud_source *sources, size_t n,
                           const struct mud_health *all, size_t n_all)
{
    mud_family(out,
               "mudlark_source_condition",
               "gauge",
               "1 for the condition that the source is in (good, failing, "
               "stopped...).");
    for (size_t i = 0; i < n; i++) {
        const struct mud_health *h = health_of(all, n_all, sources[i].id);
        if (!h)
            continue;
        struct mud_label labels[] = {
            {"source", sources[i].name},
            {"kind", sources[i].kind},
            {"condition",
             mud_str_z(mud_condition_name(
                 mud_health_condition(&sources[i],
                                      h,
                                      mud_collector_of(sources[i].kind) != NULL,
                                      mud_now())))}};
        mud_sample(out, "mudlark_source_condition", labels, 3, 1);
    }
    mud_family(out,
               "mudlark_source_error_percent",
               "gauge",
               "Share of requests that failed within the hours of the error "
               "budget.");
    for (size_t i = 0; i < n; i++) {
        const struct mud_health *h = health_of(all, n_all, sources[i].id);
        struct mud_label label = {"source", sources[i].name};
        if (h && h->asked)
            mud_sample(out,
                       "mudlark_source_error_percent",
                       &label,
                       1,
                       100 * (double)h->failed / (double)h->asked);
    }
}

static bool put_sources(struct mud_buf *out, struct mud_pg *pg,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_source *sources;
    struct mud_health *all;
    size_t n, n_all;

    if (!mud_source_list(&sources, &n, pg, arena, err) ||
        !mud_health_list(&all, &n_all, pg, 0, arena, err))
        return false;
    mud_gauge(out, "mudlark_sources", "Sources, of all conditions.", (double)n);
    put_conditions(out, sources, n, all, n_all);
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        const struct per_source *family = &families[f];

        mud_family(out, family->name, family->type, family->help);
        for (size_t i = 0; i < n; i++) {
            const struct mud_health *h = health_of(all, n_all, sources[i].id);
            struct mud_label label = {"source", sources[i].name};
            int64_t value = h ? family->of(&sources[i], h) : 0;
            if (!family->time)
                mud_sample(out, family->name, &label, 1, (double)value);
            else if (value)
                mud_sample(out, family->name, &label, 1, seconds(value));
        }
    }
    return true;
}

/* Rows of one class as one family; label: what its second label is named. */
static void put_class(struct mud_buf *out, const struct mud_rows *rows,
                      const char *class, const char *name, const char *label,
                      const char *help)
{
    mud_family(out, name, "counter", help);
    for (size_t i = 0; i < mud_rows_count(rows); i++) {
        struct mud_label labels[] = {{"source", mud_rows_get(rows, i, 0)},
                                     {label, mud_rows_get(rows, i, 2)}};
        if (mud_str_eqz(mud_rows_get(rows, i, 1), class))
            mud_sample(out,
                       name,
                       labels,
                       label ? 2 : 1,
                       (double)mud_rows_int(rows, i, 3));
    }
}

static bool put_outcomes(struct mud_buf *out, struct mud_pg *pg,
                         struct mud_error *err)
{
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("metrics_outcomes"), NULL, 0, err))
        return false;
    put_class(out,
              rows,
              "ok",
              "mudlark_source_requests_ok_total",
              NULL,
              "Requests that went well.");
    put_class(out,
              rows,
              "error",
              "mudlark_source_errors_total",
              "kind",
              "Requests that failed, by kind of error.");
    put_class(out,
              rows,
              "skip",
              "mudlark_source_skipped_total",
              "reason",
              "What was passed over, by reason.");
    mud_rows_free(rows);
    return true;
}

static bool put_queue(struct mud_buf *out, struct mud_pg *pg,
                      struct mud_error *err)
{
    static const char *const states[] = {"waiting", "leased", "failed"};
    struct mud_rows *rows;

    if (!mud_pg_query(&rows, pg, mud_sql("metrics_queue"), NULL, 0, err))
        return false;
    mud_family(out, "mudlark_queue_jobs", "gauge", "Jobs in the queue.");
    for (size_t i = 0; i < 3; i++) {
        struct mud_label label = {"state", mud_str_z(states[i])};
        mud_sample(out,
                   "mudlark_queue_jobs",
                   &label,
                   1,
                   (double)mud_rows_int(rows, 0, i));
    }
    if (!mud_rows_null(rows, 0, 3)) {
        mud_counter(out,
                    "mudlark_ledger_lines_total",
                    "Lines of the ledger.",
                    (double)mud_rows_int(rows, 0, 3) + 1);
        mud_gauge(out,
                  "mudlark_ledger_head_timestamp_seconds",
                  "Time of the last line of the ledger.",
                  mud_rows_double(rows, 0, 4));
    }
    mud_rows_free(rows);
    return true;
}

static bool put_workers(struct mud_buf *out, struct mud_pg *pg,
                        struct mud_arena *arena, struct mud_error *err)
{
    struct mud_worker_seen *workers;
    size_t n, alive = 0;

    if (!mud_health_workers(&workers, &n, pg, arena, err))
        return false;
    for (size_t i = 0; i < n; i++)
        alive += workers[i].silent < MUD_WORKER_GONE;
    mud_gauge(
        out, "mudlark_workers_alive", "Workers that live.", (double)alive);
    mud_gauge(out,
              "mudlark_workers_gone",
              "Workers that ended without a word within a day.",
              (double)(n - alive));
    mud_family(out,
               "mudlark_worker_sources",
               "gauge",
               "Sources that a living worker reads now.");
    for (size_t i = 0; i < n; i++) {
        struct mud_label labels[] = {{"worker", workers[i].name},
                                     {"role", workers[i].role}};
        if (workers[i].silent < MUD_WORKER_GONE)
            mud_sample(out,
                       "mudlark_worker_sources",
                       labels,
                       2,
                       (double)workers[i].sources);
    }
    return true;
}

static bool put_held(struct mud_buf *out, struct mud_pg *pg,
                     struct mud_error *err)
{
    static const char *const names[][2] = {
        {"mudlark_captures", "Captures held."},
        {"mudlark_posts", "Posts held, with their revisions."},
        {"mudlark_offers", "Offers read."},
        {"mudlark_contacts", "Contacts of advertisers."},
        {"mudlark_sellers", "Sellers."},
    };
    struct mud_rows *rows;
    char kind[16];

    snprintf(kind, sizeof kind, "%d", (int)MUD_NODE_CONTACT);
    struct mud_str arg = mud_str_z(kind);
    if (!mud_pg_query(&rows, pg, mud_sql("metrics_held"), &arg, 1, err))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        mud_gauge(
            out, names[i][0], names[i][1], (double)mud_rows_int(rows, 0, i));
    mud_rows_free(rows);
    return true;
}

static void put_vault(struct mud_buf *out, const char *home)
{
    struct statvfs fs;
    char path[4200];

    snprintf(path, sizeof path, "%s/vault", home);
    if (statvfs(path, &fs) != 0)
        return;
    mud_gauge(out,
              "mudlark_vault_free_bytes",
              "Room left on the file system of the vault.",
              (double)fs.f_bavail * (double)fs.f_frsize);
    mud_gauge(out,
              "mudlark_vault_size_bytes",
              "Size of the file system of the vault.",
              (double)fs.f_blocks * (double)fs.f_frsize);
}

/* Field of /proc/self/stat by its number in proc(5), from 3 on; 0: none. */
static int64_t stat_field(struct mud_str text, unsigned number)
{
    size_t name = mud_str_rchr(text, ')'); /* the name may hold anything */
    struct mud_str rest = mud_str_sub(text, name + 2, text.n);
    int64_t value = 0;

    if (name == MUD_NPOS)
        return 0;
    for (unsigned i = 3; i < number; i++) {
        size_t blank = mud_str_chr(rest, ' ');
        if (blank == MUD_NPOS)
            return 0;
        rest = mud_str_sub(rest, blank + 1, rest.n);
    }
    size_t end = mud_str_chr(rest, ' ');
    if (end == MUD_NPOS || !mud_str_i64(mud_str_sub(rest, 0, end), &value))
        return 0;
    return value;
}

/* Fields 14 and 15: ticks of the processor; 24: pages in memory. */
static void put_process(struct mud_buf *out)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_str text;

    if (mud_file_read(&text, "/proc/self/stat", 4096, arena, NULL)) {
        mud_counter(out,
                    "process_cpu_seconds_total",
                    "Processor time of the process that serves this.",
                    (double)(stat_field(text, 14) + stat_field(text, 15)) /
                        (double)sysconf(_SC_CLK_TCK));
        mud_gauge(out,
                  "process_resident_memory_bytes",
                  "Memory of the process that serves this.",
                  (double)stat_field(text, 24) * (double)sysconf(_SC_PAGESIZE));
    }
    mud_arena_free(arena);
}

static void put_build(struct mud_buf *out)
{
    struct mud_label label = {"version", MUD_STR(MUD_VERSION)};

    mud_family(
        out, "mudlark_build_info", "gauge", "1, with the program's version.");
    mud_sample(out, "mudlark_build_info", &label, 1, 1);
}

/* What is held costs more and changes little. */
static bool refresh_held(struct mud_metrics *m, struct mud_error *err)
{
    int64_t now = mud_monotonic();

    if (m->held_at && now - m->held_at < FRESH_HELD)
        return true;
    mud_buf_clear(&m->held);
    m->held_at = now;
    return put_held(&m->held, m->pg, err);
}

static bool put_database(struct mud_metrics *m, struct mud_buf *out,
                         struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    bool good = connected(m, err) && put_sources(out, m->pg, arena, err) &&
                put_outcomes(out, m->pg, err) && put_queue(out, m->pg, err) &&
                put_workers(out, m->pg, arena, err) && refresh_held(m, err);

    if (good)
        mud_buf_str(out, mud_buf_view(&m->held));
    mud_arena_free(arena);
    return good;
}

struct mud_str mud_metrics_text(struct mud_metrics *m)
{
    int64_t now = mud_monotonic();
    struct mud_buf told = {0};
    struct mud_error why = {0};

    if (m->at && now - m->at < FRESH)
        return mud_buf_view(&m->text);
    mud_buf_clear(&m->text);
    put_build(&m->text);
    bool up = put_database(m, &told, &why);
    mud_gauge(
        &m->text, "mudlark_database_up", "1 when the database answers.", up);
    if (up)
        mud_buf_str(&m->text, mud_buf_view(&told));
    mud_buf_free(&told);
    put_vault(&m->text, m->home);
    put_process(&m->text);
    m->at = now;
    return mud_buf_view(&m->text);
}

bool mud_metrics_healthy(struct mud_metrics *m, struct mud_error *why)
{
    char path[4200];

    snprintf(path, sizeof path, "%s/vault", m->home);
    if (!connected(m, why))
        return mud_fail_in(why, "database");
    if (access(path, W_OK | X_OK) != 0)
        return mud_fail_errno(why, MUD_EIO, "vault %s", path);
    return true;
}
