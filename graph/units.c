#include "graph/units.h"

#include "base/utf8.h"

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
           c == 0x3007;
}

/* Punctuation: of no use to look for, and in every text. */
static bool is_sign(uint32_t c)
{
    if (c < 0x80)
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                 (c >= 'A' && c <= 'Z'));
    return (c >= 0x80 && c <= 0xBF && c != 0xAA && c != 0xB5 && c != 0xBA) ||
           (c >= 0x2000 && c <= 0x206F) || (c >= 0x2190 && c <= 0x27BF) ||
           (c >= 0x3000 && c <= 0x3003) || (c >= 0x3008 && c <= 0x3020) ||
           (c >= 0xFE10 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F) ||
           (c >= 0xFF1A && c <= 0xFF20) || (c >= 0xFF3B && c <= 0xFF40) ||
           (c >= 0xFF5B && c <= 0xFF65);
}

struct cutter {
    struct mud_units *out;
    size_t cap;
    struct mud_arena *arena;
};

static void add(struct cutter *cutter, struct mud_str text, struct mud_span at,
                bool han)
{
    struct mud_units *out = cutter->out;
    struct mud_unit *unit = NULL;
    size_t i = 0;

    out->at = mud_arena_grow(
        cutter->arena, out->at, &cutter->cap, out->n, sizeof(*out->at));
    unit = &out->at[out->n++];
    unit->text = mud_str_sub(text, 0, mud_utf8_cut(text, MUD_UNIT_MAX));
    unit->at = at;
    unit->han = han;
    unit->sign = true;
    while (i < unit->text.n && unit->sign)
        unit->sign = is_sign(mud_utf8_next(unit->text, &i));
}

/*
 * Where in the source the character at byte i of a term came from: character
 * by character when both have as many, else the whole span.
 */
static struct mud_span source_of(struct mud_str source, struct mud_span at,
                                 struct mud_str term, size_t start, size_t end)
{
    struct mud_str raw = mud_str_sub(source, at.start, at.end);
    size_t skip = mud_utf8_count(mud_str_sub(term, 0, start));
    size_t take = mud_utf8_count(mud_str_sub(term, start, end));
    size_t from = 0, to = 0;

    if (mud_utf8_count(raw) != mud_utf8_count(term))
        return at;
    while (skip-- > 0 && from < raw.n)
        mud_utf8_next(raw, &from);
    to = from;
    while (take-- > 0 && to < raw.n)
        mud_utf8_next(raw, &to);
    return (struct mud_span){at.start + (uint32_t)from,
                             at.start + (uint32_t)to};
}

static void cut_term(struct cutter *cutter, struct mud_str source,
                     struct mud_str term, struct mud_span at)
{
    size_t i = 0;

    while (i < term.n) {
        size_t start = i;
        bool han = is_han(mud_utf8_next(term, &i));

        while (!han && i < term.n) {
            size_t next = i;

            if (is_han(mud_utf8_next(term, &next)))
                break;
            i = next;
        }
        add(cutter,
            mud_str_sub(term, start, i),
            source_of(source, at, term, start, i),
            han);
    }
}

void mud_units_of(struct mud_units *out, const struct mud_reader *reader,
                  struct mud_str text, struct mud_arena *arena)
{
    struct cutter cutter = {.out = out, .arena = arena};
    struct mud_str *terms = NULL;
    struct mud_span *spans = NULL;
    size_t n = mud_terms(&terms, &spans, reader, text, arena);

    *out = (struct mud_units){0};
    for (size_t i = 0; i < n; i++)
        cut_term(&cutter, text, terms[i], spans[i]);
}

size_t mud_units_find(const struct mud_units *text, size_t from,
                      const struct mud_units *phrase)
{
    if (!phrase->n)
        return MUD_NPOS;
    for (size_t i = from; i + phrase->n <= text->n; i++) {
        size_t j = 0;

        while (j < phrase->n &&
               mud_str_eq(text->at[i + j].text, phrase->at[j].text))
            j++;
        if (j == phrase->n)
            return i;
    }
    return MUD_NPOS;
}

struct mud_str mud_units_term(const struct mud_units *units, size_t i,
                              char buf[2 * MUD_UNIT_MAX])
{
    const struct mud_unit *unit = &units->at[i], *next = unit + 1;
    size_t n = unit->text.n;

    if (unit->sign)
        return MUD_STR("");
    if (!unit->han || i + 1 == units->n || !next->han)
        return unit->text;
    memcpy(buf, unit->text.s, n);
    memcpy(buf + n, next->text.s, next->text.n);
    return mud_str_of(buf, n + next->text.n);
}
