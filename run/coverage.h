/*
 * Which range of which place a capture covers (mud.coverage in
 * schema/0001_base.sql), so that "gone" can be told from "not read". Gaps are
 * what is stated, or up to the last floor known, less the ranges that are
 * whole.
 */
#ifndef MUD_RUN_COVERAGE_H
#define MUD_RUN_COVERAGE_H

#include "parse/chat.h"
#include "parse/parse.h"
#include "run/source.h"
#include "run/worker.h"

/*
 * A page. stated: how many posts the site says the thread has, -1 unknown.
 * as_it_stands: this is the plain view of the thread, so that a floor or id
 * that is missing between others is gone; of other views only the floors that
 * are there count. What was put for the capture before is replaced. What a
 * listing says of its threads is kept too (mud.stated).
 */
MUD_MUST bool mud_coverage_page(struct mud_worker *worker,
                                const struct mud_source *source,
                                const struct mud_capture *capture,
                                const struct mud_parsed *parsed, int64_t stated,
                                bool as_it_stands, struct mud_error *err);

/* Does the address ask for no order, filter or author of its own? */
bool mud_coverage_plain(struct mud_str url);

#define MUD_COVERAGE_GROUPS 256 /* of one export; past them none is claimed */
#define MUD_COVERAGE_HEARD  1024

struct mud_coverage_group {
    char place[128];
    int64_t from, to;     /* message ids, where they are numbers */
    int64_t messages;     /* that have such an id */
    int64_t since, until; /* us: times of the others */
    int64_t others;
};

/* A chat export, gathered message by message. */
struct mud_coverage_chat {
    struct mud_coverage_group groups[MUD_COVERAGE_GROUPS];
    size_t n_groups;

    struct mud_coverage_heard { /* a stretch that was listened to, us */
        size_t group;
        int64_t from, until;
    } heard[MUD_COVERAGE_HEARD];

    size_t n_heard;
    const char *note; /* why it is not whole, or NULL; a code that stays */
    char format[32];  /* of the export: what it can show */
    bool history;     /* what is not in the range was not there */
};

void mud_coverage_begin(struct mud_coverage_chat *chat,
                        const struct mud_chat_format *format);
void mud_coverage_message(struct mud_coverage_chat *chat,
                          const struct mud_post *post);
/* All that was said at place between these times (us) is in it. A group of
 * which that is known is covered so, not from its first message to its last. */
void mud_coverage_heard(struct mud_coverage_chat *chat, struct mud_str place,
                        int64_t from, int64_t until);
MUD_MUST bool mud_coverage_chat(struct mud_worker *worker,
                                const struct mud_source *source,
                                const struct mud_capture *capture,
                                const struct mud_coverage_chat *chat,
                                struct mud_error *err);

#endif
