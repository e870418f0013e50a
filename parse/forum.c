#include "parse/forum.h"

#include <stdarg.h>
#include <stdio.h>

void mud_notes_add(struct mud_notes *notes, const char *severity,
                   const char *code, uint64_t byte, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    size_t len = n < 0                      ? 0
                 : (size_t)n < sizeof(text) ? (size_t)n
                                            : sizeof(text) - 1;
    notes->items = mud_arena_grow(notes->arena,
                                  notes->items,
                                  &notes->cap,
                                  notes->n,
                                  sizeof(*notes->items));
    notes->items[notes->n++] = (struct mud_note){
        severity,
        code,
        mud_str_of(mud_arena_dup(notes->arena, text, len), len),
        byte};
}

struct list {
    struct mud_str *items;
    size_t n, cap;
};

static void add(struct mud_sight *sight, struct list *list,
                struct mud_str value)
{
    if (!value.n || list->n >= MUD_LISTED_MAX ||
        (list->n && mud_str_eq(list->items[list->n - 1], value)))
        return;
    list->items = mud_arena_grow(
        sight->arena, list->items, &list->cap, list->n, sizeof(*list->items));
    list->items[list->n++] = value;
}

/* An address in a post: absolute; other schemes than http as they stand. */
static struct mud_str address(struct mud_sight *sight, struct mud_str ref)
{
    struct mud_url url;
    ref = mud_str_trim(ref);
    if (!ref.n || ref.s[0] == '#' ||
        mud_str_istarts(ref, MUD_STR("javascript:")) ||
        mud_str_istarts(ref, MUD_STR("data:")))
        return (struct mud_str){0};
    if (mud_sight_url(sight, ref, &url))
        return url.text;
    size_t colon = mud_str_chr(ref, ':');
    return colon != MUD_NPOS && colon < 16 && ref.n <= MUD_URL_MAX
               ? ref
               : (struct mud_str){0};
}

/* Links, images and attachments of the author's own words. */
static void collect(struct mud_post *post, struct mud_sight *sight,
                    uint32_t from, uint32_t to)
{
    const struct mud_engine *e = sight->engine;
    struct list links = {0}, images = {0};
    for (uint32_t i = from; i < to;) {
        const struct mud_node *node = &sight->page->nodes[i];
        if (sight->skip[i] & (MUD_SKIP_DROP | MUD_SKIP_QUOTE)) {
            i = node->end;
            continue;
        }
        if (mud_str_eqz(node->tag, "a"))
            add(sight, &links, address(sight, mud_node_attr(node, "href")));
        else if (!(sight->skip[i] & MUD_SKIP_ALT) &&
                 mud_select_match(
                     e->post.image, sight->page, i, &sight->steps)) {
            struct mud_str ref = mud_node_attr(node, "zoomfile");
            if (!ref.n)
                ref = mud_node_attr(node, "file");
            if (!ref.n)
                ref = mud_node_attr(node, "src");
            add(sight, &images, address(sight, ref));
        }
        i++;
    }
    post->links = links.items;
    post->n_links = links.n;
    post->images = images.items;
    post->n_images = images.n;
}

void mud_forum_files(struct mud_post *post, struct mud_sight *sight,
                     uint32_t from, uint32_t to)
{
    struct list list = {0};
    for (uint32_t i = from; i < to;) {
        i = mud_select_first(
            sight->engine->post.attachment, sight->page, i, to, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        add(sight, &list, mud_sight_text(sight, i, 0));
        i = sight->page->nodes[i].end;
    }
    post->attachments = list.items;
    post->n_attachments = list.n;
}

/* Light views say as text that a moderator masked the post. */
static bool masked(struct mud_post *post, const struct mud_engine *e)
{
    if (post->body.n > 120 || mud_str_chr(post->body, '\n') != MUD_NPOS)
        return false;
    for (size_t i = 0; i < e->post.masks.n; i++)
        if (mud_str_find(post->body, e->post.masks.items[i]) != MUD_NPOS) {
            post->body.n = 0;
            return true;
        }
    return false;
}

/* "This post was hidden" stands where the body was. */
static void drop_notice(struct mud_post *post)
{
    post->body.n = 0;
    post->n_links = post->n_images = post->n_quotes = 0;
}

static bool is_nobody(const struct mud_post *post, struct mud_sight *sight,
                      uint32_t node)
{
    const struct mud_engine *e = sight->engine;
    if (post->author_id.n)
        return false;
    for (size_t i = 0; i < e->post.nobody.n; i++)
        if (mud_str_eq(post->author, e->post.nobody.items[i]))
            return true;
    return mud_sight_cond(sight, &e->post.anonymous, node) != NULL;
}

void mud_forum_state(struct mud_post *post, struct mud_sight *sight,
                     uint32_t node)
{
    const struct mud_engine *e = sight->engine;
    if (mud_sight_cond(sight, &e->post.notice, node))
        drop_notice(post);
    struct mud_buf hidden = {.max = 64};
    for (size_t i = 0; i < e->post.hidden.n; i++) {
        const struct mud_conds one = {&e->post.hidden.items[i], 1};
        struct mud_str word = e->post.hidden.items[i].word;
        if (!mud_sight_cond(sight, &one, node) ||
            mud_word_in(mud_buf_view(&hidden), word))
            continue;
        if (hidden.n)
            mud_buf_c(&hidden, ' ');
        mud_buf_str(&hidden, word);
    }
    post->hidden = mud_str_dup(mud_buf_view(&hidden), sight->arena);
    mud_buf_free(&hidden);
    post->anonymous = is_nobody(post, sight, node);
    /* The word for nobody is no name. */
    if (post->anonymous)
        post->author.n = 0;
    if (masked(post, e))
        post->state = MUD_POST_BLOCKED;
    for (size_t i = 0; i < e->post.tombs.n; i++)
        if (mud_str_eq(post->body, e->post.tombs.items[i]) &&
            mud_sight_cond(sight, &e->post.deleted, node))
            post->body.n = 0;
    if (post->body.n || post->state == MUD_POST_BLOCKED)
        return;
    if (mud_sight_cond(sight, &e->post.blocked, node))
        post->state = MUD_POST_BLOCKED;
    else if (mud_sight_cond(sight, &e->post.deleted, node))
        post->state = MUD_POST_DELETED;
    else if (mud_sight_cond(sight, &e->post.login, node))
        post->state = MUD_POST_LOGIN;
    else if (!post->n_images && !post->n_attachments && !post->n_quotes)
        post->state = MUD_POST_EMPTY;
}

/* "(Size: 24 bytes)" behind the link to a file: text without a node of its
 * own, up to the next element. */
static void drop_tails(struct mud_sight *sight, uint32_t node, uint32_t end)
{
    const struct mud_node *nodes = sight->page->nodes;
    for (uint32_t i = node; i < end;) {
        i = mud_select_first(
            sight->engine->post.tail, sight->page, i, end, &sight->steps);
        if (i == MUD_NO_NODE)
            return;
        uint32_t parent = nodes[i].parent;
        for (i = nodes[i].end;
             i < end && !nodes[i].tag.n && nodes[i].parent == parent;
             i++)
            sight->skip[i] |= MUD_SKIP_DROP;
    }
}

/* Lines in front of the body that tell of the post. */
static void take_heads(struct mud_post *post, const struct mud_engine *e)
{
    struct mud_str rest = post->body, line;
    for (unsigned i = 0; i < e->post.skip; i++)
        (void)mud_str_line(&rest, &line);
    post->body = mud_str_trim(rest);
    for (size_t i = 0; i < e->post.heads.n; i++) {
        rest = post->body;
        if (!mud_str_starts(post->body, e->post.heads.items[i]) ||
            !mud_str_line(&rest, &line))
            continue;
        post->body = mud_str_trim(rest);
        break;
    }
}

/* A line below the body that tells who edited it. */
static void take_foot(struct mud_post *post, const struct mud_engine *e)
{
    size_t at = mud_str_rchr(post->body, '\n');
    struct mud_str line = at == MUD_NPOS
                              ? post->body
                              : mud_str_sub(post->body, at + 1, post->body.n);
    for (size_t i = 0; i < e->post.feet.n; i++)
        if (mud_str_starts(line, e->post.feet.items[i])) {
            post->body =
                mud_str_trim(mud_str_sub(post->body, 0, post->body.n - line.n));
            return;
        }
}

void mud_forum_words(struct mud_post *post, struct mud_sight *sight,
                     uint32_t body)
{
    const struct mud_engine *e = sight->engine;
    uint32_t end = mud_sight_end(sight, body);
    mud_sight_mark(sight, e->post.drop, body, MUD_SKIP_DROP);
    drop_tails(sight, body, end);
    mud_sight_mark(sight, e->post.alt, body, MUD_SKIP_ALT);
    mud_sight_mark(sight, e->post.code, body, MUD_SKIP_CODE);
    mud_forum_quotes(post, sight, body + 1, end);
    post->body = mud_str_trim(
        mud_sight_text(sight, body, MUD_SKIP_DROP | MUD_SKIP_QUOTE));
    take_heads(post, e);
    take_foot(post, e);
    mud_forum_plain_quotes(post, sight);
    collect(post, sight, body + 1, end);
}

/* Images that stand beside the body, as addresses. */
static void gallery(struct mud_post *post, struct mud_sight *sight,
                    uint32_t from, uint32_t to)
{
    const struct mud_engine *e = sight->engine;
    struct list list = {0};
    for (size_t i = 0; e->post.gallery && i < post->n_images; i++)
        add(sight, &list, post->images[i]);
    for (uint32_t i = from; i < to; i = sight->page->nodes[i].end) {
        i = mud_select_first(
            e->post.gallery, sight->page, i, to, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        add(sight, &list, address(sight, mud_sight_text(sight, i, 0)));
    }
    if (!e->post.gallery)
        return;
    post->images = list.items;
    post->n_images = list.n;
}

static void body_of(struct mud_post *post, struct mud_sight *sight,
                    uint32_t node, uint32_t end)
{
    const struct mud_engine *e = sight->engine;
    mud_forum_files(post, sight, node, end);
    uint32_t body =
        e->post.flat ? node
                     : mud_select_first(
                           e->post.body, sight->page, node, end, &sight->steps);
    if (body == MUD_NO_NODE)
        body = mud_select_first(
            e->post.body_else, sight->page, node, end, &sight->steps);
    if (body != MUD_NO_NODE)
        mud_forum_words(post, sight, body);
    gallery(post, sight, node, end);
}

/* The first form of a post's address, rather one as the page's own is: with
 * or without its parts in the path. */
static const struct mud_rule *post_rule(const struct mud_engine *e,
                                        const struct mud_rule_hit *own)
{
    const struct mud_rule *found = NULL;
    for (size_t i = 0; i < e->n_rules; i++) {
        const struct mud_rule *rule = &e->rules[i];
        if (rule->kind == MUD_RULE_POST &&
            (!found || (own->rule && found->in_path != own->rule->in_path &&
                        rule->in_path == own->rule->in_path)))
            found = rule;
    }
    return found;
}

static struct mud_str permalink(const struct mud_parsed *page,
                                const struct mud_post *post,
                                struct mud_sight *sight)
{
    struct mud_rule_hit own, hit = {0};
    struct mud_url here;
    struct mud_error err = {0};
    if (!mud_url_parse(&here, page->url, sight->arena, &err))
        return (struct mud_str){0};
    size_t slash = mud_str_rchr(here.path, '/');
    if (slash == MUD_NPOS)
        return (struct mud_str){0};
    hit.folder = mud_str_sub(here.path, 0, slash + 1);
    if (mud_sight_rule(sight, &here, &own))
        hit.folder = own.folder;
    else if (sight->engine->view == MUD_VIEW_API)
        return (struct mud_str){0}; /* its folder is none of the board's */
    else
        own = (struct mud_rule_hit){0};
    hit.var[MUD_VAR_SLUG] = own.var[MUD_VAR_SLUG];
    hit.var[MUD_VAR_THREAD] = post->thread;
    hit.var[MUD_VAR_POST] = post->post;
    const struct mud_rule *rule = post_rule(sight->engine, &own);
    return rule
               ? mud_rule_write(rule, &hit, mud_url_origin(&here), sight->arena)
               : (struct mud_str){0};
}

static void reactions(struct mud_post *post, struct mud_sight *sight,
                      uint32_t node, uint32_t end)
{
    const struct mud_engine *e = sight->engine;
    struct mud_reaction *items = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = node; i < end && n < MUD_REACTIONS_MAX;) {
        i = mud_select_first(
            e->reaction.node, sight->page, i, end, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        uint32_t to = sight->page->nodes[i].end;
        uint32_t count = mud_sight_number(sight, &e->reaction.count, i, to);
        struct mud_str sign = mud_sight_pick(sight, &e->reaction.sign, i, to);
        i = to;
        if (!count)
            continue;
        items = mud_arena_grow(sight->arena, items, &cap, n, sizeof(*items));
        items[n++] =
            (struct mud_reaction){sign.n ? sign : e->reaction.name, count};
    }
    post->reactions = items;
    post->n_reactions = n;
}

/* Pages of the newest posts hold many threads. */
static void place_of(struct mud_post *post, struct mud_sight *sight,
                     const struct mud_parsed *page, uint32_t node, uint32_t end)
{
    const struct mud_engine *e = sight->engine;
    struct mud_str board = mud_sight_pick(sight, &e->post.board, node, end);
    struct mud_str thread = mud_sight_pick(sight, &e->post.thread, node, end);
    struct mud_str title =
        mud_sight_pick(sight, &e->post.thread_title, node, end);
    post->board = board.n ? board : page->board;
    post->thread = thread.n ? thread : page->thread;
    if (title.n)
        post->thread_title = title;
}

static void read_post(struct mud_post *post, struct mud_sight *sight,
                      const struct mud_parsed *page, uint32_t node)
{
    const struct mud_engine *e = sight->engine;
    uint32_t end = mud_sight_end(sight, node);
    enum mud_precision edited;
    post->view = e->view;
    post->engine = page->engine;
    post->site = page->site;
    place_of(post, sight, page, node, end);
    post->page_url = page->url;
    post->author = mud_sight_pick(sight, &e->post.author, node, end);
    post->author_id = mud_sight_pick(sight, &e->post.author_id, node, end);
    (void)mud_sight_date(
        sight, &e->post.time, node, &post->posted, &post->posted_precision);
    (void)mud_sight_date(sight, &e->post.edited, node, &post->edited, &edited);
    if (post->edited == post->posted) /* as first written */
        post->edited = 0;
    post->position = mud_sight_number(sight, &e->post.position, node, end);
    post->signature = mud_sight_pick(sight, &e->post.signature, node, end);
    post->author_role = mud_sight_pick(sight, &e->post.role, node, end);
    post->reply_to = mud_sight_pick(sight, &e->post.reply_to, node, end);
    post->service = mud_sight_pick(sight, &e->post.service, node, end);
    reactions(post, sight, node, end);
    body_of(post, sight, node, end);
    mud_forum_state(post, sight, node);
    post->url = permalink(page, post, sight);
}

/* Where the flat post of node number i ends: at the next one beside it. */
static uint32_t piece_end(struct mud_sight *sight, uint32_t i)
{
    const struct mud_page *page = sight->page;
    uint32_t parent = page->nodes[i].parent, at = page->nodes[i].end;
    uint32_t end = parent == MUD_NO_NODE ? page->n : page->nodes[parent].end;
    while (at < end &&
           !mud_select_match(sight->engine->post.node, page, at, &sight->steps))
        at = page->nodes[at].end;
    return at;
}

/* Some views have no ids: then an author and a time make a post. */
static bool is_post(struct mud_sight *sight, uint32_t i, struct mud_str id)
{
    const struct mud_engine *e = sight->engine;
    int64_t at;
    enum mud_precision precision;
    if (id.n || (e->post.id.n && !e->post.nameless))
        return id.n > 0;
    return mud_sight_pick(sight, &e->post.author, i, mud_sight_end(sight, i))
                   .n > 0 &&
           mud_sight_date(sight, &e->post.time, i, &at, &precision);
}

/* The place of a post that stands on another page. */
static bool is_stub(const struct mud_post *post, const struct mud_engine *e)
{
    for (size_t i = 0; i < e->post.stubs.n; i++)
        if (mud_str_eq(post->body, e->post.stubs.items[i]))
            return true;
    return false;
}

void mud_forum_posts(struct mud_parsed *out, struct mud_sight *sight,
                     struct mud_str thread_title, struct mud_notes *notes)
{
    const struct mud_engine *e = sight->engine;
    const struct mud_page *page = sight->page;
    struct mud_post *posts = NULL;
    size_t n = 0, cap = 0;
    struct mud_str outer = {0}; /* id of a post that others lie in */
    uint32_t outer_end = 0;
    uint32_t start = mud_sight_number(sight, &e->page.start, 0, page->n);
    for (uint32_t i = 0; i < page->n && n < MUD_POSTS_MAX;) {
        i = mud_select_first(e->post.node, page, i, page->n, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        sight->piece = i;
        sight->piece_end = e->post.flat ? piece_end(sight, i) : 0;
        uint32_t end = mud_sight_end(sight, i);
        struct mud_str id = mud_sight_pick(sight, &e->post.id, i, end);
        if (!is_post(sight, i, id)) {
            i++;
            continue;
        }
        posts = mud_arena_grow(sight->arena, posts, &cap, n, sizeof(*posts));
        posts[n].post = id;
        posts[n].thread_title = thread_title;
        read_post(&posts[n], sight, out, i);
        if (is_stub(&posts[n], e)) {
            i = end;
            continue;
        }
        if (!posts[n].position && e->page.start.n)
            posts[n].position = start + (uint32_t)n + 1;
        if (i < outer_end) {
            if (!posts[n].reply_to.n)
                posts[n].reply_to = outer;
        } else {
            outer = id;
            outer_end = end;
        }
        n++;
        i = e->post.nested ? i + 1 : end;
    }
    sight->piece_end = 0;
    out->posts = posts;
    out->n_posts = n;
    if (n == MUD_POSTS_MAX)
        mud_notes_add(notes,
                      "warning",
                      "too-many-posts",
                      0,
                      "more than %d posts on one page: the rest is left out",
                      MUD_POSTS_MAX);
}
