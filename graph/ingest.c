#include "graph/ingest.h"

#include "graph/analyse.h"
#include "graph/notes.h"
#include "graph/write.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH   8192
#define WAITING 2 /* batches that wait for the writer */
#define BATCHES (WAITING + 2)
#define BYTES   ((size_t)64 << 20) /* of text in a batch: bounds memory */

struct mud_ingest {
    struct mud_analyst *analyst;
    struct mud_writer *writer;
    size_t size; /* posts of a batch */
    struct mud_batch *batches[BATCHES];
    struct mud_batch *filling; /* never NULL */
    bool open;                 /* between begin and end */
    struct mud_id capture;
    int64_t capture_posts;
    size_t capture_first; /* posts in the batch before this capture's */
    int32_t capture_source;
    int64_t capture_at;
    struct mud_note_tally notes;
    struct mud_fill tally; /* of the page, or of the run of messages */
    int32_t tally_part;
    bool tally_page;     /* what kind of page it is was said */
    char tally_kind[16]; /* "thread"... */
    char tally_engine[64];
    struct mud_ingest_count count;

    /* Shared with the writer's thread, under lock. */
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t change;
    struct mud_batch *waiting[WAITING];
    size_t n_waiting;
    struct mud_batch *free[BATCHES];
    size_t n_free;
    bool writing, stop, failed;
    struct mud_error why;
};

static void *write_loop(void *payload)
{
    struct mud_ingest *ingest = payload;

    pthread_mutex_lock(&ingest->lock);
    for (;;) {
        struct mud_batch *batch = NULL;
        struct mud_error err = {0};
        bool done = false, more = false;

        while (!ingest->n_waiting && !ingest->stop)
            pthread_cond_wait(&ingest->change, &ingest->lock);
        if (ingest->stop)
            break;
        batch = ingest->waiting[0];
        ingest->n_waiting--;
        memmove(ingest->waiting,
                ingest->waiting + 1,
                ingest->n_waiting * sizeof(struct mud_batch *));
        ingest->writing = true;
        more = ingest->n_waiting > 0;
        pthread_cond_broadcast(&ingest->change);
        pthread_mutex_unlock(&ingest->lock);
        done = mud_writer_write(ingest->writer, batch, more, &err);
        mud_batch_clear(batch);
        pthread_mutex_lock(&ingest->lock);
        ingest->writing = false;
        ingest->free[ingest->n_free++] = batch;
        if (!done && !ingest->failed) {
            ingest->failed = true;
            ingest->why = err;
        }
        /* Later batches lean on this one: none of them is written. */
        if (!done)
            ingest->stop = true;
        pthread_cond_broadcast(&ingest->change);
    }
    pthread_mutex_unlock(&ingest->lock);
    return NULL;
}

bool mud_ingest_new(struct mud_ingest **out,
                    const struct mud_ingest_options *options,
                    struct mud_error *err)
{
    struct mud_ingest *ingest = mud_calloc(1, sizeof(*ingest));
    const char *parser = options->parser ? options->parser : "1";

    ingest->size = options->batch ? options->batch : BATCH;
    ingest->analyst = mud_analyst_new(options->reader);
    for (size_t i = 0; i < BATCHES; i++)
        ingest->batches[i] = mud_batch_new();
    ingest->filling = ingest->batches[0];
    for (size_t i = 1; i < BATCHES; i++)
        ingest->free[ingest->n_free++] = ingest->batches[i];
    pthread_mutex_init(&ingest->lock, NULL);
    pthread_cond_init(&ingest->change, NULL);
    if (mud_writer_new(
            &ingest->writer, options->dsn, options->reader, parser, err)) {
        if (pthread_create(&ingest->thread, NULL, write_loop, ingest) == 0) {
            ingest->started = true;
            *out = ingest;
            return true;
        }
        mud_fail(err, MUD_EIO, "cannot start the writer's thread");
    }
    mud_ingest_free(ingest);
    return false;
}

void mud_ingest_free(struct mud_ingest *ingest)
{
    if (!ingest)
        return;
    if (ingest->started) {
        pthread_mutex_lock(&ingest->lock);
        ingest->stop = true;
        pthread_cond_broadcast(&ingest->change);
        pthread_mutex_unlock(&ingest->lock);
        pthread_join(ingest->thread, NULL);
    }
    pthread_cond_destroy(&ingest->change);
    pthread_mutex_destroy(&ingest->lock);
    mud_writer_free(ingest->writer);
    for (size_t i = 0; i < BATCHES; i++)
        mud_batch_free(ingest->batches[i]);
    mud_analyst_free(ingest->analyst);
    mud_note_tally_free(&ingest->notes);
    free(ingest);
}

bool mud_ingest_known(bool *known, struct mud_pg *pg, struct mud_id capture,
                      const struct mud_ingest_options *options,
                      struct mud_error *err)
{
    char id[MUD_ID_TEXT], reader[16];
    struct mud_str args[3] = {mud_str_z(mud_id_text(id, capture)),
                              mud_str_z(options->parser ? options->parser
                                                        : "1"),
                              {0}};
    struct mud_rows *rows = NULL;

    snprintf(reader,
             sizeof(reader),
             "%d",
             mud_reader_number(mud_reader_version(options->reader)));
    args[2] = mud_str_z(reader);
    if (!mud_pg_query(&rows, pg, mud_sql("content_known"), args, 3, err))
        return false;
    *known = mud_rows_int(rows, 0, 0) > 0;
    mud_rows_free(rows);
    return true;
}

/* Called with the lock held; gives it back in every case. */
static bool give_up(struct mud_ingest *ingest, struct mud_error *err)
{
    struct mud_error why = ingest->why;

    pthread_mutex_unlock(&ingest->lock);
    return mud_fail(err,
                    why.code ? why.code : MUD_EBUG,
                    "ingest: %s",
                    why.code ? why.text : "used after it was stopped");
}

/* Hand the batch to the writer and take an empty one. */
static bool submit(struct mud_ingest *ingest, struct mud_error *err)
{
    if (!ingest->filling->read && !ingest->filling->done.n)
        return true;
    pthread_mutex_lock(&ingest->lock);
    while (!ingest->stop && (ingest->n_waiting == WAITING || !ingest->n_free))
        pthread_cond_wait(&ingest->change, &ingest->lock);
    if (ingest->stop)
        return give_up(ingest, err);
    ingest->waiting[ingest->n_waiting++] = ingest->filling;
    ingest->filling = ingest->free[--ingest->n_free];
    pthread_cond_broadcast(&ingest->change);
    pthread_mutex_unlock(&ingest->lock);
    ingest->count.batches++;
    ingest->capture_first = 0;
    return true;
}

bool mud_ingest_begin(struct mud_ingest *ingest,
                      const struct mud_capture *capture, struct mud_error *err)
{
    if (ingest->open)
        return mud_fail(err, MUD_EBUG, "ingest: a capture is open already");
    mud_analyst_begin(ingest->analyst, capture);
    mud_note_tally_clear(&ingest->notes);
    ingest->open = true;
    ingest->capture = capture->id;
    ingest->capture_source = capture->source;
    ingest->capture_at = capture->at;
    ingest->capture_posts = 0;
    ingest->capture_first = ingest->filling->read;
    ingest->tally = (struct mud_fill){0};
    ingest->tally_part = 0;
    ingest->tally_page = false;
    mud_ingest_kind(ingest, MUD_STR(""), MUD_PAGE_CHAT);
    ingest->tally_page = false;
    return true;
}

void mud_ingest_kind(struct mud_ingest *ingest, struct mud_str engine,
                     enum mud_page_kind kind)
{
    ingest->tally_page = true;
    snprintf(ingest->tally_kind,
             sizeof(ingest->tally_kind),
             "%s",
             mud_page_kind_name(kind));
    snprintf(ingest->tally_engine,
             sizeof(ingest->tally_engine),
             "%.*s",
             MUD_FMT(engine));
}

static void put_tally(struct mud_ingest *ingest, bool last)
{
    struct mud_batch *batch = ingest->filling;
    struct mud_row_tally *row = MUD_ADD(&batch->tallies);

    *row = (struct mud_row_tally){
        .capture = ingest->capture,
        .part = ingest->tally_part++,
        .source = ingest->capture_source,
        .engine = mud_str_dup(mud_str_z(ingest->tally_engine), batch->arena),
        .kind = mud_str_dup(mud_str_z(ingest->tally_kind), batch->arena),
        .read = ingest->capture_at,
        .tally = ingest->tally,
        .last = last,
    };
    ingest->tally = (struct mud_fill){0};
}

/* Views of an engine are read by descriptions of their own. */
static void name_tally(struct mud_ingest *ingest, const struct mud_post *post)
{
    bool view = ingest->tally_page && post->view != MUD_VIEW_THREAD;

    snprintf(ingest->tally_engine,
             sizeof(ingest->tally_engine),
             "%.*s%s%s",
             (int)mud_str_sub(post->engine, 0, 40).n,
             post->engine.s,
             view ? "/" : "",
             view ? mud_view_name(post->view) : "");
}

static void tally(struct mud_ingest *ingest, const struct mud_post *post)
{
    if (!ingest->capture_posts)
        name_tally(ingest, post);
    mud_fill_post(&ingest->tally, post);
    if (!ingest->tally_page && ingest->tally.posts == MUD_FILL_RUN)
        put_tally(ingest, false);
}

static void note_odd(struct mud_ingest *ingest, const struct mud_post *post,
                     int odd)
{
    char text[200];
    struct mud_note note = {.severity = "warning", .byte = post->where.start};

    if (!odd)
        return;
    snprintf(text,
             sizeof(text),
             "post %.*s: %s",
             (int)mud_str_sub(post->post, 0, 60).n,
             post->post.s,
             odd & MUD_ODD_UNREAD ? "not read, its text is not kept"
                                  : "longer than the limits, cut");
    note.code = odd & MUD_ODD_UNREAD ? "unread" : "cut";
    note.text = mud_str_z(text);
    mud_ingest_note(ingest, &note);
}

/*
 * A capture stays in one batch as long as its own posts fit into one; the
 * batch may then hold up to twice its size. Bytes are a bound of their own.
 */
static bool full(const struct mud_ingest *ingest)
{
    size_t own = ingest->filling->read - ingest->capture_first;

    return own >= ingest->size ||
           mud_arena_used(ingest->filling->arena) >= BYTES;
}

bool mud_ingest_post(struct mud_ingest *ingest, const struct mud_post *post,
                     struct mud_error *err)
{
    return mud_ingest_post_shown(ingest, post, NULL, err);
}

bool mud_ingest_post_shown(struct mud_ingest *ingest,
                           const struct mud_post *post,
                           const struct mud_pictures *pictures,
                           struct mud_error *err)
{
    size_t before;
    int odd = 0;

    if (!ingest->open)
        return mud_fail(err, MUD_EBUG, "ingest: a post without a capture");
    if (full(ingest) && !submit(ingest, err))
        return false;
    tally(ingest, post);
    before = ingest->filling->posts.n;
    if (!mud_analyse(
            ingest->filling, &odd, ingest->analyst, post, pictures, err))
        return mud_fail_in(err, "post %.*s", MUD_FMT(post->post));
    note_odd(ingest, post, odd);
    ingest->capture_posts++;
    ingest->count.posts++;
    if (ingest->filling->posts.n > before)
        ingest->count.offers +=
            !mud_id_zero(ingest->filling->posts.at[before].seller);
    return true;
}

void mud_ingest_note(struct mud_ingest *ingest, const struct mud_note *note)
{
    mud_note_tally_add(&ingest->notes, note);
    ingest->count.notes++;
}

bool mud_ingest_end(struct mud_ingest *ingest, struct mud_error *err)
{
    struct mud_row_done *row = NULL;

    if (!ingest->open)
        return mud_fail(err, MUD_EBUG, "ingest: no capture is open");
    ingest->open = false;
    if (ingest->tally_page || ingest->tally.posts || ingest->tally_part)
        put_tally(ingest, true);
    row = MUD_ADD(&ingest->filling->done);
    row->capture = ingest->capture;
    row->posts = ingest->capture_posts;
    row->notes = mud_note_tally_json(&ingest->notes, ingest->filling->arena);
    ingest->count.captures++;
    /* Pages without posts fill a batch too. */
    ingest->filling->read++;
    if (ingest->filling->read < ingest->size &&
        mud_arena_used(ingest->filling->arena) < BYTES)
        return true;
    return submit(ingest, err);
}

void mud_ingest_drop(struct mud_ingest *ingest)
{
    ingest->open = false;
}

bool mud_ingest_page(struct mud_ingest *ingest,
                     const struct mud_capture *capture,
                     const struct mud_parsed *parsed, struct mud_error *err)
{
    if (!mud_ingest_begin(ingest, capture, err))
        return false;
    mud_ingest_kind(ingest, parsed->engine, parsed->kind);
    for (size_t i = 0; i < parsed->n_posts; i++)
        if (!mud_ingest_post(ingest, &parsed->posts[i], err))
            return false;
    for (size_t i = 0; i < parsed->n_notes; i++)
        mud_ingest_note(ingest, &parsed->notes[i]);
    return mud_ingest_end(ingest, err);
}

bool mud_ingest_flush(struct mud_ingest *ingest, struct mud_ingest_count *count,
                      struct mud_error *err)
{
    if (!ingest->open && !submit(ingest, err))
        return false;
    pthread_mutex_lock(&ingest->lock);
    while (!ingest->stop && (ingest->n_waiting || ingest->writing))
        pthread_cond_wait(&ingest->change, &ingest->lock);
    if (ingest->stop)
        return give_up(ingest, err);
    pthread_mutex_unlock(&ingest->lock);
    if (count)
        *count = ingest->count;
    return true;
}
