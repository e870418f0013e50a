#include "nlp/record.h"

#include <jansson.h>

#include "base/utf8.h"
#include "tests/nlp/reads.h"

static json_t *line(const char *in, bool explain)
{
    struct mud_buf out = {0};
    struct mud_error err = {0};
    json_t *json;

    assert_ok(mud_extract_line(&out,
                               reads_reader,
                               NULL,
                               mud_str_z(in),
                               explain,
                               reads_arena,
                               &err),
              &err);
    if (out.n == 0)
        return NULL;
    assert_int_equal(out.s[out.n - 1], '\n');
    json = json_loadb(out.s, out.n, 0, NULL);
    assert_non_null(json);
    mud_buf_free(&out);
    return json;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));

    return s ? s : "";
}

/* The n-th entity of a type. */
static const json_t *entity(const json_t *record, const char *type, size_t n)
{
    const json_t *list = json_object_get(record, "entities");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);

        if (strcmp(text_of(e, "type"), type) == 0 && n-- == 0)
            return e;
    }
    return NULL;
}

static void test_record__offsets_count_code_points(void **state)
{
    json_t *r =
        line("{\"id\":7,\"text\":\"🔥🔥出国内肉鸡，3毛一台，QQ：９８１２００"
             "０００１\"}",
             false);
    const json_t *price = entity(r, "price", 0);
    const json_t *contact = entity(r, "contact", 0);

    (void)state;
    assert_int_equal(json_integer_value(json_object_get(r, "schema")), 1);
    assert_string_equal(text_of(r, "id"), "7");
    assert_string_equal(text_of(r, "lang"), "zh-Hans");
    assert_string_equal(text_of(r, "category"), "bots");
    assert_true(json_is_true(json_object_get(r, "is_offer")));
    assert_int_equal(json_integer_value(json_object_get(price, "start")), 8);
    assert_int_equal(json_integer_value(json_object_get(price, "end")), 12);
    assert_string_equal(text_of(price, "text"), "3毛一台");
    assert_float_equal(
        json_number_value(json_object_get(price, "amount_min")), 0.3, 1e-12);
    assert_string_equal(text_of(price, "of"), "p1");
    assert_string_equal(text_of(contact, "value"), "9812000001");
    assert_string_equal(text_of(contact, "text"), "９８１２０００００１");
    assert_string_equal(text_of(contact, "role"), "advertiser");
    json_decref(r);
}

/* Broken bytes count as Python's bytes.decode("utf-8", "replace") has them:
 * one character for each maximal part of a sequence. Places by that. */
static void test_record__broken_bytes_keep_their_places(void **state)
{
    static const struct {
        const char *text;
        int start, end;
    } rows[] = {
        {"\xff出肉鸡 QQ9812000001", 7, 17},
        {"\xe4\xb8出肉鸡 QQ9812000001", 7, 17},
        {"\xf0\x9f\x94出肉鸡 QQ9812000001", 7, 17},
        {"\xc0\x80出肉鸡 QQ9812000001", 8, 18},
        {"\xed\xa0\x80出肉鸡 QQ9812000001", 9, 19},
        {"\xf4\x90\x80\x80出肉鸡 QQ9812000001", 10, 20},
        {"出肉鸡\xe4\xf0\x9f QQ9812000001\xff", 8, 18},
        {"🔥\x80🔥出肉鸡 QQ9812000001", 9, 19},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        struct mud_message m = {.id = MUD_STR("1")};
        struct mud_reading r;
        struct mud_buf out = {0};
        const json_t *contact;
        json_t *json;

        m.text = mud_utf8_clean(mud_str_z(rows[i].text), reads_arena, NULL);
        r = reads_message(&m);
        mud_record_write(&out, reads_reader, &m, &r, false, reads_arena);
        json = json_loadb(out.s, out.n, 0, NULL);
        contact = entity(json, "contact", 0);
        assert_non_null(contact);
        assert_int_equal(json_integer_value(json_object_get(contact, "start")),
                         rows[i].start);
        assert_int_equal(json_integer_value(json_object_get(contact, "end")),
                         rows[i].end);
        assert_string_equal(text_of(contact, "text"), "9812000001");
        json_decref(json);
        mud_buf_free(&out);
    }
}

static void test_record__open_ends_are_null(void **state)
{
    json_t *r = line(
        "{\"id\":\"a\",\"text\":\"收0day，5000u起，QQ9812000001\"}", false);
    const json_t *price = entity(r, "price", 0);

    (void)state;
    assert_true(json_is_null(json_object_get(price, "amount_max")));
    assert_true(json_is_number(json_object_get(price, "amount_min")));
    json_decref(r);
}

static void test_record__says_where_outside_the_text(void **state)
{
    json_t *r = line(
        "{\"id\":\"a\",\"text\":\"要的看签名\",\"title\":\"出国内肉鸡 3毛一台\","
        "\"signature\":\"QQ 9812000001\",\"links\":[\"https://t.me/made_up01\"],"
        "\"buttons\":[{\"text\":\"下单\",\"url\":\"https://t.me/made_up02\"}]}",
        false);

    (void)state;
    assert_string_equal(text_of(entity(r, "product", 0), "in"), "title");
    assert_string_equal(text_of(entity(r, "price", 0), "in"), "title");
    assert_string_equal(text_of(entity(r, "contact", 0), "in"), "signature");
    assert_string_equal(text_of(entity(r, "contact", 0), "value"),
                        "9812000001");
    assert_string_equal(text_of(entity(r, "contact", 1), "in"), "links/0");
    assert_string_equal(text_of(entity(r, "contact", 2), "in"), "buttons/0");
    assert_string_equal(text_of(r, "category"), "bots");
    json_decref(r);
}

/* A link that is in the text too is told once, where it stands in the text. */
static void test_record__names_ways_without_an_address(void **state)
{
    json_t *r =
        line("{\"id\":\"a\",\"text\":\"出国内肉鸡，3毛一台，联系看签名，"
             "或站内信\"}",
             false);
    const json_t *by = json_object_get(r, "contact_by");

    (void)state;
    assert_int_equal(json_array_size(by), 2);
    assert_string_equal(json_string_value(json_array_get(by, 0)),
                        "private_message");
    assert_string_equal(json_string_value(json_array_get(by, 1)), "signature");
    json_decref(r);
    r = line("{\"id\":\"a\",\"text\":\"天气不错\"}", false);
    assert_null(json_object_get(r, "contact_by"));
    json_decref(r);
}

/* Contacts beside the text: the field they stand in, their value and role. */
static void test_record__reads_contacts_beside_the_text(void **state)
{
    static const struct {
        const char *in, *place, *value, *role;
    } rows[] = {
        {"{\"id\":1,\"text\":\"出肉鸡5毛一台，点我\",\"links\":[{\"text\":"
         "\"点我\",\"url\":\"https://t.me/made_l2\"}]}",
         "links/0",
         "made_l2",
         "advertiser"},
        {"{\"id\":1,\"text\":\"出肉鸡5毛一台\",\"buttons\":[\"价格表\",{"
         "\"text\":\"客服\",\"url\":\"https://t.me/made_l3\"}]}",
         "buttons/1",
         "made_l3",
         "advertiser"},
        {"{\"id\":1,\"text\":\"出肉鸡5毛一台，看签名\",\"signature\":"
         "\"长期供货 QQ9733100201\"}",
         "signature",
         "9733100201",
         "advertiser"},
        {"{\"id\":1,\"title\":\"骗子QQ9733100203，大家小心\",\"text\":"
         "\"昨天被他骗了800，收钱就拉黑\"}",
         "title",
         "9733100203",
         "reported"},
        {"{\"id\":1,\"author\":\"老刀 飞机@made_l5\",\"text\":"
         "\"出肉鸡5毛一台，量大优惠\"}",
         "author",
         "made_l5",
         "advertiser"},
        {"{\"id\":1,\"text\":\"出肉鸡5毛一台，点我\",\"links\":["
         "\"mailto:made@mail.example\"]}",
         "links/0",
         "made@mail.example",
         "advertiser"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        json_t *r = line(rows[i].in, false);
        const json_t *c = entity(r, "contact", 0);

        assert_string_equal(text_of(c, "in"), rows[i].place);
        assert_string_equal(text_of(c, "value"), rows[i].value);
        assert_string_equal(text_of(c, "role"), rows[i].role);
        assert_null(entity(r, "contact", 1));
        json_decref(r);
    }
}

static void test_record__tells_a_link_once(void **state)
{
    json_t *r = line("{\"id\":\"a\",\"text\":\"出国内肉鸡 3毛一台 "
                     "https://t.me/made_up01\",\"links\":[\"https://t.me/"
                     "made_up01\",\"https://t.me/made_up02\"]}",
                     false);

    (void)state;
    assert_string_equal(text_of(entity(r, "contact", 0), "in"), "");
    assert_string_equal(text_of(entity(r, "contact", 1), "value"), "made_up02");
    assert_null(entity(r, "contact", 2));
    json_decref(r);
}

/* Quotes are other people's words: nothing in them is read. */
static void test_record__reads_no_quotes(void **state)
{
    json_t *r =
        line("{\"post\":\"12\",\"type\":\"post\",\"body\":\"这个骗人的吧\","
             "\"quotes\":[{\"author\":\"x\",\"text\":\"出肉鸡，3毛一台，"
             "QQ9812000001\"}]}",
             false);

    (void)state;
    assert_string_equal(text_of(r, "id"), "12");
    assert_int_equal(json_array_size(json_object_get(r, "entities")), 0);
    assert_true(json_is_false(json_object_get(r, "is_offer")));
    json_decref(r);
}

static void test_record__passes_over_other_types(void **state)
{
    (void)state;
    assert_null(line("{\"type\":\"thread\",\"title\":\"出肉鸡\"}", false));
    assert_null(line("{\"type\":\"note\",\"text\":\"QQ9812000001\"}", false));
}

static void test_record__masks_victims(void **state)
{
    json_t *r = line("{\"id\":\"a\",\"text\":\"车主资料八毛一条，样本：王*明 "
                     "138****0001 QQ9812000001\"}",
                     true);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const json_t *e = entity(r, "victim_data", i);

        assert_non_null(e);
        assert_null(strstr(text_of(e, "text"), "0001"));
        assert_null(strstr(text_of(e, "text"), "王"));
        assert_null(json_object_get(e, "folded"));
    }
    json_decref(r);
}

static void test_record__explains(void **state)
{
    json_t *r =
        line("{\"id\":\"a\",\"text\":\"出肉鸡，3毛一台，ＱＱ９８１２００００"
             "０１\"}",
             true);
    const json_t *contact = entity(r, "contact", 0);

    (void)state;
    assert_string_equal(text_of(contact, "rule"), "contact.cue");
    assert_string_equal(text_of(contact, "folded"), "9812000001");
    assert_true(json_number_value(json_object_get(contact, "confidence")) >
                0.5);
    assert_string_equal(text_of(r, "rules"), mud_reader_version(reads_reader));
    assert_true(json_array_size(json_object_get(r, "reasons")) >= 2);
    json_decref(r);
}

static void test_record__bad_input_is_named(void **state)
{
    struct mud_buf out = {0};
    struct mud_error err = {0};

    static const struct {
        const char *line, *part;
    } rows[] = {
        {"{\"id\":1}", "\"text\""},
        {"[]", "object"},
        {"{\"id\":1,\"text\":", ""},
        {"{\"id\":\"x\",\"text\":5}", "no string"},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_fails(mud_extract_line(&out,
                                      reads_reader,
                                      NULL,
                                      mud_str_z(rows[i].line),
                                      false,
                                      reads_arena,
                                      &err),
                     &err,
                     MUD_EINPUT,
                     rows[i].part);
    assert_int_equal(out.n, 0);
    mud_buf_free(&out);
}

static void test_record__marks_do_not_overlap(void **state)
{
    struct mud_reading r =
        reads("出国内肉鸡，3毛一台，v和飞机同号 made_up01，@made_up02（土豆）");
    struct mud_marked *marks;
    size_t n = mud_marks_of(&marks, &r, MUD_IN_TEXT, 0, reads_arena);

    (void)state;
    assert_int_equal(n, 4);
    for (size_t i = 1; i < n; i++)
        assert_true(marks[i - 1].at.end <= marks[i].at.start);
    assert_int_equal(marks[0].type, MUD_ENT_PRODUCT);
    assert_int_equal(marks[1].type, MUD_ENT_PRICE);
}

static void test_record__attachments_are_read_and_say_where(void **state)
{
    json_t *r = line("{\"id\":1,\"text\":\"看图\",\"attachments\":["
                     "\"报价表 9123456781.xlsx\",{\"name\":\"a.png\","
                     "\"text\":\"出售国外肉鸡\\n3元一台\\nQQ 9123456780\"}]}",
                     false);
    const json_t *contact = entity(r, "contact", 0);

    (void)state;
    assert_string_equal(text_of(r, "category"), "bots");
    assert_true(json_is_true(json_object_get(r, "is_offer")));
    assert_string_equal(text_of(contact, "value"), "9123456780");
    assert_string_equal(text_of(contact, "in"), "attachments/1");
    assert_string_equal(text_of(contact, "role"), "advertiser");
    assert_string_equal(text_of(entity(r, "product", 0), "in"),
                        "attachments/1");
    assert_string_equal(text_of(entity(r, "price", 0), "in"), "attachments/1");
    assert_null(entity(r, "contact", 1));
    json_decref(r);
}

static void test_record__names_of_attachments_say_nothing(void **state)
{
    static const char *const names[] = {
        "{\"text\":\"hi\",\"attachments\":[\"QQ 9123456780.jpg\"]}",
        "{\"text\":\"hi\",\"attachments\":[\"https://cdn.example/a/b\"]}",
        ("{\"type\":\"post\",\"post\":\"1\",\"body\":\"hi\","
         "\"attachments\":[\"contact: QQ 9123456780\"]}")};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *r = line(names[i], false);
        assert_int_equal(json_array_size(json_object_get(r, "entities")), 0);
        json_decref(r);
    }
}

static void test_record__what_a_complaint_shows_is_reported(void **state)
{
    json_t *r = line("{\"id\":1,\"text\":\"大家小心这个骗子，收钱不发货\","
                     "\"attachments\":[\"出售四件套 1800元/套 QQ "
                     "9233445566\"]}",
                     false);

    (void)state;
    assert_true(json_is_false(json_object_get(r, "is_offer")));
    assert_string_equal(text_of(entity(r, "contact", 0), "role"), "reported");
    json_decref(r);
}

static void test_record__doubtful_print_gives_candidates(void **state)
{
    const struct mud_str text = MUD_STR("出售国外肉鸡 QQ 9123456780");
    const struct mud_doubt doubts[] = {
        {0, {(uint32_t)text.n - 3, (uint32_t)text.n}}};
    struct mud_message m = {
        .attachments = &text, .n_attachments = 1, .doubts = doubts};
    struct mud_reading sure = reads_message(&m), doubtful;
    size_t contacts = 0, candidates = 0;

    (void)state;
    m.n_doubts = 1;
    doubtful = reads_message(&m);
    for (size_t i = 0; i < sure.n_entities; i++)
        contacts += sure.entities[i].type == MUD_ENT_CONTACT;
    for (size_t i = 0; i < doubtful.n_entities; i++) {
        assert_true(doubtful.entities[i].type != MUD_ENT_CONTACT);
        candidates += doubtful.entities[i].type == MUD_ENT_CANDIDATE;
    }
    assert_int_equal(contacts, 1);
    assert_int_equal(candidates, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record__attachments_are_read_and_say_where),
        cmocka_unit_test(test_record__names_of_attachments_say_nothing),
        cmocka_unit_test(test_record__what_a_complaint_shows_is_reported),
        cmocka_unit_test(test_record__doubtful_print_gives_candidates),
        cmocka_unit_test(test_record__offsets_count_code_points),
        cmocka_unit_test(test_record__broken_bytes_keep_their_places),
        cmocka_unit_test(test_record__open_ends_are_null),
        cmocka_unit_test(test_record__says_where_outside_the_text),
        cmocka_unit_test(test_record__names_ways_without_an_address),
        cmocka_unit_test(test_record__reads_contacts_beside_the_text),
        cmocka_unit_test(test_record__tells_a_link_once),
        cmocka_unit_test(test_record__reads_no_quotes),
        cmocka_unit_test(test_record__passes_over_other_types),
        cmocka_unit_test(test_record__masks_victims),
        cmocka_unit_test(test_record__explains),
        cmocka_unit_test(test_record__bad_input_is_named),
        cmocka_unit_test(test_record__marks_do_not_overlap),
    };

    return cmocka_run_group_tests(tests, reads_set_up, reads_tear_down);
}
