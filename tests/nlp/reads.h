/*
 * Readings as text, for tables of tests: each entity is a line of what counts
 * of it, as "contact qq 9812345670 advertiser".
 */
#ifndef MUD_TESTS_NLP_READS_H
#define MUD_TESTS_NLP_READS_H

#include <math.h>
#include <stdio.h>

#include "nlp/reading.h"
#include "tests/support/mudtest.h"

static struct mud_reader *reads_reader;
static struct mud_arena *reads_arena;

static inline int reads_set_up(void **state)
{
    struct mud_error err = {0};

    (void)state;
    reads_arena = mud_arena_new();
    if (mud_reader_new(&reads_reader, NULL, &err))
        return 0;
    (void)fprintf(stderr, "%s\n", err.text);
    return -1;
}

static inline int reads_tear_down(void **state)
{
    (void)state;
    mud_reader_free(reads_reader);
    mud_arena_free(reads_arena);
    return 0;
}

static inline struct mud_reading reads_message(const struct mud_message *m)
{
    struct mud_reading out = {0};
    struct mud_error err = {0};

    assert_ok(mud_read(&out, reads_reader, m, NULL, reads_arena, &err), &err);
    return out;
}

static inline struct mud_reading reads(const char *text)
{
    struct mud_message m = {.text = mud_str_z(text), .explain = true};

    return reads_message(&m);
}

static inline void reads_number(struct mud_buf *out, double value)
{
    if (isnan(value))
        mud_buf_z(out, "-");
    else
        mud_buf_printf(out, "%.10g", value);
}

static inline void reads_entity(struct mud_buf *out, const struct mud_entity *e)
{
    switch ((enum mud_entity_type)e->type) {
    case MUD_ENT_PRICE:
    case MUD_ENT_QUANTITY:
        reads_number(out, e->min);
        if (isnan(e->min) || isnan(e->max) || fabs(e->min - e->max) > 1e-9) {
            mud_buf_z(out, "..");
            reads_number(out, e->max);
        }
        if (e->type == MUD_ENT_PRICE)
            mud_buf_printf(out, " %.*s", MUD_FMT(e->currency));
        mud_buf_printf(out,
                       e->type == MUD_ENT_PRICE ? "/%.*s" : " %.*s",
                       MUD_FMT(e->unit));
        if (e->type == MUD_ENT_PRICE && fabs(e->per_qty - 1) > 1e-9)
            mud_buf_printf(out, "*%.10g", e->per_qty);
        if (e->type == MUD_ENT_PRICE && !mud_str_eqz(e->role, "price"))
            mud_buf_printf(out, " %.*s", MUD_FMT(e->role));
        break;
    case MUD_ENT_CONTACT:
    case MUD_ENT_CANDIDATE:
    case MUD_ENT_INDICATOR:
        mud_buf_printf(out, "%.*s %.*s", MUD_FMT(e->kind), MUD_FMT(e->value));
        if (e->role.n && !mud_str_eqz(e->role, "advertiser"))
            mud_buf_printf(out, " %.*s", MUD_FMT(e->role));
        break;
    case MUD_ENT_PRODUCT:
    case MUD_ENT_VICTIM_DATA:
    default:
        mud_buf_printf(out, "%.*s", MUD_FMT(e->kind));
        break;
    }
}

/* All entities of one type, joined by "; ". */
static inline const char *reads_list(const struct mud_reading *reading,
                                     enum mud_entity_type type)
{
    struct mud_buf buf = {0};
    const char *out;

    for (size_t i = 0; i < reading->n_entities; i++) {
        if (reading->entities[i].type != (unsigned)type)
            continue;
        if (buf.n)
            mud_buf_z(&buf, "; ");
        reads_entity(&buf, &reading->entities[i]);
    }
    out = mud_arena_dup(reads_arena, buf.s ? buf.s : "", buf.n);
    mud_buf_free(&buf);
    return out;
}

struct reads_row {
    const char *text, *want;
};

/* Every row's entities of that type are the wanted ones. */
static inline void reads_table(const struct reads_row *rows, size_t n,
                               enum mud_entity_type type)
{
    for (size_t i = 0; i < n; i++) {
        struct mud_reading r = reads(rows[i].text);
        const char *got = reads_list(&r, type);

        if (strcmp(got, rows[i].want) != 0)
            print_error("in: %s\n", rows[i].text);
        assert_string_equal(got, rows[i].want);
    }
}

#define READS(rows, type) reads_table((rows), MUDTEST_ROWS(rows), (type))

#endif
