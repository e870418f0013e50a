/*
 * What kind of character a code point is, by ICU's properties, kept in a table
 * once asked for. Thread-safe: two threads may look up the same and find the
 * same.
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

enum mud_char_class mud_char_look_up(uint32_t c);

extern uint8_t mud_char_known[0x10000]; /* class + 1, or 0: not asked yet */

static inline enum mud_char_class mud_char_class(uint32_t c)
{
    unsigned known =
        c < 0x10000 ? __atomic_load_n(&mud_char_known[c], __ATOMIC_RELAXED) : 0;

    return known ? (enum mud_char_class)(known - 1) : mud_char_look_up(c);
}

#endif
