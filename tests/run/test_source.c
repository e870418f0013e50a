#include "run/source.h"

#include "tests/support/mudtest.h"
#include "tests/support/pg.h"

#define DAY (86400 * MUD_SECOND)

static struct mud_source forum(const char *name)
{
    return (struct mud_source){
        .name = mud_str_z(name),
        .kind = MUD_STR("forum"),
        .url = MUD_STR("HTTP://Forum.Example:80/index.php"),
        .legal_basis = MUD_STR("order 12/2026"),
        .zone = MUD_STR("+08:00"),
        .expires = mud_now() + DAY,
        .created_by = MUD_STR("li"),
        .delay_ms = 5,
        .parallel = 2,
        .page_bytes = 4096,
        .day_bytes = 8192,
    };
}

struct kit {
    struct mud_pg *pg;
    struct mud_arena *arena;
    struct mud_error err;
};

static void open_kit(struct kit *kit)
{
    *kit = (struct kit){.pg = mud_test_pg_open(mud_test_pg()),
                        .arena = mud_arena_new()};
}

static void close_kit(struct kit *kit)
{
    mud_pg_close(kit->pg);
    mud_arena_free(kit->arena);
}

static void test_source__comes_back_as_it_was_added(void **state)
{
    struct kit kit;
    struct mud_str hosts[] = {MUD_STR("*.cdn.example")};
    struct mud_str paths[] = {MUD_STR("/board/"), MUD_STR("/thread-")};
    struct mud_source s = forum("暗网-1"), back;

    (void)state;
    open_kit(&kit);
    s.hosts = hosts;
    s.n_hosts = 1;
    s.paths = paths;
    s.n_paths = 2;
    s.proxy = MUD_STR("socks5h://127.0.0.1:9050");
    s.allow_private = true;
    assert_ok(mud_source_add(&s, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_int_equal(s.id, 1);
    assert_ok(mud_source_load(&back, kit.pg, s.name, kit.arena, &kit.err),
              &kit.err);
    assert_int_equal(back.id, 1);
    assert_true(mud_str_eqz(back.url, "http://forum.example/index.php"));
    assert_int_equal(back.n_hosts, 2);
    assert_true(mud_str_eqz(back.hosts[0], "*.cdn.example"));
    assert_true(mud_str_eqz(back.hosts[1], "forum.example"));
    assert_int_equal(back.n_paths, 2);
    assert_true(mud_str_eqz(back.paths[1], "/thread-"));
    assert_true(mud_str_eq(back.proxy, s.proxy));
    assert_true(back.allow_private);
    assert_true(mud_str_eqz(back.state, "active"));
    assert_true(mud_str_eqz(back.created_by, "li"));
    assert_int_equal(back.delay_ms, 5);
    assert_int_equal(back.parallel, 2);
    assert_int_equal(back.page_bytes, 4096);
    assert_int_equal(back.day_bytes, 8192);
    /* Postgres keeps microseconds, the text form here only seconds. */
    assert_int_equal(back.expires / MUD_SECOND, s.expires / MUD_SECOND);
    close_kit(&kit);
}

static void test_source__refuses_what_is_missing(void **state)
{
    static const struct {
        const char *name, *kind, *url, *basis, *zone;
        int64_t expires;
        const char *says;
    } cases[] = {
        {"a b", "forum", "http://a.example/", "x", "", 9, "source name"},
        {"a", "shop", "http://a.example/", "x", "", 9, "--kind"},
        {"a", "forum", "", "x", "", 9, "--url"},
        {"a", "forum", "gopher://a.example/", "x", "", 9, "--url"},
        {"a", "forum", "http://a.example/", "  ", "", 9, "--basis"},
        {"a", "forum", "http://a.example/", "x", "", 0, "--expires"},
        {"a", "forum", "http://a.example/", "x", "Mars/Base", 9, "--zone"},
    };
    struct kit kit;

    (void)state;
    open_kit(&kit);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mud_source s = {.name = mud_str_z(cases[i].name),
                               .kind = mud_str_z(cases[i].kind),
                               .url = mud_str_z(cases[i].url),
                               .legal_basis = mud_str_z(cases[i].basis),
                               .zone = mud_str_z(cases[i].zone),
                               .expires = cases[i].expires,
                               .created_by = MUD_STR("li")};
        mud_error_clear(&kit.err);
        assert_false(mud_source_add(&s, kit.pg, kit.arena, &kit.err));
        assert_non_null(strstr(kit.err.text, cases[i].says));
    }
    assert_int_equal(mud_test_pg_int(kit.pg, "SELECT count(*) FROM mud.source"),
                     0);
    close_kit(&kit);
}

static void test_source__a_name_is_there_once(void **state)
{
    struct kit kit;
    struct mud_source a = forum("one"), b = forum("one"), c = forum("two");

    (void)state;
    open_kit(&kit);
    assert_ok(mud_source_add(&a, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_fails(mud_source_add(&b, kit.pg, kit.arena, &kit.err),
                 &kit.err,
                 MUD_EUSAGE,
                 "already");
    mud_error_clear(&kit.err);
    assert_ok(mud_source_add(&c, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_int_equal(c.id, 2);
    close_kit(&kit);
}

static void test_source__outside_its_terms_nothing_is_allowed(void **state)
{
    struct kit kit;
    struct mud_source s = forum("one"), back;

    (void)state;
    open_kit(&kit);
    assert_ok(mud_source_add(&s, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_ok(mud_source_allowed(&s, mud_now(), &kit.err), &kit.err);
    assert_fails(mud_source_allowed(&s, s.expires, &kit.err),
                 &kit.err,
                 MUD_EDENIED,
                 "expired");
    mud_error_clear(&kit.err);
    assert_ok(mud_source_set_state(kit.pg,
                                   s.name,
                                   MUD_STR("paused"),
                                   MUD_STR("holiday"),
                                   MUD_STR("li"),
                                   &kit.err),
              &kit.err);
    assert_ok(mud_source_load(&back, kit.pg, s.name, kit.arena, &kit.err),
              &kit.err);
    assert_fails(mud_source_allowed(&back, mud_now(), &kit.err),
                 &kit.err,
                 MUD_EDENIED,
                 "paused: holiday");
    close_kit(&kit);
}

static struct mud_source changed(struct kit *kit, const struct mud_source *s,
                                 struct mud_str note, size_t want)
{
    struct mud_source becomes = *s, back;
    size_t n;

    assert_ok(mud_source_set(&n,
                             &becomes,
                             MUD_STR("wang"),
                             note,
                             kit->pg,
                             kit->arena,
                             &kit->err),
              &kit->err);
    assert_int_equal(n, want);
    assert_ok(mud_source_load(&back, kit->pg, s->name, kit->arena, &kit->err),
              &kit->err);
    return back;
}

static void test_source__changes_are_on_record(void **state)
{
    struct kit kit;
    struct mud_source s = forum("one"), back;
    struct mud_str paths[] = {MUD_STR("/bbs")};
    struct mud_source_change *all;
    size_t n;

    (void)state;
    open_kit(&kit);
    assert_ok(mud_source_add(&s, kit.pg, kit.arena, &kit.err), &kit.err);
    back = changed(&kit, &s, MUD_STR("none"), 0);
    back.delay_ms = 4000;
    back.hours = MUD_STR("08:00-23:30");
    back.paths = paths;
    back.n_paths = 1;
    back = changed(&kit, &back, MUD_STR("too fast"), 3);
    assert_int_equal(back.delay_ms, 4000);
    assert_text(back.hours, "08:00-23:30");
    assert_text(back.paths[0], "/bbs");
    assert_text(back.created_by, "li");
    back.hours = MUD_STR("");
    back = changed(&kit, &back, (struct mud_str){0}, 1);
    assert_int_equal(back.hours.n, 0);
    assert_ok(mud_source_set_state(kit.pg,
                                   s.name,
                                   MUD_STR("paused"),
                                   MUD_STR("holiday"),
                                   MUD_STR("li"),
                                   &kit.err),
              &kit.err);
    assert_ok(mud_source_changes(&all, &n, kit.pg, &s, 9, kit.arena, &kit.err),
              &kit.err);
    assert_int_equal(n, 5);
    assert_text(all[0].field, "state");
    assert_text(all[0].by, "li");
    assert_text(all[0].becomes, "paused");
    assert_text(all[1].was, "08:00-23:30");
    assert_text(all[1].becomes, "");
    assert_text(all[2].field, "paths");
    assert_text(all[2].was, "[]");
    assert_text(all[2].becomes, "[\"/bbs\"]");
    assert_text(all[4].field, "delay_ms");
    assert_text(all[4].was, "5");
    assert_text(all[4].by, "wang");
    assert_text(all[4].note, "too fast");
    assert_true(all[4].at > 0);
    close_kit(&kit);
}

static void test_source__a_bad_change_changes_nothing(void **state)
{
    struct kit kit;
    struct mud_source s = forum("one"), bad, back;
    size_t n;

    (void)state;
    open_kit(&kit);
    assert_ok(mud_source_add(&s, kit.pg, kit.arena, &kit.err), &kit.err);
    bad = s;
    bad.hours = MUD_STR("8 to 9");
    assert_fails(mud_source_set(&n,
                                &bad,
                                MUD_STR("wang"),
                                MUD_STR(""),
                                kit.pg,
                                kit.arena,
                                &kit.err),
                 &kit.err,
                 MUD_EUSAGE,
                 "--hours");
    assert_ok(mud_source_load(&back, kit.pg, s.name, kit.arena, &kit.err),
              &kit.err);
    assert_int_equal(back.hours.n, 0);
    assert_int_equal(
        mud_test_pg_int(kit.pg, "SELECT count(*) FROM mud.source_change"), 0);
    close_kit(&kit);
}

static void test_source__with_evidence_stays(void **state)
{
    struct kit kit;
    struct mud_source s = forum("one");

    (void)state;
    open_kit(&kit);
    assert_ok(mud_source_add(&s, kit.pg, kit.arena, &kit.err), &kit.err);
    assert_fails(mud_source_remove(kit.pg, MUD_STR("none"), &kit.err),
                 &kit.err,
                 MUD_EMISSING,
                 "none");
    mud_error_clear(&kit.err);
    assert_ok(mud_source_remove(kit.pg, s.name, &kit.err), &kit.err);
    assert_int_equal(mud_test_pg_int(kit.pg, "SELECT count(*) FROM mud.source"),
                     0);
    close_kit(&kit);
}

/* Said when the source is made, not when the watch comes to it. */
static void test_source__refuses_what_no_fetcher_would_take(void **state)
{
    struct kit kit;
    struct mud_source s = forum("a");

    (void)state;
    open_kit(&kit);
    s.proxy = MUD_STR("gopher://127.0.0.1:70");
    assert_fails(mud_source_add(&s, kit.pg, kit.arena, &kit.err),
                 &kit.err,
                 MUD_EUSAGE,
                 "proxy");
    close_kit(&kit);
}

/* Each kind wants its own: a server, a folder, or nothing. */
static void test_source__kinds_have_their_addresses(void **state)
{
    static const struct {
        const char *kind, *url, *folder, *host; /* host NULL: refused */
    } rows[] = {
        {"irc", "ircs://irc.example:6697", NULL, "irc.example"},
        {"irc", "https://irc.example/", NULL, NULL},
        {"xmpp", "xmpp://chat.example", NULL, "chat.example"},
        {"xmpp", "xmpp://", NULL, NULL},
        {"matrix", "https://matrix.example/", NULL, "matrix.example"},
        {"matrix", NULL, NULL, NULL},
        {"feed", "https://forum.example/rss.xml", NULL, "forum.example"},
        {"telegram", NULL, NULL, "t.me"},
        {"folder", NULL, "/srv/drop", ""},
        {"folder", NULL, "drop", NULL},
        {"folder", NULL, NULL, NULL},
        {"import", NULL, "/srv/drop", NULL},
        {"gopher", NULL, NULL, NULL},
    };
    struct kit kit;

    (void)state;
    open_kit(&kit);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mud_str rooms[] = {MUD_STR("#市场"), MUD_STR("room2")};
        struct mud_source s = forum(mudtest_text("s%zu", i)), back;

        s.kind = mud_str_z(rows[i].kind);
        s.url = mud_str_z(rows[i].url);
        s.folder = mud_str_z(rows[i].folder);
        s.account = MUD_STR("acc");
        s.rooms = rooms;
        s.n_rooms = 2;
        s.every_s = 60;
        bool good = mud_source_add(&s, kit.pg, kit.arena, &kit.err);
        if (good != (rows[i].host != NULL))
            fail_msg("row %zu: %s", i, kit.err.text);
        mud_error_clear(&kit.err);
        if (!good)
            continue;
        assert_ok(mud_source_load(&back, kit.pg, s.name, kit.arena, &kit.err),
                  &kit.err);
        assert_int_equal(back.n_hosts, rows[i].host[0] != 0);
        if (back.n_hosts)
            assert_text(back.hosts[0], rows[i].host);
        assert_text(back.folder, rows[i].folder ? rows[i].folder : "");
        assert_int_equal(back.n_rooms, 2);
        assert_text(back.rooms[0], "#市场");
        assert_text(back.account, "acc");
        assert_int_equal(back.every_s, 60);
    }
    close_kit(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_source__comes_back_as_it_was_added),
        cmocka_unit_test(test_source__refuses_what_is_missing),
        cmocka_unit_test(test_source__a_name_is_there_once),
        cmocka_unit_test(test_source__outside_its_terms_nothing_is_allowed),
        cmocka_unit_test(test_source__refuses_what_no_fetcher_would_take),
        cmocka_unit_test(test_source__changes_are_on_record),
        cmocka_unit_test(test_source__a_bad_change_changes_nothing),
        cmocka_unit_test(test_source__with_evidence_stays),
        cmocka_unit_test(test_source__kinds_have_their_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
