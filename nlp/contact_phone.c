/*
 * Telephone numbers, to E.164. What is written without its country gets one by
 * the language of the text and, for some networks, by where they are used;
 * never China's outside of Chinese text. Lengths and first digits are those of
 * the national numbering plans as ITU-T publishes them.
 */
#include "nlp/contact.h"

enum {
    PHONE_MAX = 15, /* digits, ITU-T E.164 */
    AROUND = 200    /* bytes that tell the language of mixed text */
};

struct phone { /* as read, before its country is known */
    char digits[MUD_DIGITS_MAX + 1];
    size_t n;
    uint32_t at, end;
    char groups[8]; /* lengths of the groups, as letters: "343" */
    size_t n_groups;
    bool plus;
};

struct plan {          /* numbers of one country as written at home */
    const char *lang;  /* of the text, or NULL: the type decides */
    const char *first; /* digits that it may begin with, by "|" */
    const char *code;
    uint8_t type;      /* of contact, or 0 for any */
    uint8_t low, high; /* digits with the leading zero or eight */
    uint8_t drop;      /* of them, the trunk prefix */
    bool alone;        /* proves enough without a cue */
};

static const struct plan plans[] = {
    {"zh", "13|14|15|16|17|18|19", "86", 0, 11, 11, 0, true},
    {"und", "13|14|15|16|17|18|19", "86", 0, 11, 11, 0, true},
    {"zh-Hant", "09", "886", 0, 10, 10, 1, true},
    {"zh-Hant", "0", "886", 0, 9, 10, 1, false},
    {"zh-Hant", "2|3|5|6|9", "852", 0, 8, 8, 0, false},
    {"zh", "5|6|9", "852", MUD_C_WHATSAPP, 8, 8, 0, false},
    {"zh", "400|800", "86", 0, 10, 10, 0, false},
    {"zh-Hans", "0", "86", 0, 9, 12, 1, false},
    {"ru", "89|88|84", "7", 0, 11, 11, 1, false},
    {"ru", "9|4", "7", 0, 10, 10, 0, false},
    {"ru", "0", "380", 0, 10, 10, 1, false},
    {"en", "2|3|4|5|6|7|8|9", "1", 0, 10, 10, 0, false},
    {"en", "12|13|14|15|16|17|18|19", "1", 0, 11, 11, 1, false},
    {"en", "04", "61", 0, 10, 10, 1, false},
    {"en", "01|02|03|07|08", "44", 0, 10, 11, 1, false},
    {"vi", "03|05|07|08|09", "84", 0, 10, 10, 1, true},
    {NULL, "03|05|07|08|09", "84", MUD_C_ZALO, 10, 10, 1, false},
    {"ja", "070|080|090", "81", 0, 11, 11, 1, true},
    {"ja", "0", "81", 0, 10, 10, 1, false},
    {"ko", "010", "82", 0, 10, 11, 1, true},
    {"ko", "0", "82", 0, 9, 11, 1, false},
    {"th", "06|08|09", "66", 0, 10, 10, 1, false},
};

/* The language that a number is at home in: of mixed text that around it. */
static struct mud_str home(const struct mud_scan *s, uint32_t at)
{
    uint32_t from = at > AROUND ? at - AROUND : 0;
    unsigned han = 0, cyrillic = 0;

    if (!mud_str_eqz(s->lang, "mixed"))
        return s->lang;
    for (uint32_t i = from; i < s->text.n && i < at + AROUND; i++) {
        unsigned char c = (unsigned char)s->text.s[i];

        cyrillic += c == 0xD0 || c == 0xD1;
        han += c >= 0xE4 && c <= 0xE9;
    }
    return cyrillic > han ? MUD_STR("ru")
           : han          ? MUD_STR("zh-Hans")
                          : MUD_STR("en");
}

static bool trunk(const struct mud_scan *s, uint32_t i)
{
    return i + 3 <= s->text.n && memcmp(s->text.s + i, "(0)", 3) == 0;
}

/* Digits with at most two signs between; groups are told by them. */
static void read_phone(struct phone *p, const struct mud_scan *s, uint32_t at)
{
    unsigned gap = 0;
    size_t run = 0;
    uint32_t i = at;

    *p = (struct phone){
        .at = at, .end = at, .plus = mud_scan_byte(s, at) == '+'};
    for (i += p->plus; p->n <= PHONE_MAX + 3; i++) {
        char c = mud_scan_byte(s, i);

        if (mud_digit(c)) {
            if (gap && p->n_groups < sizeof p->groups) {
                p->groups[p->n_groups++] = (char)('0' + run);
                run = 0;
            }
            p->digits[p->n++] = c;
            run = run < 20 ? run + 1 : run;
            p->end = i + 1;
            gap = 0;
        } else if (p->plus && p->n > 0 && trunk(s, i)) {
            i += 2; /* "+44 (0)20": the zero is for calls at home */
        } else if ((mud_gap_sign(c) || (p->plus && c == '/')) && p->n > 0 &&
                   gap < 2) {
            gap++;
        } else {
            break;
        }
    }
    if (p->n_groups < sizeof p->groups)
        p->groups[p->n_groups++] = (char)('0' + run);
}

static bool grouped(const struct phone *p, const char *groups)
{
    return mud_str_eqz(mud_str_of(p->groups, p->n_groups), groups);
}

static bool begins(const struct phone *p, const char *firsts)
{
    struct mud_str rest = mud_str_z(firsts);

    while (rest.n) {
        size_t cut = mud_str_chr(rest, '|');
        struct mud_str one = mud_str_sub(rest, 0, cut);

        if (one.n <= p->n && memcmp(p->digits, one.s, one.n) == 0)
            return true;
        rest = cut == MUD_NPOS ? mud_str_of("", 0)
                               : mud_str_sub(rest, cut + 1, rest.n);
    }
    return false;
}

/* Countries whose numbers all have one length; others have 8 to 15 digits. */
static bool length_fits(const struct phone *p)
{
    static const struct {
        const char *code;
        uint8_t low, high;
    } codes[] = {{"1", 11, 11},
                 {"7", 11, 11},
                 {"852", 11, 11},
                 {"853", 11, 11},
                 {"886", 11, 12},
                 {"86", 11, 13},
                 {"44", 11, 12},
                 {"81", 11, 12},
                 {"380", 12, 12},
                 {"84", 11, 12},
                 {"65", 10, 10}};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        size_t n = strlen(codes[i].code);

        if (n <= p->n && memcmp(p->digits, codes[i].code, n) == 0)
            return p->n >= codes[i].low && p->n <= codes[i].high;
    }
    return p->n >= 8 && p->n <= PHONE_MAX && p->digits[0] != '0';
}

/* "(541) 754-3010": the bracket before it is of the number. */
static uint32_t with_bracket(const struct mud_scan *s, uint32_t at,
                             uint32_t end)
{
    struct mud_str number = mud_scan_text(s, at, end);
    size_t close = mud_str_chr(number, ')'), open = mud_str_chr(number, '(');

    return at > 0 && s->text.s[at - 1] == '(' && close != MUD_NPOS &&
                   (open == MUD_NPOS || open > close)
               ? at - 1
               : at;
}

static bool with_code(struct mud_value *out, struct mud_scan *s, uint32_t at,
                      const struct phone *p, size_t drop, const char *code)
{
    struct mud_str value = mud_str_printf(
        s->arena, "+%s%.*s", code, (int)(p->n - drop), p->digits + drop);

    return mud_contact_fill(out,
                            s,
                            (struct mud_span){with_bracket(s, at, p->end),
                                              p->end},
                            MUD_C_PHONE,
                            value);
}

/* A zero for calls at home behind the code of the country. */
static void drop_zero(struct phone *p)
{
    static const char *const codes[] = {
        "440", "490", "330", "610", "810", "820", "8860", "840", "660", "310"};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        size_t n = strlen(codes[i]);

        if (n < p->n && memcmp(p->digits, codes[i], n) == 0) {
            memmove(p->digits + n - 1, p->digits + n, p->n - n);
            p->n--;
            return;
        }
    }
}

/* Written as at home and in groups that nothing else is written in? */
static bool home_groups(const struct mud_scan *s, const struct phone *p,
                        struct mud_str lang)
{
    bool dash = memchr(s->text.s + p->at, '-', p->end - p->at) != NULL;

    if (mud_str_eqz(lang, "en"))
        return grouped(p, "334") && p->digits[0] >= '2' && p->digits[3] >= '2';
    if (mud_str_eqz(lang, "ru"))
        return (grouped(p, "13322") || grouped(p, "1334")) &&
               p->digits[0] == '8';
    if (!mud_str_starts(lang, MUD_STR("zh")) || p->digits[0] != '0')
        return false;
    if (mud_str_eqz(lang, "zh-Hant"))
        return dash && p->n >= 9;
    return dash && p->n >= 10 &&
           (grouped(p, "37") || grouped(p, "38") || grouped(p, "47") ||
            grouped(p, "48") || grouped(p, "344") || grouped(p, "444") ||
            grouped(p, "434") || grouped(p, "433"));
}

static bool national(struct mud_value *out, struct mud_scan *s, uint32_t at,
                     const struct phone *p, unsigned type)
{
    struct mud_str lang = home(s, at);
    bool proved = type != MUD_C_NONE || (p->n >= 9 && home_groups(s, p, lang));

    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        const struct plan *plan = &plans[i];

        if ((plan->lang && !mud_str_starts(lang, mud_str_z(plan->lang))) ||
            (plan->type && plan->type != type) || p->n < plan->low ||
            p->n > plan->high || !begins(p, plan->first) ||
            (!plan->alone && !proved))
            continue;
        return with_code(out, s, at, p, plan->drop, plan->code);
    }
    return false;
}

/* 00 of other countries, or 86 and a mobile number. */
static bool with_country(struct mud_value *out, struct mud_scan *s, uint32_t at,
                         struct phone *p, bool cue)
{
    struct mud_str lang = home(s, at);
    bool zeros =
        !p->plus && cue && p->n > 10 && memcmp(p->digits, "00", 2) == 0;
    bool mobile = !p->plus && p->n == 13 && memcmp(p->digits, "861", 3) == 0;

    if (zeros) {
        p->n -= 2;
        memmove(p->digits, p->digits + 2, p->n);
    }
    if (!p->plus && !zeros && !mobile &&
        !(cue && p->n >= 11 && p->n <= PHONE_MAX && p->digits[0] != '0' &&
          !mud_str_starts(lang, MUD_STR("zh"))))
        return false;
    if (p->plus || zeros)
        drop_zero(p);
    return length_fits(p) && with_code(out, s, at, p, 0, "");
}

bool mud_contact_phone(struct mud_value *out, struct mud_scan *s, uint32_t at,
                       unsigned type)
{
    struct phone p;
    bool cue = type != MUD_C_NONE;
    bool ok;

    if (!cue && mud_scan_byte(s, at) != '+' && mud_contact_short(s, at))
        return false;
    read_phone(&p, s, at);
    if (p.n < 11 && cue && !p.plus) { /* Chinese digits, junk between */
        char digits[MUD_DIGITS_MAX + 1];
        size_t n;
        uint32_t end = mud_contact_digits(s, at, digits, &n, true);

        if (n == 11 && digits[0] == '1' && digits[1] >= '3') {
            memcpy(p.digits, digits, n);
            p.n = n;
            p.end = end;
        }
    }
    if (p.n < 8 || mud_contact_goes_on(s, p.end) ||
        (!p.plus && at > 0 && mud_digit(s->text.s[at - 1])))
        return false;
    ok = (!p.plus && national(out, s, at, &p, type)) ||
         with_country(out, s, at, &p, cue);
    if (ok && !cue) {
        out->rule = MUD_RULE_CONTACT_PHONE;
        out->sure = 800;
    }
    return ok;
}
