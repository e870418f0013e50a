#include "fetch/stanza.h"

#include <expat.h>
#include <stdlib.h>

#define BEFORE_MAX 4000
#define ATTRS_MAX  64

/* ---- one stanza ---- */

struct building {
    struct mud_arena *arena;
    struct mud_xml *nodes;
    size_t n, cap, depth;
    uint32_t open; /* the node under the eye plus one */
    struct mud_buf text;
    size_t text_from;
    bool leaf, over;
    XML_Parser parser;
};

static struct mud_str local(const char *name)
{
    const char *colon = strchr(name, ':');
    return mud_str_z(colon ? colon + 1 : name);
}

static void XMLCALL on_start(void *payload, const XML_Char *name,
                             const XML_Char **attrs)
{
    struct building *b = payload;
    size_t n = 0;
    struct mud_str *list;
    if (b->n >= MUD_STANZA_NODES || ++b->depth > MUD_STANZA_DEPTH) {
        b->over = true;
        (void)XML_StopParser(b->parser, XML_FALSE);
        return;
    }
    b->nodes =
        mud_arena_grow(b->arena, b->nodes, &b->cap, b->n, sizeof(*b->nodes));
    struct mud_xml *node = &b->nodes[b->n];
    *node = (struct mud_xml){
        .name = mud_str_dup(local(name), b->arena),
        .parent = b->open,
    };
    while (attrs[n] && n < (size_t)2 * ATTRS_MAX)
        n += 2;
    list = mud_arena_array(b->arena, n, sizeof(*list));
    for (size_t i = 0; i < n; i += 2) {
        list[i] = mud_str_dup(mud_str_z(attrs[i]), b->arena);
        list[i + 1] = mud_str_dup(mud_str_z(attrs[i + 1]), b->arena);
        if (mud_str_eqz(list[i], "xmlns"))
            node->xmlns = list[i + 1];
    }
    node->attrs = list;
    node->n_attrs = n;
    b->n++;
    b->open = (uint32_t)b->n;
    b->leaf = true;
    b->text_from = b->text.n;
}

static void XMLCALL on_end(void *payload, const XML_Char *name)
{
    struct building *b = payload;
    (void)name;
    if (b->over || !b->open)
        return;
    struct mud_xml *node = &b->nodes[b->open - 1];
    if (b->leaf)
        node->text = mud_str_dup(
            mud_str_sub(mud_buf_view(&b->text), b->text_from, b->text.n),
            b->arena);
    b->leaf = false;
    node->end = (uint32_t)b->n;
    b->open = node->parent;
    b->depth--;
}

static void XMLCALL on_text(void *payload, const XML_Char *s, int n)
{
    struct building *b = payload;
    if (n > 0)
        mud_buf_put(&b->text, s, (size_t)n);
}

static void XMLCALL on_doctype(void *payload, const XML_Char *name,
                               const XML_Char *sysid, const XML_Char *pubid,
                               int internal)
{
    struct building *b = payload;
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    b->over = true;
    (void)XML_StopParser(b->parser, XML_FALSE);
}

bool mud_stanza_read(struct mud_stanza *out, struct mud_str text,
                     struct mud_arena *arena, struct mud_error *err)
{
    struct building b = {.arena = arena, .text = {.max = MUD_STANZA_MAX}};
    b.parser = XML_ParserCreate("UTF-8");
    if (!b.parser)
        abort(); /* out of memory */
    XML_SetUserData(b.parser, &b);
    XML_SetElementHandler(b.parser, on_start, on_end);
    XML_SetCharacterDataHandler(b.parser, on_text);
    XML_SetStartDoctypeDeclHandler(b.parser, on_doctype);
    bool ok = text.n <= MUD_STANZA_MAX &&
              XML_Parse(b.parser, text.s, (int)text.n, 1) == XML_STATUS_OK &&
              !b.over && b.n;
    if (!ok)
        mud_fail(err,
                 MUD_EINPUT,
                 "stanza: %s",
                 XML_ErrorString(XML_GetErrorCode(b.parser)));
    XML_ParserFree(b.parser);
    mud_buf_free(&b.text);
    *out = (struct mud_stanza){b.nodes, (uint32_t)b.n};
    return ok;
}

struct mud_str mud_xml_attr(const struct mud_xml *node, const char *name)
{
    for (size_t i = 0; node && i < node->n_attrs; i += 2)
        if (mud_str_eqz(node->attrs[i], name))
            return node->attrs[i + 1];
    return (struct mud_str){0};
}

const struct mud_xml *mud_stanza_child(const struct mud_stanza *stanza,
                                       const struct mud_xml *parent,
                                       const char *name, const char *xmlns)
{
    if (!parent)
        return NULL;
    uint32_t at = (uint32_t)(parent - stanza->nodes) + 1;
    while (at < parent->end) {
        const struct mud_xml *node = &stanza->nodes[at];
        if (mud_str_eqz(node->name, name) &&
            (!xmlns || mud_str_starts(node->xmlns, mud_str_z(xmlns))))
            return node;
        at = node->end;
    }
    return NULL;
}

/* ---- a stream ---- */

struct mud_stanza_scan {
    struct mud_stanzas to;
    struct mud_buf text, before;
    uint64_t at, start;
    size_t depth; /* elements open in the stanza; 0: outside */
    size_t tag;   /* place of "<" in text */
    bool in_tag, over, ended;
    char quote;
    char head[24]; /* of a tag */
    size_t head_n;
    char last[2]; /* bytes before this one within a tag */
};

/* The name of the tag, "/" before it and a prefix left out. */
static struct mud_str tag_name(const struct mud_stanza_scan *s)
{
    struct mud_str head = mud_str_of(s->head, s->head_n);
    size_t from = mud_str_starts(head, MUD_STR("/")) ? 1 : 0, n = from;

    while (n < head.n && !strchr(" \t\r\n/", head.s[n])) {
        if (head.s[n++] == ':')
            from = n;
    }
    return mud_str_sub(head, from, n);
}

static bool is_stanza(const struct mud_stanza_scan *s)
{
    static const char *const names[] = {"message", "presence", "iq"};
    struct mud_str head = mud_str_of(s->head, s->head_n);

    if (s->to.stream)
        return !mud_str_eqz(tag_name(s), "stream");
    return mud_str_among(mud_str_sub(head, 0, tag_name(s).n),
                         names,
                         sizeof names / sizeof *names);
}

static bool hand_over(struct mud_stanza_scan *s, struct mud_error *err)
{
    struct mud_str text =
        s->over ? (struct mud_str){0} : mud_buf_view(&s->text);
    bool ok = s->to.stanza(text,
                           mud_buf_view(&s->before),
                           s->start,
                           s->at + 1,
                           s->to.payload,
                           err);
    mud_buf_clear(&s->text);
    mud_buf_clear(&s->before);
    s->text.over = s->before.over = s->over = false;
    return ok;
}

/* The ">" of a tag: what does it do to the depth? */
static bool tag_end(struct mud_stanza_scan *s, struct mud_error *err)
{
    bool closing = s->head_n && s->head[0] == '/';
    bool empty = s->last[1] == '/';
    s->in_tag = false;
    if (s->head_n && (s->head[0] == '!' || s->head[0] == '?')) {
        if (!s->depth)
            mud_buf_clear(&s->text);
        return true;
    }
    if (!s->depth && (closing || !is_stanza(s))) {
        s->ended |= closing && mud_str_eqz(tag_name(s), "stream");
        mud_buf_clear(&s->text);
        s->over = s->text.over = false;
        return true;
    }
    if (closing)
        s->depth--;
    else if (!empty)
        s->depth++;
    return s->depth || hand_over(s, err);
}

/* "<!-- -->" and "<![CDATA[ ]]>" end with their own signs. */
static bool ends_here(const struct mud_stanza_scan *s)
{
    struct mud_str head = mud_str_of(s->head, s->head_n);
    if (mud_str_starts(head, MUD_STR("!--")))
        return s->last[0] == '-' && s->last[1] == '-';
    if (mud_str_starts(head, MUD_STR("![CDATA[")))
        return s->last[0] == ']' && s->last[1] == ']';
    return true;
}

static bool outside(struct mud_stanza_scan *s, char c, struct mud_error *err)
{
    bool ok = true;
    if (c == '\n') {
        if (s->to.line && s->before.n)
            ok = s->to.line(mud_buf_view(&s->before), s->to.payload, err);
        mud_buf_clear(&s->before);
    } else if (s->before.n < BEFORE_MAX) {
        mud_buf_c(&s->before, c);
    }
    return ok;
}

static bool one_byte(struct mud_stanza_scan *s, char c, struct mud_error *err)
{
    bool ok = true;
    if (!s->in_tag && c == '<') {
        s->in_tag = true;
        s->quote = 0;
        s->head_n = 0;
        s->last[0] = s->last[1] = 0;
        if (!s->depth)
            s->start = s->at;
    } else if (!s->in_tag && !s->depth) {
        return outside(s, c, err);
    }
    mud_buf_c(&s->text, c);
    s->over = s->over || s->text.over;
    if (!s->in_tag || (c == '<' && !s->head_n && !s->last[1]))
        return true;
    bool special = s->head_n && (s->head[0] == '!' || s->head[0] == '?');
    if (c == '>' && !s->quote && ends_here(s)) {
        ok = tag_end(s, err);
    } else if (!special && (c == '"' || c == '\'')) {
        s->quote = s->quote == c ? 0 : s->quote ? s->quote : c;
    }
    if (s->head_n < sizeof(s->head))
        s->head[s->head_n++] = c;
    s->last[0] = s->last[1];
    s->last[1] = c;
    return ok;
}

struct mud_stanza_scan *mud_stanza_scan_new(const struct mud_stanzas *to)
{
    struct mud_stanza_scan *s = mud_calloc(1, sizeof(*s));
    s->to = *to;
    s->text.max = MUD_STANZA_MAX;
    s->before.max = BEFORE_MAX;
    return s;
}

void mud_stanza_scan_free(struct mud_stanza_scan *s)
{
    if (!s)
        return;
    mud_buf_free(&s->text);
    mud_buf_free(&s->before);
    free(s);
}

bool mud_stanza_scan_feed(struct mud_stanza_scan *s, struct mud_str bytes,
                          struct mud_error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < bytes.n; i++) {
        ok = one_byte(s, bytes.s[i], err);
        s->at++;
    }
    return ok;
}

bool mud_stanza_scan_open(const struct mud_stanza_scan *s, uint64_t *start)
{
    *start = s->start;
    return s->depth || (s->in_tag && is_stanza(s));
}

bool mud_stanza_scan_ended(const struct mud_stanza_scan *s)
{
    return s->ended;
}

void mud_xml_escape(struct mud_buf *out, struct mud_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.s[i]) {
        case '&':
            mud_buf_z(out, "&amp;");
            break;
        case '<':
            mud_buf_z(out, "&lt;");
            break;
        case '>':
            mud_buf_z(out, "&gt;");
            break;
        case '"':
            mud_buf_z(out, "&quot;");
            break;
        case '\'':
            mud_buf_z(out, "&apos;");
            break;
        default:
            mud_buf_c(out, text.s[i]);
        }
    }
}
