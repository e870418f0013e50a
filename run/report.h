/*
 * What a round or an import did, and what it did not and why. Silence is a
 * bug: whatever is passed over is counted under a reason, with one example.
 */
#ifndef MUD_RUN_REPORT_H
#define MUD_RUN_REPORT_H

#include "base/json.h"
#include "base/str.h"
#include "store/pg.h"

#define MUD_SKIPS_MAX 64

struct mud_skip {
    char reason[48];   /* a code of reason.h: "login-wall", ... */
    char example[200]; /* where it happened first: a URL, a file and byte */
    int64_t count;
};

struct mud_report {
    int64_t pages;    /* fetched, or handed in */
    int64_t captures; /* sealed now */
    int64_t known;    /* held already, not sealed again */
    int64_t bytes;    /* of payload sealed */
    int64_t posts;    /* read */
    int64_t newest; /* when the newest post read was written, us; 0: unknown */
    int64_t notes;
    int64_t left;    /* pages found that still wait to be fetched */
    int64_t growing; /* files that somebody still writes */
    int64_t again;   /* and when to look at them again, us; 0: none */
    struct mud_skip skips[MUD_SKIPS_MAX]; /* past the last: "other" */
    size_t n_skips;
};

/* One more post was read, written at posted (us; 0: unknown). Times that are to
 * come are a stranger's mistake and do not count. */
void mud_report_post(struct mud_report *report, int64_t posted);
/* One more was passed over for that reason. */
void mud_report_skip(struct mud_report *report, const char *reason,
                     struct mud_str example);
/* What was passed over is told otherwise. */
void mud_report_forget_skips(struct mud_report *report);
void mud_report_add(struct mud_report *sum, const struct mud_report *part);
/* Did nothing at all happen? */
bool mud_report_is_idle(const struct mud_report *report);
/* The record of the command line: {"type":"report","source",...}. */
void mud_report_json(struct mud_buf *out, const struct mud_report *report,
                     struct mud_str source);
/* The same for people, in the language of the session. */
void mud_report_text(struct mud_buf *out, const struct mud_report *report,
                     struct mud_str source);
/* Only what was passed over, a line a reason. */
void mud_report_skips_text(struct mud_buf *out,
                           const struct mud_report *report);

/*
 * What the pages of a source (0: of all) came to when they were fetched last:
 * skips by outcome, pages that were read. From the frontier.
 */
MUD_MUST bool mud_report_outcomes(struct mud_report *out, struct mud_pg *pg,
                                  int32_t source, struct mud_error *err);

#endif
