#include "parse/generic.h"

#include <stdlib.h>

#define GROUPS_MAX 16384
#define TABLE_SIZE 65536

struct group { /* all elements of one kind that do not lie in each other */
    uint64_t sig;
    uint32_t first;         /* node */
    uint32_t end;           /* of the last member */
    uint32_t last;          /* member */
    uint32_t n;             /* members with something in them */
    uint32_t full;          /* of them, with date, account and text */
    uint32_t posts;         /* of them, named like a post, with a number */
    uint32_t rows;          /* of them, named like a row */
    uint32_t titles;        /* of them, with a link that has a text */
    uint32_t dated, spoken; /* of them, with a date; saying that it is a post */
    bool tried;             /* as posts, in vain */
    double value;
    uint64_t text, linked;
};

struct groups {
    struct group *items;
    size_t n;
    uint32_t *table; /* index + 1, open addressing */
};

static bool may_be_block(struct mud_str tag)
{
    static const char *const tags[] = {
        "div", "li", "tr", "tbody", "table", "article", "section", "dl", "td"};
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (mud_str_eqz(tag, tags[i]))
            return true;
    return false;
}

static struct group *group_of(struct groups *groups, uint64_t sig)
{
    size_t i = (size_t)sig & (TABLE_SIZE - 1);
    while (groups->table[i] && groups->items[groups->table[i] - 1].sig != sig)
        i = (i + 1) & (TABLE_SIZE - 1);
    if (groups->table[i])
        return &groups->items[groups->table[i] - 1];
    if (groups->n >= GROUPS_MAX)
        return NULL;
    struct group *group = &groups->items[groups->n++];
    groups->table[i] = (uint32_t)groups->n;
    group->sig = sig;
    group->first = MUD_NO_NODE;
    return group;
}

static uint32_t in(const uint32_t *sums, const struct mud_node *nodes,
                   uint32_t i)
{
    return sums[nodes[i].end] - sums[i];
}

/* Is it a member: something that someone wrote at some time? */
static bool member(const struct mud_generic *g, uint32_t i)
{
    const struct mud_node *nodes = g->page->nodes;
    uint32_t text = in(g->text, nodes, i), linked = in(g->linked, nodes, i);
    bool dated = in(g->dates, nodes, i) > 0, known = in(g->users, nodes, i) > 0;
    if (text + linked < 2)
        return false;
    return dated || (known && text + linked >= 8);
}

static void count_member(struct mud_generic *g, struct group *group, uint32_t i)
{
    const struct mud_node *nodes = g->page->nodes;
    uint32_t text = in(g->text, nodes, i), linked = in(g->linked, nodes, i);
    bool dated = in(g->dates, nodes, i) > 0, known = in(g->users, nodes, i) > 0;
    if (group->first == MUD_NO_NODE)
        group->first = i;
    group->end = nodes[i].end;
    group->last = i;
    group->n++;
    group->value += (dated ? 3 : 0) + (known ? 2 : 0) + 1;
    group->full += dated && known;
    group->posts += (g->hint[i] & MUD_HINT_POST) && g->id[i].n;
    group->rows += (g->hint[i] & MUD_HINT_ROW) != 0;
    group->titles += linked >= 2;
    group->dated += dated;
    group->spoken += in(g->spoken, nodes, i) > 0;
    group->text += text;
    group->linked += linked;
}

/* A numbered post may lie in the one that it answers; a part of a post has
 * the post's own number. */
static bool is_answer(const struct mud_generic *g, uint32_t i, uint32_t outer)
{
    return (g->hint[i] & MUD_HINT_POST) && g->id[i].n && g->id[outer].n &&
           !mud_str_eq(g->id[i], g->id[outer]);
}

static void find_groups(struct mud_generic *g, struct groups *groups)
{
    for (uint32_t i = 1; i < g->page->n; i++) {
        const struct mud_node *node = &g->page->nodes[i];
        if (!may_be_block(node->tag) || !member(g, i))
            continue;
        struct group *group = group_of(groups, g->sig[i]);
        if (group && (group->first == MUD_NO_NODE || i >= group->end ||
                      is_answer(g, i, group->last)))
            count_member(g, group, i);
    }
}

static double score(const struct group *group, bool posts)
{
    double score = group->value;
    if (group->full * 2 < group->n)
        score *= 0.5;
    if (posts) {
        if (group->posts * 2 >= group->n)
            score *= group->text > group->linked * 2 ? 3 : 2;
        else if (group->n == 1)
            score *= 0.6; /* anything around all posts looks like that */
    } else {
        if (group->rows * 2 >= group->n)
            score *= 1.5;
        if (group->titles * 2 < group->n || group->n < 2)
            score *= 0.1;
    }
    return score;
}

static const struct group *best_of(const struct groups *groups,
                                   const struct mud_generic *g, bool posts)
{
    const struct group *best = NULL;
    double most = 0;
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *one = &groups->items[i];
        double value = score(one, posts);
        /* One member in one member: the inner one is closer to the post. */
        bool inner = best && posts && one->n == 1 && best->n == 1 &&
                     one->first < g->page->nodes[best->first].end &&
                     value >= most;
        if (one->n && !(posts && one->tried) &&
            (value > most * 1.02 || inner)) {
            best = one;
            most = value;
        }
    }
    return best;
}

/* The members again, for the group that was chosen. */
static size_t members(const struct mud_generic *g, const struct group *group,
                      uint32_t **nodes)
{
    size_t n = 0;
    uint32_t end = 0;
    *nodes = mud_arena_array(g->sight->arena, group->n, sizeof(**nodes));
    for (uint32_t i = group->first; i < g->page->n && n < group->n; i++) {
        if ((i < end && !is_answer(g, i, (*nodes)[n - 1])) ||
            g->sig[i] != group->sig || !may_be_block(g->page->nodes[i].tag) ||
            !member(g, i))
            continue;
        (*nodes)[n++] = i;
        end = g->page->nodes[i].end;
    }
    return n;
}

/* Named or numbered like posts, or saying that they are. */
static bool claims(const struct group *posts)
{
    return posts->posts * 2 >= posts->n ||
           (posts->n > 1 && posts->spoken * 2 >= posts->n);
}

/* Do blocks of this kind hold what people wrote, and not titles? */
static bool is_posts(const struct group *posts, const struct group *rows)
{
    if (!posts)
        return false;
    if (!posts->full) /* authors without accounts */
        return claims(posts) && posts->dated * 2 > posts->n &&
               posts->text > posts->linked * 2;
    if (posts->posts * 2 >= posts->n)
        return true;
    if (posts->full * 2 < posts->n)
        return false;
    return posts != rows ? posts->text > posts->linked && posts->full > 1
                         : posts->text > posts->linked * 2;
}

/* Texts so long that the address is wrong when it says that it is a list. */
static bool is_prose(const struct group *posts)
{
    return posts && posts->n > 1 && posts->full * 10 >= posts->n * 9 &&
           posts->text > posts->linked * 4 &&
           (claims(posts) || posts->text / posts->n > 200);
}

static enum mud_page_kind kind_of(const struct mud_generic *g,
                                  const struct group *posts,
                                  const struct group *rows)
{
    enum mud_page_kind kind = mud_generic_kind(g->url);
    if (kind == MUD_PAGE_THREAD)
        return posts && (posts->full || is_posts(posts, rows))
                   ? kind
                   : MUD_PAGE_UNKNOWN;
    if ((kind == MUD_PAGE_BOARD || kind == MUD_PAGE_INDEX) && is_prose(posts))
        return MUD_PAGE_THREAD;
    if (kind == MUD_PAGE_BOARD)
        return rows && rows->full > 1 ? kind : MUD_PAGE_UNKNOWN;
    if (kind != MUD_PAGE_UNKNOWN)
        return kind;
    if (is_posts(posts, rows))
        return MUD_PAGE_THREAD;
    if (rows && rows->full > 2 && rows->titles > 2)
        return MUD_PAGE_BOARD;
    return MUD_PAGE_UNKNOWN;
}

/* Most of what was read must have an author, a time and something said, or it
 * was no post. */
static bool holds(const struct mud_parsed *out)
{
    size_t good = 0, full = 0;
    for (size_t i = 0; i < out->n_posts; i++) {
        const struct mud_post *post = &out->posts[i];
        good += post->author.n && post->posted != 0;
        full += post->state != MUD_POST_EMPTY;
    }
    return good > 0 && good * 2 >= out->n_posts && full * 2 >= out->n_posts;
}

/* Read the blocks of one kind as posts; out is as it was when they hold
 * none. */
static bool read_posts(struct mud_parsed *out, struct mud_generic *g,
                       const struct group *posts)
{
    uint32_t *nodes = NULL;
    size_t n = members(g, posts, &nodes);
    out->thread = mud_generic_id(g->url, MUD_PAGE_THREAD);
    mud_generic_posts(out, g, nodes, n);
    if (holds(out))
        return true;
    memset(g->sight->skip, 0, g->page->n);
    out->thread = (struct mud_str){0};
    out->posts = NULL;
    out->n_posts = 0;
    return false;
}

#define TRIES_MAX 4

static bool read_groups(struct mud_parsed *out, struct mud_generic *g,
                        struct groups *groups)
{
    const struct group *rows = best_of(groups, g, false);
    enum mud_page_kind kind = MUD_PAGE_UNKNOWN;
    uint32_t *nodes = NULL;
    size_t n = 0;
    for (int tries = 0; tries < TRIES_MAX; tries++) {
        const struct group *posts = best_of(groups, g, true);
        kind = kind_of(g, posts, rows);
        if (kind != MUD_PAGE_THREAD || read_posts(out, g, posts))
            break;
        groups->items[posts - groups->items].tried = true;
        kind = MUD_PAGE_UNKNOWN;
    }
    if (kind == MUD_PAGE_UNKNOWN)
        return false;
    out->kind = kind;
    if (kind == MUD_PAGE_BOARD) {
        out->board = mud_generic_id(g->url, kind);
        n = members(g, rows, &nodes);
    }
    mud_generic_listing(out, g, nodes, n);
    return true;
}

bool mud_generic_read(struct mud_parsed *out, struct mud_sight *sight,
                      const struct mud_url *url, struct mud_notes *notes)
{
    struct mud_generic g = {.sight = sight, .page = sight->page, .url = url};
    struct groups groups = {0};
    if (!g.page->n)
        return false;
    mud_generic_facts(&g);
    groups.items =
        mud_arena_array(sight->arena, GROUPS_MAX, sizeof(*groups.items));
    groups.table =
        mud_arena_array(sight->arena, TABLE_SIZE, sizeof(*groups.table));
    find_groups(&g, &groups);
    if (!read_groups(out, &g, &groups))
        return false;
    out->engine = MUD_STR("generic");
    mud_notes_add(notes,
                  "warning",
                  "generic",
                  0,
                  "no description fits: read by its structure, less sure");
    return true;
}
