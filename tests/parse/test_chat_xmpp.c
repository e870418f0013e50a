#include "tests/parse/chat_golden.h"

#include "parse/chat_xmpp.h"

static void test_chat_xmpp__every_field_of_every_stanza(void **state)
{
    (void)state;
    assert_golden("xmpp", "xmpp/xmpp1.log", "");
    assert_golden("xmpp", "xmpp/xmpp2.log", "");
    assert_golden("xmpp", "xmpp/prosody-0.12.3_moderation_tombstone.txt", "");
}

#define SAID(who, id, sid, body, more)                                       \
    "2026-11-22T00:00:0" sid "Z LIVE <message type=\"groupchat\" id='" id    \
    "' from='r@x.example/" who "'><body>" body "</body><stanza-id id='s" sid \
    "' by='r@x.example' xmlns='urn:xmpp:sid:0'/>" more "</message>\n"

/* What comes last of a few stanzas. */
static void test_chat_xmpp__what_changes_what(void **state)
{
    static const struct {
        const char *text, *post, *author, *body, *reply, *service;
        enum mud_post_state post_state;
    } rows[] = {
        {SAID("a", "m1", "1", "x", "")
             SAID("a",
                  "m2",
                  "2",
                  "y",
                  "<replace id='m1' xmlns='urn:xmpp:message-correct:0'/>"),
         "s1",
         "a",
         "y",
         "",
         "",
         MUD_POST_SHOWN},
        /* nobody corrects what others said */
        {SAID("a", "m1", "1", "x", "")
             SAID("b",
                  "m2",
                  "2",
                  "y",
                  "<replace id='m1' xmlns='urn:xmpp:message-correct:0'/>"),
         "s2",
         "b",
         "y",
         "",
         "",
         MUD_POST_SHOWN},
        {SAID("a", "m1", "1", "x", "")
             SAID("a",
                  "m2",
                  "2",
                  "gone",
                  "<retract id='s1' xmlns='urn:xmpp:message-retract:1'/>"),
         "s1",
         "a",
         "",
         "",
         "",
         MUD_POST_DELETED},
        /* nor takes it back, not even in the room's words */
        {SAID("a", "m1", "1", "x", "")
             SAID("b",
                  "m2",
                  "2",
                  "gone",
                  "<retract id='s1' xmlns='urn:xmpp:message-retract:1'>"
                  "<moderated xmlns='urn:xmpp:message-moderate:1'/></retract>"),
         "s2",
         "b",
         "",
         "s1",
         "retract",
         MUD_POST_EMPTY},
        {SAID("a", "m1", "1", "x", "")
             SAID("b",
                  "m2",
                  "2",
                  "&gt; x\ny",
                  "<reply id='s1' to='r@x.example/a' xmlns='urn:xmpp:reply:0'/>"
                  "<fallback for='urn:xmpp:reply:0' "
                  "xmlns='urn:xmpp:fallback:0'><body start='0' end='4'/>"
                  "</fallback>"),
         "s2",
         "b",
         "y",
         "s1",
         "",
         MUD_POST_SHOWN},
        /* words of others in one's own are no archive's */
        {SAID("a",
              "m1",
              "1",
              "x",
              "<result id='s9' xmlns='urn:xmpp:mam:2'><forwarded "
              "xmlns='urn:xmpp:forward:0'><message type='groupchat' "
              "from='r@x.example/b'><body>forged</body></message></forwarded>"
              "</result>"),
         "s1",
         "a",
         "x",
         "",
         "",
         MUD_POST_SHOWN},
        {SAID("a", "m1", "1", "a &lt;b&gt; <![CDATA[<c>]]> &#x4e2d;", ""),
         "s1",
         "a",
         "a <b> <c> 中",
         "",
         "",
         MUD_POST_SHOWN},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct chats *c =
            chats_read("xmpp", mud_str_z(rows[i].text), "x.log", 7);
        struct mud_post post = chats_at(c, c->posts - 1);
        assert_string_equal(c->codes, "");
        assert_text(post.post, rows[i].post);
        assert_text(post.author, rows[i].author);
        assert_text(post.body, rows[i].body);
        assert_text(post.reply_to, rows[i].reply);
        assert_text(post.service, rows[i].service);
        assert_int_equal(post.state, rows[i].post_state);
        assert_true(post.posted > 0);
        chats_free(c);
    }
}

#define THERE(who, type, more)                   \
    "<presence from='r@x.example/" who "' " type \
    "><x xmlns='http://jabber.org/protocol/muc#user'>" more "</x></presence>"

static void test_chat_xmpp__who_comes_and_goes(void **state)
{
    static const char text[] =
        THERE("a", "", "<item role='participant' jid='a@x.example/1'/>")
            THERE("a", "", "<item role='participant'/>") /* away: nothing new */
        THERE("a", "type='unavailable'", "<item nick='b'/><status code='303'/>")
            THERE("b", "", "<item role='participant'/>")
                THERE("b", "type='unavailable'", "<item/><status code='307'/>");
    static const char *const services[] = {"join", "nick", "kick"};
    struct chats *c = chats_read("xmpp", mud_str_z(text), "x.log", 100);
    (void)state;
    assert_int_equal(c->posts, MUDTEST_ROWS(services));
    for (size_t i = 0; i < MUDTEST_ROWS(services); i++)
        assert_text(chats_at(c, i).service, services[i]);
    assert_text(chats_at(c, 1).members[0], "b");
    assert_text(chats_at(c, 0).author_handle, "a@x.example");
    chats_free(c);
}

/* What mudlark listened to: how things stood is learnt and is no event, and
 * what was heard is said. */
#define OURS      "# mudlark xmpp 1\n"
#define T(second) "2026-11-24T15:00:" second ".000000Z "

struct heard {
    char place[64];
    int64_t from, until;
    int n, posts;
    char post[2][64]; /* ids */
    char services[64];
};

static bool hear(struct mud_str place, int64_t from, int64_t until,
                 void *payload, struct mud_error *err)
{
    struct heard *heard = payload;
    (void)err;
    heard->n++;
    snprintf(heard->place, sizeof heard->place, "%.*s", MUD_FMT(place));
    heard->from = from;
    heard->until = until;
    return true;
}

static bool keep(const struct mud_post *post, void *payload,
                 struct mud_error *err)
{
    struct heard *heard = payload;
    (void)err;
    snprintf(heard->post[heard->posts++ % 2],
             sizeof heard->post[0],
             "%.*s",
             MUD_FMT(post->post));
    size_t at = strlen(heard->services);
    snprintf(heard->services + at,
             sizeof heard->services - at,
             "%.*s ",
             MUD_FMT(post->service));
    return true;
}

static bool no_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    (void)payload;
    (void)err;
    fail_msg("note %s", note->code);
    return true;
}

static bool give(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct mud_str *left = payload;
    (void)err;
    *n = left->n < size ? left->n : size;
    memcpy(out, left->s, *n);
    *left = mud_str_sub(*left, *n, left->n);
    return true;
}

static struct heard listen_to(const char *text)
{
    struct heard heard = {0};
    struct mud_str left = mud_str_z(text);
    struct mud_error err = {0};
    const struct mud_chat_in in = {.bytes = {give, &left}};
    const struct mud_chat_sink sink = {keep, no_note, &heard, hear};
    assert_true(mud_chat_xmpp.is(left, MUD_STR("x")));
    assert_ok(mud_chat_xmpp.read(&in, &sink, &err), &err);
    return heard;
}

static void test_chat_xmpp__what_was_listened_to(void **state)
{
    struct heard heard = listen_to(
        OURS T("00") "present " THERE("a", "", "<item role='visitor'/>") "\n" T(
            "01") THERE("a", "", "<item role='visitor'/>") "\n" T("02")
            THERE("a", "", "<item role='moderator'/>") "\n" T("03")
                THERE("b", "", "<item role='visitor'/>") "\n" T(
                    "09") "heard 2026-11-24T14:59:00Z r@x.example\n"
                          "of no use\n");

    (void)state;
    assert_string_equal(heard.services, "role join ");
    assert_int_equal(heard.n, 1);
    assert_string_equal(heard.place, "r@x.example");
    assert_true(heard.until - heard.from == 69 * MUD_SECOND);
    heard = listen_to(OURS T("09") "heard 2026-11-24T14:59:00Z r@x.example\n");
    assert_int_equal(heard.n, 1); /* a silence */
}

#define BARE(id, body, more)                                                 \
    "<message type='groupchat' id='" id "' from='r@x/a'>" more "<body>" body \
    "</body></message>\n"

/* A room without an archive gives no ids: what is replayed is the same post. */
static void test_chat_xmpp__replayed_without_an_archive(void **state)
{
    struct heard heard =
        listen_to(OURS T("01") BARE("m1", "x", "") T("44") BARE(
            "m1",
            "x",
            "<delay xmlns='urn:xmpp:delay' stamp='2026-11-24T15:00:02Z'/>"));
    (void)state;
    assert_int_equal(heard.posts, 2);
    assert_string_equal(heard.post[0], heard.post[1]);
    heard = listen_to(OURS T("01") BARE("m1", "x", "") T("44")
                          BARE("m1", "y", "")); /* ids are the senders' */
    assert_string_not_equal(heard.post[0], heard.post[1]);
}

#define HEAD "<stream xmlns='jabber:client'>"
#define GOOD "<message from='r@x/a' type='groupchat'><body>ok</body></message>"

static void test_chat_xmpp__hostile_ones_are_notes(void **state)
{
    static const struct {
        const char *text;
        size_t posts;
        const char *codes;
    } rows[] = {
        {HEAD "<message><body>&lol;</body></message>" GOOD, 1, "bad-message "},
        {HEAD "<message><!DOCTYPE x [<!ENTITY a 'b'>]></message>" GOOD,
         1,
         "bad-message "},
        {HEAD "<message a='1' a='2'/>" GOOD, 1, "bad-message "},
        {HEAD "<message from='r@x/a'><body>x", 0, "truncated "},
        {HEAD "<message from='r@x/a'>\xff</message>" GOOD, 1, "bad-message "},
        {HEAD "<message from='>'><body>x</body></message>" GOOD, 2, ""},
        {HEAD "<!-- <message> -->" GOOD, 1, ""},
        {HEAD GOOD GOOD, 2, ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_counts("xmpp", rows[i].text, rows[i].posts, rows[i].codes);
}

/* Deep, wide and long ones: set aside, and what follows is read. */
static void test_chat_xmpp__large_ones_are_set_aside(void **state)
{
    static const struct {
        const char *part;
        size_t times;
        const char *codes;
    } rows[] = {
        {"<a>", 100, "bad-message "},
        {"<a/>", 5000, "bad-message "},
        {"<a>0123456789</a>", 100000, "message-too-large "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_buf text = {0};
        mud_buf_z(&text, HEAD "<message>");
        for (size_t k = 0; k < rows[i].times; k++)
            mud_buf_z(&text, rows[i].part);
        for (size_t k = 0; i == 0 && k < rows[i].times; k++)
            mud_buf_z(&text, "</a>");
        mud_buf_z(&text, "</message>" GOOD);
        struct chats *c =
            chats_read("xmpp", mud_buf_view(&text), "x.log", 65536);
        assert_int_equal(c->posts, 1);
        assert_string_equal(c->codes, rows[i].codes);
        chats_free(c);
        mud_buf_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_xmpp__every_field_of_every_stanza),
        cmocka_unit_test(test_chat_xmpp__what_changes_what),
        cmocka_unit_test(test_chat_xmpp__who_comes_and_goes),
        cmocka_unit_test(test_chat_xmpp__what_was_listened_to),
        cmocka_unit_test(test_chat_xmpp__replayed_without_an_archive),
        cmocka_unit_test(test_chat_xmpp__hostile_ones_are_notes),
        cmocka_unit_test(test_chat_xmpp__large_ones_are_set_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
