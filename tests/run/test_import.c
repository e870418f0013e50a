#include "run/import.h"

#include "tests/run/runtest.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_import__a_chat_export_once(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, kit_samples("chat/result.json"));
    assert_int_equal(report.captures, 1);
    assert_int_equal(report.posts, 49);
    assert_int_equal(kit_count(&kit, "mud.post"), 49);
    assert_int_equal(kit_count(&kit, "mud.capture WHERE supplier = 'a friend'"),
                     1);
    assert_int_equal(kit_count(&kit,
                               "mud.coverage WHERE kind = 'group' AND unit = "
                               "'id' AND posts = 49 AND whole"),
                     1);
    kit_import(&kit, &report, kit_samples("chat/result.json"));
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.known, 1);
    assert_int_equal(report.posts, 0);
    assert_int_equal(kit_count(&kit, "mud.post"), 49);
    kit_close(&kit);
}

/* An export in which one message has another text: a revision more. */
static void test_import__a_later_export_adds_revisions(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_str text = mudtest_read(kit_samples("chat/result.json"));
    const char *was = "鸡稳定吗", *is = "鸡稳不稳";
    const char *path = mudtest_text("%s/result.json", mudtest_dir());
    struct mud_buf later = {0};
    size_t at;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, kit_samples("chat/result.json"));
    while ((at = mud_str_find(text, mud_str_z(was))) != MUD_NPOS) {
        mud_buf_put(&later, text.s, at);
        mud_buf_z(&later, is);
        text = mud_str_sub(text, at + strlen(was), text.n);
    }
    mud_buf_str(&later, text);
    mudtest_write(path, mud_buf_view(&later));
    kit_import(&kit, &report, path);
    assert_int_equal(report.captures, 1);
    assert_int_equal(kit_count(&kit, "mud.post"), 50);
    assert_int_equal(
        mud_test_pg_int(kit.pg, "SELECT count(DISTINCT post_id) FROM mud.post"),
        49);
    mud_buf_free(&later);
    kit_close(&kit);
}

static void test_import__a_capture_folder(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, kit_samples("forum"));
    assert_int_equal(report.captures, 20);
    assert_int_equal(kit_count(&kit, "mud.post"), 56);
    kit_import(&kit, &report, kit_samples("forum"));
    assert_int_equal(report.known, 20);
    assert_int_equal(kit_count(&kit, "mud.capture"), 20);
    kit_close(&kit);
}

static void test_import__a_bad_index_takes_nothing(void **state)
{
    static const char *const lines[] = {
        "{\"url\":\"http://a.example/\",\"file\":\"../../etc/passwd\"}",
        "{\"url\":\"http://a.example/\",\"file\":\"a.html\"",
        "{\"file\":\"a.html\"}",
    };
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *folder = mudtest_dir();
        struct mud_report report = {0};
        struct mud_import_options options = {0};
        mudtest_write(mudtest_text("%s/a.html", folder), MUD_STR("<html>"));
        mudtest_write(
            mudtest_text("%s/index.jsonl", folder),
            mud_str_z(mudtest_text("{\"url\":\"http://a.example/\",\"file\":"
                                   "\"a.html\"}\n%s\n",
                                   lines[i])));
        mud_error_clear(&kit.err);
        assert_fails(
            mud_import(
                &report, &kit.worker, &kit.source, folder, &options, &kit.err),
            &kit.err,
            MUD_EINPUT,
            "index.jsonl:2");
    }
    assert_int_equal(kit_count(&kit, "mud.capture"), 0);
    kit_close(&kit);
}

static void test_import__warcs_of_a_crawl_read_the_same(void **state)
{
    struct kit kit, other;
    struct mud_report report;
    char warc[1024];
    struct mud_rows *rows;

    (void)state;
    kit_plain(&kit);
    kit_site(&kit, kit_samples("forum"));
    kit_crawl(&kit, &report, 0);
    assert_ok(mud_pg_query(&rows,
                           kit.pg,
                           "SELECT DISTINCT warc_file FROM mud.capture",
                           NULL,
                           0,
                           &kit.err),
              &kit.err);
    assert_int_equal(mud_rows_count(rows), 1);
    snprintf(warc,
             sizeof warc,
             "%s/vault/%.*s",
             kit.home,
             MUD_FMT(mud_rows_get(rows, 0, 0)));
    mud_rows_free(rows);

    kit_open(&other);
    kit_chat(&other);
    kit_import(&other, &report, warc);
    assert_int_equal(kit_count(&other, "mud.post"), 56);
    assert_int_equal(kit_count(&other, "mud.capture WHERE kind = 3"), 20);
    kit_import(&other, &report, warc);
    assert_int_equal(report.captures, 0);

    /* Cut short: what is whole is read, the damage is said. */
    struct mud_str bytes = mudtest_read(warc);
    const char *cut = mudtest_text("%s/cut.warc.gz", mudtest_dir());
    mudtest_write(cut, mud_str_sub(bytes, 0, bytes.n - bytes.n / 3));
    kit_import(&other, &report, cut);
    assert_true(report.n_skips > 0);
    assert_string_equal(report.skips[0].reason, "damaged-warc");
    assert_true(report.known > 5); /* the same captures, in another file */
    kit_close(&other);
    kit_close(&kit);
}

static void test_import__any_file_is_sealed_and_said_unknown(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *path = mudtest_text("%s/notes.bin", mudtest_dir());

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    mudtest_write(path, MUD_STR("\xff\xd8\xff\xe0 no export \0 at all"));
    kit_import(&kit, &report, path);
    assert_int_equal(report.captures, 1);
    assert_string_equal(report.skips[0].reason, "unknown-file");
    struct mud_import_options options = {0};
    assert_fails(mud_import(&report,
                            &kit.worker,
                            &kit.source,
                            "/nonexistent/file",
                            &options,
                            &kit.err),
                 &kit.err,
                 MUD_EMISSING,
                 "/nonexistent/file");
    mud_error_clear(&kit.err);
    assert_fails(
        mud_import(
            &report, &kit.worker, &kit.source, "/dev/null", &options, &kit.err),
        &kit.err,
        MUD_EINPUT,
        "/dev/null");
    kit_close(&kit);
}

/* An export that ends in the middle: what came before it is read. */
static void test_import__a_cut_export_gives_what_is_whole(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_str text = mudtest_read(kit_samples("chat/result.json"));
    const char *path = mudtest_text("%s/result.json", mudtest_dir());

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    mudtest_write(path, mud_str_sub(text, 0, text.n / 2));
    kit_import(&kit, &report, path);
    assert_true(report.posts > 15 && report.posts < 40);
    assert_true(report.n_skips > 0);
    assert_int_equal(kit_count(&kit, "mud.post"), report.posts);
    kit_close(&kit);
}

static int64_t skipped(const struct mud_report *report, const char *reason,
                       const char *example)
{
    for (size_t i = 0; i < report->n_skips; i++) {
        if (strcmp(report->skips[i].reason, reason) != 0)
            continue;
        if (!strstr(report->skips[i].example, example))
            fail_msg("%s: %s", reason, report->skips[i].example);
        return report->skips[i].count;
    }
    return 0;
}

/* A saved answer of a board is a page, no export of a chat. */
static void test_import__reads_answers_of_boards_as_json(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, kit_samples("parse/discourse/topic.json"));
    assert_int_equal(report.captures, 1);
    assert_int_equal(report.posts, 6);
    kit_import(&kit, &report, kit_samples("parse/discuzq/posts.json"));
    assert_int_equal(report.posts, 3);
    kit_close(&kit);
}

/* What is passed over in a folder, and where a WARC is damaged: by the names
 * that the person gave. */
static void test_import__says_what_it_passed_over(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *folder = mudtest_dir();

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    mudtest_write(mudtest_text("%s/a.txt", folder), MUD_STR("text"));
    mudtest_write(mudtest_text("%s/.b.txt", folder), MUD_STR("hidden"));
    mudtest_write(mudtest_text("%s/c.warc", folder),
                  MUD_STR("WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: "
                          "99999999999999999999\r\n\r\nhi"));
    assert_int_equal(symlink("a.txt", mudtest_text("%s/d.txt", folder)), 0);
    assert_int_equal(mkfifo(mudtest_text("%s/e", folder), 0600), 0);
    kit_import(&kit, &report, folder);
    assert_int_equal(report.captures, 2);
    assert_int_equal(skipped(&report, "unknown-file", "a.txt"), 1);
    assert_int_equal(skipped(&report, "hidden", "/.b.txt"), 1);
    assert_int_equal(skipped(&report, "damaged-warc", "/c.warc: record 1"), 1);
    assert_int_equal(skipped(&report, "link", "/d.txt"), 1);
    assert_int_equal(skipped(&report, "special", "/e"), 1);
    kit_close(&kit);
}

/* 65 MiB of one letter is a page of nobody, and why is said. */
static void test_import__a_page_too_large_is_kept_unread(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *path = mudtest_text("%s/page.html", mudtest_dir());
    FILE *file = fopen(path, "w");
    static const char much[65536] = "<html>";

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 65 * 16; i++)
        assert_int_equal(fwrite(much, 1, sizeof much, file), sizeof much);
    assert_int_equal(fclose(file), 0);
    kit_open(&kit);
    kit_chat(&kit);
    kit_import(&kit, &report, path);
    assert_int_equal(report.captures, 1);
    assert_int_equal(skipped(&report, "too-large", "page.html"), 1);
    kit_close(&kit);
}

static void test_import__reads_an_unpacked_slack_export(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    const char *zip = kit_samples("parse/slack/export.zip");
    const char *dir = mudtest_text("%s/acme", mudtest_dir());
    const char *elsewhere = mudtest_text("%s/y/acme", kit.home);

    kit_chat(&kit);
    assert_int_equal(
        mudtest_sh("python3 -m zipfile -e '%s' '%s' && rm -r '%s/evil'",
                   zip,
                   dir,
                   dir) /* whose path leads out of the archive */
            .code,
        0);
    kit_import(&kit, &report, zip);
    int64_t posts = kit_count(&kit, "mud.post");
    assert_true(posts > 0);
    mudtest_write(mudtest_text("%s/.DS_Store", dir), MUD_STR("x"));
    kit_import(&kit, &report, dir);
    assert_int_equal(report.captures, 1);
    assert_true(report.posts >= posts); /* read, and the same */
    assert_int_equal(kit_count(&kit, "mud.post"), posts);
    assert_string_equal(report.skips[0].reason, "hidden");

    /* whoever copied it: the same bytes */
    assert_int_equal(
        mudtest_sh("mkdir '%s/y' && cp -r '%s' '%s'", kit.home, dir, elsewhere)
            .code,
        0);
    kit_import(&kit, &report, mudtest_text("%s/", elsewhere));
    assert_int_equal(report.captures, 0);
    assert_int_equal(report.known, 1);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_import__a_chat_export_once),
        cmocka_unit_test(test_import__a_later_export_adds_revisions),
        cmocka_unit_test(test_import__a_capture_folder),
        cmocka_unit_test(test_import__a_bad_index_takes_nothing),
        cmocka_unit_test(test_import__warcs_of_a_crawl_read_the_same),
        cmocka_unit_test(test_import__any_file_is_sealed_and_said_unknown),
        cmocka_unit_test(test_import__a_cut_export_gives_what_is_whole),
        cmocka_unit_test(test_import__reads_answers_of_boards_as_json),
        cmocka_unit_test(test_import__says_what_it_passed_over),
        cmocka_unit_test(test_import__a_page_too_large_is_kept_unread),
        cmocka_unit_test(test_import__reads_an_unpacked_slack_export),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
