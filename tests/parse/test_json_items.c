#include "tests/support/mudtest.h"

#include "parse/json_items.h"

#include <stdio.h>

struct seen {
    struct mud_str text;
    size_t step, whole;
    const char *input;
    char log[1024];
};

static bool take(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err)
{
    struct seen *s = payload;
    (void)err;
    *n = s->text.n < size ? s->text.n : size;
    *n = *n < s->step ? *n : s->step;
    if (*n)
        memcpy(out, s->text.s, *n);
    s->text = mud_str_sub(s->text, *n, s->text.n);
    return true;
}

static void say(struct seen *s, const char *what, const char *name,
                struct mud_str json)
{
    size_t used = strlen(s->log);
    (void)snprintf(s->log + used,
                   sizeof(s->log) - used,
                   "%s %s %.*s\n",
                   what,
                   name,
                   MUD_FMT(json));
}

/* What is handed over is what stands at its place. */
static void check(const struct seen *s, struct mud_str json,
                  struct mud_range at)
{
    assert_true(at.end <= s->whole);
    assert_bytes(json, mud_str_of(s->input + at.start, at.end - at.start));
}

static bool item(const char *list, struct mud_str json, struct mud_range at,
                 void *payload, struct mud_error *err)
{
    (void)err;
    check(payload, json, at);
    say(payload, "item", list, json);
    return true;
}

static bool member(const char *key, struct mud_str json, struct mud_range at,
                   void *payload, struct mud_error *err)
{
    (void)err;
    check(payload, json, at);
    say(payload, "member", key, json);
    return true;
}

static bool fault(const char *code, struct mud_range at, void *payload,
                  struct mud_error *err)
{
    struct seen *s = payload;
    (void)err;
    assert_true(at.start <= at.end && at.end <= s->whole);
    say(s, "fault", code, MUD_STR(""));
    return true;
}

static void test_json_items__members_and_elements(void **state)
{
    static const struct {
        const char *json;
        bool lines;
        const char *log;
    } rows[] = {
        {"{\"a\": {\"x\": [1, \"}\"]}, \"messages\": [{\"b\": 1}, {\"c\": "
         "\"]\\\"\"}], \"z\": -1.5e3}",
         false,
         "member a {\"x\": [1, \"}\"]}\nitem messages {\"b\": 1}\n"
         "item messages {\"c\": \"]\\\"\"}\nmember z -1.5e3\n"},
        {"\xef\xbb\xbf[{\"a\":1},[2],\"three\",4,null]",
         false,
         "item  {\"a\":1}\nitem  [2]\nitem  \"three\"\nitem  4\nitem  null\n"},
        {"{\"u\":1}\n{\"u\":2}\n", true, "item  {\"u\":1}\nitem  {\"u\":2}\n"},
        {"{\"messages\": [], \"e\": true}", false, "member e true\n"},
        {"{\"messages\": {\"no\": \"list\"}}",
         false,
         "member messages {\"no\": \"list\"}\n"},
        {"{\"messages\": [{\"a\": 1}, @@ {\"b\": 2}",
         false,
         "item messages {\"a\": 1}\nfault junk \nitem messages {\"b\": 2}\n"
         "fault truncated \n"},
        {"{\"messages\": [{\"a\": 1}, {\"b\": ",
         false,
         "item messages {\"a\": 1}\nfault truncated \n"},
        {"{\"k\" 5, \"m\":, \"n\": 1}", false, NULL},
        {"", false, ""},
        {"hello", false, "fault junk \n"},
    };

    static const char *const lists[] = {"messages", "", NULL};
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        for (size_t step = 1; step < 80; step += 13) {
            struct seen seen = {mud_str_z(rows[i].json),
                                step,
                                strlen(rows[i].json),
                                rows[i].json,
                                {0}};
            const struct mud_bytes_in in = {take, &seen};
            const struct mud_json_items items = {
                lists, rows[i].lines, item, member, fault, &seen};
            struct mud_error err = {0};
            assert_ok(mud_json_items_read(&items, &in, &err), &err);
            if (rows[i].log)
                assert_string_equal(seen.log, rows[i].log);
        }
    }
}

static bool count_fault(const char *code, struct mud_range at, void *payload,
                        struct mud_error *err)
{
    (void)payload;
    (void)err;
    assert_string_equal(code, "message-too-large");
    assert_int_equal(at.start, 1);
    return true;
}

static bool small_item(const char *list, struct mud_str json,
                       struct mud_range at, void *payload,
                       struct mud_error *err)
{
    size_t *n = payload;
    (void)list;
    (void)at;
    (void)err;
    assert_text(json, "7");
    ++*n;
    return true;
}

struct flood {
    size_t at, n;
};

/* [ "xxx...", 7] with a string above the limit */
static bool flood(void *payload, void *out, size_t size, size_t *n,
                  struct mud_error *err)
{
    struct flood *f = payload;
    static const char tail[] = "\",7]";
    (void)err;
    *n = 0;
    for (char *to = out; *n < size; (*n)++, f->at++) {
        size_t over = f->at - f->n;
        if (f->at >= f->n && over >= sizeof(tail) - 1)
            return true;
        to[*n] = f->at == 0     ? '['
                 : f->at == 1   ? '"'
                 : f->at < f->n ? 'x'
                                : tail[over];
    }
    return true;
}

static void test_json_items__what_is_too_large_costs_itself(void **state)
{
    static const char *const lists[] = {"", NULL};
    struct flood source = {0, MUD_JSON_ITEM_MAX + 100};
    const struct mud_bytes_in in = {flood, &source};
    size_t items_seen = 0;
    const struct mud_json_items items = {
        lists, false, small_item, NULL, count_fault, &items_seen};
    struct mud_error err = {0};
    (void)state;
    assert_ok(mud_json_items_read(&items, &in, &err), &err);
    assert_int_equal(items_seen, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_items__members_and_elements),
        cmocka_unit_test(test_json_items__what_is_too_large_costs_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
