#include "graph/sold.h"

#include "graph/search_walk.h"

#include <stdlib.h>

#define NAMES    5
#define EXAMPLES 3

struct seller {
    struct mud_id key, node; /* key: the actor, else the node */
    bool actor;
    struct mud_str names[NAMES];
    struct mud_id examples[EXAMPLES];
    size_t n_names, n_examples;
    int64_t posts, texts, first, last, text; /* text: number of the last one */
};

struct offer { /* a post that was found */
    struct mud_id post, node;
    struct mud_str name;
    int64_t at, text;
};

struct gathering {
    struct mud_arena *arena;
    MUD_ROWS(offer) offers;
    MUD_ROWS(seller) sellers;
    int64_t texts;
};

static bool take(struct mud_search_walk *walk, const struct mud_match *match,
                 struct mud_error *err)
{
    struct gathering *g = walk->payload;

    (void)err;
    g->texts++;
    for (size_t i = 0; i < match->n; i++) {
        const struct mud_seen *seen = match->posts[i];
        struct offer *offer = NULL;

        if (mud_id_zero(seen->seller))
            continue;
        offer = MUD_ADD(&g->offers);
        *offer = (struct offer){.post = seen->post,
                                .node = seen->seller,
                                .name = mud_str_dup(seen->name, g->arena),
                                .at = seen->at,
                                .text = g->texts};
    }
    return true;
}

static void add_offer(struct seller *seller, const struct offer *offer)
{
    size_t i = 0;

    seller->posts++;
    seller->texts += seller->text != offer->text;
    seller->text = offer->text;
    if (!seller->first || offer->at < seller->first)
        seller->first = offer->at;
    if (!seller->last || offer->at > seller->last)
        seller->last = offer->at;
    if (seller->n_examples < EXAMPLES)
        seller->examples[seller->n_examples++] = offer->post;
    while (i < seller->n_names && !mud_str_eq(seller->names[i], offer->name))
        i++;
    if (i == seller->n_names && i < NAMES && offer->name.n)
        seller->names[seller->n_names++] = offer->name;
}

/* A signature's post stands beside its text: a post counts once. */
static void put_together(struct gathering *g, const struct mud_keyed *actors)
{
    struct mud_id_set *set = mud_id_set_new(), *posts = mud_id_set_new();

    for (size_t i = 0; i < g->offers.n; i++) {
        const struct offer *offer = &g->offers.at[i];
        size_t row = mud_keyed_row(actors, offer->node);
        struct mud_id key =
            row == MUD_NPOS ? offer->node : mud_rows_id(actors->rows, row, 1);
        bool known = false;
        size_t at = 0;

        mud_id_set_put(posts, offer->post, 0, &known);
        if (known)
            continue;
        at = mud_id_set_put(set, key, g->sellers.n, &known);
        if (!known)
            *MUD_ADD(&g->sellers) = (struct seller){
                .key = key, .node = offer->node, .actor = row != MUD_NPOS};
        add_offer(&g->sellers.at[at], offer);
    }
    mud_id_set_free(set);
    mud_id_set_free(posts);
}

static int by_posts(const void *a, const void *b)
{
    const struct seller *x = a, *y = b;

    if (x->posts != y->posts)
        return x->posts > y->posts ? -1 : 1;
    return mud_id_cmp(x->key, y->key);
}

static bool give(const struct seller *seller, struct mud_str query,
                 mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct mud_buf buf = {0};
    struct mud_json json = {.buf = &buf};
    char id[MUD_ID_TEXT];
    bool go = false;

    mud_json_object(&json);
    mud_json_kz(&json, "type", "sold");
    mud_json_kint(&json, "schema", 1);
    mud_json_kz(
        &json, "actor", seller->actor ? mud_id_text(id, seller->key) : NULL);
    mud_json_kid(&json, "seller", seller->node);
    mud_json_kstrs(&json, "names", seller->names, seller->n_names);
    mud_json_kint(&json, "posts", seller->posts);
    mud_json_kint(&json, "texts", seller->texts);
    mud_json_ktime(&json, "first", seller->first);
    mud_json_ktime(&json, "last", seller->last);
    mud_json_key(&json, "examples");
    mud_json_array(&json);
    for (size_t i = 0; i < seller->n_examples; i++)
        mud_json_str(&json, mud_str_z(mud_id_text(id, seller->examples[i])));
    mud_json_array_end(&json);
    mud_json_kstr(&json, "query", query);
    mud_json_object_end(&json);
    go = record(mud_buf_view(&buf), payload, err);
    mud_buf_free(&buf);
    return go;
}

static bool give_all(struct gathering *g, const struct mud_search *search,
                     struct mud_pg *pg, mud_record_fn *record, void *payload,
                     struct mud_error *err)
{
    struct mud_id *nodes = mud_calloc(g->offers.n + 1, sizeof(*nodes));
    struct mud_keyed actors = {0};
    bool go = false;

    for (size_t i = 0; i < g->offers.n; i++)
        nodes[i] = g->offers.at[i].node;
    go = mud_keyed_run(
        &actors, pg, "seller_of", (struct mud_ids){nodes, g->offers.n}, err);
    if (go)
        put_together(g, &actors);
    if (g->sellers.n)
        qsort(g->sellers.at, g->sellers.n, sizeof(*g->sellers.at), by_posts);
    for (size_t i = 0;
         go && i < g->sellers.n && (!search->limit || i < search->limit);
         i++)
        go = give(&g->sellers.at[i], search->query, record, payload, err);
    mud_keyed_free(&actors);
    free(nodes);
    return go || !err || err->code == MUD_OK;
}

bool mud_sold(bool *complete, struct mud_pg *pg,
              const struct mud_reader *reader, const struct mud_search *search,
              mud_record_fn *record, void *payload, struct mud_error *err)
{
    struct gathering g = {.arena = mud_arena_new()};
    struct mud_search_walk *walk = mud_calloc(1, sizeof(*walk));
    bool good = false;

    walk->pg = pg;
    walk->reader = reader;
    walk->search = search;
    walk->hit = take;
    walk->payload = &g;
    good = mud_search_walk(walk, err) &&
           give_all(&g, search, pg, record, payload, err);
    if (complete)
        *complete = !walk->cut;
    free(g.offers.at);
    free(g.sellers.at);
    mud_arena_free(g.arena);
    mud_search_walk_free(walk);
    free(walk);
    return good;
}

struct mud_str mud_sold_query(struct mud_str what, const char *in,
                              struct mud_arena *arena)
{
    bool plain = mud_str_chr(what, ':') == MUD_NPOS &&
                 mud_str_chr(what, '"') == MUD_NPOS;
    struct mud_str query = plain
                               ? mud_str_printf(arena,
                                                "(product:\"%.*s\" OR (%.*s))",
                                                MUD_FMT(what),
                                                MUD_FMT(what))
                               : mud_str_printf(arena, "(%.*s)", MUD_FMT(what));

    return mud_str_printf(arena,
                          "%.*s side:sell is:offer%s%s",
                          MUD_FMT(query),
                          in ? " time:" : "",
                          in ? in : "");
}
