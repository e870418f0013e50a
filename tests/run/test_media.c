#include "run/media.h"

#include "graph/rebuild.h"
#include "tests/run/runtest.h"

#include <sys/stat.h>
#include <unistd.h>

#define MESSAGE(id, from, rest)                                              \
    "{\"id\":" #id ",\"type\":\"message\",\"date\":\"2026-11-20T01:00:0" #id \
    "\",\"date_unixtime\":\"179513640" #id "\",\"from\":\"" from             \
    "\",\"from_id\":\"user" from "\"," rest "}"

/* 1 shows a list, 2 a code, 3 and 4 are outside the mission (4 has no words of
 * its own), 5 names a file outside of the export, 6 one that is not there. */
static const char export_json[] =
    "{\"name\":\"群\",\"type\":\"private_supergroup\",\"id\":900001,"
    "\"messages\":[" MESSAGE(1, "9001", "\"photo\":\"photos/list.png\",\"text\":\"看图\"") "," MESSAGE(
        2, "9002",
        "\"photo\":\"photos/code.png\",\"text\":\"出售国外肉鸡，"
        "3元一台，扫码联系\"") "," MESSAGE(3, "9003",
                                           "\"photo\":\"photos/other.png\",\"text\":\"出售冰毒，"
                                           "一克500元，货到付款\"") "," MESSAGE(4,
                                                                                "9003",
                                                                                "\"photo\":\"photos/more.png\",\"text\":\"\"") "," MESSAGE(5,
                                                                                                                                           "9005",
                                                                                                                                           "\"photo\":\"../outside.png\",\"text\":\"今天天气不错\"") "," MESSAGE(6,
                                                                                                                                                                                                                 "9006",
                                                                                                                                                                                                                 "\"photo\":\"photos/gone.png\",\"text\":\"今天天气不错\"") "]}";

static const char *make_export(void)
{
    const char *folder = mudtest_dir();
    static const char *const copies[][2] = {{"list-zh.png", "photos/list.png"},
                                            {"code.png", "photos/code.png"},
                                            {"list-en.png", "photos/other.png"},
                                            {"list-hant.png",
                                             "photos/more.png"},
                                            {"list-en.png", "photos/free.png"}};

    for (size_t i = 0; i < 5; i++)
        mudtest_write(
            mudtest_text("%s/%s", folder, copies[i][1]),
            mudtest_read(kit_samples(mudtest_text("image/%s", copies[i][0]))));
    mudtest_write(mudtest_text("%s/result.json", folder),
                  mud_str_z(export_json));
    return folder;
}

static void chat(struct kit *kit, bool media)
{
    kit->source = (struct mud_source){
        .name = MUD_STR("chat"),
        .kind = MUD_STR("chat"),
        .legal_basis = MUD_STR("test"),
        .expires = mud_now() + 3600 * MUD_SECOND,
        .created_by = MUD_STR("tester"),
        .media = media,
    };
    assert_ok(mud_source_add(&kit->source, kit->pg, kit->arena, &kit->err),
              &kit->err);
    assert_ok(
        mud_source_load(
            &kit->source, kit->pg, MUD_STR("chat"), kit->arena, &kit->err),
        &kit->err);
    assert_int_equal(kit->source.media, media);
}

static int64_t skipped(const struct mud_report *report, const char *why)
{
    for (size_t i = 0; i < report->n_skips; i++)
        if (strcmp(report->skips[i].reason, why) == 0)
            return report->skips[i].count;
    return 0;
}

static void test_media__off_takes_texts_alone(void **state)
{
    struct kit kit;
    struct mud_report report;

    (void)state;
    kit_open(&kit);
    chat(&kit, false);
    kit_import(&kit, &report, make_export());
    assert_int_equal(report.captures, 1);
    assert_int_equal(report.posts, 6);
    assert_int_equal(skipped(&report, "media-off"), 5);
    assert_int_equal(kit_count(&kit, "mud.image"), 0);
    kit_close(&kit);
}

static void assert_seen(struct kit *kit)
{
    /* The list: a seller, who gave no other word of it than his picture. */
    assert_int_equal(
        kit_count(
            kit,
            "mud.post WHERE post_key = '1' AND is_offer AND seller_id IS "
            "NOT NULL AND extra->'attachments' @> '[\"photos/list.png\"]'"),
        1);
    assert_int_equal(
        kit_count(kit,
                  "mud.claim_evidence e JOIN mud.entity t ON t.entity_id IN "
                  "(e.src, e.dst) JOIN mud.content c USING (content_id) WHERE "
                  "t.value = '9123456780' AND e.field = 6 AND "
                  "substr(c.body, 1, 10000) LIKE '%9123456780%'"),
        1);
    assert_int_equal(
        kit_count(kit,
                  "mud.offer o JOIN mud.price p USING (content_id, "
                  "post_id, reader, offer_no) WHERE p.low = 2500"),
        1);
    /* The code, which no text gives. */
    assert_int_equal(
        kit_count(
            kit,
            "mud.picture p JOIN mud.image i USING (image_id) WHERE name = "
            "'photos/code.png' AND cardinality(i.codes) = 1 AND "
            "i.places->0->>7 = '1'"),
        1);
    assert_int_equal(kit_count(kit,
                               "mud.entity WHERE type = 'telegram' AND value = "
                               "'made_up_shop'"),
                     1);
}

static void test_media__pictures_are_read_with_their_posts(void **state)
{
    struct kit kit;
    struct mud_report report;
    uint8_t before[MUD_SHA256], after[MUD_SHA256];
    struct mud_unread all = {0};
    const char *folder = make_export();

    (void)state;
    if (!mud_image_text_reader() || !mud_image_code_reader())
        skip();
    kit_open(&kit);
    chat(&kit, true);
    mudtest_write(mudtest_text("%s/../outside.png", folder),
                  MUD_STR("\x89PNG\r\n\x1a\n"));
    kit_import(&kit, &report, folder);
    (void)unlink(mudtest_text("%s/../outside.png", folder));
    assert_int_equal(report.captures, 3); /* the export and two images */
    assert_int_equal(report.posts, 6);
    assert_int_equal(skipped(&report, "media-out-of-mission"), 2);
    assert_int_equal(skipped(&report, "media-missing"), 2);
    assert_int_equal(kit_count(&kit, "mud.image WHERE opened"), 2);
    assert_int_equal(
        kit_count(&kit, "mud.capture WHERE referrer LIKE 'capture:%'"), 2);
    assert_seen(&kit);

    /* Again adds nothing, and all of it comes out of the vault anew. */
    kit_import(&kit, &report, folder);
    assert_int_equal(report.captures, 0);
    assert_ok(mud_graph_digest(before, NULL, kit.pg, &kit.err), &kit.err);
    assert_ok(mud_graph_clear(kit.pg, &kit.err), &kit.err);
    mud_worker_close(&kit.worker);
    kit_worker(&kit);
    report = (struct mud_report){0};
    assert_ok(mud_read_unread(&report, &kit.worker, &all, &kit.err), &kit.err);
    assert_seen(&kit);
    assert_ok(mud_graph_digest(after, NULL, kit.pg, &kit.err), &kit.err);
    assert_memory_equal(before, after, MUD_SHA256);
    kit_close(&kit);
}

static void test_media__a_page_shows_images_of_its_folder(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *folder = mudtest_dir();

    (void)state;
    if (!mud_image_text_reader())
        skip();
    kit_open(&kit);
    chat(&kit, true);
    mudtest_write(
        mudtest_text("%s/page.html", folder),
        MUD_STR("<body id=phpbb><h2 class=topic-title>t</h2><div class=post "
                "id=p7><div class=content>报价看图 <img "
                "src=./img/list.png></div></div>"));
    mudtest_write(mudtest_text("%s/list.png", folder),
                  mudtest_read(kit_samples("image/list-zh.png")));
    mudtest_write(
        mudtest_text("%s/index.jsonl", folder),
        MUD_STR(
            "{\"url\":\"http://b.example/viewtopic.php?t=1\",\"file\":"
            "\"page.html\",\"status\":200,\"content_type\":\"text/html\"}\n"
            "{\"url\":\"http://b.example/img/list.png\",\"file\":"
            "\"list.png\",\"status\":200,\"content_type\":\"image/png\"}\n"));
    kit_import(&kit, &report, folder);
    assert_int_equal(report.captures, 2);
    assert_int_equal(kit_count(&kit,
                               "mud.picture p JOIN mud.content c USING "
                               "(content_id) WHERE c.body LIKE '%2500%'"),
                     1);
    assert_int_equal(kit_count(&kit, "mud.post WHERE is_offer"), 1);
    kit_close(&kit);
}

static void test_media__images_of_an_archive(void **state)
{
    struct kit kit;
    struct mud_report report;
    const char *folder = make_export(), *zip;

    (void)state;
    if (!mud_image_text_reader() || !mud_image_code_reader())
        skip();
    kit_open(&kit);
    chat(&kit, true);
    zip = mudtest_text("%s/chat.zip", mudtest_dir());
    struct mudtest_run made = mudtest_sh(
        "cd '%s' && mkdir ChatExport_1 && mv result.json photos ChatExport_1 "
        "&& python3 -m zipfile -c '%s' ChatExport_1",
        folder,
        zip);
    assert_int_equal(made.code, 0);
    kit_import(&kit, &report, zip);
    assert_int_equal(report.captures, 3);
    assert_int_equal(skipped(&report, "media-out-of-mission"), 2);
    assert_seen(&kit);
    /* Nothing is left behind. */
    made = mudtest_sh("ls -d \"${TMPDIR:-/tmp}\"/mudlark-media-* 2>/dev/null");
    assert_int_equal(made.out.n, 0);
    kit_close(&kit);
}

static void put_response(struct mud_buf *warc, const char *url,
                         const char *type, struct mud_str body)
{
    const char *head = mudtest_text("HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                                    "Content-Length: %zu\r\n\r\n",
                                    type,
                                    body.n);

    mud_buf_printf(warc,
                   "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: "
                   "<urn:uuid:00000000-0000-4000-8000-%012zu>\r\nWARC-Date: "
                   "2026-11-20T01:00:00Z\r\nWARC-Target-URI: %s\r\n"
                   "Content-Type: application/http; msgtype=response\r\n"
                   "Content-Length: %zu\r\n\r\n%s",
                   warc->n,
                   url,
                   strlen(head) + body.n,
                   head);
    mud_buf_str(warc, body);
    mud_buf_z(warc, "\r\n\r\n");
}

/* The image stands behind the page that shows it. */
static void test_media__images_of_a_warc(void **state)
{
    struct kit kit;
    struct mud_report report;
    struct mud_buf warc = {0};
    const char *path = mudtest_text("%s/site.warc", mudtest_dir());

    (void)state;
    if (!mud_image_text_reader())
        skip();
    put_response(
        &warc,
        "http://b.example/viewtopic.php?t=1",
        "text/html",
        MUD_STR("<body id=phpbb><h2 class=topic-title>t</h2><div class=post "
                "id=p7><div class=content>报价看图 <img "
                "src=./img/list.png></div></div>"));
    put_response(&warc,
                 "http://b.example/img/list.png",
                 "image/png",
                 mudtest_read(kit_samples("image/list-zh.png")));
    mudtest_write(path, mud_buf_view(&warc));
    mud_buf_free(&warc);
    kit_open(&kit);
    chat(&kit, true);
    kit_import(&kit, &report, path);
    assert_int_equal(kit_count(&kit,
                               "mud.picture p JOIN mud.capture c USING "
                               "(capture_id) WHERE c.url LIKE '%list.png'"),
                     1);
    assert_int_equal(kit_count(&kit, "mud.post WHERE is_offer"), 1);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_media__off_takes_texts_alone),
        cmocka_unit_test(test_media__pictures_are_read_with_their_posts),
        cmocka_unit_test(test_media__a_page_shows_images_of_its_folder),
        cmocka_unit_test(test_media__images_of_an_archive),
        cmocka_unit_test(test_media__images_of_a_warc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
