/*
 * The rows of one batch of ingest, before they go to Postgres: what
 * graph/analyse.c makes of posts and graph/write.c copies into staging. One
 * row a content and one a (content, post, state) in a batch; the other tables
 * may hold the same fact twice, the merge sorts it out. All text lives in the
 * batch's arena and goes with mud_batch_clear.
 */
#ifndef MUD_GRAPH_BATCH_H
#define MUD_GRAPH_BATCH_H

#include "graph/fill.h"
#include "graph/ids.h"
#include "nlp/reading.h"

struct mud_row_content {
    struct mud_id id;
    enum mud_field field; /* TEXT, TITLE, SIGNATURE or ATTACHMENT */
    struct mud_str lang, body;
    struct mud_str sketch; /* nlp/sketch.h; may be empty */
    enum mud_category category;
    enum mud_direction direction;
    bool is_offer;
    uint16_t sure;
};

struct mud_row_post {
    struct mud_id content, post, thread, author, seller, capture;
    int state, rank;
    int32_t source, position;
    int64_t seen, first_seen, last_seen; /* us */
    struct mud_str key, author_name, author_key;
    int64_t posted, edited;
    enum mud_precision precision;
    struct mud_id title, signature, reading_of;
    enum mud_category category;
    enum mud_direction direction;
    bool is_offer;
    uint16_t sure;
    struct mud_str extra; /* JSON, or empty */
    bool dead;            /* a better row for the same key came */
};

/* of: the post row (index) that these belong to, -1: to the content alone. */
struct mud_row_annotation {
    int32_t of;
    struct mud_id content, post;
    int32_t no;
    struct mud_entity entity; /* value empty for victims' data */
};

struct mud_row_offer {
    int32_t of;
    struct mud_id content, post;
    int16_t no;
    enum mud_category category;
    enum mud_direction direction;
    struct mud_str product, unit;
    double low, high; /* NAN: open */
    uint16_t sure;
    bool placed; /* at is the product in the body */
    struct mud_span at;
};

struct mud_row_price {
    int32_t of;
    struct mud_id content, post;
    int16_t offer, no;
    double low, high, per_qty;
    struct mud_str currency, per, role;
    struct mud_span at;
};

struct mud_row_part {
    struct mud_id content, post, capture;
    int64_t seen, posted;
};

struct mud_row_thread {
    struct mud_id id;
    int32_t source;
    struct mud_str engine, site, board, key, title;
    int64_t seen;
};

struct mud_row_entity {   /* one a node in a batch */
    struct mud_node node; /* shown: as at `last` */
    int64_t first, last;
};

struct mud_row_claim { /* one a (a, kind, b) in a batch */
    struct mud_id a, b;
    enum mud_claim_kind kind;
    int64_t first, last;
};

struct mud_row_evidence { /* a says it of b */
    struct mud_id a, b, content, post, capture;
    enum mud_claim_kind kind;
    int64_t captured, seen;
    enum mud_field field;
    uint16_t field_index;
    struct mud_span at;
    uint16_t rule, sure;
    enum mud_category category;
};

struct mud_row_picture { /* an image in a post */
    struct mud_str json; /* as image_put takes it */
};

struct mud_row_name { /* one a (node, name) in a batch */
    struct mud_id node;
    struct mud_str name;
    int64_t first_posted, last_posted, first_seen, last_seen;
};

struct mud_row_tally { /* one a page, or a run of messages */
    struct mud_id capture;
    int32_t part, source;
    struct mud_str engine, kind;
    int64_t read;
    struct mud_fill tally;
    bool last; /* of its capture: what an older parser put behind it goes */
};

struct mud_row_done { /* a capture whose last post is in this batch */
    struct mud_id capture;
    int64_t posts;
    struct mud_str notes; /* JSON array */
};

/* A growing array of one kind of row. */
#define MUD_ROWS(type)   \
    struct {             \
        struct type *at; \
        size_t n, cap;   \
    }

struct mud_id_set; /* exact, in memory */

struct mud_batch {
    struct mud_arena *arena;
    MUD_ROWS(mud_row_content) contents;
    MUD_ROWS(mud_row_post) posts;
    MUD_ROWS(mud_row_annotation) annotations;
    MUD_ROWS(mud_row_offer) offers;
    MUD_ROWS(mud_row_price) prices;
    MUD_ROWS(mud_row_part) parts;
    MUD_ROWS(mud_row_thread) threads;
    MUD_ROWS(mud_row_entity) entities;
    MUD_ROWS(mud_row_claim) claims;
    MUD_ROWS(mud_row_evidence) evidence;
    MUD_ROWS(mud_row_name) names;
    MUD_ROWS(mud_row_picture) pictures;
    MUD_ROWS(mud_row_tally) tallies;
    MUD_ROWS(mud_row_done) done;
    struct mud_id_set *seen;  /* keys of rows that stand once */
    uint8_t rules[65536 / 8]; /* rule numbers used */
    size_t read;              /* posts handed in, also those that gave no row */
};

struct mud_batch *mud_batch_new(void);
void mud_batch_free(struct mud_batch *batch); /* NULL is fine */
void mud_batch_clear(struct mud_batch *batch);

/* A new zeroed row of that kind. */
#define MUD_ADD(rows)                                                        \
    ((rows)->at =                                                            \
         mud_grow((rows)->at, &(rows)->cap, (rows)->n, sizeof(*(rows)->at)), \
     memset(&(rows)->at[(rows)->n], 0, sizeof(*(rows)->at)),                 \
     &(rows)->at[(rows)->n++])

/*
 * The value kept for id, which is `value` when id is new (then *known is
 * false). Values are indexes of rows.
 */
size_t mud_id_set_put(struct mud_id_set *set, struct mud_id id, size_t value,
                      bool *known);
struct mud_id_set *mud_id_set_new(void);
void mud_id_set_free(struct mud_id_set *set);
void mud_id_set_clear(struct mud_id_set *set);
size_t mud_id_set_count(const struct mud_id_set *set);
/* *value of id; false when it is not there. */
bool mud_id_set_get(const struct mud_id_set *set, struct mud_id id,
                    size_t *value);
void mud_id_set_change(struct mud_id_set *set, struct mud_id id, size_t value);

#endif
