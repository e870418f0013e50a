#include "graph/actor_set.h"

#include <math.h>

uint32_t mud_actor_index(const struct mud_actor_set *set, struct mud_id id)
{
    size_t i = 0;

    return mud_id_set_get(set->index, id, &i) ? (uint32_t)i : MUD_NOBODY;
}

static void take_node(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_node *node = NULL;
    bool known = false;
    struct mud_id id = mud_rows_id(one, row, 0);

    if (set->nodes.n >= MUD_NOBODY - 1)
        return; /* said when all were read */
    mud_id_set_put(set->index, id, set->nodes.n, &known);
    node = MUD_ADD(&set->nodes);
    node->node.id = id;
    node->node.kind = (int)mud_rows_int(one, row, 1);
    node->node.type = mud_str_dup(mud_rows_get(one, row, 2), set->arena);
    node->node.value = mud_str_dup(mud_rows_get(one, row, 3), set->arena);
    node->node.shown = mud_str_dup(mud_rows_get(one, row, 4), set->arena);
    node->parent = (uint32_t)set->nodes.n - 1;
    node->via = MUD_NOBODY;
}

static bool is_owner(const struct mud_actor_node *node)
{
    return node->node.kind == MUD_NODE_PERSONA ||
           node->node.kind == MUD_NODE_GROUP;
}

static void take_edge(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_edge *edge = NULL;
    uint32_t a = mud_actor_index(set, mud_rows_id(one, row, 0));
    uint32_t b = mud_actor_index(set, mud_rows_id(one, row, 2));

    if (a == MUD_NOBODY || b == MUD_NOBODY)
        return;
    edge = MUD_ADD(&set->edges);
    edge->owner = is_owner(&set->nodes.at[b]) ||
                          (!is_owner(&set->nodes.at[a]) &&
                           mud_contact_is_place(set->nodes.at[a].node.type))
                      ? b
                      : a;
    edge->other_end = edge->owner == a ? b : a;
    edge->kind = (int)mud_rows_int(one, row, 1);
    edge->evidence = mud_rows_int(one, row, 3);
    edge->market = mud_rows_bool(one, row, 4);
    edge->other = mud_rows_bool(one, row, 5);
}

static void take_place(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_place *place = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, row, 0));
    uint32_t group = mud_actor_index(set, mud_rows_id(one, row, 1));

    if (owner == MUD_NOBODY || group == MUD_NOBODY)
        return;
    place = MUD_ADD(&set->places);
    place->owner = owner;
    place->group = group;
}

static void take_posts(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_posts *posts = NULL;
    struct mud_actor_node *node = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, row, 0));

    if (owner == MUD_NOBODY)
        return;
    posts = MUD_ADD(&set->posts);
    posts->owner = owner;
    posts->category = (int)mud_rows_int(one, row, 1);
    posts->direction = (int)mud_rows_int(one, row, 2);
    posts->posts = mud_rows_int(one, row, 3);
    posts->first = mud_rows_time(one, row, 4);
    posts->last = mud_rows_time(one, row, 5);
    node = &set->nodes.at[owner];
    if (!node->first || posts->first < node->first)
        node->first = posts->first;
    if (posts->last > node->last)
        node->last = posts->last;
}

static double number(const struct mud_rows *one, size_t row, size_t column)
{
    return mud_rows_null(one, row, column) ? (double)NAN
                                           : mud_rows_double(one, row, column);
}

static void take_price(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_price *price = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, row, 0));

    if (owner == MUD_NOBODY)
        return;
    price = MUD_ADD(&set->prices);
    price->owner = owner;
    price->product = mud_str_dup(mud_rows_get(one, row, 1), set->arena);
    price->direction = (int)mud_rows_int(one, row, 2);
    price->currency = mud_str_dup(mud_rows_get(one, row, 3), set->arena);
    price->per = mud_str_dup(mud_rows_get(one, row, 4), set->arena);
    price->per_qty = number(one, row, 5);
    price->min = number(one, row, 6);
    price->max = number(one, row, 7);
    price->posts = mud_rows_int(one, row, 8);
}

static void take_advert(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_advert *advert = NULL;
    uint32_t seller = mud_actor_index(set, mud_rows_id(one, row, 2));

    if (seller == MUD_NOBODY)
        return;
    advert = MUD_ADD(&set->adverts);
    advert->words = mud_rows_id(one, row, 0);
    advert->content = mud_rows_id(one, row, 1);
    advert->seller = seller;
    advert->origin = MUD_NOBODY;
    advert->at = mud_rows_time(one, row, 3);
    advert->contacts = mud_str_dup(mud_rows_get(one, row, 4), set->arena);
}

static void take_verdict(const struct mud_rows *one, size_t row, void *payload)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_apart pair = {
        mud_actor_index(set, mud_rows_id(one, row, 0)),
        mud_actor_index(set, mud_rows_id(one, row, 1))};

    if (pair.a == MUD_NOBODY || pair.b == MUD_NOBODY)
        return;
    if (mud_str_eqz(mud_rows_get(one, row, 2), "confirm"))
        *MUD_ADD(&set->confirmed) = pair;
    else
        *MUD_ADD(&set->apart) = pair;
}

#define FETCH "FETCH 20000 FROM mud_actor_rows"

/* A row at a time costs more than the row. */
bool mud_actor_each(struct mud_pg *pg, const char *query, mud_actor_take *take,
                    void *payload, struct mud_error *err)
{
    struct mud_buf sql = {0};
    size_t n = 1;
    bool done = false;

    /* All of it will be read. */
    mud_buf_printf(&sql,
                   "SET LOCAL cursor_tuple_fraction = 1; DECLARE "
                   "mud_actor_rows NO SCROLL CURSOR FOR %s",
                   mud_sql(query));
    done = mud_pg_exec(pg, mud_buf_cstr(&sql), err);
    mud_buf_free(&sql);
    while (done && n) {
        struct mud_rows *rows = NULL;

        done = mud_pg_query(&rows, pg, FETCH, NULL, 0, err);
        n = mud_rows_count(rows);
        for (size_t i = 0; i < n; i++)
            take(rows, i, payload);
        mud_rows_free(rows);
    }
    return done && mud_pg_exec(pg, "CLOSE mud_actor_rows", err);
}

bool mud_actor_load(struct mud_actor_set *set, struct mud_pg *pg,
                    struct mud_error *err)
{
    static const struct {
        const char *query;
        mud_actor_take *take;
    } parts[] = {{"seller_nodes", take_node},
                 {"seller_edges", take_edge},
                 {"seller_groups", take_place},
                 {"seller_posts", take_posts},
                 {"seller_prices", take_price},
                 {"bond_adverts", take_advert},
                 {"verdict_now", take_verdict}};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!mud_actor_each(pg, parts[i].query, parts[i].take, set, err))
            return false;
    return set->nodes.n < MUD_NOBODY - 1 ||
           mud_fail(err, MUD_ELIMIT, "actors: more than 4 billion nodes");
}
