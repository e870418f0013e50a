/*
 * Adverts posted again: clusters of near-duplicate texts (nlp/cluster.h) over
 * all sketches that ingest stored, each with an id, the template's. Made off
 * the ingest path, all at once, when there are new texts; so a template depends
 * on the set of texts alone, and ingesting again or a rebuild gives the same.
 * About 200 bytes of memory a text, while it runs; time is linear in the texts,
 * also when one advert was posted ten thousand times.
 *
 * Two posts of one template say the same thing; they are no claim that one
 * person wrote them: adverts are copied. What links personas stays with
 * graph/actor.h.
 */
#ifndef MUD_GRAPH_SIMILAR_H
#define MUD_GRAPH_SIMILAR_H

#include "graph/records.h"

struct mud_similar_result {
    int64_t contents;  /* with a sketch */
    int64_t templates; /* of two or more contents */
    int64_t repeated;  /* contents in them */
    bool fresh;        /* false: nothing was new, nothing was done */
};

/* out may be NULL. */
MUD_MUST bool mud_similar_run(struct mud_similar_result *out, struct mud_pg *pg,
                              struct mud_error *err);

#define MUD_SIMILAR_AUTHORS 100 /* in one record */

/*
 * What was posted like the post, content or template `id`: first
 * {"type":"similar","schema":1,"template" (null: it is alone),"content","posts",
 *  "contents","authors" (how many),"first_seen","last_seen",
 *  "posters":[{"source","author","author_id","posts","contents","first_seen",
 *  "last_seen"}] (the busiest MUD_SIMILAR_AUTHORS)}
 * then, the oldest first, at most limit (0: all) of
 * {"type":"repost","schema":1,"id","content","source","thread","author",
 *  "author_id","seller","posted_at","first_seen","last_seen","alike" (0..1, to
 *  the text of id),"added":[VALUE],"gone":[VALUE],"text" (at most 400
 *  characters),"capture"}
 * where added and gone are contacts, prices and quantities that this text has
 * and that of id has not, or the other way round: {"what","kind","value"} or
 * {"what","min","max","unit","currency"}. MUD_EMISSING: no text has that id.
 */
MUD_MUST bool mud_similar(struct mud_pg *pg, struct mud_id id, size_t limit,
                          mud_record_fn *record, void *payload,
                          struct mud_error *err);

#endif
