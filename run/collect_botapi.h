/*
 * Groups in which a bot of ours is a member, by Telegram's Bot API
 * (core.telegram.org/bots/api, getUpdates). Updates are confirmed by asking for
 * those behind them, which is done only once they are stored. The token comes
 * from the secret "token" of the source's account, and stands in nothing that is
 * kept. The bot never sends anything.
 */
#ifndef MUD_RUN_COLLECT_BOTAPI_H
#define MUD_RUN_COLLECT_BOTAPI_H

#include "run/collect.h"

#define MUD_BOTAPI_URL "https://api.telegram.org/"

/* As mud_collect_round. */
MUD_MUST bool mud_collect_botapi(struct mud_report *report,
                                 struct mud_worker *worker,
                                 const struct mud_source *source,
                                 const struct mud_crawl_options *options,
                                 struct mud_error *err);

#endif
