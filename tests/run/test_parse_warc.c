#include "run/parse_warc.h"

#include "tests/support/mudtest.h"

#include <stdio.h>

struct seen {
    size_t pages, posts, notes;
    char codes[200];
};

static bool on_line(struct mud_str line, void *payload, struct mud_error *err)
{
    struct seen *seen = payload;
    static const char mark[] = "\"code\":\"";
    size_t at = mud_str_find(line, MUD_STR("\"code\":\""));
    (void)err;
    seen->pages += mud_str_starts(line, MUD_STR("{\"type\":\"page\""));
    seen->posts += mud_str_starts(line, MUD_STR("{\"type\":\"post\""));
    if (mud_str_starts(line, MUD_STR("{\"type\":\"note\"")) && at != MUD_NPOS) {
        struct mud_str code = mud_str_sub(line, at + sizeof(mark) - 1, line.n);
        code = mud_str_sub(code, 0, mud_str_chr(code, '"'));
        size_t used = strlen(seen->codes);
        (void)snprintf(seen->codes + used,
                       sizeof(seen->codes) - used,
                       "%.*s ",
                       MUD_FMT(code));
        seen->notes++;
    }
    return true;
}

static void record(struct mud_buf *out, const char *version, const char *type,
                   const char *uri, const char *content, const char *head,
                   struct mud_str body)
{
    static unsigned number;
    mud_buf_printf(out,
                   "WARC/%s\r\nWARC-Type: %s\r\nWARC-Record-ID: "
                   "<urn:uuid:00000000-0000-4000-8000-%012u>\r\n"
                   "WARC-Target-URI: %s\r\nWARC-Date: 2026-11-22T01:02:03Z\r\n"
                   "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
                   version,
                   type,
                   ++number,
                   uri,
                   content,
                   strlen(head) + body.n,
                   head);
    mud_buf_str(out, body);
    mud_buf_z(out, "\r\n\r\n");
}

static void chunks(struct mud_buf *out, struct mud_str body)
{
    while (body.n) {
        struct mud_str one = mud_str_sub(body, 0, 1000);
        mud_buf_printf(out, "%zx\r\n", one.n);
        mud_buf_str(out, one);
        mud_buf_z(out, "\r\n");
        body = mud_str_sub(body, one.n, body.n);
    }
    mud_buf_z(out, "0\r\n\r\n");
}

#define HTTP "application/http; msgtype=response"
#define OK   "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

/* What warcio, wget and browsers write beside plain responses. */
static void test_parse_warc__records_of_other_tools(void **state)
{
    struct mud_str page = mudtest_read(
        mudtest_text("%s/samples/parse/discuz/thread.html", mudtest_source()));
    struct mud_str none = {0};
    struct mud_buf warc = {0}, chunked = {0};
    struct mud_error err = {0};
    struct seen seen = {0};
    const char *path = mudtest_text("%s/other.warc", mudtest_dir());
    const struct mud_parse_options options = {0};
    struct mud_parse_sink sink = {.line = on_line, .payload = &seen};
    (void)state;
    chunks(&chunked, page);
    record(&warc,
           "1.0",
           "warcinfo",
           "x:y",
           "application/warc-fields",
           "software: other\r\n",
           none);
    record(&warc,
           "1.0",
           "response",
           "<http://a.example/thread-1-1-1.html>",
           HTTP,
           OK "\r\n",
           page);
    record(&warc,
           "1.1",
           "response",
           "http://a.example/thread-2-1-1.html",
           HTTP,
           OK "Transfer-Encoding: chunked\r\n\r\n",
           mud_buf_view(&chunked));
    record(&warc,
           "1.1",
           "resource",
           "http://a.example/thread-3-1-1.html",
           "text/html",
           "",
           page);
    record(&warc,
           "1.1",
           "resource",
           "http://a.example/shot.png",
           "image/png",
           "",
           MUD_STR("\x89PNG"));
    record(&warc,
           "1.1",
           "revisit",
           "http://a.example/thread-4-1-1.html",
           HTTP,
           OK "\r\n",
           none);
    record(&warc,
           "1.1",
           "metadata",
           "http://a.example/",
           "text/plain",
           "",
           MUD_STR("outlink: x"));
    record(&warc,
           "1.0",
           "response",
           "dns:a.example",
           "text/dns",
           "",
           MUD_STR("a.example. 1 IN A 192.0.2.1"));
    mudtest_write(path, mud_buf_view(&warc));
    struct mud_parser *parser = mud_parser_new();
    assert_ok(mud_parse_warc(path, &options, parser, &sink, &err), &err);
    mud_parser_free(parser);
    assert_int_equal(seen.pages, 3);
    assert_int_equal(seen.posts % 3, 0);
    assert_true(seen.posts > 0);
    assert_string_equal(seen.codes, "revisits parts ");
    mud_buf_free(&warc);
    mud_buf_free(&chunked);
}

static void parse_it(struct seen *seen, const char *path)
{
    struct mud_error err = {0};
    const struct mud_parse_options options = {0};
    struct mud_parse_sink sink = {.line = on_line, .payload = seen};
    struct mud_parser *parser = mud_parser_new();
    assert_ok(mud_parse_warc(path, &options, parser, &sink, &err), &err);
    mud_parser_free(parser);
}

/* A browser's archive is mostly what pages are drawn with. */
static void test_parse_warc__tells_what_holds_no_page(void **state)
{
    static const char *const types[] = {"image/png",
                                        "text/css",
                                        "text/javascript; charset=utf-8",
                                        "font/woff2"};
    struct mud_buf warc = {0};
    struct seen seen = {0}, bare = {0};
    const char *path = mudtest_text("%s/parts.warc", mudtest_dir());
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(types); i++)
        record(&warc,
               "1.0",
               "response",
               "http://a.example/part",
               HTTP,
               mudtest_text("HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n",
                            types[i]),
               MUD_STR("x"));
    record(&warc,
           "1.0",
           "response",
           "http://a.example/old",
           HTTP,
           "HTTP/1.0 302 \r\nLocation: /new\r\n\r\n",
           MUD_STR(""));
    mudtest_write(path, mud_buf_view(&warc));
    parse_it(&seen, path);
    assert_int_equal(seen.pages, 0);
    assert_string_equal(seen.codes, "moved parts no-pages ");
    /* No reason phrase, lines that end in LF alone, no type: a page. */
    record(&warc,
           "1.0",
           "response",
           "http://a.example/page",
           HTTP,
           "HTTP/1.0 200\nServer: old\n\n",
           MUD_STR("<html><title>t</title><body>text"));
    mudtest_write(path, mud_buf_view(&warc));
    parse_it(&bare, path);
    assert_int_equal(bare.pages, 1);
    mud_buf_free(&warc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_warc__records_of_other_tools),
        cmocka_unit_test(test_parse_warc__tells_what_holds_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
