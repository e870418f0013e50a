/* Digits of account and telephone numbers, with what people put between. */
#include "nlp/contact.h"

enum {
    JUNK_MAX = 2,
    REMARK_MAX = 32, /* bytes in brackets between digits */
    REPEAT_MIN = 4   /* times that a sign of any kind stands between them */
};

#define FIVE(c)                                                         \
    [(c)] = true, [(c) + 1] = true, [(c) + 2] = true, [(c) + 3] = true, \
    [(c) + 4] = true
const bool mud_alnums[256] = {FIVE('0'),
                              FIVE('5'),
                              FIVE('a'),
                              FIVE('f'),
                              FIVE('k'),
                              FIVE('p'),
                              FIVE('u'),
                              ['z'] = true,
                              FIVE('A'),
                              FIVE('F'),
                              FIVE('K'),
                              FIVE('P'),
                              FIVE('U'),
                              ['Z'] = true};
#undef FIVE

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

/* The end of a remark in brackets at byte i, "(without this)"; i for none. */
static size_t remark(struct mud_str s, size_t i)
{
    static const char *const opens[] = {"(", "[", "【", "「", "<", "{"};
    static const char *const closes[] = {")", "]", "】", "」", ">", "}"};
    static const char *const words[] = {"去",
                                        "删",
                                        "不要",
                                        "无视",
                                        "忽略",
                                        "干扰",
                                        "中间",
                                        "括号",
                                        "remove",
                                        "ignore",
                                        "убр"};

    for (size_t k = 0; k < sizeof opens / sizeof opens[0]; k++) {
        size_t n = strlen(opens[k]), close;
        struct mud_str in;

        if (i + n > s.n || memcmp(s.s + i, opens[k], n) != 0)
            continue;
        in = mud_str_sub(s, i + n, i + n + REMARK_MAX);
        close = mud_str_find(in, mud_str_z(closes[k]));
        if (close == MUD_NPOS)
            return i;
        in = mud_str_sub(in, 0, close);
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            if (mud_str_find(in, mud_str_z(words[w])) != MUD_NPOS)
                return i + n + close + strlen(closes[k]);
        }
    }
    return i;
}

/* The bytes of junk at byte i that only loose reading takes for such: brackets
 * and words such as "add" and "take out". */
static size_t loose_junk(struct mud_str s, size_t i)
{
    static const char *const words[] = {"加",   "家",   "佳", "嘉", "去掉",
                                        "删掉", "删除", "删", "去", "【",
                                        "】",   "「",   "」", "[",  "]",
                                        "(",    ")",    "<",  ">",  "+",
                                        "\"",   "'",    "{",  "}",  "="};
    size_t end = remark(s, i);

    if (end > i)
        return end;
    return i + mud_str_starts_among(mud_str_sub(s, i, s.n),
                                    words,
                                    sizeof words / sizeof words[0]);
}

static int digit_of(uint32_t c)
{
    return c >= '0' && c <= '9' ? (int)(c - '0') : mud_number_digit(c);
}

struct digits { /* on the way through them */
    size_t n, run, longest;
    unsigned gap;
    bool han;
    uint32_t same; /* a sign that stands between them again and again */
    unsigned times;
};

/* Where junk at byte i ends that digits go on behind; i when it is none. */
static size_t junk_end(const struct mud_scan *s, size_t i, struct digits *d,
                       bool loose)
{
    size_t next = i, end;
    uint32_t c = mud_step(s->text, &next);

    if (d->n == 0 || d->gap >= JUNK_MAX)
        return i;
    if (loose && (end = loose_junk(s->text, i)) > i)
        return end;
    /* Junk after five digits in a row ends them when it is a space, which parts
     * words. */
    if (junk(c) && (!(d->longest >= 5 && (c == ' ' || c == '.' || c == '/')) ||
                    (c == ' ' && rest_of_id(s, (uint32_t)next, d->n))))
        return next;
    if (loose && c != '\n' && (!d->same || d->same == c)) {
        d->same = c;
        d->times++;
        return next;
    }
    return i;
}

uint32_t mud_contact_digits(const struct mud_scan *s, uint32_t at,
                            char out[MUD_DIGITS_MAX + 1], size_t *n, bool loose)
{
    uint32_t end = at;
    size_t i = at;
    struct digits d = {.n = 0};
    unsigned times = 0;

    while (i < s->text.n && d.n < MUD_DIGITS_MAX) {
        size_t next = i;
        int digit = digit_of(mud_step(s->text, &next));

        if (digit >= 0) {
            out[d.n++] = (char)('0' + digit);
            d.han |= (unsigned char)s->text.s[i] > '9';
            d.run++;
            d.longest = d.run > d.longest ? d.run : d.longest;
            d.gap = 0;
            end = (uint32_t)next;
            times = d.times;
        } else {
            next = junk_end(s, i, &d, loose);
            if (next == i)
                break;
            d.run = 0;
            d.gap++;
        }
        i = next;
    }
    /* "三" of "三台" is no digit of an id; a sign tells by its repeating */
    if ((d.han && d.n < 6) || (times > 0 && times < REPEAT_MIN))
        d.n = 0;
    *n = d.n;
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
