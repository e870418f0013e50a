/*
 * A second witness: the address of a capture is captured once more, by another
 * machine that has the same vault and database or by another way (proxy), and
 * both records are held side by side. Pages carry parts that differ each time
 * (clocks, session ids, adverts): where the bytes are not the same, the posts
 * that are read from both say whether what matters is.
 */
#ifndef MUD_RUN_WITNESS_H
#define MUD_RUN_WITNESS_H

#include "evidence/facts.h"
#include "run/worker.h"

enum mud_witnessed {
    MUD_SAME_BYTES, /* of the payload */
    MUD_SAME_POSTS, /* other bytes, but the same posts, word for word */
    MUD_OTHER_POSTS,
    MUD_NO_POSTS /* other bytes, and no posts in one of them to tell by */
};

const char *mud_witnessed_name(
    enum mud_witnessed witnessed); /* same_bytes... */

#define MUD_WITNESS_FIELDS 20
#define MUD_WITNESS_POSTS  20 /* that differ and are shown; all are counted */

struct mud_witness_field {
    const char *name;
    struct mud_str first, second;
    bool same;
    bool expected; /* to be the same, when the same thing was captured */
};

struct mud_witness_post {
    struct mud_str key, author, first, second; /* body; s NULL: not there */
};

struct mud_witness {
    struct mud_facts first, second;
    bool independent; /* another machine, another proxy or another address */
    struct mud_witness_field fields[MUD_WITNESS_FIELDS];
    size_t n_fields;
    enum mud_witnessed verdict;
    size_t both, changed, only_first, only_second; /* posts */
    struct mud_witness_post posts[MUD_WITNESS_POSTS];
    size_t n_posts;
};

/*
 * Capture the address of a page again and note that it is a witness: *second. By
 * proxy when that is not empty, else as the source says. What came is sealed
 * like all else, redirects included, and read in the next round. Fails as
 * mud_fetch_one; MUD_EUSAGE: the capture is no page that was fetched;
 * MUD_EDENIED: its source may not be fetched now.
 */
MUD_MUST bool mud_witness_take(struct mud_id *second, struct mud_worker *worker,
                               struct mud_id first, struct mud_str proxy,
                               struct mud_arena *arena, struct mud_error *err);

/* Note that second, which is there already, is a witness of first. MUD_EUSAGE:
 * of another address, or the same one. */
MUD_MUST bool mud_witness_note(struct mud_worker *worker, struct mud_id first,
                               struct mud_id second, struct mud_arena *arena,
                               struct mud_error *err);

/* Hold both records side by side. */
MUD_MUST bool mud_witness_compare(struct mud_witness *out,
                                  struct mud_worker *worker,
                                  struct mud_id first, struct mud_id second,
                                  struct mud_arena *arena,
                                  struct mud_error *err);

#endif
