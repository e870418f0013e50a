/*
 * Records of victims shown in an advert, whole or masked: identity cards,
 * telephones, bank cards, names, mail addresses, passwords. They are counted
 * and masked, and never become contacts.
 */
#ifndef MUD_NLP_VICTIM_H
#define MUD_NLP_VICTIM_H

#include "nlp/scan.h"

/* Find victims' data of a field and claim its marks; before the contacts. */
void mud_victims_find(struct mud_scan *scan);

#endif
