/*
 * The linear pass in front of libtidy. libtidy is quadratic or recursive on
 * hostile nesting (36 KB of "<p><font>" cost it half a minute); what leaves
 * this pass is small, balanced and shallow, so that it is not:
 *   - scripts, styles, comments, SVG, declarations and unknown tags go; text
 *     in unknown tags stays;
 *   - presentational tags (font, b, center...) go unless they carry a class,
 *     an id or hide their text;
 *   - every kept element is closed, depth is at most MUD_PREFILTER_DEPTH;
 *   - attributes are those that selectors ask for, of bounded number and
 *     length, quoted; "style" is kept only as "display:none".
 * One pass, no backtracking; cost is linear in the input whatever it holds.
 */
#ifndef MUD_PARSE_PREFILTER_H
#define MUD_PARSE_PREFILTER_H

#include "base/str.h"

#define MUD_PREFILTER_DEPTH 200
#define MUD_PREFILTER_TAGS  200000 /* further tags are dropped, text stays */
#define MUD_PREFILTER_HEAD  128    /* base, link, meta and title together */
#define MUD_PREFILTER_ATTRS 24     /* kept a tag */
#define MUD_PREFILTER_VALUE 4096   /* bytes of a value */

struct mud_prefilter_report {
    size_t tags;             /* kept */
    size_t deep;             /* tags dropped because the page nests too deep */
    size_t many;             /* tags dropped because the page has too many */
    size_t deep_at, many_at; /* byte offset of the first of each */
};

/* html must be valid UTF-8. Writes to out, which grows to a few times html. */
void mud_prefilter(struct mud_buf *out, struct mud_str html,
                   struct mud_prefilter_report *report);

#endif
