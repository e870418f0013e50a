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
    for (size_t i = 0; i < c->posts; i += 10) {
        struct mud_post post = chats_at(c, i);
        assert_text(post.site, "T0BMHLSRH");
        assert_true(post.author.n && post.author_id.n && post.posted);
    }
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
        cmocka_unit_test(test_archive__broken_ones_are_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
