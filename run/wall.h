/*
 * What becomes of a source whose site puts up walls (parse/wall.h). One page
 * behind a captcha is passed over; when walls are all that comes, the round
 * ends: what a wait passes is tried again later by itself, later each time, and
 * everything else stops the source until a person did something. Its pages stay
 * queued. What stands is kept in mud.wall.
 */
#ifndef MUD_RUN_WALL_H
#define MUD_RUN_WALL_H

#include "parse/parse.h"
#include "run/report.h"
#include "run/source.h"

#define MUD_WALLS_HELD 3 /* so many in a row are no accident */

struct mud_walls {        /* of one round; zero at its beginning */
    struct mud_wall wall; /* that was met last; by is a constant */
    char made_by[40];
    char url[1024];
    struct mud_id capture;
    int64_t wait;    /* us, as the site asked or for the pace; 0 */
    unsigned streak; /* in a row, with no content in between */
    bool passed;     /* content came in this round */
};

enum mud_walls_turn {
    MUD_WALLS_NONE,  /* neither a wall nor content: an error, a notice */
    MUD_WALLS_PASS,  /* content: what was held back were single pages */
    MUD_WALLS_AGAIN, /* too fast: ask again after walls->wait */
    MUD_WALLS_HOLD,  /* hold the page back until more is known */
    MUD_WALLS_END    /* hold it back, and end the round */
};

/* An answer came, was sealed as capture and read. */
enum mud_walls_turn mud_walls_meet(struct mud_walls *walls,
                                   const struct mud_parsed *parsed,
                                   const struct mud_exchange *answer,
                                   struct mud_id capture);

/*
 * The round is over. stands: walls ended it; the source is stopped, or waits. If
 * not, and content came, what stood before is forgotten.
 */
MUD_MUST bool mud_walls_end(const struct mud_walls *walls, bool stands,
                            struct mud_pg *pg, const struct mud_source *source,
                            struct mud_report *report, struct mud_error *err);

/*
 * Our own limit `what` is reached ("day-bytes", "day-pages", "round-time"): the
 * source is left alone until then. A wall that stands comes first.
 */
MUD_MUST bool mud_wall_rest(struct mud_pg *pg, const struct mud_source *source,
                            const char *what, int64_t until,
                            struct mud_error *err);

struct mud_wall_state {
    struct mud_wall wall; /* kind NONE: nothing stands */
    bool limit;           /* but our own limit wall.by is reached */
    int64_t since, last, hits;
    struct mud_str url, capture; /* an example; capture may be empty */
    int64_t until;               /* us; 0: the source was stopped */
};

MUD_MUST bool mud_wall_get(struct mud_wall_state *out, struct mud_pg *pg,
                           const struct mud_source *source,
                           struct mud_arena *arena, struct mud_error *err);

#endif
