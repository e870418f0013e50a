/*
 * What kind of character a code point is, from one table made of ICU's
 * properties when it is first asked for. Thread-safe.
 */
#ifndef MUD_NLP_SCRIPT_H
#define MUD_NLP_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

enum mud_char_class {
    MUD_CHAR_OTHER = 0, /* unassigned, private, control */
    MUD_CHAR_SPACE,
    MUD_CHAR_HAN,
    MUD_CHAR_LATIN,
    MUD_CHAR_CYRILLIC,
    MUD_CHAR_GREEK,
    MUD_CHAR_KANA,
    MUD_CHAR_LETTER,   /* of any other script */
    MUD_CHAR_UNSPACED, /* letters of scripts that write without spaces */
    MUD_CHAR_DIGIT,    /* decimal digits */
    MUD_CHAR_MARK,     /* combining */
    MUD_CHAR_PUNCT,
    MUD_CHAR_SYMBOL /* symbols and emoji */
};

enum mud_char_class mud_char_class(uint32_t c);

/* The whole table of the BMP, for loops: class of c is table[c]. */
const uint8_t *mud_char_table(void);

#endif
