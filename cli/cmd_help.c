#include "cli/cmd.h"

#include <stdio.h>

static const struct mud_command *named(const struct mud_args *args)
{
    const char *first = mud_args_operand(args, 0);
    const char *second = mud_args_operand(args, 1);

    for (const struct mud_command *c = mud_commands; c->name; c++) {
        struct mud_str name = mud_str_z(c->name);
        size_t n = strlen(first);
        if (!second && mud_str_eqz(name, first))
            return c;
        if (second && name.n == n + 1 + strlen(second) &&
            strncmp(c->name, first, n) == 0 && c->name[n] == ' ' &&
            strcmp(c->name + n + 1, second) == 0)
            return c;
    }
    return NULL;
}

int mud_cmd_help(const struct mud_args *args, struct mud_error *err)
{
    const struct mud_command *command = NULL;
    struct mud_buf text = {0};

    if (mud_args_count(args) > 0 && !(command = named(args)) &&
        (mud_args_count(args) > 1 ||
         !mud_help_group(&text, mud_args_operand(args, 0)))) {
        mud_fail(err,
                 MUD_EUSAGE,
                 "no command %s%s%s",
                 mud_args_operand(args, 0),
                 mud_args_count(args) > 1 ? " " : "",
                 mud_args_count(args) > 1 ? mud_args_operand(args, 1) : "");
        return MUD_EXIT_USAGE;
    }
    if (text.n > 0) {
        /* of a group */
    } else if (mud_args_has(args, "names")) {
        for (const struct mud_command *c = mud_commands; c->name; c++)
            mud_buf_printf(&text, "%s\n", c->name);
    } else if (mud_args_has(args, "man")) {
        mud_man(&text, command);
    } else if (command) {
        mud_help_command(&text, command);
    } else {
        mud_help_all(&text);
    }
    bool good = fwrite(text.s, 1, text.n, stdout) == text.n && !fflush(stdout);
    mud_buf_free(&text);
    if (!good)
        mud_fail(err, MUD_EIO, "standard output could not be written");
    return good ? MUD_EXIT_DONE : MUD_EXIT_FAILED;
}
