/*
 * Saved searches. What is put into the search index waits beside it
 * (alert_waiting) and is matched with all of them later, many texts at a time:
 * ingest waits for nothing. A post is a hit of a search once, whatever dies
 * meanwhile: hits are stored in the transaction that takes the texts from the
 * queue. An advert that the search knows is no new hit when it is posted again
 * or in another form (graph/similar.h): its posts are counted.
 */
#ifndef MUD_GRAPH_ALERT_H
#define MUD_GRAPH_ALERT_H

#include "graph/records.h"
#include "nlp/reading.h"

#define MUD_ALERTS_MAX 10000

/*
 * Hits from posts that are captured from now on. zone: name of the zone of
 * days in the query. MUD_EUSAGE: the query is not understood, or there is one
 * of that name; MUD_ELIMIT: too many.
 */
MUD_MUST bool mud_alert_add(struct mud_pg *pg, const struct mud_reader *reader,
                            struct mud_str name, struct mud_str query,
                            const char *zone, struct mud_str who,
                            struct mud_error *err);
/* MUD_EMISSING: there is none of that name. */
MUD_MUST bool mud_alert_remove(struct mud_pg *pg, struct mud_str name,
                               struct mud_error *err);
MUD_MUST bool mud_alert_mute(struct mud_pg *pg, struct mud_str name, bool mute,
                             struct mud_error *err);
/*
 * {"type":"alert","schema":1,"name","query","zone","made_by","made_at",
 *  "muted","trouble" (null: it is matched),"new","seen","kept","rejected"
 *  (hits),"last_hit"}; name empty: all, MUD_EMISSING when it is not there.
 */
MUD_MUST bool mud_alert_list(struct mud_pg *pg, struct mud_str name,
                             mud_record_fn *record, void *payload,
                             struct mud_error *err);

struct mud_alert_asked {
    struct mud_str name;  /* empty: of all that are not muted */
    struct mud_str state; /* empty: any */
    int64_t after;        /* behind this hit; -1: behind those handed out */
    size_t limit;         /* 0: all */
    bool hand_out;        /* note that they were handed out */
};

/*
 * Hits in the order in which they were found: {"type":"alert_hit","schema":1,
 * "hit" (number),"alert","content","post" (the first),"at","found_at",
 * "posts" (that show it by now),"last_at","state","state_by","state_at","note",
 * "text" (masked, at most 4,000 bytes; null when it is kept no longer),
 * "author","source","category","side","is_offer","lang","field" (as found)}.
 * One is noted as handed out after record has returned true for all of a page.
 */
MUD_MUST bool mud_alert_hits(struct mud_pg *pg,
                             const struct mud_alert_asked *asked,
                             mud_record_fn *record, void *payload,
                             struct mud_error *err);

/* state: new, seen, kept or rejected; note: NULL leaves it. MUD_EMISSING. */
MUD_MUST bool mud_alert_mark(struct mud_pg *pg, int64_t hit,
                             struct mud_str state, struct mud_str who,
                             const char *note, struct mud_error *err);

struct mud_alerted {
    int64_t texts, hits, posts; /* matched; new adverts; posts noted */
    bool busy;                  /* another one is at it */
};

/* Match all that waits. out may be NULL. */
MUD_MUST bool mud_alert_run(struct mud_alerted *out, struct mud_pg *pg,
                            const struct mud_reader *reader,
                            struct mud_error *err);

#endif
