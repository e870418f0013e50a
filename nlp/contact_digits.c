/* Digits of account and telephone numbers, with what people put between. */
#include "nlp/contact.h"

enum {
    JUNK_MAX = 2
};

static bool junk(uint32_t c)
{
    return c == ' ' || c == '-' || c == '.' || c == '~' || c == '*' ||
           c == '_' || c == '/' || c == 0xB7 || c == 0x2022 || c == 0x2014 ||
           c == 0x2013 || c == 0x3001 || c == 0xFE0F ||
           (c >= 0x2600 && c <= 0x27BF) || (c >= 0x1F000 && c <= 0x1FAFF);
}

bool mud_contact_counted(const struct mud_scan *s, uint32_t end)
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
           !mud_alnum(mud_scan_byte(s, end)) && !mud_contact_counted(s, end);
}

/* The bytes of junk at byte i that only loose reading takes for such: brackets
 * and the word for "add". */
static uint32_t loose_junk(struct mud_str s, size_t i)
{
    static const char *const words[] = {"加",
                                        "【",
                                        "】",
                                        "「",
                                        "」",
                                        "[",
                                        "]",
                                        "(",
                                        ")",
                                        "<",
                                        ">",
                                        "+",
                                        "\"",
                                        "'",
                                        "{",
                                        "}",
                                        "="};

    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        size_t n = strlen(words[k]);

        if (i + n <= s.n && memcmp(s.s + i, words[k], n) == 0)
            return (uint32_t)n;
    }
    return 0;
}

/* Junk after five digits in a row ends them when it is a space, which parts
 * words. */
uint32_t mud_contact_digits(const struct mud_scan *s, uint32_t at,
                            char out[MUD_DIGITS_MAX + 1], size_t *n, bool loose)
{
    uint32_t end = at;
    size_t i = at, run = 0, longest = 0;
    unsigned gap = 0;
    bool han = false;

    *n = 0;
    while (i < s->text.n && *n < MUD_DIGITS_MAX) {
        size_t next = i;
        uint32_t c = mud_step(s->text, &next);
        int digit = c >= '0' && c <= '9' ? (int)(c - '0') : mud_number_digit(c);
        uint32_t more = loose && digit < 0 ? loose_junk(s->text, i) : 0;

        if (digit >= 0) {
            out[(*n)++] = (char)('0' + digit);
            han |= c > '9';
            run++;
            longest = run > longest ? run : longest;
            gap = 0;
            end = (uint32_t)next;
        } else if (*n > 0 && gap < JUNK_MAX &&
                   (more ||
                    (junk(c) &&
                     (!(longest >= 5 && (c == ' ' || c == '.' || c == '/')) ||
                      (c == ' ' && rest_of_id(s, (uint32_t)next, *n)))))) {
            run = 0;
            gap++;
            next = more ? i + more : next;
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

bool mud_contact_goes_on(const struct mud_scan *s, uint32_t end)
{
    char c = mud_scan_byte(s, end);

    return mud_alnum(c) || c == '_' || (c == '@' && end > 0);
}

bool mud_contact_fill(struct mud_value *out, struct mud_scan *s,
                      struct mud_span at, unsigned type, struct mud_str value)
{
    *out = (struct mud_value){.start = at.start,
                              .end = at.end,
                              .type = type,
                              .value = mud_str_dup(value, s->arena),
                              .rule = MUD_RULE_CONTACT_CUE,
                              .sure = 930};
    return true;
}
