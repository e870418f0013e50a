#include "parse/generic_fields.h"

#include "base/hash.h"

#define PATHS_MAX  16384
#define TABLE_SIZE 65536

struct mud_path *mud_path_at(struct mud_fields *f, uint64_t hash, bool make)
{
    size_t i = (size_t)hash & (TABLE_SIZE - 1);
    while (f->table[i] && f->paths[f->table[i] - 1].hash != hash)
        i = (i + 1) & (TABLE_SIZE - 1);
    if (f->table[i])
        return &f->paths[f->table[i] - 1];
    if (!make || f->n_paths >= PATHS_MAX)
        return NULL;
    struct mud_path *path = &f->paths[f->n_paths++];
    f->table[i] = (uint32_t)f->n_paths;
    path->hash = hash;
    return path;
}

static uint64_t join(uint64_t a, uint64_t b)
{
    uint64_t both[2] = {a, b};
    return mud_hash64(both, sizeof(both));
}

static bool is_box(struct mud_str tag)
{
    static const char *const tags[] = {"div",
                                       "td",
                                       "tr",
                                       "tbody",
                                       "table",
                                       "dd",
                                       "dl",
                                       "li",
                                       "ul",
                                       "section",
                                       "article",
                                       "main",
                                       "blockquote"};
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (mud_str_eqz(tag, tags[i]))
            return true;
    return false;
}

/* A paragraph with a class of its own may be all of a text. */
static bool may_hold(const struct mud_node *node)
{
    return is_box(node->tag) ||
           (mud_str_eqz(node->tag, "p") && mud_node_attr(node, "class").n);
}

static bool seen(struct mud_fields *f, uint64_t where, struct mud_str text)
{
    uint64_t h = join(where, mud_hash64(text.s, text.n));
    uint8_t *byte = &f->once[(h >> 3) & 0xffff];
    uint8_t bit = (uint8_t)(1u << (h & 7));
    bool was = *byte & bit;
    *byte |= bit;
    return was;
}

/* Text is credited to all boxes around it, up to the member. */
static void credit(struct mud_fields *f, uint32_t i, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    struct mud_str text = mud_str_trim(nodes[i].text);
    uint32_t up = nodes[i].parent;
    if (!text.n || f->g->text[i + 1] == f->g->text[i] ||
        seen(f, f->path_of[up], text))
        return;
    for (uint32_t k = up; k != MUD_NO_NODE && k >= member; k = nodes[k].parent)
        if (k != member && (f->g->hint[k] & (MUD_HINT_SIGN | MUD_HINT_PANEL)))
            return;
    bool named = false;
    for (; up != MUD_NO_NODE && up >= member; up = nodes[up].parent) {
        struct mud_path *path = mud_path_at(f, f->path_of[up], false);
        f->g->sight->steps--;
        if (up != member && (f->g->hint[up] & MUD_HINT_BODY))
            named = true;
        if (path) {
            path->mass += text.n;
            path->body_below = path->body_below || named;
        }
    }
}

static void read_member(struct mud_fields *f, uint32_t number)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    uint32_t member = f->nodes[number];
    f->path_of[member] = 1;
    for (uint32_t i = member; i < nodes[member].end && g->sight->steps > 0;
         i++) {
        g->sight->steps--;
        if (!nodes[i].tag.n) {
            if (i > member)
                credit(f, i, member);
            continue;
        }
        uint64_t parent = i == member ? 0 : f->path_of[nodes[i].parent];
        if (i > member)
            f->path_of[i] = join(parent, g->sig[i]);
        struct mud_path *path = mud_path_at(f, f->path_of[i], true);
        if (!path)
            continue;
        if (!path->count) {
            path->parent = parent;
            path->first = i;
            path->hints = g->hint[i];
        }
        if (path->count == 0 || path->member != number)
            path->count++;
        path->member = number;
    }
}

/* From the member down to where most of what differs from post to post is. */
static const struct mud_path *find_body(struct mud_fields *f)
{
    const struct mud_path *at = mud_path_at(f, 1, false);
    for (int depth = 0; at && depth < 64; depth++) {
        const struct mud_path *best = NULL;
        double most = 0;
        for (size_t i = 0; i < f->n_paths; i++) {
            const struct mud_path *p = &f->paths[i];
            bool aside =
                p->hints & (MUD_HINT_ASIDE | MUD_HINT_SIGN | MUD_HINT_PANEL);
            if (p->parent != at->hash || aside ||
                (size_t)p->count * 2 < f->n + (f->n == 2) ||
                !may_hold(&f->g->page->nodes[p->first]))
                continue;
            double mass = (double)p->mass * (p->body_below ? 8 : 1);
            if (mass > most) {
                most = mass;
                best = p;
            }
        }
        /* A mark at the end of a body may be named like one. */
        uint64_t part = at->hints & MUD_HINT_BODY ? 2 : 8;
        bool below = best && best->body_below && best->mass * part >= at->mass;
        f->g->sight->steps -= (int64_t)f->n_paths;
        if (!best || (best->mass * 2 < at->mass && !below) ||
            ((at->hints & MUD_HINT_BODY) && depth > 0 && !below &&
             best->mass * 10 < at->mass * 8))
            break;
        at = best;
    }
    return at && at->hash != 1 ? at : NULL;
}

bool mud_inside_body(const struct mud_fields *f, uint32_t i, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    for (; i != MUD_NO_NODE && i >= member; i = nodes[i].parent) {
        if ((f->body && f->path_of[i] == f->body->hash) ||
            (i != member && (f->g->hint[i] & (MUD_HINT_SIGN | MUD_HINT_ASIDE))))
            return true;
    }
    return false;
}

/* What stands beside the node, in front of it and in its parent. */
static struct mud_str before(const struct mud_fields *f, uint32_t i)
{
    uint32_t parent = f->g->page->nodes[i].parent;
    if (parent == MUD_NO_NODE || i - parent > 64)
        return (struct mud_str){0};
    struct mud_str text = mud_sight_range(f->g->sight, parent + 1, i, 0);
    return text.n > 160 ? (struct mud_str){0} : text;
}

/* "Joined: Mar 2014", "Last edited by ...": dates that are no post's. */
static bool labelled(const struct mud_fields *f, uint32_t i)
{
    static const char *const labels[] = {
        "joined",   "join date",   "registered", "registration", "member since",
        "inscri",   "beigetreten", "注册",       "註冊",         "加入",
        "егистрац", "last visit",  "last seen",  "last online",  "last active",
        "最后",     "最後",        "edited",     "编辑",         "編輯"};
    struct mud_str text = mud_sight_text(f->g->sight, i, 0);
    struct mud_str head = before(f, i);
    size_t n = 0; /* a label stands in front of the date */
    while (n < text.n && n < 160 && (text.s[n] < '0' || text.s[n] > '9'))
        n++;
    text = mud_str_sub(text, 0, n);
    for (size_t k = 0; k < sizeof(labels) / sizeof(labels[0]); k++)
        if (mud_str_ifind(text, mud_str_z(labels[k])) != MUD_NPOS ||
            mud_str_ifind(head, mud_str_z(labels[k])) != MUD_NPOS)
            return true;
    return false;
}

static bool in_panel(const struct mud_fields *f, uint32_t i, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    for (; i != MUD_NO_NODE && i > member; i = nodes[i].parent)
        if (f->g->hint[i] & MUD_HINT_PANEL)
            return true;
    return false;
}

/* May the date be the post's? Panels of accounts have others, mostly. */
static bool may_date(const struct mud_fields *f,
                     const struct mud_generic_date *date, uint32_t member)
{
    bool panel = in_panel(f, date->node, member);
    if (mud_inside_body(f, date->node, member) || labelled(f, date->node))
        return false;
    if (!panel)
        return !f->panels;
    uint32_t parent = f->g->page->nodes[date->node].parent;
    return f->panels && date->precision <= MUD_TO_MINUTE && parent > member &&
           !labelled(f, parent);
}

/* The place of dates that are fine, and grow from post to post. */
static void find_time(struct mud_fields *f)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;

    struct {
        int32_t score;
        int64_t first, last;
    } *at = mud_arena_array(g->sight->arena, f->n_paths + 1, sizeof(*at));

    int32_t most = 0;
    for (size_t m = 0; m < f->n; m++) {
        uint32_t member = f->nodes[m], end = nodes[member].end;
        for (uint32_t d = g->dates[member]; d < g->dates[end]; d++) {
            uint32_t node = g->date[d].node;
            struct mud_path *path = mud_path_at(f, f->path_of[node], false);
            if (!path || !may_date(f, &g->date[d], member))
                continue;
            size_t k = (size_t)(path - f->paths);
            at[k].score += g->date[d].precision <= MUD_TO_MINUTE ? 4 : 1;
            at[k].score += g->date[d].precision == MUD_TO_SECOND;
            at[k].score -= g->date[d].us < at[k].last ? 3 : 0;
            at[k].score -= m && g->date[d].us == at[k].first ? 3 : 0;
            if (!at[k].first)
                at[k].first = g->date[d].us;
            at[k].last = g->date[d].us;
        }
    }
    for (size_t i = 0; i < f->n_paths; i++) {
        if (at[i].score > most) {
            most = at[i].score;
            f->time = &f->paths[i];
        }
    }
}

static void time_of(struct mud_post *post, struct mud_fields *f,
                    uint32_t member)
{
    struct mud_generic *g = f->g;
    const struct mud_generic_date *best = NULL;
    uint32_t end = g->page->nodes[member].end;
    for (uint32_t d = g->dates[member]; d < g->dates[end]; d++) {
        const struct mud_generic_date *date = &g->date[d];
        bool here = f->time && f->path_of[date->node] == f->time->hash;
        if (!here && !may_date(f, date, member))
            continue;
        if (!best || here || date->precision < best->precision)
            best = date;
        if (here)
            break;
    }
    if (!best)
        return;
    post->posted = best->us;
    post->posted_precision = best->precision;
}

static uint32_t body_of(const struct mud_fields *f, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    uint32_t alike = MUD_NO_NODE;
    for (uint32_t i = member + 1; f->body && i < nodes[member].end; i++) {
        if (!nodes[i].tag.n)
            continue;
        if (f->path_of[i] == f->body->hash)
            return i;
        if (alike == MUD_NO_NODE && f->g->sig[i] == f->body_sig)
            alike = i;
    }
    return alike;
}

static bool says_quote(struct mud_str text)
{
    static const char *const starts[] = {"Quote:",
                                         "QUOTE:",
                                         "Originally Posted by",
                                         "Originally posted by",
                                         "引用:",
                                         "引用：",
                                         "引用第",
                                         "引用楼主",
                                         "原帖由",
                                         "原文由",
                                         "Цитата:",
                                         "Сообщение от",
                                         "Zitat:",
                                         "Zitat von",
                                         "Cita:",
                                         "Iniciado por"};
    static const char *const inside[] = {
        " 发表于 ", " 發表於 ", " wrote:", "写道:", "写道：", " said:"};
    struct mud_str line = mud_str_sub(text, 0, mud_str_chr(text, '\n'));
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (mud_str_starts(text, mud_str_z(starts[i])))
            return true;
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
        if (line.n < text.n && line.n < 120 &&
            mud_str_find(line, mud_str_z(inside[i])) != MUD_NPOS)
            return true;
    return false;
}

#define SAID_MAX 16

/* A box around quotations that are named so, or around all that is said. */
static bool is_wrapper(struct mud_fields *f, uint32_t i, size_t all,
                       struct mud_str text)
{
    const struct mud_node *nodes = f->g->page->nodes;
    if (text.n >= all)
        return true;
    for (uint32_t k = i + 1; k < nodes[i].end; k++)
        if (mud_str_eqz(nodes[k].tag, "blockquote") ||
            (nodes[k].tag.n && (f->g->hint[k] & MUD_HINT_ASIDE) &&
             !mud_str_eqz(nodes[k].tag, "pre") &&
             !mud_str_eqz(nodes[k].tag, "code")))
            return true;
    return false;
}

/* Boxes in a body that begin as quotations do, whatever they are named. */
static size_t said_quotes(struct mud_fields *f, uint32_t body, uint32_t *at)
{
    const struct mud_node *nodes = f->g->page->nodes;
    struct mud_sight *sight = f->g->sight;
    size_t n = 0, all = mud_sight_text(sight, body, 0).n;
    for (uint32_t i = body + 1; i < nodes[body].end && n < SAID_MAX;) {
        bool box = is_box(nodes[i].tag) &&
                   !mud_str_eqz(nodes[i].tag, "blockquote") &&
                   !(sight->skip[i] & MUD_SKIP_QUOTE) &&
                   !(f->g->hint[i] & MUD_HINT_ASIDE);
        struct mud_str text = {0};
        if (box)
            text = mud_sight_text(sight, i, 0);
        if (!box || !says_quote(text) || is_wrapper(f, i, all, text)) {
            i++;
            continue;
        }
        sight->skip[i] |= MUD_SKIP_QUOTE;
        at[n++] = i;
        i = nodes[i].end;
    }
    return n;
}

static void words_of(struct mud_post *post, struct mud_fields *f, uint32_t body)
{
    struct mud_sight *sight = f->g->sight;
    uint32_t at[SAID_MAX];
    size_t n = said_quotes(f, body, at);
    mud_forum_words(post, sight, body);
    struct mud_quote *quotes =
        mud_arena_array(sight->arena, post->n_quotes + n + 1, sizeof(*quotes));
    if (post->n_quotes)
        memcpy(quotes, post->quotes, post->n_quotes * sizeof(*quotes));
    for (size_t i = 0; i < n; i++)
        quotes[post->n_quotes++].text =
            mud_str_trim(mud_sight_text(sight, at[i], MUD_SKIP_DROP));
    post->quotes = quotes;
}

static struct mud_str signature_of(struct mud_fields *f, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    for (uint32_t i = member + 1; i < nodes[member].end; i++)
        if (f->g->hint[i] & MUD_HINT_SIGN)
            return mud_str_trim(mud_sight_text(f->g->sight, i, MUD_SKIP_DROP));
    return (struct mud_str){0};
}

/* The number of a post: its own id, one inside it, its permanent link. */
static struct mud_str number_of(struct mud_fields *f, uint32_t member)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    struct mud_str other = g->id[member], value;
    if (other.n && (g->hint[member] & MUD_HINT_POST))
        return other;
    for (uint32_t i = member + 1; i < nodes[member].end; i++) {
        if (g->id[i].n && (g->hint[i] & MUD_HINT_POST))
            return g->id[i];
        if (!mud_str_eqz(nodes[i].tag, "a") || mud_inside_body(f, i, member))
            continue;
        struct mud_str ref = mud_node_attr(&nodes[i], "href");
        size_t query = mud_str_chr(ref, '?'), hash = mud_str_rchr(ref, '#');
        struct mud_str rest = mud_str_sub(ref, query + 1, ref.n);
        if (query != MUD_NPOS && mud_url_param(rest, "pid", &value) && value.n)
            return mud_str_sub(value, 0, mud_str_chr(value, '#'));
        size_t at = hash;
        while (at != MUD_NPOS && at < ref.n &&
               (ref.s[at] < '0' || ref.s[at] > '9'))
            at++;
        if (!other.n && hash != MUD_NPOS && at < ref.n && ref.n - at <= 18)
            other = mud_str_sub(ref, at, ref.n);
    }
    return other;
}

static struct mud_str digest_of(const struct mud_post *post,
                                struct mud_arena *arena)
{
    struct mud_str when =
        mud_str_printf(arena, "%lld", (long long)post->posted);
    const struct mud_str parts[] = {
        post->site, post->thread, post->author, when, post->body};
    struct mud_id id = mud_id_of_parts("generic-post", parts, 5);
    char hex[33];
    return mud_str_dup(mud_str_z(mud_hex(hex, id.b, 16)), arena);
}

/* "AUTHOR wrote:" as the first line of a quotation, in many languages. */
static void quote_heads(struct mud_post *post, struct mud_arena *arena)
{
    static const char *const heads[] = {"发表于",
                                        "發表於",
                                        " wrote:",
                                        "写道",
                                        "寫道",
                                        " said:",
                                        " 说:",
                                        "написал",
                                        " schrieb:",
                                        " Wrote:"};
    struct mud_quote *quotes =
        mud_arena_array(arena, post->n_quotes + 1, sizeof(*quotes));
    size_t n = 0;
    for (size_t i = 0; i < post->n_quotes; i++) {
        struct mud_quote q = post->quotes[i];
        struct mud_str rest = q.text, line;
        bool has_line = mud_str_line(&rest, &line) && line.n <= 160;
        for (size_t k = 0; has_line && k < sizeof(heads) / sizeof(heads[0]);
             k++) {
            size_t at = mud_str_find(line, mud_str_z(heads[k]));
            if (at == MUD_NPOS)
                continue;
            if (!q.author.n)
                q.author = mud_str_trim(mud_str_sub(line, 0, at));
            q.text = mud_str_trim(rest);
            break;
        }
        if (q.text.n)
            quotes[n++] = q;
    }
    post->quotes = quotes;
    post->n_quotes = n;
}

static void read_post(struct mud_post *post, struct mud_fields *f,
                      size_t number, const struct mud_parsed *page)
{
    struct mud_sight *sight = f->g->sight;
    uint32_t member = f->nodes[number];
    post->engine = MUD_STR("generic");
    post->site = page->site;
    post->board = page->board;
    post->thread = page->thread;
    post->thread_title = page->title;
    post->page_url = page->url;
    mud_author_of(post, f, member);
    time_of(post, f, member);
    mud_forum_files(post, sight, member, f->g->page->nodes[member].end);
    uint32_t body = body_of(f, member);
    if (body != MUD_NO_NODE)
        words_of(post, f, body);
    post->signature = signature_of(f, member);
    mud_forum_state(post, sight, member);
    quote_heads(post, sight->arena);
    post->post = number_of(f, member);
    if (!post->post.n)
        post->post = digest_of(post, sight->arena);
    if (page->url.n)
        post->url = page->url;
}

void mud_generic_posts(struct mud_parsed *out, struct mud_generic *g,
                       const uint32_t *nodes, size_t n)
{
    struct mud_arena *arena = g->sight->arena;
    struct mud_fields f = {.g = g, .nodes = nodes, .n = n};
    if (n > MUD_POSTS_MAX)
        f.n = n = MUD_POSTS_MAX;
    f.path_of = mud_arena_array(arena, g->page->n + 1, sizeof(*f.path_of));
    f.paths = mud_arena_array(arena, PATHS_MAX, sizeof(*f.paths));
    f.table = mud_arena_array(arena, TABLE_SIZE, sizeof(*f.table));
    f.once = mud_arena_array(arena, 0x10000, 1);
    for (size_t i = 0; i < n; i++)
        read_member(&f, (uint32_t)i);
    f.body = find_body(&f);
    f.body_sig = f.body ? g->sig[f.body->first] : 0;
    mud_find_author(&f);
    find_time(&f);
    if (!f.time) {
        f.panels = true;
        find_time(&f);
    }
    struct mud_post *posts = mud_arena_array(arena, n + 1, sizeof(*posts));
    for (size_t i = 0; i < n; i++)
        read_post(&posts[i], &f, i, out);
    out->posts = posts;
    out->n_posts = n;
}
