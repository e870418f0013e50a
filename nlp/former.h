/*
 * Names that an author says he went by before: "原小刀，老号被封", "夜猫的新号",
 * "formerly nightcat", "бывший Север". A name is told only beside a word for a
 * change of account, so that 原价 and 原装 are none; what is found is what the
 * text claims, not what is so.
 */
#ifndef MUD_NLP_FORMER_H
#define MUD_NLP_FORMER_H

#include "base/str.h"

enum {
    MUD_FORMER_MAX = 4,    /* names in a text; later ones are passed over */
    MUD_FORMER_NAME = 64,  /* bytes of a name */
    MUD_FORMER_TEXT = 8192 /* bytes of a text that are looked at */
};

/* Spans of the names in text, in order; how many. */
size_t mud_former_names(struct mud_span out[MUD_FORMER_MAX],
                        struct mud_str text);

#endif
