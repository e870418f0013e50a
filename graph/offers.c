#include "graph/offers.h"

#include <math.h>

static bool credited(const struct mud_entity *entity)
{
    return entity->field == MUD_IN_TEXT || entity->field == MUD_IN_TITLE ||
           entity->field == MUD_IN_ATTACHMENT;
}

static size_t offer_of_product(struct mud_offers *out,
                               const struct mud_reading *reading,
                               const struct mud_entity *product)
{
    struct mud_row_offer *offer = NULL;

    for (size_t i = 0; i < out->n; i++) {
        if (!mud_str_eq(out->offers[i].product, product->kind))
            continue;
        /* The body's mention says more than the title's. */
        if (!out->offers[i].placed && product->field == MUD_IN_TEXT) {
            out->offers[i].placed = true;
            out->offers[i].at = product->at;
        }
        return i;
    }
    if (out->n == MUD_OFFERS_MAX)
        return MUD_OFFERS_MAX - 1;
    offer = &out->offers[out->n];
    *offer = (struct mud_row_offer){.category = reading->category,
                                    .direction = reading->direction,
                                    .product = product->kind,
                                    .low = NAN,
                                    .high = NAN,
                                    .sure = reading->sure,
                                    .no = (int16_t)out->n};
    if (product->field == MUD_IN_TEXT) {
        offer->placed = true;
        offer->at = product->at;
    }
    return out->n++;
}

/* The offer that a quantity or price is of; the first when it does not say. */
static size_t offer_meant(const struct mud_offers *out,
                          const struct mud_reading *reading, int32_t of)
{
    if (of < 0 || (size_t)of >= reading->n_entities)
        return 0;
    for (size_t i = 0; i < out->n; i++)
        if (mud_str_eq(out->offers[i].product, reading->entities[of].kind))
            return i;
    return 0;
}

static void add_quantity(struct mud_offers *out,
                         const struct mud_reading *reading,
                         const struct mud_entity *entity)
{
    struct mud_row_offer *offer = NULL;

    if (entity->of < 0 && out->n > 1)
        return; /* of one of several things: nobody knows which */
    offer = &out->offers[offer_meant(out, reading, entity->of)];
    if (offer->unit.n)
        return; /* the first one said */
    offer->low = entity->min;
    offer->high = entity->max;
    offer->unit = entity->unit;
}

static void add_price(struct mud_offers *out, const struct mud_reading *reading,
                      const struct mud_entity *entity)
{
    struct mud_row_price *price = NULL;
    size_t offer = offer_meant(out, reading, entity->of);
    int16_t no = 0;

    if (out->n_prices == MUD_PRICES_MAX)
        return;
    for (size_t i = 0; i < out->n_prices; i++)
        no = (int16_t)(no + (out->prices[i].offer == (int16_t)offer));
    price = &out->prices[out->n_prices++];
    *price = (struct mud_row_price){.offer = (int16_t)offer,
                                    .no = no,
                                    .low = entity->min,
                                    .high = entity->max,
                                    .per_qty = entity->per_qty,
                                    .currency = entity->currency,
                                    .per = entity->unit,
                                    .role = entity->role,
                                    .at = entity->at};
}

void mud_offers_of(struct mud_offers *out, const struct mud_reading *reading)
{
    out->n = out->n_prices = 0;
    if (!reading->is_offer)
        return;
    for (size_t i = 0; i < reading->n_entities; i++)
        if (reading->entities[i].type == MUD_ENT_PRODUCT &&
            credited(&reading->entities[i]))
            offer_of_product(out, reading, &reading->entities[i]);
    if (!out->n)
        out->offers[out->n++] =
            (struct mud_row_offer){.category = reading->category,
                                   .direction = reading->direction,
                                   .low = NAN,
                                   .high = NAN,
                                   .sure = reading->sure};
    for (size_t i = 0; i < reading->n_entities; i++) {
        const struct mud_entity *entity = &reading->entities[i];

        if (!credited(entity))
            continue;
        if (entity->type == MUD_ENT_QUANTITY)
            add_quantity(out, reading, entity);
        if (entity->type == MUD_ENT_PRICE)
            add_price(out, reading, entity);
    }
}

static bool same(double a, double b) /* NAN is NAN */
{
    return isnan(a) || isnan(b) ? isnan(a) && isnan(b)
                                : fabs(a - b) < 1e-9 * (1 + fabs(a));
}

static bool offer_eq(const struct mud_row_offer *a,
                     const struct mud_row_offer *b)
{
    return a->category == b->category && a->direction == b->direction &&
           mud_str_eq(a->product, b->product) && mud_str_eq(a->unit, b->unit) &&
           same(a->low, b->low) && same(a->high, b->high);
}

static bool price_eq(const struct mud_row_price *a,
                     const struct mud_row_price *b)
{
    return a->offer == b->offer && same(a->low, b->low) &&
           same(a->high, b->high) && same(a->per_qty, b->per_qty) &&
           mud_str_eq(a->currency, b->currency) && mud_str_eq(a->per, b->per) &&
           mud_str_eq(a->role, b->role) && a->at.start == b->at.start;
}

bool mud_offers_eq(const struct mud_offers *a, const struct mud_offers *b)
{
    if (a->n != b->n || a->n_prices != b->n_prices)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!offer_eq(&a->offers[i], &b->offers[i]))
            return false;
    for (size_t i = 0; i < a->n_prices; i++)
        if (!price_eq(&a->prices[i], &b->prices[i]))
            return false;
    return true;
}
