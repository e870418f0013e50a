#include "nlp/mark.h"

#include "nlp/numeral.h"

#define HITS_MAX 200u /* of one mark */

/* Marks on their way. */
struct maker {
    struct mud_scan *s;
    size_t cap_marks, cap_numbers, cap_number_marks;
    const struct mud_lex_hit *hit,
        *last_hit; /* from here on; behind the last */
};

/* Is it Han as nearly all Han is? */
static inline bool is_common_han(uint32_t c)
{
    return c - 0x3400 <= 0x9FFF - 0x3400 && c != 0x4E28; /* not 丨 */
}

static inline bool is_han(uint32_t c)
{
    return is_common_han(c) || c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3134F);
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
           (c >= 0x370 && c <= 0x52F);
}

static inline bool is_space(uint32_t c)
{
    if (is_common_han(c))
        return false;
    if (c < 0x80)
        return c == ' ' || c == '\t' || c == '\r';
    return c <= 0x3000 &&
           (c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A));
}

/* The next hit that does not begin before `at`. */
static inline const struct mud_lex_hit *hit_from(struct maker *k, uint32_t at)
{
    const struct mud_lex_hit *hit = k->hit;

    while (hit < k->last_hit && hit->at.start < at)
        hit++;
    k->hit = hit;
    return hit;
}

/* The hits of one term make it a mark's. */
static void take_hits(struct mud_scan *s, struct mud_mark *m,
                      const struct mud_lex_hit *hit,
                      const struct mud_lex_hit *last)
{
    const struct mud_lex_hit *first = hit;
    unsigned kinds = 0;
    uint64_t early = s->n_marks < 63 ? UINT64_C(2) << s->n_marks : 0;

    if ((size_t)(last - hit) > HITS_MAX)
        last = hit + HITS_MAX;
    do {
        kinds |= 1U << hit->kind;
        s->early[hit->kind] |= early;
        hit++;
    } while (hit < last && hit->at.start == first->at.start &&
             hit->at.end == first->at.end);
    m->kinds = (uint16_t)kinds;
    m->hit = (uint32_t)(first - s->hits);
    m->n_hits = (uint8_t)(hit - first);
    s->kinds |= kinds;
}

/* "八百一天" is 800 a day: a last 一 before a unit begins the unit. */
static void split_one(const struct maker *k, struct mud_number *n)
{
    static const char one[] = "\xe4\xb8\x80";
    const struct mud_scan *s = k->s;
    const struct mud_lex_hit *hit = k->hit;
    struct mud_number shorter;
    size_t at = n->end - 3;

    if (!(n->flags & (MUD_NUM_HAN | MUD_NUM_SCALED | MUD_NUM_STRING)) ||
        n->end - n->start < (n->flags & MUD_NUM_STRING ? 4U : 6U) ||
        memcmp(s->text.s + at, one, 3) != 0)
        return;
    while (hit < k->last_hit && hit->at.start < n->end)
        hit++;
    for (; hit < k->last_hit && hit->at.start == n->end; hit++) {
        if (hit->kind == MUD_LEX_UNIT) {
            if (mud_number_at(&shorter, mud_str_of(s->text.s, at), n->start))
                *n = shorter;
            return;
        }
    }
}

/* Behind 毛 or 块 stands one digit: "一毛五一台" is 0.15 for 一台. */
static bool after_money(const struct mud_scan *s)
{
    const struct mud_mark *m = &s->marks[s->n_marks];
    const struct mud_meaning *cur = m->type == MUD_MARK_TERM
                                        ? mud_scan_means(s, m, MUD_LEX_CURRENCY)
                                        : NULL;

    return cur && cur->flags & (MUD_M_SUB | MUD_M_BASE);
}

/* Was a number of one or two digits written as one sign: ①, ❶, 1️⃣? */
static bool circled(const struct mud_scan *s, uint32_t at, uint32_t end)
{
    const struct mud_fold_run *run;

    if (end - at > 2 || (unsigned char)s->text.s[at] > '9')
        return false;
    run = mud_fold_run_at(&s->fold, at);
    if (!run || run->even || run->end - run->start < 3)
        return false;
    return (unsigned char)s->fold.raw.s[run->start] == 0xE2 ||
           (s->fold.raw.s[run->start] >= '0' &&
            s->fold.raw.s[run->start] <= '9');
}

/* Groups of thousands are parted by an ASCII comma, or all of it is wide:
 * "20，300" are two numbers. */
static void keep_groups(const struct mud_scan *s, struct mud_number *n,
                        uint32_t before)
{
    if (n->flags & MUD_NUM_SPACED && is_han(before)) {
        const char *blank =
            memchr(s->text.s + n->start, ' ', n->end - n->start);

        /* "3毛5 500台": nobody sets off thousands so behind Chinese */
        if (blank) {
            (void)mud_number_at(n,
                                mud_str_of(s->text.s,
                                           (size_t)(blank - s->text.s)),
                                n->start);
            return;
        }
    }
    for (size_t i = n->start + 1; i + 1 < n->end; i++) {
        struct mud_span comma, digit;

        if (s->text.s[i] != ',')
            continue;
        comma = mud_fold_raw(&s->fold,
                             (struct mud_span){(uint32_t)i, (uint32_t)i + 1});
        digit = mud_fold_raw(&s->fold,
                             (struct mud_span){(uint32_t)i - 1, (uint32_t)i});
        if (comma.end - comma.start > 1 && digit.end - digit.start == 1) {
            (void)mud_number_at(n, mud_str_of(s->text.s, i), n->start);
            return;
        }
    }
}

/* "USD115", "RMB100": what the number is glued to is its currency. */
static bool after_code(const struct mud_scan *s, const struct mud_mark *m)
{
    const struct mud_mark *prev = m - 1;
    const struct mud_meaning *c =
        prev > s->marks && prev->end == m->start
            ? mud_scan_means(s, prev, MUD_LEX_CURRENCY)
            : NULL;

    return c && c->flags & MUD_M_PRE && prev->end - prev->start >= 2;
}

/* The character before byte `at`, which is 0 at the start; before one of two or
 * four bytes that begins no mark it is the one that begins the mark. */
static uint32_t character_before(const struct mud_scan *s, uint32_t at)
{
    const struct mud_mark *m = &s->marks[s->n_marks];
    size_t i = at;

    if (at == 0)
        return 0;
    if ((unsigned char)s->text.s[at - 1] < 0x80)
        return (unsigned char)s->text.s[at - 1];
    do {
        i--;
    } while (i > 0 && ((unsigned char)s->text.s[i] & 0xC0) == 0x80);
    if (at - i != 3 && s->n_marks > 0 && m->end == at)
        i = m->start;
    return mud_step(s->text, &i);
}

static struct mud_mark *new_mark(struct maker *k)
{
    struct mud_scan *s = k->s;

    s->marks = mud_arena_grow(
        s->arena, s->marks, &k->cap_marks, s->n_marks + 2U, sizeof *s->marks);
    return &s->marks[s->n_marks + 1];
}

/* Fill m with the number at its start, unless the term there is longer. */
static bool take_number(struct maker *k, struct mud_mark *m,
                        const struct mud_lex_hit *hit)
{
    struct mud_scan *s = k->s;
    uint32_t at = m->start, before;
    struct mud_number n;
    size_t next = at;

    if (!mud_number_at(&n, s->text, at))
        return false;
    before = character_before(s, at);
    if (n.flags & MUD_NUM_STRING && after_money(s)) {
        mud_step(s->text, &next);
        (void)mud_number_at(&n, mud_str_of(s->text.s, next), at);
    }
    keep_groups(s, &n, before);
    split_one(k, &n);
    if (hit && hit->at.end >= n.end)
        return false;
    s->numbers = mud_arena_grow(
        s->arena, s->numbers, &k->cap_numbers, s->n_numbers, sizeof n);
    s->number_marks = mud_arena_grow(s->arena,
                                     s->number_marks,
                                     &k->cap_number_marks,
                                     s->n_numbers,
                                     sizeof *s->number_marks);
    s->number_marks[s->n_numbers] = s->n_marks + 1;
    s->numbers[s->n_numbers] = n;
    m->type = MUD_MARK_NUMBER;
    m->end = (uint32_t)n.end;
    m->hit = (uint32_t)s->n_numbers++;
    m->circled = circled(s, at, m->end);
    m->glued = (unsigned char)s->text.s[at] <= '9' && before < 0x250 &&
               (is_letter(before) || before == '_') && !after_code(s, m);
    return true;
}

/* Does a longer term begin one character on, inside hit? "查开房|记录". */
static bool overtaken(const struct maker *k, const struct mud_lex_hit *hit,
                      size_t next)
{
    uint32_t start = hit->at.start, end = hit->at.end;
    const struct mud_lex_hit *other = hit;
    const struct mud_meaning *m;
    bool neutral;

    if (next >= end || (unsigned char)k->s->text.s[start] < 0xE0)
        return false;
    while (other < k->last_hit && other->at.start < next)
        other++;
    /* the longest is the first of those that begin there */
    if (other == k->last_hit || other->at.start != next || other->at.end <= end)
        return false;
    /* words that mean nothing here give way to any other: 出|国内 */
    m = &k->s->reader->meanings[hit->entry];
    neutral = hit->kind == MUD_LEX_ROLE && m->code == MUD_R_NEUTRAL;
    return other->at.end - next + neutral > end - start;
}

/* The next shorter term that begins where this one does. */
static const struct mud_lex_hit *shorter(const struct maker *k,
                                         const struct mud_lex_hit *hit)
{
    uint32_t start = hit->at.start, end = hit->at.end;

    for (; hit < k->last_hit && hit->at.start == start; hit++) {
        if (hit->at.end < end)
            return hit;
    }
    return NULL;
}

/* The term that begins at `at`, where the character ends at `end`. */
static inline const struct mud_lex_hit *term_at(struct maker *k, uint32_t at,
                                                size_t end)
{
    const struct mud_lex_hit *hit = hit_from(k, at);

    if (hit == k->last_hit || hit->at.start != at)
        return NULL;
    while (hit && overtaken(k, hit, end))
        hit = shorter(k, hit);
    return hit;
}

/* End of the run of letters that goes on at byte i. */
static size_t word_end(struct mud_str text, size_t i)
{
    while (i < text.n) {
        size_t after = i;

        if (!is_letter(mud_step(text, &after)))
            break;
        i = after;
    }
    return i;
}

/* Can a number begin here? 零 alone is a word more often; "零点五" is one. */
static inline bool number_starts(const struct mud_scan *s, uint32_t c,
                                 size_t end)
{
    if (c < 0x80)
        return c - '0' < 10;
    if (!mud_numeral_maybe(c) || !mud_number_starts(c))
        return false;
    return c != 0x96F6 ||
           (end < s->text.n && mud_step(s->text, &end) == 0x70B9);
}

/* Does a clause end at the sign? */
static bool stops(uint32_t sign)
{
    switch (sign) {
    case ',':
    case ';':
    case '!':
    case '?':
    case '.':
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case '|':
    case 0x3010: /* 【 */
    case 0x3011:
    case '[':
    case ']':
    case 0x2022: /* bullet */
    case 0x25CF:
    case 0x4E28: /* 丨, drawn as a stroke */
    case 0x2502:
    case 0x2503:
        return true;
    default:
        return sign >= 0x1F000 ||
               (sign >= 0x2460 && sign <= 0x2473); /* list markers */
    }
}

/* The mark being made begins with a character of ASCII. */
static inline void note_ascii(struct mud_scan *s)
{
    if (s->n_marks < 63)
        s->early_ascii |= UINT64_C(2) << s->n_marks;
}

/* The mark of what begins at m->start with the character c, which ends at
 * `end`. */
static void fill(struct maker *k, struct mud_mark *m, uint32_t c, size_t end)
{
    struct mud_scan *s = k->s;
    const struct mud_lex_hit *hit = term_at(k, m->start, end);

    if (number_starts(s, c, end) && take_number(k, m, hit))
        return;
    if (hit && c != '\n') {
        m->type = MUD_MARK_TERM;
        m->end = hit->at.end;
        if (c < 0x80)
            note_ascii(s);
        take_hits(s, m, hit, k->last_hit);
        return;
    }
    m->sign = c;
    if (c < 0x80)
        note_ascii(s);
    if (is_common_han(c)) {
        m->type = MUD_MARK_HAN;
    } else if (c == '\n') {
        m->type = MUD_MARK_EOL;
        m->stops = 1;
    } else if (is_letter(c)) {
        m->type = MUD_MARK_WORD;
        end = word_end(s->text, end);
    } else if (is_han(c)) {
        m->type = MUD_MARK_HAN;
    } else {
        m->type = MUD_MARK_SIGN;
        m->stops = stops(c);
    }
    m->end = (uint32_t)end;
}

/* "gov200/月": what a number glued to a word is paid for. */
static bool rated(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = mud_scan_mark(s, i + 1);

    return m->end - m->start == 1 && s->text.s[m->start] == '/' &&
           mud_scan_mark(s, i + 2)->kinds & 1U << MUD_LEX_UNIT;
}

/* "①日套800": a circled digit at the head of an entry only numbers it. */
static bool list_number(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = &s->marks[i], *next = mud_scan_mark(s, i + 1);

    return (m->space || mud_scan_break(s, i) || mud_scan_sign(s, i - 1, ':')) &&
           next->type != MUD_MARK_NUMBER && next->type != MUD_MARK_EOL &&
           next->type != MUD_MARK_END &&
           !(next->kinds & (1U << MUD_LEX_CURRENCY)) &&
           (!(next->kinds & 1U << MUD_LEX_UNIT) || !mud_scan_break(s, i + 3)) &&
           !mud_scan_sign(s, i + 1, '%') && !mud_scan_sign(s, i + 1, '.');
}

/* May the number of mark i be an amount or a count? */
static bool counts(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = &s->marks[i];
    const struct mud_number *n = &s->numbers[m->hit];

    return !(m->glued && !rated(s, i)) && !(m->circled && list_number(s, i)) &&
           n->digits <= (n->scale > 1 ? 9U : 12U);
}

void mud_marks_make(struct mud_scan *s)
{
    struct maker k = {.s = s, .hit = s->hits, .last_hit = s->hits + s->n_hits};
    const struct mud_str text = s->text;
    struct mud_mark *m;
    size_t i = 0;
    uint32_t line = 0;
    bool space = false;

    s->marks = mud_arena_grow(
        s->arena, NULL, &k.cap_marks, text.n / 4 + 8, sizeof *s->marks);
    while (i < text.n) {
        size_t at = i;
        uint32_t c = mud_step(text, &i);

        if (is_space(c)) {
            space = true;
            continue;
        }
        m = new_mark(&k); /* zeroed */
        m->start = (uint32_t)at;
        m->space = space;
        m->line = line;
        fill(&k, m, c, i);
        s->n_marks++;
        i = m->end;
        if (c == '\n')
            line++;
        space = false;
    }
    for (size_t n = 0; n < s->n_numbers && s->number_marks[n] < 64; n++)
        s->early_numbers |= UINT64_C(1) << s->number_marks[n];
    s->marks[0].stops = 1;
    m = new_mark(&k);
    *m = (struct mud_mark){.start = (uint32_t)text.n,
                           .end = (uint32_t)text.n,
                           .type = MUD_MARK_END,
                           .stops = 1,
                           .line = line};
    for (size_t n = 0; n < s->n_numbers; n++)
        s->marks[s->number_marks[n]].counts = counts(s, s->number_marks[n]);
}
