#include "parse/forum.h"
#include "parse/said.h"

#define HEAD_MAX 200 /* bytes of a line that can be the head of a quotation */

/* "before{name}between", or mere "between": the name that a line has there,
 * with a date behind. Of several places the last: a name may hold the words. */
static bool head_line(struct mud_str *name, struct mud_str line,
                      struct mud_str form, const struct mud_date_rules *dates)
{
    struct mud_str mark = MUD_STR("{name}"), before = {0}, between = form;
    size_t at = mud_str_find(form, mark), from = 0, found = MUD_NPOS;
    int64_t us;
    enum mud_precision precision;
    if (at != MUD_NPOS) {
        before = mud_str_sub(form, 0, at);
        between = mud_str_sub(form, at + mark.n, form.n);
    }
    if (line.n > HEAD_MAX || !mud_str_starts(line, before))
        return false;
    line = mud_str_sub(line, before.n, line.n);
    while ((at = mud_str_find(mud_str_sub(line, from, line.n), between)) !=
           MUD_NPOS) {
        at += from;
        from = at + between.n;
        struct mud_str date = mud_str_sub(line, from, line.n);
        if (at && mud_date_find(&us, &precision, date, dates))
            found = at;
    }
    *name = mud_str_trim(mud_str_sub(line, 0, found));
    return found != MUD_NPOS && name->n > 0;
}

/* The first line may have another date than we read. */
static bool first_line(struct mud_str *name, struct mud_str line,
                       struct mud_str form, const struct mud_date_rules *dates)
{
    if (head_line(name, line, form, dates))
        return true;
    size_t at = mud_str_find(line, form);
    if (line.n > HEAD_MAX || at == MUD_NPOS)
        return false;
    *name = mud_str_trim(mud_str_sub(line, 0, at));
    return true;
}

static struct mud_str last_line(struct mud_str text)
{
    size_t at = mud_str_rchr(text, '\n');
    return at == MUD_NPOS ? text : mud_str_sub(text, at + 1, text.n);
}

/* The line that says whose words they are: the first, or the last one. */
static void quote_heads(struct mud_quote *quote, struct mud_sight *sight)
{
    const struct mud_texts *heads = &sight->engine->quote.heads;
    struct mud_str rest = quote->text, first, last, name;
    if (!heads->n || !mud_str_line(&rest, &first))
        return;
    last = last_line(quote->text);
    for (size_t i = 0; i < heads->n; i++) {
        struct mud_str form = heads->items[i];
        if (first_line(&name, first, form, &sight->dates))
            quote->text = mud_str_trim(rest);
        else if (head_line(&name, last, form, &sight->dates))
            quote->text = mud_str_trim(
                mud_str_sub(quote->text, 0, quote->text.n - last.n));
        else
            continue;
        if (!quote->author.n)
            quote->author = name;
        return;
    }
}

/* The element right before node when it fits, or MUD_NO_NODE. */
static uint32_t lead_of(struct mud_sight *sight,
                        const struct mud_select *select, uint32_t node)
{
    const struct mud_page *page = sight->page;
    uint32_t parent = page->nodes[node].parent, before = MUD_NO_NODE;
    if (!select || parent == MUD_NO_NODE)
        return MUD_NO_NODE;
    for (uint32_t i = parent + 1; i < node; i = page->nodes[i].end) {
        if (page->nodes[i].tag.n)
            before = i;
        sight->steps--;
    }
    return before != MUD_NO_NODE &&
                   mud_select_match(select, page, before, &sight->steps)
               ? before
               : MUD_NO_NODE;
}

/* "@NICK said in TITLE:" stands before the quotation, with a link to the
 * post. */
static void quote_lead(struct mud_quote *quote, struct mud_sight *sight,
                       uint32_t node)
{
    uint32_t lead = lead_of(sight, sight->engine->quote.lead, node);
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

/* A box over the quotation says whose it is, and is no part of the body. */
static void quote_title(struct mud_quote *quote, struct mud_sight *sight,
                        uint32_t node)
{
    uint32_t title = lead_of(sight, sight->engine->quote.title, node);
    if (title == MUD_NO_NODE)
        return;
    if (!quote->author.n)
        quote->author = mud_said(mud_sight_text(sight, title, 0));
    if (!quote->post.n)
        quote->post = mud_sight_pick(sight,
                                     &sight->engine->quote.post,
                                     title,
                                     mud_sight_end(sight, title));
    sight->skip[title] |= MUD_SKIP_DROP;
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
    quote_heads(quote, sight);
    quote_title(quote, sight, node);
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
        if (sight->skip[i] & MUD_SKIP_CODE)
            continue; /* boxed as quotations are */
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

/* Light views print a quotation as text: "NICK head DATE", its lines, an
 * empty line. */
static bool plain_quote(struct mud_quote *quote, struct mud_str *body,
                        struct mud_sight *sight)
{
    const struct mud_texts *heads = &sight->engine->quote.plains;
    struct mud_str rest = *body, line;
    bool named = false;
    if (!heads->n || !mud_str_line(&rest, &line))
        return false;
    for (size_t i = 0; i < heads->n && !named; i++)
        named = head_line(&quote->author, line, heads->items[i], &sight->dates);
    if (!named)
        return false;
    size_t end = mud_str_find(rest, MUD_STR("\n\n"));
    if (end == MUD_NPOS)
        end = rest.n;
    quote->text = mud_str_trim(mud_str_sub(rest, 0, end));
    *body = mud_str_trim(mud_str_sub(rest, end, rest.n));
    return true;
}

void mud_forum_plain_quotes(struct mud_post *post, struct mud_sight *sight)
{
    struct mud_quote *items = NULL;
    size_t cap = 0, n = 0;
    while (n < MUD_QUOTES_MAX) {
        struct mud_quote quote = {0};
        if (!plain_quote(&quote, &post->body, sight))
            break;
        items = mud_arena_grow(sight->arena, items, &cap, n, sizeof(*items));
        items[n++] = quote;
    }
    if (!n)
        return;
    post->quotes = items;
    post->n_quotes = n;
}
