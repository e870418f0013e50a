#include "parse/whatsapp_head.h"

#define NAME_MAX 200 /* bytes */

enum {
    CLOCK_FIRST = 1,
    BRACKETS = 2,
    DASH = 4
};

/* U+200E, U+200F, U+202A..U+202E, U+2066..U+2069, U+FEFF */
static size_t direction_mark(struct mud_str s)
{
    const unsigned char *p = (const unsigned char *)s.s;
    if (s.n < 3)
        return 0;
    if (p[0] == 0xE2 && p[1] == 0x80 &&
        (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xAA && p[2] <= 0xAE)))
        return 3;
    if (p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9)
        return 3;
    return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF ? 3 : 0;
}

/* Blanks, among them U+00A0 and U+202F, and marks of direction. */
static void blanks(struct mud_str *s)
{
    size_t n = 1;
    while (s->n && n) {
        n = direction_mark(*s);
        if (s->s[0] == ' ')
            n = 1;
        else if (mud_str_starts(*s, MUD_STR("\xC2\xA0")))
            n = 2;
        else if (mud_str_starts(*s, MUD_STR("\xE2\x80\xAF")))
            n = 3;
        *s = mud_str_sub(*s, n, s->n);
    }
}

struct mud_str mud_whatsapp_bare(struct mud_str s)
{
    size_t before = s.n + 1;
    s = mud_str_trim(s);
    blanks(&s);
    while (s.n < before) {
        before = s.n;
        s = mud_str_trim(s);
        if (s.n >= 3 && (direction_mark(mud_str_sub(s, s.n - 3, s.n)) ||
                         mud_str_ends(s, MUD_STR("\xE2\x80\xAF"))))
            s.n -= 3;
        else if (mud_str_ends(s, MUD_STR("\xC2\xA0")))
            s.n -= 2;
    }
    return s;
}

static bool take(struct mud_str *s, const char *what)
{
    struct mud_str w = mud_str_z(what);
    if (!mud_str_istarts(*s, w))
        return false;
    *s = mud_str_sub(*s, w.n, s->n);
    return true;
}

/* The digit at the beginning of s, of any script that phones write dates in;
 * -1 when there is none. */
static int digit(struct mud_str s, size_t *n)
{
    static const char *const zeros[] = {
        "0", "\u0660", "\u06F0", "\u0966", "\u09E6", "\uFF10"};
    for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
        struct mud_str zero = mud_str_z(zeros[i]);
        size_t last = zero.n - 1;
        if (s.n < zero.n || memcmp(s.s, zero.s, last) != 0)
            continue;
        int value = (unsigned char)s.s[last] - (unsigned char)zero.s[last];
        *n = zero.n;
        if (value >= 0 && value <= 9)
            return value;
    }
    return -1;
}

static void marks(struct mud_str *s)
{
    size_t n;
    while ((n = direction_mark(*s)) != 0)
        *s = mud_str_sub(*s, n, s->n);
}

static bool number(struct mud_str *s, int *out, size_t most)
{
    size_t n = 0, len;
    int value;
    *out = 0;
    marks(s);
    while (n < most && (value = digit(*s, &len)) >= 0) {
        *out = *out * 10 + value;
        *s = mud_str_sub(*s, len, s->n);
        n++;
    }
    bool more = digit(*s, &len) >= 0;
    marks(s);
    return n > 0 && !more;
}

/* 0: none; 1: before noon; 2: after; 3: the clock's own (noon, "晚上12"). */
static int half_of_day(struct mud_str *s)
{
    static const struct {
        const char *word;
        int half;
    } rows[] = {
        {"上午", 1},
        {"下午", 2},
        {"凌晨", 1},
        {"清晨", 1},
        {"早上", 1},
        {"中午", 3},
        {"晚上", 2},
        {"傍晚", 2},
        {"午前", 1},
        {"午後", 2},
        {"오전", 1},
        {"오후", 2},
        {"AM", 1},
        {"PM", 2},
        {"a.m.", 1},
        {"p.m.", 2},
        {"a. m.", 1},
        {"p. m.", 2},
        {"SA", 1},
        {"CH", 2},
        {"a.\xC2\xA0m.", 1},
        {"p.\xC2\xA0m.", 2},
        {"a.\xE2\x80\xAFm.", 1},
        {"p.\xE2\x80\xAFm.", 2},
        {"in the morning", 1},
        {"in the afternoon", 2},
        {"in the evening", 2},
        {"at night", 2},
        {"noon", 3},
        {"midnight", 1},
        {"vorm.", 1},
        {"nachm.", 2},
        {"ص", 1},
        {"م", 2},
        {"ق.ظ.", 1},
        {"ب.ظ.", 2},
        {"قبل‌ازظهر", 1},
        {"بعدازظهر", 2},
        {"לפנה״צ", 1},
        {"אחה״צ", 2},
        {"पूर्वाह्न", 1},
        {"अपराह्न", 2},
        {"π.μ.", 1},
        {"μ.μ.", 2},
        {"ÖÖ", 1},
        {"ÖS", 2},
        {"de.", 1},
        {"du.", 2},
        {"PTG", 2},
        {"PG", 1},
        {"fm", 1},
        {"em", 2},
        {"PD", 1},
        {"MD", 2},
        {"ก่อนเที่ยง", 1},
        {"หลังเที่ยง", 2},
        {"дп", 1},
        {"пп", 2},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (take(s, rows[i].word))
            return rows[i].half;
    return 0;
}

static bool clock_time(struct mud_str *s, struct mud_whatsapp_head *h)
{
    int half = half_of_day(s);
    size_t len;
    blanks(s);
    if (!number(s, &h->hour, 2) || h->hour > 24)
        return false;
    if (!take(s, ":") && !take(s, "."))
        return false;
    if (!number(s, &h->minute, 2) || h->minute > 59)
        return false;
    h->seconds = s->n > 1 && (s->s[0] == ':' || s->s[0] == '.') &&
                 digit(mud_str_sub(*s, 1, s->n), &len) >= 0;
    if (h->seconds) {
        *s = mud_str_sub(*s, 1, s->n);
        if (!number(s, &h->second, 2) || h->second > 60)
            return false;
    }
    struct mud_str rest = *s;
    blanks(&rest);
    if (!half && (half = half_of_day(&rest)) != 0)
        *s = rest;
    h->twelve = half != 0;
    if (half == 1 && h->hour == 12)
        h->hour = 0;
    else if (half == 2 && h->hour < 12)
        h->hour += 12;
    else if (half == 3 && h->hour < 3)
        h->hour += 12;
    return h->hour < 24;
}

/* Reiwa, Heisei and Showa of Japanese phones: "R4". */
static bool era_year(struct mud_str *s, int *year)
{
    static const struct {
        const char *letter;
        int before;
    } eras[] = {{"R", 2018}, {"H", 1988}, {"S", 1925}};

    for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
        struct mud_str rest = *s;
        if (take(&rest, eras[i].letter) && number(&rest, year, 2)) {
            *year += eras[i].before;
            *s = rest;
            return true;
        }
    }
    return number(s, year, 4);
}

/* "28 Aug 2013", "Mar 5", "18 Mar": phones of 2013, the year where not ours. */
static bool named_date(struct mud_str *s, struct mud_whatsapp_head *h)
{
    static const char *const months[] = {"Jan",
                                         "Feb",
                                         "Mar",
                                         "Apr",
                                         "May",
                                         "Jun",
                                         "Jul",
                                         "Aug",
                                         "Sep",
                                         "Oct",
                                         "Nov",
                                         "Dec"};
    bool day = number(s, &h->date[0], 2);
    struct mud_str rest;
    blanks(s);
    h->date[1] = 0;
    for (int i = 0; i < 12 && !h->date[1]; i++)
        if (take(s, months[i]))
            h->date[1] = i + 1;
    blanks(s);
    if (!h->date[1] || (!day && !number(s, &h->date[0], 2)))
        return false;
    h->named = true;
    rest = *s;
    (void)take(&rest, ",");
    blanks(&rest);
    if (number(&rest, &h->date[2], 4) && h->date[2] > 999)
        *s = rest;
    else
        h->no_year = true;
    if (h->no_year)
        h->date[2] = 2012; /* a year that has all days, until it is known */
    return true;
}

static bool date(struct mud_str *s, struct mud_whatsapp_head *h)
{
    struct mud_str whole = *s;
    if (!number(s, &h->date[0], 4) || !s->n || !strchr("/.-", s->s[0])) {
        *s = whole;
        return named_date(s, h);
    }
    h->sign = s->s[0];
    for (int i = 1; i < 3; i++) {
        if (!s->n || s->s[0] != h->sign)
            return false;
        *s = mud_str_sub(*s, 1, s->n);
        blanks(s); /* "9. 12. 2020" */
        if (i == 2 ? !era_year(s, &h->date[i]) : !number(s, &h->date[i], 2))
            return false;
    }
    if (s->n && s->s[0] == '.' && h->sign == '.')
        *s = mud_str_sub(*s, 1, s->n); /* "2020. 12. 9." */
    (void)take(s, " BE");
    h->year_first = h->date[0] > 999;
    return h->year_first || h->date[2] > 999 || h->date[2] < 100;
}

static void comma(struct mud_str *s)
{
    (void)(take(s, ",") || take(s, "、") || take(s, "،"));
    blanks(s);
}

/* Date and clock in either order: "[14:56:01, 3/18/22]" */
static bool when(struct mud_str *s, struct mud_whatsapp_head *h)
{
    struct mud_str whole = *s;
    if (date(s, h)) {
        comma(s);
        (void)take(s, "um ");  /* de, older */
        (void)take(s, "klo "); /* fi */
        if (clock_time(s, h))
            return true;
    }
    *s = whole;
    *h = (struct mud_whatsapp_head){0};
    if (!clock_time(s, h))
        return false;
    h->style = CLOCK_FIRST;
    comma(s);
    return date(s, h);
}

/* "NAME:text": a colon that is no part of a clock or an address. */
static size_t tight_colon(struct mud_str s)
{
    size_t at = mud_str_chr(s, ':'), len;
    if (at == MUD_NPOS || at == 0 || at > 60)
        return MUD_NPOS;
    struct mud_str behind = mud_str_sub(s, at + 1, s.n);
    return mud_str_starts(behind, MUD_STR("/")) || digit(behind, &len) >= 0
               ? MUD_NPOS
               : at;
}

/* Who speaks; a name has no quotation in it, which titles of groups have. */
static void who(struct mud_whatsapp_head *h, struct mud_str rest)
{
    size_t colon = mud_str_find(rest, MUD_STR(": "));
    struct mud_str ignored, name;
    if (colon == MUD_NPOS)
        colon = tight_colon(rest);
    h->text = mud_whatsapp_bare(rest);
    if (colon == MUD_NPOS || colon == 0 || colon > NAME_MAX)
        return;
    name = mud_whatsapp_bare(mud_str_sub(rest, 0, colon));
    if (mud_str_chr(name, '"') != MUD_NPOS ||
        mud_str_find(name, MUD_STR("“")) != MUD_NPOS ||
        !mud_str_eqz(mud_whatsapp_service(name, &ignored, &ignored), "system"))
        return;
    h->name = name;
    h->text = mud_str_sub(rest, colon + 1, rest.n);
    if (h->text.n && h->text.s[0] == ' ')
        h->text = mud_str_sub(h->text, 1, h->text.n);
}

bool mud_whatsapp_head(struct mud_str line, struct mud_whatsapp_head *head)
{
    struct mud_str s = line;
    bool brackets;
    *head = (struct mud_whatsapp_head){0};
    if (line.n < 13)
        return false;
    blanks(&s);
    brackets = take(&s, "[");
    if (!when(&s, head))
        return false;
    blanks(&s);
    if (brackets ? take(&s, "] ") : take(&s, "- ") || take(&s, "– "))
        head->style |= brackets ? BRACKETS : DASH;
    else if (brackets || !head->seconds || !take(&s, ": "))
        return false; /* phones until 2016 have the colon */
    who(head, s);
    return true;
}

bool mud_whatsapp_date(const struct mud_whatsapp_head *head,
                       enum mud_whatsapp_order order, struct mud_civil *time)
{
    static const int places[][3] = {{2, 1, 0}, {2, 1, 0}, {2, 0, 1}, {0, 1, 2}};
    *time = (struct mud_civil){
        .year = head->date[places[order][0]],
        .month = head->date[places[order][1]],
        .day = head->date[places[order][2]],
        .hour = head->hour,
        .minute = head->minute,
        .second = head->second,
    };
    if (time->year < 100)
        time->year += 2000;
    /* Buddhist years of Thai phones */
    if (time->year > 2500 && time->year < 2700)
        time->year -= 543;
    return time->year >= 2009 && time->year < 2200 && mud_civil_valid(time);
}
