#include "tests/support/mudtest.h"

#include "parse/parse.h"

static void test_stated_url__of_pages_without_an_address(void **state)
{
    static const struct {
        const char *html, *given, *url;
        bool note;
    } rows[] = {
        {"<!-- saved from url=(0038)https://b.example/viewtopic.php?f=2&t=7 -->"
         "<html><p>x",
         "",
         "https://b.example/viewtopic.php?f=2&t=7",
         true},
        {"<html><head><link rel=canonical "
         "href=\"https://b.example/t/7\"></head><p>x",
         "",
         "https://b.example/t/7",
         true},
        {"<html><head><meta property=\"og:url\" "
         "content=\"https://b.example/t/8\"></head><p>x",
         "",
         "https://b.example/t/8",
         true},
        /* What was fetched comes first. */
        {"<html><head><link rel=canonical "
         "href=\"https://b.example/t/7\"></head><p>x",
         "https://c.example/",
         "https://c.example/",
         false},
        {"<html><head><link rel=canonical "
         "href=\"https://b.example/t/7\"></head><p>x",
         "file:page.html",
         "https://b.example/t/7",
         true},
        {"<p>x", "file:page.html", "file:page.html", false},
        {"<html><head><link rel=canonical href=\"/t/7\"></head><p>x",
         "",
         "",
         false},
        {"<!-- saved from url=(9999999)https://b.example/ --><p>x",
         "",
         "",
         false},
        {"<!-- saved from url=(0020)javascript:x --><p>x", "", "", false},
        {"<!-- saved from url=(", "", "", false},
        /* In a post it is a post's word. */
        {"<body><link rel=canonical href=\"https://b.example/t/7\"><p>x",
         "",
         "",
         false},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_error err = {0};
        struct mud_parsed p;
        const struct mud_page_in in = {
            .bytes = mud_str_z(rows[i].html),
            .content_type = MUD_STR("text/html; charset=utf-8"),
            .url = mud_str_z(rows[i].given),
        };
        bool noted = false;
        assert_ok(mud_parse_page(&p, &in, arena, &err), &err);
        assert_text(p.url, rows[i].url);
        for (size_t n = 0; n < p.n_notes; n++)
            noted |= strcmp(p.notes[n].code, "url-stated") == 0;
        assert_int_equal(noted, rows[i].note);
        mud_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stated_url__of_pages_without_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
