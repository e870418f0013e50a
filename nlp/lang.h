/* Which language a text is in, by its characters. */
#ifndef MUD_NLP_LANG_H
#define MUD_NLP_LANG_H

#include "nlp/fold.h"

/*
 * zh-Hans, zh-Hant, en, ru, ja, ko, vi, th, ar, mixed (two languages, each
 * with a fair share), or und when nothing tells. Chinese with some Latin words
 * is Chinese. Static text.
 */
struct mud_str mud_lang_of(const struct mud_folder *folder,
                           const struct mud_fold *fold);

#endif
