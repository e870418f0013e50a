/*
 * Messages of our own around each kind of mistake, in tests/data/nlp: what is
 * looked at, what it should be, the text. How many of a family are right may
 * not fall under `least`; 0 says that all of it must be right.
 */
#include "base/conf.h"

#include "tests/nlp/reads.h"

static const char *verdict(const struct mud_reading *r)
{
    return mudtest_text("%s %s %s",
                        mud_category_name(r->category),
                        mud_direction_name(r->direction),
                        r->is_offer ? "offer" : "no");
}

/* Prices, each with the product it is for: "2 CNY/record > lead; ...". */
static const char *offers(const struct mud_reading *r)
{
    struct mud_buf buf = {0};
    const char *out;

    for (size_t i = 0; i < r->n_entities; i++) {
        const struct mud_entity *e = &r->entities[i];

        if (e->type != MUD_ENT_PRICE)
            continue;
        if (buf.n)
            mud_buf_z(&buf, "; ");
        reads_entity(&buf, e);
        mud_buf_z(&buf, " > ");
        if (e->of >= 0)
            mud_buf_str(&buf, r->entities[e->of].kind);
        else
            mud_buf_z(&buf, "-");
    }
    out = mud_arena_dup(reads_arena, buf.s ? buf.s : "", buf.n);
    mud_buf_free(&buf);
    return out;
}

static const char *aspect(const struct mud_reading *r, struct mud_str name)
{
    if (mud_str_eqz(name, "class"))
        return verdict(r);
    if (mud_str_eqz(name, "victim"))
        return reads_list(r, MUD_ENT_VICTIM_DATA);
    if (mud_str_eqz(name, "contact"))
        return reads_list(r, MUD_ENT_CONTACT);
    if (mud_str_eqz(name, "indicator"))
        return reads_list(r, MUD_ENT_INDICATOR);
    if (mud_str_eqz(name, "price"))
        return reads_list(r, MUD_ENT_PRICE);
    if (mud_str_eqz(name, "offer"))
        return offers(r);
    if (mud_str_eqz(name, "quantity"))
        return reads_list(r, MUD_ENT_QUANTITY);
    assert_string_equal(mud_str_eqz(name, "product") ? "product" : "unknown",
                        "product");
    return reads_list(r, MUD_ENT_PRODUCT);
}

/* The text of a row: "\n" and "\t" stand for what they are in C. */
static const char *plain(struct mud_str s)
{
    char *out = mud_arena_alloc(reads_arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];

        if (c == '\\' && i + 1 < s.n &&
            (s.s[i + 1] == 'n' || s.s[i + 1] == 't'))
            c = s.s[++i] == 'n' ? '\n' : '\t';
        out[n++] = c;
    }
    out[n] = '\0';
    return out;
}

static void family(const char *name, unsigned least)
{
    struct mud_str text = mudtest_read(
        mudtest_text("%s/tests/data/nlp/%s.tsv", mudtest_source(), name));
    struct mud_tsv tsv = {.rest = text};
    struct mud_str f[5]; /* two more say what the row is about */
    size_t fields;
    unsigned right = 0, rows = 0;

    while (mud_tsv_next(&tsv, f, 5, &fields)) {
        struct mud_reading r;
        const char *got;
        bool good;

        assert_true(fields == 3 || fields == 5);
        r = reads(plain(f[2]));
        got = aspect(&r, f[0]);
        good = mud_str_eqz(f[1], got);
        rows++;
        right += good;
        if (!good)
            print_message("%s.tsv line %u: want \"%.*s\", got \"%s\"\n",
                          name,
                          tsv.line,
                          MUD_FMT(f[1]),
                          got);
    }
    print_message("%s: %u of %u\n", name, right, rows);
    assert_true(rows > 0);
    assert_true(right >= (least ? least : rows));
}

static void test_families__victims_data(void **state)
{
    (void)state;
    family("victim", 0);
}

static void test_families__accused_contacts(void **state)
{
    (void)state;
    family("accused", 0);
}

static void test_families__contacts_in_disguise(void **state)
{
    (void)state;
    family("contact", 0);
}

static void test_families__looks_like_a_contact(void **state)
{
    (void)state;
    family("lookalike", 0);
}

static void test_families__indicators(void **state)
{
    (void)state;
    family("indicator", 0);
}

static void test_families__trade_by_its_names(void **state)
{
    (void)state;
    family("class", 125);
}

static void test_families__near_misses(void **state)
{
    (void)state;
    family("benign", 160);
}

static void test_families__prices_and_counts(void **state)
{
    (void)state;
    family("price", 268);
    family("quantity", 36);
}

static void test_families__patterns_of_obfuscation(void **state)
{
    (void)state;
    family("obfuscation", 249);
}

static void test_families__goods(void **state)
{
    (void)state;
    family("product", 278);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families__victims_data),
        cmocka_unit_test(test_families__accused_contacts),
        cmocka_unit_test(test_families__contacts_in_disguise),
        cmocka_unit_test(test_families__looks_like_a_contact),
        cmocka_unit_test(test_families__indicators),
        cmocka_unit_test(test_families__trade_by_its_names),
        cmocka_unit_test(test_families__near_misses),
        cmocka_unit_test(test_families__prices_and_counts),
        cmocka_unit_test(test_families__patterns_of_obfuscation),
        cmocka_unit_test(test_families__goods),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
