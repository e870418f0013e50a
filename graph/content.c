/* Texts: masked, named, stored once, with what they say by themselves. */
#include "graph/work.h"

#include "nlp/sketch.h"

#include <math.h>
#include <stdio.h>

static bool overlaps(struct mud_span a, struct mud_span b)
{
    return a.start < b.end && b.start < a.end;
}

bool mud_is_victims(const struct mud_reading *reading,
                    const struct mud_entity *entity)
{
    if (entity->type == MUD_ENT_VICTIM_DATA)
        return true;
    for (size_t i = 0; i < reading->n_entities; i++) {
        const struct mud_entity *other = &reading->entities[i];

        if (other->type == MUD_ENT_VICTIM_DATA &&
            other->field == entity->field &&
            other->field_index == entity->field_index &&
            overlaps(other->at, entity->at))
            return true;
    }
    return false;
}

static void add_annotation(struct mud_work *work, int32_t of,
                           struct mud_id content, int32_t no,
                           const struct mud_reading *reading,
                           const struct mud_entity *entity)
{
    struct mud_batch *batch = work->batch;
    struct mud_row_annotation *row = MUD_ADD(&batch->annotations);

    row->of = of;
    row->content = content;
    if (of >= 0)
        row->post = work->post_id;
    row->no = no;
    row->entity = *entity;
    row->entity.kind = mud_keep(batch, entity->kind);
    row->entity.value = mud_is_victims(reading, entity)
                            ? MUD_STR("")
                            : mud_keep(batch, entity->value);
    row->entity.role = mud_keep(batch, entity->role);
    row->entity.unit = mud_keep(batch, entity->unit);
    row->entity.currency = mud_keep(batch, entity->currency);
    row->entity.folded = MUD_STR("");
    batch->rules[entity->rule / 8] |= (uint8_t)(1U << entity->rule % 8);
}

/* Titles, signatures and what pictures say are contents of their own; see
 * mud_work_annotate. */
static bool wanted(const struct mud_entity *entity, int32_t of, bool own_text)
{
    if (of < 0)
        return true;
    if (entity->field == MUD_IN_TITLE || entity->field == MUD_IN_SIGNATURE ||
        entity->field == MUD_IN_ATTACHMENT)
        return false;
    return entity->field != MUD_IN_TEXT || own_text;
}

void mud_work_annotate(struct mud_work *work, int32_t of, struct mud_id content,
                       const struct mud_reading *reading, bool own_text)
{
    size_t n = reading->n_entities, first = work->batch->annotations.n;
    int32_t *no = mud_arena_array(work->analyst->scratch, n + 1, sizeof(*no));
    int32_t next = 0;

    for (size_t i = 0; i < n; i++)
        no[i] = wanted(&reading->entities[i], of, own_text) ? next++ : -1;
    for (size_t i = 0; i < n; i++)
        if (no[i] >= 0)
            add_annotation(
                work, of, content, no[i], reading, &reading->entities[i]);
    for (size_t i = first; i < work->batch->annotations.n; i++) {
        int32_t *to = &work->batch->annotations.at[i].entity.of;

        *to = *to >= 0 && (size_t)*to < n ? no[*to] : -1;
    }
}

void mud_work_offers(struct mud_work *work, int32_t of, struct mud_id content,
                     const struct mud_offers *offers)
{
    struct mud_batch *batch = work->batch;
    struct mud_id post = {0};

    if (of >= 0)
        post = work->post_id;
    for (size_t i = 0; i < offers->n; i++) {
        struct mud_row_offer *row = MUD_ADD(&batch->offers);

        *row = offers->offers[i];
        row->of = of;
        row->content = content;
        row->post = post;
        row->product = mud_keep(batch, row->product);
        row->unit = mud_keep(batch, row->unit);
    }
    for (size_t i = 0; i < offers->n_prices; i++) {
        struct mud_row_price *row = MUD_ADD(&batch->prices);

        *row = offers->prices[i];
        row->of = of;
        row->content = content;
        row->post = post;
        row->currency = mud_keep(batch, row->currency);
        row->per = mud_keep(batch, row->per);
        row->role = mud_keep(batch, row->role);
    }
}

static void list_victims(struct mud_buf *list, enum mud_field field,
                         uint16_t index, const struct mud_reading *reading)
{
    for (size_t i = 0; i < reading->n_entities; i++) {
        const struct mud_entity *entity = &reading->entities[i];

        if (entity->type == MUD_ENT_VICTIM_DATA && entity->field == field &&
            entity->field_index == index)
            mud_buf_printf(list,
                           "%u-%u %.*s;",
                           entity->at.start,
                           entity->at.end,
                           MUD_FMT(entity->kind));
    }
}

/*
 * Named by the masked text and by where in it victims' data stood: two adverts
 * that differ in their victims alone are one content.
 */
static struct mud_id content_id(struct mud_work *work,
                                const struct mud_part *part,
                                struct mud_str masked)
{
    const char *type = part->field == MUD_IN_TITLE        ? "title"
                       : part->field == MUD_IN_SIGNATURE  ? "signature"
                       : part->field == MUD_IN_ATTACHMENT ? "attachment"
                                                          : "content";
    struct mud_buf list = {0};
    struct mud_str parts[2] = {masked, {0}};
    struct mud_id id = {0};

    list_victims(&list, part->field, 0, part->alone);
    list_victims(&list, part->field, part->index, &work->whole);
    parts[1] = mud_buf_view(&list);
    id = mud_id_of_parts(type, parts, list.n ? 2 : 1);
    mud_buf_free(&list);
    return id;
}

/* Stored already, in this batch or not long ago; else remembered as stored. */
static bool stored(struct mud_work *work, struct mud_id id)
{
    struct mud_id *slot = NULL;
    uint32_t hash = 0;
    bool known = false;

    mud_id_set_put(work->batch->seen, id, work->batch->contents.n, &known);
    memcpy(&hash, id.b, sizeof(hash));
    slot = &work->analyst->known[hash % MUD_KNOWN];
    known = known || mud_id_eq(*slot, id);
    *slot = id;
    return known;
}

static struct mud_str masked_both(struct mud_work *work,
                                  const struct mud_part *part)
{
    struct mud_arena *arena = work->analyst->scratch;
    struct mud_str text =
        mud_mask(part->text, part->field, 0, part->alone, arena);

    return mud_mask(text, part->field, part->index, &work->whole, arena);
}

static struct mud_str sketch_of(struct mud_work *work, struct mud_str masked,
                                const struct mud_reading *alone)
{
    struct mud_sketch sketch;
    char bytes[4 * MUD_SKETCH_MAX];

    mud_sketch_of(
        &sketch, work->analyst->reader, masked, alone, work->analyst->scratch);
    return mud_keep(work->batch, mud_sketch_bytes(&sketch, bytes));
}

bool mud_work_content(struct mud_id *id, struct mud_work *work,
                      const struct mud_part *part, struct mud_error *err)
{
    struct mud_batch *batch = work->batch;
    struct mud_row_content *row = NULL;
    const struct mud_reading *alone = part->alone;
    struct mud_str text = part->text, masked = masked_both(work, part);

    if (masked.n != text.n)
        return mud_fail(err,
                        MUD_EBUG,
                        "mask changed a text of %zu bytes to %zu",
                        text.n,
                        masked.n);
    *id = content_id(work, part, masked);
    if (stored(work, *id))
        return true;
    row = MUD_ADD(&batch->contents);
    row->id = *id;
    row->field = part->field;
    row->body = mud_keep(batch, masked);
    row->lang = mud_keep(batch, alone->lang);
    row->category = alone->category;
    row->direction = alone->direction;
    row->is_offer = alone->is_offer;
    row->sure = alone->sure;
    if (part->field == MUD_IN_TEXT && text.n)
        row->sketch = sketch_of(work, masked, alone);
    mud_work_annotate(work, -1, *id, alone, true);
    if (part->field == MUD_IN_TEXT)
        mud_work_offers(work, -1, *id, work->alone_offers);
    return true;
}

struct mud_str mud_work_mask(struct mud_work *work, struct mud_str text)
{
    struct mud_message message = {.text = text};
    struct mud_reading reading = {0};
    struct mud_error odd = {0};

    if (!text.n)
        return MUD_STR("");
    if (!mud_read(&reading,
                  work->analyst->reader,
                  &message,
                  NULL,
                  work->analyst->scratch,
                  &odd)) {
        work->odd |= MUD_ODD_UNREAD;
        return MUD_STR("");
    }
    /* Nobody looks for contacts here: what may be a victim's goes. */
    mud_protect_reading(work, &reading);
    return mud_mask(text, MUD_IN_TEXT, 0, &reading, work->analyst->scratch);
}
