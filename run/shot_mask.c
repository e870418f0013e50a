#include "run/shot_mask.h"

#include "base/utf8.h"

#include <stdlib.h>

#define PIECE ((size_t)64 << 10) /* of text read at once */

/* A text that can be seen, and where each of its characters stands in the page. */
struct seen {
    struct mud_buf text;

    struct place {
        uint32_t text, start, end; /* start == end: not of the page */
    } * places;

    size_t n, cap;
};

struct masking {
    struct mud_str page;
    size_t at;
    struct seen flow;  /* the text of the page in its order */
    struct seen aside; /* hidden text, attributes, styles: a line each */
    const struct mud_reader *reader;
    uint8_t *covered; /* a bit for each byte of the page */
    struct mud_error *err;
};

static void add(struct seen *seen, struct mud_str text, size_t start,
                size_t end)
{
    seen->places =
        mud_grow(seen->places, &seen->cap, seen->n, sizeof(*seen->places));
    seen->places[seen->n++] =
        (struct place){(uint32_t)seen->text.n, (uint32_t)start, (uint32_t)end};
    mud_buf_str(&seen->text, text);
}

static void line_end(struct seen *seen)
{
    if (seen->text.n && seen->text.s[seen->text.n - 1] != '\n')
        add(seen, MUD_STR("\n"), 0, 0);
}

/* A reference such as "&#x31;" or "&nbsp;": its length, or 0. */
static size_t reference(struct mud_str s, uint32_t *c)
{
    static const struct {
        const char *name;
        uint32_t c;
    } names[] = {{"nbsp", ' '},
                 {"amp", '&'},
                 {"lt", '<'},
                 {"gt", '>'},
                 {"quot", '"'},
                 {"apos", '\''},
                 {"num", '#'},
                 {"commat", '@'},
                 {"period", '.'},
                 {"colon", ':'},
                 {"lowbar", '_'},
                 {"hyphen", '-'},
                 {"ensp", ' '},
                 {"emsp", ' '},
                 {"thinsp", ' '},
                 {"shy", 0xAD},
                 {"zwj", 0x200D},
                 {"zwnj", 0x200C}};

    size_t i = 2;

    if (s.n > 3 && s.s[1] == '#') {
        bool hex = s.s[2] == 'x' || s.s[2] == 'X';
        uint32_t v = 0;
        size_t from = i += hex;

        for (; i < s.n && i < from + 8; i++) {
            char d = s.s[i];
            int one = d >= '0' && d <= '9'          ? d - '0'
                      : hex && d >= 'a' && d <= 'f' ? d - 'a' + 10
                      : hex && d >= 'A' && d <= 'F' ? d - 'A' + 10
                                                    : -1;
            if (one < 0)
                break;
            v = v * (hex ? 16 : 10) + (uint32_t)one;
        }
        *c = v;
        return i == from ? 0 : i + (i < s.n && s.s[i] == ';');
    }
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct mud_str name = mud_str_z(names[i].name);

        if (mud_str_starts(mud_str_sub(s, 1, s.n), name)) {
            *c = names[i].c;
            return 1 + name.n + (1 + name.n < s.n && s.s[1 + name.n] == ';');
        }
    }
    return 0;
}

/* The characters of [start, end), references decoded. */
static void take_text(struct masking *m, struct seen *to, size_t start,
                      size_t end, bool lines)
{
    struct mud_str s = mud_str_sub(m->page, 0, end);

    for (size_t at = start; at < end;) {
        size_t from = at, n = 0;
        char bytes[4];
        uint32_t c = 0;

        if (s.s[at] == '&')
            n = reference(mud_str_sub(s, at, end), &c);
        if (n) {
            at += n;
            size_t wide = mud_utf8_put(c == 0 ? ' ' : c, bytes);
            add(to, mud_str_of(bytes, wide), from, at);
            continue;
        }
        mud_utf8_next(s, &at);
        if (!lines && at == from + 1 && strchr("\n\r\t\f", s.s[from]))
            add(to, MUD_STR(" "), from, at);
        else
            add(to, mud_str_sub(s, from, at), from, at);
    }
}

static const char *const inlines[] = {
    "a",      "abbr", "acronym", "b",    "bdi",  "bdo",     "big",  "cite",
    "code",   "del",  "dfn",     "em",   "font", "i",       "img",  "ins",
    "kbd",    "mark", "q",       "s",    "samp", "small",   "span", "strike",
    "strong", "sub",  "sup",     "tt",   "u",    "var",     "wbr",  "nobr",
    "label",  "time", "data",    "ruby", "rb",   "noscript"};

/* Attributes that address or style, and show nothing. */
static const char *const silent[] = {
    "href",   "src",         "srcset",      "class",      "id",      "style",
    "action", "width",       "height",      "rel",        "type",    "target",
    "method", "lang",        "charset",     "http-equiv", "media",   "name",
    "for",    "background",  "color",       "bgcolor",    "align",   "valign",
    "border", "cellpadding", "cellspacing", "colspan",    "rowspan", "onclick",
    "onload", "onmouseover", "onkeydown"};

/* Elements whose content is no mark-up. */
static const char *const raw[] = {"script",
                                  "style",
                                  "textarea",
                                  "title",
                                  "xmp",
                                  "iframe",
                                  "noembed",
                                  "noframes"};

struct tag {
    struct mud_str name;
    bool closes, hidden;
};

static bool blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool hides(struct mud_str name, struct mud_str value)
{
    if (mud_str_eqz(name, "style")) {
        size_t at = mud_str_ifind(value, MUD_STR("display"));
        return at != MUD_NPOS && mud_str_ifind(mud_str_sub(value, at, value.n),
                                               MUD_STR("none")) != MUD_NPOS;
    }
    return mud_str_eqz(name, "class") &&
           mud_str_find(value, MUD_STR("jammer")) != MUD_NPOS;
}

/* One attribute at m->at; false at the end of the tag. */
static bool attribute(struct masking *m, struct tag *tag)
{
    const char *s = m->page.s;
    size_t n = m->page.n, start, end;

    while (m->at < n && (blank(s[m->at]) || s[m->at] == '/'))
        m->at++;
    if (m->at >= n || s[m->at] == '>')
        return false;
    start = m->at++;
    while (m->at < n && !blank(s[m->at]) && !strchr("/>=", s[m->at]))
        m->at++;
    struct mud_str name = mud_str_sub(m->page, start, m->at);
    while (m->at < n && blank(s[m->at]))
        m->at++;
    if (m->at >= n || s[m->at] != '=')
        return true;
    m->at++;
    while (m->at < n && blank(s[m->at]))
        m->at++;
    char quote =
        m->at < n && (s[m->at] == '"' || s[m->at] == '\'') ? s[m->at] : 0;
    m->at += quote != 0;
    start = m->at;
    while (m->at < n &&
           (quote ? s[m->at] != quote : !blank(s[m->at]) && s[m->at] != '>'))
        m->at++;
    end = m->at;
    m->at += quote && m->at < n;
    struct mud_str value = mud_str_sub(m->page, start, end);
    char lower[16];
    size_t wide = name.n < sizeof(lower) ? name.n : sizeof(lower);
    for (size_t i = 0; i < wide; i++)
        lower[i] = (char)(name.s[i] >= 'A' && name.s[i] <= 'Z' ? name.s[i] + 32
                                                               : name.s[i]);
    struct mud_str known = mud_str_of(lower, name.n == wide ? wide : 0);
    tag->hidden |= hides(known, value);
    if (!mud_str_among(known, silent, sizeof(silent) / sizeof(silent[0]))) {
        take_text(m, &m->aside, start, end, true);
        line_end(&m->aside);
    }
    return true;
}

/* The tag at m->at, which stands behind its "<" (and "/"). */
static void read_tag(struct masking *m, struct tag *tag,
                     struct mud_arena *arena)
{
    size_t start = m->at;

    while (m->at < m->page.n && !blank(m->page.s[m->at]) &&
           !strchr("/>", m->page.s[m->at]))
        m->at++;
    tag->name = mud_str_lower(mud_str_sub(m->page, start, m->at), arena);
    while (attribute(m, tag))
        ;
    m->at += m->at < m->page.n; /* ">" */
}

/* Behind "</name" of the element, or the end. */
static size_t raw_end(struct masking *m, struct mud_str name)
{
    for (size_t at = m->at; at < m->page.n; at++) {
        const char *lt = memchr(m->page.s + at, '<', m->page.n - at);

        if (!lt)
            break;
        at = (size_t)(lt - m->page.s);
        struct mud_str rest = mud_str_sub(m->page, at + 2, m->page.n);
        if (at + 1 < m->page.n && lt[1] == '/' && mud_str_istarts(rest, name))
            return at;
    }
    return m->page.n;
}

static void take_raw(struct masking *m, struct mud_str name)
{
    size_t end = raw_end(m, name);

    if (mud_str_eqz(name, "style")) {
        line_end(&m->aside);
        take_text(m, &m->aside, m->at, end, true);
        line_end(&m->aside);
    } else if (mud_str_eqz(name, "textarea") || mud_str_eqz(name, "title") ||
               mud_str_eqz(name, "xmp")) {
        line_end(&m->flow);
        take_text(m, &m->flow, m->at, end, true);
        line_end(&m->flow);
    }
    m->at = end;
}

/* Behind a comment or declaration, which shows nothing. */
static void skip_comment(struct masking *m)
{
    struct mud_str rest = mud_str_sub(m->page, m->at, m->page.n);
    bool comment = mud_str_starts(rest, MUD_STR("<!--"));
    size_t n = comment
                   ? mud_str_find(mud_str_sub(rest, 2, rest.n), MUD_STR("-->"))
                   : mud_str_chr(rest, '>');

    if (comment && mud_str_starts(rest, MUD_STR("<!-->")))
        n = 2;
    m->at = n == MUD_NPOS ? m->page.n : m->at + n + (comment ? 5 : 1);
    if (m->at > m->page.n)
        m->at = m->page.n;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Cells of a row are a line, as records are written elsewhere. */
static void between(struct seen *seen, struct mud_str name)
{
    if (mud_str_eqz(name, "td") || mud_str_eqz(name, "th"))
        add(seen, MUD_STR("\t"), 0, 0);
    else if (!mud_str_among(
                 name, inlines, sizeof(inlines) / sizeof(inlines[0])))
        line_end(seen);
}

/* All of the page into what is seen. */
static void see(struct masking *m, struct mud_arena *arena)
{
    struct mud_str hidden = {0}; /* the element that hides what is in it */
    size_t depth = 0, pre = 0;

    while (m->at < m->page.n) {
        const char *lt = memchr(m->page.s + m->at, '<', m->page.n - m->at);
        size_t end = lt ? (size_t)(lt - m->page.s) : m->page.n;
        char next = lt && end + 1 < m->page.n ? lt[1] : 0;
        struct tag tag = {.closes = next == '/'};

        take_text(m, depth ? &m->aside : &m->flow, m->at, end, pre > 0);
        m->at = end;
        if (!lt)
            break;
        if (next == '!' || next == '?' ||
            (next == '/' && !(end + 2 < m->page.n && letter(lt[2])))) {
            skip_comment(m);
            continue;
        }
        if (!letter(next) && next != '/') {
            take_text(m, &m->flow, end, end + 1, false);
            m->at = end + 1;
            continue;
        }
        m->at = end + 1 + tag.closes;
        read_tag(m, &tag, arena);
        between(depth ? &m->aside : &m->flow, tag.name);
        if (mud_str_eqz(tag.name, "pre"))
            pre = tag.closes ? 0 : 1;
        if (depth && mud_str_eq(tag.name, hidden)) {
            depth = tag.closes ? depth - 1 : depth + 1;
            if (!depth)
                line_end(&m->aside);
        } else if (!depth && !tag.closes && tag.hidden) {
            hidden = tag.name;
            depth = 1;
            line_end(&m->aside);
        }
        if (!tag.closes &&
            mud_str_among(tag.name, raw, sizeof(raw) / sizeof(raw[0])))
            take_raw(m, tag.name);
    }
}

static bool suspicious(const struct mud_entity *e,
                       const struct mud_reader *reader)
{
    return e->type == MUD_ENT_VICTIM_DATA ||
           (e->type == MUD_ENT_CONTACT && mud_str_eqz(e->kind, "phone") &&
            !strstr(mud_rule_name(reader, e->rule), "cue"));
}

/* Bytes [start, end) of what is seen: their characters in the page. */
static void cover(struct masking *m, const struct seen *seen, size_t start,
                  size_t end)
{
    size_t low = 0, high = seen->n;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (seen->places[mid].text < start)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < seen->n && seen->places[low].text < end; low++)
        for (size_t i = seen->places[low].start; i < seen->places[low].end; i++)
            m->covered[i / 8] |= (uint8_t)(1U << i % 8);
}

static bool read_piece(struct masking *m, const struct seen *seen, size_t start,
                       size_t end, struct mud_arena *scratch)
{
    struct mud_message message = {
        .text = mud_str_sub(mud_buf_view(&seen->text), start, end)};
    struct mud_reading reading = {.n_entities = 0};
    struct mud_error limit = {0};

    if (!mud_read(&reading, m->reader, &message, NULL, scratch, &limit)) {
        if (limit.code != MUD_ELIMIT)
            return mud_fail(m->err, limit.code, "%s", limit.text);
        cover(m, seen, start, end); /* unread is unseen */
    }
    for (size_t i = 0; i < reading.n_entities; i++)
        if (reading.entities[i].field == MUD_IN_TEXT &&
            suspicious(&reading.entities[i], m->reader))
            cover(m,
                  seen,
                  start + reading.entities[i].at.start,
                  start + reading.entities[i].at.end);
    return true;
}

/* In pieces that end with a line where there is one. */
static bool read_seen(struct masking *m, const struct seen *seen)
{
    struct mud_str text = mud_buf_view(&seen->text);
    struct mud_arena *scratch = mud_arena_new();
    bool good = true;

    for (size_t at = 0; good && at < text.n;) {
        size_t end = at + mud_utf8_cut(mud_str_sub(text, at, text.n), PIECE);
        size_t line = end < text.n
                          ? mud_str_rchr(mud_str_sub(text, at, end), '\n')
                          : MUD_NPOS;
        size_t next = line != MUD_NPOS && line ? at + line : end;

        /* A piece without a line end may cut a record: the next one begins with
         * its last part again. */
        good = read_piece(m, seen, at, end, scratch);
        if (next == end && end < text.n && end - at > 2048) {
            size_t back = end - 1024;

            while (back > at && ((unsigned char)text.s[back] & 0xC0) == 0x80)
                back--;
            next = back > at ? back : end;
        }
        at = end >= text.n ? text.n : next;
        mud_arena_reset(scratch);
    }
    mud_arena_free(scratch);
    return good;
}

static bool is_covered(const struct masking *m, size_t at)
{
    return m->covered[at / 8] >> at % 8 & 1;
}

/* The page again, a black square for each character that is covered. */
static struct mud_str covered_page(const struct masking *m, size_t *covered,
                                   struct mud_arena *arena)
{
    struct mud_buf out = {0};

    for (size_t at = 0; at < m->page.n;) {
        size_t next = at;
        uint32_t c = 0;

        if (!is_covered(m, at)) {
            mud_buf_c(&out, m->page.s[at++]);
            continue;
        }
        if (m->page.s[at] == '&')
            next += reference(mud_str_sub(m->page, at, m->page.n), &c);
        if (next == at)
            mud_utf8_next(m->page, &next);
        mud_buf_z(&out, blank(m->page.s[at]) ? " " : "\xe2\x96\xa0");
        (*covered)++;
        at = next;
    }
    struct mud_str page = mud_str_dup(mud_buf_view(&out), arena);
    mud_buf_free(&out);
    return page;
}

bool mud_shot_mask(struct mud_str *out, size_t *covered, struct mud_str html,
                   bool is_html, const struct mud_reader *reader,
                   struct mud_arena *arena, struct mud_error *err)
{
    struct masking m = {.page = html, .reader = reader, .err = err};

    *covered = 0;
    if (html.n > MUD_SHOT_PAGE_MAX)
        return mud_fail(err, MUD_ELIMIT, "a page above 8 MiB is not drawn");
    m.covered = mud_calloc(html.n / 8 + 1, 1);
    if (is_html)
        see(&m, arena);
    else
        for (size_t at = 0; at < html.n;) {
            size_t from = at;

            mud_utf8_next(html, &at);
            add(&m.flow, mud_str_sub(html, from, at), from, at);
        }
    bool good = read_seen(&m, &m.flow) && read_seen(&m, &m.aside);
    if (good)
        *out = covered_page(&m, covered, arena);
    mud_buf_free(&m.flow.text);
    mud_buf_free(&m.aside.text);
    free(m.flow.places);
    free(m.aside.places);
    free(m.covered);
    return good;
}
