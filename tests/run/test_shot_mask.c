/* The redacted copy of a page, as HTML. */
#include "run/shot_mask.h"

#include "base/time.h"
#include "tests/support/mudtest.h"

static struct mud_reader *reader;
static struct mud_arena *arena;

static struct mud_str masked(struct mud_str html, size_t *covered)
{
    struct mud_str out;
    struct mud_error err = {0};

    assert_ok(mud_shot_mask(&out, covered, html, true, reader, arena, &err),
              &err);
    return out;
}

static void test_shot_mask__covers_victims_across_markup(void **state)
{
    /* What must not be found in the copy, which is otherwise the page. */
    static const struct {
        const char *html, *gone[3], *kept[3];
    } rows[] = {
        {"<p>样本：王*明----110101<b>19900307</b>1233----138&#48;0000001</p>",
         {"19900307", "&#48;", "0000001"},
         {"<p>", "<b>", "</b>"}},
        {"<table><tr><td>王小明<td>110101199003071233<td>13800000001</table>",
         {"王小明", "110101199003071233", "13800000001"},
         {"<table><tr><td>", "<td>", "</table>"}},
        {"<i title='样本：李*红 110101199003071241 13800000002'>x</i>",
         {"110101199003071241", "13800000002", "李*红"},
         {"<i title='", "'>x</i>", ""}},
        {"<span style='display:none'>李*红----110101199003071241----13800000002"
         "</span>ok",
         {"110101199003071241", "13800000002", "李*红"},
         {"<span style='display:none'>", "</span>ok", ""}},
        {"<style>a:after{content:'王*明----110101199003071233----13800000001'}"
         "</style>",
         {"110101199003071233", "13800000001", "王*明"},
         {"<style>a:after{content:'", "}</style>", ""}},
        {"<textarea>王*明----110101199003071233----13800000001</textarea>",
         {"110101199003071233", "13800000001", "王*明"},
         {"<textarea>", "</textarea>", ""}},
        {"<p>11010119900307<!-- a > b -->1233, 138000<wbr>00001 王*明</p>",
         {"11010119900307", "1233", "00001"},
         {"<!-- a > b -->", "<wbr>", "</p>"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t n;
        struct mud_str out = masked(mud_str_z(rows[i].html), &n);

        assert_true(n >= 15);
        for (int k = 0; k < 3; k++) {
            assert_lacks(out, rows[i].gone[k]);
            assert_has(out, rows[i].kept[k]);
        }
    }
}

static void test_shot_mask__leaves_the_rest_as_it_was(void **state)
{
    static const char *const pages[] = {
        "",
        "<",
        "a < b && c &lt; d",
        "<p>联系QQ：9812345670，微信 seller_wx01</p>",
        "<!doctype html><title>出售</title><a href='/t?id=110101199003071233'>x",
        "<script>var a='<b>';</script><p class=\"a>b\">x</p>",
        "<!-- never ended",
        "<p title='never ended",
        "</>",
        "<?xml version='1.0'?><p>\xe4\xbd\xa0</p>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        size_t n;

        assert_text(masked(mud_str_z(pages[i]), &n), pages[i]);
        assert_int_equal(n, 0);
    }
}

/* Where no word calls it a contact, whatever the page sells. */
static void test_shot_mask__covers_telephones_without_a_cue(void **state)
{
    size_t n;

    (void)state;
    assert_lacks(masked(MUD_STR("<p>13800000001</p><p>13800000002</p>"), &n),
                 "1380");
}

static void test_shot_mask__time_grows_with_the_page(void **state)
{
    static const char *const parts[] = {"<",
                                        "&",
                                        "<a ",
                                        "<!--",
                                        "</p",
                                        "<style>",
                                        "<p title='x'>",
                                        "<div>",
                                        "&#49;",
                                        "<td>1",
                                        "<!x",
                                        "<script",
                                        "</",
                                        "\"'",
                                        "<pre>",
                                        "&nbsp;",
                                        "<td>",
                                        "<i hidden style=display:none>",
                                        "1380000"};

    (void)state;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct mud_buf html = {0};
        size_t n;

        while (html.n < 400000)
            mud_buf_z(&html, parts[i]);
        int64_t from = mud_monotonic();
        masked(mud_buf_view(&html), &n);
        int64_t took = mud_monotonic() - from;
        if (took > 20 * MUD_SECOND)
            fail_msg("%s took %lld ms", parts[i], (long long)took / 1000);
        mud_buf_free(&html);
        mud_arena_reset(arena);
    }
}

static int set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    arena = mud_arena_new();
    return mud_reader_new(&reader, NULL, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    mud_reader_free(reader);
    mud_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shot_mask__covers_victims_across_markup),
        cmocka_unit_test(test_shot_mask__leaves_the_rest_as_it_was),
        cmocka_unit_test(test_shot_mask__covers_telephones_without_a_cue),
        cmocka_unit_test(test_shot_mask__time_grows_with_the_page),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
