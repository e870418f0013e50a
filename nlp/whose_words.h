/*
 * Closed lists of words that tell whose a contact is, for whose.c alone; folded,
 * so Simplified and in lower case.
 */
#ifndef MUD_NLP_WHOSE_WORDS_H
#define MUD_NLP_WHOSE_WORDS_H

#include "nlp/words.h"

/* What is said of a cheat, in an advert too. */
extern struct mud_words mud_whose_cheats;
/* What is said of somebody who takes the author's name: accuses whatever else
 * the clause says. */
extern struct mud_words mud_whose_posers;
/* Words that name the other party of a deal or who looks after it. */
extern struct mud_words mud_whose_thirds;
/* What buyers say who are content, and people who ask for such words. */
extern struct mud_words mud_whose_reviews;
/* Nobody writes these but of a place to turn to. */
extern struct mud_words mud_whose_offices;
/* What tells of a crime or a bad deal, outside of adverts. */
extern struct mud_words mud_whose_tales;
/* Words around "cheat" that accuse nobody. */
extern struct mud_words mud_whose_harmless;
/* Places to turn to, in notices and complaints. */
extern struct mud_words mud_whose_hotlines;
/* What is the author's own, or where he is to be reached. */
extern struct mud_words mud_whose_owns;

#endif
