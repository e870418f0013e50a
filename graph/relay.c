/*
 * Who posts others' adverts: resellers, bots and boards that post for members.
 * An advert is copied when another had its words with the same contacts
 * before; a claim is copied when all it rests on is. A second account of a
 * seller copies, too. What tells them apart:
 * - he who posts one seller's adverts alone, and nothing of his own, is held to
 *   be that seller (whoever answers at the contact sells for him);
 * - he whose own adverts have the same words, is, too;
 * - he who copies adverts of several, or beside adverts of his own in other
 *   words, passes them on: the claims that he copied hold nobody.
 */
#include "graph/actor_set.h"
#include "graph/idlist.h"

#include <stdlib.h>

static bool same(const struct mud_actor_advert *a,
                 const struct mud_actor_advert *b)
{
    return mud_id_eq(a->words, b->words) &&
           mud_str_eq(a->contacts, b->contacts);
}

/* Rows are in the order of words, contacts, time. */
static void find_origins(struct mud_actor_set *set)
{
    struct mud_actor_advert *adverts = set->adverts.at;
    size_t first = 0;

    for (size_t i = 0; i < set->adverts.n; i++) {
        if (!same(&adverts[i], &adverts[first]))
            first = i;
        if (adverts[i].seller != adverts[first].seller &&
            (adverts[i].contacts.n ||
             mud_id_eq(adverts[i].content, adverts[first].content)))
            adverts[i].origin = adverts[first].seller;
    }
}

struct text_of { /* (seller, content): is it copied? */
    uint32_t seller;
    struct mud_id content;
};

static int by_text(const void *x, const void *y)
{
    const struct text_of *a = x, *b = y;

    if (a->seller != b->seller)
        return a->seller < b->seller ? -1 : 1;
    return memcmp(a->content.b, b->content.b, sizeof(a->content.b));
}

struct finding {
    struct mud_actor_set *set;
    MUD_ROWS(text_of) texts;
};

static bool take(const struct mud_rows *one, void *payload,
                 struct mud_error *err)
{
    struct finding *finding = payload;
    struct mud_actor_set *set = finding->set;
    uint32_t ends[] = {mud_actor_index(set, mud_rows_id(one, 0, 0)),
                       mud_actor_index(set, mud_rows_id(one, 0, 2))};

    (void)err;
    for (size_t i = 0; i < 2; i++) {
        struct text_of text = {ends[i], mud_rows_id(one, 0, 3)};
        struct mud_actor_edge *edge = mud_hold_find(
            set, ends[i], ends[1 - i], (int)mud_rows_int(one, 0, 1));

        if (edge && edge->copied &&
            !bsearch(&text,
                     finding->texts.at,
                     finding->texts.n,
                     sizeof(text),
                     by_text))
            edge->copied = false;
    }
    return true;
}

/* All claims of those who copied are taken for copies, until a text of their
 * own shows one. smaller, larger: ends of these claims, lists of ids. */
static void suspect(struct finding *finding, struct mud_buf *smaller,
                    struct mud_buf *larger)
{
    struct mud_actor_set *set = finding->set;
    MUD_ROWS(mud_id) low = {0}, high = {0};

    for (size_t i = 0; i < finding->texts.n; i++) {
        uint32_t seller = finding->texts.at[i].seller;
        size_t n = 0;
        struct mud_actor_edge *edge = mud_hold_of(set, seller, &n);

        if (i && finding->texts.at[i - 1].seller == seller)
            continue;
        for (size_t j = 0; j < n; j++) {
            uint32_t other = edge[j].other_end;

            if (!mud_claim_strong(edge[j].kind))
                continue;
            edge[j].copied = true;
            *MUD_ADD(&low) =
                set->nodes.at[seller < other ? seller : other].node.id;
            *MUD_ADD(&high) =
                set->nodes.at[seller < other ? other : seller].node.id;
        }
    }
    mud_idlist(smaller, low.at, low.n);
    mud_idlist(larger, high.at, high.n);
    free(low.at);
    free(high.at);
}

bool mud_relay_find(struct mud_actor_set *set, struct mud_pg *pg,
                    struct mud_error *err)
{
    struct finding finding = {.set = set};
    struct mud_buf lists[2] = {{0}, {0}};
    struct mud_str args[2];
    bool done = true;

    find_origins(set);
    for (size_t i = 0; i < set->adverts.n; i++)
        if (set->adverts.at[i].origin != MUD_NOBODY)
            *MUD_ADD(&finding.texts) = (struct text_of){
                set->adverts.at[i].seller, set->adverts.at[i].content};
    if (finding.texts.n) {
        qsort(finding.texts.at,
              finding.texts.n,
              sizeof(*finding.texts.at),
              by_text);
        suspect(&finding, &lists[0], &lists[1]);
        args[0] = mud_buf_view(&lists[0]);
        args[1] = mud_buf_view(&lists[1]);
        done = mud_pg_each(
            pg, mud_sql("bond_proofs"), args, 2, take, &finding, err);
    }
    mud_buf_free(&lists[0]);
    mud_buf_free(&lists[1]);
    free(finding.texts.at);
    return done;
}

/* ---- when the other claims have made their sets ---- */

/* His own adverts, if any, that are no copies, have these words, too. */
static bool own_words(const struct mud_actor_set *set, const uint32_t *of,
                      size_t n, struct mud_id words)
{
    for (size_t i = 0; i < n; i++) {
        const struct mud_actor_advert *advert = &set->adverts.at[of[i]];

        if (advert->origin == MUD_NOBODY && mud_id_eq(advert->words, words))
            return true;
    }
    return false;
}

struct shop { /* one who copied: his adverts and claims */
    const uint32_t *adverts;
    size_t n_adverts;
    struct mud_actor_edge *edges;
    size_t n_edges;
};

static bool in_advert(const struct mud_actor_set *set,
                      const struct mud_actor_advert *advert,
                      const struct mud_actor_edge *edge)
{
    const struct mud_node *node = &set->nodes.at[edge->other_end].node;
    struct mud_str rest = advert->contacts, line;

    while (mud_str_line(&rest, &line))
        if (line.n == node->type.n + 1 + node->value.n &&
            mud_str_starts(line, node->type) && mud_str_ends(line, node->value))
            return true;
    return false;
}

/* The claim is copied, but the words are his. */
static bool his_own(const struct mud_actor_set *set, const struct shop *shop,
                    const struct mud_actor_edge *edge)
{
    for (size_t i = 0; i < shop->n_adverts; i++) {
        const struct mud_actor_advert *advert =
            &set->adverts.at[shop->adverts[i]];

        if (advert->origin != MUD_NOBODY && in_advert(set, advert, edge) &&
            own_words(set, shop->adverts, shop->n_adverts, advert->words))
            return true;
    }
    return false;
}

static void judge(struct mud_actor_set *set, const struct shop *shop)
{
    uint32_t own = MUD_NOBODY, other = MUD_NOBODY;
    bool several = false;

    for (size_t i = 0; i < shop->n_edges; i++)
        if (!shop->edges[i].why && !shop->edges[i].copied)
            own = mud_actor_root(set, shop->edges[i].owner);
    for (size_t i = 0; i < shop->n_edges; i++) {
        uint32_t root = mud_actor_root(set, shop->edges[i].other_end);

        if (shop->edges[i].why || !shop->edges[i].copied || root == own)
            continue;
        several = several || (other != MUD_NOBODY && other != root);
        other = root;
    }
    if (!several && (own == MUD_NOBODY || other == MUD_NOBODY))
        return;
    for (size_t i = 0; i < shop->n_edges; i++)
        if (!shop->edges[i].why && shop->edges[i].copied &&
            mud_actor_root(set, shop->edges[i].other_end) != own &&
            !his_own(set, shop, &shop->edges[i]))
            shop->edges[i].why = "in others' adverts, passed on";
}

struct by_seller {
    uint32_t seller, advert;
};

static int by_seller(const void *x, const void *y)
{
    const struct by_seller *a = x, *b = y;

    if (a->seller != b->seller)
        return a->seller < b->seller ? -1 : 1;
    return a->advert < b->advert ? -1 : a->advert > b->advert;
}

void mud_relay_judge(struct mud_actor_set *set)
{
    size_t n = set->adverts.n;
    struct by_seller *rows = mud_calloc(n + 1, sizeof(*rows));
    uint32_t *adverts = mud_calloc(n + 1, sizeof(*adverts));

    for (uint32_t i = 0; i < n; i++)
        rows[i] = (struct by_seller){set->adverts.at[i].seller, i};
    if (n)
        qsort(rows, n, sizeof(*rows), by_seller);
    for (size_t i = 0; i < n; i++)
        adverts[i] = rows[i].advert;
    for (size_t i = 0, end = 0; i < n; i = end) {
        struct shop shop = {.adverts = adverts + i};
        bool copies = false;

        for (end = i; end < n && rows[end].seller == rows[i].seller; end++)
            copies |= set->adverts.at[rows[end].advert].origin != MUD_NOBODY;
        shop.n_adverts = end - i;
        shop.edges = mud_hold_of(set, rows[i].seller, &shop.n_edges);
        if (copies)
            judge(set, &shop);
    }
    free(rows);
    free(adverts);
}
