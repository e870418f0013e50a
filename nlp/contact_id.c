/* Values behind a cue: ids of messengers, QQ numbers, telephone numbers. */
#include "nlp/checksum.h"
#include "nlp/contact.h"

enum {
    ID_MAX = 40,
    DIGITS_MAX = 19,
    JUNK_MAX = 2
};

/* "下划线", an underscore spelled out. */
static const char underscore[] = "\xe4\xb8\x8b\xe5\x88\x92\xe7\xba\xbf";

static bool id_char(char c, unsigned type)
{
    if (mud_alnum(c) || c == '_')
        return true;
    if (type == MUD_C_TELEGRAM || type == MUD_C_POTATO)
        return false;
    return c == '-' || (c == '.' && type != MUD_C_WECHAT);
}

/* "m a d e", "m*a*d*e", "l a o_h a o": single letters with one sign between
 * them; five at least. */
static uint32_t read_spaced(const struct mud_scan *s, uint32_t at,
                            char out[ID_MAX + 1], size_t *n)
{
    char sep = mud_scan_byte(s, at + 1);
    uint32_t i = at, end = at;
    unsigned groups = 0;

    *n = 0;
    if (sep != ' ' && sep != '*' && sep != '.' && sep != '-')
        return at;
    while (*n + 3 < ID_MAX) {
        uint32_t stop = i;
        bool line = false;

        while (mud_alnum(mud_scan_byte(s, stop)) ||
               mud_scan_byte(s, stop) == '_')
            line |= mud_scan_byte(s, stop++) == '_';
        if (stop == i || stop - i > 3 || (stop - i > 1 && !line))
            break;
        memcpy(out + *n, s->text.s + i, stop - i);
        *n += stop - i;
        groups++;
        end = stop;
        if (mud_scan_byte(s, stop) != sep)
            break;
        i = stop + 1;
    }
    return groups >= 5 ? end : at;
}

/* Letters, digits, "_" and what the network allows; in out, lower case. */
static uint32_t read_id(const struct mud_scan *s, uint32_t at, unsigned type,
                        char out[ID_MAX + 1], size_t *n)
{
    uint32_t i = at;

    *n = 0;
    while (*n < ID_MAX) {
        if (id_char(mud_scan_byte(s, i), type)) {
            out[(*n)++] = s->text.s[i++];
        } else if (*n > 0 && i + 10 < s->text.n &&
                   memcmp(s->text.s + i, underscore, 9) == 0 &&
                   mud_alnum(s->text.s[i + 9])) {
            out[(*n)++] = '_';
            i += 9;
        } else {
            break;
        }
    }
    while (*n > 0 && (out[*n - 1] == '.' || out[*n - 1] == '-')) {
        (*n)--;
        i--;
    }
    return i;
}

static bool junk(uint32_t c)
{
    return c == ' ' || c == '-' || c == '.' || c == '~' || c == '*' ||
           c == '_' || c == '/' || c == 0xB7 || c == 0x2022 || c == 0x2014 ||
           c == 0x2013 || c == 0x3001 || c == 0xFE0F ||
           (c >= 0x2600 && c <= 0x27BF) || (c >= 0x1F000 && c <= 0x1FAFF);
}

static bool counted(const struct mud_scan *s, uint32_t end)
{
    uint32_t i = mud_scan_find(s, end);
    const struct mud_mark *m = mud_scan_mark(s, i);

    return m->start == end && m->type == MUD_MARK_TERM &&
           (m->kinds & (1U << MUD_LEX_UNIT | 1U << MUD_LEX_CURRENCY)) &&
           !(m->kinds & 1U << MUD_LEX_CUE);
}

/* "900123 4567": is a short group behind a space still of the id? */
static bool rest_of_id(const struct mud_scan *s, uint32_t at, size_t n)
{
    uint32_t end = at;

    while (mud_digit(mud_scan_byte(s, end)))
        end++;
    return n <= 7 && end - at >= 2 && end - at <= 5 && n + end - at >= 8 &&
           n + end - at <= 11 && mud_scan_byte(s, end) != '.' &&
           !mud_alnum(mud_scan_byte(s, end)) && !counted(s, end);
}

/*
 * Digits of an id: Arabic and Chinese ones, with junk between. Junk after five
 * digits in a row ends it when it is a space, which parts words.
 */
static uint32_t read_digits(const struct mud_scan *s, uint32_t at,
                            char out[DIGITS_MAX + 1], size_t *n)
{
    uint32_t end = at;
    size_t i = at, run = 0, longest = 0;
    unsigned gap = 0;
    bool han = false;

    *n = 0;
    while (i < s->text.n && *n < DIGITS_MAX) {
        size_t next = i;
        uint32_t c = mud_step(s->text, &next);
        int digit = c >= '0' && c <= '9' ? (int)(c - '0') : mud_number_digit(c);

        if (digit >= 0) {
            out[(*n)++] = (char)('0' + digit);
            han |= c > '9';
            run++;
            longest = run > longest ? run : longest;
            gap = 0;
            end = (uint32_t)next;
        } else if (*n > 0 && junk(c) && gap < JUNK_MAX &&
                   (!(longest >= 5 && (c == ' ' || c == '.' || c == '/')) ||
                    (c == ' ' && rest_of_id(s, (uint32_t)next, *n)))) {
            run = 0;
            gap++;
        } else {
            break;
        }
        i = next;
    }
    /* "三" of "三台" is no digit of an id */
    if (han && *n < 6)
        *n = 0;
    return end;
}

static bool fill(struct mud_value *out, struct mud_scan *s, struct mud_span at,
                 unsigned type, struct mud_str value)
{
    *out = (struct mud_value){.start = at.start,
                              .end = at.end,
                              .type = type,
                              .value = mud_str_dup(value, s->arena),
                              .rule = MUD_RULE_CONTACT_CUE,
                              .sure = 930};
    return true;
}

/* A digit or letter right behind: the value goes on, so it is not this one. */
static bool goes_on(const struct mud_scan *s, uint32_t end)
{
    char c = mud_scan_byte(s, end);

    return mud_alnum(c) || c == '_' || (c == '@' && end > 0);
}

/* Does the text say that the digits run backwards? */
static bool backwards(const struct mud_scan *s, uint32_t at, uint32_t end)
{
    static const char *const words[] = {"倒着",
                                        "倒过来",
                                        "倒序",
                                        "倒写",
                                        "倒转",
                                        "反过来",
                                        "反着",
                                        "反写",
                                        "倒读",
                                        "revers",
                                        "backward",
                                        "наоборот"};
    uint32_t from = at > 40 ? at - 40 : 0;
    uint32_t to = end + 40 < s->text.n ? end + 40 : (uint32_t)s->text.n;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_scan_word(s, from, to, words[i]) != MUD_NPOS)
            return true;
    }
    return false;
}

static void turn(char *digits, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        char c = digits[i];

        digits[i] = digits[n - 1 - i];
        digits[n - 1 - i] = c;
    }
}

static bool number_id(struct mud_value *out, struct mud_scan *s, uint32_t at,
                      unsigned type)
{
    char digits[DIGITS_MAX + 1];
    size_t n, low = type == MUD_C_ICQ ? 6 : 5;
    size_t high = type == MUD_C_QQ || type == MUD_C_QQ_GROUP ? 11 : 12;
    uint32_t end = read_digits(s, at, digits, &n);

    if (n >= low && n <= high && backwards(s, at, end))
        turn(digits, n);
    if (n < low || n > high || digits[0] == '0' || goes_on(s, end) ||
        counted(s, end))
        return false;
    return fill(
        out, s, (struct mud_span){at, end}, type, mud_str_of(digits, n));
}

static void country(char *digits, size_t *n, size_t drop, const char *code)
{
    size_t k = strlen(code);

    memmove(digits + 1 + k, digits + 1 + drop, *n - drop);
    memcpy(digits + 1, code, k);
    *n += k - drop;
}

/*
 * A number as people write it at home, by the language of the text; digits
 * behind a "+". dash: where the first one parts area code and number.
 */
static bool national(const struct mud_scan *s, char *digits, size_t *n,
                     bool with_cue, size_t dash)
{
    bool zero = digits[1] == '0';

    if (mud_str_starts(s->lang, MUD_STR("zh"))) {
        bool area = zero && *n >= 9 && *n <= 12;

        if (!area ||
            (!with_cue &&
             !(*n >= 10 && (dash == 3 || dash == 4 ||
                            (dash == 2 && mud_str_eqz(s->lang, "zh-Hant"))))))
            return false;
        country(digits, n, 1, mud_str_eqz(s->lang, "zh-Hant") ? "886" : "86");
        return true;
    }
    if (!with_cue)
        return false;
    if (mud_str_eqz(s->lang, "ru") && *n == 11 && digits[1] == '8') {
        digits[1] = '7';
        return true;
    }
    if (mud_str_eqz(s->lang, "en") && *n == 10 && digits[1] >= '2') {
        country(digits, n, 0, "1");
        return true;
    }
    if (mud_str_eqz(s->lang, "en") && zero && *n >= 10 && *n <= 11 &&
        (digits[2] == '1' || digits[2] == '2' || digits[2] == '7')) {
        country(digits, n, 1, "44");
        return true;
    }
    return *n >= 11 && *n <= 15 && !zero;
}

bool mud_contact_phone(struct mud_value *out, struct mud_scan *s, uint32_t at,
                       bool with_cue)
{
    char digits[24] = "+";
    size_t n = 1;
    uint32_t i = at, end = at;
    unsigned gap = 0;
    bool plus = mud_scan_byte(s, i) == '+';
    size_t dash = 0;

    for (i += plus; n < 18; i++) {
        char c = mud_scan_byte(s, i);

        if (mud_digit(c)) {
            digits[n++] = c;
            end = i + 1;
            gap = 0;
        } else if ((c == ' ' || c == '-' || c == '.' || c == '(' || c == ')') &&
                   n > 1 && gap < 2) {
            if (c == '-' && dash == 0)
                dash = n - 1;
            gap++;
        } else {
            break;
        }
    }
    if (goes_on(s, end) || (!plus && at > 0 && mud_digit(s->text.s[at - 1])))
        return false;
    n--;
    if (plus) {
        if (n < 8 || n > 15 || digits[1] == '0')
            return false;
    } else if (n == 11 && digits[1] == '1' && digits[2] >= '3') {
        memmove(digits + 3, digits + 1, n);
        memcpy(digits + 1, "86", 2);
        n += 2;
    } else if (n == 13 && memcmp(digits + 1, "861", 3) == 0) {
        /* already with its country */
    } else if (with_cue && n == 10 &&
               (memcmp(digits + 1, "400", 3) == 0 ||
                memcmp(digits + 1, "800", 3) == 0)) {
        memmove(digits + 3, digits + 1, n);
        memcpy(digits + 1, "86", 2);
        n += 2;
    } else if (!national(s, digits, &n, with_cue, dash)) {
        return false;
    }
    fill(out,
         s,
         (struct mud_span){at, end},
         MUD_C_PHONE,
         mud_str_of(digits, n + 1));
    if (!with_cue) {
        out->rule = MUD_RULE_CONTACT_PHONE;
        out->sure = 800;
    }
    return true;
}

static bool bank_account(struct mud_value *out, struct mud_scan *s, uint32_t at)
{
    char digits[DIGITS_MAX + 1];
    size_t n = 0;
    uint32_t i = at, end = at;

    for (; n < DIGITS_MAX; i++) {
        char c = mud_scan_byte(s, i);

        if (mud_digit(c)) {
            digits[n++] = c;
            end = i + 1;
        } else if ((c != ' ' && c != '-') || n == 0) {
            break;
        }
    }
    if (n < 12 || n > 19 || goes_on(s, end))
        return false;
    fill(out, s, (struct mud_span){at, end}, MUD_C_BANK, mud_str_of(digits, n));
    out->rule = MUD_RULE_CONTACT_PAYEE;
    return true;
}

static size_t id_low(unsigned type)
{
    switch (type) {
    case MUD_C_TELEGRAM:
    case MUD_C_WECHAT:
    case MUD_C_POTATO:
        return 5;
    case MUD_C_SIGNAL:
        return 5;
    default:
        return 4;
    }
}

static bool named_id(struct mud_value *out, struct mud_scan *s, uint32_t at,
                     unsigned type)
{
    char id[ID_MAX + 8];
    size_t n = 0;
    bool marked = mud_scan_byte(s, at) == '@', letter = false;
    uint32_t end, from = at + marked;

    if (type == MUD_C_SKYPE && s->text.n > at + 5 &&
        memcmp(s->text.s + at, "live:", 5) == 0) {
        size_t more;

        end = read_id(s, at + 5, type, id + 5, &more);
        memcpy(id, "live:", 5);
        return more >= 3 && fill(out,
                                 s,
                                 (struct mud_span){at, end},
                                 type,
                                 mud_str_of(id, more + 5));
    }
    end = read_spaced(s, from, id, &n);
    if (end == from)
        end = read_id(s, from, type, id, &n);
    for (size_t i = 0; i < n; i++)
        letter |= id[i] >= 'a' && id[i] <= 'z';
    if (n < id_low(type) || !letter || goes_on(s, end))
        return false;
    if (type != MUD_C_LINE && type != MUD_C_DISCORD &&
        !(id[0] >= 'a' && id[0] <= 'z') && !marked)
        return false;
    if (type == MUD_C_SIGNAL && !memchr(id, '.', n))
        return false;
    if (type == MUD_C_DISCORD && mud_scan_byte(s, end) == '#' &&
        mud_digit(mud_scan_byte(s, end + 4))) {
        memcpy(id + n, s->text.s + end, 5);
        n += 5;
        end += 5;
    }
    return fill(out, s, (struct mud_span){at, end}, type, mud_str_of(id, n));
}

static bool threema(struct mud_value *out, struct mud_scan *s, uint32_t at)
{
    char id[8];

    for (uint32_t i = 0; i < 8; i++) {
        char c = mud_scan_byte(s, at + i);

        if (!mud_alnum(c))
            return false;
        id[i] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
    }
    return !goes_on(s, at + 8) && fill(out,
                                       s,
                                       (struct mud_span){at, at + 8},
                                       MUD_C_THREEMA,
                                       mud_str_of(id, 8));
}

bool mud_contact_value(struct mud_value *out, struct mud_scan *s, uint32_t at,
                       unsigned type)
{
    switch (type) {
    case MUD_C_QQ:
    case MUD_C_QQ_GROUP:
    case MUD_C_BATCHAT:
    case MUD_C_ICQ:
        return number_id(out, s, at, type);
    case MUD_C_PHONE:
    case MUD_C_WHATSAPP:
    case MUD_C_VIBER:
    case MUD_C_ZALO:
        if (!mud_contact_phone(out, s, at, true))
            return false;
        out->type = type;
        return true;
    case MUD_C_SIGNAL:
        if (mud_contact_phone(out, s, at, true)) {
            out->type = type;
            return true;
        }
        return named_id(out, s, at, type);
    case MUD_C_WECHAT:
    case MUD_C_ALIPAY:
        if (mud_contact_phone(out, s, at, false)) {
            out->type = type;
            out->rule = MUD_RULE_CONTACT_CUE;
            return true;
        }
        if (type == MUD_C_ALIPAY)
            return false;
        return named_id(out, s, at, type) || number_id(out, s, at, type);
    case MUD_C_TELEGRAM:
    case MUD_C_POTATO:
    case MUD_C_LINE:
    case MUD_C_WICKR:
    case MUD_C_KAKAO:
    case MUD_C_SKYPE:
    case MUD_C_DISCORD:
        return named_id(out, s, at, type) ||
               (type == MUD_C_POTATO && number_id(out, s, at, type));
    case MUD_C_THREEMA:
        return threema(out, s, at);
    case MUD_C_BANK:
        return bank_account(out, s, at);
    default:
        return false;
    }
}
