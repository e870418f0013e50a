/* Base64 of RFC 4648, section 4: with padding, no line ends. */
#ifndef MUD_BASE_BASE64_H
#define MUD_BASE_BASE64_H

#include "base/str.h"

void mud_base64_put(struct mud_buf *out, struct mud_str bytes);

/* False when text is anything else; out then holds a part. */
MUD_MUST bool mud_base64_read(struct mud_buf *out, struct mud_str text);

#endif
