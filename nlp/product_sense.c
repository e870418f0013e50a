/* Words of the trade that name two things, as "CC" or "dumps". */
#include "nlp/product.h"

/* How much the rest of the message speaks for a reading of a homonym. */
static unsigned borne_out(const struct mud_scan *s, uint16_t canonical,
                          const unsigned *seen)
{
    return seen[s->reader->canonicals[canonical].category];
}

/* Does the phrase rest on one word of several meanings, as "CC" or "dumps"? */
static bool homonym(const struct mud_scan *s, const struct mud_phrase *p)
{
    const struct mud_mark *m = &s->marks[p->last];
    unsigned n = 0;

    for (size_t i = 0; i < m->n_hits; i++)
        n += s->hits[m->hit + i].kind == MUD_LEX_PRODUCT &&
             !s->reader->meanings[s->hits[m->hit + i].entry].head;
    return n > 1;
}

/* The meaning that the message bears out; else the first of the table in
 * Chinese and the last in other languages. */
static uint16_t meant(const struct mud_scan *s, const struct mud_phrase *p,
                      const unsigned *seen)
{
    const struct mud_mark *m = &s->marks[p->last];
    bool chinese = !mud_str_eqz(s->lang, "en") && !mud_str_eqz(s->lang, "ru");
    int best = -1;

    for (size_t i = 0; i < m->n_hits; i++) {
        const struct mud_lex_hit *hit = &s->hits[m->hit + i];
        const struct mud_meaning *sense = &s->reader->meanings[hit->entry];

        if (hit->kind != MUD_LEX_PRODUCT || sense->head)
            continue;
        if (best < 0 || borne_out(s, sense->code, seen) + !chinese >
                            borne_out(s, (uint16_t)best, seen))
            best = sense->code;
    }
    return (uint16_t)best;
}

/* "远控 月卡500 年卡3000": for how long the tool before it is let. */
static void drop_periods(struct mud_scan *s)
{
    bool tool = false;

    for (size_t k = 0; k < s->n_phrases; k++) {
        struct mud_phrase *p = &s->phrases[k];
        const struct mud_meaning *r =
            mud_scan_means(s, &s->marks[p->last], MUD_LEX_ROLE);
        enum mud_category c = mud_phrase_canonical(s, p)->category;

        if (tool && p->weak && p->first == p->last && r &&
            r->per >= MUD_U_SECOND && r->per <= MUD_U_YEAR)
            p->dropped = 1;
        tool |= c != MUD_CAT_VIRTUAL_PROPERTY && c != MUD_CAT_ACCOUNT_TRADE;
    }
}

void mud_products_settle(struct mud_scan *s)
{
    unsigned seen[MUD_CATEGORIES] = {0};
    bool any = false;

    for (size_t k = 0; k < s->n_phrases; k++) {
        const struct mud_phrase *p = &s->phrases[k];

        if (homonym(s, p))
            any = true;
        else
            seen[mud_phrase_canonical(s, p)->category] += p->weak ? 1 : 2;
    }
    for (size_t k = 0; any && k < s->n_phrases; k++) {
        if (homonym(s, &s->phrases[k]))
            s->phrases[k].canonical = meant(s, &s->phrases[k], seen);
    }
    if (s->n_phrases > 1 && mud_scan_has(s, MUD_LEX_ROLE))
        drop_periods(s);
}
