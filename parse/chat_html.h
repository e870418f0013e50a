/*
 * Exports that are one long HTML page, as a stream: cut where messages begin,
 * each cut read as a small page. Memory is one block, and what is broken in one
 * message costs that one. Internal to parse/.
 */
#ifndef MUD_PARSE_CHAT_HTML_H
#define MUD_PARSE_CHAT_HTML_H

#include "parse/chat.h"
#include "parse/page.h"

#define MUD_CHAT_BLOCK_MAX ((size_t)4 << 20) /* bytes; larger: a note */

/* One block as a tree. All is in the arena, until the next block. */
struct mud_chat_block {
    struct mud_str html; /* as in the file, made valid UTF-8 */
    struct mud_range at;
    bool head; /* what stands before the first mark */
    struct mud_page page;
    struct mud_arena *arena;
};

struct mud_chat_html {
    struct mud_str mark; /* what a block begins with: markup, no text */
    struct mud_str stop; /* behind its first, nothing is read; or empty */
    bool (*block)(const struct mud_chat_block *block, void *payload,
                  struct mud_error *err);
    const struct mud_chat_sink *sink; /* for notes */
    void *payload;
};

/* Fails when the stream, the block or the sink does. */
MUD_MUST bool mud_chat_html_read(const struct mud_chat_html *html,
                                 const struct mud_bytes_in *bytes,
                                 struct mud_error *err);

/* The first node in [from, end) with this class, or MUD_NO_NODE. */
uint32_t mud_chat_class(const struct mud_page *page, uint32_t from,
                        uint32_t end, const char *name);

/* The same for a tag. */
uint32_t mud_chat_tag(const struct mud_page *page, uint32_t from, uint32_t end,
                      const char *name);

/* What a reader sees of the nodes [from, end); empty for MUD_NO_NODE. */
struct mud_str mud_chat_range_text(const struct mud_page *page, uint32_t from,
                                   uint32_t end, struct mud_arena *arena);
struct mud_str mud_chat_node_text(const struct mud_page *page, uint32_t node,
                                  struct mud_arena *arena);

/*
 * An address as its author wrote it: http, https, tg; else empty. Escapes that
 * were escaped twice are undone.
 */
struct mud_str mud_chat_href(const struct mud_page *page, uint32_t node,
                             struct mud_arena *arena);

/* "https://t.me/NAME/77" to its parts; false when it is none. */
bool mud_chat_tme_url(struct mud_str url, struct mud_str *name,
                      struct mud_str *post);

#endif
