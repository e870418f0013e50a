/* Addresses in victims' records: Chinese, English, Russian. */
#include "nlp/victim_field.h"

enum {
    ADDRESS_MAX = 200
};

static bool is_han(uint32_t c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Signs of an address, from region to room, a bit each. */
static unsigned place_mark(uint32_t c)
{
    switch (c) {
    case 0x7701: /* 省 */
        return 1U << 0;
    case 0x5E02: /* 市 */
        return 1U << 1;
    case 0x533A: /* 区 */
        return 1U << 2;
    case 0x53BF: /* 县 */
        return 1U << 3;
    case 0x9547: /* 镇 */
        return 1U << 4;
    case 0x4E61: /* 乡 */
        return 1U << 5;
    case 0x6751: /* 村 */
        return 1U << 6;
    case 0x8DEF: /* 路 */
        return 1U << 7;
    case 0x8857: /* 街 */
        return 1U << 8;
    case 0x5DF7: /* 巷 */
        return 1U << 9;
    case 0x5F04: /* 弄 */
        return 1U << 10;
    case 0x53F7: /* 号 */
        return 1U << 11;
    case 0x680B: /* 栋 */
        return 1U << 12;
    case 0x5E62: /* 幢 */
        return 1U << 13;
    case 0x697C: /* 楼 */
        return 1U << 14;
    case 0x5BA4: /* 室 */
        return 1U << 15;
    case 0x5143: /* 元 */
        return 1U << 16;
    case 0x5EA7: /* 座 */
        return 1U << 17;
    case 0x9053: /* 道 */
        return 1U << 18;
    case 0x91CC: /* 里 */
        return 1U << 19;
    case 0x7EC4: /* 组 */
        return 1U << 20;
    default:
        return 0;
    }
}

static unsigned place_marks(struct mud_str s, uint32_t at, uint32_t end,
                            unsigned *kinds)
{
    unsigned bits = 0, han = 0;

    for (size_t i = at; i < end;) {
        uint32_t c = mud_step(s, &i);

        if (!is_han(c))
            continue;
        han++;
        bits |= place_mark(c);
    }
    *kinds = bits;
    return han;
}

/* Bytes that an address goes on over, at i: Han, digits, letters, dashes. */
static size_t place_step(struct mud_str s, uint32_t i)
{
    size_t next = i, cover = mud_victim_cover(s, i);
    uint32_t c = mud_step(s, &next);

    if (cover)
        return cover;

    return is_han(c) || digit(s.s[i]) || lower(s.s[i]) || c == '-' ||
                   c == '#' || c == '(' || c == ')'
               ? next - i
               : 0;
}

bool mud_victim_place(struct mud_victim_field *out, struct mud_str s,
                      uint32_t at, uint32_t end, bool named)
{
    uint32_t i = at;
    unsigned bits, han, count = 0, covers = 0;
    bool digits = false;

    while (i < end && i - at < ADDRESS_MAX) {
        size_t n = place_step(s, i);

        covers += mud_victim_cover(s, i) > 0;
        if (i + 3 < end && memcmp(s.s + i, "----", 4) == 0)
            break;
        if (n == 0 && s.s[i] == ' ' && i + 1 < end) {
            uint32_t word = i + 1;
            unsigned more, many;

            while (word < end && (n = place_step(s, word)) > 0)
                word += (uint32_t)n;
            many = place_marks(s, i + 1, word, &more);
            if (more == 0 || many > 12)
                break;
            i = word;
            continue;
        }
        if (n == 0)
            break;
        digits |= digit(s.s[i]);
        i += (uint32_t)n;
    }
    han = place_marks(s, at, i, &bits);
    for (unsigned k = bits; k; k &= k - 1)
        count++;
    *out =
        (struct mud_victim_field){.start = at, .end = i, .kind = MUD_V_ADDRESS};
    /* of a region or a street, and two kinds of mark at least */
    return han >= 4 && (bits & 0x407FF) &&
           (named ||
            (han >= 6 && count >= 2 && (digits || count >= 3 || covers > 1)));
}

static bool street(struct mud_str word)
{
    static const char *const words[] = {
        "st",     "street", "ave",     "avenue", "road", "rd",
        "lane",   "ln",     "blvd",    "drive",  "dr",   "court",
        "ct",     "way",    "close",   "place",  "pl",   "terrace",
        "square", "str",    "strasse", "straße", "rue",  "via"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (mud_str_eqz(word, words[i]))
            return true;
    }
    return false;
}

/* "12 Sample Street, Testville": number, words, the word for a street. */
static bool street_address(struct mud_victim_field *out, struct mud_str s,
                           uint32_t at, uint32_t end, bool tight)
{
    uint32_t i = at, stop = 0;
    unsigned words = 0;

    while (i < end && digit(s.s[i]))
        i++;
    if (i == at || i - at > 5)
        return false;
    while (i < end && s.s[i] == ' ' && words < 6 && !stop) {
        uint32_t from = ++i;

        while (i < end && (lower(s.s[i]) || (s.s[i] & 0x80)))
            i++;
        if (i == from)
            return false;
        words++;
        if (words > 1 && street(mud_str_sub(s, from, i)))
            stop = i;
        if (i < end && s.s[i] == '.')
            i++;
        if (stop)
            stop = i;
    }
    if (!stop)
        return false;
    if (tight) {
        stop = end;
    } else if (stop + 2 < end && s.s[stop] == ',' && s.s[stop + 1] == ' ') {
        for (i = stop + 2; i < end && (lower(s.s[i]) || s.s[i] == ' ');)
            i++;
        if (i == end || s.s[i] == ',' || s.s[i] == ';')
            stop = i;
    }
    while (stop > at && s.s[stop - 1] == ' ')
        stop--;
    *out = (struct mud_victim_field){
        .start = at, .end = stop, .kind = MUD_V_ADDRESS};
    return true;
}

/* "г. Примерск, ул. Тестовая, д. 5": two parts at least. */
static bool russian_address(struct mud_victim_field *out, struct mud_str s,
                            uint32_t at, uint32_t end)
{
    static const char *const parts[] = {"г.",
                                        "г ",
                                        "ул.",
                                        "ул ",
                                        "д.",
                                        "кв.",
                                        "пр.",
                                        "пр-т",
                                        "пер.",
                                        "стр.",
                                        "обл.",
                                        "р-н",
                                        "корп.",
                                        "пос.",
                                        "дом "};
    uint32_t i = at, stop = at;
    unsigned n = 0;

    while (i < end && n < 8) {
        struct mud_str rest = mud_str_sub(s, i, end);
        bool part = false;

        for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
            part |= mud_str_starts(rest, mud_str_z(parts[k]));
        if (!part)
            break;
        n++;
        while (i < end && i - at < ADDRESS_MAX && !strchr(",;|", s.s[i]))
            i++;
        stop = i;
        if (i + 1 >= end || s.s[i] != ',')
            break;
        i += s.s[i + 1] == ' ' ? 2 : 1;
    }
    *out = (struct mud_victim_field){
        .start = at, .end = stop, .kind = MUD_V_ADDRESS};
    return n >= 2;
}

bool mud_victim_street(struct mud_victim_field *out, struct mud_str text,
                       uint32_t at, uint32_t end, bool tight)
{
    unsigned char c = (unsigned char)text.s[at];

    return digit((char)c) ? street_address(out, text, at, end, tight)
                          : (c == 0xD0 || c == 0xD1) &&
                                russian_address(out, text, at, end);
}
