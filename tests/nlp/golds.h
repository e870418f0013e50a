/*
 * The gold messages of tests/data/gold against readings: the figures of the
 * annotation guide, counted as multisets of keys a message. Prices and
 * contacts with role "mentioned" or "quoted" cost nothing either way.
 */
#ifndef MUD_TESTS_NLP_GOLDS_H
#define MUD_TESTS_NLP_GOLDS_H

#include <jansson.h>

#include "base/utf8.h"
#include "tests/nlp/reads.h"

struct golds_tally {
    unsigned found, missed, extra;
};

struct golds_score {
    struct golds_tally contact, price, product, quantity;
    struct golds_tally victims; /* fields covered whole, and of their kind */
    unsigned victim_contacts;   /* contacts that stand in one */
    unsigned messages, category, direction, offer, benign, alarms;
};

static inline double golds_f1(struct golds_tally t)
{
    double all = 2.0 * t.found + t.missed + t.extra;

    return all > 0 ? 2.0 * t.found / all : 0;
}

static inline const char *golds_str(const json_t *e, const char *key)
{
    const char *s = json_string_value(json_object_get(e, key));

    return s ? s : "";
}

static inline void golds_number(struct mud_buf *out, const json_t *e,
                                const char *key)
{
    const json_t *v = json_object_get(e, key);

    reads_number(out, json_is_number(v) ? json_number_value(v) : (double)NAN);
    mud_buf_c(out, ' ');
}

static inline bool golds_free(const json_t *e)
{
    return strcmp(golds_str(e, "role"), "mentioned") == 0 ||
           strcmp(golds_str(e, "role"), "quoted") == 0;
}

/* The key of a gold entity. */
static inline const char *golds_key(const json_t *e, const char *type)
{
    struct mud_buf buf = {0};
    const char *out;

    if (strcmp(type, "contact") == 0) {
        mud_buf_printf(&buf,
                       "%s %s %d",
                       golds_str(e, "contact_type"),
                       golds_str(e, "value"),
                       strcmp(golds_str(e, "role"), "reported") == 0);
    } else if (strcmp(type, "price") == 0) {
        golds_number(&buf, e, "amount_min");
        golds_number(&buf, e, "amount_max");
        mud_buf_printf(
            &buf, "%s %s ", golds_str(e, "currency"), golds_str(e, "per"));
        golds_number(&buf, e, "per_qty");
    } else {
        golds_number(&buf, e, "min");
        golds_number(&buf, e, "max");
        mud_buf_z(&buf, golds_str(e, "unit"));
    }
    out = mud_arena_dup(reads_arena, buf.s, buf.n);
    mud_buf_free(&buf);
    return out;
}

/* The same of what was read. */
static inline const char *golds_read_key(const struct mud_entity *e)
{
    struct mud_buf buf = {0};
    const char *out;

    if (e->type == MUD_ENT_CONTACT) {
        mud_buf_printf(&buf,
                       "%.*s %.*s %d",
                       MUD_FMT(e->kind),
                       MUD_FMT(e->value),
                       mud_str_eqz(e->role, "reported"));
    } else {
        reads_number(&buf, e->min);
        mud_buf_c(&buf, ' ');
        reads_number(&buf, e->max);
        mud_buf_c(&buf, ' ');
        if (e->type == MUD_ENT_PRICE) {
            mud_buf_printf(
                &buf, "%.*s %.*s ", MUD_FMT(e->currency), MUD_FMT(e->unit));
            reads_number(&buf, e->per_qty);
            mud_buf_c(&buf, ' ');
        } else {
            mud_buf_printf(&buf, "%.*s", MUD_FMT(e->unit));
        }
    }
    out = mud_arena_dup(reads_arena, buf.s, buf.n);
    mud_buf_free(&buf);
    return out;
}

static inline void golds_compare(struct golds_tally *t, const json_t *gold,
                                 const struct mud_reading *r, const char *type,
                                 enum mud_entity_type code)
{
    const char *left[256];
    size_t n = 0;
    const json_t *list = json_object_get(gold, "entities");

    for (size_t i = 0; i < r->n_entities && n < 256; i++) {
        if (r->entities[i].type == (unsigned)code)
            left[n++] = golds_read_key(&r->entities[i]);
    }
    for (unsigned pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < json_array_size(list); i++) {
            const json_t *e = json_array_get(list, i);
            size_t k = 0;
            bool hit;

            if (strcmp(golds_str(e, "type"), type) != 0 ||
                golds_free(e) != (pass == 1))
                continue;
            while (k < n && strcmp(left[k], golds_key(e, type)) != 0)
                k++;
            hit = k < n;
            if (hit)
                left[k] = left[--n];
            t->found += pass == 0 && hit;
            t->missed += pass == 0 && !hit;
        }
    }
    t->extra += (unsigned)n;
}

/* Product spans count from half of what both cover together. */
static inline void golds_products(struct golds_tally *t, const json_t *gold,
                                  const struct mud_reading *r,
                                  struct mud_str text)
{
    const json_t *list = json_object_get(gold, "entities");
    struct mud_utf8_pos pos = {.text = text};
    unsigned found = 0, golds = 0, made = 0;
    bool used[256] = {false};

    for (size_t k = 0; k < r->n_entities; k++)
        made += r->entities[k].type == MUD_ENT_PRODUCT;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);
        long start = (long)json_integer_value(json_object_get(e, "start"));
        long end = (long)json_integer_value(json_object_get(e, "end"));

        if (strcmp(golds_str(e, "type"), "product") != 0)
            continue;
        golds++;
        for (size_t k = 0; k < r->n_entities && k < 256; k++) {
            const struct mud_entity *p = &r->entities[k];
            long from, to, both, all;

            if (p->type != MUD_ENT_PRODUCT || used[k])
                continue;
            from = (long)mud_utf8_point(&pos, p->at.start);
            to = (long)mud_utf8_point(&pos, p->at.end);
            both = (to < end ? to : end) - (from > start ? from : start);
            all = (to > end ? to : end) - (from < start ? from : start);
            if (both > 0 && both * 2 >= all) {
                used[k] = true;
                found++;
                break;
            }
        }
    }
    t->found += found;
    t->missed += golds - found;
    t->extra += made - found;
}

/* Victims' fields: each must be covered whole, and nothing in it a contact. */
static inline void golds_victims(struct golds_score *s, const json_t *gold,
                                 const struct mud_reading *r,
                                 struct mud_str text)
{
    const json_t *list = json_object_get(gold, "entities");
    struct mud_utf8_pos pos = {.text = text};

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *e = json_array_get(list, i);
        long start = (long)json_integer_value(json_object_get(e, "start"));
        long end = (long)json_integer_value(json_object_get(e, "end"));
        bool found = false;

        if (strcmp(golds_str(e, "type"), "victim_data") != 0)
            continue;
        for (size_t k = 0; k < r->n_entities; k++) {
            const struct mud_entity *v = &r->entities[k];
            long from = (long)mud_utf8_point(&pos, v->at.start);
            long to = (long)mud_utf8_point(&pos, v->at.end);

            found |= v->type == MUD_ENT_VICTIM_DATA && from <= start &&
                     to >= end && mud_str_eqz(v->kind, golds_str(e, "kind"));
            s->victim_contacts +=
                v->type == MUD_ENT_CONTACT && from < end && to > start;
        }
        s->victims.found += found;
        s->victims.missed += !found;
    }
}

static inline void golds_message(struct golds_score *s, const json_t *gold)
{
    const char *text = golds_str(gold, "text");
    struct mud_reading r = reads(text);
    bool benign = strcmp(golds_str(gold, "category"), "benign") == 0;
    bool offer = json_is_true(json_object_get(gold, "is_offer"));

    golds_compare(&s->contact, gold, &r, "contact", MUD_ENT_CONTACT);
    golds_compare(&s->price, gold, &r, "price", MUD_ENT_PRICE);
    if (offer)
        golds_compare(&s->quantity, gold, &r, "quantity", MUD_ENT_QUANTITY);
    golds_products(&s->product, gold, &r, mud_str_z(text));
    golds_victims(s, gold, &r, mud_str_z(text));
    s->messages++;
    s->category +=
        strcmp(golds_str(gold, "category"), mud_category_name(r.category)) == 0;
    s->direction += strcmp(golds_str(gold, "direction"),
                           mud_direction_name(r.direction)) == 0;
    s->offer += offer == r.is_offer;
    s->benign += benign;
    s->alarms += benign && r.is_offer;
}

static inline void golds_file(struct golds_score *s, const char *name)
{
    struct mud_str text = mudtest_read(
        mudtest_text("%s/tests/data/gold/%s", mudtest_source(), name));
    struct mud_str line;

    while (mud_str_line(&text, &line)) {
        json_t *gold = json_loadb(line.s, line.n, 0, NULL);

        assert_non_null(gold);
        golds_message(s, gold);
        json_decref(gold);
    }
}

#endif
