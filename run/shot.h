/*
 * A picture of a captured page, drawn from the vault and nothing else: the page's
 * own bytes, and pictures, styles and fonts that were captured from the same source
 * (the capture next in time). It is a rendering of today, not what was on a screen
 * then, and says so: a strip above the page, drawn by another process than the page,
 * has "由存档渲染 / rendered from archive", the capture, its digest and time, the
 * browser, and what was left out.
 *
 * Victims' data is covered (run/shot_mask.h); pictures within the page are shown only
 * where their text was read and holds no victims' data. Such a picture is kept in
 * MUDLARK_HOME/shots and told by a row of mud.shot and a line of the ledger (op
 * "shot"). One that is not masked is given to the caller and not kept: row and line
 * hold its digest.
 */
#ifndef MUD_RUN_SHOT_H
#define MUD_RUN_SHOT_H

#include "run/browser.h"
#include "run/worker.h"

struct mud_shot_ask {
    struct mud_id capture;
    bool unmasked;         /* who calls has the second person's approval: */
    int64_t approval;      /* its number */
    struct mud_str reason; /* goes into the ledger; or empty */
};

struct mud_shot {
    struct mud_capture capture;
    struct mud_str png; /* in arena */
    uint8_t sha256[MUD_SHA256];
    struct mud_str path; /* relative to the home; empty: not kept */
    struct mud_str renderer, reader;
    int64_t at, ledger_seq;
    int width, height;   /* of the picture, its strip included */
    int64_t page_height; /* of the whole page */
    bool cut; /* the page is longer than what is drawn, or its bytes */
    bool masked, in_time, network_namespace, sandbox;
    size_t covered;                /* characters */
    int used, withheld, not_there; /* pictures, styles, fonts */
    const struct mud_id *captures; /* that they came from: used of them */
};

/* MUD_EUSAGE: the capture is no page; MUD_EMISSING: no such capture, or no Chromium
 * here; else as mud_browser_draw and mud_capture_exchange. */
MUD_MUST bool mud_shot_take(struct mud_shot *out, struct mud_worker *worker,
                            const struct mud_shot_ask *ask,
                            struct mud_arena *arena, struct mud_error *err);

/* Remove the pictures of captures that were purged: their files; rows and ledger
 * lines stay. *gone counts. Calling again goes on. MUD_EIO, MUD_EDB. */
MUD_MUST bool mud_shot_purge(int64_t *gone, struct mud_pg *pg, const char *home,
                             struct mud_error *err);

/* Inside run/shot*: what a page asks for, out of the vault (shot_find.c). */
struct mud_shot_search {
    struct mud_worker *worker;
    const struct mud_capture *page;
    struct mud_arena *arena;
    struct mud_shot *shot;
    struct mud_id *used;
    size_t cap;
    size_t bytes; /* read so far */
};

bool mud_shot_find(struct mud_browser_answer *out, struct mud_str url,
                   const char *kind, void *search);

/* shot_label.c: the strip and the picture below it, as one picture. */
MUD_MUST bool mud_shot_label(struct mud_browser_picture *out,
                             const struct mud_shot *shot,
                             struct mud_str page_png, int page_height,
                             const char *home, struct mud_arena *arena,
                             struct mud_error *err);

/* shot_keep.c: file, row and ledger line. */
MUD_MUST bool mud_shot_keep(struct mud_shot *shot, struct mud_worker *worker,
                            const struct mud_shot_ask *ask,
                            struct mud_arena *arena, struct mud_error *err);

#endif
