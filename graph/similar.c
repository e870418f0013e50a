#include "graph/similar.h"

#include "graph/batch.h"
#include "graph/bytes.h"
#include "nlp/cluster.h"
#include "store/copy.h"

#include <stdio.h>
#include <stdlib.h>

struct run {
    struct mud_cluster *cluster;
    MUD_ROWS(mud_id) ids; /* of its texts: ascending, so are its numbers */
    struct mud_bytes bytes;
};

static bool take(const struct mud_rows *one, void *payload,
                 struct mud_error *err)
{
    struct run *run = payload;
    struct mud_sketch sketch;
    struct mud_str bytes;

    if (!mud_bytes_of(&run->bytes, &bytes, mud_rows_get(one, 0, 1)) ||
        !mud_sketch_read(&sketch, bytes))
        return mud_fail(err,
                        MUD_ECORRUPT,
                        "the sketch of content %.*s is broken: run mudlark "
                        "rebuild",
                        MUD_FMT(mud_rows_get(one, 0, 0)));
    *MUD_ADD(&run->ids) = mud_rows_id(one, 0, 0);
    mud_cluster_add(run->cluster, &sketch);
    return true;
}

static struct mud_id template_id(struct mud_id smallest)
{
    char text[MUD_ID_TEXT];

    return mud_id_of("template", mud_str_z(mud_id_text(text, smallest)));
}

/* Rows of all texts that are not alone. */
static bool stage(struct mud_similar_result *out, const struct run *run,
                  struct mud_pg *pg, struct mud_error *err)
{
    uint8_t *shared = mud_calloc(run->ids.n + 1, 1);
    struct mud_copy *copy = NULL;

    for (uint32_t i = 0; i < run->ids.n; i++) {
        uint32_t root = mud_cluster_of(run->cluster, i);

        out->templates += root != i && !shared[root];
        shared[root] |= root != i;
    }
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_similar (content_id, template_id) FROM "
                        "STDIN (FORMAT binary)",
                        err)) {
        free(shared);
        return false;
    }
    for (uint32_t i = 0; i < run->ids.n; i++) {
        uint32_t root = mud_cluster_of(run->cluster, i);

        if (!shared[root])
            continue;
        out->repeated++;
        mud_copy_row(copy, 2);
        mud_copy_id(copy, run->ids.at[i]);
        mud_copy_id(copy, template_id(run->ids.at[root]));
    }
    free(shared);
    return mud_copy_end(copy, NULL, err);
}

static bool statement(struct mud_pg *pg, const char *name,
                      struct mud_error *err)
{
    return mud_pg_query(NULL, pg, mud_sql(name), NULL, 0, err);
}

static bool fresh(struct mud_similar_result *out, struct mud_pg *pg,
                  struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("similar_fresh"), NULL, 0, err))
        return false;
    out->contents = mud_rows_int(rows, 0, 0);
    out->fresh = mud_rows_bool(rows, 0, 1);
    mud_rows_free(rows);
    return true;
}

static bool cluster(struct mud_similar_result *out, struct run *run,
                    struct mud_pg *pg, struct mud_error *err)
{
    char number[24];
    struct mud_str arg;

    if (!fresh(out, pg, err) || !out->fresh)
        return err->code == MUD_OK;
    if (!mud_pg_each(pg, mud_sql("similar_sketches"), NULL, 0, take, run, err))
        return false;
    mud_cluster_run(run->cluster);
    out->contents = (int64_t)run->ids.n;
    snprintf(number, sizeof(number), "%zu", run->ids.n);
    arg = mud_str_z(number);
    return statement(pg, "similar_stage", err) && stage(out, run, pg, err) &&
           statement(pg, "similar_drop", err) &&
           statement(pg, "similar_put", err) &&
           mud_pg_query(NULL, pg, mud_sql("similar_run"), &arg, 1, err);
}

bool mud_similar_run(struct mud_similar_result *out, struct mud_pg *pg,
                     struct mud_error *err)
{
    struct mud_similar_result result = {0};
    struct mud_error why = {0};
    struct run run = {.cluster = mud_cluster_new()};
    /* Read committed: what another run stored is seen once the lock is held,
     * and sketches are counted again as they are read. */
    bool done = mud_pg_begin(pg, &why) && statement(pg, "similar_lock", &why) &&
                cluster(&result, &run, pg, &why) && mud_pg_commit(pg, &why);

    if (!done)
        mud_pg_rollback(pg);
    mud_cluster_free(run.cluster);
    mud_bytes_free(&run.bytes);
    free(run.ids.at);
    if (!done)
        return mud_fail(err, why.code, "find near-duplicates: %s", why.text);
    if (out)
        *out = result;
    return true;
}
