/*
 * Why two things are said to be one's: the shortest chain of claims between
 * them, at most MUD_WHY_HOPS, strong claims (graph/ids.h) alone if they do,
 * else any; each step with what it rests on, down to the capture's bytes.
 */
#ifndef MUD_GRAPH_WHY_H
#define MUD_GRAPH_WHY_H

#include "graph/records.h"

#define MUD_WHY_HOPS 4

/*
 * The nodes that a person means: an id of a node or of an actor (its members),
 * "type:value" (qq:9812345670), a value, or the name somebody shows. Text in
 * *ids is malloc'd. MUD_EMISSING when there are none.
 */
MUD_MUST bool mud_node_find(struct mud_id **ids, size_t *n, struct mud_pg *pg,
                            struct mud_str text, struct mud_error *err);

struct mud_why {
    size_t hops; /* 0: no chain was found */
    bool strong; /* of strong claims alone */
    bool cut;    /* a budget was reached: there may be a chain all the same */
};

/*
 * Steps in order:
 * {"type":"step","schema":1,"n","from":{node},"claim","forward","to":{node},
 *  "bits","reasons":[{"what","n","bits","a","b"}] (of a bond, graph/bond.h),
 *  "verdict":{"verdict","by","at","reason"} (of one that a person confirmed),
 *  "why" (the claim joins nobody; missing: it may), "evidence_count","evidence":[{"quote","mark":[start,end] (code points),
 *  "in" (with "in_index" and "image", see image_show.h, of what a picture
 *  says),"sure","rule","reader","post","post_key","author","posted_at","url",
 *  "capture":{"id","url","at","sha256","size","warc","offset","length",
 *  "ledger_seq","ledger_sha256","source"}}] (at most 3)}
 * node: {"id","kind","type","value","name"}. forward: as the claim is said;
 * else it is said of from by to.
 */
MUD_MUST bool mud_why(struct mud_why *out, struct mud_pg *pg, struct mud_str a,
                      struct mud_str b, mud_record_fn *record, void *payload,
                      struct mud_error *err);

#endif
