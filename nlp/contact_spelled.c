/*
 * Networks spelled in pieces, "te le gram: name", and account numbers that only
 * the word for their owner gives away.
 */
#include "nlp/contact.h"

#include "nlp/contact_cue.h"

enum {
    WORD_MAX = 16, /* marks of a name in pieces */
    NAME_MAX = 12,
    SIGNS_MAX = 2, /* between two pieces */
    NEAR = 60
};

static void put(struct mud_scan *s, uint32_t start, uint32_t end, unsigned type,
                struct mud_str value, unsigned rule)
{
    struct mud_entity *e =
        mud_scan_add(s, MUD_ENT_CONTACT, start, end, rule, 930);

    e->kind = mud_str_z(mud_contact_name(type));
    e->value = mud_str_dup(value, s->arena);
    mud_scan_claim(s, start, end);
}

/* The network of that name; *begins: a longer name may begin so. */
static unsigned network(struct mud_str name, bool *begins)
{
    static const struct {
        const char *name;
        unsigned type;
    } names[] = {{"telegram", MUD_C_TELEGRAM},
                 {"telegrm", MUD_C_TELEGRAM},
                 {"wechat", MUD_C_WECHAT},
                 {"weixin", MUD_C_WECHAT},
                 {"whatsapp", MUD_C_WHATSAPP},
                 {"discord", MUD_C_DISCORD},
                 {"jabber", MUD_C_XMPP},
                 {"skype", MUD_C_SKYPE},
                 {"signal", MUD_C_SIGNAL},
                 {"wickr", MUD_C_WICKR},
                 {"viber", MUD_C_VIBER},
                 {"potato", MUD_C_POTATO},
                 {"tg", MUD_C_TELEGRAM},
                 {"tele", MUD_C_TELEGRAM},
                 {"wx", MUD_C_WECHAT},
                 {"vx", MUD_C_WECHAT},
                 {"qq", MUD_C_QQ},
                 {"微信", MUD_C_WECHAT},
                 {"薇信", MUD_C_WECHAT},
                 {"威信", MUD_C_WECHAT},
                 {"v信", MUD_C_WECHAT},
                 {"飞机", MUD_C_TELEGRAM},
                 {"纸飞机", MUD_C_TELEGRAM},
                 {"小飞机", MUD_C_TELEGRAM},
                 {"电报", MUD_C_TELEGRAM},
                 {"扣扣", MUD_C_QQ},
                 {"企鹅", MUD_C_QQ},
                 {"蝙蝠", MUD_C_BATCHAT},
                 {"土豆", MUD_C_POTATO}};

    unsigned type = MUD_C_NONE;

    *begins = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].name[0] != name.s[0] ||
            strncmp(names[i].name, name.s, name.n) != 0)
            continue;
        *begins = true;
        if (!names[i].name[name.n])
            type = names[i].type;
    }
    return type;
}

/* Signs that people put into the name of a network. */
static bool splits(const struct mud_scan *s, const struct mud_mark *m)
{
    uint32_t c = mud_cue_sign(s, m);

    return c == '-' || c == '.' || c == '/' || c == '*' || c == '_' ||
           c == '~' || c == '+' || c == '|' || c == 0xB7 || c == 0x2022 ||
           (c >= 0x2600 && c <= 0x27BF) || c >= 0x1F000;
}

/* The network that the words from mark i on spell in pieces; *last is the
 * last of them. */
static unsigned spelled(const struct mud_scan *s, uint32_t i, uint32_t *last)
{
    char name[NAME_MAX];
    size_t n = 0;
    unsigned signs = 0, best = MUD_C_NONE;
    bool parted = false;

    for (uint32_t j = i; j <= s->n_marks && j < i + WORD_MAX; j++) {
        const struct mud_mark *m = &s->marks[j];
        uint32_t len = m->end - m->start;
        unsigned type;
        bool begins;

        if (m->claimed || m->type == MUD_MARK_EOL)
            break;
        if (j > i && splits(s, m)) {
            parted = true;
            if (++signs > SIGNS_MAX)
                break;
            continue;
        }
        if (m->type == MUD_MARK_SIGN || m->type == MUD_MARK_NUMBER || len > 6 ||
            n + len > sizeof name ||
            (j > i && m->start - s->marks[j - 1].end > 1))
            break;
        signs = 0;
        parted |= m->space && j > i;
        memcpy(name + n, s->text.s + m->start, len);
        n += len;
        type = network(mud_str_of(name, n), &begins);
        if (!begins)
            break;
        if (parted && n >= 2 && type) {
            *last = j;
            best = type;
        }
    }
    return best;
}

/* Digits or "_" tell an id from a word; behind a colon a word will do. */
static bool id_like(const struct mud_scan *s, const struct mud_value *v,
                    bool colon)
{
    bool marked = colon;

    for (uint32_t i = v->start; i < v->end; i++)
        marked |= mud_digit(s->text.s[i]) || s->text.s[i] == '_';
    return marked;
}

static const char *const hans[] =
    {"微", "薇", "威", "飞", "纸", "小", "电", "扣", "企", "蝙", "土"};

/* Does one of the networks' names begin like this? */
static bool begins_network(const struct mud_scan *s, uint32_t at)
{
    static const bool firsts[256] = {['t'] = true,
                                     ['w'] = true,
                                     ['d'] = true,
                                     ['j'] = true,
                                     ['s'] = true,
                                     ['v'] = true,
                                     ['p'] = true,
                                     ['q'] = true,
                                     [0xE4] = true,
                                     [0xE5] = true,
                                     [0xE6] = true,
                                     [0xE7] = true,
                                     [0xE8] = true,
                                     [0xE9] = true};
    unsigned char c = (unsigned char)s->text.s[at];

    if (!firsts[c])
        return false;
    if (c < 0x80)
        return true;
    for (size_t i = 0; i < sizeof hans / sizeof hans[0]; i++) {
        if (at + 3 <= s->text.n && memcmp(s->text.s + at, hans[i], 3) == 0)
            return true;
    }
    return false;
}

/* A network that mark i begins to spell, and the value behind it. */
static void spelled_at(struct mud_scan *s, uint32_t i)
{
    uint32_t last = 0, at;
    bool colon = false;
    struct mud_value v;
    unsigned type = spelled(s, i, &last);

    if (!type)
        return;
    at = last + 1;
    while (at <= s->n_marks && s->marks[at].type == MUD_MARK_SIGN &&
           at < last + 4 && !s->marks[at].claimed && s->marks[at].sign != ',' &&
           s->marks[at].sign != '@')
        colon |= s->marks[at++].sign == ':';
    if (at > s->n_marks || s->marks[at].claimed ||
        !mud_contact_value(&v, s, s->marks[at].start, type) ||
        !id_like(s, &v, colon))
        return;
    put(s, v.start, v.end, type, v.value, MUD_RULE_CONTACT_CUE);
}

/* Is mark i so short, and so parted from the next, that both may be pieces? */
static bool in_pieces(const struct mud_scan *s, uint32_t i)
{
    const struct mud_mark *m = &s->marks[i], *next = m + 1;

    if (i + 2 > s->n_marks || m->end - m->start > 6)
        return false;
    if (next->space)
        return true;
    return (next->type == MUD_MARK_SIGN || next->type == MUD_MARK_TERM) &&
           next->end - next->start <= 4 && splits(s, next);
}

/* May the text hold the characters of a network's name in Han? */
static bool may_spell_han(const struct mud_grams *g)
{
    return (mud_grams_may(g, "信") &&
            (mud_grams_may(g, "微") || mud_grams_may(g, "薇") ||
             mud_grams_may(g, "威"))) ||
           (mud_grams_may(g, "飞") && mud_grams_may(g, "机")) ||
           (mud_grams_may(g, "电") && mud_grams_may(g, "报")) ||
           (mud_grams_may(g, "企") && mud_grams_may(g, "鹅")) ||
           (mud_grams_may(g, "蝙") && mud_grams_may(g, "蝠")) ||
           (mud_grams_may(g, "土") && mud_grams_may(g, "豆")) ||
           mud_grams_may(g, "扣");
}

static void find_spelled(struct mud_scan *s, const struct mud_picks *picks)
{
    bool all = may_spell_han(s->grams);
    size_t n = all ? s->n_marks : picks->n_values;

    for (size_t k = 0; k < n; k++) {
        uint32_t i = all ? (uint32_t)k + 1 : picks->values[k];

        if (begins_network(s, s->marks[i].start) && in_pieces(s, i))
            spelled_at(s, i);
    }
}

/* "户名 ... 账号 6200...": the owner's name makes it the payee's. */
static void find_accounts(struct mud_scan *s)
{
    if (!mud_scan_says(s, "户名"))
        return;
    for (uint32_t i = 2; i <= s->n_marks; i++) {
        const struct mud_mark *m = &s->marks[i];
        uint32_t from = m->start > NEAR ? m->start - NEAR : 0;
        struct mud_value v;

        if (m->claimed || m->type != MUD_MARK_NUMBER || m->glued ||
            !mud_contact_value(&v, s, m->start, MUD_C_BANK) ||
            mud_str_find(mud_scan_text(s,
                                       from,
                                       v.end + NEAR < s->text.n
                                           ? v.end + NEAR
                                           : (uint32_t)s->text.n),
                         MUD_STR("户名")) == MUD_NPOS)
            continue;
        put(s, v.start, v.end, MUD_C_BANK, v.value, v.rule);
    }
}

void mud_contacts_spelled(struct mud_scan *s, const struct mud_picks *picks)
{
    if (s->n_numbers > 0 || mud_grams_letter(s->grams))
        find_spelled(s, picks);
    find_accounts(s);
}
