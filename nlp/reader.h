/*
 * What a reader is made of. Inside nlp only; others see nlp/reading.h. All of
 * it is const once made.
 */
#ifndef MUD_NLP_READER_H
#define MUD_NLP_READER_H

#include "nlp/fold.h"
#include "nlp/lexicon.h"
#include "nlp/meaning.h"
#include "nlp/model.h"
#include "nlp/reading.h"
#include "nlp/segment.h"

struct mud_reader {
    struct mud_folder *folder;
    struct mud_lexicon *lexicon;
    struct mud_segmenter *segmenter;

    struct mud_arena *arena;            /* of what follows */
    const struct mud_meaning *meanings; /* by number of the entry */
    const struct mud_canonical *canonicals;
    size_t n_canonicals;
    struct mud_model *model;
    /* canonicals that rules speak of, by index */
    int course, record, phish_site, phish_kit, lead, followers, coins;
    int account[32]; /* of a platform code */
    char version[24];
};

#endif
