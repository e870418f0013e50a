/* The record of one actor (graph/actor.h) and its score. */
#include "base/json.h"
#include "base/time.h"
#include "graph/actor_set.h"

#include <math.h>

#define SHOW_MAX 200 /* members of one list in a record */

struct sums {
    int64_t posts, first, last;
    int64_t category[MUD_CATEGORIES], direction[4];
    size_t personas, contacts, payees, groups, categories;
};

static const struct mud_actor_node *node_of(const struct mud_seller_rows *rows,
                                            uint32_t i)
{
    return &rows->set->nodes.at[i];
}

static void add_up(struct sums *sums, const struct mud_seller_rows *rows)
{
    *sums = (struct sums){0};
    for (size_t i = 0; i < rows->n_posts; i++) {
        const struct mud_actor_posts *row = &rows->posts[i];

        sums->posts += row->posts;
        if (row->category >= 0 && row->category < MUD_CATEGORIES)
            sums->category[row->category] += row->posts;
        if (row->direction >= 0 && row->direction < 4)
            sums->direction[row->direction] += row->posts;
        if (!sums->first || (row->first && row->first < sums->first))
            sums->first = row->first;
        if (row->last > sums->last)
            sums->last = row->last;
    }
    for (size_t i = 0; i < MUD_CATEGORIES; i++)
        sums->categories += sums->category[i] > 0;
    for (size_t i = 0; i < rows->n_members; i++) {
        int kind = node_of(rows, rows->members[i].node)->node.kind;

        sums->personas += kind == MUD_NODE_PERSONA;
        sums->contacts += kind == MUD_NODE_CONTACT;
        sums->payees += kind == MUD_NODE_WALLET || kind == MUD_NODE_PAYEE;
    }
    for (size_t i = 0; i < rows->n_places; i++)
        sums->groups +=
            i == 0 || rows->places[i].group != rows->places[i - 1].group;
}

static int bits(int64_t n) /* how often n can be halved */
{
    int out = 0;

    for (; n > 1; n /= 2)
        out++;
    return out;
}

static int least(int64_t a, int most)
{
    return a < most ? (int)a : most;
}

static int reason(struct mud_json *json, const char *what, int64_t n,
                  int points)
{
    if (!points)
        return 0;
    mud_json_object(json);
    mud_json_kz(json, "what", what);
    mud_json_kint(json, "n", n);
    mud_json_kint(json, "points", points);
    mud_json_object_end(json);
    return points;
}

/* 0..100: how much there is to follow up. Each part is said with its points. */
static int score(struct mud_json *json, const struct sums *sums)
{
    int64_t days = (sums->last - sums->first) / (86400 * MUD_SECOND);
    int total = 0;

    mud_json_key(json, "reasons");
    mud_json_array(json);
    if (sums->posts)
        total += reason(json,
                        "offers",
                        sums->posts,
                        least(8 + 6 * (int64_t)bits(sums->posts), 40));
    total += reason(json,
                    "categories",
                    (int64_t)sums->categories,
                    least(4 * (int64_t)sums->categories, 12));
    total += reason(json,
                    "contacts",
                    (int64_t)sums->contacts,
                    least(4 * (int64_t)sums->contacts, 16));
    total += reason(json,
                    "payees",
                    (int64_t)sums->payees,
                    least(5 * (int64_t)sums->payees, 10));
    if (sums->groups > 1)
        total += reason(json,
                        "groups",
                        (int64_t)sums->groups,
                        least(4 * (int64_t)sums->groups, 12));
    if (days > 0)
        total +=
            reason(json, "days", days, least(1 + 2 * (int64_t)bits(days), 10));
    mud_json_array_end(json);
    return total;
}

static void names(struct mud_json *json, const struct mud_seller_rows *rows)
{
    size_t shown = 0;

    mud_json_key(json, "names");
    mud_json_array(json);
    for (size_t i = 0; i < rows->n_members && shown < SHOW_MAX; i++) {
        const struct mud_node *node =
            &node_of(rows, rows->members[i].node)->node;
        bool again = false;

        if (node->kind != MUD_NODE_PERSONA && node->kind != MUD_NODE_GROUP)
            continue;
        for (size_t j = 0; j < i && !again; j++)
            again = mud_str_eq(node_of(rows, rows->members[j].node)->node.shown,
                               node->shown);
        if (again)
            continue;
        mud_json_str(json, node->shown);
        shown++;
    }
    mud_json_array_end(json);
}

static void personas(struct mud_json *json, const struct mud_seller_rows *rows)
{
    size_t shown = 0;

    mud_json_key(json, "personas");
    mud_json_array(json);
    for (size_t i = 0; i < rows->n_members && shown < SHOW_MAX; i++) {
        const struct mud_node *node =
            &node_of(rows, rows->members[i].node)->node;

        if (node->kind != MUD_NODE_PERSONA && node->kind != MUD_NODE_GROUP)
            continue;
        mud_json_object(json);
        mud_json_kid(json, "id", node->id);
        mud_json_kz(json, "kind", mud_node_kind_name(node->kind));
        mud_json_kstr(json, "site", node->type);
        mud_json_kstr(json, "account", node->value);
        mud_json_kstr(json, "name", node->shown);
        mud_json_object_end(json);
        shown++;
    }
    mud_json_array_end(json);
}

static void contact(struct mud_json *json, const struct mud_node *node,
                    int64_t evidence, const char *why)
{
    mud_json_object(json);
    mud_json_kid(json, "id", node->id);
    mud_json_kz(json, "kind", mud_node_kind_name(node->kind));
    mud_json_kstr(json, "type", node->type);
    mud_json_kstr(json, "value", node->value);
    mud_json_kint(json, "evidence", evidence);
    mud_json_kbool(json, "holds", !why);
    if (why)
        mud_json_kz(json, "why", why);
    mud_json_object_end(json);
}

/* No claim before number j that holds nobody names the same contact. */
static bool first_of(const struct mud_seller_rows *rows, size_t j)
{
    for (size_t i = 0; i < j; i++)
        if (rows->edges[i].why &&
            rows->edges[i].other_end == rows->edges[j].other_end)
            return false;
    return true;
}

static int64_t loose_evidence(const struct mud_seller_rows *rows, uint32_t node)
{
    int64_t evidence = 0;

    for (size_t i = 0; i < rows->n_edges; i++)
        if (rows->edges[i].why && rows->edges[i].other_end == node)
            evidence += rows->edges[i].evidence;
    return evidence;
}

/* Contacts of the set, then those its members advertise that hold nobody. */
static void contacts(struct mud_json *json, const struct mud_seller_rows *rows)
{
    size_t shown = 0;

    mud_json_key(json, "contacts");
    mud_json_array(json);
    for (size_t i = 0; i < rows->n_members && shown < SHOW_MAX; i++) {
        const struct mud_node *node =
            &node_of(rows, rows->members[i].node)->node;
        int64_t evidence = 0;

        if (node->kind == MUD_NODE_PERSONA || node->kind == MUD_NODE_GROUP)
            continue;
        for (size_t j = 0; j < rows->n_edges; j++)
            if (rows->edges[j].other_end == rows->members[i].node ||
                rows->edges[j].owner == rows->members[i].node)
                evidence += rows->edges[j].evidence;
        contact(json, node, evidence, NULL);
        shown++;
    }
    for (size_t j = 0; j < rows->n_edges && shown < SHOW_MAX; j++) {
        const struct mud_actor_edge *edge = &rows->edges[j];

        if (!edge->why || !first_of(rows, j))
            continue;
        contact(json,
                &node_of(rows, edge->other_end)->node,
                loose_evidence(rows, edge->other_end),
                edge->why);
        shown++;
    }
    mud_json_array_end(json);
}

static void groups(struct mud_json *json, const struct mud_seller_rows *rows)
{
    size_t shown = 0;

    mud_json_key(json, "groups");
    mud_json_array(json);
    for (size_t i = 0; i < rows->n_places && shown < SHOW_MAX; i++) {
        const struct mud_node *node =
            &node_of(rows, rows->places[i].group)->node;

        if (i && rows->places[i].group == rows->places[i - 1].group)
            continue;
        mud_json_object(json);
        mud_json_kid(json, "id", node->id);
        mud_json_kstr(json, "name", node->shown);
        mud_json_object_end(json);
        shown++;
    }
    mud_json_array_end(json);
}

static void counts(struct mud_json *json, const struct sums *sums)
{
    mud_json_kint(json, "offers", sums->posts);
    mud_json_key(json, "categories");
    mud_json_object(json);
    for (int i = 0; i < MUD_CATEGORIES; i++)
        if (sums->category[i])
            mud_json_kint(json,
                          mud_category_name((enum mud_category)i),
                          sums->category[i]);
    mud_json_object_end(json);
    mud_json_key(json, "directions");
    mud_json_object(json);
    for (int i = 0; i < 4; i++)
        if (sums->direction[i])
            mud_json_kint(json,
                          mud_direction_name((enum mud_direction)i),
                          sums->direction[i]);
    mud_json_object_end(json);
}

static void amount(struct mud_json *json, const char *key, double value)
{
    if (isnan(value))
        mud_json_knull(json, key);
    else
        mud_json_kdouble(json, key, value);
}

static bool same_price(const struct mud_actor_price *a,
                       const struct mud_actor_price *b)
{
    return mud_str_eq(a->currency, b->currency) && mud_str_eq(a->per, b->per) &&
           ((isnan(a->per_qty) && isnan(b->per_qty)) ||
            fabs(a->per_qty - b->per_qty) < 1e-9);
}

/* Rows i.. of one product: price ranges over all owners. Returns the end. */
static size_t prices(struct mud_json *json, const struct mud_seller_rows *rows,
                     size_t i)
{
    const struct mud_actor_price *first = &rows->prices[i];

    mud_json_key(json, "prices");
    mud_json_array(json);
    while (i < rows->n_prices &&
           mud_str_eq(rows->prices[i].product, first->product) &&
           rows->prices[i].direction == first->direction) {
        struct mud_actor_price sum = rows->prices[i++];

        while (i < rows->n_prices &&
               mud_str_eq(rows->prices[i].product, first->product) &&
               rows->prices[i].direction == first->direction &&
               same_price(&sum, &rows->prices[i])) {
            sum.min = fmin(sum.min, rows->prices[i].min);
            sum.max = fmax(sum.max, rows->prices[i].max);
            sum.posts += rows->prices[i++].posts;
        }
        if (!sum.currency.n)
            continue; /* offers without a price */
        mud_json_object(json);
        mud_json_kstr(json, "currency", sum.currency);
        mud_json_kstr(json, "per", sum.per);
        amount(json, "per_qty", sum.per_qty);
        amount(json, "min", sum.min);
        amount(json, "max", sum.max);
        mud_json_kint(json, "posts", sum.posts);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
    return i;
}

static void products(struct mud_json *json, const struct mud_seller_rows *rows)
{
    size_t i = 0, shown = 0;

    mud_json_key(json, "products");
    mud_json_array(json);
    while (i < rows->n_prices && shown++ < SHOW_MAX) {
        mud_json_object(json);
        mud_json_kstr(json, "product", rows->prices[i].product);
        mud_json_kz(
            json,
            "direction",
            mud_direction_name((enum mud_direction)rows->prices[i].direction));
        i = prices(json, rows, i);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

void mud_seller_write(struct mud_buf *buf, int *points,
                      const struct mud_seller_rows *rows)
{
    struct mud_json json = {.buf = buf};
    struct sums sums;

    mud_buf_clear(buf);
    add_up(&sums, rows);
    mud_json_object(&json);
    mud_json_kz(&json, "type", "seller");
    mud_json_kint(&json, "schema", 1);
    mud_json_kid(&json, "id", rows->id);
    *points = score(&json, &sums);
    mud_json_kint(&json, "score", *points);
    names(&json, rows);
    personas(&json, rows);
    contacts(&json, rows);
    groups(&json, rows);
    counts(&json, &sums);
    products(&json, rows);
    mud_json_ktime(&json, "first_seen", sums.first);
    mud_json_ktime(&json, "last_seen", sums.last);
    mud_json_object_end(&json);
}
