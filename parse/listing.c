#include "parse/forum.h"

#include "base/hash.h"

#include <stdlib.h>

struct links {
    struct mud_sight *sight;
    const struct mud_parsed *page;
    struct mud_page_link *items;
    struct mud_rule_hit *hits;
    size_t n, cap, hits_cap;
    uint32_t *table; /* of keys: index + 1, open addressing */
    size_t size;
    const struct mud_rule *in_path[MUD_RULES]; /* forms that this site uses */
    struct mud_str in_folder[MUD_RULES];       /* and where */
    struct mud_str folder; /* that the board is installed in */
    struct mud_str beside; /* the path of the page's rule, up to its last "/" */
    uint64_t step;         /* least start above 0, or the engine's own */
    bool full;
};

static bool refused(const struct mud_engine *engine, struct mud_str query)
{
    struct mud_str name, value;
    while (mud_url_param_next(&query, &name, &value))
        for (size_t i = 0; i < engine->n_refuse; i++)
            if (mud_str_eq(engine->refuse[i], name))
                return true;
    return false;
}

static struct mud_str key_of(const struct mud_rule_hit *hit,
                             struct mud_arena *arena)
{
    bool thread = hit->rule->kind == MUD_RULE_THREAD;
    struct mud_str id = hit->var[thread ? MUD_VAR_THREAD : MUD_VAR_BOARD];
    struct mud_str page = hit->var[MUD_VAR_PAGE];
    struct mud_str start = hit->var[MUD_VAR_START];
    bool first = start.n && mud_str_eqz(start, "0");
    return mud_str_printf(arena,
                          "%s/%.*s/%s%.*s",
                          thread ? "thread" : "board",
                          MUD_FMT(id),
                          start.n && !first ? "from-" : "",
                          MUD_FMT(start.n && !first ? start
                                  : page.n          ? page
                                                    : MUD_STR("1")));
}

/* The slot of key, or a free one. */
static uint32_t *slot(struct links *links, struct mud_str key)
{
    size_t i = (size_t)mud_hash64(key.s, key.n) & (links->size - 1);
    while (links->table[i] &&
           !mud_str_eq(links->items[links->table[i] - 1].key, key))
        i = (i + 1) & (links->size - 1);
    return &links->table[i];
}

/* The link to the page that hit stands for, new or old; NULL when full. */
static struct mud_page_link *link_to(struct links *links,
                                     const struct mud_rule_hit *hit)
{
    struct mud_arena *arena = links->sight->arena;
    struct mud_str key = key_of(hit, arena);
    uint32_t *at = slot(links, key);
    if (*at)
        return &links->items[*at - 1];
    if (links->n >= MUD_LINKS_MAX) {
        links->full = true;
        return NULL;
    }
    links->items = mud_arena_grow(
        arena, links->items, &links->cap, links->n, sizeof(*links->items));
    links->hits = mud_arena_grow(
        arena, links->hits, &links->hits_cap, links->n, sizeof(*links->hits));
    links->hits[links->n] = *hit;
    struct mud_page_link *link = &links->items[links->n++];
    link->key = key;
    link->kind =
        hit->rule->kind == MUD_RULE_THREAD ? MUD_PAGE_THREAD : MUD_PAGE_BOARD;
    link->thread = hit->var[MUD_VAR_THREAD];
    link->board = hit->var[MUD_VAR_BOARD];
    /* A thread in a list, or this very thread: the board is this one. */
    if (!link->board.n && (links->page->kind == MUD_PAGE_BOARD ||
                           mud_str_eq(link->thread, links->page->thread)))
        link->board = links->page->board;
    link->replies = -1;
    link->page = 1;
    *at = (uint32_t)links->n;
    return link;
}

static bool number_of(struct mud_str s, uint64_t *n)
{
    return s.n <= 9 && mud_str_u64(s, n);
}

static void uses(struct links *links, const struct mud_rule_hit *hit)
{
    links->in_path[hit->rule->kind] = hit->rule;
    links->in_folder[hit->rule->kind] = hit->folder;
}

/* What an anchor leads to, when it may be offered. */
static bool offer(struct links *links, uint32_t node, struct mud_rule_hit *hit)
{
    struct mud_sight *sight = links->sight;
    struct mud_url url;
    struct mud_str ref = mud_node_attr(&sight->page->nodes[node], "href");
    if (!mud_sight_url(sight, ref, &url) ||
        !mud_url_same_origin(&url, sight->base) ||
        !mud_sight_rule(sight, &url, hit) ||
        (hit->rule->kind != MUD_RULE_THREAD &&
         hit->rule->kind != MUD_RULE_BOARD))
        return false;
    if (hit->rule->in_path)
        uses(links, hit);
    return !refused(sight->engine, url.query);
}

static void find_links(struct links *links)
{
    const struct mud_page *page = links->sight->page;
    for (uint32_t i = 0; i < page->n && !links->full; i++) {
        struct mud_rule_hit hit;
        if (!mud_str_eqz(page->nodes[i].tag, "a") || !offer(links, i, &hit) ||
            !link_to(links, &hit))
            continue;
        uint64_t start = 0;
        if (number_of(hit.var[MUD_VAR_START], &start) && start &&
            (!links->step || start < links->step))
            links->step = start;
    }
}

/* Addresses and page numbers, once the habits of the site are known. */
static void write_links(struct links *links)
{
    struct mud_sight *sight = links->sight;
    struct mud_str origin = mud_url_origin(sight->base);
    for (size_t i = 0; i < links->n; i++) {
        struct mud_rule_hit *hit = &links->hits[i];
        const struct mud_rule *rule =
            hit->rule->in_path ? hit->rule : links->in_path[hit->rule->kind];
        uint64_t n = 0;
        if (number_of(hit->var[MUD_VAR_PAGE], &n) && n)
            links->items[i].page = (uint32_t)n;
        if (number_of(hit->var[MUD_VAR_START], &n) && links->step)
            links->items[i].page = (uint32_t)(n / links->step) + 1;
        struct mud_str url = {0};
        if (rule != hit->rule &&
            !mud_str_eq(links->in_folder[hit->rule->kind], hit->folder))
            rule = NULL; /* the archiver's form is none of the board's */
        if (rule && (!hit->var[MUD_VAR_START].n || hit->rule->in_path))
            url = mud_rule_write(rule, hit, origin, sight->arena);
        if (!url.n)
            url = mud_rule_write(hit->rule, hit, origin, sight->arena);
        links->items[i].url = url;
    }
}

/* The first rule of a kind that can write the page, rather one below the path
 * of the page's own: "api/v3/". */
static const struct mud_rule *data_rule(const struct links *links,
                                        enum mud_rule_kind kind, uint32_t page)
{
    const struct mud_engine *e = links->sight->engine;
    const struct mud_rule *found = NULL;
    for (size_t i = 0; i < e->n_rules; i++) {
        const struct mud_rule *rule = &e->rules[i];
        if (rule->kind != kind ||
            (page > 1 &&
             mud_str_find(rule->query, MUD_STR("{page}")) == MUD_NPOS &&
             mud_str_find(rule->query, MUD_STR("{start}")) == MUD_NPOS))
            continue;
        if (mud_str_starts(rule->path, links->beside))
            return rule;
        if (!found)
            found = rule;
    }
    return found;
}

/* A page that no anchor leads to. */
static void offer_page(struct links *links, enum mud_rule_kind kind,
                       struct mud_str id, uint32_t page)
{
    struct mud_sight *sight = links->sight;
    const struct mud_engine *e = sight->engine;
    struct mud_rule_hit hit = {
        .rule = data_rule(links, kind, page),
        .folder = links->folder,
    };
    if (!hit.rule || !id.n)
        return;
    struct mud_str number = mud_str_printf(sight->arena, "%u", (unsigned)page);
    hit.var[kind == MUD_RULE_THREAD ? MUD_VAR_THREAD : MUD_VAR_BOARD] = id;
    if (page > 1 &&
        mud_str_find(hit.rule->query, MUD_STR("{start}")) != MUD_NPOS)
        hit.var[MUD_VAR_START] = mud_str_printf(
            sight->arena, "%u", (unsigned)(e->page.step * (page - 1)));
    else if (page > 1)
        hit.var[MUD_VAR_PAGE] = number;
    (void)link_to(links, &hit);
}

/* Ids that nodes of a kind hold, as links. */
static void offer_nodes(struct links *links, const struct mud_select *node,
                        const struct mud_picks *id, enum mud_rule_kind kind)
{
    struct mud_sight *sight = links->sight;
    const struct mud_page *page = sight->page;
    for (uint32_t i = 0; i < page->n && !links->full;) {
        i = mud_select_first(node, page, i, page->n, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        offer_page(
            links, kind, mud_sight_pick(sight, id, i, page->nodes[i].end), 1);
        i++;
    }
}

/* What the page calls the next one, in the form of this one's address. */
static void offer_next(struct links *links, const struct mud_rule_hit *own)
{
    struct mud_sight *sight = links->sight;
    struct mud_url url;
    struct mud_rule_hit hit;
    struct mud_str ref =
        mud_sight_pick(sight, &sight->engine->page.next, 0, sight->page->n);
    if (!mud_sight_url(sight, ref, &url) ||
        !mud_url_same_origin(&url, sight->base) ||
        !mud_sight_rule(sight, &url, &hit))
        return;
    if (own && own->rule->kind == hit.rule->kind)
        hit.rule = own->rule;
    if (hit.rule->kind == MUD_RULE_THREAD || hit.rule->kind == MUD_RULE_BOARD)
        (void)link_to(links, &hit);
}

/* At most so many further pages of a list are offered at once. */
#define PAGER_MAX 100

/* JSON has no anchors: rows, boards, the threads of posts and the pager say
 * what there is to read. */
static void offer_data(struct links *links, const struct mud_parsed *out,
                       const struct mud_rule_hit *own)
{
    const struct mud_engine *e = links->sight->engine;
    bool thread = out->kind == MUD_PAGE_THREAD;
    if (!own) /* where the board is installed, no one knows */
        return;
    links->folder = own->folder;
    links->beside =
        mud_str_sub(own->rule->path, 0, mud_str_rchr(own->rule->path, '/') + 1);
    offer_next(links, own);
    offer_nodes(links, e->row.node, &e->row.thread, MUD_RULE_THREAD);
    offer_nodes(links, e->place.node, &e->place.board, MUD_RULE_BOARD);
    offer_nodes(links, e->post.node, &e->post.thread, MUD_RULE_THREAD);
    if (!thread && out->kind != MUD_PAGE_BOARD)
        return;
    enum mud_rule_kind kind = thread ? MUD_RULE_THREAD : MUD_RULE_BOARD;
    struct mud_str id = thread ? out->thread : out->board;
    uint32_t first = out->pages > PAGER_MAX ? out->page + 1 : 1;
    for (uint32_t i = first; i <= out->pages && i < first + PAGER_MAX; i++)
        offer_page(links, kind, id, i);
}

static void row_at(struct mud_parsed *out, struct links *links, uint32_t node,
                   struct mud_thread *row)
{
    struct mud_sight *sight = links->sight;
    const struct mud_engine *e = sight->engine;
    uint32_t end = sight->page->nodes[node].end;
    uint64_t replies;
    enum mud_precision precision;
    int64_t last;
    row->board = mud_sight_pick(sight, &e->row.board, node, end);
    if (!row->board.n)
        row->board = out->board;
    row->title = mud_sight_pick(sight, &e->row.title, node, end);
    row->author = mud_sight_pick(sight, &e->row.author, node, end);
    row->author_id = mud_sight_pick(sight, &e->row.author_id, node, end);
    struct mud_str text = mud_sight_pick(sight, &e->row.replies, node, end);
    row->replies = number_of(text, &replies) ? (int32_t)replies : -1;
    bool dated = mud_sight_date(sight, &e->row.last, node, &last, &precision);
    struct mud_str key =
        mud_str_printf(sight->arena, "thread/%.*s/1", MUD_FMT(row->thread));
    uint32_t at = *slot(links, key);
    if (!at || !links->items)
        return;
    if (!links->items[at - 1].board.n)
        links->items[at - 1].board = row->board;
    links->items[at - 1].replies = row->replies;
    links->items[at - 1].last_post = dated ? last : 0;
}

static void find_rows(struct mud_parsed *out, struct links *links)
{
    struct mud_sight *sight = links->sight;
    const struct mud_engine *e = sight->engine;
    struct mud_thread *rows = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < sight->page->n && n < MUD_LINKS_MAX;) {
        i = mud_select_first(
            e->row.node, sight->page, i, sight->page->n, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        uint32_t end = sight->page->nodes[i].end;
        struct mud_str id = mud_sight_pick(sight, &e->row.thread, i, end);
        if (!id.n) {
            i++;
            continue;
        }
        rows = mud_arena_grow(sight->arena, rows, &cap, n, sizeof(*rows));
        rows[n].thread = id;
        row_at(out, links, i, &rows[n++]);
        i = end;
    }
    out->threads = rows;
    out->n_threads = n;
}

/* How many pages the page says there are; 0 when it does not. */
static uint32_t pages_told(struct mud_sight *sight, bool thread)
{
    const struct mud_engine *e = sight->engine;
    uint32_t all = sight->page->n;
    uint32_t pages = mud_sight_number(sight, &e->page.pages, 0, all);
    uint32_t count = mud_sight_number(sight, &e->page.count, 0, all);
    uint32_t per = mud_sight_number(sight, &e->page.per, 0, all);
    if (!per)
        per = e->page.size;
    if (pages || !per)
        return pages;
    uint32_t first = thread ? e->page.first : 0;
    return first && count >= first ? 1 + (count - first + per - 1) / per
                                   : (count + per - 1) / per;
}

/* The number of this page and the highest that its pager names. */
static void count_pages(struct mud_parsed *out, struct links *links,
                        const struct mud_rule_hit *own)
{
    struct mud_sight *sight = links->sight;
    const struct mud_engine *e = sight->engine;
    uint32_t all = sight->page->n;
    uint64_t n = 0;
    out->page = mud_sight_number(sight, &e->page.page, 0, all);
    if (!out->page && own && number_of(own->var[MUD_VAR_PAGE], &n))
        out->page = (uint32_t)n;
    uint32_t start = mud_sight_number(sight, &e->page.start, 0, all);
    if (!start && own && e->page.step && number_of(own->var[MUD_VAR_START], &n))
        start = (uint32_t)n;
    if (!out->page && start && links->step)
        out->page = start / (uint32_t)links->step + 1;
    if (!out->page)
        out->page = 1;
    out->pages = pages_told(sight, out->kind == MUD_PAGE_THREAD);
    if (out->kind == MUD_PAGE_THREAD)
        out->stated = mud_sight_number(sight, &e->page.count, 0, all);
    bool told = out->pages != 0; /* a pager may lead to pages beyond */
    for (size_t i = 0; i < links->n && !told; i++) {
        const struct mud_page_link *link = &links->items[i];
        bool same = out->kind == MUD_PAGE_THREAD
                        ? link->kind == MUD_PAGE_THREAD &&
                              mud_str_eq(link->thread, out->thread)
                        : link->kind == MUD_PAGE_BOARD &&
                              mud_str_eq(link->board, out->board);
        if (same && link->page > out->pages)
            out->pages = link->page;
    }
    if (out->pages < out->page)
        out->pages = out->page;
}

void mud_forum_listing(struct mud_parsed *out, struct mud_sight *sight,
                       const struct mud_rule_hit *own, struct mud_notes *notes)
{
    struct links links = {.sight = sight, .page = out, .size = 16384};
    _Static_assert(MUD_LINKS_MAX < 16384 / 2, "the table stays half empty");
    links.table = mud_calloc(links.size, sizeof(*links.table));
    bool data = sight->engine->view == MUD_VIEW_API;
    bool counted = out->kind == MUD_PAGE_BOARD || out->kind == MUD_PAGE_THREAD;
    links.step = sight->engine->page.step;
    if (own && own->rule->in_path)
        uses(&links, own);
    if (data && counted)
        count_pages(out, &links, own);
    if (data)
        offer_data(&links, out, own);
    else
        find_links(&links);
    write_links(&links);
    if (out->kind == MUD_PAGE_BOARD)
        find_rows(out, &links);
    if (!data && counted)
        count_pages(out, &links, own);
    out->links = links.items;
    out->n_links = links.n;
    if (links.full)
        mud_notes_add(notes,
                      "warning",
                      "too-many-links",
                      0,
                      "more than %d links: the rest is left out",
                      MUD_LINKS_MAX);
    free(links.table);
}
