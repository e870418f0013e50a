/* Inside base: which charset undeclared bytes are in. Used by charset.c. */
#ifndef MUD_BASE_CHARSET_GUESS_H
#define MUD_BASE_CHARSET_GUESS_H

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#include "base/str.h"

/* Frequent Han characters, the most frequent first, three bytes each. */
extern const char mud_han_simplified[], mud_han_traditional[];

/*
 * The name of the likeliest of UTF-8 (with a few bad sequences), GB18030, Big5,
 * KOI8-R, windows-1251 and windows-1252: the one under which the first 16 KiB
 * from the first byte above 0x7F on are the likeliest text. Never NULL; "utf-8"
 * for plain ASCII.
 */
const char *mud_charset_guess(struct mud_str bytes);

/* ICU's name of a charset by our name. */
const char *mud_charset_icu_name(const char *name);

/* For ucnv_setToUCallBack: one U+FFFD a bad sequence, counted in a size_t. */
void U_CALLCONV mud_charset_on_bad(const void *count,
                                   UConverterToUnicodeArgs *args,
                                   const char *bytes, int32_t length,
                                   UConverterCallbackReason reason,
                                   UErrorCode *status);

#endif
