#include "fetch/policy.h"
#include "tests/support/mudtest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <time.h>

static const char *kind_of(const char *text)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return mud_address_kind((const struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return mud_address_kind((const struct sockaddr *)&six);
}

static const struct {
    const char *address, *kind; /* NULL: public */
} addresses[] = {
    {"0.0.0.0", "this-network"},
    {"0.255.255.255", "this-network"},
    {"1.0.0.0", NULL},
    {"9.255.255.255", NULL},
    {"10.0.0.1", "private"},
    {"11.0.0.0", NULL},
    {"100.63.255.255", NULL},
    {"100.64.0.0", "carrier NAT"},
    {"100.100.100.200", "carrier NAT"},
    {"100.127.255.255", "carrier NAT"},
    {"100.128.0.0", NULL},
    {"127.0.0.1", "loopback"},
    {"127.255.255.254", "loopback"},
    {"128.0.0.1", NULL},
    {"169.254.169.254", "link-local"},
    {"172.15.255.255", NULL},
    {"172.16.0.0", "private"},
    {"172.31.255.255", "private"},
    {"172.32.0.0", NULL},
    {"192.0.0.170", "reserved"},
    {"192.0.2.1", "documentation"},
    {"192.167.255.255", NULL},
    {"192.168.0.1", "private"},
    {"198.18.0.1", "benchmark"},
    {"198.19.255.255", "benchmark"},
    {"198.20.0.0", NULL},
    {"203.0.113.9", "documentation"},
    {"223.255.255.255", NULL},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.1", "reserved"},
    {"255.255.255.255", "reserved"},
    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::2", "this-network"},
    {"::127.0.0.1", "loopback"},
    {"::ffff:10.0.0.1", "private"},
    {"::ffff:169.254.169.254", "link-local"},
    {"::ffff:8.8.8.8", NULL},
    {"64:ff9b::7f00:1", "loopback"},
    {"64:ff9b::808:808", NULL},
    {"64:ff9b:1::1", "reserved"},
    {"100::1", "discard"},
    {"2001:db8::1", "documentation"},
    {"2001:0:808:808::f5ff:fffe", "protocol"},
    {"2001:200::1", NULL},
    {"2002:7f00:1::1", "loopback"},
    {"2002:c0a8:101::1", "private"},
    {"2002:808:808::1", NULL},
    {"2606:4700::1111", NULL},
    {"3fff:fff::1", "documentation"},
    {"3fff:1000::1", NULL},
    {"4000::1", "reserved"},
    {"fc00::1", "unique local"},
    {"fd00:ec2::254", "unique local"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "site-local"},
    {"ff02::1", "multicast"},
};

static void test_address__knows_what_is_not_public(void **state)
{
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(addresses); i++) {
        const char *kind = kind_of(addresses[i].address);
        if ((kind == NULL) != (addresses[i].kind == NULL) ||
            (kind && strcmp(kind, addresses[i].kind) != 0))
            fail_msg("%s: %s", addresses[i].address, kind ? kind : "public");
    }
    assert_non_null(mud_address_kind(&(struct sockaddr){.sa_family = AF_UNIX}));
}

static const struct mud_str hosts[] = {
    {"forum.example", 13},
    {"*.board.example", 15},
    {"port.example:8080", 17},
    {"[2606:4700::1111]", 17},
    {"127.0.0.1", 9},
    {"localhost", 9},
    {"x.localhost", 11},
    {"[::1]", 5},
    {"hidden.onion", 12},
};
static const struct mud_str paths[] = {
    {"/bbs", 4},
    {"/open/", 6},
};

static void test_policy__keeps_to_its_scope(void **state)
{
    static const struct {
        const char *url;
        enum mud_refusal why;
    } rows[] = {
        {"http://forum.example/bbs", MUD_REFUSED_NOT},
        {"https://FORUM.example./bbs/x?y", MUD_REFUSED_NOT},
        {"http://forum.example:81/bbs/", MUD_REFUSED_NOT},
        {"http://forum.example/open/a", MUD_REFUSED_NOT},
        {"http://forum.example/open", MUD_REFUSED_PATH},
        {"http://forum.example/bbsx", MUD_REFUSED_PATH},
        {"http://forum.example/bbs/../x", MUD_REFUSED_PATH},
        {"http://forum.example/bbs/%2e%2e/x", MUD_REFUSED_PATH},
        {"http://a.forum.example/bbs", MUD_REFUSED_HOST},
        {"http://forum.example.evil.example/bbs", MUD_REFUSED_HOST},
        {"http://evilforum.example/bbs", MUD_REFUSED_HOST},
        {"http://board.example/bbs", MUD_REFUSED_HOST},
        {"http://a.board.example/bbs", MUD_REFUSED_NOT},
        {"http://a.b.board.example/bbs", MUD_REFUSED_NOT},
        {"http://xboard.example/bbs", MUD_REFUSED_HOST},
        {"http://port.example:8080/bbs", MUD_REFUSED_NOT},
        {"http://port.example/bbs", MUD_REFUSED_HOST},
        {"http://[2606:4700::1111]/bbs", MUD_REFUSED_NOT},
        {"http://127.0.0.1/bbs", MUD_REFUSED_PRIVATE},
        {"http://0x7f000001/bbs", MUD_REFUSED_PRIVATE},
        {"http://[::1]/bbs", MUD_REFUSED_PRIVATE},
        {"http://localhost/bbs", MUD_REFUSED_PRIVATE},
        {"http://x.localhost/bbs", MUD_REFUSED_PRIVATE},
        {"http://hidden.onion/bbs", MUD_REFUSED_PROXY},
        {"http://forum.example/bbs?action=logout", MUD_REFUSED_CHANGE},
    };
    struct mud_policy policy = mud_policy_defaults();
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    policy.hosts = hosts;
    policy.n_hosts = MUDTEST_ROWS(hosts);
    policy.paths = paths;
    policy.n_paths = MUDTEST_ROWS(paths);
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_error err = {0};
        enum mud_refusal why;
        struct mud_url url;
        bool ok;
        assert_ok(mud_url_parse(&url, mud_str_z(rows[i].url), arena, &err),
                  &err);
        ok = mud_policy_allows(&policy, &url, &why, &err);
        if (why != rows[i].why)
            fail_msg("%s: %s", rows[i].url, mud_refusal_name(why));
        assert_int_equal(ok, why == MUD_REFUSED_NOT);
        assert_int_equal(err.code, ok ? MUD_OK : MUD_EDENIED);
    }
    mud_arena_free(arena);
}

static void test_policy__asks_no_host_unless_told(void **state)
{
    static const struct mud_str any[] = {{"*", 1}};
    struct mud_policy policy = mud_policy_defaults();
    struct mud_arena *arena = mud_arena_new();
    struct mud_url url;

    (void)state;
    assert_true(mud_url_parse(&url, MUD_STR("http://a.example"), arena, NULL));
    assert_false(mud_policy_allows(&policy, &url, NULL, NULL));
    policy.hosts = any;
    policy.n_hosts = 1;
    assert_true(mud_policy_allows(&policy, &url, NULL, NULL));
    assert_true(mud_url_parse(&url, MUD_STR("http://127.0.0.1"), arena, NULL));
    assert_false(mud_policy_allows(&policy, &url, NULL, NULL));
    policy.allow_private = true;
    assert_true(mud_policy_allows(&policy, &url, NULL, NULL));
    policy.proxy = MUD_STR("socks5h://127.0.0.1:9050");
    assert_true(mud_url_parse(&url, MUD_STR("http://a.onion"), arena, NULL));
    assert_true(mud_policy_allows(&policy, &url, NULL, NULL));
    mud_arena_free(arena);
}

static void test_changes__tells_reading_from_doing(void **state)
{
    static const struct {
        const char *rest;
        bool changes;
    } rows[] = {
        {"forum.php?mod=viewthread&tid=3&page=2", false},
        {"forum.php?mod=forumdisplay&fid=2", false},
        {"forum.php?mod=redirect&goto=findpost&ptid=1&pid=2", false},
        {"home.php?mod=space&uid=3&do=profile", false},
        {"member.php?mod=logging&action=logout&formhash=abc", true},
        {"member.php?mod=logging&action=login", true},
        {"member.php?mod=register", true},
        {"forum.php?mod=post&action=newthread&fid=2", true},
        {"forum.php?mod=post&action=reply&fid=2&tid=1", true},
        {"forum.php?mod=misc&action=recommend&tid=1", true},
        {"misc.php?mod=report&rtype=post&rid=1", true},
        {"home.php?mod=spacecp&ac=favorite&type=thread&id=1", true},
        {"forum.php?mod=ajax&formhash=0a1b", true},
        {"viewtopic.php?t=3&start=10", false},
        {"viewtopic.php?p=3", false},
        {"viewtopic.php?t=3&watch=topic&hash=1", true},
        {"memberlist.php?mode=viewprofile&u=2", false},
        {"memberlist.php?mode=email&u=2", true},
        {"posting.php?mode=quote&p=4", true},
        {"ucp.php?mode=logout&sid=1", true},
        {"ucp.php?mode=LOGIN", true},
        {"viewforum.php?f=2&mark=topics", true},
        {"showthread.php?tid=3&pid=4", false},
        {"newreply.php?tid=3", true},
        {"member.php?action=profile&uid=1", false},
        {"member.php?action=logout&logoutkey=1", true},
        {"misc.php?action=markread&my_post_key=1", true},
        {"index.php?topic=4.20", false},
        {"index.php?action=profile;u=1", false},
        {"index.php?action=post;topic=1.0", true},
        {"index.php?action=reporttm;topic=1.0;msg=2", true},
        {"index.php?action=markasread;sa=board", true},
        {"?thread-1-2.htm", false},
        {"?thread-create-1.htm", true},
        {"?user-logout.htm", true},
        {"?user-3.htm", false},
        {"post-delete-4.htm", true},
        {"topic/4/reply-to-a-question", false},
        {"threads/a.4/reply", true},
        {"threads/a.4/", false},
        {"logout/", true},
        {"posts/4/report", true},
        {"report/2024/june.html", false},
        /* Discuz: buying, tasks, signing in, groups, what marks as read */
        {"forum.php?mod=misc&action=pay&tid=3", true},
        {"forum.php?mod=misc&action=attachpay&aid=9&tid=3", true},
        {"home.php?mod=task&do=apply&id=1", true},
        {"home.php?mod=task&do=view&id=1", false},
        {"plugin.php?id=dsu_paulsign:sign&operation=qiandao", true},
        {"forum.php?mod=group&action=join&fid=4", true},
        {"home.php?mod=follow&op=add&fuid=3", true},
        {"home.php?mod=space&do=pm", true},
        {"home.php?mod=magic&action=shop", true},
        {"member.php?mod=clearcookies", true},
        {"forum.php?mod=collection&action=view&ctid=1", false},
        {"forum.php?mod=viewthread&tid=3&action=printable", false},
        {"forum.php?mod=forumdisplay&fid=2&filter=typeid&typeid=3", false},
        {"forum.php?mod=viewthread&action=archive&tid=9", false},
        {"api/mobile/index.php?version=4&module=viewthread&tid=3", false},
        {"logging.php?action=logout", true},
        {"my.php?item=favorites&tid=3", true},
        /* phpBB */
        {"viewtopic.php?t=3&unwatch=topic&hash=1", true},
        {"viewtopic.php?t=3&bump=1", true},
        {"viewtopic.php?f=2&p=9&thanks=9&to_id=3", true},
        {"ucp.php?i=pm&folder=inbox", true},
        {"mcp.php?i=main&mode=forum_view&f=2", true},
        {"viewtopic.php?t=3&view=print", false},
        {"app.php/feed/topic/3", false},
        /* MyBB */
        {"misc.php?action=clearcookies", true},
        {"reputation.php?action=add&uid=3", true},
        {"usercp2.php?action=addsubscription&tid=3", true},
        {"polls.php?action=vote&pid=1", true},
        {"polls.php?action=showresults&pid=1", false},
        {"moderation.php?action=openclosethread&tid=3", true},
        {"forumdisplay.php?fid=2&page=3", false},
        {"archive/index.php?thread-3.html", false},
        /* SMF */
        {"index.php?action=likes;sa=like;ltype=msg;like=2", true},
        {"index.php?action=notifytopic;topic=4.0", true},
        {"index.php?action=login2", true},
        {"index.php?action=unread", false},
        {"index.php?action=.xml;type=rss;board=2", false},
        {"index.php?topic=4.0;prev_next=next", false},
        {"index.php?action=printpage;topic=4.0", false},
        /* FluxBB */
        {"misc.php?action=markforumread&fid=2", true},
        {"misc.php?report=7", true},
        {"misc.php?action=subscribe&tid=3", true},
        {"login.php?action=out&id=3&csrf_token=1", true},
        {"search.php?action=show_recent", false},
        {"extern.php?action=feed&tid=3&type=atom", false},
        /* vBulletin */
        {"newreply.php?do=newreply&p=4", true},
        {"profile.php?do=addlist&userlist=buddy&u=3", true},
        {"post_thanks.php?do=post_thanks_add&p=4", true},
        {"showthread.php?t=3&page=2", false},
        {"showthread.php?p=4#post4", false},
        {"forumdisplay.php?f=2&order=desc&page=2", false},
        /* XenForo, Invision */
        {"threads/a.4/watch", true},
        {"posts/4/react?reaction_id=1", true},
        {"posts/4/like", true},
        {"threads/a.4/?_xfToken=1", true},
        {"forums/b.2/page-3", false},
        {"threads/watch.4/", false},
        {"topic/4-a/?do=reportComment&comment=9", true},
        {"topic/4-a/?csrfKey=1", true},
        {"topic/4-a/?do=getNewComment", false},
        /* Xiuno, NodeBB, phpwind: titles are no orders */
        {"?user-login.htm", true},
        {"?my-password.htm", true},
        {"topic/4/watch", false},
        {"topic/4/report?page=2", false},
        {"category/4/login", false},
        {"login?next=1", true},
        {"login.php?action=quit", true},
        {"read.php?tid=3&page=2", false},
        {"operate.php?action=favor&tid=3", true},
    };
    struct mud_arena *arena = mud_arena_new();

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_url url;
        assert_true(mud_url_parse(
            &url,
            mud_str_printf(arena, "http://a.example/b/%s", rows[i].rest),
            arena,
            NULL));
        if ((mud_url_changes(&url) != NULL) != rows[i].changes)
            fail_msg("%s: %s",
                     rows[i].rest,
                     rows[i].changes ? "let through" : mud_url_changes(&url));
    }
    mud_arena_free(arena);
}

static void test_backoff__doubles_up_to_the_cap(void **state)
{
    struct mud_policy policy = mud_policy_defaults();
    char date[64];
    time_t soon;
    struct tm tm;
    unsigned ms;

    (void)state;
    policy.backoff_ms = 1000;
    policy.backoff_max_ms = 60000;
    for (unsigned retry = 0, base = 1000; retry < 12; retry++) {
        ms = mud_policy_backoff(&policy, retry, (struct mud_str){0});
        assert_in_range(ms, base, base + base / 4 + 1);
        base = base * 2 < 60000 ? base * 2 : 60000;
        if (base == 60000)
            break;
    }
    assert_int_equal(mud_policy_backoff(&policy, 1000, MUD_STR("")), 60000);
    assert_int_equal(mud_policy_backoff(&policy, 0, MUD_STR("30")), 30000);
    assert_int_equal(mud_policy_backoff(&policy, 0, MUD_STR("9999999999999")),
                     60000);
    assert_int_equal(mud_policy_backoff(
                         &policy, 0, MUD_STR("Fri, 31 Dec 9999 23:59:59 GMT")),
                     60000);
    assert_in_range(
        mud_policy_backoff(
            &policy, 0, MUD_STR("99999999999999999999999999999999")),
        1000,
        60000);
    assert_in_range(mud_policy_backoff(&policy, 0, MUD_STR("0")), 1000, 1251);
    assert_in_range(
        mud_policy_backoff(&policy, 0, MUD_STR("soon")), 1000, 1251);
    assert_in_range(mud_policy_backoff(&policy, 0, MUD_STR("-5")), 1000, 1251);
    soon = (time_t)(mud_now() / MUD_SECOND) + 40;
    assert_non_null(gmtime_r(&soon, &tm));
    assert_true(strftime(date, sizeof date, "%a, %d %b %Y %T GMT", &tm) > 0);
    assert_in_range(
        mud_policy_backoff(&policy, 0, mud_str_z(date)), 38000, 40000);
    assert_in_range(mud_policy_backoff(
                        &policy, 0, MUD_STR("Sun, 06 Nov 1994 08:49:37 GMT")),
                    1000,
                    1251);
}

static void test_policy__checks_its_numbers(void **state)
{
    static const struct mud_str bad_header[] = {{"X-A: b\r\nX-C: d", 14}};
    struct mud_policy good = mud_policy_defaults(), bad;
    struct mud_error err = {0};

    (void)state;
    assert_ok(mud_policy_check(&good, &err), &err);
    bad = good;
    bad.page_bytes = 0;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "page bytes");
    bad = good;
    bad.page_seconds = 0;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "seconds");
    bad = good;
    bad.parallel = 0;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "parallel");
    bad = good;
    bad.per_host = 17;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "per host");
    bad = good;
    bad.redirects_max = 21;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "redirects");
    bad = good;
    bad.proxy = MUD_STR("ftp://127.0.0.1");
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "proxy");
    bad = good;
    bad.headers = bad_header;
    bad.n_headers = 1;
    assert_fails(mud_policy_check(&bad, &err), &err, MUD_EUSAGE, "header 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_address__knows_what_is_not_public),
        cmocka_unit_test(test_policy__keeps_to_its_scope),
        cmocka_unit_test(test_policy__asks_no_host_unless_told),
        cmocka_unit_test(test_changes__tells_reading_from_doing),
        cmocka_unit_test(test_backoff__doubles_up_to_the_cap),
        cmocka_unit_test(test_policy__checks_its_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
