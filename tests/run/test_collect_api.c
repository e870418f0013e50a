/*
 * Collectors of group chats by an API of HTTP: servers that answer as the
 * published specifications say (core.telegram.org/bots/api;
 * spec.matrix.org, client-server API).
 */
#include "run/collect.h"

#include "tests/run/homeserver.h"
#include "tests/run/runtest.h"

#include <pthread.h>
#include <sys/stat.h>

static void add_source(struct kit *kit, const char *kind, unsigned port,
                       const struct mud_str *rooms, size_t n_rooms)
{
    const char *path = mudtest_text("%s/secrets/s", kit->home);

    kit_collector(kit, kind, port, "/", rooms, n_rooms);
    mudtest_write(path, MUD_STR("token = " TOKEN "\n"));
    assert_int_equal(chmod(path, 0600), 0);
}

/* Nothing of the vault, the ledger and the database may hold the token. */
static void assert_kept_secret(struct kit *kit)
{
    const char *home = kit->home;
    struct mudtest_run run = mudtest_sh(
        "cd %s && find . -name '*.warc.gz' -exec zcat {} + "
        "| grep -c '%s'; grep -rl '%s' --exclude-dir=secrets . | head -3",
        home,
        TOKEN,
        TOKEN);

    assert_text(run.out, "0\n");
    assert_int_equal(kit_count(kit,
                               "mud.capture c WHERE position('" TOKEN
                               "' IN c::text) > 0"),
                     0);
}

/* --- Bot API ---------------------------------------------------------- */

struct bot {
    struct mud_pg *pg;         /* to look whether what is confirmed is there */
    int64_t newest, confirmed; /* updates 1000 to newest; below: forgotten */
    int status;
    int asked;
    bool early; /* something was confirmed that was not stored */
};

/* Unconfirmed updates from offset on, at most two an answer: small pages. */
static bool answer_bot(struct mud_httpd_peer *peer,
                       const struct mud_httpd_request *request, void *payload)
{
    struct bot *bot = payload;
    const char *target = target_of(request);
    int64_t offset = number_behind(target, "offset=");
    struct mud_buf out = {0};
    int n = 0;

    bot->asked++;
    if (bot->status == 429)
        return reply_json(
            peer,
            429,
            MUD_STR("{\"ok\":false,\"error_code\":429,\"description\":\"Too "
                    "Many Requests: retry after 50\",\"parameters\":{"
                    "\"retry_after\":50}}"));
    if (bot->status == 409)
        return reply_json(
            peer,
            409,
            MUD_STR("{\"ok\":false,\"error_code\":409,\"description\":"
                    "\"Conflict: can't use getUpdates method while webhook is "
                    "active; use deleteWebhook to delete the webhook "
                    "first\"}"));
    if (bot->status || !strstr(target, "/bot" TOKEN "/getUpdates?"))
        return reply_json(peer,
                          401,
                          MUD_STR("{\"ok\":false,\"error_code\":401,"
                                  "\"description\":\"Unauthorized\"}"));
    if (offset > bot->confirmed) {
        bot->confirmed = offset;
        bot->early |=
            mud_test_pg_int(bot->pg, "SELECT count(*) FROM mud.post") <
            offset - 1000;
    }
    mud_buf_z(&out, "{\"ok\":true,\"result\":[");
    for (int64_t id = bot->confirmed > 1000 ? bot->confirmed : 1000;
         id <= bot->newest && n < 2;
         id++)
        mud_buf_printf(
            &out,
            "%s{\"update_id\":%d,\"message\":{\"message_id\":%d,\"from\":{"
            "\"id\":5900010001,\"is_bot\":false,\"first_name\":\"老K\"},"
            "\"chat\":{\"id\":-1001899000417,\"title\":\"交流群\",\"type\":"
            "\"supergroup\"},\"date\":1709516%03d,\"text\":\"第%d批鸡\"}}",
            n++ ? "," : "",
            (int)id,
            (int)id,
            (int)(id % 1000),
            (int)id);
    mud_buf_z(&out, "]}");
    bool good = reply_json(peer, 200, mud_buf_view(&out));
    mud_buf_free(&out);
    return good;
}

static void test_botapi__confirms_what_is_stored(void **state)
{
    struct kit kit;
    struct mud_report report;
    static struct bot bot;

    (void)state;
    kit_plain(&kit);
    bot = (struct bot){.newest = 1004, .pg = mud_test_pg_open(kit.dsn)};
    struct mud_httpd *httpd = mud_httpd_start(answer_bot, &bot);
    add_source(&kit, "botapi", mud_httpd_port(httpd), NULL, 0);
    kit_collect_with(&kit,
                     &report,
                     &(struct mud_crawl_options){
                         .max_pages = 1}); /* broken off after one answer */
    assert_int_equal(report.posts, 2);
    assert_int_equal(bot.confirmed, 0); /* confirmed when asked on */
    kit_collect(&kit, &report);
    assert_int_equal(report.posts, 3);
    assert_int_equal(bot.confirmed, 1005);
    assert_int_equal(kit_count(&kit, "mud.post"), 5);
    bot.newest = 1006;
    kit_collect(&kit, &report);
    assert_int_equal(kit_count(&kit, "mud.post"), 7);
    assert_int_equal(
        mud_test_pg_int(kit.pg,
                        "SELECT count(*) - count(DISTINCT post_id) FROM "
                        "mud.post"),
        0);
    assert_false(bot.early);
    assert_kept_secret(&kit);

    /* the same again from the vault */
    assert_ok(mud_pg_exec(kit.pg, "DELETE FROM mud.capture_parsed", &kit.err) &&
                  mud_worker_reopen(&kit.worker, &kit.err),
              &kit.err);
    struct mud_unread unread = {.source = &kit.source};
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err),
              &kit.err);
    assert_int_equal(kit_count(&kit, "mud.post"), 7);
    mud_pg_close(bot.pg);
    mud_httpd_stop(httpd);
    kit_close(&kit);
}

static void assert_stopped(struct kit *kit, const char *why)
{
    struct mud_report report = {0};
    struct mud_crawl_options options = {0};
    struct mud_source now;

    assert_fails(
        mud_collect(&report, &kit->worker, &kit->source, &options, &kit->err),
        &kit->err,
        MUD_EDENIED,
        "is stopped");
    assert_ok(
        mud_source_load(&now, kit->pg, kit->source.name, kit->arena, &kit->err),
        &kit->err);
    assert_text(now.state, "stopped");
    assert_has(now.state_note, why);
    mud_test_pg_exec(kit->pg, "UPDATE mud.source SET state = 'active'");
}

/* What only a person can mend stops the source; a limit is waited for, by every
 * worker and round. */
static void test_botapi__says_what_stands_in_its_way(void **state)
{
    struct kit kit;
    struct mud_report report;
    static struct bot bot;

    (void)state;
    kit_plain(&kit);
    bot = (struct bot){.newest = 1000, .pg = kit.pg, .status = 401};
    struct mud_httpd *httpd = mud_httpd_start(answer_bot, &bot);
    add_source(&kit, "botapi", mud_httpd_port(httpd), NULL, 0);
    assert_stopped(&kit, "token is not taken");
    bot.status = 409;
    assert_stopped(&kit, "while webhook is active");
    bot.status = 429;
    kit_collect(&kit, &report);
    assert_string_equal(kit_skipped(&report), "rate-limit");
    int asked = bot.asked;
    bot.status = 0;
    kit_collect(&kit, &report); /* it said 50 seconds */
    assert_string_equal(kit_skipped(&report), "rate-limit");
    assert_int_equal(bot.asked, asked);
    mud_test_pg_exec(kit.pg,
                     "UPDATE mud.cursor SET value = '2026-01-01T00:00:00Z' "
                     "WHERE place = 'wait'");
    kit_collect(&kit, &report);
    assert_int_equal(report.posts, 1);
    mud_httpd_stop(httpd);
    kit_close(&kit);
}

static void test_botapi__without_a_token_says_where_it_goes(void **state)
{
    struct kit kit;
    struct mud_report report = {0};
    struct mud_crawl_options options = {0};
    static struct bot bot;

    (void)state;
    kit_plain(&kit);
    struct mud_httpd *httpd = mud_httpd_start(answer_bot, &bot);
    add_source(&kit, "botapi", mud_httpd_port(httpd), NULL, 0);
    assert_int_equal(remove(mudtest_text("%s/secrets/s", kit.home)), 0);
    assert_fails(
        mud_collect(&report, &kit.worker, &kit.source, &options, &kit.err),
        &kit.err,
        MUD_EMISSING,
        "secrets/s");
    assert_int_equal(bot.asked, 0);
    mud_httpd_stop(httpd);
    kit_close(&kit);
}

/* --- Matrix ------------------------------------------------------------ */

struct trial {
    struct kit kit;
    struct homeserver hs;
    struct mud_httpd *httpd;
    struct mud_str rooms[2];
};

static void open_trial(struct trial *t, int newest)
{
    *t = (struct trial){.hs = {.newest = newest, .limit = 4, .member = true},
                        .rooms = {MUD_STR("#market:hs.example"),
                                  MUD_STR("#gone:hs.example")}};
    kit_plain(&t->kit);
    t->httpd = mud_httpd_start(answer_matrix, &t->hs);
    add_source(&t->kit, "matrix", mud_httpd_port(t->httpd), t->rooms, 2);
}

static void close_trial(struct trial *t)
{
    mud_httpd_stop(t->httpd);
    kit_close(&t->kit);
}

static void test_matrix__reads_the_past_and_fills_gaps(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 12);
    kit_collect(&t.kit, &report);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 12);
    assert_int_equal(t.hs.backs, 3); /* 8 behind the first four */
    t.hs.backs = 0;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.hs.backs, 0); /* the past is whole */

    /* more than a timeline holds: what is between is asked for */
    t.hs.newest = 22;
    kit_collect(&t.kit, &report);
    assert_int_equal(t.hs.backs, 2);
    assert_int_equal(kit_count(&t.kit, "mud.post"), 22);
    assert_int_equal(
        mud_test_pg_int(t.kit.pg,
                        "SELECT count(*) - count(DISTINCT post_id) FROM "
                        "mud.post"),
        0);
    assert_kept_secret(&t.kit);
    close_trial(&t);
}

/* Broken off after every answer, ten times and more: nothing is left out. */
static void test_matrix__goes_on_where_it_was_broken_off(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 9);
    for (int i = 0; i < 10; i++) {
        t.hs.newest += 2;
        kit_collect_with(&t.kit,
                         &report,
                         &(struct mud_crawl_options){.max_pages = 4 + i % 3});
    }
    kit_collect(&t.kit, &report);
    assert_int_equal(kit_count(&t.kit, "mud.post"), t.hs.newest);
    close_trial(&t);
}

static void test_matrix__redactions_and_refusals(void **state)
{
    struct trial t;
    struct mud_report report;

    (void)state;
    open_trial(&t, 3);
    kit_collect(&t.kit, &report);
    t.hs.newest = 4;
    t.hs.redacted = 2;
    kit_collect(&t.kit, &report);
    assert_int_equal(
        kit_count(&t.kit,
                  "mud.post WHERE post_key = '$e4' AND extra->>'reply_to' = "
                  "'$e2'"),
        1);
    /* what was said keeps its words, and has a revision without them */
    assert_int_equal(
        kit_count(&t.kit, "mud.post WHERE post_key = '$e2' AND state = 0"), 1);
    assert_int_equal(
        kit_count(&t.kit, "mud.post WHERE post_key = '$e2' AND state = 2"), 1);
    snprintf(t.hs.refused, sizeof t.hs.refused, "M_LIMIT_EXCEEDED");
    kit_collect(&t.kit, &report);
    assert_string_equal(kit_skipped(&report), "rate-limit");
    int syncs = t.hs.syncs;
    t.hs.refused[0] = 0;
    kit_collect(&t.kit, &report); /* it said 60,000 ms */
    assert_string_equal(kit_skipped(&report), "rate-limit");
    assert_int_equal(t.hs.syncs, syncs);
    mud_test_pg_exec(t.kit.pg, "DELETE FROM mud.cursor WHERE place = 'wait'");
    snprintf(t.hs.refused, sizeof t.hs.refused, "M_UNKNOWN_TOKEN");
    assert_stopped(&t.kit, "does not take the token (M_UNKNOWN_TOKEN)");
    t.hs.refused[0] = 0;
    t.hs.member = false;
    t.hs.newest = 9;
    t.hs.redacted = 0;
    kit_collect(&t.kit, &report); /* joins nothing by itself */
    bool said = false;
    for (size_t i = 0; i < report.n_skips; i++)
        said |= strcmp(report.skips[i].reason, "not-a-member") == 0;
    assert_true(said);
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_botapi__confirms_what_is_stored),
        cmocka_unit_test(test_botapi__says_what_stands_in_its_way),
        cmocka_unit_test(test_botapi__without_a_token_says_where_it_goes),
        cmocka_unit_test(test_matrix__reads_the_past_and_fills_gaps),
        cmocka_unit_test(test_matrix__goes_on_where_it_was_broken_off),
        cmocka_unit_test(test_matrix__redactions_and_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
