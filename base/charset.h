/*
 * Bytes of any charset to clean UTF-8, by ICU. Labels are those of HTTP and
 * HTML (WHATWG Encoding names); gbk and gb2312 are read as GB18030, big5 as
 * Big5-HKSCS, iso-8859-1 as windows-1252, as browsers do.
 */
#ifndef MUD_BASE_CHARSET_H
#define MUD_BASE_CHARSET_H

#include "base/str.h"

struct mud_charset {
    char name[24]; /* what it was read as: "utf-8", "gb18030", "big5", ... */

    enum mud_charset_why {
        MUD_CHARSET_BOM,      /* byte order mark */
        MUD_CHARSET_DECLARED, /* HTTP, meta or XML declaration, and it decodes */
        MUD_CHARSET_VALID,    /* valid UTF-8 */
        MUD_CHARSET_GUESSED   /* by letter frequency; may be wrong */
    } why;

    size_t bad; /* sequences that became U+FFFD */
};

/*
 * The label in a Content-Type header value ("text/html; charset=\"GBK\"") or
 * empty. Quotes and case do not matter.
 */
struct mud_str mud_charset_of_type(struct mud_str content_type);

/* The label that the first 4 KiB of an HTML or XML document declare, or empty. */
struct mud_str mud_charset_of_page(struct mud_str bytes);

/*
 * Text of bytes as UTF-8 in arena, without BOM, with NUL and bad sequences as
 * U+FFFD. `declared` may be empty or unknown; a declared charset under which
 * more than 1 in 200 sequences are bad yields to valid UTF-8 or to the guess.
 * Fails with MUD_ELIMIT when bytes are over 256 MiB.
 */
MUD_MUST bool mud_charset_text(struct mud_str *out, struct mud_charset *how,
                               struct mud_str bytes, struct mud_str declared,
                               struct mud_arena *arena, struct mud_error *err);

/* Encode UTF-8 text to a charset (forms on GBK boards); unknown characters
 * become numeric references. Fails with MUD_EINPUT on an unknown label. */
MUD_MUST bool mud_charset_encode(struct mud_str *out, struct mud_str text,
                                 struct mud_str label, struct mud_arena *arena,
                                 struct mud_error *err);

#endif
