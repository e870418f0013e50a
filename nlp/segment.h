/*
 * Words of a folded text. Han runs are cut by the best path through the words
 * of the dictionary (jieba's, with frequencies) and of the lexicon, which weighs
 * more; there is a cut at each change between Han, other letters, digits and
 * signs, so that a value never sticks to its neighbour. Thai, Lao, Khmer and
 * Burmese are cut by ICU, other scripts at white space.
 */
#ifndef MUD_NLP_SEGMENT_H
#define MUD_NLP_SEGMENT_H

#include "nlp/lexicon.h"

enum mud_token_class {
    MUD_TOKEN_HAN = 1,
    MUD_TOKEN_LATIN,
    MUD_TOKEN_CYRILLIC,
    MUD_TOKEN_KANA,
    MUD_TOKEN_LETTER, /* of any other script */
    MUD_TOKEN_DIGIT,  /* 12 or 12.5 or 12,000 */
    MUD_TOKEN_SIGN    /* punctuation, symbols, emoji: a run of the same one */
};

struct mud_token {
    struct mud_span at; /* bytes of the folded text */
    uint8_t class;      /* enum mud_token_class */
};

/* lexicon may be NULL; both it and folder outlive the segmenter. */
struct mud_segmenter;
MUD_MUST bool mud_segmenter_new(struct mud_segmenter **out,
                                const struct mud_lexicon *lexicon,
                                struct mud_error *err);
void mud_segmenter_free(struct mud_segmenter *segmenter);

/*
 * Tokens in order; together they cover every character that is not white
 * space. Returns how many; the array is in arena. Work is linear in the text.
 */
size_t mud_segment(struct mud_token **out,
                   const struct mud_segmenter *segmenter, struct mud_str folded,
                   struct mud_arena *arena);

/* How rare a word of the dictionary is: -1000 ln of its share of all words
 * (的 has 2900, a word of three million 15000); 0 when it has no such word. */
int32_t mud_segmenter_cost(const struct mud_segmenter *segmenter,
                           struct mud_str folded);

/* Is this a word of the dictionary or the lexicon? */
bool mud_segmenter_knows(const struct mud_segmenter *segmenter,
                         struct mud_str folded);

#endif
