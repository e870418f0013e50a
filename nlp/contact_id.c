/* Values behind a cue: ids of messengers, QQ numbers, telephone numbers. */
#include "nlp/checksum.h"
#include "nlp/contact.h"

enum {
    ID_MAX = 40
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
    static struct mud_words turning = MUD_WORDS(words);
    uint32_t from = at > 40 ? at - 40 : 0;
    uint32_t to = end + 40 < s->text.n ? end + 40 : (uint32_t)s->text.n;

    return mud_words_in(&turning, s->grams, mud_scan_text(s, from, to));
}

/* The same of a name, where it must stand near: "reverse shell" says nothing
 * of the seller's account. */
static bool turned(const struct mud_scan *s, uint32_t at, uint32_t end)
{
    static const char *const words[] = {"倒着写",
                                        "倒着读",
                                        "倒过来",
                                        "倒序",
                                        "倒写",
                                        "倒读",
                                        "反过来",
                                        "反着写",
                                        "反着读",
                                        "反写",
                                        "反读",
                                        "倒着念",
                                        "reversed",
                                        "backwards",
                                        "наоборот"};
    static struct mud_words turning = MUD_WORDS(words);
    uint32_t from = at > 30 ? at - 30 : 0;
    uint32_t to = end + 24 < s->text.n ? end + 24 : (uint32_t)s->text.n;

    return mud_words_in(&turning, s->grams, mud_scan_text(s, from, to));
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
    char digits[MUD_DIGITS_MAX + 1];
    size_t n, low = type == MUD_C_ICQ ? 6 : 5;
    size_t high = type == MUD_C_QQ || type == MUD_C_QQ_GROUP ? 11 : 12;
    uint32_t end = mud_contact_digits(s, at, digits, &n, false);

    if (n < 8) { /* "97331加00013", "9733[1]00014" */
        char more[MUD_DIGITS_MAX + 1];
        size_t m;
        uint32_t stop = mud_contact_digits(s, at, more, &m, true);

        if (m >= 8 && m <= 11 && m > n) {
            memcpy(digits, more, m);
            n = m;
            end = stop;
        }
    }
    if (n >= low && n <= high && backwards(s, at, end))
        turn(digits, n);
    /* "v8.30-44" is a version */
    if (type == MUD_C_WECHAT && n < 8 && memchr(s->text.s + at, '.', end - at))
        return false;
    if (n < low || n > high || digits[0] == '0' ||
        mud_contact_goes_on(s, end) || mud_contact_counted(s, end))
        return false;
    return mud_contact_fill(
        out, s, (struct mud_span){at, end}, type, mud_str_of(digits, n));
}

static bool bank_account(struct mud_value *out, struct mud_scan *s, uint32_t at)
{
    char digits[MUD_DIGITS_MAX + 1];
    size_t n = 0;
    uint32_t i = at, end = at;

    for (; n < MUD_DIGITS_MAX; i++) {
        char c = mud_scan_byte(s, i);

        if (mud_digit(c)) {
            digits[n++] = c;
            end = i + 1;
        } else if ((c != ' ' && c != '-') || n == 0) {
            break;
        }
    }
    if (n < 12 || n > 19 || mud_contact_goes_on(s, end))
        return false;
    mud_contact_fill(
        out, s, (struct mud_span){at, end}, MUD_C_BANK, mud_str_of(digits, n));
    out->rule = MUD_RULE_CONTACT_PAYEE;
    return true;
}

/* A mobile number as the name of an account; QQ numbers are as long. */
static bool mobile(struct mud_value *out, struct mud_scan *s, uint32_t at,
                   unsigned type)
{
    return mud_contact_phone(out, s, at, MUD_C_NONE) ||
           (mud_contact_phone(out, s, at, type) && out->value.n == 14 &&
            mud_str_starts(out->value, MUD_STR("+861")));
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

/* Signal's user names end in a point and two digits at least. */
static bool signal_name(const char *id, size_t n)
{
    size_t digits = 0;

    while (digits < n && mud_digit(id[n - 1 - digits]))
        digits++;
    return digits >= 2 && digits + 3 < n && id[n - 1 - digits] == '.';
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
        return more >= 3 && mud_contact_fill(out,
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
    if (n < id_low(type) || !letter || mud_contact_goes_on(s, end))
        return false;
    if (turned(s, at, end))
        turn(id, n);
    if (type != MUD_C_LINE && type != MUD_C_DISCORD &&
        !(id[0] >= 'a' && id[0] <= 'z') && !marked)
        return false;
    if (type == MUD_C_SIGNAL && !signal_name(id, n))
        return false;
    if (type == MUD_C_DISCORD && mud_scan_byte(s, end) == '#' &&
        mud_digit(mud_scan_byte(s, end + 4))) {
        memcpy(id + n, s->text.s + end, 5);
        n += 5;
        end += 5;
    }
    return mud_contact_fill(
        out, s, (struct mud_span){at, end}, type, mud_str_of(id, n));
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
    return !mud_contact_goes_on(s, at + 8) &&
           mud_contact_fill(out,
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
        if (!mud_contact_phone(out, s, at, type))
            return false;
        out->type = type;
        return true;
    case MUD_C_SIGNAL:
        if (mud_contact_phone(out, s, at, type)) {
            out->type = type;
            return true;
        }
        return named_id(out, s, at, type);
    case MUD_C_WECHAT:
    case MUD_C_ALIPAY:
        if (mobile(out, s, at, type)) {
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
