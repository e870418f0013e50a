/* Collectors that ask for pages one after the other: channels, feeds. */
#include "run/collect.h"

#include "tests/run/channel.h"
#include "tests/run/runtest.h"

struct trial {
    struct kit kit;
    struct channel channel;
    struct mud_httpd *httpd;
    struct mud_str rooms[2];
};

static void open_trial(struct trial *t, int newest)
{
    *t = (struct trial){.channel = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                    .newest = newest},
                        .rooms = {MUD_STR("mdlk_chan"), MUD_STR("nobody_1")}};
    kit_open(&t->kit);
    t->httpd = mud_httpd_start(answer_channel, &t->channel);
    kit_collector(
        &t->kit, "telegram", mud_httpd_port(t->httpd), "/s/", t->rooms, 2);
}

static void close_trial(struct trial *t)
{
    mud_httpd_stop(t->httpd);
    kit_close(&t->kit);
}

static void test_telegram__covers_all_and_then_what_is_new(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 97);
    kit_collect(&t.kit, &report);
    assert_int_equal(report.posts, 97);
    assert_int_equal(t.channel.pages, 5); /* the last one has message 1 */
    assert_string_equal(kit_skipped(&report), "no-channel");
    assert_int_equal(kit_count(&t.kit, "mud.post"), 97);

    /* nothing new: one page; 45 new: three pages */
    t.channel.pages = 0;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 1);
    t.channel.newest = 142;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 1 + 3);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 142);
    close_trial(&t);
}

/* Once a day the last pages: what was edited there, and what is gone. */
static void test_telegram__looks_again_for_edits(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 60);
    kit_collect(&t.kit, &report);
    t.channel.edited[25] = true;
    t.channel.gone[30] = true;
    t.channel.pages = 0;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 1);
    assert_ok(mud_pg_exec(t.kit.pg,
                          "UPDATE mud.cursor SET value = '60 1 1 1' WHERE "
                          "place = 'mdlk_chan'",
                          &t.kit.err),
              &t.kit.err);
    t.channel.pages = 0;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 1 + 3); /* 59 messages */
    assert_int_equal(kit_count(&t.kit, "mud.post WHERE post_key = '25'"), 2);
    assert_int_equal(kit_count(&t.kit, "mud.post WHERE post_key = '26'"), 1);
    t.channel.pages = 0;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 1);
    close_trial(&t);
}

/* A source with a cursor is read by one worker at a time. */
static void test_telegram__one_worker_at_a_time(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 30);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        mudtest_text("SELECT pg_try_advisory_lock(1836409964, "
                                     "%d)::int",
                                     (int)t.kit.source.id)),
        1);
    kit_collect(&t.kit, &report);
    assert_int_equal(t.channel.pages, 0);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        mudtest_text("SELECT pg_advisory_unlock(1836409964, "
                                     "%d)::int",
                                     (int)t.kit.source.id)),
        1);
    kit_collect(&t.kit, &report);
    assert_int_equal(report.posts, 30);
    /* and it was given up */
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        mudtest_text("SELECT pg_try_advisory_lock(1836409964, "
                                     "%d)::int",
                                     (int)t.kit.source.id)),
        1);
    close_trial(&t);
}

static void test_telegram__refused_it_stops_and_goes_on_later(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 90);
    t.channel.status = 403;
    kit_collect(&t.kit, &report);
    assert_string_equal(kit_skipped(&report), "refused-by-site");
    assert_int_equal(t.channel.pages, 1);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 0);
    t.channel.status = 0;
    /* broken off after two pages: the next round goes on in the past */
    kit_collect_with(
        &t.kit, &report, &(struct mud_crawl_options){.max_pages = 2});
    assert_int_equal(kit_count(&t.kit, "mud.post"), 40);
    kit_collect(&t.kit, &report);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 90);
    close_trial(&t);
}

/* Whoever asks for patience is asked nothing more, for no channel and in no round,
 * until then. */
static void test_telegram__waits_as_it_is_told(void **state)
{
    struct trial t;
    struct mud_report report;
    int asked;

    (void)state;
    open_trial(&t, 20);
    t.channel.status = 429;
    kit_collect(&t.kit, &report);
    assert_string_equal(kit_skipped(&report), "rate-limit");
    for (size_t i = 0; i < report.n_skips; i++) /* the next one of the two */
        assert_string_not_equal(report.skips[i].reason, "no-channel");
    asked = t.channel.pages;
    t.channel.status = 0;
    kit_collect(&t.kit, &report);
    assert_string_equal(kit_skipped(&report), "rate-limit");
    assert_int_equal(t.channel.pages, asked);
    mud_test_pg_exec(t.kit.pg, "DELETE FROM mud.cursor WHERE place = 'wait'");
    kit_collect(&t.kit, &report);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 20);
    close_trial(&t);
}

struct feed {
    int asked, sent;
    char text[2048];
};

static bool answer_feed(struct mud_httpd_peer *peer,
                        const struct mud_httpd_request *request, void *payload)
{
    struct feed *feed = payload;
    char etag[64];

    feed->asked++;
    snprintf(etag, sizeof etag, "\"v%d\"", (int)strlen(feed->text));
    if (mud_str_eqz(mud_httpd_value(request, "If-None-Match"), etag))
        return mud_httpd_reply(peer, 304, "", MUD_STR(""));
    feed->sent++;
    return mud_httpd_reply(
        peer,
        200,
        mudtest_text("Content-Type: application/rss+xml\r\nETag: %s\r\n", etag),
        mud_str_z(feed->text));
}

#define ITEM(n, text)                                                   \
    "<item><title>帖子" n "</title><link>http://127.0.0.1/thread-" n    \
    "-1-1.html</link><description>" text "</description><author>老王" \
    "</author><pubDate>Sat, 21 Nov 2026 01:0" n ":00 +0000</pubDate></item>"
#define RSS(items)                                                             \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel>" \
    "<title>板</title><link>http://127.0.0.1/forum.php</link>"                \
    "<generator>Discuz! Board</generator>" items "</channel></rss>"

static void test_feed__costs_a_head_when_nothing_changed(void **state)
{
    struct kit kit;
    struct mud_report report;
    static struct feed feed;

    (void)state;
    kit_open(&kit);
    feed = (struct feed){.text = RSS(ITEM("1", "出肉鸡 QQ 9000011122"))};
    struct mud_httpd *httpd = mud_httpd_start(answer_feed, &feed);
    kit_collector(&kit, "feed", mud_httpd_port(httpd), "/rss.xml", NULL, 0);
    kit_collect(&kit, &report);
    assert_int_equal(report.posts, 1);
    kit_collect(&kit, &report);
    assert_int_equal(feed.asked, 2);
    assert_int_equal(feed.sent, 1);
    assert_int_equal(kit_count(&kit, "mud.capture"), 1);
    snprintf(feed.text,
             sizeof feed.text,
             "%s",
             RSS(ITEM("1", "出肉鸡 QQ 9000011122") ITEM("2", "收料子")));
    kit_collect(&kit, &report);
    assert_int_equal(feed.sent, 2);
    assert_int_equal(kit_count(&kit, "mud.post"), 2);
    snprintf(feed.text, sizeof feed.text, "<html>维护中</html>");
    kit_collect(&kit, &report);
    assert_string_equal(kit_skipped(&report), "no-feed");
    kit_collect(&kit, &report); /* and is asked for again */
    assert_int_equal(feed.sent, 4);
    mud_httpd_stop(httpd);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_telegram__covers_all_and_then_what_is_new),
        cmocka_unit_test(test_telegram__looks_again_for_edits),
        cmocka_unit_test(test_telegram__one_worker_at_a_time),
        cmocka_unit_test(test_telegram__refused_it_stops_and_goes_on_later),
        cmocka_unit_test(test_telegram__waits_as_it_is_told),
        cmocka_unit_test(test_feed__costs_a_head_when_nothing_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
