#include "graph/write.h"

#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "graph/stage.h"
#include "graph/write_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TRIES 6 /* of one batch: deadlocks, a server that restarts */

struct mud_writer {
    struct mud_pg *pg;
    char *dsn, *parser;
    const struct mud_reader *reader;
    int32_t number;     /* of the reader's version */
    int64_t generation; /* of the derived tables when we began */
    struct mud_fresh fresh;
    uint8_t rules[8192]; /* rule numbers whose names are stored */
};

static struct mud_str number_text(char out[24], int64_t n)
{
    snprintf(out, 24, "%lld", (long long)n);
    return mud_str_z(out);
}

static bool generation(int64_t *out, struct mud_pg *pg, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    if (!mud_pg_query(&rows, pg, mud_sql("content_generation"), NULL, 0, err))
        return false;
    *out = mud_rows_int(rows, 0, 0);
    mud_rows_free(rows);
    return true;
}

static bool connect(struct mud_writer *writer, struct mud_error *err)
{
    mud_pg_close(writer->pg);
    writer->pg = NULL;
    if (!mud_pg_open(&writer->pg, writer->dsn, err))
        return false;
    /* A batch is bounded; what takes longer waits for somebody's lock. */
    mud_pg_deadline(writer->pg, 600000);
    return mud_pg_query(
        NULL, writer->pg, mud_sql("content_stage"), NULL, 0, err);
}

bool mud_writer_new(struct mud_writer **out, const char *dsn,
                    const struct mud_reader *reader, const char *parser,
                    struct mud_error *err)
{
    struct mud_writer *writer = mud_calloc(1, sizeof(*writer));
    const char *version = mud_reader_version(reader);
    char number[24];
    struct mud_str args[2];

    writer->dsn = mud_strdup(dsn);
    writer->parser = mud_strdup(parser);
    writer->reader = reader;
    writer->number = mud_reader_number(version);
    args[0] = number_text(number, writer->number);
    args[1] = mud_str_z(version);
    if (!connect(writer, err) ||
        !generation(&writer->generation, writer->pg, err) ||
        !mud_pg_query(
            NULL, writer->pg, mud_sql("content_reader"), args, 2, err)) {
        mud_writer_free(writer);
        return false;
    }
    *out = writer;
    return true;
}

void mud_writer_free(struct mud_writer *writer)
{
    if (!writer)
        return;
    mud_pg_close(writer->pg);
    mud_fresh_free(&writer->fresh);
    free(writer->dsn);
    free(writer->parser);
    free(writer);
}

/* Names of rules that this batch uses for the first time. */
static bool name_rules(struct mud_writer *writer, const struct mud_batch *batch,
                       struct mud_error *err)
{
    char reader[24], rule[24];

    for (uint32_t i = 0; i < 65536; i++) {
        uint8_t bit = (uint8_t)(1U << i % 8);
        struct mud_str args[3];

        if (!(batch->rules[i / 8] & bit & ~writer->rules[i / 8]))
            continue;
        args[0] = number_text(reader, writer->number);
        args[1] = number_text(rule, i);
        args[2] = mud_str_z(mud_rule_name(writer->reader, (uint16_t)i));
        if (!mud_pg_query(
                NULL, writer->pg, mud_sql("content_rule"), args, 3, err))
            return false;
    }
    return true;
}

static bool run(struct mud_writer *writer, const char *name, size_t rows,
                struct mud_error *err)
{
    return !rows || mud_pg_query(NULL, writer->pg, mud_sql(name), NULL, 0, err);
}

/* Contents that another writer may be storing too: staging tells. */
static bool merge_contents(struct mud_writer *writer,
                           const struct mud_batch *batch, struct mud_error *err)
{
    struct mud_rows *rows = NULL;

    mud_fresh_none(&writer->fresh, batch);
    if (!mud_stage_contents(
            writer->pg, batch, writer->number, &writer->fresh, false, err) ||
        !mud_pg_query(
            &rows, writer->pg, mud_sql("content_insert"), NULL, 0, err))
        return false;
    mud_fresh_take(&writer->fresh, batch, rows);
    mud_rows_free(rows);
    return true;
}

/* Threads and contents; writer->fresh says which of these are new. */
static bool put_contents(struct mud_writer *writer,
                         const struct mud_batch *batch, bool careful,
                         struct mud_error *err)
{
    if (!mud_stage_threads(writer->pg, batch, err) ||
        !run(writer, "post_thread", batch->threads.n, err))
        return false;
    if (careful)
        return merge_contents(writer, batch, err);
    return mud_fresh_ask(&writer->fresh, writer->pg, batch, err) &&
           mud_stage_contents(
               writer->pg, batch, writer->number, &writer->fresh, true, err);
}

/* Always in this order, so that two writers never wait for each other. */
static bool merge(struct mud_writer *writer, const struct mud_batch *batch,
                  struct mud_error *err)
{
    const struct mud_fresh *fresh = &writer->fresh;
    size_t posts = 0;

    for (size_t i = 0; i < batch->posts.n; i++)
        posts += !batch->posts.at[i].dead && !fresh->post[i];
    return mud_stage_batch(writer->pg, batch, writer->number, fresh, err) &&
           run(writer, "post_insert", posts, err) &&
           run(writer, "post_drop_annotation", posts, err) &&
           run(writer, "post_drop_offer", posts, err) &&
           run(writer, "post_drop_price", posts, err) &&
           run(writer, "content_annotation", posts, err) &&
           run(writer, "content_offer", posts, err) &&
           run(writer, "content_price", posts, err) &&
           run(writer, "post_part", batch->parts.n, err) &&
           run(writer, "entity_insert", batch->entities.n, err) &&
           run(writer, "name_insert", batch->names.n, err) &&
           run(writer, "claim_insert", batch->claims.n, err) &&
           run(writer, "claim_evidence", batch->evidence.n, err);
}

/* Its texts are indexed for search meanwhile. */
static bool put_all(struct mud_writer *writer, const struct mud_batch *batch,
                    bool careful, struct mud_error *err)
{
    struct mud_write_search *search = NULL;
    bool done = put_contents(writer, batch, careful, err);

    if (done) {
        search = mud_write_search_begin(writer->reader, batch, &writer->fresh);
        done = mud_stage_fresh(
                   writer->pg, batch, writer->number, &writer->fresh, err) &&
               merge(writer, batch, err) &&
               mud_write_search_store(search, writer->pg, err);
    }
    mud_write_search_free(search);
    return done;
}

static void tally_json(struct mud_json *json, const struct mud_row_tally *row)
{
    mud_json_object(json);
    mud_json_kid(json, "capture_id", row->capture);
    mud_json_kint(json, "part", row->part);
    mud_json_kint(json, "source_id", row->source);
    mud_json_kstr(json, "engine", row->engine);
    mud_json_kstr(json, "kind", row->kind);
    mud_json_ktime(json, "read_at", row->read);
    mud_json_kint(json, "posts", row->tally.posts);
    mud_json_kint(json, "counted", row->tally.counted);
    mud_json_key(json, "filled");
    mud_json_array(json);
    for (int i = 0; i < MUD_FILL_FIELDS; i++)
        mud_json_int(json, row->tally.filled[i]);
    mud_json_array_end(json);
    mud_json_kint(json, "alike", mud_fill_alike(&row->tally));
    mud_json_kbool(json, "last", row->last);
    mud_json_object_end(json);
}

static bool put_tallies(struct mud_writer *writer,
                        const struct mud_batch *batch, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str all;

    if (!batch->tallies.n)
        return true;
    mud_json_array(&json);
    for (size_t i = 0; i < batch->tallies.n; i++)
        tally_json(&json, &batch->tallies.at[i]);
    mud_json_array_end(&json);
    all = mud_buf_view(&buf);
    bool done =
        mud_pg_query(NULL, writer->pg, mud_sql("tally_put"), &all, 1, err);
    mud_buf_free(&buf);
    return done;
}

static bool put_pictures(struct mud_writer *writer,
                         const struct mud_batch *batch, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    struct mud_str all;

    if (!batch->pictures.n)
        return true;
    mud_json_array(&json);
    for (size_t i = 0; i < batch->pictures.n; i++)
        mud_json_raw(&json, batch->pictures.at[i].json);
    mud_json_array_end(&json);
    all = mud_buf_view(&buf);
    bool done =
        mud_pg_query(NULL, writer->pg, mud_sql("image_put"), &all, 1, err);
    mud_buf_free(&buf);
    return done;
}

static bool mark_done(struct mud_writer *writer, const struct mud_batch *batch,
                      struct mud_error *err)
{
    char id[MUD_ID_TEXT], reader[24], posts[24];

    for (size_t i = 0; i < batch->done.n; i++) {
        const struct mud_row_done *row = &batch->done.at[i];
        struct mud_str args[5] = {mud_str_z(mud_id_text(id, row->capture)),
                                  mud_str_z(writer->parser),
                                  number_text(reader, writer->number),
                                  number_text(posts, row->posts),
                                  row->notes};

        if (!mud_pg_query(
                NULL, writer->pg, mud_sql("content_parsed"), args, 5, err))
            return false;
    }
    return true;
}

/* The disk is waited for with the last batch of many: commits are in order. */
static bool not_waiting(struct mud_writer *writer, bool more,
                        struct mud_error *err)
{
    return !more ||
           mud_pg_query(
               NULL, writer->pg, mud_sql("content_commit_later"), NULL, 0, err);
}

static bool write_once(struct mud_writer *writer, const struct mud_batch *batch,
                       bool more, bool careful, struct mud_error *err)
{
    int64_t now = 0;

    if (!mud_pg_begin(writer->pg, err) || !not_waiting(writer, more, err) ||
        !mud_pg_query(
            NULL, writer->pg, mud_sql("content_lock"), NULL, 0, err) ||
        !generation(&now, writer->pg, err))
        return false;
    if (now != writer->generation)
        return mud_fail(err,
                        MUD_EDENIED,
                        "the derived tables were cleared by another process");
    return name_rules(writer, batch, err) &&
           put_all(writer, batch, careful, err) &&
           put_tallies(writer, batch, err) &&
           put_pictures(writer, batch, err) && mark_done(writer, batch, err) &&
           mud_pg_commit(writer->pg, err);
}

static void pause_ms(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&t, NULL);
}

/* Somebody stored a content of the batch since we asked for it. */
static bool overtaken(const struct mud_writer *writer)
{
    return writer->pg && !strcmp(mud_pg_sqlstate(writer->pg), "23505");
}

bool mud_writer_write(struct mud_writer *writer, const struct mud_batch *batch,
                      bool more, struct mud_error *err)
{
    struct mud_error why = {0};
    bool careful = false;

    for (int i = 0; i < TRIES; i++) {
        mud_error_clear(&why);
        if ((writer->pg || connect(writer, &why)) &&
            write_once(writer, batch, more, careful, &why)) {
            for (size_t j = 0; j < sizeof(writer->rules); j++)
                writer->rules[j] |= batch->rules[j];
            return true;
        }
        if (why.code == MUD_EDENIED) {
            mud_pg_rollback(writer->pg);
            return mud_fail(err, MUD_EAGAIN, "%s", why.text);
        }
        if (!careful && overtaken(writer)) {
            mud_pg_rollback(writer->pg);
            careful = true;
            continue;
        }
        if (why.code != MUD_EAGAIN)
            break;
        mud_log(MUD_LOG_WARN, "ingest", "batch again: %s", why.text);
        /* A connection that was lost cannot be told from one that lost a
         * deadlock: a new one serves both. */
        mud_pg_close(writer->pg);
        writer->pg = NULL;
        pause_ms(50L << i);
    }
    if (writer->pg)
        mud_pg_rollback(writer->pg);
    return mud_fail(err, why.code, "%s", why.text);
}
