#include "graph/actor_set.h"

#include <math.h>

uint32_t mud_actor_index(const struct mud_actor_set *set, struct mud_id id)
{
    size_t i = 0;

    return mud_id_set_get(set->index, id, &i) ? (uint32_t)i : MUD_NOBODY;
}

static bool take_node(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_node *node = NULL;
    bool known = false;
    struct mud_id id = mud_rows_id(one, 0, 0);

    if (set->nodes.n >= MUD_NOBODY - 1)
        return mud_fail(err, MUD_ELIMIT, "actors: more than 4 billion nodes");
    mud_id_set_put(set->index, id, set->nodes.n, &known);
    node = MUD_ADD(&set->nodes);
    node->node.id = id;
    node->node.kind = (int)mud_rows_int(one, 0, 1);
    node->node.type = mud_str_dup(mud_rows_get(one, 0, 2), set->arena);
    node->node.value = mud_str_dup(mud_rows_get(one, 0, 3), set->arena);
    node->node.shown = mud_str_dup(mud_rows_get(one, 0, 4), set->arena);
    node->parent = (uint32_t)set->nodes.n - 1;
    node->via = MUD_NOBODY;
    return true;
}

static bool is_owner(const struct mud_actor_node *node)
{
    return node->node.kind == MUD_NODE_PERSONA ||
           node->node.kind == MUD_NODE_GROUP;
}

static bool take_edge(const struct mud_rows *one, void *payload,
                      struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_edge *edge = NULL;
    uint32_t a = mud_actor_index(set, mud_rows_id(one, 0, 0));
    uint32_t b = mud_actor_index(set, mud_rows_id(one, 0, 2));

    (void)err;
    if (a == MUD_NOBODY || b == MUD_NOBODY)
        return true;
    edge = MUD_ADD(&set->edges);
    edge->owner = is_owner(&set->nodes.at[b]) ||
                          (!is_owner(&set->nodes.at[a]) &&
                           mud_contact_is_place(set->nodes.at[a].node.type))
                      ? b
                      : a;
    edge->other_end = edge->owner == a ? b : a;
    edge->kind = (int)mud_rows_int(one, 0, 1);
    edge->evidence = mud_rows_int(one, 0, 3);
    edge->market = mud_rows_bool(one, 0, 4);
    edge->other = mud_rows_bool(one, 0, 5);
    return true;
}

static bool take_place(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_place *place = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, 0, 0));
    uint32_t group = mud_actor_index(set, mud_rows_id(one, 0, 1));

    (void)err;
    if (owner == MUD_NOBODY || group == MUD_NOBODY)
        return true;
    place = MUD_ADD(&set->places);
    place->owner = owner;
    place->group = group;
    return true;
}

static bool take_posts(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_posts *posts = NULL;
    struct mud_actor_node *node = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, 0, 0));

    (void)err;
    if (owner == MUD_NOBODY)
        return true;
    posts = MUD_ADD(&set->posts);
    posts->owner = owner;
    posts->category = (int)mud_rows_int(one, 0, 1);
    posts->direction = (int)mud_rows_int(one, 0, 2);
    posts->posts = mud_rows_int(one, 0, 3);
    posts->first = mud_rows_time(one, 0, 4);
    posts->last = mud_rows_time(one, 0, 5);
    node = &set->nodes.at[owner];
    if (!node->first || posts->first < node->first)
        node->first = posts->first;
    if (posts->last > node->last)
        node->last = posts->last;
    return true;
}

static double number(const struct mud_rows *one, size_t column)
{
    return mud_rows_null(one, 0, column) ? (double)NAN
                                         : mud_rows_double(one, 0, column);
}

static bool take_price(const struct mud_rows *one, void *payload,
                       struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_price *price = NULL;
    uint32_t owner = mud_actor_index(set, mud_rows_id(one, 0, 0));

    (void)err;
    if (owner == MUD_NOBODY)
        return true;
    price = MUD_ADD(&set->prices);
    price->owner = owner;
    price->product = mud_str_dup(mud_rows_get(one, 0, 1), set->arena);
    price->direction = (int)mud_rows_int(one, 0, 2);
    price->currency = mud_str_dup(mud_rows_get(one, 0, 3), set->arena);
    price->per = mud_str_dup(mud_rows_get(one, 0, 4), set->arena);
    price->per_qty = number(one, 5);
    price->min = number(one, 6);
    price->max = number(one, 7);
    price->posts = mud_rows_int(one, 0, 8);
    return true;
}

static bool take_advert(const struct mud_rows *one, void *payload,
                        struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_advert *advert = NULL;
    uint32_t seller = mud_actor_index(set, mud_rows_id(one, 0, 2));

    (void)err;
    if (seller == MUD_NOBODY)
        return true;
    advert = MUD_ADD(&set->adverts);
    advert->words = mud_rows_id(one, 0, 0);
    advert->content = mud_rows_id(one, 0, 1);
    advert->seller = seller;
    advert->origin = MUD_NOBODY;
    advert->at = mud_rows_time(one, 0, 3);
    advert->contacts = mud_str_dup(mud_rows_get(one, 0, 4), set->arena);
    return true;
}

static bool take_verdict(const struct mud_rows *one, void *payload,
                         struct mud_error *err)
{
    struct mud_actor_set *set = payload;
    struct mud_actor_apart pair = {mud_actor_index(set, mud_rows_id(one, 0, 0)),
                                   mud_actor_index(set,
                                                   mud_rows_id(one, 0, 1))};

    (void)err;
    if (pair.a == MUD_NOBODY || pair.b == MUD_NOBODY)
        return true;
    if (mud_str_eqz(mud_rows_get(one, 0, 2), "confirm"))
        *MUD_ADD(&set->confirmed) = pair;
    else
        *MUD_ADD(&set->apart) = pair;
    return true;
}

bool mud_actor_load(struct mud_actor_set *set, struct mud_pg *pg,
                    struct mud_error *err)
{
    return mud_pg_each(
               pg, mud_sql("seller_nodes"), NULL, 0, take_node, set, err) &&
           mud_pg_each(
               pg, mud_sql("seller_edges"), NULL, 0, take_edge, set, err) &&
           mud_pg_each(
               pg, mud_sql("seller_groups"), NULL, 0, take_place, set, err) &&
           mud_pg_each(
               pg, mud_sql("seller_posts"), NULL, 0, take_posts, set, err) &&
           mud_pg_each(
               pg, mud_sql("seller_prices"), NULL, 0, take_price, set, err) &&
           mud_pg_each(
               pg, mud_sql("bond_adverts"), NULL, 0, take_advert, set, err) &&
           mud_pg_each(
               pg, mud_sql("verdict_now"), NULL, 0, take_verdict, set, err);
}
