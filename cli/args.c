#include "cli/command.h"

#include <stdlib.h>

struct given {
    const struct mud_option *option;
    const char *value; /* NULL for a switch */
};

struct mud_args {
    const struct mud_command *command;
    struct given *given;
    size_t n_given, cap_given;
    const char **operands;
    size_t n_operands, cap_operands;
};

const struct mud_command *mud_command_find(int argc, const char *const *argv,
                                           int *words)
{
    const struct mud_command *one = NULL;

    for (const struct mud_command *c = mud_commands; c->name && argc > 1; c++) {
        const char *space = strchr(c->name, ' ');
        if (!space && strcmp(c->name, argv[1]) == 0) {
            one = c;
        } else if (space && argc > 2) {
            size_t n = (size_t)(space - c->name);
            if (strlen(argv[1]) == n && strncmp(c->name, argv[1], n) == 0 &&
                strcmp(space + 1, argv[2]) == 0) {
                *words = 2;
                return c;
            }
        }
    }
    *words = 1;
    return one;
}

static const struct mud_option *find_in(const struct mud_option *list,
                                        const char *name, size_t n, char letter)
{
    for (; list && list->name; list++) {
        if (letter ? list->letter == letter
                   : strlen(list->name) == n && !strncmp(list->name, name, n))
            return list;
    }
    return NULL;
}

static const struct mud_option *find_option(const struct mud_command *command,
                                            const char *name, size_t n,
                                            char letter)
{
    const struct mud_option *o = find_in(command->options, name, n, letter);
    return o ? o : find_in(mud_global_options, name, n, letter);
}

static bool add_given(struct mud_args *args, const struct mud_option *option,
                      const char *value, struct mud_error *err)
{
    for (size_t i = 0; i < args->n_given && !option->repeat; i++) {
        if (args->given[i].option == option)
            return mud_fail(
                err, MUD_EUSAGE, "--%s is given twice", option->name);
    }
    args->given = mud_grow(
        args->given, &args->cap_given, args->n_given, sizeof *args->given);
    args->given[args->n_given++] = (struct given){option, value};
    return true;
}

/* "--name", "--name=value", "--name value"; *i moves past a separate value. */
static bool take_long(struct mud_args *args, int argc, const char *const *argv,
                      int *i, struct mud_error *err)
{
    const char *word = argv[*i] + 2;
    const char *equals = strchr(word, '=');
    size_t n = equals ? (size_t)(equals - word) : strlen(word);
    const struct mud_option *o = find_option(args->command, word, n, 0);

    if (!o)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "unknown option --%.*s (mudlark %s --help lists them)",
                        (int)n,
                        word,
                        args->command->name);
    if (!o->arg && equals)
        return mud_fail(err, MUD_EUSAGE, "--%s takes no value", o->name);
    if (!o->arg)
        return add_given(args, o, NULL, err);
    if (equals)
        return add_given(args, o, equals + 1, err);
    if (*i + 1 >= argc)
        return mud_fail(
            err, MUD_EUSAGE, "--%s needs a value: %s", o->name, o->arg);
    *i += 1;
    return add_given(args, o, argv[*i], err);
}

/* "-v", "-n5", "-n 5"; switches may be joined. */
static bool take_short(struct mud_args *args, int argc, const char *const *argv,
                       int *i, struct mud_error *err)
{
    for (const char *p = argv[*i] + 1; *p; p++) {
        const struct mud_option *o = find_option(args->command, "", 0, *p);
        if (!o)
            return mud_fail(err,
                            MUD_EUSAGE,
                            "unknown option -%c (mudlark %s --help lists them)",
                            *p,
                            args->command->name);
        if (!o->arg) {
            if (!add_given(args, o, NULL, err))
                return false;
            continue;
        }
        if (p[1])
            return add_given(args, o, p + 1, err);
        if (*i + 1 >= argc)
            return mud_fail(
                err, MUD_EUSAGE, "-%c needs a value: %s", *p, o->arg);
        *i += 1;
        return add_given(args, o, argv[*i], err);
    }
    return true;
}

static bool check_operands(const struct mud_args *args, struct mud_error *err)
{
    const struct mud_command *c = args->command;

    if (mud_args_has(args, "help"))
        return true;
    if (args->n_operands < (size_t)c->min)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "mudlark %s needs %s (mudlark %s --help explains)",
                        c->name,
                        c->operands,
                        c->name);
    if (c->max >= 0 && args->n_operands > (size_t)c->max)
        return mud_fail(
            err, MUD_EUSAGE, "one word too many: %s", args->operands[c->max]);
    return true;
}

bool mud_args_parse(struct mud_args **out, const struct mud_command *command,
                    int argc, const char *const *argv, int from,
                    struct mud_error *err)
{
    struct mud_args *args = mud_calloc(1, sizeof *args);
    bool only_operands = false, good = true;

    args->command = command;
    for (int i = from; i < argc && good; i++) {
        const char *word = argv[i];
        if (!only_operands && strcmp(word, "--") == 0) {
            only_operands = true;
        } else if (!only_operands && word[0] == '-' && word[1] == '-') {
            good = take_long(args, argc, argv, &i, err);
        } else if (!only_operands && word[0] == '-' && word[1]) {
            good = take_short(args, argc, argv, &i, err);
        } else {
            args->operands = mud_grow(args->operands,
                                      &args->cap_operands,
                                      args->n_operands,
                                      sizeof(char *));
            args->operands[args->n_operands++] = word;
        }
    }
    if (!good || !check_operands(args, err)) {
        mud_args_free(args);
        return false;
    }
    *out = args;
    return true;
}

void mud_args_free(struct mud_args *args)
{
    if (!args)
        return;
    free(args->given);
    free(args->operands);
    free(args);
}

const struct mud_command *mud_args_command(const struct mud_args *args)
{
    return args->command;
}

size_t mud_args_count(const struct mud_args *args)
{
    return args->n_operands;
}

const char *mud_args_operand(const struct mud_args *args, size_t i)
{
    return i < args->n_operands ? args->operands[i] : NULL;
}

bool mud_args_has(const struct mud_args *args, const char *option)
{
    for (size_t i = 0; i < args->n_given; i++) {
        if (strcmp(args->given[i].option->name, option) == 0)
            return true;
    }
    return false;
}

const char *mud_args_get(const struct mud_args *args, const char *option)
{
    for (size_t i = args->n_given; i-- > 0;) {
        if (strcmp(args->given[i].option->name, option) == 0)
            return args->given[i].value;
    }
    return NULL;
}

const char *mud_args_at(const struct mud_args *args, const char *option,
                        size_t i)
{
    for (size_t k = 0; k < args->n_given; k++) {
        if (strcmp(args->given[k].option->name, option) == 0 && i-- == 0)
            return args->given[k].value;
    }
    return NULL;
}

bool mud_args_number(int64_t *out, const struct mud_args *args,
                     const char *option, int64_t least, int64_t most,
                     int64_t otherwise, struct mud_error *err)
{
    const char *value = mud_args_get(args, option);

    *out = otherwise;
    if (!value)
        return true;
    if (!mud_str_i64(mud_str_z(value), out) || *out < least || *out > most)
        return mud_fail(err,
                        MUD_EUSAGE,
                        "--%s takes a whole number from %lld to %lld, not %s",
                        option,
                        (long long)least,
                        (long long)most,
                        value);
    return true;
}
