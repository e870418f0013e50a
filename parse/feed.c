#include "parse/feed.h"

#include "base/utf8.h"
#include "parse/parse.h"

/* "<b" or "</b": markup, where a lone "<" is text. */
static bool is_html(struct mud_str s)
{
    for (size_t i = 0; i + 1 < s.n; i++) {
        char c = (char)(s.s[i + 1] | 32);
        if (s.s[i] == '<' && (s.s[i + 1] == '/' || (c >= 'a' && c <= 'z')))
            return true;
    }
    return mud_str_find(s, MUD_STR("&amp;")) != MUD_NPOS ||
           mud_str_find(s, MUD_STR("&lt;")) != MUD_NPOS ||
           mud_str_find(s, MUD_STR("&#")) != MUD_NPOS;
}

/* A part of a feed as a page of its own. */
static bool fragment(struct mud_sight *sight, struct mud_page *page,
                     struct mud_str html, struct mud_error *err)
{
    if (!mud_page_read(page, html, sight->arena, err))
        return false;
    sight->page = page;
    sight->skip = mud_arena_alloc(sight->arena, page->n + 1);
    return true;
}

static bool author(struct mud_post *post, struct mud_sight *sight,
                   struct mud_str text, struct mud_error *err)
{
    struct mud_page page;
    struct mud_url url;
    struct mud_rule_hit hit;
    post->author = text;
    if (!is_html(text))
        return true;
    if (!fragment(sight, &page, text, err))
        return false;
    if (!page.n)
        return true;
    post->author = mud_str_trim(mud_sight_text(sight, 0, 0));
    for (uint32_t i = 0; i < page.n; i++)
        if (mud_str_eqz(page.nodes[i].tag, "a") &&
            mud_sight_url(sight, mud_node_attr(&page.nodes[i], "href"), &url) &&
            mud_sight_rule(sight, &url, &hit)) {
            post->author_id = hit.var[MUD_VAR_USER];
            break;
        }
    return true;
}

/* What the engine writes below the text in its feed, with a link to the
 * author. */
static void cut_foot(struct mud_post *post, struct mud_sight *sight)
{
    struct mud_str cut = sight->engine->feed.cut, rest = post->body, line;
    size_t keep = post->body.n;
    while (cut.n && rest.n) {
        size_t at = post->body.n - rest.n;
        if (!mud_str_line(&rest, &line))
            break;
        if (mud_str_starts(line, cut))
            keep = at;
    }
    if (keep == post->body.n)
        return;
    struct mud_url url;
    struct mud_rule_hit hit;
    post->body = mud_str_trim(mud_str_sub(post->body, 0, keep));
    if (post->n_links &&
        mud_sight_url(sight, post->links[post->n_links - 1], &url) &&
        mud_sight_rule(sight, &url, &hit) &&
        hit.rule->kind == MUD_RULE_PROFILE) {
        post->author_id = hit.var[MUD_VAR_USER];
        post->n_links--;
    }
}

/* Of engines with one name, the one whose quotations are in the text: an
 * address does not tell their versions. */
static const struct mud_engine *version_of(struct mud_sight *sight,
                                           const struct mud_page *page)
{
    const struct mud_engine *own = sight->engine;
    if (mud_select_first(own->quote.node, page, 0, page->n, &sight->steps) !=
        MUD_NO_NODE)
        return own;
    for (const struct mud_engine *const *e = mud_engines(); *e; e++)
        if ((*e)->view == own->view && own->name.n &&
            mud_str_eq((*e)->name, own->name) &&
            mud_select_first(
                (*e)->quote.node, page, 0, page->n, &sight->steps) !=
                MUD_NO_NODE)
            return *e;
    return own;
}

/* "Read full topic" below the text: a line that is a link to the post. */
static void cut_more(struct mud_post *post)
{
    if (!post->n_links || !post->url.n ||
        !mud_str_eq(post->links[post->n_links - 1], post->url))
        return;
    size_t line = mud_str_rchr(post->body, '\n');
    post->body =
        mud_str_trim(mud_str_sub(post->body, 0, line == MUD_NPOS ? 0 : line));
    post->n_links--;
}

static bool body(struct mud_post *post, struct mud_sight *sight,
                 struct mud_str text, struct mud_error *err)
{
    struct mud_page page;
    if (is_html(text)) {
        if (!fragment(sight, &page, text, err))
            return false;
        const struct mud_engine *own = sight->engine;
        sight->engine = version_of(sight, &page);
        if (page.n)
            mud_forum_words(post, sight, 0);
        sight->engine = own;
    } else {
        post->body = text;
    }
    cut_foot(post, sight);
    cut_more(post);
    if (!post->body.n && !post->n_images && !post->n_quotes)
        post->state = MUD_POST_EMPTY;
    return true;
}

static bool address(struct mud_sight *sight, const struct mud_feed_item *item,
                    struct mud_url *url)
{
    return mud_sight_url(sight, item->link, url) ||
           mud_sight_url(sight, item->id, url);
}

/* The engine whose rules know the addresses; NULL when none does. */
static const struct mud_engine *engine_of(const struct mud_feed *feed,
                                          struct mud_sight *sight,
                                          struct mud_str forced)
{
    if (forced.n)
        return mud_engine_find(forced);
    for (size_t i = 0; i < feed->n && i < 8; i++) {
        struct mud_url url;
        if (!address(sight, &feed->items[i], &url))
            continue;
        for (const struct mud_engine *const *e = mud_engines(); *e; e++) {
            struct mud_rule_hit hit;
            sight->engine = *e;
            if ((*e)->name.n && !(*e)->older && (*e)->view == MUD_VIEW_THREAD &&
                mud_sight_rule(sight, &url, &hit) &&
                (hit.rule->kind == MUD_RULE_THREAD ||
                 hit.rule->kind == MUD_RULE_POST))
                return *e;
        }
    }
    return NULL;
}

/* The thread of an item, once. */
static void offer(struct mud_parsed *out, struct mud_page_link *links,
                  const struct mud_url *url, const struct mud_rule_hit *hit,
                  const struct mud_post *post, struct mud_sight *sight)
{
    struct mud_arena *arena = sight->arena;
    struct mud_rule_hit first = *hit;
    const struct mud_engine *e = sight->engine;
    for (size_t i = 0; i < e->n_rules && first.rule->kind != MUD_RULE_THREAD;
         i++)
        if (e->rules[i].kind == MUD_RULE_THREAD)
            first.rule = &e->rules[i];
    first.var[MUD_VAR_PAGE] = first.var[MUD_VAR_START] = (struct mud_str){0};
    struct mud_str address =
        mud_rule_write(first.rule, &first, mud_url_origin(url), arena);
    if (!address.n || !post->thread.n)
        return;
    struct mud_str key =
        mud_str_printf(arena, "thread/%.*s/1", MUD_FMT(post->thread));
    for (size_t i = 0; i < out->n_links; i++)
        if (mud_str_eq(links[i].key, key))
            return;
    links[out->n_links++] = (struct mud_page_link){
        .url = address,
        .kind = MUD_PAGE_THREAD,
        .board = post->board,
        .thread = post->thread,
        .page = 1,
        .replies = -1,
        .last_post = post->posted,
        .key = key,
    };
}

static bool read_item(struct mud_post *post, struct mud_sight *sight,
                      const struct mud_feed_item *item, struct mud_error *err)
{
    const struct mud_engine *e = sight->engine;
    struct mud_str title = item->title;
    size_t at = e->feed.title.n ? mud_str_find(title, e->feed.title) : MUD_NPOS;
    if (at != MUD_NPOS)
        title = mud_str_trim(mud_str_sub(title, at + e->feed.title.n, title.n));
    if (mud_str_istarts(title, MUD_STR("Re: ")))
        title = mud_str_sub(title, 4, title.n);
    post->thread_title = title;
    post->view = MUD_VIEW_FEED;
    struct mud_str date = item->date.n ? item->date : item->updated;
    enum mud_precision edited;
    if (!mud_date_find(
            &post->posted, &post->posted_precision, date, &sight->dates))
        post->posted = 0;
    if (item->date.n &&
        (!mud_date_find(&post->edited, &edited, item->updated, &sight->dates) ||
         post->edited == post->posted))
        post->edited = 0;
    return author(post, sight, item->author, err) &&
           body(post, sight, item->body, err);
}

/* "...#post_31": the post, where the address names the thread alone. */
static struct mud_str anchored(const struct mud_engine *e, struct mud_str ref)
{
    size_t at = mud_str_rchr(ref, '#'), n = 0;
    struct mud_str id =
        at == MUD_NPOS ? (struct mud_str){0} : mud_str_sub(ref, at + 1, ref.n);
    if (!e->feed.anchor.n || !mud_str_starts(id, e->feed.anchor))
        return (struct mud_str){0};
    id = mud_str_sub(id, e->feed.anchor.n, id.n);
    while (n < id.n && id.s[n] >= '0' && id.s[n] <= '9')
        n++;
    return n && n == id.n && n <= 18 ? id : (struct mud_str){0};
}

/* Board, thread and post of an item, by its address and category; own is what
 * the rules say of the feed's address, or NULL. hit->rule stays NULL when they
 * know nothing of the item's. */
static void place(struct mud_post *post, struct mud_sight *sight,
                  const struct mud_feed_item *item,
                  const struct mud_rule_hit *own, struct mud_url *url,
                  struct mud_rule_hit *hit)
{
    struct mud_url board;
    struct mud_rule_hit in;
    bool known = address(sight, item, url);
    post->url = known ? url->text : (struct mud_str){0};
    post->thread = known ? url->text : item->id;
    if (known && mud_sight_rule(sight, url, hit)) {
        post->thread = hit->var[MUD_VAR_THREAD];
        post->post = hit->var[MUD_VAR_POST];
        if (!post->post.n)
            post->post = anchored(sight->engine, item->link);
        /* A link to a post alone: the feed may be that of a thread. */
        if (!post->thread.n && own)
            post->thread = own->var[MUD_VAR_THREAD];
    } else {
        hit->rule = NULL;
    }
    if (mud_sight_url(sight, item->board, &board) &&
        mud_sight_rule(sight, &board, &in) && in.rule->kind == MUD_RULE_BOARD)
        post->board = in.var[MUD_VAR_BOARD];
}

static void note_feed(struct mud_notes *notes, const struct mud_feed *feed)
{
    if (!feed->n)
        mud_notes_add(notes, "info", "empty-feed", 0, "a feed without items");
    if (feed->cut)
        mud_notes_add(notes,
                      "warning",
                      "too-many-posts",
                      0,
                      "more than %d items in one feed: the rest is left out",
                      MUD_FEED_ITEMS);
    if (feed->damaged)
        mud_notes_add(notes,
                      "warning",
                      "truncated",
                      0,
                      "the feed ends inside of an item");
}

bool mud_feed_read(struct mud_parsed *out, struct mud_str xml,
                   struct mud_str forced, struct mud_sight *sight,
                   struct mud_notes *notes, struct mud_error *err)
{
    static const struct mud_engine none = {0};
    struct mud_feed feed;
    struct mud_rule_hit own;
    if (xml.n > MUD_PAGE_BYTES_MAX)
        xml.n = mud_utf8_cut(xml, MUD_PAGE_BYTES_MAX);
    mud_feed_scan(&feed, xml, sight->arena);
    const struct mud_engine *e = engine_of(&feed, sight, forced);
    sight->engine = e ? e : &none;
    out->kind = MUD_PAGE_FEED;
    out->engine = e ? e->name : MUD_STR("feed");
    out->title = feed.title;
    bool ours = mud_sight_rule(sight, sight->base, &own);
    if (ours)
        out->board = own.var[MUD_VAR_BOARD];
    struct mud_post *posts =
        mud_arena_array(sight->arena, feed.n, sizeof(*posts));
    struct mud_page_link *links =
        mud_arena_array(sight->arena, feed.n, sizeof(*links));
    for (size_t i = 0; i < feed.n; i++) {
        struct mud_url url;
        struct mud_rule_hit hit = {0};
        struct mud_post *post = &posts[i];
        post->engine = out->engine;
        post->site = out->site;
        post->board = out->board;
        post->page_url = out->url;
        place(post, sight, &feed.items[i], ours ? &own : NULL, &url, &hit);
        if (!read_item(post, sight, &feed.items[i], err))
            return false;
        if (hit.rule && mud_url_same_origin(&url, sight->base))
            offer(out, links, &url, &hit, post, sight);
    }
    out->posts = posts;
    out->n_posts = feed.n;
    out->links = links;
    note_feed(notes, &feed);
    return true;
}
