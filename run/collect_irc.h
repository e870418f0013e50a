/*
 * IRC: the rooms of a source are listened to by a guest who never speaks. What
 * comes over the wire is spooled, sealed by and by and read from there. Where
 * the network keeps a history (draft/chathistory), what was missed is read from
 * it; elsewhere it is a gap that `source gaps` shows.
 */
#ifndef MUD_RUN_COLLECT_IRC_H
#define MUD_RUN_COLLECT_IRC_H

#include "run/collect.h"

/*
 * Live: until told to stop, with a new connection when one is lost. Else one
 * connection until the rooms and their history are read and a little longer.
 * Banned, refused or out of every room: the source is stopped, MUD_EDENIED.
 */
MUD_MUST bool mud_collect_irc(struct mud_report *report,
                              struct mud_worker *worker,
                              const struct mud_source *source,
                              const struct mud_crawl_options *options,
                              struct mud_error *err);

#endif
