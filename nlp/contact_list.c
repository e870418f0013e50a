/* Several values behind one cue, and values whose cue stands behind them. */
#include "nlp/contact.h"

#include "nlp/contact_cue.h"

enum {
    LIST_MAX = 8,   /* values behind one cue */
    LINK_MAX = 40,  /* bytes between a value and the cue behind it */
    LINK_WORD = 16, /* what joins them, without spaces */
    VALUE_MAX = 64
};

/* Length of what parts two values of a list at byte i, 0 for nothing. */
static uint32_t separator(struct mud_str s, uint32_t i)
{
#define SEP(word)                \
    {                            \
        (word), sizeof(word) - 1 \
    }
    static const struct mud_str seps[] = {
        SEP("(满了加"), SEP("满了加"), SEP("(满加"), SEP("(备用"), SEP("备用:"),
        SEP("或者"),    SEP("或"),     SEP("和"),    SEP("、"),    SEP("备用"),
        SEP("or "),     SEP("and "),   SEP("и "),    SEP("или "),  SEP("/"),
        SEP(","),       SEP("|"),      SEP(";"),     SEP("&"),     SEP("+")};
#undef SEP
    struct mud_str rest = mud_str_sub(s, i, s.n);

    for (size_t k = 0; k < sizeof seps / sizeof seps[0] && rest.n; k++) {
        if (rest.s[0] == seps[k].s[0] && mud_str_starts(rest, seps[k]))
            return (uint32_t)seps[k].n;
    }
    return 0;
}

uint32_t mud_contact_next(const struct mud_scan *s, uint32_t end)
{
    struct mud_str text = s->text;
    uint32_t at = end, len, mark;
    const struct mud_mark *m;

    while (at < text.n && text.s[at] == ' ')
        at++;
    len = separator(text, at);
    /* two numbers of one length in a row: a space parts them */
    if (!len && (at == end || !mud_digit(mud_scan_byte(s, at))))
        return 0;
    for (at += len; at < text.n && text.s[at] == ' '; at++)
        ;
    mark = mud_scan_find(s, at);
    m = mud_scan_mark(s, mark);
    if (m->start != at || m->claimed ||
        (m->kinds & 1U << MUD_LEX_CUE && !mud_digit(mud_scan_byte(s, at))) ||
        !(mud_alnum(mud_scan_byte(s, at)) || mud_scan_byte(s, at) == '@'))
        return 0;
    return mark;
}

/* A digit, "_" or "@" tells an id from a word. */
static bool id_like(const struct mud_scan *s, const struct mud_value *v)
{
    for (uint32_t i = v->start; i < v->end; i++) {
        char c = s->text.s[i];

        if (mud_digit(c) || c == '_' || c == '@' ||
            (c == '.' && v->type != MUD_C_EMAIL))
            return true;
    }
    return false;
}

void mud_contact_more(struct mud_scan *s, const struct mud_value *v)
{
    struct mud_value last = *v, next;

    for (unsigned n = 0; n < LIST_MAX; n++) {
        uint32_t mark = mud_contact_next(s, last.end);
        size_t a = last.value.n, b;

        if (!mark ||
            !mud_contact_value(&next, s, s->marks[mark].start, v->type) ||
            !id_like(s, &next))
            return;
        b = next.value.n;
        if (s->text.s[last.end] == ' ' && mud_digit(next.value.s[0]) &&
            (a != b || a < 8))
            return;
        /* account numbers of one kind are about as long as each other */
        if (mud_digit(next.value.s[0]) && (a > b + 2 || b > a + 2 || b < 6))
            return;
        mud_contact_put(s, &next, next.type);
        last = next;
    }
}

/* "made.up (line)": the cue stands behind. */
static void find_bracketed(struct mud_scan *s)
{
    for (uint32_t i = 1; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];
        struct mud_cues right;
        struct mud_value v;

        if (!mud_scan_sign(s, i, '('))
            continue;
        mud_cues_right(&right, s, m->start);
        if (right.same)
            continue;
        for (unsigned k = 0; k < right.n; k++) {
            uint32_t start = m->start;

            while (start > 0 && s->text.s[start - 1] == ' ')
                start--;
            while (start > 0 && m->start - start < 60 &&
                   (mud_alnum(s->text.s[start - 1]) ||
                    strchr("._-", s->text.s[start - 1])))
                start--;
            if (mud_scan_mark(s, mud_scan_find(s, start))->claimed ||
                !mud_contact_value(&v, s, start, right.type[k]) ||
                mud_scan_find(s, v.end) != i)
                continue;
            v.rule = MUD_RULE_CONTACT_AFTER;
            mud_contact_put(s, &v, v.type);
            break;
        }
    }
}

/* Is this what joins a value with the cue behind it? Spaces do not count. */
static bool joins(struct mud_str link)
{
    static const char *const words[] = {
        "是我的",     "是我",     "就是我的", "就是我",   "这个是我",
        "这个是我的", "这是我的", "这是我",   "这就是我", "为我的",
        "是本人",     "是我们的", "是我们",   "是我个人", "是客服",
        "是我唯一",   "(这是我",  "(我的",    "是",       "这是",
        "on",         "at",       "@",        "via",      "ismy",
        "isour",      "onmy",     "-",        "это мой",  "это моя",
        "в"};
    char plain[LINK_WORD];
    size_t n = 0;

    for (size_t i = 0; i < link.n; i++) {
        if (link.s[i] == ' ')
            continue;
        if (n == LINK_WORD)
            return false;
        plain[n++] = link.s[i];
    }
    return mud_str_among(
        mud_str_of(plain, n), words, sizeof words / sizeof words[0]);
}

static bool value_char(char c)
{
    return mud_alnum(c) || c == '.' || c == '_' || c == '-';
}

/* Does the text end at mark i, or ask there to write? */
static bool closes(const struct mud_scan *s, uint32_t i)
{
    static const char *const words[] = {
        "我", "联系", "咨询", "私聊", "详谈", "聊", "找我", "报价"};
    const struct mud_mark *m = mud_scan_mark(s, i);
    struct mud_str word = mud_scan_text(s, m->start, m->end);

    if (mud_str_among(word, words, sizeof words / sizeof words[0]))
        m = mud_scan_mark(s, i + 1);
    return m->start >= s->text.n || m->type == MUD_MARK_EOL ||
           (m->end - m->start == 1 && strchr(",.!;)", s->text.s[m->start]));
}

/* "9012345678 扣我", "made_up 微信": nothing but a space before the cue, and
 * nothing that the cue could name behind it. */
static bool bare(const struct mud_scan *s, uint32_t i, uint32_t *end,
                 unsigned type)
{
    uint32_t stop = s->marks[i].start, start;
    bool sign = false;
    unsigned digits = 0, letters = 0;

    if (!mud_str_starts(s->lang, MUD_STR("zh")) || !closes(s, i + 1))
        return false;
    while (stop > 0 && s->text.s[stop - 1] == ' ')
        stop--;
    for (start = stop; start > 0 && stop - start < VALUE_MAX &&
                       value_char(s->text.s[start - 1]);
         start--) {
        char c = s->text.s[start - 1];

        sign |= c == '_';
        digits += mud_digit(c);
        letters += c >= 'a' && c <= 'z';
    }
    *end = stop;
    if (letters == 0)
        return type == MUD_C_QQ && digits >= 9 && digits == stop - start &&
               digits <= 10;
    return sign && letters >= 2 && stop - start >= 5;
}

/* "made_up is my telegram", "made_up @ telegram": the value before mark i. */
static void before_cue(struct mud_scan *s, uint32_t i, unsigned type)
{
    struct mud_str text = s->text;
    uint32_t cue = s->marks[i].start, end = cue, start;
    struct mud_value v;

    for (; end > 0 && cue - end < LINK_MAX; end--) {
        if (text.s[end - 1] == '\n')
            return;
        if (end < cue && value_char(text.s[end - 1]) &&
            !value_char(text.s[end]) && joins(mud_str_sub(text, end, cue)))
            break;
    }
    if (end == 0 || cue - end >= LINK_MAX || end == cue) {
        if (!bare(s, i, &end, type))
            return;
    }
    for (start = end;
         start > 0 && end - start < VALUE_MAX && value_char(text.s[start - 1]);)
        start--;
    if (start == end || cue - end >= LINK_MAX ||
        mud_scan_mark(s, mud_scan_find(s, start))->claimed ||
        !mud_contact_value(&v, s, start, type) || v.end != end ||
        !id_like(s, &v) || (mud_digit(v.value.s[0]) && v.value.n < 8))
        return;
    v.rule = MUD_RULE_CONTACT_AFTER;
    mud_contact_put(s, &v, v.type);
    s->marks[i].claimed = 1;
}

/* Are two ids so like each other that one may be the other's fake? At most two
 * places differ, and both begin alike. */
static bool twins(struct mud_str a, struct mud_str b)
{
    size_t differ = 0, i = 0, k = 0;

    if (a.n + 2 < b.n || b.n + 2 < a.n || a.s[0] != b.s[0] ||
        a.s[1] != b.s[1] || mud_str_eq(a, b))
        return false;
    while (i < a.n && k < b.n && differ < 3) {
        if (a.s[i] == b.s[k]) {
            i++;
            k++;
            continue;
        }
        size_t left = a.n - i, other = b.n - k;

        differ++;
        i += left >= other; /* left out, put in, or changed */
        k += other >= left;
    }
    return differ + (a.n - i) + (b.n - k) <= 2;
}

/* "my id is made_01, made_0l takes my name": the other id has no cue. */
static void find_twins(struct mud_scan *s)
{
    static const char *const words[] = {"冒充",
                                        "假冒",
                                        "高仿",
                                        "仿冒",
                                        "骗子",
                                        "fake",
                                        "impost",
                                        "impersonat",
                                        "scam",
                                        "фейк"};
    static struct mud_words faking = MUD_WORDS(words);
    size_t known = s->n_entities;

    if (known == 0 || !mud_words_in(&faking, s->grams, s->text))
        return;
    for (uint32_t i = 1; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];
        struct mud_value v;
        unsigned type;

        if (m->claimed || m->glued || m->start < 1 ||
            (m->type != MUD_MARK_WORD && m->type != MUD_MARK_NUMBER) ||
            value_char(s->text.s[m->start - 1]))
            continue;
        for (size_t k = 0; k < known && k < LIST_MAX; k++) {
            const struct mud_entity *e = &s->entities[k];

            if (e->type == MUD_ENT_CONTACT && e->value.n >= 5 &&
                mud_contact_type_of(e->kind, &type) && type < MUD_C_PHONE &&
                mud_contact_value(&v, s, m->start, type) && id_like(s, &v) &&
                twins(e->value, v.value)) {
                v.sure = 800;
                mud_contact_put(s, &v, v.type);
                break;
            }
        }
    }
}

/* Digits, or what else tells an id from a word. */
static bool has_ids(const struct mud_grams *g)
{
    return (g->ascii[0] & UINT64_C(0x3FF) << '0') || mud_grams_char(g, '_') ||
           mud_grams_char(g, '.');
}

void mud_contacts_after(struct mud_scan *s, const struct mud_picks *picks)
{
    size_t n = has_ids(s->grams) ? picks->n_cues : 0;

    if (mud_grams_char(s->grams, '('))
        find_bracketed(s);
    for (size_t k = 0; k < n; k++) {
        uint32_t i = picks->cues[k];
        const struct mud_meaning *cue =
            mud_scan_means(s, &s->marks[i], MUD_LEX_CUE);

        if (cue && i > 1 && !s->marks[i].claimed &&
            !(cue->flags & MUD_M_WALLET))
            before_cue(s, i, cue->code);
    }
    find_twins(s);
}
