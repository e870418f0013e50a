#include "tests/support/mudtest.h"

#include "parse/input.h"
#include "parse/record.h"

#include <unistd.h>

static struct mud_arena *arena;
static struct mud_buf lines;

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
    mud_buf_free(&lines);
    return 0;
}

static bool keep(struct mud_str line, void *payload, struct mud_error *err)
{
    (void)payload;
    (void)err;
    mud_buf_str(&lines, line);
    return true;
}

static struct mud_parse_sink read_path(const char *path, const char *url)
{
    struct mud_parse_sink sink = {.line = keep};
    const struct mud_parse_options options = {.url = mud_str_z(url)};
    struct mud_parser *parser = mud_parser_new();
    struct mud_error err = {0};
    mud_buf_clear(&lines);
    assert_ok(mud_parse_path(path, &options, parser, &sink, &err), &err);
    mud_parser_free(parser);
    return sink;
}

static const char *sample(const char *name)
{
    return mudtest_text("%s/samples/%s", mudtest_source(), name);
}

static void test_input__reads_a_page(void **state)
{
    (void)state;
    struct mud_parse_sink sink =
        read_path(sample("parse/discuz/thread-2.html"),
                  "https://luntan.example/thread-5-2-1.html");
    assert_int_equal(sink.pages, 1);
    assert_int_equal(sink.posts, 3);
    assert_has(mud_buf_view(&lines),
               "https://luntan.example/thread-5-1-1.html");
}

static void test_input__reads_a_capture_folder(void **state)
{
    const char *dir = mudtest_dir();
    (void)state;
    struct mud_str page = mudtest_read(sample("parse/discuz/thread.html"));
    mudtest_write(mudtest_text("%s/0001.html", dir), page);
    mudtest_write(
        mudtest_text("%s/index.jsonl", dir),
        MUD_STR("{\"url\":\"http://a.example/thread-5-1-1.html\",\"file\":"
                "\"0001.html\",\"status\":200,\"content_type\":\"text/html; "
                "charset=utf-8\",\"fetched_at\":\"2026-11-22T01:10:00Z\"}\n"
                "\n"
                "not json\n"
                "{\"url\":\"http://a.example/x\",\"file\":\"../secret\"}\n"
                "{\"url\":\"http://a.example/x\",\"file\":\"gone.html\"}\n"
                "{\"url\":\"http://a.example/x\",\"file\":\"0001.html\","
                "\"fetched_at\":\"yesterday\"}\n"));
    struct mud_parse_sink sink = read_path(dir, "");
    assert_int_equal(sink.pages, 1);
    assert_int_equal(sink.posts, 5);
    assert_int_equal(sink.notes, 4);
    struct mud_str out = mud_buf_view(&lines);
    assert_has(out, "\"url\":\"http://a.example/thread-5-1-1.html\"");
    assert_has(out, "file \\\"../secret\\\" is no name in the folder");
    assert_has(out, "gone.html");
    assert_has(out, "fetched_at is no time");
    /* "29 minutes ago" counts from the fetch. */
    assert_has(out, "\"posted_at\":\"2026-11-20T15:05:00Z\"");
    assert_lacks(out, "bad-bytes");
}

static void test_input__reads_an_export_as_file_and_folder(void **state)
{
    const char *dir = mudtest_text("%s/export", mudtest_dir());
    struct mud_str json = mudtest_read(mudtest_text(
        "%s/tests/data/telegram-dev/result.json", mudtest_source()));
    (void)state;
    mudtest_write(mudtest_text("%s/result.json", dir), json);
    struct mud_parse_sink sink = read_path(dir, "");
    assert_int_equal(sink.posts, 120);
    sink = read_path(mudtest_text("%s/result.json", dir), "");
    assert_int_equal(sink.posts, 120);
    assert_int_equal(sink.notes, 0);
}

static void test_input__reads_all_files_of_an_export_as_html(void **state)
{
    const char *dir = mudtest_text("%s/html", mudtest_dir());
    struct mud_str out;
    (void)state;
    mudtest_write(
        mudtest_text("%s/messages.html", dir),
        mudtest_read(sample("parse/telegram-html/synthetic_messages.html")));
    mudtest_write(mudtest_text("%s/messages2.html", dir),
                  mudtest_read(sample("parse/telegram-html/parts.html")));
    mudtest_write(mudtest_text("%s/messages4.html", dir), MUD_STR("<html>"));
    struct mud_parse_sink sink = read_path(dir, "");
    out = mud_buf_view(&lines);
    assert_int_equal(sink.pages, 2);
    assert_int_equal(sink.posts, 3 + 11);
    assert_has(out, "\"post\":\"24\"");
    assert_has(out, "\"post\":\"1011\"");
}

/* An account as Telegram Desktop writes it as HTML: a folder a chat. */
static void test_input__reads_an_account_as_html(void **state)
{
    const char *dir = mudtest_text("%s/account", mudtest_dir());
    struct mud_str page =
        mudtest_read(sample("parse/telegram-html/synthetic_messages.html"));
    struct mud_str more =
        mudtest_read(sample("parse/telegram-html/parts.html"));
    (void)state;
    mudtest_write(mudtest_text("%s/export_results.html", dir),
                  MUD_STR("<html><body>Exported Data</body></html>"));
    mudtest_write(mudtest_text("%s/lists/chats.html", dir),
                  MUD_STR("<html><a href=\"../chats/chat_001/messages.html\">"
                          "</a></html>"));
    mudtest_write(mudtest_text("%s/chats/chat_001/messages.html", dir), page);
    mudtest_write(mudtest_text("%s/chats/chat_001/messages10.html", dir), more);
    mudtest_write(mudtest_text("%s/chats/chat_001/messages2.html", dir), page);
    mudtest_write(mudtest_text("%s/chats/chat_002/messages.html", dir), more);
    struct mud_parse_sink sink = read_path(dir, "");
    struct mud_str out = mud_buf_view(&lines);
    assert_int_equal(sink.pages, 4);
    assert_int_equal(sink.posts, 3 + 3 + 11 + 11);
    assert_has(out, "account/chats/chat_001/messages10.html");
    assert_has(out, "2 files are no chats");
}

/* Slack's export, unpacked: names come before the days that need them. */
static void test_input__reads_an_unpacked_slack_export(void **state)
{
    const char *dir = mudtest_text("%s/slack", mudtest_dir());
    (void)state;
    mudtest_write(mudtest_text("%s/users.json", dir),
                  MUD_STR("[{\"id\":\"U1\",\"team_id\":\"T1\",\"name\":"
                          "\"digua\",\"profile\":{\"real_name\":\"地瓜\"}}]"));
    mudtest_write(mudtest_text("%s/channels.json", dir),
                  MUD_STR("[{\"id\":\"C1\",\"name\":\"general\"}]"));
    mudtest_write(mudtest_text("%s/general/2026-11-22.json", dir),
                  MUD_STR("[{\"type\":\"message\",\"user\":\"U1\",\"text\":"
                          "\"出号\",\"ts\":\"1795305600.000100\"},"
                          "{\"type\":\"message\",\"subtype\":"
                          "\"message_changed\",\"ts\":\"1795305700.000100\","
                          "\"message\":{\"user\":\"U1\",\"text\":\"出料\","
                          "\"ts\":\"1795305600.000100\",\"edited\":{\"user\":"
                          "\"U1\",\"ts\":\"1795305700.000000\"}}},"
                          "{\"type\":\"message\",\"subtype\":"
                          "\"message_deleted\",\"ts\":\"1795305800.000100\","
                          "\"deleted_ts\":\"1795305600.000100\","
                          "\"previous_message\":{\"user\":\"U1\"}}]"));
    struct mud_parse_sink sink = read_path(dir, "");
    struct mud_str out = mud_buf_view(&lines);
    assert_int_equal(sink.pages, 1);
    assert_int_equal(sink.posts, 3);
    assert_has(out, "\"body\":\"出料\"");
    assert_has(out, "\"edited_at\":\"2026-11-22T00:01:40Z\"");
    assert_has(out, "\"state\":\"deleted\"");
    assert_lacks(out, "no-id");
    assert_has(out, "\"author\":\"地瓜\"");
    assert_has(out, "\"thread\":\"C1\"");
}

/* Lines of QQ NT in chunks: the folder names the chat. */
static void test_input__reads_chunks_by_the_name_of_their_folder(void **state)
{
    const char *dir =
        mudtest_text("%s/番茄(9000000077)_chunked_jsonl", mudtest_dir());
    (void)state;
    mudtest_write(mudtest_text("%s/manifest.json", dir),
                  MUD_STR("{\"metadata\":{\"name\":\"QQChatExporter V5\"},"
                          "\"chatInfo\":{\"name\":\"番茄\"},\"chunked\":{}}"));
    mudtest_write(mudtest_text("%s/chunks/c000001.jsonl", dir),
                  MUD_STR(
                      "{\"id\":\"1\",\"timestamp\":1795136400000,\"sender\":{"
                      "\"uin\":\"9100000001\",\"name\":\"甲\"},\"content\":{"
                      "\"text\":\"出鸡\"},\"recalled\":false}\n"));
    struct mud_parse_sink sink = read_path(dir, "");
    struct mud_str out = mud_buf_view(&lines);
    assert_int_equal(sink.posts, 1);
    assert_has(out, "\"site\":\"9000000077\"");
    assert_has(out, "\"thread_title\":\"番茄\"");
}

/* Nothing outside of the folder is read. */
static void test_input__links_in_a_folder_are_not_followed(void **state)
{
    const char *dir = mudtest_text("%s/links", mudtest_dir());
    const char *outside = mudtest_text("%s/outside.json", mudtest_dir());
    (void)state;
    mudtest_write(
        outside,
        mudtest_read(mudtest_text("%s/tests/data/telegram-dev/result.json",
                                  mudtest_source())));
    mudtest_write(mudtest_text("%s/a.txt", dir),
                  MUD_STR("25/4/21, 10:00 - A: one\n25/4/21, 10:00 - A: two\n"
                          "25/4/21, 10:00 - A: three\n"));
    assert_int_equal(symlink(outside, mudtest_text("%s/b.json", dir)), 0);
    assert_int_equal(symlink("..", mudtest_text("%s/up", dir)), 0);
    struct mud_parse_sink sink = read_path(dir, "");
    assert_int_equal(sink.posts, 3);
    assert_has(mud_buf_view(&lines), "archive-path");
}

static void test_input__names_what_it_cannot_read(void **state)
{
    const char *dir = mudtest_text("%s/odd", mudtest_dir());

    static const struct {
        const char *name, *bytes, *part;
        enum mud_code code;
    } rows[] = {
        {"a.warc.gz", "\x1f\x8b", "WARC", MUD_EUSAGE},
        {"b", "WARC/1.1\r\n", "WARC", MUD_EUSAGE},
        {"c.txt", "plain", "c.txt", MUD_EUSAGE},
        {"none", NULL, "none", MUD_EMISSING},
    };
    const struct mud_parse_options options = {0};
    struct mud_parse_sink sink = {.line = keep};
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        const char *path = mudtest_text("%s/%s", dir, rows[i].name);
        if (rows[i].bytes)
            mudtest_write(path, mud_str_z(rows[i].bytes));
        assert_fails(mud_parse_path(path, &options, NULL, &sink, &err),
                     &err,
                     rows[i].code,
                     rows[i].part);
    }
}

/* What other tools name as they like is known by its first bytes. */
static void test_input__knows_archives_whatever_their_name(void **state)
{
    /* "WARC/1.0\r\n" and "plain text", as gzip stores them. */
    static const char warc[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x0a\x00\xf5\xff"
        "WARC/1.0\r\n";
    static const char text[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x0a\x00\xf5\xff"
        "plain <txt";

    static const struct {
        const char *name;
        struct mud_str bytes;
        enum mud_input is;
    } rows[] = {
        {"crawl.gz", {warc, sizeof(warc) - 1}, MUD_INPUT_WARC},
        {"crawl.warc.gz.open", {warc, sizeof(warc) - 1}, MUD_INPUT_WARC},
        {"notes.gz", {text, sizeof(text) - 1}, MUD_INPUT_OTHER},
        {"cut.gz", {text, 12}, MUD_INPUT_OTHER},
        {"old.arc", {"filedesc://old.arc 0.0.0.0 <x", 29}, MUD_INPUT_OTHER},
        {"page", {"<p>", 3}, MUD_INPUT_PAGE},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        enum mud_input is;
        const char *path =
            mudtest_text("%s/known/%s", mudtest_dir(), rows[i].name);
        mudtest_write(path, rows[i].bytes);
        assert_ok(mud_input_of(&is, path, &err), &err);
        assert_int_equal(is, rows[i].is);
    }
}

static bool refuse(struct mud_str line, void *payload, struct mud_error *err)
{
    (void)line;
    (void)payload;
    return mud_fail(err, MUD_EIO, "disk full");
}

static void test_input__ends_when_the_sink_does(void **state)
{
    const struct mud_parse_options options = {0};
    struct mud_parse_sink sink = {.line = refuse};
    struct mud_parser *parser = mud_parser_new();
    struct mud_error err = {0};
    (void)state;
    assert_fails(mud_parse_path(
                     sample("chat/result.json"), &options, parser, &sink, &err),
                 &err,
                 MUD_EIO,
                 "disk full");
    assert_fails(mud_parse_path(sample("forum"), &options, parser, &sink, &err),
                 &err,
                 MUD_EIO,
                 "disk full");
    mud_parser_free(parser);
}

/* A crawl that takes each link once: one address for each page it stands for. */
static void test_input__one_address_for_each_page(void **state)
{
    (void)state;
    (void)read_path(sample("forum"), "");
    struct mud_str rest = mud_buf_view(&lines), line;
    struct mud_str urls[400], keys[400];
    size_t n = 0;
    while (mud_str_line(&rest, &line)) {
        struct mud_parsed page;
        struct mud_error err = {0};
        assert_ok(mud_record_read_parsed(&page, line, arena, &err), &err);
        for (size_t i = 0; i < page.n_links; i++) {
            size_t k = 0;
            while (k < n && !mud_str_eq(keys[k], page.links[i].key))
                k++;
            if (k < n) {
                assert_bytes(page.links[i].url, urls[k]);
                continue;
            }
            assert_true(n < 400);
            urls[n] = page.links[i].url;
            keys[n++] = page.links[i].key;
        }
    }
    assert_true(n >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_input__reads_a_page),
        cmocka_unit_test(test_input__reads_a_capture_folder),
        cmocka_unit_test(test_input__reads_an_export_as_file_and_folder),
        cmocka_unit_test(test_input__reads_all_files_of_an_export_as_html),
        cmocka_unit_test(test_input__reads_an_account_as_html),
        cmocka_unit_test(test_input__reads_an_unpacked_slack_export),
        cmocka_unit_test(test_input__reads_chunks_by_the_name_of_their_folder),
        cmocka_unit_test(test_input__links_in_a_folder_are_not_followed),
        cmocka_unit_test(test_input__names_what_it_cannot_read),
        cmocka_unit_test(test_input__knows_archives_whatever_their_name),
        cmocka_unit_test(test_input__ends_when_the_sink_does),
        cmocka_unit_test(test_input__one_address_for_each_page),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
