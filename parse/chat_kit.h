/* What readers of chat exports share. Internal to parse/. */
#ifndef MUD_PARSE_CHAT_KIT_H
#define MUD_PARSE_CHAT_KIT_H

#include "base/json.h"
#include "parse/chat.h"

#define MUD_CHAT_LIST_MAX 2000 /* links, images... of one message each */

struct mud_chat_list {
    struct mud_str *items;
    size_t n, cap;
};

/* Empty texts and those above the limit are left out. */
void mud_chat_list_add(struct mud_chat_list *list, struct mud_str item,
                       struct mud_arena *arena);

/* "http://..." and "https://..." in a plain text, up to white space, quotes,
 * angle brackets or Han, each once. */
void mud_chat_links(struct mud_chat_list *list, struct mud_str text,
                    struct mud_arena *arena);

/* The lists of a message into it. */
void mud_chat_lists(struct mud_post *post, const struct mud_chat_list *links,
                    const struct mud_chat_list *images,
                    const struct mud_chat_list *files);

/* One member of a service message; an empty name is none. */
void mud_chat_member(struct mud_post *post, struct mud_str name,
                     struct mud_arena *arena);

/* s as NUL-ended text in out, cut between characters. */
void mud_chat_keep(char *out, size_t size, struct mud_str s);

/* A file's name, by how it ends. */
bool mud_chat_is_image(struct mud_str name);

/* Members of a JSON message as clean text in the arena; an id may be a number. */
struct mud_str mud_chat_text(const json_t *object, const char *key,
                             struct mud_arena *arena);
struct mud_str mud_chat_id(const json_t *object, const char *key,
                           struct mud_arena *arena);

/* Seconds or milliseconds since 1970 as a number or a string; 0 when it is
 * none or out of all reason. */
int64_t mud_chat_epoch(const json_t *object, const char *key);

/*
 * The zone of wall times: what in says, else China's with the note
 * "zone-assumed"; a zone that does not exist is the note "bad-zone".
 */
MUD_MUST bool mud_chat_zone(struct mud_zone **zone,
                            const struct mud_chat_in *in,
                            const struct mud_chat_sink *sink,
                            struct mud_error *err);

/* "2024-03-04 09:35:43" on the zone's wall, or with an offset of its own; us,
 * 0 when it is none. */
int64_t mud_chat_wall_time(const struct mud_zone *zone, struct mud_str text);

/* The beginning of a stream, looked at before it is read from there. */
struct mud_chat_head {
    struct mud_bytes_in bytes;
    char *text; /* up to MUD_CHAT_HEAD bytes */
    size_t from, n;
};

MUD_MUST bool mud_chat_head_read(struct mud_chat_head *head,
                                 const struct mud_bytes_in *bytes,
                                 struct mud_error *err);
/* All of the stream, its beginning too. Valid as long as head is. */
struct mud_bytes_in mud_chat_head_again(struct mud_chat_head *head);
void mud_chat_head_free(struct mud_chat_head *head);

/*
 * Ids for messages of formats that have none: a digest of chat, time, author
 * and text, and a running number among equal ones, so that a longer export of
 * the same chat gives the same messages the same ids. Memory: 32 to 64 bytes
 * for each message that has the time of the last one.
 */
struct mud_chat_ids {
    int64_t at; /* time of those counted */

    struct mud_chat_seen {
        uint64_t key, stamp;
        uint32_t count;
    } * seen; /* open addressing */

    size_t n, cap;  /* cap: 0 or a power of two */
    uint64_t stamp; /* of the time under the eye; others are free places */
};

struct mud_str mud_chat_ids_next(struct mud_chat_ids *ids,
                                 const struct mud_post *post,
                                 struct mud_arena *arena);
void mud_chat_ids_free(struct mud_chat_ids *ids);

MUD_MUST bool mud_chat_note(const struct mud_chat_sink *sink,
                            const char *severity, const char *code,
                            uint64_t byte, struct mud_str text,
                            struct mud_error *err);

/* The note of a message that has no id. */
MUD_MUST bool mud_chat_no_id(const struct mud_chat_sink *sink, uint64_t byte,
                             struct mud_error *err);

/* The note of formats that were read from descriptions alone. */
MUD_MUST bool mud_chat_unverified(const struct mud_chat_sink *sink,
                                  struct mud_error *err);

/* What mud_json_items calls a fault, as an error note. */
MUD_MUST bool mud_chat_broken(const struct mud_chat_sink *sink,
                              const char *code, struct mud_range at,
                              struct mud_error *err);

#endif
