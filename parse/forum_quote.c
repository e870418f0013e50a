#include "parse/forum.h"

/* "AUTHOR head DATE" as the first line of a quotation goes. */
static void quote_head(struct mud_quote *quote, struct mud_str head)
{
    struct mud_str rest = quote->text, line;
    if (!head.n || !mud_str_line(&rest, &line) || line.n > 160)
        return;
    size_t at = mud_str_find(line, head);
    if (at == MUD_NPOS)
        return;
    if (!quote->author.n)
        quote->author = mud_str_trim(mud_str_sub(line, 0, at));
    quote->text = mud_str_trim(rest);
}

/* The element right before node that fits, or MUD_NO_NODE. */
static uint32_t lead_of(struct mud_sight *sight, uint32_t node)
{
    const struct mud_page *page = sight->page;
    uint32_t parent = page->nodes[node].parent, before = MUD_NO_NODE;
    if (!sight->engine->quote.lead || parent == MUD_NO_NODE)
        return MUD_NO_NODE;
    for (uint32_t i = parent + 1; i < node; i = page->nodes[i].end) {
        if (page->nodes[i].tag.n)
            before = i;
        sight->steps--;
    }
    return before != MUD_NO_NODE &&
                   mud_select_match(
                       sight->engine->quote.lead, page, before, &sight->steps)
               ? before
               : MUD_NO_NODE;
}

/* "@NICK said in TITLE:" stands before the quotation, with a link to the
 * post. */
static void quote_lead(struct mud_quote *quote, struct mud_sight *sight,
                       uint32_t node)
{
    uint32_t lead = lead_of(sight, node);
    if (quote->author.n || lead == MUD_NO_NODE)
        return;
    const struct mud_picks *by = &sight->engine->quote.lead_author;
    if (by->n) {
        uint32_t end = mud_sight_end(sight, lead);
        quote->author = mud_sight_pick(sight, by, lead, end);
        quote->post =
            mud_sight_pick(sight, &sight->engine->quote.post, lead, end);
        return;
    }
    struct mud_str text = mud_str_trim(
        mud_sight_text(sight, lead, MUD_SKIP_DROP | MUD_SKIP_QUOTE));
    if (text.n > 512 || !mud_str_starts(text, MUD_STR("@")) ||
        !(mud_str_ends(text, MUD_STR(":")) ||
          mud_str_ends(text, MUD_STR("："))))
        return;
    size_t n = 1;
    while (n < text.n && !strchr(" \n:", text.s[n]))
        n++;
    quote->author = mud_str_sub(text, 1, n);
    quote->post = mud_sight_pick(
        sight, &sight->engine->quote.post, lead, mud_sight_end(sight, lead));
    sight->skip[lead] |= MUD_SKIP_DROP;
}

static void quote_at(struct mud_quote *quote, struct mud_sight *sight,
                     uint32_t node)
{
    const struct mud_engine *e = sight->engine;
    uint32_t end = mud_sight_end(sight, node);
    /* Its own head stands before any quotation inside it. */
    uint32_t inner = mud_select_first(
        e->quote.node, sight->page, node + 1, end, &sight->steps);
    uint32_t until = inner == MUD_NO_NODE ? end : inner;
    quote->author = mud_sight_pick(sight, &e->quote.author, node, until);
    quote->post = mud_sight_pick(sight, &e->quote.post, node, until);
    mud_sight_mark(sight, e->quote.drop, node, MUD_SKIP_DROP);
    quote->text = mud_str_trim(
        mud_sight_text(sight, node, MUD_SKIP_DROP | MUD_SKIP_QUOTE));
    quote_head(quote, e->quote.head);
    quote_lead(quote, sight, node);
}

void mud_forum_quotes(struct mud_post *post, struct mud_sight *sight,
                      uint32_t from, uint32_t to)
{
    const struct mud_select *select = sight->engine->quote.node;
    struct mud_quote *items = NULL;
    size_t cap = 0;
    uint32_t at[MUD_QUOTES_MAX];
    size_t n = 0;
    /* All of them first, so that an outer one leaves its inner ones out. */
    for (uint32_t i = from; i < to && n < MUD_QUOTES_MAX; i++) {
        i = mud_select_first(select, sight->page, i, to, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        sight->skip[i] |= MUD_SKIP_QUOTE;
        at[n++] = i;
    }
    for (size_t i = 0; i < n; i++) {
        items = mud_arena_grow(sight->arena, items, &cap, i, sizeof(*items));
        quote_at(&items[i], sight, at[i]);
    }
    post->quotes = items;
    post->n_quotes = n;
}

void mud_forum_plain_quotes(struct mud_post *post, struct mud_sight *sight)
{
    struct mud_str head = sight->engine->quote.plain;
    struct mud_quote *items = NULL;
    size_t cap = 0, n = 0;
    while (head.n && n < MUD_QUOTES_MAX) {
        struct mud_str rest = post->body, line, date;
        int64_t at;
        enum mud_precision precision;
        if (!mud_str_line(&rest, &line) || line.n > 160)
            break;
        size_t mark = mud_str_find(line, head);
        if (mark == MUD_NPOS || !mark)
            break;
        date = mud_str_sub(line, mark + head.n, line.n);
        if (!mud_date_find(&at, &precision, date, &sight->dates))
            break;
        size_t end = mud_str_find(rest, MUD_STR("\n\n"));
        if (end == MUD_NPOS)
            end = rest.n;
        items = mud_arena_grow(sight->arena, items, &cap, n, sizeof(*items));
        items[n++] = (struct mud_quote){
            .author = mud_str_trim(mud_str_sub(line, 0, mark)),
            .text = mud_str_trim(mud_str_sub(rest, 0, end)),
        };
        post->body = mud_str_trim(mud_str_sub(rest, end, rest.n));
    }
    if (!n)
        return;
    post->quotes = items;
    post->n_quotes = n;
}
