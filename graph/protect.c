/*
 * A second look at what the reader took for contacts. Sellers of personal data
 * show samples, and a sample that does not look like a record to the reader
 * ("Zhao, 136..., owes money") holds phone numbers of victims. A number that
 * no cue calls a contact is theirs, not the seller's, where
 * - the post deals in personal data,
 * - the post is no offer by its own words, but stands below its author's,
 * - other victims' data stands in the post,
 * - there is more than one such number: a list of people.
 * It becomes victims' data: masked, counted, never a node.
 */
#include "graph/work.h"

static bool uncued(const struct mud_work *work, const struct mud_entity *entity)
{
    return entity->type == MUD_ENT_CONTACT &&
           mud_str_eqz(entity->kind, "phone") &&
           !strstr(mud_rule_name(work->analyst->reader, entity->rule), "cue");
}

static bool suspect(const struct mud_work *work)
{
    const struct mud_reading *whole = &work->whole;
    struct mud_str first = {0};

    if (whole->category == MUD_CAT_PERSONAL_DATA || mud_work_below(work))
        return true;
    for (size_t i = 0; i < whole->n_entities; i++) {
        const struct mud_entity *entity = &whole->entities[i];

        if (entity->type == MUD_ENT_VICTIM_DATA)
            return true;
        if (!uncued(work, entity))
            continue;
        if (first.n && !mud_str_eq(first, entity->value))
            return true;
        first = entity->value;
    }
    return false;
}

void mud_protect_reading(const struct mud_work *work,
                         struct mud_reading *reading)
{
    size_t n = reading->n_entities;
    struct mud_entity *copy =
        mud_arena_array(work->analyst->scratch, n + 1, sizeof(*copy));

    for (size_t i = 0; i < n; i++) {
        copy[i] = reading->entities[i];
        if (!uncued(work, &copy[i]))
            continue;
        copy[i].type = MUD_ENT_VICTIM_DATA;
        copy[i].value = copy[i].role = MUD_STR("");
    }
    reading->entities = copy;
}

void mud_work_protect(struct mud_work *work)
{
    if (!suspect(work))
        return;
    mud_protect_reading(work, &work->whole);
    mud_protect_reading(work, &work->alone);
    mud_protect_reading(work, &work->title_alone);
    mud_protect_reading(work, &work->signature_alone);
    for (size_t i = 0; i < work->n_pictures; i++)
        mud_protect_reading(work, &work->pictures_alone[i]);
}
