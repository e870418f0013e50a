/*
 * Every chat format: an export, the same again, and a longer one of later in
 * which one message has another text and one is not there any more. No message
 * is doubled; what changed is a revision; what is missing is gone, but only
 * where an export of that format is a history, and only inside its range.
 */
#include "graph/gone.h"
#include "graph/rebuild.h"
#include "parse/chat.h"
#include "tests/run/again_forms.h"
#include "tests/run/runtest.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

/* "general/2026-11-22.json" with those messages, as Slack packs it. */
static void write_archive(const char *path, bool tar, struct mud_str messages)
{
    static const char channels[] =
        "[{\"id\":\"C00000001\",\"name\":\"general\",\"created\":1795305600,"
        "\"creator\":\"U00000001\",\"members\":[\"U00000001\"]}]";

    const struct {
        const char *name;
        struct mud_str text;
    } files[] = {{"channels.json", mud_str_z(channels)},
                 {"users.json", MUD_STR("[]")},
                 {"general/2026-11-22.json", messages}};
    struct archive *a = archive_write_new();

    assert_int_equal(tar ? archive_write_set_format_ustar(a)
                         : archive_write_set_format_zip(a),
                     ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; i < MUDTEST_ROWS(files); i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, files[i].name);
        archive_entry_set_size(entry, (int64_t)files[i].text.n);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        assert_int_equal(
            archive_write_data(a, files[i].text.s, files[i].text.n),
            files[i].text.n);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

/* An export with these messages; NULL ones are left out. */
static const char *export_of(const struct form *form,
                             const char *const *messages, size_t n)
{
    const char *path = mudtest_text("%s/%s", mudtest_dir(), form->file);
    struct mud_buf text = {0};
    bool any = false;

    mud_buf_z(&text, form->head);
    for (size_t i = 0; i < n; i++) {
        if (!messages[i])
            continue;
        mud_buf_z(&text, any ? form->between : "");
        mud_buf_z(&text, messages[i]);
        any = true;
    }
    mud_buf_z(&text, form->tail);
    bool tar = strcmp(form->name, "tar") == 0;
    if (tar || strcmp(form->name, "zip") == 0)
        write_archive(path, tar, mud_buf_view(&text));
    else
        mudtest_write(path, mud_buf_view(&text));
    mud_buf_free(&text);
    return path;
}

static void import_and_look(struct kit *kit, const char *path)
{
    struct mud_report report;

    kit_import(kit, &report, path);
    assert_ok(mud_gone_run(NULL, kit->pg, &kit->err), &kit->err);
}

static void assert_count(struct kit *kit, const struct form *form,
                         const char *when, const char *what, int64_t expected)
{
    int64_t got = mud_test_pg_int(kit->pg, mudtest_text("SELECT %s", what));

    if (got != expected)
        fail_msg("%s, %s: %s is %lld, not %lld",
                 form->name,
                 when,
                 what,
                 (long long)got,
                 (long long)expected);
}

#define MESSAGES \
    "count(DISTINCT post_id) FROM mud.post WHERE extra->>'service' IS NULL"
#define ROWS          "count(*) FROM mud.post WHERE extra->>'service' IS NULL"
#define GONE          "count(*) FROM mud.gone"
#define GONE_FOR_GOOD "count(*) FROM mud.gone WHERE became IS NULL"

static void again(const struct form *form)
{
    const char *const first[] = {
        form->m[0], form->m[1], form->m[2], form->m[3]};
    const char *const later[] = {form->m[0],
                                 form->edited ? form->edited : form->m[1],
                                 form->history ? NULL : form->m[2],
                                 form->m[3],
                                 form->m[4]};
    struct kit kit;
    bool other = form->edited && form->by_text;
    const char *path = export_of(form, first, 4);

    kit_open(&kit);
    kit_chat(&kit);
    import_and_look(&kit, path);
    assert_count(&kit, form, "once", MESSAGES, 4);
    assert_count(&kit, form, "once", ROWS, 4);
    import_and_look(&kit, path);
    assert_count(&kit, form, "again", MESSAGES, 4);
    assert_count(&kit, form, "again", ROWS, 4);
    assert_count(&kit, form, "again", GONE, 0);
    import_and_look(&kit, export_of(form, later, 5));
    assert_count(&kit, form, "later", MESSAGES, 5 + other);
    assert_count(&kit, form, "later", ROWS, 5 + (form->edited != NULL));
    assert_count(&kit, form, "later", GONE, form->history + other);
    assert_count(&kit, form, "later", GONE_FOR_GOOD, form->history);
    kit_close(&kit);
}

static void test_again__every_format(void **state)
{
    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(forms); i++)
        again(&forms[i]);
}

static const struct form *form_of(const char *name)
{
    for (size_t i = 0; i < MUDTEST_ROWS(forms); i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

/* Every format of the house is in the table. */
static void test_again__no_format_is_left_out(void **state)
{
    (void)state;
    for (const struct mud_chat_format *const *f = mud_chat_formats(); *f; f++)
        if (!form_of((*f)->name))
            fail_msg("%s", (*f)->name);
}

/* What lies outside the range of a later export is not gone. */
static void test_again__outside_its_range_nothing_is_gone(void **state)
{
    static const char *const names[] = {"telegram", "wechat-csv", "whatsapp"};

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(names); i++) {
        const struct form *form = form_of(names[i]);
        struct kit kit;
        kit_open(&kit);
        kit_chat(&kit);
        import_and_look(&kit, export_of(form, form->m, 3));
        import_and_look(&kit, export_of(form, form->m + 3, 2));
        assert_count(&kit, form, "later", MESSAGES, 5);
        assert_count(&kit, form, "later", GONE, 0);
        kit_close(&kit);
    }
}

/* Seen again in a still later export, and after a rebuild. */
static void test_again__what_comes_back_is_not_gone(void **state)
{
    const struct form *form = form_of("telegram");
    const char *const without[] = {form->m[0], NULL, form->m[2]};
    struct kit kit;
    struct mud_report report = {0};
    struct mud_unread unread = {0};

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    import_and_look(&kit, export_of(form, form->m, 3));
    import_and_look(&kit, export_of(form, without, 3));
    assert_count(&kit, form, "without", GONE, 1);
    assert_count(&kit,
                 form,
                 "without",
                 "count(*) FROM mud.gone g JOIN mud.post p USING (post_id) "
                 "WHERE post_key = '2' AND unit = 'id' AND gone_at > "
                 "g.last_seen",
                 1);
    mud_worker_close(&kit.worker);
    assert_ok(mud_graph_clear(kit.pg, &kit.err), &kit.err);
    kit_worker(&kit);
    assert_count(&kit, form, "cleared", GONE, 0);
    assert_ok(mud_read_unread(&report, &kit.worker, &unread, &kit.err) &&
                  mud_gone_run(NULL, kit.pg, &kit.err),
              &kit.err);
    assert_count(&kit, form, "rebuilt", GONE, 1);
    import_and_look(&kit, export_of(form, form->m, 4));
    assert_count(&kit, form, "back", GONE, 0);
    kit_close(&kit);
}

/* An export of one's own messages covers the range and lacks all others'. */
static void test_again__an_export_of_few_proves_nothing(void **state)
{
    const struct form *form = form_of("telegram");
    const char *const mine[] = {form->m[0], NULL, NULL, NULL, form->m[4]};
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    import_and_look(&kit, export_of(form, form->m, 5));
    import_and_look(&kit, export_of(form, mine, 5));
    assert_count(&kit, form, "mine", GONE, 0);
    kit_close(&kit);
}

/* Another phone, which calls everybody otherwise: nothing that it shows under
 * other names is gone. */
static void test_again__renamed_authors_are_not_gone(void **state)
{
    static const struct form other = {
        .name = "whatsapp",
        .file = "WhatsApp Chat - 交易群.txt",
        .head = "",
        .between = "",
        .tail = "",
        .m = {"[2026/11/20 上午9:01:05] 地瓜哥: " T1 "\n",
              "[2026/11/20 上午9:02:05] 地瓜哥: " T2 "\n",
              "[2026/11/20 上午9:03:05] 地瓜哥: " T3 "\n",
              "[2026/11/20 上午9:04:05] 地瓜哥: " T4 "\n",
              "[2026/11/20 上午9:05:05] 地瓜哥: " T5 "\n"}};
    struct kit kit;

    (void)state;
    kit_open(&kit);
    kit_chat(&kit);
    import_and_look(&kit,
                    export_of(form_of("whatsapp"), form_of("whatsapp")->m, 5));
    import_and_look(&kit, export_of(&other, other.m, 5));
    assert_count(&kit, &other, "renamed", GONE, 0);
    kit_close(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_again__no_format_is_left_out),
        cmocka_unit_test(test_again__every_format),
        cmocka_unit_test(test_again__outside_its_range_nothing_is_gone),
        cmocka_unit_test(test_again__what_comes_back_is_not_gone),
        cmocka_unit_test(test_again__an_export_of_few_proves_nothing),
        cmocka_unit_test(test_again__renamed_authors_are_not_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
