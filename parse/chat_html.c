#include "parse/chat_html.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "parse/chat_kit.h"
#include "parse/flow.h"

#define CHUNK ((size_t)64 << 10)

struct cut {
    const struct mud_chat_html *html;
    struct mud_arena *arena;
    struct mud_buf buf;
    size_t seen;    /* of buf, where no mark begins */
    uint64_t start; /* of buf, in the file */
    bool begun;     /* a mark was seen: buf begins with it */
    bool stopped;
    bool large; /* the block under the eye is set aside */
};

static bool hand_over(struct cut *c, size_t from, size_t to,
                      struct mud_error *err)
{
    struct mud_error bad = {0};
    struct mud_chat_block block = {
        .at = {c->start + from, c->start + to},
        .head = !c->begun,
        .arena = c->arena,
    };
    if (c->large || from == to)
        return true;
    mud_arena_reset(c->arena);
    block.html =
        mud_utf8_clean(mud_str_of(c->buf.s + from, to - from), c->arena, NULL);
    if (mud_page_read(&block.page, block.html, c->arena, &bad))
        return c->html->block(&block, c->html->payload, err);
    bool ok = mud_chat_note(c->html->sink,
                            "warning",
                            "bad-message",
                            block.at.start,
                            mud_str_z(bad.text),
                            err);
    mud_error_clear(&bad);
    return ok;
}

static void drop(struct cut *c, size_t n)
{
    if (n < c->buf.n)
        memmove(c->buf.s, c->buf.s + n, c->buf.n - n);
    c->buf.n -= n;
    c->start += n;
    c->seen = c->seen > n ? c->seen - n : 0;
}

/* A block that is too large: its bytes go, up to the next mark. */
static bool too_large(struct cut *c, struct mud_error *err)
{
    size_t keep = c->html->mark.n + c->html->stop.n;
    bool first = !c->large;
    uint64_t at = c->start;
    c->large = true;
    drop(c, c->buf.n - keep);
    return !first || !c->begun ||
           mud_chat_note(c->html->sink,
                         "error",
                         "message-too-large",
                         at,
                         MUD_STR("a message of more than 4 MiB is set aside"),
                         err);
}

/* Where the first `what` begins at or behind `from` that ends in the buffer. */
static size_t next(const struct cut *c, struct mud_str what, size_t from)
{
    struct mud_str rest = mud_str_sub(mud_buf_view(&c->buf), from, c->buf.n);
    size_t at = what.n ? mud_str_find(rest, what) : MUD_NPOS;
    return at == MUD_NPOS ? MUD_NPOS : from + at;
}

static bool blocks(struct cut *c, struct mud_error *err)
{
    const struct mud_chat_html *html = c->html;
    size_t longest = html->mark.n > html->stop.n ? html->mark.n : html->stop.n;
    size_t from = 0; /* of the block under the eye */
    while (!c->stopped) {
        size_t mark = next(c, html->mark, c->seen);
        size_t stop = next(c, html->stop, c->seen);
        size_t to = mark < stop ? mark : stop;
        if (to == MUD_NPOS)
            break;
        if (!hand_over(c, from, to, err))
            return false;
        from = to;
        c->large = false;
        c->begun = true;
        c->stopped = stop < mark;
        c->seen = to + 1;
    }
    drop(c, c->stopped ? c->buf.n : from);
    if (c->buf.n > longest)
        c->seen =
            c->seen > c->buf.n - longest + 1 ? c->seen : c->buf.n - longest + 1;
    return c->buf.n <= MUD_CHAT_BLOCK_MAX || too_large(c, err);
}

bool mud_chat_html_read(const struct mud_chat_html *html,
                        const struct mud_bytes_in *bytes, struct mud_error *err)
{
    struct cut c = {.html = html, .arena = mud_arena_new()};
    char *chunk = mud_malloc(CHUNK);
    size_t n = 1;
    bool ok = true;
    while (ok && n) {
        ok = bytes->read(bytes->payload, chunk, CHUNK, &n, err);
        if (ok && !c.stopped && n) {
            mud_buf_put(&c.buf, chunk, n);
            ok = blocks(&c, err);
        }
    }
    if (ok && !c.stopped)
        ok = hand_over(&c, 0, c.buf.n, err);
    free(chunk);
    mud_buf_free(&c.buf);
    mud_arena_free(c.arena);
    return ok;
}

uint32_t mud_chat_class(const struct mud_page *page, uint32_t from,
                        uint32_t end, const char *name)
{
    struct mud_str word = mud_str_z(name);
    for (uint32_t i = from; i < end && i < page->n; i++)
        if (mud_word_in(mud_node_attr(&page->nodes[i], "class"), word))
            return i;
    return MUD_NO_NODE;
}

uint32_t mud_chat_tag(const struct mud_page *page, uint32_t from, uint32_t end,
                      const char *name)
{
    for (uint32_t i = from; i < end && i < page->n; i++)
        if (mud_str_eqz(page->nodes[i].tag, name))
            return i;
    return MUD_NO_NODE;
}

struct mud_str mud_chat_range_text(const struct mud_page *page, uint32_t from,
                                   uint32_t end, struct mud_arena *arena)
{
    struct mud_flow flow = {0};
    for (uint32_t i = from; i < end && i < page->n; i++) {
        mud_flow_close(&flow, i);
        mud_flow_node(&flow, &page->nodes[i], false, false);
    }
    return mud_flow_end(&flow, false, arena);
}

struct mud_str mud_chat_node_text(const struct mud_page *page, uint32_t node,
                                  struct mud_arena *arena)
{
    if (node == MUD_NO_NODE)
        return (struct mud_str){0};
    return mud_chat_range_text(page, node, page->nodes[node].end, arena);
}

struct mud_str mud_chat_href(const struct mud_page *page, uint32_t node,
                             struct mud_arena *arena)
{
    struct mud_str href =
        mud_str_trim(mud_node_attr(&page->nodes[node], "href"));
    struct mud_str part;
    struct mud_buf out = {0};
    if (!mud_str_istarts(href, MUD_STR("http://")) &&
        !mud_str_istarts(href, MUD_STR("https://")) &&
        !mud_str_istarts(href, MUD_STR("tg://")))
        return (struct mud_str){0};
    while (mud_str_cut(&href, '&', &part)) {
        if (out.n)
            mud_buf_c(&out, '&');
        if (out.n && mud_str_starts(part, MUD_STR("amp;")))
            part = mud_str_sub(part, 4, part.n);
        mud_buf_str(&out, part);
    }
    struct mud_str url = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return url;
}

bool mud_chat_tme_url(struct mud_str url, struct mud_str *name,
                      struct mud_str *post)
{
    static const char *const hosts[] = {
        "https://t.me/", "http://t.me/", "https://telegram.me/"};
    struct mud_str rest = {0};
    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
        if (mud_str_istarts(url, mud_str_z(hosts[i])))
            rest = mud_str_sub(url, strlen(hosts[i]), url.n);
    if (mud_str_starts(rest, MUD_STR("s/")))
        rest = mud_str_sub(rest, 2, rest.n);
    size_t query = mud_str_chr(rest, '?');
    rest = mud_str_sub(rest, 0, query == MUD_NPOS ? rest.n : query);
    *post = (struct mud_str){0};
    if (!rest.n || !mud_str_cut(&rest, '/', name))
        return false;
    /* The last number: "c/1001/7" and topics have others before it. */
    struct mud_str part;
    while (mud_str_cut(&rest, '/', &part)) {
        uint64_t number;
        if (mud_str_eqz(*name, "c"))
            *name = part;
        else if (mud_str_u64(part, &number))
            *post = part;
    }
    return name->n > 0;
}
