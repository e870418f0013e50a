/*
 * Cuts the message objects out of a Telegram Desktop export without parsing
 * the whole: a scanner for strings and brackets that is fed bytes and hands
 * over one object at a time. Memory is one message. A message whose brackets
 * or quotes are broken ends where the next one begins (exports are indented,
 * and a line end cannot stand inside a JSON string), so that it costs itself.
 */
#ifndef MUD_PARSE_SLICER_H
#define MUD_PARSE_SLICER_H

#include "base/str.h"

#define MUD_SLICE_MAX ((size_t)16 << 20)
#define MUD_SLICE_DEPTH \
    8 /* levels above a messages array that are told apart */

/* What the object around a messages array says of its chat. */
struct mud_slice_chat {
    char id[64], name[1024], type[64]; /* JSON text as it stands, NUL-ended */
};

/* One message, or what is left of one. */
struct mud_slice {
    struct mud_str text; /* as in the file; empty: above MUD_SLICE_MAX */
    uint64_t start, end; /* its place */
    bool whole;          /* false: cut by the next one or the file's end */
    const struct mud_slice_chat *chat;
};

struct mud_slicer {
    bool (*message)(const struct mud_slice *slice, void *payload,
                    struct mud_error *err);
    /* Bytes between messages that are no message. */
    bool (*junk)(uint64_t start, uint64_t end, void *payload,
                 struct mud_error *err);
    void *payload;

    /* Private from here on; all zero at first. */
    uint64_t at; /* offset of the byte under the eye */
    bool in_string, escaped;
    int indent; /* white space since the line began; -1 behind other bytes */
    struct mud_buf text;

    struct {
        bool object;
        char key[16];
        struct mud_slice_chat chat;
    } level[MUD_SLICE_DEPTH];

    size_t depth; /* open brackets outside messages */
    bool value;   /* the next scalar is a value of level's key */
    bool in_messages, in_slice;
    uint64_t start; /* of the slice, or of the junk plus one */
    int slice_indent, message_indent;
    size_t slice_depth;
};

void mud_slicer_init(struct mud_slicer *slicer);
MUD_MUST bool mud_slicer_feed(struct mud_slicer *slicer, const char *bytes,
                              size_t n, struct mud_error *err);
/* No more bytes: hands over what is open. Frees all; use once. */
MUD_MUST bool mud_slicer_end(struct mud_slicer *slicer, struct mud_error *err);

#endif
