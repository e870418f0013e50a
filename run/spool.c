#include "run/spool.h"

#include "run/step.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".part"

struct mud_spool {
    struct mud_worker *worker;
    const struct mud_source *source;
    struct mud_report *report;
    const char *content_type;
    char folder[1024];
    char path[1500]; /* of the file at hand; "" for none */
    int fd;          /* -1: none is open */
    size_t size;
    bool behind;         /* parts of before could not be sealed */
    int64_t since, last; /* us: when the first and the last were added */
};

static bool make_folder(const char *path, struct mud_error *err)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ||
           mud_fail_errno(err, MUD_EIO, "%s", path);
}

/* Its name tells since when: captures are in that order, and each has an
 * address of its own. */
static bool begin_file(struct mud_spool *spool, struct mud_error *err)
{
    if (spool->fd >= 0)
        return true;
    int64_t now = mud_now();
    for (int i = 0; i < 1000; i++) {
        snprintf(spool->path,
                 sizeof spool->path,
                 "%s/%020lld" ENDING,
                 spool->folder,
                 (long long)now + i);
        spool->fd = open(spool->path,
                         O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
                         0600);
        if (spool->fd >= 0 || errno != EEXIST)
            break;
    }
    if (spool->fd < 0)
        return mud_fail_errno(err, MUD_EIO, "%s", spool->path);
    spool->since = now;
    spool->size = 0;
    return true;
}

bool mud_spool_add(struct mud_spool *spool, struct mud_str bytes,
                   struct mud_error *err)
{
    size_t done = 0;

    if (!begin_file(spool, err))
        return false;
    while (done < bytes.n) {
        ssize_t n = write(spool->fd, bytes.s + done, bytes.n - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            mud_fail_errno(err, MUD_EIO, "%s", spool->path);
            if (ftruncate(spool->fd, (off_t)spool->size) != 0)
                mud_fail_in(err, "and it could not be cut back");
            return false;
        }
        done += (size_t)n;
    }
    spool->size += bytes.n;
    spool->last = mud_now();
    return true;
}

/* "ircs://irc.example:6697#2026-11-24T15:00:00.123456Z" */
static struct mud_str address_of(const struct mud_spool *spool,
                                 const char *path, struct mud_arena *arena)
{
    const char *name = strrchr(path, '/');
    char at[MUD_TIME_TEXT];
    int64_t us = name ? strtoll(name + 1, NULL, 10) : 0;

    return mud_str_printf(arena,
                          "%.*s#%s",
                          MUD_FMT(spool->source->url),
                          mud_time_text(at, us, true));
}

static bool read_sealed(struct mud_spool *spool,
                        const struct mud_capture *capture, bool known,
                        struct mud_error *err)
{
    struct mud_ingest_options options = mud_worker_options(spool->worker);
    bool read = false;

    if (!known) {
        spool->report->captures++;
        spool->report->bytes += capture->size;
    }
    return (!known ||
            mud_ingest_known(
                &read, spool->worker->pg, capture->id, &options, err)) &&
           (read ||
            (mud_step_capture(
                 spool->worker, spool->source, capture, spool->report, err) &&
             mud_ingest_flush(spool->worker->ingest, NULL, err)));
}

/* One file: sealed, read, removed. */
static bool finish(struct mud_spool *spool, const char *path,
                   struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    struct mud_capture capture;
    struct stat st;
    bool known = false, good = true;

    if (stat(path, &st) != 0)
        good = mud_fail_errno(err, MUD_EIO, "%s", path);
    struct mud_handed handed = {
        .path = path,
        .url = address_of(spool, path, arena),
        .content_type = mud_str_z(spool->content_type),
        .access_mode = spool->source->account.n ? MUD_STR("member_account")
                                                : MUD_STR("public"),
        .at = good ? st.st_mtim.tv_sec * MUD_SECOND + st.st_mtim.tv_nsec / 1000
                   : 0,
    };
    if (good && st.st_size > 0)
        good = mud_seal_file(&capture,
                             &known,
                             spool->worker->vault,
                             spool->worker->pg,
                             spool->source->id,
                             &handed,
                             arena,
                             err) &&
               read_sealed(spool, &capture, known, err);
    if (good && unlink(path) != 0)
        good = mud_fail_errno(err, MUD_EIO, "remove %s", path);
    mud_arena_free(arena);
    return good;
}

static int is_part(const struct dirent *entry)
{
    return mud_str_ends(mud_str_z(entry->d_name), MUD_STR(ENDING));
}

/* All that waits, the oldest first. */
static bool take_parts(struct mud_spool *spool, struct mud_error *err)
{
    struct dirent **names = NULL;
    int n = scandir(spool->folder, &names, is_part, alphasort);
    bool good = n >= 0 || mud_fail_errno(err, MUD_EIO, "%s", spool->folder);

    for (int i = 0; i < n; i++) {
        char path[sizeof spool->path];

        snprintf(path, sizeof path, "%s/%s", spool->folder, names[i]->d_name);
        good = good && finish(spool, path, err);
        free(names[i]);
    }
    free(names);
    return good;
}

bool mud_spool_seal(struct mud_spool *spool, struct mud_error *err)
{
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
    spool->path[0] = '\0';
    spool->size = 0;
    spool->since = 0;
    spool->behind = !take_parts(spool, err);
    return !spool->behind;
}

bool mud_spool_open(struct mud_spool **out, struct mud_worker *worker,
                    const struct mud_source *source, const char *content_type,
                    struct mud_report *report, struct mud_error *err)
{
    struct mud_spool *spool = mud_calloc(1, sizeof *spool);
    char above[1000];

    *spool = (struct mud_spool){.worker = worker,
                                .source = source,
                                .report = report,
                                .content_type = content_type,
                                .fd = -1};
    snprintf(above, sizeof above, "%s/spool", worker->home);
    snprintf(
        spool->folder, sizeof spool->folder, "%s/%d", above, (int)source->id);
    if (make_folder(above, err) && make_folder(spool->folder, err) &&
        take_parts(spool, err)) {
        *out = spool;
        return true;
    }
    mud_spool_free(spool);
    return false;
}

void mud_spool_free(struct mud_spool *spool)
{
    if (!spool)
        return;
    if (spool->fd >= 0)
        close(spool->fd);
    free(spool);
}

size_t mud_spool_size(const struct mud_spool *spool)
{
    return spool->size;
}

int64_t mud_spool_since(const struct mud_spool *spool)
{
    return spool->since;
}

bool mud_spool_due(const struct mud_spool *spool)
{
    int64_t now = mud_now();

    return spool->behind || spool->size >= MUD_SPOOL_BYTES ||
           (spool->since && spool->size &&
            (now - spool->last >= MUD_SPOOL_QUIET * MUD_SECOND ||
             now - spool->since >= MUD_SPOOL_SECONDS * MUD_SECOND));
}
