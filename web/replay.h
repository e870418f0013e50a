/*
 * A capture folder served under its URLs on loopback: a site to try a source
 * on without going out, and what scripts/up fetches. The folder's index.jsonl
 * has an object a line: url, file, and optionally status, content_type and
 * content_encoding ("gzip" is done when the client takes it). A request is
 * answered by the entry whose path and query are the same; the host does not
 * matter. Only GET and HEAD; only 127.0.0.1.
 */
#ifndef MUD_WEB_REPLAY_H
#define MUD_WEB_REPLAY_H

#include "web/replay_mood.h"

struct mud_replay;

/*
 * Load folder and listen. port 0: the port of the first URL when that is a
 * loopback address, else any free one. MUD_EINPUT names the line of the index;
 * MUD_EIO when the port is taken. Limits: 100,000 entries, 16 MiB a file.
 */
MUD_MUST bool mud_replay_start(struct mud_replay **out, const char *folder,
                               uint16_t port, struct mud_error *err);
/* The same site on a bad day; mood is copied. */
MUD_MUST bool mud_replay_start_moody(struct mud_replay **out,
                                     const char *folder, uint16_t port,
                                     const struct mud_replay_mood *mood,
                                     struct mud_error *err);
void mud_replay_stop(struct mud_replay *replay); /* NULL is fine */

uint16_t mud_replay_port(const struct mud_replay *replay);
size_t mud_replay_entries(const struct mud_replay *replay);
/* The first URL of the index with this server's host and port. */
struct mud_str mud_replay_url(const struct mud_replay *replay);
/* Requests answered so far, and those of them that no entry matched. */
void mud_replay_counts(const struct mud_replay *replay, uint64_t *all,
                       uint64_t *unknown);

#endif
