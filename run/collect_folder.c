#include "run/collect_folder.h"

#include "run/import.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SETTLED = 10,        /* seconds without a change */
    ENTRIES_MAX = 10000, /* looked at in one round */
    TREE_MAX = 100000    /* files of one entry */
};

struct folder {
    struct mud_report *report;
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    const char *path;
    struct mud_arena *arena;
    struct mud_error *err;
};

static const char *below(const struct folder *f, const char *sub,
                         const char *name)
{
    return mud_str_printf(
               f->arena, "%s%s%s/%s", f->path, *sub ? "/" : "", sub, name)
        .s;
}

/* Ours, hidden, a mark, or on its way down. */
static bool is_left_alone(const char *name)
{
    static const char *const endings[] = {".done",
                                          ".part",
                                          ".tmp",
                                          ".crdownload",
                                          ".partial",
                                          ".download",
                                          ".filepart",
                                          "~"};
    struct mud_str s = mud_str_z(name);

    if (name[0] == '.' || strcmp(name, "done") == 0 ||
        strcmp(name, "refused") == 0)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (mud_str_ends(s, mud_str_z(endings[i])))
            return true;
    }
    return false;
}

/* Has nothing in it changed for a while? *link: it holds one, or is one. */
static bool settled(const char *path, bool *link)
{
    char *roots[] = {(char *)(uintptr_t)path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    time_t newest = 0;
    int64_t n = 0;
    FTSENT *entry;

    *link = false;
    if (!tree)
        return false;
    while ((entry = fts_read(tree)) && n++ < TREE_MAX) {
        if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR)
            continue;
        *link |= entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE;
        if (entry->fts_statp->st_mtime > newest)
            newest = entry->fts_statp->st_mtime;
        if (entry->fts_statp->st_ctime > newest)
            newest = entry->fts_statp->st_ctime;
    }
    fts_close(tree);
    return newest + SETTLED <= time(NULL);
}

/* "20261124-093000-NAME" below done or refused; a second one gets a number. */
static bool put_away(struct folder *f, const char *name, const char *sub,
                     const char **to)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm utc;
    struct stat st;

    gmtime_r(&now, &utc);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &utc);
    for (int i = 0; i < 1000; i++) {
        struct mud_str as =
            i ? mud_str_printf(f->arena, "%s.%d-%s", stamp, i, name)
              : mud_str_printf(f->arena, "%s-%s", stamp, name);

        *to = below(f, sub, as.s);
        if (lstat(*to, &st) == 0)
            continue;
        if (rename(below(f, "", name), *to) != 0)
            return mud_fail_errno(
                f->err, MUD_EIO, "move %s to %s", below(f, "", name), *to);
        (void)unlink(below(f, "", mud_str_printf(f->arena, "%s.done", name).s));
        return true;
    }
    return mud_fail(f->err, MUD_EIO, "%s: no free name in %s", f->path, sub);
}

static bool refuse(struct folder *f, const char *name, const char *why)
{
    const char *to;
    FILE *file;

    mud_report_skip(f->report, "refused-file", mud_str_z(name));
    if (!put_away(f, name, "refused", &to))
        return false;
    const char *reason = mud_str_printf(f->arena, "%s.reason.txt", to).s;
    file = fopen(reason, "we");
    if (!file)
        return mud_fail_errno(f->err, MUD_EIO, "%s", reason);
    bool good = fprintf(file, "%s\n", why) > 0;
    return (fclose(file) == 0 && good) ||
           mud_fail_errno(f->err, MUD_EIO, "%s", reason);
}

static int64_t skipped(const struct mud_report *report, const char *reason)
{
    for (size_t i = 0; i < report->n_skips; i++) {
        if (strcmp(report->skips[i].reason, reason) == 0)
            return report->skips[i].count;
    }
    return 0;
}

/* What the one who dropped it can mend; all else is for the next round. */
static bool is_theirs(enum mud_code code)
{
    return code == MUD_EINPUT || code == MUD_ELIMIT || code == MUD_EMISSING;
}

static bool take(struct folder *f, const char *name)
{
    struct mud_import_options options = {.supplier = MUD_STR("watched folder")};
    struct mud_report report = {0};
    struct mud_error why = {0};
    const char *to;
    bool good = mud_import(
        &report, f->worker, f->source, below(f, "", name), &options, &why);

    mud_report_add(f->report, &report);
    if (!good && is_theirs(why.code))
        return refuse(f, name, why.text);
    if (!good) {
        *f->err = why;
        return false;
    }
    if (report.pages == skipped(&report, "unknown-file") && report.pages)
        return refuse(f, name, "no parser knows it; it is kept as evidence");
    return put_away(f, name, "done", &to);
}

static bool one(struct folder *f, const char *name)
{
    const char *path = below(f, "", name);
    const char *mark =
        below(f, "", mud_str_printf(f->arena, "%s.done", name).s);
    struct stat st;
    bool link, still = settled(path, &link);

    if (link)
        return refuse(f, name, "links are not followed");
    if (!still && lstat(mark, &st) != 0) {
        f->report->left++;
        return true;
    }
    return take(f, name);
}

static bool make_places(struct folder *f)
{
    static const char *const subs[] = {"done", "refused"};

    for (size_t i = 0; i < 2; i++) {
        const char *path = below(f, "", subs[i]);

        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return mud_fail_errno(f->err, MUD_EMISSING, "%s", path);
    }
    return true;
}

static int is_ours(const struct dirent *entry)
{
    return !is_left_alone(entry->d_name);
}

static bool go_through(struct folder *f)
{
    struct dirent **names = NULL;
    int n = scandir(f->path, &names, is_ours, alphasort);
    bool good = n >= 0 || mud_fail_errno(f->err, MUD_EMISSING, "%s", f->path);

    for (int i = 0; i < n; i++) {
        if (good && i < ENTRIES_MAX &&
            !(f->options->stop && *f->options->stop)) {
            good = one(f, names[i]->d_name);
            if (f->options->progress)
                f->options->progress(i + 1, n - i - 1, f->options->payload);
        } else if (good) {
            f->report->left++;
        }
        free(names[i]);
    }
    free(names);
    return good;
}

bool mud_collect_folder(struct mud_report *report, struct mud_worker *worker,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_error *err)
{
    struct folder f = {.report = report,
                       .worker = worker,
                       .source = source,
                       .options = options,
                       .arena = mud_arena_new(),
                       .err = err};

    f.path = mud_str_printf(f.arena, "%.*s", MUD_FMT(source->folder)).s;
    bool good = make_places(&f) && go_through(&f);
    mud_arena_free(f.arena);
    return good || mud_fail_in(err, "source %.*s", MUD_FMT(source->name));
}
