#include "nlp/contact_cue.h"

enum {
    WALK_MAX = 14,
    PROSE_MAX = 6, /* marks of plain words between a cue and a colon */
    SIGNS_MAX = 4
};

static void cue_add(struct mud_cues *cues, const struct mud_meaning *m,
                    uint32_t mark)
{
    for (unsigned i = 0; i < cues->n; i++) {
        if (cues->type[i] == m->code)
            return;
    }
    if (cues->n == MUD_CUES_MAX)
        return;
    cues->mark[cues->n] = mark;
    cues->type[cues->n++] = (uint8_t)m->code;
    cues->strong |= !(m->flags & MUD_M_WEAK);
}

/* Signs that may stand between a cue and its value. */
static bool link_sign(uint32_t c)
{
    switch (c) {
    case ',':
    case ';':
    case '!':
    case '?':
    case 0x3002:
    case ')':
    case '.':
    case '|':
        return false;
    default:
        return true;
    }
}

uint32_t mud_cue_term_sign(const struct mud_scan *s, const struct mud_mark *m)
{
    size_t end = m->start;
    uint32_t c;

    if (m->end - m->start > 4) /* more than one character */
        return 0;
    c = mud_step(s->text, &end);
    return end == m->end && !(c < 0x80 && mud_alnum((char)c)) &&
                   !(c >= 0x370 && c <= 0x52F) && !(c >= 0x3041 && c < 0xFF00)
               ? c
               : 0;
}

/* Does a line end here that only parts a cue from its value below? Signs such
 * as arrows may stand before it. */
static bool value_below(const struct mud_scan *s, uint32_t i)
{
    uint32_t j = i;

    for (unsigned n = 0; j > 1 && n < SIGNS_MAX; n++) {
        uint32_t c = mud_cue_sign(s, &s->marks[j - 1]);

        if (c == ':')
            return true;
        if (!c || !link_sign(c))
            break;
        j--;
    }
    return j > 1 && mud_scan_means(s, &s->marks[j - 1], MUD_LEX_CUE);
}

/* "TG1:", "QQ2": a small number stuck to a cue tells several apart. */
static bool numbered(const struct mud_scan *s, uint32_t j, bool sign)
{
    const struct mud_mark *m = &s->marks[j];
    const struct mud_meaning *cue;

    if (m->type != MUD_MARK_NUMBER || m->end - m->start > 2 || j < 2 ||
        s->marks[j - 1].end != m->start || !mud_digit(s->text.s[m->start]))
        return false;
    cue = mud_scan_means(s, &s->marks[j - 1], MUD_LEX_CUE);
    return cue && cue->code != MUD_C_SAME &&
           (sign || (s->marks[j + 1].space && !(cue->flags & MUD_M_WEAK)));
}

/* Does the sign at mark j stand inside a word, such as "line-height"? */
static bool inside(const struct mud_scan *s, uint32_t j)
{
    const struct mud_mark *m = &s->marks[j];

    return m->start > 0 && m->end < s->text.n &&
           mud_alnum(s->text.s[m->start - 1]) && mud_alnum(s->text.s[m->end]);
}

/* "bbe93dc315": letters that only happen to spell a cue. */
static bool in_word(const struct mud_scan *s, const struct mud_mark *m)
{
    char c = m->start > 0 ? s->text.s[m->start - 1] : ' ';

    return (mud_alnum(c) || c == '_') && mud_alnum(s->text.s[m->start]);
}

/* "dc1122e7": a weak cue of letters stuck to a value, outside of Chinese. */
static bool stuck(const struct mud_scan *s, const struct mud_mark *m,
                  const struct mud_meaning *cue)
{
    return cue->flags & MUD_M_WEAK && m->end < s->text.n &&
           mud_alnum(s->text.s[m->start]) && mud_alnum(s->text.s[m->end]) &&
           !mud_str_starts(s->lang, MUD_STR("zh"));
}

/* The entity that claimed a mark, or NULL. */
static const struct mud_entity *contact_at(const struct mud_scan *s,
                                           const struct mud_mark *m)
{
    return m->entity ? &s->entities[m->entity - 1] : NULL;
}

/* "飞机蝙蝠都行: @a / 123": the first network is used up. */
static void drop_taken(struct mud_cues *out, uint8_t taken)
{
    unsigned n = 0;

    for (unsigned k = 0; k < out->n; k++) {
        if (out->type[k] != taken) {
            out->mark[n] = out->mark[k];
            out->type[n++] = out->type[k];
        }
    }
    if (out->n < 2)
        n = 0;
    out->n = n;
}

/* Does a colon stand before mark i, an @ apart? */
static bool before_colon(const struct mud_scan *s, uint32_t i)
{
    if (i > 1 && mud_scan_sign(s, i - 1, '@'))
        i--;
    return i > 1 && mud_scan_sign(s, i - 1, ':');
}

/* A word that says nothing of networks, numbers or lines. */
static bool plain(const struct mud_mark *m)
{
    return !m->claimed &&
           (m->type == MUD_MARK_HAN || m->type == MUD_MARK_WORD ||
            (m->type == MUD_MARK_TERM &&
             !(m->kinds & (1U << MUD_LEX_CUE | 1U << MUD_LEX_CURRENCY |
                           1U << MUD_LEX_PRODUCT))));
}

/* Does a value of its own stand at mark i? */
static bool value_at(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m;

    if (mud_scan_sign(s, i, ':'))
        i++;
    m = mud_scan_mark(s, i);
    return m->type == MUD_MARK_NUMBER || m->type == MUD_MARK_WORD;
}

/* "A/B:", "A or B:" */
static bool either(const struct mud_scan *s, const struct mud_mark *m)
{
    static const char *const words[] = {
        "/", "或", "或者", "和", "跟", "与", "or", "and", "и", "или"};
    struct mud_str word = mud_scan_text(s, m->start, m->end);

    return mud_str_among(word, words, sizeof words / sizeof words[0]);
}

/* "打电话验: 138...": who is called there is a victim. */
static bool tries(const struct mud_scan *s, const struct mud_mark *m)
{
    struct mud_str word = mud_scan_text(s, m->start, m->end);

    return mud_str_eqz(word, "验") || mud_str_eqz(word, "试") ||
           mud_str_eqz(word, "验证") || mud_str_eqz(word, "核实");
}

/* "电话微信138...": a telephone and the network it is also good for, stuck to
 * each other, are both meant. */
static bool twin(const struct mud_scan *s, uint32_t j,
                 const struct mud_meaning *cue, const struct mud_cues *out)
{
    unsigned other = out->n ? out->type[out->n - 1] : MUD_C_NONE;

    return out->n == 1 && out->mark[0] == j + 1 && !s->marks[j + 1].space &&
           ((cue->code == MUD_C_PHONE && other == MUD_C_WECHAT) ||
            (cue->code == MUD_C_WECHAT && other == MUD_C_PHONE));
}

/* Walk left from mark i over fillers to the cues. */
void mud_cues_left(struct mud_cues *out, const struct mud_scan *s, uint32_t i)
{
    unsigned steps = 0, signs = 0;
    bool crossed = false;
    uint8_t taken = 0;
    unsigned prose = before_colon(s, i) ? PROSE_MAX : 0;

    *out = (struct mud_cues){0};
    for (uint32_t j = i; j-- > 1 && steps < WALK_MAX; steps++) {
        const struct mud_mark *m = &s->marks[j];
        const struct mud_meaning *cue = mud_scan_means(s, m, MUD_LEX_CUE);
        uint32_t sign = mud_cue_sign(s, m);

        if (m->claimed && out->n == 0 && m->type != MUD_MARK_EOL &&
            !(cue && cue->code < MUD_C_FILL && !contact_at(s, m))) {
            const struct mud_entity *e = contact_at(s, m);
            unsigned type;

            if (crossed || !e || e->type != MUD_ENT_CONTACT || steps > 3 ||
                !mud_contact_type_of(e->kind, &type))
                break;
            crossed = true;
            taken = (uint8_t)type;
            while (j > 1 && contact_at(s, &s->marks[j - 1]) == e)
                j--;
            continue;
        }
        if (cue && cue->code == MUD_C_SAME) {
            out->same = true;
        } else if (cue && cue->code == MUD_C_FILL) {
            out->joined |= out->n > 0 && either(s, m);
        } else if (cue && cue->code < MUD_C_FILL && !in_word(s, m) &&
                   !(j + 1 == i && stuck(s, m, cue))) {
            out->joined |= twin(s, j, cue, out);
            cue_add(out, cue, j);
        } else if (sign && (link_sign(sign) ||
                            ((sign == '.' || sign == '|') && steps == 0))) {
            out->at |= sign == '@' && out->n == 0;
            if (out->n == 0)
                out->sign |= sign != '@' && !(sign == '-' && inside(s, j));
            else
                out->joined |= sign == '/' || sign == 0x3001;
        } else if (numbered(s, j, steps > 0)) {
            /* one of several */
        } else if (m->type == MUD_MARK_EOL && out->n == 0 && signs == steps &&
                   value_below(s, j)) {
            out->below = true; /* the value stands on a line of its own */
        } else if (prose > 0 && out->n == 0 && plain(m) && !tries(s, m)) {
            prose--; /* "加V了解详情: ..." */
        } else {
            break;
        }
        signs += sign != 0;
    }
    if (crossed)
        drop_taken(out, taken);
    if (out->n == 0 && out->at && mud_str_starts(s->lang, MUD_STR("zh"))) {
        out->type[out->n++] = MUD_C_TELEGRAM; /* "@客服: name" */
        out->mark[0] = i;
    }
}

/* Signs that may part a value from "微信同号" behind it. */
static bool aside(uint32_t c)
{
    return c == ',' || c == '/' || c == 0x3001 || c == ';' || c == '|' ||
           c == '+' || c == '&';
}

/* "(土豆)", "(微信同号)", ",微信同Q" right behind a value that ends at `end`. */
void mud_cues_right(struct mud_cues *out, const struct mud_scan *s,
                    uint32_t end)
{
    uint32_t i = mud_scan_find(s, end);
    bool open = mud_scan_sign(s, i, '(') || mud_scan_sign(s, i, '[');
    bool loose = !open && aside(mud_cue_sign(s, mud_scan_mark(s, i)));

    *out = (struct mud_cues){0};
    for (uint32_t j = i + (open || loose); j <= s->n_marks && j < i + 7; j++) {
        const struct mud_meaning *cue =
            mud_scan_means(s, &s->marks[j], MUD_LEX_CUE);

        if (!cue || cue->code == MUD_C_MALWARE)
            break;
        if (cue->code == MUD_C_SAME)
            out->same = !value_at(s, j + 1); /* else it names that one */
        else if (cue->code != MUD_C_FILL && !(out->same && out->n))
            cue_add(out, cue, j); /* 微信同Q: Q is what it is the same as */
    }
    if (!out->same && (!open || out->n == 0))
        out->n = 0;
    if (open && out->n && !out->same) {
        uint32_t close = out->mark[out->n - 1] + 1;

        if (!mud_scan_sign(s, close, ')') && !mud_scan_sign(s, close, ']'))
            out->n = 0;
    }
}
