#include "parse/generic_fields.h"

/* A name, and not a label, a count or a sentence. */
static bool is_name(struct mud_str s)
{
    bool digits = true;
    if (!s.n || s.n > 96 || mud_str_chr(s, '\n') != MUD_NPOS)
        return false;
    for (size_t i = 0; i < s.n; i++)
        digits = digits && s.s[i] >= '0' && s.s[i] <= '9';
    return !digits;
}

static bool is_account(const struct mud_generic *g, uint32_t i)
{
    const struct mud_node *node = &g->page->nodes[i];
    if (mud_str_eqz(node->tag, "a"))
        return mud_generic_is_user(mud_node_attr(node, "href"));
    return node->tag.n && (g->hint[i] & MUD_HINT_USER) && node->end - i <= 8;
}

static bool names_someone(struct mud_generic *g, uint32_t i)
{
    return g->dates[g->page->nodes[i].end] == g->dates[i] &&
           is_name(mud_sight_text(g->sight, i, 0));
}

/* "Posts:", "#3", "12 replies", "Reply": what is no name. */
static bool is_label(struct mud_str s)
{
    static const char *const words[] = {
        "#", ":", "：", "/", "|", "(", "[", "»", "©", "@"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_find(s, mud_str_z(words[i])) != MUD_NPOS)
            return true;
    return s.s[0] >= '0' && s.s[0] <= '9';
}

/* "网友 NICK 于 DATE 说：": the name in front of a date. */
static struct mud_str before_date(struct mud_str s)
{
    static const char *const ends[] = {
        " 于 ", "于 ", " 發表於", " 发表于", "发表于", " wrote on ", " on "};
    static const char *const heads[] = {
        "网友", "網友", "作者", "发帖人", "留言者", "Posted by", "By", "от"};
    size_t end = MUD_NPOS;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t at = mud_str_find(s, mud_str_z(ends[i]));
        end = at < end ? at : end;
    }
    if (end == MUD_NPOS)
        return (struct mud_str){0};
    s = mud_str_trim(mud_str_sub(s, 0, end));
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        struct mud_str head = mud_str_z(heads[i]);
        if (mud_str_starts(s, head))
            s = mud_str_trim(mud_str_sub(s, head.n, s.n));
    }
    while (s.n && (s.s[0] == ':' || s.s[0] == ' '))
        s = mud_str_sub(s, 1, s.n);
    return s;
}

/* The first text of an element outside the body, when it may be a name. */
static bool name_at(struct mud_fields *f, uint32_t i, uint32_t member,
                    struct mud_str *name)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    uint32_t parent = nodes[i].parent;
    if (nodes[i].tag.n || parent == MUD_NO_NODE || parent < member ||
        parent + 1 != i || mud_inside_body(f, parent, member))
        return false;
    *name = mud_str_trim(nodes[i].text);
    if (g->dates[nodes[parent].end] != g->dates[parent])
        *name = before_date(*name);
    return is_name(*name) && name->n <= 48 && !is_label(*name);
}

/*
 * No accounts are linked: the first place that holds a short text in nearly
 * all members, of which not all are the same.
 */
static void find_name(struct mud_fields *f)
{
    const struct mud_node *nodes = f->g->page->nodes;
    struct mud_str name;
    for (size_t m = 0; m < f->n; m++) {
        uint32_t member = f->nodes[m];
        int tries = 0;
        for (uint32_t i = member + 1; i < nodes[member].end && tries < 24;
             i++) {
            struct mud_path *path;
            if (!name_at(f, i, member, &name) ||
                !(path = mud_path_at(f, f->path_of[nodes[i].parent], false)))
                continue;
            tries++;
            if (path->in == m + 1)
                continue; /* of an answer in the post */
            path->in = (uint32_t)m + 1;
            if (!path->names)
                path->one = name;
            path->others += !mud_str_eq(path->one, name);
            path->names++;
        }
    }
    for (size_t i = 0; i < f->n_paths; i++) {
        const struct mud_path *p = &f->paths[i];
        bool all =
            (size_t)p->names * 10 >= f->n * 9 && p->names <= f->n + f->n / 8;
        bool people = p->others || f->n <= 2;
        if (all && people && (!f->name || p->first < f->name->first))
            f->name = p;
    }
}

/* Where do accounts stand, and which place names the author? */
void mud_find_author(struct mud_fields *f)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    for (size_t m = 0; m < f->n; m++) {
        uint32_t member = f->nodes[m];
        int tries = 0;
        for (uint32_t i = member + 1; i < nodes[member].end && tries < 12;
             i++) {
            struct mud_path *path;
            if (!is_account(g, i) || mud_inside_body(f, i, member) ||
                !(path = mud_path_at(f, f->path_of[i], false)))
                continue;
            if (!names_someone(g, i))
                continue;
            struct mud_str text = mud_sight_text(g->sight, i, 0);
            struct mud_str to = mud_node_attr(&nodes[i], "href");
            if (!path->authors) {
                path->label = text;
                path->to = to;
                path->rank = (uint32_t)tries;
            }
            tries++;
            /* One text for two accounts is a label: "Find", "Send message". */
            path->labels +=
                mud_str_eq(path->label, text) && !mud_str_eq(path->to, to);
            path->same += mud_str_eq(path->label, text);
            path->authors++;
        }
    }
    double most = 0;
    for (size_t i = 0; i < f->n_paths; i++) {
        const struct mud_path *p = &f->paths[i];
        bool link = mud_str_eqz(nodes[p->first].tag, "a");
        bool label =
            p->labels || (!link && p->authors > 3 && p->same == p->authors);
        double value = (double)(p->authors < f->n ? p->authors : f->n) *
                       (label ? 0.1 : 1) * (link ? 1.5 : 1) *
                       (p->hints & MUD_HINT_USER ? 1.2 : 1) /
                       (1 + 0.1 * p->rank);
        if (value > most) {
            most = value;
            f->author = p;
        }
    }
    /* The same word for everybody is none. */
    if (f->author && f->author->labels && f->n > 1 &&
        f->author->same == f->author->authors)
        f->author = NULL;
    if (!f->author || (size_t)f->author->authors * 2 < f->n)
        find_name(f);
}

static bool named(struct mud_post *post, struct mud_fields *f, uint32_t member)
{
    const struct mud_node *nodes = f->g->page->nodes;
    for (uint32_t i = member + 1; f->name && i < nodes[member].end; i++)
        if (!nodes[i].tag.n && f->path_of[nodes[i].parent] == f->name->hash &&
            name_at(f, i, member, &post->author))
            return true;
    post->author = (struct mud_str){0};
    return false;
}

/* A guest's name has no link, but stands where those of others do. */
static bool guest(struct mud_post *post, struct mud_fields *f, uint32_t member)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    if (!f->author || !f->author->parent)
        return false;
    for (uint32_t i = member + 1; i < nodes[member].end; i++) {
        if (f->path_of[i] != f->author->parent ||
            mud_inside_body(f, i, member) || !names_someone(g, i))
            continue;
        struct mud_str name = mud_sight_text(g->sight, i, 0);
        if (name.n > 48 || is_label(name))
            return false;
        post->author = name;
        return true;
    }
    return false;
}

void mud_author_of(struct mud_post *post, struct mud_fields *f, uint32_t member)
{
    struct mud_generic *g = f->g;
    const struct mud_node *nodes = g->page->nodes;
    uint32_t found = MUD_NO_NODE;
    for (uint32_t i = member + 1; i < nodes[member].end; i++) {
        bool here = f->author && f->path_of[i] == f->author->hash;
        if (!nodes[i].tag.n || !is_account(g, i) ||
            mud_inside_body(f, i, member) || !names_someone(g, i))
            continue;
        if (found == MUD_NO_NODE || here)
            found = i;
        if (here)
            break;
    }
    if (found == MUD_NO_NODE) {
        if (!named(post, f, member))
            (void)guest(post, f, member);
        return;
    }
    post->author = mud_sight_text(g->sight, found, 0);
    for (uint32_t i = found; i < nodes[found].end; i++) {
        struct mud_url url;
        struct mud_str ref = mud_node_attr(&nodes[i], "href");
        if (mud_generic_is_user(ref) && mud_sight_url(g->sight, ref, &url)) {
            post->author_id = mud_generic_id(&url, MUD_PAGE_PROFILE);
            return;
        }
    }
}
