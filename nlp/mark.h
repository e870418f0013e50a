/* Cutting a folded field into marks. Inside nlp only. */
#ifndef MUD_NLP_MARK_H
#define MUD_NLP_MARK_H

#include "nlp/scan.h"

/* The marks and numbers of a scan whose text and hits are there. Linear. */
void mud_marks_make(struct mud_scan *scan);

#endif
