/*
 * What a description finds in a forum page: posts (forum.c), accounts (profile.c), rows of a list
 * of threads and links worth following (listing.c). Internal to parse/.
 */
#ifndef MUD_PARSE_FORUM_H
#define MUD_PARSE_FORUM_H

#include "parse/sight.h"

#define MUD_POSTS_MAX     2000 /* of one page */
#define MUD_QUOTES_MAX    200  /* of one post */
#define MUD_LISTED_MAX    2000 /* links, images, attachments of one post each */
#define MUD_LINKS_MAX     5000 /* of one page */
#define MUD_REACTIONS_MAX 100  /* of one post */

/* A list of notes that grows; texts live in the arena. */
struct mud_notes {
    struct mud_arena *arena;
    struct mud_note *items;
    size_t n, cap;
};

void mud_notes_add(struct mud_notes *notes, const char *severity,
                   const char *code, uint64_t byte, const char *fmt, ...)
    MUD_PRINTF(5, 6);

/* Posts in page order; out->board, thread, title and page must be known. */
void mud_forum_posts(struct mud_parsed *out, struct mud_sight *sight,
                     struct mud_str thread_title, struct mud_notes *notes);

/* Body, quotations, links and images of post: the subtree of a node. */
void mud_forum_words(struct mud_post *post, struct mud_sight *sight,
                     uint32_t body);

/* Quotations in nodes [from, to), which are marked as such (forum_quote.c). */
void mud_forum_quotes(struct mud_post *post, struct mud_sight *sight,
                      uint32_t from, uint32_t to);

/* Those that light views print as text in front of a body: "NICK 发表于 DATE",
 * lines, an empty line. They leave post->body. */
void mud_forum_plain_quotes(struct mud_post *post, struct mud_sight *sight);

/* Files that nodes [from, to) offer. */
void mud_forum_files(struct mud_post *post, struct mud_sight *sight,
                     uint32_t from, uint32_t to);

/* Whether it is shown, hidden parts, anonymous: when its words are read. */
void mud_forum_state(struct mud_post *post, struct mud_sight *sight,
                     uint32_t node);

/* What the page of an account tells; own as below. */
void mud_forum_profile(struct mud_parsed *out, struct mud_sight *sight,
                       const struct mud_rule_hit *own);

/*
 * Threads and links. own is what the URL rules say of this page's address
 * (or NULL). Sets out->page and pages where the pager tells them.
 */
void mud_forum_listing(struct mud_parsed *out, struct mud_sight *sight,
                       const struct mud_rule_hit *own, struct mud_notes *notes);

#endif
