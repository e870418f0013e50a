/*
 * What a thread was about: a bounded window of its last posts, so that a price
 * answered to a question, or "还有货, 私" after an advert, can be read. Nothing
 * of a post is kept but ids (hashed) and what was read from it.
 */
#ifndef MUD_NLP_CONTEXT_H
#define MUD_NLP_CONTEXT_H

#include "nlp/reading.h"

#define MUD_CONTEXT_POSTS   512  /* a thread */
#define MUD_CONTEXT_THREADS 1024 /* the longest unused one goes first */

struct mud_context_post {
    uint64_t id, author;
    uint16_t canonical; /* of its first product */
    uint8_t category;   /* enum mud_category; benign: not about any */
    uint8_t direction;
    bool offer;
    bool asks; /* names a product without an offer of its own */
};

/*
 * The post that message speaks to: the one it replies to, else its author's
 * last offer, else the post before it when that asked for something. NULL when
 * there is none about a product. *same_author says whose it is.
 */
const struct mud_context_post *mud_context_about(
    const struct mud_context *context, const struct mud_message *message,
    bool *same_author);

/* Remember what a message was about. */
void mud_context_add(struct mud_context *context,
                     const struct mud_message *message,
                     struct mud_context_post post);

#endif
