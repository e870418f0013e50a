#include "graph/path.h"

#include "graph/batch.h"
#include "graph/idlist.h"

#include <stdlib.h>

#define FRONTIER_MAX 10000    /* ids in one statement */
#define CLAIMS_MAX   "200000" /* rows of one hop */
#define CLAIMS_LIMIT 200000

struct seen { /* a node, and over what it was reached */
    struct mud_id id;
    size_t from; /* index in the list; MUD_NPOS: a beginning */
    int kind;
    size_t depth;
};

struct search {
    struct mud_path *path;
    MUD_ROWS(seen) seen;
    struct mud_id_set *index; /* of seen */
    struct mud_id_set *goal;
    size_t met; /* index of the goal reached first; MUD_NPOS */
    size_t rows;
};

static void reach(struct search *search, struct mud_id id, size_t from,
                  int kind, size_t depth)
{
    struct seen *seen = NULL;
    size_t goal = 0;
    bool known = false;

    mud_id_set_put(search->index, id, search->seen.n, &known);
    if (known)
        return;
    seen = MUD_ADD(&search->seen);
    *seen = (struct seen){id, from, kind, depth};
    if (search->met == MUD_NPOS && depth &&
        mud_id_set_get(search->goal, id, &goal))
        search->met = search->seen.n - 1;
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
    char kind[2] = {(char)('0' + search->path->most_kind), 0};
    struct mud_str args[3] = {{0}, mud_str_z(kind), MUD_STR(CLAIMS_MAX)};
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
    mud_buf_free(&list);
    free(ids);
    return done;
}

static void trace(const struct search *search)
{
    struct mud_path *path = search->path;
    size_t at = search->met;

    path->n = search->seen.at[at].depth;
    for (size_t i = path->n; i > 0; i--) {
        const struct seen *seen = &search->seen.at[at];

        path->hops[i - 1] = (struct mud_hop){
            search->seen.at[seen->from].id, seen->id, seen->kind};
        at = seen->from;
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
    if (done && search.met != MUD_NPOS)
        trace(&search);
    free(search.seen.at);
    mud_id_set_free(search.index);
    mud_id_set_free(search.goal);
    return done;
}
