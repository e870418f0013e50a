#include "graph/lexbook.h"

#include "base/conf.h"
#include "tests/graph/world.h"

struct book {
    struct mud_pg *pg;
    const char *home;
    struct mud_arena *arena;
};

static struct book book_open(void)
{
    return (struct book){.pg = mud_test_pg_open(mud_test_pg()),
                         .home = mudtest_dir(),
                         .arena = mud_arena_new()};
}

static void book_close(struct book *book)
{
    mud_pg_close(book->pg);
    mud_arena_free(book->arena);
}

static struct mud_lexrow row_of(const char *term)
{
    return (struct mud_lexrow){.folded = mud_str_z(term),
                               .term = mud_str_z(term),
                               .kind = MUD_STR("product"),
                               .sense = MUD_STR("bot_host"),
                               .since = MUD_STR("2026-11")};
}

static bool edit(struct book *book, enum mud_lexbook_do what,
                 struct mud_lexrow row, struct mud_lexbook_done *done,
                 struct mud_error *err)
{
    struct mud_lexbook_edit one = {what, row};
    struct mud_lexbook_by by = {
        .home = book->home, .who = "li", .reason = MUD_STR("a reason")};

    return mud_lexbook_edit(done, book->pg, &one, 1, &by, err);
}

static const char *mirror(const struct book *book)
{
    return mudtest_text("%s/lexicon.tsv", book->home);
}

static enum mud_lexbook_state state_of(struct book *book)
{
    enum mud_lexbook_state state = MUD_LEXBOOK_SAME;
    struct mud_error err = {0};

    assert_ok(mud_lexbook_mirror(&state, book->pg, book->home, &err), &err);
    return state;
}

static void test_lexbook__every_change_is_on_record(void **state)
{
    struct book book = book_open();
    struct mud_lexbook_done done;
    struct mud_error err = {0};
    struct mud_lexrow *rows;
    size_t n = 0;

    (void)state;
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("泥锣串"), &done, &err),
              &err);
    assert_int_equal(done.added, 1);
    assert_true(done.mirrored);
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("泥锣串"), &done, &err),
              &err);
    assert_int_equal(done.same, 1);
    assert_false(done.mirrored);
    assert_ok(edit(&book, MUD_LEXBOOK_DISABLE, row_of("泥锣串"), &done, &err),
              &err);
    assert_lacks(mudtest_read(mirror(&book)), "泥锣串");
    assert_ok(edit(&book, MUD_LEXBOOK_ENABLE, row_of("泥锣串"), &done, &err),
              &err);
    assert_has(mudtest_read(mirror(&book)), "泥锣串\tproduct\tbot_host\t");
    assert_ok(mud_lexbook_rows(&rows, &n, book.pg, book.arena, &err), &err);
    assert_int_equal(n, 1);
    assert_text(rows[0].added_by, "li");
    assert_text(rows[0].reason, "a reason");
    assert_true(rows[0].active && rows[0].added > 0);
    assert_ok(edit(&book, MUD_LEXBOOK_REMOVE, row_of("泥锣串"), &done, &err),
              &err);
    assert_int_equal(
        mud_test_pg_int(book.pg,
                        "SELECT count(*) FROM mud.lexicon_history WHERE "
                        "by = 'li' AND reason = 'a reason'"),
        4);
    assert_int_equal(
        mud_test_pg_int(book.pg,
                        "SELECT count(*) FROM mud.lexicon_history WHERE "
                        "action = 'remove' AND becomes IS NULL AND "
                        "was->>'term' = '泥锣串'"),
        1);
    assert_fails(edit(&book, MUD_LEXBOOK_REMOVE, row_of("泥锣串"), &done, &err),
                 &err,
                 MUD_EMISSING,
                 "泥锣串");
    book_close(&book);
}

static void test_lexbook__what_no_reader_takes_changes_nothing(void **state)
{
    struct book book = book_open();
    struct mud_lexbook_done done;
    struct mud_error err = {0};
    struct mud_lexrow bad = row_of("泥锣串");

    (void)state;
    bad.sense = MUD_STR("no_such");
    assert_fails(edit(&book, MUD_LEXBOOK_PUT, bad, &done, &err),
                 &err,
                 MUD_EINPUT,
                 "no_such");
    assert_int_equal(
        mud_test_pg_int(book.pg, "SELECT count(*) FROM mud.lexicon_entry"), 0);
    assert_int_equal(
        mud_test_pg_int(book.pg, "SELECT count(*) FROM mud.lexicon_history"),
        0);
    assert_false(mudtest_exists(mirror(&book)));
    assert_int_equal(state_of(&book), MUD_LEXBOOK_SAME);
    book_close(&book);
}

static void test_lexbook__tells_old_mirrors_from_hand_made_ones(void **state)
{
    struct book book = book_open();
    struct mud_lexbook_done done;
    struct mud_error err = {0};
    struct mud_str first, second;
    enum mud_lexbook_state is = MUD_LEXBOOK_SAME;
    bool written = false;

    (void)state;
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("泥锣串"), &done, &err),
              &err);
    first = mudtest_read(mirror(&book));
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("豆饼机"), &done, &err),
              &err);
    second = mudtest_read(mirror(&book));
    assert_int_equal(state_of(&book), MUD_LEXBOOK_SAME);

    /* As after a kill between commit and mirror, or on another host. */
    mudtest_write(mirror(&book), first);
    assert_int_equal(state_of(&book), MUD_LEXBOOK_OLD);
    assert_ok(mud_lexbook_sync(&is, &written, book.pg, book.home, false, &err),
              &err);
    assert_true(written);
    assert_bytes(mudtest_read(mirror(&book)), second);

    mudtest_write(mirror(&book), MUD_STR("term\tkind\n手工\tterm\n"));
    assert_int_equal(state_of(&book), MUD_LEXBOOK_HAND);
    assert_ok(mud_lexbook_sync(&is, &written, book.pg, book.home, false, &err),
              &err);
    assert_int_equal(is, MUD_LEXBOOK_HAND);
    assert_false(written);
    assert_has(mudtest_read(mirror(&book)), "手工");
    assert_fails(edit(&book, MUD_LEXBOOK_PUT, row_of("青瓦"), &done, &err),
                 &err,
                 MUD_EDENIED,
                 "changed by hand");
    assert_ok(mud_lexbook_sync(&is, &written, book.pg, book.home, true, &err),
              &err);
    assert_bytes(mudtest_read(mirror(&book)), second);
    assert_has(mudtest_read(mudtest_text("%s.old", mirror(&book))), "手工");

    (void)remove(mirror(&book));
    assert_int_equal(state_of(&book), MUD_LEXBOOK_OLD);
    book_close(&book);
}

static void test_lexbook__off_rows_come_before_the_others(void **state)
{
    struct book book = book_open();
    struct mud_lexbook_done done;
    struct mud_error err = {0};
    struct mud_lexrow off = row_of("四件套");
    struct mud_str text;

    (void)state;
    off.sense = MUD_STR("");
    off.off = true;
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("一一一"), &done, &err),
              &err);
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, row_of("四件套"), &done, &err),
              &err);
    assert_ok(edit(&book, MUD_LEXBOOK_PUT, off, &done, &err), &err);
    text = mudtest_read(mirror(&book));
    assert_true(mud_str_find(text, MUD_STR("\toff\t")) <
                mud_str_find(text, MUD_STR("一一一")));
    /* The analysts' own reading of it is what is left. */
    struct mud_reader *reader = NULL;
    struct mud_reading reading = {0};
    struct mud_message message = {.text = MUD_STR("出售四件套五百台")};

    assert_ok(mud_reader_new(&reader, mirror(&book), &err), &err);
    assert_ok(mud_read(&reading, reader, &message, NULL, book.arena, &err),
              &err);
    assert_true(reading.n_entities > 0);
    assert_text(reading.entities[0].kind, "bot_host");
    mud_reader_free(reader);
    book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lexbook__every_change_is_on_record),
        cmocka_unit_test(test_lexbook__what_no_reader_takes_changes_nothing),
        cmocka_unit_test(test_lexbook__tells_old_mirrors_from_hand_made_ones),
        cmocka_unit_test(test_lexbook__off_rows_come_before_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
