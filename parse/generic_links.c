#include "parse/generic.h"

#include "base/hash.h"

#include <stdlib.h>

static bool find_any(struct mud_str s, const char *const *words)
{
    for (; *words; words++)
        if (mud_str_ifind(s, mud_str_z(*words)) != MUD_NPOS)
            return true;
    return false;
}

/* Addresses that change something, or lead to no post. */
static bool useless(struct mud_str ref)
{
    static const char *const words[] = {
        "login",    "logout",    "register",   "search",     "report",
        "action=",  "ucp.php",   "spacecp",    "formhash",   "markread",
        "newreply", "newthread", "posting.",   "sendpm",     "print",
        "rss",      "feed",      "attachment", "download",   "subscrib",
        "lastpost", "delete",    "quickmod",   "memberlist", "/new",
        "authorid", "goto=",     "archiver",   NULL};
    return find_any(ref, words);
}

static bool is_param_of(struct mud_str ref, const char *const *names)
{
    size_t at = mud_str_chr(ref, '?');
    if (at == MUD_NPOS)
        return false;
    struct mud_str query = mud_str_sub(ref, at + 1, ref.n), name, value;
    while (mud_url_param_next(&query, &name, &value))
        for (size_t i = 0; names[i]; i++)
            if (value.n && mud_str_ieq(name, mud_str_z(names[i])))
                return true;
    return false;
}

bool mud_generic_is_user(struct mud_str ref)
{
    static const char *const params[] = {
        "uid", "u", "user", "userid", "user_id", "member", "memberid", NULL};
    static const char *const paths[] = {"/user/",
                                        "/users/",
                                        "/member/",
                                        "/members/",
                                        "/profile",
                                        "/u/",
                                        "user-",
                                        "space-uid",
                                        "space-username",
                                        "profile.php?id",
                                        "author/",
                                        "members/",
                                        "users/",
                                        "action=profile",
                                        "mode=viewprofile",
                                        NULL};
    static const char *const no[] = {"ucp.php",
                                     "spacecp",
                                     "search",
                                     "login",
                                     "logout",
                                     "register",
                                     "report",
                                     "do=thread",
                                     "action=pm",
                                     "sendpm",
                                     "javascript:",
                                     NULL};
    if (!ref.n || ref.n > MUD_URL_MAX || find_any(ref, no))
        return false;
    return is_param_of(ref, params) || find_any(ref, paths);
}

enum mud_page_kind mud_generic_kind(const struct mud_url *url)
{
    static const char *const threads[] = {"viewthread",
                                          "showthread",
                                          "viewtopic",
                                          "thread-",
                                          "threads/",
                                          "topic/",
                                          "topic-",
                                          "topic,",
                                          "/t/",
                                          "/tid",
                                          "showtopic",
                                          "thread/",
                                          "read.php",
                                          "?tid-",
                                          NULL};
    static const char *const boards[] = {"forumdisplay",
                                         "viewforum",
                                         "forum-",
                                         "forums/",
                                         "forum/",
                                         "board-",
                                         "/f/",
                                         "thread.php",
                                         "category/",
                                         "board/",
                                         "showforum",
                                         "?fid-",
                                         "/c/",
                                         NULL};
    static const char *const light[] = {"archive/",
                                        "archiver",
                                        "printthread",
                                        "view=print",
                                        "printpage",
                                        "printable",
                                        "mode=threaded",
                                        NULL};
    static const char *const thread_params[] = {
        "tid", "t", "topic", "thread", "threadid", NULL};
    static const char *const board_params[] = {
        "fid", "f", "board", "forum", "forumid", "gid", NULL};
    static const char *const other[] = {"login",
                                        "register",
                                        "search",
                                        "posting",
                                        "newreply",
                                        "memberlist",
                                        "ucp.php",
                                        "logging",
                                        "online",
                                        "stats",
                                        "calendar",
                                        NULL};
    struct mud_str text =
        mud_str_sub(url->text, mud_url_origin(url).n, url->text.n);
    /* Light views: their posts have no numbers, and stand elsewhere too. */
    if (find_any(text, light))
        return MUD_PAGE_OTHER;
    if (find_any(text, threads) || is_param_of(text, thread_params))
        return MUD_PAGE_THREAD;
    if (mud_generic_is_user(text))
        return MUD_PAGE_PROFILE;
    if (find_any(text, other))
        return MUD_PAGE_OTHER;
    if (find_any(text, boards) || is_param_of(text, board_params))
        return MUD_PAGE_BOARD;
    return MUD_PAGE_UNKNOWN;
}

/* The first run of digits in a path, past names: "/t/512-old-phones". */
static struct mud_str digits_in(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        size_t to = i;
        while (to < s.n && s.s[to] >= '0' && s.s[to] <= '9')
            to++;
        bool alone = i == 0 || s.s[i - 1] == '/' || s.s[i - 1] == '-' ||
                     s.s[i - 1] == '.' || s.s[i - 1] == ',' ||
                     s.s[i - 1] == '_' || s.s[i - 1] == 'p' ||
                     s.s[i - 1] == 't';
        if (to > i && to - i <= 18 && alone)
            return mud_str_sub(s, i, to);
        i = to > i ? to - 1 : i;
    }
    return (struct mud_str){0};
}

struct mud_str mud_generic_id(const struct mud_url *url,
                              enum mud_page_kind kind)
{
    static const char *const threads[] = {
        "tid", "t", "topic", "thread", "threadid", "showtopic", "id", NULL};
    static const char *const boards[] = {"fid",
                                         "f",
                                         "board",
                                         "forum",
                                         "forumid",
                                         "showforum",
                                         "gid",
                                         "id",
                                         NULL};
    static const char *const users[] = {
        "uid", "u", "user", "userid", "user_id", "memberid", "id", NULL};
    const char *const *names = kind == MUD_PAGE_THREAD  ? threads
                               : kind == MUD_PAGE_BOARD ? boards
                                                        : users;
    struct mud_str value = {0};
    for (; *names; names++)
        if (mud_url_param(url->query, *names, &value) && value.n)
            return value;
    value = digits_in(url->path);
    if (value.n || url->query.n)
        return value.n ? value : digits_in(url->query);
    /* A name instead of a number: the last part of the path. */
    struct mud_str path = url->path;
    while (path.n > 1 && path.s[path.n - 1] == '/')
        path.n--;
    size_t slash = mud_str_rchr(path, '/');
    return slash == MUD_NPOS ? path : mud_str_sub(path, slash + 1, path.n);
}

struct links {
    struct mud_generic *g;
    const struct mud_parsed *page;
    struct mud_page_link *items;
    size_t n, cap;
    uint32_t table[16384]; /* of keys: index + 1 */
    uint64_t step;         /* the least start above 0 */
};

static uint32_t page_of(struct links *links, const struct mud_url *url)
{
    static const char *const names[] = {"page", "p", "pg", NULL};
    static const char *const starts[] = {"start", "st", "offset", NULL};
    struct mud_str value;
    uint64_t n;
    for (size_t i = 0; names[i]; i++)
        if (mud_url_param(url->query, names[i], &value) && value.n <= 6 &&
            mud_str_u64(value, &n) && n)
            return (uint32_t)n;
    for (size_t i = 0; starts[i]; i++)
        if (mud_url_param(url->query, starts[i], &value) && value.n <= 7 &&
            mud_str_u64(value, &n)) {
            if (n && (!links->step || n < links->step))
                links->step = n;
            return links->step ? (uint32_t)(n / links->step) + 1 : 1;
        }
    size_t at = mud_str_ifind(url->path, MUD_STR("page"));
    if (at != MUD_NPOS) {
        value = digits_in(mud_str_sub(url->path, at + 4, url->path.n));
        if (value.n && value.n <= 6 && mud_str_u64(value, &n) && n)
            return (uint32_t)n;
    }
    return 1;
}

static struct mud_page_link *link_at(struct links *links, struct mud_str ref)
{
    static const char *const drop[] = {"sid",
                                       "s",
                                       "PHPSESSID",
                                       "extra",
                                       "mobile",
                                       "lang",
                                       "ordertype",
                                       "orderby",
                                       "sort",
                                       "order",
                                       "filter",
                                       "pid",
                                       NULL};
    struct mud_sight *sight = links->g->sight;
    struct mud_url url, clean;
    struct mud_error err = {0};
    if (!ref.n || ref.s[0] == '#' || useless(ref) ||
        !mud_sight_url(sight, ref, &url) ||
        !mud_url_same_origin(&url, sight->base))
        return NULL;
    enum mud_page_kind kind = mud_generic_kind(&url);
    if ((kind != MUD_PAGE_THREAD && kind != MUD_PAGE_BOARD) ||
        !mud_url_trim(&clean, &url, drop, false, sight->arena, &err))
        return NULL;
    struct mud_str id = mud_generic_id(&url, kind);
    uint32_t page = page_of(links, &url);
    if (!id.n)
        return NULL;
    struct mud_str key =
        mud_str_printf(sight->arena,
                       "%s/%.*s/%u",
                       kind == MUD_PAGE_THREAD ? "thread" : "board",
                       MUD_FMT(id),
                       page);
    size_t slot = (size_t)mud_hash64(key.s, key.n) & 16383;
    while (links->table[slot] &&
           !mud_str_eq(links->items[links->table[slot] - 1].key, key))
        slot = (slot + 1) & 16383;
    if (links->table[slot])
        return &links->items[links->table[slot] - 1];
    if (links->n >= MUD_LINKS_MAX)
        return NULL;
    links->items = mud_arena_grow(sight->arena,
                                  links->items,
                                  &links->cap,
                                  links->n,
                                  sizeof(*links->items));
    struct mud_page_link *link = &links->items[links->n++];
    links->table[slot] = (uint32_t)links->n;
    *link = (struct mud_page_link){.url = clean.text,
                                   .kind = kind,
                                   .page = page,
                                   .replies = -1,
                                   .key = key};
    if (kind == MUD_PAGE_THREAD) {
        link->thread = id;
        link->board = links->page->board;
    } else {
        link->board = id;
    }
    return link;
}

/* The title of a row: of its links to threads, the one with most text. */
static bool row_at(struct links *links, uint32_t node, struct mud_thread *row)
{
    struct mud_generic *g = links->g;
    const struct mud_node *nodes = g->page->nodes;
    struct mud_page_link *link = NULL;
    *row = (struct mud_thread){.board = links->page->board, .replies = -1};
    for (uint32_t i = node; i < nodes[node].end; i++) {
        if (!mud_str_eqz(nodes[i].tag, "a") || g->sight->steps <= 0)
            continue;
        struct mud_str ref = mud_node_attr(&nodes[i], "href");
        struct mud_str text = mud_sight_text(g->sight, i, 0);
        if (mud_generic_is_user(ref)) {
            if (!row->author.n)
                row->author = text;
            continue;
        }
        struct mud_page_link *to = link_at(links, ref);
        if (!to || to->kind != MUD_PAGE_THREAD || text.n <= row->title.n)
            continue;
        link = to;
        row->title = text;
        row->thread = to->thread;
    }
    if (!link)
        return false;
    for (uint32_t d = g->dates[node]; d < g->dates[nodes[node].end]; d++)
        if (g->date[d].us > link->last_post)
            link->last_post = g->date[d].us;
    return true;
}

static void count_pages(struct mud_parsed *out, const struct links *links)
{
    bool thread = out->kind == MUD_PAGE_THREAD;
    out->pages = out->page;
    for (size_t i = 0; i < links->n; i++) {
        const struct mud_page_link *link = &links->items[i];
        bool same = thread ? link->kind == MUD_PAGE_THREAD &&
                                 mud_str_eq(link->thread, out->thread)
                           : link->kind == MUD_PAGE_BOARD &&
                                 mud_str_eq(link->board, out->board);
        if (same && link->page > out->pages)
            out->pages = link->page;
    }
}

void mud_generic_listing(struct mud_parsed *out, struct mud_generic *g,
                         const uint32_t *nodes, size_t n)
{
    struct links *links = mud_arena_alloc(g->sight->arena, sizeof(*links));
    struct mud_thread *rows =
        mud_arena_array(g->sight->arena, n + 1, sizeof(*rows));
    const struct mud_page *page = g->page;
    links->g = g;
    links->page = out;
    /* Twice: what a page of items is long is known after the first time. */
    for (int pass = 0; pass < 2; pass++) {
        memset(links->table, 0, sizeof(links->table));
        links->n = 0;
        for (uint32_t i = 0; i < page->n && g->sight->steps > 0; i++)
            if (mud_str_eqz(page->nodes[i].tag, "a"))
                (void)link_at(links, mud_node_attr(&page->nodes[i], "href"));
        if (!links->step)
            break;
    }
    for (size_t i = 0; i < n && out->n_threads < MUD_LINKS_MAX; i++)
        out->n_threads += row_at(links, nodes[i], &rows[out->n_threads]);
    out->threads = rows;
    /* Rows that lead to no thread: a list of boards. */
    if (out->kind == MUD_PAGE_BOARD && !out->n_threads)
        out->kind = MUD_PAGE_INDEX;
    out->page = page_of(links, g->url);
    if (out->kind == MUD_PAGE_THREAD || out->kind == MUD_PAGE_BOARD)
        count_pages(out, links);
    out->links = links->items;
    out->n_links = links->n;
}
