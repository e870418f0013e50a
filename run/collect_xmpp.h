/*
 * Group chats of XMPP (XEP-0045). Each room that the source names is read: from
 * its archive (XEP-0313) without going in, which nobody sees; only where the
 * source says so (join) it is entered, which everybody in it sees. Nothing is
 * ever said, and no presence goes anywhere but to these rooms. Log-in: `jid` and
 * `password` among the secrets (secret.h), or the account's name as the jid; `nick`
 * for rooms that are entered.
 */
#ifndef MUD_RUN_COLLECT_XMPP_H
#define MUD_RUN_COLLECT_XMPP_H

#include "run/collect.h"

/*
 * A round catches up with the archives and ends; a live one then goes on as
 * messages come (or asks the archives again every half minute), connects again
 * when cut off, and fills what it missed from the archives. Cursors: "room JID",
 * "TIME ID": all up to TIME is held, ID is the last in the archive.
 * A log-in that is refused stops the source.
 */
MUD_MUST bool mud_collect_xmpp(struct mud_report *report,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_crawl_options *options,
                               struct mud_error *err);

/* A public room of the servers on which the source's rooms are. */
typedef bool mud_xmpp_room_fn(struct mud_str room, struct mud_str name,
                              bool watched, void *payload,
                              struct mud_error *err);

/* Ask for them; nothing is entered or stored. */
MUD_MUST bool mud_xmpp_rooms(struct mud_pg *pg, const char *home,
                             const struct mud_source *source,
                             mud_xmpp_room_fn *each, void *payload,
                             struct mud_error *err);

#endif
