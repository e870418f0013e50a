#include "parse/date.h"

/*
 * The text becomes a few tokens: numbers, words (ASCII or Cyrillic letters in
 * lower case), single Chinese characters that matter, and punctuation. Forms
 * are then tried at each token; the first that reads wins.
 */
enum kind {
    K_NUMBER,
    K_WORD,
    K_MARK
};

struct token {
    enum kind kind;
    int value; /* of a number */
    int digits;
    struct mud_str text;
    bool gap; /* white space before it */
};

#define TOKENS_MAX 160
#define DAY        INT64_C(86400) /* seconds */

struct scan {
    struct token t[TOKENS_MAX];
    size_t n;
    const struct mud_date_rules *rules;
};

struct moment { /* what a form has read */
    struct mud_civil civil;
    enum mud_precision precision;
    bool has_zone;
    int offset; /* seconds east of UTC */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t letter(struct mud_str s, size_t at)
{
    unsigned char c = (unsigned char)s.s[at];
    if ((c | 32) >= 'a' && (c | 32) <= 'z')
        return 1;
    return (c == 0xd0 || c == 0xd1) && at + 1 < s.n ? 2 : 0; /* Cyrillic */
}

static size_t char_bytes(struct mud_str s, size_t at)
{
    unsigned char c = (unsigned char)s.s[at];
    size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    return n > s.n - at ? s.n - at : n;
}

static bool blank(struct mud_str s, size_t at, size_t n)
{
    if (n == 1)
        return s.s[at] <= ' ';
    struct mud_str c = mud_str_sub(s, at, at + n);
    return mud_str_eqz(c, "\u00a0") || mud_str_eqz(c, "\u3000") ||
           mud_str_eqz(c, "\u202f");
}

static void tokens(struct scan *scan, struct mud_str s)
{
    bool gap = true;
    for (size_t at = 0; at < s.n && scan->n < TOKENS_MAX;) {
        struct token t = {.gap = gap, .kind = K_MARK};
        size_t from = at;
        if (digit(s.s[at])) {
            t.kind = K_NUMBER;
            for (; at < s.n && digit(s.s[at]); at++)
                if (t.digits++ < 8)
                    t.value = t.value * 10 + (s.s[at] - '0');
        } else if (letter(s, at)) {
            t.kind = K_WORD;
            while (at < s.n && letter(s, at))
                at += letter(s, at);
        } else {
            size_t n = char_bytes(s, at);
            at += n;
            if (blank(s, from, n)) {
                gap = true;
                continue;
            }
        }
        t.text = mud_str_sub(s, from, at);
        scan->t[scan->n++] = t;
        gap = false;
    }
}

static const struct token *token(const struct scan *scan, size_t i)
{
    static const struct token none = {.kind = K_MARK};
    return i < scan->n ? &scan->t[i] : &none;
}

static bool mark(const struct scan *scan, size_t i, const char *text)
{
    return mud_str_eqz(token(scan, i)->text, text);
}

static bool word(const struct scan *scan, size_t i, const char *text)
{
    return mud_str_ieq(token(scan, i)->text, mud_str_z(text));
}

/* A number of at most `digits` digits. */
static bool number(const struct scan *scan, size_t i, int digits, int *value)
{
    const struct token *t = token(scan, i);
    *value = t->value;
    return t->kind == K_NUMBER && t->digits <= digits;
}

/* Chinese words: the characters stand one after the other. Returns tokens. */
static size_t han(const struct scan *scan, size_t i, const char *text)
{
    struct mud_str rest = mud_str_z(text);
    size_t n = 0;
    while (rest.n) {
        struct mud_str c = token(scan, i + n)->text;
        if (!c.n || !mud_str_starts(rest, c))
            return 0;
        rest = mud_str_sub(rest, c.n, rest.n);
        n++;
    }
    return n;
}

static const char *const months[12][4] = {
    {"jan", "янв", "january", "января"},
    {"feb", "фев", "february", "февраля"},
    {"mar", "мар", "march", "марта"},
    {"apr", "апр", "april", "апреля"},
    {"may", "май", "may", "мая"},
    {"jun", "июн", "june", "июня"},
    {"jul", "июл", "july", "июля"},
    {"aug", "авг", "august", "августа"},
    {"sep", "сен", "september", "сентября"},
    {"oct", "окт", "october", "октября"},
    {"nov", "ноя", "november", "ноября"},
    {"dec", "дек", "december", "декабря"},
};

static int month_of(const struct scan *scan, size_t i)
{
    for (int m = 0; m < 12; m++)
        for (int k = 0; k < 4; k++)
            if (word(scan, i, months[m][k]))
                return m + 1;
    return word(scan, i, "sept") ? 9 : 0;
}

/* "+08:00", "+0800", "Z", "UTC", "GMT" behind a time of day. */
static void zone_tail(const struct scan *scan, size_t i, struct moment *m)
{
    if (word(scan, i, "z") || word(scan, i, "utc") || word(scan, i, "gmt")) {
        m->has_zone = true;
        i++;
    }
    if (!mark(scan, i, "+") && !mark(scan, i, "-"))
        return;
    const struct token *t = token(scan, i + 1);
    int hours = t->value, minutes = 0;
    if (t->kind != K_NUMBER)
        return;
    if (t->digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (t->digits <= 2 && mark(scan, i + 2, ":") &&
               token(scan, i + 3)->digits == 2) {
        minutes = token(scan, i + 3)->value;
    } else if (!(t->digits <= 2 && m->has_zone)) {
        return;
    }
    if (hours > 14 || minutes > 59)
        return;
    m->has_zone = true;
    m->offset = (hours * 60 + minutes) * 60;
    if (mark(scan, i, "-"))
        m->offset = -m->offset;
}

/* 12-hour words in front (上午 3:00) or behind (3:00 pm). */
static int half_of_day(const struct scan *scan, size_t i, size_t *n)
{
    static const struct {
        const char *text;
        int half; /* 1: before noon, 2: after */
    } halves[] = {{"上午", 1},
                  {"凌晨", 1},
                  {"早上", 1},
                  {"下午", 2},
                  {"晚上", 2},
                  {"中午", 2}};

    *n = 1;
    if (word(scan, i, "am"))
        return 1;
    if (word(scan, i, "pm"))
        return 2;
    for (size_t k = 0; k < sizeof(halves) / sizeof(halves[0]); k++)
        if ((*n = han(scan, i, halves[k].text)) > 0)
            return halves[k].half;
    *n = 0;
    return 0;
}

/* A time of day at token i, behind an optional ",", "at", "T", "в", "-". */
static void clock_at(const struct scan *scan, size_t i, struct moment *m)
{
    static const char *const joins[] = {",", "at", "t", "в", "on", "-", "|"};
    for (size_t k = 0; k < sizeof(joins) / sizeof(joins[0]); k++) {
        if (word(scan, i, joins[k])) {
            i++;
            k = (size_t)-1;
        }
    }
    size_t used;
    int half = half_of_day(scan, i, &used), hour, minute, second = 0;
    i += used;
    bool has_second = false;
    if (!number(scan, i, 2, &hour))
        return;
    if (mark(scan, i + 1, ":") && number(scan, i + 2, 2, &minute)) {
        i += 3;
        if (mark(scan, i, ":") && number(scan, i + 1, 2, &second)) {
            has_second = true;
            i += 2;
            if (mark(scan, i, ".") && token(scan, i + 1)->kind == K_NUMBER)
                i += 2;
        }
    } else if ((mark(scan, i + 1, "时") || mark(scan, i + 1, "点")) &&
               number(scan, i + 2, 2, &minute)) {
        i += 3;
        if (mark(scan, i, "分"))
            i++;
    } else {
        return;
    }
    if (!half && (half = half_of_day(scan, i, &used)) > 0)
        i += used;
    if (half && hour > 12)
        half = 0;
    if (half)
        hour = hour % 12 + (half == 2 ? 12 : 0);
    struct mud_civil civil = m->civil;
    civil.hour = hour;
    civil.minute = minute;
    civil.second = second;
    if (!mud_civil_valid(&civil))
        return;
    m->civil = civil;
    m->precision = has_second ? MUD_TO_SECOND : MUD_TO_MINUTE;
    zone_tail(scan, i, m);
}

static bool set_day(struct moment *m, int year, int month, int day)
{
    if (year < 100)
        year += year < 70 ? 2000 : 1900;
    m->civil = (struct mud_civil){year, month, day, 0, 0, 0};
    m->precision = MUD_TO_DAY;
    return year >= 1990 && year <= 2100 && mud_civil_valid(&m->civil);
}

/* 2026-10-6, 2026/10/6, 2026.10.6, 10-06-2026, 06.10.2026 */
static bool form_marks(const struct scan *scan, size_t i, struct moment *m)
{
    const struct token *join = token(scan, i + 1);
    if (!mud_str_eqz(join->text, "-") && !mud_str_eqz(join->text, "/") &&
        !mud_str_eqz(join->text, "."))
        return false;
    int a, b, c;
    if (!number(scan, i, 4, &a) || !number(scan, i + 2, 2, &b) ||
        !mud_str_eq(token(scan, i + 3)->text, join->text) ||
        !number(scan, i + 4, 4, &c))
        return false;
    /* A longer chain is a phone number, an address or a version. */
    if (mud_str_eq(token(scan, i + 5)->text, join->text) ||
        (i > 0 && mud_str_eq(token(scan, i - 1)->text, join->text)))
        return false;
    bool ok;
    if (token(scan, i)->digits == 4)
        ok = set_day(m, a, b, c);
    else if (token(scan, i + 4)->digits == 3 || token(scan, i)->digits > 2)
        ok = false;
    else if (mud_str_eqz(join->text, ".") ||
             scan->rules->order == MUD_DATE_DMY || a > 12)
        ok = set_day(m, c, b, a);
    else
        ok = set_day(m, c, a, b);
    if (ok)
        clock_at(scan, i + 5, m);
    return ok;
}

/* 2026年10月6日 14:29 */
static bool form_han(const struct scan *scan, size_t i, struct moment *m)
{
    int year, month, day;
    if (!number(scan, i, 4, &year) || !mark(scan, i + 1, "年") ||
        !number(scan, i + 2, 2, &month) || !mark(scan, i + 3, "月"))
        return false;
    if (!number(scan, i + 4, 2, &day) || !mark(scan, i + 5, "日")) {
        bool ok = set_day(m, year, month, 1);
        m->precision = MUD_TO_MONTH;
        return ok;
    }
    if (!set_day(m, year, month, day))
        return false;
    clock_at(scan, i + 6, m);
    return true;
}

/* Oct 06, 2026, 06:29 AM and 6 October 2026 14:29 */
static bool form_words(const struct scan *scan, size_t i, struct moment *m)
{
    int month = month_of(scan, i), day, year;
    size_t at = i;
    if (month) {
        if (mark(scan, at + 1, "."))
            at++;
        if (!number(scan, at + 1, 2, &day))
            return false;
        at += 2;
        if (word(scan, at, "st") || word(scan, at, "nd") ||
            word(scan, at, "rd") || word(scan, at, "th"))
            at++;
    } else {
        if (!number(scan, i, 2, &day) || !(month = month_of(scan, i + 1)))
            return false;
        at += 2;
        if (mark(scan, at, "."))
            at++;
    }
    if (mark(scan, at, ","))
        at++;
    if (!number(scan, at, 4, &year) || token(scan, at)->digits != 4 ||
        !set_day(m, year, month, day))
        return false;
    clock_at(scan, at + 1, m);
    return true;
}

static struct mud_civil local_now(const struct scan *scan, int64_t back)
{
    int64_t s = scan->rules->now / MUD_SECOND - back;
    return scan->rules->zone ? mud_zone_local(scan->rules->zone, s)
                             : mud_civil_of_unix(s);
}

/* 昨天 16:25, Yesterday at 08:25 AM, Сегодня в 10:00 */
static bool form_day(const struct scan *scan, size_t i, struct moment *m)
{
    static const struct {
        const char *text;
        int back;
    } days[] = {{"今天", 0},
                {"今日", 0},
                {"昨天", 1},
                {"昨日", 1},
                {"前天", 2},
                {"today", 0},
                {"yesterday", 1},
                {"сегодня", 0},
                {"Сегодня", 0},
                {"вчера", 1},
                {"Вчера", 1}};

    for (size_t k = 0; k < sizeof(days) / sizeof(days[0]); k++) {
        size_t n = word(scan, i, days[k].text) ? 1 : han(scan, i, days[k].text);
        if (!n || !scan->rules->now)
            continue;
        m->civil = local_now(scan, days[k].back * DAY);
        m->civil.hour = m->civil.minute = m->civil.second = 0;
        m->precision = MUD_TO_DAY;
        clock_at(scan, i + n, m);
        return true;
    }
    return false;
}

static const struct unit {
    const char *text;
    int64_t seconds;
    enum mud_precision precision;
} units[] = {
    {"秒", 1, MUD_TO_SECOND},
    {"分钟", 60, MUD_TO_MINUTE},
    {"分", 60, MUD_TO_MINUTE},
    {"小时", 3600, MUD_TO_HOUR},
    {"天", DAY, MUD_TO_DAY},
    {"日", DAY, MUD_TO_DAY},
    {"周", 7 * DAY, MUD_TO_MONTH},
    {"个月", 30 * DAY, MUD_TO_MONTH},
    {"月", 30 * DAY, MUD_TO_MONTH},
    {"年", 365 * DAY, MUD_TO_YEAR},
    {"second", 1, MUD_TO_SECOND},
    {"seconds", 1, MUD_TO_SECOND},
    {"sec", 1, MUD_TO_SECOND},
    {"minute", 60, MUD_TO_MINUTE},
    {"minutes", 60, MUD_TO_MINUTE},
    {"min", 60, MUD_TO_MINUTE},
    {"mins", 60, MUD_TO_MINUTE},
    {"hour", 3600, MUD_TO_HOUR},
    {"hours", 3600, MUD_TO_HOUR},
    {"day", DAY, MUD_TO_DAY},
    {"days", DAY, MUD_TO_DAY},
    {"week", 7 * DAY, MUD_TO_MONTH},
    {"weeks", 7 * DAY, MUD_TO_MONTH},
    {"month", 30 * DAY, MUD_TO_MONTH},
    {"months", 30 * DAY, MUD_TO_MONTH},
    {"year", 365 * DAY, MUD_TO_YEAR},
    {"years", 365 * DAY, MUD_TO_YEAR},
    {"минут", 60, MUD_TO_MINUTE},
    {"минуты", 60, MUD_TO_MINUTE},
    {"минуту", 60, MUD_TO_MINUTE},
    {"час", 3600, MUD_TO_HOUR},
    {"часа", 3600, MUD_TO_HOUR},
    {"часов", 3600, MUD_TO_HOUR},
    {"день", DAY, MUD_TO_DAY},
    {"дня", DAY, MUD_TO_DAY},
    {"дней", DAY, MUD_TO_DAY},
};

static bool ago(const struct scan *scan, size_t i)
{
    return mark(scan, i, "前") || word(scan, i, "ago") ||
           word(scan, i, "назад");
}

/* 3 小时前, 半小时前, 刚刚, an hour ago, just now */
static bool form_ago(const struct scan *scan, size_t i, struct moment *m)
{
    if (!scan->rules->now)
        return false;
    if (han(scan, i, "刚刚") ||
        (word(scan, i, "just") && word(scan, i + 1, "now"))) {
        m->civil = local_now(scan, 0);
        m->precision = MUD_TO_MINUTE;
        return true;
    }
    if (han(scan, i, "半小时前")) {
        m->civil =
            local_now(scan, INT64_C(45) * 60); /* engines mean 30 to 60 min */
        m->precision = MUD_TO_HOUR;
        return true;
    }
    int count = 1;
    if (!number(scan, i, 4, &count) &&
        !(word(scan, i, "a") || word(scan, i, "an")))
        return false;
    if (token(scan, i)->kind != K_NUMBER)
        count = 1;
    for (size_t k = 0; k < sizeof(units) / sizeof(units[0]); k++) {
        size_t n = word(scan, i + 1, units[k].text)
                       ? 1
                       : han(scan, i + 1, units[k].text);
        if (!n || !ago(scan, i + 1 + n))
            continue;
        m->civil = local_now(scan, count * units[k].seconds);
        m->precision = units[k].precision;
        return true;
    }
    return false;
}

static bool form_year_less(const struct scan *scan, size_t i, struct moment *m)
{
    int month, day; /* "11-21 08:25", "11月21日 08:25": this or last year */
    bool chinese = mark(scan, i + 1, "月") && mark(scan, i + 3, "日");
    if (!scan->rules->now || !number(scan, i, 2, &month) ||
        !number(scan, i + 2, 2, &day) || !(chinese || mark(scan, i + 1, "-")) ||
        (!chinese && mark(scan, i + 3, "-")))
        return false;
    struct mud_civil now = local_now(scan, 0);
    if (!set_day(m, now.year, month, day))
        return false;
    if (month > now.month || (month == now.month && day > now.day))
        m->civil.year--;
    clock_at(scan, i + (chinese ? 4 : 3), m);
    return chinese || m->precision != MUD_TO_DAY;
}

bool mud_date_find(int64_t *us, enum mud_precision *precision,
                   struct mud_str text, const struct mud_date_rules *rules)
{
    static bool (*const forms[])(
        const struct scan *, size_t, struct moment *) = {
        form_marks,
        form_han,
        form_words,
        form_ago,
        form_day,
        form_year_less,
    };
    if (text.n > 512)
        text.n = 512;
    struct scan scan = {.rules = rules};
    tokens(&scan, text);
    for (size_t i = 0; i < scan.n; i++) {
        for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++) {
            struct moment m = {0};
            if (!forms[k](&scan, i, &m))
                continue;
            int64_t unix_s = m.has_zone ? mud_civil_to_unix(&m.civil) - m.offset
                             : rules->zone
                                 ? mud_zone_to_unix(rules->zone, &m.civil)
                                 : mud_civil_to_unix(&m.civil);
            *us = unix_s * MUD_SECOND;
            *precision = m.precision;
            return true;
        }
    }
    return false;
}

bool mud_date_order_of(struct mud_str text, enum mud_date_order *order)
{
    for (size_t i = 0; i + 8 <= text.n && i < 512; i++) {
        struct mud_str day = mud_str_sub(text, i, i + 2);
        struct mud_str rest = mud_str_sub(text, i + 3, i + 5);
        uint64_t a, b, year;
        char join = text.s[i + 2];
        bool free = i == 0 || !digit(text.s[i - 1]);
        if (!free || (join != '-' && join != '/') || text.s[i + 5] != join ||
            !mud_str_u64(day, &a) || !mud_str_u64(rest, &b) ||
            !mud_str_u64(mud_str_sub(text, i + 6, i + 8), &year))
            continue;
        if ((a > 12) == (b > 12) || a > 31 || b > 31)
            continue;
        *order = a > 12 ? MUD_DATE_DMY : MUD_DATE_MDY;
        return true;
    }
    return false;
}

bool mud_date_relative(struct mud_str text)
{
    static const char *const words[] = {"前", "刚", "ago", "just", "назад"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mud_str_find(text, mud_str_z(words[i])) != MUD_NPOS)
            return mud_str_find(text, MUD_STR("前天")) == MUD_NPOS;
    return false;
}
