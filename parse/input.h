/*
 * What `mudlark parse` takes, short of WARC files (which the evidence folder
 * reads): an HTML file, a capture folder with index.jsonl, a chat export
 * (parse/chat.h), or a folder with such exports (Telegram Desktop's, Slack's,
 * any others). Pages go through a parse worker. What comes out are records, a
 * line each (parse/record.h); what cannot be read gives notes.
 */
#ifndef MUD_PARSE_INPUT_H
#define MUD_PARSE_INPUT_H

#include "parse/parse.h"

struct mud_parse_options {
    struct mud_str url;    /* of a single page; may be empty */
    struct mud_str engine; /* forced, or empty */
    struct mud_str zone;   /* of the site, or empty */
};

struct mud_parse_sink {
    /* A record with its "\n". False, with err set, ends the work. */
    bool (*line)(struct mud_str line, void *payload, struct mud_error *err);
    void *payload;
    uint64_t pages, posts, notes; /* counted along the way */
};

enum mud_input {
    MUD_INPUT_PAGE,
    MUD_INPUT_CAPTURES, /* folder with index.jsonl */
    MUD_INPUT_CHAT,
    MUD_INPUT_WARC, /* for others to read */
    MUD_INPUT_OTHER
};

/* What path is, by name and first bytes. MUD_EMISSING, MUD_EIO. */
MUD_MUST bool mud_input_of(enum mud_input *out, const char *path,
                           struct mud_error *err);

/*
 * All records of path. MUD_EUSAGE for what is not ours to read (WARC) or
 * nobody's; MUD_EMISSING and MUD_EIO when path itself cannot be read.
 */
MUD_MUST bool mud_parse_path(const char *path,
                             const struct mud_parse_options *options,
                             struct mud_parser *parser,
                             struct mud_parse_sink *sink,
                             struct mud_error *err);

/* One entry of a capture folder. Texts live in the arena. */
struct mud_capture_entry {
    struct mud_str url;  /* where the page stood in the end */
    struct mud_str file; /* name in the folder, without "/" */
    struct mud_str content_type;
    struct mud_str headers; /* file of the response head, or empty */
    int status;
    int64_t fetched_at; /* us */
};

/* A line of index.jsonl. MUD_EINPUT tells what is wrong with it. */
MUD_MUST bool mud_capture_entry_read(struct mud_capture_entry *out,
                                     struct mud_str line,
                                     struct mud_arena *arena,
                                     struct mud_error *err);

#endif
