#include "parse/prefilter.h"

#include <stdlib.h>

#include "parse/element.h"

/* An element that is open in the output. */
struct open {
    const struct mud_element *el;
    unsigned dropped[MUD_ELEMENTS_MAX]; /* LOOK tags open inside, unwritten */
};

struct filter {
    struct mud_buf *out;
    struct mud_str in;
    struct mud_prefilter_report *report;
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

/* Length of "&name;" or "&#...;" at s, or 0. */
static size_t entity(const char *s, size_t n)
{
    size_t i = 1;
    while (i < n && i < 34 && (is_name(s[i]) || s[i] == '#'))
        i++;
    return i > 1 && i < n && s[i] == ';' ? i + 1 : 0;
}

/* Text or a value; an ampersand that begins no entity is written as one. */
static void put_text(struct mud_buf *out, const char *s, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *as = NULL;
        if (s[i] == '<')
            as = "&lt;";
        else if (s[i] == '"')
            as = "&quot;";
        else if (s[i] == '&' && !entity(s + i, n - i))
            as = "&amp;";
        if (!as)
            continue;
        mud_buf_put(out, s + from, i - from);
        mud_buf_z(out, as);
        from = i + 1;
    }
    mud_buf_put(out, s + from, n - from);
}

static const char *written(const struct mud_element *el)
{
    return el->flags & MUD_EL_SPAN ? "span" : el->name;
}

static void pop(struct filter *f, size_t to)
{
    while (f->depth > to) {
        mud_buf_z(f->out, "</");
        mud_buf_z(f->out, written(f->stack[--f->depth].el));
        mud_buf_c(f->out, '>');
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

/* A declaration, comment or processing instruction at f->at. */
static void skip_markup(struct filter *f)
{
    struct mud_str rest = mud_str_sub(f->in, f->at, f->in.n);
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

static const char *const kept[] = {
    "action", "aid",        "alt",   "cite",     "class", "content", "datetime",
    "file",   "href",       "id",    "lang",     "name",  "rel",     "smilieid",
    "src",    "http-equiv", "title", "property", "type",  "value",   "zoomfile",
};

static bool keep_attr(struct mud_str name)
{
    if (name.n > 48)
        return false;
    if (mud_str_istarts(name, MUD_STR("data-")))
        return true;
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (mud_str_ieq(name, mud_str_z(kept[i])))
            return true;
    return false;
}

static bool hides(struct mud_str style)
{
    size_t at = mud_str_ifind(style, MUD_STR("display"));
    return at != MUD_NPOS && mud_str_ifind(mud_str_sub(style, at, at + 24),
                                           MUD_STR("none")) != MUD_NPOS;
}

/* The attributes of a start tag: written to out; f->at moves behind ">". */
struct attrs {
    struct mud_buf out;
    bool marked; /* class, id or hidden: a LOOK tag worth keeping */
    size_t n;
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

static void put_attr(struct attrs *a, struct mud_str name, struct mud_str value)
{
    bool style = mud_str_ieq(name, MUD_STR("style")) && hides(value);
    if (a->n >= MUD_PREFILTER_ATTRS || (!style && !keep_attr(name)))
        return;
    if (style || mud_str_ieq(name, MUD_STR("class")) ||
        mud_str_ieq(name, MUD_STR("id")))
        a->marked = true;
    a->n++;
    mud_buf_c(&a->out, ' ');
    for (size_t i = 0; i < name.n; i++)
        mud_buf_c(&a->out,
                  (char)(name.s[i] >= 'A' && name.s[i] <= 'Z' ? name.s[i] + 32
                                                              : name.s[i]));
    mud_buf_z(&a->out, "=\"");
    if (style) {
        value = MUD_STR("display:none");
    } else if (value.n > MUD_PREFILTER_VALUE) {
        value.n = MUD_PREFILTER_VALUE;
        while (value.n && (value.s[value.n] & 0xc0) == 0x80)
            value.n--;
    }
    put_text(&a->out, value.s, value.n);
    mud_buf_c(&a->out, '"');
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
            put_attr(a, name, value);
    }
    if (f->at < n)
        f->at++;
}

static void write_start(struct filter *f, const struct mud_element *el,
                        const struct attrs *a)
{
    f->report->tags++;
    mud_buf_c(f->out, '<');
    mud_buf_z(f->out, written(el));
    mud_buf_str(f->out, mud_buf_view(&a->out));
    mud_buf_c(f->out, '>');
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
    if (f->report->tags >= MUD_PREFILTER_TAGS) {
        if (!f->report->many++)
            f->report->many_at = tag_at;
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
        put_text(f->out, f->in.s + from, text_end - from);
        mud_buf_z(f->out, "</title>");
        return;
    }
    if (f->depth == MUD_PREFILTER_DEPTH) {
        if (!f->report->deep++)
            f->report->deep_at = tag_at;
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
    struct attrs a = {0};
    read_attrs(f, &a);
    if (el)
        start_tag(f, el, tag_at, &a);
    mud_buf_free(&a.out);
}

void mud_prefilter(struct mud_buf *out, struct mud_str html,
                   struct mud_prefilter_report *report)
{
    struct filter *f = mud_calloc(1, sizeof(*f));
    f->out = out;
    f->in = html;
    f->report = report;
    *report = (struct mud_prefilter_report){0};
    while (f->at < html.n) {
        const char *s = html.s + f->at;
        const char *lt = memchr(s, '<', html.n - f->at);
        size_t n = lt ? (size_t)(lt - s) : html.n - f->at;
        put_text(out, s, n);
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
            mud_buf_z(out, "&lt;");
            f->at++;
        }
    }
    pop(f, 0);
    free(f);
}
