/*
 * Logging in to a board, as its engine's description says ([login], format in
 * parse/README.md): where the form stands, what is filled in, and how one sees
 * what became of it. Here is what pages tell; sending is done by run and fetch.
 */
#ifndef MUD_PARSE_LOGIN_H
#define MUD_PARSE_LOGIN_H

#include "base/conf.h"
#include "parse/engine.h"
#include "parse/parse.h"

/* "SELECTOR", "SELECTOR ~ TEXT", or "~ TEXT": anywhere in what was served. */
struct mud_login_mark {
    struct mud_cond cond;     /* its select NULL: the text alone */
    enum mud_login_says says; /* of refusals */
};

/* A field of the form, or a header of its request; {user}, {password}, {md5},
 * {md5-entities}, {token} and {KEY|ELSE} in value are filled in. */
struct mud_login_send {
    struct mud_str name, value;
};

struct mud_login_rules {
    struct mud_texts pages;   /* where the form is, from the board's front; the
                                 first that has one */
    struct mud_texts targets; /* where a form may lead: path and parameters */
    struct mud_str with;      /* "&name=value" put behind the form's address */
    struct mud_str check; /* a page that tells in from out; empty: the front */
    struct mud_select *form;  /* NULL: there is none, only a token */
    struct mud_select *token; /* a node with the token in an attribute */
    struct mud_str token_attr;
    unsigned wait_s; /* between form and answer, as a person would take */
    struct mud_login_send *sends, *headers;
    size_t n_sends, n_headers;
    struct mud_login_mark *ins, *outs, *refusals;
    size_t n_ins, n_outs, n_refusals;
};

/* The [login] part of a description; *out is NULL where there is none. used:
 * a flag an entry of conf, set for those that were read. MUD_EINPUT names file
 * and line. */
MUD_MUST bool mud_login_read(struct mud_login_rules **out,
                             const struct mud_conf *conf, bool *used,
                             struct mud_arena *arena, struct mud_error *err);

struct mud_sight;

/*
 * What the page says of the account that asked for it. text: as served, in
 * UTF-8, for answers that are no page. FORM reads the form as well: hidden
 * fields, where it leads, and whether it asks for a captcha; ANSWER what an answer
 * to it refuses, by all marks.
 */
void mud_login_look(struct mud_page_account *out,
                    const struct mud_login_rules *rules,
                    struct mud_sight *sight, struct mud_str text,
                    enum mud_page_asks asks);

#endif
