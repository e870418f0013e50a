/* Bonds and what holds nobody, to the database: only what has changed. */
#include "graph/bond.h"

#include "base/json.h"
#include "store/copy.h"

/* Smaller id first; numbers are in the order of ids. */
static void ends(struct mud_copy *copy, const struct mud_actor_set *set,
                 const struct mud_actor_bond *bond, bool larger_first)
{
    bool turn = (bond->b < bond->a) != larger_first;

    mud_copy_id(copy, set->nodes.at[turn ? bond->b : bond->a].node.id);
    mud_copy_i16(copy, (int16_t)bond->kind);
    mud_copy_id(copy, set->nodes.at[turn ? bond->a : bond->b].node.id);
}

void mud_bond_reasons(struct mud_json *json, const struct mud_actor_bond *bond)
{
    mud_json_array(json);
    for (size_t i = 0; i < bond->n_reasons; i++) {
        const struct mud_actor_reason *reason = &bond->reasons[i];

        mud_json_object(json);
        mud_json_kz(json, "what", reason->what);
        if (reason->n)
            mud_json_kint(json, "n", reason->n);
        mud_json_kdouble(json, "bits", round(reason->bits * 10) / 10);
        if (reason->a.n)
            mud_json_kstr(json, "a", reason->a);
        if (reason->b.n)
            mud_json_kstr(json, "b", reason->b);
        mud_json_object_end(json);
    }
    mud_json_array_end(json);
}

static bool stage_bonds(const struct mud_actor_set *set, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_copy *copy = NULL;
    struct mud_buf buf = {0};

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_bond (src, kind, dst, fwd, bits, holds, "
                        "reasons) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < set->bonds.n; i++) {
        const struct mud_actor_bond *bond = &set->bonds.at[i];
        struct mud_json json = {.buf = &buf};

        mud_buf_clear(&buf);
        mud_bond_reasons(&json, bond);
        for (int larger = 0; larger < 2; larger++) {
            mud_copy_row(copy, 7);
            ends(copy, set, bond, larger);
            mud_copy_bool(copy, (bond->a < bond->b) != (larger == 1));
            mud_copy_f32(copy, (float)(round(bond->bits * 10) / 10));
            mud_copy_bool(copy, bond->holds);
            mud_copy_text(copy, mud_buf_view(&buf));
        }
    }
    mud_buf_free(&buf);
    return mud_copy_end(copy, NULL, err);
}

static bool stage_wants(const struct mud_actor_set *set, struct mud_pg *pg,
                        struct mud_error *err)
{
    struct mud_copy *copy = NULL;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_want (src, kind, dst, node, content_id, "
                        "name, other) FROM STDIN (FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < set->bonds.n; i++) {
        const struct mud_actor_bond *bond = &set->bonds.at[i];

        for (size_t j = 0; j < bond->n_proofs; j++) {
            const struct mud_actor_proof *proof = &bond->proofs[j];

            mud_copy_row(copy, 7);
            ends(copy, set, bond, false);
            mud_copy_id(copy, set->nodes.at[proof->node].node.id);
            mud_copy_id(copy, proof->content);
            if (proof->name.n)
                mud_copy_text(copy, proof->name);
            else
                mud_copy_null(copy);
            if (proof->shows != MUD_NOBODY)
                mud_copy_id(copy, set->nodes.at[proof->shows].node.id);
            else
                mud_copy_null(copy);
        }
    }
    return mud_copy_end(copy, NULL, err);
}

static void loose_row(struct mud_copy *copy, struct mud_id a, int kind,
                      struct mud_id b, const char *why)
{
    for (int i = 0; i < 2; i++) {
        mud_copy_row(copy, 4);
        mud_copy_id(copy, i ? b : a);
        mud_copy_i16(copy, (int16_t)kind);
        mud_copy_id(copy, i ? a : b);
        mud_copy_text(copy, mud_str_z(why));
    }
}

static bool stage_loose(const struct mud_actor_set *set, struct mud_pg *pg,
                        struct mud_error *err)
{
    const struct mud_actor_node *nodes = set->nodes.at;
    struct mud_copy *copy = NULL;

    if (!mud_copy_begin(&copy,
                        pg,
                        "COPY stage_loose (src, kind, dst, why) FROM STDIN "
                        "(FORMAT binary)",
                        err))
        return false;
    for (size_t i = 0; i < set->edges.n; i++) {
        const struct mud_actor_edge *edge = &set->edges.at[i];

        if (edge->why && mud_claim_strong(edge->kind))
            loose_row(copy,
                      nodes[edge->owner].node.id,
                      edge->kind,
                      nodes[edge->other_end].node.id,
                      edge->why);
    }
    for (size_t i = 0; i < set->bonds.n; i++) {
        const struct mud_actor_bond *bond = &set->bonds.at[i];

        if (!bond->holds &&
            (bond->kind == MUD_CLAIM_CALLED || bond->kind == MUD_CLAIM_SAME_ID))
            loose_row(copy,
                      nodes[bond->a].node.id,
                      bond->kind,
                      nodes[bond->b].node.id,
                      bond->bits >= MUD_BITS_HOLD ? "does not hold"
                                                  : "too little to hold");
    }
    for (size_t i = 0; i < set->told.n; i++)
        if (!set->told.at[i].holds)
            loose_row(copy,
                      nodes[set->told.at[i].who].node.id,
                      MUD_CLAIM_WAS,
                      nodes[set->told.at[i].named].node.id,
                      "said, but too little speaks for it");
    return mud_copy_end(copy, NULL, err);
}

bool mud_bond_store(const struct mud_actor_set *set, struct mud_pg *pg,
                    struct mud_error *err)
{
    static const char *const steps[] = {"bond_proof_texts",
                                        "bond_proof_names",
                                        "bond_proof_contacts",
                                        "bond_drop_evidence",
                                        "bond_drop_claim",
                                        "bond_drop",
                                        "bond_put",
                                        "bond_claim",
                                        "bond_evidence",
                                        "bond_loose_drop",
                                        "bond_loose_put"};

    if (!stage_bonds(set, pg, err) || !stage_wants(set, pg, err) ||
        !stage_loose(set, pg, err))
        return false;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (!mud_pg_query(NULL, pg, mud_sql(steps[i]), NULL, 0, err))
            return false;
    return true;
}
