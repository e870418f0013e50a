#include "graph/facet.h"

#include "base/utf8.h"
#include "nlp/reading.h"

#include <math.h>
#include <stdio.h>

/* Steps of prices in the index: powers of two, from below 1/16 up. */
#define STEP_LEAST (-4)
#define STEP_MOST  40

static bool among_ids(const struct mud_facet *facet, struct mud_id id)
{
    for (size_t i = 0; i < facet->n_ids && !mud_id_zero(id); i++)
        if (mud_id_eq(facet->ids[i], id))
            return true;
    return false;
}

static bool among_values(const struct mud_facet *facet, struct mud_str value)
{
    for (size_t i = 0; i < facet->n && value.n; i++)
        if (mud_str_ieq(facet->values[i], value))
            return true;
    return false;
}

bool mud_fact_counts(const struct mud_fact *fact, const struct mud_seen *seen)
{
    return mud_id_zero(fact->post) || mud_id_eq(fact->post, seen->post);
}

/* wanted: "type:value" or ":value" */
static bool contact_is(const struct mud_fact *fact, struct mud_str wanted)
{
    size_t colon = mud_str_chr(wanted, ':');
    struct mud_str type = mud_str_sub(wanted, 0, colon);

    return (!type.n || mud_str_ieq(type, fact->kind)) &&
           mud_str_ieq(mud_str_sub(wanted, colon + 1, wanted.n), fact->value);
}

static bool has_contact(const struct mud_seen *seen,
                        const struct mud_facts_of *facts,
                        const struct mud_str *wanted, size_t n)
{
    for (size_t i = 0; i < facts->n_contacts; i++) {
        const struct mud_fact *fact = &facts->contacts[i];

        for (size_t j = 0; j < n && mud_fact_counts(fact, seen); j++)
            if (contact_is(fact, wanted[j]))
                return true;
    }
    return false;
}

/* Offers and prices of the reading that is the post's, and no other. */
static bool read_so(const struct mud_fact *fact, const struct mud_seen *seen)
{
    return mud_id_eq(fact->post, seen->reading);
}

static bool has_product(const struct mud_facet *facet,
                        const struct mud_seen *seen,
                        const struct mud_facts_of *facts)
{
    for (size_t i = 0; i < facts->n_products; i++)
        if (read_so(&facts->products[i], seen) &&
            among_values(facet, facts->products[i].kind))
            return true;
    return false;
}

static bool has_price(const struct mud_facet *facet,
                      const struct mud_seen *seen,
                      const struct mud_facts_of *facts)
{
    for (size_t i = 0; i < facts->n_prices; i++) {
        const struct mud_fact *fact = &facts->prices[i];

        if (read_so(fact, seen) && fact->low <= facet->high &&
            fact->high >= facet->low &&
            (!facet->money.n || mud_str_eq(facet->money, fact->currency)))
            return true;
    }
    return false;
}

static bool flags_hold(const struct mud_facet *facet,
                       const struct mud_seen *seen,
                       const struct mud_facts_of *facts)
{
    unsigned has = seen->flags;

    for (size_t i = 0; i < facts->n_contacts; i++)
        if (mud_fact_counts(&facts->contacts[i], seen))
            has |= MUD_HAS_CONTACT;
    for (size_t i = 0; i < facts->n_prices; i++)
        if (read_so(&facts->prices[i], seen))
            has |= MUD_HAS_PRICE;
    return (has & facet->flags) != 0;
}

static bool is_source(const struct mud_facet *facet, int32_t source)
{
    for (size_t i = 0; i < facet->n_sources; i++)
        if (facet->sources[i] == source)
            return true;
    return false;
}

bool mud_facet_holds(const struct mud_facet *facet, const struct mud_seen *seen,
                     const struct mud_facts_of *facts)
{
    switch ((int)facet->field) {
    case MUD_F_CATEGORY:
        return facet->codes >> seen->category & 1;
    case MUD_F_SIDE:
        return facet->codes >> seen->direction & 1;
    case MUD_F_FIELD:
        return facet->codes >> facts->field & 1;
    case MUD_F_SOURCE:
        return is_source(facet, seen->source);
    case MUD_F_BOARD:
        return among_values(facet, seen->board);
    case MUD_F_LANG:
        return among_values(facet, facts->lang);
    case MUD_F_CONTACT:
        return has_contact(seen, facts, facet->values, facet->n);
    case MUD_F_ACTOR:
        return among_ids(facet, seen->seller) ||
               among_ids(facet, seen->author) ||
               has_contact(seen, facts, facet->holds, facet->n_holds);
    case MUD_F_SELLER:
        return !mud_id_zero(seen->seller) && (among_ids(facet, seen->seller) ||
                                              among_values(facet, seen->name) ||
                                              among_values(facet, seen->key));
    case MUD_F_AUTHOR:
        return among_values(facet, seen->name) ||
               among_values(facet, seen->key);
    case MUD_F_PRODUCT:
        return has_product(facet, seen, facts);
    case MUD_F_PRICE:
        return has_price(facet, seen, facts);
    case MUD_F_TIME:
        return seen->at >= facet->lo && seen->at < facet->hi;
    case MUD_F_IS:
    case MUD_F_HAS:
        return flags_hold(facet, seen, facts);
    default:
        return false;
    }
}

unsigned mud_facet_needs(const struct mud_facet *facet)
{
    switch ((int)facet->field) {
    case MUD_F_BOARD:
        return MUD_NEED_BOARD;
    case MUD_F_CONTACT:
    case MUD_F_ACTOR:
        return MUD_NEED_CONTACT;
    case MUD_F_PRODUCT:
        return MUD_NEED_PRODUCT;
    case MUD_F_PRICE:
        return MUD_NEED_PRICE;
    case MUD_F_IS:
    case MUD_F_HAS:
        return (facet->flags & MUD_HAS_CONTACT ? MUD_NEED_CONTACT : 0U) |
               (facet->flags & MUD_HAS_PRICE ? MUD_NEED_PRICE : 0U) |
               (facet->flags & (MUD_IS_EDITED | MUD_IS_DELETED) ? MUD_NEED_MARKS
                                                                : 0U);
    default:
        return 0;
    }
}

/* ---- terms of the index ---- */

/* "\1" kind value, in small letters, cut: the same for texts and queries. */
static struct mud_str text_term(char buf[MUD_FACET_TERM], char kind,
                                struct mud_str value)
{
    size_t n = 0;

    value = mud_str_sub(value, 0, mud_utf8_cut(value, MUD_FACET_TERM - 4));
    buf[n++] = 1;
    buf[n++] = kind;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.s[i];

        buf[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return mud_str_of(buf, n);
}

static struct mud_str code_term(char buf[MUD_FACET_TERM], char kind,
                                int64_t code)
{
    int n = snprintf(buf, MUD_FACET_TERM, "\1%c%lld", kind, (long long)code);

    return mud_str_of(buf, (size_t)n);
}

static struct mud_str id_term(char buf[MUD_FACET_TERM], struct mud_id id)
{
    char text[MUD_ID_TEXT];

    return text_term(buf, 'a', mud_str_z(mud_id_text(text, id)));
}

static struct mud_str month_term(char buf[MUD_FACET_TERM], int64_t at)
{
    int64_t seconds = at / MUD_SECOND - (at % MUD_SECOND < 0);
    struct mud_civil c = {0};
    int year = 0;

    /* Years of four digits, so that terms are in the order of time. */
    if (seconds < INT64_C(-62135596800))
        seconds = INT64_C(-62135596800);
    if (seconds > INT64_C(253402300799))
        seconds = INT64_C(253402300799);
    c = mud_civil_of_unix(seconds);
    year = c.year < 0 ? 0 : c.year;
    snprintf(buf, MUD_FACET_TERM, "\1m%04d%02d", year, c.month);
    return mud_str_z(buf);
}

static int step_of(double amount)
{
    int step = amount > 0 ? (int)fmax(-100, fmin(100, floor(log2(amount))))
                          : STEP_LEAST;

    return step < STEP_LEAST ? STEP_LEAST : step > STEP_MOST ? STEP_MOST : step;
}

static struct mud_str price_term(char buf[MUD_FACET_TERM], struct mud_str money,
                                 int step)
{
    int n = snprintf(buf,
                     MUD_FACET_TERM,
                     "\1q%.*s:%d",
                     (int)(money.n < 16 ? money.n : 16),
                     money.n ? money.s : "",
                     step);

    return mud_str_of(buf, (size_t)n);
}

static struct mud_str contact_term(char buf[MUD_FACET_TERM],
                                   struct mud_str type, struct mud_str value)
{
    char pair[MUD_FACET_TERM];
    int n = snprintf(pair,
                     sizeof(pair),
                     "%.*s:%.*s",
                     (int)(type.n < 32 ? type.n : 32),
                     type.n ? type.s : "",
                     (int)mud_utf8_cut(value, 120),
                     value.n ? value.s : "");

    return text_term(buf, 'k', mud_str_of(pair, (size_t)n));
}

struct mud_str mud_facet_any(void)
{
    return MUD_STR("\1*");
}

struct telling {
    char buf[MUD_FACET_TERM];
    mud_facet_term_fn *term;
    void *payload;
};

static void tell(struct telling *telling, struct mud_str term)
{
    telling->term(term, telling->payload);
}

void mud_facet_terms_said(const struct mud_facts_of *facts,
                          mud_facet_term_fn *term, void *payload)
{
    struct telling said = {.term = term, .payload = payload};
    struct telling *telling = &said;
    char *buf = said.buf;

    for (size_t i = 0; i < facts->n_contacts; i++) {
        const struct mud_fact *fact = &facts->contacts[i];

        tell(telling, contact_term(buf, fact->kind, fact->value));
        tell(telling, contact_term(buf, MUD_STR(""), fact->value));
    }
    for (size_t i = 0; i < facts->n_products; i++)
        tell(telling, text_term(buf, 'p', facts->products[i].kind));
    for (size_t i = 0; i < facts->n_prices; i++) {
        const struct mud_fact *fact = &facts->prices[i];

        for (int s = step_of(fact->low); s <= step_of(fact->high); s++) {
            tell(telling, price_term(buf, fact->currency, s));
            tell(telling, price_term(buf, MUD_STR(""), s));
        }
    }
    if (facts->n_contacts)
        tell(telling, code_term(buf, 'h', MUD_HAS_CONTACT));
    if (facts->n_prices)
        tell(telling, code_term(buf, 'h', MUD_HAS_PRICE));
    tell(telling, text_term(buf, 'l', facts->lang));
    tell(telling, code_term(buf, 'f', facts->field));
}

void mud_facet_terms_seen(const struct mud_seen *seen, mud_facet_term_fn *term,
                          void *payload)
{
    struct telling telling = {.term = term, .payload = payload};
    char *buf = telling.buf;
    /* The rest of the flags changes without the text being seen again. */
    static const unsigned lasting[] = {MUD_IS_OFFER,
                                       MUD_IS_FORWARD,
                                       MUD_IS_REPLY,
                                       MUD_HAS_IMAGE,
                                       MUD_HAS_LINK};

    tell(&telling, code_term(buf, 'c', seen->category));
    tell(&telling, code_term(buf, 'd', seen->direction));
    tell(&telling, code_term(buf, 's', seen->source));
    tell(&telling, month_term(buf, seen->at));
    for (size_t i = 0; i < sizeof(lasting) / sizeof(*lasting); i++)
        if (seen->flags & lasting[i])
            tell(&telling, code_term(buf, 'h', lasting[i]));
    if (!mud_id_zero(seen->author))
        tell(&telling, id_term(buf, seen->author));
    if (!mud_id_zero(seen->seller))
        tell(&telling, id_term(buf, seen->seller));
    if (seen->name.n)
        tell(&telling, text_term(buf, 'n', seen->name));
    if (seen->key.n)
        tell(&telling, text_term(buf, 'n', seen->key));
    if (seen->board.n)
        tell(&telling, text_term(buf, 'b', seen->board));
}

struct list {
    struct mud_str *at;
    size_t n, cap;
    struct mud_arena *arena;
};

static void add(struct list *list, struct mud_str term)
{
    list->at = mud_arena_grow(
        list->arena, list->at, &list->cap, list->n, sizeof(*list->at));
    list->at[list->n++] = mud_str_dup(term, list->arena);
}

static void add_values(struct list *list, char kind,
                       const struct mud_facet *facet)
{
    char buf[MUD_FACET_TERM];

    for (size_t i = 0; i < facet->n; i++)
        add(list, text_term(buf, kind, facet->values[i]));
}

static void add_codes(struct list *list, char kind, unsigned codes, bool bits)
{
    char buf[MUD_FACET_TERM];

    for (unsigned i = 0; i < 32; i++)
        if (codes >> i & 1)
            add(list, code_term(buf, kind, bits ? (int64_t)1 << i : i));
}

static void add_ids(struct list *list, const struct mud_facet *facet)
{
    char buf[MUD_FACET_TERM];

    for (size_t i = 0; i < facet->n_ids; i++)
        add(list, id_term(buf, facet->ids[i]));
}

static void add_contacts(struct list *list, const struct mud_str *values,
                         size_t n)
{
    char buf[MUD_FACET_TERM];

    for (size_t i = 0; i < n; i++) {
        size_t colon = mud_str_chr(values[i], ':');

        add(list,
            contact_term(buf,
                         mud_str_sub(values[i], 0, colon),
                         mud_str_sub(values[i], colon + 1, values[i].n)));
    }
}

static void add_range(struct list *list, const struct mud_facet *facet)
{
    char buf[MUD_FACET_TERM];

    add(list,
        facet->lo == INT64_MIN ? MUD_STR("\1m") : month_term(buf, facet->lo));
    /* One more than the month in which the last moment lies. */
    struct mud_str last = month_term(buf, facet->hi - 1);
    buf[last.n] = '!';
    add(list, mud_str_of(buf, last.n + 1));
}

bool mud_facet_terms(struct mud_str **terms, size_t *n, bool *range,
                     const struct mud_facet *facet, struct mud_arena *arena)
{
    struct list list = {.arena = arena};
    char buf[MUD_FACET_TERM];
    const unsigned changing = MUD_IS_EDITED | MUD_IS_DELETED | MUD_IS_BLOCKED;

    *range = false;
    switch ((int)facet->field) {
    case MUD_F_CATEGORY:
    case MUD_F_SIDE:
    case MUD_F_FIELD:
        add_codes(&list,
                  facet->field == MUD_F_CATEGORY ? 'c'
                  : facet->field == MUD_F_SIDE   ? 'd'
                                                 : 'f',
                  facet->codes,
                  false);
        break;
    case MUD_F_SOURCE:
        for (size_t i = 0; i < facet->n_sources; i++)
            add(&list, code_term(buf, 's', facet->sources[i]));
        break;
    case MUD_F_BOARD:
        add_values(&list, 'b', facet);
        break;
    case MUD_F_LANG:
        add_values(&list, 'l', facet);
        break;
    case MUD_F_PRODUCT:
        add_values(&list, 'p', facet);
        break;
    case MUD_F_AUTHOR:
        add_values(&list, 'n', facet);
        break;
    case MUD_F_SELLER:
        add_values(&list, 'n', facet);
        add_ids(&list, facet);
        break;
    case MUD_F_ACTOR:
        add_ids(&list, facet);
        add_contacts(&list, facet->holds, facet->n_holds);
        break;
    case MUD_F_CONTACT:
        add_contacts(&list, facet->values, facet->n);
        break;
    case MUD_F_PRICE:
        for (int s = step_of(facet->low); s <= step_of(facet->high); s++)
            add(&list, price_term(buf, facet->money, s));
        break;
    case MUD_F_TIME:
        *range = true;
        add_range(&list, facet);
        break;
    default:
        if (facet->flags & changing)
            return false;
        add_codes(&list, 'h', facet->flags, true);
    }
    *terms = list.at;
    *n = list.n;
    return true;
}
