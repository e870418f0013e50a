/*
 * Names: accounts behind nodes that are known by their name alone, and those
 * who say they were called so before.
 */
#include "graph/bond.h"

#include "base/time.h"

#include <math.h>
#include <stdlib.h>

#define GOES_ON \
    (INT64_C(7) * 86400 * MUD_SECOND) /* an old account may finish its deals */

#define ACCOUNTS_MAX 8

struct called { /* a node known by its name; an account that went by it */
    uint32_t named, account;
};

struct names {
    struct mud_bonds *bonds;
    struct mud_id_set *index; /* of nodes known by their name */
    MUD_ROWS(called) called;
};

static struct mud_id key_of(struct mud_str network, struct mud_str name)
{
    const struct mud_str parts[] = {network, name};

    return mud_id_of_parts("called", parts, 2);
}

static bool by_name_alone(const struct mud_node *node)
{
    return node->kind == MUD_NODE_PERSONA &&
           mud_str_starts(node->value, MUD_STR("name:"));
}

static struct mud_str name_of(const struct mud_node *node)
{
    return mud_str_sub(node->value, 5, node->value.n);
}

static bool take_called(const struct mud_rows *one, void *payload,
                        struct mud_error *err)
{
    struct names *names = payload;
    const struct mud_actor_set *set = names->bonds->set;
    uint32_t account = mud_actor_index(set, mud_rows_id(one, 0, 0));
    size_t named = 0;

    (void)err;
    if (account != MUD_NOBODY &&
        set->nodes.at[account].node.kind == MUD_NODE_PERSONA &&
        !by_name_alone(&set->nodes.at[account].node) &&
        mud_id_set_get(names->index,
                       key_of(set->nodes.at[account].node.type,
                              mud_rows_get(one, 0, 1)),
                       &named))
        *MUD_ADD(&names->called) = (struct called){(uint32_t)named, account};
    return true;
}

/* As an array of text: {"a","b"}. */
static void add_text(struct mud_buf *list, struct mud_str text)
{
    mud_buf_z(list, list->n > 1 ? ",\"" : "\"");
    for (size_t i = 0; i < text.n; i++) {
        if (text.s[i] == '"' || text.s[i] == '\\')
            mud_buf_c(list, '\\');
        mud_buf_c(list, text.s[i]);
    }
    mud_buf_c(list, '"');
}

static int by_called(const void *x, const void *y)
{
    const struct called *a = x, *b = y;

    if (a->named != b->named)
        return a->named < b->named ? -1 : 1;
    return a->account < b->account ? -1 : a->account > b->account;
}

/* Accounts that went by the name of a node that is known by it alone. */
static bool find_called(struct names *names, struct mud_error *err)
{
    struct mud_actor_set *set = names->bonds->set;
    struct mud_buf list = {0};
    struct mud_str arg = {0};
    bool known = false, done = true;

    mud_buf_c(&list, '{');
    for (uint32_t i = 0; i < set->nodes.n; i++) {
        const struct mud_node *node = &set->nodes.at[i].node;

        if (!by_name_alone(node))
            continue;
        mud_id_set_put(
            names->index, key_of(node->type, name_of(node)), i, &known);
        add_text(&list, name_of(node));
    }
    mud_buf_c(&list, '}');
    arg = mud_buf_view(&list);
    if (list.n > 2)
        done = mud_pg_each(names->bonds->pg,
                           mud_sql("bond_called"),
                           &arg,
                           1,
                           take_called,
                           names,
                           err);
    mud_buf_free(&list);
    if (names->called.n)
        qsort(names->called.at,
              names->called.n,
              sizeof(*names->called.at),
              by_called);
    return done;
}

static bool take_was(const struct mud_rows *one, void *payload,
                     struct mud_error *err)
{
    struct names *names = payload;
    struct mud_actor_set *set = names->bonds->set;
    uint32_t a = mud_actor_index(set, mud_rows_id(one, 0, 0));
    uint32_t b = mud_actor_index(set, mud_rows_id(one, 0, 1));
    struct mud_actor_told *row = NULL;

    (void)err;
    if (a == MUD_NOBODY || b == MUD_NOBODY)
        return true;
    row = MUD_ADD(&set->told);
    row->named = by_name_alone(&set->nodes.at[a].node) ? a : b;
    row->who = row->named == a ? b : a;
    row->content = mud_rows_id(one, 0, 2);
    row->since = mud_rows_time(one, 0, 3);
    return true;
}

struct copy_of { /* a text that a seller copied */
    uint32_t seller;
    struct mud_id content;
};

static int by_copy(const void *x, const void *y)
{
    const struct copy_of *a = x, *b = y;

    if (a->seller != b->seller)
        return a->seller < b->seller ? -1 : 1;
    return memcmp(a->content.b, b->content.b, sizeof(a->content.b));
}

/* Who posts another's advert does not say it of himself. */
static void find_copied(struct mud_actor_set *set)
{
    MUD_ROWS(copy_of) copies = {0};

    for (size_t i = 0; i < set->adverts.n; i++)
        if (set->adverts.at[i].origin != MUD_NOBODY)
            *MUD_ADD(&copies) = (struct copy_of){set->adverts.at[i].seller,
                                                 set->adverts.at[i].content};
    if (!copies.n)
        return;
    qsort(copies.at, copies.n, sizeof(*copies.at), by_copy);
    for (size_t i = 0; i < set->told.n; i++) {
        struct copy_of key = {set->told.at[i].who, set->told.at[i].content};

        set->told.at[i].copied =
            bsearch(&key, copies.at, copies.n, sizeof(key), by_copy) != NULL;
    }
    free(copies.at);
}

/* Of one who says it several times the first time that is his own counts. */
static int by_named(const void *x, const void *y)
{
    const struct mud_actor_told *a = x, *b = y;

    if (a->named != b->named)
        return a->named < b->named ? -1 : 1;
    if (a->who != b->who)
        return a->who < b->who ? -1 : 1;
    if (a->copied != b->copied)
        return a->copied ? 1 : -1;
    return a->since < b->since ? -1 : a->since > b->since;
}

static void sort_told(struct mud_actor_set *set)
{
    struct mud_actor_told *told = set->told.at;
    size_t kept = 0;

    if (!set->told.n)
        return;
    find_copied(set);
    qsort(told, set->told.n, sizeof(*told), by_named);
    for (size_t i = 0; i < set->told.n; i++)
        if (!kept || told[kept - 1].named != told[i].named ||
            told[kept - 1].who != told[i].who)
            told[kept++] = told[i];
    set->told.n = kept;
}

static void say_words(struct mud_bonds *bonds, struct mud_actor_bond *bond,
                      uint32_t a, uint32_t b)
{
    uint32_t first = 0, second = 0;
    uint32_t n = mud_bond_words_common(bonds, a, b, &first, &second);

    if (!n || n > MUD_BOND_SELLERS)
        return;
    mud_bond_sign(bond,
                  "the same advert",
                  n,
                  mud_bits_rare(MUD_BITS_WORDS, n),
                  MUD_STR(""),
                  MUD_STR(""));
    mud_bond_text(bond, bonds->set, first);
    mud_bond_text(bond, bonds->set, second);
}

/* What he and the account say together, who says he was it. others: how many
 * more say so; accounts: how many went by that name. */
static void weigh(struct mud_actor_bond *bond, struct mud_bonds *bonds,
                  const struct mud_actor_told *was, uint32_t account,
                  uint32_t others, uint32_t accounts)
{
    const struct mud_actor_node *new = &bonds->set->nodes.at[was->who];
    const struct mud_actor_node *old = &bonds->set->nodes.at[account];
    struct mud_str name = new->node.shown;

    mud_bond_sign(bond,
                  "says it was that name",
                  accounts,
                  MUD_BITS_WAS - 2 * log2((double)accounts),
                  name,
                  old->node.shown);
    if (others)
        mud_bond_sign(bond,
                      "others say so, too",
                      others,
                      MUD_BITS_CLAIMED,
                      name,
                      MUD_STR(""));
    if (old->last && new->first && old->last < new->first)
        mud_bond_sign(bond,
                      "the old account fell silent before",
                      0,
                      MUD_BITS_SILENT,
                      name,
                      old->node.shown);
    if (old->last > was->since + GOES_ON)
        mud_bond_sign(bond,
                      "the old account goes on selling",
                      0,
                      MUD_BITS_GOES_ON,
                      name,
                      old->node.shown);
    say_words(bonds, bond, was->who, account);
}

/* Who of those that say they were it has the best case; MUD_NOBODY: nobody
 * says so. */
static uint32_t best_claim(struct mud_actor_bond *best, struct names *names,
                           const struct mud_actor_told *was, size_t n,
                           uint32_t account, uint32_t accounts)
{
    uint32_t best_at = MUD_NOBODY, own = 0;

    for (uint32_t i = 0; i < n; i++)
        own += !was[i].copied && was[i].who != account;
    for (uint32_t i = 0; i < n; i++) {
        struct mud_actor_bond now = {0};

        if (was[i].who == account || was[i].copied)
            continue;
        weigh(&now, names->bonds, &was[i], account, own - 1, accounts);
        if (best_at == MUD_NOBODY || now.bits > best->bits) {
            *best = now;
            best_at = i;
        }
    }
    return best_at;
}

/* The origin of a forward is known by its name, too, and has its adverts. */
static void weigh_name(struct mud_actor_bond *bond, struct mud_bonds *bonds,
                       uint32_t named, uint32_t account, uint32_t accounts)
{
    mud_bond_sign(bond,
                  "the name",
                  accounts,
                  MUD_BITS_CALLED - 2 * log2((double)accounts),
                  MUD_STR(""),
                  bonds->set->nodes.at[account].node.shown);
    say_words(bonds, bond, named, account);
}

static void join(struct mud_bonds *bonds, struct mud_actor_bond *bond,
                 const struct mud_actor_bond *claim, struct mud_actor_told *was)
{
    struct mud_actor_set *set = bonds->set;

    bond->holds = (bond->bits >= MUD_BITS_HOLD ||
                   (was && claim->bits >= MUD_BITS_HOLD)) &&
                  mud_hold_unite(set, bond->a, bond->b, MUD_CLAIM_CALLED);
    if (bond->holds && was && claim->bits >= MUD_BITS_HOLD)
        was->holds = mud_hold_unite(set, was->who, bond->a, MUD_CLAIM_WAS);
}

/* Rows of was and called of one node. */
static void one_name(struct names *names, struct mud_actor_told *was,
                     size_t n_was, const struct called *called, size_t n_called)
{
    struct mud_bonds *bonds = names->bonds;
    struct mud_actor_bond claims[ACCOUNTS_MAX] = {0};
    uint32_t who[ACCOUNTS_MAX];
    size_t strong = 0;

    if (n_called > ACCOUNTS_MAX)
        return; /* everybody's name */
    for (size_t i = 0; i < n_called; i++) {
        who[i] = best_claim(&claims[i],
                            names,
                            was,
                            n_was,
                            called[i].account,
                            (uint32_t)n_called);
        strong += claims[i].bits >= MUD_BITS_HOLD;
    }
    for (size_t i = 0; i < n_called; i++) {
        uint32_t named = called[i].named, account = called[i].account;
        struct mud_actor_bond *bond =
            mud_bond_of(bonds, named, MUD_CLAIM_CALLED, account);

        if (bonds->set->nodes.at[named].first || who[i] == MUD_NOBODY)
            weigh_name(bond, bonds, named, account, (uint32_t)n_called);
        if (who[i] != MUD_NOBODY && claims[i].bits > bond->bits) {
            struct mud_actor_bond best = claims[i];

            best.a = named;
            best.b = account;
            best.kind = MUD_CLAIM_CALLED;
            *bond = best;
        }
        mud_bond_name(bond,
                      bonds->set,
                      account,
                      name_of(&bonds->set->nodes.at[named].node));
        if (strong <= 1)
            join(bonds,
                 bond,
                 &claims[i],
                 who[i] == MUD_NOBODY ? NULL : &was[who[i]]);
    }
}

static void all_names(struct names *names)
{
    struct mud_actor_set *set = names->bonds->set;
    size_t w = 0;

    for (size_t i = 0, end = 0; i < names->called.n; i = end) {
        uint32_t named = names->called.at[i].named;
        size_t first = 0;

        for (end = i;
             end < names->called.n && names->called.at[end].named == named;
             end++)
            ;
        while (w < set->told.n && set->told.at[w].named < named)
            w++;
        first = w;
        while (w < set->told.n && set->told.at[w].named == named)
            w++;
        one_name(names,
                 set->told.at ? set->told.at + first : NULL,
                 w - first,
                 names->called.at + i,
                 end - i);
    }
}

bool mud_bond_names(struct mud_bonds *bonds, struct mud_error *err)
{
    struct names names = {.bonds = bonds, .index = mud_id_set_new()};
    struct mud_actor_set *set = bonds->set;
    bool done =
        find_called(&names, err) &&
        mud_pg_each(
            bonds->pg, mud_sql("bond_was"), NULL, 0, take_was, &names, err);

    if (done) {
        sort_told(set);
        all_names(&names);
    }
    mud_id_set_free(names.index);
    free(names.called.at);
    return done;
}
