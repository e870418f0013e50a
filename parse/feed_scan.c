#include "parse/entity.h"
#include "parse/feed.h"

/* Where the reader stands: in an item, and in which of its fields. */
struct scan {
    struct mud_feed *out;
    struct mud_arena *arena;
    struct mud_str rest;
    struct mud_feed_item item;
    struct mud_buf text;
    struct mud_str field; /* child of the item, "" between them */
    struct mud_str sub;   /* child of the field */
    unsigned depth;       /* of open elements in the item */
    bool in_item;
    const char *markup; /* XHTML content: its markup from here on */
};

static struct mud_str local(struct mud_str name)
{
    size_t colon = mud_str_chr(name, ':');
    return colon == MUD_NPOS ? name : mud_str_sub(name, colon + 1, name.n);
}

/* The value of an attribute of a tag's inside, entities decoded. */
static struct mud_str attr(struct scan *s, struct mud_str tag, const char *name)
{
    size_t n = strlen(name);
    struct mud_str rest = tag;
    size_t eq;
    while ((eq = mud_str_chr(rest, '=')) != MUD_NPOS) {
        struct mud_str before = mud_str_trim(mud_str_sub(rest, 0, eq));
        rest = mud_str_trim(mud_str_sub(rest, eq + 1, rest.n));
        if (!rest.n || (rest.s[0] != '"' && rest.s[0] != '\''))
            return (struct mud_str){0};
        size_t end = mud_str_chr(mud_str_sub(rest, 1, rest.n), rest.s[0]);
        if (end == MUD_NPOS)
            return (struct mud_str){0};
        struct mud_str value = mud_str_sub(rest, 1, end + 1);
        rest = mud_str_sub(rest, end + 2, rest.n);
        if (before.n < n || memcmp(before.s + before.n - n, name, n) != 0 ||
            (before.n > n && !strchr(" \t\r\n", before.s[before.n - n - 1])))
            continue;
        struct mud_buf out = {.max = MUD_FEED_TEXT};
        mud_entities_decode(&out, value, false);
        value = mud_str_dup(mud_buf_view(&out), s->arena);
        mud_buf_free(&out);
        return value;
    }
    return (struct mud_str){0};
}

static void begin_item(struct scan *s)
{
    s->in_item = true;
    s->depth = 0;
    s->item = (struct mud_feed_item){0};
    s->field = s->sub = (struct mud_str){0};
}

static void end_item(struct scan *s)
{
    struct mud_feed *out = s->out;
    s->in_item = false;
    if (out->n >= MUD_FEED_ITEMS) {
        out->cut = true;
        return;
    }
    out->items = mud_arena_grow(
        s->arena, out->items, &out->cap, out->n, sizeof(*out->items));
    out->items[out->n++] = s->item;
}

/* <link href="..." rel="alternate"/> of Atom. */
static void atom_link(struct scan *s, struct mud_str tag)
{
    struct mud_str href = attr(s, tag, "href"), rel = attr(s, tag, "rel");
    if (href.n && (!rel.n || mud_str_eqz(rel, "alternate")) && !s->item.link.n)
        s->item.link = href;
}

static void keep(struct mud_str *to, struct mud_str value)
{
    if (!to->n)
        *to = value;
}

/* "invalid@example.com (NAME)", as RSS has authors, or "@NAME DISPLAYED". */
static struct mud_str named(struct mud_str s)
{
    if (s.n > 1 && s.s[0] == '@') {
        size_t end = mud_str_chr(s, ' ');
        return mud_str_sub(s, 1, end == MUD_NPOS ? s.n : end);
    }
    size_t at = mud_str_find(s, MUD_STR(" ("));
    return at != MUD_NPOS &&
                   mud_str_chr(mud_str_sub(s, 0, at), '@') != MUD_NPOS &&
                   s.s[s.n - 1] == ')'
               ? mud_str_sub(s, at + 2, s.n - 1)
               : s;
}

/* The text of a field of the item is there. */
static void take(struct scan *s)
{
    struct mud_feed_item *item = &s->item;
    struct mud_str name = s->field, l = local(name);
    struct mud_str value =
        mud_str_dup(mud_str_trim(mud_buf_view(&s->text)), s->arena);
    if (mud_str_eqz(name, "title"))
        keep(&item->title, value);
    else if (mud_str_eqz(name, "link"))
        keep(&item->link, value);
    else if (mud_str_eqz(name, "guid") || mud_str_eqz(name, "id"))
        keep(&item->id, value);
    else if (mud_str_eqz(l, "creator") && value.n)
        item->author = named(value); /* RSS has an address in "author" */
    else if (mud_str_eqz(name, "author"))
        keep(&item->author, named(value));
    else if (mud_str_eqz(name, "pubDate") || mud_str_eqz(name, "published") ||
             mud_str_eqz(name, "dc:date"))
        keep(&item->date, value);
    else if (mud_str_eqz(name, "updated"))
        keep(&item->updated, value);
    else if (mud_str_eqz(name, "content:encoded") ||
             mud_str_eqz(name, "content")) {
        item->body = value;
        item->full = true;
    } else if (!item->full && (mud_str_eqz(name, "description") ||
                               mud_str_eqz(name, "summary")))
        keep(&item->body, value);
}

static void open_tag(struct scan *s, struct mud_str name, struct mud_str tag)
{
    bool closed = tag.n && tag.s[tag.n - 1] == '/';
    if (!s->in_item) {
        if (mud_str_eqz(name, "item") || mud_str_eqz(name, "entry")) {
            begin_item(s);
            if (closed)
                end_item(s);
        } else if (mud_str_eqz(name, "title") && !s->out->title.n) {
            s->field = name;
            mud_buf_clear(&s->text);
        }
        return;
    }
    if (s->depth == 0) {
        s->field = name;
        mud_buf_clear(&s->text);
        if (mud_str_eqz(name, "link"))
            atom_link(s, tag);
        if (mud_str_eqz(name, "category")) {
            keep(&s->item.board, attr(s, tag, "scheme"));
            keep(&s->item.board, attr(s, tag, "domain"));
        }
        s->markup = mud_str_eqz(attr(s, tag, "type"), "xhtml") && !closed
                        ? s->rest.s
                        : NULL;
    } else if (s->depth == 1) {
        s->sub = name;
        /* Of an author, the name alone. */
        if (mud_str_eqz(local(s->field), "author") &&
            mud_str_eqz(local(name), "name"))
            mud_buf_clear(&s->text);
    }
    if (!closed)
        s->depth++;
    else if (s->depth == 0)
        s->field = (struct mud_str){0};
}

static void close_tag(struct scan *s, struct mud_str name, const char *at)
{
    if (!s->in_item) {
        if (mud_str_eqz(name, "title") && !s->out->title.n)
            s->out->title =
                mud_str_dup(mud_str_trim(mud_buf_view(&s->text)), s->arena);
        s->field = (struct mud_str){0};
        return;
    }
    if (s->depth == 0 ||
        (mud_str_eqz(name, "item") || mud_str_eqz(name, "entry"))) {
        end_item(s);
        return;
    }
    if (--s->depth == 0) {
        if (s->markup) {
            mud_buf_clear(&s->text);
            mud_buf_put(&s->text, s->markup, (size_t)(at - s->markup));
        }
        take(s);
        s->markup = NULL;
        s->field = (struct mud_str){0};
    }
    s->sub = (struct mud_str){0};
}

static void text(struct scan *s, struct mud_str part, bool raw)
{
    bool author = mud_str_eqz(local(s->field), "author");
    if (!s->field.n || s->markup ||
        (author && s->sub.n && !mud_str_eqz(local(s->sub), "name")))
        return;
    if (raw)
        mud_buf_str(&s->text, part);
    else
        mud_entities_decode(&s->text, part, false);
}

/* Behind mark, or at the end of the text. */
static void past(struct scan *s, const char *mark)
{
    size_t at = mud_str_find(s->rest, mud_str_z(mark));
    s->rest = at == MUD_NPOS
                  ? mud_str_sub(s->rest, s->rest.n, s->rest.n)
                  : mud_str_sub(s->rest, at + strlen(mark), s->rest.n);
}

/* <!DOCTYPE x [ ... ]>: nothing of it counts. */
static void declaration(struct scan *s)
{
    size_t end = mud_str_chr(s->rest, '>');
    struct mud_str head = mud_str_sub(s->rest, 0, end);
    past(s, mud_str_chr(head, '[') != MUD_NPOS ? "]>" : ">");
}

static void tag_at(struct scan *s)
{
    size_t end = 0, name = 0;
    char quote = 0;
    const char *at = s->rest.s;
    for (; end < s->rest.n && (quote || s->rest.s[end] != '>'); end++) {
        char c = s->rest.s[end];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
    }
    struct mud_str tag = mud_str_sub(s->rest, 1, end);
    s->rest = mud_str_sub(s->rest, end < s->rest.n ? end + 1 : end, s->rest.n);
    bool close = tag.n && tag.s[0] == '/';
    if (close)
        tag = mud_str_sub(tag, 1, tag.n);
    while (name < tag.n && !strchr(" \t\r\n/", tag.s[name]))
        name++;
    if (close)
        close_tag(s, mud_str_sub(tag, 0, name), at);
    else
        open_tag(s, mud_str_sub(tag, 0, name), tag);
}

void mud_feed_scan(struct mud_feed *out, struct mud_str xml,
                   struct mud_arena *arena)
{
    struct scan s = {.out = out, .arena = arena, .rest = xml};
    s.text.max = MUD_FEED_TEXT;
    *out = (struct mud_feed){0};
    while (s.rest.n && !out->cut) {
        size_t open = mud_str_chr(s.rest, '<');
        if (open == MUD_NPOS)
            open = s.rest.n;
        text(&s, mud_str_sub(s.rest, 0, open), false);
        s.rest = mud_str_sub(s.rest, open, s.rest.n);
        if (mud_str_starts(s.rest, MUD_STR("<![CDATA["))) {
            size_t end = mud_str_find(s.rest, MUD_STR("]]>"));
            text(&s,
                 mud_str_sub(s.rest, 9, end == MUD_NPOS ? s.rest.n : end),
                 true);
            past(&s, "]]>");
        } else if (mud_str_starts(s.rest, MUD_STR("<!--"))) {
            past(&s, "-->");
        } else if (mud_str_starts(s.rest, MUD_STR("<?"))) {
            past(&s, "?>");
        } else if (mud_str_starts(s.rest, MUD_STR("<!"))) {
            declaration(&s);
        } else if (s.rest.n) {
            tag_at(&s);
        }
    }
    out->damaged = s.in_item;
    mud_buf_free(&s.text);
}
