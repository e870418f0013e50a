/*
 * What the members of a group of like elements have in common: places (paths
 * of kinds of elements), and which of them hold author, time and body.
 * Internal to parse/generic_*.c.
 */
#ifndef MUD_PARSE_GENERIC_FIELDS_H
#define MUD_PARSE_GENERIC_FIELDS_H

#include "parse/generic.h"

struct mud_path { /* a place that members have in common */
    uint64_t hash, parent;
    uint32_t count, member; /* members that have it; the last of them */
    uint32_t first;         /* node, in the first of them */
    unsigned hints;
    uint64_t mass;      /* text of its own words, each text once */
    bool body_below;    /* it or something in it is named like a body */
    uint32_t authors;   /* members whose first account stands here */
    uint32_t labels;    /* of them, with the text of the first, but leading
                             elsewhere */
    uint32_t same;      /* of them, with the text of the first */
    uint32_t rank;      /* accounts before the first */
    uint32_t names;     /* members in which a name stands here */
    uint32_t in;        /* the last of them, from 1 */
    uint32_t others;    /* of them, with another than the first has */
    struct mud_str one; /* the first name */
    struct mud_str label, to; /* text and address of the first */
};

struct mud_fields {
    struct mud_generic *g;
    const uint32_t *nodes;
    size_t n;
    uint64_t *path_of; /* of a node */
    struct mud_path *paths;
    size_t n_paths;
    uint32_t *table;
    uint8_t *once; /* hashed texts seen */
    const struct mud_path *author, *body, *time;
    const struct mud_path *name; /* names without accounts */
    bool panels;                 /* times stand in the panels of accounts */
    uint64_t body_sig;
};

/* The place with this hash, made when asked for; NULL when there is none. */
struct mud_path *mud_path_at(struct mud_fields *f, uint64_t hash, bool make);

/* Does node i of member lie in the body, a signature or a quotation? */
bool mud_inside_body(const struct mud_fields *f, uint32_t i, uint32_t member);

/* Where do accounts stand, and which place names the author? Of places
 * without accounts, the one that names people. The body is known. */
void mud_find_author(struct mud_fields *f);
void mud_author_of(struct mud_post *post, struct mud_fields *f,
                   uint32_t member);

#endif
