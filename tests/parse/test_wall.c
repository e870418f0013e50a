#include "parse/wall.h"

#include "parse/parse.h"
#include "tests/support/mudtest.h"

struct answer {
    int status;
    const char *head, *html;
};

static struct mud_parsed parse(const struct answer *answer,
                               struct mud_arena *arena)
{
    struct mud_page_in in = {
        .bytes = mud_str_z(answer->html),
        .url = MUD_STR("http://board.example/"),
        .content_type = MUD_STR("text/html; charset=utf-8"),
        .status = answer->status,
        .head = mud_str_z(answer->head),
    };
    struct mud_parsed parsed;
    struct mud_error err = {0};

    assert_ok(mud_parse_page(&parsed, &in, arena, &err), &err);
    return parsed;
}

static bool noted(const struct mud_parsed *parsed, const char *code)
{
    for (size_t i = 0; i < parsed->n_notes; i++)
        if (strcmp(parsed->notes[i].code, code) == 0)
            return true;
    return false;
}

#define OK        "HTTP/1.1 200 OK\r\n\r\n"
#define FORBIDDEN "HTTP/1.1 403 Forbidden\r\n"
#define DISCUZ                                              \
    "<html><head><title>x - Powered by Discuz!</title>"     \
    "<meta name=generator content=\"Discuz! X3.5\"></head>" \
    "<body id=nv_forum>"

static void test_wall__is_told_by_its_make(void **state)
{
    static const struct {
        struct answer answer;
        const char *wall, *by;
        enum mud_page_kind kind;
    } rows[] = {
        {{403,
          FORBIDDEN "Server: cloudflare\r\nCf-Mitigated: challenge\r\n\r\n",
          "<title>Just a moment...</title><script>x</script>"},
         "browser",
         "cloudflare",
         MUD_PAGE_CHALLENGE},
        {{503,
          "HTTP/1.1 503 x\r\n\r\n",
          "<title>请稍候…</title><script>window._cf_chl_opt={}</script>"},
         "browser",
         "cloudflare",
         MUD_PAGE_CHALLENGE},
        {{403,
          FORBIDDEN "\r\n",
          "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have "
          "been blocked</h1>"},
         "banned",
         "cloudflare",
         MUD_PAGE_MESSAGE},
        {{429, "HTTP/1.1 429 x\r\n\r\n", "error code: 1015"},
         "rate-limit",
         "cloudflare",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<title>DDOS-GUARD</title><script src=/.well-known/ddos-guard/js></script>"},
         "browser",
         "ddos-guard",
         MUD_PAGE_CHALLENGE},
        {{521,
          "HTTP/1.1 521\r\nSet-Cookie: __jsluid_s=00; path=/\r\n\r\n",
          "<script>document.cookie=('_')+('_j')+('sl');location.href="
          "location.pathname</script>"},
         "browser",
         "jiasule",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<html><script>var arg1='0A';</script><script>var x='acw_sc__v2'"
          "</script></html>"},
         "browser",
         "aliyun",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<title>滑动验证页面</title><div id=nc_1_wrapper></div>"},
         "captcha",
         "aliyun",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<title>网站防火墙</title><p>您的请求带有不合法参数"},
         "banned",
         "baota",
         MUD_PAGE_MESSAGE},
        {{200,
          OK,
          "<title>Making sure you&#39;re not a bot!</title>"
          "<script id=anubis_challenge type=application/json>{}</script>"},
         "browser",
         "anubis",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<p>One more step<div class=h-captcha></div>"
          "<script src=https://js.hcaptcha.com/1/api.js></script>"},
         "captcha",
         "hcaptcha",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<form><div class=g-recaptcha data-sitekey=x></div></form>"},
         "captcha",
         "recaptcha",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<p>请完成验证<script src=https://turing.example/TCaptcha.js></script>"},
         "captcha",
         "tencent",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<title>Access Queue | x</title><p>You have been placed in a "
          "queue, awaiting forwarding"},
         "queue",
         "queue",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<title>页面重载开启</title><script>reload()</script>"},
         "reload",
         "discuz",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<title>频繁刷新限制</title><body>x"},
         "rate-limit",
         "discuz",
         MUD_PAGE_CHALLENGE},
        {{429, "HTTP/1.1 429 Too Many Requests\r\n\r\n", ""},
         "rate-limit",
         "",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "您的操作太频繁，请稍后再试"},
         "rate-limit",
         "",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<p>You are an automat<title>Checking your browser</title>"},
         "browser",
         "script",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          "<!doctype html><head><title>board</title></head><body><noscript>Enable "
          "JavaScript to see this page of our application, please. Thanks."
          "</noscript><div id=app></div><script src=/app.js></script>"},
         "browser",
         "script",
         MUD_PAGE_CHALLENGE},
        {{200, OK, "<title>THIS WEBSITE HAS BEEN SEIZED</title><body>x"},
         "closed",
         "seized",
         MUD_PAGE_MESSAGE},
        /* A board's own notices, on its own pages. */
        {{200,
          OK,
          DISCUZ "<div id=messagetext><p>抱歉，您的IP地址不在被允许，或您的"
                 "账号被禁用，无法浏览"},
         "banned",
         "",
         MUD_PAGE_MESSAGE},
        {{200, OK, DISCUZ "<div id=messagetext><p>论坛正在维护，请稍后访问"},
         "closed",
         "",
         MUD_PAGE_MESSAGE},
        {{200, OK, DISCUZ "<div id=messagetext><p>抱歉，您刷新过快"},
         "rate-limit",
         "",
         MUD_PAGE_CHALLENGE},
        {{200,
          OK,
          DISCUZ "<div id=messagetext><p>请输入验证码继续访问"
                 "<input name=seccodeverify>"},
         "captcha",
         "discuz",
         MUD_PAGE_CHALLENGE},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_parsed p = parse(&rows[i].answer, arena);
        if (strcmp(mud_wall_name(p.wall.kind), rows[i].wall) != 0 ||
            !mud_str_eqz(p.wall.by, rows[i].by) || p.kind != rows[i].kind)
            fail_msg("row %zu: %s by %.*s, kind %s",
                     i,
                     mud_wall_name(p.wall.kind),
                     MUD_FMT(p.wall.by),
                     mud_page_kind_name(p.kind));
        assert_true(noted(&p, "wall"));
        assert_false(noted(&p, "unknown-engine"));
        mud_arena_free(arena);
    }
}

static void test_wall__content_is_none_whatever_it_says(void **state)
{
    static const struct answer rows[] = {
        /* a post about walls, on a page that loads a captcha */
        {200,
         OK,
         DISCUZ
         "<script src=https://www.google.com/recaptcha/api.js></script>"
         "<div id=postlist><div id=post_7><table id=pid7><tr><td>"
         "<div class=authi><a class=xw1 href=space-uid-3.html>li</a></div>"
         "<em id=authorposton7>发表于 2026-10-6 14:29:45</em></td></tr>"
         "<tr><td id=postmessage_7>Just a moment... 操作太频繁 "
         "acw_sc__v2 Sorry, you have been blocked</td></tr></table>"
         "</div></div>"},
        /* a notice of a board whose style loads one */
        {200,
         OK,
         DISCUZ "<script src=https://www.google.com/recaptcha/api.js></script>"
                "<div id=messagetext><p>抱歉，指定的主题不存在"},
        /* a log-in form with a captcha is a log-in form */
        {200,
         OK,
         "<body id=phpbb><form id=login><div class=g-recaptcha></div></form>"},
        {404,
         "HTTP/1.1 404 Not Found\r\n\r\n",
         "<title>404 Not Found</title><h1>404 Not Found</h1>"},
        /* words and links, if no board's: a page to look at */
        {200,
         OK,
         "<p>A page of words that says what it has to say without a script of "
         "any kind, in one paragraph.<a href=/x>more</a><script>1</script>"},
        {502, "HTTP/1.1 502 x\r\n\r\n", "<title>502 Bad Gateway</title>"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_arena *arena = mud_arena_new();
        struct mud_parsed p = parse(&rows[i], arena);
        if (p.wall.kind)
            fail_msg("row %zu: %s by %.*s",
                     i,
                     mud_wall_name(p.wall.kind),
                     MUD_FMT(p.wall.by));
        assert_false(noted(&p, "wall"));
        mud_arena_free(arena);
    }
}

/* The word crosses from the worker that parses to us. */
static void test_wall__comes_through_the_worker(void **state)
{
    struct mud_parser *parser = mud_parser_new();
    struct mud_arena *arena = mud_arena_new();
    struct mud_page_in in = {
        .bytes = MUD_STR("<p>hello"),
        .url = MUD_STR("http://board.example/"),
        .status = 403,
        .head = MUD_STR(FORBIDDEN "cf-mitigated: challenge\r\n\r\n"),
    };
    struct mud_parsed parsed;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_parser_page(parser, &parsed, &in, arena, &err), &err);
    assert_int_equal(parsed.wall.kind, MUD_WALL_BROWSER);
    assert_text(parsed.wall.by, "cloudflare");
    assert_int_equal(parsed.kind, MUD_PAGE_CHALLENGE);
    mud_parser_free(parser);
    mud_arena_free(arena);
}

static void test_wall__names_read_back(void **state)
{
    (void)state;
    for (int i = MUD_WALL_NONE + 1; i < MUD_WALL_KINDS; i++) {
        const char *name = mud_wall_name((enum mud_wall_kind)i);
        assert_true(*name);
        assert_int_equal(mud_wall_of_name(mud_str_z(name)), i);
    }
    assert_int_equal(mud_wall_of_name(MUD_STR("")), MUD_WALL_NONE);
}

/* Pages that make a search for their end begin again and again. */
static void test_wall__hostile_pages_cost_little(void **state)
{
    static const char *const parts[] = {
        "<script", "<!--", "<", "</script><script>", "<style><head>", "x<"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(parts); i++) {
        struct mud_buf page = {0};
        struct mud_parsed parsed = {.kind = MUD_PAGE_UNKNOWN};
        int64_t began = mud_monotonic();
        mud_buf_z(&page, "<script>");
        while (page.n < (size_t)4 << 20)
            mud_buf_z(&page, parts[i]);
        mud_wall_find(&parsed, 200, (struct mud_str){0}, mud_buf_view(&page));
        assert_true(mud_monotonic() - began < 2 * MUD_SECOND);
        mud_buf_free(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wall__is_told_by_its_make),
        cmocka_unit_test(test_wall__content_is_none_whatever_it_says),
        cmocka_unit_test(test_wall__comes_through_the_worker),
        cmocka_unit_test(test_wall__names_read_back),
        cmocka_unit_test(test_wall__hostile_pages_cost_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
