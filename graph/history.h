/*
 * What a post, or a page, said at a time: the texts in which a post was seen,
 * in order, each with what changed; and of a page the posts that its captures
 * had shown until then, each as it was seen last until then. Texts are masked.
 */
#ifndef MUD_GRAPH_HISTORY_H
#define MUD_GRAPH_HISTORY_H

#include "graph/records.h"

/*
 * {"type":"revision","schema":1,"post","revision" (from 0),"content","state",
 *  "author","posted_at","edited_at","first_seen","last_seen" (captures that
 *  show it so),"capture","category","is_offer","text","diff":[["=" | "-" | "+",
 *  text]...] (against the revision before; null for the first, and where both
 *  are too long)}
 * as_of: us; only the one that stood then, with "gone_at" when the post was no
 * longer there; 0: all. MUD_EMISSING: no such post, or not seen until then.
 */
MUD_MUST bool mud_history(struct mud_pg *pg, struct mud_id post, int64_t as_of,
                          mud_record_fn *record, void *payload,
                          struct mud_error *err);

/*
 * First {"type":"page_then","schema":1,"url","source","as_of","capture",
 * "captured_at","next","next_at" (the capture behind it, or null),"posts"},
 * then the posts as above, in page order. MUD_EMISSING: no capture of that
 * address until then.
 */
MUD_MUST bool mud_history_page(struct mud_pg *pg, struct mud_str url,
                               int64_t as_of, mud_record_fn *record,
                               void *payload, struct mud_error *err);

/*
 * The longest common sequence of words and characters of two texts, as "diff"
 * above into an open JSON value. Bounded: null above MUD_DIFF_MAX tokens that
 * differ on either side.
 */
#define MUD_DIFF_MAX 2000
struct mud_json;
void mud_diff_write(struct mud_json *json, struct mud_str before,
                    struct mud_str after, struct mud_arena *arena);

#endif
