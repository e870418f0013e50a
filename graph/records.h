/*
 * What is known, as records: one JSON object each, "schema":1, without its
 * line end, for the command line and the workbench. Times are in UTC. Reads go
 * by pages: nothing is held for longer than one, memory is flat.
 */
#ifndef MUD_GRAPH_RECORDS_H
#define MUD_GRAPH_RECORDS_H

#include "base/hash.h"
#include "store/pg.h"

/* json is valid during the call. False stops: without err set that is the
 * caller having had enough, and no failure. */
typedef bool mud_record_fn(struct mud_str json, void *payload,
                           struct mud_error *err);

struct mud_listing {
    int32_t source;       /* 0: all */
    int64_t since, until; /* us, until not included; 0: open */
    size_t limit;         /* 0: all */
    bool newest;          /* posts: the revision seen last alone */
};

/*
 * Posts in order of time: the post record of parse/record.h with all
 * revisions, and added to it "id", "content", "source", "lang", "category",
 * "direction", "is_offer", "revisions", "newest", "first_seen", "last_seen".
 * A post that a later whole reading of its place lacks (graph/gone.h) has
 * "gone" {"state":"deleted","how","known_by" (id|floor|time),"last_seen","at",
 * "capture" (the one without it),"became" (post that took its place, or null)}.
 */
MUD_MUST bool mud_list_posts(struct mud_pg *pg,
                             const struct mud_listing *listing,
                             mud_record_fn *record, void *payload,
                             struct mud_error *err);

/*
 * Offers in order of time: {"type":"offer","schema":1,"post" (id),"offer"
 * (number in the post),"content","source","site","board","thread",
 * "thread_title","post_key","author","author_id","seller" (node),"posted_at",
 * "category","direction","product" (null: not named),"quantity" {min,max,unit}
 * or null,"prices":[{min,max,currency,per,per_qty,role}],"sure","text" (at
 * most 400 bytes around the product),"url","capture"}
 */
MUD_MUST bool mud_list_offers(struct mud_pg *pg,
                              const struct mud_listing *listing,
                              mud_record_fn *record, void *payload,
                              struct mud_error *err);

/* Sellers of the last run, highest score first: graph/actor.h. source is not
 * looked at; since: last seen. */
MUD_MUST bool mud_list_sellers(struct mud_pg *pg,
                               const struct mud_listing *listing,
                               mud_record_fn *record, void *payload,
                               struct mud_error *err);

/*
 * Contacts, wallets and payees: {"type":"contact","schema":1,"id","kind",
 * "contact_type","value","first_seen","last_seen","evidence" (of use),
 * "accused" (posts that accuse it),"claims":[{"claim","forward","id","kind",
 * "site","name","evidence"}] (at most 50),"seller" (actor id or null),
 * "cut":true when a page of nodes had more claims than are counted}
 */
MUD_MUST bool mud_list_contacts(struct mud_pg *pg,
                                const struct mud_listing *listing,
                                mud_record_fn *record, void *payload,
                                struct mud_error *err);

/*
 * Everything that has this id: a seller with its members, a node with its
 * claims ("type":"contact", or "persona", "group", "indicator" with the same
 * fields; a persona or group has "names" [{"name","first_posted","last_posted",
 * "first_seen","last_seen"}], each with the times of the posts under it and of
 * the captures that show it, at most 50), a post with its revisions and {"type":"annotation"} records, a
 * content. MUD_EMISSING when nothing has. Captures are evidence/show.h's.
 */
MUD_MUST bool mud_show(struct mud_pg *pg, struct mud_id id,
                       mud_record_fn *record, void *payload,
                       struct mud_error *err);

/* One record {"type":"stats","schema":1,...}: counts of everything, by source
 * and by category; "readers" over 1 means that rebuild would read with one.
 * version: of today's reader; "contents_of_before" were read by another, NULL
 * leaves that out. "terms" are the analysts' in use. */
MUD_MUST bool mud_stats(struct mud_pg *pg, const char *version,
                        mud_record_fn *record, void *payload,
                        struct mud_error *err);

#endif
