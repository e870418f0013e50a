/* Numbers of victims' records: telephones, identity and bank cards. */
#include "nlp/checksum.h"
#include "nlp/victim_field.h"

enum {
    DIGITS_MAX = 24,
    GAPS_MAX = 6
};

struct run {                     /* digits and covered places in a row */
    char digits[DIGITS_MAX + 1]; /* '*' where covered */
    unsigned n, head, covers, tail, gaps;
    unsigned group[GAPS_MAX + 1]; /* characters between the gaps */
    uint32_t end;
    bool plus, last_x;
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

/* Does one of the signs below begin with this byte? */
static bool may_cover(char c)
{
    return c == '*' || c == '\xc3' || c == '\xe2' || c == '\xe3';
}

size_t mud_victim_cover(struct mud_str text, size_t i)
{
    static const char *const covers[] = {"*",
                                         "\xc3\x97",
                                         "\xe2\x97\x8f",
                                         "\xe2\x96\xa0",
                                         "\xe2\x96\x88",
                                         "\xe2\x97\x8b",
                                         "\xe3\x80\x87"};

    if (i >= text.n || !may_cover(text.s[i]))
        return 0;
    for (size_t k = 0; k < sizeof covers / sizeof covers[0]; k++) {
        size_t n = strlen(covers[k]);

        if (i + n <= text.n && memcmp(text.s + i, covers[k], n) == 0)
            return n;
    }
    return 0;
}

/* A covered place inside a number: a sign, or one of three x or # at least. */
static size_t cover_at(struct mud_str s, uint32_t i, uint32_t end)
{
    size_t n = mud_victim_cover(s, i);
    uint32_t from = i, to = i;
    char c = i < end ? s.s[i] : '\0';

    if (n || (c != 'x' && c != '#'))
        return n;
    while (from > 0 && s.s[from - 1] == c)
        from--;
    while (to < end && to - from < DIGITS_MAX && s.s[to] == c)
        to++;
    return to - from >= 3;
}

static void take(struct run *r, bool covered, char c)
{
    r->digits[r->n++] = covered ? '*' : c;
    r->group[r->gaps]++;
    if (covered) {
        r->covers++;
        r->tail = 0;
    } else {
        r->head += r->covers == 0;
        r->tail++;
    }
}

static void read_run(struct run *r, struct mud_str s, uint32_t at, uint32_t end,
                     bool loose)
{
    uint32_t i = at;

    *r = (struct run){.end = at, .plus = i < end && s.s[i] == '+'};
    i += r->plus;
    while (i < end && r->n < DIGITS_MAX) {
        size_t covered = cover_at(s, i, end);

        if (covered || digit(s.s[i])) {
            take(r, covered > 0, s.s[i]);
            i += covered ? (uint32_t)covered : 1;
            r->end = i;
        } else if (loose && r->n > 0 && r->gaps < GAPS_MAX && r->end == i &&
                   i + 1 < end && (s.s[i] == ' ' || s.s[i] == '-') &&
                   (digit(s.s[i + 1]) || cover_at(s, i + 1, end))) {
            r->gaps++;
            i++;
        } else {
            break;
        }
    }
    if (r->n >= 14 && r->n < DIGITS_MAX && r->end < end && s.s[r->end] == 'x') {
        r->digits[r->n++] = 'x';
        r->tail++;
        r->last_x = true;
        r->end++;
    }
}

static unsigned covered_kind(const struct run *r)
{
    if (r->plus)
        return r->n >= 8 && r->n <= 15 && r->covers >= 2 ? MUD_V_PHONE : 0;
    if (r->covers < 3 || r->head < 2 || r->tail > 6)
        return MUD_V_NONE;
    if (r->n >= 14 && r->n <= 19 && r->tail == 0 && r->head > 10)
        return MUD_V_NONE; /* a number of an order */
    if (r->n >= 14 && r->n <= 19)
        return r->n == 18 || r->n == 15 || r->last_x ? MUD_V_ID : MUD_V_CARD;
    if (r->n < 8 || r->n > 13)
        return MUD_V_NONE;
    if (r->head == 4 && r->tail == 4 && r->digits[0] >= '3' &&
        r->digits[0] <= '6')
        return MUD_V_CARD;
    return r->head >= 3 && (r->digits[0] == '1' || r->digits[0] == '0')
               ? MUD_V_PHONE
               : MUD_V_NONE;
}

/* Year, month and day of an identity card that fails its checksum. */
static bool dated(const char *d)
{
    int month = (d[10] - '0') * 10 + d[11] - '0';
    int day = (d[12] - '0') * 10 + d[13] - '0';

    return d[0] != '0' &&
           (memcmp(d + 6, "19", 2) == 0 || memcmp(d + 6, "20", 2) == 0) &&
           month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static unsigned whole_kind(const struct run *r, bool *proof)
{
    struct mud_str v = mud_str_of(r->digits, r->n);
    bool card = r->n >= 15 && r->n <= 19 && !r->last_x && mud_luhn(v);

    *proof = r->n == 18 && mud_is_id_card(v);
    if (*proof)
        return MUD_V_ID;
    *proof = card;
    if (card)
        return MUD_V_CARD;
    if (r->n == 18 && dated(r->digits))
        return MUD_V_ID;
    if (r->n >= 16 && r->n <= 19 && memcmp(r->digits, "62", 2) == 0)
        return MUD_V_CARD;
    if (r->plus)
        return r->n >= 8 && r->n <= 15 && r->digits[0] != '0' ? MUD_V_PHONE : 0;
    if (r->n == 11 && r->digits[0] == '1' && r->digits[1] >= '3')
        return MUD_V_PHONE;
    if (r->n == 13 && memcmp(r->digits, "861", 3) == 0)
        return MUD_V_PHONE;
    return r->n == 10 && memcmp(r->digits, "09", 2) == 0 ? MUD_V_PHONE
                                                         : MUD_V_NONE;
}

/* Do the gaps stand where such numbers have them? */
static bool grouped(const struct run *r, unsigned kind)
{
    if (r->gaps == 0 || r->plus)
        return true;
    if (kind == MUD_V_CARD) {
        for (unsigned i = 0; i < r->gaps; i++) {
            if (r->group[i] != 4)
                return false;
        }
        return r->gaps >= 2;
    }
    if (kind == MUD_V_PHONE)
        return r->gaps <= 2 && r->group[0] >= 3 && r->group[0] <= 4 &&
               r->group[r->gaps] >= 3;
    return false;
}

bool mud_victim_number(struct mud_victim_field *out, struct mud_str text,
                       uint32_t at, uint32_t end)
{
    for (unsigned loose = 0; loose < 2; loose++) {
        struct run r;
        bool proof = false;
        unsigned kind;
        char next;

        read_run(&r, text, at, end, loose);
        next = r.end < text.n ? text.s[r.end] : '\0';
        if (digit(next) || letter(next) || (loose && r.gaps == 0))
            continue;
        kind = r.covers ? covered_kind(&r) : whole_kind(&r, &proof);
        if (kind == MUD_V_NONE || !grouped(&r, kind))
            continue;
        *out = (struct mud_victim_field){.start = at,
                                         .end = r.end,
                                         .kind = (uint8_t)kind,
                                         .masked = r.covers > 0,
                                         .proof = proof};
        return true;
    }
    return false;
}
