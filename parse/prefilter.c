#include "parse/prefilter.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "parse/element.h"
#include "parse/entity.h"

/* An element that is open in the output. */
struct open {
    const struct mud_element *el;
    unsigned dropped[MUD_ELEMENTS_MAX]; /* LOOK tags open inside, unwritten */
};

struct filter {
    struct mud_prefiltered *out;
    struct mud_str in;
    struct mud_arena *arena;
    struct mud_buf text;  /* the run of text that is going on */
    struct mud_buf value; /* for one attribute */
    size_t texts_cap, tags_cap;
    unsigned pre; /* open pre elements: white space counts there */
    size_t at;
    struct open stack[MUD_PREFILTER_DEPTH];
    size_t depth;
    size_t over;                   /* tags dropped for depth and still open */
    bool no_end[MUD_ELEMENTS_MAX]; /* no end tag of this name ahead */
    bool no_comment_end;
    bool once[MUD_ELEMENTS_MAX];
    size_t head; /* elements of the head so far */
};

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
    return is_alpha(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == ':' || c == '.';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool word_in(const char *words, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = words ? strstr(words, name) : NULL; at;
         at = strstr(at + 1, name))
        if (at[-1] == ' ' && at[n] == ' ')
            return true;
    return false;
}

/* What stands for text in the structure: a token, or white space as such. */
static void flush(struct filter *f)
{
    struct mud_prefiltered *out = f->out;
    struct mud_str text = mud_buf_view(&f->text);
    if (!text.n)
        return;
    size_t blank = 0;
    while (blank < text.n && is_space(text.s[blank]))
        blank++;
    if (blank == text.n && !f->pre) {
        mud_buf_c(&out->html, ' ');
    } else {
        out->texts = mud_arena_grow(f->arena,
                                    out->texts,
                                    &f->texts_cap,
                                    out->n_texts,
                                    sizeof(*out->texts));
        mud_buf_printf(&out->html, "x%zu", out->n_texts);
        out->texts[out->n_texts++] = mud_str_dup(text, f->arena);
    }
    mud_buf_clear(&f->text);
}

static void put_text(struct filter *f, size_t from, size_t to)
{
    mud_entities_decode(&f->text, mud_str_sub(f->in, from, to), false);
}

static const char *written(const struct mud_element *el)
{
    return el->flags & MUD_EL_SPAN ? "span" : el->name;
}

static bool is_pre(const struct mud_element *el)
{
    return !strcmp(el->name, "pre");
}

static void pop(struct filter *f, size_t to)
{
    while (f->depth > to) {
        const struct mud_element *el = f->stack[--f->depth].el;
        flush(f);
        mud_buf_z(&f->out->html, "</");
        mud_buf_z(&f->out->html, written(el));
        mud_buf_c(&f->out->html, '>');
        f->pre -= is_pre(el);
    }
}

/* Behind the next "</name" ... ">" at or after f->at; false when none. */
static bool skip_raw(struct filter *f, const struct mud_element *el,
                     size_t *text_end)
{
    size_t id = mud_element_id(el), n = strlen(el->name);
    if (f->no_end[id])
        return false;
    const char *s = f->in.s;
    for (size_t i = f->at; i + n + 2 <= f->in.n; i++) {
        const char *lt = memchr(s + i, '<', f->in.n - i);
        if (!lt)
            break;
        i = (size_t)(lt - s);
        if (i + n + 2 > f->in.n || s[i + 1] != '/' ||
            !mud_str_ieq(mud_str_of(s + i + 2, n), mud_str_of(el->name, n)) ||
            (i + n + 2 < f->in.n && is_name(s[i + n + 2])))
            continue;
        *text_end = i;
        const char *gt = memchr(s + i, '>', f->in.n - i);
        f->at = gt ? (size_t)(gt - s) + 1 : f->in.n;
        return true;
    }
    f->no_end[id] = true;
    return false;
}

/* Baidu Tieba sends parts of a page as comments in <code class=pagelet_html>,
 * which its script puts where they belong. */
static bool in_pagelet(const struct filter *f)
{
    size_t from = f->at > 256 ? f->at - 256 : 0;
    struct mud_str tag = mud_str_sub(f->in, from, f->at);
    size_t lt = mud_str_rchr(tag, '<');
    if (lt == MUD_NPOS || !tag.n || tag.s[tag.n - 1] != '>')
        return false;
    tag = mud_str_sub(tag, lt, tag.n);
    return mud_str_istarts(tag, MUD_STR("<code ")) &&
           mud_str_find(tag, MUD_STR("pagelet_html")) != MUD_NPOS;
}

/* A declaration, comment or processing instruction at f->at. */
static void skip_markup(struct filter *f)
{
    struct mud_str rest = mud_str_sub(f->in, f->at, f->in.n);
    if (mud_str_starts(rest, MUD_STR("<!--")) && in_pagelet(f)) {
        f->at += 4;
        return;
    }
    if (mud_str_starts(rest, MUD_STR("<!--")) && !f->no_comment_end) {
        /* "<!-->" is a whole comment. */
        size_t end = mud_str_find(mud_str_sub(rest, 2, rest.n), MUD_STR("-->"));
        if (end != MUD_NPOS) {
            f->at += 2 + end + 3;
            return;
        }
        f->no_comment_end = true;
    }
    const char *gt = memchr(rest.s, '>', rest.n);
    f->at = gt ? f->at + (size_t)(gt - rest.s) + 1 : f->in.n;
}

static void end_tag(struct filter *f, const struct mud_element *el)
{
    if (el->flags & (MUD_EL_VOID | MUD_EL_ONCE | MUD_EL_BARE | MUD_EL_RAW))
        return;
    if (f->over && !(el->flags & MUD_EL_LOOK)) {
        f->over--;
        return;
    }
    size_t id = mud_element_id(el);
    for (size_t i = f->depth; i > 0; i--) {
        struct open *open = &f->stack[i - 1];
        if (open->dropped[id]) {
            open->dropped[id]--;
            return;
        }
        if (open->el == el) {
            pop(f, i - 1);
            return;
        }
        /* A stray end tag in a cell does not close what is around the table. */
        if ((open->el->flags & MUD_EL_CELL) &&
            !(el->flags & (MUD_EL_CELL | MUD_EL_FRAME)))
            return;
        if (open->el->flags & MUD_EL_CELL && !strcmp(open->el->name, "table"))
            return;
    }
}

/* Whether the search for elements that el closes ends at the open one. */
static bool stops(const struct mud_element *el, const struct mud_element *open)
{
    if (word_in(el->within, open->name))
        return true;
    if (!(el->flags & MUD_EL_BLOCK) && !(el->flags & MUD_EL_FRAME) &&
        !(el->flags & MUD_EL_CELL)) /* an anchor stays in its block */
        return open->flags & (MUD_EL_BLOCK | MUD_EL_CELL | MUD_EL_FRAME);
    if (!(open->flags & MUD_EL_CELL))
        return false;
    return !(el->flags & (MUD_EL_FRAME | MUD_EL_CELL)) ||
           !strcmp(open->name, "table");
}

/* Close what the start tag of el implies to be over. */
static void close_for(struct filter *f, const struct mud_element *el)
{
    size_t to = f->depth;
    for (size_t i = f->depth; el->closes && i > 0; i--) {
        const struct mud_element *open = f->stack[i - 1].el;
        if (word_in(el->closes, open->name))
            to = i - 1;
        else if (stops(el, open))
            break;
    }
    pop(f, to);
    if (!(el->flags & MUD_EL_BLOCK))
        return;
    for (size_t i = f->depth; i > 0; i--) {
        const struct mud_element *open = f->stack[i - 1].el;
        if (!strcmp(open->name, "p")) {
            pop(f, i - 1);
            return;
        }
        if (open->flags & (MUD_EL_BLOCK | MUD_EL_CELL | MUD_EL_FRAME))
            return;
    }
}

static const struct mud_str kept[] = {
    {"id", 2},       {"class", 5},    {"href", 4},        {"src", 3},
    {"alt", 3},      {"title", 5},    {"name", 4},        {"type", 4},
    {"value", 5},    {"content", 7},  {"rel", 3},         {"action", 6},
    {"cite", 4},     {"datetime", 8}, {"file", 4},        {"zoomfile", 8},
    {"aid", 3},      {"smilieid", 8}, {"http-equiv", 10}, {"lang", 4},
    {"property", 8}, {"noshade", 7},  {"component", 9},   {"itemprop", 8},
};

/* The name in lower case, or empty when the attribute is not kept. */
static struct mud_str keep_attr(struct filter *f, struct mud_str name)
{
    if (name.n > 48)
        return (struct mud_str){0};
    if (mud_str_istarts(name, MUD_STR("data-")))
        return mud_str_lower(name, f->arena);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (kept[i].n == name.n && (kept[i].s[0] == (name.s[0] | 32)) &&
            mud_str_ieq(name, kept[i]))
            return kept[i];
    return (struct mud_str){0};
}

static bool hides(struct mud_str style)
{
    size_t at = mud_str_ifind(style, MUD_STR("display"));
    return at != MUD_NPOS && mud_str_ifind(mud_str_sub(style, at, at + 24),
                                           MUD_STR("none")) != MUD_NPOS;
}

/* The attributes of a start tag. */
struct attrs {
    struct mud_attr items[MUD_PREFILTER_ATTRS];
    uint32_t n;
    bool marked; /* class, id or hidden: a LOOK tag worth keeping */
};

static struct mud_str attr_value(struct filter *f)
{
    const char *s = f->in.s;
    size_t n = f->in.n;
    while (f->at < n && is_space(s[f->at]))
        f->at++;
    if (f->at >= n || s[f->at] != '=')
        return (struct mud_str){0};
    f->at++;
    while (f->at < n && is_space(s[f->at]))
        f->at++;
    if (f->at < n && (s[f->at] == '"' || s[f->at] == '\'')) {
        size_t from = f->at + 1;
        const char *end = memchr(s + from, s[f->at], n - from);
        size_t to = end ? (size_t)(end - s) : n;
        f->at = end ? to + 1 : n;
        return mud_str_of(s + from, to - from);
    }
    size_t from = f->at;
    while (f->at < n && !is_space(s[f->at]) && s[f->at] != '>')
        f->at++;
    return mud_str_of(s + from, f->at - from);
}

static void put_attr(struct filter *f, struct attrs *a, struct mud_str name,
                     struct mud_str value)
{
    bool style = mud_str_ieq(name, MUD_STR("style")) && hides(value);
    struct mud_str known = style ? MUD_STR("style") : keep_attr(f, name);
    if (a->n >= MUD_PREFILTER_ATTRS || !known.n)
        return;
    for (uint32_t i = 0; i < a->n; i++)
        if (mud_str_eq(a->items[i].name, known))
            return; /* the first one counts */
    if (style || mud_str_eqz(known, "class") || mud_str_eqz(known, "id"))
        a->marked = true;
    if (style) {
        value = MUD_STR("display:none");
    } else {
        value.n = mud_utf8_cut(value, MUD_PREFILTER_VALUE);
        mud_buf_clear(&f->value);
        mud_entities_decode(&f->value, value, true);
        value = mud_str_dup(mud_buf_view(&f->value), f->arena);
    }
    a->items[a->n++] = (struct mud_attr){known, value};
}

static void read_attrs(struct filter *f, struct attrs *a)
{
    const char *s = f->in.s;
    size_t n = f->in.n;
    while (f->at < n && s[f->at] != '>') {
        if (is_space(s[f->at]) || s[f->at] == '/') {
            f->at++;
            continue;
        }
        size_t from = f->at++;
        while (f->at < n && !is_space(s[f->at]) && s[f->at] != '=' &&
               s[f->at] != '>' && s[f->at] != '/')
            f->at++;
        struct mud_str name = mud_str_of(s + from, f->at - from);
        struct mud_str value = attr_value(f);
        bool plain = name.n > 0;
        for (size_t i = 0; i < name.n; i++)
            plain = plain && is_name(name.s[i]);
        if (plain)
            put_attr(f, a, name, value);
    }
    if (f->at < n)
        f->at++;
}

static void write_start(struct filter *f, const struct mud_element *el,
                        const struct attrs *a)
{
    struct mud_prefiltered *out = f->out;
    flush(f);
    out->report.tags++;
    mud_buf_c(&out->html, '<');
    mud_buf_z(&out->html, written(el));
    if (a->n) {
        struct mud_attr *attrs =
            mud_arena_array(f->arena, a->n, sizeof(*attrs));
        memcpy(attrs, a->items, a->n * sizeof(*attrs));
        out->tags = mud_arena_grow(
            f->arena, out->tags, &f->tags_cap, out->n_tags, sizeof(*out->tags));
        out->tags[out->n_tags] = (struct mud_tag){attrs, a->n};
        mud_buf_printf(&out->html, " class=\"%zu\"", out->n_tags++);
    }
    mud_buf_c(&out->html, '>');
    if (!(el->flags & MUD_EL_VOID))
        f->pre += is_pre(el);
}

/* True when the element is kept for its marks or is no presentational one. */
static bool worth(struct filter *f, const struct mud_element *el,
                  const struct attrs *a)
{
    if (!(el->flags & MUD_EL_LOOK) || a->marked)
        return true;
    if (f->depth)
        f->stack[f->depth - 1].dropped[mud_element_id(el)]++;
    return false;
}

static void start_tag(struct filter *f, const struct mud_element *el,
                      size_t tag_at, const struct attrs *a)
{
    size_t text_end = 0, from = f->at;
    if (el->flags & MUD_EL_RAW) {
        (void)skip_raw(f, el, &text_end);
        return;
    }
    if (el->flags & MUD_EL_BARE || !worth(f, el, a))
        return;
    if (el->flags & MUD_EL_ONCE) {
        if (!f->once[mud_element_id(el)])
            write_start(f, el, a);
        f->once[mud_element_id(el)] = true;
        return;
    }
    if (f->out->report.tags >= MUD_PREFILTER_TAGS) {
        if (!f->out->report.many++)
            f->out->report.many_at = tag_at;
        if (!(el->flags & MUD_EL_VOID))
            f->over++;
        return;
    }
    if (el->flags & MUD_EL_HEAD && f->head++ >= MUD_PREFILTER_HEAD)
        return;
    close_for(f, el);
    if (el->flags & MUD_EL_VOID) {
        write_start(f, el, a);
        return;
    }
    if (el->flags & MUD_EL_TITLE) {
        if (!skip_raw(f, el, &text_end))
            return;
        write_start(f, el, a);
        put_text(f, from, text_end);
        flush(f);
        mud_buf_z(&f->out->html, "</title>");
        return;
    }
    if (f->depth == MUD_PREFILTER_DEPTH) {
        if (!f->out->report.deep++)
            f->out->report.deep_at = tag_at;
        f->over++;
        return;
    }
    /* A form between table and cell only tears the table apart. */
    if (!strcmp(el->name, "form") && f->depth &&
        (f->stack[f->depth - 1].el->flags & MUD_EL_FRAME))
        return;
    write_start(f, el, a);
    memset(&f->stack[f->depth], 0, sizeof(f->stack[0]));
    f->stack[f->depth++].el = el;
}

static void tag(struct filter *f)
{
    const char *s = f->in.s;
    size_t n = f->in.n, tag_at = f->at;
    bool end = s[f->at + 1] == '/';
    f->at += end ? 2 : 1;
    size_t from = f->at;
    while (f->at < n && is_name(s[f->at]))
        f->at++;
    const struct mud_element *el = mud_element_find(s + from, f->at - from);
    if (end) {
        const char *gt = memchr(s + f->at, '>', n - f->at);
        f->at = gt ? (size_t)(gt - s) + 1 : n;
        if (el)
            end_tag(f, el);
        return;
    }
    struct attrs a;
    a.n = 0;
    a.marked = false;
    read_attrs(f, &a);
    if (el)
        start_tag(f, el, tag_at, &a);
}

void mud_prefilter(struct mud_prefiltered *out, struct mud_str html,
                   struct mud_arena *arena)
{
    struct filter *f = mud_calloc(1, sizeof(*f));
    *out = (struct mud_prefiltered){0};
    f->out = out;
    f->in = html;
    f->arena = arena;
    while (f->at < html.n) {
        const char *s = html.s + f->at;
        const char *lt = memchr(s, '<', html.n - f->at);
        size_t n = lt ? (size_t)(lt - s) : html.n - f->at;
        put_text(f, f->at, f->at + n);
        f->at += n;
        if (!lt)
            break;
        char next = f->at + 1 < html.n ? lt[1] : 0;
        char after = f->at + 2 < html.n ? lt[2] : 0;
        if (is_alpha(next) || (next == '/' && is_alpha(after))) {
            tag(f);
        } else if (next == '!' || next == '?' || next == '/') {
            skip_markup(f);
        } else {
            mud_buf_c(&f->text, '<');
            f->at++;
        }
    }
    flush(f);
    pop(f, 0);
    mud_buf_free(&f->text);
    mud_buf_free(&f->value);
    free(f);
}
