/*
 * A JSON text as a page, so that engine descriptions with "view = api" select
 * from it as from HTML. The outer value is <json>, a member of an object
 * <m class="NAME">, an element of an array <e>; what is no object or array is
 * text inside of them. Members that are plain are attributes of their object
 * too: {"posts": [{"id": 7, "gone": null}]} is
 *     <json><m class="posts"><e id="7"><m class="id">7</m>...
 * Numbers and booleans stand as they are written, null gives no text and no
 * attribute, a line end in a string is <br>. Neither <m> nor <e> can come from
 * HTML, so that no post can pass for a member.
 */
#ifndef MUD_PARSE_JSON_PAGE_H
#define MUD_PARSE_JSON_PAGE_H

#include "parse/page.h"

#define MUD_JSON_PAGE_DEPTH 64   /* deeper values are left out */
#define MUD_JSON_PAGE_ATTRS 160  /* of one object; further ones are nodes */
#define MUD_JSON_PAGE_HTML  4000 /* strings read as HTML; further as text */

struct mud_json_fault {
    const char *code; /* NULL, "truncated", "bad-json", "too-deep" */
    size_t byte;      /* where in the text */
};

/*
 * json must be valid UTF-8. html: names of the members whose strings are read
 * as HTML (also of those in arrays). A broken text gives what stands before the
 * break. Fails with MUD_ELIMIT only when libtidy gives up on one of the strings.
 */
MUD_MUST bool mud_json_page_read(struct mud_page *out,
                                 struct mud_json_fault *fault,
                                 struct mud_str json,
                                 const struct mud_str *html, size_t n_html,
                                 struct mud_arena *arena,
                                 struct mud_error *err);

/*
 * The JSON in a text: all of it, what a call holds ("name({...});"), or what
 * stands behind ")]}'". Empty when there is none.
 */
struct mud_str mud_json_find(struct mud_str text);

/* The JSON that a browser shows: in a pre, as the first text of the page.
 * Empty when there is none. */
struct mud_str mud_json_shown(const struct mud_page *page);

#endif
