#include "run/collect_folder.h"

#include "base/hash.h"
#include "run/folder_reason.h"
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
    PATIENCE = 600,      /* s that half an export has to grow on */
    LOOK = 60,           /* s between looks whether it does */
    ENTRIES_MAX = 10000, /* looked at in one round */
    TREE_MAX = 100000    /* files of one entry */
};

struct folder {
    struct mud_report *report;
    struct mud_worker *worker;
    const struct mud_source *source;
    const struct mud_crawl_options *options;
    const struct mud_folder_pace *pace;
    const char *path;
    struct mud_arena *arena;
    struct mud_error *err;
};

/* What can be seen of an entry without reading it. */
struct look {
    time_t newest; /* change of anything in it */
    int64_t entries, bytes;
    bool link; /* it holds one, or is one */
    bool gone;
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

static struct look look_at(const char *path)
{
    char *roots[] = {(char *)(uintptr_t)path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    struct look look = {.gone = !tree};
    FTSENT *entry;

    while (tree && (entry = fts_read(tree)) && look.entries++ < TREE_MAX) {
        const struct stat *st = entry->fts_statp;

        if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) {
            look.gone |= entry->fts_level == 0;
            continue;
        }
        look.link |= entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE;
        if (entry->fts_info == FTS_F)
            look.bytes += st->st_size;
        if (st->st_mtime > look.newest)
            look.newest = st->st_mtime;
        if (st->st_ctime > look.newest)
            look.newest = st->st_ctime;
    }
    if (tree)
        fts_close(tree);
    return look;
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

/* Put it away with what there is to say beside it; reason: may be empty. */
static bool put_with_reason(struct folder *f, const char *name, const char *sub,
                            struct mud_str reason)
{
    const char *to;
    FILE *file;

    if (!put_away(f, name, sub, &to))
        return false;
    if (!reason.n)
        return true;
    const char *path = mud_str_printf(f->arena, "%s.reason.txt", to).s;
    file = fopen(path, "we");
    if (!file)
        return mud_fail_errno(f->err, MUD_EIO, "%s", path);
    bool good = fwrite(reason.s, 1, reason.n, file) == reason.n;
    return (fclose(file) == 0 && good) ||
           mud_fail_errno(f->err, MUD_EIO, "%s", path);
}

static struct mud_str reason_of(struct folder *f,
                                const struct mud_folder_outcome *outcome)
{
    struct mud_buf text = {0};
    struct mud_str kept = {0};

    if (!mud_folder_is_fine(outcome)) {
        mud_folder_reason(&text, outcome);
        kept = mud_str_dup(mud_buf_view(&text), f->arena);
    }
    mud_buf_free(&text);
    return kept;
}

/* Counted once, whatever it was that nobody could read in it. */
static bool refuse(struct folder *f, const char *name,
                   struct mud_report *report, const struct mud_error *error)
{
    struct mud_folder_outcome outcome = {.name = name,
                                         .source = f->source->name,
                                         .refused = true,
                                         .report = report,
                                         .error = error};
    struct mud_str why = reason_of(f, &outcome);

    mud_report_forget_skips(report);
    mud_report_skip(report, "refused-file", mud_str_z(name));
    mud_report_add(f->report, report);
    return put_with_reason(f, name, "refused", why);
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

/* The cursor of an entry that ended in the middle: what it looked like, and what
 * there is to say of it should it stay so. */
static struct mud_str half_place(struct folder *f, const char *name)
{
    uint8_t sha[MUD_SHA256];
    char hex[MUD_HEX256];

    mud_sha256_of(mud_str_z(name), sha); /* names may be in any charset */
    return mud_str_printf(
        f->arena, "half:%.32s", mud_hex(hex, sha, sizeof sha));
}

static struct mud_str half_stamp(struct folder *f, const struct look *look)
{
    return mud_str_printf(f->arena,
                          "%lld %lld %lld\n",
                          (long long)look->newest,
                          (long long)look->entries,
                          (long long)look->bytes);
}

static void look_again(struct folder *f, int64_t seconds)
{
    int64_t at = mud_now() + (seconds > 0 ? seconds : 0) * MUD_SECOND;

    f->report->growing++;
    if (!f->report->again || at < f->report->again)
        f->report->again = at;
}

/* So long has it still to grow on. */
static int64_t patience_left(const struct folder *f, const struct look *look)
{
    return (int64_t)look->newest + f->pace->patience - (int64_t)time(NULL);
}

static void wait_for_rest(struct folder *f, const struct look *look)
{
    int64_t left = patience_left(f, look);

    look_again(f, left < LOOK ? left : LOOK);
}

static bool take(struct folder *f, const char *name, const struct look *look,
                 bool marked, struct mud_str before)
{
    struct mud_import_options options = {.supplier = MUD_STR("watched folder")};
    struct mud_report report = {0};
    struct mud_folder_outcome outcome = {
        .name = name, .source = f->source->name, .report = &report};
    struct mud_error why = {0};
    bool good = mud_import(
        &report, f->worker, f->source, below(f, "", name), &options, &why);

    if (!good && is_theirs(why.code))
        return refuse(f, name, &report, &why);
    if (good && report.pages &&
        report.pages == skipped(&report, "unknown-file"))
        return refuse(f, name, &report, NULL);
    mud_report_add(f->report, &report);
    if (!good) {
        *f->err = why;
        return false;
    }
    struct mud_str reason = reason_of(f, &outcome);
    struct mud_str place = half_place(f, name);
    if (mud_folder_is_half(&report) && !marked && patience_left(f, look) > 0) {
        wait_for_rest(f, look);
        return mud_cursor_put(f->worker->pg,
                              f->source,
                              place,
                              mud_str_printf(f->arena,
                                             "%.*s%.*s",
                                             MUD_FMT(half_stamp(f, look)),
                                             MUD_FMT(reason)),
                              f->err);
    }
    return (!before.n ||
            mud_cursor_drop(f->worker->pg, f->source, place, f->err)) &&
           put_with_reason(f, name, "done", reason);
}

/* It was read, ended in the middle and has not changed since. */
static bool wait_or_give_up(struct folder *f, const char *name,
                            const struct look *look, bool marked,
                            struct mud_str reason)
{
    if (!marked && patience_left(f, look) > 0) {
        wait_for_rest(f, look);
        return true;
    }
    return mud_cursor_drop(
               f->worker->pg, f->source, half_place(f, name), f->err) &&
           put_with_reason(f, name, "done", reason);
}

static bool refuse_link(struct folder *f, const char *name)
{
    struct mud_report report = {0};

    mud_report_skip(&report, "link", mud_str_z(name));
    return refuse(f, name, &report, NULL);
}

static bool one(struct folder *f, const char *name)
{
    const char *mark =
        below(f, "", mud_str_printf(f->arena, "%s.done", name).s);
    struct look look = look_at(below(f, "", name));
    struct mud_str before, stamp = half_stamp(f, &look);
    struct stat st;
    bool marked = lstat(mark, &st) == 0;
    int64_t quiet = (int64_t)time(NULL) - (int64_t)look.newest;

    if (look.gone) /* moved or removed by somebody just now */
        return true;
    if (look.link)
        return refuse_link(f, name);
    if (!marked && quiet < f->pace->settled) {
        look_again(f, f->pace->settled - quiet);
        return true;
    }
    if (!mud_cursor_get(&before,
                        f->worker->pg,
                        f->source,
                        half_place(f, name),
                        f->arena,
                        f->err))
        return false;
    return mud_str_starts(before, stamp)
               ? wait_or_give_up(f,
                                 name,
                                 &look,
                                 marked,
                                 mud_str_sub(before, stamp.n, before.n))
               : take(f, name, &look, marked, before);
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

bool mud_folder_round(struct mud_report *report, struct mud_worker *worker,
                      const struct mud_source *source,
                      const struct mud_crawl_options *options,
                      const struct mud_folder_pace *pace, struct mud_error *err)
{
    struct folder f = {.report = report,
                       .worker = worker,
                       .source = source,
                       .options = options,
                       .pace = pace,
                       .arena = mud_arena_new(),
                       .err = err};

    f.path = mud_str_printf(f.arena, "%.*s", MUD_FMT(source->folder)).s;
    bool good = make_places(&f) && go_through(&f);
    mud_arena_free(f.arena);
    return good || mud_fail_in(err, "source %.*s", MUD_FMT(source->name));
}

bool mud_collect_folder(struct mud_report *report, struct mud_worker *worker,
                        const struct mud_source *source,
                        const struct mud_crawl_options *options,
                        struct mud_error *err)
{
    static const struct mud_folder_pace pace = {SETTLED, PATIENCE};

    return mud_folder_round(report, worker, source, options, &pace, err);
}
