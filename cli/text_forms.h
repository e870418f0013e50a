/* The forms of single record types; see cli/text.h. Inside cli only. */
#ifndef MUD_CLI_TEXT_FORMS_H
#define MUD_CLI_TEXT_FORMS_H

#include "cli/text.h"

void mud_text_post(struct mud_buf *out, const json_t *post, bool colour);
void mud_text_offer(struct mud_buf *out, const json_t *offer, bool colour);
void mud_text_seller(struct mud_buf *out, const json_t *seller, bool colour);
void mud_text_contact(struct mud_buf *out, const json_t *contact, bool colour);
void mud_text_step(struct mud_buf *out, const json_t *step, bool colour);
void mud_text_verdict(struct mud_buf *out, const json_t *verdict, bool colour);
void mud_text_actor_change(struct mud_buf *out, const json_t *change,
                           bool colour);
void mud_text_hit(struct mud_buf *out, const json_t *hit, bool colour);
/* Counts over the hits of a search. */
void mud_text_facets(struct mud_buf *out, const json_t *facets, bool colour);
/* Who sold something; a text of a post over time; a page at a time. */
void mud_text_sold(struct mud_buf *out, const json_t *sold, bool colour);
void mud_text_revision(struct mud_buf *out, const json_t *revision,
                       bool colour);
void mud_text_page_then(struct mud_buf *out, const json_t *page, bool colour);
/* A saved search, and what it found. */
void mud_text_alert(struct mud_buf *out, const json_t *alert, bool colour);
void mud_text_alert_hit(struct mud_buf *out, const json_t *hit, bool colour);
/* persona, group, indicator: a line, and what is claimed of it. */
void mud_text_node(struct mud_buf *out, const json_t *node, bool colour);
/* The claims of a node, a line each; nothing when the record has none. */
void mud_text_claims(struct mud_buf *out, const json_t *node, bool colour);
/* A typed span of a post. */
void mud_text_annotation(struct mud_buf *out, const json_t *annotation,
                         bool colour);
/* Who posted an advert, and one of its posts. */
void mud_text_similar(struct mud_buf *out, const json_t *similar, bool colour);
void mud_text_repost(struct mud_buf *out, const json_t *repost, bool colour);
/* An alarm of drift; what a source lacks. */
void mud_text_drift(struct mud_buf *out, const json_t *drift, bool colour);
void mud_text_gap(struct mud_buf *out, const json_t *gap, bool colour);
void mud_text_gap_board(struct mud_buf *out, const json_t *gap, bool colour);
void mud_text_gap_stretch(struct mud_buf *out, const json_t *gap, bool colour);
void mud_text_gap_replies(struct mud_buf *out, const json_t *gap, bool colour);
void mud_text_picture(struct mud_buf *out, const json_t *picture, bool colour);
void mud_text_sighting(struct mud_buf *out, const json_t *sighting,
                       bool colour);
/* A figure of a period. */
void mud_text_trend(struct mud_buf *out, const json_t *trend, bool colour);
void mud_text_stats(struct mud_buf *out, const json_t *stats, bool colour);

#endif
