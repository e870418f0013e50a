/* What a message of IRC says of a room or a person, as posts. Internal to parse/:
 * for the reader of what came over the wire. */
#ifndef MUD_PARSE_CHAT_IRC_SAID_H
#define MUD_PARSE_CHAT_IRC_SAID_H

#include "fetch/irc_message.h"
#include "parse/chat_kit.h"

struct mud_irc_heard { /* one line of the server */
    int64_t at;        /* us: received */
    struct mud_range where;
    const struct mud_irc_message *message;
};

struct mud_irc_said {
    const struct mud_chat_sink *sink;
    struct mud_arena *arena; /* of the line */
    struct mud_chat_ids ids;
    struct mud_str site;
    /* The room as it is called here, or empty. */
    struct mud_str (*room)(struct mud_str name, void *payload);
    void *payload;
    char split[160]; /* the last netsplit that was told */
};

/* Does it say anything to keep: words, who came and went, topics, modes? *split
 * is set when the network fell apart, once for each pair of servers. */
MUD_MUST bool mud_irc_said(struct mud_irc_said *r,
                           const struct mud_irc_heard *line, bool *split,
                           struct mud_error *err);

#endif
