#include "tests/parse/chat_golden.h"

#include "parse/archive.h"
#include "parse/chat_slack.h"

#include <archive.h>
#include <archive_entry.h>

static void test_chat_zip__every_field_of_slack(void **state)
{
    (void)state;
    assert_golden("zip",
                  "slack/export.zip",
                  "no-id archive-path archive-path archive-rest ");
}

/* Slack's own archive of 2016, where it is at hand. */
static void test_chat_zip__a_real_slack_export(void **state)
{
    const char *shared = getenv("MUD_SHARED");
    const char *path = mudtest_text(
        "%s/data/chats/slack/slack-export-viewer_testarchive.zip",
        shared ? shared : mudtest_text("%s/../shared", mudtest_source()));
    FILE *file = fopen(path, "r");
    (void)state;
    if (!file)
        skip();
    (void)fclose(file);
    struct chats *c = chats_read("zip", mudtest_read(path), "a.zip", 65536);
    assert_int_equal(c->posts, 158);
    assert_string_equal(c->codes, "");
    size_t joins = 0, edits = 0, reactions = 0, unnamed = 0;
    for (size_t i = 0; i < c->posts; i++) {
        struct mud_post post = chats_at(c, i);
        assert_text(post.site, "T0BMHLSRH");
        assert_true(post.author.n && post.posted && post.post.n);
        joins += mud_str_eqz(post.service, "join");
        edits += post.edited != 0;
        reactions += post.n_reactions;
        unnamed += !post.author_id.n;
    }
    /* As jq counts them in the archive. */
    assert_int_equal(joins, 8);
    assert_int_equal(edits, 1);
    assert_int_equal(reactions, 1);
    assert_int_equal(unnamed, 0);
    chats_free(c);
}

static void test_chat_zip__whatsapp_with_media(void **state)
{
    (void)state;
    assert_golden("zip",
                  "whatsapp/WhatsApp Chat - 交易群.zip",
                  "zone-assumed archive-rest ");
}

static void test_chat_slack__which_files_are_days(void **state)
{
    static const struct {
        const char *path;
        bool day;
    } rows[] = {
        {"general/2026-11-22.json", true},
        {"export/general/2026-11-22.json", true},
        {"2026-11-22.json", false},
        {"general/users.json", false},
        {"general/2026-11-22.jsonx", false},
        {"general/2026-1a-22.json", false},
        {"/2026-11-22.json", false},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++)
        assert_int_equal(mud_slack_is_day(mud_str_z(rows[i].path)),
                         rows[i].day);
}

/* An archive with one file of `size` blanks, which pack a thousandfold. */
static struct mud_str bomb(const char *name, size_t size, char *out,
                           size_t room)
{
    static char blanks[1 << 20];
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    size_t used = 0;
    memset(blanks, ' ', sizeof(blanks));
    assert_int_equal(archive_write_set_format_zip(a), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(a, out, room, &used),
                     ARCHIVE_OK);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
    for (size_t left = size; left; left -= sizeof(blanks))
        assert_int_equal(archive_write_data(a, blanks, sizeof(blanks)),
                         sizeof(blanks));
    archive_entry_free(entry);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(a), ARCHIVE_OK);
    return mud_str_of(out, used);
}

static void test_archive__a_bomb_is_a_note(void **state)
{
    enum {
        ROOM = 1 << 20,
        SIZE = 192 << 20
    };

    char *out = mud_malloc(ROOM);
    struct mud_str zip = bomb("general/2026-11-22.json", SIZE, out, ROOM);
    (void)state;
    struct chats *c = chats_read("zip", zip, "a.zip", 65536);
    assert_int_equal(c->posts, 0);
    assert_string_equal(c->codes, "archive-bomb ");
    chats_free(c);
    free(out);
}

/* ---- archives of any files ---- */

struct file {
    const char *path, *text, *link; /* link: it is one */
};

static const char said[] = "25/4/21, 10:00 - A: one\n26/4/21, 10:00 - B: two\n";

static const char telegram[] =
    "{\"name\":\"n\",\"type\":\"private_group\",\"id\":2,\"messages\":[{"
    "\"id\":1,\"type\":\"message\",\"date_unixtime\":\"1709516143\","
    "\"text\":\"a\"}]}";
static const char discord[] =
    "{\"guild\":{\"id\":\"1\"},\"channel\":{\"id\":\"2\"},\"messages\":[{"
    "\"id\":\"1300000000000000001\",\"content\":\"x\"}]}";

struct making {
    struct archive *a;
    char *out;
    size_t used;
};

static struct making begin(const char *format, size_t room)
{
    struct making m = {archive_write_new(), mud_malloc(room), 0};
    if (strcmp(format, "zip") == 0)
        assert_int_equal(archive_write_set_format_zip(m.a), ARCHIVE_OK);
    else
        assert_int_equal(archive_write_set_format_pax_restricted(m.a),
                         ARCHIVE_OK);
    if (strcmp(format, "tar.gz") == 0)
        assert_int_equal(archive_write_add_filter_gzip(m.a), ARCHIVE_OK);
    assert_int_equal(archive_write_set_bytes_in_last_block(m.a, 1), ARCHIVE_OK);
    return m;
}

static void put(struct making *m, const struct file *file)
{
    struct archive_entry *entry = archive_entry_new();
    size_t n = file->text ? strlen(file->text) : 0;
    archive_entry_set_pathname(entry, file->path);
    archive_entry_set_size(entry, (int64_t)n);
    archive_entry_set_filetype(entry, file->link ? AE_IFLNK : AE_IFREG);
    if (file->link)
        archive_entry_set_symlink(entry, file->link);
    archive_entry_set_perm(entry, 0600);
    assert_int_equal(archive_write_header(m->a, entry), ARCHIVE_OK);
    if (n)
        assert_int_equal(archive_write_data(m->a, file->text, n), n);
    archive_entry_free(entry);
}

static struct mud_str end(struct making *m)
{
    assert_int_equal(archive_write_close(m->a), ARCHIVE_OK);
    assert_int_equal(archive_write_free(m->a), ARCHIVE_OK);
    return mud_str_of(m->out, m->used);
}

static void test_archive__what_is_in_them(void **state)
{
    static const struct {
        const char *format, *name;
        struct file files[3];
        size_t posts;
        const char *codes;
    } rows[] = {
        {"zip", "a.zip", {{"_chat.txt", said, NULL}}, 2, "zone-assumed "},
        {"tar", "a.tar", {{"_chat.txt", said, NULL}}, 2, "zone-assumed "},
        {"tar.gz", "a.tgz", {{"x/_chat.txt", said, NULL}}, 2, "zone-assumed "},
        {"zip",
         "a.zip",
         {{"_chat.txt", said, NULL}, {"b.jpg", "x", NULL}},
         2,
         "zone-assumed archive-rest "},
        {"zip",
         "a.zip",
         {{"DataExport/result.json", telegram, NULL},
          {"DataExport/photos/p.jpg", "x", NULL}},
         1,
         "archive-rest "},
        {"tar.gz",
         "a.tar.gz",
         {{"G - a [2].json", discord, NULL}, {"G - b [3].json", discord, NULL}},
         2,
         ""},
        {"zip", "a.zip", {{"../../_chat.txt", said, NULL}}, 0, "archive-path "},
        {"tar", "a.tar", {{"/etc/_chat.txt", said, NULL}}, 0, "archive-path "},
        {"tar",
         "a.tar",
         {{"a/../../_chat.txt", said, NULL}, {"_chat.txt", said, NULL}},
         2,
         "archive-path zone-assumed "},
        {"zip",
         "a.zip",
         {{"result.json", NULL, "/etc/passwd"}},
         0,
         "archive-path "},
        {"tar",
         "a.tar",
         {{"result.json", NULL, "/etc/passwd"}},
         0,
         "archive-path "},
    };

    (void)state;
    for (size_t i = 0; i < MUDTEST_ROWS(rows); i++) {
        bool zip = strcmp(rows[i].format, "zip") == 0;
        struct making m = begin(rows[i].format, 1 << 20);
        assert_int_equal(
            archive_write_open_memory(m.a, m.out, 1 << 20, &m.used),
            ARCHIVE_OK);
        for (size_t k = 0; k < 3 && rows[i].files[k].path; k++)
            put(&m, &rows[i].files[k]);
        struct mud_str bytes = end(&m);
        struct chats *c =
            chats_read(zip ? "zip" : "tar", bytes, rows[i].name, 4096);
        assert_int_equal(c->posts, rows[i].posts);
        assert_string_equal(c->codes, rows[i].codes);
        chats_free(c);
        free(m.out);
    }
}

/* One archive is opened, those in it are not. */
static void test_archive__nested_ones_are_notes(void **state)
{
    struct mud_str inner = chat_sample("whatsapp/WhatsApp Chat - 交易群.zip");
    struct making m = begin("tar", 1 << 20);
    struct archive_entry *entry = archive_entry_new();
    (void)state;
    assert_int_equal(archive_write_open_memory(m.a, m.out, 1 << 20, &m.used),
                     ARCHIVE_OK);
    archive_entry_set_pathname(entry, "inner.zip");
    archive_entry_set_size(entry, (int64_t)inner.n);
    archive_entry_set_filetype(entry, AE_IFREG);
    assert_int_equal(archive_write_header(m.a, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(m.a, inner.s, inner.n), inner.n);
    archive_entry_free(entry);
    struct chats *c = chats_read("tar", end(&m), "a.tar", 4096);
    assert_int_equal(c->posts, 0);
    assert_string_equal(c->codes, "archive-nested ");
    chats_free(c);
    free(m.out);
}

/* The flag of a locked file (APPNOTE 4.4.4, bit 0) in both its headers. */
static void test_archive__locked_files_are_notes(void **state)
{
    struct making m = begin("zip", 1 << 20);
    const struct file file = {"_chat.txt", said, NULL};
    (void)state;
    assert_int_equal(archive_write_open_memory(m.a, m.out, 1 << 20, &m.used),
                     ARCHIVE_OK);
    put(&m, &file);
    struct mud_str bytes = end(&m);
    size_t central = mud_str_find(bytes, MUD_STR("PK\x01\x02"));
    m.out[6] |= 1;
    m.out[central + 8] |= 1;
    struct chats *c = chats_read("zip", bytes, "a.zip", 4096);
    assert_int_equal(c->posts, 0);
    assert_string_equal(c->codes, "archive-encrypted ");
    chats_free(c);
    free(m.out);
}

/* A million names cost a note, and no memory for each. */
static void test_archive__too_many_files_are_a_note(void **state)
{
    enum {
        ROOM = 160 << 20
    };

    struct making m = begin("zip", ROOM);
    const struct file file = {"a.txt", NULL, NULL};
    const struct file first = {"_chat.txt", said, NULL};
    (void)state;
    assert_int_equal(archive_write_set_options(m.a, "zip:compression=store"),
                     ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(m.a, m.out, ROOM, &m.used),
                     ARCHIVE_OK);
    put(&m, &first);
    for (uint32_t i = 0; i <= MUD_ARCHIVE_FILES; i++)
        put(&m, &file);
    struct chats *c = chats_read("zip", end(&m), "a.zip", 65536);
    assert_int_equal(c->posts, 2);
    assert_string_equal(c->codes, "zone-assumed archive-limit archive-rest ");
    chats_free(c);
    free(m.out);
}

static void test_archive__broken_ones_are_notes(void **state)
{
    struct mud_str zip = chat_sample("slack/export.zip");
    (void)state;
    for (size_t n = 200; n < zip.n; n += 97) {
        struct chats *c =
            chats_read("zip", mud_str_sub(zip, 0, n), "a.zip", 65536);
        assert_true(c->posts <= 11);
        assert_true(c->notes > 0);
        chats_free(c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chat_zip__every_field_of_slack),
        cmocka_unit_test(test_chat_zip__a_real_slack_export),
        cmocka_unit_test(test_chat_zip__whatsapp_with_media),
        cmocka_unit_test(test_chat_slack__which_files_are_days),
        cmocka_unit_test(test_archive__a_bomb_is_a_note),
        cmocka_unit_test(test_archive__what_is_in_them),
        cmocka_unit_test(test_archive__nested_ones_are_notes),
        cmocka_unit_test(test_archive__locked_files_are_notes),
        cmocka_unit_test(test_archive__too_many_files_are_a_note),
        cmocka_unit_test(test_archive__broken_ones_are_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
