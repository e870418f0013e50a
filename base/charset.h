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
 * So does one that valid UTF-8 gives the lie: any bad sequence, or a label of
 * windows-1252 or UTF-16, under which all bytes decode to something. The guess
 * goes by the first 16 KiB of text: right for 99.7 % and 99.9 % of Chinese
 * lines of 12 bytes in GB18030 and Big5, all of 24 bytes and more.
 * Fails with MUD_ELIMIT when bytes are over 256 MiB.
 */
MUD_MUST bool mud_charset_text(struct mud_str *out, struct mud_charset *how,
                               struct mud_str bytes, struct mud_str declared,
                               struct mud_arena *arena, struct mud_error *err);

/*
 * Encode UTF-8 text as a browser sends a form to a page in that charset: as
 * GBK, not GB18030, for all its labels, as UTF-8 for UTF-16; characters it
 * lacks become numeric references. Fails with MUD_EINPUT on an unknown label
 * and with MUD_ELIMIT when text is over 16 MiB.
 */
MUD_MUST bool mud_charset_encode(struct mud_str *out, struct mud_str text,
                                 struct mud_str label, struct mud_arena *arena,
                                 struct mud_error *err);

#endif
