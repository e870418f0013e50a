/* How the tables of options are written: cli/options.c, cli/options_source.c. */
#ifndef MUD_CLI_OPTION_ROWS_H
#define MUD_CLI_OPTION_ROWS_H

#define SWITCH(name, letter, en, zh)      \
    {                                     \
        name, NULL, en, zh, letter, false \
    }
#define VALUE(name, letter, arg, en, zh) \
    {                                    \
        name, arg, en, zh, letter, false \
    }
#define VALUES(name, letter, arg, en, zh) \
    {                                     \
        name, arg, en, zh, letter, true   \
    }
#define END                              \
    {                                    \
        NULL, NULL, NULL, NULL, 0, false \
    }

#endif
