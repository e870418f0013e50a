#include "base/lang.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/out.h"
#include "cli/session.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int print(struct mud_buf *text)
{
    bool good = fwrite(text->s ? text->s : "", 1, text->n, stdout) == text->n &&
                fflush(stdout) == 0;

    mud_buf_free(text);
    return good ? MUD_EXIT_DONE : MUD_EXIT_FAILED;
}

/* Standard output is a pipe that nobody reads any more, as with head(1). */
static bool reader_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

static int print_error(const struct mud_error *err)
{
    if (err->code == MUD_EIO && reader_left())
        return MUD_EXIT_FAILED; /* which is no news to who left */

    bool colour = mud_wants_colour(STDERR_FILENO);

    fprintf(stderr,
            "%smudlark: %s%s\n",
            mud_ink(colour, MUD_INK_RED),
            mud_ink(colour, MUD_INK_OFF),
            err->text);
    return mud_error_exit(err);
}

static bool set_log(const struct mud_args *args, struct mud_error *err)
{
    const char *form = mud_args_get(args, "log");
    enum mud_level level = form ? MUD_LOG_INFO : MUD_LOG_WARN;

    if (mud_args_has(args, "verbose"))
        level = MUD_LOG_INFO;
    if (mud_args_has(args, "debug"))
        level = MUD_LOG_DEBUG;
    if (form && strcmp(form, "json") != 0 && strcmp(form, "text") != 0)
        return mud_fail(
            err, MUD_EUSAGE, "--log takes text or json, not %s", form);
    mud_log_setup(level, form && strcmp(form, "json") == 0, STDERR_FILENO);
    return true;
}

/* The words of argv[1..] name no command: say which are near. */
static int unknown(const char *word)
{
    fprintf(stderr,
            mud_t("mudlark: no command %s\n", "mudlark：没有命令 %s\n"),
            word);
    for (const struct mud_command *c = mud_commands; c->name; c++) {
        size_t n = strlen(word);
        if (strncmp(c->name, word, n < 2 ? n : 2) == 0)
            fprintf(stderr,
                    mud_t("  perhaps: mudlark %s\n",
                          "  是否想用：mudlark %s\n"),
                    c->name);
    }
    fprintf(stderr,
            mud_t("mudlark --help lists all commands\n",
                  "mudlark --help 列出全部命令\n"));
    return MUD_EXIT_USAGE;
}

/* The first word names a group of commands: what is in it. */
static int group(struct mud_buf *text, const char *word, bool asked)
{
    if (asked)
        return print(text);
    if (word)
        fprintf(stderr,
                mud_t("mudlark: no command %s here\n",
                      "mudlark：此处没有命令 %s\n"),
                word);
    fwrite(text->s, 1, text->n, stderr);
    mud_buf_free(text);
    return MUD_EXIT_USAGE;
}

int mud_main(int argc, char **words_given)
{
    const char *const *argv = (const char *const *)words_given;
    struct mud_error err = {0};
    struct mud_args *args = NULL;
    struct mud_buf text = {0};
    int words = 0, code;

    mud_lang_init();
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        mud_help_all(&text);
        code = print(&text);
        return argc < 2 ? MUD_EXIT_USAGE : code;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("mudlark %s\n", MUD_VERSION);
        return fflush(stdout) ? MUD_EXIT_FAILED : MUD_EXIT_DONE;
    }
    const struct mud_command *command = mud_command_find(argc, argv, &words);
    if (!command && mud_help_group(&text, argv[1])) {
        bool asked =
            argc > 2 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"));
        return group(&text, argc > 2 && !asked ? argv[2] : NULL, asked);
    }
    if (!command)
        return unknown(argv[1]);
    if (!mud_args_parse(&args, command, argc, argv, 1 + words, &err))
        return print_error(&err);
    if (mud_args_has(args, "help")) {
        mud_help_command(&text, command);
        code = print(&text);
    } else if (!set_log(args, &err) || !mud_session_zone(&err)) {
        code = print_error(&err);
    } else {
        code = command->run(args, &err);
        code = mud_session_finish(args, code, &err);
        if (err.code)
            code = print_error(&err);
    }
    mud_session_zone_free();
    mud_args_free(args);
    return code;
}
