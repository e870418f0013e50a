/*
 * What a short message says to the one it answers: is it there, how much, I
 * take it, it is there, 500. Only of use beside a post that names a product
 * (nlp/context.h). Inside nlp only.
 */
#ifndef MUD_NLP_ANSWER_H
#define MUD_NLP_ANSWER_H

#include "nlp/scan.h"

struct mud_answer {
    bool asks;      /* how much, any left? */
    bool wants;     /* +1, I take five */
    bool has;       /* in stock */
    bool pays;      /* where to pay */
    bool more;      /* cheaper, again in stock: goes on about an offer */
    bool number;    /* nothing but a number, and its currency or unit */
    uint64_t units; /* bit of an enum mud_unit that is named */
};

void mud_answer_read(struct mud_answer *out, const struct mud_scan *scan);

#endif
