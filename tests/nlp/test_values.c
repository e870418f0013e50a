/*
 * Values as others test them: the cases of Recognizers-Text (MIT), Duckling
 * (BSD-3) and cn2an (MIT), where shared material is at hand, and a table of
 * our own that needs none. For each file the share passed is printed, and what
 * was left out, by class: `excluded` says why each class does not apply to
 * adverts. MUD_VALUES_LIST=1 prints the cases that fail.
 */
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

/* What others call a unit: the name here and its factor. */
static const struct {
    const char *theirs, *ours;
    double by;
    unsigned kind;
} units[] = {
    {"Dollar", "USD", 1, MONEY},
    {"Cent", "USD", 0.01, MONEY},
    {"Pound", "GBP", 1, MONEY},
    {"Bitcoin", "BTC", 1, MONEY},
    {"Kilogram", "kg", 1, MEASURE},
    {"Ton", "kg", 1000, MEASURE},
    {"Jin", "kg", 0.5, MEASURE},
    {"Gram", "gram", 1, MEASURE},
    {"Meter", "meter", 1, MEASURE},
    {"Kilometer", "meter", 1000, MEASURE},
};

static bool unit_of(struct value *v, struct mud_str theirs, struct mud_str iso,
                    unsigned kind)
{
    for (size_t i = 0; i < MUDTEST_ROWS(units); i++) {
        if (units[i].kind == kind && mud_str_eqz(theirs, units[i].theirs)) {
            v->unit = mud_str_z(units[i].ours);
            v->min *= units[i].by;
            v->max *= units[i].by;
            return true;
        }
    }
    for (unsigned c = 1; kind == MONEY && c < MUD_CUR_COUNT; c++) {
        if (iso.n && mud_str_eq(mud_currency_name(c), iso)) {
            v->unit = iso;
            return true;
        }
    }
    return false;
}

static double number_of(struct mud_str text)
{
    return strtod(mudtest_text("%.*s", MUD_FMT(text)), NULL);
}

/* "[20,100)", "(500,)": ends that are left out or in are not told apart. */
static struct value range_of(struct mud_str text)
{
    size_t comma = mud_str_find(text, MUD_STR(","));
    struct mud_str a = mud_str_sub(text, 1, comma),
                   b = mud_str_sub(text, comma + 1, text.n - 1);

    return (struct value){
        a.n ? number_of(a) : OPEN, b.n ? number_of(b) : OPEN, MUD_STR("")};
}

static bool wanted(struct values *want, const json_t *c, unsigned kind)
{
    const json_t *results = json_object_get(c, "Results"), *one;
    size_t i;

    json_array_foreach(results, i, one)
    {
        const json_t *r = json_object_get(one, "Resolution");
        struct mud_str text = mud_json_get_str(r, "value");
        struct value v = {.min = number_of(text)};

        if (text.n == 0)
            continue; /* a currency without an amount */
        v.max = v.min;
        if (text.s[0] == '(' || text.s[0] == '[')
            v = range_of(text);
        if (kind & (MONEY | MEASURE) &&
            !unit_of(&v,
                     mud_json_get_str(r, "unit"),
                     mud_json_get_str(r, "isoCurrency"),
                     kind))
            return false;
        if (want->n < VALUES_MAX)
            want->at[want->n++] = v;
    }
    return true;
}

static void recognizers(const char *name, unsigned kind, unsigned least)
{
    struct mud_error err = {0};
    struct tally t = {.all = 0};
    json_t *cases, *c;
    size_t i;

    if (!mudtest_shared())
        skip();
    cases = mud_json_read(
        mudtest_read(mudtest_text(
            "%s/data/values/recognizers-text/%s.json", mudtest_shared(), name)),
        &err);
    assert_non_null(cases);
    json_array_foreach(cases, i, c)
    {
        struct values want = {.n = 0};

        if (wanted(&want, c, kind)) {
            judge(&t, mud_json_get_str(c, "Input"), &want, kind);
        } else {
            t.all++;
            t.unknown++;
        }
    }
    report(&t, name, least);
    json_decref(cases);
}

/* "\\x20ac" and "\\&" of Haskell's strings. */
static struct mud_str unescaped(struct mud_str s)
{
    struct mud_buf buf = {0};
    const char *out;
    size_t n;

    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\\' && i + 1 < s.n && s.s[i + 1] == '&') {
            i++;
        } else if (s.s[i] == '\\' && i + 1 < s.n && s.s[i + 1] == 'x') {
            char *end = NULL;
            char hex[9] = {0}, utf8[4];

            memcpy(hex, s.s + i + 2, s.n - i - 2 < 4 ? s.n - i - 2 : 4);
            mud_buf_put(&buf,
                        utf8,
                        mud_utf8_put((uint32_t)strtoul(hex, &end, 16), utf8));
            i += 1 + (size_t)(end - hex);
        } else {
            mud_buf_c(&buf, s.s[i]);
        }
    }
    n = buf.n;
    out = mud_arena_dup(reads_arena, buf.s ? buf.s : "", n);
    mud_buf_free(&buf);
    return mud_str_of(out, n);
}

/* "simple Cent 5", "between Dollar (5.6, 5.78)", "NumeralValue 7". */
static bool duckling_value(struct values *want, struct mud_str text,
                           unsigned kind, bool home)
{
    struct mud_str how, unit = MUD_STR("");
    struct value v = {.min = OPEN, .max = OPEN};
    double by = 1;

    if (!mud_str_cut(&text, ' ', &how) ||
        (kind == MONEY && !mud_str_cut(&text, ' ', &unit)))
        return false;
    if (mud_str_eqz(how, "between")) {
        v = range_of(text);
    } else {
        v.min = number_of(text);
        v.max = v.min;
    }
    if (mud_str_eqz(how, "under"))
        v.min = OPEN;
    if (mud_str_eqz(how, "above"))
        v.max = OPEN;
    if (kind == MONEY && home &&
        (mud_str_eqz(unit, "Dollar") || mud_str_eqz(unit, "Cent"))) {
        by = mud_str_eqz(unit, "Cent") ? 0.01 : 1;
        v.unit = MUD_STR("HOME");
        v.min *= by;
        v.max *= by;
    } else if (kind == MONEY && !unit_of(&v, unit, unit, kind)) {
        return false;
    }
    add(want, v.min, v.max, v.unit);
    return true;
}

static void duckling(const char *name, unsigned kind, bool home, unsigned least)
{
    struct tally t = {.all = 0};
    struct mud_str text, line, value;

    if (!mudtest_shared())
        skip();
    text = mudtest_read(
        mudtest_text("%s/data/values/duckling/%s.tsv", mudtest_shared(), name));
    while (mud_str_line(&text, &line)) {
        struct values want = {.n = 0};

        if (!mud_str_cut(&line, '\t', &value))
            continue;
        if (mud_str_find(value, MUD_STR("(-")) != MUD_NPOS) {
            t.all++;
            t.out++;
            t.why[1]++;
        } else if (duckling_value(&want, value, kind, home)) {
            judge(&t, unescaped(line), &want, kind);
        } else {
            t.all++;
            t.unknown++;
        }
    }
    report(&t, name, least);
}

static void test_values__of_recognizers_text(void **state)
{
    (void)state;
    recognizers("Number_Chinese_NumberModel", NUMBER, 94);
    recognizers("Number_Chinese_NumberRangeModel", RANGE, 90);
    recognizers("Number_Chinese_PercentModel", PERCENT, 95);
    recognizers("NumberWithUnit_Chinese_CurrencyModel", MONEY, 90);
    recognizers("NumberWithUnit_Chinese_DimensionModel", MEASURE, 85);
    recognizers("NumberWithUnit_English_CurrencyModel", MONEY, 90);
}

static void test_values__of_duckling(void **state)
{
    (void)state;
    duckling("Numeral-ZH-Corpus", NUMBER, true, 95);
    duckling("AmountOfMoney-ZH-Corpus", MONEY, true, 90);
    duckling("Numeral-EN-Corpus", NUMBER, false, 90);
    duckling("AmountOfMoney-EN-Corpus", MONEY, false, 85);
}

static void test_values__of_cn2an(void **state)
{
    struct tally t = {.all = 0};
    struct mud_str text, line, set, word;

    (void)state;
    if (!mudtest_shared())
        skip();
    text = mudtest_read(
        mudtest_text("%s/data/values/cn2an/cn2an_test.tsv", mudtest_shared()));
    while (mud_str_line(&text, &line)) {
        struct values want = {.n = 0};
        double value;

        /* the error sets hold no values */
        if (!mud_str_cut(&line, '\t', &set) ||
            mud_str_starts(set, MUD_STR("error")) ||
            !mud_str_cut(&line, '\t', &word))
            continue;
        value = number_of(line);
        add(&want, value, value, MUD_STR(""));
        judge(&t, word, &want, NUMBER);
    }
    report(&t, "cn2an", 93);
}

/* "12.5 CNY", "3..5 USD", "100..- BTC": one value of our own table. */
static struct value own_value(struct mud_str text)
{
    struct mud_str number, low;
    struct value v;
    size_t dots;

    (void)mud_str_cut(&text, ' ', &number);
    dots = mud_str_find(number, MUD_STR(".."));
    low = mud_str_sub(number, 0, dots == MUD_NPOS ? number.n : dots);
    v.min = mud_str_eqz(low, "-") ? OPEN : number_of(low);
    v.max = v.min;
    if (dots != MUD_NPOS) {
        struct mud_str high = mud_str_sub(number, dots + 2, number.n);

        v.max = mud_str_eqz(high, "-") ? OPEN : number_of(high);
    }
    v.unit = text;
    return v;
}

static unsigned kind_of(struct mud_str name)
{
    return mud_str_eqz(name, "number")    ? NUMBER
           : mud_str_eqz(name, "money")   ? MONEY
           : mud_str_eqz(name, "percent") ? PERCENT
           : mud_str_eqz(name, "range")   ? RANGE
           : mud_str_eqz(name, "measure") ? MEASURE
                                          : 0U;
}

static void test_values__of_our_own(void **state)
{
    struct mud_str text = mudtest_read(
        mudtest_text("%s/tests/data/nlp/values.tsv", mudtest_source()));
    struct mud_tsv tsv = {.rest = text};
    struct mud_str f[3];
    size_t fields, rows = 0, wrong = 0;

    (void)state;
    while (mud_tsv_next(&tsv, f, 3, &fields)) {
        struct values want = {.n = 0}, got;
        struct mud_str list, one;

        assert_int_equal(fields, 3);
        assert_int_not_equal(kind_of(f[0]), 0);
        list = f[1];
        while (mud_str_cut(&list, ';', &one)) {
            struct value v = own_value(mud_str_trim(one));

            if (one.n)
                add(&want, v.min, v.max, v.unit);
        }
        got = read_values(f[2], kind_of(f[0]));
        rows++;
        if (same(&want, &got))
            continue;
        wrong++;
        print_message("values.tsv line %u: %.*s: want %.*s, got",
                      tsv.line,
                      MUD_FMT(f[2]),
                      MUD_FMT(f[1]));
        for (size_t i = 0; i < got.n; i++)
            print_message(" %.10g..%.10g %.*s;",
                          got.at[i].min,
                          got.at[i].max,
                          MUD_FMT(got.at[i].unit));
        print_message("\n");
    }
    assert_true(rows > 150);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values__of_our_own),
        cmocka_unit_test(test_values__of_cn2an),
        cmocka_unit_test(test_values__of_recognizers_text),
        cmocka_unit_test(test_values__of_duckling),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
