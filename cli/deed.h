/*
 * Which action of desk/right.h each command is, and its line in the audit. The one
 * place where commands are let in and recorded: cli/session.c asks here when it
 * opens the database, and main writes how it ended. tests/cli/test_deeds.c walks
 * all commands.
 */
#ifndef MUD_CLI_DEED_H
#define MUD_CLI_DEED_H

#include "cli/command.h"
#include "desk/audit.h"
#include "desk/person.h"

enum mud_deed_when {
    MUD_DEED_ALWAYS, /* it opens the database, and is recorded if its action is */
    MUD_DEED_SOMETIMES, /* some forms of it need no database */
    MUD_DEED_NEVER      /* no person's act on what is stored; why says so */
};

struct mud_deed_row {
    const char *command; /* NULL ends the table */
    const char *action;  /* of desk/right.h; NULL with MUD_DEED_NEVER */
    enum mud_deed_when when;
    const char *why;
    const char *option, *instead; /* with that option it is this action */
};

extern const struct mud_deed_row mud_deeds[];

/* NULL: the table has no row for it, which is a bug. */
const struct mud_deed_row *mud_deed_of(const struct mud_command *command);

/* The right that these arguments need; NULL with MUD_DEED_NEVER. */
const struct mud_right *mud_deed_right(const struct mud_args *args);

/* The line for a command with these arguments. account: of the system. Texts live
 * in the arena. */
struct mud_deed mud_deed_line(const struct mud_args *args, const char *who,
                              const char *account, struct mud_arena *arena);

#endif
