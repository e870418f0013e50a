/*
 * One id on two networks. The mailbox of a QQ number is the number's own; a
 * rare name that is a handle here and an address there says a little.
 */
#include "graph/actor.h"
#include "graph/bond.h"

#include <stdlib.h>

#define HANDLE_LEAST 6 /* characters */
#define HANDLES_MAX  4 /* contacts of one name; past them it is common */

struct handle {
    struct mud_str id; /* in small letters */
    uint32_t node;
    bool number; /* a QQ number */
    uint32_t by; /* who shows it */
};

static int by_handle(const void *x, const void *y)
{
    const struct handle *a = x, *b = y;
    int by = mud_str_cmp(a->id, b->id);

    return by ? by : a->node < b->node ? -1 : a->node > b->node;
}

static bool digits(struct mud_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return s.n > 0;
}

/* A name that many an address has. */
static bool common(struct mud_str id)
{
    static const char *const names[] = {"support",
                                        "service",
                                        "contact",
                                        "seller",
                                        "market",
                                        "official",
                                        "wechat",
                                        "telegram",
                                        "manager",
                                        "kefu888",
                                        "admin888"};

    return mud_str_among(id, names, sizeof(names) / sizeof(names[0]));
}

static bool handle_of(struct handle *out, const struct mud_node *node,
                      struct mud_arena *arena)
{
    static const char *const handles[] = {
        "telegram", "wechat", "skype", "discord", "potato", "icq", "line"};
    static const char *const addresses[] = {"email", "jabber", "matrix"};
    static const char *const qq_mail[] = {
        "qq.com", "vip.qq.com", "foxmail.com"};
    struct mud_str value = node->value;
    size_t at = mud_str_chr(value, '@');

    if (node->kind != MUD_NODE_CONTACT)
        return false;
    if (mud_str_eqz(node->type, "qq")) {
        *out = (struct handle){.id = value, .number = true};
        return true;
    }
    if (mud_str_among(node->type, addresses, 3) && at != MUD_NPOS && at) {
        struct mud_str host = mud_str_sub(value, at + 1, value.n);

        value = mud_str_sub(value, 0, at);
        if (digits(value)) {
            out->id = value;
            out->number = true;
            return value.n >= 5 && mud_str_among(host, qq_mail, 3);
        }
    } else if (!mud_str_among(node->type, handles, 7)) {
        return false;
    }
    out->id = mud_str_lower(value, arena);
    out->number = false;
    return value.n >= HANDLE_LEAST && !digits(value) && !common(out->id);
}

static void one_id(struct mud_bonds *bonds, const struct handle *rows, size_t n)
{
    const struct mud_actor_set *set = bonds->set;

    if (n < 2 || n > HANDLES_MAX)
        return;
    for (size_t i = 1; i < n; i++) {
        struct mud_actor_bond *bond = NULL;

        if (mud_str_eq(set->nodes.at[rows[0].node].node.type,
                       set->nodes.at[rows[i].node].node.type) &&
            !rows[i].number)
            continue; /* two servers of one network */
        bond =
            mud_bond_of(bonds, rows[0].node, MUD_CLAIM_SAME_ID, rows[i].node);
        if (rows[i].number)
            mud_bond_sign(bond,
                          "a QQ number and its mailbox",
                          0,
                          MUD_BITS_SAME_ID,
                          rows[0].id,
                          rows[i].id);
        else
            mud_bond_sign(bond,
                          "one name on two networks",
                          (uint32_t)n,
                          mud_bits_rare(MUD_BITS_HANDLE, (uint32_t)n),
                          rows[0].id,
                          rows[i].id);
        mud_bond_contact(bond, rows[0].by, rows[0].node);
        mud_bond_contact(bond, rows[i].by, rows[i].node);
        bond->holds = bond->bits >= MUD_BITS_HOLD &&
                      set->nodes.at[bond->a].degree <= MUD_HUB_MAX &&
                      set->nodes.at[bond->b].degree <= MUD_HUB_MAX &&
                      mud_hold_unite(bonds->set, bond->a, bond->b, bond->kind);
    }
}

/* Who shows each node: the first of the claims that may hold. */
static uint32_t *shown_by(const struct mud_actor_set *set)
{
    uint32_t *by = mud_calloc(set->nodes.n + 1, sizeof(*by));

    for (size_t i = 0; i < set->nodes.n; i++)
        by[i] = MUD_NOBODY;
    for (size_t i = 0; i < set->edges.n; i++)
        if (mud_claim_strong(set->edges.at[i].kind) &&
            by[set->edges.at[i].other_end] == MUD_NOBODY)
            by[set->edges.at[i].other_end] = set->edges.at[i].owner;
    return by;
}

void mud_bond_ids(struct mud_bonds *bonds)
{
    const struct mud_actor_set *set = bonds->set;
    uint32_t *by = shown_by(set);
    MUD_ROWS(handle) rows = {0};

    for (uint32_t i = 0; i < set->nodes.n; i++) {
        struct handle handle = {0};

        if (!handle_of(&handle, &set->nodes.at[i].node, set->arena))
            continue;
        handle.node = i;
        handle.by = by[i];
        *MUD_ADD(&rows) = handle;
    }
    if (rows.n)
        qsort(rows.at, rows.n, sizeof(*rows.at), by_handle);
    for (size_t i = 0, end = 0; i < rows.n; i = end) {
        for (end = i;
             end < rows.n && mud_str_eq(rows.at[end].id, rows.at[i].id) &&
             rows.at[end].number == rows.at[i].number;
             end++)
            ;
        one_id(bonds, rows.at + i, end - i);
    }
    free(rows.at);
    free(by);
}
