/* SQL text cut into its statements, so that an error can name the line. */
#ifndef MUD_STORE_SPLIT_H
#define MUD_STORE_SPLIT_H

#include "base/str.h"

struct mud_split {       /* {.text = sql, .line = 1} */
    struct mud_str text; /* what is left */
    unsigned line;       /* on which it begins, from 1 */
};

/*
 * The next statement without its semicolon, comments before it left out; *line
 * is where it begins. False at the end. Knows '...', E'...', "...", $tag$...,
 * line comments and nested block comments; an unclosed one runs to the end.
 * (BEGIN ATOMIC bodies are not understood: write functions with $$.)
 */
bool mud_split_next(struct mud_split *split, struct mud_str *statement,
                    unsigned *line);

#endif
