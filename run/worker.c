#include "run/worker.h"

#include "base/conf.h"
#include "base/hash.h"
#include "base/log.h"
#include "graph/lexbook.h"
#include "run/media.h"
#include "store/db.h"
#include "store/roles.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARSER_VERSION "1"

/*
 * Where numbers of processes mean the same: the host's name, and four digits of
 * what tells hosts of one name apart, or containers on one (machine-id(5) and the
 * name space of processes).
 */
static void name_host(char out[80])
{
    char host[64] = "", space[64] = "";
    struct mud_arena *arena = mud_arena_new();
    struct mud_buf text = {0};
    struct mud_str machine;
    uint8_t digest[MUD_SHA256];

    gethostname(host, sizeof host - 1);
    if (mud_file_read(&machine, "/etc/machine-id", 256, arena, NULL))
        mud_buf_str(&text, machine);
    if (readlink("/proc/self/ns/pid", space, sizeof space - 1) > 0)
        mud_buf_z(&text, space);
    mud_sha256_of(mud_buf_view(&text), digest);
    snprintf(out, 80, "%s-%02x%02x", host, digest[0], digest[1]);
    mud_buf_free(&text);
    mud_arena_free(arena);
}

static void name_worker(struct mud_worker *worker)
{
    char host[80];

    name_host(host);
    snprintf(worker->name, sizeof worker->name, "%s:%ld", host, (long)getpid());
}

bool mud_worker_is_dead(const char *name)
{
    char host[80];
    struct mud_str worker = mud_str_z(name);
    size_t colon = mud_str_rchr(worker, ':');
    int64_t pid;

    name_host(host);
    return colon != MUD_NPOS &&
           mud_str_eqz(mud_str_sub(worker, 0, colon), host) &&
           mud_str_i64(mud_str_sub(worker, colon + 1, worker.n), &pid) &&
           pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

const char *mud_lexicon_path(const char *home, char *path, size_t size)
{
    snprintf(path, size, "%s/lexicon.tsv", home);
    return access(path, R_OK) == 0 ? path : NULL;
}

struct mud_ingest_options mud_worker_options(const struct mud_worker *worker)
{
    return (struct mud_ingest_options){
        .dsn = worker->dsn, .reader = worker->reader, .parser = PARSER_VERSION};
}

static bool recover(struct mud_worker *worker, struct mud_error *err)
{
    struct mud_recovered got = {0};

    if (!mud_vault_recover(&got, worker->vault, worker->pg, err))
        return false;
    if (got.captures || got.tails)
        mud_log(MUD_LOG_WARN,
                NULL,
                "put right after a killed process: %d captures sealed late, "
                "%d torn tails (%lld bytes) moved to vault/lost+found",
                got.captures,
                got.tails,
                (long long)got.cut_bytes);
    return true;
}

/* The analysts' terms as the table has them. A mirror that somebody changed by
 * hand is read as it is, and said once for each such change. */
static bool sync_lexicon(struct mud_worker *worker, struct mud_error *err)
{
    enum mud_lexbook_state state = MUD_LEXBOOK_SAME;

    if (!mud_lexbook_sync(&state, NULL, worker->pg, worker->home, false, err))
        return false;
    if (state == MUD_LEXBOOK_HAND && !worker->by_hand)
        mud_log(MUD_LOG_WARN,
                NULL,
                "%s/lexicon.tsv was changed by hand and is read as it is: "
                "mudlark lexicon import takes the changes in",
                worker->home);
    worker->by_hand = state == MUD_LEXBOOK_HAND;
    return true;
}

/* What tells one state of the mirror from another; 0 when there is none. */
static struct mud_worker_mirror stat_mirror(const char *path)
{
    struct stat st;

    if (!path || stat(path, &st) != 0)
        return (struct mud_worker_mirror){0};
    return (struct mud_worker_mirror){.inode = (uint64_t)st.st_ino,
                                      .bytes = (int64_t)st.st_size,
                                      .changed_ns = (int64_t)st.st_mtim.tv_sec *
                                                        1000000000 +
                                                    st.st_mtim.tv_nsec};
}

static bool read_lexicon(struct mud_worker *worker, struct mud_error *err)
{
    char room[4200];
    const char *path = mud_lexicon_path(worker->home, room, sizeof room);

    worker->mirror = stat_mirror(path);
    return mud_reader_new(&worker->reader, path, err);
}

static bool begin_ingest(struct mud_worker *worker, struct mud_error *err)
{
    struct mud_ingest_options options = mud_worker_options(worker);

    return mud_ingest_new(&worker->ingest, &options, err);
}

/* The reader is kept over a lost connection. */
static bool connect_all(struct mud_worker *worker, struct mud_error *err)
{
    struct mud_pg *owner =
        NULL; /* migrates, and starts what is to be started */
    bool good =
        mud_db_open(&owner, worker->home, err) && mud_db_as(&worker->pg,
                                                            worker->dsn,
                                                            sizeof worker->dsn,
                                                            owner,
                                                            worker->home,
                                                            MUD_ROLE_WORKER,
                                                            err);

    mud_pg_close(owner);
    return good && sync_lexicon(worker, err) &&
           (worker->reader || read_lexicon(worker, err)) &&
           begin_ingest(worker, err);
}

bool mud_worker_refresh(struct mud_worker *worker, bool *anew,
                        struct mud_error *err)
{
    char room[4200];
    struct mud_worker_mirror now;
    struct mud_reader *before = worker->reader;
    struct mud_error broken = {0};

    *anew = false;
    if (!sync_lexicon(worker, err))
        return false;
    now = stat_mirror(mud_lexicon_path(worker->home, room, sizeof room));
    if (now.inode == worker->mirror.inode &&
        now.bytes == worker->mirror.bytes &&
        now.changed_ns == worker->mirror.changed_ns)
        return true;
    if (!mud_ingest_flush(worker->ingest, NULL, err))
        return false;
    worker->reader = NULL;
    if (!read_lexicon(worker, &broken)) {
        mud_log(MUD_LOG_WARN,
                NULL,
                "the terms of before stay in use: %s",
                broken.text);
        worker->reader = before;
        return true;
    }
    mud_ingest_free(worker->ingest);
    worker->ingest = NULL;
    mud_reader_free(before);
    *anew = true;
    return begin_ingest(worker, err);
}

bool mud_worker_open(struct mud_worker *worker, const char *home,
                     const char *who, struct mud_error *err)
{
    struct mud_custody custody = {.actor = mud_str_z(who),
                                  .access_mode = MUD_STR("public")};

    *worker = (struct mud_worker){.home = home};
    snprintf(worker->who, sizeof worker->who, "%s", who);
    name_worker(worker);
    if (connect_all(worker, err) && mud_vault_open(&worker->vault, home, err)) {
        mud_vault_custody(worker->vault, &custody);
        worker->parser = mud_parser_new();
        worker->media = mud_media_new();
        if (mud_vault_claim(worker->vault, worker->pg, err) &&
            recover(worker, err))
            return true;
    }
    mud_worker_close(worker);
    return false;
}

void mud_worker_close(struct mud_worker *worker)
{
    mud_ingest_free(worker->ingest);
    mud_parser_free(worker->parser);
    mud_media_free(worker->media);
    mud_vault_close(worker->vault);
    mud_reader_free(worker->reader);
    mud_pg_close(worker->pg);
    worker->ingest = NULL;
    worker->parser = NULL;
    worker->media = NULL;
    worker->vault = NULL;
    worker->reader = NULL;
    worker->pg = NULL;
}

bool mud_worker_reopen(struct mud_worker *worker, struct mud_error *err)
{
    mud_ingest_free(worker->ingest);
    mud_pg_close(worker->pg);
    worker->ingest = NULL;
    worker->pg = NULL;
    return connect_all(worker, err) && recover(worker, err);
}
