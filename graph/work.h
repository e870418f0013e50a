/*
 * One post on its way through graph/analyse.c, content.c, extra.c and link.c.
 * Inside graph only.
 */
#ifndef MUD_GRAPH_WORK_H
#define MUD_GRAPH_WORK_H

#include "graph/analyse.h"
#include "graph/offers.h"

/* Budgets of one post; what is past them is cut and noted. */
#define MUD_AUTHOR_MAX    512   /* bytes */
#define MUD_TITLE_MAX     4096  /* bytes */
#define MUD_SIGNATURE_MAX 65536 /* bytes */
#define MUD_STRING_MAX    4096  /* bytes of a link, name, key */
#define MUD_LIST_MAX      256   /* links, quotes... of one kind */
#define MUD_KNOWN         65536 /* contents remembered as stored */
#define MUD_SELLERS       8192  /* sellers in threads remembered */

struct mud_analyst {
    const struct mud_reader *reader;
    int32_t number; /* of its version */
    struct mud_context *context;
    struct mud_arena *scratch;    /* one post */
    struct mud_offers *offers;    /* two: room for one post's */
    struct mud_id *known;         /* direct mapped by the id's first bytes */
    uint64_t *sellers;            /* hashes of (author, thread) with an offer */
    struct mud_buf title, masked; /* the title masked last */
    struct mud_id capture;
    int32_t source;
    int64_t at; /* us: time of the capture */
};

struct mud_work {
    struct mud_analyst *analyst;
    struct mud_batch *batch;
    struct mud_post post; /* its texts clean and within budgets */
    int odd;
    bool shown;
    bool illicit; /* an illicit offer that its author himself makes: link.c */
    bool again;   /* not his first one in this thread and capture */
    struct mud_str title;     /* with the thread's first post only */
    struct mud_reading whole; /* everything, in context */
    struct mud_reading alone; /* the body alone */
    struct mud_reading title_alone, signature_alone;
    const struct mud_picture *pictures;
    size_t n_pictures;
    struct mud_reading pictures_alone[MUD_PICTURES_MAX];
    struct mud_id pictures_id[MUD_PICTURES_MAX];    /* contents; nil: silent */
    struct mud_offers *whole_offers, *alone_offers; /* the analyst's */
    struct mud_id content, title_id, signature_id, post_id, thread_id;
    struct mud_node author, group;
    int32_t row; /* of the post in the batch */
};

/* A copy in the batch's arena. */
static inline struct mud_str mud_keep(struct mud_batch *batch, struct mud_str s)
{
    return s.n ? mud_str_dup(s, batch->arena) : MUD_STR("");
}

struct mud_part { /* a text of a post that is a content of its own */
    enum mud_field field;
    uint16_t index; /* in whole; alone it is the first */
    struct mud_str text;
    const struct mud_reading *alone;
};

/* content.c: mask and store a text; its id. alone and whole find victims. */
MUD_MUST bool mud_work_content(struct mud_id *id, struct mud_work *work,
                               const struct mud_part *part,
                               struct mud_error *err);
/* content.c: a value that stands where victims' data stands is never kept,
 * whatever else the rules took it for. */
bool mud_is_victims(const struct mud_reading *reading,
                    const struct mud_entity *entity);
/* content.c: rows of a reading; of: the post's row, or -1 for the content. */
void mud_work_annotate(struct mud_work *work, int32_t of, struct mud_id content,
                       const struct mud_reading *reading, bool own_text);
void mud_work_offers(struct mud_work *work, int32_t of, struct mud_id content,
                     const struct mud_offers *offers);
/* content.c: a text that is kept beside (a quote, a file's name), masked.
 * Empty when it cannot be read: what is unread is unmasked, and not kept. */
struct mud_str mud_work_mask(struct mud_work *work, struct mud_str text);
/* pictures.c: the texts of the post's pictures as attachments of message. */
void mud_work_attach(struct mud_message *message, struct mud_work *work);
/* pictures.c: what picture i says, as an attachment of a message of its own. */
void mud_work_attach_alone(struct mud_message *message, struct mud_work *work,
                           size_t i);
/* pictures.c: rows of the pictures, when their contents are stored. */
void mud_work_pictures(struct mud_work *work);
/* extra.c: what else the record holds, as JSON in the batch's arena; empty
 * when there is nothing. */
struct mud_str mud_work_extra(struct mud_work *work);
/* protect.c: contacts that are rather victims' become victims' data. */
void mud_work_protect(struct mud_work *work);
/* protect.c: the same for one reading, without asking. */
void mud_protect_reading(const struct mud_work *work,
                         struct mud_reading *reading);
/* link.c: no offer by its own words, but below one of the same author's. */
bool mud_work_below(const struct mud_work *work);
/* link.c: settle work->illicit; whole.is_offer follows it. */
void mud_work_judge(struct mud_work *work);
/* link.c: the node goes by this name, at the time of the post. */
void mud_work_name(struct mud_work *work, const struct mud_node *node);
/* link.c: nodes and evidence. */
void mud_work_link(struct mud_work *work);
/* link.c: the node whose offer this is; none if it is no illicit offer. */
struct mud_node mud_work_seller(const struct mud_work *work);

#endif
