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
 * libtidy sees the structure alone: each run of text is written as a token
 * "x12", the attributes of a tag as class="34", and what they stand for lies
 * in tables. That also spares libtidy the bytes, at which it is slow.
 *
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

struct mud_attr {
    struct mud_str name, value; /* name in lower case, entities decoded */
};

struct mud_tag {
    const struct mud_attr *attrs;
    uint32_t n;
};

struct mud_prefilter_report {
    size_t tags;             /* kept */
    size_t deep;             /* tags dropped because the page nests too deep */
    size_t many;             /* tags dropped because the page has too many */
    size_t deep_at, many_at; /* byte offset of the first of each */
};

struct mud_prefiltered {
    struct mud_buf html;   /* for libtidy; free it with mud_buf_free */
    struct mud_str *texts; /* by the number in a token; entities decoded */
    size_t n_texts;
    struct mud_tag *tags; /* by the number in class; in the arena, as texts */
    size_t n_tags;
    struct mud_prefilter_report report;
};

/* html must be valid UTF-8. Texts and attributes live in arena. */
void mud_prefilter(struct mud_prefiltered *out, struct mud_str html,
                   struct mud_arena *arena);

#endif
