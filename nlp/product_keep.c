/* Which of the phrases found are on offer, and what a price belongs to. */
#include "nlp/amount.h"
#include "nlp/product.h"

enum {
    AHEAD_MAX = 6,
    BACK_MAX = 6
};

/* Does a number stand beside the phrase in its clause, as a price would? */
static bool counted(const struct mud_scan *s, const struct mud_phrase *p,
                    uint32_t next)
{
    for (uint32_t i = p->last + 1; i < next && i <= p->last + AHEAD_MAX; i++) {
        const struct mud_mark *m = mud_scan_mark(s, i);

        if (m->type == MUD_MARK_EOL || m->type == MUD_MARK_END ||
            mud_scan_break(s, i))
            return false;
        if (m->type == MUD_MARK_NUMBER && !m->claimed && !m->glued)
            return true;
    }
    return false;
}

/* Does a number follow soon on the line, past a comma too? */
static bool priced_soon(const struct mud_scan *s, const struct mud_phrase *p)
{
    for (uint32_t i = p->last + 1; i <= p->last + AHEAD_MAX; i++) {
        const struct mud_mark *m = mud_scan_mark(s, i);

        if (m->type == MUD_MARK_EOL || m->type == MUD_MARK_END || m->claimed)
            return false;
        if (m->type == MUD_MARK_NUMBER && !m->glued)
            return true;
    }
    return false;
}

/* Is what stands between two phrases only a sign or word of a list? */
static bool listed(const struct mud_scan *s, const struct mud_phrase *before,
                   const struct mud_phrase *p)
{
    static const char *const words[] = {"and", "or", "и", "和", "及", "与"};
    const struct mud_mark *m = mud_scan_mark(s, before->last + 1);
    struct mud_str text;

    if (p->first != before->last + 2)
        return false;
    if (m->type == MUD_MARK_SIGN)
        return m->sign == 0x3001 || m->sign == '/' || m->sign == '&' ||
               m->sign == '+' || m->sign == '|';
    text = mud_scan_text(s, m->start, m->end);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_str_eqz(text, words[i]))
            return true;
    }
    return false;
}

/* Does the phrase begin its line, a number or a sign of a list apart? */
static bool heads_line(const struct mud_scan *s, const struct mud_phrase *p)
{
    for (uint32_t i = p->first; i > 0 && p->first - i < 4; i--) {
        const struct mud_mark *m = mud_scan_mark(s, i - 1);

        if (m->type == MUD_MARK_EOL || m->type == MUD_MARK_END)
            return true;
        if (m->type != MUD_MARK_SIGN && m->type != MUD_MARK_NUMBER)
            return false;
    }
    return false;
}

/* Does a verb of trade stand before it in its clause: "也收对公"? */
static bool dealt(const struct mud_scan *s, const struct mud_phrase *p)
{
    for (uint32_t i = p->first; i > 1 && p->first - i < BACK_MAX; i--) {
        const struct mud_mark *m = mud_scan_mark(s, i - 1);
        const struct mud_meaning *v = mud_scan_means(s, m, MUD_LEX_VERB);

        if (mud_scan_break(s, i))
            return false;
        if (v && v->code != MUD_DIR_NONE)
            return true;
    }
    return false;
}

static struct mud_str text_of(const struct mud_scan *s,
                              const struct mud_phrase *p)
{
    return mud_scan_text(s, p->start, p->end);
}

/* The same words, or one of them in short. */
static bool same_words(struct mud_str a, struct mud_str b)
{
    return a.n >= b.n ? mud_str_find(a, b) != MUD_NPOS
                      : mud_str_find(b, a) != MUD_NPOS;
}

/* A weak word once more, inside a clause. */
static bool said_again(const struct mud_scan *s, const struct mud_phrase *p,
                       const struct mud_phrase *first)
{
    if (!p->weak || p->first != p->last)
        return false;
    return first != p && first->canonical == p->canonical &&
           !(mud_scan_break(s, p->first) &&
             mud_scan_mark(s, p->last + 1)->sign != 0x7684); /* 的 */
}

/* A looser word for what has a sure name: "代开发票，普票2个点". */
static bool variant(const struct mud_scan *s, const struct mud_phrase *p,
                    const struct mud_phrase *first)
{
    return first && !first->weak && p->weak && !heads_line(s, p) &&
           !same_words(text_of(s, first), text_of(s, p));
}

/* Only spoken of: what is said of the goods, or what they serve for? */
static bool spoken_of(const struct mud_scan *s, size_t k, bool other,
                      const struct mud_phrase *first)
{
    const struct mud_phrase *p = &s->phrases[k];
    const struct mud_phrase *before = k > 0 ? p - 1 : NULL;

    if (before && !before->dropped && listed(s, before, p))
        return false;
    if (other)
        return p->weak || !(heads_line(s, p) || dealt(s, p));
    if (!before)
        return false;
    if (first)
        return !same_words(text_of(s, first), text_of(s, p)) &&
               !heads_line(s, p) && !dealt(s, p);
    return !mud_scan_break(s, p->first) && !dealt(s, p) &&
           p->first != before->last + 1 && !priced_soon(s, p);
}

static void drop_spoken_of(struct mud_scan *s, enum mud_category category)
{
    uint32_t *firsts; /* phrase of each canonical, counted from 1 */
    bool strong = false;

    for (size_t k = 0; k < s->n_phrases; k++)
        strong |= mud_phrase_canonical(s, &s->phrases[k])->category == category;
    if (!strong)
        return;
    firsts = mud_arena_array(s->arena, s->reader->n_canonicals, sizeof *firsts);
    for (size_t k = 0; k < s->n_phrases; k++) {
        struct mud_phrase *p = &s->phrases[k];
        uint32_t next =
            k + 1 < s->n_phrases ? s->phrases[k + 1].first : s->n_marks + 1;
        bool other = mud_phrase_canonical(s, p)->category != category;
        uint32_t *at = &firsts[p->canonical];
        const struct mud_phrase *first = *at ? &s->phrases[*at - 1] : NULL;

        if (variant(s, p, first) ||
            (!counted(s, p, next) && (spoken_of(s, k, other, first) ||
                                      said_again(s, p, &s->phrases[0]))))
            p->dropped = 1;
        else if (!first)
            *at = (uint32_t)k + 1;
    }
}

void mud_products_keep(struct mud_scan *s, enum mud_category category)
{
    drop_spoken_of(s, category);
    /* a market's own service is no product of the list */
    for (size_t k = 0; k < s->n_phrases; k++) {
        if (mud_phrase_canonical(s, &s->phrases[k])->category ==
            MUD_CAT_MARKET_SERVICE)
            s->phrases[k].dropped = 1;
    }
    mud_phrases_close(s);
    for (size_t k = 0; k < s->n_phrases; k++) {
        struct mud_phrase *p = &s->phrases[k];
        struct mud_entity *e;

        e = mud_scan_add(s,
                         MUD_ENT_PRODUCT,
                         p->start,
                         p->end,
                         p->first == p->last ? MUD_RULE_PRODUCT_TERM
                                             : MUD_RULE_PRODUCT_PHRASE,
                         p->weak ? 700 : 900);
        e->kind = mud_phrase_canonical(s, p)->id;
        p->entity = (int32_t)(s->n_entities - 1);
    }
}

const struct mud_phrase *mud_product_of(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);
    size_t low = 0, high = s->n_phrases;
    const struct mud_phrase *before, *behind;

    if (s->n_phrases == 0)
        return s->has_fallback ? &s->fallback : NULL;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (s->phrases[mid].end <= m->start)
            low = mid + 1;
        else
            high = mid;
    }
    before = low > 0 ? &s->phrases[low - 1] : NULL;
    behind = low < s->n_phrases ? &s->phrases[low] : NULL;
    if (before && s->marks[before->last].line == m->line)
        return before;
    if (behind && s->marks[behind->first].line == m->line)
        return behind;
    return before ? before : behind;
}
