/*
 * Chat exports, whatever program wrote them. Each format is one file of its
 * own (parse/chat_NAME.c) with one row in the list of parse/chat.c; the rest of
 * the house asks the list which of them an export is and reads it as a stream.
 * Facts on the formats: the comment at the head of each file.
 */
#ifndef MUD_PARSE_CHAT_H
#define MUD_PARSE_CHAT_H

#include "parse/post.h"

/*
 * An export as a stream. `read` gives bytes as in read(2) (0: end). Each
 * message goes to `post`, each odd place to `note`; both may stop it by
 * returning false with err set. Memory is flat: one message at a time (at most
 * 16 MiB each; larger ones are set aside with a note and their byte offset).
 */
struct mud_chat_sink {
    bool (*post)(const struct mud_post *post, void *payload,
                 struct mud_error *err);
    bool (*note)(const struct mud_note *note, void *payload,
                 struct mud_error *err);
    void *payload;
    /* Of what was listened to: between these times (us) all that was said at
     * place is here, and if it is nothing. May be NULL. */
    bool (*heard)(struct mud_str place, int64_t from, int64_t until,
                  void *payload, struct mud_error *err);
};

struct mud_bytes_in {
    bool (*read)(void *payload, void *out, size_t size, size_t *n,
                 struct mud_error *err);
    void *payload;
};

/* An open file as a stream; MUD_EIO. */
struct mud_bytes_in mud_chat_fd(int *fd);

/* What is known of an export from outside it; all may be empty. */
struct mud_chat_in {
    struct mud_bytes_in bytes;
    struct mud_str name; /* last part of the file's name: some formats keep
                            their channel or their day only there */
    struct mud_str url;  /* that it answers, where it was asked for; or empty */
    struct mud_str zone; /* of wall times without one; empty: the format's */
    int64_t at; /* us: when the file was written or fetched; 0 unknown */
};

#define MUD_CHAT_HEAD ((size_t)64 << 10) /* bytes that tell a format */

struct mud_chat_format {
    const char
        *name; /* "telegram", "qq-txt"; posts name their network as engine,
                         so that one chat in two formats stays one */
    /* Do the first bytes (MUD_CHAT_HEAD of them, or all) look like it? */
    bool (*is)(struct mud_str head, struct mud_str name);
    /* Fails when the stream or the sink does, never for what is in it. */
    bool (*read)(const struct mud_chat_in *in, const struct mud_chat_sink *sink,
                 struct mud_error *err);
};

/* All formats, the strictest first, NULL-ended. */
const struct mud_chat_format *const *mud_chat_formats(void);

/* The first that fits, or by its name; NULL when there is none. */
const struct mud_chat_format *mud_chat_of(struct mud_str head,
                                          struct mud_str name);
const struct mud_chat_format *mud_chat_find(struct mud_str format);

/*
 * Does an export of this format hold all that the place had between its first
 * message and its last? Logs of what one listener heard and updates of a bot do
 * not: what they lack was perhaps never heard.
 */
bool mud_chat_is_history(const struct mud_chat_format *format);

/* Do sites serve it? When fetched, mud_parse_page reads it: its links count. */
bool mud_chat_is_page(const struct mud_chat_format *format);

#endif
