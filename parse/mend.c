#include "parse/mend.h"

#include "parse/generic.h"

#include <stdlib.h>

/* What no post of the page has. */
static unsigned missing(const struct mud_parsed *out)
{
    if (!out->n_posts)
        return MUD_MENDED_POST;
    unsigned none = MUD_MENDED_AUTHOR | MUD_MENDED_TIME | MUD_MENDED_BODY;
    for (size_t i = 0; i < out->n_posts; i++) {
        const struct mud_post *post = &out->posts[i];
        if (post->author.n || post->anonymous)
            none &= ~(unsigned)MUD_MENDED_AUTHOR;
        if (post->posted)
            none &= ~(unsigned)MUD_MENDED_TIME;
        /* Without a body, but with a reason for it. */
        if (post->state != MUD_POST_EMPTY)
            none &= ~(unsigned)MUD_MENDED_BODY;
    }
    return none;
}

static int by_id(const void *a, const void *b)
{
    const struct mud_post *x = *(const struct mud_post *const *)a;
    const struct mud_post *y = *(const struct mud_post *const *)b;
    return mud_str_cmp(x->post, y->post);
}

/* Posts of both readings meet by their numbers. */
static const struct mud_post *same(const struct mud_post *const *sorted,
                                   size_t n, const struct mud_post *post)
{
    const struct mud_post *const *at =
        bsearch(&post, sorted, n, sizeof(const void *), by_id);
    return at ? *at : NULL;
}

static unsigned take(struct mud_post *post, const struct mud_post *from,
                     unsigned none)
{
    unsigned got = 0;
    if ((none & MUD_MENDED_AUTHOR) && from->author.n) {
        post->author = from->author;
        if (!post->author_id.n)
            post->author_id = from->author_id;
        got |= MUD_MENDED_AUTHOR;
    }
    if ((none & MUD_MENDED_TIME) && from->posted) {
        post->posted = from->posted;
        post->posted_precision = from->posted_precision;
        got |= MUD_MENDED_TIME;
    }
    if ((none & MUD_MENDED_BODY) && from->body.n) {
        post->body = from->body;
        post->quotes = from->quotes;
        post->n_quotes = from->n_quotes;
        post->links = from->links;
        post->n_links = from->n_links;
        post->images = from->images;
        post->n_images = from->n_images;
        post->state = from->state;
        got |= MUD_MENDED_BODY;
    }
    post->mended = (uint8_t)got;
    return got;
}

static unsigned fill(struct mud_parsed *out, const struct mud_parsed *by,
                     unsigned none, struct mud_arena *arena)
{
    size_t n = out->n_posts;
    struct mud_post *posts = mud_arena_array(arena, n, sizeof(*posts));
    const struct mud_post **sorted =
        mud_arena_array(arena, by->n_posts + 1, sizeof(const void *));
    for (size_t i = 0; i < by->n_posts; i++)
        sorted[i] = &by->posts[i];
    qsort((void *)sorted, by->n_posts, sizeof(const void *), by_id);
    memcpy(posts, out->posts, n * sizeof(*posts));
    unsigned got = 0;
    for (size_t i = 0; i < n; i++) {
        const struct mud_post *from = same(sorted, by->n_posts, &posts[i]);
        if (from)
            got |= take(&posts[i], from, none);
    }
    out->posts = posts;
    return got;
}

/* All posts of the other reading, under the names that this one gave. */
static unsigned adopt(struct mud_parsed *out, const struct mud_parsed *by,
                      enum mud_view view, struct mud_arena *arena)
{
    size_t n = by->n_posts;
    struct mud_post *posts = mud_arena_array(arena, n, sizeof(*posts));
    memcpy(posts, by->posts, n * sizeof(*posts));
    if (!out->thread.n)
        out->thread = by->thread;
    for (size_t i = 0; i < n; i++) {
        posts[i].engine = out->engine;
        posts[i].board = out->board;
        posts[i].thread = out->thread;
        posts[i].thread_title = out->title;
        posts[i].view = view;
        posts[i].mended = MUD_MENDED_POST | MUD_MENDED_AUTHOR |
                          MUD_MENDED_TIME | MUD_MENDED_BODY;
    }
    out->posts = posts;
    out->n_posts = n;
    return MUD_MENDED_POST;
}

/* The place for texts is there: what it holds is what the posts say. */
static bool has_texts(struct mud_sight *sight)
{
    const struct mud_page *page = sight->page;
    return mud_select_first(
               sight->engine->post.body, page, 0, page->n, &sight->steps) !=
           MUD_NO_NODE;
}

void mud_mend(struct mud_parsed *out, struct mud_sight *sight,
              const struct mud_url *url, struct mud_notes *notes)
{
    const struct mud_engine *engine = sight->engine;
    unsigned none = missing(out), got = 0;
    if ((none & MUD_MENDED_BODY) && has_texts(sight))
        none &= ~(unsigned)MUD_MENDED_BODY;
    if (out->kind != MUD_PAGE_THREAD || !none ||
        engine->view != MUD_VIEW_THREAD || engine->post.flat)
        return;
    struct mud_parsed by = {
        .url = out->url, .site = out->site, .title = out->title};
    struct mud_notes unheard = {.arena = sight->arena};
    memset(sight->skip, 0, sight->page->n);
    sight->engine = mud_engine_find(MUD_STR("generic"));
    if (mud_generic_read(&by, sight, url, &unheard) && by.n_posts)
        got = none & MUD_MENDED_POST
                  ? adopt(out, &by, engine->view, sight->arena)
                  : fill(out, &by, none, sight->arena);
    sight->engine = engine;
    if (got)
        mud_notes_add(notes,
                      "warning",
                      "reskinned",
                      0,
                      "no place that %.*s names holds%s%s%s%s: read by the "
                      "structure of the page, less sure",
                      MUD_FMT(engine->name),
                      got & MUD_MENDED_POST ? " posts" : "",
                      got & MUD_MENDED_AUTHOR ? " authors" : "",
                      got & MUD_MENDED_TIME ? " times" : "",
                      got & MUD_MENDED_BODY ? " texts" : "");
}
