/* What the facets of a query name, as it is in the graph today. */
#include "graph/search_query.h"

#include "graph/pages.h"
#include "graph/why.h"

#include <stdlib.h>

static bool resolve_sources(struct mud_facet *facet, struct mud_pg *pg,
                            struct mud_arena *arena, struct mud_error *err)
{
    struct mud_rows *rows = NULL;
    bool good = mud_sources_load(&rows, pg, err);

    if (!facet->n_sources)
        facet->sources =
            mud_arena_array(arena, facet->n, sizeof(*facet->sources));
    for (size_t i = 0; good && i < facet->n; i++) {
        size_t row = 0;

        while (row < mud_rows_count(rows) &&
               !mud_str_eq(mud_rows_get(rows, row, 1), facet->values[i]))
            row++;
        if (row == mud_rows_count(rows))
            good = mud_fail(err,
                            MUD_EUSAGE,
                            "query: column %zu: there is no source %.*s "
                            "(mudlark source list)",
                            facet->column,
                            (int)(facet->values[i].n < 80 ? facet->values[i].n
                                                          : 80),
                            facet->values[i].s);
        else
            facet->sources[facet->n_sources++] =
                (int32_t)mud_rows_int(rows, row, 0);
    }
    mud_rows_free(rows);
    return good;
}

/* Nodes that value means; none is no failure. */
static bool nodes_of(struct mud_id **ids, size_t *n, struct mud_pg *pg,
                     struct mud_str value, struct mud_error *err)
{
    struct mud_error why = {0};

    *ids = NULL;
    *n = 0;
    if (mud_node_find(ids, n, pg, value, &why))
        return true;
    free(*ids);
    *ids = NULL;
    *n = 0;
    return why.code == MUD_EMISSING || mud_fail(err, why.code, "%s", why.text);
}

static void add_id(struct mud_facet *facet, size_t *cap, struct mud_id id,
                   struct mud_arena *arena)
{
    facet->ids = mud_arena_grow(
        arena, facet->ids, cap, facet->n_ids, sizeof(*facet->ids));
    facet->ids[facet->n_ids++] = id;
}

static bool resolve_seller(struct mud_facet *facet, struct mud_pg *pg,
                           struct mud_arena *arena, struct mud_error *err)
{
    size_t cap = 0;

    for (size_t i = 0; i < facet->n; i++) {
        struct mud_id *ids = NULL;
        size_t n = 0;

        if (!nodes_of(&ids, &n, pg, facet->values[i], err))
            return false;
        for (size_t j = 0; j < n; j++)
            add_id(facet, &cap, ids[j], arena);
        free(ids);
    }
    return true;
}

/* Personas into ids, contacts into holds. */
static bool take_members(struct mud_facet *facet, struct mud_pg *pg,
                         const struct mud_rows *members,
                         struct mud_arena *arena, struct mud_error *err)
{
    struct mud_id *ids = mud_column_ids(members, 0);
    struct mud_rows *rows = NULL;
    size_t cap_ids = facet->n_ids, cap = facet->n_holds;
    bool good = mud_query_ids(&rows,
                              pg,
                              "search_nodes",
                              (struct mud_ids){ids, mud_rows_count(members)},
                              NULL,
                              err);

    for (size_t i = 0; good && i < mud_rows_count(rows); i++) {
        if (mud_rows_int(rows, i, 1) == MUD_NODE_PERSONA) {
            add_id(facet, &cap_ids, mud_rows_id(rows, i, 0), arena);
            continue;
        }
        facet->holds = mud_arena_grow(
            arena, facet->holds, &cap, facet->n_holds, sizeof(*facet->holds));
        facet->holds[facet->n_holds++] =
            mud_str_printf(arena,
                           "%.*s:%.*s",
                           MUD_FMT(mud_rows_get(rows, i, 2)),
                           MUD_FMT(mud_rows_get(rows, i, 3)));
    }
    mud_rows_free(rows);
    free(ids);
    return good;
}

static bool resolve_actor(struct mud_facet *facet, struct mud_pg *pg,
                          struct mud_arena *arena, struct mud_error *err)
{
    for (size_t i = 0; i < facet->n; i++) {
        struct mud_rows *actors = NULL, *members = NULL;
        struct mud_id *ids = NULL;
        char text[MUD_ID_TEXT];
        size_t n = 0;
        bool good =
            nodes_of(&ids, &n, pg, facet->values[i], err) &&
            mud_query_ids(
                &actors, pg, "seller_of", (struct mud_ids){ids, n}, NULL, err);

        for (size_t j = 0; good && j < mud_rows_count(actors); j++) {
            struct mud_id actor = mud_rows_id(actors, j, 1);
            struct mud_str arg = mud_str_z(mud_id_text(text, actor));

            if (j && mud_id_eq(actor, mud_rows_id(actors, j - 1, 1)))
                continue;
            good = mud_pg_query(
                       &members, pg, mud_sql("seller_members"), &arg, 1, err) &&
                   take_members(facet, pg, members, arena, err);
            mud_rows_free(members);
            members = NULL;
        }
        mud_rows_free(actors);
        free(ids);
        if (!good)
            return false;
    }
    return true;
}

bool mud_query_resolve(struct mud_query *query, struct mud_pg *pg,
                       struct mud_arena *arena, struct mud_error *err)
{
    for (size_t i = 0; i < query->n_facets; i++) {
        struct mud_facet *facet = &query->facets[i];

        if ((facet->field == MUD_F_SOURCE && facet->n &&
             !resolve_sources(facet, pg, arena, err)) ||
            (facet->field == MUD_F_SELLER &&
             !resolve_seller(facet, pg, arena, err)) ||
            (facet->field == MUD_F_ACTOR &&
             !resolve_actor(facet, pg, arena, err)))
            return false;
    }
    return true;
}
