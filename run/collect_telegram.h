/*
 * Public channels of Telegram by their pages (t.me/s/NAME, twenty messages
 * each; reference: the page itself, no API). A round reads from the newest page
 * back to what is covered, then a stretch of the past until the channel's
 * beginning, and once a day the last pages again for edits and deletions. Never
 * logs in, never joins.
 *
 * The cursor of a channel is "HIGH LOW WHOLE LOOKED": all messages from LOW to
 * HIGH are covered; WHOLE is 1 when nothing is before LOW; LOOKED is when (s) the
 * last pages were read again. It moves once what it covers is stored.
 */
#ifndef MUD_RUN_COLLECT_TELEGRAM_H
#define MUD_RUN_COLLECT_TELEGRAM_H

#include "run/collect.h"

/* Where channels are shown, when the source has no url of its own. */
#define MUD_TELEGRAM_URL "https://t.me/s/"

/* As mud_collect_round. Channels are the source's rooms. */
MUD_MUST bool mud_collect_telegram(struct mud_report *report,
                                   struct mud_worker *worker,
                                   const struct mud_source *source,
                                   const struct mud_crawl_options *options,
                                   struct mud_error *err);

#endif
