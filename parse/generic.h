/*
 * A page of a board that no description knows, read by its structure: of all
 * kinds of elements that a page repeats, the one whose members hold a date,
 * an account and text is a post or a row of a list. Within the members, the
 * places that they have in common (paths of kinds of elements) are compared
 * to find which holds the author, the time and the body. Names of classes and
 * forms of addresses that boards use count as hints, never alone. Internal to
 * parse/. How sure it is of a page: less than any description; the page has
 * the note "generic".
 */
#ifndef MUD_PARSE_GENERIC_H
#define MUD_PARSE_GENERIC_H

#include "parse/forum.h"

enum mud_generic_hint { /* bits; of the class and id of an element */
    MUD_HINT_USER = 1,  /* holds the name of an account */
    MUD_HINT_PANEL = 2, /* holds facts of an account */
    MUD_HINT_BODY = 4,
    MUD_HINT_SIGN = 8,
    MUD_HINT_POST = 16, /* is a post */
    MUD_HINT_ROW = 32,  /* is a row of a list of threads */
    MUD_HINT_ASIDE = 64 /* a quotation or code */
};

struct mud_generic_date {
    uint32_t node;
    int64_t us;
    enum mud_precision precision;
};

struct mud_generic { /* what is known of each node; arrays have n + 1 items */
    struct mud_sight *sight;
    const struct mud_page *page;
    const struct mud_url *url; /* of the page */
    uint64_t *sig;             /* kind of element: tag with id or class */
    uint8_t *hint;
    struct mud_str *id; /* digits of an id, or empty */
    /* Sums over all nodes before this one. */
    uint32_t *text;   /* bytes of text that is no date, no account, no link */
    uint32_t *linked; /* bytes of text in links that lead to no account */
    uint32_t *users;  /* links to accounts, elements for names */
    uint32_t *spoken; /* texts that say a post begins: "2楼", "wrote" */
    uint32_t *dates;  /* number of dates, and so the first one of a subtree */
    struct mud_generic_date *date;
    size_t n_dates;
};

/* Kinds of pages by the form of an address; UNKNOWN when it tells nothing. */
enum mud_page_kind mud_generic_kind(const struct mud_url *url);
bool mud_generic_is_user(struct mud_str ref);
/* The number in an address that stands for the thread, board or account. */
struct mud_str mud_generic_id(const struct mud_url *url,
                              enum mud_page_kind kind);

void mud_generic_facts(struct mud_generic *g);

/* Posts of the page: nodes are those of the n members. */
void mud_generic_posts(struct mud_parsed *out, struct mud_generic *g,
                       const uint32_t *nodes, size_t n);

/* Threads of a list, and links worth following; nodes may be none. */
void mud_generic_listing(struct mud_parsed *out, struct mud_generic *g,
                         const uint32_t *nodes, size_t n);

/*
 * Read the page into out, whose url, site and title are known. False when it
 * has nothing that looks like a board; out is then as it was.
 */
bool mud_generic_read(struct mud_parsed *out, struct mud_sight *sight,
                      const struct mud_url *url, struct mud_notes *notes);

#endif
