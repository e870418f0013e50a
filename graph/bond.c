#include "graph/bond.h"

#include <stdlib.h>

struct mud_actor_bond *mud_bond_of(struct mud_bonds *bonds, uint32_t a,
                                   int kind, uint32_t b)
{
    struct mud_actor_set *set = bonds->set;
    struct mud_actor_bond *bond = NULL;
    char key[33];
    bool known = false;
    size_t at = 0;

    /* One bond of a kind for a pair, whoever says it first. */
    memcpy(key, set->nodes.at[a < b ? a : b].node.id.b, 16);
    memcpy(key + 16, set->nodes.at[a < b ? b : a].node.id.b, 16);
    key[32] = (char)kind;
    at = mud_id_set_put(bonds->index,
                        mud_id_of("bond", mud_str_of(key, sizeof(key))),
                        set->bonds.n,
                        &known);
    if (known)
        return &set->bonds.at[at];
    bond = MUD_ADD(&set->bonds);
    bond->a = a;
    bond->b = b;
    bond->kind = kind;
    return bond;
}

void mud_bond_sign(struct mud_actor_bond *bond, const char *what, uint32_t n,
                   double bits, struct mud_str a, struct mud_str b)
{
    if (bond->n_reasons == MUD_REASONS_MAX)
        return;
    bond->reasons[bond->n_reasons++] =
        (struct mud_actor_reason){what, (int64_t)n, bits, a, b};
    bond->bits += bits;
}

static void prove(struct mud_actor_bond *bond, struct mud_actor_proof proof)
{
    for (size_t i = 0; i < bond->n_proofs; i++)
        if (bond->proofs[i].node == proof.node &&
            mud_id_eq(bond->proofs[i].content, proof.content) &&
            mud_str_eq(bond->proofs[i].name, proof.name) &&
            bond->proofs[i].shows == proof.shows)
            return;
    if (bond->n_proofs < MUD_PROOFS_MAX)
        bond->proofs[bond->n_proofs++] = proof;
}

void mud_bond_text(struct mud_actor_bond *bond, const struct mud_actor_set *set,
                   uint32_t advert)
{
    prove(bond,
          (struct mud_actor_proof){.node = set->adverts.at[advert].seller,
                                   .content = set->adverts.at[advert].content,
                                   .shows = MUD_NOBODY});
}

void mud_bond_name(struct mud_actor_bond *bond, const struct mud_actor_set *set,
                   uint32_t node, struct mud_str name)
{
    prove(bond,
          (struct mud_actor_proof){
              .node = node,
              .name = name.n ? name : set->nodes.at[node].node.shown,
              .shows = MUD_NOBODY});
}

void mud_bond_contact(struct mud_actor_bond *bond, uint32_t node,
                      uint32_t contact)
{
    if (node != MUD_NOBODY)
        prove(bond, (struct mud_actor_proof){.node = node, .shows = contact});
}

static int by_seller(const void *x, const void *y)
{
    const struct mud_bond_words *a = x, *b = y;

    if (a->seller != b->seller)
        return a->seller < b->seller ? -1 : 1;
    /* Adverts are in the order of their words. */
    return a->advert < b->advert ? -1 : a->advert > b->advert;
}

static int by_first(const void *x, const void *y)
{
    const struct mud_bond_words *a = x, *b = y;

    return a->seller < b->seller ? -1 : a->seller > b->seller;
}

/* Rows of adverts first..end have the same words. One row a seller: his first
 * advert, which is the earliest only within equal contacts. */
static void one_text(struct mud_bonds *bonds, size_t first, size_t end)
{
    const struct mud_actor_advert *adverts = bonds->set->adverts.at;
    size_t before = bonds->words.n, kept = before;

    for (size_t i = first; i < end; i++)
        *MUD_ADD(&bonds->words) = (struct mud_bond_words){
            .seller = adverts[i].seller, .advert = (uint32_t)i};
    if (!bonds->words.at)
        return;
    qsort(bonds->words.at + before,
          bonds->words.n - before,
          sizeof(*bonds->words.at),
          by_first);
    for (size_t i = before; i < bonds->words.n; i++) {
        struct mud_bond_words *row = &bonds->words.at[i];
        struct mud_bond_words *last =
            kept > before ? &bonds->words.at[kept - 1] : NULL;

        if (!last || last->seller != row->seller)
            bonds->words.at[kept++] = *row;
        else if (adverts[row->advert].at < adverts[last->advert].at ||
                 (adverts[row->advert].at == adverts[last->advert].at &&
                  row->advert < last->advert))
            last->advert = row->advert;
    }
    bonds->words.n = kept;
    for (size_t i = before; i < kept; i++)
        bonds->words.at[i].sellers = (uint32_t)(kept - before);
}

void mud_bond_words_find(struct mud_bonds *bonds)
{
    const struct mud_actor_set *set = bonds->set;

    for (size_t i = 0, end = 0; i < set->adverts.n; i = end) {
        for (end = i;
             end < set->adverts.n &&
             mud_id_eq(set->adverts.at[end].words, set->adverts.at[i].words);
             end++)
            ;
        one_text(bonds, i, end);
    }
    if (bonds->words.n)
        qsort(bonds->words.at,
              bonds->words.n,
              sizeof(*bonds->words.at),
              by_seller);
}

static size_t first_of(const struct mud_bonds *bonds, uint32_t seller)
{
    size_t low = 0, high = bonds->words.n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (bonds->words.at[middle].seller < seller)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t mud_bond_words_common(const struct mud_bonds *bonds, uint32_t a,
                               uint32_t b, uint32_t *advert_a,
                               uint32_t *advert_b)
{
    const struct mud_bond_words *rows = bonds->words.at;
    const struct mud_actor_advert *adverts = bonds->set->adverts.at;
    size_t i = first_of(bonds, a), j = first_of(bonds, b);
    uint32_t least = 0;

    while (i < bonds->words.n && j < bonds->words.n && rows[i].seller == a &&
           rows[j].seller == b) {
        int by = memcmp(adverts[rows[i].advert].words.b,
                        adverts[rows[j].advert].words.b,
                        sizeof(adverts->words.b));

        if (by == 0 && (!least || rows[i].sellers < least)) {
            least = rows[i].sellers;
            *advert_a = rows[i].advert;
            *advert_b = rows[j].advert;
        }
        i += by <= 0;
        j += by >= 0;
    }
    return least;
}

bool mud_bond_find(struct mud_actor_set *set, struct mud_pg *pg,
                   struct mud_error *err)
{
    struct mud_bonds bonds = {.set = set, .pg = pg, .index = mud_id_set_new()};
    bool done = false;

    mud_bond_words_find(&bonds);
    mud_bond_ids(&bonds);
    done = mud_bond_names(&bonds, err);
    if (done)
        mud_bond_alike(&bonds);
    mud_id_set_free(bonds.index);
    free(bonds.words.at);
    return done;
}
