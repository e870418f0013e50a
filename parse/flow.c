#include "parse/flow.h"

#include "base/utf8.h"

static bool is_block(struct mud_str tag)
{
    static const char *const blocks[] = {
        "address", "article", "aside",  "blockquote", "caption",  "center",
        "dd",      "div",     "dl",     "dt",         "fieldset", "figure",
        "footer",  "form",    "h1",     "h2",         "h3",       "h4",
        "h5",      "h6",      "header", "hr",         "li",       "main",
        "nav",     "ol",      "p",      "pre",        "section",  "table",
        "tr",      "ul",
    };
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
        if (mud_str_eqz(tag, blocks[i]))
            return true;
    return false;
}

static void line_break(struct mud_flow *flow)
{
    if (flow->lines == 0)
        flow->lines = 1;
    flow->space = false;
}

void mud_flow_skip(struct mud_flow *flow, const struct mud_node *node)
{
    if (is_block(node->tag))
        line_break(flow);
}

void mud_flow_close(struct mud_flow *flow, uint32_t i)
{
    while (flow->depth && flow->blocks[flow->depth - 1].end <= i) {
        flow->depth--;
        if (flow->blocks[flow->depth].code)
            flow->code--;
        line_break(flow);
    }
}

static void owed(struct mud_flow *flow)
{
    if (flow->out.n) {
        for (; flow->lines; flow->lines--)
            mud_buf_c(&flow->out, '\n');
        if (flow->space)
            mud_buf_c(&flow->out, ' ');
    }
    flow->lines = 0;
    flow->space = false;
}

static void text(struct mud_flow *flow, struct mud_str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = 1;
        bool broke = flow->broke;
        bool blank = s.s[i] == ' ' || s.s[i] == '\t' || s.s[i] == '\r' ||
                     s.s[i] == '\n' || s.s[i] == '\f';
        if (i + 1 < s.n && s.s[i] == '\xc2' && s.s[i + 1] == '\xa0') {
            blank = true; /* no-break space */
            n = 2;
        }
        flow->broke = broke && s.s[i] == '\r';
        if (blank && flow->code) {
            if (s.s[i] == '\n' && broke) {
                flow->space = false;
            } else if (s.s[i] == '\n') {
                flow->lines = flow->lines < 2 ? flow->lines + 1 : 2;
                flow->space = false;
            } else if (s.s[i] != '\r') {
                owed(flow);
                mud_buf_c(&flow->out, ' ');
            }
        } else if (blank) {
            flow->space = flow->lines == 0;
        } else {
            size_t from = i;
            while (i + n < s.n && !strchr(" \t\r\n\f\xc2", s.s[i + n]))
                n++;
            owed(flow);
            mud_buf_put(&flow->out, s.s + from, n);
        }
        i += n;
    }
}

void mud_flow_node(struct mud_flow *flow, const struct mud_node *node,
                   bool code, bool alt)
{
    if (!node->tag.n) {
        text(flow, node->text);
        return;
    }
    if (mud_str_eqz(node->tag, "br")) {
        flow->lines = flow->lines < 2 ? flow->lines + 1 : 2;
        flow->space = false;
        flow->broke = true;
    } else if (alt) {
        text(flow, mud_node_attr(node, "alt"));
    } else if (mud_str_eqz(node->tag, "td") || mud_str_eqz(node->tag, "th")) {
        flow->space = flow->lines == 0;
    }
    code = code || mud_str_eqz(node->tag, "pre");
    if (!code && !is_block(node->tag))
        return;
    line_break(flow);
    if (flow->depth < MUD_FLOW_BLOCKS) {
        flow->blocks[flow->depth].end = node->end;
        flow->blocks[flow->depth++].code = code;
        flow->code += code;
    }
}

/* "&#10084;" at s: its length, and the character; 0 when it is none. */
static size_t reference(const char *s, size_t n, uint32_t *c)
{
    size_t i = 2;
    bool hex = n > 3 && (s[2] == 'x' || s[2] == 'X');
    if (n < 4 || s[0] != '&' || s[1] != '#')
        return 0;
    i += hex;
    uint32_t value = 0;
    size_t digits = 0;
    for (; i < n && digits < 8; i++, digits++) {
        uint32_t d;
        if (s[i] >= '0' && s[i] <= '9')
            d = (uint32_t)(s[i] - '0');
        else if (hex && (s[i] | 32) >= 'a' && (s[i] | 32) <= 'f')
            d = (uint32_t)((s[i] | 32) - 'a') + 10;
        else
            break;
        value = value * (hex ? 16 : 10) + d;
    }
    if (!digits || i >= n || s[i] != ';' || value < 0x20)
        return 0;
    *c = value;
    return i + 1;
}

static void decode(struct mud_buf *out, struct mud_str s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        char utf8[4];
        size_t n = s.s[i] == '&' ? reference(s.s + i, s.n - i, &c) : 0;
        size_t put = n ? mud_utf8_put(c, utf8) : 0;
        if (put) {
            mud_buf_put(out, utf8, put);
            i += n;
        } else {
            mud_buf_c(out, s.s[i++]);
        }
    }
}

struct mud_str mud_flow_end(struct mud_flow *flow, bool twice,
                            struct mud_arena *arena)
{
    struct mud_str text = mud_buf_view(&flow->out);
    struct mud_buf decoded = {0};
    if (twice && mud_str_find(text, MUD_STR("&#")) != MUD_NPOS) {
        decode(&decoded, text);
        text = mud_buf_view(&decoded);
    }
    while (text.n && text.s[text.n - 1] == ' ')
        text.n--;
    text = mud_str_dup(text, arena);
    mud_buf_free(&decoded);
    mud_buf_free(&flow->out);
    return text;
}
