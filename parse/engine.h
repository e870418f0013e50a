/*
 * Engine descriptions: how the pages of one forum engine are read, as data
 * (parse/engines/NAME.engine, INI, compiled in). The format is described in
 * parse/README.md. A description is compiled once and then only read, by any
 * number of threads.
 */
#ifndef MUD_PARSE_ENGINE_H
#define MUD_PARSE_ENGINE_H

#include "parse/date.h"
#include "parse/rule.h"
#include "parse/select.h"

/* A node that is there, and holds a text. "SELECTOR ~ TEXT" */
struct mud_cond {
    struct mud_select *select;
    struct mud_str text; /* empty: any */
    struct mud_str word; /* what it says: a page kind, a hidden kind */
};

enum mud_take {      /* what is made of a value, in turn */
    MUD_TAKE_QUERY,  /* a parameter of an address */
    MUD_TAKE_URL,    /* a variable of the URL rules */
    MUD_TAKE_AFTER,  /* the part behind the first TEXT; all of it without */
    MUD_TAKE_BEFORE, /* the part before the first TEXT */
    MUD_TAKE_DIGITS, /* the first run of digits */
    MUD_TAKE_ID,     /* it must be digits all through */
    MUD_TAKE_WORDS,  /* its place (from 1) in a list of words */
    MUD_TAKE_WITH,   /* nothing unless TEXT is in it */
    MUD_TAKE_BEHIND, /* the part behind the last TEXT; all of it without */
    MUD_TAKE_LINE,   /* the first line */
    MUD_TAKE_NOT,    /* nothing when it is TEXT */
    MUD_TAKE_EPOCH,  /* Unix seconds or ms as a time in UTC */
    MUD_TAKE_MEMBER, /* a member of the JSON object that it is */
    MUD_TAKE_PLUS,   /* the sum with a number */
    MUD_TAKE_LOOK,   /* an attribute of the element that has this id */
    MUD_TAKE_SAID    /* "NAME wrote:", in many languages, as NAME */
};

#define MUD_TAKES_MAX 4

struct mud_taking {
    enum mud_take take;
    struct mud_str arg;
    const struct mud_select *select; /* of MUD_TAKE_LOOK */
};

/* "SELECTOR @ATTR | TAKE ARG | last": a text found in a part of the page. */
struct mud_pick {
    struct mud_select *select; /* NULL: the part's own node */
    const char *attr;          /* NULL: the text */
    bool last;                 /* of all that give something, the last */
    unsigned nth;              /* or this one, from 1; 0: the first */
    size_t n;
    struct mud_taking takes[MUD_TAKES_MAX];
};

struct mud_picks { /* in turn, until one gives something */
    struct mud_pick *items;
    size_t n;
};

struct mud_conds {
    struct mud_cond *items;
    size_t n;
};

struct mud_texts {
    struct mud_str *items;
    size_t n;
};

struct mud_login_rules; /* parse/login.h */

struct mud_engine {
    struct mud_str file;           /* "discuz6": tells one of one name */
    struct mud_login_rules *login; /* NULL: it says nothing of that */
    struct mud_str name;           /* empty: pages in front of any engine */
    struct mud_str zone;
    struct mud_str verified; /* "pages", or "description": never seen live */
    enum mud_view view;
    bool older; /* of one name: taken by its marks, not by the name */
    enum mud_date_order order;
    struct mud_conds detect, hints; /* marks of it, and weaker ones */
    struct mud_conds kinds;         /* word of a kind: mud_page_kind_name */
    struct mud_rule *rules;
    size_t n_rules;
    struct mud_str *refuse; /* parameters that no link may have */
    size_t n_refuse;

    struct mud_str *html; /* members of JSON whose strings are HTML */
    size_t n_html;

    struct {
        struct mud_picks title, thread, thread_title, board, page, pages, start;
        struct mud_picks count, per; /* posts or threads: all, and a page */
        struct mud_picks next;       /* address of the next page */
        unsigned size;               /* posts of a page, where it is fixed */
        unsigned first; /* of the first page of a thread, where it has less */
        unsigned step;  /* of starts, where it is no count */
    } page;

    struct { /* boards of an index, where no anchor leads to them */
        struct mud_select *node;
        struct mud_picks board;
    } place;

    struct {
        struct mud_select *node;
        struct mud_picks thread, board, title, author, author_id;
        struct mud_picks replies, last;
    } row; /* of a list of threads */

    struct {
        struct mud_select *node, *drop, *alt, *code, *image, *attachment;
        struct mud_select *body, *body_else; /* where there is no body */
        struct mud_select *gallery; /* texts that are image addresses */
        struct mud_select *tail; /* what stands right behind is dropped too */
        struct mud_picks id, author, author_id, time, edited, position;
        struct mud_picks signature, role, reply_to, service;
        /* Where a page holds posts of several threads. */
        struct mud_picks board, thread, thread_title;
        bool nameless; /* posts without ids among those that have one */
        bool nested;   /* posts inside of posts are posts too */
        bool flat;     /* a post goes on behind its node, up to the next */
        unsigned skip; /* first lines of the text that are no body */
        struct mud_texts heads;  /* of one more line, what it begins with */
        struct mud_texts feet;   /* a last line that begins so is no body */
        struct mud_texts tombs;  /* all that is left of a deleted post */
        struct mud_texts masks;  /* a line with one of them is no body */
        struct mud_texts stubs;  /* all of such a body: no post, a link to it */
        struct mud_texts nobody; /* the author of anonymous posts */
        struct mud_conds anonymous, blocked, deleted, login, hidden;
        struct mud_conds notice; /* the body is the engine's text */
    } post;

    struct {
        struct mud_select *node, *drop;
        struct mud_picks author, post;
        struct mud_texts heads; /* how its first or last line says whose it is:
                                    "{name} TEXT", with a date behind */
        struct mud_select *title;     /* before it: a box with "NAME wrote:" */
        struct mud_select *lead;      /* before it: "@AUTHOR said in TITLE:" */
        struct mud_picks lead_author; /* or in another form */
        struct mud_texts plains; /* such a first line of a quotation that is
                                    mere text and ends at an empty line */
    } quote;

    struct { /* signs under a post */
        struct mud_select *node;
        struct mud_picks sign, count;
        struct mud_str name; /* of a sign that is not told */
    } reaction;

    struct {
        struct mud_picks user, name, role, signature;
        struct mud_picks registered, last_seen, posts;
        struct mud_select *field;
        struct mud_picks label, value;
    } profile;

    struct {
        struct mud_str cut;    /* a line that begins so ends the text */
        struct mud_str title;  /* a title of a thread begins behind it */
        struct mud_str anchor; /* in an address, before the id of a post */
    } feed;

    struct { /* sample pages with what must be found in them */
        struct mud_str file, url, golden;
        struct mud_str kind;
    } * samples;

    size_t n_samples;
};

/* MUD_EINPUT names the description and the line or key. */
MUD_MUST bool mud_engine_read(struct mud_engine **out, const char *name,
                              struct mud_str text, struct mud_arena *arena,
                              struct mud_error *err);

/* The descriptions compiled in, NULL-ended; made at the first call. Aborts
 * when one of them is malformed, which a test rules out. */
const struct mud_engine *const *mud_engines(void);

/* By name, or NULL; of several views of one engine, the full one. */
const struct mud_engine *mud_engine_find(struct mud_str name);

/* By the name of its file, without ".engine"; or NULL. */
const struct mud_engine *mud_engine_file(struct mud_str file);

/* The same for one view; the full one when there is none for it. */
const struct mud_engine *mud_engine_view(struct mud_str name,
                                         enum mud_view view);

/* How the description of an engine ("discuz", or a view of it:
 * "discuz/archive") says where to find something: its lines "[SECTION] KEY =
 * ..."; empty when it says nothing. */
struct mud_str mud_engine_says(struct mud_str engine, const char *section,
                               const char *key, struct mud_arena *arena);

/* Records of sample number i, which lies in folder, as they come out now.
 * Samples are read as fetched on 2026-11-22T01:10:00Z. */
MUD_MUST bool mud_engine_sample(struct mud_buf *out,
                                const struct mud_engine *engine, size_t i,
                                const char *folder, struct mud_error *err);

/*
 * Parse every sample of the description and compare with its golden file of
 * records (FILE.ndjson beside it). MUD_EINPUT names the sample and the first
 * line that differs, or says that its kind is another; a named description
 * without samples fails too.
 */
MUD_MUST bool mud_engine_check(const struct mud_engine *engine,
                               const char *folder, struct mud_error *err);

#endif
