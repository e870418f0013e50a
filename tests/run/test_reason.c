#include "run/reason.h"

#include "base/lang.h"
#include "tests/support/mudtest.h"

#include <stddef.h>
#include <stdio.h>

struct row {
    const char *code, *en, *zh, *todo_en, *todo_zh;
};

static const struct row rows[] = {
#include "run/reason_rows.h"
};

/* Words of the program's text that look like codes and are none: a new code has
 * a row in reason_rows.h, a new word of another kind stands here. */
static const char *const others[] = {
    /* formats, charsets, programs */
    "discord-csv",
    "discord-html",
    "irc-wire",
    "chrome-headless-shell",
    "chromium-browser",
    "chromium-headless-shell",
    "google-chrome",
    "mudlark-image",
    "mudlark-parse",
    "qq-mht",
    "qq-nt",
    "qq-txt",
    "quoted-printable",
    "telegram-bot",
    "telegram-html",
    "tme-s",
    "utf-8",
    "utf-16be",
    "utf-16le",
    "wechat-csv",
    "wechat-json",
    "whatsapp-chat",
    "windows-1251",
    /* names of protocols, headers and markup */
    "accept-encoding",
    "allow-same-origin",
    "api-key",
    "apply-to",
    "content-type",
    "ctcp-reply",
    "first-child",
    "item-not-found",
    "last-modified",
    "no-store",
    "not-allowed",
    "not-authorized",
    "occupant-id",
    "registration-required",
    "remote-server-not-found",
    "service-unavailable",
    "stanza-id",
    "transfer-encoding",
    "user-agent",
    "end-to-end",
    /* makers of walls */
    "aws-waf",
    "baidu-yunjiasu",
    "cf-browser-verification",
    "cf-captcha-container",
    "cf-challenge-running",
    "cf-turnstile",
    "ddos-guard",
    "g-recaptcha",
    "h-captcha",
    "huawei-waf",
    "queue-it",
    "yunjiasu-nginx",
    /* what is written into logs, cursors and tables */
    "md5-entities",
    "no-answer",
    "page-read",
    /* kinds, places, answers */
    "board",
    "coding",
    "error",
    "false",
    "filter",
    "floor",
    "group",
    "guest",
    "index",
    "info",
    "present",
    "skip",
    "sync",
    "thread",
    "true",
    "warning",
};

/* Files that hold names of options, classes and attributes by the dozen. */
#define NOT_THESE \
    "parse/generic_facts.c|parse/generic_links.c|parse/page.c|run/reason.c"

static bool is_other(const char *word)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i], word) == 0)
            return true;
    return strncmp(word, "data-", 5) == 0 || (word[0] >= '0' && word[0] <= '9');
}

/* Each word in quotation marks with which a match of the pattern ends, in those
 * files; `again` picks words out of longer matches. */
static size_t assert_known(const char *files, const char *pattern,
                           const char *again)
{
    struct mudtest_run run = mudtest_sh(
        "cd '%s' && ls %s | grep -vE '^(%s)$' | xargs cat | tr -s '\\n ' ' ' |"
        " grep -oE '%s' | grep -oE '%s' |"
        " grep -oE '\"[a-z0-9]+(-[a-z0-9]+)*\"$' | tr -d '\"' | sort -u",
        mudtest_source(),
        files,
        NOT_THESE,
        pattern,
        again);
    struct mud_str rest = run.out, line;
    size_t n = 0, lost = 0;

    while (mud_str_line(&rest, &line)) {
        char word[64];

        snprintf(word, sizeof word, "%.*s", MUD_FMT(line));
        n++;
        if (mud_reason_known(word) || is_other(word))
            continue;
        print_error("\"%s\" has no row in run/reason_rows.h\n", word);
        lost++;
    }
    assert_int_equal(lost, 0);
    return n;
}

static void test_reason__has_words_for_all_that_the_program_says(void **state)
{
    static const struct {
        const char *files, *pattern, *again;
        size_t least; /* the program says at least so many */
    } ways[] = {
        {"run/*.c parse/*.c image/*.c fetch/fault.c", /* whatever is hyphened */
         "\"[a-z0-9]+(-[a-z0-9]+)+\"",
         ".*",
         150},
        {"run/*.c", /* what is counted, in one word or more */
         "(report_skip|crawl_refused|room_skip)\\([^;]*;",
         "\"[a-z-]+\"",
         40},
        {"parse/*.c image/*.c run/*.c", /* notes: behind their severity */
         "\"(error|warning|info)\", \"[a-z0-9-]+\"",
         ".*",
         40},
        {"run/*.c fetch/fault.c", /* outcomes and kinds that are chosen */
         "(return|\\?|:) \"[a-z-]+\"",
         ".*",
         30},
        {"parse/*.c", "(fault|code|stop) = \"[a-z-]+\"", ".*", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        assert_true(assert_known(ways[i].files,
                                 ways[i].pattern,
                                 ways[i].again) >= ways[i].least);
}

static bool is_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return true;
    return false;
}

static void test_reason__is_said_in_both_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(rows[i].en[0]);
        assert_true(is_chinese(rows[i].zh));
        assert_false(is_chinese(rows[i].en));
        assert_int_equal(!rows[i].todo_en, !rows[i].todo_zh);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(rows[i].code, rows[k].code);
    }
    assert_string_equal(mud_reason_words("refused-file"),
                        "file that was refused (refused/ has the reason)");
    mud_lang_set(true);
    assert_string_equal(mud_reason_words("login-wall"), "需要登录");
    mud_lang_set(false);
}

static void test_reason__falls_back_to_what_it_begins_with(void **state)
{
    (void)state;
    assert_string_equal(mud_reason_words("http-404"), mud_reason_words("http"));
    assert_string_equal(mud_reason_advice("tls-expired"),
                        mud_reason_advice("tls"));
    assert_string_equal(mud_reason_words("of-a-later-version"),
                        "of-a-later-version");
    assert_string_equal(mud_reason_advice("of-a-later-version"), "");
    assert_false(mud_reason_known("of-a-later-version"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reason__has_words_for_all_that_the_program_says),
        cmocka_unit_test(test_reason__is_said_in_both_languages),
        cmocka_unit_test(test_reason__falls_back_to_what_it_begins_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
