#include "place.h"

#include "base/json.h"
#include "evidence/ledger.h"

#include <unistd.h>

static int64_t note(struct place *p, const char *op, const char *detail)
{
    struct mud_ledger_entry entry = {.op = op,
                                     .object = MUD_STR("thing"),
                                     .actor = MUD_STR("alice"),
                                     .detail = mud_str_z(detail)};
    struct mud_error err = {0};

    assert_ok(mud_ledger_note(p->pg, p->home, &entry, &err), &err);
    return entry.seq;
}

static const char *copy_path(const struct place *p)
{
    return mudtest_text("%s/ledger/ledger.jsonl", p->home);
}

static void test_ledger__lines_are_canonical(void **state)
{
    struct place p = place_new();
    struct mud_str text, line;

    (void)state;
    assert_int_equal(
        note(&p, "view", " { \"b\" : [1, 2.5], \"a\":\"页\\u0041\" } "), 1);
    assert_int_equal(note(&p, "export", ""), 2);
    text = mudtest_read(copy_path(&p));
    assert_true(mud_str_line(&text, &line));
    assert_has(line,
               "{\"actor\":\"alice\",\"detail\":{\"format\":1},\"object\":"
               "\"ledger\",\"op\":\"open\",\"prev\":\"00000000");
    assert_has(line, "\",\"seq\":0,\"ts\":\"20");
    assert_true(mud_str_line(&text, &line));
    assert_has(line, "\"detail\":{\"a\":\"页A\",\"b\":[1,2.5]},");
    assert_true(mud_str_line(&text, &line));
    assert_has(line, "\"detail\":{},\"object\":\"thing\",\"op\":\"export\"");
    assert_int_equal(text.n, 0);
    all_good(&p);
    place_free(&p);
}

/*
 * A host whose clock was an hour ahead wrote last; then the others, whose clocks
 * are right, and one that was set back: times stand still until they are caught up
 * with, and never go back.
 */
static void test_ledger__times_never_go_back_across_hosts(void **state)
{
    struct place p = place_new();
    struct mud_pg *other = mud_test_pg_open(p.dsn);
    struct mud_ledger_entry entry = {
        .op = "view", .object = MUD_STR("thing"), .actor = MUD_STR("bob")};
    struct mud_error err = {0};

    (void)state;
    note(&p, "view", "");
    mud_test_pg_exec(
        p.pg,
        "WITH h AS (SELECT seq + 1 AS seq, encode(hash, 'hex') AS prev, "
        "date_trunc('second', now()) + interval '1 hour' AS at FROM mud.ledger "
        "ORDER BY seq DESC LIMIT 1), l AS (SELECT seq, at, format("
        "'{\"actor\":\"far\",\"detail\":{},\"object\":\"x\",\"op\":"
        "\"view\",\"prev\":\"%s\",\"seq\":%s,\"ts\":\"%s\"}', prev, seq, "
        "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')) "
        "AS line FROM h) INSERT INTO mud.ledger (seq, at, op, object, actor, "
        "line, hash) SELECT seq, at, 'view', 'x', 'far', line, "
        "sha256(convert_to(line, 'UTF8')) FROM l");
    note(&p, "view", "");
    assert_ok(mud_ledger_note(other, p.home, &entry, &err), &err);
    note(&p, "view", "");
    assert_int_equal(
        mud_test_pg_int(p.pg,
                        "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER "
                        "BY seq) AS was FROM mud.ledger) l WHERE at < was"),
        0);
    assert_int_equal(
        mud_test_pg_int(p.pg,
                        "SELECT count(*) FROM mud.ledger WHERE at > now() + "
                        "interval '59 minutes'"),
        4);
    all_good(&p);
    mud_pg_close(other);
    place_free(&p);
}

static void test_ledger__refuses_bad_entries(void **state)
{
    static const struct {
        const char *object, *detail;
        enum mud_code code;
        const char *part;
    } rows[] = {
        {"x", "[1]", MUD_EINPUT, "no object"},
        {"x", "{", MUD_EINPUT, "detail of a ledger line"},
        {"\xff", "{}", MUD_EINPUT, "not UTF-8"},
    };
    struct place p = place_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_ledger_entry entry = {.op = "view",
                                         .object = mud_str_z(rows[i].object),
                                         .detail = mud_str_z(rows[i].detail)};
        struct mud_error err = {0};

        assert_fails(mud_ledger_note(p.pg, p.home, &entry, &err),
                     &err,
                     rows[i].code,
                     rows[i].part);
    }
    {
        char *big = mud_malloc(80000);
        struct mud_ledger_entry entry = {.op = "view"};
        struct mud_error err = {0};

        memset(big, 'x', 80000);
        memcpy(big, "{\"a\":\"", 6);
        memcpy(big + 79998, "\"}", 2);
        entry.detail = mud_str_of(big, 80000);
        assert_fails(mud_ledger_note(p.pg, p.home, &entry, &err),
                     &err,
                     MUD_ELIMIT,
                     "above 64 KiB");
        free(big);
    }
    assert_int_equal(mud_test_pg_int(p.pg, "SELECT count(*) FROM mud.ledger"),
                     0);
    place_free(&p);
}

static void test_ledger__is_append_only(void **state)
{
    static const char *const rows[] = {
        "UPDATE mud.ledger SET actor = 'x' WHERE seq = 1",
        "DELETE FROM mud.ledger WHERE seq = 1",
        "DELETE FROM mud.ledger WHERE false",
        "TRUNCATE mud.ledger CASCADE",
    };
    struct place p = place_new();

    (void)state;
    note(&p, "view", "{}");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};

        assert_fails(
            mud_pg_exec(p.pg, rows[i], &err), &err, MUD_EDB, "append-only");
    }
    place_free(&p);
}

/* Whoever writes into the table: only what continues the chain goes in. */
static void test_ledger__table_refuses_forks(void **state)
{
    static const char good[] =
        "INSERT INTO mud.ledger SELECT seq + 1, at, 'x', 'o', 'a', line, "
        "sha256(convert_to(line, 'UTF8')) FROM (SELECT seq, at, "
        "format('{\"actor\":\"a\",\"object\":\"o\",\"op\":\"x\",\"prev\":\"%s"
        "\",\"seq\":%s,\"ts\":\"%s\"}', encode(hash, 'hex'), seq + 1, at) AS "
        "line FROM mud.ledger ORDER BY seq DESC LIMIT 1) l";

    static const struct {
        const char *from, *to;
    } rows[] = {
        {"SELECT seq + 1, at", "SELECT seq + 2, at"},
        {"SELECT seq + 1, at", "SELECT seq, at"},
        {"'x', 'o', 'a'", "'y', 'o', 'a'"},
        {"'x', 'o', 'a'", "'x', 'p', 'a'"},
        {"'x', 'o', 'a'", "'x', 'o', 'b'"},
        {"'hex'), seq + 1", "'hex'), seq"},
        {"encode(hash, 'hex')", "repeat('0', 64)"},
        {"sha256(convert_to(line, 'UTF8'))", "sha256('')"},
        {"SELECT seq + 1, at", "SELECT seq + 1, at - interval '1 s'"},
        {"(SELECT seq, at,", "(SELECT seq, at - interval '1 s' AS at,"},
    };
    struct place p = place_new();
    struct mud_error err = {0};

    (void)state;
    note(&p, "view", "{}");
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        const char *at = strstr(good, rows[i].from);

        assert_non_null(at);
        mud_error_clear(&err);
        assert_fails(mud_pg_exec(p.pg,
                                 mudtest_text("%.*s%s%s",
                                              (int)(at - good),
                                              good,
                                              rows[i].to,
                                              at + strlen(rows[i].from)),
                                 &err),
                     &err,
                     MUD_EDB,
                     i == 1 ? "ledger" : "does not continue the chain");
    }
    mud_error_clear(&err);
    assert_ok(mud_pg_exec(p.pg, good, &err), &err);
    place_free(&p);
}

static void test_ledger__many_entries_in_one_transaction(void **state)
{
    struct place p = place_new();
    struct mud_ledger_entry entries[300];
    struct mud_error err = {0};

    (void)state;
    for (int i = 0; i < 300; i++)
        entries[i] = (struct mud_ledger_entry){
            .op = "view", .object = MUD_STR("o"), .actor = MUD_STR("a")};
    assert_ok(mud_pg_begin(p.pg, &err), &err);
    assert_ok(mud_ledger_append(p.pg, entries, 300, &err), &err);
    assert_ok(mud_pg_commit(p.pg, &err), &err);
    assert_int_equal(entries[299].seq, 300);
    /* Rolled back it never was. */
    assert_ok(mud_pg_begin(p.pg, &err), &err);
    assert_ok(mud_ledger_append(p.pg, entries, 1, &err), &err);
    mud_pg_rollback(p.pg);
    assert_int_equal(note(&p, "view", ""), 301);
    all_good(&p);
    place_free(&p);
}

static void test_ledger__copy_catches_up(void **state)
{
    struct place p = place_new();
    const char *path;
    struct mud_str whole;
    struct mud_error err = {0};

    (void)state;
    for (int i = 0; i < 5; i++)
        note(&p, "view", "{}");
    path = copy_path(&p);
    whole = mudtest_read(path);
    for (size_t n = 0; n < whole.n; n += 41) {
        mudtest_write(path, mud_str_sub(whole, 0, n));
        assert_ok(mud_ledger_mirror(p.pg, p.home, &err), &err);
        assert_bytes(mudtest_read(path), whole);
    }
    assert_int_equal(unlink(path), 0);
    assert_ok(mud_ledger_mirror(p.pg, p.home, &err), &err);
    assert_bytes(mudtest_read(path), whole);
    place_free(&p);
}

/* A database that lacks what the copy has is not the one to seal with. */
static void test_ledger__refuses_another_database(void **state)
{
    struct place p = place_new(), q = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 10);
    struct mud_capture c;
    struct mud_error err = {0};

    (void)state;
    note(&p, "view", "{}");
    note(&q, "view", "{}");
    assert_fails(mud_seal_exchange(&c, p.vault, q.pg, 1, &x, p.arena, &err),
                 &err,
                 MUD_ECORRUPT,
                 "not the database of this vault");
    assert_int_equal(mud_test_pg_int(q.pg, "SELECT count(*) FROM mud.capture"),
                     0);
    place_free(&p);
    place_free(&q);
}

static struct mud_verify check_text(struct mud_str text, struct found *found)
{
    const char *path = mudtest_text("%s/l.jsonl", mudtest_dir());
    struct mud_verify v = {.finding = found_add, .payload = found};
    struct mud_error err = {0};

    mud_buf_clear(&found->text);
    mudtest_write(path, text);
    assert_ok(mud_verify_path(&v, path, &err), &err);
    return v;
}

static void test_ledger__file_alone_shows_every_change(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_str text, rest, lines[6];
    struct mud_verify v;
    char *copy;

    (void)state;
    for (int i = 0; i < 5; i++)
        note(&p, "view", "{\"n\":1}");
    text = mudtest_read(copy_path(&p));
    v = check_text(text, &found);
    assert_int_equal(v.bad, 0);
    assert_int_equal(v.items, 6);
    assert_has(mud_buf_view(&found.text), "6 lines, head ");
    rest = text;
    for (int i = 0; i < 6; i++)
        assert_true(mud_str_line(&rest, &lines[i]));
    copy = mud_malloc(text.n);
    for (size_t at = 1; at + lines[5].n + 1 < text.n; at += 7) {
        memcpy(copy, text.s, text.n);
        copy[at] = copy[at] == 'x' ? 'y' : 'x';
        if (check_text(mud_str_of(copy, text.n), &found).bad == 0)
            fail_msg("byte %zu changed and not found", at);
    }
    free(copy);
    /* A line taken out, two changed over, the last one without its end. */
    v = check_text(mud_str_z(mudtest_text(
                       "%.*s\n%.*s\n", MUD_FMT(lines[0]), MUD_FMT(lines[2]))),
                   &found);
    assert_true(v.bad >= 2);
    assert_has(mud_buf_view(&found.text), "does not continue");
    v = check_text(mud_str_z(mudtest_text("%.*s\n%.*s\n%.*s\n",
                                          MUD_FMT(lines[0]),
                                          MUD_FMT(lines[2]),
                                          MUD_FMT(lines[1]))),
                   &found);
    assert_true(v.bad >= 2);
    v = check_text(mud_str_sub(text, 0, text.n - 1), &found);
    assert_has(mud_buf_view(&found.text), "has no end");
    assert_int_equal(v.bad, 1);
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_ledger__database_and_copy_are_compared(void **state)
{
    struct place p = place_new();
    struct found found = {0};
    struct mud_verify v = {.finding = found_add, .payload = &found};
    struct mud_error err = {0};
    const char *path;
    struct mud_str text;

    (void)state;
    for (int i = 0; i < 3; i++)
        note(&p, "view", "{}");
    path = copy_path(&p);
    text = mudtest_read(path);
    mudtest_write(path, mud_str_sub(text, 0, text.n / 2));
    assert_ok(mud_verify_ledger(&v, p.home, p.pg, &err), &err);
    assert_has(mud_buf_view(&found.text), "BAD");
    mudtest_write(path, mud_str_z(mudtest_text("%.*s{}\n", MUD_FMT(text))));
    v.bad = 0;
    assert_ok(mud_verify_ledger(&v, p.home, p.pg, &err), &err);
    assert_int_equal(v.bad, 1);
    assert_has(mud_buf_view(&found.text), "goes on behind the last line");
    assert_int_equal(unlink(path), 0);
    assert_ok(mud_verify_ledger(&v, p.home, p.pg, &err), &err);
    assert_int_equal(v.bad, 2);
    /* The trigger can be switched off by the owner; the chain tells. */
    mudtest_write(path, text);
    mud_test_pg_exec(p.pg,
                     "ALTER TABLE mud.ledger DISABLE TRIGGER ledger_refuse;"
                     "UPDATE mud.ledger SET line = replace(line, 'alice', "
                     "'mally'), actor = 'mally' WHERE seq = 2");
    v.bad = 0;
    assert_ok(mud_verify_ledger(&v, p.home, p.pg, &err), &err);
    assert_true(v.bad >= 3); /* digest, next line, copy */
    place_free(&p);
    mud_buf_free(&found.text);
}

static void test_ledger__other_checker_agrees(void **state)
{
    struct place p = place_new();
    const char *path, *script, *head;
    struct mudtest_run run;
    struct mud_str text;

    (void)state;
    for (int i = 0; i < 3; i++)
        note(&p, "view", "{\"text\":\"a\\\\b \\\"c\\\" 页 %s\"}");
    path = copy_path(&p);
    text = mudtest_read(path);
    script = mudtest_text("%s/scripts/verify-ledger.sh", mudtest_source());
    run = mudtest_sh("%s %s", script, path);
    assert_int_equal(run.code, 0);
    assert_has(run.out, "4 lines, head ");
    head = mudtest_text("%.64s", run.out.s + strlen("4 lines, head "));
    assert_int_equal(mudtest_sh("%s %s %s", script, path, head).code, 0);
    mudtest_write(
        path,
        mud_str_sub(
            text, 0, mud_str_rchr(mud_str_sub(text, 0, text.n - 1), '\n') + 1));
    /* A cut off end is seen by the head alone. */
    assert_int_equal(mudtest_sh("%s %s", script, path).code, 0);
    assert_int_equal(mudtest_sh("%s %s %s", script, path, head).code, 1);
    mudtest_sh("sed -i 's/alice/mally/' %s", path);
    assert_int_equal(mudtest_sh("%s %s", script, path).code, 1);
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ledger__lines_are_canonical),
        cmocka_unit_test(test_ledger__times_never_go_back_across_hosts),
        cmocka_unit_test(test_ledger__refuses_bad_entries),
        cmocka_unit_test(test_ledger__is_append_only),
        cmocka_unit_test(test_ledger__table_refuses_forks),
        cmocka_unit_test(test_ledger__many_entries_in_one_transaction),
        cmocka_unit_test(test_ledger__copy_catches_up),
        cmocka_unit_test(test_ledger__refuses_another_database),
        cmocka_unit_test(test_ledger__file_alone_shows_every_change),
        cmocka_unit_test(test_ledger__database_and_copy_are_compared),
        cmocka_unit_test(test_ledger__other_checker_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
