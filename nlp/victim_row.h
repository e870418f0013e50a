/*
 * Rows of fields on their way: victim.c reads lines into rows, victim_record.c
 * says which of them are records of victims. Inside nlp only.
 */
#ifndef MUD_NLP_VICTIM_ROW_H
#define MUD_NLP_VICTIM_ROW_H

#include "nlp/victim_field.h"

struct mud_victim_row { /* fields that stand together in one line */
    uint32_t first, n;  /* of the fields of all lines */
    uint32_t line;
    uint64_t shape; /* their kinds, in order */
    unsigned kinds; /* bits */
    unsigned masked, proofs, labels, soft, names, phones;
    unsigned own; /* fields that a cue gives to the seller */
    bool dashes;  /* parted by "----" */
    bool cells;   /* by another sign that is for nothing else */
    bool sample;  /* the text calls it one */
    bool led;     /* right behind that word */
    bool combo;   /* "user:password", by its form alone */
    bool seller;  /* the payee's or the advertiser's own */
    bool logged;  /* a password behind its mail address or account */
    bool coded;   /* a card with its date and code */
};

struct mud_victim_look { /* on the way through the lines of a field */
    struct mud_scan *scan;
    struct mud_victim_text text;
    struct mud_victim_field *fields;
    size_t n, cap;
    struct mud_victim_row *rows;
    size_t n_rows, cap_rows;
    struct mud_victim_row row; /* being built */
    uint32_t line;
    bool sampled;  /* some line has a word for one */
    bool trade;    /* goods are named, or a sample */
    bool sample;   /* carries over from a line before */
    bool password; /* the text has a word for one */
    unsigned bare; /* labels without a value in this line */
};

/* Add the entities of all rows that are records and claim their marks. */
void mud_victim_keep(struct mud_victim_look *look);

#endif
