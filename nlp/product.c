#include "nlp/product.h"

#include "nlp/amount.h"

#include <stdlib.h>

enum {
    RUN_MAX = 12,
    LOOK_MAX = 8
};

int mud_product_account(const struct mud_scan *s, int code)
{
    return code >= 0 && code < 32 ? s->reader->account[code] : -1;
}

static const struct mud_meaning *product(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->claimed ? NULL : mud_scan_means(s, m, MUD_LEX_PRODUCT);
}

static unsigned head_of(const struct mud_scan *s, uint32_t i)
{
    const struct mud_meaning *m = product(s, i);

    return m ? m->head : 0;
}

int mud_product_platform(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->claimed ? -1 : mud_scan_code(s, i, MUD_LEX_PLATFORM);
}

/* Is the byte of a letter of an alphabet (or of ASCII)? */
static bool latin(const struct mud_scan *s, uint32_t at)
{
    uint32_t i = at;

    while (i > 0 && ((unsigned char)s->text.s[i] & 0xC0) == 0x80)
        i--;
    return (unsigned char)s->text.s[i] < 0xE0;
}

/* May mark i + 1 carry on a phrase that holds mark i? */
static bool adjacent(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *a = mud_scan_mark(s, i),
                          *b = mud_scan_mark(s, i + 1);

    if (!b->space)
        return true;
    return latin(s, a->end - 1) &&
           (latin(s, b->start) || (mud_scan_code(s, i, MUD_LEX_PLATFORM) >= 0 &&
                                   !mud_scan_means(s, a, MUD_LEX_PRODUCT)));
}

static inline bool builds(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->kinds & (1U << MUD_LEX_PRODUCT | 1U << MUD_LEX_PLATFORM) &&
           !m->claimed;
}

struct mud_phrase *mud_phrase_add(struct mud_scan *s, uint32_t first,
                                  uint32_t last, int canonical)
{
    struct mud_phrase *p;

    if (canonical < 0)
        return NULL;
    s->phrases = mud_arena_grow(s->arena,
                                s->phrases,
                                &s->cap_phrases,
                                s->n_phrases,
                                sizeof *s->phrases);
    p = &s->phrases[s->n_phrases++];
    *p = (struct mud_phrase){.start = s->marks[first].start,
                             .end = s->marks[last].end,
                             .first = first,
                             .last = last,
                             .canonical = (uint16_t)canonical,
                             .entity = -1};
    if (first > 2 && mud_number_mark(s, first - 2)) {
        const struct mud_meaning *u = mud_unit_at(s, first - 1);

        p->measure = u ? (uint8_t)u->code : 0; /* 求一套... */
    }
    return p;
}

/* The platform before an account head, over words such as 三年以上. */
static int platform_before(const struct mud_scan *s, uint32_t first,
                           uint32_t head, uint32_t *at)
{
    for (uint32_t i = head; i-- > 1 && head - i < LOOK_MAX;) {
        const struct mud_mark *m = &s->marks[i];
        int code = mud_product_platform(s, i);
        const struct mud_meaning *p = product(s, i);

        if (m->type == MUD_MARK_SIGN || m->type == MUD_MARK_EOL ||
            m->kinds & 1U << MUD_LEX_VERB)
            break;
        if (code >= 0 && code < MUD_PLATFORM_MOD) {
            *at = i < first ? i : first;
            return mud_product_account(s, code);
        }
        if (p && !p->head) {
            const struct mud_str id = s->reader->canonicals[p->code].id;

            if (mud_str_ends(id, MUD_STR("_account")) ||
                mud_str_eqz(id, "apple_id")) {
                *at = i < first ? i : first;
                return p->code;
            }
        }
    }
    return -1;
}

/* The last sure product in marks [first, head), else the last one, or NULL. */
static const struct mud_meaning *product_in(const struct mud_scan *s,
                                            uint32_t first, uint32_t head)
{
    const struct mud_meaning *found = NULL;

    for (uint32_t i = head; i-- > first;) {
        const struct mud_meaning *p = product(s, i);

        if (!p || p->head)
            continue;
        if (!(p->flags & (MUD_M_WEAK | MUD_M_GENERIC)))
            return p;
        if (!found)
            found = p;
    }
    return found;
}

/* May the mark be part of a name: 机 may be a cue, but 某机构 is a body. */
static bool describes(const struct mud_scan *s, uint32_t i)
{
    const unsigned other = 1U << MUD_LEX_VERB | 1U << MUD_LEX_NEGATION |
                           1U << MUD_LEX_CURRENCY | 1U << MUD_LEX_ROLE;
    const struct mud_mark *m = &s->marks[i];

    if (m->claimed)
        return false;
    return m->type == MUD_MARK_HAN || builds(s, i) ||
           (m->type == MUD_MARK_TERM && !(m->kinds & other));
}

/* Unknown characters before a head of data: "某教育机构" + "整库". */
static uint32_t reach_left(const struct mud_scan *s, uint32_t first)
{
    uint32_t i = first;

    while (i > 1 && first - i < 5 && s->marks[i].space == 0 &&
           describes(s, i - 1))
        i--;
    /* whole only when something bounds it */
    if (i == first || mud_scan_break(s, i) ||
        (s->marks[i - 1].kinds & (1U << MUD_LEX_VERB | 1U << MUD_LEX_NEGATION)))
        return i;
    return first;
}

/* "акк ВК", "аккаунты Binance": the platform stands behind. */
static int platform_after(const struct mud_scan *s, uint32_t last, uint32_t *at)
{
    int code = mud_product_platform(s, last + 1);

    if (code < 0 || code >= MUD_PLATFORM_MOD || !adjacent(s, last))
        return -1;
    *at = last + 1;
    return mud_product_account(s, code);
}

/* Is a kind of people named, as 股民 or 车主, whose data or ears are sold? */
static bool of_people(const struct mud_scan *s, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i < last; i++) {
        const struct mud_meaning *m =
            mud_scan_means(s, &s->marks[i], MUD_LEX_PLATFORM);

        if (m && m->flags & MUD_M_PEOPLE)
            return true;
    }
    return false;
}

static void headed(struct mud_scan *s, uint32_t first, uint32_t last)
{
    const struct mud_meaning *p = product_in(s, first, last);
    unsigned head = head_of(s, last);
    const struct mud_meaning *word = product(s, last);
    bool weak = head != MUD_HEAD_ACCOUNT || !word || word->flags & MUD_M_WEAK;
    struct mud_phrase *out = NULL;
    uint32_t at = first;
    int canon;

    switch (head) {
    case MUD_HEAD_ACCOUNT:
        canon = platform_before(s, first, last, &at);
        if (canon < 0 && (canon = platform_after(s, last, &last)) < 0)
            return;
        out = mud_phrase_add(s, at, last, canon);
        break;
    case MUD_HEAD_COURSE:
        weak = !p || p->flags & MUD_M_WEAK;
        out = mud_phrase_add(s, first, last, s->reader->course);
        if (out && !p && mud_product_platform(s, first) < 0)
            out->generic = 1;
        break;
    case MUD_HEAD_SOURCE:
        if (!p)
            return;
        canon = p->code;
        if (canon == s->reader->phish_site)
            canon = s->reader->phish_kit;
        out = mud_phrase_add(s, first, last, canon);
        if (out)
            out->weak = (p->flags & MUD_M_WEAK) != 0;
        return;
    case MUD_HEAD_DATA:
        at = reach_left(s, first);
        canon = p ? p->code : s->reader->record;
        if (s->reader->canonicals[canon].category != MUD_CAT_PERSONAL_DATA)
            canon = s->reader->record;
        weak = !of_people(s, first, last);
        out = mud_phrase_add(s, at, last, canon);
        if (out && at == last)
            out->generic = 1;
        break;
    case MUD_HEAD_FANS:
        if (first == last)
            return;
        /* followers of a platform are made up, others are led somewhere */
        canon = s->reader->lead;
        weak = !of_people(s, first, last);
        for (at = first; at < last; at++) {
            int code = mud_product_platform(s, at);

            if (code >= 0 && code < MUD_PLATFORM_MOD)
                canon = s->reader->followers;
        }
        out = mud_phrase_add(s, first, last, canon);
        break;
    default:
        break;
    }
    if (out)
        out->weak = weak;
}

static bool is_data(const struct mud_scan *s, const struct mud_meaning *p)
{
    struct mud_str id = s->reader->canonicals[p->code].id;

    return mud_str_eqz(id, "personal_record") ||
           mud_str_eqz(id, "database_dump") || mud_str_eqz(id, "bot_host");
}

/* "伪基站|车载设备", "CVV|美国一手料": a weak word behind a sure name of the same
 * or another thing adds nothing to it. Returns the mark where the name ends. */
static uint32_t name_end(const struct mud_scan *s, uint32_t first,
                         uint32_t last)
{
    const struct mud_meaning *end = product(s, last);

    if (!end || !(end->flags & MUD_M_WEAK))
        return last;
    for (uint32_t i = last; i-- > first;) {
        const struct mud_meaning *p = product(s, i);

        if (p && !p->head && !(p->flags & (MUD_M_WEAK | MUD_M_GENERIC)))
            return i;
    }
    return last;
}

/* Words of quality in front, as "fresh", are no part of the name. */
static uint32_t name_start(const struct mud_scan *s, uint32_t first,
                           uint32_t last)
{
    while (first < last && !product(s, first)) {
        const struct mud_meaning *m =
            mud_scan_means(s, &s->marks[first], MUD_LEX_PLATFORM);

        if (!m || !(m->flags & MUD_M_WEAK))
            break;
        first++;
    }
    return first;
}

/*
 * The mark where a run parts in two: "短信轰炸|呼死你" are two services, and
 * "远控|免杀" is the first, told apart by the second. 0 when it does not.
 */
static uint32_t parted(const struct mud_scan *s, uint32_t first, uint32_t last,
                       bool *both)
{
    const struct mud_meaning *end = product(s, last);
    const struct mud_canonical *canon = s->reader->canonicals;

    if (!end || end->head)
        return 0;
    for (uint32_t i = last; i-- > first;) {
        const struct mud_meaning *p = product(s, i);

        if (!p)
            continue;
        if (p->head || p->code == end->code ||
            canon[p->code].category != canon[end->code].category)
            return 0;
        *both = canon[end->code].category == MUD_CAT_ATTACK_FOR_HIRE;
        return *both || mud_str_eqz(canon[end->code].id, "crypter") ? i + 1 : 0;
    }
    return 0;
}

/* One phrase of marks; the last of them is a product and its head. */
static void phrase_of(struct mud_scan *s, uint32_t first, uint32_t last)
{
    const struct mud_meaning *p;
    struct mud_phrase *out;

    first = name_start(s, first, last);
    if (head_of(s, last)) {
        headed(s, first, last);
        return;
    }
    last = name_end(s, first, last);
    p = product(s, last);
    if (!p)
        return;
    if (is_data(s, p))
        first = reach_left(s, first);
    out = mud_phrase_add(s, first, last, p->code);
    out->weak = (p->flags & MUD_M_WEAK) != 0;
    for (uint32_t i = first; i < last && out->weak; i++) {
        const struct mud_meaning *part = product(s, i);

        out->weak = !part || part->head || part->code != p->code ||
                    (part->flags & MUD_M_WEAK) != 0;
    }
    out->generic = (p->flags & MUD_M_GENERIC) != 0 && first == last;
    if (p->flags & MUD_M_GENERIC)
        out->weak = 1;
}

/* A run of marks that can make a phrase, or two. */
static void phrase(struct mud_scan *s, uint32_t first, uint32_t last)
{
    uint32_t part;
    bool both = false;

    while (last > first && !product(s, last))
        last--;
    if (!product(s, last))
        return;
    part = parted(s, first, last, &both);
    if (part == 0) {
        phrase_of(s, first, last);
        return;
    }
    phrase_of(s, first, part - 1);
    if (both)
        phrase_of(s, part, last);
}

/* Is what begins at mark i said not to be dealt in? */
static bool negated(const struct mud_scan *s, uint32_t i)
{
    for (uint32_t j = i; j-- > 1 && i - j < 7;) {
        const struct mud_mark *m = &s->marks[j];
        const struct mud_meaning *neg = mud_scan_means(s, m, MUD_LEX_NEGATION);

        if (neg)
            return !(neg->flags & MUD_M_WEAK) || i - j == 1;
        if (mud_scan_break(s, j + 1))
            return false;
    }
    return false;
}

int mud_phrase_by_start(const void *a, const void *b)
{
    const struct mud_phrase *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

/* Lessons: what is taught is no product of its own. */
static void courses(struct mud_scan *s)
{
    bool taught;
    int course = s->reader->course;
    bool has = false;

    for (size_t i = 0; i < s->n_phrases; i++)
        has |= s->phrases[i].canonical == course && !s->phrases[i].generic;
    taught = (s->topics & MUD_TOPIC_LESSON) != 0;
    if (!has && !taught)
        return;
    for (size_t i = 0; i < s->n_phrases; i++) {
        struct mud_phrase *p = &s->phrases[i];

        if (p->canonical == course || p->negated)
            continue;
        if (has) {
            p->dropped |= taught || p->weak;
        } else {
            p->canonical = (uint16_t)course;
            has = true;
        }
    }
}

/* "长期收u", "出u 6.9": the coin itself is dealt in. */
static void coins(struct mud_scan *s)
{
    if (!mud_scan_has(s, MUD_LEX_VERB))
        return;
    for (uint32_t i = 1; (i = mud_scan_next(s, i, MUD_LEX_CURRENCY)) > 0;) {
        const struct mud_meaning *v =
            mud_scan_means(s, &s->marks[i - 1], MUD_LEX_VERB);

        if (mud_scan_code(s, i, MUD_LEX_CURRENCY) == MUD_CUR_USDT && v &&
            !s->marks[i].claimed && !s->marks[i].space &&
            (v->code == MUD_DIR_BUY || v->code == MUD_DIR_SELL)) {
            struct mud_phrase *p = mud_phrase_add(s, i, i, s->reader->coins);

            if (p)
                p->weak = 1;
        }
    }
}

void mud_phrases_close(struct mud_scan *s)
{
    size_t n = 0;

    for (size_t k = 0; k < s->n_phrases; k++) {
        if (!s->phrases[k].dropped && !s->phrases[k].negated)
            s->phrases[n++] = s->phrases[k];
    }
    s->n_phrases = n;
}

/* The first mark behind mark i that can be part of a phrase, or 0. */
static uint32_t next_part(const struct mud_scan *s, uint32_t i)
{
    uint64_t early = s->early[MUD_LEX_PRODUCT] | s->early[MUD_LEX_PLATFORM];

    early = i < 63 ? early >> (i + 1) : 0;
    if (early)
        return i + 1 + (uint32_t)__builtin_ctzll(early);
    for (i = i < 63 ? 64 : i + 1; i <= s->n_marks; i++) {
        if (builds(s, i))
            return i;
    }
    return 0;
}

void mud_products_find(struct mud_scan *s)
{
    bool platforms = mud_scan_has(s, MUD_LEX_PLATFORM);
    bool account = false, named = false;
    size_t generic = 0;

    if (!(s->kinds & (1U << MUD_LEX_PRODUCT | 1U << MUD_LEX_PLATFORM |
                      1U << MUD_LEX_CURRENCY)))
        return;
    for (uint32_t i = 0;
         mud_scan_has(s, MUD_LEX_PRODUCT) && (i = next_part(s, i)) > 0;) {
        uint32_t last = i;

        if (s->marks[i].claimed)
            continue;
        while (last - i < RUN_MAX && builds(s, last + 1) && adjacent(s, last))
            last++;
        phrase(s, i, last);
        i = last;
    }
    for (size_t k = 0; k < s->n_phrases; k++) {
        struct mud_phrase *p = &s->phrases[k];

        account |= platforms && mud_str_ends(mud_phrase_canonical(s, p)->id,
                                             MUD_STR("_account"));
        p->negated = mud_scan_has(s, MUD_LEX_NEGATION) && negated(s, p->first);
        /* a guess at what was written is no evidence alone */
        if (mud_fold_surely(&s->fold, (struct mud_span){p->start, p->end}) <
            MUD_FOLD_GUESS)
            p->weak = 1;
    }
    if (platforms)
        mud_product_accounts(s, account);
    coins(s);
    if (s->n_phrases == 0)
        return;
    if (s->n_phrases > 1)
        qsort(
            s->phrases, s->n_phrases, sizeof *s->phrases, mud_phrase_by_start);
    mud_products_settle(s);
    courses(s);
    for (size_t k = 0; k < s->n_phrases; k++)
        named |= !s->phrases[k].generic && !s->phrases[k].negated &&
                 !s->phrases[k].dropped;
    for (size_t k = 0; k < s->n_phrases; k++) {
        struct mud_phrase *p = &s->phrases[k];

        if (p->generic && (named || generic++ > 0))
            p->dropped = 1;
    }
    mud_phrases_close(s);
}
