/*
 * Contact without an address: "see my signature", "message me here". The text
 * holds no entity then; the way leads through the author's account. Inside nlp
 * only.
 */
#ifndef MUD_NLP_CONTACT_BY_H
#define MUD_NLP_CONTACT_BY_H

#include "nlp/scan.h"

/* Ways that the text of a field names, as bits of enum mud_by. */
unsigned mud_contact_by(const struct mud_scan *scan);

#endif
