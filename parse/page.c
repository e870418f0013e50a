#include "parse/page.h"

#include "base/utf8.h"
#include "parse/element.h"

#include <stdlib.h>
#include <tidy/tidy.h>
#include <tidy/tidybuffio.h>

struct build {
    TidyDoc doc;
    const struct mud_prefiltered *from;
    struct mud_arena *arena;
    struct mud_node *nodes;
    size_t n, cap;
    bool cut;
};

static void *tidy_malloc(TidyAllocator *self, size_t n)
{
    (void)self;
    return mud_malloc(n);
}

static void *tidy_realloc(TidyAllocator *self, void *p, size_t n)
{
    (void)self;
    return mud_realloc(p, n);
}

static void tidy_free(TidyAllocator *self, void *p)
{
    (void)self;
    free(p);
}

static void tidy_panic(TidyAllocator *self, ctmbstr text)
{
    (void)self;
    (void)text;
    mud_out_of_memory();
}

static const TidyAllocatorVtbl allocator_table = {tidy_malloc,
                                                  tidy_realloc,
                                                  tidy_free,
                                                  tidy_panic};
static TidyAllocator allocator = {&allocator_table};

/*
 * By name and text: Debian's libtidy has its asserts compiled in and aborts
 * when tidyOptSetBool meets an option of another type (config.c).
 */
static const struct {
    const char *name, *value;
} options[] = {
    {"quiet", "yes"},
    {"show-warnings", "no"},
    {"show-errors", "0"},
    {"show-info", "no"},
    {"force-output", "yes"},
    {"markup", "no"},
    {"input-encoding", "utf8"},
    {"output-encoding", "utf8"},
    {"drop-empty-elements", "no"},
    {"drop-empty-paras", "no"},
    {"merge-divs", "no"},
    {"merge-spans", "no"},
    {"merge-emphasis", "no"},
    {"join-classes", "no"},
    {"join-styles", "no"},
    {"fix-uri", "no"},
    {"fix-backslash", "no"},
    {"fix-bad-comments", "no"},
    {"literal-attributes", "yes"},
    {"preserve-entities", "no"},
    {"tidy-mark", "no"},
    {"coerce-endtags", "no"},
    {"enclose-text", "no"},
    {"enclose-block-text", "no"},
};

static bool set_options(TidyDoc doc, struct mud_error *err)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        TidyOption option = tidyGetOptionByName(doc, options[i].name);
        if (!option ||
            !tidyOptSetValue(doc, tidyOptGetId(option), options[i].value))
            return mud_fail(err,
                            MUD_EBUG,
                            "libtidy: option %s=%s",
                            options[i].name,
                            options[i].value);
    }
    return true;
}

/* The number at s, ended by anything but a digit. */
static size_t number(const char *s)
{
    size_t n = 0;
    for (; *s >= '0' && *s <= '9' && n < SIZE_MAX / 16; s++)
        n = n * 10 + (size_t)(*s - '0');
    return n;
}

static void take_attrs(struct build *b, struct mud_node *node, TidyNode tidy)
{
    for (TidyAttr at = tidyAttrFirst(tidy); at; at = tidyAttrNext(at)) {
        const char *value = tidyAttrValue(at);
        if (!value || strcmp(tidyAttrName(at), "class") != 0)
            continue;
        size_t n = number(value);
        if (n >= b->from->n_tags)
            continue;
        node->attrs = b->from->tags[n].attrs;
        node->n_attrs = b->from->tags[n].n;
    }
}

/* Tokens back to texts; what else libtidy has there is white space. */
static struct mud_str take_text(struct build *b, TidyNode tidy)
{
    TidyBuffer buf = {0};
    tidyBufInitWithAllocator(&buf, &allocator);
    struct mud_str text = {0};
    struct mud_buf out = {0};
    if (tidyNodeGetValue(b->doc, tidy, &buf) && buf.size) {
        tidyBufPutByte(&buf, 0);
        const char *s = (const char *)buf.bp;
        size_t n = *s == 'x' ? number(s + 1) : b->from->n_texts;
        if (n < b->from->n_texts && !strpbrk(s + 1, "x \n")) {
            text = b->from->texts[n]; /* nearly always one token */
        } else {
            for (; *s; s++) {
                if (*s == 'x' && (n = number(s + 1)) < b->from->n_texts)
                    mud_buf_str(&out, b->from->texts[n]);
                else if (*s == ' ' || *s == '\n')
                    mud_buf_c(&out, ' ');
            }
            text = mud_str_dup(mud_buf_view(&out), b->arena);
        }
    }
    mud_buf_free(&out);
    tidyBufFree(&buf);
    return text;
}

/* The prefilter's own names are lower case and last for ever. */
static struct mud_str name_of(struct build *b, const char *name)
{
    const struct mud_element *el = mud_element_find(name, strlen(name));
    return el ? mud_str_z(el->name) : mud_str_lower(mud_str_z(name), b->arena);
}

/* True when the node was taken (then its children may be). */
static bool take(struct build *b, TidyNode tidy, uint32_t parent)
{
    TidyNodeType type = tidyNodeGetType(tidy);
    bool text = type == TidyNode_Text || type == TidyNode_CDATA;
    const char *name = tidyNodeGetName(tidy);
    if (!text && (!name || (type != TidyNode_Start && type != TidyNode_End &&
                            type != TidyNode_StartEnd)))
        return false;
    b->nodes =
        mud_arena_grow(b->arena, b->nodes, &b->cap, b->n, sizeof(*b->nodes));
    struct mud_node *node = &b->nodes[b->n++];
    node->parent = parent;
    if (text) {
        node->text = take_text(b, tidy);
    } else {
        node->tag = name_of(b, name);
        take_attrs(b, node, tidy);
    }
    return true;
}

/* Depth first without recursion: libtidy's nodes know their parents. */
static void walk(struct build *b)
{
    TidyNode at = tidyGetHtml(b->doc);
    uint32_t open = MUD_NO_NODE; /* our node whose children we are in */
    if (!at || !take(b, at, open))
        return;
    TidyNode stop = tidyGetParent(at);
    bool taken = true;
    for (;;) {
        TidyNode next = taken ? tidyGetChild(at) : NULL;
        if (next) {
            open = (uint32_t)b->n - 1;
        } else {
            if (taken)
                b->nodes[b->n - 1].end = (uint32_t)b->n;
            while (at && at != stop && !(next = tidyGetNext(at))) {
                at = tidyGetParent(at);
                if (open == MUD_NO_NODE || at == stop)
                    return;
                b->nodes[open].end = (uint32_t)b->n;
                open = b->nodes[open].parent;
            }
            if (!next)
                return;
        }
        at = next;
        if (open == MUD_NO_NODE)
            return; /* a sibling of html */
        if (b->n >= MUD_PAGE_NODES_MAX) {
            b->cut = true;
            taken = false;
            continue;
        }
        taken = take(b, at, open);
    }
}

static bool blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

/* The next word of a class attribute; false behind the last. */
static bool word_cut(struct mud_str *words, struct mud_str *word)
{
    size_t from = 0, to;
    while (from < words->n && blank(words->s[from]))
        from++;
    for (to = from; to < words->n && !blank(words->s[to]);)
        to++;
    *word = mud_str_sub(*words, from, to);
    *words = mud_str_sub(*words, to, words->n);
    return word->n > 0;
}

uint32_t mud_mark(enum mud_mark_kind kind, struct mud_str name)
{
    uint32_t h = 2166136261U ^ (uint32_t)kind; /* FNV-1a */
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.s[i]) * 16777619U;
    return h ^ (h >> 15);
}

static void mark(struct mud_page *page, struct mud_node *node,
                 enum mud_mark_kind kind, struct mud_str name)
{
    uint32_t h = mud_mark(kind, name), at = h / 64 % MUD_MARKS;
    node->marks |= UINT64_C(1) << (h % 64);
    page->marks[at / 64] |= UINT64_C(1) << (at % 64);
}

static void mark_node(struct mud_page *page, struct mud_node *node)
{
    if (node->tag.n)
        mark(page, node, MUD_MARK_TAG, node->tag);
    for (uint32_t i = 0; i < node->n_attrs; i++) {
        struct mud_str value = node->attrs[i].value, word;
        mark(page, node, MUD_MARK_ATTR, node->attrs[i].name);
        if (mud_str_eqz(node->attrs[i].name, "id"))
            mark(page, node, MUD_MARK_ID, value);
        if (!mud_str_eqz(node->attrs[i].name, "class"))
            continue;
        while (word_cut(&value, &word))
            mark(page, node, MUD_MARK_CLASS, word);
    }
}

void mud_page_marks(struct mud_page *page, struct mud_node *nodes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mark_node(page, &nodes[i]);
}

bool mud_page_read(struct mud_page *out, struct mud_str html,
                   struct mud_arena *arena, struct mud_error *err)
{
    *out = (struct mud_page){0};
    if (html.n > MUD_PAGE_BYTES_MAX) {
        html.n = mud_utf8_cut(html, MUD_PAGE_BYTES_MAX);
        out->cut = true;
    }
    struct mud_prefiltered from;
    mud_prefilter(&from, html, arena);
    out->filter = from.report;
    struct mud_str text = mud_buf_view(&from.html);

    TidyBuffer in = {0};
    tidyBufInitWithAllocator(&in, &allocator);
    if (text.n) /* no tidyBufAttach of NULL */
        tidyBufAttach(&in, (byte *)from.html.s, (uint)text.n);
    TidyBuffer log = {0};
    tidyBufInitWithAllocator(&log, &allocator);
    TidyDoc doc = tidyCreateWithAllocator(&allocator);
    bool ok = doc && set_options(doc, err);
    if (ok) {
        (void)tidySetErrorBuffer(doc, &log);
        if (tidyParseBuffer(doc, &in) < 0)
            ok = mud_fail(err, MUD_ELIMIT, "libtidy gave up on the page");
    }
    if (ok) {
        struct build b = {.doc = doc, .from = &from, .arena = arena};
        walk(&b);
        mud_page_marks(out, b.nodes, b.n);
        out->nodes = b.nodes;
        out->n = (uint32_t)b.n;
        out->cut = out->cut || b.cut;
    }
    if (doc)
        tidyRelease(doc);
    tidyBufFree(&log);
    if (text.n)
        tidyBufDetach(&in);
    mud_buf_free(&from.html);
    return ok;
}

struct mud_str mud_node_attr_of(const struct mud_node *node,
                                struct mud_str name)
{
    for (uint32_t i = 0; i < node->n_attrs; i++)
        if (mud_str_eq(node->attrs[i].name, name))
            return node->attrs[i].value;
    return (struct mud_str){0};
}

struct mud_str mud_node_attr(const struct mud_node *node, const char *name)
{
    return mud_node_attr_of(node, mud_str_z(name));
}

bool mud_word_in(struct mud_str words, struct mud_str word)
{
    struct mud_str own;
    while (word_cut(&words, &own))
        if (mud_str_eq(own, word))
            return true;
    return false;
}
