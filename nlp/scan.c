#include "nlp/scan.h"

#include "nlp/lang.h"

#define KINDS                                                             \
    (1U << MUD_LEX_PRODUCT | 1U << MUD_LEX_PLATFORM | 1U << MUD_LEX_CUE | \
     1U << MUD_LEX_UNIT | 1U << MUD_LEX_CURRENCY | 1U << MUD_LEX_VERB |   \
     1U << MUD_LEX_ROLE | 1U << MUD_LEX_NEGATION | 1U << MUD_LEX_BENIGN | \
     1U << MUD_LEX_CATEGORY)

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF && c != 0x4E28) || /* not 丨 */
           c == 0x3007 || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3134F);
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
           (c >= 0x370 && c <= 0x52F);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A);
}

static struct mud_mark *new_mark(struct mud_scan *s, size_t *cap,
                                 uint32_t start, uint32_t end, unsigned type)
{
    struct mud_mark *m;

    s->marks = mud_arena_grow(
        s->arena, s->marks, cap, s->n_marks + 2U, sizeof *s->marks);
    m = &s->marks[++s->n_marks];
    *m = (struct mud_mark){.start = start, .end = end, .type = (uint8_t)type};
    return m;
}

/* The first longest group of hits that starts at byte `at`, from hit *next. */
static size_t hit_at(const struct mud_scan *s, size_t *next, uint32_t at)
{
    while (*next < s->n_hits && s->hits[*next].at.start < at)
        (*next)++;
    return *next < s->n_hits && s->hits[*next].at.start == at ? *next
                                                              : MUD_NPOS;
}

static void term_mark(struct mud_scan *s, struct mud_mark *m, size_t hit)
{
    size_t i = hit;

    for (; i < s->n_hits && s->hits[i].at.start == s->hits[hit].at.start &&
           s->hits[i].at.end == s->hits[hit].at.end && i - hit < 200;
         i++)
        m->kinds |= (uint16_t)(1U << s->hits[i].kind);
    s->kinds |= m->kinds;
    m->hit = (uint32_t)hit;
    m->n_hits = (uint8_t)(i - hit);
}

/* "八百一天" is 800 a day: a last 一 before a unit begins the unit. */
static void split_one(struct mud_scan *s, struct mud_number *n, size_t next_hit)
{
    static const char one[] = "\xe4\xb8\x80";
    struct mud_number shorter;
    size_t at = n->end - 3, h;

    if (!(n->flags & (MUD_NUM_HAN | MUD_NUM_SCALED | MUD_NUM_STRING)) ||
        n->end - n->start < (n->flags & MUD_NUM_STRING ? 4U : 6U) ||
        memcmp(s->text.s + at, one, 3) != 0)
        return;
    h = hit_at(s, &next_hit, (uint32_t)n->end);
    if (h == MUD_NPOS)
        return;
    for (; h < s->n_hits && s->hits[h].at.start == n->end; h++) {
        if (s->hits[h].kind == MUD_LEX_UNIT) {
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

struct maker { /* marks on their way */
    struct mud_scan *s;
    size_t cap_marks, cap_numbers;
    size_t next_hit, hit; /* to look at; at this place, or MUD_NPOS */
    uint32_t before;      /* the character before this place */
};

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
    size_t blank =
        n->flags & MUD_NUM_SPACED && is_han(before)
            ? mud_str_chr(mud_str_sub(s->text, n->start, n->end), ' ')
            : MUD_NPOS;

    if (blank != MUD_NPOS) {
        /* "3毛5 500台": nobody sets off thousands so behind Chinese */
        (void)mud_number_at(
            n, mud_str_of(s->text.s, n->start + blank), n->start);
        return;
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

static bool number_mark(struct maker *k, uint32_t at)
{
    struct mud_scan *s = k->s;
    struct mud_number n;
    struct mud_mark *m;
    size_t next = at;

    if (!mud_number_at(&n, s->text, at))
        return false;
    if (n.flags & MUD_NUM_STRING && after_money(s)) {
        mud_step(s->text, &next);
        (void)mud_number_at(&n, mud_str_of(s->text.s, next), at);
    }
    keep_groups(s, &n, k->before);
    split_one(s, &n, k->next_hit);
    if (k->hit != MUD_NPOS && s->hits[k->hit].at.end >= n.end)
        return false;
    s->numbers = mud_arena_grow(
        s->arena, s->numbers, &k->cap_numbers, s->n_numbers, sizeof n);
    s->numbers[s->n_numbers] = n;
    m = new_mark(s, &k->cap_marks, at, (uint32_t)n.end, MUD_MARK_NUMBER);
    m->hit = (uint32_t)s->n_numbers++;
    m->circled = circled(s, at, m->end);
    m->glued = (unsigned char)s->text.s[at] <= '9' && k->before < 0x250 &&
               (is_letter(k->before) || k->before == '_') && !after_code(s, m);
    return true;
}

/* Does a longer term begin one character on, inside hit? "查开房|记录". */
static bool overtaken(const struct mud_scan *s, size_t hit, size_t next)
{
    uint32_t start = s->hits[hit].at.start, end = s->hits[hit].at.end;
    const struct mud_meaning *m = &s->reader->meanings[s->hits[hit].entry];
    /* words that mean nothing here give way to any other: 出|国内 */
    bool neutral =
        s->hits[hit].kind == MUD_LEX_ROLE && m->code == MUD_R_NEUTRAL;

    for (size_t i = hit; i < s->n_hits && s->hits[i].at.start <= next; i++) {
        if (s->hits[i].at.start == next && next < end &&
            s->hits[i].at.end > end &&
            s->hits[i].at.end - next + neutral > end - start)
            return (unsigned char)s->text.s[start] >= 0xE0;
    }
    return false;
}

/* The next shorter term that begins where this one does. */
static size_t shorter(const struct mud_scan *s, size_t hit)
{
    size_t i = hit;

    while (i < s->n_hits && s->hits[i].at.start == s->hits[hit].at.start) {
        if (s->hits[i].at.end < s->hits[hit].at.end)
            return i;
        i++;
    }
    return MUD_NPOS;
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

/* 零 alone is a word more often than a number; "零点五" is one. */
static bool point_follows(const struct mud_scan *s, size_t at)
{
    return at < s->text.n && mud_step(s->text, &at) == 0x70B9;
}

/* The mark of what begins at `at` with the character c, which ends at `end`;
 * returns where the mark ends. */
static size_t mark_at(struct maker *k, size_t at, size_t end, uint32_t c)
{
    struct mud_scan *s = k->s;
    unsigned type;
    struct mud_mark *m;

    k->hit = hit_at(s, &k->next_hit, (uint32_t)at);
    while (k->hit != MUD_NPOS && overtaken(s, k->hit, end))
        k->hit = shorter(s, k->hit);
    if (mud_number_starts(c) && (c != 0x96F6 || point_follows(s, end)) &&
        number_mark(k, (uint32_t)at))
        return s->marks[s->n_marks].end;
    if (c == '\n') {
        type = MUD_MARK_EOL;
    } else if (k->hit != MUD_NPOS) {
        type = MUD_MARK_TERM;
        end = s->hits[k->hit].at.end;
    } else if (is_letter(c)) {
        type = MUD_MARK_WORD;
        end = word_end(s->text, end);
    } else {
        type = is_han(c) ? MUD_MARK_HAN : MUD_MARK_SIGN;
    }
    m = new_mark(s, &k->cap_marks, (uint32_t)at, (uint32_t)end, type);
    if (type == MUD_MARK_TERM)
        term_mark(s, m, k->hit);
    else
        m->sign = c;
    return end;
}

/* The last character of a mark that ends at byte `end` and begins with c. */
static uint32_t last_character(struct mud_str s, size_t end, uint32_t c)
{
    size_t at = end >= 3 ? end - 3 : end;

    if ((unsigned char)s.s[end - 1] < 0x80)
        return (unsigned char)s.s[end - 1];
    return at < end && ((unsigned char)s.s[at] & 0xF0) == 0xE0
               ? mud_step(s, &at)
               : c;
}

static void make_marks(struct mud_scan *s)
{
    struct maker k = {.s = s};
    size_t i = 0;
    uint32_t line = 0;
    bool space = false;

    s->marks = mud_arena_grow(
        s->arena, NULL, &k.cap_marks, s->text.n / 6 + 8, sizeof *s->marks);
    while (i < s->text.n) {
        size_t at = i;
        uint32_t c = mud_step(s->text, &i);

        if (is_space(c)) {
            space = true;
            k.before = c;
            continue;
        }
        i = mark_at(&k, at, i, c);
        s->marks[s->n_marks].space = space;
        s->marks[s->n_marks].line = line;
        line += c == '\n';
        space = false;
        k.before = last_character(s->text, i, c);
    }
    s->marks[0] = (struct mud_mark){.type = MUD_MARK_END};
    s->marks = mud_arena_grow(
        s->arena, s->marks, &k.cap_marks, s->n_marks + 2U, sizeof *s->marks);
    s->marks[s->n_marks + 1] = (struct mud_mark){.start = (uint32_t)s->text.n,
                                                 .end = (uint32_t)s->text.n,
                                                 .type = MUD_MARK_END,
                                                 .line = line};
}

/* Words that only tell a topic leave the hits: they set a bit, or count. */
static void take_topics(struct mud_scan *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_hits; i++) {
        const struct mud_meaning *m;

        if (s->hits[i].kind != MUD_LEX_CATEGORY) {
            s->hits[n++] = s->hits[i];
            continue;
        }
        m = &s->reader->meanings[s->hits[i].entry];
        s->topics |= m->code;
        if (m->hint > 0 && s->hints[m->hint] < UINT8_MAX)
            s->hints[m->hint]++;
    }
    s->n_hits = n;
}

static const struct mud_grams *grams_of(struct mud_str text,
                                        struct mud_arena *arena)
{
    struct mud_grams *grams = mud_arena_alloc(arena, sizeof *grams);

    mud_grams_add(grams, text);
    return grams;
}

void mud_scan_begin(struct mud_scan *scan, const struct mud_reader *reader,
                    struct mud_str raw, struct mud_arena *arena)
{
    static struct mud_mark none[2];
    static const struct mud_grams nothing = {.known = MUD_WORDS_MOST};

    scan->reader = reader;
    scan->arena = arena;
    scan->marks = none;
    scan->grams = &nothing;
    scan->lang = MUD_STR("und");
    if (raw.n == 0)
        return;
    scan->marks = NULL;
    mud_fold(&scan->fold, reader->folder, raw, arena);
    scan->text = scan->fold.text;
    scan->grams = grams_of(scan->text, arena);
    scan->n_hits = mud_lexicon_find(
        &scan->hits, reader->lexicon, scan->text, KINDS, arena);
    take_topics(scan);
    make_marks(scan);
    scan->lang = mud_lang_of(reader->folder, &scan->fold);
}

const struct mud_meaning *mud_scan_meaning(const struct mud_scan *scan,
                                           const struct mud_mark *mark,
                                           enum mud_lex_kind kind)
{
    for (unsigned i = 0; i < mark->n_hits; i++) {
        const struct mud_lex_hit *hit = &scan->hits[mark->hit + i];

        if (hit->kind == kind)
            return &scan->reader->meanings[hit->entry];
    }
    return NULL;
}

bool mud_scan_ends(uint32_t sign)
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

uint32_t mud_scan_find(const struct mud_scan *scan, uint32_t at)
{
    uint32_t low = 1, high = scan->n_marks + 1;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (scan->marks[mid].end <= at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void mud_scan_claim(struct mud_scan *scan, uint32_t start, uint32_t end)
{
    for (uint32_t i = mud_scan_find(scan, start);
         i <= scan->n_marks && scan->marks[i].start < end;
         i++) {
        scan->marks[i].claimed = 1;
        scan->marks[i].entity = (uint32_t)scan->n_entities;
    }
}

struct mud_entity *mud_scan_add(struct mud_scan *scan, unsigned type,
                                uint32_t start, uint32_t end, unsigned rule,
                                unsigned sure)
{
    struct mud_span at = {start, end};
    struct mud_entity *e;

    scan->entities = mud_arena_grow(scan->arena,
                                    scan->entities,
                                    &scan->cap_entities,
                                    scan->n_entities,
                                    sizeof *scan->entities);
    e = &scan->entities[scan->n_entities++];
    *e = (struct mud_entity){
        .type = (uint8_t)type,
        .field = scan->field,
        .field_index = scan->field_index,
        .at = mud_fold_raw(&scan->fold, at),
        .of = -1,
        .per_qty = 1,
        .rule = (uint16_t)rule,
        .sure = (uint16_t)(sure * mud_fold_surely(&scan->fold, at) / 1000),
        .folded = mud_scan_text(scan, start, end)};
    return e;
}

struct mud_str mud_scan_cased(const struct mud_scan *scan, uint32_t start,
                              uint32_t end)
{
    struct mud_str folded = mud_scan_text(scan, start, end);
    char *out = mud_arena_dup(scan->arena, folded.s, folded.n);
    const struct mud_fold_run *run = NULL;
    const struct mud_fold_run *last = scan->fold.runs + scan->fold.n_runs;

    for (uint32_t i = start; i < end; i++) {
        if (!run || (run + 1 < last && run[1].at <= i))
            run = mud_fold_run_at(&scan->fold, i);
        if (run && run->even) {
            char raw = scan->fold.raw.s[run->start + (i - run->at)];

            if (raw >= 'A' && raw <= 'Z')
                out[i - start] = raw;
        }
    }
    return mud_str_of(out, folded.n);
}
