/*
 * The tables of nlp/suggest.c: counts in bounded memory, and a sieve for texts
 * that are nearly the same. Inside nlp only.
 */
#ifndef MUD_NLP_SUGGEST_TABLE_H
#define MUD_NLP_SUGGEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts of keys, in how many texts each stood. Keys are 64-bit hashes; two
 * n-grams of one hash would count as one, which 2^-64 allows. */
struct mud_tally_cell {
    uint64_t key; /* 0: free */
    uint32_t count;
    uint32_t deals; /* of those texts, the ones of dealing; then free to use */
};

struct mud_tally {
    struct mud_tally_cell *cells;
    size_t size; /* a power of two */
    size_t used;
    uint32_t floor; /* cells up to this count were dropped; 0: none were */
};

void mud_tally_make(struct mud_tally *tally, size_t slots);
void mud_tally_free(struct mud_tally *tally);
/* Count the keys of one text, each once; keys are put in order and thinned. */
void mud_tally_add(struct mud_tally *tally, uint64_t *keys, size_t n,
                   bool deals);
/* NULL when it is not there. Valid until the next add. */
struct mud_tally_cell *mud_tally_get(const struct mud_tally *tally,
                                     uint64_t key);

/* Numbers by pair of a candidate and something it was seen with. */
struct mud_pair_cell {
    uint32_t who;  /* candidate + 1; 0: free */
    uint32_t what; /* context or neighbour, hashed */
    uint32_t count;
};

struct mud_pairs {
    struct mud_pair_cell *cells;
    size_t size, used;
    bool full; /* something new was left out */
};

void mud_pairs_make(struct mud_pairs *pairs, size_t slots);
void mud_pairs_free(struct mud_pairs *pairs);
void mud_pairs_add(struct mud_pairs *pairs, uint32_t who, uint32_t what);
/* All cells by who and then what, at the front; nothing may be added after. */
void mud_pairs_sort(struct mud_pairs *pairs);

/* Numbers that were there before. */
struct mud_sieve {
    uint64_t *slots; /* 0: free */
    size_t size, n;  /* size: a power of two */
};

#define MUD_SIEVE_MAX ((size_t)2 << 20) /* kept; later ones only ask */

void mud_sieve_make(struct mud_sieve *sieve);
void mud_sieve_free(struct mud_sieve *sieve);
/* number (not 0) was there before. Else it is kept. */
bool mud_sieve_seen(struct mud_sieve *sieve, uint64_t number);

/* splitmix64's finaliser. */
static inline uint64_t mud_mix64(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

#endif
