/*
 * One "field:value" of a query (docs/search.md): what it asks of a text and of
 * a post that shows it, and the terms under which the index holds the texts
 * that may do. A facet's terms begin with a byte that no word has, so that
 * both stand in one table. Inside graph only.
 */
#ifndef MUD_GRAPH_FACET_H
#define MUD_GRAPH_FACET_H

#include "base/hash.h"
#include "base/time.h"

enum mud_facet_field {
    MUD_F_CATEGORY,
    MUD_F_SIDE,
    MUD_F_SOURCE,
    MUD_F_BOARD,
    MUD_F_LANG,
    MUD_F_CONTACT,
    MUD_F_ACTOR,
    MUD_F_SELLER,
    MUD_F_AUTHOR,
    MUD_F_PRODUCT,
    MUD_F_PRICE,
    MUD_F_TIME, /* time: since: until: */
    MUD_F_FIELD,
    MUD_F_IS,
    MUD_F_HAS,
    MUD_FACETS
};

enum mud_facet_flag { /* of is: and has: */
    MUD_IS_OFFER = 1,
    MUD_IS_EDITED = 2,
    MUD_IS_DELETED = 4,
    MUD_IS_BLOCKED = 8,
    MUD_IS_FORWARD = 16,
    MUD_IS_REPLY = 32,
    MUD_HAS_IMAGE = 64,
    MUD_HAS_LINK = 128,
    MUD_HAS_CONTACT = 256,
    MUD_HAS_PRICE = 512
};

#define MUD_FACET_VALUES 32 /* of one facet: "a,b,c" */

struct mud_facet {
    enum mud_facet_field field;
    struct mud_str word; /* the field as written */
    size_t column;       /* of the query, characters from 1 */
    /* One of these must hold; contacts as "type:value" or ":value". */
    struct mud_str *values;
    size_t n;
    unsigned codes;       /* bits: category, side, field */
    unsigned flags;       /* enum mud_facet_flag, one of them */
    int64_t lo, hi;       /* us, hi not included; INT64_MIN, INT64_MAX */
    double low, high;     /* price, both included */
    struct mud_str money; /* currency, or empty: any */
    struct mud_id *ids;   /* actor, seller: personas; by mud_query_resolve */
    size_t n_ids;
    struct mud_str *holds; /* actor: contacts as above */
    size_t n_holds;
    int32_t *sources;
    size_t n_sources;
};

/* Is it the name of a field? contact types are: qq:981 is contact:qq:981. */
bool mud_facet_known(struct mud_str word);

/*
 * Read "word:value"; zone (NULL: UTC) is that of days. MUD_EUSAGE names the
 * column, and which values there are.
 */
MUD_MUST bool mud_facet_read(struct mud_facet *out, struct mud_str word,
                             struct mud_str value, size_t column,
                             const struct mud_zone *zone,
                             struct mud_arena *arena, struct mud_error *err);

/* A post that shows a text, and what the text says; views into a check. */
struct mud_fact {
    struct mud_id post;         /* that reads so, or zero */
    struct mud_str kind, value; /* contact; product: kind */
    struct mud_str currency;    /* price */
    double low, high;
};

struct mud_facts_of { /* of one content */
    const struct mud_fact *contacts, *products, *prices;
    size_t n_contacts, n_products, n_prices;
    struct mud_str lang;
    int field; /* enum mud_field */
};

struct mud_seen {
    struct mud_id content, post, thread, author, seller, reading;
    int64_t at, last; /* us; last: newest of the content, by any post */
    int64_t first;    /* us: of the first capture that shows it */
    int32_t source;
    int category, direction;
    unsigned flags; /* enum mud_facet_flag */
    struct mud_str name, key, board;
};

bool mud_facet_holds(const struct mud_facet *facet, const struct mud_seen *seen,
                     const struct mud_facts_of *facts);

/* Is this reading of the text the post's? */
bool mud_fact_counts(const struct mud_fact *fact, const struct mud_seen *seen);

#define MUD_FACET_TERM 160 /* bytes of a term, with its end */

typedef void mud_facet_term_fn(struct mud_str term, void *payload);

/* Calls term for every term of what a text says, or of a post that shows it. */
void mud_facet_terms_said(const struct mud_facts_of *facts,
                          mud_facet_term_fn *term, void *payload);
void mud_facet_terms_seen(const struct mud_seen *seen, mud_facet_term_fn *term,
                          void *payload);
/* A text that is seen too often to have all of its terms. */
struct mud_str mud_facet_any(void);

/*
 * The terms that a text must have one of: a list, or all from the first to
 * before the second when *range. False when the index does not know.
 */
bool mud_facet_terms(struct mud_str **terms, size_t *n, bool *range,
                     const struct mud_facet *facet, struct mud_arena *arena);

/* What of a check the facet needs to be loaded. */
enum mud_need {
    MUD_NEED_BOARD = 1,
    MUD_NEED_CONTACT = 2,
    MUD_NEED_PRODUCT = 4,
    MUD_NEED_PRICE = 8,
    MUD_NEED_MARKS = 16 /* edited, deleted */
};

unsigned mud_facet_needs(const struct mud_facet *facet);

#endif
