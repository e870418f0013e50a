#include "tests/support/mudtest.h"

#include "base/conf.h"
#include "parse/engine.h"
#include "parse/parse.h"

static struct mud_arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = mud_arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    mud_arena_free(arena);
    return 0;
}

static const char *samples(void)
{
    return mudtest_text("%s/samples/parse", mudtest_source());
}

static void test_engine__every_description_reads_its_samples(void **state)
{
    size_t named = 0;
    (void)state;
    for (const struct mud_engine *const *e = mud_engines(); *e; e++) {
        struct mud_error err = {0};
        assert_ok(mud_engine_check(*e, samples(), &err), &err);
        named += (*e)->name.n > 0;
        /* Each says how it was held against the engine. */
        assert_true(!(*e)->name.n || (*e)->verified.n);
    }
    assert_true(named >= 2);
    assert_non_null(mud_engine_find(MUD_STR("discuz")));
    assert_int_equal(mud_engine_find(MUD_STR("discuz"))->view, MUD_VIEW_THREAD);
    assert_null(mud_engine_find(MUD_STR("")));
    assert_null(mud_engine_find(MUD_STR("nosuch")));
}

/* Detection finds the description that a sample was made for, among all. */
static void test_engine__samples_are_known_by_their_marks(void **state)
{
    (void)state;
    for (const struct mud_engine *const *e = mud_engines(); *e; e++) {
        for (size_t i = 0; i < (*e)->n_samples; i++) {
            struct mud_error err = {0};
            struct mud_parsed p;
            struct mud_page_in in = {
                .url = (*e)->samples[i].url,
                .status = 200,
                .fetched_at = INT64_C(1795309800) * MUD_SECOND,
            };
            assert_ok(
                mud_file_read(&in.bytes,
                              mudtest_text("%s/%.*s",
                                           samples(),
                                           MUD_FMT((*e)->samples[i].file)),
                              1 << 20,
                              arena,
                              &err),
                &err);
            assert_ok(mud_parse_page(&p, &in, arena, &err), &err);
            assert_text(p.engine, mudtest_text("%.*s", MUD_FMT((*e)->name)));
            assert_text(mud_str_z(mud_page_kind_name(p.kind)),
                        mudtest_text("%.*s", MUD_FMT((*e)->samples[i].kind)));
        }
    }
}

/* The description of a file with one text put for another. */
static struct mud_engine *changed(const char *from, const char *to)
{
    struct mud_str text, out = {0};
    struct mud_error err = {0};
    struct mud_engine *engine = NULL;
    assert_ok(mud_file_read(&text,
                            mudtest_text("%s/parse/engines/discuz.engine",
                                         mudtest_source()),
                            1 << 20,
                            arena,
                            &err),
              &err);
    size_t at = mud_str_find(text, mud_str_z(from));
    assert_int_not_equal(at, MUD_NPOS);
    struct mud_str tail = mud_str_sub(text, at + strlen(from), text.n);
    out =
        mud_str_printf(arena, "%.*s%s%.*s", (int)at, text.s, to, MUD_FMT(tail));
    assert_ok(mud_engine_read(&engine, "changed.engine", out, arena, &err),
              &err);
    return engine;
}

static void test_engine__a_wrong_description_fails_its_samples(void **state)
{
    static const struct {
        const char *from, *to, *part;
    } rows[] = {
        {"node = div[id^=post_]", "node = div[id^=pst_]", "thread.html"},
        {"head = 发表于", "head = 写于", "thread.html"},
        {"signature = .sign", "signature = .sig", "thread.html"},
        {"kind = board #threadlisttableid\n",
         "kind = index #ct\n",
         "board.html"},
        {"zone = Asia/Shanghai", "zone = UTC", "thread.html"},
        {"refuse = formhash action", "refuse = formhash", "thread"},
        {"title = a.xst", "title = a.xxx", "board.html"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_engine *engine = changed(rows[i].from, rows[i].to);
        /* Samples are parsed with the description that was changed. */
        bool ok = mud_engine_check(engine, samples(), &err);
        if (ok)
            print_error("not noticed: \"%s\"\n", rows[i].from);
        assert_fails(ok, &err, MUD_EINPUT, rows[i].part);
    }
}

static void test_engine__refuses_slips_of_the_pen(void **state)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"[engine]\nname = x\n[post]\nbodi = div\n", "x.engine:4: bodi"},
        {"[engine]\nname = x\n[post]\nbody = div >\n", "x.engine:4: body"},
        {"[post]\nid = @id | shout\n", "unknown step \"shout\""},
        {"[post]\nid = @id | after\n", "unknown step \"after\""},
        {"[post]\nid = @id | look name\n", "look SELECTOR NAME"},
        {"[post]\nid = @id | look a > name\n", "x.engine:2: id"},
        {"[post]\nid = @id | url topic\n", "unknown step"},
        {"[url]\ntopic = x.php?t={thread}\n", "x.engine:2: topic"},
        {"[url]\nthread = x.php?t={tid}\n", "x.engine:2: thread"},
        {"[engine]\nkind = nonsense div\n", "unknown page kind nonsense"},
        {"[engine]\nsample = a.html\n", "x.engine:2: sample"},
        {"[engine\nname = x\n", "x.engine:1"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        struct mud_engine *engine;
        assert_fails(
            mud_engine_read(
                &engine, "x.engine", mud_str_z(rows[i].text), arena, &err),
            &err,
            MUD_EINPUT,
            rows[i].part);
    }
}

static void test_engine__a_description_needs_samples(void **state)
{
    struct mud_error err = {0};
    struct mud_engine *engine;
    (void)state;
    assert_ok(
        mud_engine_read(
            &engine, "x.engine", MUD_STR("[engine]\nname = x\n"), arena, &err),
        &err);
    assert_fails(mud_engine_check(engine, samples(), &err),
                 &err,
                 MUD_EINPUT,
                 "no samples");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engine__every_description_reads_its_samples),
        cmocka_unit_test(test_engine__samples_are_known_by_their_marks),
        cmocka_unit_test(test_engine__a_wrong_description_fails_its_samples),
        cmocka_unit_test(test_engine__refuses_slips_of_the_pen),
        cmocka_unit_test(test_engine__a_description_needs_samples),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
