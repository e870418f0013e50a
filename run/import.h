/*
 * Files handed over: sealed exactly as they are, with who supplied them, then
 * read the same way as what was fetched.
 */
#ifndef MUD_RUN_IMPORT_H
#define MUD_RUN_IMPORT_H

#include "run/step.h"

struct mud_import_options {
    struct mud_str supplier; /* who handed it over; may be empty */
    struct mud_str url;      /* of a page saved by hand; may be empty */
    void (*progress)(int64_t done, int64_t total, void *payload); /* or NULL */
    void *payload;
};

/*
 * path: a file (chat export, page, WARC, anything), or a folder. A folder with
 * index.jsonl is a capture folder: a page a line; an unpacked export of Slack is
 * sealed as one tar (parse/folder_pack.h); in any other folder every file below it
 * is taken, names that begin with "." left out. At most 100,000
 * files. A file held already is counted as known and read no second time,
 * unless it was never read whole.
 */
MUD_MUST bool mud_import(struct mud_report *report, struct mud_worker *worker,
                         const struct mud_source *source, const char *path,
                         const struct mud_import_options *options,
                         struct mud_error *err);

#endif
