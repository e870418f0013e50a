/*
 * Numbers as people type them in adverts: "1,200", "4 000", "1.2w", "1k5",
 * "30万", "两万8", "三千八" (3800), "贰仟陆佰", "两三万" (20,000 to 30,000),
 * "420余万". Reads folded text (lower case, half width, Simplified); spans are
 * byte offsets into it.
 */
#ifndef MUD_NLP_NUMBER_H
#define MUD_NLP_NUMBER_H

#include "base/str.h"

enum {                     /* flags of a number */
    MUD_NUM_HAN = 1,       /* written with Chinese numerals */
    MUD_NUM_SCALED = 2,    /* carries k, w, 万... */
    MUD_NUM_MORE = 4,      /* 余, 多: or somewhat more */
    MUD_NUM_ABOUT = 8,     /* 来: about */
    MUD_NUM_POINT = 16,    /* has a decimal point */
    MUD_NUM_STRING = 32,   /* Chinese digits one by one: an id, no amount */
    MUD_NUM_PAIR = 64,     /* min and max differ */
    MUD_NUM_PERCENT = 256, /* 百分之, 千分之: in percent */
    MUD_NUM_SPACED = 128   /* thousands set off by spaces: "4 000" */
};

struct mud_number {
    size_t start, end; /* bytes of the text */
    double min, max;   /* equal unless MUD_NUM_PAIR */
    double scale;      /* what k, w, 万... multiplied it by; 1 without */
    unsigned flags;    /* MUD_NUM_... */
    unsigned digits;   /* Arabic digits before the point, separators left out */
};

/*
 * The longest number that begins at byte `at` of text. False when there is
 * none. A number of more than 18 digits is passed over as a whole: it has
 * end set and min 0 and digits as counted. Work is linear in its length.
 */
bool mud_number_at(struct mud_number *out, struct mud_str text, size_t at);

/* Value of one Chinese numeral digit (零 to 九, 两, 〇, 壹 to 玖, 幺) or -1. */
int mud_number_digit(uint32_t c);

/* Can a number begin with this character? */
bool mud_number_starts(uint32_t c);

#endif
