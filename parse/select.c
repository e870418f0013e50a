#include "parse/select.h"

#define PARTS_MAX 24 /* compounds of one alternative */
#define TESTS_MAX 12 /* of one compound */

enum op {
    OP_TAG,
    OP_HAS,
    OP_IS,
    OP_STARTS,
    OP_ENDS,
    OP_HOLDS,
    OP_WORD,
    OP_OTHER,
    OP_ONE
};

struct test {
    enum op op;
    struct mud_str attr;
    struct mud_str value;
};

struct compound {
    struct test *tests;
    size_t n;
    bool child;      /* joined to the one before by ">" */
    uint64_t marks;  /* that a node must have */
    uint32_t *names; /* marks as the page has them */
    size_t n_names;
};

struct path { /* one alternative: compounds from left to right */
    struct compound *parts;
    size_t n;
};

struct mud_select {
    struct path *paths;
    size_t n;
};

struct reader {
    struct mud_str text;
    size_t at;
    struct mud_arena *arena;
    struct mud_error *err;
};

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_' || (c & 0x80);
}

static char peek(const struct reader *r)
{
    return r->at < r->text.n ? r->text.s[r->at] : 0;
}

static bool bad(const struct reader *r, const char *what)
{
    return mud_fail(r->err,
                    MUD_EINPUT,
                    "selector \"%.*s\": %s at byte %zu",
                    MUD_FMT(r->text),
                    what,
                    r->at);
}

static struct mud_str read_name(struct reader *r)
{
    size_t from = r->at;
    while (r->at < r->text.n && name_byte(r->text.s[r->at]))
        r->at++;
    return mud_str_sub(r->text, from, r->at);
}

static bool read_value(struct reader *r, struct mud_str *value)
{
    char quote = peek(r) == '"' ? '"' : 0;
    if (quote)
        r->at++;
    size_t from = r->at;
    while (r->at < r->text.n && r->text.s[r->at] != (quote ? quote : ']'))
        r->at++;
    *value = mud_str_sub(r->text, from, r->at);
    if (quote && peek(r) == quote)
        r->at++;
    if (peek(r) != ']')
        return bad(r, "\"]\" wanted");
    r->at++;
    return true;
}

static bool read_attr(struct reader *r, struct test *test)
{
    struct mud_str name = read_name(r);
    if (!name.n)
        return bad(r, "attribute wanted");
    test->attr = name;
    test->op = OP_HAS;
    if (peek(r) == ']') {
        r->at++;
        return true;
    }
    static const char marks[] = "=^$*~!";

    static const enum op ops[] = {
        OP_IS, OP_STARTS, OP_ENDS, OP_HOLDS, OP_WORD, OP_OTHER};

    const char *mark = strchr(marks, peek(r));
    if (!peek(r) || !mark)
        return bad(r, "operator wanted");
    test->op = ops[mark - marks];
    r->at++;
    if (test->op != OP_IS) {
        if (peek(r) != '=')
            return bad(r, "\"=\" wanted");
        r->at++;
    }
    return read_value(r, &test->value);
}

static bool read_test(struct reader *r, struct test *test)
{
    char c = peek(r);
    r->at++;
    if (c == '[')
        return read_attr(r, test);
    struct mud_str name = read_name(r);
    if (c == ':') {
        test->op = OP_ONE;
        return mud_str_eqz(name, "first-child") || bad(r, "unknown \":\" word");
    }
    test->op = c == '#' ? OP_IS : OP_WORD;
    test->attr = c == '#' ? MUD_STR("id") : MUD_STR("class");
    test->value = name;
    return name.n || bad(r, "name wanted");
}

/* What the node must have, by name, for the test to hold. */
static void name_of(struct compound *out, const struct test *test)
{
    uint32_t h;
    bool word = test->op == OP_WORD && mud_str_eqz(test->attr, "class");
    if (test->op == OP_ONE || (test->op == OP_TAG && !test->value.n))
        return;
    if (test->op == OP_TAG)
        h = mud_mark(MUD_MARK_TAG, test->value);
    else if (test->op == OP_IS && mud_str_eqz(test->attr, "id"))
        h = mud_mark(MUD_MARK_ID, test->value);
    else if (word)
        h = mud_mark(MUD_MARK_CLASS, test->value);
    else
        h = mud_mark(MUD_MARK_ATTR, test->attr);
    out->marks |= UINT64_C(1) << (h % 64);
    out->names[out->n_names++] = h / 64 % MUD_MARKS;
}

static bool read_compound(struct reader *r, struct compound *out)
{
    struct test tests[TESTS_MAX] = {{0}};
    size_t n = 0;
    if (peek(r) == '*') {
        r->at++;
        tests[n++] = (struct test){.op = OP_TAG};
    } else if (name_byte(peek(r))) {
        tests[n].op = OP_TAG;
        tests[n++].value = mud_str_lower(read_name(r), r->arena);
    }
    while (peek(r) && strchr("#.[:", peek(r))) {
        if (n == TESTS_MAX)
            return bad(r, "too many tests");
        if (!read_test(r, &tests[n++]))
            return false;
    }
    if (n == 0)
        return bad(r, "element wanted");
    out->n = n;
    out->tests = mud_arena_array(r->arena, n, sizeof(*tests));
    memcpy(out->tests, tests, n * sizeof(*tests));
    out->names = mud_arena_array(r->arena, n, sizeof(*out->names));
    for (size_t i = 0; i < n; i++)
        name_of(out, &tests[i]);
    return true;
}

static void spaces(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t')
        r->at++;
}

static bool read_path(struct reader *r, struct path *out)
{
    struct compound parts[PARTS_MAX] = {{0}};
    size_t n = 0;
    bool child = false;
    for (;;) {
        spaces(r);
        if (n && !child && peek(r) == '>') {
            child = true;
            r->at++;
            continue;
        }
        if (n && !child && (!peek(r) || peek(r) == ','))
            break;
        if (n == PARTS_MAX)
            return bad(r, "too many parts");
        if (!read_compound(r, &parts[n]))
            return false;
        parts[n++].child = child;
        child = false;
    }
    out->n = n;
    out->parts = mud_arena_array(r->arena, n, sizeof(*parts));
    memcpy(out->parts, parts, n * sizeof(*parts));
    return true;
}

bool mud_select_new(struct mud_select **out, struct mud_str text,
                    struct mud_arena *arena, struct mud_error *err)
{
    struct reader r = {mud_str_dup(text, arena), 0, arena, err};
    if (text.n > 1024)
        return mud_fail(err, MUD_EINPUT, "selector of %zu bytes", text.n);
    struct mud_select *select = mud_arena_alloc(arena, sizeof(*select));
    size_t cap = 0;
    for (;;) {
        select->paths = mud_arena_grow(
            arena, select->paths, &cap, select->n, sizeof(*select->paths));
        if (!read_path(&r, &select->paths[select->n++]))
            return false;
        if (peek(&r) != ',')
            break;
        r.at++;
    }
    if (r.at < r.text.n)
        return bad(&r, "end wanted");
    *out = select;
    return true;
}

static bool first_child(const struct mud_page *page, uint32_t node,
                        int64_t *steps)
{
    uint32_t parent = page->nodes[node].parent;
    if (parent == MUD_NO_NODE)
        return true;
    for (uint32_t i = parent + 1; i < node; i = page->nodes[i].end) {
        if (page->nodes[i].tag.n)
            return false;
        (*steps)--;
    }
    return true;
}

static bool passes(const struct test *test, const struct mud_page *page,
                   uint32_t i, int64_t *steps)
{
    const struct mud_node *node = &page->nodes[i];
    if (test->op == OP_TAG)
        return !test->value.n || mud_str_eq(node->tag, test->value);
    if (test->op == OP_ONE)
        return first_child(page, i, steps);
    struct mud_str value = mud_node_attr_of(node, test->attr);
    *steps -= (int64_t)(value.n / 64);
    if (!value.s)
        return false;
    switch (test->op) {
    case OP_IS:
        return mud_str_eq(value, test->value);
    case OP_STARTS:
        return mud_str_starts(value, test->value);
    case OP_ENDS:
        return mud_str_ends(value, test->value);
    case OP_HOLDS:
        return mud_str_find(value, test->value) != MUD_NPOS;
    case OP_WORD:
        return mud_word_in(value, test->value);
    case OP_OTHER:
        return !mud_str_eq(value, test->value);
    case OP_HAS:
    case OP_TAG:
    case OP_ONE:
        break;
    }
    return true;
}

/* What most nodes fail at, seen without a look at any attribute. */
static inline bool hopeless(const struct compound *part,
                            const struct mud_node *node)
{
    return !node->tag.n || (part->marks & ~node->marks) != 0;
}

static bool fits(const struct compound *part, const struct mud_page *page,
                 uint32_t i, int64_t *steps)
{
    if (--*steps <= 0 || hopeless(part, &page->nodes[i]))
        return false;
    for (size_t t = 0; t < part->n; t++)
        if (!passes(&part->tests[t], page, i, steps))
            return false;
    return true;
}

/*
 * From right to left. A descendant step takes the nearest ancestor that fits;
 * when a child step left of it fails, the search goes on above that ancestor,
 * so that the work is at most parts times depth.
 */
static bool path_match(const struct path *path, const struct mud_page *page,
                       uint32_t node, int64_t *steps)
{
    size_t part = path->n - 1;
    if (!fits(&path->parts[part], page, node, steps))
        return false;
    uint32_t at = node;
    size_t back = 0;                /* part to resume with, 0: none */
    uint32_t back_at = MUD_NO_NODE; /* and the node above which */
    while (part > 0) {
        bool child = path->parts[part].child;
        at = page->nodes[at].parent;
        if (at == MUD_NO_NODE)
            return false;
        if (!child) {
            back = part;
            back_at = at;
        }
        if (fits(&path->parts[part - 1], page, at, steps)) {
            part--;
        } else if (child) {
            if (!back)
                return false;
            part = back;
            at = back_at;
        }
    }
    return true;
}

bool mud_select_match(const struct mud_select *select,
                      const struct mud_page *page, uint32_t node,
                      int64_t *steps)
{
    for (size_t i = 0; select && i < select->n; i++)
        if (path_match(&select->paths[i], page, node, steps))
            return true;
    return false;
}

/* Has the page all that the path asks for, anywhere? */
static bool path_here(const struct path *path, const struct mud_page *page)
{
    for (size_t i = 0; i < path->n; i++) {
        const struct compound *part = &path->parts[i];
        for (size_t k = 0; k < part->n_names; k++) {
            uint32_t at = part->names[k];
            if (!(page->marks[at / 64] >> (at % 64) & 1))
                return false;
        }
    }
    return true;
}

uint32_t mud_select_first(const struct mud_select *select,
                          const struct mud_page *page, uint32_t from,
                          uint32_t end, int64_t *steps)
{
    bool here = false;
    for (size_t i = 0; select && i < select->n && !here; i++)
        here = path_here(&select->paths[i], page);
    if (!here) {
        --*steps;
        return MUD_NO_NODE;
    }
    for (uint32_t i = from; i < end && i<page->n && * steps> 0; i++)
        if (mud_select_match(select, page, i, steps))
            return i;
    return MUD_NO_NODE;
}
