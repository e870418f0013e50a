#include "graph/rebuild.h"

bool mud_graph_hold(struct mud_pg *pg, struct mud_error *err)
{
    return mud_pg_query(NULL, pg, mud_sql("content_lock_all"), NULL, 0, err);
}

bool mud_graph_empty(struct mud_pg *pg, struct mud_error *err)
{
    return mud_pg_query(NULL, pg, mud_sql("content_clear"), NULL, 0, err) &&
           mud_pg_query(
               NULL, pg, mud_sql("content_generation_next"), NULL, 0, err);
}

bool mud_graph_clear(struct mud_pg *pg, struct mud_error *err)
{
    /* All of it under one lock, or an ingest might see half. */
    if (mud_pg_begin(pg, err) && mud_graph_hold(pg, err) &&
        mud_graph_empty(pg, err) && mud_pg_commit(pg, err))
        return true;
    mud_pg_rollback(pg);
    return mud_fail_in(err, "clear what is derived");
}

struct digest {
    struct mud_sha256 *sha;
    int64_t rows;
};

static bool add(const struct mud_rows *one, void *payload,
                struct mud_error *err)
{
    struct digest *digest = payload;
    struct mud_str row = mud_rows_get(one, 0, 0);

    (void)err;
    mud_sha256_add(digest->sha, row.s, row.n);
    mud_sha256_add(digest->sha, "\n", 1);
    digest->rows++;
    return true;
}

bool mud_graph_digest(uint8_t sha256[MUD_SHA256], int64_t *rows,
                      struct mud_pg *pg, struct mud_error *err)
{
    static const char *const tables[] = {
        "content_rows",        "content_rows_post",
        "content_rows_part",   "content_rows_note",
        "content_rows_offer",  "content_rows_price",
        "content_rows_thread", "content_rows_parsed",
        "entity_rows",         "claim_rows",
        "claim_rows_evidence", "seller_rows",
        "seller_rows_member",  "similar_rows",
        "tally_rows",          "gone_rows",
        "name_rows",           "image_rows",
        "image_rows_picture",  "bond_rows",
        "bond_rows_loose",     NULL};
    struct digest digest = {.sha = mud_sha256_new()};
    bool done = mud_pg_exec(
        pg, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err);

    for (size_t i = 0; done && tables[i]; i++) {
        mud_sha256_add(digest.sha, tables[i], strlen(tables[i]) + 1);
        done = mud_pg_each(pg, mud_sql(tables[i]), NULL, 0, add, &digest, err);
    }
    mud_sha256_end(digest.sha, sha256);
    mud_sha256_free(digest.sha);
    mud_pg_rollback(pg);
    if (rows)
        *rows = digest.rows;
    return done;
}
