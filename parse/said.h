/*
 * "NAME wrote:" over a quotation, in the languages that boards are run in.
 */
#ifndef MUD_PARSE_SAID_H
#define MUD_PARSE_SAID_H

#include "base/str.h"

/* NAME, a view into text; empty when text does not say so. What stands behind
 * the colon (a link, a date) is passed over. */
struct mud_str mud_said(struct mud_str text);

#endif
