/*
 * Values as others test them: the cases of Recognizers-Text (MIT), Duckling
 * (BSD-3) and cn2an (MIT), where shared material is at hand, and a table of
 * our own that needs none. For each file the share passed is printed, and what
 * was left out, by class: `excluded` says why each class does not apply to
 * adverts. MUD_VALUES_LIST=1 prints the cases that fail.
 */
#include "tests/nlp/values.h"

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
