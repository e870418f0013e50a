/*
 * The watched folder: exports of chats, saved pages, WARC files that people or
 * other tools drop. An entry (a file, or a folder as one export) is taken once
 * nothing in it has changed for ten seconds, or at once when NAME.done stands
 * beside it; it is imported as `mudlark import` does and moved to done/, or to
 * refused/. NAME.reason.txt beside it says why it was refused, or what of it
 * could not be read, and what to do. Names that begin with "." or end like a
 * download under way are left alone; links are refused, never followed.
 *
 * An export that ends in the middle is read as far as it goes, and has ten
 * minutes to grow on (a copy that stalled) before it is moved: what grows is
 * read anew. Entries that grow or wait are counted in the report; nothing else
 * is said of them.
 *
 * What was imported and not yet moved when a worker was killed is known by its
 * digest and read no second time.
 */
#ifndef MUD_RUN_COLLECT_FOLDER_H
#define MUD_RUN_COLLECT_FOLDER_H

#include "run/collect.h"

struct mud_folder_pace {
    int64_t settled;  /* s without a change until an entry is read */
    int64_t patience; /* s until one that ends in the middle is moved */
};

/* As mud_collect_round. MUD_EMISSING when the folder cannot be opened. */
MUD_MUST bool mud_collect_folder(struct mud_report *report,
                                 struct mud_worker *worker,
                                 const struct mud_source *source,
                                 const struct mud_crawl_options *options,
                                 struct mud_error *err);
/* The same at another pace. */
MUD_MUST bool mud_folder_round(struct mud_report *report,
                               struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_crawl_options *options,
                               const struct mud_folder_pace *pace,
                               struct mud_error *err);

#endif
