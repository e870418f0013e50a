/*
 * A JSON text of any size as a stream: the members of its outer object, and of
 * some arrays each element by itself. For exports that hold their messages in
 * one long array. Nothing is parsed here but strings and brackets; what is
 * handed over is JSON text for jansson. Memory is one value.
 *
 *     {"chat": {...}, "messages": [{...}, {...}]}   lists = {"messages"}
 *     [{...}, {...}]                                lists = {""}
 *     {...}\n{...}\n                                lines, lists = {""}
 */
#ifndef MUD_PARSE_JSON_ITEMS_H
#define MUD_PARSE_JSON_ITEMS_H

#include "parse/chat.h"

#define MUD_JSON_ITEM_MAX ((size_t)16 << 20)
#define MUD_JSON_KEY_MAX  64 /* bytes of a key that are told apart */

struct mud_json_items {
    const char *const *lists; /* NULL-ended */
    bool lines;               /* outer objects are elements of "" themselves */
    /* An element of a list. */
    bool (*item)(const char *list, struct mud_str json, struct mud_range at,
                 void *payload, struct mud_error *err);
    /* Another member of an outer object; may be NULL. */
    bool (*member)(const char *key, struct mud_str json, struct mud_range at,
                   void *payload, struct mud_error *err);
    /* A value above the limit ("message-too-large"), bytes that are no JSON
     * ("junk"), or an end before its time ("truncated"). */
    bool (*fault)(const char *code, struct mud_range at, void *payload,
                  struct mud_error *err);
    void *payload;
};

/* Fails when the stream or a callback does. A byte order mark is passed over. */
MUD_MUST bool mud_json_items_read(const struct mud_json_items *items,
                                  const struct mud_bytes_in *bytes,
                                  struct mud_error *err);

#endif
