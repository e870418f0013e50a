#include "nlp/contact.h"

#include <endian.h>

#include "nlp/contact_cue.h"

enum {
    CHUNK_MAX = 2048
};

void mud_contact_put(struct mud_scan *s, const struct mud_value *v,
                     unsigned type)
{
    struct mud_entity *e;

    if (v->indicator) {
        e = mud_scan_add(
            s, MUD_ENT_INDICATOR, v->start, v->end, v->rule, v->sure);
        e->kind = mud_str_z(v->indicator);
    } else {
        e = mud_scan_add(s,
                         v->candidate ? MUD_ENT_CANDIDATE : MUD_ENT_CONTACT,
                         v->start,
                         v->end,
                         v->rule,
                         v->sure);
        e->kind = mud_str_z(mud_contact_name(type));
    }
    e->value = v->value;
    mud_scan_claim(s, v->start, v->end);
}

static bool takes_name(unsigned type)
{
    return type == MUD_C_TELEGRAM || type == MUD_C_POTATO ||
           type == MUD_C_LINE || type == MUD_C_DISCORD ||
           type == MUD_C_WECHAT || type == MUD_C_WICKR || type == MUD_C_SKYPE ||
           type == MUD_C_KAKAO;
}

/* Does a cue of that type go with a value read by its form as `form`? */
static bool fits(unsigned type, unsigned form)
{
    if (form == MUD_C_EMAIL || form == MUD_C_XMPP)
        return type == MUD_C_XMPP || type == MUD_C_ALIPAY ||
               type == MUD_C_PAYPAL || type == MUD_C_EMAIL;
    if (form == MUD_C_TELEGRAM)
        return takes_name(type);
    return false;
}

/* Put a value found by its form, with the type that the cues give it. */
void mud_contact_put_formed(struct mud_scan *s, struct mud_value *v)
{
    struct mud_cues left, right;
    unsigned type = v->type;
    struct mud_value mended;
    bool done = false;

    mud_cues_left(&left, s, mud_scan_find(s, v->start));
    mud_cues_right(&right, s, v->end);
    if (!mud_contact_judge(v, s))
        return;
    if (v->type == MUD_C_URL && v->candidate) {
        for (unsigned k = 0; k < left.n; k++)
            v->candidate &= left.type[k] != MUD_C_URL;
    }
    if (v->rule == MUD_RULE_CONTACT_AT && v->type == MUD_C_TELEGRAM &&
        mud_contact_decoy(&mended, s, v->start + 1, v->type)) {
        v->end = mended.end;
        v->value = mended.value;
    }
    if (v->rule == MUD_RULE_CONTACT_AT || v->rule == MUD_RULE_CONTACT_MAIL) {
        for (unsigned k = 0; k < right.n && !right.same && !done; k++) {
            done = fits(right.type[k], v->type);
            if (done)
                type = right.type[k];
        }
        for (unsigned k = 0; k < left.n && !done; k++) {
            done = fits(left.type[k], v->type);
            if (done)
                type = left.type[k];
        }
        if (done)
            v->sure = 970;
        if (type == MUD_C_WECHAT && v->rule == MUD_RULE_CONTACT_AT &&
            !left.sign && left.n > 1)
            type = MUD_C_TELEGRAM;
    }
    mud_contact_put(s, v, type);
    if (left.same && left.n > 1) {
        for (unsigned k = 0; k < left.n; k++) {
            if (left.type[k] != type && fits(left.type[k], v->type))
                mud_contact_put(s, v, left.type[k]);
        }
    }
    for (unsigned k = 0; right.same && k < right.n; k++) {
        struct mud_value w;

        if (right.type[k] != type && fits(right.type[k], v->type))
            mud_contact_put(s, v, right.type[k]);
        else if (right.type[k] != type &&
                 mud_contact_value(&w, s, v->start, right.type[k]))
            mud_contact_put(s, &w, w.type);
    }
}

/* What a character may do: stand in a link, begin a form, begin a value behind
 * a cue; and signs that a chunk is looked at for. */
enum {
    CHUNK = 1,
    FORM = 2,
    VALUE = 4,
    COLON = 8,
    AT = 16,
    DOT = 32,
    ALNUM = CHUNK | FORM | VALUE
};

static const uint8_t classes[256] = {
#define FIVE(c)                                                             \
    [(c)] = ALNUM, [(c) + 1] = ALNUM, [(c) + 2] = ALNUM, [(c) + 3] = ALNUM, \
    [(c) + 4] = ALNUM
    FIVE('0'),
    FIVE('5'),
    FIVE('a'),
    FIVE('f'),
    FIVE('k'),
    FIVE('p'),
    FIVE('u'),
    FIVE('A'),
    FIVE('F'),
    FIVE('K'),
    FIVE('P'),
    FIVE('U'),
    ['z'] = ALNUM,
    ['Z'] = ALNUM,
    ['-'] = CHUNK,
    ['_'] = CHUNK,
    ['~'] = CHUNK,
    ['/'] = CHUNK,
    ['?'] = CHUNK,
    ['#'] = CHUNK,
    ['&'] = CHUNK,
    ['*'] = CHUNK,
    ['='] = CHUNK,
    ['%'] = CHUNK,
    ['['] = CHUNK,
    [']'] = CHUNK,
    ['$'] = CHUNK,
    ['+'] = CHUNK | VALUE,
    [':'] = CHUNK | COLON,
    ['@'] = ALNUM | AT,
    ['.'] = CHUNK | DOT
#undef FIVE
};

static inline unsigned class_of(char c)
{
    return classes[(unsigned char)c];
}

static inline bool chunk_char(char c)
{
    return class_of(c) & CHUNK;
}

static bool cve(struct mud_value *v, const struct mud_scan *s, uint32_t start,
                uint32_t end)
{
    uint32_t i = start + 9;

    if (end - start < 13 || memcmp(s->text.s + start, "cve-", 4) != 0)
        return false;
    while (i < end && mud_digit(s->text.s[i]))
        i++;
    *v = (struct mud_value){.start = start,
                            .end = i,
                            .indicator = "cve",
                            .rule = MUD_RULE_INDICATOR_CVE,
                            .sure = 950};
    v->value = mud_str_printf(
        s->arena, "CVE%.*s", (int)(i - start - 3), s->text.s + start + 3);
    return i - start >= 13 && s->text.s[start + 8] == '-';
}

/* "tg@name", "TG1@name": what looks like the start of an address is a cue. */
static bool cued_name(struct mud_value *v, struct mud_scan *s, uint32_t start,
                      uint32_t end)
{
    const struct mud_mark *m = mud_scan_mark(s, mud_scan_find(s, start));
    const struct mud_meaning *cue = mud_scan_means(s, m, MUD_LEX_CUE);
    uint32_t at = m->end;

    if (!cue || cue->code >= MUD_C_FILL || m->start != start)
        return false;
    while (at < end && at - m->end < 2 && mud_digit(s->text.s[at]))
        at++;
    return at < end && s->text.s[at] == '@' &&
           mud_contact_mail(v, s, at, end) && v->start == at;
}

/* Forms in one chunk; returns where to go on. */
static uint32_t chunk_forms(struct mud_scan *s, uint32_t start, uint32_t end,
                            unsigned signs)
{
    struct mud_str chunk = mud_scan_text(s, start, end);
    struct mud_value v;
    bool colon = signs & COLON;
    bool scheme = colon && mud_str_find(chunk, MUD_STR("://")) != MUD_NPOS;
    bool ok = false;

    if (!scheme && signs & AT)
        ok =
            mud_contact_mail(&v, s, start, end) || cued_name(&v, s, start, end);
    else if (scheme || signs & DOT ||
             (colon && mud_str_istarts(chunk, MUD_STR("simplex:/"))))
        ok = mud_contact_link(&v, s, start, end);
    if (!ok)
        ok = cve(&v, s, start, end) ||
             (colon && mud_contact_ip6(&v, s, start, end));
    if (!ok || (v.type == MUD_C_URL && v.candidate)) {
        mud_contacts_keys(s, start, end);
        return end;
    }
    if (v.start > start)
        mud_contacts_keys(s, start, v.start);
    mud_contact_put_formed(s, &v);
    return v.end > start ? v.end : end;
}

/* The first byte of ASCII at i or behind, or the end. */
static uint32_t ascii_from(struct mud_str s, uint32_t i)
{
    uint64_t eight;

    for (; i + sizeof eight <= s.n; i += sizeof eight) {
        memcpy(&eight, s.s + i, sizeof eight);
        eight = ~le64toh(eight) & UINT64_C(0x8080808080808080);
        if (eight)
            return i + (uint32_t)__builtin_ctzll(eight) / 8;
    }
    while (i < s.n && s.s[i] & 0x80)
        i++;
    return i;
}

/* Bare domains that nothing else has claimed: candidates at best. */
static void find_domains(struct mud_scan *s)
{
    uint32_t n = (uint32_t)s->text.n;
    size_t dot = mud_str_rchr(s->text, '.'); /* domains have one */

    for (uint32_t i = 0; i < n && i < dot;) {
        uint32_t end = i;
        struct mud_value v;

        if (!mud_alnum(s->text.s[i])) {
            i = s->text.s[i] & 0x80 ? ascii_from(s->text, i) : i + 1;
            continue;
        }
        while (end < n && end - i < CHUNK_MAX && chunk_char(s->text.s[end]))
            end++;
        if (end - i >= 5 && memchr(s->text.s + i, '.', end - i) &&
            !mud_scan_mark(s, mud_scan_find(s, i))->claimed &&
            mud_contact_link(&v, s, i, end) && v.type == MUD_C_URL &&
            !mud_scan_mark(s, mud_scan_find(s, v.start))->claimed)
            mud_contact_put_formed(s, &v);
        i = end + 1;
    }
}

static void find_forms(struct mud_scan *s)
{
    uint32_t n = (uint32_t)s->text.n, m = 1;

    for (uint32_t i = 0; i < n;) {
        uint32_t end, stop;
        unsigned signs = 0;
        unsigned char c = (unsigned char)s->text.s[i];

        if (!(classes[c] & FORM)) {
            i = c >= 0x80 ? ascii_from(s->text, i) : i + 1;
            continue;
        }
        if (s->claims) {
            while (m <= s->n_marks && s->marks[m].end <= i)
                m++;
            if (mud_scan_mark(s, m)->claimed &&
                mud_scan_mark(s, m)->start <= i) {
                i = mud_scan_mark(s, m)->end; /* a victim's */
                continue;
            }
        }
        stop = n - i < CHUNK_MAX ? n : i + CHUNK_MAX;
        for (end = i; end < stop; end++) {
            unsigned class = class_of(s->text.s[end]);

            if (!(class & CHUNK))
                break;
            signs |= class;
        }
        i = end - i >= 5 ? chunk_forms(s, i, end, signs) : end;
        if (i < end && !(class_of(s->text.s[i]) & FORM))
            i++;
    }
}

/* Words that follow a cue in plain prose and are no id. */
static bool prose(const struct mud_scan *s, uint32_t start, uint32_t end)
{
    bool marked = false;

    for (uint32_t i = start; i < end; i++)
        marked |= !(s->text.s[i] >= 'a' && s->text.s[i] <= 'z') &&
                  s->text.s[i] != '-';
    return !marked;
}

/* "reach me on Wickr somename": a plain word, asked for as an id. */
static bool asked_for(const struct mud_scan *s, uint32_t cue,
                      const struct mud_value *v)
{
    static const char *const common[] = {
        "only",     "channel", "group", "chat",   "server", "please", "now",
        "instead",  "anytime", "first", "here",   "there",  "today",  "account",
        "directly", "with",    "with",  "thanks", "link",   "below",  "admin"};
    static const char *const asks[] = {"reach me",
                                       "contact me",
                                       "message me",
                                       "add me",
                                       "me on",
                                       "find me",
                                       "write me",
                                       "hmu on",
                                       "hit me",
                                       "dm me",
                                       "ping me",
                                       "text me"};
    uint32_t to = s->marks[cue].start, from = to > 40 ? to - 40 : 0;
    bool asked = false;

    if (mud_str_among(v->value, common, sizeof common / sizeof common[0]))
        return false;
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
        asked |= mud_scan_word(s, from, to, asks[i]) != MUD_NPOS;
    return asked && v->value.n >= 6;
}

/* The value at mark i as one of the cues has it; the cue's number, or n. */
static unsigned read_cued(struct mud_value *v, struct mud_scan *s, uint32_t i,
                          const struct mud_cues *left)
{
    const struct mud_mark *m = &s->marks[i];
    bool zh = mud_str_starts(s->lang, MUD_STR("zh"));
    unsigned k;

    for (k = 0; k < left->n; k++) {
        if (!mud_contact_value(v, s, m->start, left->type[k]))
            continue;
        /* the next cue is no value of this one */
        if (v->end <= m->end && m->kinds & 1U << MUD_LEX_CUE &&
            !mud_digit(v->value.s[0]))
            continue;
        if (prose(s, v->start, v->end) &&
            (!left->sign || left->below || !(left->strong || zh)) &&
            (!left->strong || (!zh && !asked_for(s, left->mark[k], v))))
            continue;
        break;
    }
    return k;
}

/* The same value for the other networks that the cues name. */
static void put_others(struct mud_scan *s, const struct mud_value *v,
                       const struct mud_cues *cues)
{
    for (unsigned o = 0; o < cues->n; o++) {
        struct mud_value w;

        if (cues->type[o] != v->type &&
            mud_contact_value(&w, s, v->start, cues->type[o]) &&
            w.end == v->end)
            mud_contact_put(s, &w, w.type);
    }
}

/* "V x_made_01": the cue "v x" has swallowed the first letter of the id. */
static bool wide_cue(struct mud_value *v, struct mud_scan *s, uint32_t i,
                     const struct mud_cues *left)
{
    const struct mud_mark *m = &s->marks[left->mark[0]];
    struct mud_str cue = mud_scan_text(s, m->start, m->end);
    size_t cut = mud_str_chr(cue, ' ');

    return i - left->mark[0] <= 2 && cut != MUD_NPOS && cut + 2 == cue.n &&
           s->text.s[m->end] == '_' &&
           mud_contact_value(v, s, m->start + (uint32_t)cut + 1, left->type[0]);
}

static bool decoyed(struct mud_value *v, struct mud_scan *s, uint32_t i,
                    const struct mud_cues *left)
{
    for (unsigned k = 0; k < left->n; k++) {
        if (mud_contact_decoy(v, s, s->marks[i].start, left->type[k]))
            return true;
    }
    return false;
}

static void cued_at(struct mud_scan *s, uint32_t i)
{
    struct mud_cues left, right;
    struct mud_value v;

    mud_cues_left(&left, s, i);
    if (left.n == 0)
        return;
    if (!wide_cue(&v, s, i, &left) && !decoyed(&v, s, i, &left) &&
        read_cued(&v, s, i, &left) == left.n)
        return;
    mud_cues_right(&right, s, v.end);
    mud_contact_put(s, &v, v.type);
    if (left.same || (left.joined && !mud_contact_next(s, v.end)))
        put_others(s, &v, &left);
    if (right.same)
        put_others(s, &v, &right);
    if (left.n == 1)
        mud_contact_more(s, &v);
    for (unsigned o = 0; o < left.n; o++)
        s->marks[left.mark[o]].claimed = 1;
}

/* Values behind cues. */
static void find_cued(struct mud_scan *s, const struct mud_picks *picks)
{
    for (size_t k = 0; k < picks->n_values; k++) {
        uint32_t i = picks->values[k];
        const struct mud_mark *before = &s->marks[i - 1];

        if (i < 2 || s->marks[i].claimed)
            continue;
        /* a cue, a sign or a line end must stand right before */
        if (before->kinds & 1U << MUD_LEX_CUE || before->claimed ||
            before->type == MUD_MARK_EOL || mud_cue_sign(s, before) ||
            (before->type == MUD_MARK_NUMBER && i > 2 &&
             s->marks[i - 2].kinds & 1U << MUD_LEX_CUE))
            cued_at(s, i);
    }
}

/* Numbers behind these are orders, files and counts, not telephones. */
static bool is_ticket(const struct mud_scan *s, uint32_t at)
{
    static const char *const words[] = {
        "单号",  "订单", "工单",   "编号",   "客户号", "工号",    "尾号",
        "卡号",  "学号", "身份证", "id",     "号段",   "播放",    "浏览",
        "阅读",  "销量", "金额",   "序列号", "户号",   "准考证",  "期号",
        "order", "ref",  "track",  "ticket", "case",   "invoice", "serial",
        "isbn",  "sku",  "заказ",  "трек",   "инн"};
    static struct mud_words numbered = MUD_WORDS(words);

    return mud_words_in(
        &numbered, s->grams, mud_scan_text(s, at > 24 ? at - 24 : 0, at));
}

static void find_phones(struct mud_scan *s, const struct mud_picks *picks)
{
    struct mud_value v;
    struct mud_cues right;

    for (size_t k = 0; k < picks->n_values; k++) {
        const struct mud_mark *m = &s->marks[picks->values[k]];
        char c = mud_scan_byte(s, m->start);

        if (m->claimed || m->glued || (!mud_digit(c) && c != '+') ||
            (c != '+' && mud_contact_short(s, m->start)) ||
            !mud_contact_phone(&v, s, m->start, MUD_C_NONE) ||
            is_ticket(s, v.start))
            continue;
        mud_cues_right(&right, s, v.end);
        mud_contact_put(s, &v, v.type);
        for (unsigned o = 0; o < right.n && right.same; o++) {
            struct mud_value w;

            if (mud_contact_value(&w, s, v.start, right.type[o]))
                mud_contact_put(s, &w, w.type);
        }
    }
}

/* "Vtest_nobody_x": a capital V stuck to an id, in Chinese text. */
static void find_glued(struct mud_scan *s, const struct mud_picks *picks)
{
    for (size_t i = 0; i < picks->n_values; i++) {
        const struct mud_mark *m = &s->marks[picks->values[i]];
        struct mud_value v;
        struct mud_str cased;
        bool sign = false;

        if (m->claimed || m->type != MUD_MARK_WORD ||
            s->text.s[m->start] != 'v' || m->end - m->start < 4)
            continue;
        cased = mud_scan_cased(s, m->start, m->start + 2);
        if (cased.s[0] != 'V' || cased.s[1] < 'a' || cased.s[1] > 'z' ||
            (m->start > 0 && chunk_char(s->text.s[m->start - 1])) ||
            !mud_contact_value(&v, s, m->start + 1, MUD_C_WECHAT))
            continue;
        for (size_t k = 0; k < v.value.n; k++)
            sign |= v.value.s[k] == '_' || v.value.s[k] == '-' ||
                    mud_digit(v.value.s[k]);
        if (!sign)
            continue;
        v.rule = MUD_RULE_CONTACT_GLUED;
        v.sure = 800;
        mud_contact_put(s, &v, v.type);
    }
}

static void pick_value(struct mud_picks *picks, const struct mud_scan *s,
                       uint32_t i)
{
    const struct mud_mark *m = &s->marks[i];
    bool value = class_of(s->text.s[m->start]) & VALUE;

    /* written in any case, so that nothing is to be guessed */
    picks->values[picks->n_values] = i;
    picks->n_values += value | (m->type == MUD_MARK_NUMBER);
}

static void pick(struct mud_picks *picks, const struct mud_scan *s)
{
    uint64_t early = s->early_ascii | s->early_numbers;
    size_t room = s->n_marks;

    picks->values = mud_arena_array(s->arena, room, sizeof *picks->values);
    for (; early; early &= early - 1)
        pick_value(picks, s, (uint32_t)__builtin_ctzll(early));
    for (uint32_t i = 64; i <= s->n_marks; i++)
        pick_value(picks, s, i);
    if (!mud_scan_has(s, MUD_LEX_CUE))
        return;
    picks->cues = mud_arena_array(s->arena, room, sizeof *picks->cues);
    for (uint32_t i = 0; (i = mud_scan_next(s, i, MUD_LEX_CUE)) > 0;) {
        int code = mud_scan_code(s, i, MUD_LEX_CUE);

        picks->malware |= code == MUD_C_MALWARE;
        if (code >= 0 && code < MUD_C_FILL)
            picks->cues[picks->n_cues++] = i;
    }
}

void mud_contacts_walk(struct mud_scan *scan)
{
    const struct mud_grams *g = scan->grams;
    struct mud_picks picks = {.n_values = 0};
    bool dot = mud_grams_char(g, '.');

    pick(&picks, scan);
    mud_contacts_hidden(scan);
    mud_contacts_spelled(scan, &picks);
    if (mud_grams_letter(g) || dot)
        find_forms(scan);
    if (mud_scan_has(scan, MUD_LEX_CUE)) {
        /* "@客服: name" needs no cue */
        if (picks.n_cues > 0 || mud_grams_char(g, '@'))
            find_cued(scan, &picks);
        mud_contacts_after(scan, &picks);
    }
    if (mud_grams_char(g, 'v') && mud_str_starts(scan->lang, MUD_STR("zh")))
        find_glued(scan, &picks);
    if (scan->n_numbers > 0)
        find_phones(scan, &picks);
    if (dot)
        find_domains(scan);
    mud_contacts_indicators(scan, &picks);
}
