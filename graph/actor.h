/*
 * Actors: personas and contacts held together by strong claims (graph/ids.h),
 * by union-find over all of them. Nothing is merged: an actor is a set of
 * nodes, each with the claim that holds it there, and each run makes it anew; what
 * it changes is written, and stays in mud.actor_change.
 *
 * What does not hold: a place (shop, group, invite), which many may advertise;
 * a node with more than MUD_HUB_MAX strong claims (over-
 * common values, admins who repost for many); a contact that an escrow or
 * market service advertises as its own, toward anybody who is no such service;
 * a Telegram bot that more than one advertises; what stands in others' adverts
 * alone that an account passes on (graph/relay.c); what a verdict keeps apart.
 * What holds beside strong claims: bonds (graph/bond.h) and verdicts.
 *
 * An actor's id is made of its smallest member's id, so equal graphs give
 * equal actors. An actor with offers is a seller; its record is in
 * mud.actor.summary:
 * {"type":"seller","schema":1,"id","score","reasons":[{"what","n","points"}],
 *  "names","personas":[{"id","site","account","name"}],
 *  "contacts":[{"id","kind","type","value","evidence","holds","why"}],
 *  "groups":[{"id","name"}],"offers" (posts),"categories":{name: posts},
 *  "directions":{name: posts},"products":[{"product","direction",
 *  "prices":[{"currency","per","per_qty","min","max","posts"}]}],
 *  "first_seen","last_seen"}
 */
#ifndef MUD_GRAPH_ACTOR_H
#define MUD_GRAPH_ACTOR_H

#include "store/pg.h"

#define MUD_HUB_MAX 16 /* strong claims of a node that may hold others */

struct mud_actor_result {
    int32_t run;
    int64_t entities, edges, actors, sellers;
};

/* Compute all actors and store them as a new run: what has changed alone. */
MUD_MUST bool mud_actor_run(struct mud_actor_result *out, struct mud_pg *pg,
                            struct mud_error *err);

#endif
