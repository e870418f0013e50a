/*
 * What people decide about who is who. A verdict names two nodes, whose ids are
 * made of what they are, so that it holds over every computation of actors and
 * every rebuild; the newest of a pair counts (graph/hold.c):
 *
 *  confirm   one person: their actors are joined
 *  forbid    two persons: their actors are never joined, whatever is found
 *  split     the same, of two that one actor holds now: where its claims meet,
 *            the one with least evidence is cut
 *  withdraw  no verdict any more
 *
 * Nothing is changed or deleted: all verdicts stay, with who, when and why, and
 * both nodes as they were then.
 */
#ifndef MUD_GRAPH_VERDICT_H
#define MUD_GRAPH_VERDICT_H

#include "graph/records.h"

struct mud_verdict {
    const char *what;    /* "confirm", "forbid", "split", "withdraw" */
    struct mud_str a, b; /* as mud_node_find takes them; of an actor, its
                             first persona is meant */
    struct mud_str by;   /* a person's name */
    struct mud_str reason;
};

/*
 * Store it; it counts from the next computation of actors on. One record:
 * {"type":"verdict","schema":1,"verdict","what","a":{node},"b":{node},"by",
 *  "at","reason"}, node: {"id","kind","type","value","name"}.
 * MUD_EMISSING: there is no such node; MUD_EUSAGE: several are called so, both
 * are one node, there is no reason, or nothing to split or withdraw.
 */
MUD_MUST bool mud_verdict_add(struct mud_pg *pg,
                              const struct mud_verdict *verdict,
                              mud_record_fn *record, void *payload,
                              struct mud_error *err);

/*
 * How an actor (or the actor of a node) came to be, the oldest first: verdicts
 * on its members as above, and
 * {"type":"actor_change","schema":1,"at","node":{node},"actor","was" (null: it
 *  was new),"via" (id of the neighbour that holds it there, or null),"claim"}
 */
MUD_MUST bool mud_actor_history(struct mud_pg *pg, struct mud_str text,
                                mud_record_fn *record, void *payload,
                                struct mud_error *err);

#endif
