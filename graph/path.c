#include "graph/path.h"

#include "graph/batch.h"
#include "graph/idlist.h"

#include <stdlib.h>

#define FRONTIER_MAX 10000    /* ids in one statement */
#define CLAIMS_MAX   "200000" /* rows of one hop */
#define CLAIMS_LIMIT 200000
#define WAYS_MAX     8    /* by which one node was reached in one hop */
#define STRENGTH_MAX 2000 /* claims of the shortest chains that are compared */

struct way {     /* a claim that leads to a node */
    size_t from; /* index in the list */
    int kind;
    int64_t evidence;
};

struct seen { /* a node, and over what it was reached */
    struct mud_id id;
    size_t depth;
    struct way ways[WAYS_MAX];
    size_t n_ways;
    bool goal, used;  /* used: it is on one of the shortest chains */
    int64_t strength; /* evidence of the weakest claim on the best way here */
    size_t best;      /* which way */
};

struct search {
    struct mud_path *path;
    MUD_ROWS(seen) seen;
    struct mud_id_set *index; /* of seen */
    struct mud_id_set *goal;
    size_t met; /* a goal that was reached; MUD_NPOS */
    size_t rows;
};

static void reach(struct search *search, struct mud_id id, size_t from,
                  int kind, size_t depth)
{
    struct seen *seen = NULL;
    size_t at = 0, goal = 0;
    bool known = false;

    at = mud_id_set_put(search->index, id, search->seen.n, &known);
    if (!known) {
        seen = MUD_ADD(&search->seen);
        seen->id = id;
        seen->depth = depth;
        seen->goal = depth && mud_id_set_get(search->goal, id, &goal);
        if (seen->goal && search->met == MUD_NPOS)
            search->met = at;
    }
    seen = &search->seen.at[at];
    if (depth && seen->depth == depth && seen->n_ways < WAYS_MAX)
        seen->ways[seen->n_ways++] = (struct way){from, kind, 1};
}

static bool take(const struct mud_rows *one, void *payload,
                 struct mud_error *err)
{
    struct search *search = payload;
    size_t from = 0;

    (void)err;
    search->rows++;
    if (mud_id_set_get(search->index, mud_rows_id(one, 0, 0), &from))
        reach(search,
              mud_rows_id(one, 0, 2),
              from,
              (int)mud_rows_int(one, 0, 1),
              search->seen.at[from].depth + 1);
    return true;
}

/* All that is one claim from the nodes first..end of the list. */
static bool hop(struct search *search, struct mud_pg *pg, size_t first,
                size_t end, struct mud_error *err)
{
    struct mud_id *ids = NULL;
    struct mud_buf list = {0};
    struct mud_str args[3] = {{0},
                              search->path->holding ? MUD_STR("t")
                                                    : MUD_STR("f"),
                              MUD_STR(CLAIMS_MAX)};
    bool done = false;

    if (end - first > FRONTIER_MAX) {
        search->path->cut = true;
        end = first + FRONTIER_MAX;
    }
    ids = mud_calloc(end - first + 1, sizeof(*ids));
    for (size_t i = first; i < end; i++)
        ids[i - first] = search->seen.at[i].id;
    mud_idlist(&list, ids, end - first);
    args[0] = mud_buf_view(&list);
    search->rows = 0;
    done = mud_pg_each(pg, mud_sql("why_hop"), args, 3, take, search, err);
    if (search->rows >= CLAIMS_LIMIT)
        search->path->cut = true;
    done = done &&
           mud_pg_each(pg, mud_sql("verdict_hop"), args, 1, take, search, err);
    mud_buf_free(&list);
    free(ids);
    return done;
}

/* ---- the strongest of the shortest ---- */

/* Marks what is on a shortest chain; how many claims. */
static size_t mark(struct search *search)
{
    struct seen *seen = search->seen.at;
    size_t depth = seen[search->met].depth, claims = 0;

    for (size_t i = search->seen.n; i-- > 0;) {
        if (seen[i].depth == depth && seen[i].goal)
            seen[i].used = true;
        for (size_t j = 0; seen[i].used && j < seen[i].n_ways; j++) {
            seen[seen[i].ways[j].from].used = true;
            claims++;
        }
    }
    return claims;
}

static bool count(const struct mud_rows *one, void *payload,
                  struct mud_error *err)
{
    struct search *search = payload;
    size_t ends[2] = {0};

    (void)err;
    if (!mud_id_set_get(search->index, mud_rows_id(one, 0, 0), &ends[0]) ||
        !mud_id_set_get(search->index, mud_rows_id(one, 0, 2), &ends[1]))
        return true;
    for (size_t i = 0; i < 2; i++) {
        struct seen *to = &search->seen.at[ends[i]];

        for (size_t j = 0; j < to->n_ways; j++)
            if (to->ways[j].from == ends[1 - i] &&
                to->ways[j].kind == mud_rows_int(one, 0, 1))
                to->ways[j].evidence = mud_rows_int(one, 0, 3);
    }
    return true;
}

static bool count_evidence(struct search *search, struct mud_pg *pg,
                           struct mud_error *err)
{
    MUD_ROWS(mud_id) ids = {0};
    struct mud_buf list = {0};
    struct mud_str args[2];
    bool done = false;

    for (size_t i = 0; i < search->seen.n; i++)
        if (search->seen.at[i].used)
            *MUD_ADD(&ids) = search->seen.at[i].id;
    mud_idlist(&list, ids.at, ids.n);
    args[0] = args[1] = mud_buf_view(&list);
    done =
        mud_pg_each(pg, mud_sql("claim_counts"), args, 2, count, search, err);
    mud_buf_free(&list);
    free(ids.at);
    return done;
}

/* A chain is as strong as its weakest claim. A verdict outweighs any. */
static void weigh(struct search *search)
{
    struct seen *seen = search->seen.at;

    for (size_t i = 0; i < search->seen.n; i++) {
        if (!seen[i].depth)
            seen[i].strength = INT64_MAX;
        for (size_t j = 0; seen[i].used && j < seen[i].n_ways; j++) {
            const struct way *way = &seen[i].ways[j];
            int64_t here =
                way->kind == MUD_CLAIM_CONFIRMED ? INT64_MAX : way->evidence;
            int64_t least = seen[way->from].strength < here
                                ? seen[way->from].strength
                                : here;

            if (least > seen[i].strength) {
                seen[i].strength = least;
                seen[i].best = j;
            }
        }
        if (seen[i].used && seen[i].goal &&
            seen[i].depth == seen[search->met].depth &&
            seen[i].strength > seen[search->met].strength)
            search->met = i;
    }
}

static void trace(const struct search *search)
{
    struct mud_path *path = search->path;
    size_t at = search->met;

    path->n = search->seen.at[at].depth;
    for (size_t i = path->n; i > 0; i--) {
        const struct seen *seen = &search->seen.at[at];
        const struct way *way = &seen->ways[seen->best];

        path->hops[i - 1] = (struct mud_hop){
            search->seen.at[way->from].id, seen->id, way->kind};
        at = way->from;
    }
}

bool mud_path_find(struct mud_path *path, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct search search = {.path = path,
                            .index = mud_id_set_new(),
                            .goal = mud_id_set_new(),
                            .met = MUD_NPOS};
    bool done = true, known = false;
    size_t first = 0;

    path->n = 0;
    for (size_t i = 0; i < path->n_to; i++)
        mud_id_set_put(search.goal, path->to[i], 0, &known);
    for (size_t i = 0; i < path->n_from; i++)
        reach(&search, path->from[i], MUD_NPOS, 0, 0);
    for (size_t i = 0; done && i < MUD_WHY_HOPS && search.met == MUD_NPOS;
         i++) {
        size_t end = search.seen.n;

        if (first == end)
            break;
        done = hop(&search, pg, first, end, err);
        first = end;
    }
    if (done && search.met != MUD_NPOS) {
        if (mark(&search) <= STRENGTH_MAX)
            done = count_evidence(&search, pg, err);
        weigh(&search);
        trace(&search);
    }
    free(search.seen.at);
    mud_id_set_free(search.index);
    mud_id_set_free(search.goal);
    return done;
}
