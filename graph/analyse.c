#include "graph/analyse.h"

#include "base/utf8.h"
#include "graph/work.h"

#include <stdlib.h>

/* Times outside 1970..9999 are some page's mistake, not a time. */
#define TIME_MAX INT64_C(253402300799000000)

struct mud_analyst *mud_analyst_new(const struct mud_reader *reader)
{
    struct mud_analyst *analyst = mud_calloc(1, sizeof(*analyst));

    analyst->reader = reader;
    analyst->number = mud_reader_number(mud_reader_version(reader));
    analyst->scratch = mud_arena_new();
    analyst->offers = mud_calloc(2, sizeof(*analyst->offers));
    analyst->known = mud_calloc(MUD_KNOWN, sizeof(*analyst->known));
    analyst->sellers = mud_calloc(MUD_SELLERS, sizeof(*analyst->sellers));
    return analyst;
}

void mud_analyst_free(struct mud_analyst *analyst)
{
    if (!analyst)
        return;
    mud_context_free(analyst->context);
    mud_arena_free(analyst->scratch);
    mud_buf_free(&analyst->title);
    mud_buf_free(&analyst->masked);
    free(analyst->offers);
    free(analyst->known);
    free(analyst->sellers);
    free(analyst);
}

void mud_analyst_begin(struct mud_analyst *analyst,
                       const struct mud_capture *capture)
{
    mud_context_free(analyst->context);
    analyst->context = mud_context_new();
    memset(analyst->sellers, 0, MUD_SELLERS * sizeof(*analyst->sellers));
    analyst->capture = capture->id;
    analyst->source = capture->source;
    analyst->at = capture->at > 0 ? capture->at : 1;
}

static struct mud_str trim(struct mud_work *work, struct mud_str s, size_t max)
{
    s = mud_utf8_clean(s, work->analyst->scratch, NULL);
    if (s.n <= max)
        return s;
    work->odd |= MUD_ODD_CUT;
    return mud_str_sub(s, 0, mud_utf8_cut(s, max));
}

static void trim_list(struct mud_work *work, const struct mud_str **list,
                      size_t *n)
{
    struct mud_str *out = NULL;

    if (*n > MUD_LIST_MAX) {
        work->odd |= MUD_ODD_CUT;
        *n = MUD_LIST_MAX;
    }
    out = mud_arena_array(work->analyst->scratch, *n + 1, sizeof(*out));
    for (size_t i = 0; i < *n; i++)
        out[i] = trim(work, (*list)[i], MUD_STRING_MAX);
    *list = out;
}

static void trim_quotes(struct mud_work *work)
{
    struct mud_post *post = &work->post;
    struct mud_quote *out = NULL;

    if (post->n_quotes > MUD_LIST_MAX) {
        work->odd |= MUD_ODD_CUT;
        post->n_quotes = MUD_LIST_MAX;
    }
    out = mud_arena_array(
        work->analyst->scratch, post->n_quotes + 1, sizeof(*out));
    for (size_t i = 0; i < post->n_quotes; i++) {
        const struct mud_quote *quote = &post->quotes[i];

        out[i].author = trim(work, quote->author, MUD_AUTHOR_MAX);
        out[i].post = trim(work, quote->post, MUD_STRING_MAX);
        out[i].text = trim(work, quote->text, MUD_SIGNATURE_MAX);
    }
    post->quotes = out;
}

static int64_t sane(int64_t us)
{
    return us > 0 && us <= TIME_MAX ? us : 0;
}

/* The post with its texts clean and everything within its budget. */
static void trim_post(struct mud_work *work, const struct mud_post *post)
{
    struct mud_post *to = &work->post;
    struct mud_str *const keys[] = {&to->engine,
                                    &to->site,
                                    &to->board,
                                    &to->thread,
                                    &to->post,
                                    &to->author_id,
                                    &to->hidden,
                                    &to->reply_to,
                                    &to->page_url,
                                    &to->url,
                                    &to->forward.from,
                                    &to->forward.chat,
                                    &to->forward.post,
                                    NULL};

    *to = *post;
    for (size_t i = 0; keys[i]; i++)
        *keys[i] = trim(work, *keys[i], MUD_STRING_MAX);
    to->author = trim(work, to->author, MUD_AUTHOR_MAX);
    to->thread_title = trim(work, to->thread_title, MUD_TITLE_MAX);
    to->body = trim(work, to->body, MUD_BODY_MAX);
    if (to->signature.s)
        to->signature = trim(work, to->signature, MUD_SIGNATURE_MAX);
    trim_list(work, &to->links, &to->n_links);
    trim_list(work, &to->images, &to->n_images);
    trim_list(work, &to->attachments, &to->n_attachments);
    trim_list(work, &to->buttons, &to->n_buttons);
    trim_list(work, &to->members, &to->n_members);
    trim_quotes(work);
    to->posted = sane(to->posted);
    to->edited = sane(to->edited);
    to->forward.date = sane(to->forward.date);
}

/* A forum thread's title is the words of who opened it. */
static void take_title(struct mud_work *work)
{
    if (work->post.position == 1 && work->group.kind &&
        mud_str_eq(work->group.type, work->post.site))
        work->title = work->post.thread_title;
}

static bool read_one(struct mud_work *work, struct mud_reading *out,
                     const struct mud_message *message,
                     struct mud_context *context)
{
    struct mud_error odd = {0};

    if (!message->text.n && !message->title.n && !message->signature.n &&
        !message->n_links && !message->n_buttons && !message->n_attachments) {
        out->lang = MUD_STR("und");
        return true;
    }
    if (mud_read(out,
                 work->analyst->reader,
                 message,
                 context,
                 work->analyst->scratch,
                 &odd))
        return true;
    *out = (struct mud_reading){.lang = MUD_STR("und")};
    return false;
}

/* There is but the body, and the thread's other posts changed nothing. */
static bool alone_is_whole(const struct mud_work *work)
{
    const struct mud_post *post = &work->post;

    return !work->whole.from_context && !work->title.n && !post->signature.n &&
           !post->n_links && !post->n_buttons && !work->n_pictures;
}

static bool read_pictures(struct mud_work *work)
{
    for (size_t i = 0; i < work->n_pictures; i++) {
        struct mud_message message = {0};

        mud_work_attach_alone(&message, work, i);
        if (!read_one(work, &work->pictures_alone[i], &message, NULL))
            return false;
    }
    return true;
}

/* Everything is read alone, so that equal texts say the same everywhere, and
 * once more together in context, for this post. */
static bool read_all(struct mud_work *work)
{
    const struct mud_post *post = &work->post;
    struct mud_message whole = {.id = post->post,
                                .text = post->body,
                                .title = work->title,
                                .author = post->author,
                                .author_id = post->author_id,
                                .signature = post->signature,
                                .links = post->links,
                                .n_links = post->n_links,
                                .buttons = post->buttons,
                                .n_buttons = post->n_buttons,
                                .thread = post->thread,
                                .reply_to = post->reply_to,
                                .posted = post->posted};
    struct mud_message body = {.text = post->body};
    struct mud_message title = {.title = work->title};
    struct mud_message signature = {.signature = post->signature};

    mud_work_attach(&whole, work);
    if (!read_one(work, &work->whole, &whole, work->analyst->context))
        return false;
    if (alone_is_whole(work)) {
        work->alone = work->whole;
        work->title_alone.lang = work->signature_alone.lang = MUD_STR("und");
        return true;
    }
    return read_one(work, &work->alone, &body, NULL) &&
           read_one(work, &work->title_alone, &title, NULL) &&
           read_one(work, &work->signature_alone, &signature, NULL) &&
           read_pictures(work);
}

/* No text of an unread post is kept: it may hold what must be masked. */
static void unread(struct mud_work *work)
{
    struct mud_post *post = &work->post;
    struct mud_reading none = {.lang = MUD_STR("und")};

    work->odd |= MUD_ODD_UNREAD;
    work->shown = false;
    post->state = MUD_POST_EMPTY;
    post->body = work->title = MUD_STR("");
    post->signature = (struct mud_str){0};
    post->n_links = post->n_buttons = post->n_quotes = 0;
    post->n_images = post->n_attachments = post->n_members = 0;
    work->whole = work->alone = none;
    work->title_alone = work->signature_alone = none;
    work->n_pictures = 0;
}

static bool entity_eq(const struct mud_entity *a, const struct mud_entity *b)
{
    return a->type == b->type && a->at.start == b->at.start &&
           a->at.end == b->at.end && mud_str_eq(a->kind, b->kind) &&
           mud_str_eq(a->value, b->value) && mud_str_eq(a->role, b->role);
}

/* The context says something about the text that the text alone does not. */
static bool differs(const struct mud_work *work)
{
    const struct mud_reading *a = &work->alone, *b = &work->whole;
    size_t i = 0, j = 0;

    if (a->category != b->category || a->direction != b->direction ||
        a->is_offer != b->is_offer)
        return true;
    for (;; i++, j++) {
        while (j < b->n_entities && b->entities[j].field != MUD_IN_TEXT)
            j++;
        if (i == a->n_entities || j == b->n_entities)
            break;
        if (!entity_eq(&a->entities[i], &b->entities[j]))
            return true;
    }
    return i < a->n_entities || j < b->n_entities ||
           !mud_offers_eq(work->alone_offers, work->whole_offers);
}

static bool add_part(struct mud_work *work, struct mud_id *id,
                     const struct mud_part *part, struct mud_error *err)
{
    struct mud_row_part *row = NULL;

    if (!part->text.n)
        return true;
    if (!mud_work_content(id, work, part, err))
        return false;
    row = MUD_ADD(&work->batch->parts);
    row->content = *id;
    row->post = work->post_id;
    row->capture = work->analyst->capture;
    row->seen = work->analyst->at;
    row->posted = work->post.posted;
    return true;
}

/* The title masked: most posts of a batch stand in the same few threads. */
static struct mud_str masked_title(struct mud_work *work)
{
    struct mud_analyst *analyst = work->analyst;
    struct mud_str title = work->post.thread_title;
    struct mud_message message = {.title = title};
    struct mud_reading reading = {0};

    if (mud_str_eq(title, mud_buf_view(&analyst->title)))
        return mud_buf_view(&analyst->masked);
    mud_buf_clear(&analyst->title);
    mud_buf_clear(&analyst->masked);
    mud_buf_str(&analyst->title, title);
    if (read_one(work, &reading, &message, NULL))
        mud_buf_str(
            &analyst->masked,
            mud_mask(title, MUD_IN_TITLE, 0, &reading, analyst->scratch));
    return mud_buf_view(&analyst->masked);
}

static void add_thread(struct mud_work *work)
{
    struct mud_batch *batch = work->batch;
    const struct mud_post *post = &work->post;
    struct mud_row_thread *row = NULL;
    bool known = false;
    size_t i =
        mud_id_set_put(batch->seen, work->thread_id, batch->threads.n, &known);

    /* The same thread of the same capture and title again. */
    if (known && batch->threads.at[i].seen == work->analyst->at &&
        mud_str_eq(batch->threads.at[i].title, post->thread_title) &&
        mud_str_eq(batch->threads.at[i].board, post->board))
        return;
    mud_id_set_change(batch->seen, work->thread_id, batch->threads.n);
    row = MUD_ADD(&batch->threads);
    row->id = work->thread_id;
    row->source = work->analyst->source;
    row->engine = mud_keep(batch, post->engine);
    row->site = mud_keep(batch, post->site);
    row->board = mud_keep(batch, post->board);
    row->key = mud_keep(batch, post->thread);
    row->title = mud_keep(batch, post->thread_title);
    row->seen = work->analyst->at;
}

static int rank_of(const struct mud_post *post)
{
    int precise = post->posted ? (int)post->posted_precision : 0;

    /* A thread's own page shows signatures and full texts; then the more
     * exact time. */
    return (post->view == MUD_VIEW_THREAD ? 0 : 8) + (precise ? precise : 7);
}

/* Both ids are digests already: a mix of them is as good as another. */
static struct mud_id row_key(const struct mud_work *work)
{
    struct mud_id key = work->content;

    for (size_t i = 0; i < sizeof(key.b); i++)
        key.b[i] ^= work->post_id.b[(i + 5) % sizeof(key.b)];
    key.b[0] ^= (uint8_t)(work->post.state + 1);
    return key;
}

static struct mud_row_post *place_row(struct mud_work *work)
{
    struct mud_batch *batch = work->batch;
    struct mud_row_post *row = NULL;
    struct mud_id key = row_key(work);
    int rank = rank_of(&work->post);
    bool known = false;
    size_t i = mud_id_set_put(batch->seen, key, batch->posts.n, &known);
    struct mud_row_post old = {0};

    if (known) {
        old = batch->posts.at[i];
        if (old.rank < rank ||
            (old.rank == rank &&
             (old.seen < work->analyst->at ||
              (old.seen == work->analyst->at &&
               mud_id_cmp(old.capture, work->analyst->capture) <= 0)))) {
            /* The older row stays; it has been seen again. */
            if (batch->posts.at[i].first_seen > work->analyst->at)
                batch->posts.at[i].first_seen = work->analyst->at;
            if (batch->posts.at[i].last_seen < work->analyst->at)
                batch->posts.at[i].last_seen = work->analyst->at;
            return NULL;
        }
        batch->posts.at[i].dead = true;
        mud_id_set_change(batch->seen, key, batch->posts.n);
    }
    work->row = (int32_t)batch->posts.n;
    row = MUD_ADD(&batch->posts);
    row->rank = rank;
    row->first_seen = row->last_seen = work->analyst->at;
    if (known && old.first_seen < row->first_seen)
        row->first_seen = old.first_seen;
    if (known && old.last_seen > row->last_seen)
        row->last_seen = old.last_seen;
    return row;
}

static void fill_row(struct mud_work *work, struct mud_row_post *row)
{
    struct mud_batch *batch = work->batch;
    const struct mud_post *post = &work->post;

    row->content = work->content;
    row->post = work->post_id;
    row->thread = work->thread_id;
    row->author = work->author.id;
    if (work->illicit) /* not for what its signature offers */
        row->seller = mud_work_seller(work).id;
    row->capture = work->analyst->capture;
    row->state = (int)post->state;
    row->source = work->analyst->source;
    row->position = post->position > INT32_MAX ? 0 : (int32_t)post->position;
    row->seen = work->analyst->at;
    row->key = mud_keep(batch, post->post);
    row->author_name = mud_keep(batch, post->author);
    row->author_key = mud_keep(batch, post->author_id);
    row->posted = post->posted;
    row->edited = post->edited;
    row->precision = post->posted ? post->posted_precision : MUD_UNKNOWN_TIME;
    row->title = work->title_id;
    row->signature = work->signature_id;
    row->category = work->whole.category;
    row->direction = work->whole.direction;
    row->is_offer = work->whole.is_offer;
    row->sure = work->whole.sure;
    row->extra = mud_work_extra(work);
}

static void add_post(struct mud_work *work)
{
    struct mud_row_post *row = place_row(work);
    bool own = work->shown && differs(work);

    if (!row)
        return;
    fill_row(work, row);
    if (own)
        row->reading_of = work->post_id;
    if (!work->shown)
        return;
    mud_work_annotate(work, work->row, work->content, &work->whole, own);
    if (own)
        mud_work_offers(work, work->row, work->content, work->whole_offers);
}

static void name_post(struct mud_work *work)
{
    struct mud_analyst *analyst = work->analyst;

    work->group = mud_node_group(&work->post);
    work->author = mud_node_author(&work->post, analyst->scratch);
    work->thread_id = mud_thread_id(analyst->source, &work->post);
}

/* The contents of a post: its body, which with the thread names it, and then
 * its parts. */
static bool add_contents(struct mud_work *work, struct mud_error *err)
{
    const struct mud_part body = {
        MUD_IN_TEXT, 0, work->post.body, &work->alone};
    const struct mud_part title = {
        MUD_IN_TITLE, 0, work->title, &work->title_alone};
    const struct mud_part signature = {
        MUD_IN_SIGNATURE, 0, work->post.signature, &work->signature_alone};

    if (!mud_work_content(&work->content, work, &body, err))
        return false;
    work->post_id =
        mud_post_id(work->analyst->source, &work->post, work->content);
    if (!add_part(work, &work->title_id, &title, err) ||
        !add_part(work, &work->signature_id, &signature, err))
        return false;
    for (size_t i = 0; i < work->n_pictures; i++) {
        const struct mud_part says = {MUD_IN_ATTACHMENT,
                                      work->pictures[i].place,
                                      work->pictures[i].text.text,
                                      &work->pictures_alone[i]};
        if (!add_part(work, &work->pictures_id[i], &says, err))
            return false;
    }
    return true;
}

bool mud_analyse(struct mud_batch *batch, int *odd, struct mud_analyst *analyst,
                 const struct mud_post *post,
                 const struct mud_pictures *pictures, struct mud_error *err)
{
    struct mud_work *work = NULL;
    bool done = false;

    mud_arena_reset(analyst->scratch);
    work = mud_arena_alloc(analyst->scratch, sizeof(*work));
    work->analyst = analyst;
    work->batch = batch;
    work->whole_offers = &analyst->offers[0];
    work->alone_offers = &analyst->offers[1];
    batch->read++;
    trim_post(work, post);
    if (pictures) {
        work->pictures = pictures->at;
        work->n_pictures = pictures->n;
    }
    name_post(work);
    work->shown = work->post.state == MUD_POST_SHOWN;
    take_title(work);
    if (!read_all(work))
        unread(work);
    work->post.thread_title = masked_title(work);
    work->group = mud_node_group(&work->post);
    mud_work_protect(work);
    mud_work_judge(work);
    mud_offers_of(work->alone_offers, &work->alone);
    mud_offers_of(work->whole_offers, &work->whole);
    done = add_contents(work, err);
    if (done) {
        add_thread(work);
        add_post(work);
        mud_work_pictures(work);
        mud_work_link(work);
    }
    *odd = work->odd;
    return done;
}
