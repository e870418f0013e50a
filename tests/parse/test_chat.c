#include "tests/support/mudtest.h"

#include "base/json.h"
#include "parse/chat_repair.h"
#include "parse/chat_telegram.h"
#include "parse/record.h"
#include "parse/slicer.h"

#include <stdlib.h>

/* What one run over an export gave: records of posts, and notes. */
struct result {
    struct mud_arena *arena;
    struct mud_buf lines;
    struct mud_post posts[400];
    size_t n, notes;
    uint64_t note_at[64];
    char codes[512];
};

struct source {
    struct mud_str left;
    size_t step;
};

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct source *source = payload;
    (void)err;
    *n = size < source->step ? size : source->step;
    if (*n > source->left.n)
        *n = source->left.n;
    memcpy(out, source->left.s, *n);
    source->left = mud_str_sub(source->left, *n, source->left.n);
    return true;
}

static bool on_post(const struct mud_post *post, void *payload,
                    struct mud_error *err)
{
    struct result *r = payload;
    struct mud_buf line = {0};
    assert_true(r->n < 400);
    mud_record_post(&line, post, (struct mud_str){0});
    mud_buf_str(&r->lines, mud_buf_view(&line));
    /* The post's texts end with this call: keep what its record says. */
    assert_ok(mud_record_read_post(
                  &r->posts[r->n++], mud_buf_view(&line), r->arena, err),
              err);
    mud_buf_free(&line);
    return true;
}

static bool on_note(const struct mud_note *note, void *payload,
                    struct mud_error *err)
{
    struct result *r = payload;
    (void)err;
    assert_true(note->text.n > 0);
    if (r->notes < 64)
        r->note_at[r->notes] = note->byte;
    r->notes++;
    size_t used = strlen(r->codes);
    (void)snprintf(r->codes + used, sizeof(r->codes) - used, "%s ", note->code);
    return true;
}

static struct result *run(struct mud_str json, size_t step)
{
    struct result *r = mud_calloc(1, sizeof(*r));
    struct source source = {json, step};
    const struct mud_chat_in in = {.bytes = {take, &source}};
    const struct mud_chat_sink sink = {on_post, on_note, r, NULL};
    struct mud_error err = {0};
    r->arena = mud_arena_new();
    assert_ok(mud_chat_telegram.read(&in, &sink, &err), &err);
    return r;
}

static void drop(struct result *r)
{
    mud_arena_free(r->arena);
    mud_buf_free(&r->lines);
    free(r);
}

static bool is_telegram(struct mud_str head)
{
    return mud_chat_of(head, (struct mud_str){0}) == &mud_chat_telegram;
}

static struct mud_str dev(const char *name)
{
    return mudtest_read(
        mudtest_text("%s/tests/data/telegram-dev/%s", mudtest_source(), name));
}

/* An export of two messages around one that is given. */
static struct mud_str around(const char *message)
{
    return mud_str_z(mudtest_text(
        "{\n \"name\": \"群\",\n \"type\": \"private_group\",\n"
        " \"id\": 42,\n \"messages\": [\n"
        "  {\n   \"id\": 1,\n   \"type\": \"message\",\n"
        "   \"date_unixtime\": \"1709516143\",\n   \"text\": \"a\"\n  },\n"
        "%s"
        "  {\n   \"id\": 3,\n   \"type\": \"message\",\n"
        "   \"date_unixtime\": \"1709516144\",\n   \"text\": \"c\"\n  }\n"
        " ]\n}\n",
        message));
}

static void test_chat__reads_the_whole_development_export(void **state)
{
    (void)state;
    struct mud_str json = dev("result.json");
    assert_true(is_telegram(mud_str_sub(json, 0, 4096)));
    struct result *r = run(json, 65536);
    assert_int_equal(r->n, 120);
    assert_int_equal(r->notes, 0);
    struct mud_error err = {0};
    json_t *tree = mud_json_read(json, &err);
    const json_t *messages = json_object_get(tree, "messages");
    assert_int_equal(json_array_size(messages), 120);
    size_t services = 0, forwards = 0, replies = 0, edits = 0;
    for (size_t i = 0; i < 120; i++) {
        const json_t *m = json_array_get(messages, i);
        const struct mud_post *post = &r->posts[i];
        bool service = mud_str_eqz(mud_json_get_str(m, "type"), "service");
        assert_bytes(post->author,
                     mud_json_get_str(m, service ? "actor" : "from"));
        assert_int_equal(mud_json_get_int(m, "id", 0),
                         strtol(mud_str_cstr(post->post, r->arena), NULL, 10));
        assert_int_equal(
            post->posted / MUD_SECOND,
            strtol(json_string_value(json_object_get(m, "date_unixtime")),
                   NULL,
                   10));
        assert_text(post->thread_title, "江湖互助交流3群");
        assert_text(post->site, "1899000417");
        /* Its place holds the very message. */
        struct mud_str slice =
            mud_str_sub(json, post->where.start, post->where.end);
        json_t *again = mud_json_read(slice, &err);
        assert_true(json_equal(again, m));
        json_decref(again);
        services += service;
        assert_int_equal(post->service.n > 0, service);
        forwards += post->forwarded;
        replies += post->reply_to.n > 0; /* or pins what was said */
        edits += post->edited > 0;
    }
    assert_int_equal(services, 5);
    assert_int_equal(forwards, 3);
    assert_int_equal(replies, 8 + 1);
    assert_int_equal(edits, 3);
    json_decref(tree);
    drop(r);
}

static void test_chat__does_not_care_how_bytes_come(void **state)
{
    static const size_t steps[] = {1, 7, 4096};
    (void)state;
    struct mud_str json = dev("result.json");
    struct result *whole = run(json, 65536);
    for (size_t i = 0; i < MUDTEST_ROWS(steps); i++) {
        struct result *r = run(json, steps[i]);
        assert_bytes(mud_buf_view(&r->lines), mud_buf_view(&whole->lines));
        drop(r);
    }
    drop(whole);
}

static void test_chat__a_later_export_gives_what_changed(void **state)
{
    (void)state;
    struct result *a = run(dev("result.json"), 65536);
    struct result *b = run(dev("result_later.json"), 65536);
    size_t same = 0, edited = 0, gone = 0;
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;
        while (k < b->n && !mud_str_eq(a->posts[i].post, b->posts[k].post))
            k++;
        if (k == b->n)
            gone++;
        else if (mud_str_eq(a->posts[i].body, b->posts[k].body))
            same++;
        else
            edited++;
    }
    assert_int_equal(gone, 3);
    assert_int_equal(edited, 2);
    assert_int_equal(same, 115);
    assert_true(b->n > 117);
    drop(a);
    drop(b);
}

static void test_chat__repairs_what_telegram_writes(void **state)
{
    static const struct {
        const char *message, *body;
    } rows[] = {
        {"  {\n   \"id\": 2,\n   \"text\": \"a\\x01b\"\n  },\n", "a\001b"},
        {"  {\n   \"id\": 2,\n   \"document_id\": video_files/s (2).webm,\n"
         "   \"text\": \"ok\"\n  },\n",
         "ok"},
        {"  {\n   \"id\": 2,\n   \"text\": \"\\ud83d!\"\n  },\n", "\uFFFD!"},
        {"  {\n   \"id\": 2,\n   \"text\": \"\\ud83d\\ude00\"\n  },\n", "😀"},
        {"  {\n   \"id\": 2,\n   \"text\": \"\xff\xfe!\"\n  },\n",
         "\uFFFD\uFFFD!"},
        {"  {\n   \"id\": 2,\n   \"text\": \"c:\\q\\u12\"\n  },\n",
         "c:\\q\\u12"},
        {"  {\n   \"id\": 2,\n   \"text\": \"a\\u0000b\"\n  },\n",
         "a\uFFFD"
         "b"},
        {"  {\n   \"id\": 2,\n   \"text\": \"a\tb\"\n  },\n", "a\tb"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct result *r = run(around(rows[i].message), 65536);
        assert_int_equal(r->n, 3);
        assert_text(r->posts[1].body, rows[i].body);
        drop(r);
    }
}

static void test_chat__a_broken_message_costs_itself(void **state)
{
    static const char *const rows[] = {
        /* a quote, a bracket, a brace or an end too few, or too many */
        "  {\n   \"id\": 2,\n   \"text\": \"open\n  },\n",
        "  {\n   \"id\": 2,\n   \"text\": [\"open\"\n  },\n",
        "  {\n   \"id\": 2,\n   \"text\": {\"a\": \"open\"\n  },\n",
        "  {\n   \"id\": 2,\n   \"text\": \"open\"\n",
        "  {\n   \"id\": 2,\n   \"text\": \"open\"]\n  },\n",
        "  {\n   \"id\": 2,\n   \"text\" \"open\"\n  },\n",
        "  {\n   \"text\": \"no id\"\n  },\n",
        "  garbage { \"x\" ] here\n",
    };
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_str json = around(rows[i]);
        struct result *r = run(json, 65536);
        if (r->n != 2)
            print_error("row %zu: %zu posts, %s\n", i, r->n, r->codes);
        assert_int_equal(r->n, 2);
        assert_text(r->posts[0].body, "a");
        assert_text(r->posts[1].body, "c");
        assert_true(r->notes >= 1);
        size_t at = mud_str_find(json, mud_str_z(rows[i]));
        assert_true(r->note_at[0] >= at &&
                    r->note_at[0] <= at + strlen(rows[i]));
        drop(r);
    }
}

static void test_chat__a_minified_export_resumes_too(void **state)
{
    static const char json[] =
        "{\"name\":\"g\",\"type\":\"private_group\",\"id\":7,\"messages\":["
        "{\"id\":1,\"text\":\"a\"},"
        "{\"id\":2,\"text\":\"open},"
        "{\"id\":3,\"text\":\"c\"},{\"id\":4,\"text\":\"d\"}]}";
    (void)state;
    struct result *r = run(mud_str_z(json), 65536);
    assert_int_equal(r->n, 3);
    assert_text(r->posts[1].post, "3");
    assert_text(r->posts[2].post, "4");
    assert_int_equal(r->notes, 1);
    drop(r);
}

static void test_chat__reads_what_is_there_of_a_cut_file(void **state)
{
    (void)state;
    struct mud_str json = dev("result.json");
    for (size_t cut = 0; cut < json.n; cut += 1237) {
        struct result *r = run(mud_str_sub(json, 0, cut), 65536);
        struct result *whole = run(json, 65536);
        size_t complete = 0;
        while (complete < whole->n && whole->posts[complete].where.end <= cut)
            complete++;
        assert_int_equal(r->n, complete);
        assert_true(r->notes <= 1);
        drop(r);
        drop(whole);
    }
}

static void test_chat__flipped_bytes_cost_few_messages(void **state)
{
    (void)state;
    struct mud_str json = dev("result.json");
    char *copy = mud_malloc(json.n);
    for (int round = 0; round < 60; round++) {
        memcpy(copy, json.s, json.n);
        copy[mudtest_random((uint32_t)json.n)] ^=
            (char)(1U << mudtest_random(8));
        struct result *r = run(mud_str_of(copy, json.n), 65536);
        assert_true(r->n >= 117);
        drop(r);
    }
    free(copy);
}

static void test_chat__reads_an_account_export(void **state)
{
    static const char json[] =
        "{\n \"about\": \"x\",\n \"personal_information\": {\"user_id\": 1, "
        "\"first_name\": \"n\"},\n"
        " \"contacts\": {\"list\": [{\"user_id\": 2}]},\n"
        " \"chats\": {\"about\": \"\", \"list\": [\n"
        "  {\"name\": \"one\", \"type\": \"private_group\", \"id\": 11, "
        "\"messages\": [{\"id\": 1, \"text\": \"a\"}]},\n"
        "  {\"name\": \"two \\\"q\\\"\", \"type\": \"personal_chat\", "
        "\"id\": 12, \"messages\": []},\n"
        "  {\"name\": null, \"id\": 13, \"messages\": [{\"id\": 2, "
        "\"text\": [\"b\", {\"type\": \"text_link\", \"text\": \"t\", "
        "\"href\": \"https://t.me/x\"}]}]}\n ]},\n"
        " \"left_chats\": {\"list\": [{\"name\": \"left\", \"id\": 14, "
        "\"messages\": [{\"id\": 3, \"text\": \"c\"}]}]}\n}\n";
    (void)state;
    assert_true(is_telegram(mud_str_z(json)));
    struct result *r = run(mud_str_z(json), 65536);
    assert_int_equal(r->n, 3);
    assert_text(r->posts[0].thread, "11");
    assert_text(r->posts[0].thread_title, "one");
    assert_text(r->posts[1].thread, "13");
    assert_text(r->posts[1].body, "bt");
    assert_text(r->posts[1].links[0], "https://t.me/x");
    assert_text(r->posts[2].thread_title, "left");
    assert_int_equal(r->notes, 0);
    drop(r);
}

static void test_chat__keeps_what_is_beside_the_text(void **state)
{
    static const char message[] =
        "  {\n   \"id\": 2,\n   \"type\": \"message\",\n   \"from\": null,\n"
        "   \"from_id\": \"user5\",\n   \"date\": \"2024-03-04T09:35:43\",\n"
        "   \"file\": \"files/price.txt\",\n"
        "   \"file_name\": \"price list.txt\",\n"
        "   \"photo\": \"photos/p1.jpg\",\n"
        "   \"contact_information\": {\"first_name\": \"A\", \"last_name\": "
        "\"B\", \"phone_number\": \"+8613800000000\"},\n"
        "   \"poll\": {\"question\": \"how many?\", \"answers\": [{\"text\": "
        "\"one\"}, {\"text\": \"two\"}]},\n"
        "   \"inline_bot_buttons\": [[{\"type\": \"url\", \"text\": \"shop\", "
        "\"data\": \"https://shop.example/\"}], [{\"type\": \"callback\", "
        "\"text\": \"more\", \"data\": \"x\"}]],\n"
        "   \"reply_to_message_id\": 1,\n   \"text\": \"\"\n  },\n";
    (void)state;
    struct result *r = run(around(message), 65536);
    const struct mud_post *post = &r->posts[1];
    assert_int_equal(r->n, 3);
    assert_int_equal(post->author.n, 0);
    assert_text(post->author_id, "user5");
    assert_text(post->body, "how many?\none\ntwo");
    assert_text(post->attachments[0], "price list.txt");
    assert_text(post->attachments[1], "contact: A B +8613800000000");
    assert_text(post->images[0], "photos/p1.jpg");
    assert_int_equal(post->n_buttons, 3);
    assert_text(post->buttons[0], "shop");
    assert_text(post->buttons[1], "https://shop.example/");
    assert_text(post->buttons[2], "more");
    assert_text(post->reply_to, "1");
    /* No zone: China's, and a note. */
    assert_int_equal(post->posted_precision, MUD_TO_SECOND);
    assert_string_equal(r->codes, "zone-assumed ");
    drop(r);
}

/* Junk between "messages" and its array is no part of the first message. */
static void test_chat__junk_before_the_messages(void **state)
{
    (void)state;
    struct result *r =
        run(MUD_STR("{\"name\": \"n\", \"type\": \"t\", \"id\": 2, "
                    "\"messages\"xxxx:[{\"id\": 1, \"text\": "
                    "\"a\"}]}"),
            65536);
    assert_int_equal(r->n, 1);
    assert_int_equal(r->notes, 0);
    assert_text(r->posts[0].body, "a");
    assert_int_equal(r->posts[0].where.end - r->posts[0].where.start, 22);
    drop(r);
}

/* Bills, games, places, topics: words that stand elsewhere than in the text. */
static void test_chat__words_that_stand_elsewhere(void **state)
{
    static const struct {
        const char *members, *body, *service, *reply_to;
    } rows[] = {
        {"\"type\": \"message\", \"invoice_information\": {\"title\": \"VIP\", "
         "\"description\": \"month\", \"amount\": 1999, \"currency\": \"USD\"}",
         "VIP\nmonth\n19.99 USD",
         "",
         ""},
        {"\"type\": \"message\", \"invoice_information\": {\"title\": \"VIP\", "
         "\"amount\": 50, \"currency\": \"XTR\"}",
         "VIP\n50 XTR",
         "",
         ""},
        {"\"type\": \"message\", \"place_name\": \"茶馆\", \"address\": \"1\"",
         "茶馆\n1",
         "",
         ""},
        {"\"type\": \"message\", \"text\": \"x\", \"game_title\": \"g\"",
         "x\ng",
         "",
         ""},
        {"\"type\": \"service\", \"action\": \"topic_created\", \"title\": "
         "\"料\"",
         "料",
         "topic_created",
         ""},
        {"\"type\": \"service\", \"action\": \"topic_edit\", \"new_title\": "
         "\"料2\"",
         "料2",
         "topic_edit",
         ""},
        {"\"type\": \"service\", \"action\": \"migrate_from_group\", "
         "\"title\": \"群\"",
         "群",
         "migrate_from_group",
         ""},
        {"\"type\": \"service\", \"information_text\": \"closed\"",
         "closed",
         "system",
         ""},
        {"\"type\": \"message\", \"text\": \"x\", \"reply_to_message_id\": 1",
         "x",
         "",
         "1"},
        /* to a message of another chat */
        {"\"type\": \"message\", \"text\": \"x\", \"reply_to_message_id\": 1, "
         "\"reply_to_peer_id\": \"channel77\"",
         "x",
         "",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct result *r = run(
            around(mudtest_text(
                "  {\n   \"id\": 2,\n   \"date_unixtime\": \"1709516143\",\n"
                "   %s\n  },\n",
                rows[i].members)),
            65536);
        assert_int_equal(r->n, 3);
        assert_text(r->posts[1].body, rows[i].body);
        assert_text(r->posts[1].service, rows[i].service);
        assert_text(r->posts[1].reply_to, rows[i].reply_to);
        drop(r);
    }
}

static void test_chat__a_giant_message_is_set_aside(void **state)
{
    struct mud_buf json = {0};
    (void)state;
    mud_buf_z(&json,
              "{\"type\":\"x\",\"id\":1,\"messages\":[\n"
              "  {\"id\":1,\"text\":\"");
    while (json.n < MUD_SLICE_MAX + 4096)
        mud_buf_z(&json, "这是一条没有尽头的消息这是一条没有尽头的消息");
    mud_buf_z(&json, "\"},\n  {\"id\":2,\"text\":\"b\"}]}");
    struct result *r = run(mud_buf_view(&json), 65536);
    assert_int_equal(r->n, 1);
    assert_text(r->posts[0].post, "2");
    assert_string_equal(r->codes, "message-too-large ");
    drop(r);
    mud_buf_free(&json);
}

static void test_chat__is_no_other_json(void **state)
{
    (void)state;
    assert_false(is_telegram(MUD_STR("")));
    assert_false(is_telegram(MUD_STR("[1]")));
    assert_false(is_telegram(MUD_STR("{\"a\": 1}")));
    struct result *r = run(MUD_STR("[[[[[[[[[[[[[[[{{}}]]]]]]"), 3);
    assert_int_equal(r->n, 0);
    drop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat__reads_the_whole_development_export),
        cmocka_unit_test(test_chat__does_not_care_how_bytes_come),
        cmocka_unit_test(test_chat__a_later_export_gives_what_changed),
        cmocka_unit_test(test_chat__repairs_what_telegram_writes),
        cmocka_unit_test(test_chat__a_broken_message_costs_itself),
        cmocka_unit_test(test_chat__a_minified_export_resumes_too),
        cmocka_unit_test(test_chat__reads_what_is_there_of_a_cut_file),
        cmocka_unit_test(test_chat__flipped_bytes_cost_few_messages),
        cmocka_unit_test(test_chat__reads_an_account_export),
        cmocka_unit_test(test_chat__keeps_what_is_beside_the_text),
        cmocka_unit_test(test_chat__junk_before_the_messages),
        cmocka_unit_test(test_chat__words_that_stand_elsewhere),
        cmocka_unit_test(test_chat__a_giant_message_is_set_aside),
        cmocka_unit_test(test_chat__is_no_other_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
