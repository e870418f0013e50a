#include "nlp/context.h"

#include "base/conf.h"
#include "nlp/record.h"

#include "tests/nlp/reads.h"

enum {
    WRONG_MAX = 3 /* posts of the threads that may be read otherwise */
};

static struct mud_reading read_in(struct mud_context *context,
                                  const struct mud_message *m)
{
    struct mud_reading out = {0};
    struct mud_error err = {0};

    assert_ok(mud_read(&out, reads_reader, m, context, reads_arena, &err),
              &err);
    return out;
}

/* Does `got` follow the wish, in which "*" stands for any run of signs? */
static bool like(struct mud_str wish, struct mud_str got)
{
    size_t star = mud_str_chr(wish, '*');

    if (star == MUD_NPOS)
        return mud_str_eq(wish, got);
    return mud_str_starts(got, mud_str_sub(wish, 0, star)) &&
           mud_str_ends(got, mud_str_sub(wish, star + 1, wish.n));
}

static bool good(struct mud_str wish, const struct mud_reading *r,
                 const char **got)
{
    struct mud_str rest = wish, class;
    const char *verdict = mudtest_text("%s %s %s",
                                       mud_category_name(r->category),
                                       mud_direction_name(r->direction),
                                       r->is_offer ? "offer" : "no");

    *got = mudtest_text("%s; %s", verdict, reads_list(r, MUD_ENT_PRICE));
    (void)mud_str_cut(&rest, ';', &class);
    if (!like(class, mud_str_z(verdict)))
        return false;
    return rest.n == 0 ||
           like(mud_str_trim(rest), mud_str_z(reads_list(r, MUD_ENT_PRICE)));
}

static struct mud_str none_or(struct mud_str s)
{
    return mud_str_eqz(s, "-") ? mud_str_of("", 0) : s;
}

static void test_context__threads_of_our_own(void **state)
{
    struct mud_tsv tsv = {
        .rest = mudtest_read(
            mudtest_text("%s/tests/data/nlp/threads.tsv", mudtest_source()))};
    struct mud_context *context = mud_context_new();
    struct mud_str f[6], last = {0};
    size_t n;
    unsigned wrong = 0, posts = 0, threads = 0;

    (void)state;
    while (mud_tsv_next(&tsv, f, 6, &n)) {
        struct mud_message m = {.thread = f[0],
                                .id = f[1],
                                .author = f[2],
                                .reply_to = none_or(f[3]),
                                .text = f[5]};
        struct mud_reading r;
        const char *got;

        assert_int_equal(n, 6);
        threads += !mud_str_eq(last, f[0]);
        last = f[0];
        r = read_in(context, &m);
        posts++;
        if (!good(f[4], &r, &got)) {
            wrong++;
            print_message("threads.tsv line %u: want \"%.*s\", got \"%s\"\n",
                          tsv.line,
                          MUD_FMT(f[4]),
                          got);
        }
    }
    mud_context_free(context);
    print_message("%u of %u posts wrong\n", wrong, posts);
    assert_true(threads >= 30);
    assert_true(wrong <= WRONG_MAX);
}

/* Lines of a file are no thread: the same text is read the same anywhere. */
static void test_context__none_without_a_thread(void **state)
{
    struct mud_context *context = mud_context_new();
    struct mud_message buys = {
        .id = MUD_STR("1"), .text = MUD_STR("收国内肉鸡，有货的加Q9812009001")};
    struct mud_message sells = {
        .id = MUD_STR("2"),
        .text = MUD_STR("手工水饺，一包250元，订购电话13000000901")};
    struct mud_reading r = read_in(context, &buys);

    (void)state;
    assert_true(r.is_offer);
    r = read_in(context, &sells);
    assert_false(r.is_offer);
    assert_false(r.from_context);
    mud_context_free(context);
}

static void put_records(struct mud_buf *out, const struct mud_message *messages,
                        const struct mud_reading *readings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mud_record_write(
            out, reads_reader, &messages[i], &readings[i], true, reads_arena);
        mud_buf_c(out, '\n');
    }
}

/* Records of all messages, `each` read at a time. */
static struct mud_str records(const struct mud_message *messages, size_t n,
                              size_t each)
{
    struct mud_context *context = mud_context_new();
    struct mud_reading *readings =
        mud_arena_array(reads_arena, each, sizeof *readings);
    struct mud_error err = {0};
    struct mud_buf out = {0};
    struct mud_str all;

    for (size_t i = 0, some; i < n; i += some) {
        some = n - i < each ? n - i : each;
        assert_ok(mud_read_all(readings,
                               reads_reader,
                               messages + i,
                               some,
                               context,
                               reads_arena,
                               &err),
                  &err);
        put_records(&out, messages + i, readings, some);
    }
    all = mud_str_dup(mud_buf_view(&out), reads_arena);
    mud_buf_free(&out);
    mud_context_free(context);
    return all;
}

/* How many are read at a time changes nothing, though threads cross. */
static void test_context__many_at_once_as_one_by_one(void **state)
{
    enum {
        MOST = 200
    };
    struct mud_tsv tsv = {
        .rest = mudtest_read(
            mudtest_text("%s/tests/data/nlp/threads.tsv", mudtest_source()))};
    static struct mud_message messages[MOST];
    static const size_t each[] = {2, 7, MUD_READ_MOST, 50};
    struct mud_str f[6], alone;
    size_t n = 0, fields;

    (void)state;
    while (n < MOST && mud_tsv_next(&tsv, f, 6, &fields)) {
        messages[n++] = (struct mud_message){.thread = f[0],
                                             .id = f[1],
                                             .author = f[2],
                                             .reply_to = none_or(f[3]),
                                             .text = f[5],
                                             .explain = true};
    }
    assert_true(n > 5 * MUD_READ_MOST);
    alone = records(messages, n, 1);
    for (size_t i = 0; i < MUDTEST_ROWS(each); i++)
        assert_true(mud_str_eq(records(messages, n, each[i]), alone));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_context__threads_of_our_own),
        cmocka_unit_test(test_context__many_at_once_as_one_by_one),
        cmocka_unit_test(test_context__none_without_a_thread),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
