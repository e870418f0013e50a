#include "graph/stage.h"

#include "store/copy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Column order is that of the COPY statements below, which is the C order of
 * the rows and not the tables'. */

struct stage {
    struct mud_pg *pg;
    const struct mud_batch *batch;
    int32_t reader;
    const struct mud_fresh *fresh;
};

/* The copy into a table begins with its first row. */
static bool into(struct mud_copy **copy, const struct stage *stage,
                 const char *table, const char *columns, struct mud_error *err)
{
    char sql[512];

    if (*copy)
        return true;
    snprintf(sql,
             sizeof(sql),
             "COPY %s (%s) FROM STDIN (FORMAT binary)",
             table,
             columns);
    return mud_copy_begin(copy, stage->pg, sql, err);
}

static bool done(struct mud_copy *copy, struct mud_error *err)
{
    return !copy || mud_copy_end(copy, NULL, err);
}

/* 3 * 0.1 is 0.3 to whoever reads the row. */
static double rounded(double value)
{
    char text[32];

    if (fabs(value) < 1e9 && value == (double)(int64_t)value)
        return value;
    snprintf(text, sizeof(text), "%.12g", value);
    return strtod(text, NULL);
}

static void put_number(struct mud_copy *copy, double value)
{
    if (isnan(value))
        mud_copy_null(copy);
    else
        mud_copy_f64(copy, rounded(value));
}

static void put_uuid(struct mud_copy *copy, struct mud_id id)
{
    /* mud_copy_id makes NULL of nil, which here is a value: the text alone. */
    if (mud_id_zero(id))
        mud_copy_text(copy, mud_str_of((const char *)id.b, sizeof(id.b)));
    else
        mud_copy_id(copy, id);
}

static void put_text(struct mud_copy *copy, struct mud_str s)
{
    mud_copy_text(copy, s.n ? s : MUD_STR(""));
}

static void put_text_or_null(struct mud_copy *copy, struct mud_str s)
{
    if (s.n)
        mud_copy_text(copy, s);
    else
        mud_copy_null(copy);
}

static void put_i16(struct mud_copy *copy, int value)
{
    mud_copy_i16(copy, (int16_t)value);
}

static void put_i32(struct mud_copy *copy, uint32_t value)
{
    mud_copy_i32(copy, value > INT32_MAX ? INT32_MAX : (int32_t)value);
}

/* A row that is known to be new goes into its table, else into staging. */
static const char *table(bool straight, const char *staging)
{
    return straight ? staging + strlen("stage_") : staging;
}

static bool contents(const struct stage *stage, bool straight,
                     struct mud_error *err)
{
    const struct mud_batch *batch = stage->batch;
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->contents.n; i++) {
        size_t at = stage->fresh->order[i].row;
        const struct mud_row_content *row = &batch->contents.at[at];

        if (straight != stage->fresh->content[at])
            continue;
        if (!into(&copy,
                  stage,
                  table(straight, "stage_content"),
                  "content_id, field, lang, body, sketch, reader, category, "
                  "direction, is_offer, sure",
                  err))
            return false;
        mud_copy_row(copy, 10);
        mud_copy_id(copy, row->id);
        put_i16(copy, (int)row->field);
        put_text(copy, row->lang);
        put_text(copy, row->body);
        put_text(copy, row->sketch);
        mud_copy_i32(copy, stage->reader);
        put_i16(copy, (int)row->category);
        put_i16(copy, (int)row->direction);
        mud_copy_bool(copy, row->is_offer);
        put_i16(copy, row->sure);
    }
    return done(copy, err);
}

bool mud_stage_pending(struct mud_pg *pg, const struct mud_batch *batch,
                       const struct mud_fresh *fresh, struct mud_error *err)
{
    const struct stage stage = {pg, batch, 0, fresh};
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->contents.n; i++) {
        const struct mud_fresh_row *row = &fresh->order[i];

        if (!fresh->content[row->row])
            continue;
        if (!into(&copy, &stage, "stage_new", "content_id", err))
            return false;
        mud_copy_row(copy, 1);
        mud_copy_id(copy, row->id);
    }
    /* Not straight into its table: a content that was removed while it waited
     * may still stand there. */
    return !copy ||
           (done(copy, err) &&
            mud_pg_query(NULL, pg, mud_sql("content_pending"), NULL, 0, err));
}

static void post_row(struct mud_copy *copy, const struct mud_row_post *row,
                     bool straight)
{
    mud_copy_row(copy, 27);
    mud_copy_id(copy, row->content);
    mud_copy_id(copy, row->post);
    put_i16(copy, row->state);
    mud_copy_id(copy, row->thread);
    mud_copy_i32(copy, row->source);
    mud_copy_id(copy, row->author);
    mud_copy_id(copy, row->seller);
    mud_copy_id(copy, row->capture);
    mud_copy_time(copy, row->seen);
    put_i16(copy, row->rank);
    mud_copy_time(copy, row->first_seen);
    mud_copy_time(copy, row->last_seen);
    put_text(copy, row->key);
    if (row->position)
        mud_copy_i32(copy, row->position);
    else
        mud_copy_null(copy);
    put_text(copy, row->author_name);
    put_text(copy, row->author_key);
    mud_copy_time(copy, row->posted);
    put_i16(copy, (int)row->precision);
    mud_copy_time(copy, row->edited);
    mud_copy_id(copy, row->title);
    mud_copy_id(copy, row->signature);
    put_uuid(copy, row->reading_of);
    put_i16(copy, (int)row->category);
    put_i16(copy, (int)row->direction);
    mud_copy_bool(copy, row->is_offer);
    put_i16(copy, row->sure);
    if (straight && row->extra.n) /* text in staging */
        mud_copy_jsonb(copy, row->extra);
    else
        put_text_or_null(copy, row->extra);
}

static bool posts(const struct stage *stage, bool straight,
                  struct mud_error *err)
{
    const struct mud_batch *batch = stage->batch;
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->posts.n; i++) {
        if (batch->posts.at[i].dead || straight != stage->fresh->post[i])
            continue;
        if (!into(&copy,
                  stage,
                  table(straight, "stage_post"),
                  "content_id, post_id, state, thread_id, source_id, "
                  "author_id, seller_id, capture_id, seen_at, rank, "
                  "first_seen, last_seen, post_key, position, author, "
                  "author_key, posted_at, posted_precision, edited_at, "
                  "title_id, signature_id, reading_of, category, direction, "
                  "is_offer, sure, extra",
                  err))
            return false;
        post_row(copy, &batch->posts.at[i], straight);
    }
    return done(copy, err);
}

/*
 * Where what belongs to a post, or to a content alone (of: -1), goes. What a
 * text says by itself stands with it already when the text is not new; what
 * belongs to a row that a better one took the place of is dropped.
 */
static bool goes(const struct stage *stage, bool straight, int32_t of,
                 struct mud_id content)
{
    if (of < 0)
        return straight && mud_fresh_has(stage->fresh, stage->batch, content);
    return !stage->batch->posts.at[of].dead &&
           straight == stage->fresh->post[of];
}

static void annotation_row(struct mud_copy *copy,
                           const struct mud_row_annotation *row, int32_t reader)
{
    const struct mud_entity *e = &row->entity;
    bool amount = e->type == MUD_ENT_QUANTITY || e->type == MUD_ENT_PRICE;

    mud_copy_row(copy, 20);
    mud_copy_id(copy, row->content);
    put_uuid(copy, row->post);
    mud_copy_i32(copy, reader);
    mud_copy_i32(copy, row->no);
    put_i16(copy, e->type);
    put_i16(copy, e->field);
    put_i32(copy, e->field_index);
    put_i32(copy, e->at.start);
    put_i32(copy, e->at.end);
    put_text(copy, e->kind);
    put_text_or_null(copy, e->value);
    put_text_or_null(copy, e->role);
    put_number(copy, amount ? e->min : (double)NAN);
    put_number(copy, amount ? e->max : (double)NAN);
    put_text_or_null(copy, e->unit);
    put_number(copy, e->type == MUD_ENT_PRICE ? e->per_qty : (double)NAN);
    put_text_or_null(copy, e->currency);
    if (e->of < 0 || !amount)
        mud_copy_null(copy);
    else
        mud_copy_i32(copy, e->of);
    mud_copy_i32(copy, e->rule);
    put_i16(copy, e->sure);
}

static bool annotations(const struct stage *stage, bool straight,
                        struct mud_error *err)
{
    const struct mud_batch *batch = stage->batch;
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->annotations.n; i++) {
        const struct mud_row_annotation *row = &batch->annotations.at[i];

        if (!goes(stage, straight, row->of, row->content))
            continue;
        if (!into(&copy,
                  stage,
                  table(straight, "stage_annotation"),
                  "content_id, post_id, reader, ann_no, type, field, "
                  "field_index, span_start, span_end, kind, value, role, low, "
                  "high, unit, per_qty, currency, of_no, rule, sure",
                  err))
            return false;
        annotation_row(copy, row, stage->reader);
    }
    return done(copy, err);
}

static void offer_row(struct mud_copy *copy, const struct mud_row_offer *row,
                      int32_t reader)
{
    mud_copy_row(copy, 13);
    mud_copy_id(copy, row->content);
    put_uuid(copy, row->post);
    mud_copy_i32(copy, reader);
    mud_copy_i16(copy, row->no);
    put_i16(copy, (int)row->category);
    put_i16(copy, (int)row->direction);
    put_text(copy, row->product);
    put_number(copy, row->low);
    put_number(copy, row->high);
    put_text_or_null(copy, row->unit);
    put_i16(copy, row->sure);
    if (row->placed) {
        put_i32(copy, row->at.start);
        put_i32(copy, row->at.end);
    } else {
        mud_copy_null(copy);
        mud_copy_null(copy);
    }
}

static bool offers(const struct stage *stage, bool straight,
                   struct mud_error *err)
{
    const struct mud_batch *batch = stage->batch;
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->offers.n; i++) {
        const struct mud_row_offer *row = &batch->offers.at[i];

        if (!goes(stage, straight, row->of, row->content))
            continue;
        if (!into(&copy,
                  stage,
                  table(straight, "stage_offer"),
                  "content_id, post_id, reader, offer_no, category, "
                  "direction, product, low, high, unit, sure, span_start, "
                  "span_end",
                  err))
            return false;
        offer_row(copy, row, stage->reader);
    }
    return done(copy, err);
}

static void price_row(struct mud_copy *copy, const struct mud_row_price *row,
                      int32_t reader)
{
    mud_copy_row(copy, 13);
    mud_copy_id(copy, row->content);
    put_uuid(copy, row->post);
    mud_copy_i32(copy, reader);
    mud_copy_i16(copy, row->offer);
    mud_copy_i16(copy, row->no);
    put_number(copy, row->low);
    put_number(copy, row->high);
    put_text(copy, row->currency);
    put_text(copy, row->per);
    put_number(copy, row->per_qty);
    put_text(copy, row->role);
    put_i32(copy, row->at.start);
    put_i32(copy, row->at.end);
}

static bool prices(const struct stage *stage, bool straight,
                   struct mud_error *err)
{
    const struct mud_batch *batch = stage->batch;
    struct mud_copy *copy = NULL;

    for (size_t i = 0; i < batch->prices.n; i++) {
        const struct mud_row_price *row = &batch->prices.at[i];

        if (!goes(stage, straight, row->of, row->content))
            continue;
        if (!into(&copy,
                  stage,
                  table(straight, "stage_price"),
                  "content_id, post_id, reader, offer_no, price_no, low, "
                  "high, currency, per, per_qty, role, span_start, span_end",
                  err))
            return false;
        price_row(copy, row, stage->reader);
    }
    return done(copy, err);
}

static bool parts(struct mud_pg *pg, const struct mud_batch *batch,
                  struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->parts.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_part (content_id, post_id, capture_id, "
                        "seen_at, posted_at) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < batch->parts.n; i++) {
        const struct mud_row_part *row = &batch->parts.at[i];

        mud_copy_row(copy, 5);
        mud_copy_id(copy, row->content);
        mud_copy_id(copy, row->post);
        mud_copy_id(copy, row->capture);
        mud_copy_time(copy, row->seen);
        mud_copy_time(copy, row->posted);
    }
    return mud_copy_end(copy, NULL, err);
}

bool mud_stage_threads(struct mud_pg *pg, const struct mud_batch *batch,
                       struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->threads.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_thread (thread_id, source_id, engine, "
                        "site, board, thread_key, title, seen_at) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < batch->threads.n; i++) {
        const struct mud_row_thread *row = &batch->threads.at[i];

        mud_copy_row(copy, 8);
        mud_copy_id(copy, row->id);
        mud_copy_i32(copy, row->source);
        put_text(copy, row->engine);
        put_text(copy, row->site);
        put_text(copy, row->board);
        put_text(copy, row->key);
        put_text(copy, row->title);
        mud_copy_time(copy, row->seen);
    }
    return mud_copy_end(copy, NULL, err);
}

static bool entities(struct mud_pg *pg, const struct mud_batch *batch,
                     struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->entities.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_entity (entity_id, kind, type, value, "
                        "shown, first_seen, last_seen) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < batch->entities.n; i++) {
        const struct mud_row_entity *row = &batch->entities.at[i];

        mud_copy_row(copy, 7);
        mud_copy_id(copy, row->node.id);
        put_i16(copy, row->node.kind);
        put_text(copy, row->node.type);
        put_text(copy, row->node.value);
        put_text(copy, row->node.shown);
        mud_copy_time(copy, row->first);
        mud_copy_time(copy, row->last);
    }
    return mud_copy_end(copy, NULL, err);
}

static bool names(struct mud_pg *pg, const struct mud_batch *batch,
                  struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->names.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_name (entity_id, name, first_posted, "
                        "last_posted, first_seen, last_seen) "
                        "FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < batch->names.n; i++) {
        const struct mud_row_name *row = &batch->names.at[i];

        mud_copy_row(copy, 6);
        mud_copy_id(copy, row->node);
        put_text(copy, row->name);
        mud_copy_time(copy, row->first_posted);
        mud_copy_time(copy, row->last_posted);
        mud_copy_time(copy, row->first_seen);
        mud_copy_time(copy, row->last_seen);
    }
    return mud_copy_end(copy, NULL, err);
}

/* Said once, stored from either end. */
static bool claims(struct mud_pg *pg, const struct mud_batch *batch,
                   struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->claims.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_claim (src, kind, dst, fwd, first_seen, "
                        "last_seen) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < 2 * batch->claims.n; i++) {
        const struct mud_row_claim *row = &batch->claims.at[i / 2];
        bool fwd = i % 2 == 0;

        mud_copy_row(copy, 6);
        mud_copy_id(copy, fwd ? row->a : row->b);
        put_i16(copy, (int)row->kind);
        mud_copy_id(copy, fwd ? row->b : row->a);
        mud_copy_bool(copy, fwd);
        mud_copy_time(copy, row->first);
        mud_copy_time(copy, row->last);
    }
    return mud_copy_end(copy, NULL, err);
}

static void evidence_row(struct mud_copy *copy,
                         const struct mud_row_evidence *row, int32_t reader)
{
    mud_copy_row(copy, 16);
    mud_copy_id(copy, row->a);
    put_i16(copy, (int)row->kind);
    mud_copy_id(copy, row->b);
    mud_copy_id(copy, row->content);
    mud_copy_id(copy, row->post);
    mud_copy_id(copy, row->capture);
    mud_copy_time(copy, row->captured);
    mud_copy_time(copy, row->seen);
    mud_copy_i32(copy, reader);
    put_i16(copy, (int)row->field);
    put_i32(copy, row->field_index);
    put_i32(copy, row->at.start);
    put_i32(copy, row->at.end);
    mud_copy_i32(copy, row->rule);
    put_i16(copy, row->sure);
    put_i16(copy, (int)row->category);
}

static bool evidence(struct mud_pg *pg, const struct mud_batch *batch,
                     int32_t reader, struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!batch->evidence.n)
        return true;
    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_evidence (a, kind, b, content_id, post_id, "
                        "capture_id, captured_at, seen_at, reader, field, "
                        "field_index, span_start, span_end, rule, sure, "
                        "category) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < batch->evidence.n; i++)
        evidence_row(copy, &batch->evidence.at[i], reader);
    return mud_copy_end(copy, NULL, err);
}

bool mud_stage_contents(struct mud_pg *pg, const struct mud_batch *batch,
                        int32_t reader, const struct mud_fresh *fresh,
                        bool straight, struct mud_error *err)
{
    const struct stage stage = {pg, batch, reader, fresh};

    return contents(&stage, straight, err);
}

bool mud_stage_batch(struct mud_pg *pg, const struct mud_batch *batch,
                     int32_t reader, const struct mud_fresh *fresh,
                     struct mud_error *err)
{
    const struct stage stage = {pg, batch, reader, fresh};

    return posts(&stage, false, err) && annotations(&stage, false, err) &&
           offers(&stage, false, err) && prices(&stage, false, err) &&
           parts(pg, batch, err) && entities(pg, batch, err) &&
           names(pg, batch, err) && claims(pg, batch, err) &&
           evidence(pg, batch, reader, err);
}

bool mud_stage_fresh(struct mud_pg *pg, const struct mud_batch *batch,
                     int32_t reader, const struct mud_fresh *fresh,
                     struct mud_error *err)
{
    const struct stage stage = {pg, batch, reader, fresh};

    return posts(&stage, true, err) && annotations(&stage, true, err) &&
           offers(&stage, true, err) && prices(&stage, true, err);
}
