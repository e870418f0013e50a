/* Numbers of victims' records: telephones, identity and bank cards. */
#include "nlp/checksum.h"
#include "nlp/victim_field.h"

enum {
    DIGITS_MAX = 24,
    GAPS_MAX = 6,
    CARD_SPACED = 19 /* four groups of four digits */
};

struct run {                     /* digits and covered places in a row */
    char digits[DIGITS_MAX + 1]; /* '*' where covered */
    unsigned n, head, covers, tail, gaps;
    unsigned group[GAPS_MAX + 1]; /* characters between the gaps */
    uint32_t end;
    bool plus, last_x;
    bool area; /* "(202) 555-0103" */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

size_t mud_victim_cover_at(struct mud_str text, size_t i)
{
    static const char *const covers[] = {"*",
                                         "\xc3\x97",
                                         "\xe2\x97\x8f",
                                         "\xe2\x96\xa0",
                                         "\xe2\x96\x88",
                                         "\xe2\x97\x8b",
                                         "\xe3\x80\x87"};

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
        size_t covered = digit(s.s[i]) ? 0 : cover_at(s, i, end);

        if (covered || digit(s.s[i])) {
            take(r, covered > 0, s.s[i]);
            i += covered ? (uint32_t)covered : 1;
            r->end = i;
        } else if (loose && s.s[i] == ')' && r->n >= 2 && r->n <= 4 &&
                   r->gaps == 0 && at > 0 && s.s[at - 1] == '(' &&
                   i + 2 < end && (digit(s.s[i + 1]) || digit(s.s[i + 2]))) {
            r->area = true;
            r->gaps++;
            i += digit(s.s[i + 1]) ? 1 : 2;
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
    if (r->n >= 14 && r->tail == 0 && r->head > 10)
        return MUD_V_NONE; /* a number of an order */
    if (r->n >= 14)
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

static bool day_of(const char *month)
{
    int m = (month[0] - '0') * 10 + month[1] - '0';
    int d = (month[2] - '0') * 10 + month[3] - '0';

    return m >= 1 && m <= 12 && d >= 1 && d <= 31;
}

/* Year, month and day of an identity card that fails its checksum. */
static bool dated(const char *d)
{
    return d[0] != '0' &&
           (memcmp(d + 6, "19", 2) == 0 || memcmp(d + 6, "20", 2) == 0) &&
           day_of(d + 10);
}

/* Fifteen digits: an identity card of before 1999, or American Express. */
static unsigned fifteen(const char *d, struct mud_str v)
{
    if (memcmp(d, "00861", 5) == 0 && d[5] >= '3')
        return MUD_V_PHONE;
    if (d[0] == '3' && (d[1] == '4' || d[1] == '7') && mud_luhn(v))
        return MUD_V_CARD;
    return d[0] >= '1' && d[0] <= '6' && d[1] <= '6' && d[6] >= '2' &&
                   day_of(d + 8)
               ? MUD_V_ID
               : MUD_V_NONE;
}

/* Bank cards by how they begin: schemes, UnionPay, old cards of two banks. */
static bool card(const char *d, struct mud_str v)
{
    bool known = (d[0] >= '2' && d[0] <= '6') || memcmp(d, "955", 3) == 0 ||
                 memcmp(d, "103", 3) == 0;

    return known && v.n >= 16 && mud_luhn(v);
}

static bool groups(const struct run *r, const char *sizes)
{
    size_t n = strlen(sizes);

    if (r->gaps + 1 != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (r->group[i] != (unsigned)(sizes[i] - '0'))
            return false;
    }
    return true;
}

/* By where the gaps stand, in countries that write them always. */
static unsigned spaced_kind(const struct run *r)
{
    if (groups(r, "334") && r->digits[0] >= '2' && r->digits[3] >= '2')
        return MUD_V_PHONE;
    if (groups(r, "324"))
        return MUD_V_ID; /* of social security */
    if (r->digits[0] == '0' &&
        (groups(r, "38") || groups(r, "48") || groups(r, "47") ||
         groups(r, "344") || groups(r, "444")))
        return MUD_V_PHONE;
    return groups(r, "684") && dated(r->digits) ? MUD_V_ID : MUD_V_NONE;
}

static unsigned whole_kind(const struct run *r, bool *proof)
{
    struct mud_str v = mud_str_of(r->digits, r->n);
    const char *d = r->digits;

    *proof = r->n == 18 && mud_is_id_card(v);
    if (*proof)
        return MUD_V_ID;
    *proof = r->n <= 19 && !r->last_x && card(d, v);
    if (*proof)
        return MUD_V_CARD;
    if (r->n == 18 && dated(d))
        return MUD_V_ID;
    if (r->n >= 16 && r->n <= 19 && memcmp(d, "62", 2) == 0)
        return MUD_V_CARD;
    if (r->plus)
        return r->n >= 8 && r->n <= 15 && d[0] != '0' ? MUD_V_PHONE : 0;
    if (r->n == 15)
        return fifteen(d, v);
    if (r->n == 11 &&
        (d[0] == '1' ? d[1] >= '3' : d[0] >= '7' && d[0] <= '8' && d[1] == '9'))
        return MUD_V_PHONE;
    if (r->n == 13 && memcmp(d, "861", 3) == 0)
        return MUD_V_PHONE;
    return r->n == 10 && memcmp(d, "09", 2) == 0 ? MUD_V_PHONE : MUD_V_NONE;
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

/* Letters and digits with a check: of Taiwan, a234567893; of Hong Kong,
 * a123456(3). Returns its end, or at. */
static uint32_t lettered(struct mud_str s, uint32_t at, uint32_t end)
{
    static const char order[] = "abcdefghjklmnpqrstuvxywzio";
    uint32_t i = at + 1;
    const char *first = strchr(order, s.s[at]);
    unsigned sum, n = 0;

    while (i < end && n < 10 && digit(s.s[i])) {
        i++;
        n++;
    }
    if (!first || s.s[at] == '\0' ||
        (i < end && (digit(s.s[i]) || letter(s.s[i]))))
        return at;
    if (n == 9 && s.s[at + 1] >= '1' && s.s[at + 1] <= '9') {
        unsigned place = (unsigned)(first - order) + 10;

        sum = place / 10 + place % 10 * 9 + (unsigned)(s.s[i - 1] - '0');
        for (unsigned k = 0; k < 8; k++)
            sum += (8 - k) * (unsigned)(s.s[at + 1 + k] - '0');
        return sum % 10 == 0 ? i : at;
    }
    if (n != 6 || i + 3 > end || s.s[i] != '(' || s.s[i + 2] != ')')
        return at;
    sum = 36 * 9 + 8 * (unsigned)(s.s[at] - 'a' + 10);
    for (unsigned k = 0; k < 6; k++)
        sum += (7 - k) * (unsigned)(s.s[at + 1 + k] - '0');
    sum += s.s[i + 1] == 'a' ? 10U : (unsigned)(s.s[i + 1] - '0');
    return sum % 11 == 0 ? i + 3 : at;
}

bool mud_victim_lettered(struct mud_victim_field *out, struct mud_str text,
                         uint32_t at, uint32_t end)
{
    uint32_t stop = at;

    if (text.s[at] >= 'a' && text.s[at] <= 'z')
        stop = lettered(text, at, end);
    *out =
        (struct mud_victim_field){.start = at, .end = stop, .kind = MUD_V_ID};
    return stop > at;
}

/* What follows a number: more of the same word, or something else? */
static bool goes_on(struct mud_str s, uint32_t end)
{
    char c = end < s.n ? s.s[end] : '\0';

    if (c == '_' && end + 1 < s.n)
        return !digit(s.s[end + 1]) && !(s.s[end + 1] & 0x80);
    return digit(c) || letter(c);
}

bool mud_victim_number(struct mud_victim_field *out, struct mud_str text,
                       uint32_t at, uint32_t end)
{
    for (unsigned loose = 0; loose < 3; loose++) {
        struct run r;
        bool proof = false;
        unsigned kind = MUD_V_NONE;

        if (loose == 2) /* "4000 0000 0000 0002 09/27": the card alone */
            end = end - at > CARD_SPACED ? at + CARD_SPACED : end;
        read_run(&r, text, at, end, loose > 0);
        if (loose == 2 && r.n != 16)
            return false;
        if (goes_on(text, r.end) || (loose && r.gaps == 0))
            continue;
        if (r.gaps > 0 && r.covers == 0 && !r.plus)
            kind = spaced_kind(&r);
        if (kind == MUD_V_NONE) {
            kind = r.covers ? covered_kind(&r) : whole_kind(&r, &proof);
            if (kind == MUD_V_NONE || !grouped(&r, kind))
                continue;
        }
        *out = (struct mud_victim_field){.start = at - r.area,
                                         .end = r.end,
                                         .kind = (uint8_t)kind,
                                         .masked = r.covers > 0,
                                         .proof = proof};
        return true;
    }
    return false;
}

/* A date and a code behind a card: "01/28 123", "|01|28|123", "0128 123". */
bool mud_victim_code(struct mud_str s, uint32_t at, uint32_t end)
{
    unsigned group[4] = {0}, n = 0;

    for (uint32_t i = at; i < end && i - at < 40 && n < 4; i++) {
        if (digit(s.s[i]))
            group[n]++;
        else if (!strchr(" |/:;,-\texpcvd.", s.s[i]))
            break;
        else if (group[n] > 0)
            n++;
    }
    n += n < 4 && group[n] > 0;
    if (n >= 2 && group[0] == 4 && (group[1] == 3 || group[1] == 4))
        return true;
    return n >= 3 && group[0] <= 2 && (group[1] == 2 || group[1] == 4) &&
           (group[2] == 3 || group[2] == 4);
}

/* Ten digits in a cell behind a name. */
bool mud_victim_ten(struct mud_victim_field *out, struct mud_str s, uint32_t at,
                    uint32_t end)
{
    uint32_t i = at;

    while (i < end && digit(s.s[i]))
        i++;
    *out =
        (struct mud_victim_field){.start = at, .end = i, .kind = MUD_V_PHONE};
    return i - at == 10 && s.s[at] >= '2' && s.s[at + 3] >= '2';
}
