/*
 * Whose contact is it: the advertiser's, somebody's whom the author accuses, or
 * one that is only mentioned or quoted. An accused contact must never become
 * the advertiser's. Inside nlp only.
 */
#ifndef MUD_NLP_WHOSE_H
#define MUD_NLP_WHOSE_H

#include "nlp/classify.h"

/*
 * The role of contact e of a message; body is the scan of its text, or of the
 * title or attachment that it stands in. In an offer an accusation covers the nearest
 * contact of its own clause only; in a complaint, a police notice or a report
 * it covers all but hotlines and what the author calls his own. Where nothing
 * is traded a contact is mentioned. What stands in a signature or an author's
 * name is the author's.
 */
const char *mud_contact_role(const struct mud_scan *body,
                             const struct mud_verdict *verdict,
                             const struct mud_entity *e);

#endif
