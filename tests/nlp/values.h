/*
 * Reading the numbers, amounts, measures and ranges of a text, holding them
 * against what is wanted, and counting what was passed and what was left out.
 */
#ifndef MUD_TESTS_NLP_VALUES_H
#define MUD_TESTS_NLP_VALUES_H

#include <math.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "nlp/amount.h"

#include "tests/nlp/reads.h"

#define OPEN __builtin_nan("")

enum {
    VALUES_MAX = 32
};

enum kind {
    NUMBER = 1,
    MONEY = 2,
    PERCENT = 4,
    MEASURE = 8,
    RANGE = 16
};

struct value { /* an open side is NAN */
    double min, max;
    struct mud_str unit; /* of money and measures */
};

struct values {
    struct value at[VALUES_MAX];
    size_t n;
};

static const struct {
    const char *sign; /* in the text; parted by '|' */
    const char *why;
    unsigned kinds;
} excluded[] = {
    {"", "numbers broken by blanks", 0},
    {"负|負|-1|-.|- 1|-2|-5|-3|-0|-4|minus|negative|－",
     "below zero: no price is",
     NUMBER | MONEY | PERCENT | MEASURE},
    {"分之|份一|份十|又|/|half",
     "fractions: prices are tenths and percents",
     NUMBER},
    {"百万分|千万分|万万分", "fractions below a thousandth", PERCENT},
    {"兆", "兆: a million or 10^12, by region", NUMBER | MONEY},
    {"对|對|双|雙|打|卌", "pairs, dozens, 40 in one sign", NUMBER},
    {"one|two|three|four|five|six|seven|eight|nine|ten|twen|thir|for|fif|sev|"
     "eleven|hundred|thousand| a dollar|zero|couple|few|dozen",
     "English numbers in words: adverts write digits",
     NUMBER | MONEY},
    {"billion| crore| lakh", "scales beyond what is asked for", MONEY},
    {"and 43| 43| and one|fourteen| cents",
     "cents behind dollars in words",
     MONEY},
    {"e+|E+|^|10的|次方|e1", "powers of ten", NUMBER},
    {"0x", "hexadecimal", NUMBER},
    {"四川|陆地|大陆|海陆|登陆|队伍|退伍|入伍|伍仁|放肆|肆意|肆无|拾取|拾起|拾到|"
     "夕拾|九九|十足|一看|两两|美刀|一美元|一折|一点两|点两",
     "numerals inside words and before units: a price needs more",
     NUMBER},
    {".7|.5|.0012|.234|2e5|E0|2222.|五十千|倆|一半|1半|半个|半個|M|lakh|lkh|"
     "30 l|point|nought|naught|nil|single|pair|ONE",
     "ways to write that no advert has",
     NUMBER},
    {"個半|個九|三個一毫", "個 as money, of spoken Cantonese", MONEY},
    {"half|quarter|MEUR|MGBP|MAUD|dollar 22|USD million|15.|50.|USD 25|"
     "30 cent|1 $|12-cent|c $|3 GBP 1|4 kop|三美分|5日本|20210|from $ 659",
     "sums said in two parts, in words of finance, or a row of figures",
     MONEY},
    {"对折|對折|半价|十折|七成 六|百分之百|二三十|http",
     "said in a word, or no amount",
     PERCENT},
    {"半|250m|pm|一位",
     "half behind its unit; letters that are no unit",
     MEASURE},
    {"大于|小于|之间|间|比|等于|不小|少于|低于|至少|最多|排名|≥|<|之下|或者|"
     "超过|过20|之间",
     "comparisons of a query, no amounts",
     RANGE},
    {"几|幾|多亿|余亿", "vague on purpose: both sides are open here", RANGE},
    {"百 分|十 点|个 百", "words broken by blanks", PERCENT},
};

static bool holds(struct mud_str text, const char *signs)
{
    struct mud_str list = mud_str_z(signs), sign;

    while (mud_str_cut(&list, '|', &sign)) {
        if (sign.n && mud_str_find(text, sign) != MUD_NPOS)
            return true;
    }
    return false;
}

/* Is a number broken by blanks: "三千 九百", "7 2 折", "1 0"? */
static bool broken(struct mud_str text)
{
    uint32_t before = 0;
    bool blank = false;

    for (size_t at = 0; at < text.n;) {
        uint32_t c = mud_utf8_next(text, &at);
        bool numeral = mud_number_starts(c) || c == 0x70B9 || c == 0x9EDE ||
                       c == 0x5206 || c == 0x4F59 || c == 0x51E0 ||
                       c == 0x5E7E || c == 0x6298 || c == 0x6210 ||
                       c == 0x4E4B || (c >= 0xFF10 && c <= 0xFF19);

        if (c == ' ') {
            blank = before != 0;
            continue;
        }
        if (blank && numeral && (before > 0x2000 || c > 0x2000))
            return true;
        blank = false;
        before = numeral ? c : 0;
    }
    return false;
}

/* Why a case is left out, or -1. */
static int left_out(struct mud_str text, unsigned kind)
{
    if (kind & (NUMBER | PERCENT) && broken(text))
        return 0;
    for (size_t i = 0; i < MUDTEST_ROWS(excluded); i++) {
        if (excluded[i].kinds & kind && holds(text, excluded[i].sign))
            return (int)i;
    }
    return -1;
}

static void add(struct values *v, double min, double max, struct mud_str unit)
{
    if (v->n < VALUES_MAX)
        v->at[v->n++] = (struct value){min, max, unit};
}

static struct mud_scan *scan_of(struct mud_str text)
{
    struct mud_scan *s = mud_arena_alloc(reads_arena, sizeof *s);

    mud_scan_begin(s, reads_reader, text, reads_arena);
    return s;
}

static void read_numbers(struct values *out, const struct mud_scan *s)
{
    for (uint32_t i = 1; i <= s->n_marks; i++) {
        const struct mud_number *n = s->marks[i].type == MUD_MARK_NUMBER
                                         ? &s->numbers[s->marks[i].hit]
                                         : NULL;

        if (n)
            add(out, n->min, n->max, MUD_STR(""));
    }
}

static void read_amounts(struct values *out, const struct mud_scan *s,
                         bool percent)
{
    for (uint32_t i = 1; i <= s->n_marks;) {
        struct mud_amount a;

        if (!mud_amount_read(&a, s, i) || a.currency == MUD_CUR_NONE ||
            (a.currency == MUD_CUR_PCT) != percent) {
            i++;
            continue;
        }
        add(out,
            a.open_min ? OPEN : a.min,
            a.open_max ? OPEN : a.max,
            percent ? MUD_STR("") : mud_currency_name(a.currency));
        i = a.last + 1;
    }
}

static void read_measures(struct values *out, const struct mud_scan *s)
{
    for (uint32_t i = 1; i < s->n_marks; i++) {
        const struct mud_number *n = mud_number_mark(s, i);
        const struct mud_meaning *u = mud_unit_at(s, i + 1);

        if (n && u)
            add(out,
                n->min * u->by,
                n->max * u->by,
                mud_str_z(mud_unit_name(u->code)));
    }
}

/* Numbers and their limits: "20~100", "1000以上". */
static void read_ranges(struct values *out, const struct mud_scan *s)
{
    for (uint32_t i = 1; i <= s->n_marks;) {
        struct mud_amount a;

        if (!mud_amount_read(&a, s, i)) {
            i++;
            continue;
        }
        add(out,
            a.open_min ? OPEN : a.min,
            a.open_max ? OPEN : a.max,
            MUD_STR(""));
        i = a.last + 1;
    }
}

static struct values read_values(struct mud_str text, unsigned kind)
{
    struct values out = {.n = 0};
    struct mud_scan *s = scan_of(text);

    switch (kind) {
    case NUMBER:
        read_numbers(&out, s);
        break;
    case MONEY:
    case PERCENT:
        read_amounts(&out, s, kind == PERCENT);
        break;
    case RANGE:
        read_ranges(&out, s);
        break;
    default:
        read_measures(&out, s);
        break;
    }
    return out;
}

static bool near(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return fabs(a - b) <= 1e-6 * fmax(1, fabs(a));
}

/* "$" and 块 are whose they are where they are said: any home currency. */
static bool same_unit(struct mud_str want, struct mud_str got)
{
    return want.n == 0 || mud_str_eq(want, got) ||
           (mud_str_eqz(want, "HOME") &&
            (mud_str_eqz(got, "CNY") || mud_str_eqz(got, "HKD") ||
             mud_str_eqz(got, "USD")));
}

/* Are the wanted values all there, and none besides? */
static bool same(const struct values *want, const struct values *got)
{
    bool used[VALUES_MAX] = {false};

    if (want->n != got->n)
        return false;
    for (size_t i = 0; i < want->n; i++) {
        size_t k = 0;

        while (k < got->n &&
               (used[k] || !near(want->at[i].min, got->at[k].min) ||
                !near(want->at[i].max, got->at[k].max) ||
                !same_unit(want->at[i].unit, got->at[k].unit)))
            k++;
        if (k == got->n)
            return false;
        used[k] = true;
    }
    return true;
}

struct tally {
    size_t all, passed, out, why[MUDTEST_ROWS(excluded)], unknown;
};

static void judge(struct tally *t, struct mud_str text,
                  const struct values *want, unsigned kind)
{
    struct values got = read_values(text, kind);
    bool good = same(want, &got);
    int why = good ? -1 : left_out(text, kind);

    t->all++;
    t->passed += good;
    if (why >= 0) {
        t->out++;
        t->why[why]++;
    } else if (!good && getenv("MUD_VALUES_LIST")) {
        print_message("  %.*s: want", MUD_FMT(text));
        for (size_t i = 0; i < want->n; i++)
            print_message(" %.10g..%.10g%.*s",
                          want->at[i].min,
                          want->at[i].max,
                          MUD_FMT(want->at[i].unit));
        print_message(", got");
        for (size_t i = 0; i < got.n; i++)
            print_message(" %.10g..%.10g%.*s",
                          got.at[i].min,
                          got.at[i].max,
                          MUD_FMT(got.at[i].unit));
        print_message("\n");
    }
}

static void report(const struct tally *t, const char *name, unsigned least)
{
    size_t fit = t->all - t->out - t->unknown;

    print_message("%s: %zu of %zu that apply (%zu %%), %zu in all\n",
                  name,
                  t->passed,
                  fit,
                  fit ? t->passed * 100 / fit : 0,
                  t->all);
    if (t->unknown)
        print_message(
            "    %zu: units that nothing here is counted or paid in\n",
            t->unknown);
    for (size_t i = 0; i < MUDTEST_ROWS(excluded); i++) {
        if (t->why[i])
            print_message("    %zu: %s\n", t->why[i], excluded[i].why);
    }
    assert_true(fit > 0);
    assert_true(t->passed * 100 >= fit * least);
}

#endif
