/*
 * One sealed capture taken through parse and nlp into the graph. Whatever is
 * passed over is counted in the report and noted with the capture.
 */
#ifndef MUD_RUN_STEP_H
#define MUD_RUN_STEP_H

#include "run/report.h"
#include "run/source.h"
#include "run/worker.h"

#define MUD_PAGE_MAX ((size_t)64 << 20) /* decoded bytes of a page */

/*
 * Decode, parse and ingest one page that was just sealed. *parsed (in arena)
 * is what it held; of an answer in JSON that is messages of a chat (Matrix, Bot
 * API) only its kind, and they are covered then. Whether the page was shown to
 * a member is in parsed->account.
 */
MUD_MUST bool mud_step_page(struct mud_parsed *parsed,
                            struct mud_worker *worker,
                            const struct mud_source *source,
                            const struct mud_capture *capture,
                            const struct mud_exchange *exchange,
                            struct mud_report *report, struct mud_arena *arena,
                            struct mud_error *err);

/* The same, and what the page says of an account, as a log-in asks it. */
struct mud_step_asks {
    enum mud_page_asks asks;
    struct mud_str rules;
};

MUD_MUST bool mud_step_asking(
    struct mud_parsed *parsed, const struct mud_step_asks *asks,
    struct mud_worker *worker, const struct mud_source *source,
    const struct mud_capture *capture, const struct mud_exchange *exchange,
    struct mud_report *report, struct mud_arena *arena, struct mud_error *err);

/*
 * The same from the vault, whatever the capture is: a page, a saved page, a
 * chat export (as a stream), or a file that no parser knows, which is a skip
 * and no error. A page or export that cannot be read back (digest!) is an
 * error. Redirects hold nothing
 * and are passed over; images are read with the posts that show them.
 */
MUD_MUST bool mud_step_capture(struct mud_worker *worker,
                               const struct mud_source *source,
                               const struct mud_capture *capture,
                               struct mud_report *report,
                               struct mud_error *err);

/* A page that only led to the next one (it set a cookie and loaded itself again)
 * holds nothing: noted, and read no more. */
MUD_MUST bool mud_step_hop(struct mud_worker *worker,
                           const struct mud_capture *capture,
                           struct mud_error *err);

/* The same as mud_step_capture; each is called with a page that was read. */
typedef bool mud_step_each(void *payload, const struct mud_capture *capture,
                           const struct mud_parsed *parsed,
                           struct mud_error *err);

MUD_MUST bool mud_step_capture_seen(struct mud_worker *worker,
                                    const struct mud_source *source,
                                    const struct mud_capture *capture,
                                    struct mud_report *report,
                                    mud_step_each *each, void *payload,
                                    struct mud_error *err);

/* Is it a page without content that says that there is nothing? By its status, or by
 * its title where the site answers 200 all the same. */
bool mud_step_not_there(const struct mud_parsed *parsed, int status);

#endif
