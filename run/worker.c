#include "run/worker.h"

#include "base/log.h"
#include "store/db.h"

#include <stdio.h>
#include <unistd.h>

#define PARSER_VERSION "1"

static void name_worker(struct mud_worker *worker)
{
    char host[64] = "";

    gethostname(host, sizeof host - 1);
    snprintf(worker->name, sizeof worker->name, "%s:%ld", host, (long)getpid());
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

static bool connect_all(struct mud_worker *worker, struct mud_error *err)
{
    if (!mud_db_open(&worker->pg, worker->home, err) ||
        !mud_db_dsn(worker->dsn, sizeof worker->dsn, worker->home, err))
        return false;
    struct mud_ingest_options options = mud_worker_options(worker);
    return mud_ingest_new(&worker->ingest, &options, err);
}

bool mud_worker_open(struct mud_worker *worker, const char *home,
                     const char *who, struct mud_error *err)
{
    char path[4200];
    struct mud_custody custody = {.actor = mud_str_z(who),
                                  .access_mode = MUD_STR("public")};

    *worker = (struct mud_worker){.home = home};
    snprintf(worker->who, sizeof worker->who, "%s", who);
    name_worker(worker);
    if (mud_reader_new(
            &worker->reader, mud_lexicon_path(home, path, sizeof path), err) &&
        connect_all(worker, err) && mud_vault_open(&worker->vault, home, err)) {
        mud_vault_custody(worker->vault, &custody);
        worker->parser = mud_parser_new();
        if (recover(worker, err))
            return true;
    }
    mud_worker_close(worker);
    return false;
}

void mud_worker_close(struct mud_worker *worker)
{
    mud_ingest_free(worker->ingest);
    mud_parser_free(worker->parser);
    mud_vault_close(worker->vault);
    mud_reader_free(worker->reader);
    mud_pg_close(worker->pg);
    worker->ingest = NULL;
    worker->parser = NULL;
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
