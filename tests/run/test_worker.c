/* A worker takes the analysts' terms as they are, round by round. */
#include "tests/run/runtest.h"

#include "graph/lexbook.h"

#include <stdio.h>

static void add(struct kit *kit, const char *term)
{
    struct mud_lexbook_edit one = {
        MUD_LEXBOOK_PUT,
        {.folded = mud_str_z(term),
         .term = mud_str_z(term),
         .kind = MUD_STR("product"),
         .sense = MUD_STR("bot_host")},
    };
    struct mud_lexbook_by by = {.home = kit->home, .who = "li"};
    struct mud_lexbook_done done;

    assert_ok(mud_lexbook_edit(&done, kit->pg, &one, 1, &by, &kit->err),
              &kit->err);
}

static bool refresh(struct kit *kit)
{
    bool anew = false;

    assert_ok(mud_worker_refresh(&kit->worker, &anew, &kit->err), &kit->err);
    return anew;
}

static bool reads(struct kit *kit, const char *text)
{
    struct mud_message message = {.text = mud_str_z(text)};
    struct mud_reading reading = {0};

    assert_ok(mud_read(&reading,
                       kit->worker.reader,
                       &message,
                       NULL,
                       kit->arena,
                       &kit->err),
              &kit->err);
    return reading.is_offer;
}

static const char *version(const struct kit *kit)
{
    return mudtest_text("%s", mud_reader_version(kit->worker.reader));
}

static void test_worker__reads_anew_when_the_lexicon_changes(void **state)
{
    struct kit kit;
    const char *before;

    (void)state;
    kit_open(&kit);
    before = version(&kit);
    assert_false(refresh(&kit));
    assert_false(reads(&kit, "出售泥锣串五百台，QQ9812345670"));
    add(&kit, "泥锣串");
    assert_true(refresh(&kit));
    assert_true(reads(&kit, "出售泥锣串五百台，QQ9812345670"));
    assert_string_not_equal(version(&kit), before);
    assert_false(refresh(&kit));
    /* A new connection keeps the reader. */
    before = version(&kit);
    assert_ok(mud_worker_reopen(&kit.worker, &kit.err), &kit.err);
    assert_string_equal(version(&kit), before);
    kit_close(&kit);
}

static void test_worker__a_hand_made_mirror_is_read_and_kept(void **state)
{
    struct kit kit;
    const char *path;

    (void)state;
    kit_open(&kit);
    add(&kit, "泥锣串");
    path = mudtest_text("%s/lexicon.tsv", kit.home);
    mudtest_write(path,
                  MUD_STR("term\tkind\tsense\n豆饼机\tproduct\tbot_host\n"));
    assert_true(refresh(&kit));
    assert_true(reads(&kit, "出售豆饼机五百台，QQ9812345670"));
    assert_true(kit.worker.by_hand);
    assert_has(mudtest_read(path), "豆饼机");
    /* One that no reader takes: the terms of before stay in use. */
    mudtest_write(path,
                  MUD_STR("term\tkind\tsense\n豆饼机\tproduct\tno_such\n"));
    assert_false(refresh(&kit));
    assert_true(reads(&kit, "出售豆饼机五百台，QQ9812345670"));
    kit_close(&kit);
}

/* Another host's change comes with the next round. */
static void test_worker__a_mirror_of_before_is_written_anew(void **state)
{
    struct kit kit;
    const char *path;

    (void)state;
    kit_open(&kit);
    path = mudtest_text("%s/lexicon.tsv", kit.home);
    add(&kit, "泥锣串");
    struct mud_str old = mudtest_read(path);
    add(&kit, "豆饼机");
    mudtest_write(path, old);
    assert_true(refresh(&kit));
    assert_has(mudtest_read(path), "豆饼机");
    assert_true(reads(&kit, "出售豆饼机五百台，QQ9812345670"));
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker__reads_anew_when_the_lexicon_changes),
        cmocka_unit_test(test_worker__a_hand_made_mirror_is_read_and_kept),
        cmocka_unit_test(test_worker__a_mirror_of_before_is_written_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
