#include "parse/json_page.h"

#include "base/utf8.h"

#include <stdlib.h>

#define MUD_JSON_CALL_MAX 100 /* bytes of the name of a function */

struct frame { /* an open object or array */
    uint32_t node;
    bool object;
    bool html;    /* of an array: its strings are HTML */
    size_t attrs; /* where its attributes begin in reader.attrs */
};

struct reader {
    struct mud_str in;
    size_t at;
    struct mud_arena *arena;
    const struct mud_str *html;
    size_t n_html, fragments;
    struct mud_page *page;
    struct mud_json_fault *fault;
    struct mud_node *nodes;
    size_t n, cap;
    struct mud_attr *attrs; /* of the open objects, outermost first */
    size_t n_attrs, attrs_cap;
    struct frame stack[MUD_JSON_PAGE_DEPTH];
    size_t depth;
    struct mud_str key; /* of the member that comes next */
    bool keyed;
};

static void fail(struct reader *r, const char *code, size_t byte)
{
    if (r->fault->code)
        return;
    r->fault->code = code;
    r->fault->byte = byte;
}

static void blanks(struct reader *r)
{
    while (r->at < r->in.n && r->in.s[r->at] &&
           strchr(" \t\r\n", r->in.s[r->at]))
        r->at++;
}

/* Four hexadecimal digits at byte i; -1 when they are not there. */
static int32_t hex4(struct mud_str s, size_t i)
{
    int32_t value = 0;
    if (i + 4 > s.n)
        return -1;
    for (size_t end = i + 4; i < end; i++) {
        char c = s.s[i];
        int32_t d = c >= '0' && c <= '9'                 ? c - '0'
                    : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                         : -1;
        if (d < 0)
            return -1;
        value = value * 16 + d;
    }
    return value;
}

/* The character of "\u...." whose "u" is at *i, which moves on to its last
 * byte; half of a pair by itself is U+FFFD. */
static uint32_t escaped(struct mud_str s, size_t *i)
{
    int32_t c = hex4(s, *i + 1);
    if (c < 0)
        return 0xFFFD;
    *i += 4;
    if (c >= 0xD800 && c < 0xDC00 && *i + 2 < s.n && s.s[*i + 1] == '\\' &&
        s.s[*i + 2] == 'u') {
        int32_t low = hex4(s, *i + 3);
        if (low >= 0xDC00 && low < 0xE000) {
            *i += 6;
            return 0x10000 + ((uint32_t)(c - 0xD800) << 10) +
                   (uint32_t)(low - 0xDC00);
        }
    }
    return c == 0 || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : (uint32_t)c;
}

/* What stands between two quotes, without its escapes; two bytes become at
 * most three. */
static struct mud_str unescape(struct reader *r, struct mud_str s)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    char *out = mud_arena_alloc(r->arena, s.n + s.n / 2 + 4);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] != '\\' || i + 1 == s.n) {
            out[n++] = s.s[i];
            continue;
        }
        char c = s.s[++i];
        const char *at = c ? strchr(from, c) : NULL;
        if (c == 'u')
            n += mud_utf8_put(escaped(s, &i), out + n);
        else
            out[n++] = at ? to[at - from] : c;
    }
    return mud_str_of(out, n);
}

/* The string whose quote is at r->at. */
static struct mud_str string(struct reader *r)
{
    size_t from = ++r->at;
    bool plain = true;
    while (r->at < r->in.n && r->in.s[r->at] != '"') {
        if (r->in.s[r->at] == '\\') {
            plain = false;
            r->at++;
        }
        r->at++;
    }
    if (r->at >= r->in.n) {
        fail(r, "truncated", r->in.n);
        r->at = r->in.n;
    }
    struct mud_str raw = mud_str_sub(r->in, from, r->at);
    r->at += r->at < r->in.n;
    return plain ? mud_str_dup(raw, r->arena) : unescape(r, raw);
}

/* A node below the innermost open one; NULL when there are too many. */
static struct mud_node *add(struct reader *r, const char *tag)
{
    if (r->n >= MUD_PAGE_NODES_MAX) {
        r->page->cut = true;
        return NULL;
    }
    r->nodes =
        mud_arena_grow(r->arena, r->nodes, &r->cap, r->n, sizeof(*r->nodes));
    struct mud_node *node = &r->nodes[r->n++];
    *node = (struct mud_node){
        .tag = mud_str_z(tag),
        .parent = r->depth ? r->stack[r->depth - 1].node : MUD_NO_NODE,
        .end = (uint32_t)r->n,
    };
    return node;
}

static struct mud_attr *class_of(struct reader *r, struct mud_str name)
{
    struct mud_attr *attr = mud_arena_alloc(r->arena, sizeof(*attr));
    *attr = (struct mud_attr){MUD_STR("class"), name};
    return attr;
}

/* The node that the value at r->at gets. */
static struct mud_node *value_node(struct reader *r)
{
    struct mud_node *node = add(r, !r->depth ? "json" : r->keyed ? "m" : "e");
    if (node && r->keyed) {
        node->attrs = class_of(r, r->key);
        node->n_attrs = 1;
    }
    return node;
}

/* Nodes of text below node number parent, a br for each line end. */
static void put_text(struct reader *r, struct mud_str text, uint32_t parent)
{
    struct mud_str line;
    bool more = false;
    while (mud_str_cut(&text, '\n', &line)) {
        struct mud_node *node = more ? add(r, "br") : NULL;
        if (node)
            node->parent = parent;
        more = true;
        node = line.n ? add(r, "") : NULL;
        if (node) {
            node->text = line;
            node->parent = parent;
        }
    }
}

static bool is_markup(struct mud_str s)
{
    return mud_str_chr(s, '<') != MUD_NPOS || mud_str_chr(s, '&') != MUD_NPOS;
}

static bool is_html(const struct reader *r)
{
    if (!r->keyed)
        return r->depth && r->stack[r->depth - 1].html;
    for (size_t i = 0; i < r->n_html; i++)
        if (mud_str_eq(r->html[i], r->key))
            return true;
    return false;
}

/* What a string of HTML holds, below node number parent. */
static bool put_html(struct reader *r, struct mud_str text, uint32_t parent,
                     struct mud_error *err)
{
    struct mud_page part;
    if (!mud_page_read(&part, text, r->arena, err))
        return false;
    r->page->cut = r->page->cut || part.cut;
    r->page->filter.deep += part.filter.deep;
    r->page->filter.many += part.filter.many;
    uint32_t body = 0;
    while (body < part.n && !mud_str_eqz(part.nodes[body].tag, "body"))
        body++;
    if (body == part.n)
        return true;
    uint32_t first = (uint32_t)r->n, end = part.nodes[body].end;
    for (uint32_t i = body + 1; i < end; i++) {
        const struct mud_node *from = &part.nodes[i];
        struct mud_node *node = add(r, "");
        if (!node)
            break;
        *node = *from;
        node->end = first + from->end - (body + 1);
        node->parent =
            from->parent == body ? parent : first + from->parent - (body + 1);
    }
    for (size_t i = first; i < r->n; i++) /* where it was cut */
        if (r->nodes[i].end > r->n)
            r->nodes[i].end = (uint32_t)r->n;
    return true;
}

/* A plain value: text of its node, and attribute of its object. */
static bool put_plain(struct reader *r, struct mud_str text, bool quoted,
                      struct mud_error *err)
{
    bool null = !quoted && mud_str_eqz(text, "null");
    struct mud_node *node = value_node(r);
    if (!node || null)
        return true;
    uint32_t at = (uint32_t)(node - r->nodes);
    const struct frame *in = r->depth ? &r->stack[r->depth - 1] : NULL;
    if (in && in->object && r->n_attrs - in->attrs < MUD_JSON_PAGE_ATTRS) {
        r->attrs = mud_arena_grow(
            r->arena, r->attrs, &r->attrs_cap, r->n_attrs, sizeof(*r->attrs));
        r->attrs[r->n_attrs++] = (struct mud_attr){r->key, text};
    }
    bool html = quoted && is_html(r) && is_markup(text) &&
                r->fragments++ < MUD_JSON_PAGE_HTML;
    if (html && !put_html(r, text, at, err))
        return false;
    if (!html)
        put_text(r, text, at);
    r->nodes[at].end = (uint32_t)r->n;
    return true;
}

/* Behind the bracket that closes the one at r->at, which is left out. */
static void pass_over(struct reader *r)
{
    size_t open = 0;
    fail(r, "too-deep", r->at);
    while (r->at < r->in.n) {
        char c = r->in.s[r->at];
        if (c == '"') {
            while (++r->at < r->in.n && r->in.s[r->at] != '"')
                r->at += r->in.s[r->at] == '\\';
        }
        open += c == '{' || c == '[';
        open -= c == '}' || c == ']';
        r->at++;
        if (!open)
            return;
    }
    r->at = r->in.n;
}

static void open_value(struct reader *r)
{
    bool object = r->in.s[r->at] == '{';
    struct mud_node *node =
        r->depth < MUD_JSON_PAGE_DEPTH ? value_node(r) : NULL;
    if (!node) {
        pass_over(r);
        return;
    }
    bool html = is_html(r);
    r->stack[r->depth++] = (struct frame){
        .node = (uint32_t)(node - r->nodes),
        .object = object,
        .html = html,
        .attrs = r->n_attrs,
    };
    r->at++;
}

/* The innermost open value is over: its attributes are known. */
static void close_value(struct reader *r)
{
    struct frame *in = &r->stack[--r->depth];
    struct mud_node *node = &r->nodes[in->node];
    size_t own = node->n_attrs, n = r->n_attrs - in->attrs;
    node->end = (uint32_t)r->n;
    if (n) {
        struct mud_attr *attrs =
            mud_arena_array(r->arena, own + n, sizeof(*attrs));
        if (own)
            attrs[0] = node->attrs[0];
        memcpy(attrs + own, r->attrs + in->attrs, n * sizeof(*attrs));
        node->attrs = attrs;
        node->n_attrs = (uint32_t)(own + n);
    }
    r->n_attrs = in->attrs;
}

/* A number, true, false or null. */
static bool literal(struct reader *r, struct mud_str *out)
{
    size_t from = r->at;
    while (r->at < r->in.n && r->in.s[r->at] &&
           (strchr("+-.", r->in.s[r->at]) ||
            (r->in.s[r->at] >= '0' && r->in.s[r->at] <= '9') ||
            ((r->in.s[r->at] | 32) >= 'a' && (r->in.s[r->at] | 32) <= 'z')))
        r->at++;
    struct mud_str s = mud_str_sub(r->in, from, r->at);
    bool known = s.n && (s.s[0] == '-' || (s.s[0] >= '0' && s.s[0] <= '9'));
    known = known || mud_str_eqz(s, "true") || mud_str_eqz(s, "false") ||
            mud_str_eqz(s, "null");
    if (!known)
        r->at = from;
    *out = mud_str_dup(s, r->arena);
    return known;
}

/* "NAME" and ":" in an object; true when a value comes now. */
static bool take_key(struct reader *r)
{
    if (r->in.s[r->at] != '"') {
        fail(r, "bad-json", r->at);
        return false;
    }
    r->key = string(r);
    r->keyed = true;
    blanks(r);
    if (r->at >= r->in.n || r->in.s[r->at] != ':') {
        fail(r, r->at < r->in.n ? "bad-json" : "truncated", r->at);
        return false;
    }
    r->at++;
    blanks(r);
    return true;
}

/* One value, or one bracket; false at the end or at a break. */
static bool step(struct reader *r, bool *ok, struct mud_error *err)
{
    struct mud_str text;
    blanks(r);
    if (r->at < r->in.n && r->depth && r->in.s[r->at] == ',') {
        r->at++;
        blanks(r);
    }
    if (r->at < r->in.n && r->depth &&
        r->in.s[r->at] == (r->stack[r->depth - 1].object ? '}' : ']')) {
        r->at++;
        close_value(r);
        return r->depth > 0;
    }
    r->keyed = false;
    if (r->at < r->in.n && r->depth && r->stack[r->depth - 1].object &&
        !take_key(r))
        return false;
    if (r->at >= r->in.n) {
        fail(r, "truncated", r->in.n);
        return false;
    }
    char c = r->in.s[r->at];
    if (c == '{' || c == '[') {
        open_value(r);
        return r->depth > 0;
    }
    bool quoted = c == '"';
    if (quoted) {
        text = string(r);
    } else if (!literal(r, &text)) {
        fail(r, "bad-json", r->at);
        return false;
    }
    *ok = put_plain(r, text, quoted, err);
    return *ok && r->depth > 0;
}

bool mud_json_page_read(struct mud_page *out, struct mud_json_fault *fault,
                        struct mud_str json, const struct mud_str *html,
                        size_t n_html, struct mud_arena *arena,
                        struct mud_error *err)
{
    bool ok = true;
    struct reader *r = mud_calloc(1, sizeof(*r));
    *out = (struct mud_page){0};
    *fault = (struct mud_json_fault){0};
    if (json.n > MUD_PAGE_BYTES_MAX) {
        json.n = mud_utf8_cut(json, MUD_PAGE_BYTES_MAX);
        out->cut = true;
    }
    r->in = json;
    r->arena = arena;
    r->html = html;
    r->n_html = n_html;
    r->page = out;
    r->fault = fault;
    while (step(r, &ok, err)) {
    }
    while (r->depth)
        close_value(r);
    blanks(r);
    if (ok && r->at < r->in.n)
        fail(r, "bad-json", r->at);
    mud_page_marks(out, r->nodes, r->n);
    out->nodes = r->nodes;
    out->n = (uint32_t)r->n;
    free(r);
    return ok;
}

static bool opens(struct mud_str s)
{
    return s.n && (s.s[0] == '{' || s.s[0] == '[');
}

struct mud_str mud_json_find(struct mud_str text)
{
    size_t n = 0;
    text = mud_str_trim(text);
    if (mud_str_starts(text, MUD_STR(")]}'")))
        text = mud_str_sub(text, 4, text.n);
    if (mud_str_starts(text, MUD_STR(",")))
        text = mud_str_sub(text, 1, text.n);
    text = mud_str_trim(text);
    if (opens(text))
        return text;
    while (n < text.n && n < MUD_JSON_CALL_MAX &&
           ((text.s[n] >= '0' && text.s[n] <= '9') ||
            ((text.s[n] | 32) >= 'a' && (text.s[n] | 32) <= 'z') ||
            text.s[n] == '_' || text.s[n] == '$' || text.s[n] == '.'))
        n++;
    size_t end = mud_str_rchr(text, ')');
    if (!n || n >= text.n || text.s[n] != '(' || end == MUD_NPOS || end <= n)
        return (struct mud_str){0};
    text = mud_str_trim(mud_str_sub(text, n + 1, end));
    return opens(text) ? text : (struct mud_str){0};
}

struct mud_str mud_json_shown(const struct mud_page *page)
{
    uint32_t i = 0;
    while (i < page->n && !mud_str_eqz(page->nodes[i].tag, "body"))
        i++;
    while (i < page->n &&
           (page->nodes[i].tag.n || !mud_str_trim(page->nodes[i].text).n))
        i++;
    if (i >= page->n || page->nodes[i].parent >= page->n ||
        !mud_str_eqz(page->nodes[page->nodes[i].parent].tag, "pre"))
        return (struct mud_str){0};
    struct mud_str text = mud_str_trim(page->nodes[i].text);
    struct mud_str rest = mud_str_trim(mud_str_sub(text, 1, 64));
    return opens(text) && rest.n && strchr("\"{[", rest.s[0])
               ? text
               : (struct mud_str){0};
}
