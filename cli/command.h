/*
 * Commands and options: one table (cli/commands.c) from which the parser, the
 * texts of --help and the man pages come. tests/cli/test_commands.c holds the
 * three together.
 */
#ifndef MUD_CLI_COMMAND_H
#define MUD_CLI_COMMAND_H

#include "base/error.h"
#include "base/str.h"

struct mud_option {
    const char *name; /* long form, without dashes; NULL ends a list */
    const char *arg;  /* its value's name in help ("URL"); NULL: a switch */
    const char *en, *zh;
    char letter; /* short form, or 0 */
    bool repeat; /* may be given more than once */
};

struct mud_args; /* what was given on the command line */

struct mud_command {
    const char *name;     /* one or two words: "fetch", "db start" */
    const char *operands; /* as in "[NAME...]"; "" for none */
    int min, max;         /* number of operands; max -1: any */
    const struct mud_option *options;
    const char *en, *zh;             /* one line */
    const char *about_en, *about_zh; /* paragraphs, blank lines between */
    const char *examples; /* a command a line, as one would type it */
    /* Runs the command; the value is the exit code. On failure err is set and
     * main prints it. */
    int (*run)(const struct mud_args *args, struct mud_error *err);
};

extern const struct mud_command mud_commands[]; /* ended by name NULL */
extern const struct mud_option mud_global_options[];

/* Exit codes: the contract of the command line. */
enum mud_exit {
    MUD_EXIT_DONE = 0,
    MUD_EXIT_FAILED = 1,
    MUD_EXIT_USAGE = 2,
    MUD_EXIT_PARTLY = 3,
    MUD_EXIT_AGAIN = 75
};

/* The command that argv[1] (and argv[2]) name and how many words that took;
 * NULL when there is none. */
const struct mud_command *mud_command_find(int argc, const char *const *argv,
                                           int *words);

/*
 * Parse argv[from..argc) by command's options and the global ones. Options may
 * stand anywhere before "--". MUD_EUSAGE names the word and what is known.
 */
MUD_MUST bool mud_args_parse(struct mud_args **out,
                             const struct mud_command *command, int argc,
                             const char *const *argv, int from,
                             struct mud_error *err);
void mud_args_free(struct mud_args *args);

const struct mud_command *mud_args_command(const struct mud_args *args);
size_t mud_args_count(const struct mud_args *args); /* operands */
const char *mud_args_operand(const struct mud_args *args, size_t i);
bool mud_args_has(const struct mud_args *args, const char *option);
/* The last value given, or NULL. */
const char *mud_args_get(const struct mud_args *args, const char *option);
/* Value number i of a repeated option, or NULL past the last. */
const char *mud_args_at(const struct mud_args *args, const char *option,
                        size_t i);
/* A whole number between least and most; `otherwise` when not given. */
MUD_MUST bool mud_args_number(int64_t *out, const struct mud_args *args,
                              const char *option, int64_t least, int64_t most,
                              int64_t otherwise, struct mud_error *err);

/* Help of all commands, or of one, as text of the current language. */
void mud_help_all(struct mud_buf *out);
void mud_help_command(struct mud_buf *out, const struct mud_command *command);
/* Of the commands that begin with that word ("lexicon"); false for none. */
bool mud_help_group(struct mud_buf *out, const char *word);
/* A man page in man(7) macros: of mudlark(1) for NULL, else mudlark-NAME(1). */
void mud_man(struct mud_buf *out, const struct mud_command *command);

/* The whole of main: finds, parses, runs, prints errors; the exit code. */
int mud_main(int argc, char **words_given);

#endif
