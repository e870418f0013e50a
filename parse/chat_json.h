/*
 * What readers of JSON exports share: the messages of an export of any size,
 * each parsed by itself, so that a broken one costs itself and is noted.
 * Internal to parse/.
 */
#ifndef MUD_PARSE_CHAT_JSON_H
#define MUD_PARSE_CHAT_JSON_H

#include "parse/chat_kit.h"
#include "parse/json_items.h"

struct mud_chat_json {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena;  /* of one message: emptied before the next */
    const char *const *lists; /* as in mud_json_items */
    bool lines;
    /* An object of a list. */
    bool (*message)(json_t *message, struct mud_range at, void *payload,
                    struct mud_error *err);
    /* As in mud_json_items; may be NULL. */
    bool (*member)(const char *key, struct mud_str json, struct mud_range at,
                   void *payload, struct mud_error *err);
    void *payload;
    uint64_t notes; /* so far: above a thousand, no more are written */
};

/* Fails when the stream, a callback or the sink does. */
MUD_MUST bool mud_chat_json_read(struct mud_chat_json *json,
                                 const struct mud_bytes_in *bytes,
                                 struct mud_error *err);

/* The text of a message that stands elsewhere than in a list. */
MUD_MUST bool mud_chat_json_one(struct mud_chat_json *json, struct mud_str text,
                                struct mud_range at, struct mud_error *err);

/* NULL when it is no JSON. The caller frees it. */
json_t *mud_chat_json_value(struct mud_str text);

#endif
