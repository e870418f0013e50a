#include "place.h"

#include "base/time.h"
#include "evidence/circumstances.h"
#include "evidence/show.h"

#include <unistd.h>

static struct mud_facts facts_of(struct place *p, struct mud_id id)
{
    struct mud_facts f;
    struct mud_error err = {0};

    assert_ok(mud_facts_load(&f, p->pg, id, p->arena, &err), &err);
    return f;
}

/* One of the keys of the circumstances, in the arena. */
static const char *said(struct place *p, const struct mud_facts *f,
                        const char *key)
{
    json_t *json = mud_json_read(f->circumstances, NULL);
    const char *text = mud_str_cstr(
        mud_str_dup(mud_json_get_str(json, key), p->arena), p->arena);

    json_decref(json);
    return text;
}

static void test_circumstances__machine_and_people(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 400);
    struct mud_capture c;
    struct mud_facts f;
    struct mud_error err = {0};
    char host[256] = "";

    (void)state;
    x.local_ip = MUD_STR("192.0.2.7");
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    f = facts_of(&p, c.id);
    (void)gethostname(host, sizeof(host) - 1);
    assert_string_equal(said(&p, &f, "host"), host);
    assert_string_equal(said(&p, &f, "local_ip"), "192.0.2.7");
    assert_has(mud_str_z(said(&p, &f, "libraries")), "libcurl/");
    assert_has(mud_str_z(said(&p, &f, "libraries")), "OpenSSL/");
    assert_has(mud_str_z(said(&p, &f, "libraries")), "libdeflate/");
    assert_has(mud_str_z(said(&p, &f, "system")), "Linux ");
    assert_has(mud_str_z(said(&p, &f, "no_witness_reason")), "无人员在场");
    assert_has(mud_str_z(said(&p, &f, "not_seizable_reason")), "remote");
    assert_string_equal(said(&p, &f, "second_person"), "");
    assert_has(f.clock, "\"service\"");
    /* Who was there takes the place of why nobody was. */
    mudtest_write(mudtest_text("%s/mudlark.conf", p.home),
                  MUD_STR("[capture]\nplace = 北京\nsecond_person = Li (7)\n"
                          "not_seizable_reason = abroad\n"));
    x = make_exchange(p.arena, 2, 400);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    f = facts_of(&p, c.id);
    assert_string_equal(said(&p, &f, "place"), "北京");
    assert_string_equal(said(&p, &f, "second_person"), "Li (7)");
    assert_string_equal(said(&p, &f, "no_witness_reason"), "");
    assert_string_equal(said(&p, &f, "not_seizable_reason"), "abroad");
    assert_string_equal(said(&p, &f, "local_ip"), "");
    /* Settings that cannot be read are said, and hinder no capture. */
    mudtest_write(mudtest_text("%s/mudlark.conf", p.home), MUD_STR("[capt"));
    x = make_exchange(p.arena, 3, 400);
    assert_ok(mud_seal_exchange(&c, p.vault, p.pg, 1, &x, p.arena, &err), &err);
    f = facts_of(&p, c.id);
    assert_has(mud_str_z(said(&p, &f, "settings_error")), "mudlark.conf");
    assert_int_equal(all_good(&p), 3);
    place_free(&p);
}

/* 66c7f0f4...: "abc" in GB/T 32905, annex A.1. */
static void test_circumstances__sm3_beside_sha256(void **state)
{
    struct place p = place_new();
    struct mud_exchange x = make_exchange(p.arena, 1, 400);
    const char *path = mudtest_text("%s/abc.txt", mudtest_dir());
    struct mud_handed h = {.path = path, .url = MUD_STR("file:abc.txt")};
    struct found found = {0};
    struct mud_verify v = {.finding = found_add, .payload = &found};
    struct mud_capture file, page;
    struct mud_facts f;
    struct mud_error err = {0};
    char hex[MUD_HEX256];
    bool known;

    (void)state;
    mudtest_write(path, MUD_STR("abc"));
    assert_ok(mud_seal_file(&file, &known, p.vault, p.pg, 1, &h, p.arena, &err),
              &err);
    x.body = MUD_STR("abc");
    assert_ok(mud_seal_exchange(&page, p.vault, p.pg, 1, &x, p.arena, &err),
              &err);
    for (int i = 0; i < 2; i++) {
        f = facts_of(&p, i ? page.id : file.id);
        assert_true(f.has_sm3);
        assert_string_equal(
            mud_hex(hex, f.sm3, MUD_SHA256),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_ok(
            mud_verify_capture(&v, p.vault, p.pg, i ? page.id : file.id, &err),
            &err);
        assert_int_equal(v.bad, 0);
    }
    /* Another one in the row: neither the payload's nor the record's. */
    mud_test_pg_exec(p.pg, "UPDATE mud.capture SET sm3 = sha256('abc')");
    assert_ok(mud_verify_capture(&v, p.vault, p.pg, file.id, &err), &err);
    assert_has(mud_buf_view(&found.text), "its SM3 is not that of the capture");
    assert_has(mud_buf_view(&found.text), "SM3: the row does not say what");
    mud_test_pg_exec(
        p.pg, "UPDATE mud.capture SET circumstances = '{\"host\":\"x\"}'");
    mud_buf_clear(&found.text);
    assert_ok(mud_verify_capture(&v, p.vault, p.pg, page.id, &err), &err);
    assert_has(mud_buf_view(&found.text), "circumstances: the row does not");
    place_free(&p);
    mud_buf_free(&found.text);
}

/* One page of a site: address, where its link stood, where it redirects. */
static struct mud_id page(struct place *p, int number, const char *url,
                          const char *referrer, const char *location)
{
    struct mud_exchange x = make_exchange(p->arena, number, 100);
    struct mud_error err = {0};
    struct mud_capture c;

    x.url = mud_str_z(url);
    x.referrer = mud_str_z(referrer);
    x.location = mud_str_z(location);
    x.status = *location ? 302 : 200;
    assert_ok(mud_seal_exchange(&c, p->vault, p->pg, 1, &x, p->arena, &err),
              &err);
    return c.id;
}

static void test_entry_steps__by_links_and_redirects(void **state)
{
    struct place p = place_new();
    struct mud_entry_steps steps;
    struct mud_facts f;
    struct mud_error err = {0};
    struct mud_id index, jump, thread;

    (void)state;
    page(&p, 1, "http://a.example/", "http://portal.example/", "");
    /* Seen twice: the later one led on. */
    index = page(&p, 2, "http://a.example/", "http://portal.example/", "");
    jump = page(&p,
                3,
                "http://a.example/go?t=9",
                "http://a.example/",
                "http://a.example/t/9");
    thread = page(&p, 4, "http://a.example/t/9", "http://a.example/", "");
    page(&p, 5, "http://a.example/", "http://a.example/t/9", "");
    f = facts_of(
        &p,
        page(&p, 6, "http://a.example/t/9?page=2", "http://a.example/t/9", ""));
    assert_ok(mud_entry_steps(&steps, p.pg, &f, p.arena, &err), &err);
    assert_int_equal(steps.n, 3);
    assert_true(mud_id_eq(steps.steps[0].capture, index));
    assert_true(mud_id_eq(steps.steps[1].capture, jump));
    assert_true(mud_id_eq(steps.steps[2].capture, thread));
    assert_true(steps.steps[1].redirected);
    assert_false(steps.steps[2].redirected);
    assert_int_equal(steps.steps[1].status, 302);
    assert_bytes(steps.before, MUD_STR("http://portal.example/"));
    /* Another source's page of that address led nowhere here. */
    mud_test_pg_exec(
        p.pg,
        "UPDATE mud.capture SET source_id = 2 WHERE url = 'http://a.example/'");
    assert_ok(mud_entry_steps(&steps, p.pg, &f, p.arena, &err), &err);
    assert_int_equal(steps.n, 2);
    assert_bytes(steps.before, MUD_STR("http://a.example/"));
    place_free(&p);
}

static void test_entry_steps__end(void **state)
{
    struct place p = place_new();
    struct mud_entry_steps steps;
    struct mud_facts f;
    struct mud_error err = {0};
    struct mud_id last = {0};

    (void)state;
    for (int i = 1; i <= 40; i++)
        last = page(&p,
                    i,
                    mudtest_text("http://a.example/%d", i),
                    mudtest_text("http://a.example/%d", i - 1),
                    "");
    f = facts_of(&p, last);
    assert_ok(mud_entry_steps(&steps, p.pg, &f, p.arena, &err), &err);
    assert_int_equal(steps.n, MUD_STEPS_MAX);
    assert_bytes(steps.steps[MUD_STEPS_MAX - 1].url,
                 MUD_STR("http://a.example/39"));
    f = facts_of(&p, seal(&p, 41).id);
    assert_ok(mud_entry_steps(&steps, p.pg, &f, p.arena, &err), &err);
    assert_int_equal(steps.n, 0);
    assert_bytes(steps.before, MUD_STR("http://forum.example/index"));
    place_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_circumstances__machine_and_people),
        cmocka_unit_test(test_circumstances__sm3_beside_sha256),
        cmocka_unit_test(test_entry_steps__by_links_and_redirects),
        cmocka_unit_test(test_entry_steps__end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
