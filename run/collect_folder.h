/*
 * The watched folder: exports of chats, saved pages, WARC files that people or
 * other tools drop. An entry (a file, or a folder as one export) is taken once
 * nothing in it has changed for ten seconds, or at once when NAME.done stands
 * beside it; it is imported as `mudlark import` does and moved to done/, or to
 * refused/ with NAME.reason.txt beside it. Names that begin with "." or end like
 * a download under way are left alone; links are refused, never followed.
 *
 * What was imported and not yet moved when a worker was killed is known by its
 * digest and read no second time.
 */
#ifndef MUD_RUN_COLLECT_FOLDER_H
#define MUD_RUN_COLLECT_FOLDER_H

#include "run/collect.h"

/* As mud_collect_round. MUD_EMISSING when the folder cannot be opened. */
MUD_MUST bool mud_collect_folder(struct mud_report *report,
                                 struct mud_worker *worker,
                                 const struct mud_source *source,
                                 const struct mud_crawl_options *options,
                                 struct mud_error *err);

#endif
