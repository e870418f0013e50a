#include "parse/date_scan.h"

/* Forms are tried at each token; the first that reads wins. */

#define DAY INT64_C(86400) /* seconds */

struct moment { /* what a form has read */
    struct mud_civil civil;
    enum mud_precision precision;
    bool has_zone;
    int offset; /* seconds east of UTC */
};

/* "+08:00", "+0800", "Z", "UTC", "GMT" behind a time of day. */
static void zone_tail(const struct mud_date_scan *scan, size_t i,
                      struct moment *m)
{
    if (mud_date_word(scan, i, "z") || mud_date_word(scan, i, "utc") ||
        mud_date_word(scan, i, "gmt")) {
        m->has_zone = true;
        i++;
    }
    if (!mud_date_mark(scan, i, "+") && !mud_date_mark(scan, i, "-"))
        return;
    const struct mud_date_token *t = mud_date_token(scan, i + 1);
    int hours = t->value, minutes = 0;
    if (t->kind != MUD_DATE_NUMBER)
        return;
    if (t->digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (t->digits <= 2 && mud_date_mark(scan, i + 2, ":") &&
               mud_date_token(scan, i + 3)->digits == 2) {
        minutes = mud_date_token(scan, i + 3)->value;
    } else if (!(t->digits <= 2 && m->has_zone)) {
        return;
    }
    if (hours > 14 || minutes > 59)
        return;
    m->has_zone = true;
    m->offset = (hours * 60 + minutes) * 60;
    if (mud_date_mark(scan, i, "-"))
        m->offset = -m->offset;
}

/* 12-hour words in front (上午 3:00) or behind (3:00 pm). */
static int half_of_day(const struct mud_date_scan *scan, size_t i, size_t *n)
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
    if (mud_date_word(scan, i, "am"))
        return 1;
    if (mud_date_word(scan, i, "pm"))
        return 2;
    for (size_t k = 0; k < sizeof(halves) / sizeof(halves[0]); k++)
        if ((*n = mud_date_han(scan, i, halves[k].text)) > 0)
            return halves[k].half;
    *n = 0;
    return 0;
}

/* A time of day at token i, behind an optional ",", "at", "T", "в", "-". */
static void clock_at(const struct mud_date_scan *scan, size_t i,
                     struct moment *m)
{
    static const char *const joins[] = {",",    "at",  "t",   "в",    "on",
                                        "um",   "-",   "|",   "@",    "г",
                                        ".",    "о",   "a",   "las",  "à",
                                        "às",   "o",   "kl",  "alle", "u",
                                        "saat", "год", "року"};
    i += mud_date_weekday(scan, i);
    for (size_t k = 0; k < sizeof(joins) / sizeof(joins[0]); k++) {
        if (mud_date_word(scan, i, joins[k])) {
            i++;
            k = (size_t)-1;
        }
    }
    size_t used;
    int half = half_of_day(scan, i, &used), hour, minute, second = 0;
    i += used;
    bool has_second = false;
    if (!mud_date_number(scan, i, 2, &hour))
        return;
    if (mud_date_mark(scan, i + 1, ":") &&
        mud_date_number(scan, i + 2, 2, &minute)) {
        i += 3;
        if (mud_date_mark(scan, i, ":") &&
            mud_date_number(scan, i + 1, 2, &second)) {
            has_second = true;
            i += 2;
            if (mud_date_mark(scan, i, ".") &&
                mud_date_token(scan, i + 1)->kind == MUD_DATE_NUMBER)
                i += 2;
        }
    } else if ((mud_date_mark(scan, i + 1, "时") ||
                mud_date_mark(scan, i + 1, "点")) &&
               mud_date_number(scan, i + 2, 2, &minute)) {
        i += 3;
        if (mud_date_mark(scan, i, "分"))
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
static bool form_marks(const struct mud_date_scan *scan, size_t i,
                       struct moment *m)
{
    const struct mud_date_token *join = mud_date_token(scan, i + 1);
    if (!mud_str_eqz(join->text, "-") && !mud_str_eqz(join->text, "/") &&
        !mud_str_eqz(join->text, "."))
        return false;
    int a, b, c;
    if (!mud_date_number(scan, i, 4, &a) ||
        !mud_date_number(scan, i + 2, 2, &b) ||
        !mud_str_eq(mud_date_token(scan, i + 3)->text, join->text) ||
        !mud_date_number(scan, i + 4, 4, &c))
        return false;
    /* A longer chain is a phone number, an address or a version. */
    if (mud_str_eq(mud_date_token(scan, i + 5)->text, join->text) ||
        (i > 0 && mud_str_eq(mud_date_token(scan, i - 1)->text, join->text)))
        return false;
    bool ok;
    if (mud_date_token(scan, i)->digits == 4)
        ok = set_day(m, a, b, c);
    else if (mud_date_token(scan, i + 4)->digits == 3 ||
             mud_date_token(scan, i)->digits > 2)
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
static bool form_han(const struct mud_date_scan *scan, size_t i,
                     struct moment *m)
{
    int year, month, day;
    if (!mud_date_number(scan, i, 4, &year) ||
        !mud_date_mark(scan, i + 1, "年") ||
        !mud_date_number(scan, i + 2, 2, &month) ||
        !mud_date_mark(scan, i + 3, "月"))
        return false;
    if (!mud_date_number(scan, i + 4, 2, &day) ||
        !mud_date_mark(scan, i + 5, "日")) {
        bool ok = set_day(m, year, month, 1);
        m->precision = MUD_TO_MONTH;
        return ok;
    }
    if (!set_day(m, year, month, day))
        return false;
    clock_at(scan, i + 6, m);
    return true;
}

/* "3月 05, 2021 10:00 am": an English order with a Chinese month */
static bool form_han_words(const struct mud_date_scan *scan, size_t i,
                           struct moment *m)
{
    int year, month, day;
    if (!mud_date_number(scan, i, 2, &month) ||
        !mud_date_mark(scan, i + 1, "月") ||
        !mud_date_number(scan, i + 2, 2, &day) ||
        !mud_date_mark(scan, i + 3, ",") ||
        !mud_date_number(scan, i + 4, 4, &year) ||
        mud_date_token(scan, i + 4)->digits != 4 ||
        !set_day(m, year, month, day))
        return false;
    clock_at(scan, i + 5, m);
    return true;
}

/* 1st, 2nd, 3rd, 4th */
static size_t ordinal(const struct mud_date_scan *scan, size_t i)
{
    return mud_date_word(scan, i, "st") || mud_date_word(scan, i, "nd") ||
           mud_date_word(scan, i, "rd") || mud_date_word(scan, i, "th");
}

/* A month with a number behind it: names are looked up only there. */
static int month_first(const struct mud_date_scan *scan, size_t i, bool year)
{
    size_t at = i + 1 + mud_date_mark(scan, i + 1, ".");
    return mud_date_token(scan, i)->kind == MUD_DATE_WORD &&
                   mud_date_token(scan, at)->kind == MUD_DATE_NUMBER
               ? mud_date_month(scan, i, year)
               : 0;
}

/* Oct 06, 2026, 06:29 AM and 6 October 2026 14:29 */
static bool form_words(const struct mud_date_scan *scan, size_t i,
                       struct moment *m)
{
    int month = month_first(scan, i, true), day, year;
    size_t at = i;
    if (month) {
        if (mud_date_mark(scan, at + 1, "."))
            at++;
        if (!mud_date_number(scan, at + 1, 2, &day))
            return false;
        at += 2;
        at += ordinal(scan, at);
    } else {
        if (!mud_date_number(scan, i, 2, &day))
            return false;
        at += mud_date_mark(scan, i + 1, ".") ? 2 : 1;
        at += ordinal(scan, at);
        at += mud_date_word(scan, at, "de");
        if (!(month = mud_date_month(scan, at, true)))
            return false;
        at++;
        if (mud_date_mark(scan, at, "."))
            at++;
        at += mud_date_word(scan, at, "de");
    }
    if (mud_date_mark(scan, at, ","))
        at++;
    if (!mud_date_number(scan, at, 4, &year) ||
        mud_date_token(scan, at)->digits != 4 || !set_day(m, year, month, day))
        return false;
    clock_at(scan, at + 1, m);
    return true;
}

static struct mud_civil local_now(const struct mud_date_scan *scan,
                                  int64_t back)
{
    int64_t s = scan->rules->now / MUD_SECOND - back;
    return scan->rules->zone ? mud_zone_local(scan->rules->zone, s)
                             : mud_civil_of_unix(s);
}

/* 昨天 16:25, Yesterday at 08:25 AM, Сегодня в 10:00 */
static bool form_day(const struct mud_date_scan *scan, size_t i,
                     struct moment *m)
{
    int back;
    size_t n = scan->rules->now ? mud_date_day(scan, i, &back) : 0;
    if (!n)
        return false;
    m->civil = local_now(scan, back * DAY);
    m->civil.hour = m->civil.minute = m->civil.second = 0;
    m->precision = MUD_TO_DAY;
    clock_at(scan, i + n, m);
    return true;
}

static bool ago(const struct mud_date_scan *scan, size_t i)
{
    return mud_date_mark(scan, i, "前") || mud_date_word(scan, i, "ago") ||
           mud_date_word(scan, i, "назад") || mud_date_word(scan, i, "тому") ||
           mud_date_word(scan, i, "önce") || mud_date_word(scan, i, "temu") ||
           mud_date_word(scan, i, "atrás");
}

/* "vor 3 Stunden", "il y a 3 heures", "hace 3 horas", "há 3 horas" */
static bool ago_before(const struct mud_date_scan *scan, size_t i)
{
    return i > 0 && (mud_date_word(scan, i - 1, "vor") ||
                     mud_date_word(scan, i - 1, "hace") ||
                     mud_date_word(scan, i - 1, "há") ||
                     (i > 2 && mud_date_word(scan, i - 1, "a") &&
                      mud_date_word(scan, i - 2, "y") &&
                      mud_date_word(scan, i - 3, "il")));
}

/* "3", "a", "两"; 0: no count. */
static int count_at(const struct mud_date_scan *scan, size_t i)
{
    int count;
    if (mud_date_number(scan, i, 4, &count))
        return count;
    if (mud_date_word(scan, i, "a") || mud_date_word(scan, i, "an"))
        return 1;
    return mud_date_numeral(scan, i);
}

static bool now_words(const struct mud_date_scan *scan, size_t i)
{
    return mud_date_han(scan, i, "刚刚") || mud_date_han(scan, i, "剛剛") ||
           mud_date_han(scan, i, "刚才") || mud_date_han(scan, i, "剛才") ||
           (mud_date_word(scan, i, "только") &&
            mud_date_word(scan, i + 1, "что")) ||
           (mud_date_word(scan, i, "just") &&
            mud_date_word(scan, i + 1, "now")) ||
           ((mud_date_word(scan, i, "moment") ||
             mud_date_word(scan, i, "moments")) &&
            mud_date_word(scan, i + 1, "ago"));
}

/* 3 小时前, 半小时前, 刚刚, an hour ago, just now */
static bool form_ago(const struct mud_date_scan *scan, size_t i,
                     struct moment *m)
{
    if (!scan->rules->now)
        return false;
    if (now_words(scan, i)) {
        m->civil = local_now(scan, 0);
        m->precision = MUD_TO_MINUTE;
        return true;
    }
    if (mud_date_han(scan, i, "半小时前") ||
        mud_date_han(scan, i, "半小時前") ||
        (mud_date_word(scan, i, "half") && mud_date_word(scan, i + 1, "an") &&
         mud_date_word(scan, i + 2, "hour") &&
         mud_date_word(scan, i + 3, "ago"))) {
        m->civil =
            local_now(scan, INT64_C(45) * 60); /* engines mean 30 to 60 min */
        m->precision = MUD_TO_HOUR;
        return true;
    }
    int64_t seconds;
    enum mud_precision precision;
    int count = count_at(scan, i);
    if (!count && mud_date_token(scan, i)->kind != MUD_DATE_NUMBER)
        return false;
    size_t n = mud_date_unit(scan, i + 1, &seconds, &precision);
    if (!n || !(ago_before(scan, i) || ago(scan, i + 1 + n)))
        return false;
    m->civil = local_now(scan, count * seconds);
    m->precision = precision;
    return true;
}

static bool form_year_less(const struct mud_date_scan *scan, size_t i,
                           struct moment *m)
{
    int month, day; /* "11-21 08:25", "11月21日 08:25": this or last year */
    bool chinese =
        mud_date_mark(scan, i + 1, "月") && mud_date_mark(scan, i + 3, "日");
    if (!scan->rules->now || !mud_date_number(scan, i, 2, &month) ||
        !mud_date_number(scan, i + 2, 2, &day) ||
        !(chinese || mud_date_mark(scan, i + 1, "-")) ||
        (!chinese && mud_date_mark(scan, i + 3, "-")))
        return false;
    struct mud_civil now = local_now(scan, 0);
    if (!set_day(m, now.year, month, day))
        return false;
    if (month > now.month || (month == now.month && day > now.day))
        m->civil.year--;
    clock_at(scan, i + (chinese ? 4 : 3), m);
    return chinese || m->precision != MUD_TO_DAY;
}

/* Monday at 3:00 PM: the last day of that name before the fetch. */
static bool form_weekday(const struct mud_date_scan *scan, size_t i,
                         struct moment *m)
{
    static const char *const names[7][3] = {
        {"sunday", "воскресенье", "sonntag"},
        {"monday", "понедельник", "montag"},
        {"tuesday", "вторник", "dienstag"},
        {"wednesday", "среда", "mittwoch"},
        {"thursday", "четверг", "donnerstag"},
        {"friday", "пятница", "freitag"},
        {"saturday", "суббота", "samstag"}};
    if (!scan->rules->now)
        return false;
    for (int day = 0; day < 7; day++) {
        if (!mud_date_word(scan, i, names[day][0]) &&
            !mud_date_word(scan, i, names[day][1]) &&
            !mud_date_word(scan, i, names[day][2]))
            continue;
        struct mud_civil now = local_now(scan, 0);
        now.hour = now.minute = now.second = 0;
        /* 1970-01-01 was a Thursday. */
        int today = (int)((mud_civil_to_unix(&now) / DAY + 4) % 7);
        int back = (today - day + 7) % 7;
        m->civil = local_now(scan, (back ? back : 7) * DAY);
        m->civil.hour = m->civil.minute = m->civil.second = 0;
        m->precision = MUD_TO_DAY;
        clock_at(scan, i + 1, m);
        return m->precision != MUD_TO_DAY; /* a day alone is a word */
    }
    return false;
}

/* 6 окт в 10:00, Oct 6, 10:00 PM: this year or the last */
static bool form_words_bare(const struct mud_date_scan *scan, size_t i,
                            struct moment *m)
{
    int month = month_first(scan, i, false), day;
    size_t at = i + (month ? 1 : 0);
    if (!scan->rules->now)
        return false;
    if (month && mud_date_mark(scan, at, "."))
        at++;
    if (!mud_date_number(scan, at, 2, &day))
        return false;
    at++;
    if (!month) {
        if (mud_date_mark(scan, at, "."))
            at++;
        if (!(month = mud_date_month(scan, at, false)))
            return false;
        at++;
        if (mud_date_mark(scan, at, "."))
            at++;
    }
    struct mud_civil now = local_now(scan, 0);
    bool last = month > now.month || (month == now.month && day > now.day);
    if (!set_day(m, now.year - last, month, day))
        return false;
    clock_at(scan, at, m);
    return m->precision != MUD_TO_DAY;
}

/* A number alone: seconds or milliseconds since 1970. */
static bool form_epoch(const struct mud_date_scan *scan, size_t i,
                       struct moment *m)
{
    const struct mud_date_token *t = mud_date_token(scan, i);
    uint64_t n;
    if (scan->n != 1 || (t->digits != 10 && t->digits != 13) ||
        !mud_str_u64(t->text, &n))
        return false;
    int64_t s = (int64_t)(t->digits == 13 ? n / 1000 : n);
    if (s < INT64_C(631152000)) /* 1990 */
        return false;
    m->civil = mud_civil_of_unix(s);
    m->has_zone = true;
    m->precision = MUD_TO_SECOND;
    return true;
}

bool mud_date_find(int64_t *us, enum mud_precision *precision,
                   struct mud_str text, const struct mud_date_rules *rules)
{
    static bool (*const forms[])(
        const struct mud_date_scan *, size_t, struct moment *) = {
        form_marks,
        form_han,
        form_han_words,
        form_words,
        form_ago,
        form_day,
        form_year_less,
        form_weekday,
        form_words_bare,
        form_epoch,
    };
    if (text.n > 512)
        text.n = 512;
    struct mud_date_scan scan = {.rules = rules};
    mud_date_tokens(&scan, text);
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
        bool free = i == 0 || text.s[i - 1] < '0' || text.s[i - 1] > '9';
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
